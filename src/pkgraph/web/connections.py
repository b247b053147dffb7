"""
Hold connections to limits.

A client has so long to send a request and to take its answer, and so many may be connected. Where a
request is refused here, before the application has it, the connection is closed, so that nothing
after it can be taken for another request.

Source:
    RFC 9112, HTTP/1.1: https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pkgraph.web.heads import Head, Refusal

if TYPE_CHECKING:
    import asyncio

    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

#: What a request line has besides its target: a method, the version, and what is between.
_LINE_BYTES: Final = 20
#: What a field of a head has besides its name and value.
_FIELD_BYTES: Final = 4
#: How many bytes may be sent for each byte of a body, which may come in chunks of one.
_AROUND: Final = 8
#: How long what is still sent is thrown away after a refusal, so that the client can read it.
_LINGER_S: Final = 1
_TOO_MANY: Final = "too many connections are open; try again in a moment"


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """
    What clients may take of the server before anybody looks at what they ask.

    ``head_bytes`` and ``fields`` bound the head of a request, ``head_s`` the time until it is
    there. While a body is awaited, ``least_bytes`` have to come in every ``body_s``; while an
    answer is taken, as many have to go in every ``answer_s``. ``in_all`` and ``of_one_address`` are
    connections at a time; a proxy is one address.
    """

    head_bytes: int = 64 * 1024
    fields: int = 100
    head_s: float = 10.0
    body_s: float = 10.0
    answer_s: float = 30.0
    least_bytes: int = 16 * 1024
    in_all: int = 512
    of_one_address: int = 128


def protocol(limits: ConnectionLimits | None = None) -> type[asyncio.Protocol]:
    """Return what makes the protocol of a connection within *limits*, for the configuration."""
    # The configuration calls it, and looks at nothing of it.
    return partial(Connection, limits or ConnectionLimits())  # type: ignore[return-value]


class Connection(HttpToolsProtocol):
    """A connection that is held to limits."""

    def __init__(self, limits: ConnectionLimits, **given: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(**given)
        self._limits = limits
        self._active: RequestResponseCycle | None = None  # what is being answered
        self._refused = False
        self._in_head, self._in_body, self._upgrading = True, False, False
        self._fields = self._head_bytes = 0
        self._unparsed = 0  # what came and is not known to be part of a body
        self._came = 0  # what came of a body since the last look
        self._awaited = ""
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there are not too many."""
        super().connection_made(transport)
        address = self.client and self.client[0]
        of_one = sum(
            isinstance(each, Connection) and (each.client and each.client[0]) == address
            for each in self.connections
        )
        if len(self.connections) > self._limits.in_all or of_one > self._limits.of_one_address:
            self._tell(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, _TOO_MANY))
            self.transport.close()
        else:
            self._await("head")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._refused = True
        self._await("")
        if self._writing is not None:
            self._writing.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, and give the client time for the rest."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        self._came += len(data)
        self._unparsed += len(data)
        try:
            self._feed(data)
            if (self._in_head or self._in_body) and self._unparsed > self._limits.head_bytes:
                raise self._too_large()
        except Refusal as refusal:
            self._refuse(refusal)
            return
        idle = self._active is None or self._active.response_complete
        self._await("body" if self._in_body else "head" if self._in_head or idle else "")

    def pause_writing(self) -> None:
        """Watch that the client takes its answer."""
        super().pause_writing()
        self._watch_writing()

    def resume_writing(self) -> None:
        """Be content that the client has taken nearly all."""
        if self._writing is not None and not self.transport.is_closing():
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_head, self._in_body, self._upgrading = True, False, False
        self._fields = self._unparsed = 0
        self._head_bytes = _LINE_BYTES

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field; one that comes after the body has no say, and is left out."""
        self._fields += 1
        self._count(len(name) + len(value) + _FIELD_BYTES)
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Have the request answered, if it is one."""
        self._in_head, self._in_body, self._came = False, True, 0
        head = self._head().plain()
        self.url, self.headers[:] = head.target, head.fields
        self._upgrading = self.parser.should_upgrade()
        if not self._upgrading:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._unparsed -= _AROUND * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        self._in_body = False
        if not self._upgrading:
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._active = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with the next request, or watch that the last answer is taken."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing is asked, and watch that the last answer is taken."""
        super().timeout_keep_alive_handler()
        self._watch_writing()

    def _head(self) -> Head:
        parser = self.parser
        return Head(parser.get_method(), self.url, parser.get_http_version(), self.headers)

    def _feed(self, data: bytes) -> None:
        """
        Parse *data*.

        Raises:
            Refusal: It is no request, or one that is not taken.
        """
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # The parser would leave out the body; read again, the request asks for no protocol.
            head = self._head().without_upgrade()
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self._feed(bytes(head) + data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, Refusal):
                raise error.__context__ from None
            raise Refusal(HTTPStatus.BAD_REQUEST, "this is no request of HTTP/1.1") from None

    def _count(self, length: int) -> None:
        """Count so many bytes of a head."""
        self._head_bytes += length
        if self._head_bytes > self._limits.head_bytes or self._fields > self._limits.fields:
            raise self._too_large()

    def _too_large(self) -> Refusal:
        return Refusal(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            f"the head of the request has more than {self._limits.head_bytes} bytes or "
            f"{self._limits.fields} fields; post what is long, and send fewer fields",
        )

    def _refuse(self, refusal: Refusal) -> None:
        """Tell of *refusal* where that cannot be taken for another answer, and close."""
        self._refused = True
        self._await("")
        active = self._active
        if active is not None and not active.response_complete:
            if active is not self.cycle or not active.more_body:  # an earlier request is sound
                self.pipeline.clear()
                active.keep_alive = False
                return
            active.disconnected = True
            active.message_event.set()
            if active.response_started:
                self.transport.close()
                return
        self._tell(refusal)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_S, self.transport.close)

    def _tell(self, refusal: Refusal) -> None:
        """Write the answer that tells of *refusal*, the last one on this connection."""
        self._refused = True
        self.transport.write(refusal.answer(self.server_state.default_headers))

    def _await(self, what: str) -> None:
        """Give the client its time for *what*, a head or a body, if that has not begun yet."""
        if what == self._awaited:
            return
        self._awaited = what
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if what:
            seconds = self._limits.head_s if what == "head" else self._limits.body_s
            self._reading = self.loop.call_later(seconds, self._look_at_reading)

    def _look_at_reading(self) -> None:
        """Refuse the request of a client that has not sent what it was given time for."""
        what, self._awaited = self._awaited, ""
        came, self._came = self._came, 0
        active = self._active
        if self.transport.is_closing():
            return
        answered = what == "body" and active is not None and active.response_complete
        if answered or (what == "head" and not self._head_bytes):  # then nothing was begun
            self.transport.close()
        elif (
            self.flow.read_paused
            or (active is not None and active.waiting_for_100_continue)
            or (what == "body" and came >= self._limits.least_bytes)
        ):
            self._await(what)
        else:
            self._refuse(Refusal(HTTPStatus.REQUEST_TIMEOUT, f"the {what} came too slowly"))

    def _watch_writing(self) -> None:
        """Watch that the client takes what is left to be written."""
        left = self.transport.get_write_buffer_size()
        if self._writing is None and left:
            look, seconds = self._look_at_writing, self._limits.answer_s
            self._writing = self.loop.call_later(seconds, look, left)

    def _look_at_writing(self, before: int) -> None:
        """Leave a client that has taken too little of what was left *before*."""
        self._writing = None
        left = self.transport.get_write_buffer_size()
        if left and before - left < self._limits.least_bytes:
            self.transport.abort()
        else:
            self._watch_writing()
