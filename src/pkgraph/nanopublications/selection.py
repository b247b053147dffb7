"""
Choose what of a graph belongs to a thing, and find where that is from.

What belongs to a thing is what is said of it and of its parts. What the shapes ask no label of is
no thing of its own but part of one, as the occurrences of a claim and its attributions are; and an
argument link is part of the claim that it leads from. Statements are taken from files and not from
a store, which does not keep literals as they are written. What the rules derive is in no file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources, turtle
from pkgraph.namespaces import DCTERMS, PK, RDFS, SCHEME
from pkgraph.nanopublications.vocabulary import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PARTS: Final = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?class WHERE {
  ?shape sh:targetClass ?class .
  FILTER NOT EXISTS { ?other sh:targetClass ?class ; sh:property/sh:path rdfs:label }
}
"""
_OWN_VOICE: Final = ox.NamedNode(SCHEME + "voice/own")
_HOLDS: Final = ox.NamedNode(SCHEME + "role/holds")
_SOURCE_GRAPH: Final = ox.NamedNode(PK + "SourceGraph")
_WORK: Final = ox.NamedNode(PK + "Work")


class Statements:
    """What files say, by what they say it of."""

    def __init__(self, files: Iterable[Path]) -> None:
        """
        Read *files* of Turtle.

        Raises:
            InputError: One cannot be read.
            TurtleSyntaxError: One is not Turtle.
        """
        self._about: dict[object, list[ox.Quad]] = {}
        self._links: dict[object, list[ox.NamedNode]] = {}
        self._headers: dict[object, list[ox.NamedNode]] = {}
        for path in files:
            graph = ox.NamedNode(resources.graph_name(path))
            for t in turtle.parse(turtle.read(path), file=str(path)):
                quad = ox.Quad(t.subject, t.predicate, t.object, graph)
                self._about.setdefault(quad.subject, []).append(quad)
                if not isinstance(quad.subject, ox.NamedNode):
                    continue
                if quad.predicate.value == PK + "from":
                    self._links.setdefault(quad.object, []).append(quad.subject)
                if quad.predicate == TYPE and quad.object == _SOURCE_GRAPH:
                    self._headers.setdefault(graph, []).append(quad.subject)

    def belonging_to(self, thing: ox.NamedNode) -> list[ox.Triple]:
        """Return what is said of *thing*, of its parts, and of the links that lead from it."""
        chosen: dict[ox.NamedNode, None] = {}
        waiting = [thing, *self._links.get(thing, ())]
        for each in waiting:
            if each not in chosen:
                chosen[each] = None
                waiting += filter(self._is_part, self._things(each))
        triples = (quad.triple for each in chosen for quad in self._about.get(each, ()))
        return list(dict.fromkeys(triples))

    def licences(self, thing: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the licences of the graphs that describe *thing*."""
        return list(self._of_headers(thing, DCTERMS + "license"))

    def encoded(self, thing: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the works that the graphs which describe *thing* encode."""
        return list(self._of_headers(thing, PK + "encodes"))

    def passages(self, thing: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the passages in which *thing*, a claim or a link, is stated."""
        stated = [thing, *self._things(thing, PK + "occursAt")]
        return _once(node for each in stated for node in self._things(each, PK + "inPassage"))

    def agents(self, thing: ox.NamedNode) -> list[ox.NamedNode]:
        """
        Return who made the claim *thing*: the actors who hold it, the authors of works that do.

        What a work says in its own voice, its authors hold.
        """
        held = [
            holder
            for attribution in self._things(thing, PK + "attribution")
            if _HOLDS in self._things(attribution, PK + "role")
            for holder in self._things(attribution, PK + "holder")
        ]
        if _OWN_VOICE in self._things(thing, PK + "voice"):
            held = self.encoded(thing)
        return _once(agent for holder in held for agent in self._agents_of(holder))

    def labels(self, thing: ox.NamedNode) -> list[ox.Literal]:
        """Return what *thing* is called."""
        return [
            quad.object
            for quad in self._about.get(thing, ())
            if quad.predicate.value == RDFS + "label" and isinstance(quad.object, ox.Literal)
        ]

    def _agents_of(self, holder: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the authors of a work, and of anything else itself."""
        is_work = _WORK in self._things(holder, TYPE.value) or holder not in self._about
        return self._things(holder, PK + "author") if is_work else [holder]

    def _is_part(self, thing: ox.NamedNode) -> bool:
        return any(each.value in _part_classes() for each in self._things(thing, TYPE.value))

    def _of_headers(self, thing: ox.NamedNode, predicate: str) -> Iterator[ox.NamedNode]:
        graphs = dict.fromkeys(quad.graph_name for quad in self._about.get(thing, ()))
        headers = _once(header for graph in graphs for header in self._headers.get(graph, ()))
        yield from _once(node for header in headers for node in self._things(header, predicate))

    def _things(self, subject: object, predicate: str | None = None) -> list[ox.NamedNode]:
        """Return the IRIs that *subject* has for *predicate*, or for any property."""
        return [
            quad.object
            for quad in self._about.get(subject, ())
            if isinstance(quad.object, ox.NamedNode) and predicate in {None, quad.predicate.value}
        ]


def _once(nodes: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    return list(dict.fromkeys(nodes))


@cache
def _part_classes() -> frozenset[str]:
    """Return the classes that the shapes ask no label of."""
    shapes = ox.Store()
    for path in resources.data_files("shapes", ".ttl"):
        shapes.load(path=path, format=ox.RdfFormat.TURTLE)
    rows = shapes.query(_PARTS)
    return frozenset(row[0].value for row in rows)  # type: ignore[union-attr]  # a SELECT has rows
