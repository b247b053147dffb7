"""What is asked of a server, how long it may take, and its answer as it comes."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import IO, TYPE_CHECKING, Final, Self

from pkgraph.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Protocol

    from _typeshed import WriteableBuffer

    class Done(Protocol):
        """Takes back the connection of an answer."""

        def __call__(self, *, was_read: bool) -> None:
            """Take it back, to be used again if all was read."""


_MIB: Final = 1 << 20
#: How much of an answer is taken at a time, in bytes.
_BLOCK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long a server may be silent, how long it may take altogether, and how much it may send.

    ``most_bytes`` bounds the body of its answer.
    """

    silent_s: float
    total_s: float
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Request:
    """
    A request to a server.

    ``body`` is a file where it is large: it is sent piece by piece, from its start each time.
    What ``is_repeatable`` does the same if it is done twice.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | IO[bytes] | None = None
    is_repeatable: bool = True


class Answer:
    """
    The answer to a request, to be read once and then closed.

    Attributes:
        name: What messages call the address that was asked.
        status: The status of HTTP.
        kind: The media type in lower case, without parameters; empty if none is told.
    """

    def __init__(self, name: str, response: HTTPResponse, done: Done, most_bytes: int) -> None:
        """
        Read *response* of the address that messages call *name*, but no more than *most_bytes*.

        *done* is called once, and told whether all was read.
        """
        self.name = name
        self.status = response.status
        self.reason = response.reason
        self.headers = response.headers
        self.kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self._response = response
        self._done: Done | None = done
        self._body = io.BufferedReader(_Body(name, response, most_bytes), _BLOCK)

    def read(self, size: int) -> bytes:
        """
        Return the next *size* bytes; fewer, or none, only at the end.

        Raises:
            StoreError: It broke off, is too long, or took too long.
        """
        return self._body.read(size)

    def close(self) -> None:
        """Let go of the connection, which is used again if all was read."""
        if self._done:
            was_read = self._response.isclosed()
            self._response.close()
            self._done(was_read=was_read)
            self._done = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


class _Body(io.RawIOBase):
    """The body of *response*, which comes from the address *name*, up to *most* bytes."""

    def __init__(self, name: str, response: HTTPResponse, most: int) -> None:
        self._name, self._response = name, response
        self._left = self._most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            number = self._response.readinto(buffer)
            if not number and self._response.length:  # the library takes this for an end
                raise IncompleteRead(b"", self._response.length)
        except TimeoutError as error:
            raise StoreError(
                f"{self._name} is too slow in the middle of its answer: {error}; ask for less, or "
                "try again when it has less to do"
            ) from error
        except (OSError, HTTPException, ValueError) as error:
            raise StoreError(
                f"{self._name} broke off in the middle of its answer ({str(error) or repr(error)}),"
                " as servers do with a query that takes too long; ask for less, or try again later"
            ) from error
        self._left -= number
        if self._left < 0:
            raise StoreError(
                f"the answer of {self._name} is longer than {self._most // _MIB} MiB, which is the "
                "most that is read; ask for less at once, with LIMIT or of fewer things"
            )
        return number
