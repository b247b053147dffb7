"""
Make the safe mends of a verdict, and keep only those that prove themselves.

A mend proves itself if, after it, there are strictly fewer findings and none that was not there
before. What does not is only shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pkgraph.verdicts.fix import apply
from pkgraph.verdicts.verdict import judge_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pkgraph.validation import Finding
    from pkgraph.verdicts.fix import Edit, Fix
    from pkgraph.verdicts.verdict import Verdict

    Mend = tuple[Finding, Fix]


@dataclass(frozen=True)
class Mended:
    """
    What came of mending.

    That is the new verdict, the new texts of the files that changed, and what was done for which
    findings.
    """

    verdict: Verdict
    texts: Mapping[str | None, str]
    done: tuple[Mend, ...]


def mend(verdict: Verdict) -> Mended:
    """
    Make the safe mends of *verdict* that prove themselves, and those that these make possible.

    Nothing is written: the texts are for the caller to keep.
    """
    done: list[Mend] = []
    texts: dict[str | None, str] = {}
    while True:
        attempt = _Attempt(verdict)
        attempt.run(_apart(_safe(verdict)))
        if not attempt.made:
            return Mended(verdict, texts, tuple(done))
        done += attempt.made
        texts |= attempt.texts
        verdict = attempt.after


class _Attempt:
    """Mends of one verdict: what was made of its texts so far, and the verdict on that."""

    def __init__(self, before: Verdict) -> None:
        self.before = self.after = before
        self.texts: dict[str | None, str] = {}
        self.made: list[Mend] = []

    def run(self, mends: Sequence[Mend]) -> None:
        """Make *mends*: all at once if they prove themselves together, and otherwise by halves."""
        if not mends:
            return
        tried = [*self.made, *mends]
        edits = [edit for _, fix in tried for edit in fix.edits]
        texts = {
            file: apply(self.before.texts[file].text, [e for e in edits if e.file == file])
            for file in dict.fromkeys(edit.file for edit in edits)
        }
        after = judge_case(self.before.case.with_texts(texts))
        if _better(self.after, after, [fix for _, fix in mends]):
            self.texts, self.after, self.made = texts, after, tried
        elif len(mends) > 1:
            half = len(mends) // 2
            self.run(mends[:half])
            self.run(mends[half:])


def _safe(verdict: Verdict) -> list[Mend]:
    """Return the safe fixes of *verdict*, each once, with the first finding that it mends."""
    found: dict[tuple[Edit, ...], Mend] = {}
    for finding, fix in verdict.fixes.items():
        if fix.safe:
            found.setdefault(fix.edits, (finding, fix))
    return list(found.values())


def _apart(mends: Iterable[Mend]) -> list[Mend]:
    """Return those of *mends* that change no character twice; the others wait."""
    kept: list[Mend] = []
    taken: list[Edit] = []
    for finding, fix in mends:
        together = sorted([*taken, *fix.edits], key=lambda e: (e.file or "", e.start, e.end))
        if all(a.file != b.file or a.end <= b.start for a, b in pairwise(together)):
            kept.append((finding, fix))
            taken = together
    return kept


def _better(before: Verdict, after: Verdict, fixes: Iterable[Fix]) -> bool:
    """Tell whether *after* has fewer findings than *before*, and none of its own."""
    if after.errors or len(after.findings) >= len(before.findings):
        return False
    renamed = dict(fix.renamed for fix in fixes if fix.renamed)
    known = Counter(_key(finding, renamed) for finding in before.findings)
    return Counter(_key(finding, {}) for finding in after.findings) <= known


def _key(finding: Finding, renamed: Mapping[str, str]) -> tuple[object, ...]:
    """Return what makes *finding* the same in two verdicts: all but its place."""
    focus = renamed.get(finding.focus, finding.focus)
    value = finding.value
    if value is not None and value.startswith("<"):
        value = f"<{renamed.get(value[1:-1], value[1:-1])}>"
    kind = (finding.severity, finding.shape, finding.component)
    return (*kind, focus, finding.path, value)
