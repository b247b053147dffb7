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
        file = tempfile.TemporaryFile()  # noqa: SIM115 - who has the pieces closes it
        pieces.callback(file.close)
        file.writelines(piece)
        file.seek(0)
        files.append(file)
    return files
