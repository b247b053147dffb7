"""Connections: how many, how slow, cut off where, and what several requests on one come to."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from hostile_http import HIDDEN
from hostile_server import (
    ANSWER_S,
    BODY_S,
    HONEST,
    IN_ALL,
    MIB,
    OF_ONE,
    asking,
    get,
    own_memory,
    read_answer,
    request,
    running_without_fault,
)

from pkgraph.web.connections import ConnectionLimits, protocol
from pkgraph.web.heads import Head, Refusal

KEPT = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
#: In pieces, and well within the limit of time.
SOME = "SELECT * { ?s ?p ?o } LIMIT 2000"
LARGE = "SELECT * { ?s ?p ?o } LIMIT 15000"
ASKED = b"GET /sparql?query=" + quote(HONEST).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run a server with small limits, and see that it ends without a fault."""
    with running_without_fault(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(autouse=True)
def _serves_on(request):
    """After whatever was done to it, the server answers, and holds no connection."""
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        eventually(lambda: connections(server) == 0)
        server.ask_honestly()


def connections(server):
    """Return how many connections the server has open, as the system counts them."""
    found = 0
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, local, _, state, *_ = line.split()
        found += int(local.partition(":")[2], 16) == server.port and state in {"01", "08"}
    return found


def eventually(condition, seconds=15):
    """Wait until *condition* holds, on a machine that has other things to do."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def rest(connection):
    """Return all that still comes."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            found += piece
    return found


def test_only_so_many_connections_are_taken_of_one_address(server):
    """The next is told so (503) and when to come again, and there is room again once some go."""
    with contextlib.ExitStack() as stack:
        for _ in range(OF_ONE):
            connection = stack.enter_context(server.connect())
            connection.sendall(KEPT)
            assert connection.recv(12) == b"HTTP/1.1 200"
        with server.connect() as late:
            status, headers, body = read_answer(late)
        assert (status, headers["retry-after"], headers["connection"]) == (503, "5", "close")
        assert b"too many connections" in body
    assert OF_ONE < IN_ALL


async def _greet(scope, receive, send):
    """Answer whatever is asked."""
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_only_so_many_connections_are_taken_in_all():
    """However many one address may have, and as many again once some have gone."""
    made = protocol(ConnectionLimits(in_all=3, of_one_address=99))
    config = uvicorn.Config(_greet, http=made, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = listener.getsockname()
        try:
            eventually(lambda: server.started)
            for _ in range(2):
                with contextlib.ExitStack() as stack:
                    found = []
                    for _ in range(5):
                        connection = stack.enter_context(socket.create_connection(address))
                        with contextlib.suppress(ConnectionError):
                            connection.sendall(KEPT)
                        found.append(read_answer(connection)[0])
                    assert found == [200, 200, 200, 503, 503]
                eventually(lambda: not server.server_state.connections)
        finally:
            server.should_exit = True
            thread.join()


def test_an_idle_connection_is_closed(server):
    """One on which nothing was ever sent, and one on which only empty lines follow an answer."""
    with server.connect() as silent, server.connect() as blank:
        blank.sendall(KEPT)
        assert blank.recv(12) == b"HTTP/1.1 200"
        blank.sendall(b"\r\n")
        assert rest(silent) == b""
        assert rest(blank).count(b"HTTP/1.1 ") <= 1


def test_a_connection_is_kept_for_the_next_request(server):
    """What is sound leaves the connection open, with a body, in chunks, or asking to upgrade."""
    upgrade = b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nASK{}"
    chunks = b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n2;a=b\r\n{}\r\n0\r\n"
    chunks += b"Content-Encoding: x\r\n\r\n"
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    with server.connect() as connection:
        for sent in (KEPT, post + chunks, post + upgrade, KEPT):
            connection.sendall(sent)
            status, headers, body = read_answer(connection)
            assert (status, headers.get("connection")) == (200, None), body


def test_requests_in_a_row_are_answered_in_their_order(server):
    """Pipelined requests each have their own answer, whole or in pieces."""
    sent = (KEPT + ASKED) * 5 + get("/ready")
    for size in (len(sent), 7):
        with server.connect() as connection:
            for start in range(0, len(sent), size):
                connection.sendall(sent[start : start + size])
            answers = rest(connection).split(b"HTTP/1.1 ")[1:]
        assert [each[:3] for each in answers] == [b"200"] * 11
        assert [b"bindings" in each for each in answers] == [False, True] * 5 + [False]


@pytest.mark.parametrize("bad", [b"GET / HTTP/9\r\n\r\n", b"\0\0\0", b"X: y\r\n\r\n", KEPT[:-9]])
def test_what_follows_a_sound_request_spoils_only_itself(server, bad):
    """The sound one is answered whole, nothing is mixed into it, and the connection is closed."""
    with server.connect() as connection:
        connection.sendall(asking(SOME).replace(b"Connection: close\r\n", b"") + bad)
        status, headers, body = read_answer(connection)
        assert status == 200, headers
        assert len(json.loads(body)["results"]["bindings"]) == 2_000
        assert rest(connection).count(b"HTTP/1.1") <= 1


def test_a_request_within_a_body_is_no_request(server):
    """Whatever a body says, it is one, and there is one answer."""
    body = b"ASK {} #" + HIDDEN * 10
    for raw in (
        asking(body),
        request("POST", "/no/such", "Content-Type: text/plain", body=body),
        request("GET", "/health", body=body),
    ):
        with server.connect() as connection:
            connection.sendall(raw)
            assert rest(connection).count(b"HTTP/1.1 ") == 1


def test_nothing_is_answered_after_a_refusal(server):
    """Whatever comes after a request that was refused is thrown away."""
    bad = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked"
    with server.connect() as connection:
        connection.sendall(bad + b"\r\n\r\n0\r\n\r\n" + HIDDEN * 50)
        answer = rest(connection)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_goes_bad_is_told(server):
    """Chunks that end in garbage are refused, though their request had begun to be answered."""
    raw = asking("ASK {}", "Transfer-Encoding: chunked").partition(b"ASK")[0]
    for place in ("/sparql", "/check"):
        head = raw.replace(b"/sparql", place.encode())
        answer = server.send([(head + b"5\r\nASK {\r\n", 0.3), (b"zz\r\n", 0)])
        assert answer.status in {400, 415}


@pytest.mark.parametrize("seconds", [0, 0.05, 0.3])
def test_a_client_that_resets_is_forgotten(server, seconds):
    """Connections that are cut off in each stage leave nothing behind."""
    for raw in (b"GET /hea", KEPT, asking(LARGE), asking(LARGE)[:-9], asking("x" * 900_000)[:-1]):
        connection = server.connect()
        connection.sendall(raw)
        time.sleep(seconds)
        linger = struct.pack("ii", 1, 0)  # close() then resets
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()


@pytest.mark.parametrize("raw", [b"", b"GET /hea", KEPT, get("/health"), asking(LARGE)[:-9]])
def test_a_half_closed_socket_is_answered_or_closed(server, raw):
    """A client that will send nothing more is not waited for."""
    with server.connect() as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = rest(connection)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 4"))


@pytest.mark.parametrize("target", ["/graph-store?default", "/sparql"])
def test_who_does_not_take_a_large_answer_is_left(server, target):
    """A reader that takes nothing, or next to nothing, holds neither memory nor a worker."""
    raw = asking(LARGE) if target == "/sparql" else get(target, "Accept: application/n-triples")
    for drips in (False, True):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(raw)
            deadline = time.monotonic() + 20 * ANSWER_S
            while connections(server):
                assert time.monotonic() < deadline
                time.sleep(0.05)
                if drips:
                    connection.recv(100)


def test_a_whole_graph_is_given_within_limits(server):
    """The default graph is asked of a worker as any query is, so it cannot fill the server."""
    before = own_memory(server.process.pid)
    answer = server.send(get("/graph-store?default", "Accept: text/turtle"))
    assert answer.status in {200, 504}  # a slow machine may be at it for longer than it may
    assert answer.status != 200 or "cut" in answer.headers or len(answer.body) > MIB
    assert own_memory(server.process.pid) < before + 40 * MIB
    answer = server.send(get("/graph-store?graph=x:none"))
    assert answer.status == 404


def test_many_slow_clients_keep_nobody_waiting(server):
    """As many as one address may have, all of them slow, and the honest are answered in between."""
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(OF_ONE - 4)]
        for step in range(6):
            for connection in slow:
                with contextlib.suppress(OSError):
                    connection.sendall(b"G"[step:] or b"X")
            server.ask_honestly()
            time.sleep(0.1)


def test_a_fast_sender_of_a_body_that_nobody_reads_is_cut_off(server):
    """A body that is not wanted may be sent for a moment, and not for ever."""
    with server.connect() as connection:
        head = request("POST", "/health", "Transfer-Encoding: chunked")
        connection.sendall(head.replace(b"Connection: close\r\n", b""))
        begun = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - begun < 20 * BODY_S:
                connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        assert time.monotonic() - begun < 20 * BODY_S


def test_the_limits_are_generous_to_who_is_honest():
    """The longest query fits into a target, and a slow line can send a body."""
    limits = ConnectionLimits()
    assert limits.head_bytes >= 3 * 20_000
    assert limits.least_bytes / limits.body_s < 2000
    assert limits.of_one_address < limits.in_all


@pytest.mark.parametrize("coding", [b"chunked", b" Chunked "])
def test_a_head_is_put_into_its_plainest_form(coding):
    """The host of a target counts, and what asks for another protocol is left out."""
    fields = [(b"host", b"a"), (b"connection", b"upgrade, close"), (b"upgrade", b"h2c")]
    head = Head(b"GET", b"HTTP://b:80/c?d", "1.1", [*fields, (b"transfer-encoding", coding)])
    plain = head.plain().without_upgrade()
    assert plain.target == b"/c?d"
    assert dict(plain.fields)[b"host"] == b"b:80"
    assert b"upgrade" not in bytes(plain)
    assert dict(plain.fields)[b"connection"] == b"close"
    with pytest.raises(Refusal, match="one Host"):
        Head(b"GET", b"/", "1.1", []).plain()
