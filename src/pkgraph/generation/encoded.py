"""
Read what a literature is made up after: the encoded sources and the lists that they share.

A source falls into sections, one for each file of it. What a file of a source describes is the
section's own (claims, their occurrences, citations, links); what else it speaks of is shared
(works, concepts, operations) and is described in the lists.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph import namespaces, resources, turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Description: TypeAlias = "tuple[tuple[str, ox.Triple], ...]"

TYPE: Final = namespaces.RDF + "type"
LINK: Final = namespaces.PK + "ArgumentLink"
ENCODES: Final = namespaces.PK + "encodes"
#: A link may lead out of its section by these; all else that a section needs is in it.
ENDS: Final = frozenset({namespaces.PK + "from", namespaces.PK + "to"})
CLAIMS: Final = frozenset(
    namespaces.PK + name
    for name in ("Claim", "Definition", "Typology", "Explanation", "Enumeration")
)
#: Whoever draws what no text draws is the same in every literature.
ANALYSTS: Final = namespaces.BASE + "organization/pkgraph"
_LABEL: Final = namespaces.RDFS + "label"
_WORKS: Final = namespaces.GRAPH + "works/"
_CITED_WORKS: Final = namespaces.GRAPH + "cited-works"
_NOT_OWN: Final = frozenset({namespaces.PK + "Work", namespaces.PK + "SourceGraph"})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a source: the IRIs of what is its own, in the order of its file."""

    name: str
    work: str
    own: tuple[str, ...]


@dataclass(frozen=True)
class Encoded:
    """
    The encoded sources, and the lists.

    ``sections`` are in the order of the text. ``own`` has the statements of each thing that some
    section has of its own; ``shared`` those of each thing in the lists, with the graph that makes
    them; ``graphs`` those about the graphs of the lists; ``works`` those about encoded works;
    ``classes`` the class of each thing.
    """

    sections: tuple[Section, ...]
    own: Mapping[str, Sequence[ox.Triple]]
    shared: Mapping[str, Description]
    graphs: Mapping[str, Sequence[ox.Triple]]
    works: Mapping[str, Sequence[ox.Triple]]
    classes: Mapping[str, str]

    @cached_property
    def claims(self) -> int:
        """How many claims there are."""
        return sum(self.classes[thing] in CLAIMS for thing in self.own)

    def label(self, thing: str) -> str:
        """Return the label of a thing; nothing if it has none."""
        triples = self.own.get(thing) or [triple for _, triple in self.shared[thing]]
        return next(
            (
                t.object.value
                for t in triples
                if t.predicate.value == _LABEL and isinstance(t.object, ox.Literal)
            ),
            "",
        )

    def speaks_of(self, section: Section, through: frozenset[str]) -> tuple[str, ...]:
        """
        Return the shared things that *section* speaks of.

        So it does of what describes those of the classes in *through*.
        """
        found: dict[str, None] = {}
        rest = [object_ for thing in section.own for object_ in iris(self.own[thing])]
        while rest:
            thing = rest.pop()
            if thing in self.shared and thing not in found:
                found[thing] = None
                if self.classes[thing] in through:
                    rest.extend(iris(triple for _, triple in self.shared[thing]))
        return tuple(found)


def iris(triples: Iterable[ox.Triple]) -> list[str]:
    """Return the IRIs of the objects of *triples*."""
    return [triple.object.value for triple in triples if isinstance(triple.object, ox.NamedNode)]


def read() -> Encoded:
    """
    Read the encoded sources and the lists from the shipped files.

    Raises:
        InputError: A file is broken.
    """
    stated = {
        resources.graph_name(path): turtle.parse(turtle.read(path), file=str(path))
        for path in resources.data_files("graph", ".ttl")
    }
    by_file = {name: _by_subject(triples) for name, triples in stated.items()}
    classes = {
        subject: triple.object.value
        for triples in stated.values()
        for triple in triples
        if triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode)
        for subject in [_iri(triple.subject)]
    }
    encoded_works = {
        name: triple.object.value
        for name, triples in stated.items()
        if name.startswith(_WORKS)
        for triple in triples
        if triple.predicate.value == ENCODES and isinstance(triple.object, ox.NamedNode)
    }
    own: dict[str, Sequence[ox.Triple]] = {}
    works: dict[str, Sequence[ox.Triple]] = {}
    shared: dict[str, list[tuple[str, ox.Triple]]] = defaultdict(list)
    graphs: dict[str, Sequence[ox.Triple]] = {}
    for name, things in by_file.items():
        for thing, triples in things.items():
            typed = any(triple.predicate.value == TYPE for triple in triples)
            if thing in encoded_works.values():
                works[thing] = triples
            elif name in encoded_works and typed and classes[thing] not in _NOT_OWN:
                own[thing] = triples
            elif name in encoded_works and not typed:
                continue  # what one source adds to a thing of the lists says nothing of others
            elif thing in by_file:
                graphs.setdefault(thing, triples if name not in encoded_works else ())
            else:
                graph = _CITED_WORKS if name in encoded_works else name
                shared[thing] += [(graph, triple) for triple in triples]
    sections = [
        Section(name.removeprefix(_WORKS), encoded_works[name], _closed(things, own))
        for name, things in by_file.items()
        if name in encoded_works and any(classes[thing] in CLAIMS for thing in things)
    ]
    first_lines = {section.name: _first_line(section, own, classes) for section in sections}
    return Encoded(
        tuple(sorted(sections, key=lambda section: first_lines[section.name])),
        own,
        {thing: tuple(description) for thing, description in shared.items()},
        {name: triples for name, triples in graphs.items() if triples},
        works,
        classes,
    )


def _by_subject(triples: Iterable[ox.Triple]) -> dict[str, list[ox.Triple]]:
    things: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        things[_iri(triple.subject)].append(triple)
    return things


def _iri(subject: object) -> str:
    assert isinstance(subject, ox.NamedNode)  # noqa: S101 - the graph has no blank nodes: a test holds it
    return subject.value


def _closed(things: Iterable[str], own: Mapping[str, Sequence[ox.Triple]]) -> tuple[str, ...]:
    """Return the own *things*, and those that they need, but not what links lead to."""
    found: dict[str, None] = {}
    rest = [thing for thing in things if thing in own]
    while rest:
        thing = rest.pop(0)
        if thing not in found:
            found[thing] = None
            inner = (triple for triple in own[thing] if triple.predicate.value not in ENDS)
            rest += [object_ for object_ in iris(inner) if object_ in own]
    return tuple(found)


def _first_line(
    section: Section, own: Mapping[str, Sequence[ox.Triple]], classes: Mapping[str, str]
) -> tuple[str, int]:
    """Return what sorts sections as they stand in their work."""
    lines = (
        int(triple.object.value)  # type: ignore[union-attr]  # a number: the shapes hold it
        for thing in section.own
        if classes[thing].endswith("#Occurrence")
        for triple in own[thing]
        if triple.predicate.value == namespaces.PK + "firstLine"
    )
    return section.work, min(lines)
