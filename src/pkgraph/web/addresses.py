"""The addresses that answer for the data, all by the one policy of :mod:`pkgraph.web.linked`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from pkgraph import serialization
from pkgraph.web import reading, things, vocabulary
from pkgraph.web.cache import keeping
from pkgraph.web.catalog import Catalog
from pkgraph.web.linked import DATA_SET, DOCUMENTS, EXAMPLES, METHODS, Linked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pkgraph.web.linked import Asked, Content
    from pkgraph.web.site import Site

    Contents = Callable[[Site, Asked], Content]


def routes(site: Site) -> list[Route]:
    """Return the routes, whose answers are *kept*; those that take any first part come last."""
    catalog = Catalog()
    thing = keeping(
        Linked(site, things.thing, exists=things.exists, by_name=reading.FORMATS).endpoint
    )
    return [
        *_documents(site, "/ontology", vocabulary.ontology_page),
        *_documents(site, "/shapes", vocabulary.shapes_page),
        *_documents(site, "/dataset", catalog.dataset),
        *_documents(site, DATA_SET, catalog.dataset, serialization.GRAPH_FORMATS),
        *_documents(
            site,
            EXAMPLES,
            catalog.examples,
            serialization.GRAPH_FORMATS,
        ),
        *(
            Route(path, thing, methods=METHODS)
            for path in ("/graph/{path:path}", "/scheme/{scheme}/{name}", "/{segment}/{name}")
        ),
        Route(
            "/{segment}", keeping(Linked(site, things.listing, ("html",)).endpoint), methods=METHODS
        ),
    ]


def _documents(
    site: Site, path: str, content: Contents, formats: Iterable[str] = DOCUMENTS
) -> list[Route]:
    """Return the routes of a document in each of *formats*, and of the address for them all."""
    names = tuple(formats)
    endpoint = keeping(Linked(site, content, names).endpoint)
    endings = ("", *(f".{name}" for name in names))
    return [Route(f"{path}{ending}", endpoint, methods=METHODS) for ending in endings]
