"""
Run one query after the other, with limits, in a process that may be ended at any time.

A worker is a fork of :mod:`pkgraph.evaluation.forkserver` and knows its store and a socket. The
kernel ends it when a query takes too much of the processor (SIGPROF) or of memory (the engine
aborts when it is given none); the server ends it when a query takes too long by the clock.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

from pkgraph import serialization
from pkgraph.dataset import Dataset
from pkgraph.errors import LimitExceededError, QuerySyntaxError, UnknownFormatError
from pkgraph.evaluation import messages
from pkgraph.evaluation.limits import Limits
from pkgraph.evaluation.question import wanted
from pkgraph.evaluation.sink import Sink
from pkgraph.results import Table
from pkgraph.store import OxigraphStore

if TYPE_CHECKING:
    import socket

    from pkgraph.evaluation.question import Formats

#: How much less than others a worker is given of the processor: canned queries and pages go first.
_NICE: Final = 19
_STATM: Final = Path("/proc/self/statm")
_PAGE: Final = resource.getpagesize()
#: What a worker may keep of the memory of a query and still be used for another.
_KEPT_BYTES: Final = 64 << 20


def work(channel: socket.socket, store: ox.Store) -> None:
    """Run the jobs that come over *channel* on *store* until the server closes it."""
    os.nice(_NICE)
    idle = _resident()
    while True:
        try:
            _, content = messages.read(channel)
        except EOFError:
            return
        job, _ = messages.unpack(content)
        limits = Limits(**job["limits"])
        sink = Sink(channel, Path(job["file"]), limits)
        try:
            with _Guard(limits):
                more = _run(store, job, sink, limits)
            sink.end(**more, used=_resident() - idle > _KEPT_BYTES)
        except LimitExceededError as error:
            sink.close()
            _fail(channel, "limit", error.limit)
        except QuerySyntaxError as error:
            _fail(channel, "syntax", error.reason, error.line, error.column)
        except UnknownFormatError as error:
            sink.close()
            _fail(channel, "format", str(error))
        except (OSError, RuntimeError, ValueError) as error:
            sink.close()
            _fail(channel, "store", str(error))
        except MemoryError:
            sink.close()
            _fail(channel, "limit", "memory")


class _Guard:
    """Have the kernel hold *limits* while a query runs."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def __enter__(self) -> None:
        if sys.platform == "linux":  # elsewhere the kernel does not tell, or does not hold it
            most = _pages(0) * _PAGE + self._limits.memory_bytes
            resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_PROF, self._limits.cpu_s)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if sys.platform == "linux":
            unlimited = resource.RLIM_INFINITY
            resource.setrlimit(resource.RLIMIT_AS, (unlimited, unlimited))


def _run(store: ox.Store, job: dict[str, Any], sink: Sink, limits: Limits) -> dict[str, object]:
    """Write the answer to *job* into *sink*, and return what else there is to say of it."""
    try:
        dataset = None if job["dataset"] is None else Dataset.of(*job["dataset"])
        result = OxigraphStore(store).result(job["text"], dataset)
    except SyntaxError as error:
        from pkgraph.sparql import syntax_error  # as the store does

        raise syntax_error(error) from None
    formats: Formats = job["formats"]
    if isinstance(result, ox.QueryBoolean):
        sink.begin("boolean", form := wanted(formats, "boolean"))
        sink.write(serialization.write(bool(result), form).encode())
    elif isinstance(result, ox.QueryTriples):
        form = wanted(formats, "triples")
        triples: dict[ox.Triple, None] = {}
        for triple in result:
            triples[triple] = None
            if len(triples) > limits.rows:
                raise limits.exceeded("rows")
        sink.begin("triples", form)
        sink.write(serialization.write(tuple(triples), form).encode())
    elif (most := job["shown_rows"]) is not None:
        return _show(result, most, sink, limits)
    else:
        sink.begin("table", form := wanted(formats, "table"))
        if form not in serialization.TABLE_FORMATS:
            serialization.write(Table((), ()), form)  # which says so
        result.serialize(cast("IO[bytes]", sink), format=serialization.TABLE_FORMATS[form])
    return {}


def _show(result: ox.QuerySolutions, most: int, sink: Sink, limits: Limits) -> dict[str, object]:
    """Write the first rows of *result*, *most* of them, and return how many there are."""
    columns = tuple(variable.value for variable in result.variables)
    shown, total = [], 0
    for row in result:
        total += 1
        if total > limits.rows:
            raise limits.exceeded("rows")
        if total <= most:
            shown.append(tuple(row))
    sink.begin("table", "json")
    sink.write(serialization.write(Table(columns, tuple(shown)), "json").encode())
    return {"total": total}


def _fail(channel: socket.socket, kind: str, *told: object) -> None:
    channel.sendall(messages.pack(messages.FAILED, {"kind": kind, "told": told}))


def _resident() -> int:
    """Return how much memory this process has, where the system tells."""
    return _pages(1) * _PAGE if sys.platform == "linux" else 0


def _pages(place: int) -> int:
    return int(_STATM.read_bytes().split()[place])
