"""The page of the limits, from the constants that set them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from page_text import table
from pkgraph import sparql, terms
from pkgraph.contribution import apart as changes
from pkgraph.endpoint import client, connections
from pkgraph.evaluation import Limits, pool
from pkgraph.releasing import serving
from pkgraph.store import remote
from pkgraph.turtle import reading
from pkgraph.verdicts import apart
from pkgraph.web import (
    authorization,
    cache,
    contributing,
    evaluating,
    negotiation,
    protocol,
    server,
    tables,
)
from pkgraph.web.connections import ConnectionLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIB: Final = 1 << 20
_QUERY: Final = Limits()
_CONNECTION: Final = ConnectionLimits()

EVERYWHERE: Final = (
    ("a SPARQL query", "characters", sparql.MAX_CHARACTERS),
    ("a SPARQL query", "brackets inside one another", sparql.MAX_DEPTH),
    ("a SPARQL query", "names, values, brackets and operators", sparql.MAX_PARTS),
    ("a SPARQL query", "of one chaining operator", sparql.MAX_CHAIN),
    ("a value of a parameter", "characters", terms.MAX_CHARACTERS),
    ("a whole number", "digits", terms.MAX_DIGITS),
    ("a file", "MiB", reading.MAX_MIB),
    ("an endpoint elsewhere", "seconds to accept a connection", connections.CONNECT_S),
    ("an endpoint elsewhere", "seconds to begin or go on answering", remote.TIMEOUT_S),
    ("an endpoint elsewhere", "seconds to answer a query", remote.TOTAL_S),
    ("an endpoint elsewhere", "MiB of an answer", remote.MOST_BYTES // _MIB),
    ("an endpoint elsewhere", "times that it is asked while it has too much to do", client.TRIES),
    ("an endpoint elsewhere", "seconds that it may ask to wait", client.LONGEST_PAUSE_S),
    ("a release that is fetched", "MiB", serving.MOST_MIB),
    ("a release that is fetched", "seconds until it is there", serving.MOST_S),
    ("a release that is fetched", "seconds of silence", serving.SILENT_S),
)
OF_THE_SERVER: Final = (
    ("a query of a stranger", "seconds by the clock", _QUERY.time_s),
    ("a query of a stranger", "seconds of the processor", _QUERY.cpu_s),
    ("a query of a stranger", "MiB of memory", _QUERY.memory_bytes // _MIB),
    ("its answer", "rows, or triples", _QUERY.rows),
    ("its answer", "MiB", _QUERY.bytes // _MIB),
    ("its answer on a page", "MiB", pool.PAGE_BYTES // _MIB),
    ("queries of strangers", "at a time, unless `--workers` says otherwise", server.WORKERS),
    ("queries of strangers", "that wait", pool.PLACES),
    ("large answers", "that are read at a time", pool.OPEN_FILES),
    ("a large answer", "seconds in which nothing of it is taken", evaluating.STALLED_S),
    ("the head of a request", "bytes", _CONNECTION.head_bytes),
    ("the head of a request", "fields", _CONNECTION.fields),
    ("the head of a request", "seconds until it is there", _CONNECTION.head_s),
    ("a request", "bytes of its body", protocol.MAX_BYTES),
    ("a request", "parameters", protocol.MAX_PARAMETERS),
    ("a request", "parts of `Accept` that are read", negotiation.MOST_PARTS),
    ("a slow body", "seconds for each 16 KiB", _CONNECTION.body_s),
    ("a slow reader", "seconds for each 16 KiB", _CONNECTION.answer_s),
    ("connections", "at a time", _CONNECTION.in_all),
    ("connections", "of one address at a time; a proxy is one", _CONNECTION.of_one_address),
    ("a check", "seconds of the processor", apart.MAX_SECONDS),
    ("a check", "MiB of memory", apart.MAX_MIB),
    ("a verdict", "MiB", apart.MAX_VERDICT_MIB),
    ("a contribution", "bytes", contributing.MAX_BYTES),
    ("a contribution", "seconds of the processor", changes.MAX_SECONDS),
    ("a contribution", "MiB of memory", changes.MAX_MIB),
    ("changes with one token", "at once", authorization.MAX_CHANGES),
    ("changes with one token", "in a minute", 60 // authorization.CHANGE_EVERY_S),
    ("wrong tokens from one address", "at once", authorization.MAX_FAILURES),
    ("answers that are kept", "MiB", cache.MAX_MIB),
)


def limits_page() -> Iterator[str]:
    """Yield the page."""
    yield "# The limits"
    yield ""
    yield "What is larger is refused with a message, not cut."
    yield ""
    yield from _table(EVERYWHERE)
    yield "## Of the server"
    yield ""
    yield from _table(OF_THE_SERVER)
    yield f"A page of the server shows the first {tables.MOST_ROWS:,} rows of an answer; its"
    yield "other formats have all. Canned queries and pages have no clock, for no stranger wrote"
    yield "them. What the limits are for is told in"
    yield "[run the server](../how-to/run-the-server.md#workers-and-limits)."
    yield ""


def _table(limits: tuple[tuple[str, str, float], ...]) -> Iterator[str]:
    yield from table(
        ["of", "what", "most"], [[of, what, f"{most:,.12g}"] for of, what, most in limits]
    )
