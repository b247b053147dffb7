"""An endpoint elsewhere, well-behaved or not: what is sent to it, and what is told of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import threading
import time
import urllib.request

import endpoint_server
import pyoxigraph as ox
import pytest
import trustme
from endpoint_server import JSON, ROWS, YES

import pkgraph
from pkgraph import open_graph
from pkgraph.cli import main
from pkgraph.endpoint import client, connections
from pkgraph.endpoint.credentials import Credentials
from pkgraph.errors import QuerySyntaxError, StoreError, UsageError
from pkgraph.store import RemoteStore, remote

ANN = Credentials("ann", "sécret")
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def running():
    """Run an endpoint."""
    with endpoint_server.running() as server:
        yield server


@pytest.fixture
def server(running, monkeypatch):
    """Return the endpoint, which nobody is kept waiting for."""
    monkeypatch.setattr(client, "PAUSE_S", 0.001)
    running.forget()
    return running


def ask(server, credentials=None):
    """Ask *server* whether there is anything."""
    return RemoteStore(server.url, credentials).query("ASK {}")


# --- what is sent


def test_a_query_is_sent_as_the_protocol_has_it(server):
    """The text goes as it is, with the format that is wanted, to the address as it is."""
    server.answers(ROWS)
    text = "# é add\nSELECT ?s { ?s ?p 'a&b=c+d' }"
    RemoteStore(server.url + "?key=1").query(text)
    ((path, headers, body),) = server.requests
    assert path == "/sparql?key=1"
    assert headers["Accept"].startswith(JSON)
    assert body == {"query": [text]}


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


def test_a_connection_is_kept_for_the_next_query(server):
    """Queries one after the other share a connection."""
    store = RemoteStore(server.url)
    for _ in range(3):
        server.answers(YES)
        assert store.query("ASK {}") is True
    assert len(server.connections) == 1


def test_a_connection_that_the_server_has_closed_is_made_again(server):
    """A kept connection that is gone by now is no failure."""
    store = RemoteStore(server.url)
    server.answers(YES, Connection="close")
    server.answers(YES)
    assert [store.query("ASK {}"), store.query("ASK {}")] == [True, True]
    assert len(server.connections) == 2


# --- what is read


def test_canned_answers_are_read(server):
    """Rows, yes and no, and triples come as those of any store."""
    store = RemoteStore(server.url)
    server.answers(ROWS, kind="application/json; charset=utf-8")
    assert store.query("SELECT ?s {}").terms == ((ox.NamedNode("urn:a"),),)
    server.answers(YES)
    assert store.query("ASK {}") is True
    for kind in ("text/turtle", "application/n-triples"):
        server.answers("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> _:x .\n", kind=kind)
        triples = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
        assert [type(triple.object) for triple in triples] == [ox.NamedNode, ox.BlankNode]
    assert "text/turtle" in server.requests[-1][1]["Accept"]


def test_a_truth_has_one_form(server):
    """What Virtuoso writes as a number is the word that it stands for; numbers stay numbers."""
    store = RemoteStore(server.url)
    cell = {"type": "literal", "value": "1", "datatype": f"{XSD}boolean"}
    row = {"a": cell, "b": cell | {"value": "0"}, "c": cell | {"datatype": f"{XSD}integer"}}
    head = {"vars": ["a", "b", "c"]}
    server.answers(json.dumps({"head": head, "results": {"bindings": [row]}}))
    (terms,) = store.query("SELECT * {}").terms
    assert [term.value for term in terms] == ["true", "false", "1"]
    server.answers(f'<urn:a> <urn:b> "1"^^<{XSD}boolean> .', kind="text/turtle")
    assert store.query("CONSTRUCT WHERE { ?s ?p ?o }")[0].object.value == "true"


def test_a_truth_that_is_sent_as_a_table_is_one(server):
    """Virtuoso answers ASK with a column of its own, and a row if it is so."""
    cell = {"type": "typed-literal", "value": "1"}
    for kind in ("boolean", "integer"):
        for rows in ([{"__ASK_RETVAL": cell | {"datatype": XSD + kind}}], []):
            table = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": rows}}
            server.answers(json.dumps(table))
            assert ask(server) is bool(rows)


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("SELECT * {}", ROWS[:-20]),
        ("SELECT * {}", ROWS.partition('"s":{"type"')[0]),
        ("SELECT * {}", ""),
        ("SELECT * {}", ROWS + "\nVirtuoso S1T00 Error SR171: Transaction timed out"),
        ("SELECT * {}", '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"odd"}}]}}'),
        ("ASK {}", json.dumps({"head": {}, "boolean": "maybe"})),
        ("ASK {}", ROWS),
        ("SELECT * {}", YES),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "<urn:a> <urn:b> <urn:c"),
    ],
)
def test_an_answer_that_breaks_off_is_no_shorter_answer(server, query, body):
    """What is cut short, or something else, is an error and not fewer rows."""
    server.answers(body, kind="text/turtle" if "CONSTRUCT" in query else JSON)
    with pytest.raises(StoreError, match="broke off or is not what was asked for"):
        RemoteStore(server.url).query(query)


def test_a_connection_that_breaks_off_is_an_error_of_the_store(server):
    """Fewer bytes than were announced, or no HTTP at all, are told as such."""
    for body in (ROWS, ROWS[:-20]):
        server.answers(body, length=10_000)
        with pytest.raises(StoreError, match="broke off in the middle"):
            RemoteStore(server.url).query("SELECT * {}")
    for _ in range(client.TRIES):
        server.answers("nonsense\r\n", status=0)
    with pytest.raises(StoreError, match="cannot be reached, or broke off"):
        RemoteStore(server.url).query("SELECT * {}")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("text/html", "a page for people; it may want you to log in"),
        ("application/sparql-results+xml", r"sparql-results\+xml, not application/sparql-results"),
        (None, "something without a media type"),
    ],
)
def test_what_is_of_another_media_type_is_not_read(server, kind, told):
    """A page with status 200 is told as a page, though its body could be read."""
    server.answers(YES, kind=kind)
    with pytest.raises(StoreError, match=f"{server.url} answers with .*{told}"):
        ask(server)


def test_an_answer_without_end_is_not_read_to_its_end(server, monkeypatch):
    """There is a most that is read."""
    monkeypatch.setattr(remote, "MOST_BYTES", 1 << 20)
    server.answers('{"head":{"vars":["s"]},"results":{"bindings":[' + " " * (2 << 20))
    with pytest.raises(StoreError, match="longer than 1 MiB, which is the most that is read"):
        RemoteStore(server.url).query("SELECT * {}")


# --- what is refused


def test_a_query_that_the_server_cannot_read_is_wrong_use(server):
    """Status 400 is a syntax error with what the server says of it, on a short line."""
    server.answers("expected\n  a brace " + "x" * 1000, status=400, kind="text/plain")
    with pytest.raises(
        QuerySyntaxError, match=f"{server.url} cannot read the query: expected a brace"
    ) as caught:
        RemoteStore(server.url).query("SELECT")
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "it wants to know who asks; set PKGRAPH_USER"),
        (403, "it does not let you do this"),
        (404, "there is nothing at this address"),
        (414, "shorten the query"),
        (418, "it does not do what was asked; it says: no"),
        (500, "the server failed"),
    ],
)
def test_a_server_that_does_not_answer_is_an_error_of_the_store(server, status, told):
    """A status is told with the address and what it means, and the query is not sent again."""
    server.answers("no", status=status, kind="text/plain")
    with pytest.raises(StoreError, match=f"{server.url} answers with status {status}: .*{told}"):
        ask(server)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_waited_for(server, status):
    """A server that has too much to do is asked again, and then answers or is given up."""
    for _ in range(client.TRIES - 1):
        server.answers("<html>", status=status, kind="text/html")
    server.answers(YES)
    assert ask(server) is True
    for _ in range(client.TRIES):
        server.answers("<html>", status=status, kind="text/html")
    with pytest.raises(StoreError, match=f"status {status}: .*later$"):
        ask(server)
    assert len(server.requests) == 2 * client.TRIES


def test_a_server_says_when_to_come_again(server, monkeypatch):
    """Retry-After is waited for if it is short, be it a number or a date; else it is told."""
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    for wait in ("7", "Thu, 01 Jan 1970 00:00:00 GMT", "soon"):
        server.answers("", status=429, Retry_After=wait)
        server.answers(YES)
        assert ask(server) is True
    assert slept[0] >= 7
    assert max(slept[1:]) < 1
    server.answers("", status=429, Retry_After="3600")
    with pytest.raises(StoreError, match=r"\(after 3600 s\)"):
        ask(server)
    assert len(slept) == 3


def test_a_server_that_is_down_is_named():
    """A refused connection is told with the address and what to look at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(StoreError, match=f"{address} cannot be reached.*is the server running"):
            RemoteStore(address).query("ASK {}")


