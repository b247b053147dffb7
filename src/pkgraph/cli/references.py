"""The command that brings in bibliographies: import bibliography."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import turtle
from pkgraph.cli.output import counted, put, say
from pkgraph.errors import MalformedError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from pkgraph.references import Note


def run_import_bibliography(arguments: Namespace) -> int:
    """Write what is new in bibliographies as Turtle, once it conforms."""
    from pkgraph import export, references, validation

    try:
        imported = references.bring_in([Path(name) for name in arguments.files])
    except MalformedError as error:  # a verdict on what was given
        say(f"{error}\nNothing was imported.")
        return 1
    report = validation.check(imported.sources)
    if not report.conforms:
        for finding in report.findings:
            say(str(finding))
        say(f"Nothing was imported: {counted(len(report.findings), 'finding')}.")
        return 1
    _tell(imported.notes)
    text = turtle.write([triple for source in imported.sources for triple in source.triples])
    if arguments.out and text:
        export.replace_file(Path(arguments.out), text)
        say(f"{arguments.out}: written.")
    elif text:
        put(text)
    else:
        say("There is nothing new to write.")
    return 0


def _tell(notes: Iterable[Note]) -> None:
    """Tell what became of each reference, what is left out of all, and how many there are."""
    in_order = sorted(notes, key=lambda note: (note.path, note.where))
    for note in in_order:
        if note.sort != "left":
            say(str(note))
    left = Counter(note.text for note in in_order if note.sort == "left")
    if left:
        fields = ", ".join(f"{name} ({count})" for name, count in sorted(left.items()))
        say(f"Left out, since the model has no place for them: {fields}.")
    count = Counter(note.sort for note in in_order)
    say(
        f"{count['new']} new, {count['doubtful']} doubtful, {count['found']} in the graph already, "
        f"{count['repeated']} repeated."
    )
