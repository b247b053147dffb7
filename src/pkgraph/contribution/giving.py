"""
Take a contribution into a store.

It is read before the store is opened, so that what cannot be read keeps nobody waiting; it is
checked against the store as it is while nobody else writes to it, so that two contributors cannot
pass each other unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from pkgraph import intake, orcid, resources
from pkgraph.contribution import folders, register
from pkgraph.contribution.register import Contribution, Withdrawal
from pkgraph.contribution.transaction import Transaction
from pkgraph.contribution.withdrawing import standing
from pkgraph.errors import ConflictError, InputError
from pkgraph.namespaces import REGISTER_GRAPH
from pkgraph.nanopublications import Nanopublications
from pkgraph.validation.changes import check_change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyoxigraph as ox

    from pkgraph.contribution.register import Submitted
    from pkgraph.intake import Source
    from pkgraph.validation import Report


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of a contribution.

    ``sources`` are the files as they were read. ``contribution`` is None if it was not accepted;
    ``report`` says why, or what a reviewer is to look at.
    """

    sources: tuple[Source, ...]
    report: Report
    contribution: Contribution | None


def contribute(  # noqa: PLR0913 - what is given, by whom, and how
    files: Sequence[Path],
    by: str,
    folder: Path,
    *,
    replaces: str | None = None,
    only_own: bool = False,
    wait_s: float | None = None,
) -> Outcome:
    """
    Check *files* and, if they conform, take their statements into the store in *folder*.

    Args:
        files: What is contributed, in any form that :func:`pkgraph.intake.read` knows. The files
            are one contribution, and are kept byte for byte.
        by: The ORCID iD of the contributor. It is recorded as claimed.
        folder: The folder of the store, which is made, with the shipped graph in it, if it is not
            there.
        replaces: The name of a contribution that leaves the store when this one comes.
        only_own: Refuse if what is to be replaced was given by somebody else.
        wait_s: How long to wait for others who write to the store, if not a minute.

    Raises:
        ConflictError: Nothing in the files is new to the store, or what they are to replace has
            left it already.
        InputError: A file cannot be read.
        NotFoundError: There is no contribution to be replaced.
        NotYoursError: It is somebody else's, and it must not be.
        ParameterError: *by* is no ORCID iD.
        StoreError: The store cannot be opened or written.
    """
    who = orcid.parse(by)
    contents = [_bytes(path) for path in files]
    sources = intake.read(list(files))
    if contents != [_bytes(path) for path in files]:
        raise InputError("a file was changed while it was read; contribute it again")
    given = _Given(sources, contents, who, replaces, only_own)
    with folders.opened(folder, make=True, wait_s=wait_s) as store:
        return _land(store, folder, given)


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given: read, as it was, by whom (an IRI), and in place of what (of their own)."""

    sources: tuple[Source, ...]
    contents: Sequence[bytes]
    by: str
    replaces: str | None
    only_own: bool

    @property
    def triples(self) -> tuple[ox.Triple, ...]:
        """The statements of all files, each once."""
        return tuple(dict.fromkeys(t for source in self.sources for t in source.triples))

    @property
    def published(self) -> tuple[str, ...]:
        """The IRIs of the nanopublications among it."""
        found = (each for each in self.sources if isinstance(each, Nanopublications))
        return tuple(sorted({each.iri for source in found for each in source.publications}))

    def files(self, folder: Path) -> tuple[Submitted, ...]:
        """Keep the files beside the store in *folder*, and return what they are known by."""
        kept = (
            folders.keep(folder, source.path.name, content)
            for source, content in zip(self.sources, self.contents, strict=True)
            if source.path is not None
        )
        return tuple(sorted(kept))


def _land(store: ox.Store, folder: Path, given: _Given) -> Outcome:
    """Check what is *given* against *store*, and take it in."""
    transaction = Transaction(store)
    owner = given.by if given.only_own else None
    old = standing(store, folder, given.replaces, owner) if given.replaces else None
    if old is not None:
        transaction.clear(old.graph)
    triples, before = given.triples, transaction.before
    if all(before.has(triple) for triple in triples):
        raise ConflictError("the store says all of this already; there is nothing to contribute")
    report = check_change(before, given.sources, transaction.removed, old.graph if old else None)
    if any(finding.severity == "Violation" for finding in report.findings):
        return Outcome(given.sources, report, None)
    at = register.now()
    new = Contribution(
        name=register.next_name(store, at),
        by=given.by,
        at=at,
        statements=len(triples),
        release=_release(),
        files=given.files(folder),
        published=given.published,
    )
    transaction.insert(new.graph, triples)
    transaction.insert(REGISTER_GRAPH, new.triples())
    if old is not None:
        ending = Withdrawal(at, given.by, new.iri, reason=None)
        transaction.insert(REGISTER_GRAPH, old.ending(ending, transaction.gone))
    transaction.commit()
    return Outcome(given.sources, report, new)


def _bytes(path: Path) -> bytes:
    """
    Return what is in the file at *path*.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its name") from error


@cache
def _release() -> str:
    """Return what the shapes are known by: the version, and a hash of the files."""
    files = resources.data_files("shapes", ".ttl")
    digest = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return f"{resources.version()}-{digest[:12]}"
