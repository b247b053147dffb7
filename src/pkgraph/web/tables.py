"""Make the rows of a query ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.tables import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pkgraph.results import Table, Term
    from pkgraph.web.site import Site

    Terms: TypeAlias = tuple[Term | None, ...]
    Taker: TypeAlias = Callable[[Terms], "Cell"]

#: How many rows a page shows, so that it stays small; the other formats have all.
MOST_ROWS: Final = 150


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and where it leads."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A table as a page shows it: the columns with what they hold, some rows, and their number.

    ``keys`` are the names that the columns have in the answer.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    keys: tuple[str, ...]


def shape(site: Site, table: Table, columns: Mapping[str, str], total: int | None = None) -> Shown:
    """
    Return *table* with each label in the place of its thing; *columns* says what they hold.

    *total* is the number of rows where *table* has only the first of them.

    The first and the last line, where one follows the other, become one column.
    """
    places = {name: place for place, name in enumerate(table.columns)}
    last = places.get("last_line")
    joined = last is not None and places.get("first_line") == last - 1
    heads: list[tuple[str, str]] = []
    keys: list[str] = []
    takers: list[Taker] = []
    for name, place in places.items():
        label = places.get(f"{name}_label")
        if places.get(name.removesuffix("_label"), place) != place or (joined and place == last):
            continue
        keys.append(name)
        if joined and name == "first_line":
            heads.append(("lines", "the first and the last line"))
            takers.append(partial(_lines, place))
        else:
            heads.append((name.replace("_", " "), columns.get(name, "")))
            takers.append(partial(_cell, site, place, label))
    rows = tuple(tuple(take(terms) for take in takers) for terms in table.terms[:MOST_ROWS])
    return Shown(tuple(heads), rows, len(table) if total is None else total, tuple(keys))


def _cell(site: Site, place: int, label: int | None, terms: Terms) -> Cell:
    """Return the cell of the term at *place*, with the text of the one at *label*, if any."""
    term = terms[place]
    text = None if label is None else terms[label]
    href = site.href(term.value) if isinstance(term, ox.NamedNode) else None
    return Cell(shown(term if text is None else text), href)


def _lines(place: int, terms: Terms) -> Cell:
    """Return the cell of the lines at *place* and after it."""
    first, last = shown(terms[place]), shown(terms[place + 1])
    return Cell(first if first == last else f"{first}–{last}")
