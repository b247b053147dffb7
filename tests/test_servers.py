"""The catalogue on triple stores of others: each answers as the store in this process does."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

import pyoxigraph as ox
import pytest
from servers import asking, triple_stores
from starlette.testclient import TestClient

from pkgraph import deployment, export, web
from pkgraph.errors import StoreError
from pkgraph.graph import Graph
from pkgraph.namespaces import GRAPH
from pkgraph.store import RemoteStore

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.long]

#: Whose default graph has a statement of two graphs twice: all graphs, one after the other.
TWICE_IN: Final = frozenset({"rdf4j", "virtuoso"})
#: Which names blank nodes in a way that its own answers may not have.
WITHOUT_EXPORT: Final = frozenset({"virtuoso"})
#: Pages that are the same whatever store they are read from.
PAGES: Final = (
    "/",
    "/claim/bellamy-2004-1-took-sides",
    "/operation/onuc",
    "/passage/bellamy-2004-1-1-p4",
    "/proposition/democracies-do-not-fight",
    "/state/ireland",
    "/timeline",
    "/search?q=peace",
    "/queries/disagreements",
    "/queries/attacks-on/target?text=peace",
)
#: How many statements a graph has that takes the place of another.
LARGE: Final = 30_000
#: A statement that two graphs make.
TWICE = ox.Triple(
    ox.NamedNode("https://w3id.org/pkgraph/claim/made-up"),
    ox.NamedNode("https://w3id.org/pkgraph/ontology#about"),
    ox.NamedNode("https://w3id.org/pkgraph/concept/made-up"),
)


@pytest.fixture(scope="module")
def wanted():
    """Return the store in this process."""
    return asking.embedded()


@pytest.fixture(params=sorted(triple_stores.SERVERS))
def server(request, tmp_path, wanted):
    """Return a server of each kind, loaded, and what it is called."""
    with ExitStack() as until_end:
        started = until_end.enter_context(triple_stores.SERVERS[request.param](tmp_path))
        asking.load(started, deployment.graphs_of(wanted))
        yield request.param, started


def test_a_server_answers_the_whole_catalogue_as_the_embedded_store_does(server, wanted):
    """Values, types and order are equal, a statement of two graphs is one, and things are found."""
    name, started = server
    store = RemoteStore(started.query)
    found = asking.differences(wanted, store)
    told = "\n".join(f"{text}: {difference}" for text, difference in found.items())
    assert not found, f"{name}:\n{told}"
    _what_is_asked_by_programs_is_equal(name, wanted, store)
    _pages_are_equal(wanted, store)
    assert times_seen(started, store, wanted) == (2 if name in TWICE_IN else 1)
    _a_large_graph_takes_the_place_of_another(started, store)


def times_seen(started, store, wanted):
    """Return how often a server has a statement that two graphs make in its default graph."""
    twice = [(f"{GRAPH}twice-{number}", [TWICE]) for number in (1, 2)]
    asking.load(started, [*deployment.graphs_of(wanted), *twice])
    return len(store.query(f"SELECT ?p WHERE {{ {TWICE.subject} ?p ?o }}").terms)


def _a_large_graph_takes_the_place_of_another(started, store):
    """Nothing of it is lost, which Jena does where MOVE has a graph to put others in place of."""
    for text in ("before", "after"):
        numbers = (ox.Literal(f"{text} {number}") for number in range(LARGE))
        triples = [ox.Triple(TWICE.subject, TWICE.predicate, number) for number in numbers]
        asking.load(started, [(f"{GRAPH}large", triples)])
    rows = store.query(f"SELECT ?o WHERE {{ GRAPH <{GRAPH}large> {{ ?s ?p ?o }} }}").terms
    assert {row[0] for row in rows} == {triple.object for triple in triples}


def _what_is_asked_by_programs_is_equal(name, wanted, store):
    """Names are resolved, things found, works cited and all written out as from this process."""
    ours, theirs = (Graph(each, "made-up") for each in (wanted, store))
    assert ours.find("traditional peacekeeping") == theirs.find("traditional peacekeeping")
    rows = [graph.query("attacks-on", target="case-by-case approach") for graph in (ours, theirs)]
    assert rows[0].terms == rows[1].terms != ()
    assert rows[0].bibtex() == rows[1].bibtex()
    if name in WITHOUT_EXPORT:
        with pytest.raises(StoreError, match="blank node"):
            export.export(store, "nq")
    else:
        assert export.export(store, "nq") == export.export(wanted, "nq")


def _pages_are_equal(wanted, store):
    """A page tells the same of a server as of this process."""
    with ExitStack() as until_end:
        ours, theirs = (
            until_end.enter_context(
                TestClient(web.app(Graph(each, "made-up")), headers={"Accept": "text/html"})
            )
            for each in (wanted, store)
        )
        for page in PAGES:
            expected, found = ours.get(page), theirs.get(page)
            assert (found.status_code, found.text) == (200, expected.text), page
