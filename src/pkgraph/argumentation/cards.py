"""Read what stands on the cards of a map: the sentence, who holds it, and where it is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pkgraph import ontology, search, terms
from pkgraph.argumentation.model import Card, Holder, Named
from pkgraph.namespaces import PK, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgraph.store import Store

_VOICES: Final = frozenset({"own", "endorsed", "reported", "qualified", "disputed"})


def read(store: Store, things: Iterable[str]) -> dict[str, Card]:
    """Return the cards of *things*, by their IRIs."""
    names = sorted(set(things))
    values = " ".join(str(terms.iri(each)) for each in names)
    if not values:
        return {}
    labels, kinds, voices = _said(store, values)
    holders, places = _holders(store, values), _places(store, values)
    return {
        iri: _card(iri, labels, kinds.get(iri, ()), voices.get(iri), holders.get(iri, ()), places)
        for iri in names
    }


def _card(
    iri: str,
    labels: dict[str, str],
    classes: Sequence[str],
    voice: str | None,
    holders: Sequence[Holder],
    places: dict[str, list[tuple[Named, Named, int, int]]],
) -> Card:
    stated = places.get(iri, [])
    first = stated[0] if stated else None
    narrow = ontology.narrowest(classes)
    term = ontology.terms().get(narrow) if narrow else None
    return Card(
        iri=iri,
        label=labels.get(iri) or compact(iri),
        kind=term.label if term else "thing",
        voice=voice,
        holders=tuple(holders),
        source=first[0] if first else None,
        passage=first[1] if first else None,
        lines=(first[2], first[3]) if first else None,
        places=len(stated),
    )


def _said(
    store: Store, values: str
) -> tuple[dict[str, str], dict[str, list[str]], dict[str, str]]:
    """Return the label, the classes and the voice of each thing that has one."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?label ?class ?voice WHERE {{ "
            f"VALUES ?thing {{ {values} }} ?thing a ?class . "
            "OPTIONAL { ?thing rdfs:label ?label } OPTIONAL { ?thing pk:voice ?voice } } "
            "ORDER BY ?thing ?label ?class ?voice"
        )
    )
    labels: dict[str, str] = {}
    kinds: dict[str, list[str]] = {}
    voices: dict[str, str] = {}
    for thing, label, kind, voice in rows:
        labels.setdefault(thing, label)
        if kind.startswith(PK) and kind not in kinds.setdefault(thing, []):
            kinds[thing].append(kind)
        name = voice.rpartition("/")[2]
        if name in _VOICES:
            voices.setdefault(thing, name)
    return labels, kinds, voices


def _holders(store: Store, values: str) -> dict[str, list[Holder]]:
    """Return who holds each claim, with the pages of the citations that hold it, as printed."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?holder ?label ?pages WHERE {{ "
            f"VALUES ?thing {{ {values} }} ?thing pk:heldBy ?holder . "
            "OPTIONAL { ?holder rdfs:label ?label } "
            "OPTIONAL { ?thing pk:attribution ?citation . ?citation pk:holder ?holder ; "
            "pk:role <https://w3id.org/pkgraph/scheme/role/holds> ; pk:pages ?pages } } "
            "ORDER BY ?thing ?label ?holder ?pages"
        )
    )
    found: dict[str, dict[str, Holder]] = {}
    for thing, holder, label, pages in rows:
        known = found.setdefault(thing, {})
        before = known.get(holder)
        printed = before.pages if before else ()
        if pages and pages not in printed:
            printed = (*printed, pages)
        known[holder] = Holder(holder, before.label if before else label or compact(holder), printed)
    return {thing: list(each.values()) for thing, each in found.items()}


def _places(store: Store, values: str) -> dict[str, list[tuple[Named, Named, int, int]]]:
    """Return where each claim is stated, as the texts go: source, passage, first and last line."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?source ?source_label ?passage ?label "
            f"?first ?last WHERE {{ VALUES ?thing {{ {values} }} ?thing pk:occursAt ?place . "
            "?place pk:inPassage ?passage ; pk:firstLine ?first ; pk:lastLine ?last . "
            "OPTIONAL { ?passage rdfs:label ?label } "
            "OPTIONAL { ?passage pk:passageOf ?source OPTIONAL { ?source rdfs:label "
            "?source_label } } } ORDER BY ?thing ?source ?first ?last ?passage"
        )
    )
    found: dict[str, list[tuple[Named, Named, int, int]]] = {}
    for thing, source, source_label, passage, label, first, last in rows:
        place = (
            Named(source_label or compact(source or passage), source),
            Named(label or compact(passage), passage),
            int(first),
            int(last),
        )
        found.setdefault(thing, []).append(place)
    return found
