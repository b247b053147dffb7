"""
Graphs to look into: statements in memory, and a store that is about to change.

A store has its statements in named graphs. Those that are checked are the ones that people write;
the ontology, what is derived and the record of contributions are left out.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    #: What can stand in a statement; triples do so in RDF 1.2 only.
    Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Data(Protocol):
    """A graph that can be asked for the statements that fit a pattern; None fits everything."""

    def triples(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterable[ox.Triple]:
        """Yield the statements with these parts; one may come more than once."""
        ...


class Statements:
    """
    Statements in memory.

    They are not kept in a store of the engine, which would write literals in a form of its own.
    """

    def __init__(self, triples: Iterable[ox.Triple] = ()) -> None:
        self._all = tuple(dict.fromkeys(triples))
        self._of: dict[Term, list[ox.Triple]] = {}
        self._to: dict[Term, list[ox.Triple]] = {}
        for triple in self._all:
            self._of.setdefault(triple.subject, []).append(triple)
            self._to.setdefault(triple.object, []).append(triple)

    def triples(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterator[ox.Triple]:
        """Yield the statements with these parts."""
        if subject is not None:
            among: Iterable[ox.Triple] = self._of.get(subject, ())
        elif value is not None:
            among = self._to.get(value, ())
        else:
            among = self._all
        for triple in among:
            if predicate in (None, triple.predicate) and value in (None, triple.object):
                yield triple


class StoredGraphs:
    """The statements of those named graphs of a store that *chosen* says are meant."""

    def __init__(self, store: ox.Store, chosen: Callable[[str], bool]) -> None:
        self._store = store
        self._chosen = chosen

    def triples(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterator[ox.Triple]:
        """Yield the statements with these parts, once for each graph that makes them."""
        return (triple for _, triple in self.quads(subject, predicate, value))

    def has(self, triple: ox.Triple) -> bool:
        """Tell whether any of the graphs makes the statement *triple*."""
        found = self.triples(triple.subject, triple.predicate, triple.object)
        return next(found, None) is not None

    def quads(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterator[tuple[str, ox.Triple]]:
        """Yield the statements with these parts, each with the name of its graph."""
        if isinstance(subject, ox.Literal):
            return
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):
            graph = quad.graph_name
            if isinstance(graph, ox.NamedNode) and self._chosen(graph.value):
                yield graph.value, quad.triple


class Remembered:
    """A graph that is not asked again what a node has, nor what points at one if nothing does."""

    def __init__(self, graph: Data) -> None:
        self._graph = graph
        self._of: dict[Term, Statements] = {}
        self._pointed_at: dict[Term, bool] = {}

    def triples(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterable[ox.Triple]:
        """Yield the statements with these parts."""
        if subject is not None and predicate is None and value is None:
            self._of[subject] = Statements(self._graph.triples(subject, None, None))
        if subject in self._of:
            return self._of[subject].triples(subject, predicate, value)
        if subject is None and value is not None:
            if value not in self._pointed_at:
                pointers = iter(self._graph.triples(None, None, value))
                self._pointed_at[value] = next(pointers, None) is not None
            if not self._pointed_at[value]:
                return ()
        return self._graph.triples(subject, predicate, value)


class Changed:
    """
    A graph with what is *added* to it and what is *removed* from it: as it will be.

    ``either`` has what is there before the change or after it.
    """

    def __init__(
        self, before: Data, added: Iterable[ox.Triple], removed: Iterable[ox.Triple]
    ) -> None:
        self._before = Remembered(before)
        self._added = Statements(added)
        self._removed = frozenset(removed)
        self.either = Both(self._before, self._added)

    def triples(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterator[ox.Triple]:
        """Yield the statements with these parts."""
        for triple in self._before.triples(subject, predicate, value):
            if triple not in self._removed:
                yield triple
        yield from self._added.triples(subject, predicate, value)


class Both:
    """What is in either of two graphs."""

    def __init__(self, one: Data, other: Data) -> None:
        self._graphs = (one, other)

    def triples(
        self, subject: Term | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterator[ox.Triple]:
        """Yield the statements with these parts."""
        return chain.from_iterable(
            graph.triples(subject, predicate, value) for graph in self._graphs
        )
