"""The page about the addresses of the server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from page_text import code, sentence, table
from pkgraph import pages, serialization, web
from pkgraph.graph import open_graph
from pkgraph.web import atlas, maps, negotiation, queries, things
from pkgraph.web import sparql as endpoint
from pkgraph.web.api import asking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


#: What each address of the server answers, and in which formats; no route may be left out.
ADDRESSES: Final[Mapping[str, tuple[str, Iterable[str]]]] = {
    "/": ("what the graph holds, and ways into it", ["html"]),
    "/search": (
        "things by what they are called and what is said of them: `q`, and `kind`, `page`",
        ["html", "json"],
    ),
    "/suggest": (
        "what may be meant by the beginning of a text: `q`; with `languages` that are not English",
        ["json"],
    ),
    "/reconcile": (
        "the Reconciliation API 0.2, for OpenRefine: its manifest, or answers to batches of names",
        ["json"],
    ),
    "/reconcile/properties": ("properties that reconciled things can be extended with", ["json"]),
    "/reconcile/suggest/entity": ("operations and states whose names begin so: `prefix`", ["json"]),
    "/health": ("whether the server and its store answer, and the state of the graph", ["json"]),
    "/ready": ("whether the store answers: 200 if it does, 503 if not", ["json"]),
    "/metrics": (
        "counts for Prometheus: requests, how long they took, the use of the cache",
        ["text"],
    ),
    "/openapi.json": ("the description of the API, OpenAPI 3.1", ["json"]),
    "/api/queries": (
        "the canned queries for programs, with all there is to know of each",
        ["json"],
    ),
    "/api/queries/{name}": (
        "the rows of a canned query for programs, in parts if you like, or the works behind them",
        asking.FORMATS,
    ),
    "/sparql": (
        "the answer to a SPARQL 1.1 query: `query`, by GET or POST; else a form, or what it is",
        ["html", *serialization.TABLE_FORMATS, *endpoint.GRAPHS],
    ),
    "/graph-store": ("a graph whole: `default`, or `graph` and its name", endpoint.GRAPHS),
    "/check": (
        "the verdict on what is posted, as it is or in a form as `text` or `file`; that form",
        ["html", "text", "json", "sarif", "md", "ttl"],
    ),
    "/contributions": (
        "the contributions on record; takes one by POST, with a token",
        ["json"],
    ),
    "/contributions/{name}": (
        "a contribution: its record, what it says, what it changes; DELETE withdraws it",
        ["json", "ttl", "md"],
    ),
    "/sparql/vocabulary": ("the prefixes and terms that the editor completes", ["json"]),
    "/sparql/names": (
        "things that the editor completes: `text`, and `prefix`, under which they stand",
        ["json"],
    ),
    "/queries": ("the canned queries; of the page, those that have words: `q`", ["html", "json"]),
    "/queries/{name}/{parameter}": ("what a parameter takes and fits a `text`", ["json"]),
    "/templates/{name}": ("a spreadsheet to enter things of a class in", ["xlsx", "csv"]),
    "/queries/{name}": (
        "a canned query, with its parameters in the address; a form for readers",
        queries.FORMATS,
    ),
    "/ontology": ("the ontology", things.DOCUMENTS),
    "/shapes": ("the shapes", things.DOCUMENTS),
    "/dataset": (
        "what the graph holds, how much and under which licence: VoID and DCAT",
        things.DOCUMENTS,
    ),
    "/.well-known/void": ("the same, where programs look for it", serialization.GRAPH_FORMATS),
    "/.well-known/sparql-examples": (
        "the canned queries as examples of SPARQL, with their parameters and types",
        serialization.GRAPH_FORMATS,
    ),
    "/static": ("the style of the pages", []),
    "/map/{path:path}": (
        "the argument map that opens at a thing: `depth`, `direction`, `folded`",
        maps.FORMATS,
    ),
    "/timeline": ("operations in time: `by`, and what narrows them", ["html", *atlas.FORMATS]),
    "/timeline/works": ("works in time", ["html", *atlas.FORMATS]),
    "/world": (
        "operations on the map of the world, all or one or those of a `year`",
        ["html", *atlas.FORMATS],
    ),
    "/graph/{path:path}": ("a named graph: what one file says", things.DOCUMENTS),
    "/scheme/{scheme}/{name}": ("a value of a closed list", things.DOCUMENTS),
    "/{segment}/{name}": ("a thing, such as `/operation/onuc`", things.DOCUMENTS),
    "/{segment}": ("the things of one sort, such as `/operation`", ["html"]),
}


def http_page() -> Iterator[str]:
    """Yield the page of the server's addresses, from its routes."""
    gate = web.Gate(Path(), Path())  # so that what is off unless it is configured is told as well
    routes = [getattr(route, "path", "") for route in web.app(open_graph(), gate=gate).routes]
    documents = tuple(f".{ending}" for ending in (*things.DOCUMENTS, *atlas.FORMATS))
    paths = [path for path in routes if not path.endswith(documents)]
    if unlike := set(paths) ^ set(ADDRESSES):
        raise SystemExit(f"ADDRESSES and the routes of the server differ in: {sorted(unlike)}")
    yield "# The addresses of the server"
    yield ""
    yield "What `pkgraph serve` answers. What the graph calls"
    yield "`https://w3id.org/pkgraph/operation/onuc` is served at `/operation/onuc`, and so on for"
    yield "all its names. Everything is read only, but for `/contributions`, which is there only if"
    yield "[contributions are let in](../how-to/contribute-over-http.md)."
    yield ""
    yield from table(
        ["address", "what it answers", "formats"],
        [
            [
                code(re.sub(r":path\}", "}", path)),
                sentence(ADDRESSES[path][0]),
                ", ".join(map(code, ADDRESSES[path][1])),
            ]
            for path in paths
        ],
    )
    yield "The address of a thing, list value or named graph leads on (303) to the document that"
    yield "the `Accept` header likes best: the same address with an ending, such as `.html` or"
    yield "`.ttl`. A query takes an ending too (`/queries/typologies.csv`), and `/sparql` takes the"
    yield "parameter `format`. Without one, the `Accept` header chooses:"
    yield ""
    yield from table(
        ["format", "media types; the first is what is sent"],
        [
            [code(name), ", ".join(map(code, types))]
            for name, types in negotiation.MEDIA_TYPES.items()
        ],
    )
    yield "Each address of a thing, document or list takes GET, HEAD and OPTIONS. A document has"
    yield "an `ETag` made of the release, the format and the address, so `If-None-Match` is"
    yield "answered with 304 while nothing changed, and `Link` headers to its other formats"
    yield "(`alternate`), to the IRI that it is about (`canonical`) and to what describes all"
    yield f"(`describedby`). Of a thing, a document has {pages.LIMIT} values of each property and"
    yield "of what points at it; a `Link` (`next`) and, in RDF, `hydra:next` lead to the next such"
    yield "page (`page=2`). A named graph comes whole."
    yield ""
    yield "An error has the status 400 (what was asked cannot be done so), 404 (there is no such"
    yield "thing), 406 (no format fits), 410 (it was withdrawn or replaced; by what is told) or"
    yield "503 (the store does not answer), and says what is wrong in a page, in JSON or in plain"
    yield "text, as the `Accept` header asks. The API says it in the"
    yield "JSON of RFC 9457, and has 422 for a name that several things have, with all of them."
    yield ""
