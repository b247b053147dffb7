"""
Read and write a table in comma-separated values, or as some spreadsheets save them, semicolons.

Source:
    RFC 4180, Common Format and MIME Type for CSV Files: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from pkgraph import turtle
from pkgraph.errors import InputError
from pkgraph.spreadsheets.sheets import MAX_COLUMNS, MAX_ROWS, Cell, Sheet, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pkgraph.spreadsheets.sheets import Faults

_DELIMITERS: Final = (",", ";", "\t")
#: What a spreadsheet takes for a formula, unless it is a number with a sign.
_FORMULA: Final = re.compile(r"[=@+\-\t\r]")
_SIGNED: Final = re.compile(r"[+-][0-9][0-9.,]*")
#: What is put before such a text, and taken off again.
_ESCAPE: Final = "'"


def read(path: Path, faults: Faults) -> list[Sheet]:
    """
    Return the one sheet of the file at *path*; note in *faults* what cannot be read.

    Raises:
        InputError: It cannot be read, is not UTF-8, is no CSV, or has more rows or columns than
            are read.
    """
    text = turtle.read(path)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    cells: dict[tuple[int, int], Cell] = {}
    sheet = Sheet(None, cells)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row, values in enumerate(reader, start=1):
            filled = [(at, plain(value)) for at, value in enumerate(values, 1) if plain(value)]
            if filled and (row > MAX_ROWS or filled[-1][0] > MAX_COLUMNS):
                raise InputError(
                    f"{path} has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns; make two "
                    "tables of it"
                )
            for column, value in filled:
                if is_formula(value):
                    faults.add(
                        sheet.where(row, column),
                        f"'{value}' is a formula to a spreadsheet; put an apostrophe before it "
                        "if it is a text",
                    )
                escaped = value.startswith(_ESCAPE) and is_formula(value[1:])
                cells[row, column] = Cell(value[1:] if escaped else value)
    except csv.Error as error:
        raise InputError(
            f"{path}, line {reader.line_num}: {error}; write a cell that has quotes, line breaks "
            "or the separator in it between quotes, and double its own"
        ) from None
    return [sheet]


def write(rows: Iterable[Sequence[str]]) -> str:
    r"""
    Return *rows* as CSV, in which no text is a formula to a spreadsheet.

    >>> write([["label", "=1+1"]])
    "label,'=1+1\r\n"
    """
    written = io.StringIO(newline="")
    csv.writer(written).writerows(
        [_ESCAPE + cell if is_formula(cell) else cell for cell in row] for row in rows
    )
    return written.getvalue()


def is_formula(text: str) -> bool:
    """
    Tell whether a spreadsheet would take *text* for a formula.

    >>> is_formula("=1+1"), is_formula("@SUM(A1)"), is_formula("-12"), is_formula("a=b")
    (True, True, False, False)
    """
    return bool(_FORMULA.match(text)) and not _SIGNED.fullmatch(text)
