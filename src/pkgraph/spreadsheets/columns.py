"""
Read off the shapes what a sheet for each class has: its columns, and what each of them takes.

A sheet is what the closed shape of a class lists, in the order of the form (``sh:order``). So a
property that is added to the shapes is in the template, and is read from it, by itself.

Source:
    SHACL, core constraint components: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology, resources
from pkgraph.namespaces import PK, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_SH: Final = "http://www.w3.org/ns/shacl#"
_TYPE: Final = RDF + "type"
_ADDRESS: Final = re.compile(r"\^https://w3id\\\.org/pkgraph/([a-z-]+)/")
_WORD: Final = re.compile(r"[A-Z][a-z]*")
_PEOPLE: Final = {"person": "people"}


@dataclass(frozen=True, slots=True)
class Column:
    """
    A property in a sheet.

    ``path`` is its IRI, ``name`` the header. It takes the ``values`` of a closed list, or literals
    of the ``datatypes`` (in the ``language``, if there is one; of any kind, if ``text``), or, if
    there are neither, things: those of ``classes``, or of any class where there are none, or those
    of other vocabularies if ``outside``. ``least`` and ``most`` bound a number and the length of a
    text.
    """

    path: str
    name: str
    description: str
    message: str
    required: bool
    several: bool
    values: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    language: str | None = None
    text: bool = False
    classes: tuple[str, ...] = ()
    outside: bool = False
    least: int | None = None
    most: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether it takes text as people write it, in which any mark may stand."""
        return self.text or self.language is not None or self.datatypes == (XSD + "string",)

    @property
    def takes_things(self) -> bool:
        """Whether its values are things with addresses."""
        return not (self.values or self.datatypes or self.is_text)


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A class, as a sheet has it: ``name`` heads its first column, ``title`` is that of the sheet.

    ``segment`` is the part of an address that says the class, ``rules`` are the messages of the
    shapes that look at several properties at once.
    """

    iri: str
    name: str
    title: str
    description: str
    segment: str
    address: str
    columns: tuple[Column, ...]
    rules: tuple[str, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """Return what the shapes say of each class that has a closed one, by the IRI of the class."""
    shapes = _Shapes(resources.data_files("shapes", ".ttl"))
    found = {iri: shapes.kind(iri, shape) for iri, shape in shapes.closed()}
    return MappingProxyType(dict(sorted(found.items())))


class _Shapes:
    """The statements of the shapes, indexed by subject and property."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._objects: dict[tuple[Node, str], list[Node]] = {}
        for path in paths:
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                key = (quad.subject, quad.predicate.value)
                self._objects.setdefault(key, []).append(quad.object)

    def closed(self) -> Iterator[tuple[str, Node]]:
        """Yield each class that has a closed shape, with the shape."""
        for shape, path in list(self._objects):
            if path == _SH + "closed":
                for target in self._get(shape, "targetClass"):
                    yield _text(target), shape

    def kind(self, iri: str, shape: Node) -> Kind:
        """Return the class *iri*, whose closed shape is *shape*."""
        name = " ".join(_WORD.findall(iri.removeprefix(PK))).lower()
        asked: dict[str, list[Node]] = {}
        for each in sorted(self._get(shape, "property"), key=self._order):
            asked.setdefault(self._one(each, "path"), []).append(each)
        asked.pop(_TYPE, None)  # the sheet says it
        others = [
            other
            for other, path in self._objects
            if path == _SH + "targetClass"
            and iri in map(_text, self._objects[other, path])
            and other != shape
        ]
        slug = next(each for each in others if self._get(each, "pattern"))
        segment = _ADDRESS.match(self._one(slug, "pattern"))
        assert segment is not None  # noqa: S101 - a test of the shapes holds their patterns to it
        named = [each for each in others if self._one(each, "name").startswith("address of")]
        return Kind(
            iri=iri,
            name=name,
            title=_plural(name),
            description=self._one(shape, "description"),
            segment=segment[1],
            address=" ".join(self._one(each, "message") for each in named),
            columns=tuple(self._column(path, each) for path, each in asked.items()),
            rules=tuple(
                message
                for each in others
                if each not in named and (message := self._one(each, "message"))
            ),
        )

    def _column(self, path: str, shapes: list[Node]) -> Column:
        """Return the property *path*, of which *shapes* speak, the first in order first."""

        def all_(name: str) -> list[Node]:
            return [node for shape in shapes for node in self._get(shape, name)]

        def whole(name: str) -> int | None:
            return next((int(_text(node)) for node in all_(name)), None)

        nodes = all_("node")
        nodekinds = {_text(node) for node in all_("nodeKind")}
        languages = [_text(n) for each in all_("languageIn") for n in self._items(each)]
        listed = [_text(item) for each in all_("in") for item in self._items(each)]
        return Column(
            path=path,
            name=self._one(shapes[0], "name"),
            description=self._one(shapes[0], "description"),
            message=self._one(shapes[0], "message"),
            required=bool(whole("minCount")),
            several=whole("maxCount") != 1,
            values=tuple(listed),
            datatypes=tuple(
                dict.fromkeys(chain(map(_text, all_("datatype")), *map(self._datatypes, nodes)))
            ),
            language=next(iter(languages), None),
            text=_SH + "Literal" in nodekinds,
            classes=tuple(
                dict.fromkeys(chain(map(_text, all_("class")), *map(self._classes, nodes)))
            ),
            outside=_SH + "IRI" in nodekinds,
            least=whole("minInclusive"),
            most=whole("maxLength"),
        )

    def _datatypes(self, shape: Node) -> Iterator[str]:
        """Yield the datatypes that the node shape *shape* takes, itself or in its alternatives."""
        yield from map(_text, self._get(shape, "datatype"))
        for each in self._get(shape, "or"):
            for alternative in self._items(each):
                yield from self._datatypes(alternative)

    def _classes(self, shape: Node) -> Iterator[str]:
        """Yield the classes that the node shape *shape* lists for the things that it takes."""
        for each in self._get(shape, "property"):
            if self._one(each, "path") == _TYPE:
                for listed in self._get(each, "in"):
                    yield from map(_text, self._items(listed))

    def _get(self, subject: Node, name: str) -> list[Node]:
        return self._objects.get((subject, _SH + name), [])

    def _one(self, subject: Node, name: str) -> str:
        return next(map(_text, self._get(subject, name)), "")

    def _order(self, shape: Node) -> tuple[float, str]:
        return float(self._one(shape, "order") or "inf"), _text(shape)

    def _items(self, rest: Node) -> Iterator[Node]:
        """Yield the items of an RDF list."""
        while items := self._objects.get((rest, RDF + "first")):
            yield items[0]
            rest = self._objects[rest, RDF + "rest"][0]


def label(value: str) -> str:
    """Return the label of a *value* of a closed list, or what its address ends in."""
    term = ontology.terms().get(value)
    return term.label if term else value.rpartition("/")[2]


def _text(node: Node) -> str:
    return str(node) if isinstance(node, ox.Triple) else node.value


def _plural(name: str) -> str:
    """
    Return the plural of *name*, which is that of a class.

    >>> [_plural(each) for each in ("claim", "state monopoly", "legal basis", "approach", "person")]
    ['claims', 'state monopolies', 'legal bases', 'approaches', 'people']
    """
    if name.endswith("is"):
        return name.removesuffix("is") + "es"
    if name.endswith("y"):
        return name.removesuffix("y") + "ies"
    return _PEOPLE.get(name, name + ("es" if name.endswith(("s", "ch")) else "s"))
