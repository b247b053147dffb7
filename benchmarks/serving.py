"""
Time the server against the Oxigraph server and rdflib-endpoint, with wrk on the loopback.

All serve the same store of about a million statements, the shipped graph among them: ours with two
workers; the Oxigraph server on disk and in memory; rdflib-endpoint in memory, with what the default
graph has. Each query is asked in many variants, with a comment that is never the same, so that no
cache has the answer, and then in one, so that ours has. Then the pages of claims are timed at two
sizes, and canned queries while hostile ones are asked at all times.

Needs wrk (Debian: apt install wrk) and `pip install oxigraph rdflib-endpoint`.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox

import made
import timing
from pkgraph import open_graph
from pkgraph.namespaces import BASE, PK, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: How many made-up statements there are; with what follows, and all twice, it is about a million.
SIZE: Final = 350_000
SMALL: Final = 35_000
VARIANTS: Final = 1000
SECONDS: Final = 6
CONNECTIONS: Final = 4
HOSTILE: Final = 8
PAGES: Final = 200
#: How long a server may take to load the store.
PATIENCE_S: Final = 900
QUERIES: Final = {
    "point": f"SELECT ?p ?o {{ <{BASE}claim/made-NNN-3> ?p ?o }}",
    "1,000 rows": f"SELECT ?s ?l {{ ?s <{RDFS}label> ?l }} OFFSET NNN LIMIT 1000",
    "join": f"""PREFIX pk: <{PK}> SELECT ?claim ?label ?work {{
        ?by pk:states ?claim . ?claim pk:about ?thing ; pk:kind ?kind ; <{RDFS}label> ?label ;
        pk:occursAt ?place . ?place pk:inPassage ?passage . ?passage pk:passageOf ?work
        }} OFFSET NNN LIMIT 100""",
}
#: Queries that never end by themselves, or take all memory.
HOSTILE_QUERIES: Final = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?i) }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    f"SELECT * {{ ?a (<{PK}about>|^<{PK}about>|<{PK}kind>|^<{PK}kind>)* ?b }}",
    "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '(a+)+b') . ?t ?q ?r FILTER(STR(?r) > STR(?o)) }",
)
_LATENCY: Final = re.compile(r"\s(50|99)%\s+([\d.]+)(us|ms|s)\b")
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
_FAILED: Final = re.compile(r"(?:Non-2xx|Socket errors).*")
_UNIT_MS: Final = {"us": 0.001, "ms": 1, "s": 1000}
LUA: Final = """
local addresses = {%s}
local next = 0
request = function()
  next = next + 1
  local address = addresses[next %% #addresses + 1]
  if #addresses > 1 then address = address .. "%%20%%23" .. next end
  return wrk.format("GET", address, {["Accept"] = "application/sparql-results+json"})
end
"""


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def fetch(
    address: str, body: bytes | None = None, kind: str = "", patience_s: float = PATIENCE_S
) -> None:
    """Read what is at *address*, to which *body* is posted if there is one."""
    headers = {"Content-Type": kind} if body else {}
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - all are ours
    with urllib.request.urlopen(request, timeout=patience_s) as answer:  # noqa: S310
        answer.read()


@contextlib.contextmanager
def running(command: Sequence[str], ready: str) -> Iterator[None]:
    """Have *command* run until the end of the context, once *ready* answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                fetch(ready)
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    sys.exit(f"{command[0]} does not answer at {ready}")
                time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


@contextlib.contextmanager
def pkgraph(folder: Path) -> Iterator[str]:
    """Serve the store in *folder* with two workers; give the address."""
    at = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "pkgraph", "serve", "--data", str(folder), "--workers", "2"]
    with running([*command, "--port", str(port)], f"{at}/sparql?query=ASK%7B%7D"):
        yield f"{at}/sparql"


@contextlib.contextmanager
def oxigraph(folder: Path, *, memory: bool) -> Iterator[str]:
    """Serve the store in *folder*, or a copy of it in *memory*, by the Oxigraph server."""
    at = f"127.0.0.1:{free_port()}"
    command = [program("oxigraph"), "serve-read-only", "--location", str(folder), "--bind", at]
    if memory:
        command = [program("oxigraph"), "serve", "--bind", at]
    with running(command, f"http://{at}/query?query=ASK%7B%7D"):
        if memory:
            copy = ox.Store.read_only(str(folder)).dump(format=ox.RdfFormat.N_QUADS)
            fetch(f"http://{at}/store", copy, "application/n-quads")
        yield f"http://{at}/query"


