"""
Write a verdict as the report that SHACL defines, in Turtle.

Source:
    SHACL, validation report: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pkgraph.verdicts.verdict import Verdict


def write(verdict: Verdict) -> str:
    """
    Return the report of *verdict*.

    Raises:
        TurtleSyntaxError: A file could not be read, so that there is nothing to report on.
    """
    for error in verdict.errors:
        raise error
    return verdict.report.graph().serialize(format="turtle")
