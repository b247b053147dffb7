"""Worker processes: what strangers ask is answered within limits, and harms nobody."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from pkgraph import build, evaluation, open_graph, web
from pkgraph.errors import (
    BusyError,
    EnvironmentFailure,
    LimitExceededError,
    QuerySyntaxError,
    StoreError,
    UnknownFormatError,
    UsageError,
)
from pkgraph.evaluation import InThreads, Limits, Pool, Question
from pkgraph.evaluation import pool as pools
from pkgraph.evaluation.processes import ForkServer
from pkgraph.evaluation.sink import AT_ONCE_BYTES, Rows
from pkgraph.evaluation.waiting import Waiting
from pkgraph.graph import Graph
from pkgraph.namespaces import PK
from pkgraph.web import evaluating, releases

MIB = 1 << 20
FORMATS = {"table": "json", "boolean": "json", "triples": "nt"}
ALL = "SELECT * WHERE { ?s ?p ?o }"
HONEST = "SELECT * WHERE { ?s ?p ?o } LIMIT 3"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DIGITS = " ".join(f'"{digit * 20}"' for digit in "0123456789")
BOMB = "".join(f"VALUES ?v{each} {{ {DIGITS} }} " for each in range(8))
#: A query that takes some seconds, and what is left of it where there are fewer rows.
SLOW = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 1500 } "
SLOW += "{ SELECT * { ?d ?e ?f } LIMIT 1500 } FILTER(STR(?c) < STR(?f)) }"
HALF = SLOW.replace("1500", "700")
SMALL = Limits(time_s=1, cpu_s=30, memory_bytes=150 * MIB, rows=1000, bytes=MIB)
LASTING = replace(SMALL, time_s=30)
#: What a kernel and a machine at work may take beyond a limit.
LATE_S = 1.5


def doubled(times):
    """Return an expression of a text that doubles so many times."""
    text = '"xxxxxxxxxx"'
    for _ in range(times):
        text = f'REPLACE({text}, ".", "$0$0")'
    return text


ANY_STEP = "(!<x:y>|^!<x:y>)"
#: Queries of strangers, and the limits that may end them.
HOSTILE = {
    "a cross product": (CROSS, {"time"}),
    "a filtered cross product": (CROSS.replace("i }", "i FILTER(?c < ?f) }"), {"time"}),
    "a path from all to all": (
        f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY_STEP}+ ?b . ?b {ANY_STEP}+ ?c }}",
        {"time", "memory"},
    ),
    "a long path": (
        f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([ANY_STEP] * 20)} ?b }}",
        {"time", "memory"},
    ),
    "a regular expression": (
        (
            f"SELECT (COUNT(*) AS ?n) {{ {BOMB} "
            'FILTER REGEX(CONCAT(?v0, ?v4, ?v7), "^(([0-9]+)+)+x$") }'
        ),
        {"time"},
    ),
    "a concatenation": (
        f"SELECT (GROUP_CONCAT(CONCAT(?v0, ?v1, ?v2, ?v3)) AS ?x) {{ {BOMB} }}",
        {"memory", "time"},
    ),
    "a text that doubles": (f"SELECT ({doubled(40)} AS ?x) {{}}", {"memory", "time"}),
    "a sort": (f"SELECT * {{ {BOMB} }} ORDER BY DESC(?v7)", {"memory", "time"}),
    "distinct rows": (f"SELECT DISTINCT * {{ {BOMB} }} OFFSET 99999999", {"memory", "time"}),
    "rows without end": (f"SELECT * {{ {BOMB} }}", {"rows", "bytes"}),
    "a graph without end": (
        "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
        {"rows", "time"},
    ),
}


@functools.cache
def dumped():
    """Return a file with the shipped graph, from which workers start faster than from its store."""
    path = Path(tempfile.mkdtemp(prefix="pkgraph-")) / "store.nq"
    open_graph().store.engine.dump(path, format=ox.RdfFormat.N_QUADS)
    atexit.register(shutil.rmtree, path.parent)
    return path


def with_pool(scenario, limits=SMALL, *, workers=1, places=pools.PLACES, source=None):
    """Run *scenario*, a function of a pool that returns a coroutine."""
    pool = Pool(source or dumped(), workers, limits, places)
    pool.start()

    async def run():
        await pool.answer(Question("ASK {}", FORMATS))  # the workers are there
        return await asyncio.wait_for(scenario(pool), 60)

    try:
        return asyncio.run(run())
    finally:
        pool.close()


async def ask(pool, text, client="", **more):
    """Return the whole of the answer to *text*."""
    answer = await pool.answer(Question(text, FORMATS, **more), client)
    return answer.body if answer.pieces is None else await whole(answer)


async def whole(answer):
    """Read all pieces of *answer*, and close it."""
    try:
        return b"".join([piece async for piece in answer.pieces])
    finally:
        answer.pieces.close()


def children(number):
    """Return the numbers of the processes that *number* started."""
    return [
        int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()
    ]


def memory(number):
    """Return what memory the process has, in bytes."""
    return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * resource.getpagesize()


def fork_server(pool):
    """Return the number of the process that forks the workers of *pool*."""
    return pool._server._process.pid


async def until(condition, seconds=5):
    """Wait until *condition* holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


