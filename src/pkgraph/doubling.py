"""
Read N-Quads so that each statement comes twice: in its graph, and in the default graph.

The engine loads a stream of text several times as fast as statements that come from Python, and
takes hardly longer for twice as many. So lines are doubled as text. Which lines that can be done to
is told by a strict form of a line; any other is parsed by itself.

Source:
    RDF 1.1 N-Quads: https://www.w3.org/TR/n-quads/
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from typing import BinaryIO

#: How much of a file is doubled at once, in bytes.
_PIECE: Final = 1 << 20
#: A statement in a named graph, written in the canonical way; the first group is its triple.
_LINE: Final = re.compile(
    rb'^((?:<[^<>"\n]*>|_:[^\s<>"]+) <[^<>"\n]*> '
    rb'(?:<[^<>"\n]*>|_:[^\s<>"]+|"[^"\\\n]*(?:\\.[^"\\\n]*)*"(?:@[\w-]+|\^\^<[^<>"\n]*>)?) )'
    rb'<[^<>"\n]*> \.\n',
    re.MULTILINE,
)


class Doubled(io.RawIOBase):
    """A stream of the statements of a file, each twice; those without a graph are put into one."""

    def __init__(self, file: BinaryIO, graph: ox.NamedNode) -> None:
        """Read from *file*, which is closed by whoever opened it."""
        self._file, self._graph = file, graph
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """
        Put the next bytes into *buffer*, and return how many they are; none at the end.

        Raises:
            SyntaxError: A line is no statement; its number is not that of the file.
        """
        while not self._piece:
            read = self._file.read(_PIECE)
            if not read:
                return 0
            self._piece = memoryview(self._doubled(read + self._file.readline()))
        size = min(len(buffer), len(self._piece))
        buffer[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size

    def _doubled(self, lines: bytes) -> bytes:
        doubled, number = _LINE.subn(rb"\g<0>\g<1>.\n", lines)
        if number == lines.count(b"\n") and lines.endswith(b"\n"):
            return doubled
        return b"".join(map(self._one, lines.splitlines(keepends=True)))

    def _one(self, line: bytes) -> bytes:
        doubled, number = _LINE.subn(rb"\g<0>\g<1>.\n", line)
        if number:
            return doubled
        parts = []
        for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS):
            named = self._graph if quad.graph_name == ox.DefaultGraph() else quad.graph_name
            parts.append(f"{quad.triple} {named} .\n{quad.triple} .\n")
        return "".join(parts).encode()
