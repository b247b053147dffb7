"""Argument maps: the page, the picture to take away, and the same for other tools."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph import argumentation, pages, resources, serialization, terms
from pkgraph.argumentation import files, outline, png, svg
from pkgraph.argumentation.boxes import told
from pkgraph.argumentation.model import RELATIONS
from pkgraph.argumentation.telling import Telling
from pkgraph.errors import NotFoundError, ParameterError, StoreError
from pkgraph.namespaces import BASE
from pkgraph.web import given, negotiation
from pkgraph.web.cache import etag
from pkgraph.web.linked import ending
from pkgraph.web.site import FOLDER
from pkgraph.web.turns import Turns

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.web.site import Site

#: What a map can be had as, by the ending of its address; without one it is a page.
FORMATS: Final = ("html", "svg", "png", "dot", "json", "ttl")
_TYPES: Final = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "dot": "text/vnd.graphviz; charset=utf-8",
    "json": "application/json",
}
_NAMES: Final = {"svg": "SVG", "png": "PNG", "dot": "DOT", "json": "AIF (JSON)", "ttl": "Turtle"}
_PATH: Final = re.compile(r"[a-z][a-z-]*/[A-Za-z0-9._-]+")
_LEVEL: Final = re.compile(r"[0-9]{1,2}")
#: A colour as the style sheet has it for a page, and for a file that has no such names.
_COLOUR: Final = re.compile(r"var\(--[a-z-]+, ?(#[0-9a-f]{6})\)")
_DIRECTIONS: Final = {
    "below": "what bears on it",
    "above": "what it bears on",
    "both": "both",
}


class Maps:
    """The endpoint of argument maps of *site*."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._drawing = Turns(at_once=1, waiting=8)  # a large PNG takes a second and 100 MB

    async def endpoint(self, request: Request) -> Response:
        """Answer one request."""
        path, format_name = ending(request.path_params["path"], FORMATS)
        asked = _Asked(self._site, path, _frame(request))
        answer = partial(_answer, asked, format_name or "html")
        if format_name == "png":
            return await self._drawing.run(answer)
        return await run_in_threadpool(answer)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A map that is asked for; where its links lead depends on whether it is for a page."""

    site: Site
    path: str
    frame: argumentation.Frame
    away: bool = False

    @property
    def iri(self) -> str:
        """The thing at which the map opens."""
        return BASE + self.path

    def thing(self, iri: str) -> str | None:
        """Return the address of what the graph says of a thing."""
        if self.away and not self.site.base_url:
            return iri if iri.startswith(("http://", "https://")) else None
        return self.site.href(iri)

    def opened(self, iri: str, *, both: bool = False) -> str | None:
        """Return the address of the map that opens at a card."""
        if not iri.startswith(BASE) or not _PATH.fullmatch(iri.removeprefix(BASE)):
            return None
        query = {"direction": "both"} if both and not self.site.published else {}
        return self._address(iri.removeprefix(BASE), query)

    def folded(self, iri: str) -> str | None:
        """Return the address of this map with the card *iri* folded, or not if it is."""
        now = self.frame.folded
        then = [each for each in now if each != iri] if iri in now else [*now, iri]
        if (
            self.site.published
            or len(then) > argumentation.reading.MOST_FOLDED
            or not iri.startswith(BASE)
        ):
            return None
        return self.address(folded=tuple(then))

    def address(self, format_name: str = "", folded: tuple[str, ...] | None = None) -> str:
        """Return the address of this map in a format."""
        frame, query = self.frame, {}
        if frame.depth != argumentation.LEVELS:
            query["depth"] = str(frame.depth)
        if frame.direction != argumentation.Direction.BELOW:
            query["direction"] = str(frame.direction)
        hidden = frame.folded if folded is None else folded
        if hidden:
            query["folded"] = ",".join(each.removeprefix(BASE) for each in sorted(hidden))
        ending_ = f".{format_name}" if format_name else ""
        return self._address(f"{self.path}{ending_}", query, anchor=not format_name)

    def _address(self, path: str, query: dict[str, str], *, anchor: bool = True) -> str:
        root = BASE.rstrip("/") if self.away and not self.site.base_url else self.site.base_url
        asked = f"?{urlencode(query, safe='/,')}" if query else ""
        return f"{root}/map/{quote(path)}{asked}{'#start' if anchor else ''}"

    @property
    def citation(self) -> str:
        """How to cite the map; without a date, so that the same release gives the same file."""
        away = _Asked(self.site, self.path, self.frame, away=True)
        return (
            f"pkgraph {resources.version()}, argument map, graph {self.site.graph.release}. "
            f"{away.address('html')}"
        )


def _answer(asked: _Asked, format_name: str) -> Response:
    """Return the response that has the map as it is asked for."""
    if not _PATH.fullmatch(asked.path):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    site = asked.site
    try:
        found = argumentation.read(site.graph.store, asked.iri, asked.frame)
    except NotFoundError:
        pages.require_standing(site.graph.store, asked.iri)
        raise
    headers = {"ETag": etag(site.graph.release, _looks(), asked.address(format_name))}
    headers["Cache-Control"] = "no-cache"
    if format_name == "html":
        return _page(asked, found, headers)
    headers["Content-Type"] = _TYPES.get(format_name) or negotiation.content_type(format_name)
    name = asked.path.replace("/", "-")
    headers["Content-Disposition"] = f'attachment; filename="{name}.{format_name}"'
    return Response(_file(asked, found, format_name), headers=headers)


def _file(asked: _Asked, found: argumentation.ArgumentMap, format_name: str) -> str | bytes:
    if format_name == "dot":
        return files.dot(found)
    if format_name == "json":
        return files.aif(found, asked.citation)
    if format_name == "ttl":
        return _statements(asked.site, found)
    away = _Asked(asked.site, asked.path, asked.frame, away=True)
    drawing = argumentation.place(found)
    picture = svg.write(drawing, away, _style(), asked.citation)
    if format_name == "png":
        return png.write(picture, drawing.width, drawing.height + svg.FOOT)
    return picture


def _page(asked: _Asked, found: argumentation.ArgumentMap, headers: dict[str, str]) -> Response:
    drawing = argumentation.place(found)
    used = {link.relation for link in found.links}
    entries = outline.outline(found)
    segment, site = asked.path.partition("/")[0], asked.site
    response = site.page(
        "map",
        asked=asked,
        found=found,
        above=[(f"/{segment}", segment), (f"/{asked.path}", found.about.label)],
        summary=svg.summary(drawing),
        picture=svg.write(drawing, asked),
        legend=[(name, svg.legend(name)) for name in RELATIONS if name in used],
        entries=entries,
        telling=Telling(found, entries),
        told=told,
        anchors=_anchors(entries),
        directions=_DIRECTIONS,
        levels=range(argumentation.MOST_LEVELS + 1),
        most=argumentation.MOST_CARDS,
        formats={
            name: text
            for name, text in _NAMES.items()
            if name != "png" or not site.published  # it would take more time than all the rest
        },
    )
    response.headers.update(headers)
    return response


def _anchors(entries: tuple[outline.Entry, ...]) -> dict[str, str]:
    """Return the anchors of the cards that other entries of a list lead to."""
    named = dict.fromkeys(each.card.iri for each in outline.every(entries) if each.again)
    return {iri: f"card-{number}" for number, iri in enumerate(named, 1)}


def _statements(site: Site, found: argumentation.ArgumentMap) -> str:
    """Return what the graph says of the cards and links of a map, as Turtle."""
    things = [card.iri for card in found.cards]
    things += [link.iri for link in found.links if link.iri]
    values = " ".join(str(terms.iri(each)) for each in things)
    answer = site.graph.store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}"
    )
    if not isinstance(answer, tuple):
        raise StoreError("the store answered a CONSTRUCT with something instead of triples")
    return serialization.write(answer, "ttl")


def _frame(request: Request) -> argumentation.Frame:
    """
    Return how the map is asked for.

    Raises:
        ParameterError: A parameter is unknown, there twice, or not of its kind.
    """
    asked = given.parameters(request, {"depth", "direction", "folded"})
    depth = asked.get("depth", str(argumentation.LEVELS))
    direction = asked.get("direction", "below")
    folded = [each for each in asked.get("folded", "").split(",") if each]
    if not _LEVEL.fullmatch(depth):
        raise ParameterError(f"'depth' is a whole number from 0 to {argumentation.MOST_LEVELS}")
    if direction not in _DIRECTIONS:
        raise ParameterError(f"'direction' is one of {', '.join(_DIRECTIONS)}")
    if not all(map(_PATH.fullmatch, folded)):
        raise ParameterError("'folded' has things as claim/name, with commas between them")
    return argumentation.Frame(
        depth=int(depth),
        direction=argumentation.Direction(direction),
        folded=tuple(sorted({BASE + each for each in folded})),
    )


@cache
def _style() -> str:
    """Return the style sheet of maps with its colours in it, for a file."""
    return _COLOUR.sub(r"\1", (FOLDER / "static" / "map.css").read_text(encoding="utf-8"))


@cache
def _looks() -> str:
    """Return what pages and pictures are made with besides the graph."""
    return etag(resources.version(), _style(), (FOLDER / "templates" / "map.html").read_text())
