"""A mend that can be made mechanically: which characters of a text become which others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph.verdicts.text import window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.verdicts.text import Text


@dataclass(frozen=True, slots=True)
class Edit:
    """
    What stands from ``start`` up to ``end`` in a file becomes ``text``.

    Both are offsets in characters, from 0; a byte order mark does not count. ``file`` is None where
    the text is in no file.
    """

    file: str | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """
    The edits that mend a finding, and what is written for what.

    It is ``safe`` if there is no second way to mend the finding that is as likely meant.
    ``renamed`` is the IRI that the edits take away and the one that they put in its place.
    """

    edits: tuple[Edit, ...]
    what: str
    safe: bool
    renamed: tuple[str, str] | None = None

    def corrected(self, text: Text) -> tuple[int, str]:
        """
        Return the number of the first line that is changed in *text*, and how it reads then.

        Of a long line it is the part around the change, between ellipses.
        """
        first = self.edits[0]
        start, line = text.line(first.start)
        inside = [
            Edit(None, each.start - start, each.end - start, each.text)
            for each in self.edits
            if each.file == first.file and start <= each.start and each.end <= start + len(line)
        ]
        line = apply(line, inside)
        begin, end = window(line, first.start - start)
        shown = f"{'…' * (begin > 0)}{line[begin:end]}{'…' * (end < len(line))}"
        return text.place(first.start).line, shown


def apply(text: str, edits: Iterable[Edit]) -> str:
    """
    Return *text* with *edits* made, which do not overlap.

    >>> apply("pk:vioce voice:own", [Edit(None, 0, 8, "pk:voice"), Edit(None, 9, 18, "voice:x")])
    'pk:voice voice:x'
    """
    parts, end = [], 0
    for edit in sorted(edits, key=lambda each: each.start):
        parts += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*parts, text[end:]])
