"""A server takes another state of the graph into service, and ends, without losing a request."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import httpx2
import pytest
from contributing import ADA, CLAIM, written

from pkgraph import build, contribution, open_graph
from pkgraph.errors import EnvironmentFailure, InputError, UsageError
from pkgraph.evaluation import Pool
from pkgraph.graph import Graph
from pkgraph.web import releases
from pkgraph.web.releases import Serving

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
VALUE = f"SELECT ?o {{ <concept/x> {LABEL} ?o }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
#: How long a machine that is busy may take for anything.
PATIENCE_S = 60


def until(condition, what=""):
    """Wait until *condition* holds, and return what it gives."""
    end = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < end, what
        time.sleep(0.02)
    return found


def said(folder, value):
    """Have the data in *folder* say *value*; return its file."""
    text = "<https://w3id.org/pkgraph/concept/x> a <https://w3id.org/pkgraph/ontology#Concept> ; "
    text += f'{LABEL} "{value}"@en .\n'
    path = folder / "new.ttl"
    path.write_text(text, "utf-8")
    return path.replace(folder / "data.ttl")


# --- as a command


@contextlib.contextmanager
def started(folder, *arguments, **more):
    """Run the server as a command with temporary files in *folder*; give it and its address."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "pkgraph", "serve", "--port", "0", "--log", "json", *arguments],
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
        **more,
    ) as process:
        lines, before = [], ""
        try:
            while not (found := re.search(r"Serving at (\S+)/ ", before)):
                line = process.stderr.readline()
                assert line, before
                before += line
            reading = threading.Thread(target=lambda: lines.extend(process.stderr), daemon=True)
            reading.start()
            process.lines = lines
            until(lambda: httpx2.get(f"{found[1]}/ready", timeout=60).status_code == 200)
            yield process, found[1]
        finally:
            process.kill()
            reading.join()


def sparql(address, text=VALUE, client=httpx2):
    """Return the answer to *text* as a program is given it."""
    return client.get(
        f"{address}/sparql", params={"query": text}, headers={"Accept": "text/csv"}, timeout=60
    )


def truth(address, text):
    """Return the answer to *text*, which is yes or no."""
    return httpx2.get(
        f"{address}/sparql", params={"query": text, "format": "json"}, timeout=60
    ).text


def counted(address):
    """Return the samples of the metrics."""
    lines = httpx2.get(f"{address}/metrics", timeout=60).text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def reloads(address, outcome):
    """Return how often the graph was opened with this *outcome*."""
    return float(counted(address).get(f'pkgraph_reloads_total{{outcome="{outcome}"}}', 0))


