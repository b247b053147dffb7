"""
pkgraph: a knowledge graph of peacekeeping scholarship, and ways to ask it.

>>> import pkgraph
>>> graph = pkgraph.open_graph()
>>> graph.query("typologies").columns[0]
'typology'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.errors import PkgraphError
from pkgraph.graph import Graph, QueryResult, open_graph
from pkgraph.results import Row, Table

if TYPE_CHECKING:
    from pkgraph.endpoint.credentials import Credentials
    from pkgraph.validation import Report, check

__all__ = [
    "Credentials",
    "Graph",
    "PkgraphError",
    "QueryResult",
    "Report",
    "Row",
    "Table",
    "check",
    "open_graph",
]


def __getattr__(name: str) -> object:
    """Import what validates files, or asks elsewhere, only when it is asked for."""
    if name == "Credentials":
        from pkgraph.endpoint.credentials import Credentials

        return Credentials
    if name in {"Report", "check"}:
        from pkgraph import validation

        return getattr(validation, name)
    raise AttributeError(f"module 'pkgraph' has no attribute '{name}'")
