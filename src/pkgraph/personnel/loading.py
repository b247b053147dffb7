"""
Land contributions in a store: all of them, or none.

Each source gets a graph of its own, and its contributions addresses of their own, so that sources
may differ over one state, operation and date: who says what is kept apart.

What is to be the store is made in a folder beside it, as a copy of the shipped graph or of the
store that is there, and takes its place when it is complete. The statements go in as lines of
N-Triples, into their graph and at the same time into the default graph, which stays the set union
of all: the engine keeps six indexes of the one and three of the other, which is most of the work.

Source:
    RDF 1.1 N-Triples: https://www.w3.org/TR/n-triples/
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import build, terms
from pkgraph.contribution.folders import SUBMITTED
from pkgraph.errors import InputError, StoreError
from pkgraph.namespaces import BASE, DCTERMS, DERIVED_GRAPH, GRAPH, PK, RDF, RDFS, XSD
from pkgraph.personnel.mapping import FIELDS
from pkgraph.store import OxigraphStore, is_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from typing import TypeAlias

    from pkgraph.personnel.cells import Cells
    from pkgraph.personnel.gathering import Gathered

    Progress: TypeAlias = Callable[[str, int], object]

#: How many contributions go to the engine at once: more are faster, and take more memory.
_AT_ONCE: Final = 25_000
#: How many batches may wait for the engine while another is made.
_WAITING: Final = 2
#: What the names of graphs with imported personnel begin with.
_PERSONNEL: Final = GRAPH + "personnel/"
_DATA_SET: Final = f"{BASE}scheme/work-kind/data-set"


class Target:
    """A store to be: a copy that nobody else sees yet."""

    def __init__(self, store: ox.Store, source: str, license_: str) -> None:
        """Land what *source* says, under the licence at the address *license_*, in *store*."""
        self._source = source
        self._license = license_
        self._slug = terms.slug(source)
        self._name = _PERSONNEL + self._slug
        self.graph = OxigraphStore(store)
        self.changed = False

    def close(self) -> None:
        """Let go of the store, which closes it, whoever still has this object."""
        del self.graph.engine

    def refuse_twice(self) -> None:
        """
        Refuse to add a source to a store that has it.

        Raises:
            InputError: It has.
        """
        if self.graph.engine.contains_named_graph(ox.NamedNode(self._name)):
            raise InputError(
                f"the store has the source '{self._source}' already; import it into a new store, "
                "or give the mapping another source"
            )

    def land(self, gathered: Gathered, cells: Cells, progress: Progress) -> int:
        """
        Put the contributions into the store, and return how many.

        Raises:
            StoreError: The store cannot be written.
        """
        written, lines = 0, self._header()
        try:
            with ThreadPoolExecutor(max_workers=2) as pool:
                loading: deque[Future[None]] = deque()
                for written, (key, numbers) in enumerate(gathered.contributions(), 1):
                    lines.append(self._contribution(cells, key, numbers))
                    if written % _AT_ONCE == 0:
                        self._load(pool, lines, loading)
                        lines = []
                        progress("contributions written", written)
                self._load(pool, lines, loading)
                while loading:
                    loading.popleft().result()
            self.graph.engine.flush()
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store cannot be written: {error}") from error
        self.changed = True
        return written

    def _load(
        self, pool: ThreadPoolExecutor, lines: list[str], loading: deque[Future[None]]
    ) -> None:
        """Begin to load *lines* of N-Triples, once little of what was *loading* is left."""
        while len(loading) > _WAITING:
            loading.popleft().result()
        text = "".join(lines).encode()
        for graph in (ox.NamedNode(self._name), ox.DefaultGraph()):
            # The text is made of what the store has, so the engine need not look for errors.
            load = partial(self.graph.engine.bulk_load, text, format=ox.RdfFormat.N_TRIPLES)
            loading.append(pool.submit(load, to_graph=graph, lenient=True))

    def _header(self) -> list[str]:
        """Return what the graph says of itself and of its source."""
        graph, work = ox.NamedNode(self._name), ox.NamedNode(f"{BASE}work/{self._slug}")
        label, type_ = ox.NamedNode(RDFS + "label"), ox.NamedNode(RDF + "type")
        name = ox.Literal(f"personnel: {self._source}", language="en")
        source = ox.Literal(self._source, language="en")
        triples = [
            ox.Triple(graph, type_, ox.NamedNode(PK + "SourceGraph")),
            ox.Triple(graph, label, name),
            ox.Triple(graph, ox.NamedNode(PK + "encodes"), work),
            ox.Triple(graph, ox.NamedNode(DCTERMS + "license"), ox.NamedNode(self._license)),
            ox.Triple(work, type_, ox.NamedNode(PK + "Work")),
            ox.Triple(work, label, source),
            ox.Triple(work, ox.NamedNode(PK + "workKind"), ox.NamedNode(_DATA_SET)),
        ]
        return [f"{triple} .\n" for triple in triples]

    def _contribution(self, cells: Cells, key: tuple[int, int, int], numbers: list[int]) -> str:
        """Return the lines of one contribution; nothing in it needs an escape."""
        operation, state = cells.things["operation"][key[0]], cells.things["state"][key[1]]
        when = cells.whens[key[2]]
        slugs = f"{self._slug}-{operation.slug}-{state.slug}-{when.text}"
        subject = f"<{BASE}personnel/{slugs}>"
        end = " .\n"
        said = "".join(
            f'{subject} <{PK}{field}> "{number}"^^<{XSD}integer>{end}'
            for field, number in zip(FIELDS, numbers, strict=True)
            if number >= 0
        )
        return (
            f"{subject} <{RDF}type> <{PK}PersonnelContribution>{end}"
            f"{subject} <{PK}contributor> <{state.iri}>{end}"
            f"{subject} <{PK}toOperation> <{operation.iri}>{end}"
            f'{subject} <{PK}date> "{when.text}"^^<{XSD}{when.datatype}>{end}{said}'
        )


@contextmanager
def prepared(folder: Path, source: str, license_: str) -> Iterator[Target]:
    """
    Give a copy to land *source* in, which takes the place of *folder* if anything landed.

    Raises:
        InputError: *folder* is something else than a store of pkgraph, or has the source.
        StoreError: It cannot be opened, as by another program that writes to it.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        place = Path(beside, "store")
        before = _copied(folder, place)  # held open, so that nobody else writes to it
        try:
            store = ox.Store(str(place))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{place} cannot be opened: {error}") from error
        target = Target(store, source, license_)
        try:
            target.refuse_twice()
            yield target
        finally:
            # The engine goes by paths: an open store would sweep the folder of the next one.
            target.close()
            del store, before
        if target.changed:
            _exchange(folder, place, Path(beside, "before"))


def _copied(folder: Path, place: Path) -> ox.Store | None:
    """Make *place* a copy of the store in *folder*, or else of the shipped graph."""
    if not folder.exists():
        shutil.copytree(build.build_store(), place)
        return None
    if not is_store(folder):
        raise InputError(f"{folder} is there and is no store; choose a folder that is not there")
    try:
        store = ox.Store(str(folder))
        ours = store.contains_named_graph(ox.NamedNode(DERIVED_GRAPH))
        if ours:
            store.backup(str(place))
            _take_along(folder / SUBMITTED, place / SUBMITTED)
    except (OSError, RuntimeError) as error:
        raise StoreError(
            f"the store in {folder} cannot be opened to write; is another program using it? {error}"
        ) from error
    if not ours:
        raise InputError(f"the store in {folder} was not made by pkgraph; choose another folder")
    return store


def _take_along(files: Path, place: Path) -> None:
    """Put what was submitted with contributions, which never changes, into the copy as well."""
    if files.is_dir():
        shutil.copytree(files, place, copy_function=os.link)


def _exchange(folder: Path, place: Path, before: Path) -> None:
    """Put *place* where *folder* is; if that fails, leave *folder* as it was."""
    if folder.exists():
        folder.rename(before)
    try:
        place.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
