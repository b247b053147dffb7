"""
Read RDF with errors that teach, and write the canonical Turtle of the files under ``graph/``.

:func:`read` and :func:`parse` leave the grammar to pyoxigraph, which keeps literals as they are
written; added are limits, and messages that name the place and the remedy. :func:`write` gives a
text that depends on the set of statements and on nothing else, so that two people who say the same
have the same file, and a diff shows what was said anew.
"""

from __future__ import annotations

from pkgraph.turtle.reading import Limits, parse, parse_quads, read
from pkgraph.turtle.tokens import first_comment
from pkgraph.turtle.writing import write

__all__ = ["Limits", "first_comment", "parse", "parse_quads", "read", "write"]
