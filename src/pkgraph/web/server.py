"""
Run the server until it is interrupted.

SIGHUP has it open the graph anew. SIGTERM and Ctrl-C end it: it accepts no more, requests under way
have some seconds to end, and no process or temporary folder is left. A second one ends it at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

import uvicorn

from pkgraph.errors import EnvironmentFailure, UsageError
from pkgraph.web import connections
from pkgraph.web.observing import log_to_stderr
from pkgraph.web.releases import Serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from pkgraph.evaluation import Limits
    from pkgraph.graph import Graph
    from pkgraph.web.contributing import Gate
    from pkgraph.web.observing import Log
    from pkgraph.web.releases import Opening

#: The stack of a thread that asks the engine, which calls itself for each bracket of a query;
#: what :mod:`pkgraph.sparql` lets through was measured with this much.
_STACK_BYTES: Final = 8 * 1024 * 1024
#: How long requests may take to end after an interrupt.
_GRACE_S: Final = 5
#: How long a thread may take to end after the last request.
_PARTING_S: Final = 0.5
_BACKLOG: Final = 2048
#: How many workers there are if nobody says.
WORKERS: Final = 2


def serve(  # noqa: PLR0913 - what the command takes
    graph: Graph | Opening,
    host: str,
    port: int,
    base_url: str | None = None,
    *,
    log: Log = "none",
    workers: int = WORKERS,
    limits: Limits | None = None,
    gate: Gate | None = None,
) -> None:
    """
    Serve *graph* at *host* and *port* until interrupted, and say on stderr when it is ready.

    Without workers, a query that the engine is still at after the interrupt cannot be stopped; the
    process then ends at once, with status 0.

    Args:
        graph: The graph to serve, or what opens it and is asked again at each SIGHUP.
        host: The name or address to listen at.
        port: The port to listen at; 0 takes any that is free.
        base_url: Where others reach the server, if not there.
        log: What is written to stderr: ``json`` a line for each request; ``none`` faults alone.
        workers: How many processes evaluate what is asked at ``/sparql``; with 0 this one does. An
            endpoint elsewhere, which is only passed on to, needs none.
        limits: What each query may take that a worker evaluates.
        gate: What contributions go through; left out, none are taken.

    Raises:
        UsageError: *port*, *base_url* or *workers* is not one.
        EnvironmentFailure: The server cannot listen there.
    """
    if workers < 0:
        raise UsageError(f"there cannot be {workers} workers; give 0 or more")
    log_to_stderr(log)
    before = set(threading.enumerate())
    threading.stack_size(_STACK_BYTES)
    in_main = threading.current_thread() is threading.main_thread()
    if in_main:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as an interrupt
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    opening = graph if callable(graph) else partial(_given, graph)
    serving = Serving(opening, base_url, workers, limits, gate)
    with _listen(host, port) as listener, contextlib.closing(serving):
        if in_main and hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, partial(_hung_up, serving, _has_terminal()))
        serving.start()
        config = uvicorn.Config(
            serving,
            access_log=False,
            http=connections.protocol(),
            interface="asgi3",
            lifespan="off",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
            ws="none",
        )
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config, serving).run(sockets=[listener])
    _leave(set(threading.enumerate()) - before)


@contextlib.contextmanager
def _given(graph: Graph) -> Iterator[Graph]:
    yield graph


class _Server(uvicorn.Server):
    """A server that says when and where it is ready, and that ends at once if told so twice."""

    def __init__(self, config: uvicorn.Config, serving: Serving) -> None:
        super().__init__(config)
        self._serving = serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._serving.run()
        for each in sockets or ():
            print(f"Serving at {_address(each)} (Ctrl-C ends it).", file=sys.stderr, flush=True)  # noqa: T201

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, or end at once if that has begun."""
        self.force_exit = self.should_exit
        self._serving.end()
        super().handle_exit(sig, frame)


def _hung_up(serving: Serving, terminal: bool, *_: object) -> None:  # noqa: FBT001 - a handler
    """Have *serving* reload, unless it had a *terminal*, which was closed: that is an interrupt."""
    if terminal and not _has_terminal():
        signal.raise_signal(signal.SIGINT)
    else:
        serving.reload()


def _has_terminal() -> bool:
    """Tell whether there is a terminal from which this process is controlled."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether *record* says more than that a request was cut off at the end."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def _leave(threads: set[threading.Thread]) -> None:
    """End the process if one of *threads* does not end, for Python would wait for it."""
    for thread in threads:
        thread.join(timeout=_PARTING_S)
    if any(thread.is_alive() for thread in threads):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*."""
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the ports that there are
        raise UsageError(f"there is no port {port}; choose one from 1024 to 65535")
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        if listener:
            listener.close()
        raise EnvironmentFailure(
            f"the server cannot listen at {host} port {port}: {error.strerror or error}; choose "
            "another with --port or --host"
        ) from error
    return listener


def _address(listener: socket.socket) -> str:
    """Return the URL at which *listener* is reached on this machine."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
