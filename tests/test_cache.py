"""What is answered again from memory, and that it is bounded."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pkgraph.errors import StoreError
from pkgraph.web import cache


def asked(address="/x", method="GET", **headers):
    """Return a request as the server has it."""
    path, _, query = address.partition("?")
    return Request(
        {
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
    )


def answers(kept, endpoint, *requests, release="r"):
    """Ask *endpoint*, whose answers are kept, each of *requests* in turn."""
    keeping = kept.keeping(release, endpoint)

    async def ask():
        return [await keeping(request) for request in requests]

    return asyncio.run(ask())


class Counting:
    """An endpoint that counts how often it is asked, and answers with that."""

    def __init__(self, size=0, status=200):
        self.times, self._size, self._status = 0, size, status

    async def __call__(self, request):
        """Answer."""
        self.times += 1
        headers = {"X-Path": request.url.path}
        return Response(f"{self.times}{'x' * self._size}", self._status, headers, "text/plain")


def test_an_answer_is_kept():
    """The same is answered to the same request, HEAD included, without asking again."""
    kept, endpoint = cache.Cache(), Counting()
    first, second, head = answers(kept, endpoint, asked(), asked(), asked(method="HEAD"))
    assert first.body == second.body == head.body == b"1"
    assert second.raw_headers == first.raw_headers
    assert (kept.hits, kept.misses, len(kept)) == (2, 1, 1)


def test_what_is_kept_cannot_be_changed_from_outside():
    """Headers that are added to an answer later are not those of the next."""
    kept, endpoint = cache.Cache(), Counting()
    _, second = answers(kept, endpoint, asked(), asked())
    second.headers["X-Added"] = "1"
    (third,) = answers(kept, endpoint, asked())
    assert "x-added" not in third.headers


def test_other_requests_have_other_answers(monkeypatch):
    """Path, query, Accept, host, release and day are told apart; what is sent is not kept."""
    kept, endpoint = cache.Cache(), Counting()
    answers(kept, endpoint, asked(), asked("/y"), asked("/x?a=1"), asked(accept="text/csv"))
    answers(kept, endpoint, asked(host="a.example"), asked(host="b.example"))
    answers(kept, endpoint, asked(), release="other")
    monkeypatch.setattr(cache, "today", lambda: "1999-12-31")
    answers(kept, endpoint, asked())
    answers(kept, endpoint, asked(method="POST"), asked(method="POST"))
    assert endpoint.times == 10
    assert (kept.hits, len(kept)) == (0, 8)


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
        return StreamingResponse(iter(()))

    async def fail(_):
        raise StoreError("no")

    answers(kept, redirect, asked())
    answers(kept, stream, asked())
    with pytest.raises(StoreError):
        answers(kept, fail, asked())
    assert (len(kept), kept.size) == (0, 0)


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
        keeping = kept.keeping("r", endpoint)
        tasks = [asyncio.create_task(keeping(asked())) for _ in range(2)]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*tasks)

    asyncio.run(both())
    assert (len(kept), kept.misses) == (1, 2)
    size = kept.size
    answers(kept, Counting(), asked())
    assert kept.size == size
