"""
Find where in a text of TriG or N-Quads a statement stands.

Both are Turtle with the names of graphs in between. Where those are blanked out, in place, what is
left is Turtle, with every statement where it was.

Source:
    TriG, grammar: https://www.w3.org/TR/trig/#sec-grammar
    N-Quads, grammar: https://www.w3.org/TR/n-quads/#sec-grammar
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pkgraph.intake.source import Where
from pkgraph.locations import Locations
from pkgraph.turtle.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.intake.source import Node
    from pkgraph.turtle.tokens import Token


class Places:
    """A text, read a second time only when a statement is to be found in it."""

    def __init__(self, text: str, as_turtle: Callable[[str], str]) -> None:
        self._text = text
        self._as_turtle = as_turtle

    def find(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return where a statement stands."""
        place = self._locations.find(focus, path, value)
        return None if place is None else Where(place.line, place.column)

    @cached_property
    def _locations(self) -> Locations:
        return Locations(self._as_turtle(self._text))


def trig_as_turtle(text: str) -> str:
    r"""
    Return *text* without its graphs; a statement that a brace ends gets its dot there.

    >>> trig_as_turtle("GRAPH <urn:g> { <urn:a> <urn:b> 1 }")
    '                <urn:a> <urn:b> 1 .'
    """
    pieces: list[str] = []
    end = 0
    before: list[Token] = []

    def keep_until(start: int, width: int, instead: str) -> None:
        nonlocal end
        pieces.extend([text[end:start], instead.ljust(width)])
        end = start + width

    for token in tokens(text):
        if token.kind == "mark" and token.text == "{":
            for each in _name_of_graph(before):
                keep_until(each.start, len(each.text), "")
            keep_until(token.start, 1, "")
        elif token.kind == "mark" and token.text == "}":
            ended = before[-1].text in {".", "{"}
            keep_until(token.start, 1, "" if ended else ".")
        before = [*before[-1:], token]
    return "".join([*pieces, text[end:]])


def quads_as_turtle(text: str) -> str:
    r"""
    Return *text* without the name of the graph at the end of each statement.

    >>> quads_as_turtle('<urn:a> <urn:b> "x" <urn:g> .')
    '<urn:a> <urn:b> "x"         .'
    """
    pieces: list[str] = []
    end = 0
    before: Token | None = None
    for token in tokens(text):
        if before is not None and token.text == ".":
            pieces += [text[end : before.start], " " * len(before.text)]
            end = before.start + len(before.text)
        before = token
    return "".join([*pieces, text[end:]])


def _name_of_graph(before: list[Token]) -> list[Token]:
    """Return the tokens that name the graph whose brace comes next, the last of *before*."""
    if not before or before[-1].kind not in {"iri", "name", "blank"}:
        return []
    keyword = len(before) > 1 and before[-2].text.upper() == "GRAPH"
    return before[-2:] if keyword else before[-1:]
