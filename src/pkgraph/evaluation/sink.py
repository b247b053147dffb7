"""
Take in an answer while the engine writes it, and count what it has.

The engine writes the standard formats itself, several times faster than Python could row by row.
So the rows are counted in what it writes.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from pkgraph.errors import UnknownFormatError
from pkgraph.evaluation import messages

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

    from pkgraph.evaluation.limits import Limits

#: An answer up to this size is sent when it is complete; a larger one goes into a file, which may
#: be read while it grows.
AT_ONCE_BYTES: Final = 256 * 1024
#: How much is written before it is told.
_STEP_BYTES: Final = 256 * 1024
#: Where a row begins or ends, and how long that is. In JSON, a quote within a string has a
#: backslash before it, and the one that ends it a comma or a brace after it; the first row has no
#: comma before it, and a row of nothing is not counted.
_MARKS: Final[Mapping[str, tuple[re.Pattern[bytes], int]]] = {
    "json": (re.compile(rb',\{"[^,}]'), 4),
    "xml": (re.compile(rb"<result>"), 8),
    "tsv": (re.compile(rb"\n"), 1),
}
#: What XML 1.0 cannot have, in UTF-8: control characters, U+FFFE and U+FFFF.
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class Rows:
    r"""
    Count the rows in what is written of a table, piece by piece.

    >>> rows = Rows("csv")
    >>> rows.take(b'a,b\r\n"x\r\ny'), rows.take(b'",z\r\n')
    (0, 1)
    """

    def __init__(self, format_name: str) -> None:
        self._mark: re.Pattern[bytes] | None
        self._mark, self._length = _MARKS.get(format_name, (None, 0))
        # The header of CSV and TSV is a line; the first row of JSON has no mark.
        self._count = {"json": 1, "xml": 0}.get(format_name, -1)
        self._quoted = False
        self._tail = b""

    def take(self, piece: bytes) -> int:
        """Return how many rows there are up to the end of *piece*."""
        if self._mark is None:
            parts = piece.split(b'"')
            self._count += sum(part.count(b"\n") for part in parts[int(self._quoted) :: 2])
            self._quoted ^= len(parts) % 2 == 0
        else:
            piece = self._tail + piece
            self._count += len(self._mark.findall(piece))
            self._tail = piece[len(piece) - min(len(piece), self._length - 1) :]
        return max(self._count, 0)


class Sink:
    """
    Where the engine writes an answer: memory while it is small, then a file.

    It raises what :class:`Limits` says as soon as there are too many bytes or rows, which ends the
    query.
    """

    def __init__(self, channel: socket.socket, file: Path, limits: Limits) -> None:
        self.size = 0
        self.begun = False
        self._channel = channel
        self._path = file
        self._limits = limits
        self._head: dict[str, object] = {}
        self._rows: Rows | None = None
        self._xml = False
        self._small = bytearray()
        self._file: IO[bytes] | None = None
        self._told = 0
        self._tail = b""

    def begin(self, kind: str, format_name: str) -> None:
        """Say what is going to be written."""
        self._head = {"kind": kind, "format": format_name}
        self._rows = Rows(format_name) if kind == "table" else None
        self._xml = kind == "table" and format_name == "xml"

    def write(self, piece: bytes) -> int:
        """Take in *piece*."""
        self.size += len(piece)
        if self.size > self._limits.bytes:
            raise self._limits.exceeded("bytes")
        if self._rows and self._rows.take(piece) > self._limits.rows:
            raise self._limits.exceeded("rows")
        if self._xml:
            self._check_xml(piece)
        if self._file is None:
            self._small += piece
            if len(self._small) > AT_ONCE_BYTES:
                self._spill()
        else:
            self._file.write(piece)
            if self.size - self._told >= _STEP_BYTES:
                self._tell()
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what is written is told in steps."""

    def end(self, **more: object) -> None:
        """Say that the answer is complete, and *more* about it."""
        if self._file is not None:
            self._tell()
        self.close()
        self._channel.sendall(
            messages.pack(messages.END, {**self._head, **more}, bytes(self._small))
        )

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def _spill(self) -> None:
        """Go on in the file."""
        self._file = self._path.open("xb")
        self._file.write(self._small)
        self._small.clear()
        self._channel.sendall(messages.pack(messages.BEGUN, self._head))
        self.begun = True
        self._tell()

    def _tell(self) -> None:
        if self._file is not None:
            self._file.flush()
        self._told = self.size
        self._channel.sendall(messages.pack(messages.WRITTEN, {"bytes": self.size}))

    def _check_xml(self, piece: bytes) -> None:
        if found := _NOT_XML.search(self._tail + piece):
            number = ord(found[0].decode())
            raise UnknownFormatError(
                f"there is a character that xml cannot have, U+{number:04X}; choose json"
            )
        self._tail = piece[-2:]
