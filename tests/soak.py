"""
Load a server for long with all that may happen to it at once, and count what goes wrong.

Honest clients ask for pages, canned queries, single things and a thousand rows, and compare every
answer with that of the release that it names. Meanwhile contributions come and go, each followed by
a reload; workers and the process that forks them are killed; hostile queries never stop. Nothing
may be wrong or lost, and the memory of all processes may not grow.

``make soak`` runs it for ten minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from pkgraph import contribution
from pkgraph.web.server import serve

ADA = "0000-0002-1825-0097"
#: How many ask at a time.
HONEST, HOSTILE, WORKERS = 4, 2, 2
TIME_S = 5
#: How often the honest ask again who are told to, and how long any answer may take.
TRIES, PATIENCE_S = 30, 60
#: How much more memory there may be at the end than after the warm-up.
GROWTH = 1.10
#: So much it may grow in any case: after a short warm-up not all is kept yet that may be (64 MiB).
ROOM = 32 << 20

PREFIXES = """\
PREFIX claim: <https://w3id.org/pkgraph/claim/>
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
#: What the honest ask; the second of each tells whether the two states answer differently.
ASKED = {
    "home page": ("/", True),
    "page of a thing": ("/concept/peacekeeping.html", True),
    "page that comes and goes": ("/claim/aaa-calm.html", True),
    "Turtle of a thing": ("/operation/onuc.ttl", False),
    "canned query": ("/queries/typologies.csv", False),
    "canned query of a claim": ("/queries/citation-trail.csv?claim=aaa-calm", True),
    "canned query as JSON": ("/api/queries/uncited-claims?limit=50", True),
    "point query": ("SELECT ?label { claim:aaa-calm rdfs:label ?label }", True),
    "point query of an operation": (
        "SELECT ?p ?o { <https://w3id.org/pkgraph/operation/onuc> ?p ?o } ORDER BY ?p ?o",
        False,
    ),
    "1,000 rows": (
        "SELECT ?c ?l { ?c a pk:Claim ; rdfs:label ?l } ORDER BY ?c LIMIT 1000",
        True,
    ),
    "a join": (
        "SELECT ?c ?w { ?c pk:occursAt/pk:inPassage/pk:passageOf ?w } ORDER BY ?c ?w LIMIT 1000",
        True,
    ),
}
DIGITS = " ".join(f'"{digit * 20}"' for digit in "0123456789")
BOMB = "".join(f"VALUES ?v{each} {{ {DIGITS} }} " for each in range(8))
ANY = "(!<x:y>|^!<x:y>)"
HOSTILES = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY}+ ?b . ?b {ANY}+ ?c }}",
    f"SELECT * {{ {BOMB} }} ORDER BY DESC(?v7)",
    f"SELECT (GROUP_CONCAT(CONCAT(?v0, ?v1)) AS ?x) {{ {BOMB} }}",
    f"SELECT DISTINCT * {{ {BOMB} }} OFFSET 99999999",
    f"SELECT * {{ {BOMB} }}",
)


def server(folder: Path) -> None:
    """Serve the store in *folder*, with limits that are reached soon."""
    from argparse import Namespace
    from functools import partial

    from pkgraph.cli.serving import opened
    from pkgraph.evaluation import Limits

    arguments = Namespace(data=[str(folder)], endpoint=None, source=[])
    limits = Limits(time_s=TIME_S, cpu_s=TIME_S, memory_bytes=256 << 20)
    serve(partial(opened, arguments), "127.0.0.1", 0, workers=WORKERS, limits=limits)


def ask(connection: HTTPConnection, asked: str) -> tuple[int, str, bytes, str]:
    """Return the status, the release, the body and when to ask again of the answer to *asked*."""
    path = asked
    if not asked.startswith("/"):
        path = "/sparql?" + urlencode({"query": PREFIXES + asked, "format": "csv"})
    connection.request("GET", path, headers={"Accept": "*/*"})
    response = connection.getresponse()
    body = response.read()
    release = response.getheader("Pkgraph-Release", "")
    # The release in an answer has to be the one that it names; the day may change meanwhile.
    body = body.replace(release.encode(), b"RELEASE")
    body = re.sub(rb"\d{4}-\d\d-\d\d(T[\d:.]+Z|-\d+)?", b"DATE", body)
    # All statements on a thing are more each time: the record keeps that it was taken back.
    body = body.partition(b'id="statements"')[0]
    return response.status, release, body, response.getheader("Retry-After", "")


