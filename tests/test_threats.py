"""Promises of THREAT_MODEL.md that no other module of tests is about: headers first of all."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import replace

import httpx2
import pytest
from starlette.routing import Mount
from starlette.testclient import TestClient
from test_workers import (
    ALL,
    BOMB,
    CROSS,
    HONEST,
    MIB,
    ask,
    connected,
    get,
    served,
    started,
    until,
    with_pool,
)

from pkgraph import tokens, web
from pkgraph.errors import LimitExceededError, QuerySyntaxError
from pkgraph.evaluation import Limits, Question
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE
from pkgraph.verdicts import apart
from pkgraph.web import negotiation, server

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EVIL = "</title></textarea>\"'><script>alert(1)</script>"
TURTLE = {"Content-Type": "text/turtle", "Accept": "application/json"}
#: What anybody may ask for, and what is for the operator alone.
CLOSED = {"/metrics"}
#: Requests that come to every route, and to every kind of answer.
REQUESTS = (
    ("GET", "/", {}),
    ("HEAD", "/", {}),
    ("GET", "/search?q=kaldor", {}),
    ("GET", "/search?q=un&kind=operations&page=2", {}),
    ("GET", "/search?q=%00", {}),
    ("GET", "/suggest?q=kal", {}),
    ("GET", "/suggest?q=%00", {}),
    ("GET", "/static/suggest.js", {}),
    ("GET", "/health", {}),
    ("GET", "/ready", {}),
    ("GET", "/metrics", {}),
    ("GET", "/openapi.json", {}),
    ("GET", "/api/queries", {}),
    ("GET", "/api/queries/typologies", {}),
    ("GET", "/api/queries/attacks-on?target=none-such", {}),
    ("GET", "/sparql", {}),
    ("GET", "/sparql?query=ASK+{}", {"Accept": "*/*"}),
    ("GET", "/sparql?query=SELECT", {"Accept": "application/json"}),
    ("POST", "/sparql", {"Content-Type": "text/plain"}),
    ("OPTIONS", "/sparql", {}),
    ("GET", "/graph-store?graph=urn:none", {"Accept": "*/*"}),
    ("OPTIONS", "/graph-store", {}),
    ("GET", "/queries", {}),
    ("GET", "/queries/typologies", {}),
    ("GET", "/queries/typologies.csv", {}),
    ("GET", "/check", {}),
    ("POST", "/check", {"Content-Type": "text/turtle", "content": "<urn:a> <urn:b> <urn:c> ."}),
    ("OPTIONS", "/check", {}),
    ("GET", "/reconcile", {}),
    ("GET", "/reconcile?callback=a.b", {}),
    ("GET", "/reconcile/properties?type=State", {}),
    ("GET", "/reconcile/suggest/entity?prefix=un", {}),
    ("GET", "/static/style.css", {}),
    ("GET", "/static/style.css", {"If-None-Match": "known"}),
    ("GET", "/static/none", {}),
    *(
        ("GET", f"{path}{ending}", {})
        for path, endings in (
            ("/ontology", ("", ".html", ".ttl", ".nt", ".jsonld", ".rdf")),
            ("/shapes", ("", ".html", ".ttl", ".nt", ".jsonld", ".rdf")),
            ("/dataset", ("", ".html", ".ttl", ".nt", ".jsonld", ".rdf")),
            ("/.well-known/void", ("", ".ttl", ".nt", ".jsonld", ".rdf")),
            ("/.well-known/sparql-examples", ("", ".ttl", ".nt", ".jsonld", ".rdf")),
        )
        for ending in endings
    ),
    ("GET", "/graph/works/bellamy-2004/work.ttl", {}),
    ("GET", "/scheme/voice/own", {}),
    ("GET", "/operation/onuc", {}),
    ("GET", "/operation/onuc.html", {}),
    ("GET", "/operation/onuc.ttl", {"If-None-Match": "known"}),
    ("GET", "/operation/onuc", {"Accept": "image/png"}),
    ("OPTIONS", "/operation/onuc", {}),
    ("GET", "/operation", {}),
    ("GET", "/operation/", {}),
    ("GET", "/none/such/thing/at/all", {}),
    ("DELETE", "/operation/onuc", {}),
)


@pytest.fixture(scope="module")
def application(graph):
    """Return the application that serves the shipped graph."""
    return web.app(graph)


@pytest.fixture(scope="module")
def site(application):
    """Return a client of it that asks as a browser does."""
    return TestClient(application, headers={"Accept": BROWSER}, follow_redirects=False)


def answered(site, method, address, headers):
    """Return the response to one of the requests."""
    headers = dict(headers)
    content = headers.pop("content", None)
    if headers.get("If-None-Match") == "known":
        headers["If-None-Match"] = site.get(address).headers["etag"]
    return site.request(method, address, headers=headers, content=content)


def policy(response):
    """Return the content security policy of a response: what is allowed of each kind."""
    parts = response.headers["content-security-policy"].split("; ")
    return {name: allowed.split() for name, _, allowed in (each.partition(" ") for each in parts)}


def is_guarded(response, *, closed=False):
    """Check the headers that every answer has, whatever it is."""
    headers = response.headers
    allowed = policy(response)
    assert allowed["default-src"] == ["'none'"]
    assert allowed["frame-ancestors"] == allowed["base-uri"] == ["'none'"]
    assert set(allowed) == {
        *("default-src", "style-src", "img-src", "script-src", "connect-src"),
        *("form-action", "base-uri", "frame-ancestors"),
    }
    assert allowed["script-src"] == allowed["connect-src"] == allowed["style-src"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {
        each for a in allowed.values() for each in a
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == ("same-origin" if closed else "cross-origin")
    assert headers.get("access-control-allow-origin") == (None if closed else "*")
    assert "access-control-allow-credentials" not in headers
    assert "authorization" not in headers.get("access-control-allow-headers", "").lower()
    for name in ("server", "x-powered-by", "set-cookie"):
        assert name not in headers
    assert "Accept" in headers.get("vary", "Accept")


# --- headers


def test_every_answer_has_the_headers_that_guard_it(site):
    """Pages, data, verdicts, files, redirects, 304 and errors: no kind of answer is without."""
    statuses = set()
    for method, address, headers in REQUESTS:
        response = answered(site, method, address, headers)
        is_guarded(response, closed=address in CLOSED)
        statuses.add(response.status_code)
    assert statuses >= {200, 204, 303, 304, 308, 400, 404, 405, 406, 415}


def test_every_route_is_among_them(graph):
    """A route that is added has to be added above as well."""
    fresh = web.app(graph)
    site = TestClient(fresh, headers={"Accept": BROWSER}, follow_redirects=False)
    for method, address, headers in REQUESTS:
        answered(site, method, address, headers)
    counted = set(re.findall(r'requests_total\{[^}]*route="([^"]+)"', site.get("/metrics").text))
    routes = {each.path for each in fresh.routes if not isinstance(each, Mount)}
    assert routes <= counted


def test_contributions_have_them_too(graph, tmp_path):
    """Where they are taken: what is read, what is refused, and what browsers are told."""
    file = tmp_path / "tokens.json"
    tokens.new(file, "0000-0002-1825-0097")
    gate = web.Gate(tmp_path / "store", file)
    site = TestClient(web.app(graph, gate=gate), follow_redirects=False)
    for method, path in (("GET", ""), ("POST", ""), ("OPTIONS", ""), ("DELETE", "/2026-01-01-1")):
        response = site.request(method, f"/contributions{path}")
        is_guarded(response)
        assert response.headers["cache-control"] == "no-store"


def test_a_fault_has_them_too():
    """A fault of the server is told outside the application, and with the same headers."""

    class Failing:
        name = "failing"

        def query(self, _):
            raise RuntimeError("the inside")

    failing = web.app(Graph(Failing(), "none"))
    response = TestClient(failing, raise_server_exceptions=False).get("/health")
    assert response.status_code == 500
    is_guarded(response)
    assert "inside" not in response.text


def test_pages_under_another_address_may_load_from_there(graph):
    """Where pages link to the base URL, styles come from there; nothing else does."""
    site = TestClient(web.app(graph, "https://example.org/peace"))
    allowed = policy(site.get("/peace/"))
    assert allowed["style-src"] == ["'self'", "https://example.org"]
    assert allowed["default-src"] == ["'none'"]
    metrics = site.get("/peace/metrics")
    assert metrics.status_code == 200
    assert "access-control-allow-origin" not in metrics.headers


def test_no_page_has_a_script_or_a_style_of_its_own(site):
    """What the policy forbids is not there: neither elements, nor attributes that run."""
    for method, address, headers in REQUESTS:
        response = answered(site, method, address, headers)
        if response.headers.get("content-type", "").startswith("text/html"):
            found = set(re.findall("<script[^>]*>", response.text))
            own = {
                each for each in found if re.fullmatch('<script src="/static/[^"]+" defer>', each)
            }
            assert found - own <= {'<script type="application/ld+json">'}  # which is data
            assert all(f"{each}</script>" in response.text for each in own)  # nothing inside
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:", response.text)


def test_the_server_does_not_tell_what_it_is(tmp_path):
    """Over a socket there is no header Server either, in no answer of the command."""
    with started(tmp_path, "--workers", "1") as (_, address):
        for path in ("/", "/ready", "/none/such/thing", "/sparql?query=SELECT"):
            is_guarded(httpx2.get(address + path))


# --- pages and messages


@pytest.mark.parametrize(
    "address",
    [
        "/search?q={}",
        "/queries/{}",
        "/queries/attacks-on?target={}",
        "/queries/attacks-on?{}=1",
        "/queries/typologies?minimum={}",
        "/api/queries/{}",
        "/api/queries/attacks-on?target={}",
        "/sparql?query={}",
        "/sparql?query=ASK+%7B%7D&default-graph-uri={}",
        "/sparql?query=ASK+%7B%7D&format={}",
        "/graph-store?graph={}",
        "/check?format={}",
        "/reconcile?callback={}",
        "/ontology?page={}",
        "/claim/{}",
        "/{}",
        "/a/b/c/{}",
    ],
)
def test_what_is_asked_does_not_get_into_the_answer_as_code(site, address):
    """A page that repeats what was asked for, an error most of all, has it as text."""
    quoted = str(httpx2.QueryParams({"a": EVIL}))[2:].replace("+", "%20")
    response = site.get(address.format(quoted))
    assert response.status_code < 500
    if response.headers["content-type"].startswith("text/html"):
        assert "<script>" not in response.text
        assert "</title></textarea>" not in response.text
    else:
        kinds = ("application/", "text/plain")
        assert response.headers["content-type"].startswith(kinds)


def test_a_redirect_stays_on_this_server(site):
    """No path makes a redirect that a browser takes for the address of another host."""
    for path in ("//evil.example/", "/\\evil.example/", "/%5Cevil.example/", "/%2F/evil.example/",
                 "/.//evil.example/", "/%09/evil.example/", "/a/?b=//evil.example/",
                 "/x%0D%0ASet-Cookie:%20a=b/"):  # fmt: skip
        location = site.get(f"http://testserver{path}").headers.get("location", "/")
        assert re.match(r"/(?![/\\])|http://testserver/", location), path
        assert not re.search(r"[\r\n\t]", location)


def test_files_are_those_of_one_folder(site):
    """Whatever a path has in it, only what lies under static/ is given."""
    assert site.get("/static/style.css").status_code == 200
    outside = ("..%2Fsite.py", "%2e%2e%2Fsite.py", "..%5Csite.py", "....//site.py", "..%2F")
    elsewhere = ("/etc/passwd", "%2Fetc%2Fpasswd", "..%2Fstatic%2F..%2Fsite.py")
    for path in (*outside, *elsewhere, "", "style.css%00"):
        response = site.get(f"http://testserver/static/{path}")
        assert response.status_code in {308, 404}, path
        assert "import" not in response.text


def test_a_host_that_is_none_breaks_nothing(site):
    """Whatever the header Host says, the answer is the same and the server has no fault."""
    for host in ("[", "]", "[::1", "a:b:c", "x/y?z#w", "x\\y", "user:pass@x", "\xff", " ", "x y"):
        for path in ("/", "/none", "/sparql", "/reconcile", "/check", "/.well-known/void"):
            raw = {"Host": host.encode("latin-1")}
            assert site.get(path, headers=raw).status_code < 500, (host, path)


def test_so_many_parts_of_accept_are_read():
    """A header of thousands of them would keep everybody waiting while the form is chosen."""
    parts = ["a/b"] * 99
    assert negotiation.choose(",".join([*parts, "text/csv"]), ("csv",)) == "csv"
    assert negotiation.choose(",".join([*parts, "a/b", "text/csv"]), ("csv",)) is None


# --- bodies


@pytest.mark.parametrize("path", ["/check", "/sparql", "/reconcile"])
def test_nothing_that_is_sent_is_unpacked(site, path):
    """A small body that would be a large one is not taken for that."""
    bomb = gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 1_000_000)
    assert len(bomb) < MIB
    kinds = {"/check": "text/turtle", "/sparql": "application/sparql-query"}
    kind = kinds.get(path, "application/x-www-form-urlencoded")
    response = site.post(
        path, content=bomb, headers={"Content-Type": kind, "Content-Encoding": "gzip"}
    )
    assert response.status_code in {400, 413, 415}


@pytest.mark.parametrize(
    "queries",
    [
        "[" * 200_000,
        "1" * 6000,
        "NaN",
        '{"\\ud800": {"query": "x"}}',
        '{"a": {"query": "x", "type": ["\\ud800"]}}',
        '{"a": {"query": "x", "limit": 1e999}}',
    ],
)
def test_json_that_is_odd_breaks_nothing(site, queries):
    """Depth, numbers and halves of characters are refused."""
    for accept in ("*/*", "application/json", BROWSER):
        response = site.post("/reconcile", data={"queries": queries}, headers={"Accept": accept})
        assert response.status_code == 400


@pytest.mark.parametrize(
    "name", ["../escaped.ttl", "/escaped.ttl", "..\\escaped.ttl", "a/../../escaped.ttl"]
)
def test_a_file_that_is_sent_lies_in_its_folder(site, tmp_path, monkeypatch, name):
    """The name that a sender gives leads nowhere else."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "inner"))
    (tmp_path / "inner").mkdir()
    content = b"<urn:a> <urn:b> <urn:c> ."
    response = site.post("/check", files={"file": (name, content), "format": (None, "json")})
    assert response.status_code == 200
    assert {each["file"] for each in response.json()["findings"]} == {"escaped.ttl"}
    assert list(tmp_path.rglob("escaped.ttl")) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/c", "@id": "urn:a"}'),
        ("application/ld+json", '{"@context": "file:///etc/passwd", "@id": "urn:a"}'),
        (
            "application/rdf+xml",
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        ),
        ("application/rdf+xml", '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
    ],
)
def test_a_text_that_is_sent_fetches_and_expands_nothing(site, kind, text):
    """What leads elsewhere is a fault of the text, told with its line."""
    headers = {"Content-Type": kind, "Accept": "application/json"}
    verdict = site.post("/check", content=text, headers=headers).json()
    assert verdict["accepted"] is False
    (finding,) = verdict["findings"]
    assert finding["line"] == 1
    assert "root:" not in json.dumps(verdict)
    assert re.search("fetches nothing|document type", json.dumps(verdict))


