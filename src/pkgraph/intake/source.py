"""
What somebody hands in, as statements that still know where they came from.

Each way in (a syntax of RDF, a table, a list of references) makes a :class:`Source` of its file,
and from there on all go the same way. What differs is only how a statement is found again in the
file, so that a verdict can say its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.namespaces import PK, RDF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
    #: Finds a statement, or as much of it as there is, by subject, property and value.
    Finder: TypeAlias = Callable[[str, str | None, Node | None], "Where | None"]

_TYPE: Final = ox.NamedNode(RDF + "type")
_SOURCE_GRAPH: Final = ox.NamedNode(PK + "SourceGraph")


class Where(NamedTuple):
    """
    A place in a file.

    ``line`` and ``column`` count from 1, in characters; in a table they are those of the cell,
    which ``cell`` names as spreadsheets do ("claims!D7", or "D7" where there is one sheet only).
    """

    line: int
    column: int
    cell: str | None = None


def nowhere(_focus: str, _path: str | None, _value: Node | None) -> Where | None:
    """Find nothing: what a source does that has no text."""
    return None


@dataclass(frozen=True)
class Source:
    """
    The statements of a file, of a text (``path`` is None) or of a graph in memory.

    ``finder`` finds a statement in it. A finding's focus, path and value are as in
    :class:`pkgraph.validation.Finding`: an IRI as it is, a blank node as ``_:label``.
    """

    path: Path | None
    triples: tuple[ox.Triple, ...]
    finder: Finder = nowhere

    @property
    def is_shipped(self) -> bool:
        """Whether this is a file of the graph that pkgraph comes with."""
        return self.path is not None and self.path.resolve().is_relative_to(
            resources.folder("graph")
        )

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

    def place(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return where in the file a statement stands, as precisely as can be said."""
        return self.finder(focus, path, value)

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


def name(node: Node | ox.Triple) -> str:
    """
    Return *node* as text: an IRI as it is, anything else as N-Triples has it.

    >>> name(ox.NamedNode("urn:x")), name(ox.BlankNode("b")), name(ox.Literal("x"))
    ('urn:x', '_:b', '"x"')
    """
    return node.value if isinstance(node, ox.NamedNode) else str(node)
