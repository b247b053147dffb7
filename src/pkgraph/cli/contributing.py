"""The commands that change a store by contributions: contribute, contributions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import contribution
from pkgraph.cli.output import counted, put, put_texts, say, width
from pkgraph.errors import MalformedError

if TYPE_CHECKING:
    from argparse import Namespace

    from pkgraph.contribution import Contribution
    from pkgraph.intake import Source
    from pkgraph.store import OxigraphStore
    from pkgraph.validation import Report


def run_contribute(arguments: Namespace) -> int:
    """Take files into a store if they conform."""
    files = [Path(name) for name in arguments.files]
    try:
        outcome = contribution.contribute(
            files, arguments.by, Path(arguments.store), replaces=arguments.replaces
        )
    except MalformedError as error:  # a verdict on what was given
        say(f"pkgraph: {error}\nNothing was contributed.")
        return 1
    _tell(outcome.report, outcome.sources)
    if outcome.contribution is None:
        say(f"Nothing was contributed: {counted(len(outcome.report.findings), 'finding')}.")
        return 1
    put(f"{outcome.contribution.name}\n")
    say(
        f"Contributed, {counted(outcome.contribution.statements, 'statement')}; see it with: "
        f"pkgraph contributions show {outcome.contribution.name} --store {arguments.store}"
    )
    return 0


def run_contributions_list(arguments: Namespace) -> int:
    """List the contributions to a store."""
    columns = ("name", "by", "at", "statements", "files", "state")
    rows = [
        (
            each.name,
            each.by,
            each.at,
            str(each.statements),
            ", ".join(file.name for file in each.files),
            _state(each),
        )
        for each in contribution.contributions(_opened(arguments))
    ]
    put_texts(columns, rows, arguments.format)
    if arguments.format == "table":
        say(f"{counted(len(rows), 'contribution')}.")
    return 0


def run_contributions_show(arguments: Namespace) -> int:
    """Show one contribution: what is on record, and its statements as they were given."""
    from pkgraph import turtle

    store = _opened(arguments)
    found = contribution.find(store, arguments.name)
    facts = [
        ("contribution", found.iri),
        ("by", found.by),
        ("at", found.at),
        ("shapes", found.release),
        ("graph", found.graph),
        *(("nanopublication", each) for each in found.published),
        ("state", _state(found)),
    ]
    for file in found.files:
        kept = contribution.kept(Path(arguments.store), file)
        facts.append(("file", f"{file.name}, {file.size} bytes, kept as {kept}"))
    for name, value in facts:
        say(f"{name}: {value}")
    put(turtle.write(contribution.given(Path(arguments.store), found)))
    return 0


def run_contributions_diff(arguments: Namespace) -> int:
    """Tell what one contribution changes."""
    from pkgraph import comparison

    store = _opened(arguments)
    found = contribution.find(store, arguments.name)
    before, after = contribution.before_and_after(store, Path(arguments.store), found)
    write = comparison.as_markdown if arguments.format == "md" else comparison.as_text
    put(write(comparison.compare(before, after, store)))
    return 0


def run_contributions_withdraw(arguments: Namespace) -> int:
    """Take a contribution out of a store."""
    report = contribution.withdraw(
        arguments.name, arguments.by, Path(arguments.store), arguments.reason
    )
    if not report.conforms:
        _tell(report)
        say(
            f"Nothing was withdrawn: others rest on it, {counted(len(report.findings), 'finding')}."
        )
        return 1
    say(f"{arguments.name}: withdrawn; it stays on record.")
    return 0


def _opened(arguments: Namespace) -> OxigraphStore:
    from pkgraph import build

    return build.open_folder(Path(arguments.store))[0]


def _state(found: Contribution) -> str:
    """Say in words what became of a contribution."""
    if found.withdrawal is None:
        return "in the store"
    end = found.withdrawal
    if end.by_what.startswith(f"{found.iri}/"):
        reason = f": {end.reason}" if end.reason else ""
        return f"withdrawn {end.at} by {end.by}{reason}"
    return f"replaced {end.at} by {end.by_what.rpartition('/')[2]}"


def _tell(report: Report, sources: tuple[Source, ...] = ()) -> None:
    """Tell on standard error what is in *report*, with the lines that it is about."""
    from pkgraph.verdicts import terminal
    from pkgraph.verdicts.verdict import Case, verdict_on

    if not report.findings:
        return
    shown = sys.stderr.isatty()
    verdict = verdict_on(Case(sources), report)
    colour = terminal.colourful(os.environ, terminal=shown)
    sys.stderr.write(terminal.write(verdict, colour=colour, width=width() if shown else None))
