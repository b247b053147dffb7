"""Put the rows of an answer in the order of a column that somebody chose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from pkgraph import terms
from pkgraph.errors import ParameterError
from pkgraph.results import Table, python_value
from pkgraph.tables import shown

if TYPE_CHECKING:
    from pkgraph.results import Term

#: The parameter of an address that names the column; with a minus before it, the order is reversed.
SORT: Final = "sort"

AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True, slots=True)
class Order:
    """The column that rows are in the order of, and whether the last comes first."""

    column: str
    reverse: bool

    @property
    def text(self) -> str:
        """How it is written in an address."""
        return f"{'-' * self.reverse}{self.column}"


def read(text: str, table: Table) -> Order:
    """
    Return the order that *text* names.

    Raises:
        ParameterError: *table* has no such column.
    """
    column = text.removeprefix("-")
    if column not in table.columns:
        raise ParameterError(
            f"'{SORT}' names a column, with a minus before it for the reverse order; the columns "
            f"are {', '.join(table.columns)}"
        )
    return Order(column, text.startswith("-"))


def ordered(table: AnyTable, order: Order) -> AnyTable:
    """
    Return *table* in an *order*; rows that are equal in it stay as they were.

    A thing is in the place of its label. Numbers and dates come before texts, and what is not bound
    is last either way.
    """
    columns = table.columns
    labels = f"{order.column}_label"
    place = columns.index(labels if labels in columns else order.column)
    bound = [row for row in table.terms if row[place] is not None]
    unbound = [row for row in table.terms if row[place] is None]
    bound.sort(key=lambda row: _key(row[place]), reverse=order.reverse)
    return replace(table, terms=(*bound, *unbound))


def _key(term: Term | None) -> tuple[int, Decimal, str]:
    """Return what decides the place of *term*."""
    value = python_value(term)
    if isinstance(value, int | float | Decimal):
        number = Decimal(value)
        if number.is_finite():
            return 0, number, ""
    text = shown(term)
    return 1, Decimal(0), f"{terms.fold(text)}\0{text}"
