"""
What a query gives, and its values in Python.

A SELECT gives a :class:`Table`, an ASK a bool, and CONSTRUCT and DESCRIBE give triples. A table
keeps the RDF terms as they came; iterating over it gives rows of plain Python values. How it is
written down is the matter of :mod:`pkgraph.serialization`.

Source:
    XML Schema 1.1 Datatypes: https://www.w3.org/TR/xmlschema11-2/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.errors import MissingDependencyError
from pkgraph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value: TypeAlias = str | int | float | bool | Decimal | date | None

#: How a literal of each datatype is written, as XML Schema has it, and what makes it Python's.
#: Python itself takes more, such as 1_000 and other digits than ours.
_TO_PYTHON: Final[Mapping[str, tuple[str, Callable[[str], Value]]]] = MappingProxyType(
    {
        XSD + name: (pattern, convert)
        for pattern, convert, *names in (
            (r"true|false|1|0", lambda text: text in {"true", "1"}, "boolean"),
            (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat, "date"),
            (r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", Decimal, "decimal"),
            (
                r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
                float,
                "double",
                "float",
            ),
            (r"-?[0-9]{4,}", int, "gYear"),
            (r"[+-]?[0-9]+", int, "integer", "nonNegativeInteger", "positiveInteger"),
            (r"[+-]?[0-9]+", int, "long", "int", "short", "byte"),
        )
        for name in names
    }
)


class Row(Mapping[str, Value]):
    """
    One row of a table: its values by the name of their column, also as attributes.

    IRIs are strings, whole numbers and years are int, dates are date, and what is unbound is None.
    A column that has the name of a method of mappings, such as ``items``, is had by index only.

    >>> row = Row(("claim", "lines"), ("https://example.org/c", 3))
    >>> row["claim"], row.lines
    ('https://example.org/c', 3)
    """

    __slots__ = ("_columns", "_values")

    def __init__(self, columns: tuple[str, ...], values: tuple[Value, ...]) -> None:
        self._columns = columns
        self._values = values

    def __getitem__(self, column: str) -> Value:
        try:
            return self._values[self._columns.index(column)]
        except ValueError:
            raise KeyError(column) from None

    def __getattr__(self, column: str) -> Value:
        if column in Row.__slots__:  # not set yet, in a row that is being copied
            raise AttributeError(column)
        try:
            return self[column]
        except KeyError:
            names = ", ".join(self._columns)
            raise AttributeError(f"no column '{column}'; the columns are {names}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        cells = (f"{name}={value!r}" for name, value in self.items())
        return f"Row({', '.join(cells)})"


@dataclass(frozen=True, slots=True)
class Table:
    """
    The rows of a SELECT.

    ``terms`` has one tuple a row, with a term, or None where nothing is bound, for each of
    ``columns``. ``len`` counts the rows; an index or iteration gives :class:`Row`.
    """

    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.terms)

    def __getitem__(self, index: int) -> Row:
        return Row(self.columns, tuple(map(python_value, self.terms[index])))

    def __iter__(self) -> Iterator[Row]:
        return (Row(self.columns, tuple(map(python_value, terms))) for terms in self.terms)

    def to_json(self) -> str:
        """Return the table as SPARQL Results JSON."""
        return _written(self, "json")

    def to_csv(self) -> str:
        """Return the table as CSV, IRIs in full; read it with line ends kept."""
        return _written(self, "csv")

    def to_tsv(self) -> str:
        """Return the table as tab-separated values, each an RDF term as Turtle writes it."""
        return _written(self, "tsv")

    def to_pandas(self) -> pd.DataFrame:
        """
        Return the table as a data frame with a row for each row.

        Raises:
            MissingDependencyError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise MissingDependencyError(
                "to_pandas needs pandas, which is not installed; run: pip install 'pkgraph[pandas]'"
            ) from None
        return pd.DataFrame([dict(row) for row in self], columns=list(self.columns))


def _written(table: Table, format_name: str) -> str:
    from pkgraph import serialization  # which takes tables apart

    return serialization.write(table, format_name)


Triples: TypeAlias = tuple[ox.Triple, ...]
Answer: TypeAlias = Table | bool | Triples


def python_value(term: Term | None) -> Value:
    """
    Return *term* as a plain Python value: see :class:`Row`.

    A literal that is not of its datatype, or of one that Python has nothing for, is its text.

    >>> python_value(ox.Literal("1997", datatype=ox.NamedNode(XSD + "gYear")))
    1997
    >>> python_value(ox.Literal("about 50", datatype=ox.NamedNode(XSD + "integer")))
    'about 50'
    """
    if term is None:
        return None
    if isinstance(term, ox.Triple):
        return str(term)
    if isinstance(term, ox.Literal):
        pattern, convert = _TO_PYTHON.get(term.datatype.value, (None, None))
        if pattern and convert and re.fullmatch(pattern, term.value):
            # A day of no month, or more digits than Python reads, is a text as well.
            with suppress(ValueError):
                return convert(term.value)
    return term.value
