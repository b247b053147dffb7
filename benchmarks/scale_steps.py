"""
Measure one thing in one made-up store, in a process of its own: ``scale.py`` runs this.

Each measurement is printed as a line of JSON as soon as it is known; the last line tells the most
memory that the process had.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import sys
import time
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

import made
from pkgraph import bulk, catalogue, intake, namespaces, open_graph
from pkgraph.contribution import folders
from pkgraph.contribution.transaction import Transaction
from pkgraph.errors import NotFoundError
from pkgraph.generation import generate
from pkgraph.namespaces import BASE, PK, RDF
from pkgraph.validation import compiled, shapes
from pkgraph.validation.changes import check_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkgraph.catalogue import Query
    from pkgraph.catalogue.query import Parameter
    from pkgraph.graph import Graph

SEED: Final = 1
#: How often a thing is done, unless that takes longer than so many seconds.
RUNS: Final = 20
BUDGET_S: Final = 6.0
#: Of so many things of a class, those that a query has rows about are taken, up to so many.
TRIED: Final = 500
TAKEN: Final = 9
LISTED: Final = 2000
#: The validator has all in memory: some 2 KiB a statement.
VALIDATED: Final = 3_000_000


def tell(name: str, **values: object) -> None:
    """Print a measurement."""
    print(json.dumps({"name": name, **values}), flush=True)


def seconds(do: Callable[[], object]) -> float:
    """Return how long *do* takes."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def timed(name: str, do: Callable[[], object], **values: object) -> None:
    """Do something many times, and print the median and the 95th percentile in milliseconds."""
    do()  # caches fill before the clock runs
    times: list[float] = []
    while len(times) < RUNS and (sum(times) < BUDGET_S or not times):
        times.append(seconds(do))
    times.sort()
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    tell(name, p50=statistics.median(times) * 1000, p95=p95 * 1000, runs=len(times), **values)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data of one size is."""

    folder: Path
    claims: int

    @property
    def file(self) -> Path:
        """The literature."""
        return self.folder / "made.nq"

    @property
    def store(self) -> Path:
        """The store that is made of it."""
        return self.folder / "store"


def make(place: Place) -> None:
    """Generate the literature."""
    start, statements = time.perf_counter(), 0
    with place.file.open("w", encoding="utf-8") as file:
        for part in generate(place.claims, SEED):
            file.write(part)
            statements += part.count("\n")
    tell("generate", seconds=time.perf_counter() - start, statements=statements)


def raw(place: Place) -> None:
    """Load the literature with the bare engine: the file as it is."""
    folder = place.folder / "raw"
    shutil.rmtree(folder, ignore_errors=True)
    store = ox.Store(str(folder))
    tell("raw load", seconds=seconds(partial(store.bulk_load, path=place.file)))
    del store
    shutil.rmtree(folder)


def load(place: Place) -> None:
    """Make the store: the file loaded, the rules run, the index of words made."""
    shutil.rmtree(place.store, ignore_errors=True)
    begun: list[tuple[str, float]] = []
    bulk.bulk_load(
        [place.file], place.store, lambda step: begun.append((step, time.perf_counter()))
    )
    begun.append(("end", time.perf_counter()))
    spent = dict.fromkeys(("load", "derived rules", "index of words"), 0.0)
    kinds = {"loads": "load", "runs": "derived rules", "makes": "index of words"}
    for (step, start), (_, end) in pairwise(begun):
        spent[kinds[step.split()[0]]] += end - start
    for name, took in spent.items():
        tell(name, seconds=took)
    size = sum(path.stat().st_size for path in place.store.iterdir())
    tell("size", mib=size / 2**20)


def validate(place: Place) -> None:
    """Validate all."""
    triples = [quad.triple for quad in islice(ox.parse(path=place.file), VALIDATED + 1)]
    if len(triples) > VALIDATED:
        return
    tell("full validation", seconds=seconds(lambda: compiled.findings(triples, shapes.ours())))


def contribute(place: Place) -> None:
    """Check a contribution of a hundred statements against the store."""
    attack = made.ATTACK.format(n="new-1", target="made-up-source-1-1")
    text = made.text("new-1", 7, attack).replace(
        "concept:peacekeeping", "concept:made-up-concept-1"
    )
    path = place.folder / "new.ttl"
    path.write_text(text, encoding="utf-8")
    sources = intake.read(path)
    with folders.opened(place.store) as store:
        before = Transaction(store).before
        timed("delta validation", lambda: check_change(before, sources))


def ask(place: Place, *done: str) -> None:
    """Ask each canned query that is not *done*, about something of middle degree."""
    graph = open_graph(data=[place.store])
    for query in catalogue.catalogue():
        for parameters in cases(query):
            names = ", ".join(parameter.name for parameter in parameters)
            name = f"{query.name} ({names})" if names else query.name
            if name not in done:
                tell("begins", case=name)
                values, rows = middle(graph, query, parameters)
                timed(name, lambda v=values, q=query: graph.query(q.name, **v), rows=rows)  # type: ignore[misc]


def cases(query: Query) -> Iterator[list[Parameter]]:
    """Yield which parameters are given: those required, and each thing that narrows it further."""
    required = [parameter for parameter in query.parameters if parameter.required]
    yield required
    for parameter in query.parameters:
        thing_given = any(each.kind == "iri" for each in required)
        if parameter.kind == "iri" and not parameter.required and not thing_given:
            yield [*required, parameter]


def middle(graph: Graph, query: Query, parameters: list[Parameter]) -> tuple[dict[str, str], int]:
    """Return values of the parameters that give a middling number of rows, and that number."""
    found = []
    until = time.perf_counter() + BUDGET_S
    for values in islice(candidates(graph, parameters), TRIED):
        rows = len(graph.query(query.name, **values))
        found.append((rows, sorted(values.items())))
        if sum(rows > 0 for rows, _ in found) == TAKEN or time.perf_counter() > until:
            break
    answered = sorted(each for each in found if each[0]) or sorted(found)
    rows, values_ = answered[len(answered) // 2]
    return dict(values_), rows


def candidates(graph: Graph, parameters: list[Parameter]) -> Iterator[dict[str, str]]:
    """Yield values for the parameters: things of the class of the one that takes a thing."""
    fixed = {p.name: str(p.example) for p in parameters if p.kind != "iri"}
    things = [p for p in parameters if p.kind == "iri"]
    if not things:
        yield fixed
        return
    assert len(things) == 1  # noqa: S101 - no query takes two at once
    lists = [
        [
            quad.subject.value
            for quad in islice(
                graph.store.engine.quads_for_pattern(  # type: ignore[attr-defined]
                    None, ox.NamedNode(RDF + "type"), ox.NamedNode(iri), ox.DefaultGraph()
                ),
                LISTED,
            )
        ]
        for iri in things[0].class_iris
    ]
    for number in range(LISTED):
        for each in lists:
            if number < len(each):
                yield {**fixed, things[0].name: each[number]}


def visit(place: Place) -> None:
    """Search, and look at pages of the site: each run another thing, so that none is kept."""
    from starlette.testclient import TestClient

    from pkgraph import web

    graph = open_graph(data=[place.store])
    for name, text in (("a name", "made-up concept 17"), ("a rare word", "zutope")):
        timed(f"search: {name}", lambda t=text: graph.find(t), rows=len(graph.find(text)))  # type: ignore[misc]
    with TestClient(web.app(graph), headers={"Accept": "text/html"}) as client:
        client.get("/queries")
        for path in ("/", "/search?q=bababa", "/timeline", "/world", "/queries/disagreements"):
            look(client, path, iter([path] * (RUNS + 1)))
        for class_ in ("Claim", "Work", "Operation", "Concept", "Proposition", "Passage", "Person"):
            parameter = catalogue_parameter(class_)
            things = (values["x"] for values in candidates(graph, [parameter]))
            paths = (f"/{iri.removeprefix(BASE)}.html" for iri in things)
            look(client, f"/{class_.lower()}/…", paths)


def catalogue_parameter(class_: str) -> Parameter:
    """Return a parameter that takes things of a class."""
    from pkgraph.catalogue.query import Parameter

    return Parameter("x", "iri", (namespaces.compact(PK + class_),))


def look(client: object, name: str, paths: Iterator[str]) -> None:
    """Time a page; of one that is kept after the first time, the first counts."""
    times, size = [], []
    if "…" in name:
        client.get(next(paths))  # type: ignore[attr-defined]  # templates are read before the clock runs
    for path in islice(paths, RUNS):
        start = time.perf_counter()
        answer = client.get(path, headers={"Cache-Control": "no-cache"})  # type: ignore[attr-defined]
        times.append(time.perf_counter() - start)
        size.append(len(answer.content))
        if answer.status_code != 200:  # noqa: PLR2004
            raise NotFoundError(f"{path} answered {answer.status_code}")
        if name == path or sum(times) > BUDGET_S:
            break
    times.sort()
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))] * 1000
    tell(
        f"page {name}",
        p50=statistics.median(times) * 1000,
        p95=p95,
        runs=len(times),
        bytes=statistics.median(size),
    )


STEPS: Final = {step.__name__: step for step in (make, raw, load, validate, contribute, ask, visit)}

if __name__ == "__main__":
    step, where, claims, *rest = sys.argv[1:]
    STEPS[step](Place(Path(where), int(claims)), *rest)
    tell("memory", mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
