"""
Draw what follows from the graph, and find out whether it can be true at all.

:func:`derive` runs the rules in ``ontology/rules/`` on a whole store, :func:`derived_changes` tells
what follows, and what no longer does, from a change to it, at a cost that grows with the change.
:func:`check_consistency` asks a reasoner for the whole of OWL 2 DL.
"""

from __future__ import annotations

from pkgraph.reasoning.changes import DerivedChanges, derived_changes
from pkgraph.reasoning.consistency import Clash, Consistency, check_consistency, find_java
from pkgraph.reasoning.rules import DERIVED, Rule, derive, rules

__all__ = [
    "DERIVED",
    "Clash",
    "Consistency",
    "DerivedChanges",
    "Rule",
    "check_consistency",
    "derive",
    "derived_changes",
    "find_java",
    "rules",
]
