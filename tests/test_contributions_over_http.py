"""Contributions over HTTP: who may make them, what becomes of them, and what cannot happen."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import schemathesis
import uvicorn
from contributing import ADA, BEA, CLAIM, RESTING, assert_whole, chance, contents
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as conformance
from starlette.testclient import TestClient

from pkgraph import build, cli, contribution, open_graph, tokens, web
from pkgraph.contribution import apart, folders
from pkgraph.errors import BusyError, InputError
from pkgraph.web import authorization, contributing, rate

TURTLE = {"Content-Type": "text/turtle"}
FIRST = CLAIM % {"n": "example-2001"}
SECOND = CLAIM % {"n": "example-2002"}
BROKEN = FIRST.replace("voice:own", "voice:owned")
#: More than a child does in a second or two.
LARGE = CLAIM.partition("\n\n")[0] + "".join(
    CLAIM.partition("\n\n")[2] % {"n": f"example-{n:04}"} for n in range(400)
)


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory):
    """Return a store that nobody has contributed to."""
    folder = tmp_path_factory.mktemp("stores") / "store"
    folders._make(folder)
    return folder


class Place:
    """A store, a file of tokens and the tokens of two contributors, in a folder of their own."""

    def __init__(self, folder, store):
        self.store, self.file = folder / "store", folder / "tokens.json"
        shutil.copytree(store, self.store)
        self.ada = tokens.new(self.file, ADA)[0]
        self.bea, token = tokens.new(self.file, BEA)
        self.bea_id = token.id

    def listed(self):
        """Return what is on record."""
        return contribution.contributions(build.open_folder(self.store)[0])

    def arguments(self):
        """Return what the command is told."""
        return ["--data", str(self.store), "--tokens", str(self.file)]


@pytest.fixture
def place(tmp_path, unchanged):
    """Return a place to contribute to."""
    return Place(tmp_path, unchanged)


@contextlib.contextmanager
def serving(place, on_change=None):
    """Run a server of *place* in a thread, and give a client of it."""
    gate = web.Gate(place.store, place.file, on_change)
    application = web.app(open_graph([place.store]), gate=gate)
    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_config=None))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx2.Client(base_url=address, timeout=120) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def client(place):
    """Return a client of a server of the place."""
    with serving(place) as found:
        yield found


@pytest.fixture
def quick(place):
    """Return a client of what answers without a process of its own."""
    gate = web.Gate(place.store, place.file)
    return TestClient(web.app(open_graph([place.store]), gate=gate), follow_redirects=False)


def bearer(token):
    """Return the header that a token comes in."""
    return {"Authorization": f"Bearer {token}"}


def give(client, token, text=FIRST, headers=(), **parameters):
    """Contribute *text* as whoever has *token*."""
    return client.post(
        "/contributions",
        content=text,
        params=parameters,
        headers={**TURTLE, **bearer(token), **dict(headers)},
    )


def not_kept(response):
    """Tell whether no cache may keep *response*."""
    return response.headers["cache-control"] == "no-store"


def processes(server="self"):
    """Return the numbers of the processes that change or show a store for the *server*."""
    found = []
    for number in Path(f"/proc/{server}/task").iterdir():
        found += [int(each) for each in (number / "children").read_text().split()]
    return [each for each in found if b"contribution.apart" in _command(each)]


def _command(number):
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def until(condition, seconds=60):
    """Wait until *condition* gives something, and return it."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found


# --- off unless configured


def test_there_is_nothing_of_it_unless_it_is_configured(graph):
    """Without a file of tokens the addresses are as unknown as any other, and so to OpenAPI."""
    client = TestClient(web.app(graph), follow_redirects=False)
    for address in ("/contributions", "/contributions/2026-11-25-1"):
        known, unknown = client.get(address), client.get(address.replace("contrib", "strib"))
        assert known.status_code == unknown.status_code == 404
        posted = client.post(address, content=FIRST, headers=TURTLE)
        assert posted.status_code == 405
    document = client.get("/openapi.json").json()
    assert not [path for path in document["paths"] if "contributions" in path]
    assert document["components"]["securitySchemes"] == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give its folder with --data"),
        (("--data", "{store}", "{store}"), "give its folder with --data"),
        (("--data", "{store}", "--source", "bellamy-2004"), "give its folder with --data"),
        (("--endpoint", "http://127.0.0.1:9/"), "give its folder with --data"),
        (("--data", "{none}"), "there is none in"),
        (("--data", "{file}"), "there is none in"),
    ],
)
def test_without_a_store_the_server_does_not_start(place, capsys, arguments, words):
    """The error says what is needed."""
    names = {"store": place.store, "none": place.store / "none", "file": place.file}
    given = [each.format(**names) for each in arguments]
    assert cli.main(["serve", "--port", "0", "--tokens", str(place.file), *given]) == 2
    assert words in capsys.readouterr().err


