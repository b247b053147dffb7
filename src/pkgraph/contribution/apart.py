"""
Change a store by what strangers send, in a process of its own.

As with what is only checked (:mod:`pkgraph.verdicts.apart`), what is sent may be made to fill the
memory, to take hours, or to end the process that reads it. So a child with limits opens the store,
reads, checks and takes in or takes back; if it is ended, the store has all of the change or none.

Run as a module, this is the child: ``python -m pkgraph.contribution.apart JOB``. The job is an
object of JSON, and so is the answer on standard output.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pkgraph import errors
from pkgraph.contribution.objects import as_object
from pkgraph.errors import (
    BusyError,
    ConflictError,
    InputError,
    NotFoundError,
    NotYoursError,
    StoreError,
)
from pkgraph.store import is_store
from pkgraph.verdicts.apart import MAX_VERDICT_MIB, limit

if TYPE_CHECKING:
    from pkgraph.verdicts import Verdict

#: What a change may take: memory in MiB, and seconds of the processor.
MAX_MIB: Final = 1024
MAX_SECONDS: Final = 30
#: How long it may wait for another program that writes to the store, in seconds.
WAIT_S: Final = 10
#: How long it may take by the clock.
_PATIENCE_S: Final = WAIT_S + 2 * MAX_SECONDS
#: When to try again what could not be done.
RETRY_S: Final = 30

_LOG: Final = logging.getLogger(__name__)
#: The signals that end a process which takes more than there is for it.
_TOO_MUCH: Final = frozenset({signal.SIGXCPU, signal.SIGABRT, signal.SIGSEGV})
#: The errors that are passed on as they are; all others are the server's own.
_TOLD: Final = {
    each.__name__: each for each in (ConflictError, InputError, NotFoundError, NotYoursError)
}


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What became of a change.

    If it was not made, ``record`` is None, and ``verdict`` says why, in the form that was asked
    for. If it was, ``record`` is what is on record, and ``verdict`` what a reviewer is to look at,
    in JSON.
    """

    record: dict[str, Any] | None
    verdict: str


def give(  # noqa: PLR0913 - what is given, by whom, and how
    folder: Path,
    name: str,
    content: bytes,
    by: str,
    *,
    form: str = "json",
    replaces: str | None = None,
) -> Answer:
    """
    Contribute a file of this *name*, which has no folders in it, to the store in *folder*.

    Args:
        folder: The folder of the store.
        name: What the file is called on record; its ending tells what it is.
        content: What is in it.
        by: The ORCID iD of the contributor.
        form: In what form a verdict is told that rejects: one of :data:`pkgraph.verdicts.FORMATS`.
        replaces: The name of a contribution of theirs that leaves the store when this one comes.

    Raises:
        BusyError: Others write to the store for too long, or the child was ended.
        ConflictError: Nothing of it is new to the store, or what it replaces has left already.
        InputError: The file cannot be read, or takes more than there is for it.
        NotFoundError: There is nothing of the name that it replaces.
        NotYoursError: What it replaces was given by somebody else.
    """
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as beside:
        Path(beside, name).write_bytes(content)
        job = {"folder": str(folder.resolve()), "by": by, "form": form}
        return _run({**job, "file": name, "replaces": replaces}, beside)


def withdraw(folder: Path, name: str, by: str, *, form: str = "json", reason: str = "") -> Answer:
    """
    Take their contribution *name* out of the store in *folder*: see :func:`give`.

    The verdict that rejects tells of those who rest on it.
    """
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as beside:
        job = {"folder": str(folder.resolve()), "by": by, "form": form}
        return _run({**job, "name": name, "reason": reason or None}, beside)


def show(folder: Path, name: str, form: str) -> str:
    """
    Return what the contribution *name* says, in Turtle (ttl), or what it changes, in Markdown (md).

    Raises:
        BusyError: The store cannot be read, or the child was ended.
        InputError: It takes more than there is for it.
        NotFoundError: There is no such contribution.
    """
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as beside:
        job = {"folder": str(folder.resolve()), "show": name, "form": form}
        return _run(job, beside).verdict


