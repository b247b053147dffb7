"""A store that remembers what it was asked last: what is published does not change meanwhile."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.store import OxigraphStore, is_store

if TYPE_CHECKING:
    from pkgraph.dataset import Dataset
    from pkgraph.results import Answer

#: How many answers are remembered: those for one thing in all its forms, and what all pages need.
_MOST: Final = 400


class Remembering(OxigraphStore):
    """The store in a folder, which gives the same answer to the same query without asking again."""

    def __init__(self, store: ox.Store, name: str) -> None:
        super().__init__(store, name)
        self._answer = lru_cache(_MOST)(super().query)

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Return the answer to *text*: see :class:`pkgraph.store.Store`."""
        return self._answer(text, dataset)


def folder_of(store: OxigraphStore, beside: Path) -> Path:
    """Return the folder that *store* is in, or write it to one in *beside*, for other processes."""
    folder = Path(store.name)
    if is_store(folder):
        return folder
    folder = beside / "store"
    copy = ox.Store(str(folder))
    copy.bulk_extend(store.engine)
    copy.flush()
    return folder
