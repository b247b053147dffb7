"""
Judge what strangers send, in a process of its own.

A text of theirs may be made to fill the memory, to take hours, or to end the process that reads it,
and none of that can be stopped from inside. So it is read by a child with limits, which is told
what to check by the names of files in a folder that is there for it alone, and answers on standard
output. Where the system has no such limits (Windows), the time is still limited from outside.

Run as a module, this is the child: ``python -m pkgraph.verdicts.apart FORMAT FILE SHAPES``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pkgraph.errors import EnvironmentFailure, InputError, PkgraphError
from pkgraph.namespaces import SHAPES

#: What a check may take: memory in MiB, and seconds, of the processor and by the clock.
MAX_MIB: Final = 768
MAX_SECONDS: Final = 10
#: The largest verdict that is passed on, in MiB.
MAX_VERDICT_MIB: Final = 32
_PATIENCE_S: Final = 3 * MAX_SECONDS
#: The format that is a part of a page of the server.
FRAGMENT: Final = "fragment"
#: How many findings a page of the server shows.
MOST_SHOWN: Final = 1000

#: How the child ends; a fault of Python ends it with 1.
_ACCEPTED, _REJECTED, _UNREADABLE, _OUT_OF_MEMORY, _TOO_LONG = 0, 10, 11, 12, 13


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict as text, and whether what was judged is accepted."""

    accepted: bool
    text: str


def judge(name: str, content: bytes, format_name: str, *, shapes: str = SHAPES) -> Answer:
    """
    Return the verdict on a file of this *name*, which has no folders in it, and *content*.

    Args:
        name: What the verdict calls the file; its ending tells what it is.
        content: What is in it. It is kept for as long as the check lasts.
        format_name: One of :data:`pkgraph.verdicts.FORMATS`, or :data:`FRAGMENT`.
        shapes: The address at which a fragment says that the shapes are read.

    Raises:
        InputError: The file cannot be read, takes more than there is for it, or has too much wrong
            with it.
        EnvironmentFailure: The check itself failed.
    """
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as folder:
        Path(folder, name).write_bytes(content)
        # -P keeps the child from importing what lies in the folder.
        command = [sys.executable, "-P", "-m", __name__, format_name, name, shapes]
        try:
            ended = subprocess.run(  # noqa: S603  # the name is an argument, and nothing else
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_much(name) from None
    if ended.returncode == _UNREADABLE:
        raise InputError(ended.stderr.decode("utf-8", "replace").strip())
    if ended.returncode < 0 or ended.returncode == _OUT_OF_MEMORY:  # less than 0: by a signal
        raise _too_much(name)
    if ended.returncode == _TOO_LONG:
        raise InputError(
            f"the verdict on {name} is larger than {MAX_VERDICT_MIB} MiB; send less at once, or "
            "run pkgraph check on your own machine"
        )
    if ended.returncode not in {_ACCEPTED, _REJECTED}:
        raise EnvironmentFailure(f"the check of {name} failed; run pkgraph check on it to see how")
    return Answer(ended.returncode == _ACCEPTED, ended.stdout.decode())


def _too_much(name: str) -> InputError:
    return InputError(
        f"{name} could not be checked in {MAX_SECONDS} s and {MAX_MIB} MiB; send less at once, or "
        "run pkgraph check on your own machine"
    )


def main(format_name: str, name: str, shapes: str) -> int:
    """Print the verdict on the file *name* of the working folder, and return the exit status."""
    limit()
    from pkgraph import verdicts
    from pkgraph.verdicts import listing, page

    try:
        verdict = verdicts.judge([Path(name)])
        if format_name == FRAGMENT:
            told = page.fragment(verdict, shapes, MOST_SHOWN)
            written = (told + listing.fragment(verdict, MOST_SHOWN)).encode()
        else:
            written = verdicts.write(verdict, format_name).encode()
    except PkgraphError as error:
        sys.stderr.buffer.write(str(error).encode())
        return _UNREADABLE
    except MemoryError:
        return _OUT_OF_MEMORY
    if len(written) > MAX_VERDICT_MIB << 20:
        return _TOO_LONG
    sys.stdout.buffer.write(written)
    return _ACCEPTED if verdict.accepted else _REJECTED


def limit(mib: int = MAX_MIB, seconds: int = MAX_SECONDS) -> None:
    """Limit the memory and the time of the processor of this process, where the system does so."""
    with suppress(ImportError):
        import resource

        most = mib << 20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
