"""Every store answers alike: the embedded one, and an endpoint over HTTP."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from pkgraph import build, serialization
from pkgraph.errors import QuerySyntaxError, StoreError, UsageError
from pkgraph.store import OxigraphStore, RemoteStore, embedded, remote, unite

A, B, C = (ox.NamedNode(f"https://example.org/{name}") for name in "abc")
G1, G2 = (ox.NamedNode(f"https://example.org/g{number}") for number in (1, 2))
ROWS = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


class Server(ThreadingHTTPServer):
    """A SPARQL endpoint: it gives ``canned`` answers, or asks ``store`` if there is none."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.canned = []
        self.requests = []
        self.store = None
        self.url = f"http://127.0.0.1:{self.server_port}/sparql"

    def answers(self, body="", status=200, length=None):
        """Give this answer to the next request, as if it were so long."""
        self.canned.append((status, body.encode(), length))


class Handler(BaseHTTPRequestHandler):
    """Answers POST requests."""

    def do_POST(self):
        """Answer a query."""
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.requests.append((self.path, self.headers["Accept"], body))
        if self.server.canned:
            status, content, length = self.server.canned.pop(0)
        else:
            answer = self.server.store.query(body["query"][0])
            name = "ttl" if isinstance(answer, tuple) else "json"
            status, content, length = 200, serialization.write(answer, name).encode(), None
        if status == 0:
            self.wfile.write(content)
            return
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def running():
    """Run the endpoint in a thread."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(running):
    """Return the endpoint, which knows nothing of the test before."""
    running.canned.clear()
    running.requests.clear()
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


# --- the endpoint


def test_a_query_is_sent_as_the_protocol_has_it(server):
    """The text goes as it is, with the format that is wanted, to the address as it is."""
    server.answers(ROWS)
    text = "# é add\nSELECT ?s { ?s ?p 'a&b=c+d' }"
    RemoteStore(server.url + "?key=1").query(text)
    ((path, accept, body),) = server.requests
    assert path == "/sparql?key=1"
    assert accept.startswith("application/sparql-results+json")
    assert body["query"] == [text]
    assert "update" not in body


@pytest.mark.parametrize(
    "text",
    [
        "#+ summary: what they add\n#+ load and ask\n#+ drop\nSELECT ?s { ?s ?p ?o }",
        "PREFIX ask: <urn:ask>\nPREFIX add: <urn:add>\nSELECT ?s { ?s ?p ?o }",
    ],
)
def test_no_query_is_taken_for_another_form(server, text):
    """Words in remarks and prefixes do not make a query an update or an ASK."""
    server.answers(ROWS)
    assert [row.s for row in RemoteStore(server.url).query(text)] == ["urn:a"]
    assert server.requests[0][2]["query"] == [text]


@pytest.mark.parametrize("text", ["INSERT DATA { <urn:a> <urn:b> 1 }", "", "nonsense"])
def test_nothing_but_a_query_is_sent(server, text):
    """An update never leaves the machine."""
    with pytest.raises(QuerySyntaxError, match="this is not a query"):
        RemoteStore(server.url).query(text)
    assert server.requests == []


def test_canned_answers_are_read(server):
    """Rows, yes and no, and triples come as those of any store."""
    store = RemoteStore(server.url)
    server.answers(ROWS)
    assert store.query("SELECT ?s {}").terms == ((ox.NamedNode("urn:a"),),)
    server.answers('{"head":{},"boolean":true}')
    assert store.query("ASK {}") is True
    server.answers("<urn:a> <urn:b> <urn:c> , <urn:c> . <urn:a> <urn:b> [] .")
    triples = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert [type(triple.object) for triple in triples] == [ox.NamedNode, ox.BlankNode]
    assert "text/turtle" in server.requests[-1][1]


def test_a_query_that_the_server_cannot_read_is_wrong_use(server):
    """Status 400 is a syntax error with what the server says of it, on a short line."""
    server.answers("expected\n  a brace " + "x" * 1000, status=400)
    with pytest.raises(
        QuerySyntaxError, match=f"{server.url} cannot read the query: .*a brace"
    ) as caught:
        RemoteStore(server.url).query("SELECT")
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("status", [401, 403, 404, 414, 429, 500, 503])
def test_a_server_that_does_not_answer_is_an_error_of_the_store(server, status):
    """Any other status is told with the address."""
    server.answers("no", status=status)
    with pytest.raises(StoreError, match=server.url):
        RemoteStore(server.url).query("ASK {}")


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("SELECT * {}", ROWS[:-20]),
        ("SELECT * {}", ROWS.partition('"s":{"type"')[0]),
        ("SELECT * {}", ""),
        ("SELECT * {}", "<html>Please log in</html>"),
        ("SELECT * {}", '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"odd"}}]}}'),
        ("ASK {}", json.dumps({"head": {}, "boolean": "maybe"})),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "<urn:a> <urn:b> <urn:c"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "<html>Please log in</html>"),
    ],
)
def test_an_answer_that_breaks_off_is_no_shorter_answer(server, query, body):
    """What is cut short, or something else, is an error and not fewer rows."""
    server.answers(body)
    with pytest.raises(StoreError, match="broke off or is not what was asked for"):
        RemoteStore(server.url).query(query)


def test_a_connection_that_breaks_off_is_an_error_of_the_store(server):
    """Fewer bytes than were announced, or no HTTP at all, are told as such."""
    server.answers(ROWS, length=10_000)
    with pytest.raises(StoreError, match="cannot be reached, or broke off"):
        RemoteStore(server.url).query("SELECT * {}")
    server.answers("nonsense\r\n", status=0)
    with pytest.raises(StoreError, match="cannot be reached, or broke off"):
        RemoteStore(server.url).query("SELECT * {}")


def test_a_server_that_is_down_is_named():
    """A refused connection is told with the address and what to look at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(StoreError, match=f"{address} cannot be reached.*is the server running"):
            RemoteStore(address).query("ASK {}")


def test_a_server_that_is_silent_is_given_up(monkeypatch):
    """No answer within the time limit is an error."""
    monkeypatch.setattr(remote, "TIMEOUT_S", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(StoreError, match="timed out"):
            RemoteStore(f"http://127.0.0.1:{silent.getsockname()[1]}/").query("ASK {}")


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://127.0.0.1:port/", "http://é.invalid:1x/"]
)
def test_an_address_that_leads_nowhere_is_an_error_of_the_store(address):
    """What no connection can be made to is told, not thrown."""
    with pytest.raises(StoreError, match="cannot be reached"):
        RemoteStore(address).query("ASK {}")


@pytest.mark.parametrize(
    "address",
    ["", "example.org/sparql", "file:///etc/passwd", "http://", "http://a b/", "ftp://a/"],
)
def test_an_endpoint_is_an_address_of_the_web(address):
    """Anything else is wrong use, with an example of what is right."""
    with pytest.raises(UsageError, match=r"as https://example.org/sparql"):
        RemoteStore(address)


def test_asking_changes_nothing_for_the_process(server, monkeypatch):
    """No opener is installed for other users of urllib."""
    monkeypatch.setattr(urllib.request, "_opener", None)
    server.answers("no", status=401)
    with pytest.raises(StoreError):
        RemoteStore(server.url).query("ASK {}")
    first = urllib.request._opener
    server.answers('{"head":{},"boolean":true}')
    assert RemoteStore(server.url).query("ASK {}") is True
    assert urllib.request._opener is first
    assert {type(handler).__module__ for handler in first.handlers} == {"urllib.request"}


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
