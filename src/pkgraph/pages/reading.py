"""
Read from a store what a page about a thing needs, in a few queries of bounded size.

What has no name of its own (an occurrence, a citation, an argument link) is told by what is said
of it, so that much is read of it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import search, terms
from pkgraph.errors import NotFoundError
from pkgraph.namespaces import BASE, RDF, RDFS, compact
from pkgraph.pages.relations import (
    Found,
    Node,
    Relation,
    Window,
    as_iri,
    as_node,
    as_number,
    relations_of,
    rows,
    superproperties,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pkgraph.results import Term
    from pkgraph.store import Store

__all__ = [
    "Found",
    "Node",
    "Reading",
    "Relation",
    "labels_of",
    "read",
    "require",
    "rows",
    "superproperties",
]

TYPE: Final = RDF + "type"
_LABEL: Final = ox.NamedNode(RDFS + "label")
#: The most statements that are read of what has no name, for one page; where there are more, that
#: many are read of each.
_MOST_DETAILS: Final = 5000
_FEW_DETAILS: Final = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a thing; ``details`` has what was read of nameless things, by their IRI."""

    thing: ox.NamedNode
    found: tuple[Found, ...]
    labels: Mapping[str, ox.Literal]
    details: Mapping[str, tuple[Found, ...]]

    @property
    def more(self) -> bool:
        """Whether there is more of the thing than was read, on the page after this."""
        return any(each.more for each in self.found)

    def triples(self) -> Iterator[ox.Triple]:
        """Yield all of it as triples, some of them more than once."""
        for iri, label in self.labels.items():
            yield ox.Triple(ox.NamedNode(iri), _LABEL, label)
        told = [(self.thing, self.found)]
        told += [(ox.NamedNode(iri), found) for iri, found in self.details.items()]
        for thing, found in told:
            for each in found:
                yield from (each.relation.triple(thing, value) for value in each.values)


def read(store: Store, iri: str, window: Window, *, repeats: bool = False) -> Reading:
    """
    Read those values of each relation of the thing *iri* that *window* shows.

    What other statements already say, by the ontology, is left out unless *repeats*: superclasses,
    superproperties, and inverses.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it, or nothing that is on that page.
    """
    thing, relations = terms.iri(iri), require(store, iri)
    found = values_of(store, thing, relations, window, repeats=repeats)
    if window.page > 1 and not found:
        raise NotFoundError(f"there is no page {window.page} about {compact(iri)}", (iri,))
    found = tuple(each for each in found if each.values or each.more)
    iris = {node.value for each in found for node in each.values if isinstance(node, ox.NamedNode)}
    labels = labels_of(store, [iri, *sorted(iris)])
    nameless = sorted(each for each in iris - labels.keys() if each.startswith(BASE))
    details = _details(store, thing, nameless) if nameless else {}
    beyond = {
        node.value
        for few in details.values()
        for each in few
        for node in each.values
        if isinstance(node, ox.NamedNode)
    }
    labels |= labels_of(store, sorted(beyond - labels.keys() - iris))
    return Reading(thing, found, labels, details)


def require(store: Store, iri: str) -> tuple[Relation, ...]:
    """
    Return what joins the thing *iri* to others, or to literals: there is something.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it; the error has the nearest names.
    """
    relations = relations_of(store, terms.iri(iri))
    if not relations:
        raise _not_found(store, iri)
    return relations


def labels_of(store: Store, iris: Iterable[str]) -> dict[str, ox.Literal]:
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
        iri, text = as_iri(thing).value, as_node(label)
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
    known = tuple(nameless)
    answer = _statements(store, thing, known, _MOST_DETAILS)
    cut: set[str] = set()
    if len(answer) > _MOST_DETAILS:
        answer = []
        for iri in known:
            few = _statements(store, thing, [iri], _FEW_DETAILS)
            if len(few) > _FEW_DETAILS:
                cut.add(iri)
            answer += few[:_FEW_DETAILS]
    told: dict[str, dict[Relation, list[Node]]] = {}
    for node, incoming, property_, value in sorted(answer, key=str):
        relation = Relation(as_iri(property_).value, as_number(incoming) == 1)
        told.setdefault(as_iri(node).value, {}).setdefault(relation, []).append(as_node(value))
    return {
        node: tuple(
            Found(each, tuple(values), len(values), many=node in cut)
            for each, values in relations.items()
        )
        for node, relations in told.items()
    }


def _statements(
    store: Store, thing: ox.NamedNode, nodes: Iterable[str], most: int
) -> list[tuple[Term | None, ...]]:
    """Return what joins *nodes* to others than *thing*, up to one more than *most* statements."""
    wanted = f"VALUES ?node {{ {' '.join(str(terms.iri(each)) for each in nodes)} }}"
    return list(
        rows(
            store,
            f"SELECT ?node ?incoming ?property ?value WHERE {{ {{ {wanted} ?node ?property ?value "
            f"BIND(0 AS ?incoming) }} UNION {{ {wanted} ?value ?property ?node "
            f"BIND(1 AS ?incoming) }} FILTER(!ISBLANK(?value) && ?value != {thing}) }} "
            f"LIMIT {most + 1}",
        )
    )


def _not_found(store: Store, iri: str) -> NotFoundError:
    """Return the error of a thing of which nothing is said, with the names most like it."""
    slug, index = iri.rstrip("/#").rpartition("/")[2], search.index(store)
    names = search.likest(index, slug.replace("-", " ")) or search.likest(index, slug)
    near = tuple(name.iri for name in names)
    hint = f"did you mean {' or '.join(map(compact, near))}?" if near else "look for it by name"
    return NotFoundError(f"the graph says nothing of {compact(iri)}; {hint}", near)
