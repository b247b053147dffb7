"""Pages and data about single things, and lists of them."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pkgraph import catalogue, namespaces, ontology, pages, results, search, serialization, terms
from pkgraph.errors import NotFoundError, StoreError
from pkgraph.namespaces import BASE, compact
from pkgraph.pages import kinds
from pkgraph.web import negotiation, paging, reading
from pkgraph.web.linked import DOCUMENTS, Asked, Content, acceptable, ending
from pkgraph.web.scripts import script

if TYPE_CHECKING:
    from pkgraph.pages import Description
    from pkgraph.web.site import Site

__all__ = ["DOCUMENTS", "acceptable", "document", "ending", "exists", "listing", "thing"]

#: How many things a page of a list has.
_PAGE: Final = 200
#: How many values of each property a file of statements has: all, for nobody waits for it.
_WHOLE: Final = 1_000_000
_SEGMENT: Final = re.compile(r"/[a-z][a-z-]*")
_PATH: Final = re.compile(r"/[a-z][a-z-]*(?:/[A-Za-z0-9._-]+)+")


def exists(site: Site, path: str) -> None:
    """
    Check that the graph says something of the thing at *path*.

    Raises:
        NotFoundError: It does not; the error has the nearest names.
    """
    if not _PATH.fullmatch(path):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    iri = BASE + path.removeprefix("/")
    pages.require_standing(site.graph.store, iri)
    if path.startswith("/graph/"):
        _require_graph(site, iri)
    else:
        pages.require(site.graph.store, iri)


def thing(site: Site, asked: Asked) -> Content:
    """Give a document about a thing."""
    if not _PATH.fullmatch(asked.path):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if asked.format in reading.FORMATS:
        return reading.taken_away(site, asked)
    whole = asked.path.startswith("/graph/")
    if asked.format == "html":
        pages.require_standing(site.graph.store, asked.iri)
    if whole:
        _require_graph(site, asked.iri)
    if asked.format == "html":
        return _page(site, asked)
    if whole:
        if asked.page > 1:
            raise NotFoundError(f"all of {compact(asked.iri)} is on its first page", (asked.iri,))
        return Content(serialization.write(_graph(site, asked.iri), asked.format))
    limit = _WHOLE if site.published else pages.LIMIT
    found = pages.statements(site.graph.store, asked.iri, limit=limit, page=asked.page)
    links = paging.statements(asked, more=found.more)
    return Content(serialization.write((*found.triples, *links), asked.format), found.more)


def listing(site: Site, asked: Asked) -> Content:
    """List the things whose addresses have the same first part, such as operation."""
    segment = asked.path.removeprefix("/")
    namespace = f"{asked.iri}/"
    is_known = namespace in namespaces.prefixes().values() or segment == "scheme"
    if not _SEGMENT.fullmatch(asked.path) or not (is_known or site.published):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT ?thing (MIN(?name) AS ?label) WHERE {{ "
            f'?thing a ?class FILTER(STRSTARTS(STR(?thing), "{namespace}")) '
            f"{_OF_A_SCHEME if segment == 'scheme' else ''} "
            "OPTIONAL { ?thing rdfs:label ?name } } GROUP BY ?thing "
            f"ORDER BY LCASE(?label) ?thing LIMIT {_PAGE + 1} OFFSET {_PAGE * (asked.page - 1)}"
        )
    )
    if not rows and not (site.published and asked.page == 1):  # to which every page leads
        raise HTTPException(HTTPStatus.NOT_FOUND)
    more = len(rows) > _PAGE
    text = site.render(
        "listing",
        segment=segment,
        things=[(iri, label or compact(iri)) for iri, label in rows[:_PAGE]],
        page=asked.page,
        more=more,
    )
    return Content(text, more)


#: Of what stands under scheme/, the schemes and not their values.
_OF_A_SCHEME: Final = "FILTER NOT EXISTS { ?thing skos:inScheme ?scheme }"


def document(text: str, format_name: str) -> Response:
    """Return the response that has *text* in a format."""
    return Response(text, headers={"Content-Type": negotiation.content_type(format_name)})


def _page(site: Site, asked: Asked) -> Content:
    """Return the page about a thing."""
    store = site.graph.store
    kind = kinds.kind_of(kinds.classes(store, asked.iri))
    if kind is not None:
        return reading.page(site, asked, kind, _questions, _everything)
    try:
        description = pages.describe(store, asked.iri, page=asked.page)
    except NotFoundError:
        if not asked.path.startswith("/graph/") or asked.page > 1:
            raise
        # a named graph that no statement is about
        description = pages.Description(asked.iri, compact(asked.iri), (), (), (), (), (), ())
    segment, *between, _ = asked.path.removeprefix("/").split("/")
    above = [(f"/{segment}", segment)]
    if segment == "scheme" and between:
        above.append((f"/scheme/{between[0]}", between[0]))
    text = site.render(
        "thing",
        about=description,
        asked=asked,
        above=above,
        segment=segment,
        documents=[name for name in DOCUMENTS if name != "html"],
        questions=_questions(description),
        everything=_everything,
        structured=script(pages.structured(description)) if asked.page == 1 else None,
        citation=pages.citation_tags(store, description) if asked.page == 1 else (),
    )
    return Content(text, description.more)


def _questions(description: Description) -> list[tuple[catalogue.Query, str]]:
    """Return the canned queries that a thing answers to, each with the parameter that takes it."""
    classes = {
        wide
        for narrow in description.classes
        if narrow.iri
        for wide in ontology.superclasses(narrow.iri)
    }
    found = []
    for query in catalogue.catalogue():
        needed = [each.name for each in query.parameters if each.required]
        for each in query.parameters:
            if classes.intersection(each.class_iris) and needed in ([], [each.name]):
                found.append((query, each.name))
                break
    return found


def _everything(iri: str, group: pages.Group) -> str:
    """Return SPARQL for all values of *group* of the thing *iri*."""
    thing_, property_ = terms.iri(iri), terms.iri(group.iri)
    pattern = f"?value {property_} {thing_}" if group.incoming else f"{thing_} {property_} ?value"
    return (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n\n"
        "SELECT ?value ?value_label\nWHERE {\n"
        f"  {pattern} .\n  OPTIONAL {{ ?value rdfs:label ?value_label }}\n}}\n"
        "ORDER BY ?value_label ?value"
    )


def _require_graph(site: Site, iri: str) -> None:
    """
    Check that there is a named graph *iri*.

    Raises:
        NotFoundError: There is none.
    """
    if site.graph.store.query(f"ASK {{ GRAPH {terms.iri(iri)} {{ ?s ?p ?o }} }}") is not True:
        rows = search.texts(
            site.graph.store.query("SELECT DISTINCT ?g WHERE { GRAPH ?g {} } ORDER BY ?g")
        )
        known = [search.Name(name, name.removeprefix(BASE)) for (name,) in rows]
        near = tuple(name.iri for name in search.nearest(iri.removeprefix(BASE), known))
        raise NotFoundError(f"there is no graph {compact(iri)}", near)


def _graph(site: Site, iri: str) -> results.Triples:
    """Return the statements of the named graph *iri*."""
    answer = site.graph.store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {terms.iri(iri)} {{ ?s ?p ?o }} }}"
    )
    if not isinstance(answer, tuple):
        raise StoreError("the store answered a CONSTRUCT with something instead of triples")
    return answer
