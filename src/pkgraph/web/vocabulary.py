"""The ontology and the shapes, for readers and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology, resources, serialization
from pkgraph.namespaces import PK, PKS, compact
from pkgraph.web.catalog import require_first
from pkgraph.web.linked import DOCUMENTS, Asked, Content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.web.site import Site

_SHACL: Final = "http://www.w3.org/ns/shacl#"
#: Where a shape comes that gives itself no order.
_LAST: Final = 1000
_SECTIONS: Final = (
    ("class", "Classes"),
    ("object property", "Relations"),
    ("datatype property", "Attributes"),
    ("scheme", "Closed lists"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a shape says of itself."""

    iri: str
    name: str
    description: str
    message: str
    path: str | None
    order: float

    @property
    def anchor(self) -> str:
        """What follows the # in its IRI."""
        return self.iri.removeprefix(PKS)


@dataclass(frozen=True, slots=True)
class Chapter:
    """
    The shapes whose names begin alike.

    ``head`` is the shape of the class, if there is one, ``shared`` what it has from other chapters.
    """

    anchor: str
    title: str
    head: Shape | None
    parts: tuple[Shape, ...]
    shared: tuple[Shape, ...]


def ontology_page(site: Site, asked: Asked) -> Content:
    """Give the ontology: a page with its terms, or all its statements."""
    require_first(asked)
    if asked.format != "html":
        return Content(_written("ontology", asked.format))
    terms = ontology.terms()
    below: dict[str, list[ontology.Term]] = {}
    for term in terms.values():
        for parent in term.parents:
            below.setdefault(parent, []).append(term)
    text = site.render(
        "ontology",
        sections=[
            (title, kind, [term for term in terms.values() if term.kind == kind])
            for kind, title in _SECTIONS
        ],
        below=below,
        terms=terms,
        anchor=lambda iri: iri.removeprefix(PK) if iri.startswith(PK) else compact(iri),
        documents=[name for name in DOCUMENTS if name != "html"],
    )
    return Content(text)


def shapes_page(site: Site, asked: Asked) -> Content:
    """Give the shapes: a page with what they ask for, or all their statements."""
    require_first(asked)
    if asked.format != "html":
        return Content(_written("shapes", asked.format))
    text = site.render(
        "shapes",
        chapters=_chapters(),
        usual=_usual(),
        documents=[name for name in DOCUMENTS if name != "html"],
    )
    return Content(text)


@cache
def _statements(folder: resources.Folder) -> tuple[ox.Triple, ...]:
    """
    Return what the files of *folder* say, but for the closed lists, which have addresses.

    Blank nodes are called by what is said of them, so that the same files give the same text.
    """
    said = ox.Dataset(
        quad
        for path in resources.data_files(folder, ".ttl")
        if path.parent.name != "schemes"
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    said.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(sorted((quad.triple for quad in said), key=str))


@cache
def _written(folder: resources.Folder, format_name: str) -> str:
    return serialization.write(_statements(folder), format_name)


@cache
def _chapters() -> tuple[Chapter, ...]:
    """Return the shapes by what their names begin with; helpers, which stand alone, come last."""
    said: dict[str, dict[str, list[str]]] = {}
    for triple in _statements("shapes"):
        subject, object_ = triple.subject, triple.object
        if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(PKS):
            continue
        if isinstance(object_, ox.NamedNode | ox.Literal):
            name = triple.predicate.value.removeprefix(_SHACL)
            said.setdefault(subject.value, {}).setdefault(name, []).append(object_.value)
    shapes = {iri: _shape(iri, about) for iri, about in said.items()}
    groups: dict[str, list[Shape]] = {}
    for shape in sorted(shapes.values(), key=lambda each: (each.order, each.anchor)):
        groups.setdefault(shape.anchor.partition("-")[0], []).append(shape)
    chapters, helpers = [], []
    for key, group in groups.items():
        head = shapes.get(PKS + key)
        if len(group) == 1 and head and not said[head.iri].get("property"):
            helpers.append(head)
            continue
        parts = tuple(shape for shape in group if shape is not head)
        others = said[head.iri].get("property", []) if head else []
        shared = tuple(shapes[iri] for iri in others if iri in shapes and shapes[iri] not in parts)
        chapters.append(Chapter(key, head.name if head else key, head, parts, shared))
    chapters.sort(key=lambda each: each.title.lower())
    return (*chapters, Chapter("helpers", "Helpers", None, tuple(helpers), ()))


@cache
def _usual() -> tuple[Shape, ...]:
    """Return the shapes that more than half of the chapters share."""
    sharing = [chapter.shared for chapter in _chapters() if chapter.shared]
    counts = Counter(shape for shared in sharing for shape in shared)
    usual = [shape for shape, number in counts.items() if 2 * number > len(sharing)]
    return tuple(sorted(usual, key=lambda each: (each.order, each.anchor)))


def _shape(iri: str, about: Mapping[str, list[str]]) -> Shape:
    """Return the shape *iri* of which *about* is said."""

    def text(name: str) -> str:
        return about.get(name, [""])[0]

    return Shape(
        iri=iri,
        name=text("name") or iri.removeprefix(PKS),
        description=text("description"),
        message=text("message"),
        path=text("path") or None,
        order=float(text("order") or _LAST),
    )
