"""Requests that mean harm, over real sockets: each has its status in time, and harms nobody."""

from __future__ import annotations

import functools
import re
import socket
import threading
import time

import hostile_forms
import hostile_http
import hostile_queries
import pytest
from hostile_server import (
    LATE_S,
    LATE_TIMES,
    MIB,
    get,
    running,
)

#: What the processes may have more at the end than at the beginning: pages in the cache of the
#: server, the index of names, and what the allocator keeps.
GROWTH_MIB = 256
#: How often a case may be late before that is no chance.
TRIES = 3


@pytest.fixture(scope="module")
def listener():
    """Listen where hostile requests would have the server connect to, and let nobody have done."""
    came = []

    def accept(listening):
        while True:
            try:
                connection, address = listening.accept()
            except OSError:
                return
            came.append(address)
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    assert came == []


@pytest.fixture(scope="module")
def server(listener, tmp_path_factory):
    """Run a server; when all have been hostile, see that it is as it was, and ends."""
    del listener
    folder = tmp_path_factory.mktemp("served")
    with running(folder) as server:
        for _ in range(20):
            server.ask_honestly()
        before = server.memory()
        yield server
        server.ask_honestly()
        deadline = time.monotonic() + 20
        while server.memory() > before + GROWTH_MIB * MIB:  # workers are ended beside the answers
            assert time.monotonic() < deadline, f"{server.memory() / MIB - before / MIB} MiB more"
            time.sleep(0.2)
        counted = server.send(get("/metrics")).body.decode()
        assert re.findall(r'_requests_total\{.*status="500".*\} (?!0)', counted) == []
        server.end()
        assert [line for line in server.log if "exception" in line or "Traceback" in line] == []
        assert list(folder.iterdir()) == []


@functools.cache
def all_cases(port):
    """Return every case by its name."""
    found = {}
    for each in (
        *hostile_queries.cases(port),
        *hostile_http.cases(),
        *hostile_forms.cases(port),
    ):
        name, *rest = each
        assert name not in found, name
        found[name] = rest
    return found


NAMES = list(all_cases(9))


def test_there_are_enough():
    """The issue asks for 150."""
    assert len(NAMES) > 150


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_request_has_its_status_in_time(server, listener, name):
    """It has one of its statuses within the limit that applies, and the next is answered."""
    raw, statuses, limit_s = all_cases(listener)[name]
    for _ in range(TRIES):
        answer = server.send(raw)
        assert answer.status in statuses, (answer.status, answer.body[:300])
        server.ask_honestly()
        if answer.seconds < limit_s + LATE_S + LATE_TIMES * server.honest_s:
            break
    else:
        pytest.fail(f"{answer.seconds:.2f} s, and so {TRIES} times")
    assert b"root:" not in answer.body
    assert "set-cookie" not in answer.headers
    location = answer.headers.get("location", "/")
    assert not re.match(r"[/\\]{2}|\w+:(?!//x/)", location), location
