"""
Run commands of pkgraph, each in a process of its own with limits, without waiting for its imports.

Run as a script, this is a process that has everything imported and the shipped graph read. For each
line on its standard input, a command as JSON, it forks a child that runs the command, and answers
with a line on how that ended. A child is what a process of ``pkgraph`` is after its first half
second, and what it takes is counted from the beginning, the imports included. With the argument
``contribute`` a contribution has been taken into a store in memory as well.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What a child may take at most before it is stopped: beyond what any verdict may take.
CPU_S = 20
WALL_S = 120
ADDRESS_SPACE_MIB = 3072


@dataclass(frozen=True)
class Ended:
    """
    How a command ended: its exit status (negative if by a signal), and what it wrote and took.

    ``mib`` is the most memory that it had at a time, ``cpu_s`` the time of the processor.
    """

    status: int
    out: str
    err: str
    mib: float
    cpu_s: float


class Commands:
    """Runs commands in children of a process that is started once."""

    def __init__(self, *warmed_up_for: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *warmed_up_for],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, folder: Path, killed_after_s: float = WALL_S) -> Ended:
        """Run ``pkgraph`` with these arguments in a folder, and kill it if it takes so long."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        command = [killed_after_s, str(folder), *arguments]
        print(json.dumps(command), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=WALL_S)


def _serve() -> None:
    """Answer each command on standard input."""
    import gc

    from pkgraph.cli import main

    _warm_up(main)
    if "contribute" in sys.argv[1:]:
        _warm_up_for_contributions()
    gc.freeze()  # so that a child does not copy what it only reads
    for line in sys.stdin:
        seconds, folder, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(_run(main, folder, arguments, seconds)) + "\n")
        sys.stdout.flush()


def _warm_up(main: Any) -> None:
    """Check what is sound in each form, and what is not, so that all is imported and read."""
    hostile = Path(__file__).parent / "corpus" / "hostile"
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        out, err, sys.stdout, sys.stderr = sys.stdout, sys.stderr, nothing, nothing
        for path in (*sorted(hostile.glob("plain.*")), hostile / "homoglyph-in-a-class.ttl"):
            main(["check", str(path)])
        sys.stdout, sys.stderr = out, err


def _warm_up_for_contributions() -> None:
    """
    Take a contribution into a store in memory.

    One on disk has threads of its own, which a child would have to do without.
    """
    from contributing import ADA, CLAIM

    from pkgraph import build, intake, resources
    from pkgraph.contribution.giving import _Given, _land

    store = build.load(resources.data_files("graph", ".ttl")).engine
    text = CLAIM % {"n": "example-warm"}
    by = f"https://orcid.org/{ADA}"
    given = _Given(intake.read(text), [text.encode()], by, replaces=None, only_own=False)
    assert _land(store, Path(os.devnull), given).contribution is not None


def _run(main: Any, folder: str, arguments: list[str], seconds: float) -> dict[str, object]:
    """Run a command in a child for so long, and tell how it ended."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _be_the_command(main, folder, arguments, out.fileno(), err.fileno())
        signal.signal(signal.SIGALRM, lambda *_: _kill(child))
        signal.setitimer(signal.ITIMER_REAL, seconds)
        _, status, used = os.wait4(child, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        out.seek(0)
        err.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "out": out.read().decode("utf-8", "backslashreplace"),
            "err": err.read().decode("utf-8", "backslashreplace"),
            "mib": used.ru_maxrss / 1024,
            "cpu_s": used.ru_utime + used.ru_stime,
        }


def _kill(child: int) -> None:
    """End a child, unless it has just ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _be_the_command(main: Any, folder: str, arguments: list[str], out: int, err: int) -> None:
    """Be a process of pkgraph from here on, and end."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    most = ADDRESS_SPACE_MIB << 20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = 70  # what Python would end with a traceback
    try:
        sys.argv = ["pkgraph", *arguments]
        status = main(arguments)
    except SystemExit as error:  # argparse
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, a user would have seen it
        import traceback

        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve()
