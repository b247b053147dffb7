"""
Read statements in the syntaxes of RDF.

Turtle and N-Triples, which is Turtle as well, are read here; :mod:`pkgraph.intake.jsonld` and
:mod:`pkgraph.intake.rdfxml` find the statements of the others again.

Source:
    RDF 1.1 Concepts, which every syntax read here has: https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import turtle
from pkgraph.errors import TurtleSyntaxError
from pkgraph.intake.source import Source, Where
from pkgraph.locations import located
from pkgraph.turtle.tokens import Lines, Token, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.intake.source import Node
    from pkgraph.turtle.tokens import Place

#: The largest file that is taken in, in MiB: twenty times the largest under ``graph/``.
MAX_MIB: Final = 16
#: What is taken in at once: to check so much takes some 5 s and 300 MiB. A statement has room for
#: the longest text and the longest addresses that the check lets pass.
LIMITS: Final = turtle.Limits(statements=100_000, characters=32_000_000, longest=20_000)


def read(path: Path) -> Source:
    """
    Read a file of Turtle or, if its name ends so, of N-Triples.

    Raises:
        InputError: It cannot be read, or is too large.
        TurtleSyntaxError: It is not in its syntax, or has too many statements.
    """
    lines = path.suffix.lower() == ".nt"
    syntax = ox.RdfFormat.N_TRIPLES if lines else ox.RdfFormat.TURTLE
    text = turtle.read(path, MAX_MIB)
    return Source(path, parse(text, syntax, path), _TurtleText(text).find)


def read_text(text: str) -> Source:
    """
    Read a text of Turtle.

    Raises:
        TurtleSyntaxError: It is not Turtle, or has too many statements.
    """
    return Source(None, parse(text, ox.RdfFormat.TURTLE), _TurtleText(text).find)


def parse(text: str, syntax: ox.RdfFormat, path: Path | None = None) -> tuple[ox.Triple, ...]:
    """
    Return the statements of a text within the limits of what is taken in.

    Raises:
        TurtleSyntaxError: It is not in its syntax, has too many statements, or has named graphs.
    """
    file = None if path is None else str(path)
    quads = turtle.parse_quads(text, file=file, format=syntax, limits=LIMITS)
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise TurtleSyntaxError(
                f"the statements about {quad.subject} stand in a graph of their own, "
                f"{quad.graph_name}; leave the graph out, for each file is one",
                file=file,
            )
    return tuple(quad.triple for quad in quads)


class _TurtleText:
    """A text of Turtle, read a second time only when a statement is to be found in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return where a statement stands; what the text has no name for, at a blank node."""
        place = located(self._text).find(focus, path, value) or self._first_blank
        return None if place is None else Where(place.line, place.column)

    @cached_property
    def _first_blank(self) -> Place | None:
        """Where the first blank node of the text is; one that begins a statement goes first."""
        pieces = [Token("mark", ".", 0), *tokens(self._text)]
        blank = [
            (before.text != ".", piece.start)
            for before, piece in pairwise(pieces)
            if piece.kind == "blank" or piece.text in {"[", "("}
        ]
        return Lines(self._text).place(min(blank)[1]) if blank else None
