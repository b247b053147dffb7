"""
What the server and its processes say to each other, over sockets.

A message to or from a worker is one letter, the length of what follows, and that. With the process
that forks, it is one number.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

#: To a worker: run this.
JOB: Final = b"J"
#: From a worker: what the answer is, now that it has outgrown memory and goes into a file.
BEGUN: Final = b"B"
#: From a worker: how many bytes of the file can be read.
WRITTEN: Final = b"W"
#: From a worker: the whole of a small answer, before the end.
BODY: Final = b"C"
#: From a worker: the answer is complete.
END: Final = b"E"
#: From a worker: there is no answer, and why.
FAILED: Final = b"F"

#: To the process that forks: the number of a worker to end, or 0 for a new one, whose socket comes
#: along.
ASK: Final = struct.Struct("!I")
#: From that process: the number of the new worker, or how the old one ended.
TELL: Final = struct.Struct("!i")

_HEAD: Final = struct.Struct("!cI")
_AT_ONCE: Final = 1 << 16


def pack(letter: bytes, content: bytes | Mapping[str, object]) -> bytes:
    """Return a message of *content*, which is written as JSON if it is a mapping."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return _HEAD.pack(letter, len(body)) + body


def read(channel: socket.socket) -> tuple[bytes, bytes]:
    """
    Return the letter and the content of the next message from *channel*.

    Raises:
        EOFError: The other side is gone.
    """
    letter, length = _HEAD.unpack(_exactly(channel, _HEAD.size))
    return letter, _exactly(channel, length)


async def receive(channel: socket.socket) -> tuple[bytes, bytes]:
    """Return the same as :func:`read`, from a *channel* that does not block."""
    letter, length = _HEAD.unpack(await _received(channel, _HEAD.size))
    return letter, await _received(channel, length)


def _exactly(channel: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = channel.recv(min(size - len(content), _AT_ONCE))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)


async def _received(channel: socket.socket, size: int) -> bytes:
    loop = asyncio.get_running_loop()
    content = bytearray()
    while len(content) < size:
        try:
            piece = await loop.sock_recv(channel, min(size - len(content), _AT_ONCE))
        except ConnectionError:
            raise EOFError from None
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)
