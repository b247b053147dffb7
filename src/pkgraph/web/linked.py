"""
Answer for the IRIs of the data: one policy for all of them.

An address takes GET, HEAD and OPTIONS. The format is that of its ending or, without one, what the
Accept header likes best; the address of a thing leads on (303) to a document in that format. A
document has a validator made of the release, the format and the address, so who has it already is
told so (304) before any work is done, and links to its other formats, to the IRI that it is about
and to the description of the whole data set. What does not fit one document goes on in the next,
at the same address with ``page``, to which there is a link.

Source:
    RFC 9110, conditional requests: https://www.rfc-editor.org/rfc/rfc9110#section-13
    RFC 8288, the header Link: https://www.rfc-editor.org/rfc/rfc8288#section-3
    Cool URIs for the Semantic Web, 303: https://www.w3.org/TR/cooluris/#r303gendocument
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pkgraph import resources, serialization
from pkgraph.errors import ParameterError
from pkgraph.namespaces import BASE
from pkgraph.web import negotiation
from pkgraph.web.site import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from pkgraph.web.site import Site

#: The documents about a thing, by the ending of their address; the first is for whom all do.
DOCUMENTS: Final = ("html", *serialization.GRAPH_FORMATS)
METHODS: Final = ("GET", "OPTIONS")
#: Where the whole data set is described.
DATA_SET: Final = "/.well-known/void"
#: Where its queries are, as examples.
EXAMPLES: Final = "/.well-known/sparql-examples"
_ALLOWED: Final = "GET, HEAD, OPTIONS"
_PAGE: Final = re.compile(r"[1-9][0-9]{0,5}")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked for: an address without its ending, a format and a page.

    ``root`` is where the server is reached, for documents that need whole addresses.
    """

    path: str
    format: str
    page: int
    root: str

    @property
    def iri(self) -> str:
        """The IRI that the address stands for."""
        return BASE + self.path.removeprefix("/")

    def address(self, format_name: str | None = None, page: int | None = None) -> str:
        """Return the path of the document in a format and of a page, this one if left out."""
        number = page or self.page
        return f"{self.path}.{format_name or self.format}{f'?page={number}' if number > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Content:
    """
    What a document has; there may be ``more`` on the page after it.

    Where its pages are ``apart`` from those of the other formats, these are meant from the first.
    """

    text: str
    more: bool = False
    apart: bool = False


class Linked:
    """
    The endpoint of addresses of one kind.

    ``content`` gives what a document has. Where ``exists`` is given the address without an ending
    is that of a thing; it raises what says that there is none. Formats *by_name* are had by their
    ending alone: not every thing has something in them.
    """

    def __init__(
        self,
        site: Site,
        content: Callable[[Site, Asked], Content],
        formats: tuple[str, ...] = DOCUMENTS,
        exists: Callable[[Site, str], None] | None = None,
        by_name: tuple[str, ...] = (),
    ) -> None:
        self._site = site
        self._content = content
        self._formats = formats
        self._by_name = by_name
        self._exists = exists

    async def endpoint(self, request: Request) -> Response:
        """Answer one request."""
        if request.method == "OPTIONS":
            return _options()
        path, format_name = ending(request.scope["path"], self._formats + self._by_name)
        thing = self._exists is not None and format_name is None
        if self._exists is not None and thing:
            await run_in_threadpool(self._exists, self._site, path)
        asked = Asked(
            path=path,
            format=format_name or acceptable(request, self._formats),
            page=_page(request),
            root=self._site.base_url or _root(request),
        )
        if thing:
            return self._lead(asked)
        return await self._document(request, asked, named=format_name is not None)

    def _lead(self, asked: Asked) -> Response:
        """Return the response that leads from a thing to the document about it."""
        links = [self._link(asked, "describedby", name) for name in self._formats]
        links.append(f'<{asked.iri}>; rel="canonical"')
        return RedirectResponse(
            self._site.link(asked.address()), HTTPStatus.SEE_OTHER, {"Link": ", ".join(links)}
        )

    async def _document(self, request: Request, asked: Asked, *, named: bool) -> Response:
        """Return a document, or that the asker has it."""
        headers = {
            "Access-Control-Expose-Headers": "Content-Location, ETag, Link",
            "Cache-Control": "no-cache",  # kept by caches, which ask before they use it
        }
        tag = validator(self._site, asked) if names_state(self._site.graph.release) else None
        if tag:
            headers["ETag"] = tag
        if not named and len(self._formats) > 1:
            headers["Content-Location"] = self._site.link(asked.address())
        had = _had(request, tag) if tag else None
        if had == "this":
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = await run_in_threadpool(self._content, self._site, asked)
        if had == "any":
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        headers["Link"] = ", ".join(self._links(asked, content))
        headers["Content-Type"] = negotiation.content_type(asked.format)
        return Response(content.text, headers=headers)  # of which the server sends no body to HEAD

    def _links(self, asked: Asked, content: Content) -> list[str]:
        """Return the values of the header Link of a document."""
        page = f".{asked.format}?page={asked.page}" if asked.page > 1 else ""
        links = [f'<{asked.iri}{page}>; rel="canonical"']
        others = replace(asked, page=1) if content.apart else asked
        links += [
            self._link(others, "alternate", name) for name in self._formats if name != asked.format
        ]
        links.append(f'<{self._site.link(DATA_SET)}>; rel="describedby"; type="text/turtle"')
        for rel, there, number in (
            ("prev", asked.page > 1, asked.page - 1),
            ("next", content.more, asked.page + 1),
        ):
            if there:
                target = self._site.link(asked.address(page=number))
                if len(self._formats) == 1:  # then it has no ending
                    target = self._site.link(asked.path) + f"?page={number}"
                links.append(f'<{target}>; rel="{rel}"')
        return links

    def _link(self, asked: Asked, rel: str, format_name: str) -> str:
        target = self._site.link(asked.address(format_name))
        kind = negotiation.MEDIA_TYPES[format_name][0]
        return f'<{target}>; rel="{rel}"; type="{kind}"'