def test_a_store_that_cannot_be_written_is_told_at_the_start(place, capsys, monkeypatch):
    """So is a file of tokens that is not there, or that others may read."""
    command = ["serve", "--port", "0", *place.arguments()]
    with monkeypatch.context() as patched:
        patched.setattr(os, "access", lambda *_: False)
        assert cli.main(command) == 2
    assert "cannot be written to" in capsys.readouterr().err
    place.file.chmod(0o644)
    assert cli.main(command) == 2
    assert "chmod 600" in capsys.readouterr().err
    place.file.unlink()
    assert cli.main(command) == 2
    assert "cannot be read" in capsys.readouterr().err


# --- what is taken


def test_a_contribution_is_taken_in_the_name_of_the_token(place, client):
    """It is 201 with where it is shown; what the request says of its author counts for nothing."""
    response = give(client, place.ada, name="my claims.nt", headers={"From": BEA})
    told = response.json()
    assert response.status_code == 201
    assert not_kept(response)
    assert response.headers["location"] == f"/contributions/{told['id']}"
    assert (told["by"], told["statements"]) == (f"https://orcid.org/{ADA}", 18)
    assert told["verdict"]["accepted"] is True
    assert told["state"] == "in the store"
    assert told["shown"] == "after the next reload of the server"
    (found,) = place.listed()
    assert (found.name, found.by) == (told["id"], told["by"])
    assert [file.name for file in found.files] == ["my-claims.ttl"]  # it is what its type says
    assert contribution.kept(place.store, found.files[0]).read_bytes() == FIRST.encode()
    assert_whole(place.store, conforms=True)
    for address in ("/contributions", response.headers["location"]):
        shown = client.get(address)
        assert not_kept(shown)
    assert shown.json() == {
        key: value for key, value in told.items() if key not in {"verdict", "shown"}
    }
    assert client.get("/contributions").json()["contributions"][0]["id"] == told["id"]
    assert give(client, place.bea, by=ADA).status_code == 400


