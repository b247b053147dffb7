"""
Write a comparison for people: in a terminal, or as Markdown.

Labels and literals are what strangers wrote, so nothing of them acts on a terminal or counts as
Markdown.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pkgraph.tables import harmless
from pkgraph.verdicts.markdown import code, prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkgraph.comparison.comparing import Change, Comparison, Entry, Value


class _Style(NamedTuple):
    """How labels and names are written, and the lines that they stand in."""

    label: Callable[[str], str]
    name: Callable[[str], str]
    head: str
    group: str
    entry: str
    change: str


def as_text(comparison: Comparison) -> str:
    """Return *comparison* as lines of plain text."""
    style = _Style(_plain, _plain, "{}\n", "\n{}\n", "  {}\n", "    {}\n")
    return "".join(_lines(comparison, style))


def as_markdown(comparison: Comparison) -> str:
    """Return *comparison* as Markdown: a list below a heading for what came, changed and went."""
    style = _Style(prose, code, "**pkgraph diff**: {}\n", "\n### {}\n\n", "- {}\n", "  - {}\n")
    return "".join(_lines(comparison, style))


def _lines(comparison: Comparison, style: _Style) -> Iterator[str]:
    yield style.head.format(_summary(comparison))
    groups = {
        "Added": comparison.added,
        "Changed": comparison.changed,
        "Removed": comparison.removed,
    }
    for title, entries in groups.items():
        if entries:
            yield style.group.format(f"{title} ({len(entries)})")
        for entry in entries:
            yield style.entry.format(_entry(entry, style))
            whole = title != "Changed"
            for change in _untold(entry) if whole else entry.changes:
                yield style.change.format(_change(change, style, whole=whole))


def _summary(comparison: Comparison) -> str:
    """Return how much differs, in one sentence."""
    if comparison.same:
        return "The two say the same."
    counts = {
        "added": comparison.added,
        "changed": comparison.changed,
        "removed": comparison.removed,
    }
    things = ", ".join(f"{len(entries)} {what}" for what, entries in counts.items() if entries)
    came, went = comparison.statements
    return f"Things: {things}. Statements: {came} added, {went} removed."


def _untold(entry: Entry) -> Iterator[Change]:
    """Yield what is said of a thing that came or went, but for what its entry begins with."""
    times = Counter(change.property.name for change in entry.changes)
    told = {"rdf:type", "rdfs:label", *(("pk:from", "pk:relation", "pk:to") * bool(entry.sentence))}
    for change in entry.changes:
        name = change.property.name
        if name not in told or times[name] > 1:
            yield change


def _entry(entry: Entry, style: _Style) -> str:
    """Return what an entry is about; an argument link as the sentence that it is."""
    parts = [style.label(entry.kind)]
    if entry.sentence:
        one, relation, other = entry.sentence
        parts[0] += ":"
        parts += [_called(one, style), style.label(relation.label or relation.name)]
        parts += [_called(other, style), f"({style.name(entry.thing.name)})"]
    else:
        parts.append(_value(entry.thing, style))
    return " ".join(part for part in parts if part)


def _change(change: Change, style: _Style, *, whole: bool) -> str:
    """Return one change; where the *whole* thing came or went, its values are not marked."""
    verb = change.property
    name = style.label(verb.label) if verb.label else style.name(verb.name)
    if change.before and change.after:
        told = f"{_value(change.before, style)} → {_value(change.after, style)}"
    elif change.after:
        told = ("" if whole else "added ") + _value(change.after, style)
    else:
        told = ("" if whole else "removed ") + _value(change.before or verb, style)
    return f"{name}: {told}"


def _value(value: Value, style: _Style) -> str:
    """Return *value* by its label, if it has one, and its name."""
    name = style.name(value.name)
    return f"'{style.label(value.label)}' ({name})" if value.label else name


def _called(value: Value, style: _Style) -> str:
    """Return *value* by its label alone, or by its name if it has none."""
    return f"'{style.label(value.label)}'" if value.label else style.name(value.name)


def _plain(text: str) -> str:
    """Return *text* on one line, without what would act on a terminal."""
    return harmless(" ".join(text.split()))
