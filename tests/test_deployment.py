"""A release gets into a triple store whole or not at all, and an attempt that ended goes on."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from servers import triple_stores

from pkgraph import build, deployment
from pkgraph.cli import main
from pkgraph.deployment import Addresses, content
from pkgraph.deployment.deploying import STAGING, staging
from pkgraph.endpoint import client
from pkgraph.errors import StoreError, UsageError
from pkgraph.namespaces import GRAPH
from pkgraph.store import RemoteStore

XSD = "http://www.w3.org/2001/XMLSchema#"
A, B, C = (ox.NamedNode(f"urn:{name}") for name in "abc")
ONE, TWO, THREE = (f"{GRAPH}{name}" for name in ("one", "two", "three"))
OTHERS = "https://example.org/theirs"


def graph(*numbers):
    """Return a graph that says something of each of *numbers*, and has a blank node."""
    blank = ox.BlankNode()
    named = [ox.Triple(A, B, ox.Literal(number)) for number in numbers]
    return [
        *named,
        ox.Triple(A, C, blank),
        ox.Triple(blank, B, ox.Literal("é\n", language="en-GB")),
    ]


OLD = {ONE: graph(1), TWO: graph(2), THREE: graph(3)}
NEW = {ONE: graph(1), TWO: graph(2, 22), f"{GRAPH}four": graph(4)}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Run the Oxigraph server, whose default graph is its own."""
    with triple_stores.oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server.query


@pytest.fixture
def url(running, monkeypatch):
    """Return the address of the server, which serves the old release and a graph of others."""
    monkeypatch.setattr(client, "PAUSE_S", 0.001)
    server = deployment.deploying.Server(Addresses.of(running))
    server.update("DROP ALL")
    server.put(OTHERS, b"<urn:x> <urn:y> <urn:z> .\n")
    deployment.deploy(OLD.items(), Addresses.of(running))
    return running


class Proxy(ThreadingHTTPServer):
    """Passes requests on to a server, but what ``fails`` says of the number of one and itself."""

    daemon_threads = True

    def __init__(self, target):
        super().__init__(("127.0.0.1", 0), Passing)
        self.target = urlsplit(target).netloc
        self.seen, self.fails = [], lambda _number, _request: None
        self.url = f"http://127.0.0.1:{self.server_port}/query"

    def handle_error(self, *_):
        """Say nothing."""


