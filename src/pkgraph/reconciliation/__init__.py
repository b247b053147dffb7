"""
Tell which operation or state a name in somebody's own data means.

:mod:`names` reads what things are called, :mod:`forms` makes spellings comparable, :mod:`matching`
finds what a name means, :mod:`sheet` reads and writes the table, and :mod:`report` tells what is
not sure.
"""

from pkgraph.reconciliation.matching import ACCEPTED, Candidate, Matcher, Result
from pkgraph.reconciliation.names import Known, Thing, known_names, things

__all__ = [
    "ACCEPTED",
    "Candidate",
    "Known",
    "Matcher",
    "Result",
    "Thing",
    "known_names",
    "things",
]
