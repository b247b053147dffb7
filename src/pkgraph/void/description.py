"""
Say in VoID and DCAT what a data set is.

What is described has IRIs below that of the data set, with no blank nodes; what is reached on a
server (the endpoint, the documents) has the address at which this one is reached.

Source:
    Describing Linked Datasets with the VoID Vocabulary: https://www.w3.org/TR/void/
    Data Catalog Vocabulary 3: https://www.w3.org/TR/vocab-dcat-3/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import BASE, DCTERMS, GRAPH, ONTOLOGY, RDF, XSD, compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.void.statistics import NamedGraph, Statistics

#: The data set; the address without the fragment is the document that describes it.
DATASET: Final = BASE + "dataset#pkgraph"
_SERVICE: Final = BASE + "dataset#sparql"
_DISTRIBUTION: Final = BASE + "dataset#sparql-access"
_FILE: Final = BASE + "dataset#file"
_PUBLISHER: Final = BASE + "organization/pkgraph"

DCAT: Final = "http://www.w3.org/ns/dcat#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = ("JSON-LD", "N-Triples", "RDF_XML", "Turtle")
_ABOUT: Final = (
    "Who argues what, about which operation, norm or idea, against whom, and where it is written: "
    "what works on peace operations claim, claim by claim."
)


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a data set is served: the ``root`` of its addresses, and the ``release`` of it.

    Where it is files, there is nothing to ask in SPARQL, and ``dump`` is the path of the file that
    has all of it.
    """

    root: str
    release: str
    title: str = "pkgraph"
    dump: str | None = None


def describe(counts: Statistics, place: Place) -> Iterator[ox.Triple]:
    """Yield what is said of the data set that was counted and is served at a place."""
    for subject, property_, value in (
        *_whole(counts, place),
        *_parts(counts),
        *_links(counts),
        *_graphs(counts, place),
    ):
        yield ox.Triple(ox.NamedNode(subject), ox.NamedNode(property_), _term(value))


def _term(value: str | int | ox.Literal) -> ox.NamedNode | ox.Literal:
    """Return the term for an IRI, a number or a literal."""
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    return ox.NamedNode(value) if isinstance(value, str) else value


def structured(counts: Statistics, place: Place) -> dict[str, object]:
    """Return the JSON-LD object of schema.org for the data set, for search engines."""
    return {
        "@context": "https://schema.org",
        "@id": DATASET,
        "@type": "Dataset",
        "name": place.title,
        "description": _ABOUT,
        "version": place.release,
        "url": f"{place.root}/dataset{'.html' if place.dump else ''}",
        "license": list(counts.licenses),
        "creator": {"@id": _PUBLISHER, "@type": "Organization", "name": "pkgraph"},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": dump,
                "encodingFormat": "application/n-triples",
                "name": graph.label or graph.iri,
            }
            for graph, dump in _dumps(counts, place)
        ],
    }


def _whole(counts: Statistics, place: Place) -> Iterator[tuple[str, str, str | int | ox.Literal]]:
    """Yield what is said of all of it."""
    document = DATASET.partition("#")[0]
    yield document, RDF + "type", VOID + "DatasetDescription"
    yield document, FOAF + "primaryTopic", DATASET
    for class_ in (VOID + "Dataset", DCAT + "Dataset"):
        yield DATASET, RDF + "type", class_
    yield DATASET, DCTERMS + "title", ox.Literal(place.title, language="en")
    yield DATASET, DCTERMS + "description", ox.Literal(_ABOUT, language="en")
    yield DATASET, DCTERMS + "publisher", _PUBLISHER
    yield DATASET, DCTERMS + "language", "http://id.loc.gov/vocabulary/iso639-1/en"
    yield DATASET, DCTERMS + "conformsTo", ONTOLOGY
    yield DATASET, DCAT + "version", ox.Literal(place.release)
    yield DATASET, DCAT + "landingPage", f"{place.root}/"
    yield DATASET, FOAF + "homepage", f"{place.root}/"
    for license_ in counts.licenses:
        yield DATASET, DCTERMS + "license", license_
    yield DATASET, VOID + "uriSpace", ox.Literal(BASE)
    for name in _FORMATS:
        yield DATASET, VOID + "feature", f"http://www.w3.org/ns/formats/{name}"
    for example in counts.examples:
        yield DATASET, VOID + "exampleResource", example
    for vocabulary in sorted({re.sub(r"[^/#]*$", "", iri) for iri, _ in counts.uses}):
        yield DATASET, VOID + "vocabulary", vocabulary
    for name, number in (
        ("triples", counts.triples),
        ("entities", counts.entities),
        ("classes", counts.classes),
        ("properties", counts.properties),
        ("distinctSubjects", counts.subjects),
        ("distinctObjects", counts.objects),
    ):
        yield DATASET, VOID + name, number
    yield from _whole_file(place) if place.dump else _endpoint(place)


