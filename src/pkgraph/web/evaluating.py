"""Have the queries of strangers evaluated, and pass their answers on."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph.errors import PkgraphError
from pkgraph.web import negotiation
from pkgraph.web.rate import network

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from pkgraph.evaluation import Answer, Question
    from pkgraph.evaluation.question import Pieces
    from pkgraph.web.site import Site

_LOG: Final = logging.getLogger(__name__)
#: How long a reader may take nothing of a large answer.
STALLED_S: Final = 30


async def evaluate(site: Site, request: Request, question: Question) -> Answer:
    """
    Return the answer to *question*, unless whoever sent *request* goes before.

    Raises:
        HTTPException: Nobody waits for the answer any more.
        PkgraphError: See :class:`pkgraph.evaluation.Evaluator`.
    """
    client = network(request.client.host) if request.client else ""
    asking = asyncio.ensure_future(site.evaluator.answer(question, client))
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            return asking.result()
    finally:
        asking.cancel()
        leaving.cancel()
    raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "nobody waits for the answer any more")


def respond(answer: Answer) -> Response:
    """Return the response that has *answer*."""
    headers = {"Content-Type": negotiation.content_type(answer.format)}
    if answer.pieces is None:
        return Response(answer.body, headers=headers)
    return _Passing(answer.pieces, headers)


class _Passing(Response):
    """
    An answer that is passed on piece by piece.

    Where it is cut off, the response is left without its end, so that the server closes the
    connection, and no client takes what it has for the whole.
    """

    def __init__(self, pieces: Pieces, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["Content-Length"]
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        del receive
        start = {"type": "http.response.start", "status": self.status_code}
        try:
            await send({**start, "headers": self.raw_headers})
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body", "body": b""})
                return
            async for piece in self._pieces:
                body = {"type": "http.response.body", "body": piece, "more_body": True}
                async with asyncio.timeout(STALLED_S):
                    await send(body)
            await send({"type": "http.response.body", "body": b""})
        except PkgraphError as error:
            _LOG.warning("an answer was cut off: %s", error)
        except TimeoutError:
            _LOG.warning("an answer was cut off: nothing of it was taken for %s s", STALLED_S)
        finally:
            self._pieces.close()


async def _gone(request: Request) -> None:
    """Wait until the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
