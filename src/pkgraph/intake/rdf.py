"""
Read statements in the syntaxes of RDF.

Source:
    RDF 1.1 Concepts, which every syntax read here has: https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pkgraph import turtle
from pkgraph.intake.source import Source, Where
from pkgraph.locations import Locations
from pkgraph.turtle.tokens import Lines, Token, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.intake.source import Node
    from pkgraph.turtle.tokens import Place


def read(path: Path) -> Source:
    """
    Read a file of Turtle.

    Raises:
        InputError: It cannot be read.
        TurtleSyntaxError: It is not Turtle.
    """
    text = turtle.read(path)
    return Source(path, turtle.parse(text, file=str(path)), _TurtleText(text).find)


def read_text(text: str) -> Source:
    """
    Read a text of Turtle.

    Raises:
        TurtleSyntaxError: It is not Turtle.
    """
    return Source(None, turtle.parse(text), _TurtleText(text).find)


class _TurtleText:
    """A text of Turtle, read a second time only when a statement is to be found in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return where a statement stands; what the text has no name for, at a blank node."""
        place = self._locations.find(focus, path, value) or self._first_blank
        return None if place is None else Where(place.line, place.column)

    @cached_property
    def _locations(self) -> Locations:
        return Locations(self._text)

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
