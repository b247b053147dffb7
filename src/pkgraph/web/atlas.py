"""The timelines of operations and of works, and the world map: as pages, pictures and tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.responses import Response

from pkgraph import serialization
from pkgraph.errors import ParameterError
from pkgraph.namespaces import compact
from pkgraph.pages.atlas import lettering, operations, timeline, works, world
from pkgraph.results import Table
from pkgraph.web.negotiation import content_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request

    from pkgraph.pages.atlas.operations import Named, Operation
    from pkgraph.web.site import Site

#: Where each is, as a page; the same address with .csv or .svg is its table or picture alone.
FORMATS: Final = ("csv", "svg")
#: How many operations a picture has; the table to take away has all.
MOST: Final = 600
_YEAR: Final = re.compile(r"[0-9]{4}")
#: What operations can be narrowed to.
_OF: Final[Mapping[str, Callable[[Operation], Iterable[Named]]]] = {
    "region": lambda each: each.regions,
    "lead": lambda each: each.leaders,
    "kind": lambda each: ((each.kind.replace(" ", "-"), each.kind),),
}
_BY: Final = ("organisation", "region")


def of_operations(site: Site, request: Request) -> Response:
    """Show operations in time."""
    asked = _asked(request, (*_OF, "by"))
    by = asked.get("by", _BY[0])
    if by not in _BY:
        raise ParameterError(f"'by' is organisation or region, not '{by}'")
    every = operations.read(site.graph.store)
    found = _narrowed(every, asked)
    if _format(request) == "csv":
        return _csv(site, "timeline", _rows(found))
    drawn = timeline.draw(found[:MOST], by)
    context = {"drawn": drawn, "width": timeline.WIDTH, "lane": timeline.LANE}
    if _format(request) == "svg":
        return _picture(site, request, "timeline", context)
    return site.page(
        "timeline",
        **context,
        found=found,
        most=MOST,
        asked=asked,
        by=by,
        ways=_BY,
        filters=[
            (name, _offered(_narrowed(every, {**asked, name: ""}), name), asked.get(name, ""))
            for name in _OF
        ],
        address=_address(site, "/timeline"),
        places=_texts,
    )


def of_works(site: Site, request: Request) -> Response:
    """Show works in time."""
    _asked(request, ())
    found = works.read(site.graph.store)
    if _format(request) == "csv":
        return _csv(
            site,
            "works",
            [
                ("work", "work_label", "year"),
                *((each.iri, each.label, str(each.year or "")) for each in found),
            ],
        )
    width, height = 1180.0, 170.0
    columns = works.columns(found, width, height)
    context = {"columns": columns, "column": width / _span(columns)}
    if _format(request) == "svg":
        return _picture(site, request, "works", context)
    undated = [each for each in found if not each.year]
    return site.page("works", **context, found=found, undated=undated, asked={})


def on_the_map(site: Site, request: Request) -> Response:
    """Show operations on the map of the world, all of them or those of a year."""
    asked = _asked(request, ("year", "operation"))
    every = operations.read(site.graph.store)
    years = world.by_year(every)
    year = _year(asked, years)
    only = _only(asked, every)
    found = (only,) if only else every
    found = tuple(each for each in found if each.went_on_in(year)) if year else found
    if _format(request) == "csv":
        return _csv(site, "world", _rows(found))
    drawn = world.draw(found)
    width, height, shapes = world.boundaries()
    context = {
        "drawn": drawn,
        "width": width,
        "height": height,
        "shapes": shapes,
        "shade": _shade,
        "anchors": _anchors(drawn),
        "year": year,
    }
    if _format(request) == "svg":
        return _picture(site, request, "world", context)
    return site.page(
        "world",
        **context,
        found=found,
        only=only,
        every=every,
        years=years,
        busiest=max((number for _, number in years), default=1),
        undated=[each for each in every if not each.starts],
        asked=asked,
    )


#: The addresses of the three, each as a page, a table and a picture.
ADDRESSES: Final = tuple(
    (f"{path}{ending}", answer)
    for path, answer in (
        ("/timeline", of_operations),
        ("/timeline/works", of_works),
        ("/world", on_the_map),
    )
    for ending in ("", *(f".{name}" for name in FORMATS))
)


def _asked(request: Request, names: Sequence[str]) -> dict[str, str]:
    """
    Return the parameters that have a value.

    Raises:
        ParameterError: One is not among *names*, or is given twice.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise ParameterError(
                f"there is no parameter '{lettering.short(name, 40)}' here; "
                + (f"there are {', '.join(names)}" if names else "there is none at all")
            )
        if name in given:
            raise ParameterError(f"'{name}' is given twice; give it one value")
        if value.strip():
            given[name] = value.strip()
    return given


def _year(asked: Mapping[str, str], years: Sequence[tuple[int, int]]) -> int:
    """
    Return the year that is *asked* for; 0 if none is.

    Raises:
        ParameterError: It is not one of *years*.
    """
    text = asked.get("year")
    if text is None:
        return 0
    known = [year for year, _ in years]
    if not _YEAR.fullmatch(text) or int(text) not in known:
        told = (
            f"a year from {known[0]} to {known[-1]}"
            if known
            else "for dated operations, of which there are none"
        )
        raise ParameterError(f"'year' is {told}, not '{lettering.short(text, 40)}'")
    return int(text)


