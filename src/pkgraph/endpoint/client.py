"""
Send requests to one server, again where it helps, and tell what it refuses.

No redirect is followed: what is asked, and who asks, is for the server that was named.

Source:
    HTTP Semantics: https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import random
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Final

from pkgraph.endpoint import refusals
from pkgraph.endpoint.addresses import checked, shown
from pkgraph.endpoint.connections import Connections
from pkgraph.endpoint.credentials import Authorization, Credentials
from pkgraph.endpoint.requests import Answer, Patience, Request

if TYPE_CHECKING:
    from http.client import HTTPConnection

    from pkgraph.errors import StoreError

#: How often a request is sent at most, if it may be sent twice.
TRIES: Final = 4
#: How long is waited before the second time, twice as long each time after; in seconds.
PAUSE_S: Final = 0.25
#: The longest wait that a server can ask for, in seconds.
LONGEST_PAUSE_S: Final = 30
#: What passes: too many ask, or what stands before the server does not reach it.
_PASSING: Final = frozenset((429, 502, 503, 504))
_UNAUTHORIZED: Final = 401


class Client:
    """
    A client of the server that has *address*, for whoever *credentials* are of.

    Any number of threads may use it at once.
    """

    def __init__(self, address: str, credentials: Credentials | None = None) -> None:
        """
        Take the credentials of the environment if none are given.

        Raises:
            UsageError: *address* is not an http or https URL or has credentials in it, or those of
                the environment do not go together.
        """
        checked(address)
        if credentials is None:
            credentials = Credentials.of_the_environment(address)
        self._credentials = credentials
        self._authorization = Authorization(credentials)
        self._connections = Connections(address)

    def send(self, request: Request, patience: Patience) -> Answer:
        """
        Return the answer to *request*, of whatever status but one that passes.

        It is sent again if it is repeatable and the server has too much to do or is not reached,
        and once more if the server asks who asks.

        Raises:
            StoreError: The server cannot be reached, is too slow, or leads elsewhere.
        """
        until = time.monotonic() + patience.total_s
        tries = TRIES if request.is_repeatable else 1
        for left in reversed(range(tries)):
            pause = PAUSE_S * 2 ** (tries - 1 - left)
            try:
                answer = self._known(request, patience, until)
            except (TimeoutError, ssl.SSLCertVerificationError) as error:
                raise refusals.unreached(shown(request.url), error) from error
            except (OSError, HTTPException, ValueError) as error:
                if left == 0 or time.monotonic() + pause > until:
                    raise refusals.unreached(shown(request.url), error) from error
            else:
                asked = _asked_pause(answer)
                pause = max(pause, asked)
                ends = left == 0 or asked > LONGEST_PAUSE_S or time.monotonic() + pause > until
                if answer.status not in _PASSING or ends:
                    return answer
                answer.close()
            time.sleep(pause * random.uniform(1, 1.25))  # noqa: S311 - so that not all come at once
        raise AssertionError  # the last try has returned or raised

    def refusal(self, answer: Answer) -> StoreError:
        """Return what is wrong where *answer* is one of a status that was not wanted."""
        return refusals.refused(answer, self._credentials)

    def said(self, answer: Answer) -> str:
        """Return what the server says in *answer*, on one line and not too long."""
        return refusals.told(answer, self._credentials)

    def _known(self, request: Request, patience: Patience, until: float) -> Answer:
        """Return the answer to *request*, sent once more if the server asks who asks."""
        target = self._connections.target(request.url)
        sent = self._authorization.header(request.method, target)
        answer = self._once(request, sent, patience, until)
        if answer.status == _UNAUTHORIZED and self._authorization.challenged(
            answer.headers.get_all("WWW-Authenticate", []), sent
        ):
            answer.close()
            sent = self._authorization.header(request.method, target)
            answer = self._once(request, sent, patience, until)
        if refusals.leads_elsewhere(answer.status):
            with answer:
                raise refusals.redirected(request.url, answer)
        return answer

    def _once(
        self, request: Request, authorization: str | None, patience: Patience, until: float
    ) -> Answer:
        """Send *request*, on a new connection if one that was kept turns out to be closed."""
        headers = dict(request.headers)
        if authorization:
            headers["Authorization"] = authorization
        while True:
            connection, is_new = self._connections.take(patience, until)
            try:
                response = self._exchange(connection, request, headers)
            except TimeoutError:
                connection.close()
                raise
            except (OSError, HTTPException):
                connection.close()
                if is_new or not request.is_repeatable:
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                done = partial(self._done, connection)
                return Answer(shown(request.url), response, done, patience.most_bytes)

    def _exchange(
        self, connection: HTTPConnection, request: Request, headers: dict[str, str]
    ) -> HTTPResponse:
        target, for_proxy = self._connections.sent(request.url)
        if request.body is not None and not isinstance(request.body, bytes):
            headers["Content-Length"] = str(request.body.seek(0, 2))
            request.body.seek(0)
        try:
            connection.request(request.method, target, request.body, headers | for_proxy)
        except (BrokenPipeError, ConnectionResetError) as error:
            # A server may refuse what it has not read to the end, and close; it has said why.
            try:
                return connection.getresponse()
            except (OSError, HTTPException):
                raise error from None
        return connection.getresponse()

    def _done(self, connection: HTTPConnection, *, was_read: bool) -> None:
        """Keep *connection* for the next request, unless there is still something to read."""
        if was_read:
            self._connections.give(connection)
        else:
            connection.close()


def _asked_pause(answer: Answer) -> float:
    """Return for how many seconds *answer* asks to wait (Retry-After), 0 if it does not."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return float(told)
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return 0
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(tz=UTC)).total_seconds()
