"""Write a description as text for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pkgraph import tables
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.pages.description import Description, Group, Value


def as_text(description: Description, width: int) -> str:
    """Return *description* as lines that are at most *width* characters wide, if a word allows."""
    kinds = ", ".join(value.text for value in description.classes)
    name = compact(description.iri)
    head = [description.label, f"{kinds}, {name}" if kinds else name]
    about = [
        ("also called", "; ".join(description.names)),
        *(("definition", each) for each in description.definitions),
        *(("note", note) for note in description.notes),
        *_lines(description.statements),
    ]
    parts = [
        "".join(f"{textwrap.fill(line, width)}\n" for line in head),
        tables.record(about, width),
        tables.record(_lines(description.mentions), width),
    ]
    return "\n".join(part for part in parts if part)


def _lines(groups: Iterable[Group]) -> Iterator[tuple[str, str]]:
    """Yield a line for each value of *groups*; the first of a group has its label."""
    for group in groups:
        label = group.label
        for value in group.values:
            yield label, _told(value)
            label = ""
        if group.many or group.total > len(group.values):
            yield "", f"… {'more than ' if group.many else ''}{group.total} in all"


def _told(value: Value) -> str:
    """Return *value* on one line."""
    if value.details:
        parts = [f"{d.label} {', '.join(v.text for v in d.values)}" for d in value.details]
        if value.lines:
            first, last = value.lines
            parts.append(f"line {first}" if first == last else f"lines {first}–{last}")
        return f"{'; '.join(parts)} ({value.text})"
    if value.iri is None or value.label is None:
        return value.text
    return f"{value.label} ({compact(value.iri)})"