def _only(asked: Mapping[str, str], every: Sequence[Operation]) -> Operation | None:
    """
    Return the one operation that is *asked* for; None if none is.

    Raises:
        ParameterError: It is not one of *every* operation.
    """
    name = asked.get("operation")
    found = next((each for each in every if compact(each.iri) == name), None)
    if name and found is None:
        raise ParameterError(
            f"there is no operation '{lettering.short(name, 60)}'; write one as operation:onuc"
        )
    return found


def _narrowed(found: Sequence[Operation], asked: Mapping[str, str]) -> tuple[Operation, ...]:
    """
    Return those of *found* that are what is *asked* for.

    Raises:
        ParameterError: No operation at all is.
    """
    for name, of in _OF.items():
        wanted = asked.get(name)
        if wanted:
            known = {compact(iri) for each in found for iri, _ in of(each)}
            if wanted not in known:
                raise ParameterError(
                    f"no operation has '{lettering.short(wanted, 60)}' for its {name} here; "
                    "choose one of those that /timeline offers"
                )
            found = [each for each in found if wanted in {compact(iri) for iri, _ in of(each)}]
    return tuple(found)


def _offered(found: Sequence[Operation], name: str) -> list[tuple[str, str, int]]:
    return [
        (compact(iri), label, number) for (iri, label), number in timeline.filters(found, _OF[name])
    ]


def _address(site: Site, path: str) -> Callable[[Mapping[str, str], str, str], str]:
    """Return what gives the address of *path* with one parameter changed, or left out."""

    def address(asked: Mapping[str, str], name: str, value: str) -> str:
        query = {key: each for key, each in {**asked, name: value}.items() if each}
        return site.link(path, query)

    return address


def _shade(number: int) -> str:
    """Return which shade a territory has that hosts a *number* of operations."""
    return next(
        name
        for name, most in (("none", 0), ("few", 2), ("some", 5), ("many", 9), ("most", number))
        if number <= most
    )


def _anchors(drawn: world.World) -> dict[str, str]:
    """Return the anchor of each place in the table: no address in it can end an attribute."""
    return {place.host.iri: f"place-{number}" for number, place in enumerate(drawn.places, 1)}


def _span(columns: Sequence[works.Column]) -> int:
    return columns[-1].year - columns[0].year + 1 if columns else 1


def _texts(named: Iterable[Named]) -> str:
    return ", ".join(label for _, label in named)


def _format(request: Request) -> str:
    ending = request.scope["path"].rpartition(".")[2]
    return ending if ending in FORMATS else "html"


def _picture(site: Site, request: Request, name: str, context: Mapping[str, object]) -> Response:
    """Return a picture that stands alone, with its citation."""
    path = request.scope["path"].removesuffix(".svg")
    query = urlencode(sorted(request.query_params.items()))
    address = f"{site.base_url or 'https://w3id.org/pkgraph'}{path}{f'?{query}' if query else ''}"
    text = site.render(f"_{name}_svg", **context, alone=True, citation=address)
    response = Response(text, headers={"Content-Type": "image/svg+xml; charset=utf-8"})
    response.headers["Content-Disposition"] = f'inline; filename="{name}.svg"'
    return response


def _csv(site: Site, name: str, rows: Sequence[Sequence[str]]) -> Response:
    """Return *rows*, of which the first has the names of the columns."""
    table = Table(tuple(rows[0]), tuple(tuple(map(_term, row)) for row in rows[1:]))
    response = Response(
        serialization.write(table, "csv"), headers={"Content-Type": content_type("csv")}
    )
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{site.graph.release}.csv"'
    return response


def _term(text: str) -> ox.Literal | ox.NamedNode | None:
    return ox.Literal(text) if text else None


def _rows(found: Iterable[Operation]) -> list[tuple[str, ...]]:
    """Return the table of operations: a row for each host of each."""
    rows = [
        (
            "operation",
            "operation_label",
            "kind",
            "start",
            "start_precision",
            "end",
            "end_precision",
            "ongoing",
            "host",
            "host_label",
            "host_m49",
            "lead",
            "lead_label",
            "region",
            "region_label",
        )
    ]
    for each in found:
        dates = tuple(
            text
            for few in (each.starts, each.ends)
            for text in (_joined(d.text for d in few), _joined(d.precision for d in few))
        )
        start, end = dates[:2], dates[2:]
        leaders, regions = (
            (_joined(iri for iri, _ in few), _joined(label for _, label in few))
            for few in (each.leaders, each.regions)
        )
        head = (each.iri, each.label, each.kind, *start, *end, "true" if each.ongoing else "")
        for host in each.hosts or (operations.Host("", ""),):
            rows.append((*head, host.iri, host.label, host.code, *leaders, *regions))
    return rows


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
