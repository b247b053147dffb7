"""The canned queries: a list, and for each a form and its answer in every format."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from pkgraph import catalogue, namespaces, ontology, search, serialization, tables, terms
from pkgraph.errors import NotFoundError, ParameterError, UsageError
from pkgraph.namespaces import compact
from pkgraph.web import negotiation
from pkgraph.web.failures import status_of, suggestions
from pkgraph.web.home import topics
from pkgraph.web.tables import shape
from pkgraph.web.things import acceptable, document, ending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from pkgraph.graph import QueryResult
    from pkgraph.web.site import Site

#: The formats of an answer, by the ending of its address.
FORMATS: Final = ("html", *serialization.TABLE_FORMATS, "md", "bib")
#: How many things a form offers to choose from.
_OFFERED: Final = 1000
_INPUTS: Final = {"integer": "number", "year": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form: a parameter, the value it has and what it may be, with labels."""

    parameter: catalogue.Parameter
    value: str
    options: tuple[tuple[str, str], ...]

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The options that the form offers, which may not be all."""
        return self.options[:_OFFERED]

    @property
    def input(self) -> str:
        """The type of the input element."""
        return _INPUTS.get(self.parameter.kind, "text")

    @property
    def wanted(self) -> str:
        """What a value is, in words."""
        classes = [ontology.terms().get(iri) for iri in self.parameter.class_iris]
        labels = [term.label for term in classes if term]
        if labels:
            return f"{'an' if labels[0][0] in 'aeiou' else 'a'} {' or '.join(labels)}"
        return catalogue.wanted(self.parameter)


def index(site: Site, request: Request) -> Response:
    """List the queries."""
    if negotiation.choose(request.headers.get("accept"), ("html", "json")) != "json":
        return site.page("queries", topics=topics())
    return JSONResponse(
        [
            {
                "name": query.name,
                "topic": query.topic,
                "summary": query.summary,
                "parameters": [
                    {"name": each.name, "kind": each.kind, "required": each.required}
                    for each in query.parameters
                ],
                "columns": list(query.columns),
                "version": query.version,
            }
            for query in catalogue.catalogue()
        ]
    )


def answer(site: Site, request: Request) -> Response:
    """Give the form of a query, and its answer once what it needs is given."""
    name, format_name = ending(request.path_params["name"], FORMATS)
    query = catalogue.find(name)
    format_name = format_name or acceptable(request, FORMATS)
    if format_name == "html":
        return _page(site, request, query)
    given = _given(request)
    query.require(given)
    result = site.graph.query(query.name, **given)
    response = document(_written(result, format_name), format_name)
    file = f"{query.name}.{format_name}"
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def _page(site: Site, request: Request, query: catalogue.Query) -> Response:
    """Return the page of *query*, with the answer or with what is wrong."""
    result: QueryResult | None = None
    error: UsageError | NotFoundError | None = None
    given: Mapping[str, str] = {}
    try:
        given = _given(request)
        needed = {each.name for each in query.parameters if each.required}
        if request.query_params or not needed:
            query.require(given)
            result = site.graph.query(query.name, **given)
    except (NotFoundError, UsageError) as raised:
        error = raised
        given = given or dict(request.query_params)
    asked = [(key, value) for key, value in given.items() if query.rows.get(key)]
    return site.page(
        "query",
        HTTPStatus.OK if error is None else status_of(error),
        query=query,
        fields=[_field(site, each, given.get(each.name, "")) for each in query.parameters],
        example={p.name: p.example for p in query.parameters if p.required and p.example},
        error=error,
        suggestions=suggestions(site, error),
        result=result,
        table=shape(site, result, query.columns) if result is not None else None,
        asked=dict(asked),
        formats=[each for each in FORMATS if each != "html"],
    )


def _given(request: Request) -> dict[str, str]:
    """
    Return the parameters that have a value; a field that was left empty has none.

    Raises:
        ParameterError: One is given twice.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise ParameterError(f"'{name}' is given twice; give it one value")
        if value.strip():
            given[name] = value.strip()
    return given


def _written(result: QueryResult, format_name: str) -> str:
    if format_name == "bib":
        return result.bibtex()
    return (
        tables.markdown(result) if format_name == "md" else serialization.write(result, format_name)
    )


def _field(site: Site, parameter: catalogue.Parameter, value: str) -> Field:
    """Return the input for *parameter*."""
    options: tuple[tuple[str, str], ...] = ()
    if parameter.scheme:
        options = tuple(
            (term.iri.rpartition("/")[2], term.label)
            for term in ontology.terms().values()
            if parameter.scheme in term.parents
        )
    elif parameter.options:
        options = tuple((each, each.rpartition(":")[2]) for each in parameter.options)
    elif parameter.class_iris:
        options = _things(site, parameter)
    if parameter.kind == "choice":
        value = _option(value, options)
    return Field(parameter, value, options)


def _option(value: str, options: tuple[tuple[str, str], ...]) -> str:
    """Return that of *options* which *value* means: one may be written as IRI, CURIE or word."""
    last = (namespaces.expand(value) or value).rpartition("/")[2]
    known = {each.rpartition(":")[2]: each for each, _ in options}
    return known.get(last, value)


def _things(site: Site, parameter: catalogue.Parameter) -> tuple[tuple[str, str], ...]:
    """Return things that *parameter* takes, as CURIE and label."""
    classes = " ".join(str(terms.iri(iri)) for iri in parameter.class_iris)
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?label WHERE {{ VALUES ?class "
            f"{{ {classes} }} ?thing a ?class ; rdfs:label ?label "
            f'FILTER(STRSTARTS(STR(?thing), "{namespaces.BASE}")) }} '
            f"ORDER BY ?label ?thing LIMIT {_OFFERED + 1}"
        )
    )
    return tuple((compact(iri), label) for iri, label in rows)
