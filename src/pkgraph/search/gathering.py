"""Read from a store what its things are called, what is said of them, and what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.namespaces import BASE, DCTERMS, ONTOLOGY, PK, RDFS, SKOS
from pkgraph.search.answers import PREFIXES, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.store import Store

#: The fields of the index, and how much a word in each counts (bm25).
FIELDS: Final[Mapping[str, float]] = MappingProxyType(
    {"label": 10.0, "name": 8.0, "text": 2.0, "note": 1.0}
)
#: The properties whose texts are in a field other than that of labels.
_PROPERTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SKOS + "altLabel": "name",
        PK + "acronym": "name",
        DCTERMS + "title": "name",
        SKOS + "definition": "text",
        DCTERMS + "description": "text",
        DCTERMS + "abstract": "text",
        SKOS + "editorialNote": "note",
        PK + "authorsPrinted": "note",
        PK + "documentSymbol": "note",
    }
)
_OURS: Final = f'FILTER(STRSTARTS(STR(?thing), "{BASE}") && !STRSTARTS(STR(?thing), "{ONTOLOGY}"))'


@dataclass(slots=True)
class Entry:
    """A thing: its label, its classes, and its other texts, each with the field that it is in."""

    iri: str
    label: str
    classes: set[str] = field(default_factory=set)
    texts: set[tuple[str, str]] = field(default_factory=set)


def gather(store: Store) -> tuple[Entry, ...]:
    """
    Return an entry for each thing of *store* that has a label, sorted by IRI.

    The terms of the ontology are not among the things.

    Raises:
        StoreError: The store cannot be asked.
    """
    entries: dict[str, Entry] = {}
    labels = _ask(
        store,
        f"?thing ?language ?text WHERE {{ ?thing <{RDFS}label> ?text {_OURS} "
        "BIND(LANG(?text) AS ?language) }",
    )
    # One label is shown, in English if there is a choice; the others are names.
    for thing, _, text in sorted(labels, key=lambda row: (row[0], row[1] != "en", row)):
        entry = entries.setdefault(thing, Entry(thing, text))
        if text != entry.label:
            entry.texts.add(("name", text))
    for thing, class_ in _ask(
        store, f"DISTINCT ?thing ?class WHERE {{ ?thing <{RDFS}label> ?text ; a ?class {_OURS} }}"
    ):
        entries[thing].classes.add(class_)
    properties = " ".join(f"<{each}>" for each in _PROPERTIES)
    for thing, property_, text in _ask(
        store,
        f"?thing ?property ?text WHERE {{ VALUES ?property {{ {properties} }} "
        f"?thing ?property ?text {_OURS} }}",
    ):
        if thing in entries:
            entries[thing].texts.add((_PROPERTIES[property_], text))
    # What others call a thing, and how they abbreviate it, is what people type as well.
    for thing, text in _ask(
        store,
        "DISTINCT ?thing ?text WHERE { ?thing pk:exactCode ?code . "
        "?code pk:code|pk:codeLabel ?text }",
    ):
        if thing in entries:
            entries[thing].texts.add(("note", text))
    return tuple(entries[iri] for iri in sorted(entries))


def _ask(store: Store, select: str) -> Iterable[tuple[str, ...]]:
    return texts(store.query(f"{PREFIXES}SELECT {select}"))
