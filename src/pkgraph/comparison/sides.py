"""Read the state of a graph from whatever a person names: a file, a folder, a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph import build, intake
from pkgraph.errors import InputError, StoreError
from pkgraph.namespaces import DERIVED_GRAPH, ONTOLOGY, REGISTER_GRAPH, SCHEME
from pkgraph.store import OxigraphStore, is_store

if TYPE_CHECKING:
    import pyoxigraph as ox

#: Names the graph that comes with pkgraph.
SHIPPED: Final = "shipped"
_QUERY: Final = f"""\
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  GRAPH ?graph {{ ?s ?p ?o }}
  FILTER(STR(?graph) NOT IN ("{DERIVED_GRAPH}", "{ONTOLOGY}", "{REGISTER_GRAPH}")
         && !STRSTARTS(STR(?graph), "{SCHEME}"))
}}"""


def side(name: str) -> tuple[ox.Triple, ...]:
    """
    Return the statements of what a person names, but for what is derived and the ontology.

    Args:
        name: A file in any form that can be checked; a folder of files of Turtle, with those of
            the folders in it; the folder of a store; or :data:`SHIPPED`.

    Raises:
        InputError: There is no such file or folder, it cannot be read, or a folder has neither a
            store nor Turtle.
        StoreError: A store cannot be read.
    """
    path = Path(name)
    if name == SHIPPED:
        return _stated(build.open_shipped())
    if not path.is_dir():
        return tuple(triple for source in intake.read(path) for triple in source.triples)
    if is_store(path):
        return _stated(OxigraphStore.open(path))
    files = sorted(path.rglob("*.ttl"))
    if not files:
        raise InputError(f"{name} is a folder without a store and without files of Turtle")
    return tuple(triple for source in intake.read(files) for triple in source.triples)


def _stated(store: OxigraphStore) -> tuple[ox.Triple, ...]:
    answer = store.query(_QUERY)
    if not isinstance(answer, tuple):
        raise StoreError(f"{store.name} answered a CONSTRUCT with something else than triples")
    return answer