def ending(path: str, formats: tuple[str, ...]) -> tuple[str, str | None]:
    """Return *path* without its ending and the ending, if that is one of *formats*."""
    bare, dot, format_name = path.rpartition(".")
    return (bare, format_name) if dot and format_name in formats else (path, None)


def acceptable(request: Request, formats: tuple[str, ...]) -> str:
    """
    Return that of *formats* which the asker likes best.

    Raises:
        HTTPException: It likes none (406).
    """
    chosen = negotiation.choose(request.headers.get("accept"), formats)
    if chosen is None:
        raise HTTPException(
            HTTPStatus.NOT_ACCEPTABLE,
            f"this can be had as {negotiation.media_types(formats)}; name one of them in Accept",
        )
    return chosen


def validator(site: Site, asked: Asked) -> str:
    """
    Return the entity tag of a document: it changes with the release, the format and the address.

    It is a weak one, so that what a proxy compresses may keep it.
    """
    parts = (_presentation(), asked.root, asked.path, str(asked.page))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    name = re.sub(r"[^0-9A-Za-z]+", "-", site.graph.release)
    return f'W/"{name}-{asked.format}-{digest[:16]}"'


def names_state(release: str) -> bool:
    """Tell whether *release* names a state of the graph; the address of an endpoint does not."""
    return not release.startswith(("http://", "https://"))


@cache
def _presentation() -> str:
    """Return a hash of what pages are made with besides the graph."""
    digest = hashlib.sha256(resources.version().encode())
    files = [
        *sorted((FOLDER / "templates").iterdir()),
        *resources.data_files("queries", ".rq"),
        *resources.data_files("shapes", ".ttl"),
    ]
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _options() -> Response:
    return Response(
        status_code=HTTPStatus.NO_CONTENT,
        headers={
            "Allow": _ALLOWED,
            "Access-Control-Allow-Methods": _ALLOWED,
            "Access-Control-Allow-Headers": "Accept, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )


def _had(request: Request, tag: str) -> str | None:
    """Return "this" if the asker has what *tag* is of, "any" if it has whatever there is."""
    given = ",".join(request.headers.getlist("if-none-match")).strip()
    if given == "*":
        return "any"
    return "this" if tag.removeprefix("W/") in _TAG.findall(given) else None


def _page(request: Request) -> int:
    """
    Return the number of the page that is asked for.

    Raises:
        ParameterError: It is not one.
    """
    number = request.query_params.get("page", "1")
    if not _PAGE.fullmatch(number):
        raise ParameterError(f"'page' is a whole number from 1 on, not '{number}'")
    return int(number)


def _root(request: Request) -> str:
    """Return where the asker reached the server; what cannot be a host's name is not repeated."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        return BASE.rstrip("/")
    return f"{request.url.scheme}://{host}"
