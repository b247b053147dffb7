"""
Give each statement twice: in its graph, and in the default graph, which is the union.

N-Quads are doubled as text: the engine loads a stream of text several times as fast as statements
that come from Python, and takes hardly longer for twice as many. Which lines that can be done to is
told by a strict form of a line; any other is parsed by itself.

Source:
    RDF 1.1 N-Quads: https://www.w3.org/TR/n-quads/
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

_DEFAULT: Final = ox.DefaultGraph()
#: How much of a file is doubled at once, in bytes.
_PIECE: Final = 1 << 20
#: A statement in a named graph, written in the canonical way; the first group is its triple.
_LINE: Final = re.compile(
    rb'^((?:<[^<>"\n]*>|_:[^\s<>"]+) <[^<>"\n]*> '
    rb'(?:<[^<>"\n]*>|_:[^\s<>"]+|"[^"\\\n]*(?:\\.[^"\\\n]*)*"(?:@[\w-]+|\^\^<[^<>"\n]*>)?) )'
    rb'<[^<>"\n]*> \.\n',
    re.MULTILINE,
)


def with_union(quads: Iterable[ox.Quad], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Yield *quads* in their graphs, those without one in *graph*, and all in the default graph."""
    for quad in quads:
        named = graph if quad.graph_name == _DEFAULT else quad.graph_name
        yield ox.Quad(quad.subject, quad.predicate, quad.object, named)
        yield ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)


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
        quads = ox.parse(line, format=ox.RdfFormat.N_QUADS)
        return "".join(f"{quad} .\n" for quad in with_union(quads, self._graph)).encode()
