"""How the server tells its state: whether it is ready, metrics and the log."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys

import httpx2
import pytest
from starlette.testclient import TestClient

from pkgraph import web
from pkgraph.errors import StoreError
from pkgraph.graph import Graph
from pkgraph.web import observing

ATTACKS = "/api/queries/attacks-on"
TARGET = {"target": "bellamy-2004-1-two-kinds"}


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph's server."""
    return TestClient(web.app(graph), follow_redirects=False)


@pytest.fixture(scope="module")
def broken():
    """Return a client of a server whose store does not answer, or breaks."""

    class Failing:
        name = "failing"

        def query(self, text):
            if "GRAPH" in text:
                raise RuntimeError("the inside")
            raise StoreError("the store in failing cannot answer")

    application = web.app(Graph(Failing(), "none"))
    return TestClient(application, raise_server_exceptions=False, follow_redirects=False)


def test_ready_is_said_only_where_the_store_answers(site, broken):
    """A balancer sends requests to a server whose store answers, and to no other."""
    response = site.get("/ready")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert response.headers["cache-control"] == "no-store"
    assert broken.get("/ready").status_code == 503


def counts(client):
    """Return the samples of the metrics, by name with labels."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_requests_are_counted_by_route_and_status(graph):
    """Metrics count requests and their time by the route, never by the address that was asked."""
    client = TestClient(web.app(graph), follow_redirects=False)
    for address in ("/ready", "/api/queries/nope", "/a/b/c/d/e", f"{ATTACKS}?target=a"):
        client.get(address)
    client.request("BREW", "/ready")
    found = counts(client)
    total = 'pkgraph_http_requests_total{method="%s",route="%s",status="%s"}'
    assert found[total % ("GET", "/ready", 200)] == 1
    assert found[total % ("GET", "/api/queries/{name}", 404)] == 2
    assert found[total % ("GET", "none", 404)] == 1
    assert found[total % ("other", "/ready", 405)] == 1
    seconds = 'pkgraph_http_request_duration_seconds_count{route="/api/queries/{name}"}'
    assert found[seconds] == 2
    assert not any("nope" in name for name in found)
    assert found[f'pkgraph_graph{{release="{graph.release}",version="0.1.0"}}'] == 1


def test_faults_are_counted(broken):
    """A request at which the server fails is counted as such."""
    assert broken.get("/graph/any.ttl").status_code == 500
    assert counts(broken)[
        'pkgraph_http_requests_total{method="GET",route="/graph/{path:path}",status="500"}'
    ]


def test_the_use_of_the_cache_is_counted(graph):
    """Metrics have the hits and misses of what is kept, and how much it takes."""
    client = TestClient(web.app(graph))
    for _ in range(3):
        client.get("/queries")
        client.get(ATTACKS, params=TARGET)
    found = counts(client)
    assert found['pkgraph_cache_requests_total{outcome="miss"}'] == 2
    assert found['pkgraph_cache_requests_total{outcome="hit"}'] == 4
    assert found["pkgraph_cache_answers"] == 2
    assert found["pkgraph_cache_bytes"] > 1000


@pytest.fixture
def access():
    """Write the log of requests to a text, which is returned."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(observing.JsonLines())
    logger = logging.getLogger("pkgraph.access")
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    yield text
    logger.removeHandler(handler)
    logger.setLevel(before[0])
    logger.propagate = before[1]


def test_a_line_of_the_log_is_json_without_secrets(site, access):
    """The log has route, status and time of each request; not who asked, nor what for."""
    site.get(
        "/search?q=hush", headers={"Authorization": "Bearer hush", "X-Forwarded-For": "192.0.2.7"}
    )
    site.get("/search?q=hush")
    site.post("/sparql", data={"query": "SELECT ?hush {}"})
    site.get("/a%0A%22b/c/d/e" + "x" * 500)
    lines = access.getvalue().splitlines()
    assert len(lines) == 4
    assert not re.search("hush|192|testclient", access.getvalue())
    first, second, third, fourth = map(json.loads, lines)
    assert first["path"] == first["route"] == "/search"
    assert (first["method"], first["status"], first["event"]) == ("GET", 200, "request")
    assert first["bytes"] > 100
    assert first["milliseconds"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert (first["cache"], second["cache"]) == ("miss", "hit")
    assert "cache" not in third
    assert (fourth["route"], len(fourth["path"])) == ("none", 200)


def test_faults_are_lines_of_the_log_too():
    """What went wrong at a fault is in the line, and stays one line."""
    error = RuntimeError("two\nlines")
    cause = (RuntimeError, error, None)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), cause)
    line = observing.JsonLines().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["event"]) == ("error", "failed")
    assert "RuntimeError: two\nlines" in told["exception"]


def test_the_command_logs_if_it_is_asked_to():
    """With --log json there is a line on stderr for each request, and nothing else."""
    command = [sys.executable, "-m", "pkgraph", "serve", "--port", "0", "--log", "json"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        address = re.search(r"http://[\d.:]+", process.stderr.readline())[0]
        assert httpx2.get(f"{address}/health").status_code == 200
        assert httpx2.get(f"{address}/nothing-here").status_code == 404
        told = [json.loads(process.stderr.readline()) for _ in range(2)]
        process.terminate()
        rest = process.stderr.read()
    assert [(each["path"], each["status"]) for each in told] == [
        ("/health", 200),
        ("/nothing-here", 404),
    ]
    assert rest == ""
