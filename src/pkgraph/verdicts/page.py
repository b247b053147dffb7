"""
Write a verdict as HTML: a part for a page of the server, or a page that stands alone.

Whatever a file says is escaped; the page loads nothing and runs nothing.

Source:
    HTML, character references: https://html.spec.whatwg.org/multipage/syntax.html#character-references
"""

from __future__ import annotations

from html import escape
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from pkgraph.namespaces import PKS, SHAPES
from pkgraph.tables import harmless
from pkgraph.verdicts.verdict import rule, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.validation import Finding
    from pkgraph.verdicts.text import Excerpt
    from pkgraph.verdicts.verdict import Verdict

_STYLE: Final = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.5rem 0.75rem; border: 1px solid; border-radius: 4px; }
.finding { border-top: 1px solid; padding: 0.5rem 0; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: 0.25rem 1rem; }
dd { margin: 0; }
"""


def write(verdict: Verdict) -> str:
    """Return the page of *verdict*."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>pkgraph check</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>Verdict</h1>\n{fragment(verdict)}</body>\n</html>\n"
    )


def fragment(verdict: Verdict, shapes: str = SHAPES, most: int | None = None) -> str:
    """
    Return what is to be said of *verdict*, under headings of the second level and below.

    Args:
        verdict: What is told.
        shapes: The address at which the shapes are read.
        most: How many findings are shown; all are counted.
    """
    outcome = "Accepted" if verdict.accepted else "Rejected"
    more = f": {summary(verdict.findings)}" if verdict.findings else ": there is nothing to mend"
    parts = [f'<p class="outcome {outcome.lower()}" role="status"><b>{outcome}</b>{more}.</p>\n']
    if most is not None and len(verdict.findings) > most:
        parts.append(f"<p>The first {most} are shown; the other formats have all.</p>\n")
    shown = enumerate(islice(verdict.findings, most), start=1)
    for file, findings in groupby(shown, key=lambda each: each[1].file):
        parts.append(f"<h2>{_text(file or 'Text')}</h2>\n")
        parts += ["\n".join(_lines(verdict, *each, shapes)) + "\n" for each in findings]
    return "".join(parts)


def _lines(verdict: Verdict, number: int, finding: Finding, shapes: str) -> Iterator[str]:
    """Yield the lines of one finding."""
    yield f'<article class="finding {finding.severity.lower()}" id="finding-{number}">'
    place = f"{_place(finding)}: " if _place(finding) else ""
    yield f"<h3>{place}{_text(finding.wanted)}</h3>"
    text = verdict.texts.get(finding.file)
    excerpt = text.excerpt(finding.line, finding.column) if text and not finding.cell else None
    if excerpt:
        yield _excerpt(excerpt)
    yield "<dl>"
    yield f"<div><dt>Severity</dt><dd>{finding.severity}</dd></div>"
    if finding.statement:
        yield f"<div><dt>Found</dt><dd><code>{_text(finding.statement)}</code></dd></div>"
    if finding.mend:
        yield f"<div><dt>Mend</dt><dd>{_text(finding.mend)}</dd></div>"
    fix = verdict.fixes.get(finding)
    if fix:
        line, corrected = fix.corrected(verdict.texts[fix.edits[0].file])
        sure = "Corrected" if fix.safe else "Perhaps"
        yield (
            f"<div><dt>{sure}</dt><dd>line {line}: <code>{_text(corrected.strip())}</code></dd>"
            "</div>"
        )
    yield f"<div><dt>Shape</dt><dd>{_shape(finding, shapes)}</dd></div>"
    yield "</dl>"
    yield "</article>"


def _excerpt(excerpt: Excerpt) -> str:
    """Return the line that a finding is about, with what it points at marked."""
    gutter = " " * len(str(excerpt.number))
    carets = " " * excerpt.start + "^" * excerpt.width
    return (
        f'<pre tabindex="0"><code>{excerpt.number} | {_text(excerpt.line)}\n'
        f'{gutter} | <span class="carets" aria-hidden="true">{carets}</span></code></pre>'
    )


def _place(finding: Finding) -> str:
    if finding.cell is not None:
        return f"Cell {_text(finding.cell)}"
    if finding.line is None:
        return ""
    return f"Line {finding.line}" + (f", column {finding.column}" if finding.column else "")


def _shape(finding: Finding, shapes: str) -> str:
    """Return the name of the shape, as a link if it is ours."""
    name = f"<code>{_text(rule(finding))}</code>"
    if not finding.shape.startswith(PKS):
        return name
    anchor = finding.shape.removeprefix(PKS)
    return f'<a href="{escape(shapes)}#{escape(anchor)}">{name}</a>'


def _text(text: str) -> str:
    return escape(harmless(text))