# --- limits


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_told_its_limit_in_time(name):
    """It ends within its limit, its memory returns, and the next query is answered."""
    text, limits = HOSTILE[name]

    async def scenario(pool):
        began = time.monotonic()
        with pytest.raises(LimitExceededError, match="which is the limit here") as caught:
            await ask(pool, text)
        assert time.monotonic() - began < SMALL.time_s + LATE_S
        assert caught.value.limit in limits
        began = time.monotonic()
        assert b"bindings" in await ask(pool, HONEST)
        assert time.monotonic() - began < LATE_S
        assert pool.busy == 0
        (worker,) = children(fork_server(pool))
        assert memory(worker) < memory(fork_server(pool)) + 70 * MIB

    with_pool(scenario)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200,
        "SELECT * {" + "{" * 150 + "}" * 151,
        f"SELECT * {{ VALUES ?x {{ {'1 ' * 15_000} }} }}",
        "SELECT * { VALUES ?x { " + "1 " * 5000 + "} }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/>",
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p }",
    ],
)
def test_what_cannot_be_run_is_refused_at_once(text):
    """Depth, length, SERVICE and updates never reach a worker, and a broken query ends none."""

    async def scenario(pool):
        before = children(fork_server(pool))
        with pytest.raises(QuerySyntaxError):
            await ask(pool, text)
        assert children(fork_server(pool)) == before

    with_pool(scenario)


def test_time_of_the_processor_is_limited():
    """A query may have the processor for so long, by the kernel's clock."""

    async def scenario(pool):
        with pytest.raises(
            LimitExceededError, match=r"more than 0\.3 s of the processor"
        ) as caught:
            await ask(pool, CROSS)
        assert caught.value.limit == "cpu"

    with_pool(scenario, Limits(cpu_s=0.3))


