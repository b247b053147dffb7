"""
Check what a reader sends, before it is contributed: a form for people, verdicts for programs.

What is sent is checked in a process of its own and forgotten; the server keeps nothing and changes
nothing, so that no sender has to be known. Few checks run at once, and the others wait.

Source:
    RFC 9110, content negotiation: https://www.rfc-editor.org/rfc/rfc9110#section-12
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pkgraph.errors import InputError, ParameterError
from pkgraph.verdicts import apart
from pkgraph.web import bodies, negotiation
from pkgraph.web.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message

    from pkgraph.web.site import Site

#: The largest text or file that is checked, with what a form sends around it.
MAX_BYTES: Final = 1024 * 1024
#: How many checks run at once, and how many wait.
_AT_ONCE: Final = 2
_WAITING: Final = 20

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_FORMS: Final = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
#: What a text of each media type is called, so that its ending tells what it is.
NAMES: Final[Mapping[str, str]] = {
    "text/turtle": "text.ttl",
    "application/x-turtle": "text.ttl",
    "application/n-triples": "text.nt",
    "application/ld+json": "text.jsonld",
    "application/rdf+xml": "text.rdf",
    "application/trig": "text.trig",
    "application/n-quads": "text.nq",
    "application/x-bibtex": "text.bib",
    "application/x-research-info-systems": "text.ris",
}
_PASTED: Final = "text.ttl"
#: The formats that are chosen by Accept, and their media types where they differ from others'.
NEGOTIATED: Final = ("json", "sarif", "md", "ttl")
_CONTENT_TYPES: Final[Mapping[str, str]] = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
}
_FORMATS: Final = ("html", *NEGOTIATED, "text")
_LONGEST_NAME: Final = 80


class _Sent(NamedTuple):
    """What somebody sends: a file by name, the text that it was pasted as, and a format."""

    name: str
    content: bytes
    text: str
    format_name: str | None


class Checks:
    """The checks of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._turns = Turns(_AT_ONCE, _WAITING)

    async def endpoint(self, request: Request) -> Response:
        """Show the form, or answer the verdict on what is posted."""
        if request.method == "OPTIONS":
            allowed = {"Allow": _METHODS, "Access-Control-Allow-Methods": _METHODS}
            allowed |= {"Access-Control-Allow-Headers": "Accept, Content-Type"}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
        if request.method != "POST":
            return self._page(request, "")
        accept = request.headers.get("accept")
        sent = await _sent(request)
        if sent.format_name is None:
            page = negotiation.names(accept, "html")
            form = negotiation.choose(accept, (*("html",) * page, *NEGOTIATED))
        else:
            form = sent.format_name
        if form is None:
            raise HTTPException(
                HTTPStatus.NOT_ACCEPTABLE,
                f"a verdict can be had as {', '.join(map(content_type, NEGOTIATED))}; name one "
                "of them in Accept",
            )
        if form == "html":
            return await self._judged_page(request, sent)
        answer = await self._judge(sent, form)
        return Response(answer.text, media_type=content_type(form))

    async def _judged_page(self, request: Request, sent: _Sent) -> Response:
        """Return the page with the verdict on *sent*, or with what is wrong with it."""
        try:
            answer = await self._judge(sent, apart.FRAGMENT)
        except InputError as error:
            return self._page(request, sent.text, HTTPStatus.BAD_REQUEST, error=error)
        return self._page(request, sent.text, verdict=answer.text)

    async def _judge(self, sent: _Sent, format_name: str) -> apart.Answer:
        """Check what is sent, as soon as there is room for another check."""
        if not sent.content.strip():
            raise InputError("there is nothing to check; send a text or a file")
        shapes = self._site.link("/shapes")
        judge = partial(apart.judge, sent.name, sent.content, format_name, shapes=shapes)
        return await self._turns.run(judge)

    def _page(
        self,
        request: Request,
        text: str,
        status: int = HTTPStatus.OK,
        *,
        verdict: str | None = None,
        error: InputError | None = None,
    ) -> Response:
        """Return the page of the form with *text*."""
        return self._site.page(
            "check",
            status,
            text=text,
            verdict=verdict,
            error=error,
            root=self._site.base_url or str(request.base_url).rstrip("/"),
            most_mib=MAX_BYTES >> 20,
            seconds=apart.MAX_SECONDS,
        )


async def _sent(request: Request) -> _Sent:
    """Return what *request* sends, as a form or as it is."""
    kind, _ = bodies.media_type(request)
    body = await bodies.read(
        request,
        MAX_BYTES,
        f"what is sent is larger than {MAX_BYTES >> 20} MiB; split it, or run pkgraph check on "
        "your own machine",
    )
    format_name = request.query_params.get("format")
    if kind not in _FORMS:
        if kind not in NAMES:
            raise HTTPException(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"what is to be checked is posted as a form, or as {', '.join(NAMES)}, not as "
                f"'{kind}'",
            )
        return _Sent(NAMES[kind], body, "", _format(format_name))

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async with Request(request.scope, receive).form(max_files=1, max_fields=5) as form:
        text, file = form.get("text", ""), form.get("file")
        chosen = form.get("format")
        if isinstance(chosen, str) and chosen:
            format_name = chosen
        pasted = text if isinstance(text, str) else ""
        if isinstance(file, UploadFile) and file.filename:
            if pasted.strip():
                raise ParameterError("both a text and a file are sent; send one of them")
            return _Sent(plain_name(file.filename), await file.read(), "", _format(format_name))
        return _Sent(_PASTED, pasted.encode(), pasted, _format(format_name))


def content_type(format_name: str) -> str:
    """Return the value of the header Content-Type for a verdict in a format."""
    return _CONTENT_TYPES.get(format_name) or negotiation.content_type(format_name)


def _format(name: str | None) -> str | None:
    if name is not None and name not in _FORMATS:
        raise ParameterError(f"'format' is one of {', '.join(_FORMATS)}, not '{name}'")
    return name


def plain_name(given: str) -> str:
    r"""
    Return the name of a file that is sent, without folders and in plain letters.

    >>> plain_name(r"C:\Users\my claims.TTL"), plain_name("../../etc/-passwd")
    ('my-claims.TTL', 'passwd')
    """
    last = re.split(r"[/\\]", given)[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", last).lstrip(".-") or _PASTED
    path = PurePosixPath(plain)
    return path.stem[:_LONGEST_NAME] + path.suffix[:_LONGEST_NAME]
