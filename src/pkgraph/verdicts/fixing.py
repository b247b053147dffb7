"""
Make the safe mends of a verdict, and keep only those that prove themselves.

A mend proves itself if, after it, the finding is gone and there is none that was not there before.
What does not is only shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pkgraph import validation
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
        left = attempt.make(_apart(_safe(verdict)))
        for layer in _layers(left):
            attempt.make(layer)
        if not attempt.made:
            return Mended(verdict, texts, tuple(done))
        done += attempt.made
        texts |= attempt.texts
        verdict = judge_case(verdict.case.with_texts(attempt.texts))


class _Attempt:
    """The mends made of one verdict so far, what its texts became, and what is found in them."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._found = verdict.findings
        self.texts: dict[str | None, str] = {}
        self.made: list[Mend] = []

    def make(self, mends: Sequence[Mend]) -> list[Mend]:
        """
        Make those of *mends* that prove themselves, and return the others.

        They are tried together. What mended nothing is left out, and so is what was done to a thing
        of which something new is found; then the rest are tried again.
        """
        left: list[Mend] = []
        while mends:
            texts = self._texts([*self.made, *mends])
            found = self._check(texts)
            renamed = dict(fix.renamed for _, fix in mends if fix.renamed)
            before = Counter(_key(finding, renamed) for finding in self._found)
            after = Counter(_key(finding, {}) for finding in found)
            blamed = {key[0] for key in after - before}
            good = [
                (finding, fix)
                for finding, fix in mends
                if (key := _key(finding, renamed))[0] not in blamed and after[key] < before[key]
            ]
            if len(good) == len(mends):
                if blamed:  # by none of them alone
                    return [*left, *mends]
                self.texts, self._found = texts, found
                self.made += mends
                return left
            left += [each for each in mends if each not in good]
            mends = good
        return left

    def _texts(self, mends: Sequence[Mend]) -> dict[str | None, str]:
        """Return the texts that *mends* change, as they are then."""
        edits: dict[str | None, list[Edit]] = {}
        for _, fix in mends:
            for edit in fix.edits:
                edits.setdefault(edit.file, []).append(edit)
        texts = self._verdict.texts
        return {file: apply(texts[file].text, each) for file, each in edits.items()}

    def _check(self, texts: Mapping[str | None, str]) -> tuple[Finding, ...]:
        """Return what is found if files have these *texts*."""
        case = self._verdict.case.with_texts(texts)
        return validation.check(case.sources, case.shapes, case.engine).findings


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


def _layers(mends: Iterable[Mend]) -> list[list[Mend]]:
    """Return *mends* in such groups that no thing has two in one."""
    layers: list[list[Mend]] = []
    used: Counter[str] = Counter()
    for finding, fix in mends:
        if used[finding.focus] == len(layers):
            layers.append([])
        layers[used[finding.focus]].append((finding, fix))
        used[finding.focus] += 1
    return layers


def _key(finding: Finding, renamed: Mapping[str, str]) -> tuple[str | None, ...]:
    """Return what makes *finding* the same in two checks: all but its place and its words."""
    focus = renamed.get(finding.focus, finding.focus)
    value = finding.value
    if value is not None and value.startswith("<"):
        value = f"<{renamed.get(value[1:-1], value[1:-1])}>"
    kind = (finding.severity, finding.shape, finding.component)
    return (focus, finding.path, value, *kind)
