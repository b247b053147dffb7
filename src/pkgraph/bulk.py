"""
Make a store in a folder from more data than memory has room for.

Statements go from the file to the engine, N-Quads as text and others one by one, each into its
graph and into the default graph, which is the union; the engine sorts them on disk. What the rules
draw it writes to a file of N-Triples and reads again; that takes half the time of an INSERT. The
store is what :func:`pkgraph.build.load` makes of the same files in memory: a test holds the two
against each other. It is made beside the place it is meant for and put there in one step.
"""

from __future__ import annotations

import io
import mmap
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import reasoning, resources
from pkgraph.build import SYNTAXES
from pkgraph.doubling import Doubled, with_union
from pkgraph.errors import InputError
from pkgraph.namespaces import BASE
from pkgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DEFAULT: Final = ox.DefaultGraph()


def bulk_load(
    files: Iterable[Path], folder: Path, tell: Callable[[str], None] = lambda _: None
) -> None:
    """
    Make a store in *folder*, with the ontology, the data in *files* and what follows from both.

    Args:
        files: RDF in any syntax; what stands outside any graph is put into the graph of its file.
        folder: Where the store is to be; there is nothing yet.
        tell: Is told what is done next.

    Raises:
        InputError: *folder* is there already, or a file cannot be read, is in a syntax unknown
            here, or is broken.
        OSError: The store cannot be written.
    """
    if folder.exists():
        raise InputError(f"{folder} is there already; name a folder that is not, or delete it")
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as building:
        try:
            _make(files, Path(building), tell)
        except BaseException as error:
            # The store is closed, and writes to its folder no more, when no frame has it: none of
            # this error, nor of those that it came from.
            each: BaseException | None = error
            while each:
                traceback.clear_frames(each.__traceback__)
                each = each.__cause__ or each.__context__
            raise
        Path(building, "store").rename(folder)


def _make(files: Iterable[Path], building: Path, tell: Callable[[str], None]) -> None:
    """Make the store in the folder ``store`` below *building*."""
    place = building / "store"
    store = ox.Store(str(place))
    tell("loads the ontology")
    for path in resources.data_files("ontology", ".ttl"):
        load_file(store, path)
    for path in files:
        tell(f"loads {path.name}")
        load_file(store, path)
    derive(store, building, tell)
    tell("makes the index of words")
    _index(store, place)


def restore(path: Path, folder: Path) -> None:
    """
    Make a store in *folder* of the file at *path* alone, which has what follows from it as well.

    Raises:
        InputError: It cannot be read, is in a syntax unknown here, or is broken.
        OSError: The store cannot be written.
    """
    store = ox.Store(str(folder))
    load_file(store, path)
    _index(store, folder)


def load_file(store: ox.Store, path: Path) -> None:
    """
    Load the file at *path* into *store*: into the graphs that it names, or that of the file.

    The default graph has the union of all that is loaded so.

    Raises:
        InputError: It cannot be read, is in a syntax unknown here, or is broken.
    """
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise InputError(
            f"{path}: the syntax of a file is told from its ending, one of "
            f"{', '.join(SYNTAXES)}; rename it or convert it"
        )
    graph = ox.NamedNode(resources.graph_name(path))
    try:
        if syntax == ox.RdfFormat.N_QUADS:
            _load_twice(store, path, graph)
        else:
            quads = ox.parse(path=path, format=syntax, base_iri=BASE, rename_blank_nodes=True)
            store.bulk_extend(with_union(quads, graph))
    except SyntaxError as error:
        raise InputError(f"{path}, line {error.lineno}: {error.msg}; mend it there") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def _load_twice(store: ox.Store, path: Path, graph: ox.NamedNode) -> None:
    """Load the N-Quads at *path*, each statement into its graph and into the default graph."""
    try:
        with path.open("rb") as file:
            store.bulk_load(io.BufferedReader(Doubled(file, graph)), format=ox.RdfFormat.N_QUADS)
    except SyntaxError:
        # Read once more, as it is, for the number of the line.
        for _ in ox.parse(path=path, format=ox.RdfFormat.N_QUADS):
            pass
        raise


def derive(store: ox.Store, working: Path, tell: Callable[[str], None] = lambda _: None) -> None:
    """
    Run the rules over *store*, whose default graph is the union of the others, and keeps to be.

    It comes to the same as :func:`pkgraph.reasoning.derive`, which keeps in memory what it adds.

    Args:
        store: A store with the ontology and the data.
        working: A folder for files that are deleted again.
        tell: Is told what is done next.
    """
    for rule in reasoning.rules():
        tell(f"runs the rule {rule.name}")
        path = working / f"{rule.name}.nt"
        _construct(store, rule.new).serialize(path, format=ox.RdfFormat.N_TRIPLES)
        for graph in (reasoning.DERIVED, _DEFAULT):
            _add(store, path, graph)
        path.unlink()


def _construct(store: ox.Store, query: str) -> ox.QueryTriples:
    answer = store.query(query)
    assert isinstance(answer, ox.QueryTriples)  # noqa: S101 - for the type checker
    return answer


def _add(store: ox.Store, path: Path, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    """Add the triples in a file that *store* has written to a *graph* of it."""
    if _has_blank_nodes(path):
        store.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in ox.parse(path=path)
        )
    elif path.stat().st_size:
        store.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)


def _has_blank_nodes(path: Path) -> bool:
    """Tell whether a file of N-Triples may have blank nodes, by their first two letters."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"_:") >= 0


def _index(store: ox.Store, place: Path) -> None:
    """Write the index of words of *store* into its folder; it names the files that are there."""
    from pkgraph import search  # slow to import

    store.optimize()
    store.flush()
    search.write(OxigraphStore(store), place)
