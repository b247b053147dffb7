"""
Any SPARQL 1.1 endpoint, over HTTP.

What comes back is parsed as strictly as a file: an answer that breaks off is an error, not a
shorter table.

Source:
    SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar, cast

import pyoxigraph as ox

from pkgraph.errors import QuerySyntaxError, StoreError, UsageError
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.dataset import Dataset
    from pkgraph.results import Answer

#: How long an endpoint may take to begin and to go on answering.
TIMEOUT_S: Final = 60

Made = TypeVar("Made")

#: How long what was made of what an endpoint told is kept: others may write to it meanwhile.
_KEPT_S: Final = 600
_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)


class RemoteStore:
    """A SPARQL endpoint whose default graph is the union of its named graphs."""

    def __init__(self, endpoint: str) -> None:
        """
        Ask the endpoint at the URL *endpoint*.

        Raises:
            UsageError: *endpoint* is not an http or https URL.
        """
        if not _ADDRESS.fullmatch(endpoint):
            raise UsageError(
                f"'{endpoint}' is not the address of an endpoint; write it in full, as "
                "https://example.org/sparql"
            )
        self.name = endpoint
        self._made: dict[object, tuple[float, object]] = {}
        self._making = threading.Lock()

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Return the answer to *text*: see :class:`pkgraph.store.Store`."""
        kind, body = self._ask(text, dataset)
        try:
            if kind in {"CONSTRUCT", "DESCRIBE"}:
                quads = ox.parse(body, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
                return tuple(dict.fromkeys(quad.triple for quad in quads))
            result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(result, ox.QueryBoolean):
                return bool(result)
            columns = tuple(variable.value for variable in result.variables)
            return Table(columns, tuple(map(tuple, result)))
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                f"the answer of {self.name} broke off or is not what was asked for: {error}"
            ) from error

    def once(self, make: Callable[[RemoteStore], Made]) -> Made:
        """Return what *make* makes of this store; it is made again after ten minutes."""
        with self._making:
            at, made = self._made.get(make, (0.0, None))
            if made is None or time.monotonic() - at > _KEPT_S:
                made = make(self)
                self._made[make] = time.monotonic(), made
            return cast("Made", made)

    def _ask(self, text: str, dataset: Dataset | None) -> tuple[str, bytes]:
        """Return what form of query *text* is, and the body of the response to it."""
        # Slow to import, and needed for this store only.
        from http.client import HTTPException

        import SPARQLWrapper
        from SPARQLWrapper import SPARQLExceptions

        from pkgraph.sparql import form

        kind = form(text)
        wrapper = SPARQLWrapper.SPARQLWrapper(self.name)
        wrapper.setMethod(SPARQLWrapper.POST)
        wrapper.setTimeout(TIMEOUT_S)
        # Set by hand: setQuery takes any word that has ADD or ASK in it for the form of the query,
        # and sends what it then takes for an update as one.
        wrapper.queryString, wrapper.queryType = text, kind
        for graph in dataset.default if dataset else ():
            wrapper.addDefaultGraph(graph.value)
        for graph in dataset.named if dataset else ():
            wrapper.addNamedGraph(graph.value)
        graphs_wanted = kind in {"CONSTRUCT", "DESCRIBE"}
        wrapper.setReturnFormat(SPARQLWrapper.TURTLE if graphs_wanted else SPARQLWrapper.JSON)
        try:
            return kind, wrapper.query().response.read()
        except SPARQLExceptions.QueryBadFormed as error:
            raise QuerySyntaxError(f"{self.name} cannot read the query: {_told(error)}") from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise StoreError(f"{self.name} refuses to answer: {_told(error)}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise StoreError(
                f"{self.name} cannot be reached, or broke off: {str(error) or repr(error)}; is the "
                "server running, and the address right?"
            ) from error


def _told(error: Exception) -> str:
    """Return what the server said in *error*, on one line and not too long."""
    return " ".join(str(error).split())[:500]
