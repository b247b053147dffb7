"""
Time the building of the store from the shipped files against the bare engine at the same work.

The bare way loads the same bytes into the same named graphs of an Oxigraph store on disk and runs
the same rules; pkgraph also makes the key of its cache and puts the store in its place in one step.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from pkgraph import build, namespaces, resources
from timing import Comparison, medians, report

REPEATS: Final = 10
DERIVED: Final = ox.NamedNode(namespaces.DERIVED_GRAPH)


def ours() -> None:
    """Build the store with pkgraph in an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        build.build_store(Path(folder))


def bare() -> None:
    """Load the same files and run the same rules with pyoxigraph alone."""
    with tempfile.TemporaryDirectory() as folder:
        store = ox.Store(folder)
        for path in [
            *resources.data_files("ontology", ".ttl"),
            *resources.data_files("graph", ".ttl"),
        ]:
            store.bulk_load(
                path=path,
                format=ox.RdfFormat.TURTLE,
                to_graph=ox.NamedNode(resources.graph_name(path)),
            )
        for path in resources.data_files("ontology", ".rq"):
            derived = store.query(path.read_text("utf-8"), use_default_graph_as_union=True)
            assert isinstance(derived, ox.QueryTriples)  # noqa: S101 - a rule is a CONSTRUCT
            store.extend(ox.Quad(t.subject, t.predicate, t.object, DERIVED) for t in derived)
        store.flush()
        del derived, store  # closes it, before its folder goes


def main() -> None:
    """Print the table."""
    took, bare_took = medians(ours, bare, repeats=REPEATS)
    found = Comparison("build the store", took, bare_took, limit_ms=2 * bare_took)
    report("Building", "2 × the bare engine", [found])


if __name__ == "__main__":
    main()
