"""Give findings their places in what was handed in, and their order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pkgraph.validation import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgraph.intake import Source
    from pkgraph.validation.report import Finding


def placed(findings: Iterable[Finding], sources: Sequence[Source]) -> tuple[Finding, ...]:
    """Return *findings* with their places in *sources*, in the order of these."""
    return tuple(sorted((_placed(finding, sources) for finding in findings), key=_order))


def _placed(finding: Finding, sources: Sequence[Source]) -> Finding:
    """Return *finding* with its place, in the source that has most of the statement."""
    value = None if finding.value is None else nodes.parse(finding.value)
    statement = (finding.focus, finding.path, value)
    source = max(sources, key=lambda each: each.knows(*statement), default=None)
    if source is None:
        return finding
    file = None if source.path is None else str(source.path)
    place = source.place(*statement)
    if place is None:
        return replace(finding, file=file)
    return replace(finding, file=file, line=place.line, column=place.column, cell=place.cell)


def _order(finding: Finding) -> tuple[object, ...]:
    place = (finding.file or "", finding.line or 0, finding.column or 0)
    return (*place, finding.path or "", finding.focus, finding.shape, finding.value or "")