@pytest.mark.parametrize(
    ("kind", "format_name"),
    [
        ("text/turtle; charset=UTF-8", "ttl"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml", "rdf"),
    ],
)
def test_every_syntax_is_taken(place, client, kind, format_name):
    """The type of the body says which it is."""
    from pkgraph import serialization, turtle

    text = serialization.write(tuple(turtle.parse(FIRST)), format_name)
    response = give(client, place.ada, text, headers={"Content-Type": kind})
    assert response.status_code == 201, response.text
    assert response.json()["files"][0]["name"] == f"text.{format_name}"


@pytest.mark.parametrize(
    ("accept", "kind", "words"),
    [
        (None, "application/json", '"accepted": false'),
        ("application/json", "application/json", "pks:Claim-voice"),
        ("application/sarif+json", "application/sarif+json", "2.1.0"),
        ("text/markdown", "text/markdown", "rejected, 1 violation"),
        ("text/turtle", "text/turtle", "sh:ValidationReport"),
    ],
)
def test_what_does_not_conform_is_422_with_the_verdict(place, client, accept, kind, words):
    """In the form that is liked best; the store is as it was."""
    before = contents(place.store)
    headers = {} if accept is None else {"Accept": accept}
    response = give(client, place.ada, BROKEN, headers)
    assert response.status_code == 422
    assert response.headers["content-type"].startswith(kind)
    assert not_kept(response)
    assert words.removeprefix("pks:") in response.text
    assert contents(place.store) == before


def test_what_cannot_be_parsed_is_a_verdict_too(place, client):
    """With line and column."""
    response = give(client, place.ada, FIRST + "\nwork:x a")
    (finding,) = response.json()["findings"]
    assert (response.status_code, finding["file"]) == (422, "text.ttl")
    assert finding["line"] > 15
    report = give(client, place.ada, FIRST + "\nwork:x a", {"Accept": "text/turtle"})
    assert report.status_code == 400  # there is no report of SHACL on what cannot be read
    assert "line" in report.json()["detail"]


def test_what_is_there_already_is_409(place, client):
    """So a request whose answer was lost can be sent again, and nothing is taken twice."""
    assert give(client, place.ada).status_code == 201
    again = give(client, place.ada)
    assert again.status_code == 409
    assert "says all of this already" in again.json()["detail"]
    assert len(place.listed()) == 1


def test_one_replaces_and_withdraws_what_is_ones_own(place, client):
    """Somebody else's is 403, what is not there 404, what has left the store 409."""
    name = give(client, place.ada).json()["id"]
    better = FIRST.replace("calm towns", "soothe towns")
    refused = give(client, place.bea, better, replaces=name)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    address = f"/contributions/{name}"
    refused = client.delete(address, headers=bearer(place.bea))
    assert (refused.status_code, not_kept(refused)) == (403, True)
    assert client.get(address).json()["state"] == "in the store"
    new = give(client, place.ada, better, replaces=name)
    assert new.status_code == 201
    told = client.get(address).json()
    assert (told["state"], told["end"]["replaced_by"]) == ("replaced", new.json()["id"])
    assert client.delete(address, headers=bearer(place.ada)).status_code == 409
    assert give(client, place.ada, SECOND, replaces=name).status_code == 409
    for missing in ("2020-01-01-1", "x", f"{name}.ttl"):
        gone = client.delete(f"/contributions/{missing}", headers=bearer(place.ada))
        assert gone.status_code == 404
        assert give(client, place.ada, SECOND, replaces=missing).status_code == 404
    response = client.delete(
        new.headers["location"], headers=bearer(place.ada), params={"reason": 'A "slip" \\ é.'}
    )
    assert (response.status_code, response.json()["state"]) == (200, "withdrawn")
    end = client.get(new.headers["location"]).json()["end"]
    assert (end["by"], end["reason"]) == (f"https://orcid.org/{ADA}", 'A "slip" \\ é.')
    assert_whole(place.store)


def test_what_others_rest_on_is_not_withdrawn(place, client):
    """It is 409 with a verdict that names their things."""
    name = give(client, place.ada).json()["id"]
    assert give(client, place.bea, RESTING % {"n": "example-2001"}).status_code == 201
    response = client.delete(f"/contributions/{name}", headers=bearer(place.ada))
    assert response.status_code == 409
    assert "example-2001-late" in response.json()["findings"][0]["focus"]
    assert len([each for each in place.listed() if each.withdrawal is None]) == 2


def test_everybody_may_read_the_record(place, client):
    """In pages; what each says in Turtle, and what it changes in words, also once withdrawn."""
    texts = [CLAIM % {"n": f"example-{number}"} for number in (2001, 2002, 2003)]
    names = [give(client, place.ada, text).json()["id"] for text in texts]
    first = client.get("/contributions", params={"limit": 2})
    told = first.json()
    assert (told["total"], [each["id"] for each in told["contributions"]]) == (3, names[:2])
    assert first.links["next"]["url"] == told["next"] == "/contributions?offset=2&limit=2"
    rest = client.get(told["next"]).json()
    assert [each["id"] for each in rest["contributions"]] == names[2:]
    assert rest["next"] is None
    for _ in range(2):
        shown = client.get(f"/contributions/{names[1]}", headers={"Accept": "text/turtle"})
        assert "example-2002-calm" in shown.text
        shown = client.get(f"/contributions/{names[1]}", headers={"Accept": "text/markdown"})
        assert "Patrols calm towns, says example-2002." in shown.text
        client.delete(f"/contributions/{names[1]}", headers=bearer(place.ada))
    for bad in ("limit=0", "offset=-1", "limit=x", "offset=1&offset=2", "by=me"):
        assert client.get(f"/contributions?{bad}").status_code == 400
    assert client.get("/contributions", headers={"Accept": "text/csv"}).status_code == 406


# --- who is let in


@pytest.mark.parametrize(
    ("given", "status", "challenged"),
    [
        ((), 401, 'Bearer realm="pkgraph contributions"'),
        (("Bearer",), 401, 'error="invalid_token"'),
        (("Bearer ",), 401, 'error="invalid_token"'),
        (("Bearer pkgraph_" + "0" * 64,), 401, 'error="invalid_token"'),
        (("Bearer é",), 401, 'error="invalid_token"'),
        (("Basic {ada}",), 401, 'error="invalid_token"'),
        (("{ada}",), 401, 'error="invalid_token"'),
        (("Bearer {upper}",), 401, 'error="invalid_token"'),
        (("Bearer {hash}",), 401, 'error="invalid_token"'),
        (("Bearer {short}",), 401, 'error="invalid_token"'),
        (("Bearer {ada}, Bearer {ada}",), 401, 'error="invalid_token"'),
        (("Bearer {ada}", "Bearer {ada}"), 400, 'error="invalid_request"'),
    ],
)
def test_who_has_no_good_token_is_told_so(place, quick, given, status, challenged):
    """In the terms of RFC 6750, for all that changes something, and before a body is read."""
    names = {
        "ada": place.ada,
        "upper": place.ada.upper(),
        "short": place.ada[:-1],
        "hash": json.loads(place.file.read_text())["tokens"][0]["sha256"],
    }
    headers = [("Authorization", each.format(**names).encode()) for each in given]
    for method, address in (("POST", "/contributions"), ("DELETE", "/contributions/2026-11-25-1")):
        response = quick.request(method, address, headers=headers, content=FIRST)
        assert response.status_code == status
        assert challenged in response.headers["www-authenticate"]
        assert response.headers["content-type"] == "application/problem+json"
        assert not_kept(response)
        assert place.ada not in response.text + str(response.headers)
    assert place.listed() == []


def test_a_token_is_taken_from_the_header_alone(place, quick):
    """In an address it would end in logs, so it is refused there without being repeated."""
    for parameter in ("access_token", "token", "name", "reason", "replaces"):
        response = quick.post(f"/contributions?{parameter}={place.ada}", content=FIRST)
        assert response.status_code == 401
        response = quick.post(
            f"/contributions?{parameter}={place.ada}", content=FIRST, headers=bearer(place.ada)
        )
        assert response.status_code == 400
        assert place.ada not in response.text
    assert quick.cookies == {}


def test_an_expired_token_is_401(place, quick, monkeypatch):
    """As RFC 6750 has it, which does not tell expired ones from revoked ones by status."""
    token, _ = tokens.new(place.file, ADA, expires=tokens.today())
    tomorrow = tokens.today() + timedelta(days=1)
    monkeypatch.setattr(tokens, "today", lambda: tomorrow)
    response = give(quick, token)
    assert response.status_code == 401
    assert "expired" in response.json()["detail"]


def test_a_revoked_token_stops_working_at_once(place, client):
    """The server need not be told, and what the token brought stays."""
    assert give(client, place.bea).status_code == 201
    assert cli.main(["token", "revoke", place.bea_id, str(place.file)]) == 0
    assert give(client, place.bea, SECOND).status_code == 401
    assert give(client, place.ada, SECOND).status_code == 201
    assert len(place.listed()) == 2


def test_a_token_that_is_revoked_while_it_waits_is_not_used(place, client):
    """It is looked at again when its turn has come."""
    with ThreadPoolExecutor(2) as pool:
        with folders.opened(place.store):
            first = pool.submit(give, client, place.ada)
            until(processes)
            second = pool.submit(give, client, place.bea, SECOND)
            time.sleep(0.5)
            tokens.revoke(place.file, place.bea_id)
        assert first.result().status_code == 201
        assert second.result().status_code == 401
    assert len(place.listed()) == 1


def test_if_the_tokens_cannot_be_read_nobody_is_let_in(place, quick, caplog):
    """It is 503, without where they are; whoever runs the server finds it in the log."""
    place.file.chmod(0o644)
    response = give(quick, place.ada)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert str(place.file) not in response.text
    assert "chmod 600" in caplog.text
    assert place.ada not in caplog.text
    assert quick.get("/contributions").status_code == 200


def test_other_sites_may_read_and_not_contribute(place, quick):
    """A browser is not allowed to send a token for a page of somebody else."""
    for address, change in (("/contributions", "POST"), ("/contributions/2026-11-25-1", "DELETE")):
        response = quick.options(
            address,
            headers={
                "Origin": "https://example.org",
                "Access-Control-Request-Method": change,
                "Access-Control-Request-Headers": "authorization",
            },
        )
        assert response.status_code == 204
        assert change in response.headers["allow"]
        assert response.headers["access-control-allow-methods"] == "GET, HEAD"
        assert "authorization" not in response.headers["access-control-allow-headers"].lower()
        assert "access-control-allow-credentials" not in response.headers
    assert give(quick, place.ada[:-1]).headers["access-control-allow-origin"] == "*"


# --- how often, and how much


def test_a_bucket_fills_again_with_time():
    """So many times at once, then one each so many seconds; the wait that is told is enough."""
    now = 0.0
    limit = rate.Rate(3, 10, lambda: now)
    assert [limit.take("a") for _ in range(3)] == [0, 0, 0]
    assert limit.take("a") == 10
    assert limit.take("b") == 0
    now = 4.5
    assert limit.take("a") == 6
    now += 6
    assert limit.take("a") == 0
    assert limit.take("a") > 0
    now += 1000
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 10]


