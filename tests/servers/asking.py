"""Ask a triple store the whole catalogue, and tell what differs from the embedded one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from golden import regenerate

from pkgraph import catalogue, deployment
from pkgraph.errors import StoreError
from pkgraph.namespaces import XSD
from pkgraph.store import OxigraphStore, unite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def load(server: TripleStore, graphs: Iterable[tuple[str, Iterable[ox.Triple]]]) -> None:
    """Have *server* serve *graphs*, as ``pkgraph deploy`` does."""
    deployment.deploy(graphs, deployment.Addresses.of(server.query), server.writer)


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
