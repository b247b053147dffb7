"""Answer canned queries to programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pkgraph import catalogue, resources, serialization
from pkgraph.errors import PkgraphError
from pkgraph.web import negotiation
from pkgraph.web.api import asking, openapi
from pkgraph.web.api.narrowing import Narrowings
from pkgraph.web.api.problems import problem
from pkgraph.web.api.rows import datatypes, rows
from pkgraph.web.cache import etag, today

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from pkgraph.graph import QueryResult
    from pkgraph.web.api.asking import Asked
    from pkgraph.web.site import Site

#: What the rows are of, told with every form; scripts in pages of others may read it.
_EXPOSED: Final = "ETag, Link, Pkgraph-Citation, Pkgraph-Total"
#: The media types that differ from those of the same format elsewhere.
_CONTENT_TYPES: Final[Mapping[str, str]] = {"json": "application/json"}


class Api:
    """The canned queries of one site."""

    def __init__(self, site: Site, *, contributing: bool = False) -> None:
        self._site = site
        self._contributing = contributing
        self._narrowings = Narrowings(site.graph)

    async def index(self, request: Request) -> Response:
        """List the queries."""
        return await self._told(self._index, request)

    async def query(self, request: Request) -> Response:
        """Answer a query."""
        return await self._told(self._query, request)

    async def description(self, request: Request) -> Response:
        """Describe what can be asked, and what is answered."""
        return await self._told(self._description, request)

    async def _told(self, function: Callable[[Request], Response], request: Request) -> Response:
        """Return the response of *function*, or what is wrong."""
        try:
            return await run_in_threadpool(function, request)
        except (HTTPException, PkgraphError) as error:
            return await run_in_threadpool(problem, self._site, error)

    def _index(self, _: Request) -> Response:
        return JSONResponse([_described(self._site, query) for query in catalogue.catalogue()])

    def _description(self, _: Request) -> Response:
        return JSONResponse(openapi.document(self._site.base_url, contributing=self._contributing))

    def _query(self, request: Request) -> Response:
        asked = asking.read(request)
        graph = self._narrowings.of(asked.sources)
        whole = graph.query(asked.query.name, **asked.values)
        part = whole.part(asked.offset, asked.limit)
        later = self._next(request, asked, len(whole))
        form = asked.format_name
        if form == "json":
            text = _json(_envelope(asked, whole, part, later))
        else:
            text = _WRITERS[form](part)
        response = Response(text, media_type=_content_type(form))
        links = [f'<{whole.address}>; rel="cite-as"']
        links += [f'<{later}>; rel="next"'] if later else []
        response.headers.update(
            {
                "Access-Control-Expose-Headers": _EXPOSED,
                "Cache-Control": "no-cache",  # to be asked for again, with what it is called
                "Content-Disposition": f'inline; filename="{asked.query.name}.{form}"',
                "ETag": _tag(asked, whole),
                "Link": ", ".join(links),
                "Pkgraph-Citation": _in_header(whole.citation),
                "Pkgraph-Total": str(len(whole)),
            }
        )
        return response

    def _next(self, request: Request, asked: Asked, total: int) -> str | None:
        """Return the address of the rows after those asked for, if there are any."""
        if asked.limit is None or asked.offset + asked.limit >= total:
            return None
        pairs = [
            (name, value)
            for name, value in request.query_params.multi_items()
            if name not in {asking.OFFSET, asking.LIMIT}
        ]
        pairs += [(asking.OFFSET, str(asked.offset + asked.limit))]
        pairs += [(asking.LIMIT, str(asked.limit))]
        return f"{self._site.link(request.url.path)}?{urlencode(pairs)}"


def _described(site: Site, query: catalogue.Query) -> dict[str, object]:
    """Return what there is to know of *query* before it is asked."""
    return {
        "name": query.name,
        "topic": query.topic,
        "summary": query.summary,
        "description": query.description,
        "version": query.version,
        "tags": list(query.tags),
        "parameters": [
            {
                "name": each.name,
                "kind": each.kind,
                "wanted": catalogue.wanted(each),
                "required": each.required,
                "default": each.default,
                "example": each.example,
                "description": each.description,
            }
            for each in query.parameters
        ],
        "columns": [{"name": name, "description": text} for name, text in query.columns.items()],
        "address": site.link(f"/api/queries/{query.name}"),
    }


def _envelope(
    asked: Asked, whole: QueryResult, part: QueryResult, later: str | None
) -> dict[str, object]:
    """Return the rows with what they are: of which query, of which graph, and whether all."""
    return {
        "query": asked.query.name,
        "version": asked.query.version,
        "release": whole.release,
        "parameters": dict(whole.parameters),
        "complete": len(part) == len(whole),
        "total": len(whole),
        "offset": asked.offset,
        "limit": asked.limit,
        "next": later,
        "columns": [
            {
                "name": name,
                "description": asked.query.columns[name],
                "datatypes": datatypes(whole, name),
            }
            for name in whole.columns
        ],
        "rows": rows(part),
        "citation": whole.citation,
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"


def _tag(asked: Asked, whole: QueryResult) -> str:
    """Return the entity tag of an answer, which has the date in its citation."""
    return etag(
        resources.version(),
        whole.release,
        today(),
        asked.query.name,
        asked.query.version,
        sorted(whole.parameters.items()),
        asked.offset,
        asked.limit,
        asked.format_name,
    )


def _in_header(text: str) -> str:
    r"""
    Return *text* as a header can have it: on one line, in ASCII.

    >>> _in_header("Guéhenno\r\nSet-Cookie: a")
    'Gu\\xe9henno Set-Cookie: a'
    """
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode()


def _content_type(format_name: str) -> str:
    return _CONTENT_TYPES.get(format_name) or negotiation.content_type(format_name)


def _csv(result: QueryResult) -> str:
    return serialization.write(result, "csv")


def _bib(result: QueryResult) -> str:
    return result.bibtex()


def _ris(result: QueryResult) -> str:
    return result.ris()


def _csl(result: QueryResult) -> str:
    return result.csl_json()


_WRITERS: Final[Mapping[str, Callable[[QueryResult], str]]] = {
    "csv": _csv,
    "bib": _bib,
    "ris": _ris,
    "csl": _csl,
}