def family(number):
    """Return the numbers of all processes that come from *number*."""
    own = [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    return own + [each for child in own for each in family(child)]


@pytest.mark.slow
def test_a_reload_serves_what_the_files_say_then_and_drops_no_request(tmp_path):
    """Each answer is of one state and names it; ETag, health and metrics follow."""
    data, stop, answers = said(tmp_path, "one"), threading.Event(), []

    def ask():
        with httpx2.Client() as client:
            while not stop.is_set():
                answer = sparql(address, client=client)
                page = client.get(f"{address}/concept/x.ttl", timeout=60)
                for each in (answer, page):
                    (value,) = re.findall(r"\b(?:one|two)\b", each.text)
                    answers.append((each.status_code, value, each.headers["pkgraph-release"]))

    with started(tmp_path, "--data", str(data), "--workers", "1") as (process, address):
        before = httpx2.get(f"{address}/health").json()["release"]
        tag = httpx2.get(f"{address}/concept/x.ttl").headers["etag"]
        asking = [threading.Thread(target=ask) for _ in range(3)]
        for each in asking:
            each.start()
        try:
            until(lambda: len(answers) > 20)
            old = family(process.pid)
            said(tmp_path, "two")
            process.send_signal(signal.SIGHUP)
            until(lambda: reloads(address, "reloaded") == 1)
            count = len(answers)
            until(lambda: len(answers) > count + 20)
        finally:
            stop.set()
            for each in asking:
                each.join()
        after = httpx2.get(f"{address}/health").json()["release"]
        assert before != after
        assert set(answers) == {(200, "one", before), (200, "two", after)}
        assert {each[1:] for each in answers[-5:]} == {("two", after)}
        again = httpx2.get(f"{address}/concept/x.ttl", headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"] == tag) == (200, False)
        # The workers of the old state end, what was counted is not forgotten.
        until(lambda: not any(Path(f"/proc/{each}").exists() for each in old))
        assert len(family(process.pid)) == 2
        assert len(list((tmp_path / "temporary").iterdir())) == 2
        samples = counted(address)
        assert f'pkgraph_graph{{release="{after}",version="0.1.0"}}' in samples
        assert not any(before in each for each in samples)
        route = 'pkgraph_http_requests_total{method="GET",route="/sparql",status="200"}'
        assert float(samples[route]) == len(answers) / 2
        # Each state was asked at least once, and the rest answered from what was kept.
        asked = float(samples['pkgraph_queries_total{outcome="answered"}'])
        assert 2 <= asked < len(answers) / 2
        assert samples["pkgraph_queries_running"] == samples["pkgraph_queries_waiting"] == "0.0"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
def test_the_log_tells_of_reloads(tmp_path):
    """Of one that changed nothing as well, and why one is not possible; what was served goes on."""
    data = said(tmp_path, "one")
    with started(tmp_path, "--data", str(data), "--workers", "1") as (process, address):
        said(tmp_path, "two")
        process.send_signal(signal.SIGHUP)
        until(lambda: reloads(address, "reloaded") == 1)
        after = httpx2.get(f"{address}/health").json()["release"]
        process.send_signal(signal.SIGHUP)
        until(lambda: reloads(address, "unchanged") == 1)
        data.write_text("this is no Turtle", "utf-8")
        process.send_signal(signal.SIGHUP)
        until(lambda: reloads(address, "TurtleSyntaxError") == 1)
        assert httpx2.get(f"{address}/ready").json()["release"] == after
        assert sparql(address).text.split() == ["o", "two"]
        assert len(family(process.pid)) == 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    told = [json.loads(line) for line in process.lines]
    news = [(each["level"], each["event"]) for each in told if each["event"] != "request"]
    assert news[0] == ("info", f"the graph is now {after}")
    assert news[1] == ("info", f"the graph is what it was: {after}")
    assert news[2][0] == "error"
    assert re.match("the graph cannot be reloaded: .*data.ttl.*line 1", news[2][1])
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
def test_a_store_that_takes_contributions_is_served_as_it_was(tmp_path):
    """What is contributed is seen after a reload, not before; snapshots go with their releases."""
    folder = tmp_path / "store"
    claim = written(tmp_path, "one.ttl", CLAIM % {"n": "one"})
    contribution.contribute([claim], ADA, folder)
    address_of = "/claim/{}-calm.ttl".format
    with started(tmp_path, "--data", str(folder), "--workers", "1") as (process, address):
        for number, name in enumerate(("two", "three"), 1):
            claim = written(tmp_path, f"{name}.ttl", CLAIM % {"n": name})
            contribution.contribute([claim], ADA, folder)
            assert httpx2.get(address + address_of("one")).status_code == 200
            assert httpx2.get(address + address_of(name)).status_code == 404
            # A worker that is started later sees the same as the pages do.
            os.kill(family(process.pid)[0], signal.SIGKILL)
            question = f"ASK {{ <claim/{name}-calm> ?p ?o }}"
            assert "false" in truth(address, question)
            process.send_signal(signal.SIGHUP)
            until(lambda number=number: reloads(address, "reloaded") == number)
            assert httpx2.get(address + address_of(name)).status_code == 200
            assert "true" in truth(address, question)
            until(lambda: len(list((folder / "snapshots").iterdir())) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert list((folder / "snapshots").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_end(sent, tmp_path):
    """No new connection is accepted meanwhile, and nothing is left."""
    slow = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 1000 } "
    slow += "{ SELECT * { ?d ?e ?f } LIMIT 1000 } FILTER(STR(?c) < STR(?f)) }"
    answers = []
    with started(tmp_path, "--workers", "1") as (process, address):
        asking = threading.Thread(target=lambda: answers.append(sparql(address, slow)))
        asking.start()
        until(lambda: counted(address)["pkgraph_queries_running"] == "1.0")
        workers = family(process.pid)
        process.send_signal(sent)
        until(lambda: not accepts(address))
        asking.join()
        assert process.wait(60) == 0
    assert [each.status_code for each in answers] == [200]
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in workers))
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
def test_a_second_signal_ends_at_once(tmp_path):
    """Whoever does not want to wait for what is under way need not."""
    with started(tmp_path, "--workers", "1") as (process, address):
        asking = threading.Thread(target=lambda: sparql_or_none(address, ENDLESS))
        asking.start()
        until(lambda: busy(family(process.pid)))
        process.send_signal(signal.SIGTERM)
        until(lambda: not accepts(address))
        assert process.poll() is None
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert time.monotonic() - begun < 4
        asking.join()
    assert list((tmp_path / "temporary").iterdir()) == []


def sparql_or_none(address, text):
    """Ask *text*, whose answer may never come."""
    with contextlib.suppress(httpx2.HTTPError):
        sparql(address, text)


def accepts(address):
    """Tell whether a connection can be made."""
    host, port = address.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port))).close()
    except ConnectionError:
        return False
    return True


