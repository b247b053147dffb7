"""The command that makes up literature: generate."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph.cli.output import counted, put, say

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

#: After how many statements more it is told how far it has come.
_REPORTED: Final = 1_000_000


def run_generate(arguments: Namespace) -> int:
    """Make up a literature."""
    from pkgraph import export
    from pkgraph.generation import generate

    start = time.perf_counter()
    parts = _reported(generate(arguments.claims, arguments.seed))
    if arguments.out:
        with export.replacing(Path(arguments.out)) as file:
            for part in parts:
                file.write(part.encode())
    else:
        for part in parts:
            put(part)
    say(f"{counted(arguments.claims, 'claim')}, in {time.perf_counter() - start:.1f} s.")
    return 0


def _reported(parts: Iterator[str]) -> Iterator[str]:
    """Yield *parts*, and tell from time to time how many statements there were."""
    statements, told = 0, _REPORTED
    for part in parts:
        yield part
        statements += part.count("\n")
        if statements >= told:
            say(f"{statements:,} statements so far.")
            told += _REPORTED
    say(f"{statements:,} statements.")
