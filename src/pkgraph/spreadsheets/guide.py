"""
Say in words what a sheet and its columns take, as the shapes have it.

The words go three ways: into the notes at the headers, into the hints at the cells, and into the
sheet "read me".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pkgraph.namespaces import XSD, compact
from pkgraph.spreadsheets.columns import kinds, label
from pkgraph.spreadsheets.sheets import MAX_ROWS, REQUIRED

if TYPE_CHECKING:
    from pkgraph.spreadsheets.columns import Column, Kind

#: How many sorts of things are named before the rest are passed over.
_NAMED: Final = 6
_TAKES: Final = {
    XSD + "integer": "a whole number",
    XSD + "decimal": "a number",
    XSD + "boolean": "true or false",
    XSD + "string": "text",
    XSD + "gYear": "a year (1964)",
    XSD + "gYearMonth": "a month (1964-03)",
    XSD + "date": "a day (1964-03-27)",
}
_INTRODUCTION: Final = f"""\
Each sheet is for one sort of thing, each row describes one thing, and each column says one thing
of it. Fill in rows from the second on. A column whose name ends in {REQUIRED} has to be filled in
each of them; leave empty what you do not know. Sheets that you have nothing for stay empty.

The first column names the thing. Give it a name of its own, in small letters, digits and hyphens,
such as example-2001-cold; begin with the name of your article, so that it is yours alone. Other
cells call the thing by that name.

A cell for a thing takes the name of a row in this workbook, or of something that the graph has
already: pkgraph find shows its name, such as concept:impartiality. Where several sorts of things
are possible, write the sort in front, as in work:kaldor-1999.

Several values in one cell are separated by semicolons, or stand on lines of their own (Alt+Enter).
In a cell of text only a new line separates, since a sentence may have a semicolon.

No formulas, no merged cells and no hidden sheets: what is read is what you see. Where a cell has a
list, choose from it.

Rows may be sorted, columns after the first moved or taken out, and sheets deleted. At most
{MAX_ROWS} rows of a sheet are read.

When you are done, save the workbook and run: pkgraph check FILE.xlsx. It names each cell that has
to be mended, and how.
"""


def introduction() -> list[str]:
    """Return how to fill in a workbook, in paragraphs of one line each."""
    return [" ".join(paragraph.split()) for paragraph in _INTRODUCTION.split("\n\n")]


def takes(column: Column) -> str:
    """
    Return what a cell of *column* takes, in a few words.

    >>> from pkgraph.namespaces import PK
    >>> [takes(column) for column in kinds()[PK + "Occurrence"].columns[:2]]
    ['a passage or quotation', 'a whole number from 1 up']
    """
    if column.values:
        what = f"one of: {', '.join(map(label, column.values))}"
    elif column.language:
        what = f"text in {'English' if column.language == 'en' else column.language}"
    elif column.text:
        what = "text; another language than is plain goes after it, as in @fr"
    elif column.datatypes:
        what = " or ".join(_TAKES.get(each, compact(each)) for each in column.datatypes)
    elif column.outside:
        what = "an address in full, with https: in front"
    else:
        what = _things(column)
    if column.least is not None:
        what += f" from {column.least} up"
    if column.most is not None:
        what += f", of at most {column.most} characters"
    if column.several:
        what += "; several on lines of their own" if column.is_text else "; several separated by ;"
    return what


def note(column: Column) -> str:
    """Return what stands at the header of *column*."""
    needed = "Has to be filled." if column.required else "May stay empty."
    takes_ = takes(column)
    parts = (
        column.description,
        f"{needed} {takes_[0].upper()}{takes_[1:]}.",
        checked(column),
    )
    return "\n\n".join(filter(None, parts))


def checked(column: Column) -> str:
    """Return the message of the shape, but for text and numbers, where it tells how to type RDF."""
    return column.message if column.values or column.takes_things else ""


def note_on_names(kind: Kind) -> str:
    """Return what stands at the header of the first column."""
    return (
        f"The name of the {kind.name}, by which other cells call it: small letters, digits and "
        f"hyphens.\n\n{kind.description}\n\n{kind.address}"
    )


def _things(column: Column) -> str:
    """Return which sorts of things *column* takes."""
    names = [kinds()[iri].name for iri in column.classes if iri in kinds()]
    if not names:
        return "any thing, with its sort in front"
    more = ["one of other sorts"] if len(names) > _NAMED else []
    *before, last = [*names[:_NAMED], *more]
    what = f"{', '.join(before)} or {last}" if before else last
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
