"""
Judge what is handed in: what a check found, the text that it stands in, and how to mend it.

A violation rejects, a warning asks the reviewer, an information is about style: what is handed in
is accepted if nothing violates a shape. That is not the same as that it conforms, which in SHACL
takes that there is nothing to tell at all.

Source:
    SHACL, severity: https://www.w3.org/TR/shacl/#severity
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph import intake, turtle, validation
from pkgraph.errors import InputError, MalformedError
from pkgraph.namespaces import compact
from pkgraph.validation import Finding, Report
from pkgraph.verdicts.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import rdflib

    from pkgraph.intake import Source
    from pkgraph.validation.report import Severity
    from pkgraph.verdicts.fix import Fix

#: The severities, the gravest first, and how they are counted in words.
SEVERITIES: Final[tuple[tuple[Severity, str], ...]] = (
    ("Violation", "violation"),
    ("Warning", "warning"),
    ("Info", "note"),
)
#: For how many findings of a check a mend is looked for.
MOST_MENDED: Final = 1000
#: What is said of a text that is not in the syntax it should be in, in place of a shape.
SYNTAX: Final = "syntax"


@dataclass(frozen=True)
class Case:
    """What is judged, and by which shapes; ``texts`` stand in place of the files of these names."""

    sources: tuple[Source, ...]
    shapes: Path | str | rdflib.Graph | None = None
    engine: str | None = None
    texts: Mapping[str | None, str] = field(default_factory=dict)

    def text(self, file: str | None) -> Text | None:
        """Return the text of a file, or None if it cannot be read as one."""
        if file in self.texts:
            return Text(self.texts[file])
        try:
            return None if file is None else Text(turtle.read(Path(file)))
        except InputError:
            return None

    def with_texts(self, changed: Mapping[str | None, str]) -> Case:
        """Return the case that is the same but for the texts of some files, in Turtle."""
        sources = tuple(
            replace(intake.read(changed[key])[0], path=source.path)
            if (key := name(source)) in changed
            else source
            for source in self.sources
        )
        return replace(self, sources=sources, texts={**self.texts, **changed})


@dataclass(frozen=True)
class Verdict:
    """
    What is to be said of a case.

    If there are findings, ``texts`` has the text of each file that is one, and ``fixes`` what can
    be mended mechanically. ``errors`` are the files that could not be read; then nothing else was
    checked, and each of them is a finding.
    """

    case: Case
    report: Report
    texts: Mapping[str | None, Text]
    fixes: Mapping[Finding, Fix]
    errors: tuple[MalformedError, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, in the order of their files and lines."""
        return self.report.findings

    @property
    def accepted(self) -> bool:
        """Whether nothing is said that rejects."""
        return not self.counts["Violation"]

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        kinds = Counter(finding.severity for finding in self.findings)
        return {severity: kinds[severity] for severity, _ in SEVERITIES}

    def by_file(self) -> list[tuple[str | None, list[Finding]]]:
        """Return the findings of each file."""
        groups: dict[str | None, list[Finding]] = {}
        for finding in self.findings:
            groups.setdefault(finding.file, []).append(finding)
        return list(groups.items())


def judge(
    data: str | Sequence[Path],
    shapes: Path | str | rdflib.Graph | None = None,
    engine: str | None = None,
) -> Verdict:
    """
    Check *data*, files or a text of Turtle, as :func:`pkgraph.check` does, and judge it.

    A file that is not in the form it should be in is not an error here but rejected.

    Raises:
        InputError: A file cannot be read.
        UsageError: There is no such engine, or the shapes are no valid SHACL.
    """
    sources: list[Source] = []
    errors = []
    for each in [data] if isinstance(data, str) else data:
        try:
            sources += intake.read(each)
        except MalformedError as error:
            errors.append(error)
    texts: dict[str | None, str] = {None: data} if isinstance(data, str) else {}
    return judge_case(Case(tuple(sources), shapes, engine, texts), errors)


def judge_case(case: Case, errors: Iterable[MalformedError] = ()) -> Verdict:
    """Judge *case*, of which some files could not be read because of *errors*."""
    broken = tuple(errors)
    if broken:
        found = chain.from_iterable(map(_unreadable, broken))
        report = Report(conforms=False, findings=tuple(found))
    else:
        report = validation.check(case.sources, case.shapes, case.engine)
    return verdict_on(case, report, broken)


def verdict_on(case: Case, report: Report, broken: tuple[MalformedError, ...] = ()) -> Verdict:
    """Return what is to be said of *case* by its *report*; files that are *broken* are errors."""
    from pkgraph.verdicts import mending  # what is accepted needs no mending

    if not report.findings:
        return Verdict(case, report, {}, {})
    files = [*map(name, case.sources), *(error.file for error in broken)]
    texts = {file: text for file in files if (text := case.text(file)) is not None}
    fixes = {} if broken else mending.fixes(report.findings, texts, case.sources)
    return Verdict(case, report, texts, fixes, broken)


def name(source: Source) -> str | None:
    """Return what the findings call the file of *source*."""
    return None if source.path is None else str(source.path)


def summary(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity, in words: "1 violation, 2 notes"."""
    kinds = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{count} {word}{'s'[: count != 1]}"
        for severity, word in SEVERITIES
        if (count := kinds[severity])
    )


def rule(finding: Finding) -> str:
    """Return the short name of what a finding goes against: its shape."""
    return compact(finding.shape) if finding.shape else SYNTAX


def _unreadable(error: MalformedError) -> Iterator[Finding]:
    """Yield what is found of a file that is not in its form."""
    for line, column, reason in error.faults:
        wanted, _, mend = reason.partition("; ")
        yield Finding(
            severity="Violation",
            focus="",
            path=None,
            value=None,
            message=". ".join(part[0].upper() + part[1:] for part in (wanted, mend) if part) + ".",
            shape="",
            component="",
            file=error.file,
            line=line,
            column=column,
        )
