"""What is in deploy/ starts the server, keeps it within bounds, and passes requests on to it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from test_reload import started, until
from test_wheel import pack, require_frontend, required

from pkgraph import web
from pkgraph.cli import arguments

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
UNIT = DEPLOY / "pkgraph.service"
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
#: The exposure that systemd tells of, from 0 to 10.
EXPOSURE = 1.5
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - what a container listens at


def needed(program, package):
    """Return *program*; without it skip the test, or fail in CI."""
    found = shutil.which(program)
    if found is None:
        message = f"there is no {program}; install it (Debian, Ubuntu: apt install {package})"
        if os.environ.get("CI", "") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def run(*command, **more):
    """Run *command* and return what it says; it has to succeed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# --- systemd


def setting(name):
    """Return the values of *name* in the unit."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)


def test_the_unit_has_no_fault(tmp_path):
    """With a program at its place systemd finds nothing to tell."""
    verify = needed("systemd-analyze", "systemd")
    text = UNIT.read_text("utf-8").replace("/opt/pkgraph/bin/pkgraph", "/bin/true")
    copy = tmp_path / "pkgraph.service"
    copy.write_text(text, "utf-8")
    assert run(verify, "verify", "--man=no", str(copy)) == ""


def test_the_unit_is_exposed_to_little():
    """By systemd's own count."""
    analyze = needed("systemd-analyze", "systemd")
    told = run(analyze, "security", "--offline=yes", "--no-pager", str(UNIT))
    exposure = float(re.search(r"exposure level for pkgraph.service: ([\d.]+)", told)[1])
    assert exposure <= EXPOSURE


def test_the_commands_of_unit_and_container_are_ones_that_there_are():
    """Their options are read as the command reads them."""
    (unit,), (_, inside) = (
        setting("ExecStart"),
        re.findall(r"^(ENTRYPOINT) (.*)$", CONTAINER, re.MULTILINE)[0],
    )
    for command in (shlex.split(unit), json.loads(inside)):
        assert command[0] == "/opt/pkgraph/bin/pkgraph"
        given = arguments.parser().parse_args(command[1:])
        assert (given.port, given.log) == (8080, "json")
    assert setting("ExecReload") == ["/bin/kill -HUP $MAINPID"]
    assert int(setting("TimeoutStopSec")[0]) > web.server._GRACE_S + web.releases._END_S


def system_calls(name):
    """Return the system calls of the group *name*."""
    told = run("systemd-analyze", "syscall-filter", name).splitlines()[1:]
    found = set()
    for each in map(str.strip, told):
        if each.startswith("@"):
            found |= system_calls(each)
        elif not each.startswith("#"):
            found.add(each)
    return found


