"""Read what operations and states are called, in the graph and in the data sets of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import search
from pkgraph.namespaces import BASE, PK

if TYPE_CHECKING:
    from pkgraph.store import Store

#: What is reconciled: the classes, the general ones first.
CLASSES: Final = ("Operation", "PeaceOperation", "PoliticalMission", "State")
_VALUES: Final = " ".join(f"pk:{name}" for name in CLASSES)
_OF_CLASS: Final = (
    f"VALUES ?class {{ {_VALUES} }} ?had a ?class . "
    "OPTIONAL { ?had dcterms:isReplacedBy+ ?new . "
    "FILTER NOT EXISTS { ?new dcterms:isReplacedBy ?newer } } BIND(COALESCE(?new, ?had) AS ?thing)"
)
#: The lists whose codes people know by themselves, without a word of which list it is.
_KNOWN_CODES: Final = ("iso-3166-1-alpha-2", "iso-3166-1-alpha-3")


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be meant: its IRI, label and classes, and whether it has ended."""

    iri: str
    label: str
    classes: frozenset[str]
    former: bool

    @property
    def is_state(self) -> bool:
        """Whether it is a state."""
        return f"{PK}State" in self.classes


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """
    A name of a thing.

    ``origin`` is label, slug, code (of ISO), other name, other code or code label; ``scheme`` the
    list that a code or the label of one is of, and ``match`` what the code is to the thing.
    """

    text: str
    iri: str
    origin: str
    scheme: str = ""
    match: str = ""


def things(store: Store) -> dict[str, Thing]:
    """Return every operation and state by its IRI, but for those that were replaced."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?thing ?label ?class ?end WHERE {{ "
            f"VALUES ?class {{ {_VALUES} }} ?thing a ?class ; rdfs:label ?label . "
            "FILTER NOT EXISTS { ?thing dcterms:isReplacedBy ?new } "
            "OPTIONAL { ?thing pk:endDate ?end } } ORDER BY ?thing ?label"
        )
    )
    classes: dict[str, set[str]] = {}
    for iri, _, each, _ in rows:
        classes.setdefault(iri, set()).add(each)
    return {
        iri: Thing(iri, label, frozenset(classes[iri]), bool(end)) for iri, label, _, end in rows
    }


def known_names(store: Store) -> tuple[Known, ...]:
    """Return every name and code of every operation and state, sorted."""
    named = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?had ?property ?name WHERE {{ {_OF_CLASS} "
            "VALUES ?property { rdfs:label skos:altLabel pk:acronym } ?had ?property ?name }"
        )
    )
    found = {
        Known(
            name, thing, "label" if property_.endswith("label") and thing == had else "other name"
        )
        for thing, had, property_, name in named
    }
    found |= {
        Known(had.removeprefix(BASE).partition("/")[2], thing, "slug") for thing, had, *_ in named
    }
    coded = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?match ?list ?code ?label WHERE {{ "
            "VALUES (?property ?match) { (pk:exactCode 'exact') (pk:closeCode 'close') "
            "(pk:broaderCode 'broader') (pk:narrowerCode 'narrower') } "
            f"{_OF_CLASS} ?had ?property ?of . ?of pk:codeList ?list ; pk:code ?code . "
            "OPTIONAL { ?of pk:codeLabel ?label } }"
        )
    )
    for thing, match, list_, code, label in coded:
        scheme = list_.rpartition("/")[2]
        origin = "code" if scheme in _KNOWN_CODES else "other code"
        found.add(Known(code, thing, origin, scheme, match))
        if label:
            found.add(Known(label, thing, "code label", scheme, match))
    return tuple(sorted(found))
