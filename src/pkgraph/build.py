"""
Build stores from files: the shipped graph, kept in a cache, or other data, in memory.

Each file goes into a named graph of its own; the rules fill the derived graph; the default graph
is the union of them all. The shipped graph is built in memory, written to a folder beside the place
it is meant for and put there in one step, so a store is whole or not there. Its place in the cache
is named by a hash of all that goes into it: a changed file makes another store, and no store is
ever written to again, so any number of processes can read it.

The cache is ``$XDG_CACHE_HOME/pkgraph`` (``~/.cache/pkgraph``). Where it cannot be written, the
store is built in memory each time.

Source:
    XDG Base Directory Specification:
    https://specifications.freedesktop.org/basedir-spec/latest/
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources, terms
from pkgraph.errors import EnvironmentFailure, InputError, StoreError
from pkgraph.namespaces import DERIVED_GRAPH
from pkgraph.store import OxigraphStore, state, unite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pkgraph.store import Store

#: Counts up when stores are laid out in another way, so that older ones are not taken for new.
_LAYOUT: Final = 2
#: What stores are called, and the folders in which they are built.
_OURS: Final = re.compile(r"[0-9a-f]{64}|building-.*")
#: The file that tells a release from a store alone.
RELEASED: Final = "manifest.json"
#: How long a store that nobody opens stays in the cache.
_KEPT_DAYS: Final = 30

#: The syntax of a file, by the ending of its name.
SYNTAXES: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {
        ".ttl": ox.RdfFormat.TURTLE,
        ".nt": ox.RdfFormat.N_TRIPLES,
        ".nq": ox.RdfFormat.N_QUADS,
        ".trig": ox.RdfFormat.TRIG,
        ".jsonld": ox.RdfFormat.JSON_LD,
        ".rdf": ox.RdfFormat.RDF_XML,
        ".owl": ox.RdfFormat.RDF_XML,
        ".xml": ox.RdfFormat.RDF_XML,
    }
)


def open_shipped() -> OxigraphStore:
    """
    Return the shipped graph as a store, built first if it is not in the cache.

    Raises:
        InputError: A shipped file is broken.
    """
    try:
        folder = build_store()
        with suppress(OSError):  # somebody else's cache can be read all the same
            os.utime(folder)
        return OxigraphStore.open(folder)
    except (OSError, EnvironmentFailure):  # the cache is read-only, full, spoilt or nowhere
        return OxigraphStore(_filled(_shipped_files()))


def build_store(cache_folder: Path | None = None) -> Path:
    """
    Build the store of the shipped graph unless it is there, and return its folder.

    Args:
        cache_folder: Where stores are kept; the user's cache if left out.

    Raises:
        InputError: A shipped file is broken.
        OSError: The cache cannot be written.
        EnvironmentFailure: There is no home directory to have a cache in.
    """
    home = cache_folder or default_cache()
    folder = home / release()
    if folder.is_dir():
        return folder
    from pkgraph import search  # what builds is not needed where a store is in the cache

    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="building-", dir=home) as building:
        place = Path(building, "store")
        filled = _filled(_shipped_files())
        store = ox.Store(str(place))
        store.bulk_extend(filled)
        store.flush()
        del store  # closes it
        search.write(OxigraphStore(filled), place)
        try:
            place.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was first, with the same store
                raise
    _forget_old(home)
    return folder


def load(files: Iterable[Path]) -> OxigraphStore:
    """
    Return a store in memory with the ontology, the data in *files* and what follows from both.

    Raises:
        InputError: A file cannot be read, is in a syntax unknown here, or is broken.
    """
    return OxigraphStore(_filled([*resources.data_files("ontology", ".ttl"), *files]))


def open_folder(folder: Path) -> tuple[OxigraphStore, str]:
    """
    Return the store in *folder*, which an import made, and a hash that names its state.

    The folder of a release (:mod:`pkgraph.releasing`) is taken as well: the state has the name that
    its manifest says.

    Raises:
        InputError: The manifest of a release cannot be read.
        StoreError: There is no store, or it cannot be read.
    """
    if (folder / RELEASED).is_file():
        return OxigraphStore.open(folder / "store"), _released(folder / RELEASED)
    return OxigraphStore.open(folder), state(folder)


def _released(manifest: Path) -> str:
    """Return the name of the state that a release is of."""
    try:
        return str(json.loads(manifest.read_bytes())["release"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{manifest} is no manifest of a release: {error}") from error


def narrowed(store: Store, graphs: Iterable[str]) -> OxigraphStore:
    """
    Return a store in memory with the named *graphs* of *store*, and what follows from them alone.

    The derived graph is made anew: that of *store* also has what follows from the other graphs.

    Raises:
        StoreError: *store* cannot be asked.
    """
    few = ox.Store()
    for name in graphs:
        graph = terms.iri(name)
        if name == DERIVED_GRAPH:
            continue
        answer = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        if not isinstance(answer, tuple):
            raise StoreError(f"{store.name} answered a CONSTRUCT with something else than triples")
        few.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in answer)
    return OxigraphStore(_completed(few))


@cache
def release() -> str:
    """Return the hash of all that the shipped graph is made from: 64 hexadecimal digits."""
    return digest([*_shipped_files(), *resources.data_files("ontology", ".rq")])


def digest(files: Iterable[Path]) -> str:
    """
    Return a hash of *files*, by their names and bytes: 64 hexadecimal digits (SHA-256).

    Raises:
        InputError: One cannot be read.
    """
    sum_ = hashlib.sha256(f"{_LAYOUT} {ox.__version__}".encode())
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from error
        sum_.update(f"\n{resources.graph_name(path)} {len(content)}\n".encode())
        sum_.update(content)
    return sum_.hexdigest()


def default_cache() -> Path:
    """Return the folder in which stores are kept for the user."""
    home = os.environ.get("XDG_CACHE_HOME")
    if home and Path(home).is_absolute():
        return Path(home, "pkgraph")
    try:
        return Path.home() / ".cache" / "pkgraph"
    except RuntimeError as error:
        raise EnvironmentFailure(
            "there is no home directory to keep the store in; set XDG_CACHE_HOME to a folder"
        ) from error


def _shipped_files() -> list[Path]:
    return [*resources.data_files("ontology", ".ttl"), *resources.data_files("graph", ".ttl")]


def _filled(files: Iterable[Path]) -> ox.Store:
    """Return a store in memory with *files*, each in its graph, what follows, and the union."""
    store = ox.Store()
    for path in files:
        store.extend(_quads(path))
    return _completed(store)


def _completed(store: ox.Store) -> ox.Store:
    """Return *store* with what follows from it, and with the union of its graphs."""
    from pkgraph import reasoning  # what builds is not needed where a store is in the cache

    reasoning.derive(store)
    unite(store)
    return store


def _quads(path: Path) -> Iterator[ox.Quad]:
    """Yield the statements of a file; those outside any graph are in the graph of the file."""
    from pkgraph import turtle  # as above

    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise InputError(
            f"{path}: the syntax of a file is told from its ending, one of "
            f"{', '.join(SYNTAXES)}; rename it or convert it"
        )
    graph = ox.NamedNode(resources.graph_name(path))
    for quad in turtle.parse_quads(turtle.read(path), file=str(path), format=syntax):
        place = graph if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        yield ox.Quad(quad.subject, quad.predicate, quad.object, place)


def _forget_old(home: Path) -> None:
    """Delete the stores in *home* that nobody has opened for a while."""
    before = time.time() - _KEPT_DAYS * 24 * 60 * 60
    for folder in home.iterdir():
        # Only what was made here: the folder may be one that has other things in it as well.
        if not _OURS.fullmatch(folder.name):
            continue
        with suppress(OSError):  # another process was first
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
