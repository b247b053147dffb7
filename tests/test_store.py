"""Every store answers alike: the embedded one, and an endpoint over HTTP."""

from __future__ import annotations

import endpoint_server
import pyoxigraph as ox
import pytest

from pkgraph import build
from pkgraph.errors import QuerySyntaxError, StoreError
from pkgraph.store import OxigraphStore, RemoteStore, embedded, unite

A, B, C = (ox.NamedNode(f"https://example.org/{name}") for name in "abc")
G1, G2 = (ox.NamedNode(f"https://example.org/g{number}") for number in (1, 2))
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def running():
    """Run an endpoint."""
    with endpoint_server.running() as server:
        yield server


@pytest.fixture
def server(running):
    """Return the endpoint, over two graphs that make the same statement."""
    running.forget()
    running.store = twice_told()
    return running


def twice_told():
    """Return a store in which two graphs make the same statement, and one of them another."""
    store = ox.Store()
    store.add(ox.Quad(A, B, C, G1))
    store.add(ox.Quad(A, B, C, G2))
    store.add(ox.Quad(B, B, C, G2))
    unite(store)
    return OxigraphStore(store)


@pytest.fixture(params=["embedded", "remote"])
def store(request, server):
    """Return each adapter in turn, over the same statements."""
    return twice_told() if request.param == "embedded" else RemoteStore(server.url)


# --- all stores


def test_the_default_graph_is_the_union_as_a_set(store):
    """A statement that two graphs make counts once."""
    assert [row.n for row in store.query(COUNT)] == [2]
    assert [row.n for row in store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")] == [
        3
    ]
    assert len(store.query(f"SELECT ?s {{ ?s {B} {C} }}")) == 2


@pytest.mark.parametrize(("graphs", "count"), [([G1], 1), ([G2], 2), ([G1, G2], 2), ([], 0)])
def test_a_narrowed_store_has_the_union_of_its_graphs_as_a_set(store, graphs, count):
    """Only the graphs that are wanted are asked, and what two of them say counts once."""
    narrowed = build.narrowed(store, [graph.value for graph in graphs])
    assert [row.n for row in narrowed.query(COUNT)] == [count]
    answer = narrowed.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    assert [row.g for row in answer] == [graph.value for graph in graphs]


def test_each_form_of_query_has_its_answer(store):
    """SELECT gives a table, ASK a bool, CONSTRUCT and DESCRIBE triples, each once."""
    table = store.query(f"SELECT ?s ?x {{ ?s {B} {C} }} ORDER BY ?s")
    assert (table.columns, table.terms) == (("s", "x"), ((A, None), (B, None)))
    assert store.query(f"ASK {{ {A} {B} {C} }}") is True
    assert store.query(f"ASK {{ {C} {B} {A} }}") is False
    triple = ox.Triple(A, B, C)
    assert store.query(f"CONSTRUCT {{ {A} {B} {C} }} WHERE {{ ?s ?p ?o }}") == (triple,)
    assert store.query(f"DESCRIBE {A}") == (triple,)
    assert store.query("SELECT ?s { ?s <urn:none> ?o }").terms == ()


def test_what_narrows_is_not_taken_from_something_else(server):
    """An endpoint that answers CONSTRUCT with a table is told so."""

    class Odd:
        name = "odd"

        def query(self, _):
            return True

    with pytest.raises(StoreError, match="odd answered a CONSTRUCT with something else"):
        build.narrowed(Odd(), ["urn:g"])
    assert server.requests == []


# --- the embedded store


def test_uniting_again_forgets_what_no_graph_says_any_more():
    """The union follows the named graphs."""
    engine = twice_told().engine
    engine.remove(ox.Quad(B, B, C, G2))
    unite(engine)
    assert {
        quad.subject for quad in engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
    } == {A}


def test_broken_sparql_has_its_place():
    """The engine's syntax error is ours, with line and column."""
    with pytest.raises(QuerySyntaxError, match="line 2, column") as caught:
        twice_told().query("SELECT *\n{ ?s }")
    assert caught.value.line == 2


def test_what_the_engine_cannot_do_is_an_error_of_the_store():
    """An error while rows are read names the store."""
    with pytest.raises(StoreError, match=r"the store in memory cannot answer: .*custom function"):
        twice_told().query("SELECT (<urn:f>(1) AS ?x) {}")


def test_a_store_on_disk_is_read_only(tmp_path):
    """A folder is opened by several at once, and none can write to it."""
    written = ox.Store(str(tmp_path / "store"))
    written.add(ox.Quad(A, B, C))
    written.flush()
    del written
    stores = [OxigraphStore.open(tmp_path / "store") for _ in range(2)]
    assert [len(store.query("SELECT * { ?s ?p ?o }")) for store in stores] == [1, 1]
    assert stores[0].name == str(tmp_path / "store")
    with pytest.raises(RuntimeError, match="read-write"):
        stores[0].engine.add(ox.Quad(B, B, C))


@pytest.mark.parametrize("content", [None, {}, {"CURRENT": "nonsense", "x.sst": "nonsense"}])
def test_a_folder_that_is_no_store_is_refused(tmp_path, content):
    """A missing, empty or spoilt folder is named."""
    folder = tmp_path / "store"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text)
    with pytest.raises(StoreError, match=f"the store in {folder} cannot be opened"):
        OxigraphStore.open(folder)


def test_a_file_that_goes_while_a_store_is_opened_is_waited_for(monkeypatch, tmp_path):
    """Another process that writes may replace a file just then; a missing store is told at once."""
    real, failed = ox.Store.read_only, []

    class Fleeting:
        @staticmethod
        def read_only(path):
            if len(failed) < 2:
                failed.append(path)
                raise RuntimeError("Corruption: IO error: No such file or directory: 000009.sst")
            return real(path)

    made = ox.Store(str(tmp_path / "store"))
    made.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")))
    made.flush()
    del made
    monkeypatch.setattr(embedded.ox, "Store", Fleeting)
    monkeypatch.setattr(embedded, "_PAUSE_S", 0)
    assert len(OxigraphStore.open(tmp_path / "store").engine) == 1
    assert len(failed) == 2
    failed.clear()
    with pytest.raises(StoreError, match="cannot be opened"):
        OxigraphStore.open(tmp_path / "none")
