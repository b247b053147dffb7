"""Keep the record of contributions at hand for those who ask for it often."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pkgraph import build
from pkgraph.contribution.register import contributions

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.contribution.register import Contribution

_State: TypeAlias = tuple[tuple[str, int, int], ...]


class Recent:
    """The contributions to the store in a folder, read anew when the store has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: tuple[_State, tuple[Contribution, ...]] | None = None

    def all(self) -> tuple[Contribution, ...]:
        """
        Return the contributions on record, the oldest first.

        Raises:
            StoreError: The store cannot be read.
        """
        state = self._state()
        read = self._read
        if read is None or state is None or read[0] != state:
            store, _ = build.open_folder(self._folder)
            found = tuple(contributions(store))
            self._read = read = (state or (), found)
        return read[1]

    def _state(self) -> _State | None:
        """Return what changes with each change of the store, or None in the midst of one."""
        try:
            status = [(path.name, path.stat()) for path in self._folder.iterdir()]
        except OSError:
            return None
        # What is written is in these; reading leaves them as they are.
        kept = (".sst", ".log")
        return tuple(
            sorted((name, s.st_size, s.st_mtime_ns) for name, s in status if name.endswith(kept))
        )
