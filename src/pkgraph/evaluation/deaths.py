"""What it means that a worker has ended."""

from __future__ import annotations

import logging
import signal
from typing import TYPE_CHECKING, Final

from pkgraph.errors import PkgraphError, StoreError

if TYPE_CHECKING:
    from pkgraph.evaluation.limits import Limits
    from pkgraph.evaluation.processes import Death

_LOG: Final = logging.getLogger(__name__)
#: What is said where memory is refused, by Rust and by C++.
_OUT_OF_MEMORY: Final = ("memory allocation of", "bad_alloc")
#: What Rust says where a program contradicts itself.
_PANIC: Final = "panicked at"
#: How a worker ends that is killed, or whose process that forks is; no limit does so.
_FROM_OUTSIDE: Final = frozenset({-signal.SIGKILL, 0})


class KilledError(StoreError):
    """The worker was killed by something else than its query, which another may answer."""


def meaning(death: Death, limits: Limits) -> PkgraphError:
    """Return the error that the *death* of a worker means."""
    if death.code == -signal.SIGPROF:
        return limits.exceeded("cpu")
    if any(words in death.said for words in _OUT_OF_MEMORY):
        return limits.exceeded("memory")
    _LOG.error("a worker ended with %s: %s", death.code, death.said[-2000:])
    if _PANIC in death.said:
        return StoreError("the engine fails at this query, by a fault of its own; ask otherwise")
    kind = KilledError if death.code in _FROM_OUTSIDE else StoreError
    return kind("the process that evaluated the query has ended; ask again")