def test_what_is_counted_takes_bounded_memory():
    """Whoever was seen last is remembered, however many there are."""
    limit = rate.Rate(1, 1000)
    for number in range(3 * rate._REMEMBERED):
        assert limit.take(str(number)) == 0
    assert len(limit) == rate._REMEMBERED
    assert limit.take(str(number)) > 0


def test_too_many_changes_with_a_token_are_429(place, monkeypatch):
    """With the time to wait; another token is not affected, nor is reading."""
    monkeypatch.setattr(authorization, "MAX_CHANGES", 3)
    application = web.app(open_graph([place.store]), gate=web.Gate(place.store, place.file))
    client = TestClient(application)
    for _ in range(3):
        assert give(client, place.ada, " ").status_code == 400
    response = give(client, place.ada)
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= authorization.CHANGE_EVERY_S
    assert not_kept(response)
    assert give(client, place.bea, " ").status_code == 400
    assert client.get("/contributions").status_code == 200
    assert place.listed() == []


def test_what_is_counted_outlives_a_reload(place, monkeypatch):
    """Another application behind the same gate, as after a change, begins no new count."""
    monkeypatch.setattr(authorization, "MAX_CHANGES", 2)
    gate = web.Gate(place.store, place.file)
    for status in (400, 400, 429):
        client = TestClient(web.app(open_graph([place.store]), gate=gate))
        assert give(client, place.ada, " ").status_code == status