@contextlib.contextmanager
def rdflib_endpoint(folder: Path) -> Iterator[str]:
    """Serve the default graph of the store in *folder* by rdflib-endpoint."""
    file = folder.with_suffix(".nt")
    ox.Store.read_only(str(folder)).dump(
        str(file), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()
    )
    port = free_port()
    command = [program("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with running([*command, str(file)], f"http://127.0.0.1:{port}/?query=ASK%7B%7D"):
        yield f"http://127.0.0.1:{port}/"


def program(name: str) -> str:
    """Return the path of the program *name*, or end and say how it is installed."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which(name, path=places)
    if found is None:
        sys.exit(
            f"there is no {name}; install it: {'apt' if name == 'wrk' else 'pip'} install {name}"
        )
    return found


def wrk(address: str, query: str, variants: int, folder: Path) -> tuple[float, float]:
    """Return how many requests per second *address* answers, and the 99th percentile in ms."""
    path = re.sub(r"^http://[^/]+", "", address)
    targets = ", ".join(
        f'"{path}?query={quote(query.replace("NNN", str(number)))}"' for number in range(variants)
    )
    script = folder / "requests.lua"
    script.write_text(LUA % targets, "utf-8")
    command = [program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "60s"]
    done = subprocess.run(
        [*command, "--latency", "--script", str(script), address],
        check=True,
        capture_output=True,
        text=True,
    )
    if failed := _FAILED.search(done.stdout):
        sys.exit(f"{address} fails: {failed[0]}")
    slow = {
        share: float(time_) * _UNIT_MS[unit] for share, time_, unit in _LATENCY.findall(done.stdout)
    }
    rate = _RATE.search(done.stdout)
    if rate is None:
        sys.exit(f"wrk does not tell a rate:\n{done.stdout}")
    return float(rate[1]), slow["99"]


def milliseconds(address: str) -> float:
    """Return how long the answer at *address* takes."""
    start = time.perf_counter()
    fetch(address)
    return (time.perf_counter() - start) * 1000


def p95(times: Sequence[float]) -> float:
    """Return the time that one in twenty is longer than."""
    return statistics.quantiles(times, n=20)[-1]


def pages(endpoint: str) -> float:
    """Return the 95th percentile of pages of claims, none of which was asked for before, in ms."""
    root = endpoint.removesuffix("/sparql")
    return p95([milliseconds(f"{root}/claim/made-{n}-3.html") for n in range(PAGES)])


def canned(endpoint: str, first: int) -> float:
    """Return the 95th percentile of a canned query, with values from *first* on, in ms."""
    root = endpoint.removesuffix("/sparql")
    times = []
    for number in range(first, first + PAGES):
        values = urlencode({"target": f"{BASE}claim/made-{number}-3"})
        times.append(milliseconds(f"{root}/api/queries/attacks-on?{values}"))
    return p95(times)


@contextlib.contextmanager
def hostile(endpoint: str) -> Iterator[None]:
    """Have hostile queries asked at all times."""
    ending = threading.Event()

    def ask(number: int) -> None:
        while not ending.is_set():
            text = HOSTILE_QUERIES[number % len(HOSTILE_QUERIES)]
            with contextlib.suppress(OSError, HTTPException):  # refused or ended, as is wanted
                fetch(f"{endpoint}?{urlencode({'query': text})}", patience_s=5)

    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(HOSTILE)]
    for each in threads:
        each.start()
    time.sleep(2)
    try:
        yield
    finally:
        ending.set()


def rates(folder: Path) -> None:
    """Print the requests per second of all servers."""
    servers = {
        "pkgraph": pkgraph(folder),
        "oxigraph, disk": oxigraph(folder, memory=False),
        "oxigraph, memory": oxigraph(folder, memory=True),
        "rdflib-endpoint": rdflib_endpoint(folder),
    }
    found = {}
    kinds = [(name, variants) for variants in (VARIANTS, 1) for name in QUERIES]
    for server, context in servers.items():
        with context as address:
            for name, _ in kinds[: len(QUERIES)]:
                milliseconds(f"{address}?query={quote(QUERIES[name].replace('NNN', '0'))}")
            found[server] = [
                wrk(address, QUERIES[name], variants, folder.parent) for name, variants in kinds
            ]
    print("| requests per second (p99 in ms) |", " | ".join(servers), "| of oxigraph on disk |")
    print("|---|" + "---:|" * (len(servers) + 1))
    for row, (name, variants) in enumerate(kinds):
        cells = [f"{found[server][row][0]:.0f} ({found[server][row][1]:.1f})" for server in servers]
        ratio = found["pkgraph"][row][0] / found["oxigraph, disk"][row][0]
        kind = "many" if variants > 1 else "one again and again"
        print(f"| {name}, {kind} |", " | ".join(cells), f"| {ratio:.2f} × |")


def main() -> None:
    """Measure, and print tables."""
    with tempfile.TemporaryDirectory() as name:
        large, small = Path(name, "large"), Path(name, "small")
        shipped = list(open_graph().store.engine)  # type: ignore[attr-defined]
        made.make(large, SIZE, shipped)
        made.make(small, SMALL, shipped)
        sizes = {folder: len(ox.Store.read_only(str(folder))) for folder in (small, large)}
        print("### Serving\n")
        print(f"{timing.machine()} wrk with {CONNECTIONS} connections for {SECONDS} s, ", end="")
        print(f"{sizes[large]} statements.\n")
        rates(large)
        print("\n| | p95, ms |\n|---|---:|")
        for folder in (small, large):
            with pkgraph(folder) as endpoint:
                print(f"| pages of claims, of {sizes[folder]} statements | {pages(endpoint):.1f} |")
                if folder == small:
                    continue
                idle = canned(endpoint, 1000)
                with hostile(endpoint):
                    busy = canned(endpoint, 2000)
                print(f"| a canned query, idle | {idle:.1f} |")
                print(
                    f"| the same with {HOSTILE} hostile queries at all times, {busy / idle:.2f} × "
                    f"| {busy:.1f} |"
                )


if __name__ == "__main__":
    main()
