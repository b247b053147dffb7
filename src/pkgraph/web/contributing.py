"""
Take contributions from those who have a token, and show what is on record to everybody.

There is nothing of this unless whoever runs the server says which tokens are good. The server never
opens the store to write to it: a child with limits does, one at a time. What is shown here is what
the store says now; the pages show the graph that the server has loaded.

Pages of other sites may read the record and cannot contribute: no answer to their browsers allows
the header that a token comes in.

Source:
    RFC 9110, 201 and Location: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.2
"""

from __future__ import annotations

import json
import logging
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from anyio import from_thread
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pkgraph.contribution import apart
from pkgraph.contribution.objects import as_object
from pkgraph.contribution.recent import Recent
from pkgraph.errors import (
    BusyError,
    NotFoundError,
    NotYoursError,
    ParameterError,
    PkgraphError,
    StoreError,
)
from pkgraph.tokens import Tokens
from pkgraph.web import bodies, checking, given, negotiation
from pkgraph.web.api.asking import LIMIT, OFFSET, number
from pkgraph.web.api.problems import problem
from pkgraph.web.authorization import Authorization, challenge
from pkgraph.web.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from starlette.requests import Request

    from pkgraph.web.site import Site

    Answerer = Callable[[Request], Awaitable[Response]]

#: The largest file that is taken.
MAX_BYTES: Final = 1024 * 1024
#: How many contributions a list has, unless it is asked for fewer.
MOST_LISTED: Final = 100
_WAITING: Final = 10
_LONGEST_REASON: Final = 500
_PATH: Final = "/contributions"
_SHOWN: Final = ("json", "ttl", "md")
_LOG: Final = logging.getLogger(__name__)


class Gate:
    """
    What contributions go through, also where the server comes to show another state of the graph.

    ``on_change`` is called when a contribution has changed the store, from the thread of the loop;
    it is to return at once and to raise nothing, and makes the server show the change. Without it,
    the pages show it when the server is reloaded.
    """

    def __init__(
        self, folder: Path, tokens: Path, on_change: Callable[[], None] | None = None
    ) -> None:
        """Let contributions into the store in *folder*, with those of *tokens*, a file of them."""
        self.folder = folder
        self.tokens = Tokens(tokens)
        self.on_change = on_change
        self.authorization = Authorization(self.tokens)
        self.recent = Recent(folder)
        self.changes = Turns(1, _WAITING)
        self.readings = Turns(1, _WAITING)

    @property
    def shown(self) -> str:
        """When the pages show what has changed, in words."""
        return "in a moment" if self.on_change else "after the next reload of the server"


def routes(site: Site, gate: Gate) -> list[Route]:
    """Return the routes of what goes through *gate*."""
    desk = Contributions(site, gate)
    return [
        Route(_PATH, desk.all, methods=["GET", "POST", "OPTIONS"]),
        Route(f"{_PATH}/{{name}}", desk.one, methods=["GET", "DELETE", "OPTIONS"]),
    ]


