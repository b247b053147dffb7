"""
Show the text that was judged as HTML, its lines at fault marked and the corrected ones below them.

Of a long text the lines at fault are shown with some around them.
"""

from __future__ import annotations

import re
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Final

from pkgraph.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.verdicts.text import Text
    from pkgraph.verdicts.verdict import Verdict

#: How long a text is shown whole, how many lines around one at fault are, and how many in all.
_WHOLE: Final = 60
_AROUND: Final = 2
_MOST: Final = 300
#: How much of a line is shown, in characters.
_WIDE: Final = 200
_BREAK: Final = re.compile(r"\r\n|\r|\n")


def fragment(verdict: Verdict, most: int) -> str:
    """Return those texts of *verdict* that have lines which its first *most* findings are about."""
    parts = []
    for file, text in verdict.texts.items():
        faults: dict[int, list[int]] = {}
        corrected: dict[int, str] = {}
        for number, finding in enumerate(islice(verdict.findings, most), start=1):
            if finding.file != file or finding.line is None or finding.cell is not None:
                continue
            faults.setdefault(finding.line, []).append(number)
            fix = verdict.fixes.get(finding)
            if fix is not None and fix.safe and fix.edits[0].file == file:
                line, mended = fix.corrected(text)
                corrected.setdefault(line, mended)
        if faults:
            parts += ["\n".join(_listing(text, faults, corrected)), "\n"]
    return "".join(parts)


def _listing(text: Text, faults: dict[int, list[int]], corrected: dict[int, str]) -> Iterator[str]:
    """Yield the lines of the list of the lines of *text*."""
    lines = _BREAK.split(text.text)
    yield '<section class="listing" aria-labelledby="listing">'
    yield '<h2 id="listing">What is to be mended, line by line</h2>\n<ol>'
    before = 0
    for number in _shown(len(lines), [*faults, *corrected]):
        if number > before + 1:
            yield '<li class="gap"><span class="number">…</span></li>'
        before = number
        line = _cut(lines[number - 1])
        if number in faults:
            first = faults[number][0]
            yield (
                f'<li class="at-fault" id="line-{number}"><a class="number" '
                f'href="#finding-{first}" aria-label="Line {number}: finding {first}">{number}</a>'
                f"<code><mark>{line}</mark></code></li>"
            )
        else:
            yield f'<li><span class="number">{number}</span><code>{line}</code></li>'
        if number in corrected:
            yield (
                '<li class="corrected"><span class="number">corrected</span>'
                f"<code><ins>{_cut(corrected[number])}</ins></code></li>"
            )
    if before < len(lines):
        yield '<li class="gap"><span class="number">…</span></li>'
    yield "</ol>\n</section>"


def _shown(count: int, marked: Iterable[int]) -> list[int]:
    """
    Return the numbers of the lines that are shown, of *count*.

    >>> _shown(100, [50])
    [48, 49, 50, 51, 52]
    """
    if count <= _WHOLE:
        return list(range(1, count + 1))
    near = {line + step for line in marked for step in range(-_AROUND, _AROUND + 1)}
    return sorted(number for number in near if 1 <= number <= count)[:_MOST]


def _cut(line: str) -> str:
    """Return *line* as HTML, the end of a long one left out."""
    return escape(harmless(line if len(line) <= _WIDE else f"{line[:_WIDE]}…"))
