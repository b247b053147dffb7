"""
Turn nodes of pyoxigraph, which reads, into nodes of rdflib, which pySHACL knows, and back.

Literals keep the form in which they are written. A finding has nodes as text: IRIs as they are,
everything else as N-Triples has it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.intake.source import name

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rdflib
    from rdflib.paths import Path as PropertyPath

__all__ = ["Node", "from_rdflib", "name", "parse", "parse_path", "quiet", "to_rdflib"]

#: These write to standard error what is wrong with literals and with shapes.
_LOGGERS: Final = ("pyshacl-validate", "rdflib.term")

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


def to_rdflib(node: Node) -> rdflib.term.Node:
    """Return *node* as rdflib has it."""
    import rdflib

    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return rdflib.BNode(node.value)
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    datatype = rdflib.URIRef(node.datatype.value)
    if datatype == rdflib.XSD.string:  # for rdflib not the same as a literal without a datatype
        return rdflib.Literal(node.value)
    return rdflib.Literal(node.value, datatype=datatype, normalize=False)


def from_rdflib(node: rdflib.term.Node) -> Node:
    """Return *node* as pyoxigraph has it."""
    import rdflib

    if isinstance(node, rdflib.Literal):
        datatype = None if node.datatype is None else ox.NamedNode(node.datatype)
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=datatype)
    return ox.BlankNode(str(node)) if isinstance(node, rdflib.BNode) else ox.NamedNode(str(node))


def parse(text: str) -> Node:
    """
    Return the node that N-Triples writes as *text*; an IRI may go without its brackets.

    >>> [parse(text).value for text in ("urn:x", "<urn:x>", "_:b", '"x"')]
    ['urn:x', 'urn:x', 'b', 'x']
    """
    term = text if text.startswith(("<", '"', "_:")) else f"<{text}>"
    quad = next(ox.parse(f"<urn:s> <urn:p> {term} .", ox.RdfFormat.N_TRIPLES))
    node: Node = quad.object
    return node


def parse_path(text: str) -> rdflib.URIRef | PropertyPath:
    """Return the property path that SPARQL writes as *text*; an IRI may go without brackets."""
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    if "<" not in text:
        return rdflib.URIRef(text)
    query = prepareQuery(f"SELECT * {{ ?s {text} ?o }}")
    path: PropertyPath = query.algebra.p.p.triples[0][1]
    return path


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib and pySHACL from logging what findings and errors say, while this lasts."""

    def nothing(_: logging.LogRecord) -> bool:
        return False

    for logger in _LOGGERS:
        logging.getLogger(logger).addFilter(nothing)
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(nothing)
