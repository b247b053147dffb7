"""The timelines of operations and of works, and the world map: as pages, pictures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from pkgraph import serialization
from pkgraph.errors import ParameterError
from pkgraph.namespaces import BASE
from pkgraph.pages.atlas import operations, table, timeline, works, world
from pkgraph.web import narrowing
from pkgraph.web.linked import ending
from pkgraph.web.negotiation import content_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request

    from pkgraph.pages.atlas.operations import Named
    from pkgraph.results import Table
    from pkgraph.web.site import Site

#: Where each is, as a page; the same address with .csv or .svg is its table or picture alone.
FORMATS: Final = ("csv", "svg")
#: How many operations a page and its picture have; the table to take away has all.
MOST: Final = 600
#: Of how many years the map's page has a column each.
_YEARS: Final = 300
_BY: Final = ("organisation", "region")


def of_operations(site: Site, request: Request) -> Response:
    """Show operations in time."""
    asked = narrowing.asked_for(request, (*narrowing.OF, "by"))
    by = asked.get("by", _BY[0])
    if by not in _BY:
        raise ParameterError(f"'by' is organisation or region, not '{by}'")
    every = operations.read(site.graph.store)
    found = narrowing.narrowed(every, asked)
    if _format(request) == "csv":
        return _csv(site, "timeline", table.of_operations(found))
    drawn = timeline.draw(found[:MOST], by)
    context: dict[str, Any] = {
        "drawn": drawn,
        "width": timeline.WIDTH,
        "lane": timeline.LANE,
        "most": MOST,
        "number": len(found),
    }
    if _format(request) == "svg":
        return _picture(site, request, "timeline", context)
    return site.page(
        "timeline",
        **context,
        found=found,
        asked=asked,
        by=by,
        ways=_BY,
        filters=[
            (
                name,
                narrowing.offered(narrowing.narrowed(every, {**asked, name: ""}), name),
                asked.get(name, ""),
            )
            for name in narrowing.OF
        ],
        address=_address(site, "/timeline"),
        places=_texts,
    )


def of_works(site: Site, request: Request) -> Response:
    """Show works in time."""
    narrowing.asked_for(request, ())
    found = works.read(site.graph.store)
    if _format(request) == "csv":
        return _csv(site, "works", table.of_works(found))
    width, height = 1180.0, 170.0
    columns = works.columns(found, width, height)
    context: dict[str, Any] = {"columns": columns, "column": width / _span(columns)}
    if _format(request) == "svg":
        return _picture(site, request, "works", context)
    undated = [each for each in found if not each.year]
    return site.page("works", **context, found=found, undated=undated, asked={})


def on_the_map(site: Site, request: Request) -> Response:
    """Show operations on the map of the world, all of them or those of a year."""
    asked = narrowing.asked_for(request, ("year", "operation"))
    every = operations.read(site.graph.store)
    years = world.by_year(every)
    year = narrowing.year(asked, years)
    only = narrowing.only(asked, every)
    found = (only,) if only else every
    found = tuple(each for each in found if each.went_on_in(year)) if year else found
    if _format(request) == "csv":
        return _csv(site, "world", table.of_operations(found))
    drawn = world.draw(found[:MOST])
    width, height, shapes = world.boundaries()
    context: dict[str, Any] = {
        "drawn": drawn,
        "width": width,
        "height": height,
        "shapes": shapes,
        "shade": _shade,
        "anchors": _anchors(drawn),
        "year": year,
        "most": MOST,
        "number": len(found),
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
        busiest=max((number for _, number in years), default=1) if len(years) <= _YEARS else 0,
        undated=[each for each in every if not each.starts][:MOST],
        asked=asked,
    )


#: The addresses of the three, each as a page, a table and a picture.
ADDRESSES: Final = tuple(
    (f"{path}{form}", answer)
    for path, answer in (
        ("/timeline", of_operations),
        ("/timeline/works", of_works),
        ("/world", on_the_map),
    )
    for form in ("", *(f".{name}" for name in FORMATS))
)


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
    return ending(request.scope["path"], FORMATS)[1] or "html"


def _picture(site: Site, request: Request, name: str, context: Mapping[str, object]) -> Response:
    """Return a picture that stands alone, with its citation."""
    path, _ = ending(request.scope["path"], FORMATS)
    query = urlencode(sorted(request.query_params.items()))
    address = f"{site.base_url or BASE.rstrip('/')}{path}{f'?{query}' if query else ''}"
    text = site.render(f"_{name}_svg", **context, alone=True, citation=address)
    response = Response(text, headers={"Content-Type": "image/svg+xml; charset=utf-8"})
    response.headers["Content-Disposition"] = f'inline; filename="{name}.svg"'
    return response


def _csv(site: Site, name: str, table: Table) -> Response:
    """Return *table* as a file."""
    response = Response(
        serialization.write(table, "csv"), headers={"Content-Type": content_type("csv")}
    )
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{site.graph.release}.csv"'
    return response
