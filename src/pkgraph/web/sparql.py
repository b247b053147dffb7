"""
The SPARQL endpoint, and a form for people.

Source:
    SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation
    SPARQL 1.1 Service Description: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph import catalogue, results, serialization, sparql
from pkgraph.errors import ParameterError, PkgraphError, QuerySyntaxError, UnknownFormatError
from pkgraph.evaluation import Question
from pkgraph.web import answers, negotiation, protocol, service
from pkgraph.web.evaluating import evaluate, respond
from pkgraph.web.failures import status_of
from pkgraph.web.tables import MOST_ROWS, shape
from pkgraph.web.things import document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from pkgraph.evaluation import Answer
    from pkgraph.evaluation.question import Formats, Kind
    from pkgraph.web.protocol import Asked
    from pkgraph.web.site import Site

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_TABLES: Final = tuple(serialization.TABLE_FORMATS)
#: The formats of triples; of those that are liked equally the first is sent.
GRAPHS: Final = (*serialization.GRAPH_FORMATS, *serialization.DATASET_FORMATS)
_OF_TRIPLES: Final = {"xml": "rdf", "json": "jsonld"}
#: The formats of an answer of each kind.
_FORMATS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {"table": _TABLES, "boolean": ("json", "xml"), "triples": GRAPHS}
)
#: The kind of what a query of each form gives.
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"SELECT": "table", "ASK": "boolean", "CONSTRUCT": "triples", "DESCRIBE": "triples"}
)
_ON_A_PAGE: Final[Formats] = MappingProxyType(
    {"table": "json", "boolean": "json", "triples": "ttl"}
)
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
    response = await _answer(site, request, asked)
    request.scope["keep"] = not sparql.is_volatile(asked.text or "")
    return response


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


async def _answer(site: Site, request: Request, asked: Asked) -> Response:
    """Return the answer to what is *asked*: the form, the description, or that to a query."""
    accept, wanted = negotiation.accepted(request), _wanted(asked)
    page = negotiation.names(accept, "html") and (
        negotiation.choose(accept, ("html", *_TABLES, *GRAPHS)) == "html"
    )
    if asked.text is None or not asked.text.strip():
        return await run_in_threadpool(_unasked, site, request, asked, page=page)
    if page and not wanted:
        return await _page(site, request, asked)
    if wanted:
        formats: Formats = {kind: _fitting(wanted, those) for kind, those in _FORMATS.items()}
        return respond(await evaluate(site, request, _question(asked, formats)))
    formats = _liked(accept, asked.text)
    try:
        return respond(await evaluate(site, request, _question(asked, formats)))
    except UnknownFormatError as error:  # this answer has something that the format has not
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, str(error)) from None


def _question(asked: Asked, formats: Formats, shown_rows: int | None = None) -> Question:
    return Question(asked.text or "", formats, shown_rows, asked.dataset)


def _unasked(site: Site, request: Request, asked: Asked, *, page: bool) -> Response:
    """Return the form or the description of the service, where there is no query."""
    if page and request.method != "POST":
        name = request.query_params.get("example")
        example = answers.bare(catalogue.find(name)) if name else _EXAMPLE
        return _form(site, asked._replace(text=asked.text or example))
    form = negotiation.choose(negotiation.accepted(request), GRAPHS)
    if form and asked.bare and request.method != "POST":
        return document(serialization.write(service.describe(site, request), form), form)
    raise ParameterError("there is no query; give one as the parameter 'query'")


def _liked(accept: str | None, text: str) -> Formats:
    """
    Return the format that *accept* likes best for each kind of answer that it likes.

    Raises:
        HTTPException: It likes none for what the query *text* gives (406).
    """
    choose(accept, (*_TABLES, *GRAPHS))
    with suppress(QuerySyntaxError):  # which is told with its place by whoever reads it all
        choose(accept, _FORMATS[_KINDS[sparql.form(text)]])
    liked = {kind: negotiation.choose(accept, formats) for kind, formats in _FORMATS.items()}
    return {kind: name for kind, name in liked.items() if name}


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


async def _page(site: Site, request: Request, asked: Asked) -> Response:
    """Return the page with the query that is *asked* and its answer, or what is wrong with it."""
    try:
        answer = await evaluate(site, request, _question(asked, _ON_A_PAGE, MOST_ROWS))
    except PkgraphError as error:
        return await run_in_threadpool(_form, site, asked, error=error)
    return await run_in_threadpool(_form, site, asked, answer)


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
    body = b"" if answer is None else answer.body
    table, truth = None, False
    if answer is not None and answer.format == "json":
        parsed = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if isinstance(parsed, ox.QueryBoolean):
            truth = bool(parsed)
        else:
            columns = tuple(variable.value for variable in parsed.variables)
            rows = results.Table(columns, tuple(map(tuple, parsed)))
            table = shape(site, rows, {}, answer.total)
    return site.page(
        "sparql",
        HTTPStatus.OK if error is None else status_of(error),
        text=asked.text,
        error=error,
        line=error.line if isinstance(error, QuerySyntaxError) else None,
        column=error.column if isinstance(error, QuerySyntaxError) else None,
        examples=[
            (topic, list(those))
            for topic, those in groupby(catalogue.catalogue(), lambda each: each.topic)
        ],
        graphs=graphs,
        files=[
            (name, f"/sparql?{urlencode([('query', asked.text or ''), *graphs, ('format', name)])}")
            for name in (() if answer is None else _FORMATS[answer.kind])
        ],
        table=table,
        turtle=body.decode() if answer is not None and answer.kind == "triples" else None,
        truth=truth,
    )
