"""The application: which address is answered by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from pkgraph.web import (
    addresses,
    atlas,
    checking,
    completion,
    contributing,
    failures,
    forms,
    graph_store,
    home,
    maps,
    queries,
    reconciliation,
    search,
    sparql,
    templates,
)
from pkgraph.web.api import Api
from pkgraph.web.assets import Static, built
from pkgraph.web.cache import Cache, Cached, keeping
from pkgraph.web.compression import Compression
from pkgraph.web.envelope import Envelope, headers
from pkgraph.web.metrics import Metrics
from pkgraph.web.observing import Observed
from pkgraph.web.running import FilesAlone
from pkgraph.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.evaluation import Evaluator
    from pkgraph.graph import Graph
    from pkgraph.web.contributing import Gate

    Answerer = Callable[[Site, Request], Response]
    Endpoint = Callable[[Request], Awaitable[Response]]


def app(
    graph: Graph,
    base_url: str | None = None,
    evaluator: Evaluator | None = None,
    metrics: Metrics | None = None,
    gate: Gate | None = None,
) -> Starlette:
    """
    Return the application that serves *graph*.

    Args:
        graph: What is served.
        base_url: Where others reach it; pages link there. Left out, links are relative to the root.
        evaluator: What answers queries at ``/sparql``; left out, threads of this process do.
        metrics: What counts, where it has counted before; answers are kept in its cache.
        gate: What contributions go through; left out, none are taken.

    Raises:
        UsageError: *base_url* is not a URL.
    """
    return of_site(Site.of(graph, base_url, evaluator), metrics, gate)


def of_site(site: Site, metrics: Metrics | None = None, gate: Gate | None = None) -> Starlette:
    """Return the application that answers with the pages of *site*; see :func:`app`."""
    graph = site.graph
    site.environment.globals["built"] = built()
    metrics = metrics or Metrics(graph.release, Cache())
    cache = metrics.cache

    def threaded(answerer: Answerer) -> Endpoint:
        """Run *answerer*, which asks the engine, beside the loop that serves the others."""

        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answerer, site, request)

        return endpoint

    async def ask(request: Request) -> Response:
        return await sparql.endpoint(site, request)

    async def give(request: Request) -> Response:
        return await graph_store.endpoint(site, request)

    async def fail(request: Request, error: Exception) -> Response:
        response = await run_in_threadpool(failures.answer, site, request, error)
        response.headers.update(headers(site))  # a fault of the server is told outside the envelope
        return response

    service, methods = reconciliation.Service(site), ["GET", "POST", "OPTIONS"]
    api = Api(site, contributing=gate is not None)
    application = Starlette(
        routes=[
            Route("/", keeping(threaded(home.home))),
            Route("/search", keeping(threaded(search.page))),
            Route("/suggest", keeping(threaded(search.suggest))),
            Route("/health", threaded(home.health)),
            Route("/ready", threaded(home.ready)),
            Route("/metrics", metrics.endpoint),
            Route("/openapi.json", keeping(api.description)),
            Route("/api/queries", keeping(api.index)),
            Route("/api/queries/{name}", keeping(api.query)),
            Route("/sparql", ask, methods=["GET", "POST", "OPTIONS"]),
            Route("/sparql/vocabulary", keeping(threaded(completion.vocabulary))),
            Route("/sparql/names", keeping(threaded(completion.names))),
            Route("/graph-store", give, methods=["GET", "OPTIONS"]),
            Route("/queries", keeping(threaded(queries.index))),
            Route("/queries/{name}", keeping(threaded(queries.answer))),
            Route("/queries/{name}/{parameter}", keeping(threaded(forms.options))),
            Route("/check", checking.Checks(site).endpoint, methods=methods),
            Route("/templates/{name}", keeping(threaded(templates.answer))),
            Route("/reconcile", service.reconcile, methods=methods),
            Route("/reconcile/properties", service.properties, methods=methods),
            Route("/reconcile/suggest/entity", service.suggest, methods=methods),
            Mount("/static", Static()),
            Route("/map/{path:path}", keeping(maps.Maps(site).endpoint)),
            *(contributing.routes(site, gate) if gate else ()),
            *(Route(path, keeping(threaded(answer))) for path, answer in atlas.ADDRESSES),
            *addresses.routes(site),
        ],
        middleware=[
            Middleware(Observed, metrics),
            Middleware(FilesAlone, site),
            Middleware(Cached, cache, graph.release),
            Middleware(Compression),
            Middleware(Envelope, site),
        ],
        exception_handlers=dict.fromkeys(failures.HANDLED, fail),
    )
    application.router.redirect_slashes = False
    return application
