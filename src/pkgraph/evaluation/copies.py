"""Write a store in the order in which one in memory is asked fastest."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_copy(store: ox.Store, out: IO[bytes]) -> None:
    """
    Write what is in *store* to *out*, as N-Quads, with the default graph at the end.

    In memory the engine goes through all statements with a term, the latest first, and passes over
    those of other graphs. Nearly all queries ask the default graph, which has what the others have:
    with these first, a query for 1,000 labels among a million statements took seven times longer.
    """
    ox.serialize(_default_last(store), out, ox.RdfFormat.N_QUADS)


def _default_last(store: ox.Store) -> Iterator[ox.Quad]:
    for graph in (*store.named_graphs(), ox.DefaultGraph()):
        yield from store.quads_for_pattern(None, None, None, graph)
