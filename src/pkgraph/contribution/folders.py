"""
Look after the folder of a store that takes contributions.

The store is a copy of the shipped graph, made once. It is no cache: nothing but a contribution or
an import changes it, and nothing deletes it. One process writes to it at a time. The files that
were submitted lie in a folder of their own inside it, each under the hash of its bytes; they are
never changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import build, export
from pkgraph.contribution.register import Submitted
from pkgraph.errors import InputError, StoreError
from pkgraph.namespaces import DERIVED_GRAPH
from pkgraph.store import is_store, open_to_write, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How long a contribution waits for others that are being written, in seconds.
WAIT_S: Final = writing.WAIT_S
#: What the folder with the submitted files is called, inside that of the store.
SUBMITTED: Final = "submitted"


@contextmanager
def opened(folder: Path, *, make: bool = False, wait_s: float | None = None) -> Iterator[ox.Store]:
    """
    Give the store in *folder* to write to; nobody else writes to it meanwhile.

    Args:
        folder: The folder of a store.
        make: Make a store with the shipped graph in it if there is no such folder.
        wait_s: How long to wait for others who write to it; a minute if left out.

    Raises:
        InputError: There is no such folder, or it is something else than a store of pkgraph.
        StoreError: It cannot be opened or written, or others have it for too long.
    """
    folder = folder.resolve()
    if make and not folder.exists():
        _make(folder)
    if not is_store(folder):
        raise InputError(
            f"{folder} is no store"
            if folder.exists()
            else f"there is no store in {folder}; pkgraph contribute makes one"
        )
    store = open_to_write(folder, WAIT_S if wait_s is None else wait_s)
    try:
        if not store.contains_named_graph(ox.NamedNode(DERIVED_GRAPH)):
            raise InputError(f"the store in {folder} was not made by pkgraph; choose another")
        yield store
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the store in {folder} cannot be written: {error}") from error
    finally:
        del store  # closes it


def keep(folder: Path, name: str, content: bytes) -> Submitted:
    """
    Keep a submitted file, and return what it is known by.

    Raises:
        OSError: It cannot be written.
    """
    file = Submitted(name, hashlib.sha256(content).hexdigest(), len(content))
    place = kept(folder, file)
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        export.replace_file(place, content)
    return file


def kept(folder: Path, file: Submitted) -> Path:
    """Return where a submitted file is; its ending is still that of its name."""
    return folder / SUBMITTED / (file.digest + Path(file.name).suffix.lower())


def _make(folder: Path) -> None:
    """Make a store with the shipped graph in it, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        place = Path(beside, "store")
        shutil.copytree(build.build_store(), place)
        for path in place.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        try:
            place.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was first
                raise
