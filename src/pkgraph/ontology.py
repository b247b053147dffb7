"""
Read the terms of the ontology: its classes, properties and closed lists, and what they mean.

The ontology is the Turtle under ``ontology/`` (``alignments.ttl``, which speaks of the terms of
others, is left out); the closed lists are the SKOS schemes under ``ontology/schemes/``. They are
read once a process, in a few milliseconds.

This module says what is *declared*. What follows from it is the matter of
:mod:`pkgraph.reasoning`; whether data keeps to it, of :mod:`pkgraph.validation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.namespaces import PK, RDF, RDFS, SCHEME, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Kind: TypeAlias = Literal["class", "object property", "datatype property", "scheme", "value"]
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

ALIGNMENTS: Final = "alignments.ttl"
OWL: Final = "http://www.w3.org/2002/07/owl#"

_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        OWL + "Class": "class",
        OWL + "ObjectProperty": "object property",
        OWL + "DatatypeProperty": "datatype property",
        SKOS + "ConceptScheme": "scheme",
        SKOS + "Concept": "value",
    }
)


@dataclass(frozen=True, slots=True)
class Term:
    """
    A class, a property, a scheme or a value of a scheme, as the ontology declares it.

    ``parents`` are the superclasses or superproperties named in the ontology, for a value its
    scheme. ``domain`` and ``range`` list the alternatives: a subject is of one of the classes of
    ``domain`` (no class: it may be anything). ``values`` are the values that a property takes
    where the ontology lists them. A property is ``functional`` if it takes one value at most, and
    ``irreflexive`` if it joins nothing to itself.
    """

    iri: str
    kind: Kind
    label: str
    definition: str
    example: str
    parents: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    inverse: str | None = None
    functional: bool = False
    irreflexive: bool = False


@dataclass(frozen=True, slots=True)
class UndefinedTerm:
    """A term that data uses and the ontology does not declare, and a statement that uses it."""

    iri: str
    triple: ox.Triple


def files(*, schemes: bool = True) -> list[Path]:
    """Return the files of the ontology, with those of the schemes unless told otherwise."""
    return [
        path
        for path in resources.data_files("ontology", ".ttl")
        if path.name not in {ALIGNMENTS, "prefixes.ttl"}
        and (schemes or path.parent.name != "schemes")
    ]


@cache
def terms() -> Mapping[str, Term]:
    """Return every term that the ontology and its schemes declare, by IRI, sorted by IRI."""
    declared = _Declarations(files())
    found = {
        iri: declared.term(iri, _KINDS[type_])
        for iri, types in declared.types.items()
        if iri.startswith((PK, SCHEME))
        for type_ in types
        if type_ in _KINDS
    }
    return MappingProxyType(dict(sorted(found.items())))


@cache
def superclasses(iri: str) -> frozenset[str]:
    """Return the classes of the ontology that the class *iri* is under, itself included."""
    term = terms().get(iri)
    if term is None:
        return frozenset({iri})
    return frozenset({iri}.union(*(superclasses(parent) for parent in term.parents)))


@cache
def subclasses(iri: str) -> frozenset[str]:
    """Return the classes of the ontology that are under the class *iri*, itself included."""
    below = {t.iri for t in terms().values() if t.kind == "class" and iri in superclasses(t.iri)}
    return frozenset({iri} | below)


def narrowest(classes: Iterable[str]) -> str | None:
    """Return that of *classes* which is under the most others, by name where two are alike."""
    return max(sorted(classes), key=lambda iri: len(superclasses(iri)), default=None)


@cache
def _disjoint_pairs() -> frozenset[frozenset[str]]:
    """Return the pairs of classes that the ontology itself declares disjoint."""
    return frozenset(
        frozenset(pair)
        for members in _Declarations(files(schemes=False)).disjoint_lists()
        for pair in combinations(members, 2)
    )


def are_disjoint(one: str, other: str) -> bool:
    """Tell whether nothing can be of both classes, as the ontology's disjointness axioms say."""
    return any(
        frozenset({above, beside}) in _disjoint_pairs()
        for above in superclasses(one)
        for beside in superclasses(other)
    )


