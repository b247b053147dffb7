"""
What the editor of SPARQL completes: the prefixes and terms of the ontology, and things by name.

It is read by the editor of this server; nothing is asked of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from pkgraph import namespaces, ontology, search, terms
from pkgraph.catalogue import write
from pkgraph.errors import ParameterError
from pkgraph.namespaces import BASE, compact

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pkgraph.web.site import Site

#: How many things are told at once, and the longest text that things are looked for by.
MOST: Final = 30
_LONGEST: Final = 100
_SHORT: Final = {"object property": "property", "datatype property": "property"}
#: What a query needs of other vocabularies that the ontology does not declare.
_OTHERS: Final = (
    ("rdf:type", "type", "property", "is an instance of the class"),
    ("rdfs:label", "label", "property", "is called"),
    ("rdfs:subClassOf", "subclass of", "property", "is a narrower class than"),
    ("skos:altLabel", "alternative label", "property", "is also called"),
    ("skos:inScheme", "in scheme", "property", "is a value of the list"),
    ("skos:exactMatch", "exact match", "property", "is called elsewhere"),
    ("dcterms:title", "title", "property", "has the title"),
)


def vocabulary(_: Site, __: Request) -> Response:
    """Return what ours begin with, the prefixes, and each term: its name, label, kind, meaning."""
    found = [
        [compact(term.iri), term.label, _SHORT.get(term.kind, term.kind), term.definition]
        for term in ontology.terms().values()
        if term.kind != "scheme"  # which have no short names
    ]
    others = [list(each) for each in _OTHERS]
    return JSONResponse(
        {"base": BASE, "prefixes": dict(namespaces.prefixes()), "terms": [*found, *others]}
    )


def names(site: Site, request: Request) -> Response:
    """
    Return things whose label or address has a text, those first that begin with it.

    The parameter ``prefix``, if it is given, says under which of our prefixes they stand.

    Raises:
        ParameterError: The prefix is none of ours, or the text is too long.
    """
    prefix, text = (request.query_params.get(each, "").strip() for each in ("prefix", "text"))
    if len(text) > _LONGEST:
        raise ParameterError(f"'text' has at most {_LONGEST} characters")
    if not prefix:
        found = search.find(site.graph.store, text, MOST)
        return JSONResponse([[compact(each.iri), each.label] for each in found])
    namespace = namespaces.prefixes().get(prefix, "")
    if not namespace.startswith(BASE):
        raise ParameterError(f"'prefix' is one of ours, such as work or claim, not '{prefix[:40]}'")
    return JSONResponse([list(each) for each in _under(site, namespace, text)])


def _under(site: Site, namespace: str, text: str) -> list[tuple[str, ...]]:
    """Return the short name and the label of things of *namespace* that *text* fits."""
    low = write(terms.literal(text.lower(), "string")) if text else '""'
    space = write(terms.literal(namespace, "string"))
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT ?thing (MIN(?name) AS ?label) WHERE {{ "
            f"?thing rdfs:label ?name FILTER(STRSTARTS(STR(?thing), {space})) "
            f"BIND(STRAFTER(STR(?thing), {space}) AS ?local) "
            f"FILTER(CONTAINS(?local, {low}) || CONTAINS(LCASE(STR(?name)), {low})) "
            f"BIND(STRSTARTS(?local, {low}) AS ?begins) }} GROUP BY ?thing ?begins "
            f"ORDER BY DESC(?begins) ?label ?thing LIMIT {MOST}"
        )
    )
    return [(compact(iri), label) for iri, label in rows]
