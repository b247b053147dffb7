"""The commands for nanopublications: nanopublication, and import nanopub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph import orcid
from pkgraph.cli.output import counted, put, say
from pkgraph.errors import MalformedError
from pkgraph.namespaces import compact

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from pkgraph.nanopublications import Publication

#: How much is shown of a text that others wrote, and of a fingerprint, in characters.
_SHOWN: Final = 80
_DIGITS: Final = 16


def run_nanopublication(arguments: Namespace) -> int:
    """Write nanopublications of things."""
    from datetime import UTC, datetime

    from pkgraph import graph, nanopublications, resolution, resources

    by = orcid.parse(arguments.by)
    key = nanopublications.read_key(Path(arguments.key)) if arguments.key else None
    files = [Path(name) for name in arguments.data] or resources.data_files("graph", ".ttl")
    statements = nanopublications.Statements(files)
    opened = graph.open_graph(arguments.data)
    things = [resolution.thing(opened.store, name) for name in arguments.things]
    publisher = nanopublications.Publisher(by, datetime.now(UTC), opened.release, key)
    _write(nanopublications.write(things, statements, publisher), arguments.out)
    for thing in things:
        if not statements.licences(thing):
            say(f"{compact(thing.value)} is in no graph that names a licence, so none is given.")
    count = counted(len(set(things)), "nanopublication")
    how = "signed" if key else "not signed, since no --key was given"
    say(f"{count} by {by}, {how}; nothing was sent anywhere.")
    return 0


def run_import_nanopub(arguments: Namespace) -> int:
    """Check what nanopublications assert, and write it as Turtle."""
    from pkgraph import nanopublications, turtle, validation

    try:
        sources = [nanopublications.read(Path(name)) for name in arguments.files]
    except MalformedError as error:  # a verdict on what was given to be imported
        say(f"pkgraph: {error}")
        return 1
    for source in sources:
        for publication in source.publications:
            say(_told(publication))
    report = validation.check(sources)
    for finding in report.findings:
        put(f"{finding}\n")
    if not report.conforms:
        count = counted(len(report.findings), "finding")
        say(f"Nothing was imported: what is asserted does not conform; {count}.")
        return 1
    triples = dict.fromkeys(triple for source in sources for triple in source.triples)
    _write(turtle.write(triples), arguments.out)
    return 0


def _write(text: str, out: str | None) -> None:
    """Write *text* to the file *out*, or to standard output."""
    if out is None:
        put(text)
        return
    from pkgraph import export

    export.replace_file(Path(out), text)
    say(f"{out}: written.")


def _told(publication: Publication) -> str:
    """Return who published it, when, and how that is known, on one line."""
    said = [f"{publication.iri}: published by {_listed(publication.creators) or 'nobody named'}"]
    if publication.created:
        said.append(f"at {_cut(publication.created)}")
    said.append(f"licence {_listed(publication.licences) or 'not given'}")
    if publication.derived_from:
        said.append(f"from {_listed(publication.derived_from)}")
    signature = publication.signature
    if signature is None:
        said.append("not signed")
    else:
        said.append(
            f"signed by key {signature.key[:_DIGITS]}… in the name of "
            f"{_listed(signature.signers) or 'nobody'}"
        )
    return ", ".join(said) + "."


def _listed(iris: Iterable[str]) -> str:
    return " and ".join(_cut(compact(iri)) for iri in iris)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
