"""
The SPARQL endpoint, and a form for people.

Source:
    SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph import results, serialization, sparql
from pkgraph.errors import ParameterError, PkgraphError, QuerySyntaxError
from pkgraph.evaluation import Question
from pkgraph.web import negotiation
from pkgraph.web.evaluating import evaluate, respond
from pkgraph.web.failures import status_of
from pkgraph.web.tables import MOST_ROWS, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from pkgraph.evaluation import Answer
    from pkgraph.evaluation.question import Formats, Kind
    from pkgraph.web.site import Site

#: The most that is read of the body of a request.
MAX_BYTES: Final = 1024 * 1024
_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"
#: Parameters of the protocol that ask for what is not done here.
_REFUSED: Final = {
    "update": "the graph is only read; ask a query",
    "default-graph-uri": "the default graph is the union of all graphs; write FROM in the query",
    "named-graph-uri": "all named graphs can be asked; write FROM NAMED in the query",
}
_TABLES: Final = tuple(serialization.TABLE_FORMATS)
_GRAPHS: Final = tuple(serialization.GRAPH_FORMATS)
#: The formats of an answer of each kind.
_FORMATS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {"table": _TABLES, "boolean": ("json", "xml"), "triples": _GRAPHS}
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
    """Answer a query that comes by GET or POST."""
    if request.method == "OPTIONS":
        return Response(
            status_code=HTTPStatus.NO_CONTENT,
            headers={
                "Allow": _METHODS,
                "Access-Control-Allow-Methods": _METHODS,
                "Access-Control-Allow-Headers": "Accept, Content-Type",
                "Access-Control-Max-Age": "86400",
            },
        )
    if request.method == "POST":
        given = await _posted(request)
    else:
        given = _single(request.query_params.multi_items())
    for name, reason in _REFUSED.items():
        if name in given:
            raise ParameterError(f"'{name}' is not taken: {reason}")
    return await _answer(site, request, given)


async def _answer(site: Site, request: Request, given: dict[str, str]) -> Response:
    """Return the answer to the query in *given*, or the form where there is none."""
    accept = request.headers.get("accept")
    page = negotiation.names(accept, "html") and (
        negotiation.choose(accept, ("html", *_TABLES, *_GRAPHS)) == "html"
    )
    text, format_name = given.get("query"), given.get("format")
    if text is None or not text.strip():
        if page:
            return _form(site, text or _EXAMPLE)
        raise ParameterError("there is no query; give one as the parameter 'query'")
    if format_name is not None and format_name not in (*_TABLES, *_GRAPHS):
        names = ", ".join((*_TABLES, *_GRAPHS))
        raise ParameterError(f"'format' is one of {names}, not '{format_name}'")
    if page and format_name is None:
        return await _page(site, request, text)
    formats: Formats = dict.fromkeys(_FORMATS, format_name) if format_name else _liked(accept, text)
    return respond(await evaluate(site, request, Question(text, formats)))


async def _page(site: Site, request: Request, text: str) -> Response:
    """Return the page with the query *text* and its answer, or with what is wrong with it."""
    wanted = Question(text, _ON_A_PAGE, shown_rows=MOST_ROWS)
    try:
        answer = await evaluate(site, request, wanted)
    except PkgraphError as error:
        return await run_in_threadpool(_form, site, text, error=error)
    return await run_in_threadpool(_form, site, text, answer)


def _form(
    site: Site, text: str, answer: Answer | None = None, error: PkgraphError | None = None
) -> Response:
    """Return the page of the form with the query *text*, and its *answer* if there is one."""
    body = b"" if answer is None else answer.body
    kind = None if answer is None else answer.kind
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
        text=text,
        error=error,
        formats=_FORMATS[kind] if kind else (),
        table=table,
        turtle=body.decode() if kind == "triples" else None,
        truth=truth,
    )


def _liked(accept: str | None, text: str) -> Formats:
    """
    Return the format that *accept* likes best for each kind of answer that it likes.

    Raises:
        HTTPException: It likes none for what the query *text* gives (406).
    """
    _choose(accept, (*_TABLES, *_GRAPHS))
    with suppress(QuerySyntaxError):  # which is told with its place by whoever reads it all
        _choose(accept, _FORMATS[_KINDS[sparql.form(text)]])
    liked = {kind: negotiation.choose(accept, formats) for kind, formats in _FORMATS.items()}
    return {kind: name for kind, name in liked.items() if name}


def _choose(accept: str | None, formats: tuple[str, ...]) -> str:
    chosen = negotiation.choose(accept, formats)
    if chosen is None:
        raise HTTPException(
            HTTPStatus.NOT_ACCEPTABLE,
            f"the answer can be had as {negotiation.media_types(formats)}; name one of them in "
            "Accept",
        )
    return chosen


async def _posted(request: Request) -> dict[str, str]:
    """Return the parameters of a POST, the query of its body among them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {_FORM, _DIRECT}:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"a query is posted as {_DIRECT} or {_FORM}, not as '{kind}'",
        )
    body = await _body(request)
    try:
        text = body.decode()
        if kind == _FORM:
            # Protocol parameters come in the body then; those of the address count too.
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=20)
            return _single([*request.query_params.multi_items(), *pairs])
    except UnicodeDecodeError:
        raise ParameterError("the body is not UTF-8; send it so") from None
    except ValueError:
        raise ParameterError("the form has too many fields; 'query' is all it needs") from None
    return _single([*request.query_params.multi_items(), ("query", text)])


async def _body(request: Request) -> bytes:
    """Return the body, which must not be too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the body is larger than {MAX_BYTES} bytes; send less",
            )
    return body


def _single(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """
    Return *pairs* as a mapping.

    Raises:
        ParameterError: A name comes twice.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise ParameterError(f"'{name}' is given twice; give it one value")
        given[name] = value
    return given
