"""
Time the index of words: how long it takes to make, and to find in, against a scan of all names.

The shipped graph, and made-up stores of 100 thousand and of about a million statements. The scan is
what was done before there was an index: every name is read from the store and compared in turn.
Times are those of the processor, so that a busy machine hurts them little.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import made
import timing
from pkgraph import build, open_graph, search, terms
from pkgraph.namespaces import BASE, ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.store import Store

SIZES: Final = (35_000, 350_000)
#: What people type: a name, one misspelt, the beginning of a word, words of claims, one letter.
TEXTS: Final = ("kaldor", "peacekeping", "peacek", "patrols calm towns", "made 12", "p")
MISSPELT: Final = "exampel 77"
REPEATS: Final = 7
#: A search is to take at most this part of a scan.
LIMIT: Final = 0.1


def scan(store: Store, text: str) -> int:
    """Return how many names in *store* have the *text*, each of them read."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?name WHERE {{ "
            f"?thing {search.NAMING} ?name . "
            f'FILTER(STRSTARTS(STR(?thing), "{BASE}") && !STRSTARTS(STR(?thing), "{ONTOLOGY}")) }} '
            "ORDER BY ?name ?thing"
        )
    )
    return sum(terms.fold(text) in terms.fold(name) for _, name in rows)


def median_ms(ask: Callable[[], object], repeats: int) -> float:
    """Return the median milliseconds of the processor of *ask*, run *repeats* times and once."""
    times = []
    for _ in range(repeats + 1):
        start = time.process_time()
        ask()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times[1:])


def measure(name: str, store: Store, folder: Path) -> None:
    """Print the figures of one store."""
    statements = int(search.texts(store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))[0][0])
    start = time.process_time()
    search.write(store, folder)
    took = time.process_time() - start
    size = (folder / search.FILE).stat().st_size / (1 << 20)
    start = time.process_time()
    index = search.index(build.open_folder(folder)[0])
    opened = (time.process_time() - start) * 1000
    print(
        f"\n{name}, {statements:,} statements: the index is made in {took:.1f} s, takes {size:.1f} "
        f"MiB, and is opened, the store too, in {opened:.0f} ms.\n"
    )
    print("| | index | scan | ratio | limit | within |\n|---|---:|---:|---:|---:|---|")
    asked: list[tuple[str, Callable[[], object]]] = [
        (f"`{text}`", lambda text=text: search.look_by_kind(index, text, 5))  # type: ignore[misc]
        for text in TEXTS
    ]
    asked.append((f"nearest to `{MISSPELT}`", lambda: search.likest(index, MISSPELT)))
    bare = median_ms(lambda: scan(store, "kaldor"), 2)
    for label, ask in asked:
        ms = median_ms(ask, REPEATS)
        within = "yes" if ms <= bare * LIMIT else "no"
        print(
            f"| {label} | {ms:.2f} | {bare:.0f} | {ms / bare:.4f} | {bare * LIMIT:.0f} | {within} |"
        )
    sys.stdout.flush()


def main() -> None:
    """Measure each store."""
    print(f"### Searching\n\n{timing.machine()} Medians in milliseconds of the processor.")
    shipped = open_graph().store
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(shipped.name, Path(place, "store")))
        (folder / search.FILE).unlink()
        measure("The shipped graph", build.open_folder(folder)[0], folder)
    for size in SIZES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "store")
            made.make(folder, size)
            measure("A made-up store", build.open_folder(folder)[0], folder)


if __name__ == "__main__":
    main()
