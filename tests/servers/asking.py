"""Ask a triple store the whole catalogue, and tell what differs from the embedded one."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from golden import regenerate

from pkgraph import catalogue
from pkgraph.errors import StoreError
from pkgraph.namespaces import XSD
from pkgraph.store import OxigraphStore, unite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servers.triple_stores import TripleStore

    from pkgraph.results import Table
    from pkgraph.store import Store

#: Values beside the examples of the headers, for what a store takes for another case.
FURTHER: Final = (
    ("works-in-several-arguments", {"scope": "work:bellamy-2004"}),
    ("disagreements", {"scope": "work:bellamy-2004"}),
    ("attacks-on", {"target": "approach:case-by-case"}),
    ("authors-arguments-missions", {"author": "organization:un"}),
)
BOOLEAN: Final = ox.NamedNode(f"{XSD}boolean")


def embedded() -> OxigraphStore:
    """Return the store whose answers are those that are wanted."""
    store = regenerate.filled_store()
    unite(store)
    return OxigraphStore(store)


def texts() -> Iterator[tuple[str, str]]:
    """Yield each canned query as it stands, with each optional parameter, and further values."""
    for query in catalogue.catalogue():
        yield query.name, query.text
        required = {p.name: p.example for p in query.parameters if p.required}
        for parameter in query.parameters:
            if not parameter.required:
                yield _bound(query, {**required, parameter.name: parameter.example})
    for name, values in FURTHER:
        yield _bound(catalogue.find(name), values)


def _bound(query: catalogue.Query, values: Mapping[str, str]) -> tuple[str, str]:
    """Return *query* with *values* bound, after what it is called in a failure."""
    terms = {
        name: catalogue.plain_term(query.parameter(name), value) for name, value in values.items()
    }
    told = " ".join(f"{name}={value}" for name, value in values.items())
    return f"{query.name} {told}", catalogue.bind(query, terms)


def load(store: OxigraphStore, server: TripleStore) -> None:
    """Put each named graph of *store* into *server*, and what all say into its default graph."""
    for graph in store.engine.named_graphs():
        quads = store.engine.quads_for_pattern(None, None, None, graph)
        put(server, graph, [quad.triple for quad in quads])
    unite_in(server)


def unite_in(server: TripleStore) -> None:
    """Fill the default graph of *server* with what its named graphs say, unless it does so."""
    if not server.unites:
        update = "DROP DEFAULT; INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
        _send("POST", server.update, "application/sparql-update", update.encode())


def put(server: TripleStore, graph: ox.NamedNode, triples: list[ox.Triple]) -> None:
    """Make *triples* all that *graph* has in *server*, by the Graph Store Protocol."""
    address = f"{server.graphs}?{urlencode({'graph': graph.value})}"
    body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    _send("PUT", address, "application/n-triples", body)


def _send(method: str, address: str, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind}
    request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310  # loopback
    with urllib.request.urlopen(request, timeout=300):  # noqa: S310
        pass


def differences(wanted: Store, found: Store) -> dict[str, str]:
    """Return what the answers of *found* have otherwise than those of *wanted*, by their texts."""
    told = {}
    for name, text in texts():
        try:
            difference = _difference(wanted.query(text), found.query(text))
        except StoreError as error:
            difference = f"no answer: {str(error)[:600]}"
        if difference:
            told[name] = difference
    return told


def _difference(wanted: Table, found: Table) -> str:
    """Return in a few words where the rows of two tables part, or nothing."""
    if wanted.columns != found.columns:
        return f"columns {found.columns} in place of {wanted.columns}"
    ours, theirs = ([tuple(map(_one_form, row)) for row in each.terms] for each in (wanted, found))
    if ours == theirs:
        return ""
    # One more than the shorter has, for where one is the beginning of the other.
    number = next(
        (at for at, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]),
        min(len(ours), len(theirs)),
    )
    kind = "order" if sorted(map(str, ours)) == sorted(map(str, theirs)) else "rows"
    lines = [f"{kind}: {len(theirs)} rows in place of {len(ours)}; row {number + 1}:"]
    if number < min(len(ours), len(theirs)):
        pairs = zip(wanted.columns, ours[number], theirs[number], strict=True)
        lines += [f"  {column}: {b} in place of {a}" for column, a, b in pairs if a != b]
    else:
        longer = ours if len(ours) > len(theirs) else theirs
        lines.append(f"  {'missing' if longer is ours else 'too many'}: {longer[number]}")
    return "\n".join(lines)


def _one_form(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> object:
    """Return *term* with what Virtuoso writes for a boolean, 1 or 0, as true or false."""
    if isinstance(term, ox.Literal) and term.datatype == BOOLEAN and term.value in {"0", "1"}:
        return ox.Literal("true" if term.value == "1" else "false", datatype=BOOLEAN)
    return term
