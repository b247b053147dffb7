"""What several modules of tests share."""

from __future__ import annotations

import fcntl
import gc
import os
from pathlib import Path

import hypothesis
import pytest

from pkgraph import open_graph, publication, reasoning
from pkgraph.errors import JavaNotFoundError

# How long a case takes is told in benchmarks/; a busy machine is no fault of what is tested.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_collection_modifyitems(items):
    """
    Begin with what takes long, so that at the end no process works on alone; see to Java.

    What needs Java is skipped on a machine that has none; in CI that is a failure.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    try:
        reasoning.find_java()
    except JavaNotFoundError as error:
        if os.environ.get("CI", "") != "true":
            for item in items:
                if item.get_closest_marker("java"):
                    item.add_marker(pytest.mark.skip(reason=str(error)))


def pytest_collection_finish():
    """
    Let the collector of garbage pass by what stays to the end: modules, and ten thousand tests.

    Tests that read a store which this process wrote collect garbage first, each for a second.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory):
    """Keep the stores that tests build out of the user's cache, in processes as well."""
    before = os.environ.get("XDG_CACHE_HOME")
    # Tests that run tests (test_guards.py) have a store built for all of them.
    folder = Path(os.environ.get("PKGRAPH_TESTS_CACHE") or tmp_path_factory.mktemp("cache"))
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
