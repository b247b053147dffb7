"""
Say what a page about a thing shows, whatever the page is made of.

:func:`describe` gives what the graph says of a thing and what it says of others that point at the
thing, in the words of the ontology and without what the rules only repeat. :func:`triples` gives
the same as RDF, repetitions included. Both come in pages: of a thing with ten thousand neighbours
each page has some of each kind, and tells whether there are more.

>>> from pkgraph.graph import open_graph
>>> about = describe(open_graph().store, "https://w3id.org/pkgraph/operation/onuc")
>>> about.label, about.classes[0].text, [group.label for group in about.statements][:1]
('ONUC', 'peace operation', ['acronym'])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph.errors import NotFoundError
from pkgraph.pages import description
from pkgraph.pages.citation import citation_tags, cite
from pkgraph.pages.description import Description, Group, Value
from pkgraph.pages.gone import require_standing
from pkgraph.pages.reading import read, require
from pkgraph.pages.relations import Window
from pkgraph.pages.schema_org import structured
from pkgraph.pages.text import as_text

if TYPE_CHECKING:
    import pyoxigraph as ox

    from pkgraph.store import Store

__all__ = [
    "LIMIT",
    "Description",
    "Group",
    "Statements",
    "Value",
    "as_text",
    "citation_tags",
    "cite",
    "describe",
    "require",
    "require_standing",
    "statements",
    "structured",
    "triples",
]

#: How many values of one property a page shows unless told otherwise.
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Statements:
    """What a page has of a thing as triples, and whether a page with ``more`` comes after it."""

    triples: tuple[ox.Triple, ...]
    more: bool


def describe(store: Store, iri: str, *, limit: int = LIMIT, page: int = 1) -> Description:
    """
    Return what *store* says of the thing *iri*: the *page*-th *limit* values of each property.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it, or has no such page; the error has the nearest
            names.
    """
    return description.build(read(store, iri, Window(limit, page)))


def statements(store: Store, iri: str, *, limit: int = LIMIT, page: int = 1) -> Statements:
    """
    Return all that :func:`describe` shows as triples, each once, and what it leaves out as known.

    The labels of what the thing is joined to are among them.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it, or has no such page.
    """
    repeated = read(store, iri, Window(limit, page), repeats=True)
    found = list(repeated.triples())
    try:
        shown = read(store, iri, Window(limit, page))
    except NotFoundError:  # all that is on the page repeats what was on others
        return Statements(tuple(dict.fromkeys(found)), repeated.more)
    return Statements(tuple(dict.fromkeys([*shown.triples(), *found])), shown.more or repeated.more)


def triples(store: Store, iri: str, *, limit: int = LIMIT) -> tuple[ox.Triple, ...]:
    """
    Return the triples of the first page of :func:`statements`.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it; the error has the nearest names.
    """
    return statements(store, iri, limit=limit).triples
