"""
Serve one release after the other, without dropping a request.

A release is the graph as it was opened once, with an application and workers of its own. To reload
is to open the graph anew, to have its workers ready, and then to give it all requests that come
from then on, in one step. Those under way end with the release that they began with, which is
closed after the last of them. Where the graph cannot be opened, what was served goes on.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import tempfile
import threading
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph import evaluation, search
from pkgraph.errors import EnvironmentFailure, PkgraphError
from pkgraph.store import OxigraphStore
from pkgraph.web.app import app
from pkgraph.web.cache import Cache
from pkgraph.web.home import ENDING
from pkgraph.web.metrics import Metrics

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp, Receive, Scope, Send

    from pkgraph.evaluation import Evaluator, Limits, Pool
    from pkgraph.graph import Graph
    from pkgraph.web.contributing import Gate

    #: Opens the graph as it is now, for as long as the context.
    Opening = Callable[[], AbstractContextManager[Graph]]

_LOG: Final = logging.getLogger(__name__)
#: How long an old release keeps its workers for the requests that began with it. A query waits and
#: runs for at most a minute; who reads an answer that is complete needs no worker.
_WORKERS_S: Final = 90
#: How long what is being opened or closed may take to end with the server.
_END_S: Final = 10


class Release:
    """The graph as it was opened once, what answers for it, and how many requests are under way."""

    application: ASGIApp
    graph: Graph

    def __init__(self, workers: int = 0, limits: Limits | None = None) -> None:
        """Have so many *workers*, and *limits* for what each query may take."""
        self.requests = 0
        self.old = False
        self._workers = workers
        self._limits = limits
        self.pool: Pool | None = None
        self._until_closed = ExitStack()
        self._given_up = False

    def open(self, opening: Opening) -> None:
        """Open the graph: what :meth:`build` needs, and :meth:`close` ends."""
        self.graph = self._until_closed.enter_context(opening())
        self._go_on()

    def build(self, base_url: str | None, metrics: Metrics, gate: Gate | None) -> None:
        """
        Have an application, and its workers starting.

        Raises:
            UsageError: *base_url* is not a URL.
        """
        evaluator = self._evaluator(metrics.ended)
        if isinstance(self.graph.store, OxigraphStore):  # one elsewhere may not answer yet
            search.index(self.graph.store)
            self._go_on()
        self.application = app(self.graph, base_url, evaluator, metrics, gate)

    def warm(self) -> None:
        """
        Wait until the workers are ready.

        Raises:
            EnvironmentFailure: There can be none.
        """
        if self.pool:
            self.pool.warmed()
        self._go_on()

    def give_up(self) -> None:
        """Let nobody wait for workers any more."""
        self._given_up = True
        if self.pool:
            self.pool.close()

    def close(self) -> None:
        """End the workers and let go of the graph."""
        self._until_closed.close()
        # The store closes with the last that knows it, and they know each other in circles.
        vars(self).pop("application", None)
        vars(self).pop("graph", None)
        gc.collect()
        _trim()

    def _evaluator(self, ended: Counter[str]) -> Evaluator | None:
        """Return a pool of workers, if there is to be one."""
        if not self._workers or not isinstance(self.graph.store, OxigraphStore):
            return None
        folder = self._until_closed.enter_context(tempfile.TemporaryDirectory(prefix="pkgraph-"))
        self.pool = evaluation.pool_of(
            self.graph.store, self._workers, Path(folder), self._limits, ended
        )
        self._until_closed.callback(self.pool.close)
        self._go_on()
        self.pool.start()
        return self.pool

    def _go_on(self) -> None:
        if self._given_up:
            raise EnvironmentFailure("the server is ending")


def _trim() -> None:
    """Have the allocator give back what is free, where it can be told to; it keeps it else."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class Serving:
    """
    An application that passes each request on to the current release.

    Its life is :meth:`start`, :meth:`run` in the loop, :meth:`end` when it is to stop, and
    :meth:`close` after the loop.
    """

    def __init__(
        self,
        opening: Opening,
        base_url: str | None = None,
        workers: int = 0,
        limits: Limits | None = None,
        gate: Gate | None = None,
    ) -> None:
        """
        Serve what *opening* gives, as it is now and at each reload.

        Args:
            opening: Opens the graph.
            base_url: Where others reach the server.
            workers: How many processes evaluate queries.
            limits: What each query may take.
            gate: What contributions go through; each that lands is followed by a reload.
        """
        self.metrics = Metrics("", Cache())
        self._gate = gate
        if gate:
            gate.on_change = self.reload
        self._opening = opening
        self._base_url = base_url
        self._new = partial(Release, workers, limits)
        self._current = self._new()
        self._releases = {self._current}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next: Release | None = None
        self._threads: set[threading.Thread] = set()
        self._asked = self._ending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        release = self._current
        release.requests += 1
        if self._ending:
            scope = {**scope, ENDING: True}
        try:
            await release.application(scope, receive, send)
        finally:
            release.requests -= 1
            if release.old and not release.requests:
                self._let_go(release)

    def start(self) -> None:
        """
        Open the first release; its workers may still be starting.

        Raises:
            PkgraphError: It cannot be opened.
        """
        self._current.open(self._opening)
        self._current.build(self._base_url, self.metrics, self._gate)
        self.metrics.serve(self._current.graph.release, self._current.pool)

    def run(self) -> None:
        """Reload from now on in the loop that runs, at once if that was asked for before."""
        self._loop = asyncio.get_running_loop()
        if self._asked:
            self._reload()

    def reload(self) -> None:
        """
        Ask for the graph to be opened anew, from any thread or the handler of a signal.

        While it is being opened, it is opened once more afterwards, however often that is asked.
        """
        self._asked = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._reload)

    def end(self) -> None:
        """Tell those who ask whether the server is ready that it is not any more."""
        self._ending = True

    def close(self) -> None:
        """Close everything, once no request is under way."""
        self._ending = True
        if self._next:
            self._next.give_up()
        for thread in tuple(self._threads):
            thread.join(_END_S)
        for release in tuple(self._releases):
            release.close()

    def _reload(self) -> None:
        """Begin to open the graph, unless that is being done already."""
        if self._next is None and not self._ending:
            self._asked = False
            self._next = self._new()
            self._begin(self._open, self._next, asyncio.get_running_loop())

    def _open(self, release: Release, loop: asyncio.AbstractEventLoop) -> None:
        """Open *release*, beside the loop, and have it taken into service."""
        error: Exception | None = None
        try:
            release.open(self._opening)
            if changed := release.graph.release != self._current.graph.release:
                release.build(self._base_url, self.metrics, self._gate)
                release.warm()
        except Exception as caught:  # noqa: BLE001 - whatever it is, what is served goes on
            error, changed = caught, False
        if not changed:
            release.close()
        try:
            loop.call_soon_threadsafe(self._opened, release if changed else None, error)
        except RuntimeError:  # the loop has ended meanwhile
            release.close()

    def _opened(self, release: Release | None, error: Exception | None) -> None:
        """Take *release* into service, or tell why it cannot be: of an *error*, or as before."""
        self._next = None
        if error:
            self.metrics.reloaded(type(error).__name__)
            fault = None if isinstance(error, PkgraphError) else error
            _LOG.error("the graph cannot be reloaded: %s", error, exc_info=fault)
        elif release is None:
            self.metrics.reloaded("unchanged")
            _LOG.info("the graph is what it was: %s", self._current.graph.release)
        else:
            old, self._current = self._current, release
            self._releases.add(release)
            self.metrics.serve(release.graph.release, release.pool)
            self.metrics.reloaded("reloaded")
            _LOG.info("the graph is now %s", release.graph.release)
            old.old = True
            if not old.requests:
                self._let_go(old)
            else:
                asyncio.get_running_loop().call_later(_WORKERS_S, self._begin, old.give_up)
        if self._asked:
            self._reload()

    def _let_go(self, release: Release) -> None:
        """Close *release*, which nobody asks any more, beside the loop."""
        self._releases.discard(release)
        if release.graph.release != self._current.graph.release:
            self.metrics.cache.forget(release.graph.release)
        self._begin(release.close)

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        """Do *work* in a thread of its own, for which :meth:`close` waits."""

        def run() -> None:
            try:
                work(*arguments)
            finally:
                self._threads.discard(thread)

        thread = threading.Thread(target=run, daemon=True)
        self._threads.add(thread)
        thread.start()
