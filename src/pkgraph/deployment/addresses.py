"""
The three addresses of a triple store: where it takes queries, updates and whole graphs.

Each kind of server has its own, which follow from that for queries.

Source:
    Oxigraph: https://github.com/oxigraph/oxigraph/tree/main/cli
    Fuseki: https://jena.apache.org/documentation/fuseki2/fuseki-server-protocol.html
    RDF4J: https://rdf4j.org/documentation/reference/rest-api/
    Virtuoso: https://docs.openlinksw.com/virtuoso/rdfsparqlprotocolendpoint/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from pkgraph.endpoint.addresses import checked, shown
from pkgraph.errors import UsageError

#: What the path of a query address looks like, and the paths for updates and for graphs.
_KNOWN: Final = (
    (r"/query", "/update", "/store"),  # Oxigraph
    (r"/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),  # Virtuoso
    (r"(.*/repositories/[^/]+)", r"\1/statements", r"\1/rdf-graphs/service"),  # RDF4J, GraphDB
    (r"(/.+)/(?:sparql|query)", r"\1/update", r"\1/data"),  # Fuseki
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs at which a server takes queries, updates, and graphs (Graph Store Protocol)."""

    query: str
    update: str
    graph_store: str

    @classmethod
    def of(cls, query: str, update: str | None = None, graph_store: str | None = None) -> Addresses:
        """
        Return the addresses of the server that takes queries at *query*; those left out are found.

        Raises:
            UsageError: One is no address or has credentials in it, or one that was left out does
                not follow from that of queries.

        >>> Addresses.of("http://127.0.0.1:3030/ds/sparql").graph_store
        'http://127.0.0.1:3030/ds/data'
        """
        parts = urlsplit(checked(query))
        for pattern, *others in _KNOWN:
            if found := re.fullmatch(pattern, parts.path.rstrip("/")):
                paths = [found.expand(other) for other in others]
                known = [urlunsplit(parts._replace(path=path, query="")) for path in paths]
                return cls(query, checked(update or known[0]), checked(graph_store or known[1]))
        if not update or not graph_store:
            raise UsageError(
                f"where the server of {shown(query)} takes updates and graphs does not follow from "
                "that address; look it up in its manual and give --update and --graph-store"
            )
        return cls(query, checked(update), checked(graph_store))
