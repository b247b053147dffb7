"""
Who asks an endpoint: a user with a password, or whoever has a token.

They come from the environment, never from the command line, which others on the machine can read.
A token is sent with each request. A password is sent when the server asks for one, in the way that
it asks for: as a digest where it takes one, so that the password itself does not travel.

Source:
    Basic: https://www.rfc-editor.org/rfc/rfc7617
    Bearer: https://www.rfc-editor.org/rfc/rfc6750
"""

from __future__ import annotations

import base64
import os
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pkgraph.endpoint.addresses import configured, origin
from pkgraph.endpoint.digest import Challenge
from pkgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The variables of the environment.
USER: Final = "PKGRAPH_USER"
PASSWORD: Final = "PKGRAPH_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN: Final = "PKGRAPH_TOKEN"  # noqa: S105 - the name of a variable

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    A *user* and the *password*, or else a *token*; without any, nobody in particular.

    Raises:
        UsageError: They do not go together, or the token is none.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.token and (self.user or self.password):
            raise UsageError(
                "there are a token and a user or password for the endpoint, which takes one of the "
                f"two; give {TOKEN}, or {USER} and {PASSWORD}"
            )
        if bool(self.user) != bool(self.password):
            raise UsageError(
                f"a user needs a password for the endpoint, and a password a user; give both {USER}"
                f" and {PASSWORD}"
            )
        if self.token and not _TOKEN.fullmatch(self.token):
            raise UsageError(
                "the token for the endpoint has spaces or letters that no token has; set "
                f"{TOKEN} to the token alone"
            )

    @classmethod
    def of_the_environment(cls, address: str) -> Credentials:
        """
        Return what the environment has for the endpoint at *address*.

        Where it names an endpoint too, its credentials are for that server and for no other.

        Raises:
            UsageError: They do not go together.
        """
        meant = configured()
        if meant and origin(meant) != origin(address):
            return cls()
        return cls(os.environ.get(USER), os.environ.get(PASSWORD), os.environ.get(TOKEN))

    def hidden(self, text: str) -> str:
        """
        Return *text*, which a server wrote, without the secrets that it says again.

        >>> Credentials(token="abc").hidden("no such token: abc")
        'no such token: …'
        """
        for secret in filter(None, (self.password, self.token, self.user and self.basic)):
            text = text.replace(secret, "…")
        return text

    @property
    def basic(self) -> str:
        """User and password, as they are sent to a server that takes no digest."""
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


class Authorization:
    """The header Authorization of requests to one server, for *credentials*."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._challenge: Challenge | None = None
        self._is_basic = False
        self._lock = threading.Lock()

    def header(self, method: str, target: str) -> str | None:
        """Return what goes with a request, as far as the server has told what it wants."""
        who = self._credentials
        if who.token:
            return f"Bearer {who.token}"
        with self._lock:
            challenge, is_basic = self._challenge, self._is_basic
        if challenge:
            return challenge.answer(method, target, who.user or "", who.password or "")
        return f"Basic {who.basic}" if is_basic else None

    def challenged(self, headers: Iterable[str], sent: str | None) -> bool:
        """
        Take in what a server wants that has refused a request; tell whether to ask it again.

        Args:
            headers: Its headers WWW-Authenticate.
            sent: What went with the request.
        """
        told = tuple(headers)
        if not self._credentials.user:
            return False
        challenge = Challenge.best(told)
        with self._lock:
            if challenge:
                self._challenge = challenge
                return challenge.is_stale or not (sent or "").startswith("Digest")
            if any(each.lower().lstrip().startswith("digest") for each in told):
                return False  # of a kind that is not known, and the password is not to be sent
            self._challenge, self._is_basic = None, True
        return not (sent or "").startswith("Basic")
