"""What becomes of one question: what its worker says, handed on to whoever asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pkgraph.errors import PkgraphError, QuerySyntaxError, StoreError, UnknownFormatError
from pkgraph.evaluation import messages
from pkgraph.evaluation.question import Answer

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from pkgraph.evaluation.limits import Limits

_PIECE_BYTES: Final = 64 * 1024


class GrowingFile:
    """An answer in a file to which a worker may still be writing."""

    def __init__(self, path: Path, left: Callable[[], object]) -> None:
        """Take over the file at *path*; *left* is called once it is closed."""
        self._file = path.open("rb")
        path.unlink()
        self._left = left
        self._written = 0
        self._ended = False
        self._failure: PkgraphError | None = None
        self._news = asyncio.Event()

    def grown(self, written: int) -> None:
        """Take note that *written* bytes can be read."""
        self._written = written
        self._news.set()

    def end(self, failure: PkgraphError | None = None) -> None:
        """Take note that nothing more is written, as it is complete or because of *failure*."""
        if not self._ended:
            self._ended, self._failure = True, failure
            self._news.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield what is written, as it is; raise what cuts it off."""
        read = 0
        while True:
            self._news.clear()
            while read < self._written:
                piece = self._file.read(min(_PIECE_BYTES, self._written - read))
                read += len(piece)
                yield piece
            if self._failure:
                raise self._failure
            if self._ended:
                return
            if not self._news.is_set():
                await self._news.wait()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._file.closed

    def close(self) -> None:
        """Give up what was not read yet."""
        if not self._file.closed:
            self._file.close()
            self._left()


class Conversation:
    """A question that a worker is asked, and the answer that ``reply`` is going to have."""

    def __init__(self, job: dict[str, Any], file: Path, limits: Limits) -> None:
        """Ask *job*, whose answer goes into *file* if it is large."""
        self.reply: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        #: What is called when the reader of a file closes it.
        self.left: Callable[[], object] = lambda: None
        self._job = {**job, "file": str(file)}
        self._path = file
        self._limits = limits
        self._file: GrowingFile | None = None

    def again(self) -> bool:
        """Be ready to be held again, and tell whether that may be: nothing was handed on yet."""
        if self._file is not None or self.reply.done():
            return False
        self._path.unlink(missing_ok=True)
        return True

    async def hold(self, channel: socket.socket) -> bool:
        """
        Ask over *channel*, hand on the answer, and return whether the worker may be asked again.

        Raises:
            EOFError: The worker is gone.
            LimitExceededError: The worker says that the answer is too large.
            QuerySyntaxError: It says that the text is not a query.
            StoreError: It says that the store cannot answer.
            UnknownFormatError: It says that the answer cannot be written as it is wanted.
        """
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(channel, messages.pack(messages.JOB, self._job))
        except ConnectionError:
            raise EOFError from None
        incoming = messages.Incoming(channel)
        while True:
            letter, content = await incoming.next()
            told, body = messages.unpack(content)
            if letter == messages.BEGUN:
                self._file = GrowingFile(self._path, self.left)
                self._answer(Answer(told["kind"], told["format"], pieces=self._file))
            elif letter == messages.WRITTEN and self._file:
                self._file.grown(told["bytes"])
            elif letter == messages.END:
                if self._file:
                    self._file.end()
                else:
                    self._answer(
                        Answer(told["kind"], told["format"], body, total=told.get("total"))
                    )
                return not told["used"]
            elif letter == messages.FAILED:
                raise self._error(told["kind"], *told["told"])

    def fail(self, error: PkgraphError) -> None:
        """Hand on *error*: in place of the answer, or to cut it off if it has begun."""
        if self._file:
            self._file.end(error)
        else:
            self._path.unlink(missing_ok=True)
            if not self.reply.done():
                self.reply.set_exception(error)

    def _answer(self, answer: Answer) -> None:
        if not self.reply.done():
            self.reply.set_result(answer)

    def _error(self, kind: str, first: str, *more: int | None) -> PkgraphError:
        """Return the error that a worker tells of."""
        if kind == "limit":
            return self._limits.exceeded(first)
        if kind == "syntax":
            return QuerySyntaxError(first, *more)
        if kind == "format":
            return UnknownFormatError(first)
        return StoreError(f"the store cannot answer: {first}")