class Soak:
    """One run: a server, those who ask it, and what they count."""

    def __init__(self, folder: Path, claim: Path, seed: int) -> None:
        self.folder, self.claim = folder, claim
        self.random = random.Random(seed)  # noqa: S311
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.seconds: dict[str, list[float]] = {name: [] for name in ASKED}
        self.states: dict[str, str] = {}  # which state each release has
        self.early: list[tuple[str, str, int, bytes]] = []  # answers of releases not yet known
        self.expected: dict[tuple[str, str], tuple[int, bytes]] = {}
        self.stop, self.calm = threading.Event(), threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(folder)], stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr
        line = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        self.port = int(found[1])
        self.log: list[str] = []
        threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True).start()

    def connect(self, client: int) -> HTTPConnection:
        """Return a connection from an address of the *client*'s own."""
        source = (f"127.0.1.{client}", 0)
        return HTTPConnection("127.0.0.1", self.port, PATIENCE_S, source_address=source)

    # --- states

    def change(self, state: str) -> None:
        """Have the store in *state*, and wait until that is served."""
        if state == "B":
            outcome = contribution.contribute([self.claim], ADA, self.folder)
            self.contributed = outcome.contribution.name
        elif self.states:
            contribution.withdraw(self.contributed, ADA, self.folder, "soaked")
        gc.collect()  # this process may hold the store, and its lock, in a circle of objects
        if not self.states:
            self.states[self.release()] = state
            return
        self.counts["contributions and withdrawals"] += 1
        while not self.stop.is_set():
            self.process.send_signal(signal.SIGHUP)
            until = time.monotonic() + PATIENCE_S / 2
            while time.monotonic() < until:
                # What is opened after a change has it; what the state is called is the store's.
                if (release := self.release()) not in self.states:
                    self.states[release] = state
                    self.counts["reloads"] += 1
                    return
                time.sleep(0.1)
            self.counts["reloads that were not made in time"] += 1

    def release(self) -> str:
        """Return the release that is served."""
        with contextlib.closing(self.connect(99)) as connection:
            return ask(connection, "/ready")[1]

    def learn(self, state: str) -> None:
        """Ask everything while nothing else happens, and keep the answers as those of *state*."""
        with contextlib.closing(self.connect(98)) as connection:
            for name, (asked, _) in ASKED.items():
                status, release, body, _ = ask(connection, asked)
                assert self.states[release] == state
                assert status == 200 or (state, name[-4:]) == ("A", "goes") or state == "A", name
                self.expected[state, name] = (status, body)

    # --- those who ask

    def honest(self, client: int) -> None:
        """Ask what honest clients ask, and look at every answer."""
        connection, own = self.connect(client), random.Random(client)  # noqa: S311
        while not self.stop.is_set():
            name = own.choice(list(ASKED))
            begun = time.monotonic()
            for _ in range(TRIES):
                try:
                    status, release, body, again = ask(connection, ASKED[name][0])
                except (OSError, HTTPException) as error:
                    self.counts["lost"] += 1
                    self.wrong.append(f"{name}: {error!r}")
                    connection.close()
                    break
                if status == 503 and again:
                    self.counts[f"told to ask again: {body[-60:]!r}"] += 1
                    connection.close()
                    time.sleep(float(again) * own.random())
                    continue
                self.seconds[name].append(time.monotonic() - begun)
                self.counts["honest"] += 1
                if status >= 500:
                    self.counts["lost"] += 1
                    self.wrong.append(f"{name}: {status} {body[:200]!r}")
                elif release in self.states:
                    self.judge(release, name, status, body)
                else:
                    self.early.append((release, name, status, body))
                break
            else:
                self.counts["lost"] += 1
                self.wrong.append(f"{name}: told to ask again {TRIES} times")
        connection.close()

    def judge(self, release: str, name: str, status: int, body: bytes) -> None:
        """Compare an answer with the one that *release* has."""
        state = self.states.get(release, "no state that there was")
        if (status, body) != self.expected.get((state, name)):
            self.counts["wrong"] += 1
            self.wrong.append(f"{name}: not what {release} ({state}) says: {status} {body[:99]!r}")

    def hostile(self, client: int) -> None:
        """Ask what is ended at a limit, without a pause."""
        own = random.Random(client)  # noqa: S311
        while not self.stop.is_set():
            if self.calm.is_set():
                time.sleep(0.1)
                continue
            with (
                contextlib.closing(self.connect(client)) as connection,
                contextlib.suppress(OSError, HTTPException),
            ):
                status = ask(connection, own.choice(HOSTILES))[0]
                self.counts[f"hostile: {status}"] += 1
                continue
            self.counts["hostile: cut off"] += 1

    def killer(self) -> None:
        """Kill a worker every few seconds, and now and then the process that forks them."""
        last = time.monotonic()
        while not self.stop.wait(self.random.uniform(3, 6)):
            if self.calm.is_set():
                continue
            forking = children(self.process.pid)
            if time.monotonic() - last > 15:
                chosen, what, last = forking, "forking processes killed", time.monotonic()
            else:
                chosen = [each for parent in forking for each in children(parent)]
                what = "workers killed"
            if chosen:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.random.choice(chosen), signal.SIGKILL)
                    self.counts[what] += 1

    def changer(self) -> None:
        """Change the state of the store, again and again."""
        state = "A"
        while not self.stop.wait(1):
            if not self.calm.is_set():
                state = "A" if state == "B" else "B"
                self.change(state)

    # --- the run

    def rest(self) -> int:
        """Return the memory of all processes while nothing hostile goes on, in bytes."""
        self.calm.set()
        time.sleep(TIME_S + 6)  # queries end, old releases close
        found = []
        for _ in range(5):
            found.append(memory(self.process.pid))
            time.sleep(0.5)
        self.calm.clear()
        return int(statistics.median(found))

    def run(self, seconds: float) -> bool:
        """Do it all for so long; print figures, and return whether nothing went wrong."""
        # What was never there is not found; what was taken back is gone, and so it is from here on.
        self.change("A")
        for state in ("B", "A"):
            self.change(state)
            self.learn(state)
        for name, (_, differs) in ASKED.items():
            same = self.expected["A", name] == self.expected["B", name]
            assert same != differs, name
        threads = [threading.Thread(target=self.honest, args=(each + 1,)) for each in range(HONEST)]
        threads += [
            threading.Thread(target=self.hostile, args=(each + 51,)) for each in range(HOSTILE)
        ]
        threads += [threading.Thread(target=each) for each in (self.killer, self.changer)]
        begun, first = time.monotonic(), 0
        for each in threads:
            each.start()
        while (passed := time.monotonic() - begun) < seconds:
            time.sleep(min(10, seconds / 6))
            if not first and passed > min(seconds / 3, 120):
                first = self.rest()
            self.line(time.monotonic() - begun)
        last = self.rest()
        self.stop.set()
        for each in threads:
            each.join()
        for answer in self.early:
            self.judge(*answer)
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        left = list((self.folder / "snapshots").iterdir())
        self.table(first, last)
        return not (
            self.wrong
            or code
            or left
            or last > max(first * GROWTH, first + ROOM)
            or not self.counts["reloads"]
        )

    def line(self, passed: float) -> None:
        """Print how it stands."""
        c = self.counts
        print(
            f"{passed:6.0f} s {c['honest']:8} answered {c['wrong']:3} wrong {c['lost']:3} lost "
            f"{c['workers killed'] + c['forking processes killed']:4} kills {c['reloads']:4} "
            f"reloads {memory(self.process.pid) >> 20:6} MiB",
            flush=True,
        )

    def table(self, first: int, last: int) -> None:
        """Print what was counted, how long the honest waited, and the memory."""
        print()
        for name, count in sorted(self.counts.items()):
            print(f"{name:40} {count:8}")
        print(f"\n{'milliseconds':40} {'asked':>8} {'p50':>8} {'p95':>8} {'most':>8}")
        for name, found in self.seconds.items():
            if len(found) > 1:
                parts = statistics.quantiles(found, n=20)
                shown = [f"{each * 1000:8.1f}" for each in (parts[9], parts[18], max(found))]
                print(f"{name:40} {len(found):8}", *shown)
        print(f"\nmemory {first >> 20} MiB after the warm-up, {last >> 20} MiB at the end")
        for each in self.log[-10:]:
            print("log:", each.rstrip()[:200])
        for each in self.wrong[:20]:
            print("!", each)


