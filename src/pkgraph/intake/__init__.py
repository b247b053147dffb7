"""
Take in what is to be checked or contributed, whatever form it comes in.

:func:`read` tells the form of a file from the ending of its name and has the module for that form
make a :class:`Source` of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import turtle
from pkgraph.errors import InputError
from pkgraph.intake import files, rdf
from pkgraph.intake.source import Source, Where

if TYPE_CHECKING:
    import rdflib

__all__ = ["Source", "Where", "read"]

#: The module for each form, by the ending of a file's name. Its function ``read`` takes the path of
#: a file and returns a :class:`Source`; it is imported when the first such file is read.
_READERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".ttl": "pkgraph.intake.rdf",
        ".nt": "pkgraph.intake.rdf",
        ".jsonld": "pkgraph.intake.jsonld",
        ".rdf": "pkgraph.intake.rdfxml",
        ".xml": "pkgraph.intake.rdfxml",
        ".owl": "pkgraph.intake.rdfxml",
        ".trig": "pkgraph.nanopublications",
        ".nq": "pkgraph.nanopublications",
        ".xlsx": "pkgraph.spreadsheets",
        ".csv": "pkgraph.spreadsheets",
        ".bib": "pkgraph.references",
        ".ris": "pkgraph.references",
        ".json": "pkgraph.references",
    }
)
#: What has no ending (standard input has none) is taken for Turtle.
_NO_ENDING: Final = ".ttl"
_COMPRESSED: Final = frozenset(
    {".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip", ".zst"}
)


def read(data: Path | Source | str | rdflib.Graph | Sequence[Path | Source]) -> tuple[Source, ...]:
    """
    Read a file, several files, a text of Turtle or a graph in memory; a source has been read.

    Raises:
        InputError: A file cannot be read, or its ending is that of no form that is read.
        TurtleSyntaxError: A file or the text is not RDF in the syntax it should be in.
    """
    if isinstance(data, Path):
        return (_read_file(data),)
    if isinstance(data, Source):
        return (data,)
    if isinstance(data, str):
        return (rdf.read_text(data),)
    if isinstance(data, Sequence):
        return tuple(source for each in data for source in read(each))
    lines = data.serialize(format="nt")
    return (Source(None, turtle.parse(lines, format=ox.RdfFormat.N_TRIPLES)),)


def _read_file(path: Path) -> Source:
    """Have the module for the form of a file read it."""
    files.check(path)
    ending = path.suffix.lower() or _NO_ENDING
    if ending in _COMPRESSED:
        raise InputError(f"{path} is compressed, and pkgraph unpacks nothing; unpack it yourself")
    if ending not in _READERS:
        raise InputError(
            f"{path}: what a file is, is told from its ending, one of {', '.join(_READERS)}; "
            "rename it or convert it"
        )
    source: Source = import_module(_READERS[ending]).read(path)
    return source
