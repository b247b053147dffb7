"""What several modules of tests share."""

from __future__ import annotations

import os

import pytest

from pkgraph import open_graph


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
