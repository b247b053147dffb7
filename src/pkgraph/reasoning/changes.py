"""
Tell what follows, and what no longer does, from a change to a store.

The rules run in order, and each only adds: what holds after a rule is what held before it and what
it concludes. So what is gained after a rule, among all that holds after it, was gained before it or
is concluded from something gained; and what is lost was lost before it or was concluded from
something lost, unless it holds all the same. Rule by rule, this takes from the store what stands
beside the changed statements, and nothing else.

Source:
    A. Gupta, I. S. Mumick, V. S. Subrahmanian, Maintaining Views Incrementally, 1993 (the
    algorithm DRed): https://doi.org/10.1145/170036.170066
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from pkgraph.errors import UntraceableChangeError
from pkgraph.namespaces import compact
from pkgraph.reasoning.clauses import Program, unify
from pkgraph.reasoning.states import Before, Facts, State, follows, solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.reasoning.clauses import Clause


class DerivedChanges(NamedTuple):
    """What is to be inserted into the derived graph, and what is to be deleted from it."""

    insert: tuple[ox.Triple, ...]
    delete: tuple[ox.Triple, ...]


def derived_changes(
    store: ox.Store, added: Iterable[ox.Triple], removed: Iterable[ox.Triple]
) -> DerivedChanges:
    """
    Return how the derived graph of *store* changes when its other graphs do.

    The derived graph is then what :func:`pkgraph.reasoning.derive` would fill it with. The time it
    takes grows with the change and with what stands beside the changed statements, not with the
    store. The default graph, the union, is right again when *removed* and ``delete`` are taken out
    of it, and *added* and ``insert`` put in after that.

    Args:
        store: A store as it is before the change: the default graph is the union of the others,
            and the derived graph is what follows from them, as :mod:`pkgraph.build` makes them. It
            is only read.
        added: Statements that some graph asserts after the change.
        removed: Statements that no graph asserts any more after the change. One that is also in
            *added* is not removed.

    Returns:
        The changes, sorted. A statement that is derived and becomes asserted leaves the derived
        graph; one that is no longer asserted, but follows from others, enters it.

    Raises:
        UntraceableChangeError: A rule has a part that cannot be traced (see
            :mod:`pkgraph.reasoning.grammar`), or the change touches what a sub-query of a rule
            reads, such as rdfs:subClassOf: derive the whole anew.
    """
    program = Program(store)
    before = Before(store, program)
    given = _stored(added)
    asserted = frozenset(triple for triple in given if not before.asserts(triple))
    retracted = frozenset(t for t in _stored(removed) - given if before.asserts(t))
    _refuse_touched(program, asserted | retracted)
    gained, lost = Facts(asserted), Facts(retracted)
    for stage, clauses in enumerate(program.stages, start=1):
        old, new = State(before, stage - 1), State(before, stage - 1, gained, lost)
        after = State(before, stage)
        concluded = {*gained, *_conclusions(clauses, gained, new)}
        unsettled = {*lost, *_conclusions(clauses, lost, old)}
        gained = gained.turned_into(triple for triple in concluded if triple not in after)
        lost = lost.turned_into(
            triple
            for triple in unsettled
            if triple not in new
            and not follows(triple, program.sources(triple).get(stage, ()), new)
        )
    inserted = (gained.triples - asserted) | (retracted - lost.triples)
    deleted = (lost.triples - retracted) | frozenset(filter(before.derives, asserted))
    return DerivedChanges(tuple(sorted(inserted, key=str)), tuple(sorted(deleted, key=str)))


def _stored(triples: Iterable[ox.Triple]) -> frozenset[ox.Triple]:
    """Return *triples* as a store has them, which knows one form of each number and date."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return frozenset(quad.triple for quad in store)


def _refuse_touched(program: Program, changed: Iterable[ox.Triple]) -> None:
    """
    Refuse a change that may change the clauses themselves.

    Raises:
        UntraceableChangeError: *changed* has a statement that the tables are filled from.
    """
    for triple in changed:
        if triple.predicate in program.reads:
            raise UntraceableChangeError(
                f"the change has a statement of {compact(triple.predicate.value)}, from which the "
                "rules themselves are made; derive the whole anew"
            )


def _conclusions(clauses: Iterable[Clause], changed: Facts, state: State) -> Iterator[ox.Triple]:
    """Yield what *clauses* conclude from a *changed* statement and others that hold in *state*."""
    for clause in clauses:
        for number, pattern in enumerate(clause.body):
            others = [*clause.body[:number], *clause.body[number + 1 :]]
            for triple in changed.match(pattern):
                row = unify(pattern, triple)
                for found in solutions(others, row, state) if row is not None else ():
                    conclusion = clause.conclusion(found)
                    if conclusion is not None:
                        yield conclusion
