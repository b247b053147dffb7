"""
The process that workers are forked from.

It has the store in memory, if the store is not too large for that, and no thread, so that it can be
forked safely and in milliseconds, and all workers share that memory. It forks a worker when the
server asks for one, and ends one when the server says so: as it alone waits for its children, the
number of a child that died cannot be that of a stranger. When the server is gone, it ends, and so
do the workers.

Run as a module, this is that process: ``python -m pkgraph.evaluation.forkserver CONTROL SOURCE
FOLDER MOST``. CONTROL is the number of a socket; SOURCE a file of N-Quads or the folder of a store;
FOLDER a place for what workers say when they die; MOST how many statements are kept in memory.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from pkgraph.evaluation import worker
from pkgraph.evaluation.copies import write_copy
from pkgraph.evaluation.messages import ASK, TELL

_TOO_LARGE: Final = 9


def main(control: socket.socket, source: Path, folder: Path, most: int) -> None:
    """Do what *control* asks for, until it is closed. In a worker this returns as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends this
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    store = _loaded(source, most)
    gc.freeze()
    # Nobody writes to this pipe: it is closed when this process is gone, and workers see that.
    alive, held = os.pipe()
    control.sendall(TELL.pack(0))
    children: set[int] = set()
    while True:
        asked, sockets, *_ = socket.recv_fds(control, ASK.size, 1)
        if len(asked) < ASK.size:
            return
        (number,) = ASK.unpack(asked)
        if number:
            control.sendall(TELL.pack(_end(number) if number in children else 0))
            children.discard(number)
            continue
        number = os.fork()
        if number == 0:
            control.close()
            os.close(held)
            _work(sockets[0], store or ox.Store.read_only(str(source)), alive, folder)
        os.close(sockets[0])
        children.add(number)
        control.sendall(TELL.pack(number))


def _end(child: int) -> int:
    """End *child*, which may have ended by itself, and return its exit code."""
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _loaded(source: Path, most: int) -> ox.Store | None:
    """Return a store in memory with what is in *source*, or None if that is more than *most*."""
    store = ox.Store()
    if source.is_file():
        store.bulk_extend(ox.parse(path=source, format=ox.RdfFormat.N_QUADS))
        return store
    # A child reads the folder, for to open one starts threads, and the number of them is not told.
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        on_disk = ox.Store.read_only(str(source))
        if len(on_disk) <= most:
            with suppress(BrokenPipeError):  # the parent was ended meanwhile
                with os.fdopen(writing, "wb") as out:
                    write_copy(on_disk, out)
                os._exit(0)
        os._exit(_TOO_LARGE)
    os.close(writing)
    with os.fdopen(reading, "rb") as copy:
        store.bulk_extend(ox.parse(copy, format=ox.RdfFormat.N_QUADS))  # keeps blank nodes as is
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, _TOO_LARGE}:
        raise SystemExit(f"the store in {source} cannot be read")
    return store if code == 0 else None


def _work(number: int, store: ox.Store, alive: int, folder: Path) -> None:
    """Be a worker with the socket *number*, and end."""
    errors = os.open(folder / f"{os.getpid()}.err", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    os.dup2(errors, 2)
    threading.Thread(target=_die_with, args=(alive,), daemon=True).start()
    worker.work(socket.socket(fileno=number), store)
    os._exit(0)


def _die_with(alive: int) -> None:
    """End this process when *alive* is closed at the other end; the engine lets threads run."""
    os.read(alive, 1)
    os._exit(0)


if __name__ == "__main__":
    _control, _source, _folder, _most = sys.argv[1:]
    main(socket.socket(fileno=int(_control)), Path(_source), Path(_folder), int(_most))
