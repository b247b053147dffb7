"""
Say in RDF what the canned queries are, so that tools for SPARQL can list, fill in and run them.

Each is a ``sh:SPARQLSelectExecutable`` as in the SIB collections of examples, with the text as it
runs, and each of its parameters a ``sh:Parameter`` with its type.

Source:
    SHACL Advanced Features 1.1, SPARQL-based functions and parameters:
    https://www.w3.org/TR/shacl-af/#functions-parameters
    SPARQL examples of the Swiss Institute of Bioinformatics:
    https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.catalogue.query import default, plain_term
from pkgraph.namespaces import BASE, DCTERMS, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pkgraph.catalogue.query import Parameter, Query, Term

SCHEMA: Final = "https://schema.org/"
SH: Final = "http://www.w3.org/ns/shacl#"
_DATATYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"date": "date", "integer": "integer", "string": "string", "year": "gYear"}
)


def examples(queries: Iterable[Query], endpoint: str | None) -> Iterator[ox.Triple]:
    """Yield what is said of *queries*, to be sent to the SPARQL *endpoint* if there is one."""
    for query in queries:
        iri = ox.NamedNode(f"{BASE}queries/{query.name}")
        for name in ("SPARQLExecutable", "SPARQLSelectExecutable"):
            yield _said(iri, RDF + "type", ox.NamedNode(SH + name))
        yield _said(iri, RDFS + "label", _english(query.summary))
        yield _said(iri, RDFS + "comment", _english(query.description))
        yield _said(iri, DCTERMS + "subject", ox.Literal(query.topic))
        yield _said(iri, SCHEMA + "version", ox.Literal(query.version))
        if endpoint:
            yield _said(iri, SCHEMA + "target", ox.NamedNode(endpoint))
        for tag in query.tags:
            yield _said(iri, SCHEMA + "keywords", ox.Literal(tag))
        yield _said(iri, SH + "select", ox.Literal(query.text))
        for place, parameter in enumerate(query.parameters):
            yield from _parameter(iri.value, parameter, place)


def _parameter(query: str, parameter: Parameter, place: int) -> Iterator[ox.Triple]:
    """Yield what is said of a parameter of *query*, the IRI of one."""
    node = ox.NamedNode(f"{query}#p-{parameter.name}")
    yield _said(ox.NamedNode(query), SH + "parameter", node)
    yield _said(node, RDF + "type", ox.NamedNode(SH + "Parameter"))
    # The name of a parameter is the local name of its path.
    yield _said(node, SH + "path", ox.NamedNode(f"{query}#{parameter.name}"))
    yield _said(node, SH + "name", ox.Literal(parameter.name))
    yield _said(node, SH + "order", _number(place))
    yield _said(node, SH + "optional", ox.Literal(not parameter.required))
    if parameter.description:
        yield _said(node, SH + "description", _english(parameter.description))
    if parameter.example:
        yield _said(node, SKOS + "example", ox.Literal(parameter.example))
    value = default(parameter)
    if value is not None:
        yield _said(node, SH + "defaultValue", value)
    yield from _type(node, parameter)


def _type(node: ox.NamedNode, parameter: Parameter) -> Iterator[ox.Triple]:
    """Yield what is said of the values that a parameter takes."""
    if parameter.kind in _DATATYPES:
        yield _said(node, SH + "datatype", ox.NamedNode(XSD + _DATATYPES[parameter.kind]))
        return
    if parameter.kind == "choice":
        yield from _list(node, SH + "in", _options(parameter))
        return
    yield _said(node, SH + "nodeKind", ox.NamedNode(SH + "IRI"))
    classes = [ox.NamedNode(iri) for iri in parameter.class_iris]
    if len(classes) == 1:
        yield _said(node, SH + "class", classes[0])
    elif classes:  # several sh:class would ask for things of all of them
        shapes = [ox.NamedNode(f"{node.value}-{number}") for number in range(len(classes))]
        for shape, class_ in zip(shapes, classes, strict=True):
            yield _said(shape, SH + "class", class_)
        yield from _list(node, SH + "or", shapes)


def _options(parameter: Parameter) -> list[Term]:
    """Return the terms that a choice is among."""
    if parameter.scheme:
        return [
            ox.NamedNode(term.iri)
            for term in ontology.terms().values()
            if parameter.scheme in term.parents
        ]
    return [plain_term(parameter, option) for option in parameter.options]


def _list(node: ox.NamedNode, property_: str, items: Sequence[Term]) -> Iterator[ox.Triple]:
    """Yield that *node* has the list of *items*, whose cells have IRIs."""
    name = property_.removeprefix(SH)
    cells = [ox.NamedNode(f"{node.value}-{name}-{number}") for number in range(len(items))]
    ends = [*cells, ox.NamedNode(RDF + "nil")]
    yield _said(node, property_, ends[0])
    for cell, item, rest in zip(cells, items, ends[1:], strict=True):
        yield _said(cell, RDF + "first", item)
        yield _said(cell, RDF + "rest", rest)


def _number(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _said(subject: ox.NamedNode, property_: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(property_), value)
