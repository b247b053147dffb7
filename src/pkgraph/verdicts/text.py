"""
The text of a file that is judged: its lines, its tokens, and the terms that they stand for.

Source:
    Turtle 1.1, prefixed names and IRIs: https://www.w3.org/TR/turtle/#sec-iri
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import tables
from pkgraph.locations import located
from pkgraph.turtle.tokens import Lines, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pkgraph.intake.source import Node
    from pkgraph.turtle.tokens import Place, Token

#: How much is read on from a place to find the token that stands there, in characters; a longer
#: literal is not mended.
_AHEAD: Final = 1 << 16
#: How many characters of a line are shown.
_SHOWN: Final = 160
_TAB: Final = "    "
_BREAK: Final = re.compile(r"[\r\n]")
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """
    A line of a text as it is shown, and what of it is pointed at.

    ``start`` and ``width`` count the columns of a terminal, from 0.
    """

    number: int
    line: str
    start: int
    width: int


class Text:
    r"""
    A text in which findings have their places.

    >>> text = Text("PREFIX : <urn:>\n:a :p 1 .")
    >>> text.excerpt(2, 4)
    Excerpt(number=2, line=':a :p 1 .', start=3, width=2)
    >>> text.iri(text.token(text.offset(2, 4)))
    'urn:p'
    """

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")  # as in pkgraph.turtle, so that columns agree
        self._ends: dict[int, int] = {}  # of lines, which may be long and looked at often

    def offset(self, line: int, column: int) -> int | None:
        """Return the offset of a place, or None if the text has no such line."""
        if not 1 <= line <= self._count:
            return None
        return min(self._lines.offset(line, column), len(self.text))

    def place(self, offset: int) -> Place:
        """Return where the character at *offset* stands."""
        return self._lines.place(offset)

    def line(self, offset: int) -> tuple[int, str]:
        """Return the offset at which the line of the character at *offset* begins, and the line."""
        place = self.place(offset)
        start = offset - place.column + 1
        if start not in self._ends:
            end = _BREAK.search(self.text, start)
            self._ends[start] = end.start() if end else len(self.text)
        return start, self.text[start : self._ends[start]]

    def token(self, offset: int | None) -> Token | None:
        """Return the token that begins at *offset*, or None if none does that can be read."""
        if offset is None:
            return None
        ahead = self.text[offset : offset + _AHEAD]
        token = next(tokens(ahead), None)
        if token is None or token.start or len(token.text) == _AHEAD:
            return None
        return token._replace(start=offset)

    def following(self, token: Token) -> Iterator[Token]:
        """Yield the tokens after *token*, as far as a statement can be expected to reach."""
        start = token.start + len(token.text)
        for each in tokens(self.text[start : start + _AHEAD]):
            yield each._replace(start=start + each.start)

    def find(self, focus: str, path: str | None, value: Node | None = None) -> Token | None:
        """Return the token at which a statement stands, as precisely as it can be said."""
        place = located(self.text).find(focus, path, value)
        return None if place is None else self.token(self.offset(place.line, place.column))

    def iri(self, token: Token | None) -> str | None:
        """Return the IRI that *token* stands for, if it is a name or an absolute IRI."""
        if token is None or token.kind not in {"iri", "name"}:
            return None
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        space = self.prefixes.get(prefix)
        return None if space is None else space + _ESCAPED.sub(r"\1", local)

    def naming(self, iri: str) -> list[Token]:
        """Return the tokens that stand for *iri*."""
        return self._names.get(iri, [])

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that the text declares, with their namespaces."""
        parser = ox.parse(self.text.encode(), ox.RdfFormat.TURTLE)
        deque(parser, maxlen=0)  # it knows the prefixes that it has passed
        return parser.prefixes

    def excerpt(self, line: int | None, column: int | None) -> Excerpt | None:
        """Return the line at a place, with what begins there; None if the text has no such line."""
        offset = None if line is None else self.offset(line, column or 1)
        if line is None or offset is None:
            return None
        start, whole = self.line(offset)
        at = min(offset - start, len(whole))
        token = next(tokens(whole[at:]), None) if column else None
        end = at + (len(token.text) if token and not token.start else 1)
        first, last = window(whole, at)
        lead, tail = "…" * (first > 0), "…" * (last < len(whole))
        before, what = whole[first:at], whole[at : min(end, last)]
        shown = lead + _clean(whole[first:last]) + tail
        return Excerpt(line, shown, _columns(lead + _clean(before)), max(1, _columns(_clean(what))))

    @cached_property
    def _names(self) -> Mapping[str | None, list[Token]]:
        found: dict[str | None, list[Token]] = {}
        for token in tokens(self.text):
            found.setdefault(self.iri(token), []).append(token)
        return found

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _count(self) -> int:
        return self._lines.place(len(self.text)).line


def window(line: str, at: int) -> tuple[int, int]:
    """Return from where to where *line* is shown: all, or the part around *at* of a long one."""
    first = max(0, at - _SHOWN // 2) if len(line) > _SHOWN else 0
    return first, min(len(line), first + _SHOWN)


def _clean(part: str) -> str:
    """Return part of a line without what would act on a terminal, and with tabs as spaces."""
    return tables.harmless(part.replace("\t", _TAB))


def _columns(part: str) -> int:
    """
    Return how many columns of a terminal *part* takes.

    >>> _columns("né"), _columns("平和")
    (2, 4)
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in part
    )