class Contributions:
    """The contributions to the store behind one site."""

    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        self._gate = gate

    async def all(self, request: Request) -> Response:
        """List what is on record, or take a contribution."""
        return await self._told(self._give if request.method == "POST" else self._list, request)

    async def one(self, request: Request) -> Response:
        """Show one contribution, or take it back."""
        return await self._told(
            self._withdraw if request.method == "DELETE" else self._show, request
        )

    async def _told(self, answer: Answerer, request: Request) -> Response:
        """Return what *answer* does, or what is wrong; nobody is to keep either."""
        try:
            if request.method == "OPTIONS":
                response = _options(request)
            else:
                response = await answer(request)
        except (HTTPException, PkgraphError) as error:
            told = _fit_to_tell(error)
            response = await run_in_threadpool(problem, self._site, told)
            if isinstance(told, BusyError):
                response.headers["Retry-After"] = str(told.retry_after_s)
            if isinstance(told, NotYoursError):
                response.headers.update(challenge("insufficient_scope", "it is somebody else's"))
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _give(self, request: Request) -> Response:
        """Take a contribution."""
        secret = self._gate.authorization.admit(request)
        values = given.parameters(request, {"name", "replaces"})
        form = given.form(request, checking.NEGOTIATED)
        name = given.file_name(request, values.get("name"))
        content = await bodies.read(
            request,
            MAX_BYTES,
            f"a contribution has at most {MAX_BYTES >> 20} MiB; split it into several",
        )
        if not content.strip():
            raise ParameterError("there is nothing in the body; send a file")
        replaces = given.known(values["replaces"]) if "replaces" in values else None

        def give(by: str) -> apart.Answer:
            return apart.give(self._gate.folder, name, content, by, form=form, replaces=replaces)

        answer = await self._gate.changes.run(partial(self._change, secret, give))
        if answer.record is None:
            return _verdict(answer.verdict, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        address = self._site.link(f"{_PATH}/{answer.record['id']}")
        told = {**answer.record, "verdict": json.loads(answer.verdict), "shown": self._gate.shown}
        return JSONResponse(told, HTTPStatus.CREATED, {"Location": address})

    async def _withdraw(self, request: Request) -> Response:
        """Take a contribution back, which the ORCID iD of the token gave."""
        secret = self._gate.authorization.admit(request)
        reason = given.parameters(request, {"reason"}).get("reason", "")
        if len(reason) > _LONGEST_REASON or not reason.isprintable():
            raise ParameterError(f"a reason is one line of at most {_LONGEST_REASON} characters")
        form = given.form(request, checking.NEGOTIATED)
        name = given.known(request.path_params["name"])

        def withdraw(by: str) -> apart.Answer:
            return apart.withdraw(self._gate.folder, name, by, form=form, reason=reason)

        answer = await self._gate.changes.run(partial(self._change, secret, withdraw))
        if answer.record is None:  # others rest on it
            return _verdict(answer.verdict, form, HTTPStatus.CONFLICT)
        return JSONResponse({**answer.record, "shown": self._gate.shown})

    def _change(self, secret: str, change: Callable[[str], apart.Answer]) -> apart.Answer:
        """Make a change in the name of whoever has the token *secret*, if it is still good."""
        answer = change(self._gate.authorization.check(secret).orcid)
        if answer.record is not None and self._gate.on_change:
            from_thread.run_sync(self._gate.on_change)
        return answer

    async def _list(self, request: Request) -> Response:
        """List what is on record."""
        values = given.parameters(request, {OFFSET, LIMIT})
        offset = number(OFFSET, values.get(OFFSET, "0"), 0)
        limit = min(number(LIMIT, values.get(LIMIT, str(MOST_LISTED)), 1), MOST_LISTED)
        given.form(request, ("json",))
        found = await run_in_threadpool(self._gate.recent.all)
        later = offset + limit
        address = None
        if later < len(found):
            address = self._site.link(_PATH, {OFFSET: str(later), LIMIT: str(limit)})
        listed = [
            {**as_object(each), "address": self._site.link(f"{_PATH}/{each.name}")}
            for each in found[offset:later]
        ]
        told = {"total": len(found), "offset": offset, "limit": limit, "next": address}
        links = {"Link": f'<{address}>; rel="next"'} if address else {}
        return JSONResponse({**told, "contributions": listed}, headers=links)

    async def _show(self, request: Request) -> Response:
        """Show the record of a contribution, what it says or what it changes."""
        given.parameters(request, set())
        form, name = given.form(request, _SHOWN), given.known(request.path_params["name"])
        if form == "json":
            for each in await run_in_threadpool(self._gate.recent.all):
                if each.name == name:
                    return JSONResponse(as_object(each))
            raise NotFoundError(f"the store has no contribution '{name}'")
        text = await self._gate.readings.run(partial(apart.show, self._gate.folder, name, form))
        return Response(text, media_type=negotiation.content_type(form))


def _options(request: Request) -> Response:
    """Return the answer to OPTIONS: pages of other sites may read, without saying who asks."""
    change = "DELETE" if "name" in request.path_params else "POST"
    return Response(
        status_code=HTTPStatus.NO_CONTENT,
        headers={
            "Allow": f"GET, HEAD, {change}, OPTIONS",
            "Access-Control-Allow-Methods": "GET, HEAD",
            "Access-Control-Allow-Headers": "Accept",
        },
    )


def _fit_to_tell(error: HTTPException | PkgraphError) -> HTTPException | PkgraphError:
    """Return *error*, or one that says less: where the store is, and what ails it, is not told."""
    if not isinstance(error, StoreError):
        return error
    _LOG.error("the record of contributions cannot be read: %s", error)
    return BusyError("the record cannot be read at the moment; try again in 30 s", apart.RETRY_S)


def _verdict(text: str, form: str, status: int) -> Response:
    return Response(text, status, media_type=checking.content_type(form))
