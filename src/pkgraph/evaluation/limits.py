"""What a query may take, and what is told when it takes more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.errors import LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MIB: Final = 1 << 20
_ADVICE: Final[Mapping[str, str]] = {
    "time": "ask for less, or run it on a copy of your own",
    "cpu": "ask for less, or run it on a copy of your own",
    "memory": "sort, group and join less at once, or run it on a copy of your own",
    "rows": "ask for parts of it, with LIMIT and OFFSET",
    "bytes": "ask for parts of it, with LIMIT and OFFSET",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What one query may take.

    ``time_s`` is by the clock, from when a worker begins until it has written the answer; ``cpu_s``
    is time of the processor; ``memory_bytes`` is what is allocated beyond what an idle worker has;
    ``rows`` counts triples where the answer is a graph.
    """

    time_s: float = 30.0
    cpu_s: float = 25.0
    memory_bytes: int = 1024 * _MIB
    rows: int = 1_000_000
    bytes: int = 256 * _MIB

    def exceeded(self, limit: str) -> LimitExceededError:
        """Return the error that says that a query exceeds *limit*, the name of a limit."""
        told = {
            "time": f"the query takes longer than {self.time_s:g} s",
            "cpu": f"the query takes more than {self.cpu_s:g} s of the processor",
            "memory": f"the query takes more than {self.memory_bytes // _MIB} MiB of memory",
            "rows": f"the answer has more than {self.rows} rows",
            "bytes": f"the answer is larger than {self.bytes} bytes",
        }[limit]
        return LimitExceededError(f"{told}, which is the limit here; {_ADVICE[limit]}", limit)
