"""
Describe the SPARQL endpoint in RDF, for programs that look for what it can do.

Source:
    SPARQL 1.1 Service Description: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import search, serialization, terms
from pkgraph.namespaces import RDF

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.results import Triples
    from pkgraph.web.site import Site

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
#: The list of names of formats: https://www.w3.org/ns/formats/
_FORMATS: Final = "http://www.w3.org/ns/formats/"
#: The named graphs, without a look at what they say.
_GRAPHS: Final = "SELECT DISTINCT ?g WHERE { GRAPH ?g {} FILTER(isIRI(?g)) } ORDER BY ?g"
_TYPE: Final = ox.NamedNode(f"{RDF}type")


def describe(site: Site, request: Request) -> Triples:
    """
    Return the description of the endpoint of *site*, at the address that *request* came to.

    The service has the address for its name, as clients look for it there.

    Raises:
        ParameterError: *request* came to what is no address.
    """
    root = site.base_url or str(request.base_url).rstrip("/")
    service = terms.iri(f"{root}/sparql")
    dataset, union = (
        ox.NamedNode(f"{service.value}#{name}") for name in ("dataset", "default-graph")
    )
    triples = [
        ox.Triple(service, _TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), service),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, _TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), union),
        ox.Triple(union, _TYPE, _sd("Graph")),
    ]
    for formats in (
        serialization.TABLE_FORMATS,
        serialization.GRAPH_FORMATS,
        serialization.DATASET_FORMATS,
    ):
        triples += [
            ox.Triple(service, _sd("resultFormat"), _listed(syntax.iri))
            for syntax in formats.values()
        ]
    rows = search.texts(site.graph.store.query(_GRAPHS))
    for number, (name,) in enumerate(rows, 1):
        graph = ox.BlankNode(f"graph{number}")
        triples += [
            ox.Triple(dataset, _sd("namedGraph"), graph),
            ox.Triple(graph, _TYPE, _sd("NamedGraph")),
            ox.Triple(graph, _sd("name"), ox.NamedNode(name)),
        ]
    return tuple(triples)


def _listed(format_iri: str) -> ox.NamedNode:
    """Return the name that the W3C lists for a format; the engine's has another path for one."""
    return ox.NamedNode(_FORMATS + format_iri.rpartition("/")[2])


def _sd(name: str) -> ox.NamedNode:
    """Return the term of the vocabulary of service descriptions that is called *name*."""
    return ox.NamedNode(_SD + name)