def test_too_many_wrong_tokens_of_an_address_are_429(place):
    """A good token is let in all the same, and others at other addresses are told 401."""
    application = web.app(open_graph([place.store]), gate=web.Gate(place.store, place.file))
    guess = TestClient(application, client=("192.0.2.7", 1))
    statuses = [
        give(guess, f"pkgraph_{number:064x}").status_code
        for number in range(authorization.MAX_FAILURES + 2)
    ]
    assert statuses == [401] * authorization.MAX_FAILURES + [429] * 2
    response = give(guess, "pkgraph_x")
    assert 0 < int(response.headers["retry-after"]) <= authorization.FAILURE_EVERY_S
    assert "www-authenticate" not in response.headers
    assert give(guess, place.ada, " ").status_code == 400
    other = TestClient(application, client=("192.0.2.8", 1))
    assert give(other, "pkgraph_x").status_code == 401


def test_behind_a_proxy_the_address_is_that_of_the_asker(client):
    """Who asks through a proxy on the same machine is counted apart from others who do."""
    for number in range(authorization.MAX_FAILURES + 1):
        response = give(client, f"pkgraph_{number:064x}", headers={"X-Forwarded-For": "192.0.2.7"})
    assert response.status_code == 429
    response = give(client, "pkgraph_x", headers={"X-Forwarded-For": "192.0.2.8"})
    assert response.status_code == 401


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_413(place, client, chunked):
    """Whether its length is told or not, and without reading much of it."""
    text = b"#" * (contributing.MAX_BYTES + 1)
    content = iter([text[: len(text) // 2], text[len(text) // 2 :]]) if chunked else text
    response = give(client, place.ada, content)
    assert response.status_code == 413
    assert "at most 1 MiB" in response.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Content-Type": "text/turtle; charset=utf-16"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Accept": "text/html"}, 406),
    ],
)
def test_what_is_of_another_kind_is_refused(place, quick, headers, status):
    """Before anything is read of it."""
    response = give(quick, place.ada, FIRST, headers)
    assert response.status_code == status
    assert not_kept(response)


