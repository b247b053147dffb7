"""Three replicas of a release behind nginx: one dies, all get a new release, nobody notices."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Final

import httpx2
import pytest
from test_deploy import free_port, needed, run
from test_reload import VALUE, said, sparql, started, until

from pkgraph import open_graph, releasing

CONF: Final = Path(__file__).resolve().parent.parent / "deploy" / "replicas" / "nginx.conf"
#: How many ask at the same time, and for how long before and after what happens, in seconds.
ASKERS: Final = 4
_QUIET_S: Final = 1.5

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def balanced(folder, ports):
    """Run nginx with the lines of the example before replicas at *ports*; give its address."""
    nginx, port = needed("nginx", "nginx"), free_port()
    lines = CONF.read_text("utf-8")
    told = [("listen 80;", f"listen 127.0.0.1:{port};")]
    told += [(f"127.0.0.1:808{n}", f"127.0.0.1:{ports[n - 1]}") for n in (1, 2, 3)]
    for one, other in told:
        assert one in lines
        lines = lines.replace(one, other)
    (folder / "replicas.conf").write_text(lines, "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # whose the folder is
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{each}_temp_path {folder}/{each};" for each in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log warn;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} include {folder}/replicas.conf; }}\n",
        "utf-8",
    )
    paths = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")]
    assert "test is successful" in run(nginx, *paths, "-t")
    with subprocess.Popen([nginx, *paths]) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            until(lambda: answered(address))
            yield address
        finally:
            process.terminate()
            process.wait(timeout=60)


def answered(address):
    """Tell whether somebody answers at *address*."""
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"{address}/ready", timeout=60).status_code == 200
    return False


@contextlib.contextmanager
def load(address):
    """Ask for a value and a page all the time; give what was answered so far."""
    found, over = [], threading.Event()

    def ask():
        with httpx2.Client(timeout=60) as client:
            while not over.is_set():
                try:
                    answer = sparql(address, VALUE, client)
                    page = client.get(f"{address}/concept/x.html")
                    value = re.findall("old|new", answer.text)
                    found.append((answer.status_code, page.status_code, *value))
                except httpx2.HTTPError as error:
                    found.append((repr(error),))

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        yield found
    finally:
        over.set()
        for asker in askers:
            asker.join()


def released(folder, value):
    """Make a release in which the thing has this name, and return its folder."""
    graph = open_graph(said(folder, value))
    releasing.make(graph, folder / value)
    return folder / value


def lead(link, release):
    """Have *link* lead to a release, in one step."""
    beside = link.with_name(f"{link.name}-next")
    beside.symlink_to(release)
    beside.replace(link)


def test_nobody_notices_that_a_replica_dies_and_a_new_release_comes(tmp_path):
    """All that is asked meanwhile is answered, and at the end with what the new release says."""
    old, new = released(tmp_path, "old"), released(tmp_path, "new")
    links = [tmp_path / f"current-{number}" for number in (1, 2, 3)]
    ports = [free_port() for _ in links]
    folders = [tmp_path / f"replica-{number}" for number in (1, 2, 3)]

    def replica(number):
        """Start the replica of this number."""
        arguments = (
            "--release",
            str(links[number]),
            "--port",
            str(ports[number]),
            "--workers",
            "1",
        )
        return started(folders[number], *arguments)

    with contextlib.ExitStack() as until_end:
        for link, folder in zip(links, folders, strict=True):
            folder.mkdir()
            lead(link, old)
        processes = [until_end.enter_context(replica(number))[0] for number in range(3)]
        address = until_end.enter_context(balanced(tmp_path, ports))
        with load(address) as found:
            time.sleep(_QUIET_S)
            processes[0].kill()
            processes[0].wait()
            time.sleep(_QUIET_S)
            lead(links[0], new)
            until_end.enter_context(replica(0))
            for number in (1, 2):
                lead(links[number], new)
                processes[number].send_signal(signal.SIGHUP)
                here = f"http://127.0.0.1:{ports[number]}"
                until(lambda here=here: "new" in sparql(here).text)
            after = len(found)
            until(lambda: len(found) > after + 4 * ASKERS)
        assert set(found) <= {(200, 200, "old"), (200, 200, "new")}
        assert set(found[:ASKERS]) == {(200, 200, "old")}
        assert set(found[-ASKERS:]) == {(200, 200, "new")}
        assert len(found) > 10 * ASKERS
