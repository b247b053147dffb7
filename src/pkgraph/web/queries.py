"""The canned queries: a list, and for each a form and its answer in every format."""

from __future__ import annotations

from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from pkgraph import catalogue, serialization, spreadsheets, tables, terms
from pkgraph.errors import NotFoundError, ParameterError, UsageError
from pkgraph.web import answers, forms, negotiation, sorting
from pkgraph.web import tables as shown
from pkgraph.web.failures import status_of, suggestions
from pkgraph.web.things import acceptable, ending

if TYPE_CHECKING:
    from starlette.requests import Request

    from pkgraph.graph import QueryResult
    from pkgraph.web.answers import View
    from pkgraph.web.site import Site

#: The formats of an answer, by the ending of its address.
FORMATS: Final = ("html", *serialization.TABLE_FORMATS, "md", "xlsx", "bib")
#: The longest text that queries are looked for by.
_LONGEST: Final = 200


def index(site: Site, request: Request) -> Response:
    """List the queries, or those of them that have all words of the text ``q``."""
    if negotiation.choose(request.headers.get("accept"), ("html", "json")) == "json":
        return JSONResponse(list(map(_listed, catalogue.catalogue())))
    text = request.query_params.get("q", "").strip()[:_LONGEST]
    words = terms.fold(text).split()
    found = [query for query in catalogue.catalogue() if _has(query, words)]
    return site.page(
        "queries",
        text=text,
        topics=[(topic, list(those)) for topic, those in groupby(found, lambda each: each.topic)],
        total=len(catalogue.catalogue()),
        found=len(found),
        words=_words,
    )


def _listed(query: catalogue.Query) -> dict[str, object]:
    """Return what the list of queries for programs says of one."""
    return {
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


def _words(query: catalogue.Query) -> str:
    """Return the words that *query* is found by."""
    names = [query.name, query.topic, *query.tags, *(each.name for each in query.parameters)]
    text = " ".join([query.summary, query.description, *names, *query.columns])
    return terms.fold(text.replace("_", " ").replace("-", " "))


def _has(query: catalogue.Query, words: list[str]) -> bool:
    known = _words(query) if words else ""
    return all(word in known for word in words)


def answer(site: Site, request: Request) -> Response:
    """Give the form of a query, and its answer once what it needs is given."""
    name, format_name = ending(request.path_params["name"], FORMATS)
    query = catalogue.find(name)
    format_name = format_name or acceptable(request, FORMATS)
    if format_name == "html":
        return _page(site, request, query)
    given = {**_example(site, query), **_given(request)}
    query.require(given)
    result = site.graph.query(query.name, **given)
    headers = {
        "Content-Type": negotiation.content_type(format_name),
        "Content-Disposition": f'inline; filename="{query.name}.{format_name}"',
    }
    return Response(_written(result, format_name), headers=headers)


def _page(site: Site, request: Request, query: catalogue.Query) -> Response:
    """Return the page of *query*, with the answer or with what is wrong."""
    result: QueryResult | None = None
    error: UsageError | NotFoundError | None = None
    given: dict[str, str] = {}
    view: View | None = None
    try:
        given = {**_example(site, query), **_given(request)}
        sort, page = given.pop(sorting.SORT, None), given.pop(answers.PAGE, None)
        needed = {each.name for each in query.parameters if each.required}
        if request.query_params or needed <= given.keys():
            query.require(given)
            result = site.graph.query(query.name, **given)
            view = answers.view(result, {} if site.published else given, sort, page)
    except (NotFoundError, UsageError) as raised:
        error, result = raised, None
        given = given or dict(request.query_params)
    if site.published:  # the address of a file has no values, and an example may not be in the data
        error, given = None, {}
    asked = {key: value for key, value in given.items() if query.rows.get(key)}
    meant = forms.meant(site, query, asked) if error else ()
    table = view.table(site) if view else None
    return site.page(
        "query",
        HTTPStatus.OK if error is None else status_of(error),
        query=query,
        fields=[forms.field(site, each, given.get(each.name, "")) for each in query.parameters],
        example={p.name: p.example for p in query.parameters if p.required and p.example},
        error=error,
        meant=meant,
        suggestions=() if meant else suggestions(site, error),
        result=result,
        table=table,
        heads=view.heads(site, table.keys) if view and table else (),
        pages=view.pages(site) if view else (),
        asked=asked,
        bare=answers.bare(query, result.text) if result is not None else "",
        cite=result.cite(dated=not site.published) if result is not None else "",
        formats=_formats(site, result),
    )


def _example(site: Site, query: catalogue.Query) -> dict[str, str]:
    """Return the values with which *query* is asked for a file, for which nobody gives any."""
    if not site.published:
        return {}
    return {each.name: each.example for each in query.parameters if each.required and each.example}


def _formats(site: Site, result: QueryResult | None) -> list[str]:
    """Return the formats that *result* is offered in: BibTeX where there are works behind it."""
    has_works = result is not None and bool(result.part(0, shown.MOST_ROWS).works())
    left_out = {"html", *(() if has_works else ("bib",))}
    if site.published:
        left_out.add("xlsx")  # a workbook has the time in it at which it was made
    return [each for each in FORMATS if each not in left_out]


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


def _written(result: QueryResult, format_name: str) -> str | bytes:
    if format_name == "bib":
        return result.bibtex()
    if format_name == "md":
        return tables.markdown(result)
    if format_name == "xlsx":
        told = {"query": result.query.name, **result.parameters, "cite as": result.citation}
        return spreadsheets.answer(result, told)
    return serialization.write(result, format_name)
