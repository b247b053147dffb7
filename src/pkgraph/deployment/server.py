"""
A triple store that is written to: whole graphs over the Graph Store Protocol, updates by SPARQL.

Source:
    SPARQL 1.1 Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/
    SPARQL 1.1 Protocol, update operation: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final
from urllib.parse import quote

from pkgraph import results, terms
from pkgraph.endpoint.addresses import origin
from pkgraph.endpoint.client import Client
from pkgraph.endpoint.requests import Patience, Request
from pkgraph.store import RemoteStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from pkgraph.deployment.addresses import Addresses
    from pkgraph.endpoint.credentials import Credentials

#: How long a server may be silent while it takes in a graph or an update, and how long it may take
#: altogether; in seconds. It may be large, and is indexed before the answer comes.
_PATIENCE: Final = Patience(silent_s=1800, total_s=14_400, most_bytes=1 << 36)


class Server:
    """The triple store at *addresses*, written to by whoever has *credentials*."""

    def __init__(self, addresses: Addresses, credentials: Credentials | None = None) -> None:
        """
        Take the credentials of the environment if none are given.

        Raises:
            UsageError: They do not go together.
        """
        self.addresses = addresses
        self.store = RemoteStore(addresses.query, credentials)
        self._clients = {origin(addresses.query): self.store.client}
        for address in (addresses.update, addresses.graph_store):
            self._clients.setdefault(origin(address), Client(address, credentials))

    def counts(self) -> dict[str, int]:
        """Return how many statements each named graph has."""
        answer = self.store.query(
            "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        )
        assert isinstance(answer, results.Table)  # noqa: S101 - for the type checker: it is a SELECT
        return {str(row["g"]): int(str(row["n"])) for row in answer}

    def holds(self, pattern: str) -> bool:
        """Tell whether *pattern*, a group of SPARQL, is found."""
        return self.store.query(f"ASK {{ {pattern} }}") is True

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield what the named *graph* says, as it comes."""
        return self.store.constructed(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {terms.iri(graph)} {{ ?s ?p ?o }} }}",
            _PATIENCE,
        )

    def put(self, graph: str, content: IO[bytes] | bytes) -> None:
        """
        Have the named *graph* say what the N-Triples *content* do, and nothing else.

        Raises:
            StoreError: The server does not take it.
        """
        address = self.addresses.graph_store
        joint = "&" if "?" in address else "?"
        url = f"{address}{joint}graph={quote(graph, safe='')}"
        headers = {"Content-Type": "application/n-triples"}
        self._sent(Request("PUT", url, headers, content))

    def update(self, text: str) -> None:
        """
        Have the server carry out the update *text*, which is sent once.

        Raises:
            StoreError: The server does not, or does not say so.
        """
        self._sent(self.store.update_request(self.addresses.update, text))

    def _sent(self, request: Request) -> None:
        client = self._clients[origin(request.url)]
        with client.send(request, _PATIENCE) as answer:
            if not 200 <= answer.status < 300:  # noqa: PLR2004 - of HTTP
                raise client.refusal(answer)
            while answer.read(1 << 16):  # so that the connection can be used again
                pass
