"""
The SPARQL endpoint, and a form for people.

Source:
    SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation
    SPARQL 1.1 Service Description: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph import results, serialization
from pkgraph.errors import ParameterError, PkgraphError, UnknownFormatError
from pkgraph.web import negotiation, protocol, service
from pkgraph.web.failures import status_of
from pkgraph.web.tables import shape
from pkgraph.web.things import document

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.results import Answer
    from pkgraph.web.protocol import Asked
    from pkgraph.web.site import Site

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_TABLES: Final = tuple(serialization.TABLE_FORMATS)
#: The formats of triples; of those that are liked equally the first is sent.
GRAPHS: Final = (*serialization.GRAPH_FORMATS, *serialization.DATASET_FORMATS)
_OF_TRIPLES: Final = {"xml": "rdf", "json": "jsonld"}
_EXAMPLE: Final = """\
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?claim ?claim_label ?holder ?holder_label
WHERE {
  ?claim pk:heldBy ?holder ;
         rdfs:label ?claim_label .
  ?holder rdfs:label ?holder_label .
}
ORDER BY ?holder_label ?claim_label
LIMIT 20
"""


async def endpoint(site: Site, request: Request) -> Response:
    """Answer a query that comes by GET or POST, or describe the service to who asks nothing."""
    if request.method == "OPTIONS":
        return allowed(_METHODS)
    asked = await protocol.read(request)
    return await run_in_threadpool(_answer, site, request, asked)


def allowed(methods: str) -> Response:
    """Return the answer to OPTIONS, which tells pages of other sites what they may do."""
    return Response(
        status_code=HTTPStatus.NO_CONTENT,
        headers={
            "Allow": methods,
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Max-Age": "86400",
        },
    )


def evaluate(site: Site, asked: Asked) -> Answer:
    """
    Return the answer to the query that is *asked*.

    Raises:
        QuerySyntaxError: It is not a query, or too much.
        StoreError: The store cannot answer.
    """
    return site.graph.sparql(asked.text or "", asked.dataset)


def _answer(site: Site, request: Request, asked: Asked) -> Response:
    """Return the answer to what is *asked*: the form, the description, or that to a query."""
    accept, wanted = negotiation.accepted(request), _wanted(asked)
    page = negotiation.names(accept, "html") and (
        negotiation.choose(accept, ("html", *_TABLES, *GRAPHS)) == "html"
    )
    if asked.text is None or not asked.text.strip():
        if page and request.method != "POST":
            return _form(site, asked._replace(text=asked.text or _EXAMPLE))
        form = negotiation.choose(accept, GRAPHS)
        if form and asked.bare and request.method != "POST":
            return document(serialization.write(service.describe(site, request), form), form)
        raise ParameterError("there is no query; give one as the parameter 'query'")
    if page and not wanted:
        return _page(site, asked)
    if not wanted:  # before the work is done, and for what may come of it
        choose(accept, (*_TABLES, *GRAPHS))
    answer = evaluate(site, asked)
    if wanted:
        form = _fitting(wanted, _formats(answer))
        return document(serialization.write(answer, form), form)
    form = choose(accept, _formats(answer))
    try:
        return document(serialization.write(answer, form), form)
    except UnknownFormatError as error:  # this answer has something that the format has not
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, str(error)) from None


def _wanted(asked: Asked) -> tuple[str, ...]:
    """
    Return the formats that are *asked* for by the parameter, by our names.

    Clients send it in several spellings at once, and those that are not known are passed over.

    Raises:
        ParameterError: There are some, and none is known.
    """
    known = (negotiation.called(name) for name in asked.formats)
    wanted = tuple(name for name in known if name in {*_TABLES, *GRAPHS})
    if asked.formats and not wanted:
        names = ", ".join((*_TABLES, *GRAPHS))
        raise ParameterError(f"'format' is one of {names}, not '{asked.formats[0]}'")
    return wanted


def _fitting(wanted: tuple[str, ...], formats: tuple[str, ...]) -> str:
    """
    Return the first of *wanted* that is among *formats*; if none is, the first of all.

    Who asks for triples as XML or JSON means the syntax of RDF that is written so.
    """
    meant = (_OF_TRIPLES.get(name, name) if formats == GRAPHS else name for name in wanted)
    return next((name for name in meant if name in formats), wanted[0])


def choose(accept: str | None, formats: tuple[str, ...]) -> str:
    """
    Return that of *formats* which *accept* likes best.

    Raises:
        HTTPException: It likes none (406).
    """
    chosen = negotiation.choose(accept, formats)
    if chosen is None:
        raise HTTPException(
            HTTPStatus.NOT_ACCEPTABLE,
            f"the answer can be had as {negotiation.media_types(formats)}; name one of them in "
            "Accept",
        )
    return chosen


def _page(site: Site, asked: Asked) -> Response:
    """Return the page with the query that is *asked* and its answer, or what is wrong with it."""
    try:
        return _form(site, asked, evaluate(site, asked))
    except PkgraphError as error:
        return _form(site, asked, error=error)


def _form(
    site: Site, asked: Asked, answer: Answer | None = None, error: PkgraphError | None = None
) -> Response:
    """Return the page of the form with what is *asked*, and its *answer* if there is one."""
    graphs = [
        (name, graph.value)
        for name, those in (
            (protocol.DEFAULT_GRAPH, asked.dataset.default if asked.dataset else ()),
            (protocol.NAMED_GRAPH, asked.dataset.named if asked.dataset else ()),
        )
        for graph in those
    ]
    formats = () if answer is None else _formats(answer)
    return site.page(
        "sparql",
        HTTPStatus.OK if error is None else status_of(error),
        text=asked.text,
        error=error,
        graphs=graphs,
        files=[
            (name, f"/sparql?{urlencode([('query', asked.text or ''), *graphs, ('format', name)])}")
            for name in formats
        ],
        table=shape(site, answer, {}) if isinstance(answer, results.Table) else None,
        turtle=serialization.write(answer, "ttl") if isinstance(answer, tuple) else None,
        truth=answer is True,
    )


def _formats(answer: Answer) -> tuple[str, ...]:
    """Return the formats in which *answer* can be written."""
    if isinstance(answer, tuple):
        return GRAPHS
    return ("json", "xml") if isinstance(answer, bool) else _TABLES
