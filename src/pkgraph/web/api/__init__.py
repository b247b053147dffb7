"""
The canned queries for programs: rows as JSON, paged, with how to cite them.

:class:`Api` answers at ``/api/queries`` and below; what it takes and gives is described at
``/openapi.json`` from the headers of the queries. Errors are problem details of RFC 9457.
"""

from __future__ import annotations

from pkgraph.web.api.answering import Api

__all__ = ["Api"]
