"""
What a query gives, and the standard ways to write it down.

A SELECT gives a :class:`Table`, an ASK a bool, and CONSTRUCT and DESCRIBE give triples. A table
keeps the RDF terms as they came; iterating over it gives rows of plain Python values.

Source:
    SPARQL 1.1 Query Results JSON Format: https://www.w3.org/TR/sparql11-results-json/
    SPARQL 1.1 Query Results CSV and TSV Formats: https://www.w3.org/TR/sparql11-results-csv-tsv/
    SPARQL Query Results XML Format: https://www.w3.org/TR/rdf-sparql-XMLres/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.errors import MissingDependencyError, UnknownFormatError
from pkgraph.namespaces import XSD, prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value: TypeAlias = str | int | float | bool | Decimal | date | None

#: The formats of a table, by the name that people give them.
TABLE_FORMATS: Final[Mapping[str, ox.QueryResultsFormat]] = MappingProxyType(
    {
        "json": ox.QueryResultsFormat.JSON,
        "csv": ox.QueryResultsFormat.CSV,
        "tsv": ox.QueryResultsFormat.TSV,
        "xml": ox.QueryResultsFormat.XML,
    }
)
#: The formats of triples, by the ending of a file that has them.
GRAPH_FORMATS: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
    }
)

#: How a literal of each datatype is written, as XML Schema has it, and what makes it Python's.
#: Python itself takes more, such as 1_000 and other digits than ours.
_TO_PYTHON: Final[Mapping[str, tuple[re.Pattern[str], Callable[[str], Value]]]] = MappingProxyType(
    {
        XSD + name: (re.compile(pattern), convert)
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
#: What no document of XML 1.0 can have: https://www.w3.org/TR/xml/#charsets
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: How a property has to end so that it can be an element of RDF/XML.
_ELEMENT: Final = re.compile(r"[^\W\d][\w.-]*$")


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
        return write(self, "json")

    def to_csv(self) -> str:
        """Return the table as CSV, IRIs in full; read it with line ends kept."""
        return write(self, "csv")

    def to_tsv(self) -> str:
        """Return the table as tab-separated values, each an RDF term as Turtle writes it."""
        return write(self, "tsv")

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
        if pattern and convert and pattern.fullmatch(term.value):
            # A day of no month, or more digits than Python reads, is a text as well.
            with suppress(ValueError):
                return convert(term.value)
    return term.value


def write(answer: Answer, format_name: str) -> str:
    """
    Return *answer* in one of :data:`TABLE_FORMATS`, or triples in one of :data:`GRAPH_FORMATS`.

    Raises:
        UnknownFormatError: There is no such format for what was answered.
    """
    if isinstance(answer, tuple):
        return _write_triples(answer, format_name)
    if format_name not in TABLE_FORMATS:
        raise UnknownFormatError(
            f"there is no format '{format_name}' for a table or a yes or no; choose one of "
            f"{', '.join(TABLE_FORMATS)}"
        )
    if isinstance(answer, bool):
        if format_name in {"csv", "tsv"}:
            raise UnknownFormatError(
                f"yes or no cannot be written as {format_name}; choose json or xml"
            )
        text = json.dumps({"head": {}, "boolean": answer})
    else:
        bindings = [
            {
                name: _as_json(term)
                for name, term in zip(answer.columns, terms, strict=True)
                if term is not None
            }
            for terms in answer.terms
        ]
        document = {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}
        text = json.dumps(document, ensure_ascii=False)
    if format_name == "json":
        return text + "\n"
    if format_name == "xml":
        rows = () if isinstance(answer, bool) else answer.terms
        _check_xml_characters("xml", (cell for row in rows for cell in row))
    parsed = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    written = parsed.serialize(format=TABLE_FORMATS[format_name]) or b""
    return written.decode()


def _write_triples(triples: Triples, format_name: str) -> str:
    """Return *triples* in one of the formats of graphs, sorted, with the prefixes they use."""
    if format_name not in GRAPH_FORMATS:
        raise UnknownFormatError(
            f"there is no format '{format_name}' for triples; choose one of "
            f"{', '.join(GRAPH_FORMATS)}"
        )
    used = {
        node.value[: max(node.value.rfind("/"), node.value.rfind("#")) + 1]
        for triple in triples
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, ox.NamedNode)
    }
    names = {prefix: namespace for prefix, namespace in prefixes().items() if namespace in used}
    if format_name == "rdf":
        _check_xml_characters("rdf", triples)
        for triple in triples:
            if not _ELEMENT.search(triple.predicate.value):
                raise UnknownFormatError(
                    f"RDF/XML cannot write the property {triple.predicate}, whose IRI does not end "
                    "in a name; choose ttl"
                )
    ordered = sorted(triples, key=str)
    try:
        written = ox.serialize(ordered, format=GRAPH_FORMATS[format_name], prefixes=names) or b""
    except OSError as error:
        raise UnknownFormatError(
            f"these triples cannot be written as {format_name}: {error}; choose ttl"
        ) from None
    return written.decode()


def _check_xml_characters(format_name: str, terms: Iterable[Term | None]) -> None:
    """Refuse *terms* with a character that XML cannot have, not even escaped."""
    for term in terms:
        if isinstance(term, ox.Triple):
            _check_xml_characters(format_name, (term.subject, term.predicate, term.object))
        elif isinstance(term, ox.Literal) and (found := _NOT_XML.search(term.value)):
            raise UnknownFormatError(
                f"there is a character that {format_name} cannot have, U+{ord(found[0]):04X}; "
                f"choose {'json' if format_name == 'xml' else 'ttl'}"
            )


def _as_json(term: Term) -> dict[str, object]:
    """Return *term* as SPARQL Results JSON has it."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {
            "subject": _as_json(term.subject),
            "predicate": _as_json(term.predicate),
            "object": _as_json(term.object),
        }
        return {"type": "triple", "value": parts}
    cell: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        cell["xml:lang"] = term.language
        if term.direction:
            cell["its:dir"] = term.direction.value
    elif term.datatype.value != XSD + "string":
        cell["datatype"] = term.datatype.value
    return cell
