"""
Keep answers that were given, so that the next who asks the same need not wait for them.

A release is immutable, so an answer to the same address in the same form stays what it was; only
the date in a citation changes, so a kept answer is good for a day. What is kept is bounded in
bytes, and what was asked for longest ago goes first. Errors are never kept.

Source:
    RFC 9110, conditional requests: https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    Endpoint = Callable[[Request], Awaitable[Response]]

Key: TypeAlias = tuple[str, ...]

#: How much is kept, and the largest answer that is.
MAX_MIB: Final = 64
_MAX_SHARE: Final = 16
#: What an entry takes besides its texts.
_ENTRY_BYTES: Final = 1024
#: The headers of an answer that are told again where it has not changed.
_TOLD_AGAIN: Final = (b"cache-control", b"etag", b"link", b"vary")
_METHODS: Final = frozenset({"GET", "HEAD"})


class _Kept(NamedTuple):
    """An answer: its headers, its body, and how much memory it takes."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
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

    def keeping(self, release: str, endpoint: Endpoint) -> Endpoint:
        """
        Return *endpoint* with its answers kept; it must answer from the graph *release* alone.

        Of the headers of a request it may heed ``Accept`` and ``Host``. Where its answer has an
        ``ETag`` that the asker has already, that is all it says (304).
        """

        async def answer(request: Request) -> Response:
            if request.method not in _METHODS:
                return await endpoint(request)
            key = _key(release, request)
            response = self._again(key)
            request.scope["cache"] = "miss" if response is None else "hit"
            if response is None:
                response = await endpoint(request)
                if request.method == "GET":  # what answers HEAD may have no body
                    self._keep(key, response)
            return _unchanged(request, response) or response

        return answer

    def forget(self, release: str) -> None:
        """Drop the answers from *release*, for which nobody can ask any more."""
        for key in [each for each in self._kept if each[0] == release]:
            self.size -= self._kept.pop(key).size

    def _again(self, key: Key) -> Response | None:
        """Return the answer that is kept under *key*."""
        kept = self._kept.get(key)
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        response = Response(kept.body)
        response.raw_headers = list(kept.headers)
        return response

    def _keep(self, key: Key, response: Response) -> None:
        """Keep *response*, if it is whole, no error and not too large."""
        body = getattr(response, "body", None)  # what is streamed has none
        if response.status_code != HTTPStatus.OK or not isinstance(body, bytes):
            return
        headers = tuple(response.raw_headers)
        size = _ENTRY_BYTES + len(body) + sum(len(name) + len(value) for name, value in headers)
        size += sum(map(len, key))
        if size * _MAX_SHARE > self._max_bytes:
            return
        before = self._kept.pop(key, None)  # another may have asked the same meanwhile
        self.size += size - (before.size if before else 0)
        self._kept[key] = _Kept(headers, body, size)
        while self.size > self._max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.size -= oldest.size


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


def _key(release: str, request: Request) -> Key:
    accept = ",".join(request.headers.getlist("accept"))
    query = request.scope["query_string"].decode("latin-1")
    # Some documents have the address in them under which they were asked for.
    host = request.headers.get("host", "")
    return (release, today(), host, request.url.path, query, accept)


def _unchanged(request: Request, response: Response) -> Response | None:
    """Return what tells the asker that it has *response* already, if it has."""
    tag = response.headers.get("etag")
    asked = request.headers.get("if-none-match")
    if response.status_code != HTTPStatus.OK or tag is None or asked is None:
        return None
    known = {each.strip().removeprefix("W/") for each in asked.split(",")}
    if "*" not in known and tag.removeprefix("W/") not in known:
        return None
    short = Response(status_code=HTTPStatus.NOT_MODIFIED)
    told = [each for each in response.raw_headers if each[0].lower() in _TOLD_AGAIN]
    short.raw_headers = told
    return short
