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

import pyoxigraph as ox

import timing
from pkgraph import contribution, intake, reasoning, turtle
from pkgraph.contribution import folders
from pkgraph.contribution.transaction import Transaction
from pkgraph.namespaces import GRAPH, prefixes
from pkgraph.store import unite
from pkgraph.validation import reference, shapes
from pkgraph.validation.changes import check_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES: Final = (10_000, 100_000, 1_000_000)
REPEATS: Final = 40
#: The size at which pySHACL checks the whole graph, and how many times faster a check has to be.
WHOLE: Final = 100_000
FASTER: Final = 1000
#: How many times longer a contribution may take with the largest graph than with the smallest.
FLAT: Final = 1.5
ORCID: Final = "0000-0002-1825-0097"

WORK: Final = """
work:{n} a pk:Work ; rdfs:label "Example {n}"@en .
passage:{n}-1 a pk:Passage ; rdfs:label "{n}, section 1"@en ; pk:passageOf work:{n} ;
    pk:passageKind passage-kind:section ; pk:firstLine 1 ; pk:lastLine 999 .
"""
CLAIM: Final = """
occurrence:{n}-{c} a pk:Occurrence ; pk:inPassage passage:{n}-1 ;
    pk:firstLine {c} ; pk:lastLine {c} .
claim:{n}-{c} a pk:Claim ; rdfs:label "Patrols calm towns, says {n} in sentence {c}."@en ;
    pk:voice voice:own ; pk:kind kind:empirical ; pk:about concept:peacekeeping ;
    pk:occursAt occurrence:{n}-{c} .
"""
ATTACK: Final = """
link:{n}-1-attacks-{target} a pk:ArgumentLink ; pk:from claim:{n}-1 ;
    pk:relation relation:attacks ; pk:to claim:{target} ; pk:madeBy work:{n} ;
    pk:basis basis:explicit ; pk:inPassage passage:{n}-1 ; pk:firstLine 1 ; pk:lastLine 1 .
"""
CONCEPT: Final = 'concept:peacekeeping a pk:Concept ; rdfs:label "peacekeeping"@en .\n'
CLAIMS: Final = 9


def text(number: str, claims: int, more: str = "") -> str:
    """Return the Turtle of a work with some claims."""
    heads = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes().items())
    body = WORK.format(n=number) + "".join(
        CLAIM.format(n=number, c=sentence) for sentence in range(1, claims + 1)
    )
    return heads + body + more


def statements(size: int) -> Iterator[ox.Triple]:
    """Yield about *size* statements of made-up works."""
    number = made = 0
    while made < size:
        more = CONCEPT if number == 0 else ""
        triples = turtle.parse(text(f"made-{number}", CLAIMS, more))
        made += len(triples)
        number += 1
        yield from triples


def make(folder: Path, size: int) -> None:
    """Make a store of *size* statements in *folder*, with what follows from them."""
    graph = ox.NamedNode(GRAPH + "made")
    memory = ox.Store()
    memory.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in statements(size))
    for path in reasoning_files():
        memory.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH[:-6]))
    reasoning.derive(memory)
    unite(memory)
    store = ox.Store(str(folder))
    store.bulk_extend(memory)
    store.flush()


def reasoning_files() -> list[Path]:
    """Return the files of the ontology, which the rules read."""
    from pkgraph import resources

    return resources.data_files("ontology", ".ttl")


def given(folder: Path, number: int) -> Path:
    """Write a contribution of about a hundred statements to a file, and return its path."""
    slug = f"new-{number}"
    path = folder / f"{slug}.ttl"
    attack = ATTACK.format(n=slug, target=f"made-{number % 50}-3")
    path.write_text(text(slug, 7, attack), "utf-8")
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
            make(folder / str(size), size)
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
        triples = list(statements(WHOLE))
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
