"""
What holds after each rule, before a change and after it.

A derived statement is in the store whichever rule made it, but a rule sees only what the rules
before it made. So :class:`Before` works out, where it matters, after which rule a statement is
there: from the start when a graph asserts it, else once a rule that concludes it has run.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import compress
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph.errors import UntraceableChangeError
from pkgraph.reasoning.clauses import bind, unify
from pkgraph.reasoning.rules import DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pkgraph.reasoning.clauses import Clause, Program, Row
    from pkgraph.reasoning.parts import Bindings, Pattern

_UNION = ox.DefaultGraph()


class Facts:
    """A set of statements that finds those of a pattern."""

    def __init__(self, triples: Iterable[ox.Triple] = ()) -> None:
        self.triples = frozenset(triples)
        self._indexes: dict[tuple[bool, ...], dict[tuple[object, ...], list[ox.Triple]]] = {}

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self.triples)

    def turned_into(self, triples: Iterable[ox.Triple]) -> Facts:
        """Return *triples* as such a set: this one, with what it has found, if it is the same."""
        other = Facts(triples)
        return self if other.triples == self.triples else other

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match; one variable counts as two."""
        given = tuple(not isinstance(node, ox.Variable) for node in pattern)
        if given not in self._indexes:
            index = self._indexes[given] = defaultdict(list)
            for triple in self.triples:
                index[tuple(compress(triple, given))].append(triple)
        return iter(self._indexes[given].get(tuple(compress(pattern, given)), ()))


class Before:
    """The store as it is: the union of its graphs, with what follows from them."""

    def __init__(self, store: ox.Store, program: Program) -> None:
        self._store = store
        self._program = program
        self._sources: dict[ox.Triple, Mapping[int, Sequence[Clause]] | None] = {}
        self._held: dict[tuple[ox.Triple, int], bool] = {}

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match; one variable counts as two."""
        subject, predicate, object_ = (
            None if isinstance(node, ox.Variable) else node for node in pattern
        )
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode | None):
            return iter(())
        quads = self._store.quads_for_pattern(subject, predicate, object_, _UNION)
        return (quad.triple for quad in quads)

    def asserts(self, triple: ox.Triple) -> bool:
        """Tell whether a graph asserts *triple*."""
        return self.holds(triple, 0)

    def derives(self, triple: ox.Triple) -> bool:
        """Tell whether *triple* is derived, and no graph asserts it."""
        return bool(self._sources_of(triple))

    def holds(self, triple: ox.Triple, stage: int) -> bool:
        """Tell whether *triple* is there once the first *stage* rules have run."""
        sources = self._sources_of(triple)
        if not sources:
            return sources is not None
        if stage == 0 or stage >= max(sources):
            return stage > 0
        if (triple, stage) not in self._held:
            self._held[triple, stage] = self.holds(triple, stage - 1) or (
                follows(triple, sources.get(stage, ()), State(self, stage - 1))
            )
        return self._held[triple, stage]

    def _sources_of(self, triple: ox.Triple) -> Mapping[int, Sequence[Clause]] | None:
        """
        Return the clauses that may have concluded *triple*, one of which has, by their stages.

        There are none if a graph asserts it; it is None if *triple* is not in the store.
        """
        if triple not in self._sources:
            self._sources[triple] = None
            if self._has(triple, _UNION):
                derived = self._has(triple, DERIVED)
                self._sources[triple] = self._program.sources(triple) if derived else {}
                if derived and not self._sources[triple]:
                    raise UntraceableChangeError(
                        f"the derived graph has {triple}, which no rule concludes; derive the "
                        "whole anew"
                    )
        return self._sources[triple]

    def _has(self, triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> bool:
        return ox.Quad(triple.subject, triple.predicate, triple.object, graph) in self._store


class State:
    """What holds once the first *stage* rules have run, with what the change gains and loses."""

    def __init__(
        self, before: Before, stage: int, gained: Facts | None = None, lost: Facts | None = None
    ) -> None:
        self._before = before
        self._stage = stage
        self._gained = gained or Facts()
        self._lost = lost or Facts()

    def __contains__(self, triple: ox.Triple) -> bool:
        if triple in self._gained.triples:
            return True
        return triple not in self._lost.triples and self._before.holds(triple, self._stage)

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match, and some that are not there yet."""
        yield from self._gained.match(pattern)
        yield from self._before.match(pattern)


def follows(triple: ox.Triple, clauses: Iterable[Clause], state: State) -> bool:
    """Tell whether one of *clauses* concludes *triple* from what holds in *state*."""
    return any(
        clause.conclusion(found) is not None
        for clause in clauses
        if (row := unify(clause.head, triple)) is not None
        for found in solutions(clause.body, row, state)
    )


def solutions(patterns: Sequence[Pattern], row: Row, state: State) -> Iterator[Bindings]:
    """
    Yield the values of variables, those of *row* included, with which all *patterns* hold.

    The patterns are matched by turns, and what each match leads to is followed at once, until one
    of them runs out: by then, all has been found, some of it twice. So a node that very many
    statements lead to costs nothing where another pattern leads to few; and where all lead to very
    many, something is found soon.
    """
    if not patterns:
        yield row
        return
    open_ = [bind(pattern, row) for pattern in patterns]
    matches = [state.match(pattern) for pattern in open_]
    while True:
        for number, pattern in enumerate(open_):
            triple = next(matches[number], None)
            if triple is None:
                return
            more = unify(pattern, triple)
            if more is not None and triple in state:
                rest = [*open_[:number], *open_[number + 1 :]]
                yield from solutions(rest, {**row, **more}, state)
                if not more:  # nothing was left open in it, so no other match can lead elsewhere
                    return
