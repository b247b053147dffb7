"""
Check a change to a graph that conforms: what is added to it, and what is taken away.

The verdict is that on the whole graph after the change, at a cost that grows with the change. Where
shapes cannot be analysed (:mod:`pkgraph.validation.reads`), the whole graph is checked.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph.validation import compiled, delta, ours, ownership, placing, reads, shapes
from pkgraph.validation.graphs import Changed
from pkgraph.validation.nodes import name
from pkgraph.validation.report import Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pkgraph.intake import Source
    from pkgraph.validation.graphs import StoredGraphs
    from pkgraph.validation.report import Finding


def check_change(
    before: StoredGraphs,
    added: Sequence[Source],
    removed: Collection[ox.Triple] = (),
    replaced: str | None = None,
) -> Report:
    """
    Check what becomes of the graph *before* when statements are *added* and *removed*.

    Args:
        before: A graph that conforms to the shapes of pkgraph.

        added: What is contributed. Of things that others describe it may say little: see
            :mod:`pkgraph.validation.ownership`.

        removed: Statements that no graph is to make any more.

        replaced: The name of a graph that *added* stands in place of.

    Returns:
        All that is wrong with the graph after the change, with its place where it is in *added*.
    """
    triples = [triple for source in added for triple in source.triples]

    def described(node: ox.NamedNode) -> Iterator[tuple[str, ox.Triple]]:
        return (each for each in before.quads(node, None, None) if each[0] != replaced)

    graph = Changed(before, triples, removed)
    owned = list(ownership.findings(triples, described, shapes.ours().messages))
    found = ownership.causes(findings(graph, [*triples, *removed]), owned)
    in_order = placing.placed(found, added)
    return Report(conforms=not in_order, findings=in_order)


def findings(
    graph: Changed, changes: Collection[ox.Triple], engine: ours.Engine = compiled.findings
) -> list[Finding]:
    """
    Return what is wrong with *graph*, which conformed before *changes* were made to it.

    Args:
        graph: The graph after the changes.

        changes: What was added and what was removed.

        engine: What validates.
    """
    analysed = _our_shapes()
    if analysed is None:
        return list(ours.findings(list(graph.triples(None, None, None)), (), engine))
    there = delta.neighbourhood(analysed, graph, changes)
    foci = {name(node) for node in there.foci if not isinstance(node, ox.Triple)}
    # Of the nodes to be looked at everything is told; all else is there to be seen with them.
    told = {t for node in there.foci for t in graph.triples(node, None, None)}
    found = ours.findings(list(told), list(there.statements - told), engine)
    return [finding for finding in found if finding.focus in foci]


@cache
def _our_shapes() -> delta.Analysed | None:
    """Return the shapes of pkgraph by what they read, or None if that cannot be told."""
    shapes_read = reads.analyse(shapes.ours())
    return None if shapes_read is None else delta.Analysed(shapes_read)
