"""
Oxigraph in this process.

The engine can take the union of all named graphs for the default graph, but then a statement that
two graphs make comes twice. :func:`unite` puts the union where the engine keeps the default graph,
once and for all, which is a set.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import StoreError
from pkgraph.results import Table

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.results import Answer

#: How often, and after how many seconds, it is tried to open a store that is being written to.
_TRIES: Final = 5
_PAUSE_S: Final = 0.1


class OxigraphStore:
    """An Oxigraph store with the union of its named graphs as its default graph."""

    def __init__(self, store: ox.Store, name: str = "memory") -> None:
        """Take over *store*, in which :func:`unite` was run; messages call it *name*."""
        self.engine = store
        self.name = name

    @classmethod
    def open(cls, folder: Path) -> OxigraphStore:
        """
        Open the store in *folder* for reading; any number of processes may do so at once.

        Where another process writes to it, a file may go between being named and being opened, so
        it is tried some times.

        Raises:
            StoreError: There is no store, or it cannot be read.
        """
        for left in reversed(range(_TRIES)):
            try:
                return cls(ox.Store.read_only(str(folder)), str(folder))
            except (OSError, RuntimeError, ValueError) as error:
                if left == 0 or "No such file" not in str(error) or not folder.is_dir():
                    raise StoreError(f"the store in {folder} cannot be opened: {error}") from error
            time.sleep(_PAUSE_S)
        raise AssertionError  # the last try has returned or raised

    def query(self, text: str) -> Answer:
        """Return the answer to *text*: see :class:`pkgraph.store.Store`."""
        try:
            result = self.engine.query(text)
            if isinstance(result, ox.QueryBoolean):
                return bool(result)
            if isinstance(result, ox.QueryTriples):
                return tuple(dict.fromkeys(result))
            columns = tuple(variable.value for variable in result.variables)
            return Table(columns, tuple(map(tuple, result)))
        except SyntaxError as error:
            from pkgraph.sparql import syntax_error  # needed for what is broken

            raise syntax_error(error) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"the store in {self.name} cannot answer: {error}") from error


def is_store(folder: Path) -> bool:
    """Tell whether *folder* has a store in it, by the file that RocksDB puts into each of its."""
    return (folder / "CURRENT").is_file()


def unite(store: ox.Store) -> None:
    """Put what the named graphs of *store* say into its default graph, each statement once."""
    store.clear_graph(ox.DefaultGraph())
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
