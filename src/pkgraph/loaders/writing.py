"""
Write the files for an engine into a folder: all of them, or none.

The same graph gives the same bytes. Statements are sorted N-Quads, in parts. A loader
takes a blank node for another in each file, so all statements that have one are in the last part.

Source:
    N-Quads: https://www.w3.org/TR/n-quads/
    RDF Dataset Canonicalization: https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from pkgraph import export, lines
from pkgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.loaders.known import Engine
    from pkgraph.store import Store

_FILES: Final = Path(__file__).resolve().parent / "files"
#: What tells how many statements there are once all is loaded, for whoever loads and for us.
COUNTS: Final = "counts.json"
_DATA: Final = "data"


@dataclass(frozen=True, slots=True)
class Written:
    """How many ``statements`` there are in named graphs, ``triples`` in their union, and parts."""

    statements: int
    triples: int
    parts: int


def write(store: Store, engine: Engine, folder: Path) -> Written:
    """
    Write what the bulk loader of *engine* wants of *store* into *folder*.

    Args:
        store: Whose named graphs are written.
        engine: What it is for.
        folder: One that is not there yet, or is empty.

    Raises:
        UsageError: *folder* has something in it, or is none.
        StoreError: *store* cannot be asked.
        OSError: The files cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already and is not an empty folder; name another, or empty it"
        )
    place = folder.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as building:
        beside = Path(building, "export")
        shutil.copytree(_FILES / engine.name, beside)
        (beside / "load.sh").chmod(0o755)  # which an installer may have dropped
        written = _data(store, engine, beside / _DATA)
        told = {
            "engine": engine.name,
            "statements": written.statements,
            "triples": written.triples,
            "parts": written.parts,
        }
        (beside / COUNTS).write_text(f"{json.dumps(told, indent=2)}\n", encoding="utf-8")
        beside.rename(place)  # in the place of an empty folder, if there is one
    return written


def _data(store: Store, engine: Engine, folder: Path) -> Written:
    """Write the parts into *folder*, and return how many there are of what."""
    folder.mkdir()
    parts, blank = _Parts(folder, engine), ox.Dataset()
    with tempfile.TemporaryFile() as kept:
        plain = _without_blank_nodes(export.statements(store), blank)
        kept.writelines(lines.sorted_once(map(_line, plain)))
        kept.seek(0)
        statements = parts.add(kept)
        kept.seek(0)
        union = lines.sorted_once(map(_without_graph, kept))
        triples = parts.add(union) if engine.is_given_the_union else sum(1 for _ in union)
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    named = sorted(map(_line, blank))
    of_union = sorted({f"{quad.triple} .\n".encode() for quad in blank})
    if named:
        parts.write([*named, *(of_union if engine.is_given_the_union else ())])
    return Written(statements + len(named), triples + len(of_union), parts.number)


class _Parts:
    """Files in a folder, with a number each."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.number = 0
        self._folder = folder
        self._engine = engine

    def add(self, lines_: Iterable[bytes]) -> int:
        """Write *lines_* into as many files as the engine wants, and return how many they were."""
        rest, count = iter(lines_), 0
        for first in rest:
            count += self.write(chain((first,), islice(rest, self._engine.part - 1)))
        return count

    def write(self, lines_: Iterable[bytes]) -> int:
        """Write *lines_* into one file, and return how many they were."""
        self.number += 1
        count = 0
        with self._new() as file:
            for line in lines_:
                file.write(line)
                count += 1
        return count

    @contextmanager
    def _new(self) -> Iterator[IO[bytes]]:
        path = self._folder / f"part-{self.number:05}.nq"
        if not self._engine.packed:
            with path.open("xb") as file:
                yield file
            return
        # Neither a name nor a time: the same statements give the same bytes.
        with (
            path.with_name(f"{path.name}.gz").open("xb") as raw,
            gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed,
        ):
            yield cast("IO[bytes]", packed)


def _without_blank_nodes(quads: Iterable[ox.Quad], blank: ox.Dataset) -> Iterator[ox.Quad]:
    """Yield those of *quads* that have no blank node, and put the others into *blank*."""
    for quad in quads:
        # A triple that is a term may have a blank node in it.
        if any(isinstance(term, ox.BlankNode | ox.Triple) for term in quad):
            blank.add(quad)
        else:
            yield quad


def _line(quad: ox.Quad) -> bytes:
    return f"{quad} .\n".encode()


def _without_graph(line: bytes) -> bytes:
    """Return a line of N-Quads without its last term, an IRI, in which there are no spaces."""
    return line[: line.rindex(b" <")] + b" .\n"
