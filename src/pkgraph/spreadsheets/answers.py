"""
Write the rows of a query as a workbook, for who goes on with them in a spreadsheet.

Whatever a cell holds is a number, a date or a text, and never a formula.

Source:
    ECMA-376, Office Open XML, part 1, cells:
    https://ecma-international.org/publications-and-standards/standards/ecma-376/
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pkgraph.errors import UnknownFormatError
from pkgraph.results import python_value
from pkgraph.spreadsheets.sheets import letters
from pkgraph.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from pkgraph.results import Table

#: What a sheet has room for, the line of the names included, and a cell.
_MOST_ROWS: Final = 1_048_576
_MOST_CHARACTERS: Final = 32_767
#: The first day that every spreadsheet knows; one before it is a text.
_FIRST: Final = date(1900, 3, 1)
_WIDE: Final = 48
_NARROW: Final = 20


def answer(table: Table, told: Mapping[str, str]) -> bytes:
    """
    Return a workbook (.xlsx) with a sheet for *table* and one for what is *told* of it.

    Raises:
        UnknownFormatError: A sheet has no room for so many rows.
    """
    from openpyxl import Workbook

    if len(table) >= _MOST_ROWS:
        raise UnknownFormatError(
            f"a sheet has room for {_MOST_ROWS - 1:,} rows, not for {len(table):,}; choose csv"
        )
    book = Workbook()
    rows, about = book.worksheets[0], book.create_sheet("about")
    rows.title = "rows"
    _heads(rows, table.columns)
    for number, row in enumerate(table.terms, start=2):
        for place, term in enumerate(row, start=1):
            _put(rows, number, place, python_value(term))
    rows.auto_filter.ref = f"A1:{letters(max(len(table.columns), 1))}{len(table) + 1}"
    for number, (name, text) in enumerate(told.items(), start=1):
        _put(about, number, 1, name)
        _put(about, number, 2, text)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = _NARROW, 2 * _WIDE
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _heads(sheet: Worksheet, names: tuple[str, ...]) -> None:
    """Write the names of the columns, which stay in sight."""
    from openpyxl.styles import Font

    for place, name in enumerate(names, start=1):
        _put(sheet, 1, place, name)
        sheet.cell(1, place).font = Font(bold=True)
        wide = _WIDE if name.endswith("label") else _NARROW
        sheet.column_dimensions[letters(place)].width = wide
    sheet.freeze_panes = "A2"


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write *value* into a cell, as what it is."""
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, bool | int | float | Decimal) or (
        isinstance(value, date) and value >= _FIRST
    ):
        cell.value = value
        return
    text = harmless(str(value))
    cell.value = text[: _MOST_CHARACTERS - 1] + "…" if len(text) > _MOST_CHARACTERS else text
    cell.data_type = "s"  # and not a formula, however it begins
