"""A queue in which each client has its turn after the others, however much it asks."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from pkgraph.errors import BusyError

if TYPE_CHECKING:
    import asyncio


class Waiting:
    """
    Who waits for a worker.

    One client after the other has a turn, each for what it asked first. Of one client at most a
    quarter of the places are taken, so that it cannot keep the others out.
    """

    def __init__(self, places: int, retry_after_s: int) -> None:
        self._places = places
        self._each = max(1, places // 4)
        self._retry_after_s = retry_after_s
        self._clients: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._clients.values()))

    def add(self, client: str, turn: asyncio.Future[None]) -> None:
        """
        Put *turn* of *client* at the end.

        Raises:
            BusyError: There is no place.
        """
        own = self._clients.get(client, ())
        if len(self) >= self._places or len(own) >= self._each:
            raise BusyError(
                f"{len(self)} queries are waiting here, {len(own)} of them yours, and no more can; "
                f"ask again in {self._retry_after_s} s",
                self._retry_after_s,
            )
        self._clients.setdefault(client, deque()).append(turn)

    def remove(self, client: str, turn: asyncio.Future[None]) -> None:
        """Take out *turn* of *client*, which is given up."""
        turns = self._clients[client]
        turns.remove(turn)
        if not turns:
            del self._clients[client]

    def next(self) -> asyncio.Future[None] | None:
        """Take out and return the turn that comes next."""
        if not self._clients:
            return None
        client, turns = self._clients.popitem(last=False)
        turn = turns.popleft()
        if turns:
            self._clients[client] = turns  # at the end: the others come first
        return turn
