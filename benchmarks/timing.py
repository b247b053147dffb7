"""
Time two ways of doing one thing in turns, and print how they compare.

The ways take turns, so that whatever else the machine does hurts both alike, and the ratio of their
medians is what to look at. Absolute figures belong to the machine.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Comparison:
    """The times of *name* with pkgraph and with the bare engine, and the most it may take."""

    name: str
    pkgraph_ms: float
    bare_ms: float
    limit_ms: float

    @property
    def ratio(self) -> float:
        """How many times the bare engine's time pkgraph took."""
        return self.pkgraph_ms / self.bare_ms


def medians(
    one: Callable[[], object], other: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Return the median milliseconds of *one* and *other*, run *repeats* times in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for way in (one, other):  # caches fill before the clock runs
        way()
    for _ in range(repeats):
        for way, taken in zip((one, other), times, strict=True):
            start = time.perf_counter()
            way()
            taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def machine() -> str:
    """Return the date, the machine and the versions that a measurement is of, as a sentence."""
    return (
        f"{datetime.now(tz=UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"pyoxigraph {version('pyoxigraph')}, pkgraph {version('pkgraph')}."
    )


def report(title: str, limit: str, comparisons: list[Comparison]) -> None:
    """Print *comparisons* as a Markdown table under *title*, with the machine they were made on."""
    print(f"### {title}\n")
    print(f"{machine()} Medians in milliseconds. Limit: {limit}.\n")
    print("| | pkgraph | bare | ratio | limit | within |")
    print("|---|---:|---:|---:|---:|---|")
    for each in comparisons:
        within = "yes" if each.pkgraph_ms <= each.limit_ms else "no"
        print(
            f"| {each.name} | {each.pkgraph_ms:.2f} | {each.bare_ms:.2f} | {each.ratio:.2f} "
            f"| {each.limit_ms:.2f} | {within} |"
        )
    print()
