"""Answer what cannot be answered: each error with its status, in the form that is asked for."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pkgraph.errors import (
    AmbiguousNameError,
    BusyError,
    ConflictError,
    EnvironmentFailure,
    GoneError,
    LimitExceededError,
    NotFoundError,
    NotYoursError,
    PkgraphError,
    QuerySyntaxError,
    UnknownQueryError,
)
from pkgraph.namespaces import compact
from pkgraph.web import negotiation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from pkgraph.web.site import Site


#: What is told to the asker; anything else is told as a fault of the server, and logged.
HANDLED: Final = (HTTPException, PkgraphError, ClientDisconnect, Exception)
#: The status for a query that exceeds a limit. One that takes too long may be answered by another
#: server; one that takes too much memory or has too large an answer is refused.
_LIMITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "time": HTTPStatus.GATEWAY_TIMEOUT,
        "cpu": HTTPStatus.GATEWAY_TIMEOUT,
        "memory": HTTPStatus.INSUFFICIENT_STORAGE,
        "rows": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
)


def status_of(error: PkgraphError) -> int:
    """Return the HTTP status that says what *error* says."""
    if isinstance(error, NotFoundError | UnknownQueryError):
        return HTTPStatus.GONE if isinstance(error, GoneError) else HTTPStatus.NOT_FOUND
    if isinstance(error, EnvironmentFailure):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, ConflictError):
        return HTTPStatus.CONFLICT
    if isinstance(error, NotYoursError):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, LimitExceededError):
        return _LIMITS[error.limit]
    return HTTPStatus.BAD_REQUEST


def answer(site: Site, request: Request, error: Exception) -> Response:
    """Return the response to *request* that tells of *error*: a page, JSON or plain text."""
    if isinstance(error, HTTPException):
        status, headers = error.status_code, dict(error.headers or {})
        message = error.detail
        if status == HTTPStatus.NOT_FOUND and message == HTTPStatus.NOT_FOUND.phrase:
            message = f"there is nothing at {request.url.path}"
        elif status == HTTPStatus.METHOD_NOT_ALLOWED:
            message = f"{request.method} is not possible at {request.url.path}"
    elif isinstance(error, PkgraphError):
        status, headers, message = status_of(error), {}, str(error)
        if isinstance(error, BusyError):
            headers = {"Retry-After": str(error.retry_after_s)}
    elif isinstance(error, ClientDisconnect):
        status, headers = HTTPStatus.REQUEST_TIMEOUT, {}
        message = "the client has gone, and nobody reads this"
    else:
        status, headers = HTTPStatus.INTERNAL_SERVER_ERROR, {}
        message = "the server failed at this; what went wrong is in its log"
    message = message.encode(errors="replace").decode()  # JSON may have halves of characters
    near = suggestions(site, error)
    accept = request.headers.get("accept")
    form = negotiation.choose(accept, ("html", "json")) if accept else None
    title = HTTPStatus(status).phrase
    if form == "html" and negotiation.names(accept, "html"):
        response: Response = site.page(
            "error", status, title=title, message=message, suggestions=near
        )
    elif form == "json" and negotiation.names(accept, "json"):
        told_: dict[str, object] = {"error": message, "suggestions": [iri for iri, _, _ in near]}
        if isinstance(error, QuerySyntaxError):
            told_ |= {"line": error.line, "column": error.column}
        response = JSONResponse(told_, status)
    else:
        response = PlainTextResponse(message + "\n", status)
    response.headers.update(headers)
    return response


def suggestions(site: Site, error: Exception | None) -> list[tuple[str, str, str]]:
    """Return what *error* says may be meant: the IRI or name, the address and the text of each."""
    if isinstance(error, NotFoundError):
        iris = error.nearest
    elif isinstance(error, AmbiguousNameError):
        iris = error.candidates
    elif isinstance(error, UnknownQueryError):
        return [(name, site.link(f"/queries/{name}"), name) for name in error.nearest]
    else:
        return []
    return [(iri, site.href(iri) or iri, compact(iri)) for iri in iris]
