"""
Check what a reader sends, before it is contributed: a form for people, verdicts for programs.

What is sent is checked in a process of its own and forgotten; the server keeps nothing and changes
nothing, so that no sender has to be known. Few checks run at once, and the others wait.

Source:
    RFC 9110, content negotiation: https://www.rfc-editor.org/rfc/rfc9110#section-12
"""

from __future__ import annotations

import hashlib
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
from pkgraph.web import bodies, negotiation, templates
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
#: What the form offers to take a verdict away as, and the endings of such files.
_OFFERED: Final = (
    ("sarif", "SARIF"),
    ("md", "Markdown"),
    ("ttl", "Turtle"),
    ("json", "JSON"),
    ("text", "text"),
)
_ENDINGS: Final[Mapping[str, str]] = {"text": "txt"}


#: The largest text that stands in the form again, to be mended there, in bytes.
_SHOWN_AGAIN: Final = 48 * 1024
#: The endings of files that are text which a person may mend.
_TEXTS: Final = frozenset({*(name.rpartition(".")[2] for name in NAMES.values()), "csv", "json"})


class _Sent(NamedTuple):
    """
    What somebody sends: a file by name, the text that stands in the form again, and a format.

    It is ``by_form`` if a person sent it.
    """

    name: str
    content: bytes
    text: str
    format_name: str | None
    by_form: bool = False


_EMPTY: Final = _Sent("", b"", "", None)


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
            return self._page(request, _EMPTY)
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
        try:
            answer = await self._judge(sent, form)
        except InputError as error:
            if not sent.by_form:
                raise
            return self._page(request, sent, HTTPStatus.BAD_REQUEST, error=error)
        response = Response(answer.text, media_type=content_type(form))
        if sent.by_form:  # who asked for a file gets one
            name = f"{PurePosixPath(sent.name).stem}-verdict.{_ENDINGS.get(form, form)}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    async def _judged_page(self, request: Request, sent: _Sent) -> Response:
        """Return the page with the verdict on *sent*, or with what is wrong with it."""
        try:
            answer = await self._judge(sent, apart.FRAGMENT)
        except InputError as error:
            return self._page(request, sent, HTTPStatus.BAD_REQUEST, error=error)
        return self._page(request, sent, verdict=answer.text)

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
        sent: _Sent,
        status: int = HTTPStatus.OK,
        *,
        verdict: str | None = None,
        error: InputError | None = None,
    ) -> Response:
        """Return the page of the form with what is *sent*."""
        return self._site.page(
            "check",
            status,
            text=sent.text,
            name=sent.name if sent.text and sent.name != _PASTED else "",
            mark=_mark(sent.text),
            sent_again=bool(sent.text) or not sent.name,
            formats=_OFFERED,
            kinds=templates.names(),
            usual=templates.USUAL,
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

    async with Request(request.scope, receive).form(max_files=1, max_fields=6) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        format_name = _format(texts.get("format") or format_name)
        pasted, file = texts.get("text", ""), form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            # The text of the file before, which nobody touched, stands in the form no longer.
            if pasted.strip() and texts.get("mark") != _mark(pasted):
                raise ParameterError("both a text and a file are sent; send one of them")
            name, content = plain_name(file.filename), await file.read()
            return _Sent(name, content, _again(name, content), format_name, by_form=True)
        name = plain_name(texts["name"]) if texts.get("name") else _PASTED
        return _Sent(name, pasted.encode(), pasted, format_name, by_form=True)


def _again(name: str, content: bytes) -> str:
    """Return the text of a file, if a person may mend it in the form, else nothing."""
    if len(content) > _SHOWN_AGAIN or name.rpartition(".")[2].lower() not in _TEXTS:
        return ""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text


def _mark(text: str) -> str:
    """Return what tells whether a text that stood in a form has been touched; nothing for none."""
    if not text:
        return ""
    # A form sends every end of a line as CR and LF.
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


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
