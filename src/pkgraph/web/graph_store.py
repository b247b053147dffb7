"""
Give single graphs whole: the part of the Graph Store Protocol that reads.

Source:
    SPARQL 1.1 Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from pkgraph import serialization, terms
from pkgraph.errors import NotFoundError, ParameterError, StoreError
from pkgraph.web import negotiation
from pkgraph.web.protocol import pairs
from pkgraph.web.sparql import GRAPHS, allowed, choose
from pkgraph.web.things import document

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.results import Triples
    from pkgraph.web.site import Site

_METHODS: Final = "GET, HEAD, OPTIONS"


async def endpoint(site: Site, request: Request) -> Response:
    """Give the default graph, or the one that is named, in the form that is liked best."""
    if request.method == "OPTIONS":
        return allowed(_METHODS)
    return await run_in_threadpool(_answer, site, request)


def _answer(site: Site, request: Request) -> Response:
    """Return the response to *request*."""
    name = _wanted(request)
    form = choose(negotiation.accepted(request), GRAPHS)
    return document(serialization.write(_graph(site, name), form), form)


def _wanted(request: Request) -> str | None:
    """
    Return the IRI of the graph that *request* asks for; None for the default graph.

    Raises:
        ParameterError: It names no graph, or several, or by something else than an absolute IRI.
    """
    given = pairs(request.scope["query_string"])
    named = [value for name, value in given if name == "graph"]
    default = [value for name, value in given if name == "default"]
    if len(named) + len(default) != 1:
        raise ParameterError(
            "one graph is given at a time; ask for '?default', or for '?graph=' and its IRI"
        )
    return terms.iri(named[0]).value if named else None


def _graph(site: Site, name: str | None) -> Triples:
    """
    Return the statements of the graph *name*, or of the default graph.

    Raises:
        NotFoundError: There is no such graph.
    """
    pattern = "?s ?p ?o" if name is None else f"GRAPH <{name}> {{ ?s ?p ?o }}"
    answer = site.graph.store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
    if not isinstance(answer, tuple):
        raise StoreError("the store answered a CONSTRUCT with something instead of triples")
    if name is not None and not answer:
        raise NotFoundError(f"there is no graph {name}; the description at /sparql names them all")
    return answer
