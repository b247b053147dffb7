"""What several modules of tests share."""

from __future__ import annotations

import fcntl
import os

import pytest

from pkgraph import open_graph, publication, reasoning
from pkgraph.errors import JavaNotFoundError


def pytest_collection_modifyitems(items):
    """Skip what needs Java on a machine that has none; in CI that is a failure."""
    try:
        reasoning.find_java()
    except JavaNotFoundError as error:
        if os.environ.get("CI", "") != "true":
            for item in items:
                if item.get_closest_marker("java"):
                    item.add_marker(pytest.mark.skip(reason=str(error)))


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory):
    """Keep the stores that tests build out of the user's cache, in processes as well."""
    before = os.environ.get("XDG_CACHE_HOME")
    folder = tmp_path_factory.mktemp("cache")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session")
def graph():
    """Return the graph that comes with pkgraph, opened once."""
    return open_graph()


@pytest.fixture(scope="session")
def published(tmp_path_factory, graph):
    """Return the folder with the shipped graph published as files: once for all processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "published"
    with (shared / "published.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            publication.publish(graph, folder)
    return folder
