"""
Give single graphs whole: the part of the Graph Store Protocol that reads.

A graph may be all that there is, so workers write it, as they do what queries of strangers give:
within limits, and in turn.

Source:
    SPARQL 1.1 Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pkgraph import serialization, terms
from pkgraph.errors import NotFoundError, ParameterError, StoreError
from pkgraph.evaluation import Question
from pkgraph.web import negotiation
from pkgraph.web.evaluating import evaluate, respond
from pkgraph.web.protocol import pairs
from pkgraph.web.sparql import GRAPHS, allowed, choose

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.evaluation import Answer
    from pkgraph.evaluation.question import Formats
    from pkgraph.web.site import Site

_METHODS: Final = "GET, HEAD, OPTIONS"


async def endpoint(site: Site, request: Request) -> Response:
    """Give the default graph, or the one that is named, in the form that is liked best."""
    if request.method == "OPTIONS":
        return allowed(_METHODS)
    name = _wanted(request)
    form = choose(negotiation.accepted(request), GRAPHS)
    return respond(await _graph(site, request, name, form))


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


async def _graph(site: Site, request: Request, name: str | None, form: str) -> Answer:
    """
    Return the statements of the graph *name*, or of the default graph, written in *form*.

    Raises:
        NotFoundError: There is no such graph.
    """
    pattern = "?s ?p ?o" if name is None else f"GRAPH <{name}> {{ ?s ?p ?o }}"
    formats: Formats = {"table": "json", "boolean": "json", "triples": form}
    question = Question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", formats)
    answer = await evaluate(site, request, question)
    if answer.kind != "triples":
        raise StoreError("the store answered a CONSTRUCT with something instead of triples")
    empty = serialization.write((), form).encode()
    if name is not None and answer.pieces is None and answer.body == empty:
        raise NotFoundError(f"there is no graph {name}; the description at /sparql names them all")
    return answer
