"""Read what a request about contributions has, besides its body."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from pkgraph import tokens
from pkgraph.errors import NotFoundError, ParameterError
from pkgraph.web import bodies, checking, negotiation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_NAME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[1-9][0-9]{0,8}")


def parameters(request: Request, known: set[str]) -> Mapping[str, str]:
    """
    Return the parameters in the address of *request*.

    Raises:
        ParameterError: One is not *known*, is there twice, or has a token in it.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known or name in given:  # the name is not repeated: it may be a secret
            raise ParameterError(
                f"this takes {', '.join(sorted(known)) or 'nothing'} as parameters, each once"
            )
        if tokens.PATTERN.search(value):  # which would end on record, for everybody to read
            raise ParameterError(
                "there is a token in the address; revoke it, and send tokens in the header "
                "Authorization alone"
            )
        given[name] = value
    return given


def form(request: Request, forms: tuple[str, ...]) -> str:
    """
    Return that of *forms* which the asker likes best.

    Raises:
        HTTPException: It likes none (406).
    """
    chosen = negotiation.choose(negotiation.accepted(request), forms)
    if chosen is None:
        types = ", ".join(map(checking.content_type, forms))
        raise HTTPException(
            HTTPStatus.NOT_ACCEPTABLE, f"this can be had as {types}; name one of them in Accept"
        )
    return chosen


def file_name(request: Request, given: str | None) -> str:
    """
    Return what the file is called on record, with the ending of what it is.

    Raises:
        HTTPException: It is of another kind than can be read (415).
    """
    kind, charset = bodies.media_type(request)
    if kind not in checking.NAMES:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"a contribution is sent as {', '.join(checking.NAMES)}; say which in Content-Type",
        )
    if charset not in {"", "utf-8"}:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a contribution is sent in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a contribution is sent as it is, not compressed"
        )
    usual = checking.NAMES[kind]
    stem = PurePosixPath(checking.plain_name(given or usual)).stem
    return stem + PurePosixPath(usual).suffix


def known(name: str) -> str:
    """
    Return *name*, which has the form of the name of a contribution.

    Raises:
        NotFoundError: It has not.
    """
    if not _NAME.fullmatch(name):
        raise NotFoundError("a contribution is called by a date and a number, as 2026-11-25-1")
    return name
