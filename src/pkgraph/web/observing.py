"""
Observe every request: count it, and write it to the log.

A line of the log is one object of JSON. It has no address of an asker, and of the address that is
asked for only the path: what follows the question mark may be a query that somebody would rather
keep, or a token; and what looks like a token of ours is taken out wherever it is.

Source:
    JSON Lines: https://jsonlines.org/
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from pkgraph import tokens

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pkgraph.web.metrics import Metrics

Log: TypeAlias = Literal["none", "json"]
LOGS: Final[tuple[str, ...]] = get_args(Log)

_ACCESS: Final = logging.getLogger("pkgraph.access")
#: The logger of the server that runs the application: faults, with where they came from.
_FAULTS: Final = "uvicorn.error"
#: The longest path that is written down.
_MAX_PATH: Final = 200
#: What a request is called that no route is for.
_NO_ROUTE: Final = "none"


class Observed:
    """Times each request that passes, and tells what became of it."""

    def __init__(self, inner: ASGIApp, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on to the application inside."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        begun, path = time.perf_counter(), scope["path"]
        # Where nothing is sent, the server tells the asker that it failed.
        status, sent = int(HTTPStatus.INTERNAL_SERVER_ERROR), 0

        async def send_on(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._inner(scope, receive, send_on)
        finally:
            self._tell(scope, path, status, sent, time.perf_counter() - begun)

    def _tell(self, scope: Scope, path: str, status: int, sent: int, seconds: float) -> None:
        """Count a request, and log it if anybody reads the log."""
        route = getattr(scope.get("route"), "path", _NO_ROUTE)
        self._metrics.count(scope["method"], route, status, seconds)
        if not _ACCESS.isEnabledFor(logging.INFO):
            return
        told = {
            "method": scope["method"],
            "path": tokens.hidden(path)[:_MAX_PATH],
            "route": route,
            "status": status,
            "bytes": sent,
            "milliseconds": round(seconds * 1000, 2),
        }
        if "cache" in scope:
            told["cache"] = scope["cache"]
        _ACCESS.info("request", extra={"told": told})


class JsonLines(logging.Formatter):
    """Writes a record of a log as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of *record*."""
        when = datetime.fromtimestamp(record.created, tz=UTC)
        line = {
            "time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return tokens.hidden(json.dumps(line))


def log_to_stderr(log: Log) -> None:
    """Write the log of this process to stderr as *log* says; ``none`` leaves faults, as text."""
    if log == "none":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name, level in (("pkgraph", logging.INFO), (_FAULTS, logging.WARNING)):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
