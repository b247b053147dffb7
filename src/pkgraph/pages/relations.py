"""
Read from a store what joins a thing to others, in queries whose cost does not grow with the thing.

A relation of very many values is neither counted to its end nor sorted: it is known to have more
than :data:`COUNTED` values, and they come in the order in which the engine keeps them. Only a
remote store, which promises no order, is asked to sort them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph import ontology, terms
from pkgraph.errors import StoreError
from pkgraph.namespaces import SKOS
from pkgraph.results import Table
from pkgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgraph.results import Term
    from pkgraph.store import Store

Node: TypeAlias = ox.NamedNode | ox.Literal

#: Up to how many values of a relation are counted and sorted.
COUNTED: Final = 500
#: How many statements of a thing are looked at for the properties in them each time; where there
#: are more, the store remembers what it found.
_SAMPLE: Final = 1000
#: What says the same as skos:inScheme in other words.
_REPEATING: Final = frozenset(SKOS + name for name in ("hasTopConcept", "topConceptOf"))


@dataclass(frozen=True, slots=True)
class Relation:
    """A property of a thing or, where it is *incoming*, a property of others that leads to it."""

    iri: str
    incoming: bool

    def pattern(self, thing: str, value: str) -> str:
        """Return the triple pattern that joins *thing* and *value*, both written as in SPARQL."""
        subject, object_ = (value, thing) if self.incoming else (thing, value)
        return f"{subject} {terms.iri(self.iri)} {object_}"

    def triple(self, thing: ox.NamedNode, value: Node) -> ox.Triple:
        """Return the triple that joins *thing* and *value*."""
        predicate = ox.NamedNode(self.iri)
        if self.incoming:
            return ox.Triple(as_iri(value), predicate, thing)
        return ox.Triple(thing, predicate, value)


@dataclass(frozen=True, slots=True)
class Window:
    """Which values of each relation are read: the *page*-th *limit* of them, from 1 on."""

    limit: int
    page: int = 1

    @property
    def before(self) -> int:
        """How many values come before."""
        return self.limit * (self.page - 1)


@dataclass(frozen=True, slots=True)
class Found:
    """
    The values of a relation that were read, and how many there are in all.

    Where there are ``many``, ``total`` is only the number up to which they were counted. ``more``
    come after those that were read.
    """

    relation: Relation
    values: tuple[Node, ...]
    total: int
    many: bool = False
    more: bool = False


def relations_of(store: Store, thing: ox.NamedNode) -> tuple[Relation, ...]:
    """Return what joins *thing* to others, or to literals."""
    found: list[Relation] = []
    for incoming in (False, True):
        pattern = f"?value ?property {thing}" if incoming else f"{thing} ?property ?value"
        answer = rows(
            store,
            "SELECT ?property (COUNT(*) AS ?number) WHERE { { SELECT ?property WHERE { "
            f"{pattern} FILTER(!ISBLANK(?value)) }} LIMIT {_SAMPLE} }} }} GROUP BY ?property",
        )
        properties: Iterable[str] = [as_iri(property_).value for property_, _ in answer]
        if sum(as_number(number) for _, number in answer) == _SAMPLE:
            properties = _all_properties(store, thing, pattern, incoming=incoming)
        found += [Relation(iri, incoming) for iri in sorted(properties)]
    return tuple(found)


def values_of(
    store: Store,
    thing: ox.NamedNode,
    relations: Sequence[Relation],
    window: Window,
    *,
    repeats: bool,
) -> tuple[Found, ...]:
    """Return those values of *relations* of *thing* that *window* shows, where there are any."""
    wanted = [each for each in relations if repeats or each.iri not in _REPEATING]
    counts = _counted(store, thing, wanted)
    parts = []
    for number, relation in enumerate(wanted):
        telling = [] if repeats else [r for r in relations if _says_the_same(r, relation)]
        patterns = [each.pattern(str(thing), "?value") for each in (relation, *telling)]
        many = counts[number] > COUNTED and isinstance(store, OxigraphStore)
        parts += _parts(number, patterns, window, many=many)
    if not parts:
        return ()
    text = f"SELECT ?number ?value ?repeated ?total WHERE {{ {' UNION '.join(parts)} }}"
    values: dict[int, list[Node]] = {}
    totals: dict[int, int] = {}
    read: dict[int, int] = {}
    for place, value, repeated, total in rows(store, text):
        number = as_number(place)
        if total is not None:
            totals[number] = as_number(total)
            continue
        read[number] = read.get(number, 0) + 1
        if read[number] <= window.limit and (repeated is None or as_node(repeated).value != "true"):
            values.setdefault(number, []).append(as_node(value))
    return tuple(
        Found(
            relation=wanted[number],
            values=tuple(values.get(number, ())),
            total=totals.get(number, COUNTED),
            many=number not in totals,
            more=read[number] > window.limit,
        )
        for number in sorted(read)
    )


def rows(store: Store, text: str) -> tuple[tuple[Term | None, ...], ...]:
    """Return the terms of the rows that the SELECT *text* gives."""
    answer = store.query(text)
    if not isinstance(answer, Table):
        raise StoreError(f"{store.name} answered a SELECT with something that is not a table")
    return answer.terms


def superproperties(iri: str) -> frozenset[str]:
    """Return the properties of the ontology that the property *iri* is under, without itself."""
    term = ontology.terms().get(iri)
    parents = frozenset(term.parents) if term else frozenset()
    return parents.union(*map(superproperties, parents))


def as_node(term: Term | None) -> Node:
    """
    Return *term*, which is an IRI or a literal.

    Raises:
        StoreError: It is not: the store answered something that was not asked.
    """
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise StoreError(f"the store gave {term} where it was asked for an IRI or a literal")
    return term


def as_iri(term: Term | None) -> ox.NamedNode:
    """Return *term*, which is an IRI."""
    node = as_node(term)
    if isinstance(node, ox.Literal):
        raise StoreError(f"the store gave {term} where it was asked for an IRI")
    return node


def as_number(term: Term | None) -> int:
    """Return the whole number that *term* is."""
    return int(as_node(term).value)


def _all_properties(
    store: Store, thing: ox.NamedNode, pattern: str, *, incoming: bool
) -> Iterable[str]:
    """Return the properties by which *thing* is joined to very many values."""
    if isinstance(store, OxigraphStore):
        return store.properties_of(thing, incoming=incoming)
    answer = rows(
        store, f"SELECT DISTINCT ?property WHERE {{ {pattern} FILTER(!ISBLANK(?value)) }}"
    )
    return [as_iri(property_).value for (property_,) in answer]


def _counted(store: Store, thing: ox.NamedNode, relations: Iterable[Relation]) -> dict[int, int]:
    """Return how many values each of *relations* has, counted up to one more than COUNTED."""
    parts = [
        f"{{ SELECT ({number} AS ?number) (COUNT(*) AS ?total) WHERE {{ {{ SELECT ?value WHERE {{ "
        f"{each.pattern(str(thing), '?value')} }} LIMIT {COUNTED + 1} }} }} }}"
        for number, each in enumerate(relations)
    ]
    if not parts:
        return {}
    answer = rows(store, f"SELECT ?number ?total WHERE {{ {' UNION '.join(parts)} }}")
    return {as_number(number): as_number(total) for number, total in answer}


def _parts(number: int, patterns: Sequence[str], window: Window, *, many: bool) -> list[str]:
    """
    Return what selects the values of a relation, and their number if they are not *many*.

    The first of *patterns* is that of the relation, the others are of those that say the same.
    """
    pattern = f"{patterns[0]} FILTER(!ISBLANK(?value))"
    told = [f"{{ {other} }}" for other in patterns[1:]]
    part = f"LIMIT {window.limit + 1} OFFSET {window.before}"
    if many:
        # Looked through for what others repeat after it was cut, or all of it would be looked at.
        bind = f"BIND(EXISTS {{ {' UNION '.join(told)} }} AS ?repeated)" if told else ""
        inner = f"SELECT ?value WHERE {{ {pattern} }} {part}"
        return [f"{{ SELECT ({number} AS ?number) ?value ?repeated {{ {{ {inner} }} {bind} }} }}"]
    # Not every default graph is a set: what two graphs state may be there twice.
    where = f"WHERE {{ {pattern} {' '.join(f'FILTER NOT EXISTS {each}' for each in told)} }}"
    return [
        f"{{ SELECT DISTINCT ({number} AS ?number) ?value {where} ORDER BY ?value {part} }}",
        f"{{ SELECT ({number} AS ?number) (COUNT(DISTINCT ?value) AS ?total) {where} }}",
    ]


def _says_the_same(narrow: Relation, wide: Relation) -> bool:
    """Tell whether what *narrow* joins needs no saying by *wide*."""
    if narrow.incoming == wide.incoming:
        return wide.iri in superproperties(narrow.iri)
    term = ontology.terms().get(wide.iri)
    return wide.incoming and term is not None and term.inverse == narrow.iri