def test_the_time_of_one_query_is_not_that_of_the_next():
    """A worker that runs many queries, each within its limit, is not ended."""
    half = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 900 } { SELECT * { ?d ?e ?f } "
    half += "LIMIT 900 } FILTER(STR(?c) < STR(?f)) }"

    async def scenario(pool):
        before = children(fork_server(pool))
        began = time.monotonic()
        while time.monotonic() - began < 1.2:
            await ask(pool, half)
        assert children(fork_server(pool)) == before

    with_pool(scenario, Limits(cpu_s=1))


def test_a_worker_that_is_ended_is_replaced():
    """The next query has another process."""

    async def scenario(pool):
        before = children(fork_server(pool))
        with pytest.raises(LimitExceededError):
            await ask(pool, CROSS)
        await ask(pool, HONEST)
        assert set(children(fork_server(pool))).isdisjoint(before)

    with_pool(scenario, replace(SMALL, time_s=0.3))


def test_a_worker_that_keeps_much_memory_is_not_used_again():
    """What a query left behind does not add up."""

    async def scenario(pool):
        big = "SELECT (STRLEN(GROUP_CONCAT(STR(?o))) AS ?n) { ?s ?p ?o }"
        for _ in range(5):
            await ask(pool, big)
        for worker in children(fork_server(pool)):
            assert memory(worker) < memory(fork_server(pool)) + 70 * MIB

    with_pool(scenario, Limits())


@pytest.mark.parametrize("format_name", ["json", "xml", "csv", "tsv"])
def test_as_many_rows_as_the_limit_are_answered_and_one_more_is_not(format_name):
    """The limit is exact in every format, with values that look like the end of a row."""
    values = '"a\\n,{\\"x" \'a\\r\\n""\' "<result>" "},{"'
    text = f"SELECT ?x ?y {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values} }} }}"
    question = Question(text, {"table": format_name})

    async def scenario(pool):
        pool.limits = Limits(rows=16)
        answer = await pool.answer(question)
        assert len(answer.body) > 100
        pool.limits = Limits(rows=15)
        with pytest.raises(LimitExceededError, match="more than 15 rows"):
            await pool.answer(question)

    with_pool(scenario)


def written(text, format_name):
    """Return what the engine writes as the answer to *text*."""
    result = ox.Store().query(text)  # not in the test: it must be dropped in the thread that asked
    return result.serialize(format=getattr(ox.QueryResultsFormat, format_name.upper()))


TEXTS = st.text(alphabet='a",{}[]:<>/\\\r\n\t&', max_size=12) | st.sampled_from(
    ["<result>", ',{"', ",{", "},{", '},{"x":{"', "\r\n", '"\n"']
)
CELLS = st.none() | TEXTS


@settings(max_examples=200)
@given(
    rows=st.lists(st.tuples(CELLS, TEXTS), max_size=12),
    format_name=st.sampled_from(["json", "xml", "csv", "tsv"]),
    size=st.integers(1, 40),
)
def test_rows_are_counted_in_what_the_engine_writes(rows, format_name, size):
    """However it is cut into pieces, and whatever the values are."""
    values = " ".join(
        f"({'UNDEF' if one is None else ox.Literal(one)} {ox.Literal(two)})" for one, two in rows
    )
    text = written(f"SELECT ?type ?y {{ VALUES (?type ?y) {{ {values} }} }}", format_name)
    counter, count = Rows(format_name), 0
    for start in range(0, len(text), size):
        count = counter.take(text[start : start + size])
    assert count == (len(rows) or (1 if format_name == "json" else 0))


def test_a_large_answer_may_be_read_while_it_grows_and_is_cut_off_with_an_error():
    """What was sent of it is followed by the error, never by an end."""

    async def scenario(pool):
        answer = await pool.answer(Question(f"SELECT * {{ {BOMB} }}", FORMATS))
        assert answer.pieces is not None
        with pytest.raises(LimitExceededError, match=f"larger than {MIB} bytes"):
            await whole(answer)
        assert b"bindings" in await ask(pool, HONEST)

    with_pool(scenario, replace(SMALL, rows=10**9))


def test_an_answer_for_a_page_has_the_first_rows_and_their_number():
    """Only what a page shows leaves the worker; what is too large for a page is told."""

    async def scenario(pool):
        answer = await pool.answer(Question(f"{ALL} LIMIT 700", FORMATS, shown_rows=5))
        assert answer.total == 700
        assert len(read_json(answer.body)[1]) == 5
        with pytest.raises(LimitExceededError, match=f"larger than {pools.PAGE_BYTES} bytes"):
            await pool.answer(
                Question("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", FORMATS, shown_rows=5)
            )

    with_pool(scenario, Limits())


# --- the same answers


QUERIES = (
    "ASK {}",
    "ASK { ?s <x:y> ?o }",
    f"SELECT * WHERE {{ ?s <{PK}host> ?o ; ?p ?x }} ORDER BY ?s ?p ?x ?o",
    "SELECT ?s ?nothing WHERE { ?s a ?c } ORDER BY ?s LIMIT 5",
    "SELECT * WHERE { ?s <x:y> ?o }",
    "DESCRIBE <https://w3id.org/pkgraph/operation/onuc>",
    "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }",
)


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("shown_rows", [None, 100])
def test_workers_and_threads_give_the_same(text, shown_rows):
    """Every format of every kind of answer, whole or for a page."""
    threads = InThreads(open_graph())
    questions = [
        Question(text, {"table": table, "boolean": truth, "triples": triples}, shown_rows)
        for table, truth, triples in (
            ("json", "json", "ttl"),
            ("xml", "xml", "rdf"),
            ("csv", "json", "nt"),
            ("tsv", "json", "jsonld"),
        )
    ]

    async def scenario(pool):
        for question in questions:
            one, other = await pool.answer(question), await threads.answer(question)
            body = one.body if one.pieces is None else await whole(one)
            assert (one.kind, one.format, one.total) == (other.kind, other.format, other.total)
            if one.format == "json":
                assert read_json(body) == read_json(other.body)
            else:
                assert body == other.body

    with_pool(scenario, Limits())


def read_json(body):
    """Return what a table or a truth says."""
    result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    return [variable.value for variable in result.variables], list(map(tuple, result))


@pytest.mark.parametrize(
    ("text", "formats", "words"),
    [
        ('SELECT ("a\\u0001b" AS ?x) {}', {"table": "xml"}, "cannot have, U\\+0001; choose json"),
        ("ASK {}", {"boolean": "csv"}, "yes or no cannot be written as csv"),
        (ALL, {"table": "ttl"}, "no format 'ttl' for a table"),
        (ALL, {"triples": "ttl"}, "the answer is a table, which is not wanted"),
        ("DESCRIBE <x:y>", {"table": "csv"}, "the answer is a graph, which is not wanted"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", {"triples": "csv"}, "no format 'csv' for triples"),
    ],
)
def test_what_cannot_be_written_is_told_alike(text, formats, words):
    """A format that does not fit is an error, in workers and in threads."""
    question = Question(text, formats)

    async def scenario(pool):
        for evaluator in (pool, InThreads(open_graph())):
            with pytest.raises(UnknownFormatError, match=words):
                await evaluator.answer(question)

    with_pool(scenario, Limits())


def test_from_reads_no_file_and_no_address():
    """FROM takes graphs of the store; what is no graph of it is empty."""
    (named,) = open_graph().store.query("SELECT ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1").terms[0]

    async def scenario(pool):
        for place in ("file:///etc/passwd", Path(__file__).as_uri(), "http://127.0.0.1:9/x"):
            empty = await ask(pool, f"SELECT * FROM <{place}> {{ ?s ?p ?o }}")  # noqa: S608
            assert read_json(empty)[1] == []
            empty = await ask(pool, f"SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")  # noqa: S608
            assert read_json(empty)[1] == []
        found = await ask(pool, f"SELECT * FROM {named} {{ ?s ?p ?o }} LIMIT 3")  # noqa: S608
        assert len(read_json(found)[1]) == 3

    with_pool(scenario)


def test_a_store_in_memory_is_asked_as_well(tmp_path):
    """What a server was given as files is what its workers have, union and blank nodes included."""
    path = tmp_path / "data.ttl"
    path.write_text('<x:a> <x:b> [ <x:c> "one" ] .', encoding="utf-8")
    store = build.load([path])
    pool = evaluation.pool_of(store, 1, tmp_path)
    pool.start()
    try:
        body = asyncio.run(ask(pool, "SELECT ?o { <x:a> <x:b>/<x:c> ?o }"))
    finally:
        pool.close()
    assert read_json(body)[1] == [(ox.Literal("one"),)]


def test_a_store_that_is_too_large_for_memory_is_read_from_disk(monkeypatch):
    """The answers are the same."""
    monkeypatch.setattr("pkgraph.evaluation.processes.MOST_IN_MEMORY", 10)

    async def scenario(pool):
        assert memory(fork_server(pool)) < 40 * MIB
        assert len(read_json(await ask(pool, HONEST))[1]) == 3
        with pytest.raises(LimitExceededError):
            await ask(pool, CROSS)
        assert len(read_json(await ask(pool, HONEST))[1]) == 3

    with_pool(scenario, source=Path(open_graph().store.name))


def test_a_store_that_cannot_be_read_is_told(tmp_path, capfd):
    """Each query is told that there are no workers, and none waits for ever."""
    pool = Pool(tmp_path / "nothing", 1)
    try:
        with pytest.raises(EnvironmentFailure, match="forks workers has ended"):
            asyncio.run(ask(pool, HONEST))
        assert pool.busy == 0
        pool._warm()
    finally:
        pool.close()
    assert "cannot be read" in capfd.readouterr().err
    with pytest.raises(EnvironmentFailure, match="the server is ending"):
        pool._server.fork()


# --- workers that die


def test_a_killed_worker_loses_only_its_query():
    """The others go on; the query is asked again once, then fails, and the next is answered."""

    async def scenario(pool):
        await until(lambda: len(children(fork_server(pool))) == 2)
        both = [asyncio.create_task(ask(pool, text)) for text in (CROSS, HALF)]
        await until(lambda: pool.busy == 2)
        await asyncio.sleep(0.1)
        assert b"bindings" in await both[1]
        os.kill(await busiest(pool), signal.SIGKILL)
        await until(lambda: pool.ended["asked again"] == 1)
        assert not both[0].done()
        os.kill(await busiest(pool), signal.SIGKILL)
        with pytest.raises(StoreError, match="has ended; ask again"):
            await both[0]
        assert b"bindings" in await ask(pool, HONEST)

    with_pool(scenario, Limits(time_s=60, cpu_s=60), workers=2)


async def busiest(pool):
    """Return the number of the worker that has the processor, once there is one."""
    while True:
        before = {each: processor_time(each) for each in children(fork_server(pool))}
        await asyncio.sleep(0.3)
        with contextlib.suppress(FileNotFoundError):
            used = {each: processor_time(each) - ticks for each, ticks in before.items()}
            if any(used.values()):
                return max(used, key=used.get)


def test_a_query_whose_worker_is_killed_is_answered_by_another():
    """Whoever asked does not notice; but a query is not asked again that exceeded a limit."""

    async def scenario(pool):
        asked = asyncio.create_task(ask(pool, SLOW))
        os.kill(await busiest(pool), signal.SIGKILL)
        assert b"bindings" in await asked
        assert (pool.ended["asked again"], pool.ended["answered"]) == (1, 2)
        for limits in (Limits(time_s=0.3), Limits(cpu_s=0.3), SMALL):
            pool.limits = limits
            with pytest.raises(LimitExceededError):
                await ask(pool, CROSS if limits != SMALL else HOSTILE["a sort"][0])
        assert pool.ended["asked again"] == 1

    with_pool(scenario, Limits(time_s=60, cpu_s=60))


def test_the_time_that_a_killed_worker_took_counts():
    """Who kills workers cannot make a query run longer than it may."""

    async def scenario(pool):
        begun = time.monotonic()
        asked = asyncio.create_task(ask(pool, CROSS))
        os.kill(await busiest(pool), signal.SIGKILL)
        with pytest.raises(LimitExceededError, match="longer than 3 s"):
            await asked
        assert pool.ended["asked again"] == 1
        assert time.monotonic() - begun < 5.5

    with_pool(scenario, Limits(time_s=3))


def processor_time(number):
    """Return how long the process had the processor, in ticks."""
    return sum(map(int, Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:13]))


def test_a_worker_that_died_idle_loses_no_query():
    """It is not asked any more."""

    async def scenario(pool):
        (worker,) = children(fork_server(pool))
        os.kill(worker, signal.SIGKILL)
        await until(lambda: not pool._idle[0].alive)
        assert b"bindings" in await ask(pool, HONEST)
        assert worker not in children(fork_server(pool))

    with_pool(scenario)


def test_the_process_that_forks_is_started_again():
    """Its workers end with it; the query that they were at is asked again, as is the next."""

    async def scenario(pool):
        first = fork_server(pool)
        asked = asyncio.create_task(ask(pool, SLOW))
        await busiest(pool)
        workers = children(first)
        os.kill(first, signal.SIGKILL)
        assert b"bindings" in await asked
        await until(lambda: not any(Path(f"/proc/{each}").exists() for each in workers))
        assert b"bindings" in await ask(pool, HONEST)
        assert fork_server(pool) != first

    with_pool(scenario, Limits())


def test_only_its_own_children_are_ended():
    """The number of a process that it did not fork is left alone."""
    with tempfile.TemporaryDirectory() as folder:
        server = ForkServer(dumped(), Path(folder))
        stranger = subprocess.Popen(["sleep", "60"])
        try:
            worker = server.fork()
            assert server.end(replace(worker, number=stranger.pid)).code == 0
            assert stranger.poll() is None
        finally:
            server.close()
            stranger.kill()
            stranger.wait()


def test_no_process_is_left_when_the_pool_closes():
    """Neither those that are idle nor those that are busy, nor what they wrote."""
    seen = []

    async def scenario(pool):
        asked = asyncio.create_task(ask(pool, CROSS))
        await asyncio.sleep(0.2)
        seen.extend([fork_server(pool), *children(fork_server(pool)), pool._folder.name])
        asked.cancel()

    with_pool(scenario, Limits(), workers=2)
    *processes, folder = seen
    assert len(processes) == 3
    asyncio.run(until(lambda: not any(Path(f"/proc/{each}").exists() for each in processes)))
    assert not Path(folder).exists()


# --- who waits


def test_a_full_queue_refuses_and_says_when_to_ask_again():
    """Nobody waits without end, and who gives up leaves its place."""

    async def scenario(pool):
        running = asyncio.create_task(ask(pool, CROSS, "a"))
        await asyncio.sleep(0.05)
        waiting = [asyncio.create_task(ask(pool, HONEST, client)) for client in "bc"]
        await asyncio.sleep(0.05)
        assert (pool.busy, pool.waiting) == (1, 2)
        with pytest.raises(BusyError, match="ask again in 30 s") as caught:
            await ask(pool, HONEST, "d")
        assert caught.value.retry_after_s == 30
        waiting[0].cancel()
        await until(lambda: pool.waiting == 1)
        waiting.append(asyncio.create_task(ask(pool, HONEST, "d")))
        await until(lambda: pool.waiting == 2)
        running.cancel()
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(answers[0], asyncio.CancelledError)
        assert all(b"bindings" in each for each in answers[1:])
        assert (pool.busy, pool.waiting) == (0, 0)
        assert pool.ended["refused"] == 1

    with_pool(scenario, Limits(), places=2)


def test_who_waits_too_long_is_told_so():
    """Others that take all the time are no reason to wait for ever."""

    async def scenario(pool):
        pool.limits = Limits(time_s=30)
        running = asyncio.create_task(ask(pool, CROSS))
        await asyncio.sleep(0.05)
        pool.limits = Limits(time_s=0.2)
        with pytest.raises(BusyError, match="took all of the last 1 s"):
            await ask(pool, HONEST)
        assert pool.waiting == 0
        running.cancel()

    with_pool(scenario)


def test_clients_take_turns():
    """One that asks much waits for one that asks little, and cannot take all the places."""

    async def scenario():
        waiting, order = Waiting(8, 5), []

        def wait(client):
            turn = asyncio.get_running_loop().create_future()
            turn.client = client
            waiting.add(client, turn)
            return turn

        first, _ = wait("greedy"), wait("greedy")
        with pytest.raises(BusyError, match="2 of them yours"):
            wait("greedy")
        wait("one")
        wait("two")
        waiting.remove("greedy", first)
        wait("greedy")
        while turn := waiting.next():
            order.append(turn.client)
        assert order == ["greedy", "one", "two", "greedy"]
        assert len(waiting) == 0

    asyncio.run(with_named_futures(scenario))


async def with_named_futures(scenario):
    """Run *scenario* in a loop whose futures take attributes."""
    loop = asyncio.get_running_loop()

    class Named(asyncio.Future):
        client = ""

    loop.create_future = lambda: Named(loop=loop)
    await scenario()


def test_a_query_that_nobody_waits_for_frees_its_worker():
    """Whoever goes takes the query along."""

    async def scenario(pool):
        for _ in range(3):
            asked = asyncio.create_task(ask(pool, CROSS))
            await asyncio.sleep(0.1)
            asked.cancel()
            began = time.monotonic()
            assert b"bindings" in await ask(pool, HONEST)
            assert time.monotonic() - began < LATE_S

    with_pool(scenario, Limits())


def test_a_reader_that_goes_while_its_worker_is_ended_gives_its_turn_back(monkeypatch):
    """To be given up twice is not to keep the place of a worker for ever."""
    end, ending = ForkServer.end, threading.Event()

    def slowly(server, worker):
        ending.set()
        time.sleep(0.3)
        return end(server, worker)

    async def scenario(pool):
        monkeypatch.setattr(ForkServer, "end", slowly)
        answer = await pool.answer(Question(f"SELECT * {{ {BOMB} }}", FORMATS))
        (task,) = pool._tasks
        task.cancel()
        await until(ending.is_set)
        answer.pieces.close()
        await until(lambda: pool.busy == 0)
        assert b"bindings" in await ask(pool, HONEST)

    with_pool(scenario, Limits(rows=10**9))


def test_a_slow_reader_holds_no_worker():
    """A large answer waits in a file, and is whole when it is read at last."""

    async def scenario(pool):
        answer = await pool.answer(Question(ALL, FORMATS))
        assert answer.pieces is not None
        await until(lambda: pool.busy == 0)
        assert b"bindings" in await ask(pool, HONEST)
        rows = read_json(await whole(answer))[1]
        assert len(rows) == len(open_graph().store.query(ALL))
        assert answer.pieces.closed

    with_pool(scenario, Limits())


def test_a_reader_that_goes_ends_the_query():
    """What nobody reads is not written to the end, and its file is gone."""

    async def scenario(pool):
        answer = await pool.answer(Question(f"SELECT * {{ {BOMB} }}", FORMATS))
        assert unread(pool) == []
        answer.pieces.close()
        answer.pieces.close()
        await until(lambda: pool.busy == 0)
        assert unread(pool) == []

    with_pool(scenario, Limits(rows=10**9))


def test_large_answers_are_read_only_so_many_at_a_time(monkeypatch):
    """Slow readers cannot fill the disk."""
    monkeypatch.setattr(pools, "OPEN_FILES", 2)

    async def scenario(pool):
        held = [await pool.answer(Question(ALL, FORMATS)) for _ in range(2)]
        with pytest.raises(BusyError, match="large answers"):
            await ask(pool, HONEST)
        for each in held:
            each.pieces.close()
        assert b"bindings" in await ask(pool, HONEST)

    with_pool(scenario, Limits())


def unread(pool):
    """Return the names of the files that hold answers."""
    return list(Path(pool._folder.name).glob("answer*"))


# --- over HTTP


@contextlib.contextmanager
def served(limits, workers=1, places=pools.PLACES):
    """Run a server with such workers; give its address and the pool."""
    graph = open_graph()
    pool = Pool(dumped(), workers, limits, places)
    pool.start()
    config = uvicorn.Config(web.app(graph, evaluator=pool), port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            while not server.started:
                time.sleep(0.01)
            assert get(address, "ASK {}").status_code == 200
            yield address, pool
        finally:
            server.should_exit = True
            thread.join()
            pool.close()


def get(address, text, **headers):
    """Ask *text* as a program does."""
    return httpx2.get(
        f"{address}/sparql",
        params={"query": text},
        headers={"Accept": "*/*", **headers},
        timeout=60,
    )


@pytest.mark.parametrize(
    ("text", "limits", "status", "words"),
    [
        (CROSS, Limits(time_s=0.5), 504, "takes longer than 0.5 s"),
        (CROSS, Limits(cpu_s=0.3), 504, "more than 0.3 s of the processor"),
        (f"SELECT * {{ {BOMB} }} ORDER BY ?v7", LASTING, 507, "more than 150 MiB of memory"),
        (ALL, Limits(rows=100), 413, "more than 100 rows"),
        (ALL, Limits(bytes=2000), 413, "larger than 2000 bytes"),
    ],
)
def test_each_limit_has_its_status(text, limits, status, words):
    """The message names the limit, for programs and for people."""
    with served(replace(limits, time_s=max(limits.time_s, 0.5))) as (address, _):
        answer = get(address, text)
        assert (answer.status_code, words in answer.text) == (status, True)
        page = get(address, text, Accept="text/html")
        if "bytes" not in words:  # of a table a page has only the first rows
            assert (page.status_code, words in page.text) == (status, True)
        assert get(address, HONEST).status_code == 200


def test_a_full_queue_is_503_with_the_time_to_wait():
    """Retry-After is a number of seconds."""
    with served(Limits(time_s=2), places=1) as (address, pool):
        threads = [threading.Thread(target=get, args=(address, CROSS)) for _ in range(2)]
        for thread in threads:
            thread.start()
        asyncio.run(until(lambda: (pool.busy, pool.waiting) == (1, 1)))
        answer = get(address, HONEST)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
        assert httpx2.get(f"{address}/health").status_code == 200
        for thread in threads:
            thread.join()


def test_an_answer_that_is_cut_off_cannot_be_taken_for_the_whole():
    """Its last chunk is missing, which every client has to notice."""
    limits = Limits(bytes=3 * MIB, rows=10**9)
    with served(limits) as (address, _):
        assert len(get(address, f"{ALL} LIMIT 2000").content) > AT_ONCE_BYTES
        with pytest.raises(httpx2.RemoteProtocolError):
            get(address, f"SELECT * {{ {BOMB} }}")
        head = httpx2.head(f"{address}/sparql", params={"query": f"{ALL} LIMIT 2000"})
        assert (head.status_code, head.content) == (200, b"")
        assert get(address, HONEST).status_code == 200


def connected(address, text):
    """Return a connection over which *text* was asked."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    query = httpx2.QueryParams({"query": text})
    connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def test_a_client_that_goes_frees_the_worker_and_its_place():
    """Whether it was being answered or waited."""
    with served(Limits()) as (address, pool):
        running = connected(address, CROSS)
        asyncio.run(until(lambda: pool.busy == 1))
        waiting = connected(address, CROSS)
        asyncio.run(until(lambda: pool.waiting == 1))
        waiting.close()
        asyncio.run(until(lambda: pool.waiting == 0))
        running.close()
        asyncio.run(until(lambda: pool.busy == 0))
        assert pool.ended["given up"] == 2
        assert get(address, HONEST).status_code == 200


def test_a_client_that_takes_nothing_is_left(monkeypatch):
    """A reader that stalls is cut off after a while, and its file is closed."""
    monkeypatch.setattr(evaluating, "STALLED_S", 0.3)
    with served(Limits()) as (address, pool):
        with connected(address, ALL):
            asyncio.run(until(lambda: len(pool._files) == 1))
            asyncio.run(until(lambda: all(each.closed for each in pool._files)))
        assert get(address, HONEST).status_code == 200


# --- the command


@contextlib.contextmanager
def started(folder, *arguments):
    """Run the server as a command that has *folder* for its files; give it and its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "pkgraph", "serve", "--port", "0", *arguments],
        env={**os.environ, "TMPDIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            found = re.search(r"Serving at (\S+)/ ", process.stderr.readline())
            assert get(found[1], HONEST).status_code == 200
            yield process, found[1]
        finally:
            process.kill()


def family(number):
    """Return the numbers of all processes that come from *number*."""
    own = children(number)
    return own + [each for child in own for each in family(child)]


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_server(sent, tmp_path):
    """However it ends, and whatever they are at; asked to end, it leaves nothing and says 0."""
    with started(tmp_path, "--workers", "2") as (process, address):
        asyncio.run(until(lambda: len(family(process.pid)) == 3, 10))
        with connected(address, CROSS):
            time.sleep(0.2)
            workers = family(process.pid)
            process.send_signal(sent)
            process.communicate(timeout=30)
    if sent == signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 0
        assert list(tmp_path.iterdir()) == []
    asyncio.run(until(lambda: not any(Path(f"/proc/{each}").exists() for each in workers)))


def test_a_server_may_have_no_workers(tmp_path):
    """With 0 the queries run in threads, as they do where an endpoint elsewhere is asked."""
    with started(tmp_path, "--workers", "0") as (process, _):
        assert family(process.pid) == []
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    with pytest.raises(UsageError, match="there cannot be -1 workers"):
        web.serve(open_graph(), "127.0.0.1", 0, workers=-1)


def test_an_endpoint_elsewhere_has_no_workers():
    """What is passed on has limits of its own."""

    class Elsewhere:
        name = "http://127.0.0.1:9/sparql"

    release = releases.Release(workers=2)
    release.graph = Graph(Elsewhere(), "x")
    assert release._evaluator(Counter()) is None
