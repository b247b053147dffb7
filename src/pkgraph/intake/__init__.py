"""
Take in what is to be checked or contributed, whatever form it comes in.

:func:`read` tells the form of a file from the ending of its name and has the module for that form
make a :class:`Source` of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph import turtle
from pkgraph.intake import rdf
from pkgraph.intake.source import Source, Where

if TYPE_CHECKING:
    import rdflib

__all__ = ["Source", "Where", "read"]


def read(data: Path | str | rdflib.Graph | Sequence[Path]) -> tuple[Source, ...]:
    """
    Read a file, several files, a text of Turtle or a graph in memory.

    Raises:
        InputError: A file cannot be read.
        TurtleSyntaxError: A file or the text is not RDF in the syntax it should be in.
    """
    if isinstance(data, Path):
        return (rdf.read(data),)
    if isinstance(data, str):
        return (rdf.read_text(data),)
    if isinstance(data, Sequence):
        return tuple(source for path in data for source in read(path))
    lines = data.serialize(format="nt")
    return (Source(None, turtle.parse(lines, format=ox.RdfFormat.N_TRIPLES)),)