def test_what_is_empty_or_too_long_is_told(place, quick):
    """A body of nothing, and a reason that is a book or is no line of text."""
    assert give(quick, place.ada, b" \n").status_code == 400
    for reason in ("x" * 501, "two\nlines", "\0"):
        response = quick.delete(
            "/contributions/2026-11-25-1", headers=bearer(place.ada), params={"reason": reason}
        )
        assert response.status_code == 400


@pytest.mark.parametrize(("limit", "value"), [("MAX_SECONDS", 1), ("MAX_MIB", 150)])
def test_a_contribution_that_takes_too_much_is_told_so(place, client, monkeypatch, limit, value):
    """The process that does it is ended, and the server and the store are as they were."""
    before = contents(place.store)
    with monkeypatch.context() as patched:
        patched.setattr(apart, limit, value)
        response = give(client, place.ada, LARGE)
        assert response.status_code in {400, 503}, response.text
    assert contents(place.store) == before
    assert give(client, place.ada).status_code == 201
    assert_whole(place.store)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (-signal.SIGXCPU, InputError),
        (-signal.SIGABRT, InputError),  # as when the engine is given no memory
        (-signal.SIGSEGV, InputError),  # as when its stack is full
        (-signal.SIGKILL, BusyError),  # as when the machine is out of memory
        (1, BusyError),
        (None, BusyError),
    ],
)
def test_how_a_child_ends_is_told(place, monkeypatch, status, error):
    """What took too much is told so; what was ended by others is to be sent again."""

    def run(command, **options):
        if status is None:
            raise subprocess.TimeoutExpired(command, options["timeout"])
        return subprocess.CompletedProcess(command, status, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(error):
        apart.give(place.store, "a.ttl", FIRST.encode(), ADA)


def test_a_store_that_others_write_to_for_long_is_503(place, client, monkeypatch, caplog):
    """With the time to wait, and without where the store is."""
    monkeypatch.setattr(apart, "WAIT_S", 0.2)
    with folders.opened(place.store):
        response = give(client, place.ada)
        assert client.get("/contributions").json()["total"] == 0
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) == apart.RETRY_S
    assert str(place.store) not in response.text
    assert "another program has written" in caplog.text
    assert give(client, place.ada).status_code == 201


def test_who_would_wait_too_long_is_503(place, monkeypatch):
    """So many wait, and no more."""
    monkeypatch.setattr(contributing, "_WAITING", 1)
    with serving(place) as client, ThreadPoolExecutor(2) as pool:
        with folders.opened(place.store):
            first = pool.submit(give, client, place.ada)
            until(processes)
            second = pool.submit(give, client, place.ada, SECOND)
            time.sleep(0.5)
            response = give(client, place.bea, CLAIM % {"n": "example-2003"})
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) > 0
        assert [first.result().status_code, second.result().status_code] == [201, 201]
    assert len(place.listed()) == 2


# --- several at once, and kills


