"""
Property paths of SHACL: where they lead, whence they lead there, and what is read on the way.

A path is kept in a plain form: inverses stand at single properties only, and what SHACL says with
``sh:zeroOrMorePath`` and its like is one kind of path, which is repeated or not.

Source:
    SHACL, property paths: https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.namespaces import RDF
from pkgraph.validation.report import SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.validation.graphs import Data, Term
    from pkgraph.validation.nodes import Node
    from pkgraph.validation.shapes import Shapes

_FIRST: Final = RDF + "first"
_REST: Final = RDF + "rest"
#: The paths that are another one repeated: whether at least once, and whether more than once.
_REPEATED: Final = {
    SH + "zeroOrMorePath": (False, True),
    SH + "oneOrMorePath": (True, True),
    SH + "zeroOrOnePath": (False, False),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One property, read from its subject to its value, or the other way: ``inverse``."""

    predicate: ox.NamedNode
    inverse: bool = False


@dataclass(frozen=True)
class Sequence:
    """Paths one after the other."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """Paths of which any will do."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Repeated:
    """A path taken at least once or not (``needed``), and more than once or not (``often``)."""

    part: Path
    needed: bool
    often: bool


Path: TypeAlias = Step | Sequence | Alternative | Repeated


@dataclass(frozen=True)
class Chain:
    """Paths one after the other from a focus node; the empty chain leads to the node itself."""

    paths: tuple[Path, ...] = ()

    def then(self, path: Path) -> Chain:
        """Return this chain with one path more."""
        return Chain((*self.paths, path))

    @cached_property
    def back(self) -> tuple[Path, ...]:
        """The paths that lead back to the focus node, the last of the chain first."""
        return tuple(inverted(path) for path in reversed(self.paths))


def read(shapes: Shapes, node: Node) -> Path:
    """
    Return the path that *node* stands for in a graph of shapes.

    Raises:
        ValueError: *node* is no path.
    """
    if isinstance(node, ox.NamedNode):
        return Step(node)
    if shapes.values(node, _FIRST):
        return Sequence(tuple(read(shapes, each) for each in members(shapes, node)))
    for inverse in shapes.values(node, SH + "inversePath"):
        return inverted(read(shapes, inverse))
    for head in shapes.values(node, SH + "alternativePath"):
        return Alternative(tuple(read(shapes, each) for each in members(shapes, head)))
    for name, (needed, often) in _REPEATED.items():
        for part in shapes.values(node, name):
            return Repeated(read(shapes, part), needed, often)
    raise ValueError(f"{node} is no path of SHACL")


def members(shapes: Shapes, head: Node) -> Iterator[Node]:
    """Yield the members of a list; one that comes back to itself ends there."""
    passed = set()
    while head not in passed:
        passed.add(head)
        yield from shapes.values(head, _FIRST)
        head = next(iter(shapes.values(head, _REST)), head)


def inverted(path: Path) -> Path:
    """Return the path that leads from where *path* ends to where it begins."""
    if isinstance(path, Step):
        return Step(path.predicate, not path.inverse)
    if isinstance(path, Sequence):
        return Sequence(tuple(inverted(part) for part in reversed(path.parts)))
    if isinstance(path, Alternative):
        return Alternative(tuple(map(inverted, path.parts)))
    return Repeated(inverted(path.part), path.needed, path.often)


def steps(path: Path, before: Chain) -> Iterator[tuple[Chain, Step]]:
    """Yield each step that *path* takes after *before*, with the chain that leads to it."""
    if isinstance(path, Step):
        yield before, path
    elif isinstance(path, Sequence):
        for part in path.parts:
            yield from steps(part, before)
            before = before.then(part)
    elif isinstance(path, Alternative):
        for part in path.parts:
            yield from steps(part, before)
    else:
        again = Repeated(path.part, needed=False, often=True)
        yield from steps(path.part, before.then(again) if path.often else before)


def ends(path: Path, starts: Iterable[Term], data: Data) -> set[Term]:
    """Return the nodes that *path* leads to from any of *starts*."""
    if isinstance(path, Step):
        if path.inverse:
            return {t.subject for n in starts for t in data.triples(None, path.predicate, n)}
        return {
            t.object
            for n in starts
            if not isinstance(n, ox.Literal)
            for t in data.triples(n, path.predicate, None)
        }
    if isinstance(path, Sequence):
        found = set(starts)
        for part in path.parts:
            found = ends(part, found, data)
        return found
    if isinstance(path, Alternative):
        starts = tuple(starts)
        return {node for part in path.parts for node in ends(part, starts, data)}
    return _repeated_ends(path, set(starts), data)


def _repeated_ends(path: Repeated, starts: set[Term], data: Data) -> set[Term]:
    found = set() if path.needed else set(starts)
    new = ends(path.part, starts, data)
    while new - found:
        edge = new - found
        found |= edge
        new = ends(path.part, edge, data) if path.often else set()
    return found
