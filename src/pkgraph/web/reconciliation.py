"""
The reconciliation service, with which OpenRefine matches names against the graph.

Identifiers are addresses without the base, such as ``operation/unosom-2``, so that they fit a
table. A candidate is a match where ``pkgraph reconcile`` would take it. Extending gives the exact
codes of a thing in each list, and its start and end.

Source:
    Reconciliation Service API 0.2:
    https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pkgraph import crosswalk, ontology, reconciliation, resources, search, terms
from pkgraph.errors import ParameterError
from pkgraph.namespaces import BASE, ONTOLOGY, PK, expand
from pkgraph.reconciliation.names import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from pkgraph.reconciliation import Candidate, Matcher, Thing
    from pkgraph.web.site import Site

    Answerer = Callable[[Mapping[str, str], str], object]

#: The most that is taken: of a body in bytes, of a batch in queries, of a query in characters.
MAX_BYTES: Final = 1024 * 1024
MAX_BATCH: Final = 500
MAX_QUERY: Final = 500
_MAX_LIMIT: Final = 50
_LIMIT: Final = 10
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
_LONGEST_CALLBACK: Final = 100
_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_DATES: Final = {"start": "startDate", "end": "endDate"}


class Service:
    """The service of one site; its index is built when it is first asked."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()
        self._matcher: Matcher | None = None

    async def reconcile(self, request: Request) -> Response:
        """Answer the manifest, a batch of queries, or an extension."""
        return await self._respond(request, self._reconciled)

    async def suggest(self, request: Request) -> Response:
        """Answer things whose names begin with, or are like, what is typed."""
        return await self._respond(request, self._suggested)

    async def properties(self, request: Request) -> Response:
        """Answer by what things of a class can be extended."""
        return await self._respond(request, self._proposed)

    async def _respond(self, request: Request, answerer: Answerer) -> Response:
        if request.method == "OPTIONS":
            allowed = {"Allow": _METHODS, "Access-Control-Allow-Methods": _METHODS}
            allowed |= {"Access-Control-Allow-Headers": "Accept, Content-Type"}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
        given = dict(request.query_params)
        if request.method == "POST":
            given |= await _posted(request)
        callback = given.get("callback")
        if callback is not None and (
            len(callback) > _LONGEST_CALLBACK or not _CALLBACK.fullmatch(callback)
        ):
            raise ParameterError("'callback' is not the name of a function; give one, as jsonp1")
        root = self._site.base_url or str(request.base_url).rstrip("/")
        answer = await run_in_threadpool(answerer, given, root)
        if callback is None:
            return JSONResponse(answer)
        # The comment keeps what is sent from being taken for a file of another kind.
        return Response(f"/**/{callback}({json.dumps(answer)});", media_type="text/javascript")

    def _reconciled(self, given: Mapping[str, str], root: str) -> object:
        if "queries" in given:
            return self._batch(_object(given["queries"], "queries"))
        if "extend" in given:
            return self._extended(_object(given["extend"], "extend"))
        return self._manifest(root)

    def _manifest(self, root: str) -> dict[str, object]:
        """Return what the service is and does."""
        return {
            "versions": ["0.1", "0.2"],
            "name": "pkgraph: peace operations and states",
            "identifierSpace": BASE,
            "schemaSpace": f"{ONTOLOGY}#",
            "serviceVersion": resources.version(),
            "defaultTypes": [_type(PK + name) for name in CLASSES],
            "view": {"url": f"{root}/{{{{id}}}}"},
            "suggest": {
                "entity": {"service_url": root, "service_path": "/reconcile/suggest/entity"}
            },
            "extend": {
                "propose_properties": {
                    "service_url": root,
                    "service_path": "/reconcile/properties",
                },
                "property_settings": [],
            },
        }

    def _batch(self, queries: Mapping[str, object]) -> dict[str, object]:
        """Return the candidates for each of *queries*."""
        if len(queries) > MAX_BATCH:
            raise ParameterError(
                f"'queries' has {len(queries)} queries; send at most {MAX_BATCH} at once"
            )
        return {key: self._result(key, query) for key, query in queries.items()}

    def _result(self, key: str, query: object) -> dict[str, object]:
        if isinstance(query, str):
            query = {"query": query}
        if not isinstance(query, dict) or not isinstance(query.get("query"), str):
            raise ParameterError(f"query '{key}' has no text; give it as the member 'query'")
        text: str = query["query"]
        if len(text) > MAX_QUERY:
            raise ParameterError(
                f"query '{key}' has {len(text)} characters; at most {MAX_QUERY} are taken"
            )
        found = self._index().find(text, _classes(query.get("type")), _most(query.get("limit")))
        chosen = found.chosen
        return {"result": [_candidate(each, each is chosen) for each in found.candidates]}

    def _suggested(self, given: Mapping[str, str], _: str) -> object:
        text = given.get("prefix", "")
        if not text.strip() or len(text) > MAX_QUERY:
            raise ParameterError(f"'prefix' takes 1 to {MAX_QUERY} characters; give what is typed")
        index = self._index()
        wanted = terms.fold(text)
        begun = sorted(
            (
                (thing.label, thing)
                for thing in index.things.values()
                if terms.fold(thing.label).startswith(wanted)
            ),
            key=lambda each: each[0],
        )
        likely = [each.thing for each in index.match(text).candidates]
        shown = list(dict.fromkeys([*(thing for _, thing in begun), *likely]))[:_LIMIT]
        return {
            "result": [
                {"id": _id(each), "name": each.label, "notable": _types(each)} for each in shown
            ]
        }

    def _proposed(self, given: Mapping[str, str], _: str) -> object:
        names = [*_DATES, *crosswalk.schemes(self._site.graph.store)]
        return {
            "type": given.get("type", PK + CLASSES[0]),
            "properties": [{"id": name, "name": name} for name in names],
        }

    def _extended(self, asked: Mapping[str, object]) -> dict[str, object]:
        """Return the values of the properties that are *asked* for."""
        ids, properties = asked.get("ids"), asked.get("properties")
        if not isinstance(ids, list) or not isinstance(properties, list):
            raise ParameterError("'extend' has to have the lists 'ids' and 'properties'")
        if len(ids) > MAX_BATCH:
            raise ParameterError(f"'extend' has {len(ids)} ids; send at most {MAX_BATCH} at once")
        names = [str(each.get("id")) if isinstance(each, dict) else "" for each in properties]
        known = {*_DATES, *crosswalk.schemes(self._site.graph.store)}
        for name in names:
            if name not in known:
                raise ParameterError(
                    f"there is no property '{name}'; choose of {', '.join(sorted(known))}"
                )
        values = self._values([str(each) for each in ids])
        rows = {
            str(each): {
                name: [{"str": value} for value in values.get((BASE + str(each), name), [])]
                for name in names
            }
            for each in ids
        }
        return {"meta": [{"id": name, "name": name} for name in names], "rows": rows}

    def _values(self, ids: list[str]) -> dict[tuple[str, str], list[str]]:
        """Return the exact codes and the dates of the things *ids*, by IRI and property."""
        things = " ".join(str(terms.iri(BASE + each)) for each in ids)
        dates = " ".join(f"(pk:{term} '{name}')" for name, term in _DATES.items())
        rows = search.texts(
            self._site.graph.store.query(
                f"{search.PREFIXES}SELECT DISTINCT ?thing ?name ?value WHERE {{ "
                f"VALUES ?thing {{ {things} }} {{ ?thing pk:exactCode ?code . "
                "?code pk:codeList ?name ; pk:code ?value } UNION "
                f"{{ VALUES (?property ?name) {{ {dates} }} ?thing ?property ?value }} }} "
                "ORDER BY ?thing ?name ?value"
            )
        )
        values: dict[tuple[str, str], list[str]] = {}
        for thing, name, value in rows:
            values.setdefault((thing, name.rpartition("/")[2]), []).append(value)
        return values

    def _index(self) -> Matcher:
        with self._lock:
            if self._matcher is None:
                self._matcher = reconciliation.Matcher.of(self._site.graph.store)
            return self._matcher


