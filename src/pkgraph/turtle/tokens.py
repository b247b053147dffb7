"""
Split a Turtle text, whole or broken, into its tokens, and count its lines.

The time it takes grows in proportion to the text, whatever is in it. Names are read generously:
outside strings, IRIs and comments, letters other than ASCII occur in names only, and which of them
a name may have is for the parser to say.

Source:
    Turtle 1.1, grammar: https://www.w3.org/TR/turtle/#sec-grammar-grammar
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTER: Final = r"A-Za-z\u00b7-\U0010ffff"
_INSIDE: Final = rf"[{_LETTER}0-9_\-]"
_LOCAL: Final = rf"(?: [{_LETTER}0-9_:\-] | %[0-9A-Fa-f]{{2}} | \\[_~.\-!$&'()*+,;=/?\#@%] )"
#: Every quantifier is possessive, so that nothing is read twice. A string that is not closed takes
#: the rest of its line, or of the text, with it.
_TOKEN: Final = rf"""
    (?P<space> (?: [ \t\r\n]++ | \#[^\r\n]*+ )++ )
  | (?P<string>
        "{{3}} (?: [^"\\] | \\. | "(?!"") )*+ "{{3}} | (?!"{{3}}) " (?: [^"\\\r\n] | \\. )*+ "
      | '{{3}} (?: [^'\\] | \\. | '(?!'') )*+ '{{3}} | (?!'{{3}}) ' (?: [^'\\\r\n] | \\. )*+ ' )
  | (?P<unclosed> (?:"{{3}}|'{{3}}) .*+ | ["'][^\r\n]*+ )
  | (?P<iri> < (?: [^\x00-\x20<>"{{}}|^`\\] | \\u[0-9A-Fa-f]{{4}} | \\U[0-9A-Fa-f]{{8}} )*+ > )
  | (?P<double> [+-]? (?: [0-9]++(?:\.[0-9]*+)? | \.[0-9]++ ) [eE][+-]?[0-9]++ )
  | (?P<decimal> [+-]? [0-9]*+ \.[0-9]++ )
  | (?P<integer> [+-]? [0-9]++ )
  | (?P<blank> _: {_INSIDE}++ (?: \.++ {_INSIDE}++ )*+ )
  | (?P<name>
        (?: [{_LETTER}] (?: {_INSIDE} | \. )*+ )?+ : (?: {_LOCAL}++ (?: \.++ {_LOCAL}++ )*+ )?+ )
  | (?P<word> [{_LETTER}] {_INSIDE}*+ (?: \.++ {_INSIDE}++ )*+ )
  | (?P<at> @[A-Za-z0-9\-]++ )
  | (?P<mark> \^\^ | << | . )
"""
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Token(NamedTuple):
    """A piece of Turtle: what it is, its characters, and the offset of the first of them."""

    kind: str
    text: str
    start: int


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the grammar of tokens, which takes 20 ms, when a text is first read by it."""
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def tokens(text: str) -> Iterator[Token]:
    """
    Yield the tokens of *text*; white space and comments are left out.

    >>> [token.text for token in tokens('work:a pk:pages "14" . # the first')]
    ['work:a', 'pk:pages', '"14"', '.']
    """
    for found in _pattern().finditer(text):
        if found.lastgroup != "space":
            yield Token(str(found.lastgroup), found[0], found.start())


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text; ``line`` and ``column`` count from 1, in characters."""

    line: int
    column: int


class Lines:
    r"""
    The lines of a text, which end where pyoxigraph says that they end.

    >>> lines = Lines("ab\r\nc\rd")
    >>> lines.place(5), lines.offset(2, 2)
    (Place(line=2, column=2), 5)
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def place(self, offset: int) -> Place:
        """Return where the character at *offset* stands."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of the character at a place."""
        return self._starts[line - 1] + column - 1


def first_comment(text: str) -> Place | None:
    r"""
    Return where the first comment of *text* begins, or None if there is none.

    >>> first_comment("work:a pk:pages '#14' .\n# the first")
    Place(line=2, column=1)
    """
    for found in _pattern().finditer(text):
        if found.lastgroup == "space" and "#" in found[0]:
            return Lines(text).place(found.start() + found[0].index("#"))
    return None
