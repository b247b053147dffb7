"""
Narrow the graph that is served to some of the works that it encodes.

What follows from these alone has to be derived, which takes a moment, so the last few are kept, and
one is made at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.graph import Graph

#: How many narrowed graphs are kept.
MAX_KEPT: Final = 4
#: How long a request waits for those before it.
_PATIENCE_S: Final = 5


class Narrowings:
    """The narrowed graphs of *graph*."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._kept: OrderedDict[tuple[str, ...], Graph] = OrderedDict()
        self._looking = Lock()
        self._making = Lock()

    def of(self, sources: Iterable[str]) -> Graph:
        """
        Return what *sources*, slugs of encoded works, say; all there is, if there are none.

        Raises:
            NotFoundError: There is no such source.
            HTTPException: Too many others are being made (503).
        """
        wanted = tuple(sorted(set(sources)))
        graph = self._again(wanted) if wanted else self._graph
        if graph is not None:
            return graph
        if not self._making.acquire(timeout=_PATIENCE_S):
            raise HTTPException(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too many narrowed graphs are asked for at once; try again in a moment",
                headers={"Retry-After": str(_PATIENCE_S)},
            )
        try:  # another may have made it meanwhile
            graph = self._again(wanted) or self._graph.narrowed(wanted)
            with self._looking:
                self._kept[wanted] = graph
                if len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
        finally:
            self._making.release()
        return graph

    def _again(self, wanted: tuple[str, ...]) -> Graph | None:
        """Return the graph that is kept for *wanted*, if one is, and keep it longest."""
        with self._looking:
            graph = self._kept.pop(wanted, None)
            if graph is not None:
                self._kept[wanted] = graph
        return graph