def test_contributors_at_once_lose_nothing(place, client):
    """Each waits for its turn; of those who give the same, one has it taken."""
    texts = [CLAIM % {"n": f"example-20{number:02}"} for number in range(4)] * 2
    by = [place.ada, place.bea] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda job: give(client, *job), zip(by, texts, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [409] * 4
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 4
    assert_whole(place.store)


def test_the_command_contributes_beside_the_server(place, client):
    """Another process and the server wait for each other."""
    (place.store.parent / "beside.ttl").write_text(SECOND)
    command = [sys.executable, "-m", "pkgraph", "contribute", "beside.ttl", "--by", BEA]
    with subprocess.Popen(
        [*command, "--store", str(place.store)],
        cwd=place.store.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        response = give(client, place.ada)
    assert (process.returncode, response.status_code) == (0, 201)
    assert_whole(place.store)


@pytest.mark.slow
def test_a_kill_leaves_all_or_nothing(place, client):
    """Whenever the process that contributes is killed, and the next is served."""
    dice = chance()
    with ThreadPoolExecutor(1) as pool:
        for number in range(8):
            text = CLAIM % {"n": f"example-{number:04}"}
            given = pool.submit(give, client, place.ada, text)
            (process,) = until(processes)
            time.sleep(dice.uniform(0, 0.8))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            response = given.result()
            assert response.status_code in {201, 503}
            if response.status_code == 503:
                assert "nothing is taken twice" in response.json()["detail"]
                assert int(response.headers["retry-after"]) > 0
            assert_whole(place.store)
            assert give(client, place.bea, text).status_code in {201, 409}
    assert len(place.listed()) == 8


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_ends_leaves_the_store_whole(place, sent):
    """Whatever is being taken in then is taken in or not, and the next may write."""
    with (
        command(place) as (process, address),
        httpx2.Client(base_url=address, timeout=60) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        given = pool.submit(give, client, place.ada, LARGE)
        until(lambda: processes(process.pid))
        process.send_signal(sent)
        process.wait(30)
        with contextlib.suppress(httpx2.HTTPError):
            assert given.result().status_code in {201, 500, 503}
    with folders.opened(place.store):
        pass
    assert_whole(place.store)


def test_a_child_that_fails_is_a_line_of_the_log(place, client, monkeypatch, caplog):
    """The asker is told 503, and nothing of the inside."""
    monkeypatch.setattr(apart, "MAX_SECONDS", "none")
    response = give(client, place.ada)
    assert response.status_code == 503
    assert "TypeError" in caplog.text
    assert "TypeError" not in response.text


def test_the_server_never_opens_the_store_to_write(place, monkeypatch):
    """What writes is another process, whatever is asked of the server."""

    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(folders, "opened", refuse)
    with serving(place) as client:
        name = give(client, place.ada).json()["id"]
        for accept in ("application/json", "text/turtle", "text/markdown"):
            assert client.get(f"/contributions/{name}", headers={"Accept": accept}).is_success
        assert client.delete(f"/contributions/{name}", headers=bearer(place.ada)).is_success


def test_a_change_is_told_to_whoever_shows_it(place):
    """Once for each change, from the thread of the loop, and not for what changed nothing."""
    told = []

    def tell():
        told.append(threading.current_thread())

    with serving(place, tell) as client:
        response = give(client, place.ada)
        assert response.json()["shown"] == "in a moment"
        assert len(told) == 1
        assert give(client, place.ada).status_code == 409
        assert give(client, place.ada, BROKEN).status_code == 422
        assert len(told) == 1
        client.delete(response.headers["location"], headers=bearer(place.ada))
    assert len(told) == 2
    assert told[0] is told[1] is not threading.current_thread()


def test_the_store_is_not_made_anew(place, client):
    """If it is gone, that is a fault; strangers do not begin another."""
    shutil.rmtree(place.store)
    assert give(client, place.ada).status_code == 503
    response = client.get("/contributions")
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert str(place.store) not in response.text
    assert not place.store.exists()


# --- the command, the log and a real client


@contextlib.contextmanager
def command(place, *arguments):
    """Run `pkgraph serve` of *place*; give the process and its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "pkgraph", "serve", "--port", "0", *place.arguments(), *arguments],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process, re.search(r"http://[\d.:]+", process.stderr.readline())[0]
        finally:
            process.kill()


@pytest.mark.parametrize("log", ["json", "none"])
def test_nothing_that_is_written_down_has_a_token(place, log):
    """Neither log nor metrics nor answers, wherever in a request it was put, right or wrong."""
    with command(place, "--log", log) as (process, address):
        answers = []
        wrong = "pkgraph_" + "ab" * 32
        with httpx2.Client(base_url=address, timeout=60) as client:
            for token in (place.ada, wrong):
                answers += [
                    give(client, token, " "),
                    give(client, token, FIRST, access_token=token),
                    give(client, token, BROKEN, name=token),
                    give(client, token, BROKEN),
                    client.get(f"/contributions/{token}"),
                    client.get(f"/{token}"),
                    client.get(f"/a/{'x' * 150}{token}"),
                    client.get("/contributions", params={"token": token}),
                    client.get("/sparql", params={"query": "ASK {}"}, headers=bearer(token)),
                    client.delete(f"/contributions/{token}", headers=bearer(token)),
                    client.put("/contributions", headers=bearer(token)),
                ]
            counts = client.get("/metrics").text
        process.terminate()
        written = process.stderr.read()
    assert {401, 400, 422, 404, 405} <= {answer.status_code for answer in answers}
    for token in (place.ada, wrong):
        secret = token.removeprefix("pkgraph_")[:32]
        assert secret not in written + counts
        for answer in answers:
            assert secret not in str(answer.headers)
    if log == "json":
        lines = [json.loads(line) for line in written.splitlines()]
        assert len([each for each in lines if each["event"] == "request"]) == 23
        assert any(each["path"] == "/contributions/pkgraph_…" for each in lines)


@pytest.mark.skipif(
    shutil.which("curl") is None and os.environ.get("CI") != "true",
    reason="there is no curl; install it with: apt-get install curl",
)
def test_curl_contributes_and_withdraws(place, tmp_path):
    """The token comes from a file of headers, so that no list of processes shows it."""
    (tmp_path / "claims.ttl").write_text(FIRST)
    (tmp_path / "header").write_text(f"Authorization: Bearer {place.ada}\n")
    with command(place) as (_, address):

        def curl(*arguments):
            asked = ["curl", "-sS", "-H", "@header", *arguments]
            done = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True)
            return json.loads(done.stdout)

        body = ("-H", "Content-Type: text/turtle", "--data-binary", "@claims.ttl")
        told = curl(*body, f"{address}/contributions?name=claims")
        assert told["files"][0]["name"] == "claims.ttl"
        here = f"{address}/contributions/{told['id']}"
        assert curl(here)["state"] == "in the store"
        assert curl("-X", "DELETE", here)["state"] == "withdrawn"
        assert curl(here)["state"] == "withdrawn"
    assert_whole(place.store)


def test_openapi_describes_it(quick):
    """Where contributions are taken, the description is valid and says how."""
    document = quick.get("/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    give_ = document["paths"]["/contributions"]["post"]
    assert give_["security"] == [{"token": []}]
    assert set(give_["responses"]) >= {"201", "401", "403", "413", "415", "422", "429", "503"}
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "security" not in document["paths"]["/contributions"]["get"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/contributions", "GET"),
        ("/contributions", "POST"),
        ("/contributions/{name}", "GET"),
        ("/contributions/{name}", "DELETE"),
    ],
)
def test_no_request_breaks_the_server(place, monkeypatch, path, method, mode):
    """Whatever is sent, with a good token or without, the answer is as described; never a 500."""
    monkeypatch.setattr(authorization, "MAX_CHANGES", 10_000)
    monkeypatch.setattr(authorization, "MAX_FAILURES", 10_000)
    application = web.app(open_graph([place.store]), gate=web.Gate(place.store, place.file))
    described = schemathesis.openapi.from_asgi("/openapi.json", application)
    checks = [
        not_a_server_error,
        conformance.status_code_conformance,
        conformance.content_type_conformance,
        conformance.response_schema_conformance,
    ]
    outcome = apart.Answer(None, '{"conforms": false, "accepted": false}')
    shown = "# what it says"
    for name, answer in (("give", outcome), ("withdraw", outcome), ("show", shown)):
        monkeypatch.setattr(apart, name, lambda *_, answer=answer, **__: answer)

    @given(described[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    def ask(case):
        for headers in ({}, bearer(place.ada)):
            response = case.call(headers=headers)
            assert response.status_code in {400, 401, 404, 405, 406, 409, 413, 415, 422, 200}
            if response.status_code in {409, 422}:  # the verdict here is none that is complete
                continue
            case.validate_response(response, checks=checks)

    ask()
