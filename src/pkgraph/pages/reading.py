"""
Read from a store what a page about a thing needs, in a few queries of bounded size.

What has no name of its own (an occurrence, a citation, an argument link) is told by what is said
of it, so that much is read of it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph import ontology, search, terms
from pkgraph.errors import NotFoundError, StoreError
from pkgraph.namespaces import BASE, RDF, RDFS, SKOS, compact
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pkgraph.results import Term
    from pkgraph.store import Store

Node: TypeAlias = ox.NamedNode | ox.Literal

TYPE: Final = RDF + "type"
_LABEL: Final = ox.NamedNode(RDFS + "label")
#: The most statements that are read of what has no name, for one page.
_MOST_DETAILS: Final = 5000
#: What says the same as skos:inScheme, or as the label, in other words.
_REPEATING: Final = frozenset(
    SKOS + name for name in ("hasTopConcept", "prefLabel", "topConceptOf")
)


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
            return ox.Triple(_iri(value), predicate, thing)
        return ox.Triple(thing, predicate, value)


@dataclass(frozen=True, slots=True)
class Found:
    """The values of a relation that were read, and how many there are."""

    relation: Relation
    values: tuple[Node, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a thing; ``details`` has what was read of nameless things, by their IRI."""

    thing: ox.NamedNode
    found: tuple[Found, ...]
    labels: Mapping[str, ox.Literal]
    details: Mapping[str, tuple[Found, ...]]

    def triples(self) -> Iterator[ox.Triple]:
        """Yield all of it as triples, some of them more than once."""
        for iri, label in self.labels.items():
            yield ox.Triple(ox.NamedNode(iri), _LABEL, label)
        told = [(self.thing, self.found)]
        told += [(ox.NamedNode(iri), found) for iri, found in self.details.items()]
        for thing, found in told:
            for each in found:
                yield from (each.relation.triple(thing, value) for value in each.values)


def read(store: Store, iri: str, limit: int, *, repeats: bool = False) -> Reading:
    """
    Read of the thing *iri* at most *limit* values of each relation.

    What other statements already say, by the ontology, is left out unless *repeats*: superclasses,
    superproperties, and inverses.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it.
    """
    thing, relations = terms.iri(iri), require(store, iri)
    found = _found(store, thing, relations, limit, repeats=repeats)
    iris = {node.value for each in found for node in each.values if isinstance(node, ox.NamedNode)}
    labels = _labels(store, [iri, *sorted(iris)])
    nameless = sorted(each for each in iris - labels.keys() if each.startswith(BASE))
    details = _details(store, thing, nameless) if nameless else {}
    beyond = {
        node.value
        for few in details.values()
        for each in few
        for node in each.values
        if isinstance(node, ox.NamedNode)
    }
    labels |= _labels(store, sorted(beyond - labels.keys() - iris))
    return Reading(thing, found, labels, details)


def require(store: Store, iri: str) -> tuple[Relation, ...]:
    """
    Return what joins the thing *iri* to others, or to literals: there is something.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it; the error has the nearest names.
    """
    relations = _relations(store, terms.iri(iri))
    if not relations:
        raise _not_found(store, iri)
    return relations


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


def _relations(store: Store, thing: ox.NamedNode) -> tuple[Relation, ...]:
    """Return what joins *thing* to others, or to literals."""
    found = rows(
        store,
        f"SELECT DISTINCT ?incoming ?property WHERE {{ {{ {thing} ?property ?value "
        f"BIND(0 AS ?incoming) }} UNION {{ ?value ?property {thing} BIND(1 AS ?incoming) }} "
        "FILTER(!ISBLANK(?value)) }",
    )
    relations = (
        Relation(_iri(property_).value, _number(incoming) == 1) for incoming, property_ in found
    )
    return tuple(sorted(relations, key=lambda each: (each.incoming, each.iri)))


