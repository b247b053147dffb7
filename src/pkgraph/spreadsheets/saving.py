"""
Write a workbook so that the same content gives the same bytes, whenever it is written.

A workbook has the time of writing in its properties, and with each of its parts. Both get the first
time that a ZIP file can have.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_TIME: Final = (1980, 1, 1, 0, 0, 0)


def saved(book: Workbook) -> bytes:
    """Return *book* as a file."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = datetime(*_TIME)  # noqa: DTZ001 - it is UTC
    written, plain = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(written, "w")).save()
    with ZipFile(written) as timed, ZipFile(plain, "w") as archive:
        for entry in timed.infolist():
            part = ZipInfo(entry.filename, _TIME)
            part.compress_type = ZIP_DEFLATED
            archive.writestr(part, timed.read(entry))
    return plain.getvalue()
