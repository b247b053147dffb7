"""
Take in bibliographies: BibTeX, RIS and CSL-JSON become works and persons of the graph.

:func:`read` is the way in for all that checks or contributes files; :func:`bring_in` also tells
what was found, and holds several files against one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pkgraph.references import known, reading
from pkgraph.references.works import Note, Works

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pkgraph.intake.source import Source
    from pkgraph.references.known import Known

__all__ = ["Imported", "Note", "bring_in", "read"]


class Imported(NamedTuple):
    """What bibliographies come to, a source for each file, and what is to be told of them."""

    sources: tuple[Source, ...]
    notes: tuple[Note, ...]


def read(path: Path) -> Source:
    """
    Read one bibliography; what the shipped graph has already is left out.

    Raises:
        InputError: It cannot be read, or is too large.
        BibliographySyntaxError: Something in it has to be mended first.
    """
    return bring_in([path]).sources[0]


def bring_in(paths: Sequence[Path], graph: Known | None = None) -> Imported:
    """
    Read bibliographies, and say in statements what is new in them.

    Args:
        paths: The files, each BibTeX, RIS or CSL-JSON by its ending.

        graph: What is there already; if None, what the shipped graph has.

    Raises:
        InputError: One cannot be read, or is too large.
        BibliographySyntaxError: Something in one has to be mended first.
    """
    read_all = [(path, reading.read(path)) for path in paths]
    works = Works(known.shipped() if graph is None else graph)
    sources = tuple(works.add(path, records) for path, records in read_all)
    return Imported(sources, tuple(works.notes))
