"""
What holds after each rule, before a change and after it.

A derived statement is in the store whichever rule made it, but a rule sees only what the rules
before it made. So :class:`Before` works out, where it matters, after which rule a statement is
there: it is when a graph asserts it (stage 0), else when the first rule that concludes it has run.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
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
        self._found: dict[tuple[object, ...], list[ox.Triple]] = defaultdict(list)
        for triple in self.triples:
            parts = (triple.subject, triple.predicate, triple.object)
            for key in product(*((part, None) for part in parts)):
                self._found[key].append(triple)

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self.triples)

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match; one variable counts as two."""
        key = tuple(None if isinstance(node, ox.Variable) else node for node in pattern)
        return iter(self._found.get(key, ()))


class Before:
    """The store as it is: the union of its graphs, with what follows from them."""

    def __init__(self, store: ox.Store, program: Program) -> None:
        self._store = store
        self._program = program
        self._stages: dict[ox.Triple, int] = {}

    def holds(self, triple: ox.Triple) -> bool:
        """Tell whether *triple* is asserted or derived."""
        return ox.Quad(triple.subject, triple.predicate, triple.object, _UNION) in self._store

    def derives(self, triple: ox.Triple) -> bool:
        """Tell whether *triple* is derived, and no graph asserts it."""
        return ox.Quad(triple.subject, triple.predicate, triple.object, DERIVED) in self._store

    def asserts(self, triple: ox.Triple) -> bool:
        """Tell whether a graph asserts *triple*."""
        return self.holds(triple) and not self.derives(triple)

    def match(self, pattern: Pattern) -> Iterator[ox.Triple]:
        """Yield the statements that *pattern* may match; one variable counts as two."""
        subject, predicate, object_ = (
            None if isinstance(node, ox.Variable) else node for node in pattern
        )
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode | None):
            return iter(())
        quads = self._store.quads_for_pattern(subject, predicate, object_, _UNION)
        return (quad.triple for quad in quads)

    def stage(self, triple: ox.Triple) -> int:
        """Return the number of the rule after which *triple*, which holds, is there."""
        if triple not in self._stages:
            self._stages[triple] = self._first_stage(triple) if self.derives(triple) else 0
        return self._stages[triple]

    def _first_stage(self, triple: ox.Triple) -> int:
        stages = self._program.stages_of(triple)
        for stage in stages[:-1]:
            if follows(triple, self._program.sources(triple, stage), State(self, stage - 1)):
                return stage
        if not stages:
            raise UntraceableChangeError(
                f"the derived graph has {triple}, which no rule concludes; derive the whole anew"
            )
        return stages[-1]  # the only one left, so it need not be tried


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
        if triple in self._lost.triples or not self._before.holds(triple):
            return False
        return self._before.stage(triple) <= self._stage

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

    Whichever pattern has the fewest matches goes first. To find it, all are matched by turns until
    one runs out: so a node that very many statements lead to costs nothing where another pattern
    leads to few.
    """
    if not patterns:
        yield row
        return
    open_ = [bind(pattern, row) for pattern in patterns]
    chosen, found = _fewest([state.match(pattern) for pattern in open_])
    rest = [*patterns[:chosen], *patterns[chosen + 1 :]]
    for triple in dict.fromkeys(found):
        more = unify(open_[chosen], triple)
        if more is not None and triple in state:
            yield from solutions(rest, {**row, **more}, state)


def _fewest(matches: Sequence[Iterator[ox.Triple]]) -> tuple[int, list[ox.Triple]]:
    """Return which of *matches* runs out first, and what it had."""
    found: list[list[ox.Triple]] = [[] for _ in matches]
    while True:
        for number, each in enumerate(matches):
            triple = next(each, None)
            if triple is None:
                return number, found[number]
            found[number].append(triple)
