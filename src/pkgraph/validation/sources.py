"""
Read what is to be checked, and what of the shipped graph it has to be seen with.

A contribution speaks of things that the shipped graph describes, so it is checked together with
their descriptions. To take the whole graph along would cost the more the more the graph grows; but
a shape looks at a thing, at what the thing points at, and at plain values of that. So what is
described within two steps of a thing in the contribution is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources, turtle
from pkgraph.locations import Locations
from pkgraph.namespaces import PK, RDF
from pkgraph.turtle.tokens import Lines, Token, tokens
from pkgraph.validation.nodes import name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import rdflib

    from pkgraph.turtle.tokens import Place
    from pkgraph.validation.nodes import Node

_STEPS: Final = 2
_TYPE: Final = ox.NamedNode(RDF + "type")
_SOURCE_GRAPH: Final = ox.NamedNode(PK + "SourceGraph")


@dataclass(frozen=True)
class Source:
    """A file, a text (``path`` is None) or a graph in memory (``text`` is None) to be checked."""

    path: Path | None
    text: str | None
    triples: tuple[ox.Triple, ...]

    @cached_property
    def replaces(self) -> frozenset[str]:
        """The named graphs of the shipped graph that this stands in place of."""
        named = {
            name(t.subject)
            for t in self.triples
            if t.predicate == _TYPE and t.object == _SOURCE_GRAPH
        }
        return frozenset(named | ({resources.graph_name(self.path)} if self.path else set()))

    def knows(self, focus: str, path: str | None, value: Node | None) -> int:
        """Tell how much of a statement is here: all (3), not the value, the subject, nothing."""
        for known, key in ((3, (focus, path, value)), (2, (focus, path)), (1, (focus,))):
            if key in self._keys:
                return known
        return 0

    def place(self, focus: str, path: str | None, value: Node | None) -> Place | None:
        """Return where in the text a statement stands, as precisely as can be said."""
        if self._locations is None:
            return None
        return self._locations.find(focus, path, value) or self._first_blank

    @cached_property
    def _keys(self) -> frozenset[tuple[object, ...]]:
        return frozenset(
            key
            for t in self.triples
            for key in (
                (name(t.subject), t.predicate.value, t.object),
                (name(t.subject), t.predicate.value),
                (name(t.subject),),
            )
        )

    @cached_property
    def _locations(self) -> Locations | None:
        return None if self.text is None else Locations(self.text)

    @cached_property
    def _first_blank(self) -> Place | None:
        """Where the first blank node of the text is; one that begins a statement goes first."""
        text = self.text or ""
        pieces = [Token("mark", ".", 0), *tokens(text)]
        blank = [
            (before.text != ".", piece.start)
            for before, piece in pairwise(pieces)
            if piece.kind == "blank" or piece.text in {"[", "("}
        ]
        return Lines(text).place(min(blank)[1]) if blank else None


def read(data: Path | str | rdflib.Graph | Sequence[Path]) -> tuple[Source, ...]:
    """
    Read a file, several files, a text of Turtle or a graph in memory.

    Raises:
        InputError: A file cannot be read.
        TurtleSyntaxError: A file or the text is not Turtle.
    """
    if isinstance(data, Path):
        text = turtle.read(data)
        return (Source(data, text, turtle.parse(text, file=str(data))),)
    if isinstance(data, str):
        return (Source(None, data, turtle.parse(data)),)
    if isinstance(data, Sequence):
        return tuple(source for path in data for source in read(path))
    lines = data.serialize(format="nt")
    return (Source(None, None, turtle.parse(lines, format=ox.RdfFormat.N_TRIPLES)),)


def surroundings(sources: Iterable[Source]) -> list[ox.Triple]:
    """Return what the shipped graph says of the things in *sources* and of those near them."""
    replaced: set[str] = set()
    edge: set[ox.NamedNode] = set()
    for source in sources:
        replaced |= source.replaces
        for triple in source.triples:
            edge |= {n for n in (triple.subject, triple.object) if isinstance(n, ox.NamedNode)}
    found: list[ox.Triple] = []
    passed: set[ox.NamedNode] = set()
    for _ in range(_STEPS):
        new = [
            triple
            for node in edge - passed
            for graph, triple in shipped().get(node, ())
            if graph not in replaced
        ]
        found += new
        passed |= edge
        edge = {t.object for t in new if isinstance(t.object, ox.NamedNode)}
    return found


@cache
def shipped() -> Mapping[ox.NamedNode | ox.BlankNode | ox.Triple, Sequence[tuple[str, ox.Triple]]]:
    """Return the statements of the shipped graph, each with its named graph, by subject."""
    found: dict[ox.NamedNode | ox.BlankNode | ox.Triple, list[tuple[str, ox.Triple]]] = {}
    for path in resources.data_files("graph", ".ttl"):
        graph = resources.graph_name(path)
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            found.setdefault(quad.subject, []).append((graph, quad.triple))
    return found
