"""
The address of an endpoint: which one is meant, and how much of it is shown.

What is shown of an address is in messages, citations and pages, where strangers read it.
"""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import urlsplit

from pkgraph.errors import UsageError

#: The variable of the environment that names the endpoint to ask.
VARIABLE: Final = "PKGRAPH_ENDPOINT"

_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+(?:[/?]\S*)?", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}


def checked(address: str) -> str:
    """
    Return *address*, the URL of an endpoint, as it is.

    Raises:
        UsageError: It is not an http or https URL, or has credentials or a fragment in it.

    >>> checked("https://ann:secret@example.org/sparql")
    Traceback (most recent call last):
    pkgraph.errors.UsageError: the address of an endpoint has a user or password before an @, and \
would be seen wherever it is shown; take them out, and set PKGRAPH_USER and PKGRAPH_PASSWORD, or \
PKGRAPH_TOKEN (an @ that is part of the path is written %40)
    """
    if "@" in address:  # anywhere, as a password may have a slash or a question mark in it
        raise UsageError(
            "the address of an endpoint has a user or password before an @, and would be seen "
            "wherever it is shown; take them out, and set PKGRAPH_USER and PKGRAPH_PASSWORD, or "
            "PKGRAPH_TOKEN (an @ that is part of the path is written %40)"
        )
    if not _ADDRESS.fullmatch(address) or "#" in address:
        raise UsageError(
            f"'{address}' is not the address of an endpoint; write it in full, as "
            "https://example.org/sparql"
        )
    origin(address)
    return address


def configured() -> str | None:
    """Return the address of the endpoint that the environment names, if it names one."""
    return os.environ.get(VARIABLE) or None


def shown(address: str) -> str:
    """
    Return what may be shown of *address*: all but its query, which may have a key in it.

    >>> shown("https://example.org/sparql?key=secret")
    'https://example.org/sparql'
    """
    return address.partition("?")[0]


def origin(address: str) -> tuple[str, str, int | None]:
    """
    Return scheme, host and port of *address*: what credentials are for.

    Raises:
        UsageError: Its port is no number, or its host is broken.

    >>> origin("https://Example.org/sparql") == origin("https://example.org:443/other")
    True
    """
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:
        raise UsageError(
            f"'{shown(address)}' leads nowhere ({error}); write host and port as in "
            "https://example.org:8443/sparql"
        ) from None
