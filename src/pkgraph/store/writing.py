"""Have the store in a folder alone: to write to it, or to copy it while nobody writes."""

from __future__ import annotations

import fcntl
import gc
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: How long others that write are waited for, in seconds.
WAIT_S: Final = 60
_PAUSE_S: Final = 0.05


def open_to_write(folder: Path, wait_s: float = WAIT_S) -> ox.Store:
    """
    Return the store in *folder*, once nobody else writes to it; nobody can while it is open.

    Raises:
        StoreError: It cannot be opened, or somebody writes for longer than *wait_s*.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            return ox.Store(str(folder))
        except (OSError, RuntimeError) as error:
            if "lock" not in str(error).lower():
                raise StoreError(f"the store in {folder} cannot be opened: {error}") from error
            if time.monotonic() > until:
                raise _taken(folder, wait_s) from error
        gc.collect()  # this process may have let go of the store in a circle of its objects
        time.sleep(_PAUSE_S)


@contextmanager
def kept_from_writers(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """
    Let nobody write to the store in *folder*, which this process cannot write to itself.

    A process that could must not use this, as to close the file lets go of all its locks on it.

    Raises:
        OSError: There is no file to lock, as in the folder of any store.
        StoreError: Somebody writes for longer than *wait_s*.
    """
    until = time.monotonic() + wait_s
    with (folder / "LOCK").open("rb") as lock:
        while True:
            try:
                fcntl.lockf(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise _taken(folder, wait_s) from None
            time.sleep(_PAUSE_S)
        yield


def _taken(folder: Path, seconds: float) -> StoreError:
    return StoreError(
        f"another program has written to the store in {folder} for {seconds:g} s; try again when "
        "it is done"
    )
