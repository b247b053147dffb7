"""The commands that look after files and the store: build, export, format, verify."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import turtle
from pkgraph.cli.output import counted, put, say
from pkgraph.errors import InputError, UsageError

if TYPE_CHECKING:
    from argparse import Namespace


def run_build(arguments: Namespace) -> int:
    """Build the store of the shipped graph, or of other data."""
    from pkgraph import build, results
    from pkgraph.store import OxigraphStore

    if bool(arguments.data) != bool(arguments.out):
        raise UsageError("a store of other data needs both --data FILE and --out DIR")
    start = time.perf_counter()
    if arguments.data:
        from pkgraph import bulk

        folder = Path(arguments.out)
        bulk.bulk_load([Path(name) for name in arguments.data], folder, say)
    else:
        folder = build.build_store()
    took = time.perf_counter() - start
    answer = OxigraphStore.open(folder).query(
        "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?g) AS ?graphs) "
        "WHERE { GRAPH ?g { ?s ?p ?o } }"
    )
    assert isinstance(answer, results.Table)  # noqa: S101 - for the type checker: it is a SELECT
    put(f"{folder}\n")
    say(f"{answer[0].triples} statements in {answer[0].graphs} graphs, in {took:.2f} s.")
    return 0


def run_format(arguments: Namespace) -> int:
    """Write files in their one form, or name those that are not in it."""
    from pkgraph import export

    # Every file is read before the first is written: a broken one leaves all as they were.
    changed: list[tuple[Path, str]] = []
    for name in arguments.files:
        path = Path(name)
        before = turtle.read(path)
        _refuse_comments(before, name)
        after = turtle.write(turtle.parse(before, file=name))
        if after.encode() != path.read_bytes():
            changed.append((path, after))
    for path, text in changed:
        if arguments.check:
            put(f"{path}\n")
        else:
            export.replace_file(path, text)
            say(f"{path}: formatted.")
    if arguments.check and changed:
        say(f"{len(changed)} of {len(arguments.files)} files would change; run: pkgraph format")
        return 1
    return 0


def run_export(arguments: Namespace) -> int:
    """Write out a whole graph."""
    from pkgraph import export
    from pkgraph.cli.asking import open_graph

    if arguments.engine:
        return _export_for(arguments)
    if arguments.format == "jelly":
        return _export_jelly(arguments)
    text = export.export(open_graph(arguments).store, arguments.format)
    if arguments.out:
        export.replace_file(Path(arguments.out), text)
        say(f"{arguments.out}: written, {len(text.encode())} bytes.")
    else:
        put(text)
    return 0


def _export_jelly(arguments: Namespace) -> int:
    """Write out a whole graph in Jelly, which is no text."""
    from pkgraph import export
    from pkgraph.cli.asking import open_graph

    if not arguments.out and sys.stdout.isatty():
        raise UsageError(
            "Jelly is nothing for a terminal; write it to a file: --out pkgraph.jelly, or send it "
            "on with > or |"
        )
    parts = export.export_jelly(open_graph(arguments).store)
    if not arguments.out:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(parts)
        return 0
    with export.replacing(Path(arguments.out)) as file:
        written = sum(file.write(part) for part in parts)
    say(f"{arguments.out}: written, {written} bytes.")
    return 0


def _export_for(arguments: Namespace) -> int:
    """Write out a whole graph for a triple store of others."""
    from pkgraph.cli.asking import open_graph
    from pkgraph.loaders.known import ENGINES
    from pkgraph.loaders.writing import write

    if not arguments.out:
        raise UsageError("--for writes a folder; name one with --out")
    if arguments.format != "nq":
        raise UsageError("--for writes what the triple store takes; leave --format out")
    folder, engine = Path(arguments.out), ENGINES[arguments.engine]
    written = write(open_graph(arguments).store, engine, folder)
    put(f"{folder / 'load.sh'}\n")
    say(
        f"{written.statements:,} statements in named graphs, {written.triples:,} triples in their "
        f"union, {counted(written.parts, 'part')}; load.sh says at its top how it is run."
    )
    return 0


def run_verify(arguments: Namespace) -> int:
    """Verify the ontology and the graph."""
    from pkgraph import verification

    well = True
    for verdict in verification.verify([Path(name) for name in arguments.files]):
        put(f"{'ok  ' if verdict.ok else 'FAIL'}  {verdict.subject}\n")
        for fault in verdict.faults:
            put(f"      {fault}\n")
        well = well and verdict.ok
    return 0 if well else 1


def _refuse_comments(text: str, name: str) -> None:
    """
    Refuse a text with comments, which its one form has no place for.

    Raises:
        InputError: There is one.
    """
    comment = turtle.first_comment(text)
    if comment:
        raise InputError(
            f"{name}, line {comment.line}: a comment would be lost; make it a skos:editorialNote "
            "of the thing, or take it out"
        )
