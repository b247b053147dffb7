"""
Give single graphs whole: the part of the Graph Store Protocol that reads.

A graph may be as large as any answer, so it is asked for as the queries of strangers are.

Source:
    SPARQL 1.1 Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from pkgraph import terms
from pkgraph.errors import NotFoundError, ParameterError, StoreError
from pkgraph.evaluation import Question
from pkgraph.web import negotiation
from pkgraph.web.evaluating import evaluate, respond
from pkgraph.web.protocol import pairs
from pkgraph.web.sparql import GRAPHS, allowed, choose

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.evaluation.question import Formats
    from pkgraph.web.site import Site

_METHODS: Final = "GET, HEAD, OPTIONS"


async def endpoint(site: Site, request: Request) -> Response:
    """Give the default graph, or the one that is named, in the form that is liked best."""
    if request.method == "OPTIONS":
        return allowed(_METHODS)
    name = _wanted(request)
    form = choose(negotiation.accepted(request), GRAPHS)
    if name is not None:
        await run_in_threadpool(_require, site, name)
    pattern = "?s ?p ?o" if name is None else f"GRAPH <{name}> {{ ?s ?p ?o }}"
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    formats: Formats = {"triples": form, "table": "json", "boolean": "json"}
    answer = await evaluate(site, request, Question(text, formats))
    if answer.kind != "triples":
        raise StoreError("the store answered a CONSTRUCT with something instead of triples")
    return respond(answer)


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


def _require(site: Site, name: str) -> None:
    """
    Check that there is a graph *name*.

    Raises:
        NotFoundError: There is none.
    """
    if site.graph.store.query(f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}") is not True:
        raise NotFoundError(f"there is no graph {name}; the description at /sparql names them all")
