"""
Look into a workbook before anything else opens it, and take out what could do harm.

A workbook is a ZIP file of parts in XML. Only the parts that hold cells are kept; macros, links to
other files, drawings and the like are dropped unread. What is kept is held against limits as it is
unpacked, so that a small file cannot become a large one in memory.

Source:
    ECMA-376, Office Open XML, part 2: https://ecma-international.org/publications-and-standards/standards/ecma-376/
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from pkgraph.errors import InputError
from pkgraph.spreadsheets.sheets import MAX_COLUMNS, MAX_ROWS, letters

if TYPE_CHECKING:
    from pathlib import Path

#: The largest file that is read, and the most that its parts may be unpacked, in MiB.
MAX_MIB: Final = 8
MAX_UNPACKED_MIB: Final = 16
#: The most elements of XML that its sheets and texts may have, and its other parts; and the most
#: attributes of all. Some spreadsheets write a thousand empty rows below the last one of a sheet.
MAX_ELEMENTS: Final = 300_000
MAX_OTHER_ELEMENTS: Final = 20_000
MAX_ATTRIBUTES: Final = 600_000
_MAX_PARTS: Final = 2_000
#: The longest tag with the text after it, in KiB: a cell holds a quarter of that.
_MAX_PIECE_KIB: Final = 128
_LONG_PIECE: Final = re.compile(rb"<[^<]{%d}" % (_MAX_PIECE_KIB << 10))
_KEPT: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]+\.xml|xl/(?:_rels|worksheets)/[^/]+|xl/theme/[^/]+"
)
_OLD: Final = b"\xd0\xcf\x11\xe0"
_LETTERS: Final = re.compile(r"[A-Z]+")
_ID: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_SPLIT: Final = "take out what is not yours to enter, or make two workbooks of it"


def checked(path: Path) -> io.BytesIO:
    """
    Return the workbook at *path* with nothing in it but the parts that hold cells.

    Raises:
        InputError: It cannot be read, is no workbook, is too large, or has a document type in its
            XML, merged cells, or cells further out than is read.
    """
    content = _content(path)
    kept = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(kept, "w") as new:
            for name, part in _parts(path, archive).items():
                new.writestr(name, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise InputError(f"{path} is damaged; open it in a spreadsheet and save it anew") from None
    kept.seek(0)
    return kept


def _content(path: Path) -> bytes:
    """Return what is in the file at *path*, if it begins like a workbook."""
    try:
        with path.open("rb") as file:
            content = file.read((MAX_MIB << 20) + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read, {error.strerror}; check its name and rights"
        ) from None
    if len(content) > MAX_MIB << 20:
        raise InputError(f"{path} is larger than {MAX_MIB} MiB; make two workbooks of it")
    if content.startswith(_OLD):
        raise InputError(
            f"{path} has a password, or is in the old format of Excel; save it as a workbook "
            "(.xlsx) without a password"
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise InputError(f"{path} is no workbook; save the table as a workbook (.xlsx) or as CSV")
    return content


def _parts(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the parts that are kept, by name."""
    entries = [entry for entry in archive.infolist() if _KEPT.fullmatch(entry.filename)]
    size = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_PARTS:
        raise InputError(f"{path} has more than {_MAX_PARTS} parts; {_SPLIT}")
    if size > MAX_UNPACKED_MIB << 20:
        raise InputError(
            f"{path} unpacks to {size >> 20} MiB, and at most {MAX_UNPACKED_MIB} MiB are read; "
            f"{_SPLIT}"
        )
    guard = _Guard(path)
    parts: dict[str, bytes] = {}
    for entry in sorted(entries, key=lambda each: each.filename.startswith("xl/worksheets/")):
        with archive.open(entry) as file:  # which gives no more than the size that was summed up
            parts[entry.filename] = file.read()
        guard.check(entry.filename, parts[entry.filename])
    return parts


