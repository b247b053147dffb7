"""
Time the whole catalogue on this store and on others, each query in turn on each of them.

The bound texts are the same, and the terms of all rows are taken out. What is asked over HTTP pays
for it: a request on loopback, and parsing of what comes. rdflib takes seconds for some queries, so
it is asked less often.

Usage: ``python benchmarks/peers.py``. What is not installed is left out, and said to be.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import rdflib

from pkgraph import deployment
from pkgraph.errors import StoreError
from pkgraph.store import RemoteStore
from timing import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.store import OxigraphStore

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))

REPEATS: Final = 5
#: How often rdflib is asked each text.
REPEATS_OF_RDFLIB: Final = 1
RDFLIB: Final = "rdflib"
SERVERS: Final = {
    "oxigraph": "Oxigraph server",
    "fuseki": "Fuseki",
    "rdf4j": "RDF4J Server",
    "virtuoso": "Virtuoso",
}


def in_rdflib(store: OxigraphStore) -> Callable[[str], object]:
    """Return what asks rdflib, in memory, the statements of *store*."""
    dataset = rdflib.Dataset(default_union=True)
    named = ox.Store()
    named.extend(quad for quad in store.engine if quad.graph_name != ox.DefaultGraph())
    dataset.parse(data=named.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    return lambda text: list(dataset.query(text))


def milliseconds(ask: Callable[[str], object], text: str) -> float:
    """Return how long *ask* takes to answer *text*."""
    start = time.perf_counter()
    ask(text)
    return (time.perf_counter() - start) * 1000


def measure(
    stores: dict[str, Callable[[str], object]], texts: dict[str, str]
) -> dict[str, dict[str, list[float]]]:
    """Return the milliseconds of each text on each store: the stores take turns."""
    taken: dict[str, dict[str, list[float]]] = {name: {} for name in stores}
    for number, (called, text) in enumerate(texts.items(), 1):
        print(f"{number} of {len(texts)}: {called}", file=sys.stderr)
        asked = dict(stores)
        for name, ask in stores.items():
            try:
                if name != RDFLIB:  # caches fill before the clock runs
                    ask(text)
                taken[name][called] = []
            except StoreError as error:
                print(f"{name} has no answer: {error}", file=sys.stderr)
                del asked[name]
        for turn in range(REPEATS):
            for name, ask in asked.items():
                if name != RDFLIB or turn < REPEATS_OF_RDFLIB:
                    taken[name][called].append(milliseconds(ask, text))
    return taken


def p95(values: list[float]) -> float:
    """Return what 95 of 100 *values* do not exceed: the nearest that was measured."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def report(taken: dict[str, dict[str, list[float]]]) -> None:
    """Print a table of the stores, and one of the texts by store."""
    print("### The catalogue on this store and on others\n")
    print(
        f"{machine()} Milliseconds. Each text {REPEATS} times in turns, on rdflib "
        f"{REPEATS_OF_RDFLIB} time. – has no answer within a minute.\n"
    )
    print("| store | median of the texts | p95 of the texts | slowest text | all once |")
    print("|---|---:|---:|---:|---:|")
    middles = {
        name: {text: statistics.median(times) for text, times in found.items()}
        for name, found in taken.items()
    }
    for name, found in middles.items():
        values = list(found.values())
        print(
            f"| {name} | {statistics.median(values):.1f} | {p95(values):.1f} "
            f"| {max(values):.1f} (`{max(found, key=found.__getitem__)}`) | {sum(values):.0f} |"
        )
    print("\nMedian / p95 of each text:\n")
    print("| |", " | ".join(taken), "|")
    print("|---|" + "---:|" * len(taken))
    for text in next(iter(taken.values())):
        cells = (
            f"{middles[name][text]:.1f} / {p95(found[text]):.1f}" if text in found else "–"
            for name, found in taken.items()
        )
        print(f"| `{text}` |", " | ".join(cells), "|")
    print()


def main() -> None:
    """Start what there is, ask, and print the tables."""
    from _pytest.outcomes import Skipped

    # Found by the path above, as in the tests.
    from servers import asking, triple_stores  # type: ignore[import-not-found, unused-ignore]

    embedded = asking.embedded()
    stores: dict[str, Callable[[str], object]] = {
        "embedded": embedded.query,
        RDFLIB: in_rdflib(embedded),
    }
    with ExitStack() as until_end:
        for name, title in SERVERS.items():
            folder = until_end.enter_context(tempfile.TemporaryDirectory())
            try:
                server = until_end.enter_context(triple_stores.SERVERS[name](Path(folder)))
            except Skipped as told:
                print(f"{title} is left out: {told}", file=sys.stderr)
                continue
            asking.load(server, deployment.graphs_of(embedded))
            stores[title] = RemoteStore(server.query).query
        report(measure(stores, dict(asking.texts())))


if __name__ == "__main__":
    main()
