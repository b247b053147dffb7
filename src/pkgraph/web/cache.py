"""
Keep answers that were given, so that the next who asks the same need not wait for them.

A release is immutable, so an answer to the same address in the same form stays what it was; only
the date in a citation changes, so a kept answer is good for a day. What is kept is bounded in
bytes, and what was asked for longest ago goes first. Errors are never kept. What is kept is sent
as it was, compressed and in its envelope, before any of that is done again.

Source:
    RFC 9110, conditional requests: https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pkgraph.web.compression import takes_gzip

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Endpoint = Callable[[Request], Awaitable[Response]]

Key: TypeAlias = tuple[str | bytes, ...]

#: How much is kept, and the largest answer that is.
MAX_MIB: Final = 64
_MAX_SHARE: Final = 16
#: What an entry takes besides its texts.
_ENTRY_BYTES: Final = 1024
_DAY_S: Final = 86_400
#: The headers of an answer that are not told again where it has not changed.
_OF_WHAT_IS_SENT: Final = frozenset({b"content-encoding", b"content-length", b"content-type"})
_OF_A_BODY: Final = frozenset({b"content-length", b"transfer-encoding"})
_METHODS: Final = frozenset({"GET", "HEAD"})


class _Kept(NamedTuple):
    """An answer: its headers, its body, for which route it was, and how much memory it takes."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: object
    size: int


class Cache:
    """
    The answers of one server, of all releases; used from one thread alone, that of its loop.

    ``hits`` and ``misses`` count the requests that were answered from it and that were not,
    ``size`` the bytes that it takes.
    """

    def __init__(self, max_bytes: int = MAX_MIB << 20) -> None:
        self.hits = self.misses = self.size = 0
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self, release: str) -> None:
        """Drop the answers from *release*, for which nobody can ask any more."""
        for key in [each for each in self._kept if each[0] == release]:
            self.size -= self._kept.pop(key).size

    def again(self, key: Key) -> _Kept | None:
        """Return the answer that is kept under *key*."""
        kept = self._kept.get(key)
        if kept is not None:
            self.hits += 1
            self._kept.move_to_end(key)
        return kept

    def keep(self, key: Key, start: Message, body: bytes, route: object) -> None:
        """Keep the answer of *start* and *body* under *key*, unless it is too large."""
        headers = tuple(start["headers"])
        size = _ENTRY_BYTES + len(body) + sum(len(name) + len(value) for name, value in headers)
        size += sum(map(len, key))
        if size * _MAX_SHARE > self._max_bytes:
            return
        before = self._kept.pop(key, None)  # another may have asked the same meanwhile
        self.size += size - (before.size if before else 0)
        self._kept[key] = _Kept(headers, body, route, size)
        while self.size > self._max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.size -= oldest.size


def keeping(endpoint: Endpoint) -> Endpoint:
    """
    Return *endpoint* with its answers kept; it must answer from the graph of the release alone.

    Of the headers of a request it may heed ``Accept`` and ``Host``.
    """

    async def answer(request: Request) -> Response:
        response = await endpoint(request)
        request.scope["keep"] = True
        return response

    return answer


class Cached:
    """
    Answer again what was answered before, for an application that serves one release.

    Where an answer has an ``ETag`` that the asker has already, that is all that is said (304).
    """

    def __init__(self, inner: ASGIApp, cache: Cache, release: str) -> None:
        self._inner = inner
        self._cache = cache
        self._release = release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on to the application inside."""
        if scope["type"] != "http" or scope["method"] not in _METHODS:
            await self._inner(scope, receive, send)
            return
        asked = _Asked(scope)
        key = (self._release, *asked.key)
        kept = None if asked.has_body else self._cache.again(key)
        if kept is not None:
            scope["cache"], scope["route"] = "hit", kept.route
            await asked.send(send, _start(HTTPStatus.OK, list(kept.headers)), kept.body)
            return
        begun: Message | None = None

        async def send_on(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = message
                return
            if begun is None or message["type"] != "http.response.body":
                await send(message)
                return
            start, begun = begun, None
            body: bytes = message.get("body", b"")
            if message.get("more_body") or start["status"] != HTTPStatus.OK:
                await send(start)
                await send(message)
                return
            if scope.get("keep"):
                self._cache.misses += 1
                scope["cache"] = "miss"
                if scope["method"] == "GET" and not asked.has_body:  # what answers HEAD has none
                    self._cache.keep(key, start, body, scope.get("route"))
            await asked.send(send, start, body)

        await self._inner(scope, receive, send_on)


class _Asked:
    """What decides which answer a request gets: the *scope* of the request has it."""

    def __init__(self, scope: Scope) -> None:
        accept: list[bytes] = []
        encodings: list[bytes] = []
        self.has_body = False
        self._known: list[bytes] = []
        host = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept.append(value)
            elif name == b"accept-encoding":
                encodings.append(value)
            elif name == b"host":  # some documents have the address in them that they were asked by
                host = value
            elif name == b"if-none-match":
                self._known.append(value)
            elif name in _OF_A_BODY:
                self.has_body = True
        gzip = bool(encodings) and takes_gzip(b",".join(encodings).decode("latin-1"))
        self.key: Key = (
            str(time.time() // _DAY_S),
            scope["scheme"],
            host,
            scope["path"],
            scope["query_string"],
            b",".join(accept),
            "gzip" if gzip else "",
        )

    async def send(self, send: Send, start: Message, body: bytes) -> None:
        """Send the response of *start* and *body*, or that the asker has it already."""
        if self._known and self._has(start):
            headers = start["headers"]
            told = [each for each in headers if each[0].lower() not in _OF_WHAT_IS_SENT]
            start, body = _start(HTTPStatus.NOT_MODIFIED, told), b""
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _has(self, start: Message) -> bool:
        """Tell whether the asker has the response that begins with *start*."""
        for name, value in start["headers"]:
            if name.lower() == b"etag":
                tags = b",".join(self._known).split(b",")
                known = {each.strip().removeprefix(b"W/") for each in tags}
                return b"*" in known or value.removeprefix(b"W/") in known
        return False


def _start(status: HTTPStatus, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": int(status), "headers": headers}


def etag(*parts: object) -> str:
    """
    Return an entity tag for what *parts* decide.

    It is weak, so that it holds for the same answer compressed as well.

    >>> etag("a", 1) == etag("a", 1), etag("a", "b") == etag("ab", "")
    (True, False)
    """
    text = "\x1f".join(map(str, parts))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def today() -> str:
    """Return the date, as citations have it."""
    return f"{datetime.now(tz=UTC):%Y-%m-%d}"
