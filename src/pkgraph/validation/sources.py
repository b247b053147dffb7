"""
Find what of the shipped graph a contribution has to be seen with.

A contribution speaks of things that the shipped graph describes, so it is checked together with
their descriptions. To take the whole graph along would cost the more the more the graph grows; but
a shape looks at a thing, at what the thing points at, and at plain values of that. So what is
described within two steps of a thing in the contribution is enough.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pkgraph.intake import Source

_STEPS: Final = 2


def surroundings(sources: Iterable[Source]) -> list[ox.Triple]:
    """Return what the shipped graph says of the things in *sources* and of those near them."""
    replaced: set[str] = set()
    edge: set[ox.NamedNode] = set()
    for source in sources:
        replaced |= source.replaces
        for triple in source.triples:
            edge |= {n for n in (triple.subject, triple.object) if isinstance(n, ox.NamedNode)}
    found: list[ox.Triple] = []
    passed: set[ox.NamedNode] = set()
    for _ in range(_STEPS):
        new = [
            triple
            for node in edge - passed
            for graph, triple in shipped().get(node, ())
            if graph not in replaced
        ]
        found += new
        passed |= edge
        edge = {t.object for t in new if isinstance(t.object, ox.NamedNode)}
    return found


@cache
def shipped() -> Mapping[ox.NamedNode | ox.BlankNode | ox.Triple, Sequence[tuple[str, ox.Triple]]]:
    """Return the statements of the shipped graph, each with its named graph, by subject."""
    found: dict[ox.NamedNode | ox.BlankNode | ox.Triple, list[tuple[str, ox.Triple]]] = {}
    for path in resources.data_files("graph", ".ttl"):
        graph = resources.graph_name(path)
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            found.setdefault(quad.subject, []).append((graph, quad.triple))
    return found
