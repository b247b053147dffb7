"""The command that checks files before they are contributed: check."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import verdicts
from pkgraph.cli.output import put, say, width
from pkgraph.errors import InputError, MalformedError

if TYPE_CHECKING:
    from argparse import Namespace

    from pkgraph.verdicts import Verdict


def run_check(arguments: Namespace) -> int:
    """Check files against the shapes, and mend what is safe to mend if asked to."""
    shapes = Path(arguments.shapes) if arguments.shapes else None
    try:
        verdict = verdicts.judge([Path(name) for name in arguments.files], shapes, arguments.engine)
        if arguments.fix and verdict.fixes:
            verdict = _mended(verdict)
        put(_written(verdict, arguments))
    except MalformedError as error:  # the shapes, or what a report of SHACL cannot say
        say(f"pkgraph: {error}")
        return 1
    if arguments.format == "text":
        say(f"{', '.join(arguments.files)}: {_outcome(verdict, fixed=arguments.fix)}.")
        if len(verdict.findings) > verdicts.MOST_MENDED:
            say(f"Mends were looked for in the first {verdicts.MOST_MENDED} findings.")
    return 0 if verdict.accepted else 1


def _written(verdict: Verdict, arguments: Namespace) -> str:
    """Return *verdict* in the format that is asked for."""
    if arguments.format == "text":
        from pkgraph.verdicts import terminal

        shown = sys.stdout.isatty()
        colour = terminal.colourful(os.environ, terminal=shown)
        return terminal.write(verdict, colour=colour, width=width() if shown else None)
    if arguments.format == "md":
        from pkgraph.verdicts import markdown

        return markdown.write(verdict, arguments.links)
    return verdicts.write(verdict, arguments.format)


def _outcome(verdict: Verdict, *, fixed: bool) -> str:
    """Say how the check ended."""
    if verdict.report.conforms:
        return "conforms"
    told = verdicts.summary(verdict.findings)
    if verdict.accepted:
        return f"accepted, with {told}"
    safe = sum(fix.safe for fix in verdict.fixes.values())
    hint = f"; --fix mends what is safe, {safe} at most" if safe and not fixed else ""
    return f"does not conform; {told}{hint}"


def _mended(verdict: Verdict) -> Verdict:
    """Make the safe mends of *verdict*, say which, and return the verdict on what came of them."""
    from pkgraph import export
    from pkgraph.verdicts import fixing

    mended = fixing.mend(verdict)
    marks = {file: _mark(file, verdict.texts[file].text) for file in mended.texts}
    for file, text in mended.texts.items():
        export.replace_file(Path(file or ""), marks[file] + text)
    for finding, fix in mended.done:
        say(f"{finding.place}: mended, {fix.what}.")
    if not mended.done:
        say("Nothing is safe to mend without you.")
    return mended.verdict


def _mark(file: str | None, text: str) -> str:
    """
    Return the byte order mark of *file*, if it has one; what follows has to be *text* still.

    Raises:
        InputError: Somebody else has changed it in the meantime.
    """
    content = Path(file or "").read_bytes()
    if content.decode("utf-8-sig", "replace") != text:
        raise InputError(f"{file} has changed while it was checked; check it again")
    return "\ufeff" if content.startswith(codecs.BOM_UTF8) else ""
