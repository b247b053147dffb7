"""
Put around every response what holds for all of them.

Source:
    Content Security Policy Level 3: https://www.w3.org/TR/CSP3/
    Fetch, CORS and Cross-Origin-Resource-Policy: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse

from pkgraph.web.linked import names_state

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pkgraph.web.site import Site


#: What is for whoever runs the server, and for no page of another site.
_CLOSED: Final = frozenset({"/metrics"})


def headers(site: Site, *, closed: bool = False) -> dict[str, str]:
    """
    Return the headers that every response has.

    What is not *closed* may be read by the pages of all other sites.
    """
    # Where pages link to the base URL, it is the same server under another name.
    own = " ".join(filter(None, ["'self'", site.origin]))
    release = site.graph.release
    named = {"Pkgraph-Release": release} if names_state(release) else {}
    shared = {} if closed else {"Access-Control-Allow-Origin": "*"}
    return {
        **named,
        **shared,
        "Content-Security-Policy": f"default-src 'none'; script-src {own}; connect-src {own}; "
        f"style-src {own}; img-src {own}; form-action {own}; base-uri 'none'; "
        "frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin" if closed else "cross-origin",
        "Referrer-Policy": "same-origin",  # what somebody asks here is told to no other site
        "X-Content-Type-Options": "nosniff",
    }


class Envelope:
    """
    Take the path of the base URL off requests, and add headers to responses.

    A proxy may pass a request on with or without the path under which it is reached. The headers
    keep a browser from loading or running anything that is not of this server, and let pages of
    others read the data.
    """

    def __init__(self, inner: ASGIApp, site: Site) -> None:
        self._inner = inner
        self._site = site
        self._headers = {closed: headers(site, closed=closed) for closed in (False, True)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on to the application inside."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        async def send_in_envelope(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                own.update(self._headers[path in _CLOSED])
                own.add_vary_header("Accept")
            await send(message)

        path: str = scope["path"]
        prefix = self._site.prefix
        if prefix and path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
        elif prefix and path == prefix:
            path = "/"
        bare = path.rstrip("/")
        if bare and bare != path and not path.startswith("//"):
            query = scope["query_string"].decode("latin-1")
            target = self._site.link(bare) + (f"?{query}" if query else "")
            await RedirectResponse(target, 308)(scope, receive, send_in_envelope)
            return
        # Not in a copy: whoever observes reads in it which route was taken.
        scope.update(path=path, raw_path=path.encode())
        await self._inner(scope, receive, send_in_envelope)
