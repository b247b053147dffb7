"""Make the rows of a query ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.tables import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.results import Table
    from pkgraph.web.site import Site

#: How many rows a page shows; the other formats have all.
MOST_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and where it leads."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as a page shows it: the columns with what they hold, some rows, and their number."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


def shape(site: Site, table: Table, columns: Mapping[str, str]) -> Shown:
    """Return *table* with each label in the place of its thing; *columns* says what they hold."""
    places = {name: place for place, name in enumerate(table.columns)}
    labelled = {name: places.get(f"{name}_label") for name in table.columns}
    names = [
        name for name in table.columns if labelled.get(name.removesuffix("_label")) != places[name]
    ]
    rows = []
    for terms in table.terms[:MOST_ROWS]:
        row = []
        for name in names:
            term, label_place = terms[places[name]], labelled[name]
            label = None if label_place is None else terms[label_place]
            href = site.href(term.value) if isinstance(term, ox.NamedNode) else None
            row.append(Cell(shown(term if label is None else label), href))
        rows.append(tuple(row))
    return Shown(
        tuple((name.replace("_", " "), columns.get(name, "")) for name in names),
        tuple(rows),
        len(table),
    )
