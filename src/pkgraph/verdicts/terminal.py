"""
Write a verdict as text for people: each finding with the line that it is about.

The first line of a finding is what editors and terminals take for a place to jump to. Nothing that
a file says acts on a terminal, and colours are added only where they are asked for.

Source:
    What colours are asked for by: https://no-color.org/
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.tables import harmless
from pkgraph.verdicts.verdict import rule, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pkgraph.validation import Finding
    from pkgraph.validation.report import Severity
    from pkgraph.verdicts.verdict import Verdict

_COLOURS: Final[Mapping[Severity, str]] = {"Violation": "31", "Warning": "33", "Info": "36"}
_BOLD: Final = "1"
_QUIET: Final = "34"
_GOOD: Final = "32"
#: How wide the names of what is told are, and the least room for what is told.
_NAMES: Final = 8
_LEAST: Final = 40


def colourful(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """
    Tell whether to colour what goes to a *terminal*, or to something else.

    >>> colourful({}, terminal=True), colourful({"NO_COLOR": "1"}, terminal=True)
    (True, False)
    """
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def write(verdict: Verdict, *, colour: bool = False, width: int | None = None) -> str:
    """
    Return the findings of *verdict*, file by file.

    Args:
        verdict: What is told.

        colour: Whether to use the colours of a terminal.

        width: How many characters a line may have; None leaves each sentence on its line.
    """
    paper = _Paper(colour, width)
    groups = verdict.by_file()
    parts = []
    for file, findings in groups:
        if len(groups) > 1:  # the places say it where there is one file
            parts.append(paper.ink(f"{harmless(file or 'text')}: {summary(findings)}", _BOLD))
        parts += ["\n".join(_lines(verdict, finding, paper)) for finding in findings]
    return "".join(f"{part}\n\n" for part in parts).removesuffix("\n")


@dataclass(frozen=True, slots=True)
class _Paper:
    """What is written on."""

    colour: bool
    width: int | None

    def ink(self, text: str, code: str) -> str:
        """Return *text* in a colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def told(self, name: str, text: str, indent: int, code: str = "") -> str:
        """Return *text* under *name*, its further lines below its first."""
        lead = f"{' ' * indent}{name:{_NAMES}}"
        text = harmless(" ".join(text.split()))
        if self.width is not None:
            room = max(_LEAST, self.width - len(lead))
            text = f"\n{' ' * len(lead)}".join(textwrap.wrap(text, room, break_on_hyphens=False))
        return self.ink(lead, _QUIET) + (self.ink(text, code) if code else text)


def _lines(verdict: Verdict, finding: Finding, paper: _Paper) -> Iterator[str]:
    """Yield the lines of one finding."""
    place = f"{harmless(finding.place)}: " if finding.place else ""
    severity = paper.ink(finding.severity, f"{_BOLD};{_COLOURS[finding.severity]}")
    wanted = harmless(" ".join(finding.wanted.split()))
    yield f"{paper.ink(place, _BOLD)}{severity}: {paper.ink(wanted, _BOLD)}"
    text = verdict.texts.get(finding.file)
    excerpt = text.excerpt(finding.line, finding.column) if text and not finding.cell else None
    gutter = len(str(finding.line or "")) + 1
    if excerpt:
        bar = paper.ink(f"{'':{gutter}}|", _QUIET)
        yield bar
        yield f"{paper.ink(f'{excerpt.number} |', _QUIET)} {excerpt.line}".rstrip()
        carets = paper.ink("^" * excerpt.width, _COLOURS[finding.severity])
        yield f"{bar} {' ' * excerpt.start}{carets}"
    indent = gutter if excerpt else 2
    if finding.statement:
        yield paper.told("found", finding.statement, indent)
    if finding.mend:
        yield paper.told("mend", finding.mend, indent)
    fix = verdict.fixes.get(finding)
    if fix:
        _, corrected = fix.corrected(verdict.texts[fix.edits[0].file])
        yield paper.told("fix" if fix.safe else "perhaps", corrected, indent, _GOOD)
    yield paper.told("shape", rule(finding), indent)
