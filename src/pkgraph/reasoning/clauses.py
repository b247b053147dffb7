"""
Write the rules as clauses: one conclusion from some statements, with nothing left open but nodes.

A rule with a table, such as that of all classes and their superclasses, becomes one clause for each
row, and a UNION one for each side.

Source:
    Horn clause, as in Datalog: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from pkgraph.errors import UntraceableChangeError
from pkgraph.reasoning import grammar, rules
from pkgraph.reasoning.parts import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.reasoning.parts import Bindings, Filter, Node, Rule, Table

    Row: TypeAlias = dict[ox.Variable, Node]


@dataclass(frozen=True, slots=True)
class Clause:
    """
    A conclusion, and the statements that it takes.

    ``stage`` is the number of its rule, from 1; ``row`` are the values that its tables give to
    variables, which only ``filters`` still need.
    """

    stage: int
    head: Pattern
    body: tuple[Pattern, ...]
    filters: tuple[Filter, ...]
    row: Bindings

    def conclusion(self, found: Bindings) -> ox.Triple | None:
        """Return what follows from *found*, if the filters let it and it is a statement."""
        if not all(each.holds({**self.row, **found}) for each in self.filters):
            return None
        subject, predicate, object_ = bind(self.head, found)
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
            return None
        return ox.Triple(subject, predicate, object_)  # type: ignore[arg-type]  # all is bound


class Program:
    """
    The clauses of all rules, for a store whose ontology fills their tables.

    ``stages`` has the clauses of each rule. ``reads`` are the properties of the statements that the
    tables were filled from.
    """

    def __init__(self, store: ox.Store) -> None:
        """
        Fill the tables of the rules from *store*.

        Raises:
            UntraceableChangeError: A rule has a part that cannot be traced, or adds to what a
                table is filled from.
        """
        paths = rules.files()
        parts = [grammar.read(path.read_text(encoding="utf-8"), path.name) for path in paths]
        self.stages = [
            tuple(_clauses(rule, stage, store)) for stage, rule in enumerate(parts, start=1)
        ]
        self.reads = frozenset().union(*(rule.reads for rule in parts))
        self._sources: dict[Node | ox.Variable, list[Clause]] = defaultdict(list)
        for clause in chain.from_iterable(self.stages):
            self._sources[clause.head.predicate].append(clause)
        for predicate in self._sources:
            if self.reads and (predicate in self.reads or isinstance(predicate, ox.Variable)):
                raise UntraceableChangeError(
                    "a rule may add to what the sub-query of a rule reads, so what follows from a "
                    "change cannot be told from the change alone; derive the whole anew"
                )

    def sources(self, triple: ox.Triple) -> dict[int, list[Clause]]:
        """Return the clauses that may conclude *triple*, by the number of their rule, in order."""
        found: dict[int, list[Clause]] = defaultdict(list)
        for predicate, clauses in self._sources.items():
            if predicate == triple.predicate or isinstance(predicate, ox.Variable):
                for clause in clauses:
                    if unify(clause.head, triple) is not None:
                        found[clause.stage].append(clause)
        return dict(sorted(found.items()))


def unify(pattern: Pattern, triple: ox.Triple) -> Row | None:
    """Return the values of variables with which *pattern* is *triple*, or None if none do."""
    row: Row = {}
    for wanted, node in zip(
        pattern, (triple.subject, triple.predicate, triple.object), strict=True
    ):
        if isinstance(wanted, ox.Variable):
            if row.setdefault(wanted, node) != node:
                return None
        elif wanted != node:
            return None
    return row


def bind(pattern: Pattern, row: Bindings) -> Pattern:
    """Return *pattern* with the values that *row* has for its variables."""
    return Pattern(
        *(row.get(node, node) if isinstance(node, ox.Variable) else node for node in pattern)
    )


def _clauses(rule: Rule, stage: int, store: ox.Store) -> Iterator[Clause]:
    """Yield the clauses that *rule* stands for."""
    for branch in rule.branches:
        # What has a variable of another branch never makes a whole statement.
        heads = [head for head in rule.template if head.variables <= branch.variables]
        for row, head in product(_rows(branch.tables, store), heads):
            body = tuple(bind(pattern, row) for pattern in branch.patterns)
            yield Clause(stage, bind(head, row), body, branch.filters, row)


def _rows(tables: tuple[Table, ...], store: ox.Store) -> Iterator[Row]:
    """Yield the rows of all *tables* together: those that agree where they share a variable."""
    if not tables:
        yield {}
        return
    solutions = store.query(tables[0].query)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - for the type checker: a SELECT
    rows = [{v: s[v.value] for v in tables[0].variables} for s in solutions]
    for rest in _rows(tables[1:], store):
        for row in rows:
            if all(rest.get(variable, value) == value for variable, value in row.items()):
                yield {**rest, **row}
