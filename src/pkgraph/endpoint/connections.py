"""
Connections to one server: kept open between requests, and ended when their time is up.

The library's own time limit is for each wait. A server that sends a byte now and then would never
meet it, so each wait here is also bounded by the moment at which the whole request has to be done.

The connections go through the proxy that the environment names, as other programs' do. Certificates
are checked against those that the system trusts, or those in the file that SSL_CERT_FILE names.
"""

from __future__ import annotations

import base64
import io
import select
import ssl
import threading
import time
import urllib.request
import weakref
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import SplitResult, quote, unquote, urlsplit

from pkgraph.endpoint.requests import Patience

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer


#: How long a server may take to accept a connection, in seconds.
CONNECT_S: Final = 10
#: How long a connection that nobody uses is kept, in seconds; servers close theirs at some time.
_IDLE_S: Final = 15
#: The shortest wait, in seconds: none at all would mean another kind of socket.
_INSTANT_S: Final = 0.001
#: How many bytes of a file are sent at a time.
_BLOCK: Final = 1 << 16
_AS_THEY_ARE: Final = "%/:=&?~#+!$,;'@()*[]"


class _Timed:
    """A *socket* that ends at a moment. It does what the library does with a socket."""

    def __init__(self, socket_: socket.socket) -> None:
        self._socket = socket_
        self._patience = Patience(CONNECT_S, CONNECT_S, most_bytes=0)
        self._until = time.monotonic() + CONNECT_S

    def begin(self, patience: Patience, until: float) -> None:
        """Start the clock of the next request, which has to be done at *until*."""
        self._patience, self._until = patience, until

    def in_time(self) -> socket.socket:
        """Return the socket, with the time that is left for the next wait."""
        left = max(self._until - time.monotonic(), _INSTANT_S)
        wait_s = min(left, self._patience.silent_s)
        if wait_s != self._socket.gettimeout():  # to set it asks the system
            self._socket.settimeout(wait_s)
        return self._socket

    def late(self) -> TimeoutError:
        """Return what is told of a wait that was too long."""
        if time.monotonic() < self._until:
            return TimeoutError(f"nothing came or went for {self._patience.silent_s:g} s")
        return TimeoutError(
            f"it did not end in the {self._patience.total_s:g} s that there are for it"
        )

    def sendall(self, data: bytes) -> None:
        try:
            self.in_time().sendall(data)
        except TimeoutError:
            raise self.late() from None

    def makefile(self, _mode: str) -> io.BufferedReader:
        raw = self._socket.makefile("rb", buffering=0)
        return io.BufferedReader(_TimedReader(self, raw), _BLOCK)

    def is_idle(self) -> bool:
        """Tell whether nothing came, as when the server closes the connection."""
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return not waiting.poll(0)

    def close(self) -> None:
        self._socket.close()


class _TimedReader(io.RawIOBase):
    """What a timed socket receives, which keeps it open until all is read."""

    def __init__(self, socket_: _Timed, raw: socket.SocketIO) -> None:
        self._timed, self._raw = socket_, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        self._timed.in_time()
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            raise self._timed.late() from None

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _Timed(self.sock)


class _Encrypted(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _Timed(self.sock)


class Connections:
    """The connections to the server of *url*."""

    def __init__(self, url: str) -> None:
        self._server = urlsplit(url)
        self._proxy, self._proxy_header = _proxy(self._server)
        self._context = (
            ssl.create_default_context() if self._server.scheme.lower() == "https" else None
        )
        self._idle: list[tuple[float, HTTPConnection]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    def take(self, patience: Patience, until: float) -> tuple[HTTPConnection, bool]:
        """
        Return an open connection for a request that has to be done at *until*, and if it is new.

        Raises:
            OSError: There can be none.
        """
        while True:
            with self._lock:
                since, kept = self._idle.pop() if self._idle else (0.0, None)
            if kept is None:
                break
            timed = cast("_Timed", kept.sock)
            if time.monotonic() - since < _IDLE_S and timed.is_idle():
                timed.begin(patience, until)
                return kept, False
            kept.close()
        connection = self._new()
        connection.connect()
        cast("_Timed", connection.sock).begin(patience, until)
        return connection, True

    def give(self, connection: HTTPConnection) -> None:
        """Take back *connection*, whose answer was read."""
        if connection.sock is None:  # the server wanted it closed
            return
        with self._lock:
            self._idle.append((time.monotonic(), connection))

    def target(self, url: str) -> str:
        """Return how a request for *url* names what it asks for."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return quote(path, safe=_AS_THEY_ARE)

    def sent(self, url: str) -> tuple[str, dict[str, str]]:
        """Return what the first line of a request for *url* has, and the headers for a proxy."""
        target = self.target(url)
        if self._proxy and not self._context:
            return f"http://{self._server.netloc}{target}", self._proxy_header
        return target, {}

    def _new(self) -> HTTPConnection:
        at = self._proxy or self._server
        host, port = at.hostname or "", at.port
        if self._context is None:
            return _Plain(host, port or 80, timeout=CONNECT_S, blocksize=_BLOCK)
        connection = _Encrypted(
            host,
            port or (80 if self._proxy else 443),
            timeout=CONNECT_S,
            blocksize=_BLOCK,
            context=self._context,
        )
        if self._proxy:
            connection.set_tunnel(
                self._server.hostname or "", self._server.port or 443, self._proxy_header
            )
        return connection


def _close(idle: list[tuple[float, HTTPConnection]]) -> None:
    for _, connection in idle:
        connection.close()


def _proxy(server: SplitResult) -> tuple[SplitResult | None, dict[str, str]]:
    """Return the proxy to *server* that the environment names, and what is sent to it."""
    address = urllib.request.getproxies().get(server.scheme.lower())
    if not address or urllib.request.proxy_bypass(server.netloc):
        return None, {}
    proxy = urlsplit(address if "://" in address else f"http://{address}")
    if not proxy.username:
        return proxy, {}
    who = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return proxy, {"Proxy-Authorization": f"Basic {base64.b64encode(who.encode()).decode()}"}
