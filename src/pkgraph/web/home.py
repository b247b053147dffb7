"""The home page, the search and the state of the server."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from pkgraph import catalogue, ontology, search
from pkgraph.errors import BusyError
from pkgraph.namespaces import PK, compact
from pkgraph.web import negotiation

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.store import Store
    from pkgraph.web.site import Site

#: The classes that the home page counts, and the first part of the addresses of their members.
_COUNTED: Final = (
    ("Claim", "claim", "claims"),
    ("ArgumentLink", "link", "argument links"),
    ("Attribution", "citation", "citations"),
    ("Proposition", "proposition", "propositions in dispute"),
    ("Work", "work", "works"),
    ("Person", "person", "people"),
    ("Operation", "operation", "operations"),
    ("Concept", "concept", "concepts"),
)
#: What the scope of a request has where the server is ending.
ENDING: Final = "pkgraph.ending"
#: How many things a search shows.
_FOUND: Final = 50


def home(site: Site, _: Request) -> Response:
    """Show what the graph holds and how to ask it."""
    store = site.graph.store
    return site.page(
        "home",
        counts=_counts(store),
        topics=topics(),
        disputes=_disputes(store),
        sources=_sources(store),
    )


def topics() -> list[tuple[str, list[catalogue.Query]]]:
    """Return the queries by topic."""
    return [
        (topic, list(queries))
        for topic, queries in groupby(catalogue.catalogue(), key=lambda query: query.topic)
    ]


def find(site: Site, request: Request) -> Response:
    """Find things by what they are called."""
    text = request.query_params.get("q", "").strip()
    found = site.graph.find(text, _FOUND) if text else ()
    kinds = {each.type: _kind(each.type) for each in found}
    if negotiation.choose(request.headers.get("accept"), ("html", "json")) == "json":
        return JSONResponse(
            [
                {"iri": each.iri, "label": each.label, "type": each.type, "name": each.name}
                for each in found
            ]
        )
    return site.page("search", text=text, found=found, kinds=kinds, most=_FOUND)


def health(site: Site, _: Request) -> Response:
    """Say that the server and its store answer."""
    rows = search.texts(site.graph.store.query("SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"))
    return JSONResponse(
        {"status": "ok", "release": site.graph.release, "triples": int(rows[0][0])},
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


def _kind(iri: str) -> str:
    term = ontology.terms().get(iri)
    return term.label if term else compact(iri)


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


def _disputes(store: Store) -> list[tuple[str, str, int, int]]:
    """Return each proposition with its label and the numbers of claims on both sides."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?proposition ?label ?side ?claims WHERE {{ "
            "?proposition a pk:Proposition ; rdfs:label ?label OPTIONAL { { "
            "SELECT ?proposition ?side (COUNT(DISTINCT ?claim) AS ?claims) WHERE { "
            'VALUES (?stance ?side) { (pk:affirms "for") (pk:narrows "for") '
            '(pk:denies "against") (pk:findsNoEffectFor "against") } '
            "?claim ?stance ?proposition } GROUP BY ?proposition ?side } } } "
            "ORDER BY ?label ?proposition"
        )
    )
    sides: dict[tuple[str, str], dict[str, int]] = {}
    for iri, label, side, claims in rows:
        sides.setdefault((iri, label), {})[side] = int(claims or "0")
    return [
        (iri, label, each.get("for", 0), each.get("against", 0))
        for (iri, label), each in sides.items()
    ]


def _sources(store: Store) -> list[tuple[str, str, int]]:
    """Return each encoded work with its label and the number of claims that it states."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?work ?label (COUNT(DISTINCT ?claim) AS ?claims) WHERE {{ "
            "{ SELECT DISTINCT ?work WHERE { ?graph pk:encodes ?work } } "
            "?work rdfs:label ?label OPTIONAL { ?claim pk:statedIn ?work } } "
            "GROUP BY ?work ?label ORDER BY ?label ?work"
        )
    )
    return [(work, label, int(claims)) for work, label, claims in rows]
