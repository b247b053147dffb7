"""
Ask a store: the one that comes with pkgraph, or any SPARQL 1.1 endpoint.

A store gives one answer to one query. Its default graph is the union of all its named graphs, as a
set: a statement that two graphs make counts once. :class:`OxigraphStore` keeps the statements in
this process or in a folder that is only read, :class:`RemoteStore` asks a server.
"""

from __future__ import annotations

from pkgraph.store.embedded import OxigraphStore, is_store, state, unite
from pkgraph.store.interface import Store
from pkgraph.store.remote import RemoteStore
from pkgraph.store.snapshots import snapshot
from pkgraph.store.writing import open_to_write

__all__ = [
    "OxigraphStore",
    "RemoteStore",
    "Store",
    "is_store",
    "open_to_write",
    "snapshot",
    "state",
    "unite",
]
