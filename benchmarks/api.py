"""
Time a canned query through the Python interface against the bare engine with the same text.

The bare way hands the bound text to pyoxigraph and takes every term of every row out; pkgraph also
finds the query, checks and resolves the values, binds them and keeps what is needed to cite it.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import pyoxigraph as ox

from pkgraph import open_graph
from pkgraph.store import OxigraphStore
from timing import Comparison, medians, report

REPEATS: Final = 200
LIMIT: Final = 1.2
QUERIES: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("typologies", {}),
    ("attacks-on", {"target": "approach:case-by-case"}),
    ("authors-arguments-missions", {"author": "person:tom-woodhouse"}),
    ("claims-of-work", {"work": "work:bellamy-2004"}),
    ("coverage", {}),
)


def bare(store: ox.Store, text: str) -> list[tuple[object, ...]]:
    """Run *text* with pyoxigraph alone and take out the terms."""
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - a canned query is a SELECT
    return [tuple(solution) for solution in solutions]


def main() -> None:
    """Print the table."""
    graph = open_graph()
    assert isinstance(graph.store, OxigraphStore)  # noqa: S101 - the shipped graph is embedded
    found = []
    for name, values in QUERIES:
        text = graph.query(name, **values).text
        took, bare_took = medians(
            partial(graph.query, name, **values),
            partial(bare, graph.store.engine, text),
            repeats=REPEATS,
        )
        found.append(Comparison(f"`{name}`", took, bare_took, limit_ms=LIMIT * bare_took))
    report("Canned query through the Python interface", f"{LIMIT} × the bare engine", found)


if __name__ == "__main__":
    main()
