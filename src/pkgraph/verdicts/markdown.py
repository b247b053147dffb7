"""
Write a verdict as Markdown, for the comments of a pull request.

Whatever a file says can be in it, so nothing of it is left to Markdown: a word of anything but
letters stands in a code span, where a forge makes no links, mentions or references of it either.

Source:
    GitHub Flavored Markdown, code spans: https://github.github.com/gfm/#code-spans
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pkgraph.tables import harmless
from pkgraph.verdicts.verdict import rule, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.validation import Finding
    from pkgraph.verdicts.verdict import Verdict

#: A word, and the punctuation before and after it.
_WORD: Final = re.compile(r"([(\"']*)(.*?)([)\"'.,;:?!]*)", re.DOTALL)
#: A word that Markdown, and what forges add to it, take for nothing but itself.
_PLAIN: Final = re.compile(r"(?!www\b)[^\W_]+(?:[’'.-][^\W_]+)*|[–]?", re.IGNORECASE)
_TICKS: Final = re.compile(r"`+")


def write(verdict: Verdict, links: str = "") -> str:
    """
    Return *verdict* as a list with links to the lines.

    Args:
        verdict: What is told.

        links: The address of the folder that the files are in; left out, links are relative.
    """
    parts = [f"**pkgraph check**: {_outcome(verdict)}.\n"]
    for file, findings in verdict.by_file():
        parts.append(f"\n### {code(file or 'text')}: {summary(findings)}\n")
        parts += ["\n" + "\n".join(_item(verdict, finding, links)) + "\n" for finding in findings]
    return "".join(parts)


def prose(text: str) -> str:
    r"""
    Return *text* so that Markdown and forges take it for text.

    >>> prose("In English (@en), see #1 or <b>")
    'In English (`@en`), see `#1` or `<b>`'
    """
    return " ".join(map(_word, harmless(" ".join(text.split())).split()))


def code(text: str) -> str:
    r"""
    Return *text* as a code span.

    >>> code("a"), code("`a``b")
    ('`a`', '``` `a``b ```')
    """
    text = harmless(" ".join(text.split()))
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}" if text else ""


def _word(word: str) -> str:
    found = _WORD.fullmatch(word)
    before, inner, after = found.groups() if found else ("", word, "")
    return word if _PLAIN.fullmatch(inner) else f"{before}{code(inner)}{after}"


def _outcome(verdict: Verdict) -> str:
    if not verdict.findings:
        return "accepted"
    return f"{'accepted' if verdict.accepted else 'rejected'}, {summary(verdict.findings)}"


def _item(verdict: Verdict, finding: Finding, links: str) -> Iterator[str]:
    """Yield the lines of one item of the list."""
    yield f"- **{finding.severity}**{_place(finding, links)}: {prose(finding.wanted)}"
    text = verdict.texts.get(finding.file)
    if finding.statement:
        yield f"  - Found: {code(finding.statement)}"
    if finding.mend:
        yield f"  - Mend: {prose(finding.mend)}"
    fix = verdict.fixes.get(finding)
    if fix and text:
        line, corrected = fix.corrected(verdict.texts[fix.edits[0].file])
        sure = "Corrected" if fix.safe else "Perhaps"
        yield f"  - {sure}, line {line}: {code(corrected)}"
    yield f"  - Shape: {code(rule(finding))}"


def _place(finding: Finding, links: str) -> str:
    """Return where *finding* is, as a link if it is in a line of a file."""
    if finding.cell is not None:
        return f", cell {code(finding.cell)}"
    if finding.line is None:
        return ""
    place = f"line {finding.line}"
    if finding.file is None:
        return f", {place}"
    folder = links.rstrip("/") + "/" if links else ""
    return f", [{place}](<{folder}{quote(finding.file)}#L{finding.line}>)"
