"""What is answered again from memory, and that it is bounded."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pkgraph.errors import StoreError
from pkgraph.web import cache


def asked(address="/x", method="GET", **headers):
    """Return the scope of a request as the server has it."""
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()
        ],
        "server": ("testserver", 80),
        "scheme": "http",
    }


class Answer(list):
    """The messages of one answer."""

    async def send(self, message):
        """Take in *message*."""
        self.append(message)

    @property
    def status(self):
        """The status of the answer."""
        return self[0]["status"]

    @property
    def headers(self):
        """The headers of the answer."""
        return dict(self[0]["headers"])

    @property
    def body(self):
        """The body of the answer."""
        return b"".join(each.get("body", b"") for each in self[1:])


async def receive():
    """Say nothing more, as a client does that waits for the answer."""
    await asyncio.Event().wait()


def application(endpoint, *, keeps=True):
    """Return *endpoint* as an application whose answers are marked to be kept."""

    async def inner(scope, receiving, send):
        given = cache.keeping(endpoint) if keeps else endpoint
        request = Request(scope, receiving)
        response = await given(request)
        await response(scope, receiving, send)

    return inner


def answers(kept, endpoint, *scopes, release="r", keeps=True):
    """Ask *endpoint*, whose answers are kept, with each of *scopes* in turn."""
    cached = cache.Cached(application(endpoint, keeps=keeps), kept, release)

    async def ask():
        given = [Answer() for _ in scopes]
        for scope, answer in zip(scopes, given, strict=True):
            await cached(scope, receive, answer.send)
        return given

    return asyncio.run(ask())


class Counting:
    """An endpoint that counts how often it is asked, and answers with that."""

    def __init__(self, size=0, status=200, **headers):
        self.times, self._size, self._status, self._headers = 0, size, status, headers

    async def __call__(self, request):
        """Answer."""
        self.times += 1
        headers = {"X-Path": request.url.path, **self._headers}
        return Response(f"{self.times}{'x' * self._size}", self._status, headers, "text/plain")


def test_an_answer_is_kept():
    """The same is answered to the same request, HEAD included, without asking again."""
    kept, endpoint = cache.Cache(), Counting()
    first, second, head = answers(kept, endpoint, asked(), asked(), asked(method="HEAD"))
    assert first.body == second.body == head.body == b"1"
    assert second.headers == first.headers == head.headers
    assert (kept.hits, kept.misses, len(kept)) == (2, 1, 1)


def test_what_answers_head_is_not_kept():
    """The answer to HEAD may have no body, so who asks for one later gets another."""
    kept, endpoint = cache.Cache(), Counting()
    answers(kept, endpoint, asked(method="HEAD"), asked())
    assert endpoint.times == 2


def test_what_is_not_marked_is_not_kept():
    """Only what an endpoint marks is kept."""
    kept, endpoint = cache.Cache(), Counting()
    answers(kept, endpoint, asked(), asked(), keeps=False)
    assert (endpoint.times, kept.misses, len(kept)) == (2, 0, 0)


def test_what_is_kept_cannot_be_changed_from_outside():
    """Headers that are added to an answer later are not those of the next."""
    kept, endpoint = cache.Cache(), Counting()
    _, second = answers(kept, endpoint, asked(), asked())
    second[0]["headers"].append((b"x-added", b"1"))
    (third,) = answers(kept, endpoint, asked())
    assert b"x-added" not in third.headers


def test_other_requests_have_other_answers(monkeypatch):
    """What decides an answer is told apart; methods that send are not kept."""
    kept, endpoint = cache.Cache(), Counting()
    answers(kept, endpoint, asked(), asked("/y"), asked("/x?a=1"), asked(accept="text/csv"))
    answers(kept, endpoint, asked(host="a.org"), asked(accept_encoding="gzip"))
    answers(kept, endpoint, asked() | {"scheme": "https"})
    answers(kept, endpoint, asked(), release="other")
    monkeypatch.setattr(cache.time, "time", lambda: 0.0)
    answers(kept, endpoint, asked())
    answers(kept, endpoint, asked(method="POST"), asked(method="POST"))
    assert endpoint.times == 11
    assert (kept.hits, len(kept)) == (0, 9)


def test_a_request_with_a_body_is_neither_kept_nor_answered_again():
    """A GET with a body is another question, which the endpoint may refuse."""
    kept, endpoint = cache.Cache(), Counting()
    answers(kept, endpoint, asked(content_length="3"), asked(), asked(transfer_encoding="chunked"))
    assert (endpoint.times, kept.hits, len(kept)) == (3, 0, 1)


def test_errors_are_not_kept():
    """What is no whole answer is asked for again: errors, redirects, streams, exceptions."""
    kept = cache.Cache()
    for status in (303, 400, 404, 422, 500, 503):
        endpoint = Counting(status=status)
        answers(kept, endpoint, asked(), asked())
        assert endpoint.times == 2

    async def redirect(_):
        return RedirectResponse("/")

    async def stream(_):
        return StreamingResponse(iter(("a", "b")))

    async def fail(_):
        raise StoreError("no")

    answers(kept, redirect, asked())
    (streamed,) = answers(kept, stream, asked())
    assert streamed.body == b"ab"
    with pytest.raises(StoreError):
        answers(kept, fail, asked())
    assert (len(kept), kept.size) == (0, 0)


def test_who_has_an_answer_is_told_so():
    """Kept or not, an answer with the tag that the asker names is not sent again."""
    kept, endpoint = cache.Cache(), Counting(ETag='W/"a"', Link="<x>")
    for tag in ('W/"a"', '"a"', '"b", "a"', "*"):
        for answer in answers(kept, endpoint, asked(if_none_match=tag)):
            assert (answer.status, answer.body) == (304, b"")
            assert set(answer.headers) == {b"etag", b"link", b"x-path"}
    (other,) = answers(kept, endpoint, asked(if_none_match='"b"'))
    assert (other.status, other.body) == (200, b"1")


def test_what_is_kept_is_bounded():
    """The bytes that are kept never exceed the bound; what was not asked for longest goes first."""
    bound = 200_000
    kept, endpoint = cache.Cache(bound), Counting(size=5000)
    for number in range(100):
        answers(kept, endpoint, asked(f"/{number}"), asked("/0"))
        assert kept.size <= bound
    assert endpoint.times == 100
    assert 10 < len(kept) < 100
    large = Counting(size=bound // 8)
    answers(kept, large, asked("/large"), asked("/large"))
    assert large.times == 2


def test_two_who_ask_at_once_are_counted_once():
    """An answer that two requests made at the same time is kept once, and sized once."""
    kept = cache.Cache()
    go = None

    async def endpoint(_):
        await go.wait()
        return Response("x")

    async def both():
        nonlocal go
        go = asyncio.Event()
        cached = cache.Cached(application(endpoint), kept, "r")
        tasks = [asyncio.create_task(cached(asked(), receive, Answer().send)) for _ in range(2)]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*tasks)

    asyncio.run(both())
    assert (len(kept), kept.misses) == (1, 2)
    size = kept.size
    answers(kept, Counting(), asked())
    assert kept.size == size
