"""Start the process that forks workers, and have it fork and end them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.errors import EnvironmentFailure
from pkgraph.evaluation.messages import ASK, TELL

if TYPE_CHECKING:
    from pathlib import Path

_FORKSERVER: Final = "pkgraph.evaluation.forkserver"
#: How many statements of a store are kept in memory, about 300 bytes each; a store that has more
#: is read from disk, several times slower.
MOST_IN_MEMORY: Final = 4_000_000
#: How long the first process may take to start and to load the store.
_START_S: Final = 300
#: How long it may take to fork or to end a worker.
_PATIENCE_S: Final = 30
_END_S: Final = 5
#: How often it is tried to have a worker, for the process may die at any time.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker: the number of its process, and the socket to talk to it."""

    number: int
    channel: socket.socket

    @property
    def alive(self) -> bool:
        """Whether it has not ended, where it is idle: then it says nothing by itself."""
        try:
            return bool(self.channel.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended: its exit code, less than 0 for a signal, and what it said at the end."""

    code: int
    said: str


class ForkServer:
    """
    The process that forks the workers; any thread may use it.

    It is started with the first worker, and again if it died.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        """Have workers read *source*, N-Quads or the folder of a store; leave notes in *folder*."""
        self._source = source
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        #: Whether it was closed, and starts nothing any more.
        self.closed = False

    def fork(self) -> Worker:
        """
        Return a new worker.

        Raises:
            EnvironmentFailure: There can be none.
        """
        with self._lock:
            for left in reversed(range(_TRIES)):
                try:
                    return self._forked()
                except EnvironmentFailure:
                    if not left or self.closed:
                        raise
                    self._stop()  # it has just died, or its start was disturbed
            raise AssertionError  # the last try has returned or raised

    def end(self, worker: Worker) -> Death:
        """End *worker*, if it has not ended by itself, and return how it did."""
        worker.channel.close()
        errors = self._folder / f"{worker.number}.err"
        code = 0
        with self._lock:
            if self._control is not None:
                try:
                    code = self._ask(self._control, worker.number)
                except EnvironmentFailure:
                    self._stop()  # and with it all workers
        try:
            said = errors.read_text(encoding="utf-8", errors="replace")
            errors.unlink()
        except FileNotFoundError:
            said = ""
        return Death(code, said)

    def close(self) -> None:
        """End the process and all workers."""
        self.closed = True
        if process := self._process:
            process.terminate()  # whoever waits for it, perhaps while it loads, lets go of the lock
        with self._lock:
            self._stop()

    def _forked(self) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                number = self._ask(self._started(), 0, theirs)
        except BaseException:
            ours.close()
            raise
        ours.settimeout(0)
        return Worker(number, ours)

    def _started(self) -> socket.socket:
        if self.closed:
            raise EnvironmentFailure("the server is ending; ask another")
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._control is None:
            self._control = self._start()
        return self._control

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = (theirs.fileno(), self._source, self._folder, MOST_IN_MEMORY)
            # -P keeps it from importing what lies in the working folder. In a group of its own, it
            # does not get the signals of a terminal; a session of its own would void nice.
            self._process = subprocess.Popen(  # noqa: S603  # no argument is a stranger's
                [sys.executable, "-P", "-m", _FORKSERVER, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        ours.settimeout(_START_S)
        self._control = ours
        self._told(ours)
        ours.settimeout(_PATIENCE_S)
        return ours

    def _ask(self, control: socket.socket, number: int, other: socket.socket | None = None) -> int:
        try:
            fds = [other.fileno()] if other else []
            socket.send_fds(control, [ASK.pack(number)], fds)
        except OSError as error:
            raise _gone() from error
        return self._told(control)

    @staticmethod
    def _told(control: socket.socket) -> int:
        try:
            told = control.recv(TELL.size, socket.MSG_WAITALL)
        except OSError as error:
            raise _gone() from error
        if len(told) < TELL.size:
            raise _gone()
        number: int = TELL.unpack(told)[0]
        return number

    def _stop(self) -> None:
        """End the process, which takes its workers with it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _gone() -> EnvironmentFailure:
    return EnvironmentFailure(
        "the process that forks workers has ended or does not answer; ask again in a moment"
    )
