"""
Queries about one thing look things up row by row, so that they do not slow down as the graph grows.

The plan is that of the embedded engine, which its command line tells. It depends on the text and
not on the data, so an empty store will do.
"""

from __future__ import annotations

import re
import subprocess

import pyoxigraph as ox
import pytest
from servers import triple_stores

from pkgraph import catalogue

#: A part that is worked out for the whole graph and then joined by a table with these keys.
WHOLE = re.compile(r"\((HashBuild\w+), keys = (\?\w+)")


def about_one_thing():
    """Return the queries that need to be told a thing, by name."""
    return {
        query.name: query
        for query in catalogue.catalogue()
        if any(parameter.required and parameter.kind == "iri" for parameter in query.parameters)
    }


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """Tell the plan of a query."""
    oxigraph = triple_stores.oxigraph_program()
    folder = tmp_path_factory.mktemp("plans")
    ox.Store(str(folder / "store")).flush()

    def plan(text):
        (folder / "query.rq").write_text(text, encoding="utf-8")
        command = [oxigraph, "query", "--location", str(folder / "store"), "--explain"]
        done = subprocess.run(
            [*command, "--query-file", str(folder / "query.rq"), "--results-format", "json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stderr

    return plan


@pytest.mark.parametrize("name", sorted(about_one_thing()))
def test_nothing_is_worked_out_for_the_whole_graph(name, plan):
    """A query about one thing joins nothing by a table."""
    assert WHOLE.findall(plan(about_one_thing()[name].text)) == []
