"""
Find what a change to a graph can make wrong, so that nothing else has to be checked.

To check only what is added is not sound: a claim that was there all along stops conforming when
the occurrence that it points at is taken away. So the change is followed back, by what each shape
reads, to every node whose verdict may be another one; and for these nodes everything that their
shapes read is taken along. Both cost the more the more is changed, and not the more there is.

Source:
    SHACL, validation: https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph.validation import paths, reads
from pkgraph.validation.paths import Chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.validation.graphs import Changed, Data, Term
    from pkgraph.validation.reads import Read, Shape


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """
    The part of a graph that has to be looked at after a change.

    ``foci`` are the nodes whose verdict may be another one than before; ``statements`` have all
    that the shapes read of them. Of other nodes they have less than there is, so a validator that
    is given them may find faults in others, which mean nothing.
    """

    foci: frozenset[Term]
    statements: frozenset[ox.Triple]


class Analysed:
    """Shapes, by what they read."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        """Take over *shapes*, as :func:`pkgraph.validation.reads.analyse` returns them."""
        self._shapes = tuple(shapes)
        self._by_target: dict[tuple[str, Term], set[int]] = defaultdict(set)
        self._by_property: dict[ox.NamedNode | None, set[Read]] = defaultdict(set)
        self._together: dict[frozenset[int], tuple[set[Read], set[Chain]]] = {}
        for number, shape in enumerate(self._shapes):
            for target in shape.targets:
                self._by_target[target].add(number)
            for read in shape.reads:
                self._by_property[read.predicate].add(read)

    def readings(self, predicate: ox.NamedNode) -> Iterator[Read]:
        """Yield in what ways statements with this property are read."""
        yield from self._by_property.get(predicate, ())
        yield from self._by_property.get(None, ())

    def of(self, node: Term, data: Data) -> tuple[set[Read], set[Chain]]:
        """Return what the shapes that *node* is a focus node of read, and where they report."""
        key = frozenset(
            number
            for target in self._targets(node, data)
            for number in self._by_target.get(target, ())
        )
        if key not in self._together:
            shapes = [self._shapes[number] for number in key]
            self._together[key] = (
                {read for shape in shapes for read in shape.reads},
                {chain for shape in shapes for chain in shape.reports},
            )
        return self._together[key]

    def _targets(self, node: Term, data: Data) -> Iterator[tuple[str, Term]]:
        """Yield all targets that *node* fits."""
        yield "targetNode", node
        for triple in data.triples(node, None, None):
            yield "targetSubjectsOf", triple.predicate
        for class_ in paths.ends(paths.Sequence(reads.CLASSES), [node], data):
            yield "targetClass", class_
        for kind, named in self._by_target:
            if kind == "targetObjectsOf" and isinstance(named, ox.NamedNode):
                for _ in data.triples(None, named, node):
                    yield kind, named


def neighbourhood(shapes: Analysed, graph: Changed, changes: Iterable[ox.Triple]) -> Neighbourhood:
    """
    Return what has to be looked at when *changes* were made to a graph.

    Args:
        shapes: The shapes that the graph has to conform to.

        graph: The graph as it is after the changes; it knows how it was before.

        changes: The statements that were added and those that were removed.
    """
    foci = _reached(shapes, graph.either, changes)
    statements: set[ox.Triple] = set()
    waiting = list(foci)
    while waiting:
        focus = waiting.pop()
        read, reports = shapes.of(focus, graph)
        walk = _Walk(focus, graph)
        for each in read:
            statements |= walk.statements(each)
        # A shape inside a shape reports at the nodes that it looks at, and others look there too.
        beyond = {node for chain in reports for node in walk.ends(chain)} - foci
        foci |= beyond
        waiting += beyond
    return Neighbourhood(frozenset(foci), frozenset(statements))


def _reached(shapes: Analysed, graph: Data, changes: Iterable[ox.Triple]) -> set[Term]:
    """Return the nodes from which some shape reads some of *changes* in *graph*."""
    # Many statements are about few nodes, and many shapes read them in the same way.
    changed: dict[tuple[Term, Chain], None] = {}
    for triple in changes:
        for read in shapes.readings(triple.predicate):
            changed[triple.object if read.inverse else triple.subject, read.chain] = None
    found: set[Term] = set()
    for node, chain in changed:
        nodes = {node}
        for path in chain.back:
            nodes = paths.ends(path, nodes, graph)
        found |= nodes
    return found


class _Walk:
    """What can be read from a focus node on; no way is gone twice."""

    def __init__(self, focus: Term, data: Data) -> None:
        self._data = data
        self._ends: dict[Chain, set[Term]] = {Chain(): {focus}}

    def ends(self, chain: Chain) -> set[Term]:
        """Return the nodes at the end of *chain*."""
        if chain not in self._ends:
            before = self.ends(Chain(chain.paths[:-1]))
            self._ends[chain] = paths.ends(chain.paths[-1], before, self._data)
        return self._ends[chain]

    def statements(self, read: Read) -> set[ox.Triple]:
        """Return the statements that are read."""
        return {
            triple
            for node in self.ends(read.chain)
            for triple in (
                self._data.triples(None, read.predicate, node)
                if read.inverse
                else self._data.triples(node, read.predicate, None)
            )
        }
