"""Let few do at once what takes long, and few others wait for it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

import anyio
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

#: When to come again, in seconds.
RETRY_S: Final = 30


class Turns:
    """Runs functions in threads, *at_once* of them, while *waiting* others wait for their turn."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._limiter: anyio.CapacityLimiter | None = None  # belongs to the loop that makes it

    async def run(self, function: Callable[[], Result]) -> Result:
        """
        Return what *function* does, as soon as it has its turn.

        Raises:
            HTTPException: Too many wait (503).
        """
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._at_once)
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise HTTPException(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"too many wait for this already; try again in {RETRY_S} s",
                headers={"Retry-After": str(RETRY_S)},
            )
        return await anyio.to_thread.run_sync(function, limiter=self._limiter)
