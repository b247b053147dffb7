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
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, TypeVar, cast

import pyoxigraph as ox

from pkgraph.errors import QuerySyntaxError, StoreError
from pkgraph.namespaces import XSD
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pkgraph.dataset import Dataset
    from pkgraph.endpoint.credentials import Credentials
    from pkgraph.endpoint.requests import Answer as Response
    from pkgraph.endpoint.requests import Patience, Request
    from pkgraph.results import Answer, Term

#: How long an endpoint may take to begin and to go on answering, and to answer; in seconds.
TIMEOUT_S: Final = 60
TOTAL_S: Final = 600
#: How much of an answer to a query is read, in bytes.
MOST_BYTES: Final = 1 << 30

Made = TypeVar("Made")

#: How long what was made of what an endpoint told is kept: others may write to it meanwhile.
_KEPT_S: Final = 600

_BOOLEAN: Final = ox.NamedNode(XSD + "boolean")
#: Some endpoints write a truth as a number, and others tell such terms apart from what they mean.
_ONE_FORM: Final[Mapping[object, ox.Literal]] = {
    ox.Literal(number, datatype=_BOOLEAN): ox.Literal(word, datatype=_BOOLEAN)
    for number, word in (("1", "true"), ("0", "false"))
}
#: How Virtuoso says yes, by its version.
_TRUE: Final = (
    ox.Literal("true", datatype=_BOOLEAN),
    ox.Literal("1", datatype=ox.NamedNode(XSD + "integer")),
)
#: The columns of the table that Virtuoso sends for a truth, with a row only where it is one.
_TRUTH: Final = ("__ASK_RETVAL",)
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

        patience = Patience(TIMEOUT_S, TOTAL_S, MOST_BYTES)
        kind = form(text)
        if kind in _OF_GRAPHS:
            return tuple(dict.fromkeys(self.constructed(text, patience, dataset)))
        with self.asked(text, dataset, patience, _ROWS) as response:
            result = ox.parse_query_results(response, format=ox.QueryResultsFormat.JSON)
            if isinstance(result, ox.QueryBoolean):
                if kind != "ASK":
                    raise ValueError("it is a truth, not a table")
                return bool(result)
            columns = tuple(variable.value for variable in result.variables)
            rows = tuple(tuple(_ONE_FORM.get(term, term) for term in row) for row in result)
            return Table(columns, rows) if kind == "SELECT" else _truth(columns, rows)

    def constructed(
        self, text: str, patience: Patience, dataset: Dataset | None = None
    ) -> Iterator[ox.Triple]:
        """
        Yield the triples that the CONSTRUCT or DESCRIBE *text* gives, as they come, some twice.

        Raises:
            QuerySyntaxError: The server cannot read *text*.
            StoreError: The store cannot be asked, or its answer breaks off.
        """
        with self.asked(text, dataset, patience, tuple(_GRAPHS)) as response:
            syntax = _GRAPHS[cast("Response", response).kind]
            for quad in ox.parse(response, format=syntax, rename_blank_nodes=True):
                object_ = _ONE_FORM.get(quad.object, quad.object)
                yield ox.Triple(quad.subject, quad.predicate, object_)

    def update_request(self, address: str, text: str) -> Request:
        """Return the request that has the server carry out the update *text* at *address*."""
        return _request(address, text, "INSERT", None, ("*/*",))

    def once(self, make: Callable[[RemoteStore], Made]) -> Made:
        """Return what *make* makes of this store; it is made again after ten minutes."""
        with self._making:
            at, made = self._made.get(make, (0.0, None))
            if made is None or time.monotonic() - at > _KEPT_S:
                made = make(self)
                self._made[make] = time.monotonic(), made
            return cast("Made", made)

    @contextmanager
    def asked(
        self, text: str, dataset: Dataset | None, patience: Patience, kinds: tuple[str, ...]
    ) -> Iterator[IO[bytes]]:
        """
        Give the answer to the query *text*, of one of the media types *kinds*, to be parsed.

        Raises:
            QuerySyntaxError: The server cannot read *text*.
            StoreError: The store cannot be asked, or its answer breaks off or cannot be parsed.
        """
        from pkgraph.sparql import form

        request = _request(self.address, text, form(text), dataset, kinds)
        with self.client.send(request, patience) as response:
            if response.status == 400:  # noqa: PLR2004 - of HTTP
                raise QuerySyntaxError(
                    f"{self.name} cannot read the query: {self.client.said(response)}"
                )
            if response.status != 200:  # noqa: PLR2004
                raise self.client.refusal(response)
            if response.kind not in kinds:
                raise StoreError(
                    f"{self.name} answers with {_told(response.kind, kinds[0])}; look up in the "
                    "manual of the server at which address it takes queries"
                )
            try:
                yield cast("IO[bytes]", response)
            except (SyntaxError, ValueError) as error:
                raise StoreError(
                    f"the answer of {self.name} broke off or is not what was asked for: {error}"
                ) from error


def _truth(columns: tuple[str, ...], rows: tuple[tuple[Term | None, ...], ...]) -> bool:
    """
    Return what a table says that came in answer to ASK.

    Raises:
        ValueError: It is not the one that Virtuoso sends.
    """
    if columns != _TRUTH:
        raise ValueError("it is a table, not a truth")
    return any(rows == ((term,),) for term in _TRUE)


def _told(kind: str, wanted: str) -> str:
    """Return what is said of an answer of the media type *kind* in place of *wanted*."""
    if "html" in kind:
        return "a page for people; it may want you to log in, or not be the address to ask at"
    return f"{kind or 'something without a media type'}, not {wanted}"


def _request(
    address: str, text: str, kind: str, dataset: Dataset | None, accepted: tuple[str, ...]
) -> Request:
    """Return the request that sends *text*, which has the form *kind*, to *address*."""
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
    wrapper.addCustomHttpHeader("Accept", ", ".join(accepted))
    built = wrapper._createRequest()  # noqa: SLF001 - it has no other way to build without sending
    body = cast("bytes", built.data)
    return Request(
        "POST", built.full_url, dict(built.header_items()), body, is_repeatable=kind != "INSERT"
    )
