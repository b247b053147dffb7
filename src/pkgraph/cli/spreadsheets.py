"""The commands for those who enter things in a spreadsheet: template, import table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph.cli.output import counted, put, say
from pkgraph.errors import UsageError

if TYPE_CHECKING:
    from argparse import Namespace


def run_template(arguments: Namespace) -> int:
    """Write a template to enter things in."""
    from pkgraph import export, spreadsheets

    out = Path(arguments.out) if arguments.out else None
    is_csv = arguments.format == "csv" or (
        arguments.format is None and out is not None and out.suffix.lower() == ".csv"
    )
    if is_csv:
        content: str | bytes = spreadsheets.csv(arguments.classes)
    else:
        content = spreadsheets.workbook(arguments.classes)
    if out is not None:
        export.replace_file(out, content)
        say(f"{out}: written.")
    elif isinstance(content, str):
        put(content)
    elif sys.stdout.isatty():
        name = f"{arguments.classes[0]}.xlsx"
        raise UsageError(f"a workbook is nothing for a terminal; write it to a file: --out {name}")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    return 0


def run_import_table(arguments: Namespace) -> int:
    """Write what filled tables say as Turtle, once it is accepted."""
    from pkgraph import export, turtle, verdicts
    from pkgraph.verdicts import terminal

    verdict = verdicts.judge([Path(name) for name in arguments.files])
    if verdict.findings:
        say(terminal.write(verdict).rstrip())
    if not verdict.accepted:
        told = verdicts.summary(verdict.findings)
        say(f"Nothing was written; mend the cells that are named and try again: {told}.")
        return 1
    triples = {triple for source in verdict.case.sources for triple in source.triples}
    text = turtle.write(triples)
    if arguments.out:
        export.replace_file(Path(arguments.out), text)
        say(f"{arguments.out}: written, {counted(len(triples), 'statement')}.")
    else:
        put(text)
    return 0
