"""
Make the store of a release, and hold one against its manifest.

A store is files of the engine, a few of which name others, and an index of words. What is in it is
compared with the manifest; that there is nothing else in its folder is compared as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import bulk, export, search
from pkgraph.errors import StoreError
from pkgraph.releasing.manifest import STORE, content
from pkgraph.search.comparing import is_index_of
from pkgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pkgraph.releasing.manifest import Manifest

#: What the engine tells while it writes: times, and paths of the machine.
_TOLD: Final = "LOG"
#: What files a store has: those of RocksDB, and the index.
_FILES: Final = re.compile(
    r"CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d+|\d+\.(log|sst)|"
    + re.escape(search.FILE)
)


def make_store(dump: Path, folder: Path) -> None:
    """
    Make the store of a release in *folder* from its unpacked *dump*.

    Raises:
        InputError: The dump is broken.
        OSError: The store cannot be written.
    """
    bulk.restore(dump, folder)
    (folder / _TOLD).unlink(missing_ok=True)


def store_faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """
    Yield what differs of the store in *folder* from *manifest*, in sentences.

    Raises:
        OSError: It cannot be read, or there is no room for what it is compared with.
    """
    if folder.is_symlink() or not folder.is_dir():
        yield f"{STORE} is not a folder"
        return
    strange = sorted(
        path.name
        for path in folder.iterdir()
        if path.is_symlink() or not path.is_file() or not _FILES.fullmatch(path.name)
    )
    yield from (f"{STORE}/{name} is not part of a store" for name in strange)
    if strange:
        return
    try:
        store = OxigraphStore.open(folder)
        text = export.export(store, "nq")
    except StoreError as error:
        yield f"the store cannot be read: {error}"
        return
    if content([text.encode()]) != manifest.dataset:
        yield "the store has other statements than the manifest says"
    elif not _is_united(store.engine):
        yield "the default graph of the store is not the union of its named graphs"
    elif not is_index_of(folder):
        yield f"{STORE}/{search.FILE} is not the index that this pkgraph makes of the store"


def _is_united(engine: ox.Store) -> bool:
    """Tell whether the default graph is the union of the others."""
    named = {quad.triple for quad in engine if isinstance(quad.graph_name, ox.NamedNode)}
    default = {
        quad.triple for quad in engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
    }
    return default == named
