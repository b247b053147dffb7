"""
Write what can be found as one file, for the search that runs in a browser.

It has the things, texts and kinds that the index of :mod:`pkgraph.search` is made of, whole;
``frontend/src/find/`` has the same rules of the search, for where no server answers. What was
withdrawn is left out: its address says what replaces it. So is what has no label.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pkgraph import ontology, search
from pkgraph.namespaces import BASE, PROV
from pkgraph.publication import places
from pkgraph.search.gathering import FIELDS, gather

if TYPE_CHECKING:
    from pkgraph.search.gathering import Entry
    from pkgraph.store import Store

#: Counts up when the file is laid out in another way; the script takes no other.
LAYOUT: Final = 1


def index(store: Store) -> bytes:
    """
    Return what can be found in *store* as JSON, the same bytes for the same statements.

    ``kinds`` has the name and the label of each kind, and whether things of it state something.
    ``fields`` has the fields of texts and how much a word in each counts. Each of ``things`` has
    its address, the place of its kind, its label, and the texts of every other field; empty fields
    at the end are left out.

    Raises:
        StoreError: The store cannot be asked.
    """
    kinds = {kind.name: place for place, kind in enumerate(search.KINDS)}
    withdrawn = _withdrawn(store)
    things = [
        _thing(entry, kinds)
        for entry in gather(store)
        if entry.iri not in withdrawn and places.has_name(entry.iri)
    ]
    whole = {
        "fields": list(FIELDS.items()),
        "kinds": [[kind.name, kind.label, kind.states] for kind in search.KINDS],
        "layout": LAYOUT,
        "things": things,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _thing(entry: Entry, kinds: dict[str, int]) -> list[object]:
    """Return what is written of a thing."""
    kind = search.kind_of(ontology.narrowest(entry.classes) or "")
    _, *others = FIELDS
    texts = [sorted(text for of, text in entry.texts if of == field) for field in others]
    while texts and not texts[-1]:
        texts.pop()
    return [_address(entry), kinds[kind.name], entry.label, *texts]


def _address(entry: Entry) -> str:
    return "/" + entry.iri.removeprefix(BASE)


def _withdrawn(store: Store) -> frozenset[str]:
    """Return what was replaced or withdrawn, as :func:`pkgraph.pages.require_standing` tells."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}PREFIX prov: <{PROV}> SELECT DISTINCT ?thing "
            "WHERE { ?thing dcterms:isReplacedBy|prov:invalidatedAtTime ?what }"
        )
    )
    return frozenset(thing for (thing,) in rows)
