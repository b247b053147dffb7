"""
Keep the pages of this server from running anything but files of this server.

Without a base URL the content security policy cannot name a folder, only the server as a whole; and
the server has answers that are code, those to a callback. What gets into a page of ours could have
one of them run. A browser says what it asks for, and for which page.

Source:
    Fetch Metadata Request Headers: https://www.w3.org/TR/fetch-metadata/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from pkgraph.web.envelope import FILES, headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from pkgraph.web.site import Site

#: How a browser names what it would run.
_RUN: Final = frozenset({"script", "worker", "sharedworker", "serviceworker"})


class FilesAlone:
    """Refuse what a page of this server would run, unless it is a file; also what is kept."""

    def __init__(self, inner: ASGIApp, site: Site) -> None:
        self._inner = inner
        self._files = (FILES, f"{site.prefix}{FILES}")
        self._refusal = PlainTextResponse(
            f"pages of this server run files of {FILES} alone\n", 403, headers(site)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on to the application inside."""
        refused = scope["type"] == "http" and _would_run(Headers(scope=scope))
        if refused and not scope["path"].startswith(self._files):
            await self._refusal(scope, receive, send)
            return
        await self._inner(scope, receive, send)


def _would_run(given: Headers) -> bool:
    """Tell by the headers of a request whether a page of ours asks, to run the answer."""
    return given.get("sec-fetch-site") == "same-origin" and given.get("sec-fetch-dest") in _RUN
