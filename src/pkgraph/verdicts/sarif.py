"""
Write a verdict as SARIF, which forges show in the lines of a pull request.

The rules are the shapes. Places count in characters of Unicode; files are named relative to the
folder that the check ran in, if they are below it. Fingerprints tell a finding by what it says and
not by its line, so that it stays the same when something is written above it.

Source:
    SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pkgraph import resources
from pkgraph.namespaces import BASE
from pkgraph.verdicts import rules
from pkgraph.verdicts.fix import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.validation import Finding
    from pkgraph.validation.report import Severity
    from pkgraph.verdicts.fix import Fix
    from pkgraph.verdicts.text import Text
    from pkgraph.verdicts.verdict import Verdict

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final[Mapping[Severity, str]] = {
    "Violation": "error",
    "Warning": "warning",
    "Info": "note",
}
_ROOT: Final = "SRCROOT"


def write(verdict: Verdict) -> str:
    """Return *verdict* as a log of SARIF with one run."""
    known = {each.id: each for each in map(rules.of, verdict.findings)}
    places = {name: place for place, name in enumerate(known)}
    twins: Counter[str] = Counter()
    results = []
    for finding in verdict.findings:
        print_ = _fingerprint(finding)
        twins[print_] += 1
        results.append(_result(verdict, finding, places, f"{print_}:{twins[print_]}"))
    driver = {
        "name": "pkgraph",
        "semanticVersion": resources.version(),
        "informationUri": BASE,
        "rules": [_rule(each) for each in known.values()],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that the check ran in."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: rules.Rule) -> dict[str, object]:
    described: dict[str, object] = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.description},
        "help": {"text": rule.help},
    }
    return described | ({"helpUri": rule.address} if rule.address else {})


def _result(
    verdict: Verdict, finding: Finding, places: Mapping[str, int], fingerprint: str
) -> dict[str, object]:
    rule = rules.of(finding)
    result: dict[str, object] = {
        "ruleId": rule.id,
        "ruleIndex": places[rule.id],
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(verdict, finding)],
        "partialFingerprints": {"pkgraphFinding/v1": fingerprint},
    }
    fix = verdict.fixes.get(finding)
    if fix and all(edit.file is not None for edit in fix.edits):
        result["fixes"] = [_fix(verdict, fix)]
    return result


def _message(finding: Finding) -> str:
    """Return what is wanted, what was found and what to do: all that an annotation shows."""
    found = f"Found: {finding.statement}." if finding.statement else ""
    return " ".join(part for part in (finding.wanted, found, finding.mend) if part)


def _location(verdict: Verdict, finding: Finding) -> dict[str, object]:
    location: dict[str, object] = {}
    logical = [
        {"fullyQualifiedName": each, "kind": kind}
        for each, kind in ((finding.focus, "object"), (finding.cell, "cell"))
        if each
    ]
    if logical:
        location["logicalLocations"] = logical
    if finding.file is not None:
        physical: dict[str, object] = {"artifactLocation": _artifact(finding.file)}
        region = _region(verdict.texts.get(finding.file), finding)
        location["physicalLocation"] = physical | ({"region": region} if region else {})
    return location


def _region(text: Text | None, finding: Finding) -> dict[str, object] | None:
    """Return the place of *finding* in its text, with what begins there."""
    if finding.line is None or finding.cell is not None:
        return None
    column = finding.column or 1
    region: dict[str, object] = {"startLine": finding.line, "startColumn": column}
    token = text.token(text.offset(finding.line, column)) if text else None
    if text and token:
        region |= _span(text, Edit(None, token.start, token.start + len(token.text), ""))
    return region


def _fix(verdict: Verdict, fix: Fix) -> dict[str, object]:
    files = dict.fromkeys(edit.file for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(file or ""),
            "replacements": [
                {
                    "deletedRegion": _span(verdict.texts[file], edit),
                    "insertedContent": {"text": edit.text},
                }
                for edit in fix.edits
                if edit.file == file
            ],
        }
        for file in files
    ]
    return {
        "description": {"text": f"Write {fix.what}."},
        "artifactChanges": changes,
    }


def _span(text: Text, edit: Edit) -> dict[str, object]:
    """Return the region that *edit* replaces."""
    start, end = text.place(edit.start), text.place(edit.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _artifact(file: str) -> dict[str, str]:
    """Return the address of a file: relative to the working folder, if it is below it."""
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    if path.is_absolute() or ".." in path.parts:
        return {"uri": path.resolve().as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": _ROOT}


def _fingerprint(finding: Finding) -> str:
    """Return what tells *finding* from others, whatever lines are written above it."""
    parts = (finding.shape, finding.focus, finding.path, finding.value)
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:32]
