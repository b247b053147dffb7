"""
Read the triple patterns of a SPARQL constraint.

A changed statement can change what the query says of a node only if it fits a pattern of the query
in a solution for that node. Where every basic graph pattern hangs together with ``$this``, such a
solution leads from the node to the statement by the patterns between, and they are a chain of
paths like those of any other shape. Queries that are not so made cannot be read here.

Source:
    SHACL, SPARQL-based constraints: https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from pkgraph.validation.paths import Step
from pkgraph.validation.report import SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.validation.nodes import Node
    from pkgraph.validation.paths import Chain
    from pkgraph.validation.shapes import Shapes

#: Parts of queries that ask other graphs than the one that is checked, or that SHACL forbids.
_REFUSED: Final = frozenset({"Graph", "ServiceGraphPattern", "Minus"})
#: What SHACL puts in place of these depends on the shape, not the query.
_PREBOUND: Final = ("$PATH", "$shapesGraph", "$currentShape", "?shapesGraph", "?currentShape")


class CannotReadError(ValueError):
    """What a query reads cannot be told."""


def read(
    shapes: Shapes, constraint: Node, focus: Chain
) -> Iterator[tuple[Chain, ox.NamedNode, bool]]:
    """
    Yield what the SPARQL constraint reads: chain, property, and whether it is read inversely.

    Args:
        shapes: The graph of shapes that has it.

        constraint: The node of the constraint.

        focus: The chain to the nodes that ``$this`` stands for.

    Raises:
        CannotReadError: That cannot be told.
    """
    selects = [text.value for text in shapes.values(constraint, SH + "select")]
    if len(selects) != 1 or any(each in selects[0] for each in _PREBOUND):
        raise CannotReadError(f"{constraint} has no one SELECT, or asks for more than $this")
    for pattern in _basic_patterns(_algebra(shapes.prologue(constraint) + selects[0])):
        yield from _connected(pattern, focus)


def _algebra(text: str) -> Any:  # noqa: ANN401 - rdflib's algebra has no types
    from rdflib.plugins.sparql import prepareQuery

    try:
        return prepareQuery(text).algebra
    except Exception as error:
        raise CannotReadError(f"the query of a constraint cannot be read: {error}") from error


def _basic_patterns(part: Any) -> Iterator[list[tuple[Any, Any, Any]]]:  # noqa: ANN401
    """Yield the basic graph patterns in *part* of a query."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(part, CompValue):
        if part.name in _REFUSED:
            raise CannotReadError(f"a query has {part.name} in it")
        if part.name == "BGP":
            yield list(part.triples)
            return
        for inner in part.values():
            yield from _basic_patterns(inner)
    elif isinstance(part, list | tuple | set):
        for inner in part:
            yield from _basic_patterns(inner)


def _connected(
    pattern: list[tuple[Any, Any, Any]], focus: Chain
) -> Iterator[tuple[Chain, ox.NamedNode, bool]]:
    """Yield what a basic graph pattern reads, from ``$this`` outwards."""
    import rdflib

    chains: dict[Any, Chain] = {rdflib.Variable("this"): focus}
    waiting = list(pattern)
    while waiting:
        found = next((t for t in waiting if t[0] in chains or t[2] in chains), None)
        if found is None or not isinstance(found[1], rdflib.URIRef):
            raise CannotReadError("a pattern does not hang together with $this, or has a path")
        waiting.remove(found)
        subject, predicate, value = found[0], ox.NamedNode(found[1]), found[2]
        inverse = subject not in chains
        here, there = (value, subject) if inverse else (subject, value)
        yield chains[here], predicate, inverse
        if isinstance(there, rdflib.Variable | rdflib.BNode):
            chains.setdefault(there, chains[here].then(Step(predicate, inverse)))
