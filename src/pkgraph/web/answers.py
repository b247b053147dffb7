"""The answer to a canned query as a page shows it: in an order that was chosen, some rows of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.errors import ParameterError
from pkgraph.web import sorting, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph import catalogue
    from pkgraph.graph import QueryResult
    from pkgraph.web.site import Site

#: The parameter that names the page of a long answer.
PAGE: Final = "page"
#: How many pages to each side of one have links.
_NEAR: Final = 5


def bare(query: catalogue.Query, text: str | None = None) -> str:
    """Return the *text* of a query, its own if none is given, with its summary for its header."""
    lines = (query.text if text is None else text).splitlines(keepends=True)
    kept = (line for line in lines if not line.startswith("#+"))
    return f"# {query.summary}\n{''.join(kept)}"


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a column does: the address that sorts by it, and how it is sorted now."""

    address: str
    sorted: str | None


@dataclass(frozen=True, slots=True)
class View:
    """Which rows of *result*, the answer to what was ``asked``, are seen, and in which order."""

    result: QueryResult
    asked: Mapping[str, str]
    order: sorting.Order | None
    page: int

    def table(self, site: Site) -> tables.Shown:
        """Return the rows that are seen."""
        rows = sorting.ordered(self.result, self.order) if self.order else self.result
        part = rows.part((self.page - 1) * tables.MOST_ROWS, tables.MOST_ROWS)
        return tables.shape(site, part, self.result.query.columns, len(self.result))

    def heads(self, site: Site, columns: tuple[str, ...]) -> list[Head]:
        """Return the head of each of *columns*: the same chosen again reverses the order."""
        found = []
        for column in columns:
            is_sorted = self.order is not None and self.order.column == column
            is_reverse = self.order is not None and self.order.reverse
            now = ("descending" if is_reverse else "ascending") if is_sorted else None
            following = sorting.Order(column, reverse=now == "ascending")
            found.append(Head(self._address(site, following), now))
        return found

    def pages(self, site: Site) -> list[tuple[str, str | None]]:
        """Return the rows of each page, if there are several, and the address unless it is seen."""
        total, most = len(self.result), tables.MOST_ROWS
        found: list[tuple[str, str | None]] = []
        for number, first in enumerate(range(0, total, most), start=1):
            rows = f"{first + 1:,}–{min(first + most, total):,}"
            address = self._address(site, self.order, number)
            found.append((rows, None if number == self.page else address))
        return found[max(0, self.page - _NEAR - 1) : self.page + _NEAR] if total > most else []

    def _address(self, site: Site, order: sorting.Order | None, page: int = 1) -> str:
        sort = {sorting.SORT: order.text} if order else {}
        place = {PAGE: str(page)} if page > 1 else {}
        return site.link(f"/queries/{self.result.query.name}", {**self.asked, **sort, **place})


def view(result: QueryResult, asked: Mapping[str, str], sort: str | None, page: str | None) -> View:
    """
    Return the view of *result* that an address with *sort* and *page* names.

    Raises:
        ParameterError: The one is no column, or the other no page.
    """
    if page is not None and not re.fullmatch("[1-9][0-9]{0,6}", page):
        raise ParameterError(f"'{PAGE}' is the number of a page, not '{page[:40]}'")
    number = int(page or 1)
    if number > 1 and (number - 1) * tables.MOST_ROWS >= len(result):
        raise ParameterError(f"the answer has no page {number}; leave '{PAGE}' out for the first")
    return View(result, asked, sorting.read(sort, result) if sort else None, number)
