"""
The record of contributions: who gave what and when, checked by which shapes, and what became of it.

It is a named graph of the store, in the terms of PROV: a contribution is an activity that used the
submitted files and the shapes, and that generated the named graph with the statements. What is
withdrawn stays on record, as do the files and the addresses of what it described alone; only the
statements leave the store.

Source:
    PROV-O: The PROV Ontology: https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import NotFoundError, StoreError
from pkgraph.namespaces import BASE, DCTERMS, PROV, RDF, RDFS, REGISTER_GRAPH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pkgraph.store import Store

_ADDRESS: Final = BASE + "contribution/"
_SHAPES: Final = BASE + "shapes/"
_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"

#: The namespaces of the properties that are not PROV's.
_NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": RDF,
        "label": RDFS,
        "comment": RDFS,
        "extent": DCTERMS,
        "identifier": DCTERMS,
        "license": DCTERMS,
    }
)


@dataclass(frozen=True, order=True, slots=True)
class Submitted:
    """A file as it was submitted: its name, the SHA-256 hash of its bytes, and how many."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """
    The end of a contribution.

    ``at`` is when, ``by`` whose it is, ``reason`` why; ``by_what`` is the IRI of the contribution
    that replaced it, or else that of the withdrawal.
    """

    at: str
    by: str
    by_what: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """
    One contribution as it is on record.

    ``name`` is its date and its number on that day, ``by`` the IRI of an ORCID iD (as claimed),
    ``at`` the time in UTC as xsd:dateTime, ``statements`` how many there were, ``release`` that of
    the shapes it was checked by, ``published`` the IRIs of the nanopublications it was taken from.
    """

    name: str
    by: str
    at: str
    statements: int
    release: str
    files: tuple[Submitted, ...]
    published: tuple[str, ...] = ()
    withdrawal: Withdrawal | None = None

    @property
    def iri(self) -> str:
        """The address of the contribution."""
        return _ADDRESS + self.name

    @property
    def graph(self) -> str:
        """The name of the graph that has, or had, its statements."""
        return f"{REGISTER_GRAPH}/{self.name}"

    def triples(self) -> Iterator[ox.Triple]:
        """Yield what the record says of a contribution that was not withdrawn."""
        shapes = f"{_SHAPES}{self.release}"
        yield from _said(self.iri, "type", _iri(PROV + "Activity"))
        yield from _said(self.iri, "label", _text(f"contribution {self.name}"))
        yield from _said(self.iri, "wasAssociatedWith", _iri(self.by))
        yield from _said(self.iri, "endedAtTime", _time(self.at))
        yield from _said(self.iri, "generated", _iri(self.graph))
        yield from _said(self.iri, "used", _iri(shapes))
        yield from _said(shapes, "type", _iri(PROV + "Entity"))
        yield from _said(shapes, "label", _text(f"pkgraph shapes {self.release}"))
        yield from _said(shapes, "specializationOf", _iri(BASE + "shapes"))
        yield from _said(shapes, "identifier", ox.Literal(self.release))
        yield from _said(self.by, "type", _iri(PROV + "Agent"))
        yield from _said(self.graph, "type", _iri(PROV + "Entity"))
        yield from _said(self.graph, "label", _text(f"statements of contribution {self.name}"))
        yield from _said(self.graph, "wasAttributedTo", _iri(self.by))
        yield from _said(self.graph, "generatedAtTime", _time(self.at))
        yield from _said(self.graph, "extent", ox.Literal(self.statements))
        yield from _said(self.graph, "license", _iri(_LICENSE))
        for nanopublication in self.published:
            yield from _said(self.graph, "wasDerivedFrom", _iri(nanopublication))
        for file in self.files:
            # The same bytes may come under another name another time.
            place = f"{self.iri}/{file.digest}"
            yield from _said(self.iri, "used", _iri(place))
            yield from _said(self.graph, "wasDerivedFrom", _iri(place))
            yield from _said(place, "type", _iri(PROV + "Entity"))
            yield from _said(place, "label", ox.Literal(file.name))
            yield from _said(place, "identifier", ox.Literal(file.digest))
            yield from _said(place, "extent", ox.Literal(file.size))

    def ending(self, withdrawal: Withdrawal, things: Iterable[str]) -> Iterator[ox.Triple]:
        """Yield what the record says when the contribution, and *things* with it, leave a store."""
        end = withdrawal.by_what
        yield from _said(self.graph, "invalidatedAtTime", _time(withdrawal.at))
        yield from _said(self.graph, "wasInvalidatedBy", _iri(end))
        yield from _said(end, "type", _iri(PROV + "Activity"))
        yield from _said(end, "wasAssociatedWith", _iri(withdrawal.by))
        yield from _said(withdrawal.by, "type", _iri(PROV + "Agent"))
        for thing in things:
            yield from _said(end, "invalidated", _iri(thing))
        if withdrawal.reason:
            yield from _said(end, "comment", _text(withdrawal.reason))


def contributions(store: Store) -> list[Contribution]:
    """
    Return the contributions on record in *store*, the oldest first.

    Raises:
        StoreError: The store cannot be asked.
    """
    values: dict[tuple[str, str], list[str]] = {}
    for triple in _triples(store, REGISTER_GRAPH):
        assert isinstance(triple.subject, ox.NamedNode)  # noqa: S101 - as it was written
        assert not isinstance(triple.object, ox.Triple)  # noqa: S101 - as it was written
        key = triple.subject.value, triple.predicate.value
        values.setdefault(key, []).append(triple.object.value)
    record = _Record(values)
    found = [record.contribution(each) for each in record.all("generated")]
    return sorted(found, key=lambda each: _in_order(each.name))


def find(store: Store, name: str) -> Contribution:
    """
    Return the contribution *name*, which may be its address, or the last part of it.

    Raises:
        NotFoundError: There is none.
    """
    known = {each.name: each for each in contributions(store)}
    wanted = name.removeprefix("contribution:").rpartition("/")[2]
    if wanted not in known:
        near = sorted(known, key=_in_order)[-3:]
        told = f"; the latest are {', '.join(near)}" if near else "; it has none yet"
        raise NotFoundError(f"the store has no contribution '{name}'{told}", near)
    return known[wanted]


def statements(store: Store, contribution: Contribution) -> tuple[ox.Triple, ...]:
    """Return the statements of *contribution* that are in *store*: none if it was withdrawn."""
    return _triples(store, contribution.graph)


def next_name(store: ox.Store, at: str) -> str:
    """
    Return the name of a contribution made at the time *at*: the date, and the next free number.

    >>> next_name(ox.Store(), "2026-11-25T10:00:00Z")
    '2026-11-25-1'
    """
    date, register = at.partition("T")[0], ox.NamedNode(REGISTER_GRAPH)
    for number in count(1):
        address = ox.NamedNode(f"{_ADDRESS}{date}-{number}")
        if not any(True for _ in store.quads_for_pattern(address, None, None, register)):
            break
    return f"{date}-{number}"


def now() -> str:
    """Return the time in UTC, as xsd:dateTime, to the second."""
    return f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ}"


def _triples(store: Store, graph: str) -> tuple[ox.Triple, ...]:
    answer = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    if not isinstance(answer, tuple):
        raise StoreError(f"{store.name} answered a CONSTRUCT with something that is no triples")
    return answer


class _Record:
    """The statements of the register, by thing and property."""

    def __init__(self, values: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self._values = values

    def all(self, name: str) -> list[str]:
        """Return the things that have a property."""
        return [thing for thing, property_ in self._values if property_ == _property(name).value]

    def get(self, thing: str, name: str) -> Sequence[str]:
        """Return the values of a property."""
        return self._values.get((thing, _property(name).value), ())

    def one(self, thing: str, name: str) -> str:
        """Return the value of a property that there is one of."""
        return self.get(thing, name)[0]

    def contribution(self, iri: str) -> Contribution:
        """Return the contribution that was written as this record."""
        graph = self.one(iri, "generated")
        used = self.get(iri, "used")
        sources = self.get(graph, "wasDerivedFrom")
        return Contribution(
            name=iri.removeprefix(_ADDRESS),
            by=self.one(iri, "wasAssociatedWith"),
            at=self.one(iri, "endedAtTime"),
            statements=int(self.one(graph, "extent")),
            release=next(
                self.one(each, "identifier") for each in used if self.get(each, "specializationOf")
            ),
            files=tuple(
                sorted(
                    Submitted(
                        self.one(each, "label"),
                        self.one(each, "identifier"),
                        int(self.one(each, "extent")),
                    )
                    for each in sources
                    if each in used
                )
            ),
            published=tuple(sorted(each for each in sources if each not in used)),
            withdrawal=self._withdrawal(graph),
        )

    def _withdrawal(self, graph: str) -> Withdrawal | None:
        for end in self.get(graph, "wasInvalidatedBy"):
            return Withdrawal(
                at=self.one(graph, "invalidatedAtTime"),
                by=self.one(end, "wasAssociatedWith"),
                by_what=end,
                reason=next(iter(self.get(end, "comment")), None),
            )
        return None


def _in_order(name: str) -> tuple[str, int]:
    date, _, number = name.rpartition("-")
    return date, int(number)


def _said(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> Iterator[ox.Triple]:
    """Yield one statement; the property is one of PROV unless it is known to be another."""
    yield ox.Triple(_iri(subject), _property(name), value)


def _property(name: str) -> ox.NamedNode:
    return ox.NamedNode(_NAMESPACES.get(name, PROV) + name)


def _iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def _text(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _time(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime"))
