"""A SPARQL endpoint on the loopback that does what a test wants, well or badly."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs

from pkgraph import serialization

JSON = "application/sparql-results+json"
ROWS = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'
YES = '{"head":{},"boolean":true}'


class Canned(NamedTuple):
    """An answer: how it is and how it is sent; ``length`` is what it says of itself."""

    body: bytes
    status: int
    kind: str | None
    headers: dict
    length: int | None
    drips_s: float


class Server(ThreadingHTTPServer):
    """
    An endpoint: it gives ``canned`` answers, or asks ``store`` if there is none.

    ``wants`` is called with each request, and gives the headers of a refusal, or None to go on.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        self.forget()

    @property
    def url(self):
        """The address at which it takes queries."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}/sparql"

    def forget(self):
        """Know nothing of the test before."""
        self.canned, self.requests, self.store = [], [], None
        self.wants = None
        self.connections = set()

    def answers(self, body="", status=200, kind=JSON, length=None, drips_s=0, **headers):
        """Give this answer to the next request; ``drips_s`` is waited before each byte."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.canned.append(Canned(body.encode(), status, kind, headers, length, drips_s))

    def handle_error(self, *_):
        """Say nothing of those who have had enough."""


class Handler(BaseHTTPRequestHandler):
    """Answers POST requests, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Answer a query."""
        server = self.server
        server.connections.add(self.client_address)
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        server.requests.append((self.path, dict(self.headers), body))
        refusal = server.wants(self) if server.wants else None
        if refusal is not None:
            self._send(Canned(b"who are you?", 401, "text/plain", refusal, None, 0))
        elif server.canned:
            self._send(server.canned.pop(0))
        else:
            answer = server.store.query(body["query"][0])
            name, kind = ("ttl", "text/turtle") if isinstance(answer, tuple) else ("json", JSON)
            text = serialization.write(answer, name)
            self._send(Canned(text.encode(), 200, f"{kind}; charset=utf-8", {}, None, 0))

    def _send(self, canned):
        if canned.status == 0:  # no HTTP at all
            self.close_connection = True
            self.wfile.write(canned.body)
            return
        self.send_response(canned.status)
        if canned.kind is not None:
            self.send_header("Content-Type", canned.kind)
        for name, value in canned.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(canned.length or len(canned.body)))
        self.close_connection = canned.length is not None
        self.end_headers()
        if not canned.drips_s:
            self.wfile.write(canned.body)
        for byte in canned.body if canned.drips_s else b"":
            time.sleep(canned.drips_s)
            self.wfile.write(bytes([byte]))

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def running(certificate=None):
    """Run an endpoint in a thread; with the *certificate* of trustme, by TLS."""
    with Server() as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            server.scheme = "https"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
