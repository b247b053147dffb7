"""
Read what a request to the SPARQL endpoint asks.

Source:
    SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from pkgraph.dataset import Dataset
from pkgraph.errors import ParameterError
from pkgraph.web import bodies

if TYPE_CHECKING:
    from starlette.requests import Request

#: The most that is read of the body of a request.
MAX_BYTES: Final = 1024 * 1024
#: The most parameters that a request may have.
MAX_PARAMETERS: Final = 200

DEFAULT_GRAPH: Final = "default-graph-uri"
NAMED_GRAPH: Final = "named-graph-uri"
FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_READ_ONLY: Final = "the graph is only read; ask a query"

_Pairs = list[tuple[str, str]]


class Asked(NamedTuple):
    """
    What a request asks: a query, if there is one, of which graphs, and in which formats.

    The formats are as they were sent. ``bare`` tells that there are no parameters at all.
    """

    text: str | None
    dataset: Dataset | None
    formats: tuple[str, ...]
    bare: bool


async def read(request: Request) -> Asked:
    """
    Return what *request* asks, which comes by GET, by a form that is posted, or by a posted query.

    Raises:
        ParameterError: A parameter is missing, comes twice, or is not taken.
        HTTPException: The body is too large (413) or of another kind (415).
    """
    address = pairs(request.scope["query_string"])
    if request.method == "POST":
        return _asked(await _posted(request, address))
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        raise ParameterError("a query by GET has no body; put it into the address, or use POST")
    return _asked(address)


def _asked(parameters: _Pairs) -> Asked:
    """Return what *parameters*, the parameters of a request, ask."""
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise ParameterError(f"'update' is not taken: {_READ_ONLY}")
    if len(given.get("query", ())) > 1:
        raise ParameterError("'query' is given twice; give it one value")
    dataset = Dataset.of(given.get(DEFAULT_GRAPH, ()), given.get(NAMED_GRAPH, ()))
    text = given["query"][0] if "query" in given else None
    return Asked(text, dataset, tuple(given.get("format", ())), not parameters)


async def _posted(request: Request, address: _Pairs) -> _Pairs:
    """Return the parameters of a POST whose *address* has some, the query among them."""
    kind, charset = bodies.media_type(request)
    if kind == _UPDATE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"no update is taken: {_READ_ONLY}")
    if kind not in {FORM, DIRECT}:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"a query is posted as {DIRECT} or {FORM}, not as '{kind}'",
        )
    if charset not in {"", "utf-8"}:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"a query is sent in UTF-8 and nothing else, not in '{charset}'",
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a query is sent as it is, not compressed"
        )
    body = await bodies.read(
        request, MAX_BYTES, f"the body is larger than {MAX_BYTES} bytes; send less"
    )
    if kind == FORM:
        for name, _ in address:
            if name in {"query", DEFAULT_GRAPH, NAMED_GRAPH}:
                raise ParameterError(
                    f"'{name}' is in the address of a form that is posted; put it into the form"
                )
        return [*address, *pairs(body)]
    try:
        return [*address, ("query", body.decode())]
    except UnicodeDecodeError:
        raise ParameterError("the query is not UTF-8; send it so") from None


def pairs(encoded: bytes) -> _Pairs:
    """
    Return the parameters that are in *encoded*, an address or a form.

    Raises:
        ParameterError: They are too many, or not in UTF-8.
    """
    try:
        return parse_qsl(
            encoded.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise ParameterError("the parameters are not UTF-8; send them so") from None
    except ValueError:
        raise ParameterError(
            f"there are too many fields; at most {MAX_PARAMETERS} are read, and 'query' is all "
            "that is needed"
        ) from None
