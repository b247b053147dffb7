"""Make a release: write it beside its place, verify it there, and put it there in one step."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph import export, jelly, namespaces, resources, serialization, void
from pkgraph.errors import StoreError, UsageError
from pkgraph.releasing import materials
from pkgraph.releasing.archives import ENDING, pack
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
from pkgraph.releasing.stores import make_store
from pkgraph.releasing.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.graph import Graph


def make(graph: Graph, place: Path, tell: Callable[[str], None] = lambda _: None) -> Manifest:
    """
    Make a release of *graph* at *place*, and return its manifest.

    Args:
        graph: What is released.
        place: Where it is to be; there is nothing yet. It becomes an archive if its name ends so,
            and else a folder, with a store.
        tell: Is told what is done next.

    Raises:
        UsageError: *place* is there already, or a statement has no form in one of the dumps.
        StoreError: The graph cannot be read, or what was written differs from what was to be.
        OSError: It cannot be written.
    """
    if place.exists() or place.is_symlink():
        raise UsageError(
            f"{place} is there already, and a release is never written over; give another name"
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as building:
        release = Path(building, "release")
        release.mkdir()
        manifest, text = _write(graph, release, tell)
        if place.suffix == ENDING:
            tell("packs them")
            made = Path(building, f"release{ENDING}")
            with made.open("xb") as archive:
                pack(release, manifest, archive)
        else:
            tell("makes the store from the dump")
            made, dump = release, Path(building, "pkgraph.nq")
            dump.write_text(text, encoding="utf-8")
            make_store(dump, release / STORE)
        tell("verifies what was written")
        _, faults = verify(made)
        if faults:
            raise StoreError(f"what was written is not what is to be released: {faults[0]}")
        made.rename(place)
    return manifest


def _write(graph: Graph, place: Path, tell: Callable[[str], None]) -> tuple[Manifest, str]:
    """
    Write the files of a release of *graph* into the folder *place*.

    Returns:
        The manifest, and what the dump unpacks to.
    """
    tell("writes the dumps")
    text = export.export(graph.store, "nq")
    packed = {DUMP: _packed(text.encode())}
    for name, syntax in OTHER_DUMPS.items():
        packed[name] = _packed(export.export(graph.store, syntax.file_extension).encode())
    # Of the dump itself, so that it has its order and its blank nodes.
    packed[JELLY] = _packed(b"".join(jelly.write(ox.parse(text, format=ox.RdfFormat.N_QUADS))))
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
    return manifest, text


def _packed(data: bytes) -> bytes:
    """Return *data* as gzip has it without a time, so that it is always the same."""
    return gzip.compress(data, compresslevel=9, mtime=0)