def undefined_terms(triples: Iterable[ox.Triple | ox.Quad]) -> Iterator[UndefinedTerm]:
    """
    Yield each term of the ontology or of a scheme that *triples* use and nobody declared.

    A term counts wherever it stands: as a property, as a class or as a value. Each is told once,
    with the first statement that uses it.
    """
    declared = terms()
    told: set[str] = set()
    for statement in triples:
        triple = statement.triple if isinstance(statement, ox.Quad) else statement
        for node in (triple.subject, triple.predicate, triple.object):
            if not isinstance(node, ox.NamedNode) or node.value in told:
                continue
            if node.value.startswith((PK, SCHEME)) and node.value not in declared:
                told.add(node.value)
                yield UndefinedTerm(node.value, triple)


class _Declarations:
    """The triples of some Turtle files, indexed for reading declarations off them."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._objects: dict[tuple[Node, str], list[Node]] = {}
        self._subjects: dict[tuple[str, Node], list[Node]] = {}
        self.types: dict[str, list[str]] = {}
        for path in paths:
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                self._objects.setdefault((quad.subject, quad.predicate.value), []).append(
                    quad.object
                )
                self._subjects.setdefault((quad.predicate.value, quad.object), []).append(
                    quad.subject
                )
        for (subject, predicate), objects in self._objects.items():
            if predicate == RDF + "type" and isinstance(subject, ox.NamedNode):
                self.types[subject.value] = _iris(objects)

    def term(self, iri: str, kind: Kind) -> Term:
        """Return the term *iri* with all that is declared of it."""
        node, types = ox.NamedNode(iri), set(self.types[iri])
        above = {"class": RDFS + "subClassOf", "value": SKOS + "inScheme"}.get(
            kind, RDFS + "subPropertyOf"
        )
        ranges = self._get(node, RDFS + "range")
        listed = [v for r in ranges for v in self._items(r, OWL + "oneOf")]
        inverses = self._get(node, OWL + "inverseOf")
        inverses += self._subjects.get((OWL + "inverseOf", node), [])
        return Term(
            iri=iri,
            kind=kind,
            label=self._text(node, RDFS + "label"),
            definition=self._text(node, SKOS + "definition"),
            example=self._text(node, SKOS + "example"),
            parents=tuple(sorted(_iris(self._get(node, above)))),
            domain=self._alternatives(self._get(node, RDFS + "domain")),
            range=(SKOS + "Concept",) if listed else self._alternatives(ranges),
            values=tuple(_iris(listed)),
            inverse=next(iter(_iris(inverses)), None),
            functional=OWL + "FunctionalProperty" in types,
            irreflexive=not types.isdisjoint(
                {OWL + "AsymmetricProperty", OWL + "IrreflexiveProperty"}
            ),
        )

    def disjoint_lists(self) -> Iterator[list[str]]:
        """Yield the named classes of each axiom that makes classes pairwise disjoint."""
        for axiom in self._subjects.get(
            (RDF + "type", ox.NamedNode(OWL + "AllDisjointClasses")), []
        ):
            yield _iris(self._items(axiom, OWL + "members"))
        for subject, predicate in list(self._objects):
            if predicate == OWL + "disjointUnionOf":
                yield _iris(self._items(subject, predicate))

    def _get(self, subject: Node, predicate: str) -> list[Node]:
        return list(self._objects.get((subject, predicate), []))

    def _text(self, subject: Node, predicate: str) -> str:
        return next(
            (n.value for n in self._get(subject, predicate) if isinstance(n, ox.Literal)),
            "",
        )

    def _items(self, subject: Node, predicate: str) -> list[Node]:
        """Return the items of the RDF list that *predicate* gives *subject*."""
        found: list[Node] = []
        rest = self._get(subject, predicate)
        while rest:
            found += self._get(rest[0], RDF + "first")
            rest = self._get(rest[0], RDF + "rest")
        return found

    def _alternatives(self, nodes: list[Node]) -> tuple[str, ...]:
        """Return the named classes among *nodes* and in the unions among them."""
        members = [member for node in nodes for member in self._items(node, OWL + "unionOf")]
        return tuple(_iris([*nodes, *members]))


def _iris(nodes: Iterable[Node]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ox.NamedNode)]
