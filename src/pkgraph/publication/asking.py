"""
Ask the application for what an address gives, without a server: in this process.

Source:
    ASGI, HTTP: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

#: What is liked: a page, or the first form of what is no page. There is no host.
_HEADERS: Final = ((b"accept", b"text/html, */*;q=0.5"),)


class Answer(NamedTuple):
    """What was answered."""

    status: int
    type: str
    body: bytes


class Asker:
    """Asks an *application*, whose own addresses may have a *root* before them."""

    def __init__(self, application: ASGIApp, root: str) -> None:
        self._application = application
        self._root = root

    async def ask(self, address: str) -> Answer:
        """Return the answer to a GET of *address*; one that leads on is followed."""
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": list(_HEADERS),
            "client": None,
            "server": None,
        }
        start: Message = {}
        parts: list[bytes] = []

        asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            for message in asked:
                return message
            await asyncio.Event().wait()  # who asks does not go, and has no more to say
            raise AssertionError

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._application(scope, receive, send)
        headers = {name.lower(): value.decode("latin-1") for name, value in start["headers"]}
        if start["status"] == HTTPStatus.SEE_OTHER:
            return await self.ask(headers[b"location"].removeprefix(self._root))
        return Answer(start["status"], headers.get(b"content-type", ""), b"".join(parts))
