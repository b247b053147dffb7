"""
Write a table for people: in a terminal, or as Markdown.

An IRI column ``x`` that is followed by ``x_label`` is shown as one column with the label; other
IRIs are shown as CURIEs where there is one. What people see is for reading; the standard formats
of :mod:`pkgraph.results` have every address.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pkgraph.results import Table, Term

#: The longest word that a column keeps whole, in characters; where the columns are too many for
#: that, the rows are shown one below another.
_WORD: Final = 16
_GAP: Final = "  "
#: Controls, which would move the cursor of a terminal or colour what follows, and the marks that
#: turn the direction of text around.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def cells(table: Table) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the names of the columns that are shown, and their texts, row by row."""
    hidden = {name for name in table.columns if f"{name}_label" in table.columns}
    places = [
        (place, name.removesuffix("_label") if name.removesuffix("_label") in hidden else name)
        for place, name in enumerate(table.columns)
        if name not in hidden
    ]
    rows = [tuple(shown(terms[place]) for place, _ in places) for terms in table.terms]
    return tuple(name for _, name in places), rows


def shown(term: Term | None) -> str:
    """
    Return *term* as people read it.

    >>> shown(ox.NamedNode("https://w3id.org/pkgraph/work/durch-1997"))
    'work:durch-1997'
    """
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return _shown(str(term.value if isinstance(term, ox.Literal) else term))


def terminal(table: Table, width: int) -> str:
    """
    Return *table* as text that is at most *width* characters wide.

    Cells wrap; where the columns do not fit beside one another, each row becomes a block of lines.
    """
    names, rows = cells(table)
    return fitted(names, rows, width)


def fitted(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Return *rows* of texts under *names* as :func:`terminal` does."""
    rows = [tuple(map(_shown, row)) for row in rows]
    widths = _widths([names, *rows], width - len(_GAP) * (len(names) - 1))
    if widths is None:
        return "\n".join(record(zip(names, row, strict=True), width) for row in rows)
    head = [*_lines(names, widths), _GAP.join("─" * each for each in widths)]
    blocks = ["\n".join(_lines(row, widths)) for row in rows]
    between = "\n\n" if any("\n" in block for block in blocks) else "\n"
    return "\n".join(head) + "\n" + between.join(blocks) + "\n" * bool(blocks)


def record(pairs: Iterable[tuple[str, str]], width: int) -> str:
    """
    Return names and texts as lines, the names in a column; a name without a text is left out.

    Where the names leave too little room, each text is below its name.
    """
    told = [(name, text) for name, text in ((name, _shown(text)) for name, text in pairs) if text]
    indent = max((len(name) for name, _ in told), default=0) + len(_GAP)
    if indent + _WORD > width:
        width = max(width, len(_GAP) + 1)
        lines = [
            line
            for name, text in told
            for line in (
                *textwrap.wrap(name, width),
                *textwrap.wrap(text, width, initial_indent=_GAP, subsequent_indent=_GAP),
            )
        ]
    else:
        lines = [
            textwrap.fill(
                text, width, initial_indent=f"{name:{indent}}", subsequent_indent=" " * indent
            )
            for name, text in told
        ]
    return "".join(f"{line}\n" for line in lines)


def markdown(table: Table) -> str:
    """Return *table* as a table of GitHub Flavored Markdown."""
    return markdown_texts(*cells(table))


def markdown_texts(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* of texts under *names* as :func:`markdown` does."""
    if not names:
        return ""
    lines = [[_escaped(_shown(cell)) for cell in line] for line in (names, *rows)]
    lines.insert(1, ["---"] * len(names))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _widths(rows: Iterable[Sequence[str]], room: int) -> list[int] | None:
    """Share *room* among the columns, the widest giving way first; None if words would break."""
    columns = list(zip(*rows, strict=True))
    wide = [max(map(len, column)) for column in columns]
    least = [
        min(_WORD, max((len(word) for cell in column for word in cell.split()), default=0))
        for column in columns
    ]
    if sum(least) > room:
        return None
    # The greatest width that all columns can be cut to, but for those whose words are wider.
    most = max(wide, default=0)
    while sum(cut := [max(low, min(high, most)) for low, high in zip(least, wide, strict=True)]) > (
        room
    ):
        most -= 1
    return cut


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of one row, its cells wrapped to *widths*."""
    wrapped = [
        (textwrap.wrap(cell, each) or [""]) if len(cell) > each else [cell]
        for cell, each in zip(row, widths, strict=True)
    ]
    for number in range(max(map(len, wrapped), default=0)):
        parts = [lines[number] if number < len(lines) else "" for lines in wrapped]
        yield _GAP.join(f"{part:{each}}" for part, each in zip(parts, widths, strict=True)).rstrip()


def _escaped(cell: str) -> str:
    r"""
    Return *cell* so that Markdown takes it for text.

    >>> _escaped("a|b <c> *d*")
    'a\\|b &lt;c> \\*d\\*'
    """
    for mark in "\\|*_`[~":
        cell = cell.replace(mark, "\\" + mark)
    return cell.replace("&", "&amp;").replace("<", "&lt;")


def harmless(text: str) -> str:
    r"""
    Return *text*, which may have several lines, without what would act on a terminal.

    >>> harmless("row 2: '\x1b[2J'\nrow 3") == "row 2: '\ufffd[2J'\nrow 3"
    True
    """
    return "\n".join(_CONTROL.sub("\ufffd", line) for line in text.split("\n"))


def _shown(text: str) -> str:
    """Return *text* on one line, without what would act on a terminal."""
    return _CONTROL.sub("\ufffd", " ".join(text.split()))
