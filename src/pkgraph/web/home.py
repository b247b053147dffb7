"""The home page and the state of the server."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from pkgraph import catalogue, search
from pkgraph.errors import BusyError
from pkgraph.namespaces import PK
from pkgraph.pages import overview
from pkgraph.store import OxigraphStore, RemoteStore

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.store import Store
    from pkgraph.web.site import Site

#: The ways in: classes, the first part of the addresses of their members, and what these are.
_COUNTED: Final = (
    ("Proposition", "proposition", "debates"),
    ("Claim", "claim", "claims"),
    ("Work", "work", "works"),
    ("Person", "person", "people"),
    ("Concept", "concept", "ideas"),
    ("Norm", "norm", "norms"),
    ("Operation", "operation", "operations"),
    ("State", "state", "states"),
)
#: How many debates are shown.
_DEBATES: Final = 6
#: Queries that answer without being given anything, for a first look.
_QUESTIONS: Final = (
    "unanswered-attacks",
    "both-sides-works",
    "works-in-several-arguments",
    "authors-arguments-missions",
    "typologies",
    "operations-timeline",
)
#: What the scope of a request has where the server is ending.
ENDING: Final = "pkgraph.ending"


def home(site: Site, _: Request) -> Response:
    """Show the search, the debates, what the graph covers and does not, and ways in."""
    store = site.graph.store
    debates = overview.debates(store, _DEBATES)
    return site.page(
        "home",
        counts=_counts(store),
        debates=debates.shown,
        disputed=debates.disputed,
        one_sided=debates.one_sided,
        questions=[catalogue.find(name) for name in _QUESTIONS],
        queries=len(catalogue.catalogue()),
        sources=overview.sources(store),
        totals=overview.totals(store),
    )


def topics() -> list[tuple[str, list[catalogue.Query]]]:
    """Return the queries by topic."""
    return [
        (topic, list(queries))
        for topic, queries in groupby(catalogue.catalogue(), key=lambda query: query.topic)
    ]


def health(site: Site, _: Request) -> Response:
    """Say that the server and its store answer."""
    store = site.graph.store
    store.query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    # Who asks for the health asks every few seconds, and to count takes long where there are many.
    if isinstance(store, OxigraphStore | RemoteStore):
        triples = store.once(_triples)
    else:
        triples = _triples(store)
    return JSONResponse(
        {"status": "ok", "release": site.graph.release, "triples": triples},
        headers={"Cache-Control": "no-store"},
    )


def ready(site: Site, request: Request) -> Response:
    """Say that the store and the workers answer; else that is an error as any other (503)."""
    if request.scope.get(ENDING):
        raise BusyError("the server is ending; ask another", 1)
    if not site.evaluator.ready:
        raise BusyError("the workers are not ready; ask again in 1 s", 1)
    site.graph.store.query("ASK { ?s ?p ?o }")
    return JSONResponse(
        {"status": "ready", "release": site.graph.release}, headers={"Cache-Control": "no-store"}
    )


def _triples(store: Store) -> int:
    """Return how many statements there are."""
    rows = search.texts(store.query("SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"))
    return int(rows[0][0])


def _counts(store: Store) -> list[tuple[str, str, int]]:
    """Return what is counted: the name, the address and the number of each class."""
    classes = " ".join(f"pk:{name}" for name, _, _ in _COUNTED)
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?class (COUNT(DISTINCT ?thing) AS ?number) WHERE {{ "
            f"VALUES ?class {{ {classes} }} ?thing a ?class }} GROUP BY ?class"
        )
    )
    numbers = {row[0]: row[1] for row in rows}
    return [(label, segment, int(numbers.get(PK + name, "0"))) for name, segment, label in _COUNTED]
