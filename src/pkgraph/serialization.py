"""
Write what a query gives in the standard formats.

Source:
    SPARQL 1.1 Query Results JSON Format: https://www.w3.org/TR/sparql11-results-json/
    SPARQL 1.1 Query Results CSV and TSV Formats: https://www.w3.org/TR/sparql11-results-csv-tsv/
    SPARQL Query Results XML Format: https://www.w3.org/TR/rdf-sparql-XMLres/
"""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import UnknownFormatError
from pkgraph.namespaces import XSD, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.results import Answer, Term, Triples

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

#: The formats of triples that also tell graphs apart, in the same way.
DATASET_FORMATS: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}
)

#: What no document of XML 1.0 can have: https://www.w3.org/TR/xml/#charsets
_NOT_XML: Final = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
#: How a property has to end so that it can be an element of RDF/XML.
_ELEMENT: Final = r"[^\W\d][\w.-]*$"


def write(answer: Answer, format_name: str) -> str:
    """
    Return *answer* in one of :data:`TABLE_FORMATS`, or of those of graphs if it is triples.

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
    syntax = GRAPH_FORMATS.get(format_name) or DATASET_FORMATS.get(format_name)
    if syntax is None:
        raise UnknownFormatError(
            f"there is no format '{format_name}' for triples; choose one of "
            f"{', '.join((*GRAPH_FORMATS, *DATASET_FORMATS))}"
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
            if not re.search(_ELEMENT, triple.predicate.value):
                raise UnknownFormatError(
                    f"RDF/XML cannot write the property {triple.predicate}, whose IRI does not end "
                    "in a name; choose ttl"
                )
    ordered = sorted(triples, key=str)
    try:
        written = ox.serialize(ordered, format=syntax, prefixes=names) or b""
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
        elif isinstance(term, ox.Literal) and (found := re.search(_NOT_XML, term.value)):
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