class _Guard:
    """Reads the parts of a workbook without keeping anything, to refuse what is too much."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counts = {True: 0, False: 0}
        self._attributes = 0
        self._ids: dict[str, str] = {}
        self._targets: dict[str, str] = {}

    def check(self, name: str, part: bytes) -> None:
        """Refuse the *part* if it has what is not read; sheets come after what names them."""
        self._name = name
        self._has_cells = name.startswith("xl/worksheets/") or "sharedStrings" in name
        self._row = self._column = 0
        if b"\0" in part:
            self._refuse("is not in UTF-8; save the workbook anew")
        if _LONG_PIECE.search(part):
            self._refuse(f"has a text of more than {_MAX_PIECE_KIB} KiB; {_SPLIT}")
        parser = expat.ParserCreate("UTF-8", " ")
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._element
        try:
            parser.Parse(part, True)  # noqa: FBT003  # the parameter has no name
        except expat.ExpatError as error:
            self._refuse(
                f"is not whole XML, {expat.ErrorString(error.code)}; open the workbook in a "
                "spreadsheet and save it anew"
            )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        # Another would be read in one way here, and in another by what opens the workbook.
        if encoding is not None and encoding.upper() != "UTF-8":
            self._refuse(f"is in {encoding}, not UTF-8; save the workbook anew")

    def _document_type(self, *_: object) -> None:
        self._refuse("has a document type, which no spreadsheet writes; save the workbook anew")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._attributes += len(attributes)
        self._counts[self._has_cells] += 1
        for count, most, what in (
            (self._counts[True], MAX_ELEMENTS, "elements of XML in its cells"),
            (self._counts[False], MAX_OTHER_ELEMENTS, "elements of XML beside its cells"),
            (self._attributes, MAX_ATTRIBUTES, "attributes of XML"),
        ):
            if count > most:
                raise InputError(f"{self._path} has more than {most} {what}; {_SPLIT}")
        kind = name.rpartition(" ")[2]
        if kind == "row":
            self._next_row(attributes)
        elif kind == "c":
            self._next_cell(attributes)
        elif kind in {"v", "is", "f"} and (self._row > MAX_ROWS or self._column > MAX_COLUMNS):
            self._refuse(
                f"has something in column {letters(self._column)} of row {self._row}, and at most "
                f"{MAX_ROWS} rows and {MAX_COLUMNS} columns are read; {_SPLIT}"
            )
        elif kind == "mergeCell":
            self._refuse(
                f"has the merged cells {attributes.get('ref')}; unmerge them and fill each cell"
            )
        elif kind == "sheet":
            self._ids[attributes.get(_ID, "")] = attributes.get("name", "")
        elif kind == "Relationship" and self._name.startswith("xl/_rels/"):
            target = attributes.get("Target", "").rpartition("/")[2]
            self._targets[target] = attributes.get("Id", "")

    def _next_row(self, attributes: dict[str, str]) -> None:
        before, self._column = self._row, 0
        self._row = _whole(attributes.get("r"), before + 1)
        if self._row <= before:
            self._refuse(f"has row {self._row} after row {before}; save the workbook anew")

    def _next_cell(self, attributes: dict[str, str]) -> None:
        before, place = self._column, _LETTERS.match(attributes.get("r", ""))
        self._column = _number(place[0]) if place else before + 1
        if self._column <= before:
            self._refuse(f"has cells of row {self._row} out of order; save the workbook anew")

    def _refuse(self, reason: str) -> NoReturn:
        title = self._ids.get(self._targets.get(self._name.rpartition("/")[2], ""))
        what = f"the part {self._name}" if title is None else f"the sheet '{title}'"
        raise InputError(f"{self._path}: {what} {reason}")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < len(str(1 << 31)) else otherwise


def _number(name: str) -> int:
    """Return the number of the column that spreadsheets call *name*; one without end is cut."""
    number = 0
    for letter in name[:6]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