@pytest.mark.slow
def test_the_unit_lets_pass_what_the_server_asks_of_the_system(tmp_path):
    """Every system call of a run with pages, queries, a reload and an end is in the filter."""
    needed("systemd-analyze", "systemd")
    strace = needed("strace", "strace")
    assert setting("SystemCallFilter") == ["@system-service", "~@privileged"]
    allowed = system_calls("@system-service") - system_calls("@privileged")
    calls = tmp_path / "calls"
    command = [strace, "-f", "-qq", "-c", "-U", "name", "-o", str(calls), sys.executable]
    command += ["-m", "pkgraph", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"Serving at (\S+)/ ", process.stderr.readline())[1]
            until(lambda: httpx2.get(f"{address}/ready", timeout=60).status_code == 200)
            for path in ("/", "/operation/onuc.ttl", "/queries/typologies.csv", "/metrics"):
                assert httpx2.get(f"{address}{path}", timeout=60).status_code == 200
            for text in ("ASK {}", "SELECT * { ?s ?p ?o } LIMIT 5000"):
                asked = {"query": text, "format": "json"}
                assert httpx2.get(f"{address}/sparql", params=asked, timeout=60).status_code == 200
            own = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            os.kill(int(own[0]), signal.SIGHUP)
            done = 'pkgraph_reloads_total{outcome="unchanged"} 1.0'
            until(lambda: done in httpx2.get(f"{address}/metrics", timeout=60).text)
            os.kill(int(own[0]), signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
    used = {line.split()[0] for line in calls.read_text().splitlines() if line.strip()}
    used -= {"syscall", "total"} | {each for each in used if set(each) == {"-"}}
    assert {"clone3", "setpriority", "bind"} & used
    assert used <= allowed


# --- a container


@pytest.mark.slow
def test_what_the_containerfile_runs_makes_a_server_that_is_healthy(tmp_path):
    """Its lines are run in a virtual environment, its command and its check as they stand."""
    require_frontend()
    source, place, cache = tmp_path / "source", tmp_path / "pkgraph", tmp_path / "cache"
    wheels = tmp_path / "wheels"
    for each in (source, cache, wheels):
        each.mkdir()
    for name in ("pkgraph", "hatchling"):
        for other, wheel in required(name).items():
            if other != "pkgraph":
                pack(wheel, wheels)
    for line in re.findall(r"^COPY ([^-].*)$", CONTAINER, re.MULTILINE):
        *names, to = line.split()
        for name in names:
            path = DEPLOY.parent / name
            if path.is_dir():
                ours = shutil.ignore_patterns("__pycache__", "node_modules")
                shutil.copytree(path, source / to, ignore=ours, dirs_exist_ok=True)
            else:
                shutil.copy(path, source / to)
    npm, *lines = re.findall(r"^RUN (.*)$", CONTAINER, re.MULTILINE)
    assert npm in (DEPLOY.parent / "Makefile").read_text()  # which has built the part for browsers
    assert len(lines) == 3
    for line in lines:
        here = line.replace("/opt/pkgraph", str(place)).replace("/var/cache", str(cache))
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
        }
        run("sh", "-c", here, cwd=source, env=environment)
    (folder,) = (cache / "pkgraph").iterdir()
    before = sorted(each.name for each in folder.iterdir())

    port = free_port()
    command = json.loads(re.search(r"^ENTRYPOINT (.*)$", CONTAINER, re.MULTILINE)[1])
    check = json.loads(re.search(r"^HEALTHCHECK .* CMD (.*)$", CONTAINER, re.MULTILINE)[1])
    command, check = (
        [
            each.replace("/opt/pkgraph", str(place))
            .replace("8080", str(port))
            .replace(ANY_ADDRESS, "127.0.0.1")
            for each in words
        ]
        for words in (command, check)
    )
    environment = {"XDG_CACHE_HOME": str(cache), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/bin"}

    def healthy():
        return subprocess.run(check, check=False, capture_output=True).returncode == 0

    assert not healthy()
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE
    ) as process:
        try:
            until(healthy)
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert process.returncode == 0
    assert sorted(each.name for each in folder.iterdir()) == before  # it is served as it is


def free_port():
    """Return a port at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# --- nginx


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for example.org; return its file and that of its key."""
    folder = tmp_path_factory.mktemp("certificate")
    names = ["-subj", "/CN=example.org", "-addext", "subjectAltName=DNS:example.org"]
    paths = folder / "fullchain.pem", folder / "key.pem"
    run(
        needed("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        *names, "-out", paths[0], "-keyout", paths[1],
    )  # fmt: skip
    return paths


@contextlib.contextmanager
def proxied(folder, certificate, upstream):
    """Run nginx with our lines before *upstream*; give a client of it."""
    nginx = needed("nginx", "nginx")
    secure, plain = free_port(), free_port()
    lines = re.sub(r"^ *listen \[::\].*\n", "", NGINX, flags=re.MULTILINE)
    for one, other in (
        ("127.0.0.1:8080", upstream.removeprefix("http://")),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("/etc/ssl/example.org/fullchain.pem", str(certificate[0])),
        ("/etc/ssl/example.org/key.pem", str(certificate[1])),
    ):
        assert one in lines
        lines = lines.replace(one, other)
    (folder / "site.conf").write_text(lines, "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # whose the folder is
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{each}_temp_path {folder}/{each};" for each in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log warn;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} include {folder}/site.conf; }}\n",
        "utf-8",
    )
    command = [
        nginx,
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "log"),
    ]
    assert "test is successful" in run(*command, "-t")
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            trusted = ssl.create_default_context(cafile=certificate[0])
            until(lambda: (folder / "pid").exists() and reached(secure))
            yield f"https://example.org:{secure}", f"http://127.0.0.1:{plain}", trusted
        finally:
            process.terminate()
            process.communicate(timeout=60)


