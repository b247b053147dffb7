"""
Write the expected result of every query's example anew.

Run ``python tests/golden/regenerate.py`` after a query or the graph has changed, then read the
difference: each row has to be true by the text that it names. ``tests/test_queries.py`` compares.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from pkgraph import catalogue, namespaces, ontology, reasoning, resources

GOLDEN = Path(__file__).parent


def filled_store() -> ox.Store:
    """Return a store with the ontology, the graph, made-up numbers and what follows from them."""
    store = ox.Store()
    for path in [*ontology.files(), *resources.data_files("graph", ".ttl")]:
        graph = ox.NamedNode(resources.graph_name(path))
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=graph)
    # pkgraph ships no numbers of personnel, so these are made up.
    numbers = ox.NamedNode(f"{namespaces.GRAPH}personnel/made-up")
    store.load(path=GOLDEN / "personnel.ttl", format=ox.RdfFormat.TURTLE, to_graph=numbers)
    reasoning.derive(store)
    return store


def golden_file(query: catalogue.Query) -> Path:
    """Return the file with the expected result of *query*."""
    return GOLDEN / query.topic / f"{query.name}.csv"


def csv(store: ox.Store, text: str) -> str:
    """Return the result of a query as SPARQL 1.1 has it in CSV."""
    result = store.query(text, use_default_graph_as_union=True)
    return result.serialize(format=ox.QueryResultsFormat.CSV).decode("utf-8")


def regenerate() -> None:
    """Write every expected result, and take away those of queries that are gone."""
    store = filled_store()
    files = {golden_file(query): csv(store, query.text) for query in catalogue.catalogue()}
    for path in GOLDEN.rglob("*.csv"):
        if path not in files:
            path.unlink()
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    regenerate()
