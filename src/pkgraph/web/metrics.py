"""
Count what the server does, for Prometheus.

Labels have a bounded number of values: routes are told as they are written in the application, and
what is no method of HTTP is one other.

Source:
    Prometheus, exposition formats:
    https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections import Counter as Counts
from functools import cache as cached
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from pkgraph import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric
    from starlette.requests import Request

    from pkgraph.evaluation import Pool
    from pkgraph.web.cache import Cache

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: The seconds up to which requests are counted together.
_BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The counts of one server of the graph *release*; what it keeps is told from *cache*."""

    def __init__(self, release: str, cache: Cache) -> None:
        self.cache = cache
        #: How many queries of strangers ended how, whichever pool had them.
        self.ended: Counts[str] = Counts()
        self._registry = CollectorRegistry()
        requests = Counter(
            "pkgraph_http_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        durations = Histogram(
            "pkgraph_http_request_duration_seconds",
            "How long requests took, to the last byte.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        # There are few values of labels, and to look one up takes longer than to count.
        self._requests_of = cached(requests.labels)
        self._seconds_of = cached(durations.labels)
        self._about = Gauge(
            "pkgraph_graph",
            "The graph that is served, and the version of the program; always 1.",
            ("release", "version"),
            registry=self._registry,
        )
        self._reloads = Counter(
            "pkgraph_reloads",
            "Times that the graph was opened anew: reloaded, unchanged, or the error.",
            ("outcome",),
            registry=self._registry,
        )
        for outcome in ("reloaded", "unchanged"):
            self._reloads.labels(outcome)
        self._registry.register(_OfCache(cache))
        self._queries = _OfQueries(self.ended)
        self._registry.register(self._queries)
        self.serve(release)
        ProcessCollector(registry=self._registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        known = method if method in _METHODS else "other"
        self._requests_of(known, route, str(status)).inc()
        self._seconds_of(route).observe(seconds)

    def serve(self, release: str, pool: Pool | None = None) -> None:
        """Tell from now on that *release* is served, and its queries evaluated by *pool*."""
        self._queries.pool = pool
        self._about.clear()
        self._about.labels(release, resources.version()).set(1)

    def reloaded(self, outcome: str) -> None:
        """Count that the graph was opened anew, or was not, as *outcome* says."""
        self._reloads.labels(outcome).inc()

    async def endpoint(self, _: Request) -> Response:
        """Tell the counts."""
        text = generate_latest(self._registry)
        headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}
        return Response(text, headers=headers)


class _OfCache(Collector):
    """Tells what a cache counts itself."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def collect(self) -> Iterator[Metric]:
        """Yield the counts as they are now."""
        requests = CounterMetricFamily(
            "pkgraph_cache_requests",
            "Requests for what may be kept, by whether it was.",
            labels=["outcome"],
        )
        requests.add_metric(["hit"], self._cache.hits)
        requests.add_metric(["miss"], self._cache.misses)
        yield requests
        yield GaugeMetricFamily("pkgraph_cache_bytes", "Bytes of kept answers.", self._cache.size)
        yield GaugeMetricFamily("pkgraph_cache_answers", "Kept answers.", len(self._cache))


class _OfQueries(Collector):
    """Tells what becomes of the queries of strangers."""

    def __init__(self, ended: Counts[str]) -> None:
        self.pool: Pool | None = None
        self._ended = ended

    def collect(self) -> Iterator[Metric]:
        """Yield the counts as they are now."""
        queries = CounterMetricFamily(
            "pkgraph_queries",
            "Queries that workers were asked: answered, refused, given up, or the limit or error.",
            labels=["outcome"],
        )
        for outcome, times in sorted({"answered": 0, **self._ended}.items()):
            queries.add_metric([outcome], times)
        yield queries
        busy, waiting = (self.pool.busy, self.pool.waiting) if self.pool else (0, 0)
        yield GaugeMetricFamily("pkgraph_queries_running", "Queries that workers are at.", busy)
        yield GaugeMetricFamily("pkgraph_queries_waiting", "Queries that wait.", waiting)
