"""
Time contributions to stores of three sizes, and the check of one against pySHACL on the whole.

A contribution has a hundred statements: some claims of a new work, one of which attacks a claim of
the store. It is read, checked, landed with what follows from it, and flushed to the disk. The
stores are made up of claims of many works about one concept. The sizes take turns, so that whatever
else the machine does hurts all alike.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import made
import timing
from pkgraph import contribution, intake
from pkgraph.contribution import folders
from pkgraph.contribution.transaction import Transaction
from pkgraph.validation import reference, shapes
from pkgraph.validation.changes import check_change

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES: Final = (10_000, 100_000, 1_000_000)
REPEATS: Final = 40
#: The size at which pySHACL checks the whole graph, and how many times faster a check has to be.
WHOLE: Final = 100_000
FASTER: Final = 1000
#: How many times longer a contribution may take with the largest graph than with the smallest.
FLAT: Final = 1.5
ORCID: Final = "0000-0002-1825-0097"


def given(folder: Path, number: int) -> Path:
    """Write a contribution of about a hundred statements to a file, and return its path."""
    slug = f"new-{number}"
    path = folder / f"{slug}.ttl"
    attack = made.ATTACK.format(n=slug, target=f"made-{number % 50}-3")
    path.write_text(made.text(slug, 7, attack), "utf-8")
    return path


def milliseconds(way: Callable[[], object]) -> float:
    """Return how long *way* takes."""
    start = time.perf_counter()
    way()
    return (time.perf_counter() - start) * 1000


def check(folder: Path, path: Path) -> float:
    """Return the milliseconds that the check of the file at *path* takes, with the store open."""
    sources = intake.read(path)
    with folders.opened(folder) as store:
        before = Transaction(store).before
        return milliseconds(lambda: check_change(before, sources))


def p95(times: list[float]) -> float:
    """Return the time that one in twenty is longer than."""
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Measure, and print a table."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in sizes:
            made.make(folder / str(size), size)
        checks: dict[int, list[float]] = {size: [] for size in sizes}
        gifts: dict[int, list[float]] = {size: [] for size in sizes}
        for number in range(REPEATS + 2):
            path = given(folder, number)
            for size in sizes:
                store = folder / str(size)
                checks[size].append(check(store, path))
                gifts[size].append(
                    milliseconds(lambda s=store, p=path: contribution.contribute([p], ORCID, s))  # type: ignore[misc]
                )
    print("### Contributions of a hundred statements\n")
    print(f"{timing.machine()} {REPEATS} contributions to each store, in turns; milliseconds.\n")
    print("| statements | check p50 | check p95 | contribute p50 | contribute p95 |")
    print("|---:|---:|---:|---:|---:|")
    for size in sizes:
        times = [*quantiles(checks[size][2:]), *quantiles(gifts[size][2:])]
        print(f"| {size} | {' | '.join(f'{each:.0f}' for each in times)} |")
    flat = [p95(each[sizes[-1]][2:]) / p95(each[sizes[0]][2:]) for each in (checks, gifts)]
    print(
        f"\np95 with the largest over p95 with the smallest, at most {FLAT}: check {flat[0]:.2f}, "
        f"contribute {flat[1]:.2f}."
    )
    if WHOLE in sizes:
        triples = list(made.statements(WHOLE))
        whole = milliseconds(lambda: reference.findings(triples, shapes.ours()))
        ratios = [whole / p95(each[WHOLE][2:]) for each in (checks, gifts)]
        print(
            f"pySHACL on the whole of {WHOLE} statements: {whole / 1000:.0f} s; at least {FASTER} "
            f"times faster: check {ratios[0]:.0f}, contribute {ratios[1]:.0f}.\n"
        )


def quantiles(times: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(times), p95(times)


if __name__ == "__main__":
    main()
