"""
A server to be hostile to: its process, and how to talk to it over plain sockets.

Run as a script, this is ``pkgraph serve --workers 2`` with small limits, which the command has no
options for.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

MIB = 1 << 20
#: How long a query, a head and a body may take at this server.
QUERY_S = 0.7
HEAD_S = 0.5
BODY_S = 0.5
ANSWER_S = 1.0
#: The most connections, and the most of one address.
IN_ALL = 60
OF_ONE = 40
#: What a machine at work may take beyond a limit, and how many times an honest request more.
LATE_S = 0.5
LATE_TIMES = 50
HONEST = "SELECT * WHERE { ?s ?p ?o } LIMIT 3"


class Answer(NamedTuple):
    """What came back: no status (0) where the connection was closed without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Server:
    """A server that runs, and what an honest request takes there."""

    def __init__(self, process, port):
        self.process = process
        self.port = port
        self.honest_s = 0.0
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def _read_log(self):
        self.log.extend(self.process.stderr)

    def connect(self):
        """Return a connection."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def send(self, raw):
        """Send *raw*, or each of several pieces after some seconds, and return the answer."""
        pieces = [(raw, 0.0)] if isinstance(raw, bytes) else raw
        begun = time.monotonic()
        with self.connect() as connection:
            for piece, pause in pieces:
                try:
                    connection.sendall(piece)
                except OSError:  # it was closed; the answer may be there all the same
                    break
                time.sleep(pause)
            status, headers, body = read_answer(connection)
        return Answer(status, headers, body, time.monotonic() - begun)

    def ask_honestly(self):
        """Ask what everybody may ask, and see that it is answered rightly."""
        answer = self.send(get("/sparql?query=" + quote(HONEST)))
        assert answer.status == 200, answer
        assert len(json.loads(answer.body)["results"]["bindings"]) == 3
        self.honest_s = answer.seconds
        return answer

    def family(self):
        """Return the numbers of the processes of the server."""
        return [self.process.pid, *descendants(self.process.pid)]

    def memory(self):
        """Return what memory all of them have that is their own, in bytes."""
        return sum(map(own_memory, self.family()))

    def end(self):
        """End the server as an operator does, and see that nothing of it is left."""
        family = self.family()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        self._reader.join(10)
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{each}").exists() for each in family):
            assert time.monotonic() < deadline, "a worker outlived the server"
            time.sleep(0.05)


@contextlib.contextmanager
def running(folder):
    """Run a server with small limits that has *folder* for its files."""
    with subprocess.Popen(
        [sys.executable, __file__],
        env={**os.environ, "TMPDIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stderr.readline()
            found = re.search(r"Serving at http://127\.0\.0\.1:(\d+)/ ", line)
            assert found, line + process.stderr.read()
            yield Server(process, int(found[1]))
        finally:
            process.kill()


def read_answer(connection):
    """Return the status, the head and the body of an answer; 0 if the connection ends without."""
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read()
    except (http.client.BadStatusLine, ConnectionError):
        return 0, {}, b""
    except http.client.IncompleteRead as cut:
        return response.status, {"cut": "off"}, cut.partial
    finally:
        response.close()


def request(method, target, *fields, body=b"", host="x"):
    """Write a request, after which the connection is closed, unless *fields* say otherwise."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *fields]
    if body and not any(each.lower().startswith("transfer-encoding") for each in fields):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def get(target, *fields):
    """Write a GET request."""
    return request("GET", target, *fields)


def asking(query, *fields):
    """Write a request that asks *query* at /sparql."""
    body = query if isinstance(query, bytes) else query.encode("utf-8", "surrogatepass")
    return request("POST", "/sparql", "Content-Type: application/sparql-query", *fields, body=body)


def form(target, content, *fields):
    """Write a request that posts the form *content*, which is encoded already."""
    body = content if isinstance(content, bytes) else content.encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    return request("POST", target, kind, *fields, body=body)


def posting(target, kind, body, *fields):
    """Write a request that posts *body* as *kind*."""
    return request("POST", target, f"Content-Type: {kind}", *fields, body=body)


def descendants(number):
    """Return the numbers of all processes that come from *number*."""
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [each for child in map(int, children) for each in (child, *descendants(child))]


def own_memory(number):
    """Return the memory of a process that is not shared with others, in bytes."""
    try:
        _, resident, shared, *_ = map(int, Path(f"/proc/{number}/statm").read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (resident - shared) * resource.getpagesize()


def _serve():
    """Serve the shipped graph with small limits."""
    from pkgraph import evaluation, open_graph, web
    from pkgraph.web.connections import ConnectionLimits

    small(
        evaluation.Limits,
        time_s=QUERY_S,
        cpu_s=QUERY_S,
        memory_bytes=150 * MIB,
        rows=100_000,
        bytes=16 * MIB,
    )
    small(
        ConnectionLimits,
        head_s=HEAD_S,
        body_s=BODY_S,
        answer_s=ANSWER_S,
        in_all=IN_ALL,
        of_one_address=OF_ONE,
    )
    web.serve(open_graph(), "127.0.0.1", 0, log="json", workers=2)


def small(limits, **values):
    """Give the dataclass *limits* other defaults, however the server makes it."""
    names = list(limits.__dataclass_fields__)
    defaults = dict(zip(names, limits.__init__.__defaults__, strict=True)) | values
    limits.__init__.__defaults__ = tuple(defaults.values())


if __name__ == "__main__":
    _serve()


@contextlib.contextmanager
def running_without_fault(folder):
    """Run a server as :func:`running` does, and see that it answers and ends without a fault."""
    with running(folder) as server:
        server.ask_honestly()
        yield server
        server.ask_honestly()
        server.end()
        assert [line for line in server.log if "exception" in line or "Traceback" in line] == []
