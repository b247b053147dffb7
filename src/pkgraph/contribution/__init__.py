"""
Take contributions into a store, keep a record of them, and take them back.

A contribution is a change to a store that conforms: what it adds is checked with all that it could
make wrong, goes into a named graph of its own, and what follows from it is derived, all in one
transaction of the engine. So a store holds all of a contribution or none of it, whatever happens.
"""

from __future__ import annotations

from pkgraph.contribution.differences import before_and_after, given
from pkgraph.contribution.folders import kept
from pkgraph.contribution.giving import Outcome, contribute
from pkgraph.contribution.register import Contribution, Submitted, contributions, find, statements
from pkgraph.contribution.withdrawing import withdraw

__all__ = [
    "Contribution",
    "Outcome",
    "Submitted",
    "before_and_after",
    "contribute",
    "contributions",
    "find",
    "given",
    "kept",
    "statements",
    "withdraw",
]
