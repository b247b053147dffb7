"""The command that compares two states of a graph: diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.output import put

if TYPE_CHECKING:
    from argparse import Namespace


def run_diff(arguments: Namespace) -> int:
    """Say what differs between two states of a graph."""
    from pkgraph import build, comparison

    before, after = map(comparison.side, (arguments.before, arguments.after))
    found = comparison.compare(before, after, build.open_shipped())
    write = comparison.as_markdown if arguments.format == "md" else comparison.as_text
    put(write(found))
    return 0 if found.same else 1
