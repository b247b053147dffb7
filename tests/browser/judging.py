"""Judges of pages from elsewhere: where they are, and what axe-core says."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / ".tools" / "pages" / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
INSTALL = (
    "mkdir -p .tools/pages && cp .ci/pages/package.json .tools/pages/ && "
    "npm install --prefix .tools/pages --ignore-scripts"
)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page, *, rules=()):
    """Return what axe-core complains of: the rule, and where."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
    )
    assert len(found["passes"]) > 0
    return [
        (each["id"], each["help"], [node["target"] for node in each["nodes"][:3]])
        for each in found["violations"]
    ]
