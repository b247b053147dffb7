"""
Any SPARQL 1.1 endpoint, over HTTP.

What comes back is parsed as it comes, and as strictly as a file: an answer that breaks off is an
error, not a shorter table. SPARQLWrapper builds the requests; :mod:`pkgraph.endpoint` sends them.

Source:
    SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import threading
import time
from typing import IO, TYPE_CHECKING, Final, TypeVar, cast

import pyoxigraph as ox

from pkgraph.errors import QuerySyntaxError, StoreError
from pkgraph.namespaces import XSD
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pkgraph.dataset import Dataset
    from pkgraph.endpoint.credentials import Credentials
    from pkgraph.endpoint.requests import Answer as Response
    from pkgraph.endpoint.requests import Request
    from pkgraph.results import Answer

#: How long an endpoint may take to begin and to go on answering, and to answer; in seconds.
TIMEOUT_S: Final = 60
TOTAL_S: Final = 600

Made = TypeVar("Made")

#: How long what was made of what an endpoint told is kept: others may write to it meanwhile.
_KEPT_S: Final = 600

_BOOLEAN: Final = ox.NamedNode(XSD + "boolean")
#: Some endpoints write a truth as a number, and others tell such terms apart from what they mean.
_ONE_FORM: Final[Mapping[object, ox.Literal]] = {
    ox.Literal(number, datatype=_BOOLEAN): ox.Literal(word, datatype=_BOOLEAN)
    for number, word in (("1", "true"), ("0", "false"))
}
#: The media types of results and of graphs that are read, the best first.
_ROWS: Final = ("application/sparql-results+json", "application/json")
_GRAPHS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}
_OF_GRAPHS: Final = frozenset(("CONSTRUCT", "DESCRIBE"))


class RemoteStore:
    """A SPARQL endpoint whose default graph is the union of its named graphs."""

    def __init__(self, endpoint: str, credentials: Credentials | None = None) -> None:
        """
        Ask the endpoint at the URL *endpoint*, with the credentials of the environment or others.

        Raises:
            UsageError: *endpoint* is not an http or https URL, or has credentials in it; or those
                of the environment do not go together.
        """
        from pkgraph.endpoint.addresses import shown
        from pkgraph.endpoint.client import Client  # slow to import, and for this store only

        self.client = Client(endpoint, credentials)
        self.address = endpoint
        self.name = shown(endpoint)
        self._made: dict[object, tuple[float, object]] = {}
        self._making = threading.Lock()

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Return the answer to *text*: see :class:`pkgraph.store.Store`."""
        from pkgraph.endpoint.requests import Patience
        from pkgraph.sparql import form

        kind = form(text)
        request = _request(self.address, text, kind, dataset)
        with self.client.send(request, Patience(TIMEOUT_S, TOTAL_S)) as response:
            if response.status == 400:  # noqa: PLR2004 - of HTTP
                raise QuerySyntaxError(
                    f"{self.name} cannot read the query: {self.client.said(response)}"
                )
            if response.status != 200:  # noqa: PLR2004
                raise self.client.refusal(response)
            self._check_kind(response, tuple(_GRAPHS) if kind in _OF_GRAPHS else _ROWS)
            try:
                return _parsed(response)
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

    def _check_kind(self, response: Response, wanted: tuple[str, ...]) -> None:
        """
        Refuse what is not of a media type that is *wanted*.

        Raises:
            StoreError: It is not.
        """
        if response.kind in wanted:
            return
        if "html" in response.kind:
            reason = "a page for people; it may want you to log in, or not be the address to ask at"
        else:
            reason = f"{response.kind or 'something without a media type'}, not {wanted[0]}"
        raise StoreError(
            f"{self.name} answers with {reason}; look up in the manual of the server at which "
            "address it takes queries"
        )


def _request(address: str, text: str, kind: str, dataset: Dataset | None) -> Request:
    """Return the request that asks *address* the query *text*, which has the form *kind*."""
    import SPARQLWrapper  # slow to import, and needed for this store only

    from pkgraph.endpoint.requests import Request

    wrapper = SPARQLWrapper.SPARQLWrapper(address)
    wrapper.setMethod(SPARQLWrapper.POST)
    wrapper.setOnlyConneg(True)  # nothing but the query is in the body
    # Set by hand: setQuery takes any word that has ADD or ASK in it for the form of the query, and
    # sends what it then takes for an update as one.
    wrapper.queryString, wrapper.queryType = text, kind
    for graph in dataset.default if dataset else ():
        wrapper.addDefaultGraph(graph.value)
    for graph in dataset.named if dataset else ():
        wrapper.addNamedGraph(graph.value)
    # Not its own list, which has names that no server knows.
    wrapper.addCustomHttpHeader("Accept", ", ".join(_GRAPHS if kind in _OF_GRAPHS else _ROWS))
    built = wrapper._createRequest()  # noqa: SLF001 - it has no other way to build without sending
    return Request("POST", built.full_url, dict(built.header_items()), cast("bytes", built.data))


def _parsed(response: Response) -> Answer:
    """
    Return what *response* has, read as it comes.

    Raises:
        SyntaxError: It is broken.
        StoreError: It broke off.
        ValueError: It has what no term can be.
    """
    source = cast("IO[bytes]", response)
    if syntax := _GRAPHS.get(response.kind):
        quads = ox.parse(source, format=syntax, rename_blank_nodes=True)
        return tuple(
            dict.fromkeys(
                ox.Triple(quad.subject, quad.predicate, _ONE_FORM.get(quad.object, quad.object))
                for quad in quads
            )
        )
    result = ox.parse_query_results(source, format=ox.QueryResultsFormat.JSON)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    columns = tuple(variable.value for variable in result.variables)
    return Table(columns, tuple(tuple(_ONE_FORM.get(term, term) for term in row) for row in result))
