"""Put what was read of a thing into the words of the ontology, and into an order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology, resources, search
from pkgraph.namespaces import DCTERMS, PK, RDFS, SKOS, compact
from pkgraph.pages.reading import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.pages.reading import Found, Node, Reading, Relation

_SHACL: Final = "http://www.w3.org/ns/shacl#"
_CALLED: Final = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
_DEFINITION: Final = SKOS + "definition"
_NOTES: Final = (SKOS + "scopeNote", SKOS + "note", SKOS + "editorialNote", RDFS + "comment")
_LINES: Final = (PK + "firstLine", PK + "lastLine")
#: What a description tells in fields of their own.
_APART: Final = frozenset({TYPE, *_CALLED, _DEFINITION, *_NOTES})
#: Where a property that no shape orders comes.
_LAST: Final = 1000.0
#: Where properties come that no shape orders, or that several shapes order differently.
_BETWEEN: Final[Mapping[str, float]] = MappingProxyType(
    {
        DCTERMS + "title": 0.5,
        PK + "from": 1.0,
        PK + "relation": 1.1,
        PK + "to": 1.2,
        PK + "voice": 1.3,
        PK + "kind": 1.4,
        PK + "heldBy": 1.5,
        PK + "statedIn": 1.6,
        PK + "holder": 1.7,
        PK + "role": 1.8,
        PK + "inPassage": 50.0,
        PK + "firstLine": 51.0,
        PK + "lastLine": 52.0,
        PK + "attacks": 60.0,
        PK + "isAttackedBy": 61.0,
        PK + "supports": 62.0,
        PK + "isSupportedBy": 63.0,
    }
)
#: How a property without an inverse is read from its other end, where its label does not do.
_READ_BACK: Final[Mapping[str, str]] = MappingProxyType(
    {PK + name: f"{participle} by" for name, participle in (
        ("addresses", "addressed"), ("advocates", "advocated"), ("affirms", "affirmed"),
        ("answers", "answered"), ("defines", "defined"), ("denies", "denied"),
        ("explains", "explained"), ("expresses", "expressed"),
        ("findsNoEffectFor", "found without effect"), ("narrows", "narrowed"),
    )}
    | {
        PK + "about": "about this",
        PK + "attribution": "citation for",
        PK + "caseAgainst": "cases against this",
        PK + "caseFor": "cases for this",
        PK + "citedIn": "cites",
        PK + "component": "component of",
        PK + "denotes": "denoted by",
        PK + "encodes": "encoded in",
        PK + "externalCode": "code of",
        PK + "from": "argument links from this",
        PK + "hasMember": "member of",
        PK + "holder": "cited or named at",
        PK + "holdsOffice": "held by",
        PK + "inPassage": "in this passage",
        PK + "madeBy": "argument links made by this",
        PK + "namesType": "named in",
        PK + "occursAt": "occurrence of",
        PK + "passageOf": "passages",
        PK + "sameCitationAs": "also written as",
        PK + "sortedBy": "typologies sorted by this",
        PK + "to": "argument links to this",
        RDFS + "subClassOf": "wider than",
        RDFS + "subPropertyOf": "wider than",
        SKOS + "inScheme": "values",
        TYPE: "members",
    }
)  # fmt: skip
_ENDS_OPEN: Final = re.compile(r".*\b(?:as|by|for|from|in|of|to|within)")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Value:
    """
    What a property gives: a literal, or a thing with its label.

    A thing without a name of its own has ``details``: what is said of it, but for the ``lines`` of
    the source text that it stands on, the first and the last.
    """

    term: ox.NamedNode | ox.Literal
    label: str | None = None
    details: tuple[Group, ...] = ()
    lines: tuple[int, int] | None = None

    @property
    def iri(self) -> str | None:
        """The IRI of a thing; None for a literal."""
        return self.term.value if isinstance(self.term, ox.NamedNode) else None

    @property
    def text(self) -> str:
        """The label of a thing, its CURIE if it has none, or the text of a literal."""
        if isinstance(self.term, ox.Literal):
            return search.text_of(self.term)
        return compact(self.term.value) if self.label is None else self.label


@dataclass(frozen=True, slots=True)
class Group:
    """
    The values of one property, by its IRI and its label.

    There are ``total`` of them, or more than that where they are ``many``.

    Where it is ``incoming``, the values are the things that have the property, and the label reads
    from the thing that is described.
    """

    iri: str
    label: str
    incoming: bool
    values: tuple[Value, ...]
    total: int
    many: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """
    What the graph says of a thing.

    ``classes`` are the narrowest that it is of, ``names`` what it is called besides ``label``.
    ``statements`` are what is said of it, ``mentions`` what is said of others with it. There may be
    ``more`` on the page after this.
    """

    iri: str
    label: str
    classes: tuple[Value, ...]
    names: tuple[str, ...]
    definitions: tuple[str, ...]
    notes: tuple[str, ...]
    statements: tuple[Group, ...]
    mentions: tuple[Group, ...]
    more: bool = False

    @property
    def definition(self) -> str | None:
        """The definition that comes first: one in English, if there is a choice."""
        return self.definitions[0] if self.definitions else None

    def group(self, iri: str, *, incoming: bool = False) -> Group | None:
        """Return the group of the property *iri* among the statements, or among the mentions."""
        groups = self.mentions if incoming else self.statements
        return next((group for group in groups if group.iri == iri), None)


def build(reading: Reading) -> Description:
    """Return the description of what was read."""
    iri = reading.thing.value
    said = {each.relation.iri: each for each in reading.found if not each.relation.incoming}
    label = search.text_of(reading.labels[iri]) if iri in reading.labels else compact(iri)
    names = _texts(*(said.get(name) for name in _CALLED))
    told = (f for name, f in said.items() if name not in _APART or f.total > len(f.values))
    return Description(
        iri=iri,
        label=label,
        classes=_classes(said.get(TYPE), reading),
        names=tuple(each for each in names if each != label),
        definitions=_texts(said.get(_DEFINITION)),
        notes=_texts(*(said.get(name) for name in _NOTES)),
        statements=_groups(told, reading),
        mentions=_groups((f for f in reading.found if f.relation.incoming), reading),
        more=reading.more,
    )


def property_label(iri: str) -> str:
    """
    Return what the property *iri* is called.

    >>> property_label("https://w3id.org/pkgraph/ontology#heldBy")
    'held by'
    >>> property_label("http://www.w3.org/2004/02/skos/core#closeMatch")
    'close match'
    """
    term = ontology.terms().get(iri)
    return term.label if term else _CAMEL.sub(" ", re.split(r"[/#]", iri)[-1]).lower()


def relation_label(relation: Relation) -> str:
    """Return what *relation* is called, from the end at which it is read."""
    if not relation.incoming:
        return property_label(relation.iri)
    term = ontology.terms().get(relation.iri)
    if term and term.inverse:
        return property_label(term.inverse)
    if relation.iri in _READ_BACK:
        return _READ_BACK[relation.iri]
    label = property_label(relation.iri)
    return f"{label} this" if _ENDS_OPEN.fullmatch(label) else f"with this as {label}"


def _texts(*found: Found | None) -> tuple[str, ...]:
    """Return the texts of *found*, each once, those in English first."""
    texts = dict.fromkeys(search.text_of(node) for each in found if each for node in each.values)
    return tuple(sorted(texts, key=lambda text: bool(search.language_of(text))))


def _classes(found: Found | None, reading: Reading) -> tuple[Value, ...]:
    """Return the classes of *found* that are not over another of them, the narrowest first."""
    classes = set(_texts(found))
    over = {wide for each in classes for wide in ontology.superclasses(each) if wide != each}
    few = sorted(classes - over, key=lambda each: (-len(ontology.superclasses(each)), each))
    return tuple(_value(ox.NamedNode(each), reading) for each in few)


def _groups(found: Iterable[Found], reading: Reading, *, deep: bool = True) -> tuple[Group, ...]:
    """Return *found* as groups in their order; the things in them have details if *deep*."""
    groups = [
        Group(
            iri=each.relation.iri,
            label=relation_label(each.relation),
            incoming=each.relation.incoming,
            values=tuple(
                sorted((_value(node, reading, deep=deep) for node in each.values), key=_place)
            ),
            total=each.total,
            many=each.many,
        )
        for each in found
        if each.values
    ]
    order = _order()
    groups.sort(key=lambda each: (not each.incoming, order.get(each.iri, _LAST), each.label))
    return tuple(groups)


def _value(node: Node, reading: Reading, *, deep: bool = False) -> Value:
    if isinstance(node, ox.Literal):
        return Value(node)
    label = reading.labels.get(node.value)
    if label is not None:
        return Value(node, search.text_of(label))
    declared = ontology.terms().get(node.value)
    if declared:
        return Value(node, declared.label)
    if not deep:
        return Value(node)
    said = reading.details.get(node.value, ())
    numbers = {f.relation.iri: _texts(f)[0] for f in said if f.relation.iri in _LINES}
    lines = tuple(int(numbers[name]) for name in _LINES if numbers.get(name, "").isdecimal())
    few = [f for f in said if f.relation.iri not in {TYPE, *_LINES}]
    return Value(
        node,
        details=_groups(few, reading, deep=False),
        lines=(lines[0], lines[-1]) if lines else None,
    )


def _place(value: Value) -> tuple[int, float, str, str]:
    """Return where *value* comes among others: numbers by size, texts, then things by lines."""
    if value.iri is not None:
        kind, size = 2, float(value.lines[0]) if value.lines else 0.0
    elif _NUMBER.fullmatch(value.text):
        kind, size = 0, float(value.text)
    else:
        kind, size = 1, 0.0
    return kind, size, value.text.casefold(), str(value.term)


@cache
def _order() -> Mapping[str, float]:
    """Return the place of each property that a shape orders: the first that one gives it."""
    paths, places = dict[str, str](), dict[str, float]()
    for file in resources.data_files("shapes", ".ttl"):
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == _SHACL + "path" and isinstance(quad.object, ox.NamedNode):
                paths[str(quad.subject)] = quad.object.value
            elif quad.predicate.value == _SHACL + "order" and isinstance(quad.object, ox.Literal):
                places[str(quad.subject)] = float(quad.object.value)
    order: dict[str, float] = {}
    for shape, iri in paths.items():
        if shape in places:
            order[iri] = min(places[shape], order.get(iri, _LAST))
    return MappingProxyType({**order, **_BETWEEN})
