"""The ontology and the shapes, for readers and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology, resources, results
from pkgraph.namespaces import PK, PKS, compact
from pkgraph.web.things import DOCUMENTS, acceptable, document, ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.web.site import Site

_SHACL: Final = "http://www.w3.org/ns/shacl#"
_SECTIONS: Final = (
    ("class", "Classes"),
    ("object property", "Relations"),
    ("datatype property", "Attributes"),
    ("scheme", "Closed lists"),
)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A property shape, or a node shape with the property shapes that it has."""

    iri: str
    name: str
    description: str
    message: str
    path: str | None = None
    parts: tuple[Constraint, ...] = ()

    @property
    def anchor(self) -> str:
        """What follows the # in its IRI."""
        return self.iri.removeprefix(PKS)


def ontology_page(site: Site, request: Request) -> Response:
    """Give the ontology: a page with its terms, or all its statements."""
    format_name = _format(request)
    if format_name != "html":
        return document(_written("ontology", format_name), format_name)
    terms = ontology.terms()
    below: dict[str, list[ontology.Term]] = {}
    for term in terms.values():
        for parent in term.parents:
            below.setdefault(parent, []).append(term)
    return site.page(
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


def shapes_page(site: Site, request: Request) -> Response:
    """Give the shapes: a page with what they ask for, or all their statements."""
    format_name = _format(request)
    if format_name != "html":
        return document(_written("shapes", format_name), format_name)
    return site.page(
        "shapes",
        shapes=_shapes(),
        documents=[name for name in DOCUMENTS if name != "html"],
    )


def _format(request: Request) -> str:
    _, format_name = ending(request.url.path, DOCUMENTS)
    return format_name or acceptable(request, DOCUMENTS)


@cache
def _statements(folder: resources.Folder) -> tuple[ox.Triple, ...]:
    """Return what the files of *folder* say, but for the closed lists, which have addresses."""
    return tuple(
        quad.triple
        for path in resources.data_files(folder, ".ttl")
        if path.parent.name != "schemes"
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )


@cache
def _written(folder: resources.Folder, format_name: str) -> str:
    return results.write(_statements(folder), format_name)


@cache
def _shapes() -> tuple[Constraint, ...]:
    """Return the node shapes that have property shapes, by name."""
    said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for triple in _statements("shapes"):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(
            triple.object, ox.NamedNode | ox.Literal
        ):
            about = said.setdefault(triple.subject.value, {})
            about.setdefault(triple.predicate.value.removeprefix(_SHACL), []).append(triple.object)
    found = [
        _constraint(iri, said, (node.value for node in about["property"]))
        for iri, about in said.items()
        if "property" in about
    ]
    return tuple(sorted(found, key=lambda each: each.name))


def _constraint(
    iri: str,
    said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]],
    parts: Iterable[str] = (),
) -> Constraint:
    about = said.get(iri, {})

    def text(name: str) -> str:
        return about[name][0].value if name in about else ""

    return Constraint(
        iri=iri,
        name=text("name") or compact(iri),
        description=text("description"),
        message=text("message"),
        path=text("path") or None,
        parts=tuple(_constraint(part, said) for part in parts),
    )
