"""
Let in who has a token.

A token comes in the header Authorization, and nowhere else. It is looked at before anything else of
a request is read, and again when it is its turn, so that one that is revoked is good for nothing
from then on. Who tries wrong ones is told to wait after some; a good one is taken even then, or
those who try could keep out others who share their address.

Source:
    RFC 6750, bearer tokens: https://www.rfc-editor.org/rfc/rfc6750
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from pkgraph.errors import InputError
from pkgraph.tokens import PATTERN
from pkgraph.web.rate import Rate, network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from pkgraph.tokens import Token, Tokens

#: How many wrong tokens an address may send at once, and after how many seconds another.
MAX_FAILURES: Final = 10
FAILURE_EVERY_S: Final = 30
#: How many changes may be made with a token at once, and after how many seconds another.
MAX_CHANGES: Final = 20
CHANGE_EVERY_S: Final = 6
_RETRY_S: Final = 30

_LOG: Final = logging.getLogger(__name__)
_REALM: Final = 'Bearer realm="pkgraph contributions"'


class Authorization:
    """Tells whose token a request has; used from the thread of the loop alone."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._failures = Rate(MAX_FAILURES, FAILURE_EVERY_S)
        self._changes = Rate(MAX_CHANGES, CHANGE_EVERY_S)

    def admit(self, request: Request) -> str:
        """
        Return the token that *request* has, which is good and has not been used too often.

        Raises:
            HTTPException: It has none, or one that is not good (401), two of them (400), too many
                wrong ones came from the same address or too many changes with the same token (429),
                or the tokens cannot be read (503).
        """
        secret = _given(request)
        try:
            token = self.check(secret)
        except HTTPException as error:
            if error.status_code == HTTPStatus.UNAUTHORIZED:
                host = request.client.host if request.client else ""
                _heed(self._failures.take(network(host)), "wrong tokens from this address")
            raise
        _heed(self._changes.take(token.id), "changes with this token")
        return secret

    def check(self, secret: str) -> Token:
        """
        Return the token *secret*, which is good now.

        Raises:
            HTTPException: It is not (401), or the tokens cannot be read (503).
        """
        try:
            token = self._tokens.find(secret) if PATTERN.fullmatch(secret) else None
        except InputError as error:
            _LOG.error("no contribution is taken: %s", error)
            raise HTTPException(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "no contributions are taken at the moment; whoever runs the server finds why in "
                "its log",
                headers={"Retry-After": str(_RETRY_S)},
            ) from None
        if token is None:
            raise _refused("the token is not known here, or was revoked; ask for another one")
        if token.expired:
            raise _refused("the token has expired; ask for another one")
        return token


def challenge(error: str, told: str) -> Mapping[str, str]:
    """Return the header that says what is wrong with a token, in the terms of RFC 6750."""
    return {"WWW-Authenticate": f'{_REALM}, error="{error}", error_description="{told}"'}


def _given(request: Request) -> str:
    """Return what *request* has in place of a token; what it is is not known yet."""
    given = request.headers.getlist("authorization")
    if not given:
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "this takes a token; send it in the header Authorization, as Bearer and the token",
            headers={"WWW-Authenticate": _REALM},
        )
    if len(given) > 1:
        told = "there are two headers Authorization; send one"
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, told, headers=challenge("invalid_request", told)
        )
    scheme, _, secret = given[0].partition(" ")
    if scheme.lower() != "bearer":
        raise _refused("the header Authorization has no token; write Bearer and the token")
    return secret.strip(" ")


def _refused(told: str) -> HTTPException:
    return HTTPException(HTTPStatus.UNAUTHORIZED, told, headers=challenge("invalid_token", told))


def _heed(wait_s: int, what: str) -> None:
    """
    Do nothing if there is nothing to wait for.

    Raises:
        HTTPException: There is (429).
    """
    if wait_s:
        raise HTTPException(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"there were too many {what}; try again in {wait_s} s",
            headers={"Retry-After": str(wait_s)},
        )
