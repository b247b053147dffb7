"""
Time the import of tables of personnel against the bare engine loading the same triples.

The tables are made up: each state sends to each operation in each of many months. pkgraph reads the
table, looks up all names, and lands the contributions in a graph of their own and in the default
graph of a store that has the shipped graph. The bare way loads the same triples from a file of
N-Triples into the default graph of an empty store on disk. Each run is a process of its own, so
that its peak of memory can be told.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import timing
from pkgraph import build, namespaces, open_graph
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES: Final = (50_000, 1_000_000)
#: The most that pkgraph may take: times the bare engine, and MiB.
RATIO: Final = 3
MEMORY: Final = 1024
MAPPING: Final = """\
source: Made up for the benchmark
license: https://creativecommons.org/publicdomain/zero/1.0/
layout: long
state: {column: state, coded: iso-3166-1-alpha-3}
operation: {column: operation, coded: name}
date: {column: day, format: "%Y-%m-%d"}
values: {troops: troops, police: police}
"""
IMPORT: Final = """\
import resource, sys
from pkgraph.cli import main
status = main(["import", "personnel", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
sys.exit(status)
"""
BARE: Final = """\
import resource, sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_TRIPLES)
store.flush()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def contributions(rows: int) -> Iterator[tuple[str, str, str, str, int, int]]:
    """Yield *rows* times a state's code and IRI, an operation's IRI, a day, troops and police."""
    graph = open_graph()
    prefixes = "PREFIX pk: <https://w3id.org/pkgraph/ontology#> "
    states = graph.sparql(
        prefixes + "SELECT ?code ?s { ?s a pk:State ; pk:exactCode ?c . ?c pk:code ?code ; "
        "pk:codeList <https://w3id.org/pkgraph/code-list/iso-3166-1-alpha-3> "
        "FILTER NOT EXISTS { ?s pk:endDate ?end } FILTER EXISTS { ?s pk:startDate ?start "
        'FILTER(STR(?start) < "1999") } } ORDER BY ?code'
    )
    operations = graph.sparql(
        prefixes + "SELECT ?o { ?o a pk:PeaceOperation ; pk:ongoing true ; pk:startDate ?start "
        'FILTER(STR(?start) < "1999") } ORDER BY ?o'
    )
    assert isinstance(states, Table)  # noqa: S101 - both are a SELECT
    assert isinstance(operations, Table)  # noqa: S101
    days = (
        f"{year}-{month:02}-{day:02}"
        for year, month, day in product(range(2000, 2026), range(1, 13), range(1, 29))
    )
    every = product(days, list(operations), list(states))
    for number, (day, operation, state) in enumerate(islice(every, rows)):
        named = (str(state.code), str(state.s), str(operation.o))
        yield *named, day, number * 7 % 900, number * 3 % 90


def write_table(path: Path, rows: int) -> None:
    """Write a table of *rows* contributions to *path*."""
    with path.open("w", encoding="utf-8") as file:
        file.write("state,operation,day,troops,police\n")
        for code, _, operation, day, troops, police in contributions(rows):
            file.write(f"{code},{operation.rpartition('/')[2]},{day},{troops},{police}\n")


def write_triples(path: Path, rows: int) -> None:
    """Write the triples that the import makes of the same table."""
    base, pk, xsd = namespaces.BASE, namespaces.PK, namespaces.XSD
    with path.open("w", encoding="utf-8") as file:
        for _, state, operation, day, troops, police in contributions(rows):
            slugs = f"{operation.rpartition('/')[2]}-{state.rpartition('/')[2]}"
            subject = f"<{base}personnel/made-up-for-the-benchmark-{slugs}-{day}>"
            file.write(
                f"{subject} <{namespaces.RDF}type> <{pk}PersonnelContribution> .\n"
                f"{subject} <{pk}contributor> <{state}> .\n"
                f"{subject} <{pk}toOperation> <{operation}> .\n"
                f'{subject} <{pk}date> "{day}"^^<{xsd}date> .\n'
                f'{subject} <{pk}troops> "{troops}"^^<{xsd}integer> .\n'
                f'{subject} <{pk}police> "{police}"^^<{xsd}integer> .\n'
            )


def timed(program: str, *arguments: Path | str) -> tuple[float, int]:
    """Return the seconds and the peak of memory in MiB of *program* run with *arguments*."""
    start = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return time.perf_counter() - start, int(ran.stdout)


def measure(rows: int) -> str:
    """Return the row of the table that tells of an import of *rows* rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table, triples = folder / "table.csv", folder / "triples.nt"
        mapping = folder / "mapping.yaml"
        mapping.write_text(MAPPING, "utf-8")
        write_table(table, rows)
        write_triples(triples, rows)
        bare, bare_memory = timed(BARE, triples, folder / "bare")
        store = folder / "store"
        ours, memory = timed(IMPORT, table, "--mapping", mapping, "--store", store)
    within = "yes" if ours <= RATIO * bare and memory <= MEMORY else "no"
    return (
        f"| {rows} | {ours:.1f} | {bare:.1f} | {ours / bare:.2f} | {memory} | {bare_memory} "
        f"| {within} |"
    )


def main() -> None:
    """Print the table."""
    build.build_store()
    print("### Importing personnel\n")
    print(
        f"{timing.machine()} Seconds and MiB. Limit: {RATIO} × the bare engine, and {MEMORY} MiB.\n"
    )
    print("| rows | pkgraph | bare | ratio | memory | bare | within |")
    print("|---:|---:|---:|---:|---:|---:|---|")
    for rows in SIZES:
        print(measure(rows), flush=True)


if __name__ == "__main__":
    main()
