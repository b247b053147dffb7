"""Make a release: write it beside its place, verify it there, and put it there in one step."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import export, namespaces, resources, serialization, void
from pkgraph.errors import StoreError, UsageError
from pkgraph.releasing import materials
from pkgraph.releasing.manifest import (
    DUMP,
    FILE,
    OTHER_DUMPS,
    STORE,
    Manifest,
    content,
    graphs_of,
    lines_of,
)
from pkgraph.releasing.stores import make_store
from pkgraph.releasing.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.graph import Graph


def make(graph: Graph, folder: Path, tell: Callable[[str], None] = lambda _: None) -> Manifest:
    """
    Make a release of *graph* in *folder*, and return its manifest.

    Args:
        graph: What is released.
        folder: Where it is to be; there is nothing yet.
        tell: Is told what is done next.

    Raises:
        UsageError: *folder* is there already.
        StoreError: The graph cannot be read, or the store that was made differs from the dump.
        OSError: It cannot be written.
    """
    if folder.exists():
        raise UsageError(
            f"{folder} is there already, and a release is never written over; name another folder"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as building:
        place = Path(building, "release")
        place.mkdir()
        manifest = _write(graph, place, tell)
        tell("verifies what was written")
        _, faults = verify(place)
        if faults:
            raise StoreError(f"what was written is not what is to be released: {faults[0]}")
        place.rename(folder)
    return manifest


def _write(graph: Graph, place: Path, tell: Callable[[str], None]) -> Manifest:
    """Write all files of a release of *graph* into the folder *place*."""
    tell("writes the dumps")
    text = export.export(graph.store, "nq")
    packed = {DUMP: _packed(text)}
    for name, syntax in OTHER_DUMPS.items():
        packed[name] = _packed(export.export(graph.store, syntax.file_extension))
    tell("describes them")
    address = void.Place(namespaces.BASE.rstrip("/"), graph.release)
    described = tuple(void.describe(void.measure(graph.store), address))
    files = {
        **packed,
        "void.ttl": serialization.write(described, "ttl").encode(),
        "sbom.cdx.json": materials.bill().encode(),
        **materials.papers(),
    }
    for name, data in files.items():
        (place / name).write_bytes(data)
    lines = lines_of(text)
    manifest = Manifest(
        version=resources.version(),
        commit=materials.commit(),
        release=graph.release,
        statements=len(lines),
        dataset=content([text.encode()]),
        graphs=graphs_of(lines),
        files={name: content([data]) for name, data in sorted(files.items())},
    )
    (place / FILE).write_text(manifest.text(), encoding="utf-8")
    tell("makes the store from the dump")
    with tempfile.TemporaryDirectory(dir=place.parent) as unpacked:
        path = Path(unpacked, "pkgraph.nq")
        path.write_text(text, encoding="utf-8")
        make_store(path, place / STORE)
    return manifest


def _packed(text: str) -> bytes:
    """Return *text* as gzip has it without a time, so that it is always the same."""
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)