def _run(job: dict[str, Any], working: str) -> Answer:
    """Have a child do *job* in the folder *working*."""
    limits = {"mib": MAX_MIB, "seconds": MAX_SECONDS, "wait_s": WAIT_S}
    # -P keeps the child from importing what lies in the folder.
    command = [sys.executable, "-P", "-m", __name__, json.dumps({**job, **limits})]
    # One arena, for each that the allocator makes takes of the memory that is counted.
    environment = {**os.environ, "MALLOC_ARENA_MAX": "1"}
    try:
        ended = subprocess.run(  # noqa: S603  # what is a stranger's is in the one argument
            command,
            cwd=working,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _unknown() from None
    if -ended.returncode in _TOO_MUCH:
        raise _too_much()
    if ended.returncode:
        said = ended.stderr.decode("utf-8", "replace")[-2000:]
        _LOG.error("a contribution ended with %s: %s", ended.returncode, said)
        raise _unknown()
    told: dict[str, Any] = json.loads(ended.stdout)
    if "error" not in told:
        return Answer(**told)
    if told["error"] == MemoryError.__name__:
        raise _too_much()
    if told["error"] in _TOLD:
        raise _TOLD[told["error"]](told["message"])
    # Where the store is and what ails it is for whoever keeps it.
    _LOG.error("the store takes no contribution: %s", told["message"])
    raise BusyError(
        f"the store is in use or out of order at the moment; try again in {RETRY_S} s", RETRY_S
    )


def _too_much() -> InputError:
    return InputError(
        f"this could not be done in {MAX_SECONDS} s and {MAX_MIB} MiB; send less at once"
    )


def _unknown() -> BusyError:
    return BusyError(
        "the process that did this was ended before it could answer; see whether it was done, or "
        f"send it again in {RETRY_S} s: nothing is taken twice",
        RETRY_S,
    )


def main(text: str) -> int:
    """Do the job *text*, print the answer, and return the exit status."""
    job = json.loads(text)
    limit(job["mib"], job["seconds"])
    answer: dict[str, Any]
    try:
        do = _given if "file" in job else _shown if "show" in job else _withdrawn
        answer = asdict(do(job))
    except errors.PkgraphError as error:
        known = next((name for name, kind in _TOLD.items() if isinstance(error, kind)), "")
        answer = {"error": known, "message": str(error)}
    except MemoryError as error:
        answer = {"error": MemoryError.__name__, "message": str(error)}
    except OSError as error:
        answer = {"error": "", "message": f"{error.filename}: {error.strerror}"}
    sys.stdout.write(json.dumps(answer))
    return 0


def _given(job: dict[str, Any]) -> Answer:
    """Contribute the file of the working folder that *job* names."""
    from pkgraph import contribution
    from pkgraph.verdicts.verdict import Case, judge_case, verdict_on

    folder, form = Path(job["folder"]), job["form"]
    _require(folder)
    try:
        outcome = contribution.contribute(
            [Path(job["file"])],
            job["by"],
            folder,
            replaces=job["replaces"],
            only_own=True,
            wait_s=job["wait_s"],
        )
    except errors.MalformedError as error:  # a verdict on what was given
        return Answer(None, _written(judge_case(Case(()), [error]), form))
    verdict = verdict_on(Case(outcome.sources), outcome.report)
    if outcome.contribution is None:
        return Answer(None, _written(verdict, form))
    return Answer(as_object(outcome.contribution), _written(verdict, "json"))


def _withdrawn(job: dict[str, Any]) -> Answer:
    """Take back the contribution that *job* names."""
    from pkgraph import contribution
    from pkgraph.verdicts.verdict import Case, verdict_on

    folder = Path(job["folder"])
    _require(folder)
    report = contribution.withdraw(
        job["name"], job["by"], folder, job["reason"], only_own=True, wait_s=job["wait_s"]
    )
    verdict = verdict_on(Case(()), report)
    if not report.conforms:
        return Answer(None, _written(verdict, job["form"]))
    return Answer({"id": job["name"], "state": "withdrawn"}, _written(verdict, "json"))


def _shown(job: dict[str, Any]) -> Answer:
    """Tell what the contribution says that *job* names (ttl), or what it changes (md)."""
    from pkgraph import build, comparison, contribution, turtle

    folder = Path(job["folder"])
    store = build.open_folder(folder)[0]
    found = contribution.find(store, job["show"])
    if job["form"] == "md":
        before, after = contribution.before_and_after(store, folder, found)
        return Answer(None, comparison.as_markdown(comparison.compare(before, after, store)))
    return Answer(None, turtle.write(contribution.given(folder, found)))


def _require(folder: Path) -> None:
    """
    Do nothing if there is a store in *folder*: none is made for strangers.

    Raises:
        StoreError: There is none.
    """
    if not is_store(folder):
        raise StoreError(f"there is no store in {folder}")


def _written(verdict: Verdict, form: str) -> str:
    """
    Return *verdict* in the form that was asked for.

    Raises:
        InputError: It is too large.
    """
    from pkgraph import verdicts

    text = verdicts.write(verdict, form)
    if len(text) > MAX_VERDICT_MIB << 20:
        raise InputError(f"the verdict is larger than {MAX_VERDICT_MIB} MiB; send less at once")
    return text


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
