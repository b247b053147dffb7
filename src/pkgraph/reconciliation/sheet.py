"""
Read a table of somebody's own, and write it back with columns added.

What is there is written back as it was, to the byte: the new cells are put at the end of each
record, and nothing before them is touched.

Source:
    RFC 4180, Common Format and MIME Type for CSV Files: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pkgraph.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pkgraph.reconciliation.matching import Result

#: The columns that are added.
ADDED: Final = ("pkgraph_iri", "pkgraph_label", "pkgraph_score", "pkgraph_match")
_PREFIX: Final = "pkgraph_"
_BOM: Final = "\ufeff"
_DELIMITERS: Final = (",", ";", "\t", "|")
_TAB: Final = {"tab": "\t", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its text with the end of the line, its cells, and the line on which it begins."""

    text: str
    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its header, its records without empty lines, and the column that has the names."""

    header: Record
    records: tuple[Record, ...]
    column: int
    delimiter: str

    @property
    def names(self) -> tuple[str, ...]:
        """What the column has, row by row; an empty line has an empty name."""
        return tuple(each.cells[self.column] if each.cells else "" for each in self.records)

    def written(self, results: Sequence[Result]) -> str:
        """Return the table with the columns :data:`ADDED`, which tell the *results* of its rows."""
        lines = [self._longer(self.header, ADDED)]
        for record, result in zip(self.records, results, strict=True):
            chosen = result.chosen
            cells = ("", "", "", result.match)
            if chosen:
                cells = (chosen.thing.iri, chosen.thing.label, f"{chosen.score:g}", result.match)
            lines.append(self._longer(record, cells) if record.cells else record.text)
        return "".join(lines)

    def _longer(self, record: Record, cells: Sequence[str]) -> str:
        """Return the text of *record* with *cells* at its end."""
        bare = record.text.rstrip("\r\n")
        written = io.StringIO()
        csv.writer(written, delimiter=self.delimiter, lineterminator="").writerow(cells)
        return f"{bare}{self.delimiter}{written.getvalue()}{record.text[len(bare) :]}"


def read(path: Path, column: str, delimiter: str | None = None) -> Sheet:
    """
    Read the table at *path*, whose *column* has the names.

    Args:
        path: A file of CSV in UTF-8, with a header.
        column: The name of a column.
        delimiter: What separates the cells, a comma if left out; ``tab`` is a tab.

    Raises:
        UsageError: The delimiter is not one character.
        InputError: The file cannot be read, is not UTF-8, is empty, has rows of different lengths,
            lacks the column, has one twice, or has columns of pkgraph already.
    """
    mark = _TAB.get(delimiter or ",", delimiter or ",")
    if len(mark) != 1 or mark in '"\r\n':
        raise UsageError(f"the delimiter '{delimiter}' is not one character; give one, or tab")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give a file that can be read") from None
    records = list(_records(path, _decoded(path, content), mark))
    if not records or not any(record.cells for record in records):
        raise InputError(f"{path} is empty; give a table with a header")
    header, *rows = records
    place = _place(path, header, column, mark)
    for number, row in enumerate(rows, start=1):
        if row.cells and len(row.cells) != len(header.cells):
            raise InputError(
                f"{path}, row {number} (line {row.line}) has {len(row.cells)} cells, and the "
                f"header has {len(header.cells)}; put cells that contain the delimiter in quotes"
            )
    return Sheet(header, tuple(rows), place, mark)


def _decoded(path: Path, content: bytes) -> str:
    """Return *content* as text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            f"{path} is UTF-16, not UTF-8; convert it: iconv -f UTF-16 -t UTF-8 {path}"
        )
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = error.start - content.rfind(b"\n", 0, error.start)
        raise InputError(
            f"{path}, line {line}, byte {place}: 0x{content[error.start]:02X} is not UTF-8; "
            f"convert the file, if it is from Windows: iconv -f WINDOWS-1252 -t UTF-8 {path}"
        ) from None


def _records(path: Path, text: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of *text*, a mark of the byte order being part of the first one's text."""
    taken: list[str] = []

    bom = text.startswith(_BOM)
    source = iter(io.StringIO(text.removeprefix(_BOM), newline=""))

    def noted() -> Iterator[str]:
        for line in source:
            taken.append(line)
            yield line

    reader = csv.reader(noted(), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(
                f"{path}, line {line}: {error}; a cell with quotes in it is written in quotes, "
                "and its own are doubled"
            ) from None
        if cells is None:
            return
        yield Record((_BOM if bom and line == 1 else "") + "".join(taken), tuple(cells), line)
        taken.clear()
        line = reader.line_num + 1


def _place(path: Path, header: Record, column: str, delimiter: str) -> int:
    """Return the place of *column* in the *header*, all of which has to be in order."""
    names = header.cells
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        places = [str(place) for place, name in enumerate(names, start=1) if name == twice]
        raise InputError(
            f"{path}, line 1: the header has '{twice}' in columns {' and '.join(places)}; give "
            "each column a name of its own"
        )
    ours = [name for name in names if name.startswith(_PREFIX)]
    if ours:
        raise InputError(
            f"{path}, line 1, column {names.index(ours[0]) + 1}: there is a column '{ours[0]}' "
            "already; take the columns of pkgraph out, or rename them"
        )
    if column in names:
        return names.index(column)
    for other in _DELIMITERS:
        if other != delimiter and column in next(
            csv.reader([header.text.removeprefix(_BOM)], delimiter=other), []
        ):
            shown = "tab" if other == "\t" else f"'{other}'"
            raise InputError(
                f"{path} is separated by {shown}, not by '{delimiter}'; add --delimiter {shown}"
            )
    near = get_close_matches(column.casefold(), [name.casefold() for name in names], 1, 0.6)
    meant = next((name for name in names if near and name.casefold() == near[0]), None)
    hint = f"did you mean '{meant}'?" if meant else f"the columns are {', '.join(names)}"
    raise InputError(f"{path}, line 1: there is no column '{column}'; {hint}")
