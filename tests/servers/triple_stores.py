"""
Start triple stores of others for a test, each empty, on loopback and in a folder of its own.

The default graph of each can be the union of its named graphs, which is what
:class:`pkgraph.store.RemoteStore` expects: by itself, or as ``pkgraph deploy`` fills it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from required import require

from pkgraph import Credentials
from pkgraph.errors import JavaNotFoundError
from pkgraph.reasoning import find_java

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HERE = Path(__file__).parent
TOOLS = HERE.parent.parent / ".tools"
#: How long a server may take to answer for the first time, and to end.
_BEGINS_S = 90
_ENDS_S = 20


@dataclass(frozen=True)
class TripleStore:
    """A server that runs: where it takes queries, and who may write."""

    query: str
    writer: Credentials = field(default_factory=Credentials)


def oxigraph_program() -> str:
    """Return the path of the program of Oxigraph, which may not be on PATH; or skip the test."""
    beside = Path(sys.executable).parent
    program = shutil.which("oxigraph", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    require(is_there=program, what="oxigraph", install="pip install oxigraph")
    return program


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[TripleStore]:
    """Run the server of Oxigraph, by default in memory and without its own union, no set."""
    address = f"127.0.0.1:{free_port()}"
    command = [oxigraph_program(), "serve", "--bind", address, *options]
    with _running(command, folder, f"http://{address}/query?query=ASK%7B%7D"):
        yield TripleStore(f"http://{address}/query")


@contextmanager
def fuseki(folder: Path) -> Iterator[TripleStore]:
    """Run Apache Jena Fuseki, whose jars ``.ci/fetch_servers.py`` fetches."""
    java = _java()
    jars = sorted(TOOLS.glob("fuseki/*.jar"))
    require(is_there=jars, what="Apache Jena Fuseki", install="python .ci/fetch_servers.py")
    port = free_port()
    shutil.copyfile(HERE / "fuseki.ttl", folder / "fuseki.ttl")
    command = [
        *(str(java), "-Xmx1g", "-cp", os.pathsep.join(map(str, jars))),
        *("org.apache.jena.fuseki.main.cmds.FusekiMainCmd", "--localhost", f"--port={port}"),
        "--config=fuseki.ttl",
    ]
    root = f"http://127.0.0.1:{port}/pkgraph"
    with _running(command, folder, f"{root}/sparql?query=ASK%7B%7D"):
        yield TripleStore(f"{root}/sparql")


@contextmanager
def rdf4j(folder: Path) -> Iterator[TripleStore]:
    """Run RDF4J Server with a store in memory, which ``.ci/fetch_servers.py`` fetches."""
    java = _java()
    files = [*TOOLS.glob("rdf4j/jetty-runner-*.jar"), *TOOLS.glob("rdf4j/*.war")]
    require(is_there=files, what="RDF4J Server", install="python .ci/fetch_servers.py")
    runner, server = map(str, files)
    port = free_port()
    command = [
        *(str(java), "-Xmx1g", f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'data'}"),
        *("-jar", runner, "--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j", server),
    ]
    root = f"http://127.0.0.1:{port}/rdf4j"
    with _running(command, folder, f"{root}/protocol"):
        query = f"{root}/repositories/pkgraph"
        settings = (HERE / "rdf4j.ttl").read_bytes()
        made = urllib.request.Request(  # noqa: S310 - ours
            query, settings, {"Content-Type": "text/turtle"}, method="PUT"
        )
        urllib.request.urlopen(made, timeout=60).close()  # noqa: S310 - ours
        yield TripleStore(query)


@contextmanager
def virtuoso(folder: Path) -> Iterator[TripleStore]:
    """Run Virtuoso 7, to which its administrator may write."""
    program = shutil.which("virtuoso-t")
    require(is_there=program, what="Virtuoso", install="apt install virtuoso-opensource")
    isql, http = free_port(), free_port()
    settings = (HERE / "virtuoso.ini").read_text("utf-8")
    settings = settings.replace("@ISQL_PORT@", str(isql)).replace("@HTTP_PORT@", str(http))
    (folder / "virtuoso.ini").write_text(settings, "utf-8")
    root = f"http://127.0.0.1:{http}"
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    with _running(command, folder, f"{root}/sparql?query=ASK%7B%7D"):
        yield TripleStore(f"{root}/sparql", Credentials("dba", "dba"))


#: All that can be started, by name.
SERVERS: dict[str, Callable[[Path], object]] = {
    "oxigraph": oxigraph,
    "fuseki": fuseki,
    "rdf4j": rdf4j,
    "virtuoso": virtuoso,
}


def _java() -> Path:
    """Return the path of Java, or skip the test."""
    try:
        return find_java()
    except JavaNotFoundError as error:
        require(is_there=False, what="Java", install=str(error))
        raise AssertionError from error  # require does not return


def free_port() -> int:
    """Return the number of a port that nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def _running(command: Sequence[str], folder: Path, asked: str) -> Iterator[None]:
    """Run *command* in *folder* from the time that the address *asked* answers."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(process, asked, log)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen, asked: str, log: Path) -> None:
    """Return once *asked* answers; fail with the log if the server ends or takes too long."""
    until = time.monotonic() + _BEGINS_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(asked, timeout=5):  # noqa: S310 - ours
                return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.2)
    message = f"{process.args[0]} does not answer; it said: {log.read_text('utf-8')[-2000:]}"
    raise AssertionError(message)
