"""
What is read from a table, whichever format it is in: its cells as text, each with its place.

A cell keeps what a spreadsheet made of what was typed (a number, a date, a truth value), since one
of text that has become a date is no longer what was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from pkgraph.errors import InputError
from pkgraph.intake.source import Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Made: TypeAlias = Literal["text", "number", "date", "truth value"]

#: The most rows and columns that a sheet may have, and the most sheets of a workbook.
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 200
MAX_SHEETS: Final = 100
#: What stands after the name of a column that has to be filled.
REQUIRED: Final = "*"
#: How many faults of a table are told at once.
_TOLD: Final = 20
_PLAIN_TITLE: Final = re.compile(r"\w+")


class Cell(NamedTuple):
    """A cell with something in it: its text, and what the spreadsheet made of it."""

    text: str
    made: Made = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title (None if it is a whole file), and its cells by row and column, from 1."""

    title: str | None
    cells: Mapping[tuple[int, int], Cell]

    def where(self, row: int, column: int) -> Where:
        """
        Return the place of a cell, under the name that spreadsheets have for it.

        >>> Sheet("argument links", {}).where(7, 4).cell, Sheet(None, {}).where(7, 28).cell
        ("'argument links'!D7", 'AB7')
        """
        name = f"{letters(column)}{row}"
        if self.title is not None:
            quoted = "'" + self.title.replace("'", "''") + "'"
            name = f"{self.title if _PLAIN_TITLE.fullmatch(self.title) else quoted}!{name}"
        return Where(row, column, name)


def letters(column: int) -> str:
    """Return the letters that spreadsheets call a column by."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def plain(text: str) -> str:
    """Return *text* without spaces at its ends, and with plain ones for those that do not break."""
    return text.replace("\u00a0", " ").strip()


class Faults:
    """What cannot be read in a table, gathered so that all of it is told at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: list[str] = []

    def add(self, where: Where, reason: str) -> None:
        """Note that the cell at *where* cannot be read, for a *reason* that says the mend."""
        self._told.append(f"{self._path}:{where.cell}: {reason}")

    def raise_any(self) -> None:
        """
        Raise what was noted, if there is any.

        Raises:
            InputError: There is; each fault is a line of its message.
        """
        if self._told:
            rest = len(self._told) - _TOLD
            more: Sequence[str] = [f"… and {rest} more cells"] if rest > 0 else []
            raise InputError("\n".join([*self._told[:_TOLD], *more]))
