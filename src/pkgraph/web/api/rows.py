"""
Write the rows of an answer as plain JSON, which a data frame takes as it is.

A row is one flat object with every column: an IRI in full, its label in the column after it, and
null where nothing is bound. Numbers and yes or no are those of JSON. Dates stay texts, years too,
for a column may have a year in one row and a day in the next.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from pkgraph.namespaces import XSD
from pkgraph.results import python_value

if TYPE_CHECKING:
    from pkgraph.results import Table, Term

Cell: TypeAlias = str | int | float | bool | None


def rows(table: Table) -> list[dict[str, Cell]]:
    """Return the rows of *table*, each by column."""
    return [
        {name: cell(term) for name, term in zip(table.columns, terms, strict=True)}
        for terms in table.terms
    ]


def cell(term: Term | None) -> Cell:
    """
    Return *term* as a value of JSON.

    >>> cell(ox.Literal("1997", datatype=ox.NamedNode(XSD + "gYear"))), cell(ox.Literal(3))
    ('1997', 3)
    """
    if not isinstance(term, ox.Literal):
        return None if term is None else getattr(term, "value", str(term))
    value = python_value(term)
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, bool) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, int) and term.datatype.value != XSD + "gYear":
        return value
    return term.value


def datatypes(table: Table, column: str) -> list[str]:
    """
    Return what the values of *column* are, sorted; nothing if there is none.

    That is ``iri``, the name that XML Schema has for a datatype, or the IRI of another one.
    """
    place = table.columns.index(column)
    found = {terms[place] for terms in table.terms}
    return sorted({_datatype(term) for term in found if term is not None})


def _datatype(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return "iri"
    if isinstance(term, ox.Literal):
        return "string" if term.language else term.datatype.value.removeprefix(XSD)
    return "node"
