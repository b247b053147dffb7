"""
Write a template: a workbook with a sheet for each class, or the header of one sheet as CSV.

Source:
    ECMA-376, Office Open XML, part 1, data validations:
    https://ecma-international.org/publications-and-standards/standards/ecma-376/
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from pkgraph.errors import UsageError
from pkgraph.namespaces import XSD
from pkgraph.spreadsheets import choosing, delimited, guide, saving
from pkgraph.spreadsheets.columns import label
from pkgraph.spreadsheets.sheets import MAX_ROWS, REQUIRED, letters
from pkgraph.spreadsheets.workbook import HELP, LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

    from pkgraph.spreadsheets.columns import Column, Kind

#: Colours, as red, green and blue: of headers that have to be filled, of the others, of the sheets
#: that were asked for.
_NEEDED: Final = "FFD9E8F5"
_OTHER: Final = "FFF2F2F2"
_ASKED: Final = "FF1F6FB2"
#: The most characters that a hint at a cell may have, and its heading.
_HINT: Final = 255
_HEADING: Final = 32
#: Widths of columns, in characters.
_WIDE: Final = 60
_NAMES: Final = 36
_NARROW: Final = 16
_USUAL: Final = 24
_NOTE: Final = (320, 240)
_HELP_WIDTHS: Final = (28, 10, 44, 50, 90)
#: The height of a line, in points.
_LINE_HEIGHT: Final = 15
#: The most characters of a line of the help that is no table.
_LINE: Final = 170
#: What a spreadsheet may keep as a number; a date it would make more precise than it was typed.
_NUMBERS: Final = ((XSD + "integer",), (XSD + "gYear",))
_AS_TEXT: Final = "@"
_TRUTH: Final = '"true,false"'


def workbook(classes: Iterable[str]) -> bytes:
    """
    Return a workbook (.xlsx) to enter things of *classes* in, with the sheets that these need.

    Raises:
        UsageError: There is no such class.
    """
    from openpyxl import Workbook

    asked = [choosing.named(each) for each in classes]
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = choosing.needed(asked)
    _write_help(book, sheets)
    lists = _Lists(book, sheets)
    for kind in sheets:
        _write_sheet(book, kind, lists, is_asked=kind in asked)
    lists.write()
    book.active = 1
    return saving.saved(book)


def csv(classes: Sequence[str]) -> str:
    """
    Return the header of the sheet for the one class, as CSV.

    Raises:
        UsageError: There is no such class, or more than one is asked for.
    """
    if len(classes) != 1:
        raise UsageError("a file of CSV has one class; name one, or write a workbook (xlsx)")
    return delimited.write([header(choosing.named(classes[0]))])


def header(kind: Kind) -> list[str]:
    """Return the names of the columns for *kind*; those that have to be filled have a star."""
    starred = [(kind.name, True), *((column.name, column.required) for column in kind.columns)]
    return [f"{name} {REQUIRED}" if required else name for name, required in starred]


class _Lists:
    """The sheet with the closed lists, hidden, from which cells are chosen."""

    def __init__(self, book: Workbook, sheets: Sequence[Kind]) -> None:
        self._book = book
        self._titles = {kind.iri: kind.title for kind in sheets}
        self._ranges: dict[tuple[str, ...], str] = {}

    def of(self, column: Column) -> str | None:
        """Return the formula for what may be chosen in a cell of *column*, if it has a list."""
        if column.values:
            if column.values not in self._ranges:
                place, last = letters(len(self._ranges) + 1), len(column.values)
                self._ranges[column.values] = f"{LISTS}!${place}$1:${place}${last}"
            return self._ranges[column.values]
        if column.datatypes == (XSD + "boolean",):
            return _TRUTH
        title = next((self._titles[c] for c in column.classes if c in self._titles), None)
        if title is None:
            return None
        # As many rows as have a name, so that the list does not end in thousands of empty lines.
        names = f"'{title}'!$A$2:$A${MAX_ROWS}"
        return f"OFFSET('{title}'!$A$2,0,0,MAX(1,COUNTA({names})),1)"

    def write(self) -> None:
        """Write the sheet."""
        sheet = self._book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for place, values in enumerate(self._ranges, start=1):
            for row, value in enumerate(values, start=1):
                sheet.cell(row, place, label(value))


def _write_sheet(book: Workbook, kind: Kind, lists: _Lists, *, is_asked: bool) -> None:
    """Add the sheet for *kind* to *book*."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(kind.title)
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 2 * _LINE_HEIGHT
    if is_asked:
        sheet.sheet_properties.tabColor = _ASKED
    notes = [guide.note_on_names(kind), *map(guide.note, kind.columns)]
    for place, (name, text) in enumerate(zip(header(kind), notes, strict=True), start=1):
        cell = sheet.cell(1, place, name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        colour = _NEEDED if name.endswith(REQUIRED) else _OTHER
        cell.fill = PatternFill("solid", start_color=colour)
        cell.comment = Comment(text, "pkgraph", width=_NOTE[0], height=_NOTE[1])
    _set_up(sheet, 1, _NAMES, _AS_TEXT)
    for place, column in enumerate(kind.columns, start=2):
        is_number = column.datatypes in _NUMBERS
        width = _WIDE if column.language and column.required else _NARROW if is_number else _USUAL
        _set_up(sheet, place, width, "0" if is_number else _AS_TEXT)
        validation = _validation(column, lists.of(column))
        validation.add(f"{letters(place)}2:{letters(place)}{MAX_ROWS}")
        sheet.add_data_validation(validation)


def _set_up(sheet: Worksheet, place: int, width: int, number_format: str) -> None:
    """Give the column at *place* its width and format: as text, it stays what was typed."""
    from openpyxl.styles import Alignment

    dimension = sheet.column_dimensions[letters(place)]
    dimension.width = width
    dimension.number_format = number_format
    dimension.alignment = Alignment(wrap_text=True, vertical="top")


def _validation(column: Column, choice: str | None) -> DataValidation:
    """Return what a spreadsheet says at the cells of *column*, and what it lets in."""
    from openpyxl.worksheet.datavalidation import DataValidation

    found = DataValidation(allow_blank=True)
    found.promptTitle = column.name[:_HEADING]
    found.prompt = _cut(f"{column.description} Takes {guide.takes(column)}.")
    found.showInputMessage = True
    found.errorTitle = column.name[:_HEADING]
    found.error = _cut(column.message)
    if choice is not None:
        found.type, found.formula1 = "list", choice
        # Only a closed list is closed: things may be named that are in no row, and several.
        found.showErrorMessage = not column.several and not column.takes_things
    elif column.datatypes == (XSD + "integer",) and column.least is not None:
        found.type, found.operator = "whole", "greaterThanOrEqual"
        found.formula1 = str(column.least)
        found.showErrorMessage = True
    elif column.most is not None:
        found.type, found.operator = "textLength", "lessThanOrEqual"
        found.formula1 = str(column.most)
        found.showErrorMessage = True
    return found


def _cut(text: str) -> str:
    return text if len(text) <= _HINT else text[: _HINT - 1] + "…"


def _write_help(book: Workbook, sheets: Sequence[Kind]) -> None:
    """Add the sheet that says how to fill in the others."""
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(HELP)
    bold, large = Font(bold=True), Font(bold=True, size=14)
    rows: list[tuple[tuple[str, ...], Font | None]] = [
        (("How to fill in this workbook",), large),
        ((), None),
    ]
    for paragraph in guide.introduction():
        rows += [((line,), None) for line in (*wrap(paragraph, _LINE), "")]
    for kind in sheets:
        rows += [((), None), ((kind.title,), large), ((kind.description,), None)]
        rows.append((("column", "", "takes", "what it says", "what is checked"), bold))
        rows += [((name, *told), None) for name, *told in _told(kind)]
        rows += [((line,), None) for rule in kind.rules for line in wrap(rule, _LINE)]
    for number, (texts, font) in enumerate(rows, start=1):
        for place, text in enumerate(texts, start=1):
            cell = sheet.cell(number, place, text)
            cell.alignment = Alignment(wrap_text=len(texts) > 1, vertical="top")
            if font:
                cell.font = font
        if len(texts) > 1:  # which not every spreadsheet makes as high as its texts need by itself
            lines = [len(wrap(text, wide)) for text, wide in zip(texts, _HELP_WIDTHS, strict=True)]
            sheet.row_dimensions[number].height = _LINE_HEIGHT * max(lines)
    for place, width in enumerate(_HELP_WIDTHS, start=1):
        sheet.column_dimensions[letters(place)].width = width
    sheet.sheet_view.showGridLines = False


def _told(kind: Kind) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what the help says of each column of *kind*."""
    yield kind.name, "needed", "a name of its own", "by which other cells call it", kind.address
    for column in kind.columns:
        needed = "needed" if column.required else ""
        said = (guide.takes(column), column.description, guide.checked(column))
        yield (column.name, needed, *said)
