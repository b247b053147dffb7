"""Read what lists say of a thing, each fact with the graphs that say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph import terms
from pkgraph.namespaces import DERIVED_GRAPH, PK
from pkgraph.pages import few
from pkgraph.pages.asking import Iri, ask, values
from pkgraph.pages.atlas.dates import Date
from pkgraph.pages.few import Few
from pkgraph.pages.reading import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.store import Store


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a property: a thing or a text in a language, and the graphs that say so."""

    value: str
    language: str
    graphs: tuple[str, ...]

    @property
    def words(self) -> str:
        """The value in words, where it is a date; else as it is."""
        date = Date.read(self.value)
        return date.words if date else self.value


@dataclass(frozen=True, slots=True)
class Source:
    """A graph that says some of the facts, what it encodes, and what it draws them from."""

    graph: str
    note: str
    encodes: tuple[str, ...]
    drawn_from: tuple[str, ...]


class Sourced:
    """A page whose facts are marked with the numbers of the ``sources`` that say them."""

    __slots__ = ()
    sources: tuple[Source, ...]

    def mark(self, graphs: tuple[str, ...]) -> tuple[int, ...]:
        """Return the numbers that *graphs* have among the sources."""
        order = [each.graph for each in self.sources]
        return tuple(order.index(each) + 1 for each in graphs if each in order)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a thing in a list: how close its meaning is, and its label in that list."""

    entry: str
    code: str
    codes: str
    closeness: str
    label: str
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Personnel:
    """What a state sent to an operation at a date."""

    contribution: str
    state: str
    operation: str
    date: str
    troops: str
    police: str
    experts: str


#: How close what a code stands for is to the thing, by the property that joins them.
_CLOSENESS = {
    "exactCode": "the same",
    "closeCode": "close to it",
    "broaderCode": "wider than it",
    "narrowerCode": "narrower than it",
}


def read(store: Store, iri: str) -> Mapping[str, tuple[Fact, ...]]:
    """Return what the graphs say of *iri*, by the last part of each property."""
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for property_, value, graph in rows(
        store,
        f"SELECT ?property ?value ?graph WHERE {{ GRAPH ?graph {{ {terms.iri(iri)} "
        f"?property ?value }} FILTER(?graph != <{DERIVED_GRAPH}> && !ISBLANK(?value)) }} "
        "ORDER BY ?property ?value ?graph",
    ):
        if isinstance(value, ox.Literal):
            key = value.value, value.language or ""
        elif isinstance(value, ox.NamedNode):
            key = Iri(value.value), ""
        else:
            continue
        if isinstance(property_, ox.NamedNode) and isinstance(graph, ox.NamedNode):
            name = property_.value.removeprefix(PK).rpartition("#")[2].rpartition("/")[2]
            found.setdefault(name, {}).setdefault(key, []).append(Iri(graph.value))
    return {
        name: tuple(
            Fact(value, language, tuple(graphs)) for (value, language), graphs in all_.items()
        )
        for name, all_ in found.items()
    }


def sources(store: Store, iri: str, facts: Mapping[str, tuple[Fact, ...]]) -> tuple[Source, ...]:
    """Return the graphs that say *facts* about *iri*, by their order."""
    graphs = sorted({each for all_ in facts.values() for fact in all_ for each in fact.graphs})
    found = []
    for graph in graphs:
        name = terms.iri(graph)
        told = ask(
            store,
            "?encodes ?note",
            f"{name} a pk:SourceGraph OPTIONAL {{ {name} pk:encodes ?encodes }} "
            f"OPTIONAL {{ {name} skos:editorialNote ?note }}",
            "ORDER BY ?encodes ?note",
        )
        drawn = ask(
            store,
            "?source",
            f"GRAPH {name} {{ {terms.iri(iri)} dcterms:source ?source }}",
            "ORDER BY ?source",
        )
        encodes = tuple(dict.fromkeys(each for each, _ in told if each))
        notes = " ".join(dict.fromkeys(note for _, note in told if note))
        found.append(Source(Iri(graph), notes, encodes, tuple(each for (each,) in drawn)))
    return tuple(found)


def codes(store: Store, facts: Mapping[str, tuple[Fact, ...]]) -> tuple[Code, ...]:
    """Return the codes among *facts*, by the list that they are of."""
    joined = {
        fact.value: (closeness, fact.graphs)
        for name, closeness in _CLOSENESS.items()
        for fact in facts.get(name, ())
        if isinstance(fact.value, Iri)
    }
    if not joined:
        return ()
    found: dict[str, Code] = {}
    for entry, code, codes_, label in ask(
        store,
        "?entry ?code ?list ?label",
        f"{values('entry', sorted(joined))} ?entry pk:code ?code "
        "OPTIONAL { ?entry pk:codeList ?list } "
        "OPTIONAL { ?entry pk:codeLabel ?label }",
        "ORDER BY ?list ?code ?entry ?label",
    ):
        closeness, graphs = joined[Iri(entry)]
        found.setdefault(entry, Code(entry, code, codes_, closeness, label, graphs))
    return tuple(found.values())


def personnel(store: Store, iri: str, end: str, most: int) -> Few[Personnel]:
    """
    Return what was sent where *iri* is the *end*, toOperation or contributor.

    They are *most* at most, the latest.
    """
    pattern = f"?thing pk:{end} {terms.iri(iri)} ; a pk:PersonnelContribution"
    ((number,),) = ask(store, "(COUNT(DISTINCT ?thing) AS ?number)", pattern)
    if not int(number):
        return Few()
    found: dict[str, Personnel] = {}
    for row in ask(
        store,
        "?thing ?state ?operation ?date ?troops ?police ?experts",
        f"{pattern} ; pk:contributor ?state ; pk:toOperation ?operation "
        "OPTIONAL { ?thing pk:date ?date } OPTIONAL { ?thing pk:troops ?troops } "
        "OPTIONAL { ?thing pk:police ?police } OPTIONAL { ?thing pk:experts ?experts }",
        f"ORDER BY DESC(?date) ?state ?operation ?thing LIMIT {most}",
    ):
        found.setdefault(row[0], Personnel(*row))
    other = "contributor" if end == "toOperation" else "toOperation"
    where = f"{pattern} ; pk:{other} ?other OPTIONAL {{ ?thing pk:date ?date }}"
    what = "?thing ?other ?date"
    return few.first([*found.values()], most, where, int(number), what)
