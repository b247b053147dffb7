"""
Verify a release: files by their hashes, statements by their number and canonical hash.

Nothing of a release is trusted before it is held against the manifest, nor is more of a file read
or unpacked than the manifest says that it has.
"""

from __future__ import annotations

import gzip
import tempfile
import zlib
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import jelly
from pkgraph.releasing.archives import unpack
from pkgraph.releasing.manifest import (
    DUMP,
    FILE,
    JELLY,
    OTHER_DUMPS,
    STORE,
    Manifest,
    content,
    graphs_of,
    lines_of,
)
from pkgraph.releasing.stores import store_faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import BinaryIO

#: How many bytes are read at once.
_PART: Final = 1 << 20
#: How many bytes the prefixes of a dump may take.
_PREFIXES: Final = 1 << 16
#: How many bytes a statement in Jelly may have that it does not have in N-Quads: where four terms
#: come for the first time, each is told in three rows, which have lengths and numbers.
_ROWS: Final = 128


def verify(place: Path) -> tuple[Manifest, tuple[str, ...]]:
    """
    Return the manifest of the release at *place*, and what differs from it, in sentences.

    The files are there and no others, each with its size and hash; the dump is the canonical form
    of the statements that it has; its graphs and the other dumps have the same statements. So has
    the store of a folder; its default graph is the union of its graphs, and its index of words is
    what they give.

    Args:
        place: A folder, or an archive.

    Raises:
        InputError: There is no manifest, or it is none of ours, or the archive is broken.
        OSError: A file cannot be read, or there is no room for what it is compared with.
    """
    if place.is_dir():
        manifest, faults = verify_files(place, {STORE})
        return manifest, faults or tuple(store_faults(place / STORE, manifest))
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as folder:
        unpack(place, Path(folder))
        return verify_files(Path(folder))


def verify_files(folder: Path, others: Collection[str] = ()) -> tuple[Manifest, tuple[str, ...]]:
    """
    Return the same as :func:`verify` of the files in *folder*, with *others* beside them.

    Raises:
        InputError: There is no manifest, or it is none of ours.
        OSError: A file cannot be read.
    """
    manifest = Manifest.read(folder)
    faults = tuple(_files(folder, manifest, {*others}))
    return manifest, faults or tuple(_dumps(folder, manifest))


def _files(folder: Path, manifest: Manifest, others: set[str]) -> Iterator[str]:
    """Yield what differs of the files beside the manifest, and beside *others*."""
    there = {path.name for path in folder.iterdir()}
    wanted = {*manifest.files, FILE, *others}
    for name in sorted(there - wanted):
        yield f"{name} is not in the manifest"
    for name in (DUMP, *OTHER_DUMPS, JELLY):
        if name not in manifest.files:
            yield f"the manifest does not name {name}"
    if (folder / FILE).is_symlink():
        yield f"{FILE} is not a file"
    for name in sorted(wanted - there):
        yield f"{name} is missing"
    for name in sorted(there & set(manifest.files)):
        path, told = folder / name, manifest.files[name]
        if path.is_symlink() or not path.is_file():
            yield f"{name} is not a file"
        elif path.stat().st_size != told.size:
            yield f"{name} has {path.stat().st_size} bytes in place of {told.size}"
        else:
            with path.open("rb") as file:
                if content(_parts(file, told.size)) != told:
                    yield f"{name} has other bytes than the manifest says, of the same number"


def _dumps(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what differs of the dumps."""
    try:
        # One byte more than it should have is enough to tell that it has too many.
        data = _unpacked(folder / DUMP, manifest.dataset.size + 1)
        if content([data]) != manifest.dataset:
            yield f"{DUMP} unpacks to something else than the manifest says"
            return
        lines = lines_of(data.decode())
        if len(lines) != manifest.statements or graphs_of(lines) != manifest.graphs:
            yield f"the graphs in {DUMP} are not those of the manifest"
        quads = _canonical(ox.parse(data, format=ox.RdfFormat.N_QUADS))
        if ox.serialize(quads, format=ox.RdfFormat.N_QUADS) != data:
            yield f"{DUMP} is not in canonical form, sorted"
    except (OSError, EOFError, ValueError, zlib.error, SyntaxError) as error:
        yield f"{DUMP} cannot be read: {error}"
        return
    triples = _canonical(ox.Quad(*quad.triple) for quad in quads)
    for name, syntax in OTHER_DUMPS.items():
        try:
            # Written shorter than line by line, but for the prefixes.
            text = _unpacked(folder / name, len(data) + _PREFIXES)
            said = _canonical(ox.parse(text, format=syntax))
        except (OSError, EOFError, ValueError, zlib.error, SyntaxError) as error:
            yield f"{name} cannot be read: {error}"
            continue
        if said != (quads if syntax.supports_datasets else triples):
            yield f"{name} has other statements than {DUMP}"
    yield from _jelly(folder / JELLY, quads, len(data))


def _jelly(path: Path, quads: list[ox.Quad], size: int) -> Iterator[str]:
    """Yield what differs of the dump in Jelly from *quads*, which have *size* bytes as N-Quads."""
    try:
        data = _unpacked(path, size + _ROWS * len(quads) + _PREFIXES)
        # One by one: what was forged ends where it first differs, however much it would become.
        if any(said != quad for said, quad in zip_longest(jelly.read(data), quads)):
            yield f"{path.name} has other statements than {DUMP}, or has them in another order"
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield f"{path.name} cannot be read: {error}"


def unpacked_dump(path: Path, manifest: Manifest) -> bytes:
    """
    Return what the dump at *path* of a release that was verified unpacks to.

    Raises:
        OSError: It cannot be read.
    """
    return _unpacked(path, manifest.dataset.size)


def _unpacked(path: Path, most: int) -> bytes:
    """Return at most *most* bytes of what the file at *path* unpacks to."""
    with gzip.open(path) as file:
        return b"".join(_parts(file, most))


def _canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return *quads* once each, sorted, with canonical blank nodes."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _parts(file: BinaryIO | gzip.GzipFile, most: int) -> Iterator[bytes]:
    """Yield at most *most* bytes of *file*, some at a time."""
    while most > 0 and (part := file.read(min(_PART, most))):
        most -= len(part)
        yield part
