"""
Find the data that pkgraph is made of: its ontology, graph, shapes and queries.

In a checkout they are folders at its root. A wheel has the same folders under ``pkgraph/data``;
they are only ever read, so the place where the package is installed may be read-only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pkgraph import namespaces
from pkgraph.errors import EnvironmentFailure

Folder: TypeAlias = Literal["ontology", "graph", "shapes", "queries"]
#: What goes with every copy of the data: how they may be used, and how they are cited.
PAPERS: Final = ("CITATION.cff", "LICENSE", "LICENSE-DATA", "NOTICE")

_PACKAGE: Final = Path(__file__).resolve().parent
#: Where the data folders may stand: installed, then in a checkout (src/pkgraph is two levels down).
_ROOTS: Final = (_PACKAGE / "data", _PACKAGE.parents[1])


@cache
def folder(name: Folder) -> Path:
    """
    Return the data folder *name*.

    Raises:
        EnvironmentFailure: The installation is broken: the folder is not there.
    """
    for root in _ROOTS:
        if (root / name).is_dir():
            return root / name
    raise _missing(f"the folder '{name}' of pkgraph's data")


def paper(name: str) -> Path:
    """
    Return the file *name*, one of :data:`PAPERS`.

    Raises:
        EnvironmentFailure: The installation is broken: the file is not there.
    """
    for root in _ROOTS:
        if (root / name).is_file():
            return root / name
    raise _missing(name)


@cache
def version() -> str:
    """Return the version of the installed package."""
    from importlib.metadata import version  # slow to import

    return version("pkgraph")


def data_files(name: Folder, suffix: str) -> list[Path]:
    """Return the files in the data folder *name* and below that end in *suffix*, in order."""
    root = folder(name)
    return sorted(root.rglob(f"*{suffix}"), key=lambda path: path.relative_to(root).parts)


def graph_name(path: Path) -> str:
    """
    Return the IRI of the named graph that the statements of a file stand in.

    A file under ``graph/`` has a graph of its own, and so has a scheme, named like the scheme. The
    other files of the ontology share one graph, the shapes another. The graph of a file from
    elsewhere is the file itself.

    >>> graph_name(folder("graph") / "works" / "bellamy-2004" / "1-1.ttl")
    'https://w3id.org/pkgraph/graph/works/bellamy-2004/1-1'
    >>> graph_name(folder("ontology") / "schemes" / "voice.ttl")
    'https://w3id.org/pkgraph/scheme/voice'
    """
    path = path.resolve()
    if path.is_relative_to(root := folder("graph")):
        return namespaces.GRAPH + path.relative_to(root).with_suffix("").as_posix()
    if path.is_relative_to(folder("ontology") / "schemes"):
        return namespaces.SCHEME + path.stem
    if path.is_relative_to(folder("ontology")):
        return namespaces.ONTOLOGY
    if path.is_relative_to(folder("shapes")):
        return namespaces.SHAPES
    return path.as_uri()


def _missing(what: str) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"{what} is in none of {', '.join(map(str, _ROOTS))}; install pkgraph again"
    )
