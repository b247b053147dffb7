"""
Write the rules as clauses: one conclusion from some statements, with nothing left open but nodes.

A rule with a table, such as that of all classes and their superclasses, becomes one clause for each
row, and a UNION one for each side. A statement then finds the few clauses that it bears on by its
property and its object.

Source:
    Horn clause, as in Datalog: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from pkgraph.errors import UntraceableChangeError
from pkgraph.reasoning import grammar, rules
from pkgraph.reasoning.parts import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.reasoning.parts import Bindings, Branch, Filter, Node, Table

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

    ``reads`` are the properties of the statements that the tables were filled from.
    """

    def __init__(self, store: ox.Store) -> None:
        """
        Fill the tables of the rules from *store*.

        Raises:
            UntraceableChangeError: A rule has a part that cannot be traced, or adds to what a
                table is filled from.
        """
        self._uses: dict[tuple[int, object, object], list[tuple[Clause, Pattern]]]
        self._uses = defaultdict(list)
        self._sources: dict[object, list[Clause]] = defaultdict(list)
        reads: set[object] = set()
        paths = rules.files()
        self.stages = len(paths)
        for stage, path in enumerate(paths, start=1):
            rule = grammar.read(path.read_text(encoding="utf-8"), path.name)
            reads |= rule.reads
            for head, branch in product(rule.template, rule.branches):
                if head.variables <= branch.variables:  # else it never makes a whole statement
                    for row in _rows(branch.tables, store):
                        self._add(_clause(stage, head, branch, row))
        self.reads = frozenset(reads)
        if reads and any(self._sources[predicate] for predicate in (*reads, None)):
            raise UntraceableChangeError(
                "a rule may add to what the sub-query of a rule reads, so what follows from a "
                "change cannot be told from the change alone; derive the whole anew"
            )

    def uses(self, stage: int, triple: ox.Triple) -> Iterator[tuple[Clause, Pattern]]:
        """Yield the clauses of *stage* that may take *triple*, each with the pattern it matches."""
        for predicate, object_ in product((triple.predicate, None), (triple.object, None)):
            yield from self._uses.get((stage, predicate, object_), ())

    def sources(self, triple: ox.Triple, stage: int) -> Iterator[Clause]:
        """Yield the clauses of *stage* that may conclude *triple*."""
        for predicate in (triple.predicate, None):
            for clause in self._sources.get(predicate, ()):
                if clause.stage == stage and unify(clause.head, triple) is not None:
                    yield clause

    def stages_of(self, triple: ox.Triple) -> list[int]:
        """Return the stages that have a clause that may conclude *triple*, in order."""
        return [n for n in range(1, self.stages + 1) if any(self.sources(triple, n))]

    def _add(self, clause: Clause) -> None:
        """Enter *clause* by what it concludes and by what it takes."""
        self._sources[_key(clause.head.predicate)].append(clause)
        for pattern in clause.body:
            key = (clause.stage, _key(pattern.predicate), _key(pattern.object))
            self._uses[key].append((clause, pattern))


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


def _clause(stage: int, head: Pattern, branch: Branch, row: Row) -> Clause:
    """Return the clause that *branch* is with the values of *row*."""
    body = tuple(bind(pattern, row) for pattern in branch.patterns)
    return Clause(stage, bind(head, row), body, branch.filters, row)


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


def _key(node: Node | ox.Variable) -> Node | None:
    return None if isinstance(node, ox.Variable) else node