def test_who_checks_a_text_is_limited_first(tmp_path):
    """The child that reads what is sent sets its own limits, by itself and for good."""
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    code = (
        "import resource as r, sys; from pkgraph.verdicts import apart; "
        "apart.main('json', 'a.ttl', '/shapes'); "
        "print(r.getrlimit(r.RLIMIT_AS), r.getrlimit(r.RLIMIT_CPU), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    memory, seconds = apart.MAX_MIB << 20, apart.MAX_SECONDS
    assert done.stderr.strip() == f"({memory}, {memory}) ({seconds}, {seconds})"


# --- queries


def test_a_query_has_so_much_time():
    """By the clock, whatever it does with it."""

    async def scenario(pool):
        with pytest.raises(LimitExceededError) as caught:
            await ask(pool, CROSS)
        assert caught.value.limit == "time"

    with_pool(scenario, Limits(time_s=0.5, cpu_s=2))


def test_a_query_has_so_much_memory():
    """What the limit lets through is answered, and what it does not is not."""

    def text(doublings):
        steps = "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(doublings))
        return f'SELECT (STRLEN(?v{doublings}) AS ?n) {{ BIND("0123456789" AS ?v0) {steps} }}'

    async def scenario(pool):
        assert str(10 << 12).encode() in await ask(pool, text(12))
        with pytest.raises(LimitExceededError) as caught:
            await ask(pool, text(24))
        assert caught.value.limit == "memory"

    with_pool(scenario, Limits(memory_bytes=100 * MIB))


def test_pages_are_served_while_strangers_take_all_workers():
    """Canned queries and pages have a lane of their own, which ad-hoc queries never enter."""
    limits = Limits(time_s=100, cpu_s=100)
    with served(limits, workers=2) as (address, pool), contextlib.ExitStack() as asking:
        for _ in range(8):
            asking.enter_context(connected(address, CROSS))
        asyncio.run(until(lambda: (pool.busy, pool.waiting) == (2, 6)))
        for path in ("/queries/typologies.csv", "/operation/onuc.html", "/api/queries/typologies"):
            assert httpx2.get(address + path, timeout=30).status_code == 200
        assert (pool.busy, pool.waiting) == (2, 6)


def test_a_whole_graph_is_written_within_the_limits_as_well():
    """All that there is, asked for by its name, takes a worker and no more than a query may."""
    with served(Limits(rows=1000)) as (address, pool):
        named = {"graph": f"{BASE}graph/works/bellamy-2004/work"}
        before = pool.ended["answered"]
        assert httpx2.get(f"{address}/graph-store", params=named).status_code == 200
        assert pool.ended["answered"] == before + 1
        refused = httpx2.get(f"{address}/graph-store?default")
        assert (refused.status_code, "more than 1000 rows" in refused.text) == (413, True)


def test_a_worker_takes_no_update(monkeypatch):
    """Without the look over the text, the engine itself takes no update."""
    monkeypatch.setattr("pkgraph.evaluation.pool.check_limits", lambda _: None)

    async def scenario(pool):
        before = await ask(pool, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        for text in ("INSERT DATA { <x:a> <x:b> 1 }", "CLEAR ALL", "DROP ALL", "LOAD <file:///x>"):
            with pytest.raises(QuerySyntaxError):
                await ask(pool, text)
        assert await ask(pool, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == before

    with_pool(scenario)


def test_answers_lie_where_nobody_else_reads():
    """A large answer is in a folder of the server's own user, and has no name once it is read."""

    async def scenario(pool):
        answer = await pool.answer(Question(ALL, {"table": "json"}))
        assert os.stat(pool._folder.name).st_mode & 0o777 == 0o700  # noqa: PTH116
        assert not [each for each in os.listdir(pool._folder.name) if "answer" in each]  # noqa: PTH208
        answer.pieces.close()

    with_pool(scenario, Limits())


def test_no_query_of_a_stranger_is_in_the_log(caplog):
    """Neither one that is refused, nor one that is ended, cut off or answered."""
    secret = "hush-hush"  # noqa: S105 - of nobody
    caplog.set_level(logging.DEBUG, "pkgraph")
    with served(replace(Limits(), time_s=0.5, rows=5000)) as (address, _):
        assert get(address, f"# {secret}\nASK {{}}").status_code == 200
        assert get(address, f"# {secret}\nSELECT").status_code == 400
        assert get(address, f"# {secret}\n{CROSS}").status_code == 504
        with pytest.raises(httpx2.RemoteProtocolError):
            get(address, f"# {secret}\nSELECT * {{ {BOMB} }}")
        assert get(address, f"{HONEST} # {secret}").status_code == 200
    told = [record for record in caplog.records if record.name.startswith("pkgraph")]
    assert any("an answer was cut off" in record.getMessage() for record in told)
    assert not any(re.search(f"{secret}|127.0.0.1", str(vars(record))) for record in told)


# --- who asks


def test_only_a_proxy_on_this_machine_says_who_asks(graph, monkeypatch):
    """A client from elsewhere has its own turns and scheme, whatever its headers say."""
    configs, seen = [], []

    async def inner(scope, *_):
        seen.append((scope["client"][0], scope["scheme"]))

    monkeypatch.setattr(server._Server, "run", lambda self, **_: configs.append(self.config))
    monkeypatch.setattr(server.signal, "signal", lambda *_: None)
    monkeypatch.setattr(server.threading, "stack_size", lambda _: None)
    web.serve(graph, "127.0.0.1", 0, workers=0)
    (config,) = configs
    config.app = inner
    config.load()
    headers = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-proto", b"https")]
    for client in ("203.0.113.9", "127.0.0.1"):
        scope = {"type": "http", "client": (client, 1), "scheme": "http", "headers": headers}
        asyncio.run(config.loaded_app(scope, None, None))
    assert seen == [("203.0.113.9", "http"), ("192.0.2.1", "https")]


# --- what is kept


def test_an_answer_is_kept_for_the_host_that_it_names(graph):
    """One who asks with the name of another host, or over another scheme, spoils no answer."""
    application = web.app(graph)
    asked = {}
    for scheme, host in (("http", "evil.example"), ("https", "a.example"), ("http", "a.example")):
        client = TestClient(application, base_url=f"{scheme}://{host}")
        asked[scheme, host] = client.get("/.well-known/void").text
    for (scheme, host), text in asked.items():
        assert f"<{scheme}://{host}/sparql>" in text
        others = {each for each in asked if each != (scheme, host)}
        assert not any(f"<{other}://{name}/sparql>" in text for other, name in others)


def test_an_answer_is_kept_for_the_form_that_was_asked_for(graph):
    """After data a page is a page, and after a page data are data; caches are told why."""
    site = TestClient(web.app(graph))
    for _ in range(2):
        for accept, kind in ((BROWSER, "text/html"), ("text/csv", "text/csv")):
            response = site.get("/queries/typologies", headers={"Accept": accept})
            assert response.headers["content-type"].startswith(kind)
            assert "Accept" in response.headers["vary"]


def test_reading_needs_nobody_to_be_known(site):
    """What comes with a name, a token or a cookie is answered as what comes without."""
    for path in ("/", f"/operation/onuc.ttl?x={BASE}", "/sparql?query=ASK+{}"):
        known = {"Authorization": "Bearer x", "Cookie": "a=b"}
        assert site.get(path, headers=known).text == site.get(path).text