def test_a_server_that_is_silent_is_given_up(monkeypatch):
    """No answer within the time limit is an error."""
    monkeypatch.setattr(remote, "TIMEOUT_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(StoreError, match=r"too slow: nothing came or went for 0.2 s"):
            RemoteStore(f"http://127.0.0.1:{silent.getsockname()[1]}/").query("ASK {}")


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_ended(server, monkeypatch, part):
    """A byte now and then, which is never silent for long, ends when all the time is up."""
    monkeypatch.setattr(remote, "TOTAL_S", 0.3)
    if part == "body":
        server.answers(YES + " " * 1000, drips_s=0.05)
        with pytest.raises(StoreError, match=r"in the middle of .*: it did not end in the 0.3 s"):
            ask(server)
        return
    with socket.socket() as dripping:
        dripping.bind(("127.0.0.1", 0))
        dripping.listen()

        def drip():
            connection, _ = dripping.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100:
                    time.sleep(0.05)
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(StoreError, match=r"too slow: it did not end in the 0.3 s"):
            RemoteStore(f"http://127.0.0.1:{dripping.getsockname()[1]}/").query("ASK {}")
        thread.join()


def test_a_redirect_is_not_followed(server):
    """Neither to another host nor on this one: it is told, without what stands after it."""
    for status in (301, 302, 303, 307, 308):
        place = "http://ann:pw@other.example/sparql?key=1"
        server.answers("", status=status, Location=place)
        with pytest.raises(
            StoreError, match=r"leads to http://other.example/sparql, which"
        ) as found:
            ask(server, ANN)
        assert "pw" not in str(found.value)
    assert len(server.requests) == 5


def test_a_certificate_that_is_not_trusted_is_refused(monkeypatch, tmp_path):
    """One that is self-signed is told with what to do, and doing that helps."""
    authority = trustme.CA()
    with endpoint_server.running(authority.issue_cert("127.0.0.1")) as server:
        with pytest.raises(StoreError, match=r"certificate of https://.*SSL_CERT_FILE"):
            ask(server)
        assert server.requests == []
        authority.cert_pem.write_to_path(str(tmp_path / "own.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
        store = RemoteStore(server.url)
        for _ in range(2):
            server.answers(YES)
            assert store.query("ASK {}") is True
        assert len(server.connections) == 1


# --- who asks


def basic(handler):
    """Want a user and password, in the open."""
    word = base64.b64encode("ann:sécret".encode()).decode()
    right = handler.headers["Authorization"] == f"Basic {word}"
    return None if right else {"WWW-Authenticate": 'Basic realm="r"'}


def digest(algorithm):
    """Return what wants a digest by *algorithm*, and offers the open way too."""
    nonces = [f"n{number}" for number in range(100)]
    offer = f'Basic realm="x", Digest realm="a, b", qop="auth, auth-int", algorithm={algorithm}'

    def hashed(*parts):
        kind = algorithm.removesuffix("-sess").replace("-", "").lower()
        return hashlib.new(kind, ":".join(parts).encode()).hexdigest()

    def wants(handler):
        sent = handler.headers["Authorization"] or ""
        told = dict(re.findall(r'(\w+)=(?:")?([^",]*(?:, b)?)', sent))
        seen = [request for request in handler.server.requests if "Digest" in str(request[1])]
        if len(seen) > 3:  # the third answer is to a word that is too old by now
            return {"WWW-Authenticate": f'{offer}, nonce="{nonces[9]}", stale=TRUE'}
        if sent.startswith("Digest") and told["nonce"] == nonces[0]:
            secret = hashed("ann", "a, b", "sécret")
            if algorithm.endswith("-sess"):
                secret = hashed(secret, told["nonce"], told["cnonce"])
            about = hashed("POST", handler.path)
            proof = hashed(secret, told["nonce"], told["nc"], told["cnonce"], "auth", about)
            if told["response"] == proof and int(told["nc"], 16) == len(seen):
                return None
        return {"WWW-Authenticate": f'{offer}, nonce="{nonces[0]}"'}

    return wants


def test_a_password_is_sent_when_it_is_asked_for(server):
    """The first time without, then with it, and from then on at once."""
    server.wants = basic
    store = RemoteStore(server.url, ANN)
    for _ in range(2):
        server.answers(YES)
        assert store.query("ASK {}") is True
    assert ["Authorization" in headers for _, headers, _ in server.requests] == [False, True, True]
    with pytest.raises(StoreError, match="it does not accept the user and password"):
        ask(server, Credentials("ann", "wrong"))


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
def test_a_digest_is_sent_where_the_server_takes_one(server, algorithm):
    """The password itself is not sent, and the count goes up with each request."""
    server.wants = digest(algorithm)
    store = RemoteStore(server.url + "?a=b", ANN)
    for _ in range(3):
        server.answers(YES)
        assert store.query("ASK {}") is True
    assert len(server.requests) == 4
    assert "Basic" not in str([headers for _, headers, _ in server.requests])
    # One that is right but old is made anew, once.
    with pytest.raises(StoreError, match="status 401"):
        store.query("ASK {}")
    assert len(server.requests) == 6


def test_a_digest_of_an_unknown_kind_does_not_give_the_password_away(server):
    """The open way is not taken in its place."""
    server.wants = lambda _: {"WWW-Authenticate": 'Digest realm="r", nonce="n", algorithm=ODD'}
    with pytest.raises(StoreError, match="status 401"):
        ask(server, ANN)
    assert "Authorization" not in server.requests[0][1]
    assert len(server.requests) == 1


def test_a_token_is_sent_at_once(server):
    """And what the server says of it is told without it."""
    token = Credentials(token="abc.def")  # noqa: S106
    server.answers(YES)
    assert ask(server, token) is True
    assert server.requests[0][1]["Authorization"] == "Bearer abc.def"
    server.answers("no such token: abc.def", status=401, kind="text/plain")
    with pytest.raises(StoreError, match=r"does not accept .*it says: no such token: …$"):
        ask(server, token)


def test_credentials_come_from_the_environment_and_stay_with_their_server(server, monkeypatch):
    """They go to any endpoint that is given, or to that alone which the environment names."""
    monkeypatch.setenv("PKGRAPH_TOKEN", "abc")
    for endpoint, sent in (("", True), (server.url, True), ("https://other.example/", False)):
        server.requests.clear()
        monkeypatch.setenv("PKGRAPH_ENDPOINT", endpoint)
        server.answers(YES)
        assert open_graph(endpoint=server.url).sparql("ASK {}") is True
        assert ("Authorization" in server.requests[0][1]) is sent


def test_credentials_go_together():
    """A user without a password, two kinds at once and a token that is none are wrong use."""
    assert "sécret" not in repr(pkgraph.Credentials("ann", "sécret"))
    for parts, told in (
        ({"user": "ann"}, "a user needs a password"),
        ({"password": "p"}, "a user needs a password"),
        ({"user": "a", "password": "b", "token": "c"}, "which takes one of the two"),
        ({"token": "a b\r\nX: y"}, "has spaces or letters"),
    ):
        with pytest.raises(UsageError, match=told):
            Credentials(**parts)


# --- the address


@pytest.mark.parametrize(
    "address",
    ["", "example.org/sparql", "file:///etc/passwd", "http://", "http://a b/", "ftp://a/"],
)
def test_an_endpoint_is_an_address_of_the_web(address):
    """Anything else is wrong use, with an example of what is right."""
    with pytest.raises(UsageError, match=r"as https://example.org/sparql"):
        RemoteStore(address)


@pytest.mark.parametrize("address", ["http://[::1", "http://a:port/", "http://é.invalid:1x/"])
def test_an_address_that_leads_nowhere_is_wrong_use(address):
    """What no connection can be made to is told, not thrown."""
    with pytest.raises(UsageError, match="leads nowhere"):
        RemoteStore(address)


@pytest.mark.parametrize(
    "address",
    ["http://ann:hush@a/", "ann:hush@a/", "http://ann:hush/?#@a/sparql", "https://hush@a"],
)
def test_an_address_with_credentials_is_refused_and_not_told(address, capsys, monkeypatch):
    """Given or in the environment: the message says what to do instead, and has no secret."""
    assert main(["query", "typologies", "--endpoint", address]) == 2
    monkeypatch.setenv("PKGRAPH_ENDPOINT", address)
    assert main(["query", "typologies"]) == 2
    told = capsys.readouterr().err
    assert told.count("set PKGRAPH_USER and PKGRAPH_PASSWORD") == 2
    assert "hush" not in told


def test_a_key_in_the_address_is_sent_and_not_shown(server):
    """It is in no name of the graph and in no message."""
    graph = open_graph(endpoint=f"{server.url}?key=hush")
    server.answers("no", status=500)
    with pytest.raises(StoreError) as caught:
        graph.sparql("ASK {}")
    assert "hush" not in f"{caught.value} {graph.release} {graph.store.name}"
    assert server.requests[0][0] == "/sparql?key=hush"


def test_the_environment_names_the_endpoint(server, monkeypatch, capsys, tmp_path):
    """Every command asks it, but for files that are given."""
    monkeypatch.setenv("PKGRAPH_ENDPOINT", server.url)
    server.answers(YES)
    (tmp_path / "q.rq").write_text("ASK {}")
    assert main(["sparql", str(tmp_path / "q.rq")]) == 0
    assert capsys.readouterr().out == "yes\n"
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    assert main(["sparql", str(tmp_path / "q.rq"), "--data", str(tmp_path / "a.ttl")]) == 0
    assert len(server.requests) == 1


# --- the process around it


def test_asking_changes_nothing_for_the_process(server, monkeypatch):
    """No opener is installed for other users of urllib, not even for a digest."""
    monkeypatch.setattr(urllib.request, "_opener", None)
    server.wants = digest("MD5")
    server.answers(YES)
    assert ask(server, ANN) is True
    assert urllib.request._opener is None


def test_the_proxy_of_the_environment_is_asked(server, monkeypatch):
    """It is told the whole address, and who asks it; what it is not for goes past it."""
    proxy = server.url.removesuffix("/sparql").replace("//", "//pat:pr%6Fxy@")
    monkeypatch.setenv("http_proxy", proxy)
    server.answers(YES)
    assert RemoteStore("http://elsewhere.example/sparql?a=b").query("ASK {}") is True
    ((path, headers, _),) = server.requests
    assert path == "http://elsewhere.example/sparql?a=b"
    assert headers["Host"] == "elsewhere.example"
    assert base64.b64decode(headers["Proxy-Authorization"].split()[1]) == b"pat:proxy"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server.answers(YES)
    assert ask(server) is True
    assert server.requests[1][0] == "/sparql"


def test_a_proxy_makes_a_tunnel_to_what_is_encrypted(monkeypatch):
    """It learns the host, and nothing of what is asked."""
    monkeypatch.setenv("https_proxy", "http://proxy.example:8080")
    pool = connections.Connections("https://elsewhere.example/sparql")
    connection = pool._new()
    assert (connection.host, connection.port) == ("proxy.example", 8080)
    assert (connection._tunnel_host, connection._tunnel_port) == (b"elsewhere.example", 443) or (
        connection._tunnel_host,
        connection._tunnel_port,
    ) == ("elsewhere.example", 443)
    assert pool.sent("https://elsewhere.example/sparql") == ("/sparql", {})
