"""
Verify a release: files by their hashes, statements by their number and canonical hash.

Nothing of a release is trusted before it is held against the manifest, nor is more of a file read
or unpacked than the manifest says that it has.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import export
from pkgraph.errors import StoreError
from pkgraph.releasing.manifest import DUMP, FILE, STORE, Manifest, content, graphs_of, lines_of
from pkgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

#: How many bytes are read at once.
_PART: Final = 1 << 20


def verify(folder: Path) -> tuple[Manifest, tuple[str, ...]]:
    """
    Return the manifest of the release in *folder*, and what differs from it, in sentences.

    The files are there and no others, each with its size and hash; the dump is the canonical form
    of the statements that it has; its graphs and the store have the same statements; the default
    graph of the store is the union of its graphs.

    Raises:
        InputError: There is no manifest, or it is none of ours.
        OSError: A file cannot be read.
    """
    manifest = Manifest.read(folder)
    faults = [*_files(folder, manifest)]
    if not faults:
        faults += _dump(folder / DUMP, manifest)
    if not faults:
        faults += _store(folder / STORE, manifest)
    return manifest, tuple(faults)


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what differs of the files beside the manifest."""
    there = {path.name for path in folder.iterdir()}
    wanted = {*manifest.files, FILE, STORE}
    for name in sorted(there - wanted):
        yield f"{name} is not in the manifest"
    if DUMP not in manifest.files:
        yield f"the manifest does not name {DUMP}"
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


def _dump(path: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what differs of the dump."""
    try:
        with gzip.open(path) as file:
            # One byte more than it should have is enough to tell that it has too many.
            data = b"".join(_parts(file, manifest.dataset.size + 1))
    except (OSError, EOFError, zlib.error) as error:
        yield f"{path.name} cannot be unpacked: {error}"
        return
    if content([data]) != manifest.dataset:
        yield f"{path.name} unpacks to something else than the manifest says"
        return
    text = data.decode()
    lines = lines_of(text)
    if len(lines) != manifest.statements or graphs_of(lines) != manifest.graphs:
        yield f"the graphs in {path.name} are not those of the manifest"
    try:
        dataset = ox.Dataset(ox.parse(data, format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        yield f"{path.name} is not N-Quads: {error}"
        return
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    canonical = ox.serialize(sorted(dataset, key=str), format=ox.RdfFormat.N_QUADS) or b""
    if canonical != data:
        yield f"{path.name} is not in canonical form, sorted"


def _store(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what differs of the store."""
    try:
        store = OxigraphStore.open(folder)
        text = export.export(store, "nq")
    except StoreError as error:
        yield f"the store cannot be read: {error}"
        return
    if content([text.encode()]) != manifest.dataset:
        yield "the store has other statements than the manifest says"
    named = {quad.triple for quad in store.engine if isinstance(quad.graph_name, ox.NamedNode)}
    default = [
        quad.triple for quad in store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
    ]
    if len(default) != len(named) or set(default) != named:
        yield "the default graph of the store is not the union of its named graphs"


def _parts(file: BinaryIO | gzip.GzipFile, most: int) -> Iterator[bytes]:
    """Yield at most *most* bytes of *file*, some at a time."""
    while most > 0 and (part := file.read(min(_PART, most))):
        most -= len(part)
        yield part
