"""Read what stands on the cards of a map: the sentence, who holds it, and where it is stated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from pkgraph import ontology, search, terms
from pkgraph.argumentation.model import Card, Holder, Named
from pkgraph.namespaces import PK, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.store import Store

#: Where a claim is stated: the source, the passage, the first and the last line, and the voice
#: where it is another there.
_Place: TypeAlias = "tuple[Named | None, Named, tuple[int, int], str | None]"
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_VOICES: Final = frozenset({"own", "endorsed", "reported", "qualified", "disputed"})


def read(store: Store, things: Iterable[str]) -> dict[str, Card]:
    """Return the cards of *things*, by their IRIs."""
    names = sorted(set(things))
    values = " ".join(str(terms.iri(each)) for each in names)
    if not values:
        return {}
    labels, kinds, voices = _said(store, values)
    holders, places = _holders(store, values), _places(store, values)
    found = {}
    for iri in names:
        narrow = ontology.narrowest(kinds.get(iri, ()))
        term = ontology.terms().get(narrow) if narrow else None
        stated = places.get(iri, [])
        source, passage, lines, voice = stated[0] if stated else (None, None, None, None)
        found[iri] = Card(
            iri=iri,
            label=labels.get(iri) or compact(iri),
            kind=term.label if term else "thing",
            voice=voices.get(iri),
            holders=tuple(holders.get(iri, ())),
            source=source,
            passage=passage,
            lines=lines,
            voice_there=voice,
            places=len(stated),
        )
    return found


def _said(store: Store, values: str) -> tuple[dict[str, str], dict[str, list[str]], dict[str, str]]:
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
        labels[thing] = search.better(labels.get(thing), label)
        if kind.startswith(PK) and kind not in kinds.setdefault(thing, []):
            kinds[thing].append(kind)
        if name := _voice(voice):
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
        known[holder] = Holder(
            holder, before.label if before else label or compact(holder), printed
        )
    return {thing: list(each.values()) for thing, each in found.items()}


def _places(store: Store, values: str) -> dict[str, list[_Place]]:
    """Return where each claim is stated, as the texts go."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?source ?source_label ?passage ?label "
            f"?first ?last ?voice WHERE {{ VALUES ?thing {{ {values} }} "
            "?thing pk:occursAt ?place . ?place pk:inPassage ?passage ; pk:firstLine ?first ; "
            "pk:lastLine ?last . "
            "OPTIONAL { ?place pk:voice ?voice } OPTIONAL { ?passage rdfs:label ?label } "
            "OPTIONAL { ?passage pk:passageOf ?source OPTIONAL { ?source rdfs:label "
            "?source_label } } } ORDER BY ?thing ?source ?first ?last ?passage ?voice"
        )
    )
    found: dict[str, list[_Place]] = {}
    for thing, source, source_label, passage, label, first, last, voice in rows:
        place = (
            Named(source_label or compact(source), source) if source else None,
            Named(label or compact(passage), passage),
            (number(first), number(last)),
            _voice(voice),
        )
        found.setdefault(thing, []).append(place)
    return found


def _voice(iri: str) -> str | None:
    """Return what a voice is called, if *iri* is one."""
    name = iri.rpartition("/")[2]
    return name if name in _VOICES else None


def number(text: str) -> int:
    """Return the whole number that *text* is, or 0: data from elsewhere may have anything there."""
    return int(text) if _NUMBER.fullmatch(text) else 0
