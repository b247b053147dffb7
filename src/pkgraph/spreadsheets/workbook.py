"""
Read the cells of a workbook (.xlsx).

Nothing is calculated, and what a spreadsheet once calculated is not taken either: a formula is
refused, since what it says may depend on the day or on another file.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pkgraph.errors import InputError
from pkgraph.spreadsheets.package import checked
from pkgraph.spreadsheets.sheets import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Cell, Sheet, plain

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell.cell import Cell as WorkbookCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pkgraph.spreadsheets.sheets import Faults

#: What the sheets of a template that hold no entries are called: its help, and its lists.
HELP: Final = "read me"
LISTS: Final = "lists"
#: What in a format of numbers is no letter for a part of a date: texts, colours, escapes.
_ASIDE: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def read(path: Path, faults: Faults) -> list[Sheet]:
    """
    Return the sheets of the workbook at *path* that have entries; note in *faults* what is amiss.

    Raises:
        InputError: It cannot be read, is no workbook, or has more in it than is read.
    """
    from openpyxl import load_workbook

    content = checked(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of what it leaves out, such as styles
        try:
            book = load_workbook(content, read_only=True, keep_links=False)
            return _sheets(path, book, faults)
        except InputError:
            raise
        except Exception as error:
            # On XML that is no workbook, openpyxl fails in whatever way its parts do.
            raise InputError(
                f"{path} cannot be read as a workbook ({type(error).__name__}); open it in a "
                "spreadsheet and save it anew as a workbook (.xlsx)"
            ) from error


def _sheets(path: Path, book: Workbook, faults: Faults) -> list[Sheet]:
    """Return the sheets of *book*, but for those of the template's own."""
    if len(book.worksheets) > MAX_SHEETS:
        raise InputError(f"{path} has more than {MAX_SHEETS} sheets; make two workbooks of it")
    found = []
    for sheet in book.worksheets:
        if sheet.title in {HELP, LISTS}:
            continue
        if sheet.sheet_state != "visible":
            where = Sheet(sheet.title, {}).where(1, 1)
            faults.add(where, "the sheet is hidden; show it, or delete it")
            continue
        found.append(Sheet(sheet.title, _cells(sheet, faults)))
    return found


def _cells(sheet: Worksheet, faults: Faults) -> dict[tuple[int, int], Cell]:
    """Return the cells of *sheet* that have something in them."""
    # What the file says of its size need not be so.
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # a sheet that is only read has it
    found: dict[tuple[int, int], Cell] = {}
    rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS)
    places = Sheet(sheet.title, {})
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            if cell.value is None:
                continue
            if cell.data_type == "f":
                faults.add(
                    places.where(row, column),
                    "a formula is not read, since what it gives may change; put in what it shows",
                )
            elif cell.data_type == "e":
                faults.add(
                    places.where(row, column),
                    f"the spreadsheet shows the error {cell.value}; put in what is meant",
                )
            elif (made := _made(cell)).text:
                found[row, column] = made
    return found


def _made(cell: WorkbookCell) -> Cell:
    """Return what a cell has, as text."""
    value = cell.value
    if isinstance(value, bool):
        return Cell(str(value).lower(), "truth value")
    if isinstance(value, datetime):
        return Cell(_as_typed(value, cell.number_format), "date")
    if isinstance(value, date | time | timedelta):
        return Cell(str(value), "date")
    if isinstance(value, int | float | Decimal):
        return Cell(_number(value), "number")
    return Cell(plain(str(value)))


def _number(value: float | Decimal) -> str:
    """
    Return a number without what a spreadsheet adds: every one is a float in a file.

    >>> _number(3.0), _number(2.5), _number(1e21)
    ('3', '2.5', '1000000000000000000000')
    """
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _as_typed(value: datetime, number_format: str) -> str:
    """
    Return a date as precisely as its format shows it: "1964-03", typed, becomes the first of March.

    >>> _as_typed(datetime(1964, 3, 1), "mmm-yy"), _as_typed(datetime(1964, 3, 27), "yyyy-mm-dd")
    ('1964-03', '1964-03-27')
    """
    shown = _ASIDE.sub("", number_format).lower()
    if value.time() != datetime.min.time():
        return value.isoformat()
    if "d" not in shown and "y" in shown:
        return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return f"{value:%Y-%m-%d}"
