"""
Compress what is sent to whoever takes it so.

Source:
    RFC 9110, Accept-Encoding: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bodies that are shorter are sent as they are: they would hardly be smaller.
_LEAST_BYTES: Final = 500
#: A fast level; the next ones take twice the time for a few hundredths of the size.
_LEVEL: Final = 5
#: What makes zlib write gzip.
_GZIP: Final = 16 + zlib.MAX_WBITS
#: Parts of a body that are longer are compressed beside the loop that serves the others.
_LONG_BYTES: Final = 64 * 1024
#: What is text, and so gets smaller.
_TEXT: Final = re.compile(r"text/|image/svg|application/(?:.*(?:json|xml)|n-|trig|x-)")
_QUALITY_0: Final = re.compile(r"0(?:\.0{0,3})?")
#: Responses without a body of their own, or with a part of one.
_LEFT_ALONE: Final = frozenset({204, 206, 304})


class Compression:
    """Send responses in gzip to clients that take it."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on to the application inside."""
        if scope["type"] == "http":
            lines = Headers(scope=scope).getlist("accept-encoding")
            send = _Sender(send, wanted=takes_gzip(", ".join(lines)))
        await self._inner(scope, receive, send)


class _Sender:
    """Send the messages of one response on, the body compressed if that is of use."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._start: Message | None = None
        self._gzip: zlib._Compress | None = None

    async def __call__(self, message: Message) -> None:
        """Send *message*; the start of a response only once its body has begun."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            if self._start is not None:
                start, self._start = self._start, None
                await self._send(start)
            await self._send(message)
            return
        body: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        if self._start is not None:
            start, self._start = self._start, None
            own = MutableHeaders(scope=start)
            if _can_be_smaller(start["status"], own):
                own.add_vary_header("Accept-Encoding")
                if self._wanted and (more or len(body) >= _LEAST_BYTES):
                    self._gzip = zlib.compressobj(_LEVEL, wbits=_GZIP)
                    body = await _compressed(self._gzip, body, more=more)
                    _tell(own, None if more else len(body))
            await self._send(start)
        elif self._gzip is not None:
            body = await _compressed(self._gzip, body, more=more)
        await self._send({**message, "body": body})


async def _compressed(gzip: zlib._Compress, body: bytes, *, more: bool) -> bytes:
    """Return the next part of a body that *gzip* compresses."""
    end = zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH
    if len(body) < _LONG_BYTES:
        return gzip.compress(body) + gzip.flush(end)
    return await run_in_threadpool(gzip.compress, body) + gzip.flush(end)


def takes_gzip(accept: str) -> bool:
    """
    Tell whether the header Accept-Encoding *accept* takes gzip.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip("*"), takes_gzip("")
    (True, False, True, False)
    """
    taken: dict[str, bool] = {}
    for part in accept.lower().split(","):
        coding, _, quality = (piece.strip() for piece in part.partition(";"))
        value = quality.partition("=")[2].strip() or "1"
        taken["gzip" if coding == "x-gzip" else coding] = not _QUALITY_0.fullmatch(value)
    return taken.get("gzip", taken.get("*", False))


def _can_be_smaller(status: int, headers: MutableHeaders) -> bool:
    """Tell whether a response of this *status* with these *headers* can be compressed."""
    return (
        status not in _LEFT_ALONE
        and "content-encoding" not in headers
        and _TEXT.match(headers.get("content-type", "")) is not None
    )


def _tell(headers: MutableHeaders, length: int | None) -> None:
    """Say in *headers* that the body is compressed, and how long it is then, if that is known."""
    headers["Content-Encoding"] = "gzip"
    del headers["Content-Length"]
    if length is not None:
        headers["Content-Length"] = str(length)
    if headers.get("etag", "").startswith('"'):  # it names other bytes than these
        headers["ETag"] = f"W/{headers['etag']}"
