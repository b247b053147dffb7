"""
The parts of a rule, as :mod:`pkgraph.reasoning.grammar` takes it apart.

Source:
    SPARQL 1.1 Query Language, graph patterns: https://www.w3.org/TR/sparql11-query/#GraphPattern
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Mapping

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Bindings: TypeAlias = "Mapping[ox.Variable, Node]"


class Pattern(NamedTuple):
    """A statement, any part of which may be a variable."""

    subject: Node | ox.Variable
    predicate: Node | ox.Variable
    object: Node | ox.Variable

    @property
    def variables(self) -> frozenset[ox.Variable]:
        """The variables in it."""
        return frozenset(node for node in self if isinstance(node, ox.Variable))


class Table(NamedTuple):
    """Rows of values for some variables: a query that gives them."""

    query: str
    variables: frozenset[ox.Variable]


class Filter(NamedTuple):
    """A condition: a query that has an answer if its variables, which are given, fulfil it."""

    query: str
    variables: frozenset[ox.Variable]

    def holds(self, bindings: Bindings) -> bool:
        """Tell whether *bindings* fulfil it."""
        given = {variable: bindings[variable] for variable in self.variables}
        return any(True for _ in ox.Store().query(self.query, substitutions=given))  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Branch:
    """One way for a rule to apply: all patterns match, with values of the tables, as filtered."""

    patterns: tuple[Pattern, ...] = ()
    tables: tuple[Table, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def variables(self) -> frozenset[ox.Variable]:
        """The variables that have a value where the branch applies."""
        parts: tuple[Pattern | Table, ...] = (*self.patterns, *self.tables)
        return frozenset().union(*(part.variables for part in parts))

    def __add__(self, other: Branch) -> Branch:
        """Return the branch that applies where both do."""
        return Branch(
            self.patterns + other.patterns,
            self.tables + other.tables,
            self.filters + other.filters,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule adds, where, and the properties of the statements that its sub-queries read."""

    template: tuple[Pattern, ...]
    branches: tuple[Branch, ...]
    reads: frozenset[ox.NamedNode]
