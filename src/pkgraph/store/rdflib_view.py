"""
A remote endpoint as a store of rdflib, to read.

rdflib's own store of this kind asks for itself, and would send credentials wherever it is led to.
This one asks by :class:`RemoteStore`.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result

from pkgraph import serialization
from pkgraph.dataset import Dataset

if TYPE_CHECKING:
    from pkgraph.store.interface import Store


class RdflibView(SPARQLStore):
    """What *store* answers, for a graph of rdflib."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.name)
        self._store = store

    def _query(self, query: str, default_graph: object = None, **_: Any) -> Result:  # noqa: ANN401
        named = isinstance(default_graph, URIRef)
        answer = self._store.query(query, Dataset.of([str(default_graph)] if named else [], []))
        if isinstance(answer, tuple):
            content, kind = serialization.write(answer, "nt"), "application/n-triples"
        else:
            content, kind = serialization.write(answer, "json"), "application/sparql-results+json"
        return Result.parse(BytesIO(content.encode()), content_type=kind)
