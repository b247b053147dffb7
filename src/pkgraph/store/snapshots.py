"""
Keep the state that the store in a folder has now, while others write to the folder.

A process that has a store open sees the state of the moment at which it opened it. But another that
opens it later, such as a worker, sees a later state, or fails as a file is gone that was named. So
a server reads a snapshot: a folder that nobody writes to. The engine makes it while nobody writes,
of links to files of the store, which it never changes, or of copies where there can be no links. It
takes no room until the store is rewritten.

Snapshots are beneath the folder, where there can be links, and each is locked for as long as the
process that made it lives. What one leaves that is killed goes with the next that is made.

Source:
    RocksDB, checkpoints: https://github.com/facebook/rocksdb/wiki/Checkpoints
    flock(2): https://man7.org/linux/man-pages/man2/flock.2.html
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph.errors import StoreError
from pkgraph.store.embedded import is_store
from pkgraph.store.writing import kept_from_writers, open_to_write

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What the folder of the snapshots is called, inside that of the store.
SNAPSHOTS: Final = "snapshots"
_PREFIX: Final = "pkgraph-"


@contextmanager
def snapshot(folder: Path) -> Iterator[Path]:
    """
    Give the folder of a store that has, and keeps, what the store in *folder* has now.

    It waits until nobody writes, and is gone at the end. Where *folder* cannot be written, its
    files are copied to the place for temporary ones.

    Raises:
        StoreError: There is no store, others write to it for too long, or there is no room.
    """
    folder = folder.resolve()
    if not is_store(folder):  # or the engine would make one
        raise StoreError(f"there is no store in {folder}")
    with ExitStack() as until_end:
        try:
            if os.access(folder, os.W_OK | os.X_OK):
                place = _linked(folder, until_end)
            else:
                place = _copied(folder, until_end)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"no snapshot of the store in {folder} can be made: {error}"
            ) from error
        yield place


def _linked(folder: Path, until_end: ExitStack) -> Path:
    """Have the engine make a snapshot of the store in *folder*, and return where."""
    store = open_to_write(folder)
    try:
        place = _place(folder / SNAPSHOTS, until_end)
        store.backup(place)
    finally:
        del store  # closes it
    return place


def _copied(folder: Path, until_end: ExitStack) -> Path:
    """Copy the files of the store in *folder*, but for its lock, and return where they are."""
    with kept_from_writers(folder):
        place = Path(until_end.enter_context(_temporary(None)), "store")
        place.mkdir()
        for path in folder.iterdir():
            if path.is_file() and path.name != "LOCK":
                shutil.copyfile(path, place / path.name)
    return place


def _place(home: Path, until_end: ExitStack) -> Path:
    """Return a path in *home* where nothing is yet, after those of who is gone were deleted."""
    home.mkdir(exist_ok=True)
    with _locked(home):  # or another would delete what is not yet locked
        for each in home.glob(f"{_PREFIX}*"):
            with _locked(each, wait=False) as free:
                if free:
                    shutil.rmtree(each, ignore_errors=True)
        own = until_end.enter_context(_temporary(home))
        until_end.enter_context(_locked(Path(own)))
    return Path(own, "store")


def _temporary(home: Path | None) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=_PREFIX, dir=home, ignore_cleanup_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Lock *folder* for other processes, and say whether it is; if not *wait*, it may not be."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(number)
