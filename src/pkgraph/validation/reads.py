"""
Find out from a shape what it looks at.

Whether a node conforms to a shape depends on the statements that the shape reads, and on no others.
:func:`analyse` lists them for each shape that has targets, as patterns: a chain of paths from the
focus node, and the property that is read at its end. Followed forwards, a pattern says what has to
be at hand for the verdict; followed back from a changed statement, whose verdict may change.

A shape that asks by SPARQL is read in its query, and one that uses what is not known here (SPARQL
targets, constraints of somebody's own, a shape that contains itself) cannot be analysed: such
shapes have to be run on the whole graph.

Source:
    SHACL, targets: https://www.w3.org/TR/shacl/#targets
    SHACL, core constraint components: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import RDF, RDFS
from pkgraph.validation import paths, patterns
from pkgraph.validation.graphs import Statements
from pkgraph.validation.paths import Chain, Repeated, Step
from pkgraph.validation.report import SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.validation.nodes import Node

TYPE: Final = ox.NamedNode(RDF + "type")
SUBCLASS: Final = ox.NamedNode(RDFS + "subClassOf")
#: From a thing to its classes and their superclasses.
CLASSES: Final = (Step(TYPE), Repeated(Step(SUBCLASS), needed=False, often=True))

_TARGETS: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_NESTED: Final = ("node", "not", "qualifiedValueShape")
_NESTED_LISTS: Final = ("and", "or", "xone")
_COMPARED: Final = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
#: What a shape may have besides, which reads no more than the values that it speaks of.
_PLAIN: Final = frozenset(
    "path datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive"
    " minLength maxLength pattern flags languageIn uniqueLang hasValue in closed ignoredProperties"
    " qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint severity message name"
    " description order group defaultValue deactivated".split()
)
_KNOWN: Final = _PLAIN.union(
    _TARGETS, _NESTED, _NESTED_LISTS, _COMPARED, ["class", "property", "sparql"]
)


class CannotAnalyseError(ValueError):
    """A shape reads what cannot be told from it."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is read at the end of ``chain``: one property, or all (None) that the node has."""

    chain: Chain
    predicate: ox.NamedNode | None
    inverse: bool = False


@dataclass(slots=True)
class Shape:
    """
    What a shape with targets reads, and at the end of which chains it finds faults.

    ``targets`` are pairs of the kind of target, as SHACL names it, and the node that it names.
    """

    iri: Node
    targets: frozenset[tuple[str, Node]]
    reads: set[Read] = field(default_factory=set)
    reports: set[Chain] = field(default_factory=lambda: {Chain()})


def analyse(triples: Iterable[ox.Triple]) -> list[Shape] | None:
    """
    Return what each shape with targets reads, or None if that cannot be told of all of them.

    Args:
        triples: A graph of shapes, valid SHACL.
    """
    shapes = _Shapes(triples)
    try:
        return [shapes.analysed(node, targets) for node, targets in shapes.targeted().items()]
    except (CannotAnalyseError, patterns.CannotReadError, ValueError):
        return None


