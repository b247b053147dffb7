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
from pkgraph.validation.paths import Chain, Repeated, Step
from pkgraph.validation.report import SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.validation.graphs import Term
    from pkgraph.validation.nodes import Node
    from pkgraph.validation.shapes import Shapes

TYPE: Final = ox.NamedNode(RDF + "type")
SUBCLASS: Final = ox.NamedNode(RDFS + "subClassOf")
#: From a thing to its classes and their superclasses.
CLASSES: Final = (Step(TYPE), Repeated(Step(SUBCLASS), needed=False, often=True))

_TARGETS: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_NESTED: Final = ("node", "not", "qualifiedValueShape")
_NESTED_LISTS: Final = ("and", "or", "xone")
_COMPARED: Final = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_SHAPES: Final = frozenset({SH + "NodeShape", SH + "PropertyShape"})
_CLASSES: Final = frozenset({RDFS + "Class", "http://www.w3.org/2002/07/owl#Class"})
#: What a shape may have besides, which reads no more than the values that it speaks of.
_PLAIN: Final = frozenset(
    [
        "path",
        "datatype",
        "nodeKind",
        "minCount",
        "maxCount",
        "minExclusive",
        "minInclusive",
        "maxExclusive",
        "maxInclusive",
        "minLength",
        "maxLength",
        "pattern",
        "flags",
        "languageIn",
        "uniqueLang",
        "hasValue",
        "in",
        "closed",
        "ignoredProperties",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
        "severity",
        "message",
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
        "deactivated",
    ]
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
    targets: frozenset[tuple[str, Node]] = frozenset()
    reads: set[Read] = field(default_factory=set)
    reports: set[Chain] = field(default_factory=lambda: {Chain()})


def analyse(shapes: Shapes) -> list[Shape] | None:
    """Return what each shape with targets reads, or None if that cannot be told of all of them."""
    analysis = _Analysis(shapes)
    try:
        return [analysis.shape(node, targets) for node, targets in analysis.targeted().items()]
    except (CannotAnalyseError, patterns.CannotReadError):
        return None


class _Analysis:
    """The analysis of one graph of shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._properties: dict[Term, set[str]] = {}
        for triple in shapes.triples:
            self._properties.setdefault(triple.subject, set()).add(triple.predicate.value)
        #: What constraint components of somebody's own take for parameters.
        self._parameters = {
            path.value
            for _, parameter in shapes.having(SH + "parameter")
            for path in shapes.values(parameter, SH + "path")
        }

    def targeted(self) -> dict[Node, frozenset[tuple[str, Node]]]:
        """Return the shapes that have targets, with these."""
        found: dict[Node, set[tuple[str, Node]]] = {}
        for kind in _TARGETS:
            for node, named in self._shapes.having(SH + kind):
                found.setdefault(node, set()).add((kind, named))
        for node, class_ in self._shapes.having(TYPE.value):
            # A shape that is a class has its instances for targets.
            kinds = {kind.value for kind in self._shapes.values(node, TYPE.value)}
            if class_.value in _CLASSES and kinds & _SHAPES:
                found.setdefault(node, set()).add(("targetClass", node))
        return {node: frozenset(targets) for node, targets in found.items()}

    def shape(self, node: Node, targets: frozenset[tuple[str, Node]]) -> Shape:
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
        for path_node in self._values(node, "path"):
            path = paths.read(self._shapes, path_node)
            for chain, step in paths.steps(path, focus):
                shape.reads.add(Read(chain, step.predicate, step.inverse))
            values = focus.then(path)
        self._read_own(node, focus, values, shape)
        for nested in self._nested(node):
            self._read(nested, values, Shape(nested, reads=shape.reads), inside)
        for nested in self._values(node, "property"):
            shape.reports.add(values)  # what is wrong there is a result of its own
            self._read(nested, values, shape, inside)

    def _read_own(self, node: Node, focus: Chain, values: Chain, shape: Shape) -> None:
        """Add what the constraints read that are of the shape *node* itself."""
        for name in _COMPARED:
            for predicate in self._values(node, name):
                assert isinstance(predicate, ox.NamedNode)  # noqa: S101 - in valid SHACL
                shape.reads.add(Read(focus, predicate))
        for query in self._values(node, "sparql"):
            for chain, predicate, inverse in patterns.read(self._shapes, query, focus):
                shape.reads.add(Read(chain, predicate, inverse))
        for _ in self._values(node, "class"):
            self._classes_at(values, shape)
        if any(closed.value == "true" for closed in self._values(node, "closed")):
            shape.reads.add(Read(values, None))

    def _nested(self, node: Node) -> Iterator[Node]:
        """Yield the shapes that the values of the shape *node* are held against."""
        for name in _NESTED:
            yield from self._values(node, name)
        for name in _NESTED_LISTS:
            for head in self._values(node, name):
                yield from paths.members(self._shapes, head)
        if any(each.value == "true" for each in self._values(node, "qualifiedValueShapesDisjoint")):
            for parent, nested in self._shapes.having(SH + "property"):
                if nested == node:
                    for sibling in self._values(parent, "property"):
                        yield from self._values(sibling, "qualifiedValueShape")

    def _values(self, node: Node, name: str) -> tuple[Node, ...]:
        """Return the values of a property of SHACL."""
        return self._shapes.values(node, SH + name)

    def _refuse_unknown(self, node: Node) -> None:
        """
        Refuse a shape that has constraints unknown here.

        Raises:
            CannotAnalyseError: It has.
        """
        for name in self._properties.get(node, ()):
            of_shacl = name.startswith(SH)
            if name in self._parameters or (of_shacl and name.removeprefix(SH) not in _KNOWN):
                raise CannotAnalyseError(f"{node} has {name}")

    @staticmethod
    def _classes_at(chain: Chain, shape: Shape) -> None:
        shape.reads.add(Read(chain, TYPE))
        shape.reads.add(Read(Chain((*chain.paths, *CLASSES)), SUBCLASS))
