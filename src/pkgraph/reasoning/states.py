"""
What holds after each rule, before a change and after it.

A derived statement is in the store whichever rule made it, but a rule sees only what the rules
before it made. So :class:`Before` works out, where it matters, after which rule a statement is
there: it is when a graph asserts it (stage 0), else when the first rule that concludes it has run.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import compress, cycle
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph.errors import UntraceableChangeError
from pkgraph.reasoning.clauses import bind, unify
from pkgraph.reasoning.rules import DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
        self._stages: dict[ox.Triple, int | None] = {}

    def holds(self, triple: ox.Triple) -> bool:
        """Tell whether *triple* is asserted or derived."""
        return ox.Quad(triple.subject, triple.predicate, triple.object, _UNION) in self._store

    def derives(self, triple: ox.Triple) -> bool:
        """Tell whether *triple* is derived, and no graph asserts it."""
        return ox.Quad(triple.subject, triple.predicate, triple.object, DERIVED) in self._store

    def asserts(self, triple: ox.Triple) -> bool:
        """Tell whether a graph asserts *triple*."""
        return self.stage(triple) == 0

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match; one variable counts as two."""
        subject, predicate, object_ = (
            None if isinstance(node, ox.Variable) else node for node in pattern
        )
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode | None):
            return iter(())
        quads = self._store.quads_for_pattern(subject, predicate, object_, _UNION)
        return (quad.triple for quad in quads)

    def stage(self, triple: ox.Triple) -> int | None:
        """Return the number of the rule after which *triple* is there, or None if it never is."""
        if triple not in self._stages:
            if self.derives(triple):
                self._stages[triple] = self._first_stage(triple)
            else:
                self._stages[triple] = 0 if self.holds(triple) else None
        return self._stages[triple]

    def _first_stage(self, triple: ox.Triple) -> int:
        sources = self._program.sources(triple)
        if not sources:
            raise UntraceableChangeError(
                f"the derived graph has {triple}, which no rule concludes; derive the whole anew"
            )
        *earlier, last = sources
        for stage in earlier:
            if follows(triple, sources[stage], State(self, stage - 1)):
                return stage
        return last  # one of them does conclude it


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
        stage = self._before.stage(triple)
        return stage is not None and stage <= self._stage and triple not in self._lost.triples

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match, and some that are not there yet."""
        yield from self._gained.match(pattern)
        yield from self._before.match(pattern)


def follows(triple: ox.Triple, clauses: Iterable[Clause], state: State) -> bool:
    """Tell whether one of *clauses* concludes *triple* from what holds in *state*."""
    for clause in clauses:
        row = unify(clause.head, triple)
        if row is not None:
            for found in solutions(clause.body, row, state):
                if clause.conclusion(found) is not None:
                    return True
    return False


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
    for number in cycle(range(len(open_))):
        triple = next(matches[number], None)
        if triple is None:
            return
        more = unify(open_[number], triple)
        if more is not None and triple in state:
            rest = [*open_[:number], *open_[number + 1 :]]
            yield from solutions(rest, {**row, **more}, state)
            if not more:  # nothing was left open in it, so no other match can lead elsewhere
                return
