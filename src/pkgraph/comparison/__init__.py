"""
Compare two states of a graph, and say what differs in the words of the graph.

A reviewer is to see claims added, voices changed and links removed, by their labels, and not lines
of a file that moved. :func:`compare` takes statements, :func:`side` gives those of whatever a
person names, and :func:`as_text` and :func:`as_markdown` write down what was found.
"""

from __future__ import annotations

from pkgraph.comparison.comparing import Change, Comparison, Entry, Value, compare
from pkgraph.comparison.sides import SHIPPED, side
from pkgraph.comparison.writing import as_markdown, as_text

__all__ = [
    "SHIPPED",
    "Change",
    "Comparison",
    "Entry",
    "Value",
    "as_markdown",
    "as_text",
    "compare",
    "side",
]
