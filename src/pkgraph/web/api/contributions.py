"""
Describe how contributions are made and read, for a server that takes them.

Source:
    OpenAPI 3.1.0, security schemes: https://spec.openapis.org/oas/v3.1.0#security-scheme-object
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.web import checking
from pkgraph.web.api.asking import LIMIT, OFFSET

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, object]

_TEXT: Final[Json] = {"type": "string"}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_RECORD: Final[Json] = {"$ref": "#/components/schemas/Contribution"}
_SECURITY: Final[list[Json]] = [{"token": []}]
_NAME: Final[Json] = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "the contribution, as it is listed",
    "schema": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}-[1-9][0-9]{0,8}$"},
}

SECURITY_SCHEMES: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "What whoever runs the server gave a contributor.",
        }
    }
)
SCHEMAS: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "Contribution": {
            "type": "object",
            "description": "What is on record of a contribution.",
            "required": ["id", "iri", "by", "at", "graph", "statements", "files", "state"],
            "properties": {
                **dict.fromkeys(("id", "iri", "by", "at", "graph", "shapes", "shown"), _TEXT),
                "statements": _COUNT,
                "files": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"name": _TEXT, "sha256": _TEXT, "bytes": _COUNT},
                    },
                },
                "nanopublications": {"type": "array", "items": _TEXT},
                "state": {"enum": ["in the store", "withdrawn", "replaced"]},
                "end": {"type": ["object", "null"]},
                "verdict": {"$ref": "#/components/schemas/Verdict"},
            },
        },
        "Verdict": {
            "type": "object",
            "required": ["conforms", "accepted", "counts", "findings"],
            "properties": {
                "conforms": {"type": "boolean", "description": "There is nothing to tell."},
                "accepted": {"type": "boolean", "description": "Nothing violates a shape."},
                "counts": {"type": "object", "additionalProperties": _COUNT},
                "findings": {"type": "array", "items": {"type": "object"}},
            },
        },
    }
)


def paths() -> dict[str, Json]:
    """Return the paths of contributions."""
    return {
        "/contributions": {"get": _list(), "post": _give()},
        "/contributions/{name}": {"get": _show(), "delete": _withdraw()},
    }


def _list() -> Json:
    listed: Json = {
        "type": "object",
        "required": ["total", "offset", "limit", "next", "contributions"],
        "properties": {
            "total": _COUNT,
            "offset": _COUNT,
            "limit": _COUNT,
            "next": {"type": ["string", "null"]},
            "contributions": {"type": "array", "items": _RECORD},
        },
    }
    return {
        "operationId": "list_contributions",
        "summary": "The contributions to the store, the oldest first",
        "parameters": [
            _query(OFFSET, "how many to leave out at the beginning", _COUNT),
            _query(LIMIT, "how many to give at most", {"type": "integer", "minimum": 1}),
        ],
        "responses": {"200": _told("What is on record.", listed), **_problems(400, 406, 503)},
    }


def _give() -> Json:
    return {
        "operationId": "contribute",
        "summary": "Contribute a file",
        "description": "It is checked and, if it conforms, taken in, whole or not at all, in the "
        "name of the ORCID iD that the token stands for.",
        "security": _SECURITY,
        "parameters": [
            _query("name", "what the file is called on record", _TEXT),
            _query("replaces", "a contribution of one's own that leaves the store", _TEXT),
        ],
        "requestBody": {"required": True, "content": _texts(*checking.NAMES)},
        "responses": {
            "201": {
                **_told("It was taken in.", _RECORD),
                "headers": {"Location": {"description": "Where it is shown.", "schema": _TEXT}},
            },
            "422": _verdict("It does not conform, and nothing was done."),
            **_problems(400, 401, 403, 404, 406, 409, 413, 415, 429, 503),
        },
    }


def _show() -> Json:
    told: Json = {
        "description": "What is on record (JSON), what it says (Turtle) or changes (Markdown).",
        "content": {
            "application/json": {"schema": _RECORD},
            **_texts("text/turtle", "text/markdown"),
        },
    }
    return {
        "operationId": "show_contribution",
        "summary": "One contribution",
        "parameters": [_NAME],
        "responses": {"200": told, **_problems(400, 404, 406, 503)},
    }


def _withdraw() -> Json:
    done: Json = {"type": "object", "properties": {"id": _TEXT, "state": _TEXT, "shown": _TEXT}}
    return {
        "operationId": "withdraw_contribution",
        "summary": "Take back a contribution of one's own; it stays on record",
        "security": _SECURITY,
        "parameters": [_NAME, _query("reason", "why, for the record", _TEXT)],
        "responses": {
            "200": _told("It was taken back.", done),
            "409": _verdict("Others rest on it, or it has left the store already."),
            **_problems(400, 401, 403, 404, 406, 429, 503),
        },
    }


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _told(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _verdict(description: str) -> Json:
    content = {
        "application/json": {"schema": {"$ref": "#/components/schemas/Verdict"}},
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        **_texts("application/sarif+json", "text/markdown", "text/turtle"),
    }
    return {"description": description, "content": content}


def _texts(*media_types: str) -> dict[str, Json]:
    """Return the content of a body that is a text of one of *media_types*."""
    return {each: {"schema": _TEXT} for each in media_types}


def _problems(*statuses: int) -> Json:
    return {str(status): {"$ref": "#/components/responses/Problem"} for status in statuses}