class _Shapes(Statements):
    """A graph of shapes."""

    def objects(self, node: Node, name: str) -> Iterator[Node]:
        """Yield the values of a property of SHACL."""
        return (t.object for t in self.triples(node, ox.NamedNode(SH + name), None))

    def targeted(self) -> dict[Node, frozenset[tuple[str, Node]]]:
        """Return the shapes that have targets, with these."""
        found: dict[Node, set[tuple[str, Node]]] = {}
        for kind in _TARGETS:
            for triple in self.triples(None, ox.NamedNode(SH + kind), None):
                found.setdefault(triple.subject, set()).add((kind, triple.object))
        for class_ in self._classes():  # a shape that is a class targets its instances
            if any(self._is_shape(class_)):
                found.setdefault(class_, set()).add(("targetClass", class_))
        return {node: frozenset(targets) for node, targets in found.items()}

    def _classes(self) -> Iterator[Node]:
        for name in (RDFS + "Class", "http://www.w3.org/2002/07/owl#Class"):
            for triple in self.triples(None, TYPE, ox.NamedNode(name)):
                yield triple.subject

    def _is_shape(self, node: Node) -> Iterator[bool]:
        for kind in ("NodeShape", "PropertyShape"):
            yield from (True for _ in self.triples(node, TYPE, ox.NamedNode(SH + kind)))

    def analysed(self, node: Node, targets: frozenset[tuple[str, Node]]) -> Shape:
        """
        Return what the shape *node* reads.

        Raises:
            CannotAnalyseError: That cannot be told.
        """
        shape = Shape(node, targets)
        here = Chain()
        for kind, named in targets:
            if kind == "targetClass":
                self._classes_at(here, shape)
            elif kind != "targetNode":
                assert isinstance(named, ox.NamedNode)  # noqa: S101 - in valid SHACL
                shape.reads.add(Read(here, named, inverse=kind == "targetObjectsOf"))
        self._read(node, here, shape, ())
        return shape

    def _read(self, node: Node, focus: Chain, shape: Shape, inside: tuple[Node, ...]) -> None:
        """Add to *shape* what the shape *node* reads of the nodes at the end of *focus*."""
        if node in inside:
            raise CannotAnalyseError(f"{node} contains itself")
        inside = (*inside, node)
        self._refuse_unknown(node)
        values = focus
        for path_node in self.objects(node, "path"):
            path = paths.read(self, path_node)
            for chain, step in paths.steps(path, focus):
                shape.reads.add(Read(chain, step.predicate, step.inverse))
            values = focus.then(path)
        for name in _COMPARED:
            for predicate in self.objects(node, name):
                assert isinstance(predicate, ox.NamedNode)  # noqa: S101 - in valid SHACL
                shape.reads.add(Read(focus, predicate))
        for query in self.objects(node, "sparql"):
            for chain, predicate, inverse in patterns.read(self, query, focus):
                shape.reads.add(Read(chain, predicate, inverse))
        for _ in self.objects(node, "class"):
            self._classes_at(values, shape)
        if any(closed.value == "true" for closed in self.objects(node, "closed")):
            shape.reads.add(Read(values, None))
        for nested in self._nested(node):
            self._read(nested, values, Shape(nested, frozenset(), shape.reads), inside)
        for nested in self.objects(node, "property"):
            shape.reports.add(values)  # what is wrong there is a result of its own
            self._read(nested, values, shape, inside)

    def _nested(self, node: Node) -> Iterator[Node]:
        """Yield the shapes that the values of the shape *node* are held against."""
        for name in _NESTED:
            yield from self.objects(node, name)
        for name in _NESTED_LISTS:
            for head in self.objects(node, name):
                yield from paths.members(self, head)
        if any(each.value == "true" for each in self.objects(node, "qualifiedValueShapesDisjoint")):
            for triple in self.triples(None, ox.NamedNode(SH + "property"), node):
                for sibling in self.objects(triple.subject, "property"):
                    yield from self.objects(sibling, "qualifiedValueShape")

    def _refuse_unknown(self, node: Node) -> None:
        """
        Refuse a shape that has constraints unknown here.

        Raises:
            CannotAnalyseError: It has.
        """
        for triple in self.triples(node, None, None):
            name = triple.predicate.value
            known = name.removeprefix(SH) in _KNOWN if name.startswith(SH) else self._is_plain(name)
            if not known:
                raise CannotAnalyseError(f"{node} has {name}")

    def _is_plain(self, name: str) -> bool:
        """Tell whether no constraint component takes the property *name* for a parameter."""
        parameters = self.triples(None, ox.NamedNode(SH + "path"), ox.NamedNode(name))
        declared = ox.NamedNode(SH + "parameter")
        return not any(
            True for t in parameters for _ in self.triples(None, declared, t.subject)
        )

    @staticmethod
    def _classes_at(chain: Chain, shape: Shape) -> None:
        shape.reads.add(Read(chain, TYPE))
        shape.reads.add(Read(Chain((*chain.paths, *CLASSES)), SUBCLASS))
