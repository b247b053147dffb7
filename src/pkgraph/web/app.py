"""The application: which address is answered by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pkgraph.web import (
    addresses,
    checking,
    failures,
    graph_store,
    home,
    queries,
    reconciliation,
    sparql,
)
from pkgraph.web.api import Api
from pkgraph.web.cache import Cache
from pkgraph.web.compression import Compression
from pkgraph.web.envelope import Envelope, headers
from pkgraph.web.metrics import Metrics
from pkgraph.web.observing import Observed
from pkgraph.web.site import FOLDER, Site

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.evaluation import Evaluator
    from pkgraph.graph import Graph

    Answerer = Callable[[Site, Request], Response]
    Endpoint = Callable[[Request], Awaitable[Response]]


def app(
    graph: Graph,
    base_url: str | None = None,
    evaluator: Evaluator | None = None,
    metrics: Metrics | None = None,
) -> Starlette:
    """
    Return the application that serves *graph*.

    Args:
        graph: What is served.
        base_url: Where others reach it; pages link there. Left out, links are relative to the root.
        evaluator: What answers queries at ``/sparql``; left out, threads of this process do.
        metrics: What counts, where it has counted before; answers are kept in its cache.

    Raises:
        UsageError: *base_url* is not a URL.
    """
    site = Site.of(graph, base_url, evaluator)
    metrics = metrics or Metrics(graph.release, Cache())
    cache = metrics.cache

    def threaded(answerer: Answerer) -> Endpoint:
        """Run *answerer*, which asks the engine, beside the loop that serves the others."""

        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answerer, site, request)

        return endpoint

    def kept(endpoint: Endpoint) -> Endpoint:
        return cache.keeping(graph.release, endpoint)

    async def ask(request: Request) -> Response:
        return await sparql.endpoint(site, request)

    async def give(request: Request) -> Response:
        return await graph_store.endpoint(site, request)

    async def fail(request: Request, error: Exception) -> Response:
        response = await run_in_threadpool(failures.answer, site, request, error)
        response.headers.update(headers(site))  # a fault of the server is told outside the envelope
        return response

    service, methods = reconciliation.Service(site), ["GET", "POST", "OPTIONS"]
    api = Api(site)
    application = Starlette(
        routes=[
            Route("/", kept(threaded(home.home))),
            Route("/search", kept(threaded(home.find))),
            Route("/health", threaded(home.health)),
            Route("/ready", threaded(home.ready)),
            Route("/metrics", metrics.endpoint),
            Route("/openapi.json", kept(api.description)),
            Route("/api/queries", kept(api.index)),
            Route("/api/queries/{name}", kept(api.query)),
            Route("/sparql", ask, methods=["GET", "POST", "OPTIONS"]),
            Route("/graph-store", give, methods=["GET", "OPTIONS"]),
            Route("/queries", kept(threaded(queries.index))),
            Route("/queries/{name}", kept(threaded(queries.answer))),
            Route("/check", checking.Checks(site).endpoint, methods=methods),
            Route("/reconcile", service.reconcile, methods=methods),
            Route("/reconcile/properties", service.properties, methods=methods),
            Route("/reconcile/suggest/entity", service.suggest, methods=methods),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
            *addresses.routes(site, kept),
        ],
        middleware=[
            Middleware(Compression),
            Middleware(Envelope, site),
            Middleware(Observed, metrics),
        ],
        exception_handlers=dict.fromkeys(failures.HANDLED, fail),
    )
    application.router.redirect_slashes = False
    return application
