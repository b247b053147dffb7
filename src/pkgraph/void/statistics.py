"""
Count what is in a store: statements, things, classes, properties, links to others and graphs.

Each count looks at every statement, so it takes seconds where there are millions; a release is
counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import search
from pkgraph.namespaces import BASE, ONTOLOGY, SKOS

if TYPE_CHECKING:
    from pkgraph.store import Store

#: The properties that say what a thing is called elsewhere.
_MATCHES: Final = tuple(
    SKOS + name
    for name in ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch")
)
#: The classes of which an example is named, by what follows the prefix pk:.
_EXEMPLARY: Final = ("Claim", "Operation", "Person", "Work")


@dataclass(frozen=True, slots=True)
class Links:
    """How many statements of one property lead to IRIs of one host, ``target``."""

    property: str
    target: str
    triples: int


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """A named graph, with its label and licence where it says them."""

    iri: str
    triples: int
    label: str
    license: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """
    What a store holds.

    ``entities`` are the things under the base IRI; ``members`` has the number of things of each
    class, ``uses`` the number of statements of each property, both the largest first.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    members: tuple[tuple[str, int], ...]
    uses: tuple[tuple[str, int], ...]
    links: tuple[Links, ...]
    graphs: tuple[NamedGraph, ...]
    licenses: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def classes(self) -> int:
        """How many classes have members."""
        return len(self.members)

    @property
    def properties(self) -> int:
        """How many properties are used."""
        return len(self.uses)


def measure(store: Store) -> Statistics:
    """
    Return what *store* holds, counted.

    Raises:
        StoreError: It cannot be asked.
    """

    def rows(text: str) -> list[tuple[str, ...]]:
        return search.texts(store.query(search.PREFIXES + text))

    def number(what: str, where: str) -> int:
        return int(rows(f"SELECT (COUNT({what}) AS ?n) WHERE {{ {where} }}")[0][0])

    def groups(where: str) -> tuple[tuple[str, int], ...]:
        text = f"SELECT ?group (COUNT(*) AS ?n) WHERE {{ {where} }} GROUP BY ?group"
        return tuple((name, int(n)) for name, n in rows(f"{text} ORDER BY DESC(?n) ?group"))

    ours = f'FILTER(STRSTARTS(STR(?s), "{BASE}"))'
    return Statistics(
        triples=number("*", "?s ?p ?o"),
        entities=number("DISTINCT ?s", f"?s ?p ?o {ours}"),
        subjects=number("DISTINCT ?s", "?s ?p ?o"),
        objects=number("DISTINCT ?o", "?s ?p ?o"),
        members=groups("?s a ?group FILTER(ISIRI(?group))"),
        uses=groups("?s ?group ?o"),
        links=tuple(
            Links(property_, target, int(n))
            for property_, target, n in rows(
                "SELECT ?p ?target (COUNT(*) AS ?n) WHERE { "
                f"VALUES ?p {{ {' '.join(f'<{each}>' for each in _MATCHES)} }} ?s ?p ?o {ours} "
                f'FILTER(!STRSTARTS(STR(?s), "{ONTOLOGY}") && ISIRI(?o) '
                f'&& REGEX(STR(?o), "^https?://[^/]+/") && !STRSTARTS(STR(?o), "{BASE}")) '
                'BIND(REPLACE(STR(?o), "^(https?://[^/]+/).*$", "$1", "s") AS ?target) } '
                "GROUP BY ?p ?target ORDER BY ?target ?p"
            )
        ),
        graphs=tuple(
            NamedGraph(iri, int(n), label, license_)
            for iri, n, label, license_ in rows(
                "SELECT ?g ?n (MIN(?named) AS ?label) (MIN(STR(?l)) AS ?license) WHERE { "
                "{ SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } "
                "OPTIONAL { ?g rdfs:label ?named } OPTIONAL { ?g dcterms:license ?l } } "
                "GROUP BY ?g ?n ORDER BY ?g"
            )
        ),
        licenses=tuple(
            iri
            for (iri,) in rows(
                "SELECT DISTINCT ?license WHERE { ?graph a pk:SourceGraph ; "
                "dcterms:license ?license FILTER(ISIRI(?license)) } ORDER BY ?license"
            )
        ),
        examples=tuple(
            iri
            for name in _EXEMPLARY
            for (iri,) in rows(f"SELECT ?s WHERE {{ ?s a pk:{name} {ours} }} ORDER BY ?s LIMIT 1")
        ),
    )