def reached(port):
    """Tell whether somebody listens at *port*."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@pytest.fixture(scope="module")
def before_it(certificate, tmp_path_factory):
    """Run a server with nginx before it; return functions that ask there, and what is known."""
    folder = tmp_path_factory.mktemp("nginx")
    with (
        started(folder, "--workers", "1", "--base-url", "https://example.org") as (
            process,
            upstream,
        ),
        proxied(folder, certificate, upstream) as (address, plain, trusted),
    ):
        process.plain, process.upstream = plain, upstream

        def ask(path, method="GET", **more):
            port = int(address.rpartition(":")[2])
            # The name leads to this machine for this client alone.
            headers = {"Host": "example.org", **more.pop("headers", {})}
            with httpx2.Client(verify=trusted) as client:
                return client.request(
                    method, f"https://127.0.0.1:{port}{path}", headers=headers, timeout=60,
                    extensions={"sni_hostname": "example.org"}, **more,
                )  # fmt: skip

        yield ask, process


def test_nginx_passes_pages_on_with_their_validators(before_it):
    """Links lead to the address that others see; who has a document already is told so."""
    ask, process = before_it
    page = ask("/")
    assert (page.status_code, "https://example.org/search" in page.text) == (200, True)
    assert page.headers["strict-transport-security"].startswith("max-age=")
    document = ask("/operation/onuc.ttl")
    again = ask("/operation/onuc.ttl", headers={"If-None-Match": document.headers["etag"]})
    assert (document.status_code, again.status_code, again.content) == (200, 304, b"")
    leading = httpx2.get(f"{process.plain}/search?q=x", headers={"Host": "example.org"})
    assert leading.headers["location"] == "https://example.org/search?q=x"
    assert ask("/metrics").status_code == 200  # this machine may


def test_nginx_passes_large_answers_on_and_breaks_off_where_the_server_does(before_it):
    """Compressed by the server; a part is never taken for the whole."""
    ask, process = before_it
    asked = {"query": "SELECT * { ?s ?p ?o } LIMIT 20000", "format": "csv"}
    through = ask("/sparql", params=asked)
    direct = httpx2.get(f"{process.upstream}/sparql", params=asked, timeout=60)
    assert through.headers["content-encoding"] == direct.headers["content-encoding"]
    assert through.content == direct.content
    assert through.text.count("\n") == 20_001
    values = " ".join(f'"{each * 50}"' for each in "0123456789")
    bomb = "".join(f"VALUES ?v{each} {{ {values} }} " for each in range(8))
    with pytest.raises(httpx2.RemoteProtocolError):
        ask("/sparql", params={"query": f"SELECT * {{ {bomb} }}", "format": "json"})
    long = f"ASK {{ FILTER(?x != '{'é' * 6000}') }}"
    assert ask("/sparql", params={"query": long, "format": "json"}).status_code == 200


def test_nginx_refuses_what_is_too_large_or_too_much(before_it):
    """The server says itself what is larger than it takes; nginx what is larger still."""
    ask, _ = before_it
    kind = {"Content-Type": "application/sparql-query"}
    said = ask("/sparql", "POST", content=b"#" * (1 << 20) + b"\n ASK {}", headers=kind)
    assert (said.status_code, "nginx" in said.text) == (413, False)
    refused = ask("/sparql", "POST", content=b"#" * (3 << 20), headers=kind)
    assert (refused.status_code, "nginx" in refused.text) == (413, True)
    statuses = []

    def flood():
        statuses.extend(ask("/sparql?query=ASK%7B%7D").status_code for _ in range(30))

    threads = [threading.Thread(target=flood) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert 429 in statuses
    assert {200, 429, 503} >= set(statuses)
    time.sleep(1)
    assert ask("/ready").status_code == 200


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that it is asked with."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Say what came."""
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing of it."""


def test_nginx_tells_the_server_who_asks_and_for_what(certificate, tmp_path):
    """Whoever asks cannot be somebody else by saying so; that the server is busy is passed on."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as echo:
        threading.Thread(target=echo.serve_forever, daemon=True).start()
        upstream = f"http://127.0.0.1:{echo.server_address[1]}"
        with (
            proxied(tmp_path, certificate, upstream) as (address, _, trusted),
            httpx2.Client(verify=trusted) as client,
        ):
            said = {
                "Host": "example.org",
                "X-Forwarded-For": "192.0.2.1",
                "X-Forwarded-Proto": "gopher",
                "Forwarded": "for=192.0.2.1",
            }
            local = f"https://127.0.0.1:{address.rpartition(':')[2]}/"
            named = {"sni_hostname": "example.org"}
            for _ in range(2):
                answer = client.get(local, headers=said, timeout=60, extensions=named)
                assert answer.status_code == 503
                told = answer.json()
                assert told["Host"] == "example.org"
                assert told["X-Forwarded-For"] == "127.0.0.1"
                assert told["X-Forwarded-Proto"] == "https"
                assert "Forwarded" not in told
        echo.shutdown()
