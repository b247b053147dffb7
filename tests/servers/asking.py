"""Ask every text of the catalogue of a triple store, and tell what differs from the embedded one."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pyoxigraph as ox
from golden import regenerate

from pkgraph import catalogue
from pkgraph.store import OxigraphStore, unite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.results import Table
    from pkgraph.store import Store
    from servers.triple_stores import TripleStore


def embedded() -> OxigraphStore:
    """Return the store whose answers are those that are wanted."""
    store = regenerate.filled_store()
    unite(store)
    return OxigraphStore(store)


def texts() -> Iterator[tuple[str, str]]:
    """Yield each canned query as it stands, and once more with each of its optional parameters."""
    for query in catalogue.catalogue():
        yield query.name, query.text
        required = {p.name: p.example for p in query.parameters if p.required}
        for parameter in query.parameters:
            if not parameter.required:
                values = {**required, parameter.name: parameter.example}
                terms = {
                    name: catalogue.plain_term(query.parameter(name), value)
                    for name, value in values.items()
                }
                told = " ".join(f"{name}={value}" for name, value in values.items())
                yield f"{query.name} {told}", catalogue.bind(query, terms)


def load(store: OxigraphStore, server: TripleStore) -> None:
    """Put each named graph of *store* into *server* by the Graph Store Protocol."""
    for graph in store.engine.named_graphs():
        triples = (quad.triple for quad in store.engine.quads_for_pattern(None, None, None, graph))
        request = urllib.request.Request(  # noqa: S310 - on loopback
            f"{server.graphs}?{urlencode({'graph': graph.value})}",
            data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES),
            headers={"Content-Type": "application/n-triples"},
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=300):  # noqa: S310
            pass


def differences(wanted: Store, found: Store) -> dict[str, str]:
    """Return what the answers of *found* have otherwise than those of *wanted*, by their texts."""
    told = {}
    for name, text in texts():
        try:
            difference = _difference(wanted.query(text), found.query(text))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            difference = f"{type(error).__name__}: {str(error)[:600]}"
        if difference:
            told[name] = difference
    return told


def _difference(wanted: Table, found: Table) -> str:
    """Return in a few words where the rows of two tables part, or nothing."""
    if wanted.columns != found.columns:
        return f"columns {found.columns} in place of {wanted.columns}"
    if wanted.terms == found.terms:
        return ""
    first = next(
        (number for number, pair in enumerate(zip(wanted.terms, found.terms, strict=False)) if pair[0] != pair[1]),
        min(len(wanted.terms), len(found.terms)),
    )
    kind = "order" if sorted(map(str, wanted.terms)) == sorted(map(str, found.terms)) else "rows"
    rows = [str(table.terms[first]) if first < len(table.terms) else "no row" for table in (wanted, found)]
    return f"{kind}: {len(found.terms)} rows for {len(wanted.terms)}; row {first + 1} is {rows[1]} in place of {rows[0]}"