def busy(processes):
    """Tell whether one of *processes* has the processor for a while."""

    def ticks(number):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])
        return 0

    before = {each: ticks(each) for each in processes}
    time.sleep(0.2)
    return any(ticks(each) - before[each] > 5 for each in processes)


@pytest.mark.slow
def test_an_end_in_the_middle_of_a_reload_leaves_nothing(tmp_path):
    """The release that is being opened is given up."""
    data = said(tmp_path, "one")
    with started(tmp_path, "--data", str(data), "--workers", "1") as (process, _):
        said(tmp_path, "two")
        process.send_signal(signal.SIGHUP)
        until(lambda: len(list((tmp_path / "temporary").iterdir())) > 2)
        workers = family(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in workers))
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
def test_a_terminal_that_is_closed_ends_the_server(tmp_path):
    """SIGHUP is what a terminal sends when it goes; a server without one reloads."""
    ours, theirs = pty.openpty()
    code = (
        "import os, sys, fcntl, termios; os.setsid(); "
        "fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        "os.execv(sys.executable, [sys.executable, '-m', 'pkgraph', 'serve', '--port', '0'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as process:
        os.close(theirs)
        try:
            assert "Serving at" in process.stderr.readline()
            os.kill(process.pid, signal.SIGHUP)  # it has its terminal, and goes on
            time.sleep(0.5)
            assert process.poll() is None
            os.close(ours)
            process.wait(60)
        finally:
            process.kill()
        assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


# --- inside


class Given:
    """Opens graphs that are given one after the other."""

    def __init__(self, *graphs):
        self.graphs = list(graphs)
        self.open = 0
        self.most = 0
        self.opened = 0
        self.go_on = threading.Event()
        self.go_on.set()

    @contextlib.contextmanager
    def __call__(self):
        """Give the next graph."""
        self.open += 1
        self.opened += 1
        self.most = max(self.open, self.most)
        try:
            assert self.go_on.wait(PATIENCE_S)
            found = self.graphs.pop(0) if len(self.graphs) > 1 else self.graphs[0]
            if isinstance(found, Exception):
                raise found
            yield found
        finally:
            self.open -= 1


def loaded(folder, value):
    """Return a graph that says *value*, and is named so."""
    return Graph(build.load([said(folder, value)]), value)


async def get(serving, path, **more):
    """Return the response of *serving*."""
    transport = httpx2.ASGITransport(app=serving)
    async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
        return await client.get(path, **more)


async def eventually(condition):
    """Wait until *condition* holds."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def serve(scenario, opening, workers=0):
    """Run *scenario*, a function of what serves that returns a coroutine."""
    serving = Serving(opening, None, workers)

    async def run():
        serving.run()
        await asyncio.wait_for(scenario(serving), PATIENCE_S)

    with contextlib.closing(serving):
        serving.start()
        asyncio.run(run())


def outcomes(serving, outcome):
    """Return how often the graph was opened with this *outcome*."""
    return serving.metrics._reloads.labels(outcome)._value.get()


def test_many_reloads_at_once_are_two(tmp_path):
    """One that is asked for during another comes after it, and is one, however often."""
    opening = Given(*(loaded(tmp_path, each) for each in ("one", "two", "three")))

    async def scenario(serving):
        opening.go_on.clear()
        serving.reload()
        await eventually(lambda: opening.opened == 2)
        threads = [threading.Thread(target=serving.reload) for _ in range(20)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        await asyncio.sleep(0.1)
        assert opening.opened == 2
        assert (await get(serving, "/ready")).json()["release"] == "one"
        opening.go_on.set()
        await eventually(lambda: outcomes(serving, "reloaded") == 2)
        assert (await get(serving, "/health")).json()["release"] == "three"
        await eventually(lambda: opening.open == 1)
        assert opening.opened == 3
        assert opening.most == 2

    serve(scenario, opening)
    assert opening.open == 0


def test_a_reload_that_was_asked_for_too_early_is_made_later(tmp_path):
    """A signal that comes while the first release is being opened is not lost."""
    opening = Given(loaded(tmp_path, "one"), loaded(tmp_path, "two"))
    serving = Serving(opening)

    async def run():
        serving.run()
        await eventually(lambda: outcomes(serving, "reloaded") == 1)

    with contextlib.closing(serving):
        serving.start()
        serving.reload()
        assert opening.opened == 1
        asyncio.run(run())
    serving.reload()  # nobody is there any more
    assert opening.open == 0


@pytest.mark.parametrize("error", [InputError("it is broken"), ValueError("a fault of ours")])
def test_what_cannot_be_opened_is_told_and_the_old_goes_on(error, tmp_path, caplog):
    """The log has a traceback for what is a fault of the program alone."""
    opening = Given(loaded(tmp_path, "one"), error, loaded(tmp_path, "two"))

    async def scenario(serving):
        serving.reload()
        await eventually(lambda: outcomes(serving, type(error).__name__) == 1)
        assert (await get(serving, "/ready")).json()["release"] == "one"
        (record,) = caplog.records
        assert record.getMessage() == f"the graph cannot be reloaded: {error}"
        assert bool(record.exc_info) is isinstance(error, ValueError)
        serving.reload()
        await eventually(lambda: outcomes(serving, "reloaded") == 1)

    serve(scenario, opening)
    assert opening.open == 0


def test_workers_that_cannot_start_keep_the_old_release(tmp_path, monkeypatch, caplog):
    """A release is taken into service only with its workers ready."""
    opening = Given(loaded(tmp_path, "one"), loaded(tmp_path, "two"))

    async def scenario(serving):
        await eventually(lambda: serving._current.pool.ready)
        monkeypatch.setattr(sys, "executable", "/bin/false")
        serving.reload()
        await eventually(lambda: outcomes(serving, "EnvironmentFailure") == 1)
        response = await get(serving, "/sparql", params={"query": VALUE, "format": "csv"})
        assert response.text.split() == ["o", "one"]
        assert "cannot be reloaded" in caplog.text

    serve(scenario, opening, workers=1)
    assert opening.open == 0


def test_a_request_ends_with_the_release_that_it_began_with(tmp_path):
    """That is closed after its last request, and its memory returns."""
    opening = Given(loaded(tmp_path, "one"), loaded(tmp_path, "two"))
    old = weakref.ref(opening.graphs[0].store)

    async def scenario(serving):
        for _ in range(2):
            assert "one" in (await get(serving, "/concept/x.ttl")).text
        assert (len(serving.metrics.cache), serving.metrics.cache.hits) == (1, 1)
        inside, release = serving._current.application, asyncio.Event()
        begun = asyncio.Event()

        async def slow(scope, receive, send):
            begun.set()
            await release.wait()
            await inside(scope, receive, send)

        serving._current.application = slow
        asked = asyncio.create_task(get(serving, "/concept/x.ttl", headers={"Accept": "*/*"}))
        await begun.wait()
        serving.reload()
        await eventually(lambda: outcomes(serving, "reloaded") == 1)
        assert "two" in (await get(serving, "/concept/x.ttl")).text
        assert opening.open == 2
        release.set()
        answer = await asked
        assert ("one" in answer.text, answer.headers["pkgraph-release"]) == (True, "one")
        await eventually(lambda: opening.open == 1)
        assert {key[0] for key in serving.metrics.cache._kept} == {"two"}
        assert serving.metrics.cache.size > 0
        serving_closed = serving._threads
        await eventually(lambda: not serving_closed)

    serve(scenario, opening)
    gc.collect()
    assert old() is None


def test_an_old_release_keeps_its_workers_only_for_a_while(tmp_path, monkeypatch):
    """A reader that is slow without end holds no process."""
    monkeypatch.setattr(releases, "_WORKERS_S", 0.1)
    opening = Given(loaded(tmp_path, "one"), loaded(tmp_path, "two"))

    async def scenario(serving):
        old = serving._current
        old.requests += 1
        await eventually(lambda: old.pool.ready)
        serving.reload()
        await eventually(lambda: outcomes(serving, "reloaded") == 1)
        await eventually(lambda: old.pool._server._process is None)
        assert opening.open == 2
        old.requests -= 1
        serving._let_go(old)
        await eventually(lambda: opening.open == 1)

    serve(scenario, opening, workers=1)


def test_ready_is_not_said_before_the_workers_are_nor_at_the_end(tmp_path, monkeypatch):
    """A balancer is to ask others then, and everything else is still answered."""
    go_on = threading.Event()
    warm = Pool._warm

    def slow(pool):
        assert go_on.wait(PATIENCE_S)
        warm(pool)

    monkeypatch.setattr(Pool, "_warm", slow)

    async def scenario(serving):
        early = await get(serving, "/ready")
        assert (early.status_code, early.headers["retry-after"]) == (503, "1")
        assert "not ready" in early.text
        assert (await get(serving, "/health")).status_code == 200
        go_on.set()
        await eventually(lambda: serving._current.pool.ready)
        assert (await get(serving, "/ready")).status_code == 200
        serving.end()
        late = await get(serving, "/ready")
        assert (late.status_code, "the server is ending" in late.text) == (503, True)
        assert (await get(serving, "/health")).status_code == 200
        serving.reload()
        await asyncio.sleep(0.1)
        assert serving._next is None

    serve(scenario, Given(loaded(tmp_path, "one")), workers=1)


def test_what_is_being_opened_when_the_server_ends_is_given_up(tmp_path):
    """Whether it waits for its workers or for the graph."""
    opening = Given(loaded(tmp_path, "one"), loaded(tmp_path, "two"))

    async def scenario(serving):
        opening.go_on.clear()
        serving.reload()
        await eventually(lambda: opening.opened == 2)

    serving = Serving(opening)
    serving.start()

    async def run():
        serving.run()
        await scenario(serving)

    asyncio.run(run())
    threading.Timer(0.2, opening.go_on.set).start()
    serving.close()
    assert opening.open == 0
    release = releases.Release()
    release.give_up()
    with pytest.raises(EnvironmentFailure, match="the server is ending"):
        release.open(opening)
    release.close()
    assert opening.open == 0


def test_a_base_url_that_is_none_is_told_at_the_start(tmp_path):
    """Nothing is left open."""
    opening = Given(loaded(tmp_path, "one"))
    with contextlib.closing(Serving(opening, "not a URL")) as serving, pytest.raises(UsageError):
        serving.start()
    assert opening.open == 0


def test_a_shipped_file_that_changed_makes_another_release(tmp_path, monkeypatch):
    """What the command opens is what the files say at that time."""
    from argparse import Namespace

    from pkgraph.cli import serving

    arguments = Namespace(data=[], endpoint=None, source=[])
    with serving.opened(arguments) as one:
        assert one.release == open_graph().release
        path = tmp_path / "more.ttl"
        path.write_text("<x:a> <x:b> <x:c> .", "utf-8")
        shipped = build._shipped_files()
        monkeypatch.setattr(build, "_shipped_files", lambda: [*shipped, path])
        with serving.opened(arguments) as two:
            assert one.release != two.release
            assert two.sparql("ASK { <x:a> <x:b> <x:c> }") is True
        monkeypatch.undo()
    with serving.opened(arguments) as three:
        assert three.release == one.release
