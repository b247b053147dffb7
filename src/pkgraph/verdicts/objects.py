"""Write a verdict as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pkgraph.validation import Finding
    from pkgraph.verdicts.fix import Edit, Fix
    from pkgraph.verdicts.text import Text
    from pkgraph.verdicts.verdict import Verdict


def write(verdict: Verdict) -> str:
    """
    Return *verdict* as an object of JSON.

    ``conforms`` is as SHACL has it: there is nothing to tell. ``accepted`` is whether nothing
    violates a shape.
    """
    document = {
        "conforms": verdict.report.conforms,
        "accepted": verdict.accepted,
        "counts": verdict.counts,
        "findings": [_finding(verdict, finding) for finding in verdict.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(verdict: Verdict, finding: Finding) -> dict[str, object]:
    fix = verdict.fixes.get(finding)
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "cell": finding.cell,
        "severity": finding.severity,
        "focus": finding.focus or None,
        "path": finding.path,
        "value": finding.value,
        "wanted": finding.wanted,
        "mend": finding.mend,
        "shape": finding.shape or None,
        "component": finding.component or None,
        "fix": None if fix is None else _fix(verdict, fix),
    }


def _fix(verdict: Verdict, fix: Fix) -> dict[str, object]:
    line, corrected = fix.corrected(verdict.texts[fix.edits[0].file])
    return {
        "what": fix.what,
        "safe": fix.safe,
        "corrected": {"line": line, "text": corrected},
        "edits": [_edit(verdict.texts[edit.file], edit) for edit in fix.edits],
    }


def _edit(text: Text, edit: Edit) -> dict[str, object]:
    start, end = text.place(edit.start), text.place(edit.end)
    return {
        "file": edit.file,
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end.line, "column": end.column},
        "text": edit.text,
    }
