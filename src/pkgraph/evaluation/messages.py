"""
What the server and its processes say to each other, over sockets.

A message to or from a worker is one letter, the length of what follows, and that. With the process
that forks, it is one number.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

#: To a worker: run this.
JOB: Final = b"J"
#: From a worker: what the answer is, now that it has outgrown memory and goes into a file.
BEGUN: Final = b"B"
#: From a worker: how many bytes of the file can be read.
WRITTEN: Final = b"W"
#: From a worker: the answer is complete; what is told of it is followed by a small one itself.
END: Final = b"E"
#: From a worker: there is no answer, and why.
FAILED: Final = b"F"

#: To the process that forks: the number of a worker to end, or 0 for a new one, whose socket comes
#: along.
ASK: Final = struct.Struct("!I")
#: From that process: the number of the new worker, or how the old one ended.
TELL: Final = struct.Struct("!i")

_HEAD: Final = struct.Struct("!cI")
_AT_ONCE: Final = 1 << 18


def pack(letter: bytes, told: Mapping[str, object], body: bytes = b"") -> bytes:
    """Return a message of what is *told*, which is written as a line of JSON, and of *body*."""
    head = json.dumps(told).encode()
    return b"".join((_HEAD.pack(letter, len(head) + 1 + len(body)), head, b"\n", body))


def unpack(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what the *content* of a message tells, and its body."""
    head, _, body = content.partition(b"\n")
    return json.loads(head), body


def read(channel: socket.socket) -> tuple[bytes, bytes]:
    """
    Return the letter and the content of the next message from *channel*.

    Raises:
        EOFError: The other side is gone.
    """
    letter, length = _HEAD.unpack(_exactly(channel, _HEAD.size))
    return letter, _exactly(channel, length)


class Incoming:
    """The messages that come over a *channel* that does not block, from now on."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._come = bytearray()

    async def next(self) -> tuple[bytes, bytes]:
        """Return the same as :func:`read`."""
        letter, length = _HEAD.unpack(await self._exactly(_HEAD.size))
        return letter, await self._exactly(length)

    async def _exactly(self, size: int) -> bytes:
        loop = asyncio.get_running_loop()
        while len(self._come) < size:
            try:
                piece = await loop.sock_recv(self._channel, _AT_ONCE)
            except ConnectionError:
                raise EOFError from None
            if not piece:
                raise EOFError
            self._come += piece
        content = bytes(memoryview(self._come)[:size])
        del self._come[:size]
        return content


def _exactly(channel: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = channel.recv(min(size - len(content), _AT_ONCE))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)
