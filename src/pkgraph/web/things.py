"""Pages and data about single things, and lists of them."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pkgraph import catalogue, namespaces, ontology, pages, results, search, serialization, terms
from pkgraph.errors import NotFoundError, StoreError
from pkgraph.namespaces import BASE, compact
from pkgraph.web import negotiation

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.pages import Description
    from pkgraph.web.site import Site

#: The documents about a thing, by the ending of their address; the first is for whom all do.
DOCUMENTS: Final = ("html", *serialization.GRAPH_FORMATS)
#: How many things a page of a list has.
_PAGE: Final = 200
_SEGMENT: Final = re.compile(r"[a-z][a-z-]*")
_PATH: Final = re.compile(r"[a-z][a-z-]*(?:/[A-Za-z0-9._-]+)+")


def thing(site: Site, request: Request) -> Response:
    """Lead from a thing to a document about it, or give the document."""
    path, format_name = ending(request.url.path.removeprefix("/"), DOCUMENTS)
    if not _PATH.fullmatch(path):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    iri = BASE + path
    if path.startswith("graph/"):
        _require_graph(site, iri)
    else:
        pages.require(site.graph.store, iri)
    if format_name is None:
        wanted = acceptable(request, DOCUMENTS)
        return RedirectResponse(site.link(f"/{path}.{wanted}"), HTTPStatus.SEE_OTHER)
    if format_name == "html":
        return _page(site, iri, path)
    if path.startswith("graph/"):
        content = _graph(site, iri)
    else:
        content = pages.triples(site.graph.store, iri)
    return document(serialization.write(content, format_name), format_name)


def listing(site: Site, request: Request) -> Response:
    """List the things whose addresses have the same first part, such as operation."""
    segment = request.url.path.removeprefix("/")
    namespace = f"{BASE}{segment}/"
    if not _SEGMENT.fullmatch(segment) or (
        namespace not in namespaces.prefixes().values() and segment != "scheme"
    ):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    number = request.query_params.get("page", "1")
    page = int(number) if re.fullmatch(r"[1-9][0-9]{0,5}", number) else 1
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT ?thing (MIN(?name) AS ?label) WHERE {{ "
            f'?thing a ?class FILTER(STRSTARTS(STR(?thing), "{namespace}")) '
            f"{_OF_A_SCHEME if segment == 'scheme' else ''} "
            "OPTIONAL { ?thing rdfs:label ?name } } GROUP BY ?thing "
            f"ORDER BY LCASE(?label) ?thing LIMIT {_PAGE + 1} OFFSET {_PAGE * (page - 1)}"
        )
    )
    if not rows:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return site.page(
        "listing",
        segment=segment,
        things=[(iri, label or compact(iri)) for iri, label in rows[:_PAGE]],
        page=page,
        more=len(rows) > _PAGE,
    )


#: Of what stands under scheme/, the schemes and not their values.
_OF_A_SCHEME: Final = "FILTER NOT EXISTS { ?thing skos:inScheme ?scheme }"


def ending(path: str, formats: tuple[str, ...]) -> tuple[str, str | None]:
    """Return *path* without its ending and the ending, if that is one of *formats*."""
    bare, dot, format_name = path.rpartition(".")
    return (bare, format_name) if dot and format_name in formats else (path, None)


def acceptable(request: Request, formats: tuple[str, ...]) -> str:
    """
    Return that of *formats* which the asker likes best.

    Raises:
        HTTPException: It likes none (406).
    """
    chosen = negotiation.choose(request.headers.get("accept"), formats)
    if chosen is None:
        raise HTTPException(
            HTTPStatus.NOT_ACCEPTABLE,
            f"this can be had as {negotiation.media_types(formats)}; name one of them in Accept",
        )
    return chosen


def document(text: str, format_name: str) -> Response:
    """Return the response that has *text* in a format."""
    return Response(text, headers={"Content-Type": negotiation.content_type(format_name)})


def _page(site: Site, iri: str, path: str) -> Response:
    """Return the page about the thing *iri*."""
    try:
        description = pages.describe(site.graph.store, iri)
    except NotFoundError:  # a named graph that no statement is about
        description = pages.Description(iri, compact(iri), (), (), None, (), (), ())
    segment, *between, _ = path.split("/")
    above = [(f"/{segment}", segment)]
    if segment == "scheme" and between:
        above.append((f"/scheme/{between[0]}", between[0]))
    return site.page(
        "thing",
        about=description,
        path=path,
        above=above,
        segment=segment,
        documents=[name for name in DOCUMENTS if name != "html"],
        questions=_questions(description),
        everything=_everything,
    )


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
            site.graph.store.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
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