async def _posted(request: Request) -> dict[str, str]:
    """Return the fields of a form that is posted."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the body is larger than {MAX_BYTES} bytes; send fewer queries at once",
            )
    try:
        return dict(
            parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=20)
        )
    except ValueError:
        raise ParameterError(
            "the body is no form in UTF-8; send 'queries' as application/x-www-form-urlencoded"
        ) from None


def _object(text: str, name: str) -> dict[str, object]:
    """Return the JSON object *text*, the value of the parameter *name*."""
    try:
        json.dumps(found := json.loads(text), ensure_ascii=False).encode()  # no half characters
    except (ValueError, RecursionError):
        raise ParameterError(f"'{name}' is not JSON; send an object") from None
    if not isinstance(found, dict):
        raise ParameterError(f"'{name}' is not an object of JSON; send one")
    return found


def _classes(given: object) -> tuple[str, ...]:
    """Return the classes that the type of a query names, by IRI, CURIE or name."""
    if given in (None, "", []):
        return ()
    classes = []
    for each in given if isinstance(given, list) else [given]:
        name = str(each.get("id") if isinstance(each, dict) else each)
        iri = (expand(name) or name).removeprefix(PK)
        if iri not in CLASSES:
            known = ", ".join(f"pk:{known}" for known in CLASSES)
            raise ParameterError(f"there is no type '{name}' here; choose of {known}")
        classes.append(PK + iri)
    return tuple(classes)


def _most(given: object) -> int:
    """Return how many candidates a query asks for."""
    if given is None:
        return _LIMIT
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise ParameterError(f"'limit' is a whole number from 1 to {_MAX_LIMIT}, not '{given}'")
    return min(given, _MAX_LIMIT)


def _candidate(candidate: Candidate, match: bool) -> dict[str, object]:  # noqa: FBT001
    thing = candidate.thing
    return {
        "id": _id(thing),
        "name": thing.label,
        "type": _types(thing),
        "score": candidate.score,
        "match": match,
        "features": [{"id": "name-likeness", "value": candidate.score}],
    }


def _id(thing: Thing) -> str:
    return thing.iri.removeprefix(BASE)


def _types(thing: Thing) -> list[dict[str, str]]:
    return [_type(iri) for iri in sorted(thing.classes)]


def _type(iri: str) -> dict[str, str]:
    """Return the class *iri* with its label."""
    term = ontology.terms().get(iri)
    return {"id": iri, "name": term.label if term else iri.removeprefix(PK)}
