"""Sort lines, of which there may be more than memory has room for: in pieces, in files."""

from __future__ import annotations

import heapq
import tempfile
from contextlib import ExitStack
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How many lines are sorted in memory at a time.
PIECE: Final = 100_000
#: How many files are open for that at a time; a process may often have no more than 1024.
MOST_FILES: Final = 256


def sorted_once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """
    Yield *lines*, each with its end, in the order of their bytes and each once.

    Raises:
        OSError: There is no room for the temporary files.
    """
    with ExitStack() as pieces:
        before = b""
        for line in heapq.merge(*_pieces(iter(lines), pieces)):
            if line != before:
                yield line
            before = line


def _pieces(lines: Iterator[bytes], pieces: ExitStack) -> list[IO[bytes]]:
    """Return files of sorted lines that have all *lines*; *pieces* closes them."""
    files: list[IO[bytes]] = []
    while piece := sorted(islice(lines, PIECE)):
        if len(files) == MOST_FILES:
            merged = _file(heapq.merge(*files), pieces)
            for file in files:
                file.close()
            files = [merged]
        files.append(_file(piece, pieces))
    return files


def _file(lines: Iterable[bytes], pieces: ExitStack) -> IO[bytes]:
    """Return a file that has *lines*, at its start; *pieces* closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who has the pieces closes it
    pieces.callback(file.close)
    file.writelines(lines)
    file.seek(0)
    return file
