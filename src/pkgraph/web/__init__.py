"""
Serve a graph over HTTP: pages for readers, data and a SPARQL endpoint for programs.

Everything is read only, unless contributions are let in by a :class:`Gate`. Addresses are those of
the IRIs: ``https://w3id.org/pkgraph/work/x`` is served at ``/work/x``. Pages link to where the
server is reached; data keeps the IRIs as they are.
"""

from __future__ import annotations

from pkgraph.web.app import app
from pkgraph.web.contributing import Gate
from pkgraph.web.server import serve

__all__ = ["Gate", "app", "serve"]
