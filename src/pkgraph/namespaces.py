"""
Name things: the base IRI, the prefixes and what lies between an IRI and its short form.

The one table of prefixes is ``ontology/prefixes.ttl``. A CURIE is what SPARQL and Turtle call a
prefixed name, so it can be pasted into either: :func:`compact` gives one only where the part after
the prefix is plain ASCII that needs no escapes.

Source:
    Turtle 1.1, PN_LOCAL: https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL
"""

from __future__ import annotations

import re
from collections import deque
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE: Final = "https://w3id.org/pkgraph/"
ONTOLOGY: Final = BASE + "ontology"
SHAPES: Final = BASE + "shapes"
GRAPH: Final = BASE + "graph/"
SCHEME: Final = BASE + "scheme/"
DERIVED_GRAPH: Final = GRAPH + "derived"
#: The record of contributions; the graphs of these are named below it.
REGISTER_GRAPH: Final = GRAPH + "contributions"

PK: Final = ONTOLOGY + "#"
PKS: Final = SHAPES + "#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

#: What may follow the prefix as it stands: the ASCII names of PN_LOCAL, without escapes.
_LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_ADDRESS: Final = re.compile(re.escape(BASE) + r"([a-z][a-z-]*)/([a-z0-9][a-z0-9-]*)")


@cache
def prefixes() -> Mapping[str, str]:
    """Return the prefixes and the namespaces they stand for, sorted by prefix."""
    from pkgraph import resources  # which names its graphs with the constants above

    path = resources.folder("ontology") / "prefixes.ttl"
    parser = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    deque(parser, maxlen=0)  # it knows the prefixes that it has passed
    return MappingProxyType(dict(sorted(parser.prefixes.items())))


@cache
def _prefix_of() -> Mapping[str, str]:
    """Return the prefix of each namespace."""
    return {namespace: prefix for prefix, namespace in prefixes().items()}


def expand(curie: str) -> str | None:
    """
    Return the IRI that *curie* stands for, or None if it does not begin with a known prefix.

    >>> expand("work:kaldor-1999")
    'https://w3id.org/pkgraph/work/kaldor-1999'
    >>> expand("https://example.org/") is None
    True
    """
    prefix, colon, local = curie.partition(":")
    namespace = prefixes().get(prefix)
    return namespace + local if colon and local and namespace is not None else None


def compact(iri: str) -> str:
    """
    Return *iri* as a CURIE, or as it stands where no prefix fits it without escapes.

    >>> compact("https://w3id.org/pkgraph/ontology#Claim")
    'pk:Claim'
    >>> compact("https://w3id.org/pkgraph/graph/works/bellamy-2004/1-1")
    'https://w3id.org/pkgraph/graph/works/bellamy-2004/1-1'
    """
    # A local name has neither of these, and every namespace of the table ends in one of them.
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _prefix_of().get(iri[:cut])
    if prefix is None or not _LOCAL_NAME.fullmatch(iri, cut):
        return iri
    return f"{prefix}:{iri[cut:]}"


def thing_address(iri: str) -> tuple[str, str] | None:
    """
    Return the segment and the slug of a thing's *iri*, or None if it is not the IRI of one.

    >>> thing_address("https://w3id.org/pkgraph/work/kaldor-1999")
    ('work', 'kaldor-1999')
    """
    found = _ADDRESS.fullmatch(iri)
    return (found[1], found[2]) if found else None
