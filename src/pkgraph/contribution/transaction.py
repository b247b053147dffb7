"""
Change a store in one step: what people assert, what follows, and the union of both.

The engine runs an update of SPARQL as one transaction, however many operations it has. What it is
to delete and insert is worked out beforehand, from the store as it is.

Source:
    SPARQL 1.1 Update: https://www.w3.org/TR/sparql11-update/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import reasoning
from pkgraph.namespaces import BASE, DERIVED_GRAPH, GRAPH, REGISTER_GRAPH
from pkgraph.validation.graphs import StoredGraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

_DERIVED: Final = ox.NamedNode(DERIVED_GRAPH)


@dataclass
class Transaction:
    """What is to be put into the named graphs of a store, and what is to be taken out of them."""

    store: ox.Store
    _insert: dict[ox.Quad, None] = field(default_factory=dict)
    _delete: dict[ox.Quad, None] = field(default_factory=dict)
    _drop: list[ox.NamedNode] = field(default_factory=list)

    def insert(self, graph: str, triples: Iterable[ox.Triple]) -> None:
        """Put *triples* into the graph of that name."""
        name = ox.NamedNode(graph)
        self._insert |= dict.fromkeys(_quads(triples, name))

    def clear(self, graph: str) -> None:
        """Take out the graph of that name, with all its statements."""
        name = ox.NamedNode(graph)
        self._drop.append(name)
        self._delete |= dict.fromkeys(self.store.quads_for_pattern(None, None, None, name))

    @property
    def before(self) -> StoredGraphs:
        """What people assert in the store as it is."""
        return data(self.store)

    @property
    def removed(self) -> frozenset[ox.Triple]:
        """The statements that no graph makes any more, except those that are put in."""
        return frozenset(
            quad.triple
            for quad in self._delete
            if all(
                other == quad or other.graph_name in (_DERIVED, ox.DefaultGraph())
                for other in self.store.quads_for_pattern(
                    quad.subject, quad.predicate, quad.object, None
                )
            )
        )

    @property
    def gone(self) -> tuple[str, ...]:
        """The things of ours that a graph described which is taken out, and that none will."""
        silent = {_DERIVED, ox.NamedNode(REGISTER_GRAPH), ox.DefaultGraph(), *self._drop}
        told = {quad.subject for quad in self._insert if quad.graph_name not in silent}
        found = [
            subject.value
            for subject in {quad.subject for quad in self._delete} - told
            if isinstance(subject, ox.NamedNode)
            and subject.value.startswith(BASE)
            and all(
                quad.graph_name in silent
                for quad in self.store.quads_for_pattern(subject, None, None, None)
            )
        ]
        return tuple(sorted(found))

    def commit(self) -> None:
        """
        Make the change and what follows from it, whole or not at all.

        Raises:
            OSError: The store cannot be written.
        """
        removed = self.removed
        derived = reasoning.derived_changes(
            self.store, [quad.triple for quad in self._insert], removed
        )
        union = ox.DefaultGraph()
        delete = _quads(derived.delete, _DERIVED) + _quads([*removed, *derived.delete], union)
        insert = [*self._insert, *_quads(derived.insert, _DERIVED)]
        insert += _quads([*(quad.triple for quad in self._insert), *derived.insert], union)
        drop = "".join(f"DROP GRAPH {name};\n" for name in self._drop)
        self.store.update(f"{drop}DELETE DATA {_data(delete)};\nINSERT DATA {_data(insert)}")
        self.store.flush()


def data(store: ox.Store) -> StoredGraphs:
    """Return the graphs that the shapes are for: what people assert, without the record of it."""
    return StoredGraphs(
        store, lambda name: name.startswith(GRAPH) and name not in {DERIVED_GRAPH, REGISTER_GRAPH}
    )


def _quads(triples: Iterable[ox.Triple], graph: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples]


def _data(quads: Iterable[ox.Quad]) -> str:
    """Return *quads* as SPARQL writes the data of an update."""
    lines = (
        f"{quad.triple} ."
        if isinstance(quad.graph_name, ox.DefaultGraph)
        else f"GRAPH {quad.graph_name} {{ {quad.triple} }}"
        for quad in quads
    )
    return "{\n" + "\n".join(lines) + "\n}"