def _found(
    store: Store,
    thing: ox.NamedNode,
    relations: Iterable[Relation],
    limit: int,
    *,
    repeats: bool,
) -> tuple[Found, ...]:
    """Return the values of *relations* of *thing*, and their number."""
    known = tuple(relations)
    parts: list[str] = []
    for number, relation in enumerate(known):
        pattern = f"{relation.pattern(str(thing), '?value')} FILTER(!ISBLANK(?value)) "
        if not repeats:
            if relation.iri in _REPEATING:
                continue
            pattern += "".join(
                f"FILTER NOT EXISTS {{ {other.pattern(str(thing), '?value')} }} "
                for other in known
                if _says_the_same(other, relation)
            )
        where = f"WHERE {{ {pattern} }}"
        parts += [
            f"{{ SELECT ({number} AS ?number) ?value {where} ORDER BY ?value LIMIT {limit} }}",
            f"{{ SELECT ({number} AS ?number) (COUNT(*) AS ?total) {where} }}",
        ]
    answer = rows(store, f"SELECT ?number ?value ?total WHERE {{ {' UNION '.join(parts)} }}")
    values: dict[int, list[Node]] = {}
    totals: dict[int, int] = {}
    for place, value, total in answer:
        if total is None:
            values.setdefault(_number(place), []).append(_node(value))
        else:
            totals[_number(place)] = _number(total)
    return tuple(
        Found(known[number], tuple(values[number]), totals[number]) for number in sorted(values)
    )


def _says_the_same(narrow: Relation, wide: Relation) -> bool:
    """Tell whether what *narrow* joins needs no saying by *wide*."""
    if narrow.incoming == wide.incoming:
        return wide.iri in superproperties(narrow.iri)
    term = ontology.terms().get(wide.iri)
    return wide.incoming and term is not None and term.inverse == narrow.iri


def _labels(store: Store, iris: Iterable[str]) -> dict[str, ox.Literal]:
    """Return a label for each of *iris* that has one: in English, if there is a choice."""
    things = " ".join(str(terms.iri(each)) for each in iris)
    if not things:
        return {}
    answer = rows(
        store,
        f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {things} }} ?thing {_LABEL} ?label }}",
    )
    found: dict[str, ox.Literal] = {}
    for thing, label in sorted(answer, key=str):
        iri, text = _iri(thing).value, _node(label)
        if not isinstance(text, ox.Literal):
            continue
        before = found.get(iri)
        if before is None or (text.language == "en" and before.language != "en"):
            found[iri] = text
    return found


def _details(
    store: Store, thing: ox.NamedNode, nameless: Iterable[str]
) -> dict[str, tuple[Found, ...]]:
    """Return what joins each of the *nameless* things to others than *thing*."""
    wanted = f"VALUES ?node {{ {' '.join(str(terms.iri(each)) for each in nameless)} }}"
    answer = rows(
        store,
        f"SELECT ?node ?incoming ?property ?value WHERE {{ {{ {wanted} ?node ?property ?value "
        f"BIND(0 AS ?incoming) }} UNION {{ {wanted} ?value ?property ?node "
        f"BIND(1 AS ?incoming) }} FILTER(!ISBLANK(?value) && ?value != {thing}) }} "
        f"ORDER BY ?node ?incoming ?property ?value LIMIT {_MOST_DETAILS}",
    )
    told: dict[str, dict[Relation, list[Node]]] = {}
    for node, incoming, property_, value in answer:
        relation = Relation(_iri(property_).value, _number(incoming) == 1)
        told.setdefault(_iri(node).value, {}).setdefault(relation, []).append(_node(value))
    return {
        node: tuple(Found(each, tuple(values), len(values)) for each, values in relations.items())
        for node, relations in told.items()
    }


def _node(term: Term | None) -> Node:
    """
    Return *term*, which is an IRI or a literal.

    Raises:
        StoreError: It is not: the store answered something that was not asked.
    """
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise StoreError(f"the store gave {term} where it was asked for an IRI or a literal")
    return term


def _iri(term: Term | None) -> ox.NamedNode:
    """Return *term*, which is an IRI."""
    node = _node(term)
    if isinstance(node, ox.Literal):
        raise StoreError(f"the store gave {term} where it was asked for an IRI")
    return node


def _number(term: Term | None) -> int:
    """Return the whole number that *term* is."""
    return int(_node(term).value)


def _not_found(store: Store, iri: str) -> NotFoundError:
    """Return the error of a thing of which nothing is said, with the names most like it."""
    slug = iri.rstrip("/#").rpartition("/")[2].replace("-", " ")
    near = tuple(name.iri for name in search.nearest(slug, search.names(store)))
    near = near or tuple(
        name.iri for name in search.nearest(slug.replace(" ", "-"), search.names(store))
    )
    hint = f"did you mean {' or '.join(map(compact, near))}?" if near else "look for it by name"
    return NotFoundError(f"the graph says nothing of {compact(iri)}; {hint}", near)
