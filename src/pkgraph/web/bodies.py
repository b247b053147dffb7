"""
Read the bodies of requests, which must not be too large.

Source:
    RFC 9110, content: https://www.rfc-editor.org/rfc/rfc9110#section-6.4
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request


async def read(request: Request, max_bytes: int, refusal: str) -> bytes:
    """
    Return the body of *request*.

    Raises:
        HTTPException: It is larger than *max_bytes*, which *refusal* says (413).
    """
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > max_bytes:  # then nothing of it need be sent
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, refusal)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, refusal)
    return bytes(body)


def media_type(request: Request) -> tuple[str, str]:
    """
    Return the media type of the body of *request* and its character set, in small letters.

    Either is empty if it is not told.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    return kind.strip(), charset(parameters)


def charset(parameters: str) -> str:
    """
    Return the character set that the *parameters* of a media type name; empty if they name none.

    >>> charset(' version=1.1; charset="UTF-8"'.lower())
    'utf-8'
    """
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return value.strip().strip('"')
    return ""
