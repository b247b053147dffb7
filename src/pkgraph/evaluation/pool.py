"""
Evaluate queries in a few worker processes, each within limits.

A worker that exceeds a limit, or whose client has gone, is ended, and the next query has a new one,
which is forked in milliseconds. A query whose worker was killed by something else is asked once
more, for a query changes nothing. An answer comes over a socket if it is small, and else in a file
that is passed on, so that neither a large answer nor a slow reader holds a worker, or memory here.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket
import tempfile
import threading
import time
import weakref
from collections import Counter, deque
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph.errors import (
    BusyError,
    EnvironmentFailure,
    LimitExceededError,
    PkgraphError,
    StoreError,
)
from pkgraph.evaluation.conversation import Conversation
from pkgraph.evaluation.deaths import KilledError, meaning
from pkgraph.evaluation.limits import Limits
from pkgraph.evaluation.processes import ForkServer
from pkgraph.evaluation.waiting import Waiting
from pkgraph.sparql import check_limits

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from pkgraph.dataset import Dataset
    from pkgraph.evaluation.processes import Worker
    from pkgraph.evaluation.question import Answer, Pieces, Question

_LOG: Final = logging.getLogger(__name__)
#: How many queries may wait.
PLACES: Final = 32
#: How many answers in files may be read at a time.
OPEN_FILES: Final = 32
#: The largest answer for a page.
PAGE_BYTES: Final = 4 << 20


class Pool:
    """Workers that evaluate queries for one loop: see :class:`pkgraph.evaluation.Evaluator`."""

    def __init__(
        self, source: Path, workers: int, limits: Limits | None = None, places: int = PLACES
    ) -> None:
        """
        Evaluate on *source*, a file of N-Quads or the folder of a store; call :meth:`start`.

        Args:
            source: What is asked; nobody may write to it.
            workers: How many queries are evaluated at a time.
            limits: What each may take.
            places: How many more may wait.
        """
        self.limits = limits or Limits()
        #: How many queries ended how: "answered", "refused", "given up", the name of a limit, …
        self.ended: Counter[str] = Counter()
        self._workers = workers
        self._free = workers
        self._waiting = Waiting(places, max(1, round(self.limits.time_s)))
        self._folder = tempfile.TemporaryDirectory(prefix="pkgraph-", ignore_cleanup_errors=True)
        self._server = ForkServer(source, Path(self._folder.name))
        self._idle: deque[Worker] = deque()
        self._warming = threading.Thread(target=self._warm, daemon=True)
        self._cold: EnvironmentFailure | None = None
        self._numbers = itertools.count()
        self._files: weakref.WeakSet[Pieces] = weakref.WeakSet()
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Have workers ready soon; queries that come before wait for them."""
        self._warming.start()

    def warmed(self) -> None:
        """
        Wait until the workers are ready.

        Raises:
            EnvironmentFailure: There can be none.
        """
        self._warming.join()
        if self._cold:
            raise self._cold

    @property
    def ready(self) -> bool:
        """Whether queries need not wait for the first workers."""
        return not (self._warming.is_alive() or self._cold)

    def close(self) -> None:
        """End the workers and whatever they are at."""
        self._server.close()
        while self._idle:
            self._idle.pop().channel.close()
        self._folder.cleanup()

    @property
    def busy(self) -> int:
        """How many queries are being evaluated."""
        return self._workers - self._free

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._waiting)

    async def answer(self, question: Question, client: str = "") -> Answer:
        """Return the answer to *question*: see :class:`pkgraph.evaluation.Evaluator`."""
        check_limits(question.text)
        await self._turn(client)
        limits = self.limits
        if question.shown_rows is not None:
            limits = replace(limits, bytes=min(limits.bytes, PAGE_BYTES))
        job = {
            "text": question.text,
            "formats": dict(question.formats),
            "shown_rows": question.shown_rows,
            "dataset": _named(question.dataset),
            "limits": asdict(limits),
        }
        file = Path(self._folder.name, f"answer-{next(self._numbers)}")
        conversation = Conversation(job, file, limits)
        task = self._spawn(self._evaluate(conversation, limits))

        conversation.left = task.cancel
        try:
            found = await conversation.reply
        except asyncio.CancelledError:
            task.cancel()
            raise
        if found.pieces is not None:
            self._files.add(found.pieces)
        return found

    async def _turn(self, client: str) -> None:
        """
        Wait until a worker may be asked; :meth:`_pass_on` has to follow.

        Raises:
            BusyError: Too many wait, or this one waited too long.
        """
        if sum(not each.closed for each in self._files) >= OPEN_FILES:
            self.ended["refused"] += 1
            raise BusyError("too many large answers are being read; ask again in 10 s", 10)
        if self._free:  # then nobody waits
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.add(client, turn)
        except BusyError:
            self.ended["refused"] += 1
            raise
        try:
            async with asyncio.timeout(self.limits.time_s):
                await turn
        except (asyncio.CancelledError, TimeoutError) as error:
            if turn.cancelled():
                self._waiting.remove(client, turn)
            else:
                self._pass_on()
            self.ended["given up"] += 1
            if isinstance(error, TimeoutError):
                seconds = max(1, round(self.limits.time_s))
                raise BusyError(
                    f"other queries took all of the last {seconds} s; ask again in {seconds} s",
                    seconds,
                ) from None
            raise

    def _pass_on(self) -> None:
        """Let the next one who waits have the turn."""
        turn = self._waiting.next()
        while turn is not None and turn.done():
            turn = self._waiting.next()
        if turn is None:
            self._free += 1
        else:
            turn.set_result(None)

    async def _evaluate(self, conversation: Conversation, limits: Limits) -> None:
        """Hold *conversation* with a worker, and pass the turn on."""
        worker: Worker | None = None
        usable = False
        try:
            left_s = limits.time_s
            for may_repeat in (True, False):
                worker, begun = await self._worker(), time.monotonic()
                try:
                    async with asyncio.timeout(left_s):
                        usable = await conversation.hold(worker.channel)
                    break
                except EOFError:
                    ending, worker = worker, None
                    error = meaning(await asyncio.to_thread(self._server.end, ending), limits)
                    left_s -= time.monotonic() - begun
                    if not (may_repeat and isinstance(error, KilledError) and conversation.again()):
                        raise error from None
                    self.ended["asked again"] += 1
            self.ended["answered"] += 1
        except TimeoutError:
            self._failed(conversation, limits.exceeded("time"))
        except PkgraphError as error:
            # The worker says so itself, and goes on; but not with what a full memory left behind.
            usable = not (isinstance(error, LimitExceededError) and error.limit == "memory")
            self._failed(conversation, error)
        except asyncio.CancelledError:
            self.ended["given up"] += 1
        finally:
            conversation.fail(StoreError("the query was given up"))  # if nothing was handed on
            try:
                if worker and usable:
                    self._idle.append(worker)
                elif worker:
                    worker.channel.close()  # at once, for the rest may be cancelled
                    await asyncio.to_thread(self._server.end, worker)
            finally:
                self._pass_on()

    def _failed(self, conversation: Conversation, error: PkgraphError) -> None:
        kind = error.limit if isinstance(error, LimitExceededError) else type(error).__name__
        self.ended[kind] += 1
        conversation.fail(error)

    async def _worker(self) -> Worker:
        """Return a worker that is alive."""
        if self._warming.is_alive():
            await asyncio.to_thread(self._warming.join)
        while self._idle:
            worker = self._idle.popleft()
            if _alive(worker):
                return worker
            await asyncio.to_thread(self._server.end, worker)
        forking = asyncio.ensure_future(asyncio.to_thread(self._server.fork))
        try:
            worker = await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(self._keep)
            raise
        self._cold = None
        return worker

    def _keep(self, forking: asyncio.Future[Worker]) -> None:
        """Keep for another the worker for which nobody waits any more."""
        with suppress(asyncio.CancelledError, EnvironmentFailure):
            self._idle.append(forking.result())

    def _warm(self) -> None:
        """Fork the workers, so that no query waits for that."""
        try:
            for _ in range(self._workers):
                self._idle.append(self._server.fork())
        except EnvironmentFailure as error:  # which each query is told as well
            self._cold = error
            if not self._server.closed:
                _LOG.warning("no worker can be started: %s", error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run *work* beside what goes on; a loop keeps only weak references."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _alive(worker: Worker) -> bool:
    """Tell whether an idle *worker* has not ended: it says nothing by itself."""
    try:
        return bool(worker.channel.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return True
    except OSError:
        return False


def _named(dataset: Dataset | None) -> list[list[str]] | None:
    """Return the names of the graphs of *dataset*: of the default ones, and of the named ones."""
    if dataset is None:
        return None
    return [[graph.value for graph in those] for those in (dataset.default, dataset.named)]
