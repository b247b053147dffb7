"""What a graph knows of works, persons and actors, for references to be held against."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.namespaces import BASE, DCTERMS, PK, RDF, RDFS, SKOS, thing_address
from pkgraph.references.duplicates import Description, Index, key

if TYPE_CHECKING:
    from collections.abc import Iterable

    #: A thing is what is said of it: by property, the values in order.
    Thing = dict[str, list[str]]

DOI: Final = "https://doi.org/"
_ACTORS: Final = frozenset({"group", "office", "organ", "organization", "state"})


class Known:
    """The works, persons and actors of a graph."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        things: dict[str, Thing] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode) and not isinstance(
                triple.object, ox.Triple
            ):
                values = things[triple.subject.value][triple.predicate.value]
                values.append(triple.object.value)
        #: The addresses of all things.
        self.addresses: frozenset[str] = frozenset(things)
        works = {iri: thing for iri, thing in things.items() if PK + "Work" in thing[RDF + "type"]}
        self.works: frozenset[str] = frozenset(works)
        persons = {
            iri: thing for iri, thing in things.items() if PK + "Person" in thing[RDF + "type"]
        }
        #: The labels of works and of persons, as they are compared.
        self.labels: frozenset[tuple[str, str]] = frozenset(
            (kind, key(label))
            for kind, all_of_it in (("work", works), ("person", persons))
            for thing in all_of_it.values()
            for label in thing[RDFS + "label"]
        )
        #: Persons of whom a given name is known, by their names; and by family name and initial.
        self.persons: dict[str, str] = {}
        self.initials: dict[str, str] = {}
        for iri, thing in persons.items():
            if given := _first(thing, "givenName"):
                self.persons[key("".join(thing[RDFS + "label"][:1]))] = iri
                self.initials[initial(_first(thing, "familyName"), given)] = iri
        #: Actors other than persons by each of their names.
        self.actors: dict[str, set[str]] = defaultdict(set)
        for iri, thing in things.items():
            address = thing_address(iri)
            if address and address[0] in _ACTORS:
                for naming in (RDFS + "label", SKOS + "altLabel", PK + "acronym"):
                    for name in thing[naming]:
                        self.actors[key(name)].add(iri)
        self.index = Index(_described(iri, thing, things) for iri, thing in works.items())


@cache
def shipped() -> Known:
    """Return what the graph that comes with pkgraph knows."""
    return Known(
        quad.triple
        for path in resources.data_files("graph", ".ttl")
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    )


def printed_names(printed: str, families: Iterable[str] = ()) -> tuple[frozenset[str], bool]:
    """
    Return the names in *printed*, as they are compared, and whether there are others.

    One that ends in one of the *families* is only that: given names and titles are left out.

    >>> names, others = printed_names("Tom Woodhouse, United Nations et al.", ["Woodhouse"])
    >>> sorted(names), others
    (['united nations', 'woodhouse'], True)
    """
    others = printed.endswith("et al.")
    bare = printed.removesuffix("et al.").strip(" ,")
    known = [key(family) for family in families]
    names = set()
    for each in re.split(r", | and | & ", bare):
        name = key(each)
        fitting = [family for family in known if name.endswith(family)]
        names.add(max(fitting, key=len) if fitting else name)
    return frozenset(names - {""}), others


def initial(family: str, given: str) -> str:
    """Return a family name and the first letter of a given name, as they are compared."""
    return f"{key(family)}, {key(given)[:1]}"


def _described(iri: str, thing: Thing, things: dict[str, Thing]) -> Description:
    authors = [things[author] for author in thing[PK + "author"]]
    families = [_first(author, "familyName") for author in authors]
    printed = _first(thing, "authorsPrinted")
    names, others = printed_names(printed or " and ".join(families), families)
    container = _first(thing, "publishedIn")
    matches = [match for match in thing[SKOS + "exactMatch"] if match.startswith(DOI)]
    return Description(
        iri,
        title="".join(thing[DCTERMS + "title"][:1]),
        names=names,
        others=others,
        year=_first(thing, "year"),
        letter=_first(thing, "yearSuffix"),
        kind=_first(thing, "workKind").removeprefix(BASE + "scheme/work-kind/"),
        doi=matches[0].removeprefix(DOI).lower() if matches else "",
        container="".join(things[container][DCTERMS + "title"][:1]) if container else "",
    )


def _first(thing: Thing, name: str) -> str:
    return next(iter(thing[PK + name]), "")
