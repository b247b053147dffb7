"""The commands that join a reader's own data to the graph: crosswalk, reconcile."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph.cli.asking import open_graph
from pkgraph.cli.output import put, put_answer, say

if TYPE_CHECKING:
    from argparse import Namespace


def run_crosswalk(arguments: Namespace) -> int:
    """Lead from the codes of one scheme to those of another."""
    from pkgraph.crosswalk import crosswalk

    put_answer(
        crosswalk(open_graph(arguments).store, arguments.source_scheme, arguments.target),
        arguments.format,
    )
    return 0


def run_reconcile(arguments: Namespace) -> int:
    """Add to each row of a table what its name means, and report what is not sure."""
    from pkgraph import export
    from pkgraph.reconciliation import Matcher, report, sheet

    rows = sheet.read(Path(arguments.file), arguments.column, arguments.delimiter)
    matcher = Matcher.of(
        open_graph(arguments).store,
        kind=arguments.kind,
        scheme=arguments.scheme,
        threshold=arguments.threshold,
    )
    results = []
    for number, name in enumerate(rows.names, start=1):
        results.append(matcher.match(name))
        if sys.stderr.isatty() and number % 100 == 0:
            print(f"\r{number} of {len(rows.names)} rows", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty() and len(results) >= 100:  # noqa: PLR2004  # as often as above
        print(file=sys.stderr)
    text = rows.written(results)
    if arguments.out:
        export.replace_file(Path(arguments.out), text)
    else:
        put(text)
    say(report.of(rows, results))
    return 0
