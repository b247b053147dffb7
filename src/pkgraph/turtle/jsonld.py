"""
Look through a text of JSON-LD before it is parsed, and refuse what would harm or be lost.

Measured with pyoxigraph 0.5.13, the parser keeps what stands in brackets anew for each pair of
them, so that a thousand pairs take 190 MiB and ten thousand end the process (a segmentation
fault); a context within a context is worked out again wherever it applies, seconds for a few
kilobytes; and what the context does not explain, or is no IRI, is left out without a word.

Source:
    JSON-LD 1.1, contexts and keywords: https://www.w3.org/TR/json-ld11/#the-context
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pkgraph.errors import TurtleSyntaxError
from pkgraph.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many brackets may be open at once.
MAX_DEPTH: Final = 32
#: How many keys all contexts may have, those within the definition of a term included.
MAX_KEYS: Final = 2000
#: How many brackets may stand around a context: those of a list of objects, and of the object.
_TOP: Final = 2
_PIECE: Final = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*+")|(?P<open>[{\[])|(?P<close>[}\]])|(?P<mark>[:,"])'
    r'|(?P<word>[^\s{}\[\]:,"]++)',
    re.DOTALL,
)
_LIKE_KEYWORD: Final = re.compile("@[A-Za-z]+")
_KEYWORD: Final = re.compile(
    "@(?:base|container|context|direction|graph|id|import|included|index|json|language|list|nest"
    "|none|prefix|propagate|protected|reverse|set|type|value|version|vocab)"
)


class Piece(NamedTuple):
    """
    A piece of JSON: what it is, its characters, and the offset of the first of them.

    ``kind`` is "key", "string", "word" (a number, a truth value, null), "open" or "close".
    ``depth`` counts the brackets around it, its own left out; ``within`` is the innermost of them.
    """

    kind: str
    text: str
    start: int
    depth: int
    within: str

    @property
    def value(self) -> str:
        """The text that a string or a key stands for."""
        if "\\" not in self.text:
            return self.text[1:-1]
        try:
            return str(json.loads(self.text, strict=False))
        except ValueError:  # an escape that is none: the parser refuses it
            return self.text[1:-1]


def pieces(text: str) -> Iterator[Piece]:
    """
    Yield the pieces of a text of JSON, whole or broken; commas and colons are left out.

    >>> [(piece.kind, piece.text, piece.depth) for piece in pieces('{"a": [1]}')][:4]
    [('open', '{', 0), ('key', '"a"', 1), ('open', '[', 1), ('word', '1', 2)]
    """
    opened: list[str] = []
    string: re.Match[str] | None = None  # a key, if a colon comes next
    for found in _PIECE.finditer(text):
        kind = str(found.lastgroup)
        if string is not None:
            named = "key" if found[0] == ":" else "string"
            yield _piece(named, string, opened)
        string = found if kind == "string" else None
        if kind == "close" and opened:
            opened.pop()
        if kind in {"open", "close", "word"}:
            yield _piece(kind, found, opened)
        if kind == "open":
            opened.append(found[0])
    if string is not None:
        yield _piece("string", string, opened)


def _piece(kind: str, found: re.Match[str], opened: list[str]) -> Piece:
    return Piece(kind, found[0], found.start(), len(opened), opened[-1] if opened else "")


def check(text: str, file: str | None = None) -> None:
    """
    Refuse a text that is nested too deeply, or whose context is elsewhere, in a wrong place or big.

    Raises:
        TurtleSyntaxError: It is one of these.
    """
    contexts = _Contexts()
    for piece in pieces(text):
        if piece.depth + (piece.kind == "open") > MAX_DEPTH:
            reason = (
                f"this is more than {MAX_DEPTH} brackets deep; describe things side by side in an "
                "@graph, and have them point at each other by @id"
            )
        else:
            reason = contexts.fault(piece)
        if reason:
            at = Lines(text).place(piece.start)
            raise TurtleSyntaxError(reason, file=file, line=at.line, column=at.column)


class _Contexts:
    """Follows the contexts of a text, piece by piece."""

    def __init__(self) -> None:
        self._depth: int | None = None  # how deep the key @context is, while its value is read
        self._nested = False
        self._keys = 0
        self._last = ""

    def fault(self, piece: Piece) -> str:
        """Return what is wrong at the next piece, or nothing."""
        last, self._last = self._last, piece.value if piece.kind == "key" else ""
        if self._depth is not None and (
            piece.depth < self._depth or (piece.kind == "key" and piece.depth == self._depth)
        ):
            self._depth = None
        if piece.kind == "string" and self._is_address(piece, last):
            return (
                f"the JSON-LD has its context at '{_short(piece.value)}', and pkgraph fetches "
                "nothing; copy the context into the text"
            )
        if last == "@context" and self._nested and piece.text != "null":
            return "a context stands within others here; write one, at the top of the text"
        return self._key(piece) if piece.kind == "key" else ""

    def _is_address(self, piece: Piece, last: str) -> bool:
        """Tell whether a string is the address of a context."""
        if last in {"@context", "@import"}:
            return True
        return self._depth is not None and piece.within == "[" and piece.depth == self._depth + 1

    def _key(self, piece: Piece) -> str:
        key = self._last
        if _LIKE_KEYWORD.fullmatch(key) and not _KEYWORD.fullmatch(key):
            return f"JSON-LD has no keyword '{_short(key)}' and would pass over it; correct it"
        if self._depth is not None:
            self._keys += 1
            if self._keys > MAX_KEYS:
                return f"contexts have more than {MAX_KEYS} keys; leave out what is not used"
        if key == "@context":
            self._nested = self._depth is not None or piece.depth > _TOP
            if self._depth is None:
                self._depth = piece.depth
        return ""


def _short(text: str) -> str:
    """Put *text* on one line that can be read at a glance."""
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"  # noqa: PLR2004  # most of a line
