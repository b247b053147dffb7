"""
Oxigraph in this process.

The engine can take the union of all named graphs for the default graph, but then a statement that
two graphs make comes twice. :func:`unite` puts the union where the engine keeps the default graph,
once and for all, which is a set.
"""

from __future__ import annotations

import hashlib
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar, cast

import pyoxigraph as ox

from pkgraph.dataset import stated
from pkgraph.errors import StoreError
from pkgraph.namespaces import BASE
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pkgraph.dataset import Dataset
    from pkgraph.results import Answer

Made = TypeVar("Made")

#: For how many things with very many statements the properties in these are remembered.
_REMEMBERED: Final = 4096
#: How often, and after how many seconds, it is tried to open a store that is being written to.
_TRIES: Final = 5
_PAUSE_S: Final = 0.1


class OxigraphStore:
    """An Oxigraph store with the union of its named graphs as its default graph."""

    def __init__(self, store: ox.Store, name: str = "memory") -> None:
        """Take over *store*, in which :func:`unite` was run; messages call it *name*."""
        self.engine = store
        self.name = name
        self.properties_of = lru_cache(_REMEMBERED)(self._properties_of)
        self._made: dict[object, object] = {}
        self._making = threading.Lock()

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

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Return the answer to *text*: see :class:`pkgraph.store.Store`."""
        try:
            result = self.result(text, dataset)
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

    def once(self, make: Callable[[OxigraphStore], Made]) -> Made:
        """
        Return what *make* makes of this store: it is made once, and all wait for it.

        What is asked is a release, which nobody writes to.
        """
        with self._making:
            if make not in self._made:
                self._made[make] = make(self)
            return cast("Made", self._made[make])

    def result(
        self, text: str, dataset: Dataset | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """
        Return what the engine answers to *text*, row by row.

        It is asked of *dataset*, or else of what it says itself (FROM), or else of everything.

        Raises:
            SyntaxError: *text* is not a query.
        """
        dataset = dataset or stated(text)
        if dataset is None:
            return self.engine.query(text, base_iri=BASE)
        named: list[ox.NamedNode | ox.BlankNode] = [*dataset.named]
        if len(dataset.default) > 1:
            merged, default = _merged(self.engine, dataset), ox.DefaultGraph()
            return merged.query(text, base_iri=BASE, default_graph=default, named_graphs=named)
        return self.engine.query(
            text, base_iri=BASE, default_graph=[*dataset.default], named_graphs=named
        )

    def _properties_of(self, thing: ox.NamedNode, *, incoming: bool) -> tuple[str, ...]:
        """
        Return the properties that *thing* has or, if *incoming*, by which others lead to it.

        All its statements are looked at, which takes a while where there are very many. So what was
        found is kept: what pages are made of is a release, which nobody writes to.
        """
        subject, object_ = (None, thing) if incoming else (thing, None)
        found = self.engine.quads_for_pattern(subject, None, object_, ox.DefaultGraph())
        return tuple(dict.fromkeys(quad.predicate.value for quad in found))


def _merged(store: ox.Store, dataset: Dataset) -> ox.Store:
    """
    Return a store with the graphs of *dataset*, the default ones merged.

    The engine can take several graphs for the default graph, but then a statement that two of them
    make comes twice.
    """

    def quads() -> Iterator[ox.Quad]:
        for graph in dataset.default:
            for quad in store.quads_for_pattern(None, None, None, graph):
                yield ox.Quad(quad.subject, quad.predicate, quad.object)
        for graph in dataset.named:
            yield from store.quads_for_pattern(None, None, None, graph)

    merged = ox.Store()
    merged.bulk_extend(quads())
    return merged


def is_store(folder: Path) -> bool:
    """Tell whether *folder* has a store in it, by the file that RocksDB puts into each of its."""
    return (folder / "CURRENT").is_file()


def state(folder: Path) -> str:
    """
    Return a hash that names the state of the store in *folder*.

    The engine gives each file of statements a new name, and never writes to one again.
    """
    files = sorted(f"{path.name} {path.stat().st_size}" for path in folder.glob("*.sst"))
    return hashlib.sha256("\n".join(files).encode()).hexdigest()


def unite(store: ox.Store) -> None:
    """Put what the named graphs of *store* say into its default graph, each statement once."""
    store.clear_graph(ox.DefaultGraph())
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
