"""
Say what a page about a thing shows, whatever the page is made of.

:func:`describe` gives what the graph says of a thing and what it says of others that point at the
thing, in the words of the ontology and without what the rules only repeat. :func:`triples` gives
the same as RDF, repetitions included. Both are bounded: of a thing with ten thousand neighbours
they give some of each kind, and tell how many there are.

>>> from pkgraph.graph import open_graph
>>> about = describe(open_graph().store, "https://w3id.org/pkgraph/operation/onuc")
>>> about.label, about.classes[0].text, [group.label for group in about.statements][:1]
('ONUC', 'peace operation', ['acronym'])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.pages import description
from pkgraph.pages.description import Description, Group, Value
from pkgraph.pages.reading import read, require
from pkgraph.pages.text import as_text

if TYPE_CHECKING:
    import pyoxigraph as ox

    from pkgraph.store import Store

__all__ = ["LIMIT", "Description", "Group", "Value", "as_text", "describe", "require", "triples"]

#: How many values of one property a page shows unless told otherwise.
LIMIT = 100


def describe(store: Store, iri: str, *, limit: int = LIMIT) -> Description:
    """
    Return what *store* says of the thing *iri*, at most *limit* values of each property.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it; the error has the nearest names.
    """
    return description.build(read(store, iri, limit))


def triples(store: Store, iri: str, *, limit: int = LIMIT) -> tuple[ox.Triple, ...]:
    """
    Return all that :func:`describe` shows as triples, each once, and what it leaves out as known.

    The labels of what the thing is joined to are among them.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store says nothing of it; the error has the nearest names.
    """
    shown = read(store, iri, limit)
    repeated = read(store, iri, limit, repeats=True)
    return tuple(dict.fromkeys([*shown.triples(), *repeated.triples()]))