def _whole_file(place: Place) -> Iterator[tuple[str, str, str | ox.Literal]]:
    """Yield what is said of the one file that has all of it."""
    media = "https://www.iana.org/assignments/media-types/application/"
    file = f"{place.root}/{place.dump}"
    yield DATASET, VOID + "dataDump", file
    yield DATASET, DCAT + "distribution", _FILE
    yield _FILE, RDF + "type", DCAT + "Distribution"
    yield _FILE, DCAT + "accessURL", f"{place.root}/dataset.html"
    yield _FILE, DCAT + "downloadURL", file
    yield _FILE, DCAT + "mediaType", f"{media}n-quads"
    yield _FILE, DCAT + "compressFormat", f"{media}gzip"


def _endpoint(place: Place) -> Iterator[tuple[str, str, str | ox.Literal]]:
    """Yield what is said of the endpoint that answers for it."""
    yield DATASET, VOID + "sparqlEndpoint", f"{place.root}/sparql"
    yield DATASET, DCAT + "distribution", _DISTRIBUTION
    yield _DISTRIBUTION, RDF + "type", DCAT + "Distribution"
    yield _DISTRIBUTION, DCAT + "accessURL", f"{place.root}/sparql"
    yield _DISTRIBUTION, DCAT + "accessService", _SERVICE
    yield _SERVICE, RDF + "type", DCAT + "DataService"
    yield _SERVICE, DCTERMS + "title", ox.Literal("SPARQL endpoint", language="en")
    yield _SERVICE, DCTERMS + "conformsTo", "https://www.w3.org/TR/sparql11-protocol/"
    yield _SERVICE, DCAT + "endpointURL", f"{place.root}/sparql"
    yield _SERVICE, DCAT + "servesDataset", DATASET


def _parts(counts: Statistics) -> Iterator[tuple[str, str, str | int]]:
    """Yield the partitions by class and by property."""
    for kind, name, sizes in (
        ("class", "entities", counts.members),
        ("property", "triples", counts.uses),
    ):
        for iri, size in sizes:
            part = f"{DATASET.partition('#')[0]}#{kind}-{_fragment(iri)}"
            yield DATASET, f"{VOID}{kind}Partition", part
            yield part, RDF + "type", VOID + "Dataset"
            yield part, VOID + kind, iri
            yield part, VOID + name, size


def _links(counts: Statistics) -> Iterator[tuple[str, str, str | int | ox.Literal]]:
    """Yield the linksets: what leads to each other data set, by property."""
    for links in counts.links:
        name = _fragment(links.target.partition("://")[2].rstrip("/"))
        linkset = f"{DATASET.partition('#')[0]}#links-{_fragment(links.property)}-{name}"
        yield DATASET, VOID + "subset", linkset
        yield linkset, RDF + "type", VOID + "Linkset"
        yield linkset, VOID + "linkPredicate", links.property
        yield linkset, VOID + "subjectsTarget", DATASET
        yield linkset, VOID + "objectsTarget", links.target
        yield linkset, VOID + "triples", links.triples
        yield links.target, RDF + "type", VOID + "Dataset"
        yield links.target, VOID + "uriSpace", ox.Literal(links.target)


def _graphs(counts: Statistics, place: Place) -> Iterator[tuple[str, str, str | int | ox.Literal]]:
    """Yield the named graphs that have a document of their own, in which all of each is."""
    for graph, dump in _dumps(counts, place):
        yield DATASET, VOID + "subset", graph.iri
        yield graph.iri, RDF + "type", VOID + "Dataset"
        yield graph.iri, VOID + "triples", graph.triples
        yield graph.iri, VOID + "dataDump", dump
        if graph.label:
            yield graph.iri, DCTERMS + "title", ox.Literal(graph.label, language="en")
        if graph.license.startswith(("http://", "https://")):
            yield graph.iri, DCTERMS + "license", graph.license


def _dumps(counts: Statistics, place: Place) -> Iterator[tuple[NamedGraph, str]]:
    """Yield each named graph that has a document of its own, and the address of that."""
    for graph in counts.graphs:
        if graph.iri.startswith(GRAPH):
            yield graph, f"{place.root}/{graph.iri.removeprefix(BASE)}.nt"


def _fragment(iri: str) -> str:
    """Return a fragment of an address that names *iri*, and no other with the same short form."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", compact(iri)).strip("-")
