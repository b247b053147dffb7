"""What is told of a server that is not reached, or that does not do what was asked of it."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from pkgraph.endpoint.addresses import shown
from pkgraph.errors import StoreError

if TYPE_CHECKING:
    from pkgraph.endpoint.credentials import Credentials
    from pkgraph.endpoint.requests import Answer

#: How much of what a server says is told, in characters, and read, in bytes.
_TOLD: Final = 500
_READ: Final = 4096
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_SECRETS: Final = re.compile(r"//[^/@\s]*@")

_MEANING: Final = {
    403: "it does not let you do this; ask whoever runs it for the right to, or set PKGRAPH_USER "
    "and PKGRAPH_PASSWORD, or PKGRAPH_TOKEN, of somebody who may",
    404: "there is nothing at this address; look it up in the manual of the server",
    405: "this address takes no such request; look up in the manual of the server which one does",
    413: "the server takes no request so large; have its limit raised",
    414: "the server takes no request so long; shorten the query",
    429: "too many ask, or you too often; try again later",
    500: "the server failed; its log may tell more",
    502: "what stands before the server does not reach it; try again later",
    503: "the server has too much to do, or is not ready; try again later",
    504: "the server is too slow for what stands before it; ask for less, or try again later",
    507: "the server has no room left",
}


def leads_elsewhere(status: int) -> bool:
    """Tell whether *status* is that of a redirect."""
    return status in _REDIRECTS


def unreached(name: str, error: Exception) -> StoreError:
    """Return that the server *name* was not reached because of *error*."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return StoreError(
            f"the certificate of {name} is not to be trusted ({error.verify_message}); if it is "
            "your own, put it into a file and name that file in SSL_CERT_FILE"
        )
    if isinstance(error, TimeoutError):
        return StoreError(
            f"{name} is too slow: {error}; ask for less, or try again when it has less to do"
        )
    return StoreError(
        f"{name} cannot be reached, or broke off ({str(error) or repr(error)}); is the server "
        "running, and the address right?"
    )


def redirected(url: str, answer: Answer) -> StoreError:
    """Return that *answer*, to a request for *url*, leads elsewhere."""
    place = _SECRETS.sub("//", shown(urljoin(url, answer.headers.get("Location", ""))))
    return StoreError(
        f"{answer.name} leads to {place}, which is not followed, as what you send would go there; "
        "if you trust it, give that address"
    )


def refused(answer: Answer, credentials: Credentials) -> StoreError:
    """Return what *answer* means, which was given to who has *credentials*."""
    if answer.status == 401:  # noqa: PLR2004 - of HTTP
        if credentials.user or credentials.token:
            meaning = "it does not accept the user and password, or token; check them"
        else:
            meaning = (
                "it wants to know who asks; set PKGRAPH_USER and PKGRAPH_PASSWORD, or PKGRAPH_TOKEN"
            )
    else:
        meaning = _MEANING.get(answer.status, "it does not do what was asked")
    if wait := answer.headers.get("Retry-After"):
        meaning += f" (after {wait[:40]}{' s' if wait.isdecimal() else ''})"
    if said := told(answer, credentials):
        meaning += f"; it says: {said}"
    return StoreError(f"{answer.name} answers with status {answer.status}: {meaning}")


def told(answer: Answer, credentials: Credentials) -> str:
    """Return what the server says in *answer*, on one line, without secrets; no page for people."""
    if "html" in answer.kind:
        return ""
    try:
        text = answer.read(_READ).decode("utf-8", "replace")
    except StoreError:  # what it has to say is only an addition
        return ""
    return " ".join(credentials.hidden(text).split())[:_TOLD]
