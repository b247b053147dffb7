"""The application: which address is answered by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pkgraph.web import (
    checking,
    failures,
    home,
    queries,
    reconciliation,
    sparql,
    things,
    vocabulary,
)
from pkgraph.web.envelope import Envelope, headers
from pkgraph.web.site import FOLDER, Site

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.evaluation import Evaluator
    from pkgraph.graph import Graph

    Answerer = Callable[[Site, Request], Response]
    Endpoint = Callable[[Request], Awaitable[Response]]

_ENDINGS: Final = tuple(f".{name}" for name in things.DOCUMENTS)


def app(graph: Graph, base_url: str | None = None, evaluator: Evaluator | None = None) -> Starlette:
    """
    Return the application that serves *graph*.

    Args:
        graph: What is served.
        base_url: Where others reach it; pages link there. Left out, links are relative to the root.
        evaluator: What answers queries at ``/sparql``; left out, threads of this process do.

    Raises:
        UsageError: *base_url* is not a URL.
    """
    site = Site.of(graph, base_url, evaluator)

    def threaded(answerer: Answerer) -> Endpoint:
        """Run *answerer*, which asks the engine, beside the loop that serves the others."""

        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answerer, site, request)

        return endpoint

    async def ask(request: Request) -> Response:
        return await sparql.endpoint(site, request)

    async def fail(request: Request, error: Exception) -> Response:
        response = await run_in_threadpool(failures.answer, site, request, error)
        response.headers.update(headers(site))  # a fault of the server is told outside the envelope
        return response

    thing = threaded(things.thing)
    ontology, shapes = threaded(vocabulary.ontology_page), threaded(vocabulary.shapes_page)
    service, methods = reconciliation.Service(site), ["GET", "POST", "OPTIONS"]
    application = Starlette(
        routes=[
            Route("/", threaded(home.home)),
            Route("/search", threaded(home.find)),
            Route("/health", threaded(home.health)),
            Route("/sparql", ask, methods=["GET", "POST", "OPTIONS"]),
            Route("/queries", threaded(queries.index)),
            Route("/queries/{name}", threaded(queries.answer)),
            Route("/check", checking.Checks(site).endpoint, methods=methods),
            Route("/reconcile", service.reconcile, methods=methods),
            Route("/reconcile/properties", service.properties, methods=methods),
            Route("/reconcile/suggest/entity", service.suggest, methods=methods),
            *(Route(f"/ontology{ending}", ontology) for ending in ("", *_ENDINGS)),
            *(Route(f"/shapes{ending}", shapes) for ending in ("", *_ENDINGS)),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
            Route("/graph/{path:path}", thing),
            Route("/scheme/{scheme}/{name}", thing),
            Route("/{segment}/{name}", thing),
            Route("/{segment}", threaded(things.listing)),
        ],
        middleware=[Middleware(Envelope, site)],
        exception_handlers=dict.fromkeys(failures.HANDLED, fail),
    )
    application.router.redirect_slashes = False
    return application