class Passing(BaseHTTPRequestHandler):
    """Passes a request on."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Pass it on, refuse it with a status, change its body, or drop it."""
        self.server.seen.append(f"{self.command} {self.path}")
        what = self.server.fails(len(self.server.seen), self)
        if what == "drop":
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if isinstance(what, int):
            self._send(what, "text/plain", b"no")
            return
        if callable(what):
            body = what(body)
        connection = HTTPConnection(self.server.target)
        headers = {name: self.headers[name] for name in ("Content-Type", "Accept")}
        connection.request(self.command, self.path, body, {k: v for k, v in headers.items() if v})
        answer = connection.getresponse()
        content_ = answer.read()
        connection.close()
        self._send(answer.status, answer.headers["Content-Type"], content_)

    do_PUT = do_POST  # noqa: N815 - the name that the library calls

    def _send(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def proxy(url):
    """Run a proxy before the server."""
    with Proxy(url) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def served(url):
    """Return what each named graph has, and the default graph."""
    store = RemoteStore(url)
    names = [str(row.g) for row in store.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")]
    graphs = {
        name: checksum(store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"))
        for name in names
    }
    return graphs, store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0].n


def checksum(triples):
    """Return the checksum of *triples*."""
    with (found := content.written(triples)).file:
        return found.checksum


def release(graphs):
    """Return what a server serves that has *graphs*, and a graph of others."""
    theirs = [ox.Triple(*(ox.NamedNode(f"urn:{name}") for name in "xyz"))]
    return {name: checksum(each) for name, each in {**graphs, OTHERS: theirs}.items()}


def size(graphs):
    """Return how many statements the union of *graphs* has; each has blank nodes of its own."""
    return sum(len(each) for each in graphs.values())


# --- what is done


def test_a_release_takes_the_place_of_another(url):
    """What differs is sent, what is gone is dropped, the union follows, and others' stays."""
    assert served(url) == (release(OLD), size(OLD))
    told = []
    done = deployment.deploy(NEW.items(), Addresses.of(url), tell=told.append)
    assert served(url) == (release(NEW), size(NEW))
    assert (done.same, done.resumed, done.dropped) == ((ONE,), (), (THREE,))
    assert sorted(done.sent) == [f"{GRAPH}four", TWO]
    assert done.others == (OTHERS,)
    assert f"{TWO} is sent: 4 statements." in told


def test_what_is_there_is_not_sent_again(proxy):
    """A second time nothing is written."""
    done = deployment.deploy(OLD.items(), Addresses.of(proxy.url))
    assert done.same == (ONE, TWO, THREE)
    assert all(seen == "POST /query" for seen in proxy.seen)


def test_a_union_that_is_missing_is_made(url):
    """Where somebody emptied the default graph, the graphs alone are not enough."""
    server = deployment.deploying.Server(Addresses.of(url))
    server.update("DROP DEFAULT")
    deployment.deploy(OLD.items(), Addresses.of(url))
    assert served(url) == (release(OLD), size(OLD))


def test_a_server_that_has_the_union_itself_is_left_to_it(tmp_path):
    """Its own default graph stays empty."""
    options = ("--location", str(tmp_path / "store"), "--union-default-graph")
    with triple_stores.oxigraph(tmp_path, *options) as server:
        deployment.deploy(OLD.items(), Addresses.of(server.query))
        graphs, number = served(server.query)
        assert number == size(OLD)
        assert set(graphs) == set(OLD)
    bare = ox.Store.read_only(str(tmp_path / "store"))
    assert list(bare.quads_for_pattern(None, None, None, ox.DefaultGraph())) == []


def test_a_default_graph_of_others_is_not_written_to(url):
    """It is told what to do instead, before anything is put in place."""
    server = deployment.deploying.Server(Addresses.of(url))
    server.update("INSERT DATA { <urn:their> <urn:own> <urn:words> }")
    with pytest.raises(StoreError, match="has statements that none of these has") as caught:
        deployment.deploy(NEW.items(), Addresses.of(url))
    assert "run the same again to go on" in str(caught.value)
    graphs, number = served(url)
    assert release(OLD).items() <= graphs.items()
    assert number == size(OLD) + 1


# --- what fails


@pytest.mark.parametrize("fault", ["drop", 403, 500, 507])
def test_an_attempt_that_ends_early_leaves_the_old_release_and_goes_on(url, proxy, fault):
    """Wherever it ends, what was served is served; the next attempt sends only what is missing."""
    puts = []

    def fails(_, request):
        if request.command == "PUT" and "trial" not in request.path:
            puts.append(request.path)
            return fault if len(puts) > 1 else None
        return None

    proxy.fails = fails
    with pytest.raises(StoreError, match="is still in place; run the same again to go on"):
        deployment.deploy(NEW.items(), Addresses.of(proxy.url))
    graphs, number = served(url)
    assert {name: each for name, each in graphs.items() if not name.startswith(STAGING)} == (
        release(OLD)
    )
    assert number == size(OLD)
    proxy.fails = lambda *_: None
    done = deployment.deploy(NEW.items(), Addresses.of(proxy.url))
    assert (len(done.resumed), len(done.sent)) == (1, 1)
    assert served(url) == (release(NEW), size(NEW))


def test_what_an_attempt_left_goes_when_another_release_comes(url):
    """What was staged for one release is dropped with the swap of the next."""
    server = deployment.deploying.Server(Addresses.of(url))
    left = staging(ONE, "0" * 64)
    server.put(left, b"<urn:a> <urn:b> <urn:c> .\n")
    done = deployment.deploy(NEW.items(), Addresses.of(url))
    assert left in done.dropped
    assert served(url) == (release(NEW), size(NEW))


@pytest.mark.parametrize("fewer", [True, False])
def test_what_arrives_otherwise_than_it_was_sent_is_not_put_in_place(url, proxy, fewer):
    """A statement that is missing, or another, is told."""

    def spoilt(body):
        return body.partition(b"\n")[2] if fewer else body.replace(b'"4"', b'"5"')

    def fails(_, request):
        return spoilt if request.command == "PUT" and "trial" not in request.path else None

    proxy.fails = fails
    with pytest.raises(StoreError, match=r"of which \d were sent, or others \(missing: ") as caught:
        deployment.deploy({f"{GRAPH}four": NEW[f"{GRAPH}four"]}.items(), Addresses.of(proxy.url))
    assert ("too many" in str(caught.value)) is not fewer
    assert release(OLD).items() <= served(url)[0].items()


def test_what_is_lost_while_it_is_put_in_place_is_told(url, proxy):
    """A store that says that all is in place and lost a statement is not believed."""
    lost = f" ; DELETE DATA {{ GRAPH <{TWO}> {{ {A} {B} 22 }} }}".encode()

    def losing(body):
        return body + lost if b"staging" in body else body

    proxy.fails = lambda _, request: losing if request.path.endswith("/update") else None
    with pytest.raises(StoreError, match=r"has 3 statements of the graph \S+two, which has 4; run"):
        deployment.deploy(NEW.items(), Addresses.of(proxy.url))
    proxy.fails = lambda *_: None
    assert deployment.deploy(NEW.items(), Addresses.of(proxy.url)).sent == (TWO,)
    assert served(url) == (release(NEW), size(NEW))


@pytest.mark.parametrize(
    ("status", "told"), [(401, "it wants to know who asks"), (405, "takes no such request")]
)
def test_a_server_that_is_only_read_is_told_before_anything_is_sent(url, proxy, status, told):
    """One small request shows it."""
    proxy.fails = lambda _, request: status if request.command == "PUT" else None
    with pytest.raises(StoreError, match=told):
        deployment.deploy(NEW.items(), Addresses.of(proxy.url))
    assert len([seen for seen in proxy.seen if seen.startswith("PUT")]) == 1
    assert served(url)[0] == release(OLD)


def test_an_update_that_fails_is_told_as_one_and_is_not_repeated(url, proxy):
    """Whether the swap was done is for the next attempt to see."""

    def fails(_, request):
        updates = [seen for seen in proxy.seen if seen.endswith("/update")]
        return "drop" if request.path == "/update" and len(updates) > 1 else None

    proxy.fails = fails
    with pytest.raises(StoreError, match="has not said that the new release is in place"):
        deployment.deploy(NEW.items(), Addresses.of(proxy.url))
    assert len([seen for seen in proxy.seen if seen.endswith("/update")]) == 2
    assert served(url)[1] == size(OLD)
    proxy.fails = lambda *_: None
    done = deployment.deploy(NEW.items(), Addresses.of(proxy.url))
    assert len(done.resumed) == 2
    assert served(url) == (release(NEW), size(NEW))


@pytest.mark.parametrize("path", ["/update", "/store"])
def test_addresses_of_two_datasets_are_told(url, tmp_path, path):
    """What is written to one is not found in the other."""
    with triple_stores.oxigraph(tmp_path) as other:
        apart = {path: other.query.replace("/query", path)}
        addresses = Addresses.of(url, apart.get("/update"), apart.get("/store"))
        with pytest.raises(StoreError, match="have to be of one dataset"):
            deployment.deploy(NEW.items(), addresses)


@pytest.mark.parametrize("name", ["file:///home/ann/a.ttl", OTHERS, STAGING + "x"])
def test_only_graphs_of_pkgraph_are_deployed(url, name):
    """Another name could be somebody else's."""
    with pytest.raises(UsageError, match="is not one of pkgraph"):
        deployment.deploy([(name, graph(1))], Addresses.of(url))
    assert served(url)[0] == release(OLD)


# --- addresses and contents


@pytest.mark.parametrize(
    ("query", "update", "graph_store"),
    [
        ("http://h:1/query", "http://h:1/update", "http://h:1/store"),
        ("http://h/ds/sparql", "http://h/ds/update", "http://h/ds/data"),
        ("http://h/ds/query?a=b", "http://h/ds/update", "http://h/ds/data"),
        ("http://h/sparql", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        (
            "http://h/rdf4j-server/repositories/x",
            "http://h/rdf4j-server/repositories/x/statements",
            "http://h/rdf4j-server/repositories/x/rdf-graphs/service",
        ),
    ],
)
def test_addresses_follow_from_that_for_queries(query, update, graph_store):
    """For each kind of server that is known; what is given is taken."""
    assert Addresses.of(query) == Addresses(query, update, graph_store)
    assert Addresses.of(query, "http://u/").update == "http://u/"


@pytest.mark.parametrize(
    ("url", "told"),
    [("http://h/odd", "does not follow"), ("http://a:hush@h/query", "has a user or password")],
)
def test_an_address_that_is_not_known_is_wrong_use(capsys, url, told):
    """The command says what to give, and no secret."""
    assert main(["deploy", url]) == 2
    text = capsys.readouterr().err
    assert told in text
    assert "hush" not in text


def test_what_stores_write_otherwise_is_the_same():
    """Numbers, dates, truths and languages are compared by what they stand for."""

    def of(*pairs):
        return content.written(ox.Triple(A, B, ox.Literal(text, **more)) for text, more in pairs)

    def typed(name):
        return {"datatype": ox.NamedNode(XSD + name)}

    one = of(
        ("01", typed("integer")),
        ("2000-01-01T00:00:00+00:00", typed("dateTime")),
        ("1", typed("boolean")),
        ("a", {"language": "en-GB"}),
        ("1.50", typed("decimal")),
    )
    other = of(
        ("1.5", typed("decimal")),
        ("a", {"language": "en-gb"}),
        ("true", typed("boolean")),
        ("2000-01-01T00:00:00Z", typed("dateTime")),
        ("1", typed("integer")),
        ("1", typed("nonNegativeInteger")),
    )
    with one.file, other.file:
        assert one.same(other)
        assert one.count == 5


def test_a_graph_is_sorted_in_pieces(monkeypatch):
    """Pieces make no difference, in whatever order statements come, nor do some that come twice."""
    triples = [ox.Triple(A, B, ox.Literal(number)) for number in range(50)]
    whole = checksum(triples)
    monkeypatch.setattr(content, "_PIECE", 7)
    assert checksum([*reversed(triples), *triples]) == whole
    assert checksum(triples[:-1]) != whole


def test_the_command_deploys_files(url, tmp_path, capsys):
    """Data in N-Quads with names of pkgraph, and what follows from them, are served."""
    (tmp_path / "a.nq").write_text(f"<urn:a> <urn:b> <urn:c> <{GRAPH}made/a> .\n")
    assert main(["deploy", url, "--data", str(tmp_path / "a.nq")]) == 0
    assert f"Graphs of others were not touched: {OTHERS}" in capsys.readouterr().err
    assert RemoteStore(url).query("ASK { <urn:a> <urn:b> <urn:c> }") is True
    store = build.load([tmp_path / "a.nq"])
    named = {name: checksum(triples) for name, triples in deployment.graphs_of(store)}
    assert named.items() <= served(url)[0].items()
