"""
Say what a page tells of a thing in the words of schema.org, for search engines.

Two tables say which class and which property is which; what is not in them is not said. Nothing is
said that the graph does not say.

Source:
    schema.org: https://schema.org/docs/datamodel.html
    JSON-LD 1.1, embedding in HTML: https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph import ontology
from pkgraph.namespaces import DCTERMS, PK, SCHEME, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.pages.description import Description, Group, Value

#: What a thing is that is of none of the classes below.
THING: Final = "Thing"
#: The type of the things of each class; a narrower class goes before a wider one.
TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        PK + name: type_
        for name, type_ in (
            ("ActorGroup", THING),
            ("Claim", "Claim"),
            ("CodeList", "DefinedTermSet"),
            ("Component", "DefinedTerm"),
            ("Concept", "DefinedTerm"),
            ("Event", "Event"),
            ("ExternalCode", "DefinedTerm"),
            ("LegalBasis", "Legislation"),
            ("NonGovernmentalOrganization", "NGO"),
            ("Operation", "Event"),
            ("Organ", "Organization"),
            ("Organization", "Organization"),
            ("Person", "Person"),
            ("Place", "Place"),
            ("Question", "Question"),
            ("Quotation", "Quotation"),
            ("State", "Country"),
            ("TransnationalCorporation", "Corporation"),
            ("Work", "CreativeWork"),
        )
    }
    | {SKOS + "Concept": "DefinedTerm", SKOS + "ConceptScheme": "DefinedTermSet"}
)
#: The type of a work of each kind.
WORKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        f"{SCHEME}work-kind/{kind}": type_
        for kind, type_ in (
            ("article", "ScholarlyArticle"),
            ("book", "Book"),
            ("book-chapter", "Chapter"),
            ("data-set", "Dataset"),
            ("edited-collection", "Book"),
            ("encyclopedia", "Book"),
            ("encyclopedia-article", "ScholarlyArticle"),
            ("law", "Legislation"),
            ("news", "NewsArticle"),
            ("report", "Report"),
        )
    }
)
#: What each property is, for things of each type; THING stands for all.
PROPERTIES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        THING: {PK + "acronym": "alternateName", SKOS + "exactMatch": "sameAs"},
        "Claim": {PK + "about": "about", PK + "statedIn": "appearance"},
        "CreativeWork": {
            DCTERMS + "title": "name",
            PK + "author": "author",
            PK + "publishedIn": "isPartOf",
            PK + "year": "datePublished",
        },
        "DefinedTerm": {
            PK + "code": "termCode",
            PK + "codeList": "inDefinedTermSet",
            SKOS + "inScheme": "inDefinedTermSet",
        },
        "Event": {
            PK + "endDate": "endDate",
            PK + "host": "location",
            PK + "leadActor": "organizer",
            PK + "place": "location",
            PK + "startDate": "startDate",
        },
        "Organization": {PK + "organOf": "parentOrganization"},
        "Person": {
            PK + "affiliation": "affiliation",
            PK + "familyName": "familyName",
            PK + "givenName": "givenName",
        },
        "Place": {PK + "within": "containedInPlace"},
        "Quotation": {PK + "quotedWork": "isPartOf"},
    }
)
#: Which types have the properties of another as well.
_UNDER: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(WORKS.values(), "CreativeWork")
    | {"Country": "Place", "NGO": "Organization", "Corporation": "Organization"}
)


def structured(about: Description) -> dict[str, object]:
    """Return the JSON-LD object of the thing that *about* describes."""
    type_ = _type(about)
    said: dict[str, list[object]] = {}
    known = {
        **PROPERTIES[THING],
        **PROPERTIES.get(_UNDER.get(type_, type_), {}),
        **PROPERTIES.get(type_, {}),
    }
    for group in about.statements:
        name = known.get(group.iri)
        if name:
            said.setdefault(name, []).extend(_value(value, group) for value in group.values)
    names = said.pop("name", [])
    others = [*([about.label] if names else []), *about.names, *said.pop("alternateName", [])]
    found: dict[str, object] = {
        "@context": "https://schema.org",
        "@id": about.iri,
        "@type": type_,
        "name": names[0] if names else about.label,
    }
    others += names[1:]
    if alternate := [each for each in dict.fromkeys(map(str, others)) if each != found["name"]]:
        found["alternateName"] = alternate
    if about.definition:
        found["description"] = about.definition
    if type_ == "Claim":
        found["text"] = about.label
    return found | {name: values if len(values) > 1 else values[0] for name, values in said.items()}


def _type(about: Description) -> str:
    """Return the type of a thing: that of its kind of work, or of its nearest class with one."""
    kinds = about.group(PK + "workKind")
    for value in kinds.values if kinds else ():
        if value.iri and value.iri in WORKS:
            return WORKS[value.iri]
    return type_of(value.iri for value in about.classes if value.iri)


def type_of(classes: Iterable[str]) -> str:
    """
    Return the type of the things of *classes*, the narrowest classes that they are of.

    >>> type_of(["https://w3id.org/pkgraph/ontology#PeaceOperation"])
    'Event'
    """
    above = {wide for each in classes for wide in ontology.superclasses(each)}
    fitting = [each for each in above if each in TYPES]
    nearest = ontology.narrowest(fitting)
    return TYPES[nearest] if nearest else THING


def _value(value: Value, group: Group) -> object:
    """Return a value: a literal as text, a thing as its IRI and name."""
    if value.iri is None:
        return value.text
    if group.iri == SKOS + "exactMatch":
        return value.iri
    found: dict[str, object] = {"@id": value.iri}
    term = ontology.terms().get(group.iri)
    if term and len(term.range) == 1 and (type_ := type_of(term.range)) != THING:
        found["@type"] = type_
    if value.label is not None:
        found["name"] = value.label
    return found
