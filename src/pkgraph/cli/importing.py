"""The command that brings tables of others into a store: import."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph.cli.output import counted, say

if TYPE_CHECKING:
    from argparse import Namespace

    from pkgraph.personnel import Summary

#: How many rejects are told on the terminal, and how many notes.
_TOLD: Final = 5


def run_import_personnel(arguments: Namespace) -> int:
    """Import a table of personnel."""
    from pkgraph import personnel

    start = time.perf_counter()

    def progress(doing: str, count: int) -> None:
        took = time.perf_counter() - start
        sys.stderr.write(f"\r\x1b[K{count} {doing}, {count / took:.0f} a second")

    shown = sys.stderr.isatty()
    summary = personnel.import_table(
        Path(arguments.file),
        Path(arguments.mapping),
        Path(arguments.store),
        partial=arguments.partial,
        rejects=Path(arguments.rejects) if arguments.rejects else None,
        progress=progress if shown else lambda _doing, _count: None,
    )
    if shown:
        sys.stderr.write("\r\x1b[K")
    _tell(arguments, summary)
    return 0 if summary.landed else 1


def _tell(arguments: Namespace, summary: Summary) -> None:
    """Say what was done, and what was not."""
    for row, column, value, reason in summary.rejects[:_TOLD]:
        where = f", column {column}, '{value}'" if column else ""
        say(f"{arguments.file}, row {row}{where}: {reason}.")
    if len(summary.rejects) > _TOLD:
        say(f"… and {len(summary.rejects) - _TOLD} more; --rejects FILE writes them all.")
    for note, times in Counter(summary.notes).most_common(_TOLD):
        say(f"Note: {note}; {counted(times, 'number')} from after or before count all the same.")
    read = counted(summary.rows, "row")
    written = counted(summary.written, "contribution")
    rejected = counted(len({reject.row for reject in summary.rejects}), "row")
    say(f"{read} read, {written} written, {rejected} rejected.")
    if not summary.landed:
        others = "" if arguments.partial else ", or import the others with --partial"
        say(f"Nothing was imported; mend these rows{others}.")
