"""
Describe the API, from the headers of the queries.

Source:
    OpenAPI 3.1.0: https://spec.openapis.org/oas/v3.1.0
    JSON Schema 2020-12: https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pkgraph import catalogue, ontology, resources, terms
from pkgraph.web import negotiation
from pkgraph.web.api import asking, contributions, problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.catalogue import Parameter, Query

#: JSON as Python has it.
Json = dict[str, object]

_TEXT: Final[Json] = {"type": "string"}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_ALWAYS: Final = "always bound"
_LARGEST: Final = 10**terms.MAX_DIGITS - 1
_SCHEMAS: Final[Mapping[str, Json]] = {
    "Problem": {
        "type": "object",
        "description": "What is wrong, and what may have been meant.",
        "required": ["type", "title", "status", "detail", "error", "candidates"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong, and what to do."},
            "error": {"type": "string", "description": "The class of the error."},
            "candidates": {"type": "array", "items": {"$ref": "#/components/schemas/Candidate"}},
        },
    },
    "Candidate": {
        "type": "object",
        "required": ["value", "iri", "label"],
        "properties": {
            "value": {"type": "string", "description": "What to give instead."},
            "iri": {"type": ["string", "null"]},
            "label": {"type": ["string", "null"]},
        },
    },
    "Column": {
        "type": "object",
        "required": ["name", "description", "datatypes"],
        "properties": {
            "name": _TEXT,
            "description": _TEXT,
            "datatypes": {
                "type": "array",
                "items": _TEXT,
                "description": "What its values are: 'iri', or the names of XML Schema datatypes.",
            },
        },
    },
    "Query": {
        "type": "object",
        "required": ["name", "summary", "version", "parameters", "columns", "address"],
        "properties": {
            **dict.fromkeys(("name", "topic", "summary", "description", "version"), _TEXT),
            "tags": {"type": "array", "items": _TEXT},
            "parameters": {"type": "array", "items": {"type": "object"}},
            "columns": {"type": "array", "items": {"type": "object"}},
            "address": _TEXT,
        },
    },
    "State": {
        "type": "object",
        "required": ["status", "release"],
        "properties": {"status": _TEXT, "release": _TEXT, "triples": _COUNT},
    },
}
_HEADERS: Final[Mapping[str, Json]] = {
    "ETag": {"description": "Send it back in If-None-Match.", "schema": _TEXT},
    "Link": {"description": "cite-as, and next where there are more rows.", "schema": _TEXT},
    "Pkgraph-Citation": {"description": "How to cite the rows.", "schema": _TEXT},
    "Pkgraph-Total": {"description": "How many rows there are.", "schema": _COUNT},
}
_PAGING: Final[tuple[Json, ...]] = (
    {
        "name": asking.OFFSET,
        "in": "query",
        "description": "how many rows to leave out at the beginning",
        "schema": {**_COUNT, "maximum": asking.MAX_NUMBER, "default": 0},
    },
    {
        "name": asking.LIMIT,
        "in": "query",
        "description": "how many rows to give at most; all, if left out",
        "schema": {"type": "integer", "minimum": 1, "maximum": asking.MAX_NUMBER},
    },
)
_SOURCE: Final[Json] = {
    "name": asking.SOURCE,
    "in": "query",
    "description": "the slug of an encoded work, or several: ask only what these say",
    "schema": {"type": "array", "items": {"type": "string", "minLength": 1}},
}


def document(base_url: str, *, contributing: bool = False) -> Json:
    """Return the description of the API at *base_url*, which may take contributions."""
    queries = catalogue.catalogue()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pkgraph",
            "summary": "Canned queries to a knowledge graph of peacekeeping scholarship.",
            "description": "Each query can also be had by an ending of its address: "
            f"{', '.join(f'.{name}' for name in asking.FORMATS)}.",
            "version": resources.version(),
            "license": {"name": "Apache-2.0 AND CC-BY-4.0"},
        },
        "servers": [{"url": base_url or "/"}],
        "tags": [{"name": topic} for topic in dict.fromkeys(query.topic for query in queries)],
        "paths": {
            "/api/queries": _plain(
                "list_queries",
                "The canned queries",
                {"type": "array", "items": {"$ref": "#/components/schemas/Query"}},
            ),
            **{f"/api/queries/{query.name}": {"get": _operation(query)} for query in queries},
            "/health": _plain("health", "The state of the server", _reference("State")),
            "/ready": _plain("ready", "Whether the store answers", _reference("State")),
            **(contributions.paths() if contributing else {}),
        },
        "components": {
            "schemas": {
                **_SCHEMAS,
                **(contributions.SCHEMAS if contributing else {}),
                **{query.name: _answer(query) for query in queries},
            },
            "securitySchemes": dict(contributions.SECURITY_SCHEMES) if contributing else {},
            "responses": {
                "Problem": {
                    "description": "What is wrong.",
                    "content": {problems.MEDIA_TYPE: {"schema": _reference("Problem")}},
                },
                "Unchanged": {"description": "The answer is the one that the asker has."},
            },
        },
    }


def _reference(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _plain(operation: str, summary: str, schema: Json) -> Json:
    """Return the path of an operation that takes nothing and gives JSON."""
    told = {"description": "Done.", "content": {"application/json": {"schema": schema}}}
    return {"get": {"operationId": operation, "summary": summary, "responses": {"200": told}}}


def _operation(query: Query) -> Json:
    """Return how *query* is asked and answered."""
    forms: dict[str, Json] = {"application/json": {"schema": _reference(query.name)}}
    for name in asking.FORMATS[1:]:
        form = negotiation.MEDIA_TYPES[name][0]
        forms[form] = {"schema": {"type": "array"} if name == "csl" else _TEXT}
    parameters = [_parameter(each) for each in query.parameters]
    return {
        "operationId": query.name.replace("-", "_"),
        "summary": query.summary,
        "description": query.description,
        "tags": [query.topic],
        "parameters": [*parameters, *[_SOURCE] * asking.narrows(query), *_PAGING],
        "responses": {
            "200": {"description": "The rows.", "headers": _HEADERS, "content": forms},
            "304": {"$ref": "#/components/responses/Unchanged"},
            **{
                str(status): {"$ref": "#/components/responses/Problem"}
                for status in (400, 404, 406, 422, 503)
            },
        },
    }


def _parameter(parameter: Parameter) -> Json:
    """Return how a value of *parameter* is written."""
    told: Json = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.description or parameter.name}: {catalogue.wanted(parameter)}",
        "schema": _schema(parameter),
    }
    if parameter.example is not None:
        told["example"] = _typed(parameter, parameter.example)
    return told


def _schema(parameter: Parameter) -> Json:
    schema: Json
    if parameter.kind == "choice":
        schema = {"type": "string", "enum": _options(parameter)}
    elif parameter.kind == "integer":
        schema = {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST}
    elif parameter.kind == "year":
        schema = {"type": "string", "pattern": "^[0-9]{4}$"}
    elif parameter.kind == "date":
        schema = {"type": "string", "format": "date"}
    else:
        schema = {"type": "string", "minLength": 1, "maxLength": terms.MAX_CHARACTERS}
    if parameter.default is not None:
        schema["default"] = _typed(parameter, parameter.default)
    return schema


def _options(parameter: Parameter) -> list[str]:
    """Return the values that a choice has; those of a list by the last part of their IRI."""
    if not parameter.scheme:
        return list(parameter.options)
    return sorted(
        term.iri.rpartition("/")[2]
        for term in ontology.terms().values()
        if parameter.scheme in term.parents
    )


def _typed(parameter: Parameter, text: str) -> str | int:
    """Return *text* as a value of the schema of *parameter*."""
    if parameter.kind == "integer":
        return int(text)
    return text.rpartition(":")[2] if parameter.scheme else text


def _answer(query: Query) -> Json:
    """Return the schema of an answer to *query*."""
    properties: dict[str, Json] = {
        "query": {"const": query.name},
        "version": {"const": query.version},
        "release": {"type": "string", "description": "The state of the graph."},
        "parameters": {"type": "object", "additionalProperties": _TEXT},
        "complete": {"type": "boolean", "description": "Whether these are all rows."},
        "total": _COUNT,
        "offset": _COUNT,
        "limit": {"type": ["integer", "null"]},
        "next": {"type": ["string", "null"], "description": "The address of the rows after."},
        "columns": {"type": "array", "items": _reference("Column")},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: _column(query, name) for name in query.columns},
                "required": list(query.columns),
                "additionalProperties": False,
            },
        },
        "citation": {"type": "string", "description": "How to cite the rows."},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _column(query: Query, name: str) -> Json:
    """Return the schema of a value of a column: what has a label is an IRI."""
    text = query.columns[name]
    kinds = ["string"]
    if f"{name}_label" not in query.columns and not name.endswith("_label"):
        kinds += ["number", "boolean"]
    kinds += [] if text.endswith(_ALWAYS) else ["null"]
    return {"type": kinds, "description": text}
