"""
Write out a whole graph, for other tools.

What is written depends on what the graph says and on nothing else: statements are sorted, and blank
nodes (which only the ontology has) get labels that follow from what they are part of.

Source:
    RDF Dataset Canonicalization: https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from pkgraph import results, serialization
from pkgraph.errors import StoreError, UnknownFormatError
from pkgraph.serialization import DATASET_FORMATS
from pkgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.results import Term
    from pkgraph.store import Store


def export(store: Store, format_name: str) -> str:
    """
    Return all that the named graphs of *store* say.

    Args:
        store: The store.
        format_name: One of :data:`DATASET_FORMATS`; or one of
            :data:`pkgraph.serialization.GRAPH_FORMATS`, which have the union of the graphs without
            their names.

    Raises:
        UnknownFormatError: There is no such format.
        StoreError: The store cannot be asked.
    """
    if format_name not in DATASET_FORMATS and format_name not in serialization.GRAPH_FORMATS:
        names = ", ".join([*DATASET_FORMATS, *serialization.GRAPH_FORMATS])
        raise UnknownFormatError(f"there is no format '{format_name}'; choose one of {names}")
    quads = _canonical(store)
    if format_name in serialization.GRAPH_FORMATS:
        return serialization.write(tuple(dict.fromkeys(quad.triple for quad in quads)), format_name)
    written = ox.serialize(quads, format=DATASET_FORMATS[format_name]) or b""
    return written.decode()


def export_jelly(store: Store) -> Iterator[bytes]:
    """
    Yield all that the named graphs of *store* say in Jelly, which is no text, part by part.

    The statements are those that :func:`export` gives as N-Quads, in the same order.

    Raises:
        UnknownFormatError: There is a term that Jelly cannot say.
        StoreError: The store cannot be asked.
    """
    from pkgraph import jelly

    return jelly.write(_canonical(store))


def replace_file(path: Path, content: str | bytes, *, mode: int | None = None) -> None:
    """
    Write *content* to the file at *path*, which has either all of it or what it had before.

    A text is written in UTF-8. The file keeps the permissions that it has, unless it is to have
    those of *mode*.

    Raises:
        OSError: It cannot be written.
    """
    with replacing(path, mode=mode) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """
    Open a file to write to, which takes the place of that at *path* once all is written.

    See :func:`replace_file`, for what is too much to have at once.

    Raises:
        OSError: It cannot be written.
    """
    # A link stays one: what it leads to is replaced.
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a device or a pipe, which nothing can replace
        with target.open("wb") as file:
            yield file
        return
    beside = target.with_name(f".{target.name[:200]}-{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            if mode is not None:
                beside.chmod(mode)
            elif target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def statements(store: Store) -> Iterator[ox.Quad]:
    """
    Yield the statements of the named graphs of *store*, in no order.

    Raises:
        StoreError: It cannot be asked.
    """
    if isinstance(store, OxigraphStore):
        for quad in store.engine:
            if quad.graph_name != ox.DefaultGraph():
                yield quad
        return
    answer = store.query("SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    if not isinstance(answer, results.Table):
        raise StoreError(f"{store.name} answered a SELECT with something that is not a table")
    for terms in answer.terms:
        yield _quad(*terms)


def _canonical(store: Store) -> list[ox.Quad]:
    """Return the statements of the named graphs, sorted, with canonical blank nodes."""
    dataset = ox.Dataset(statements(store))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _quad(
    subject: Term | None, predicate: Term | None, object_: Term | None, graph: Term | None
) -> ox.Quad:
    if (
        not isinstance(subject, ox.NamedNode | ox.BlankNode)
        or not isinstance(predicate, ox.NamedNode)
        or object_ is None
        or not isinstance(graph, ox.NamedNode | ox.BlankNode)
    ):
        raise StoreError("the store gave a statement that is not RDF")
    return ox.Quad(subject, predicate, object_, graph)
