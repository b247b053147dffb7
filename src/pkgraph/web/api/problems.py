"""
Tell programs what is wrong, with what may have been meant.

Source:
    RFC 9457, problem details: https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pkgraph import catalogue, search, terms
from pkgraph.errors import AmbiguousNameError, NotFoundError, PkgraphError, UnknownQueryError
from pkgraph.namespaces import compact
from pkgraph.web.failures import status_of

if TYPE_CHECKING:
    from pkgraph.web.site import Site

MEDIA_TYPE: Final = "application/problem+json"


def problem(site: Site, error: HTTPException | PkgraphError) -> Response:
    """Return the response that tells of *error*."""
    if isinstance(error, HTTPException):
        status, headers, detail = error.status_code, error.headers, error.detail
    else:
        status, headers, detail = _status(error), None, str(error)
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "error": type(error).__name__,
        "candidates": _candidates(site, error),
    }
    return JSONResponse(told, status, headers, MEDIA_TYPE)


def _status(error: PkgraphError) -> int:
    """Return the status of *error*; a name that several things have is understood, not done."""
    if isinstance(error, AmbiguousNameError):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return status_of(error)


def _candidates(site: Site, error: Exception) -> list[dict[str, str | None]]:
    """Return what may be meant: what to write instead, its IRI if it has one, and its label."""
    if isinstance(error, UnknownQueryError):
        return [
            {"value": name, "iri": None, "label": catalogue.find(name).summary}
            for name in error.nearest
        ]
    if isinstance(error, AmbiguousNameError):
        iris = error.candidates
    elif isinstance(error, NotFoundError):
        iris = error.nearest
    else:
        return []
    labels = _labels(site, iris)
    return [
        # What is near to an unknown source are slugs.
        {"value": compact(iri), "iri": iri if ":" in iri else None, "label": labels.get(iri)}
        for iri in iris
    ]


def _labels(site: Site, iris: tuple[str, ...]) -> dict[str, str]:
    """Return the labels of *iris*."""
    things = " ".join(str(terms.iri(iri)) for iri in iris if ":" in iri)
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT ?thing (MIN(?label) AS ?name) WHERE {{ "
            f"VALUES ?thing {{ {things} }} ?thing rdfs:label ?label }} GROUP BY ?thing"
        )
    )
    return {thing: label for thing, label in rows}  # noqa: C416  # a row has two, which mypy is told