def children(number: int) -> list[int]:
    """Return the numbers of the processes that any thread of *number* started."""
    found = []
    for each in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, each.read_text().split())
    return found


def memory(number: int) -> int:
    """Return the memory of *number* and what it started, shared parts once, in bytes."""
    total = sum(map(memory, children(number)))
    with contextlib.suppress(OSError):
        found = re.search(
            r"^Pss: +(\d+) kB", Path(f"/proc/{number}/smaps_rollup").read_text(), re.MULTILINE
        )
        total += int(found[1]) << 10 if found else 0
    return total


def soak(seconds: float, seed: int) -> bool:
    """Run for so many *seconds*, and return whether nothing went wrong."""
    print(f"seed {seed}")
    sys.path.insert(0, str(Path(__file__).parent))
    from contributing import CLAIM

    with tempfile.TemporaryDirectory(prefix="pkgraph-soak-") as place:
        claim = Path(place, "aaa.ttl")
        claim.write_text(CLAIM % {"n": "aaa"}, "utf-8")
        other = Path(place, "zzz.ttl")
        other.write_text(CLAIM % {"n": "zzz"}, "utf-8")
        folder = Path(place, "store")
        contribution.contribute([other], ADA, folder)
        run = Soak(folder, claim, seed)
        try:
            return run.run(seconds)
        finally:
            run.stop.set()
            if run.process.poll() is None:
                run.process.kill()
                run.process.wait()
                print(*run.log[-20:], sep="")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Load a server with all that may happen to it.")
    parser.add_argument("--seconds", type=float, default=600, help="for how long")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="of chance")  # noqa: S311
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        server(given.serve)
    else:
        sys.exit(not soak(given.seconds, given.seed))
