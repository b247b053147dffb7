"""The addresses that answer for the data, all by the one policy of :mod:`pkgraph.web.linked`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from pkgraph import serialization
from pkgraph.web import things, vocabulary
from pkgraph.web.catalog import Catalog
from pkgraph.web.linked import DATA_SET, DOCUMENTS, METHODS, Linked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.web.linked import Asked, Content
    from pkgraph.web.site import Site

    Contents = Callable[[Site, Asked], Content]
    Endpoint = Callable[[Request], Awaitable[Response]]
    Keeping = Callable[[Endpoint], Endpoint]


def routes(site: Site, kept: Keeping) -> list[Route]:
    """Return the routes, whose answers are *kept*; those that take any first part come last."""
    catalog = Catalog()
    thing = kept(Linked(site, things.thing, exists=things.exists).endpoint)
    return [
        *_documents(kept, site, "/ontology", vocabulary.ontology_page),
        *_documents(kept, site, "/shapes", vocabulary.shapes_page),
        *_documents(kept, site, "/dataset", catalog.dataset),
        *_documents(kept, site, DATA_SET, catalog.dataset, serialization.GRAPH_FORMATS),
        *_documents(
            kept,
            site,
            "/.well-known/sparql-examples",
            catalog.examples,
            serialization.GRAPH_FORMATS,
        ),
        *(
            Route(path, thing, methods=METHODS)
            for path in ("/graph/{path:path}", "/scheme/{scheme}/{name}", "/{segment}/{name}")
        ),
        Route(
            "/{segment}", kept(Linked(site, things.listing, ("html",)).endpoint), methods=METHODS
        ),
    ]


def _documents(
    kept: Keeping, site: Site, path: str, content: Contents, formats: Iterable[str] = DOCUMENTS
) -> list[Route]:
    """Return the routes of a document in each of *formats*, and of the address for them all."""
    names = tuple(formats)
    endpoint = kept(Linked(site, content, names).endpoint)
    endings = ("", *(f".{name}" for name in names))
    return [Route(f"{path}{ending}", endpoint, methods=METHODS) for ending in endings]
