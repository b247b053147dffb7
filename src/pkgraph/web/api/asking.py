"""Read what a request asks: a query, values for its parameters, sources, a part and a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import catalogue
from pkgraph.errors import ParameterError
from pkgraph.web.things import acceptable, ending

if TYPE_CHECKING:
    from starlette.requests import Request

#: The forms of an answer, by the ending of its address; the first is for whom all do.
FORMATS: Final = ("json", "csv", "bib", "ris", "csl")
#: The largest number that ``offset`` and ``limit`` may be.
MAX_NUMBER: Final = 1_000_000_000
#: The parameters that every query has here, besides its own.
SOURCE: Final = "source"
OFFSET: Final = "offset"
LIMIT: Final = "limit"


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked: ``values`` for the parameters of ``query``, as they were typed.

    ``sources`` are the encoded works that alone are asked; none is all. ``limit`` is None where all
    rows after the first ``offset`` are wanted.
    """

    query: catalogue.Query
    values: dict[str, str]
    sources: tuple[str, ...]
    offset: int
    limit: int | None
    format_name: str


def narrows(query: catalogue.Query) -> bool:
    """Tell whether ``source`` narrows the graph for *query*, which then has no such parameter."""
    return all(each.name != SOURCE for each in query.parameters)


def read(request: Request) -> Asked:
    """
    Return what *request* asks.

    Raises:
        UnknownQueryError: There is no query of this name.
        ParameterError: A parameter is unknown or missing, given twice, or no number.
        HTTPException: No form is acceptable (406).
    """
    name, format_name = ending(request.path_params["name"], FORMATS)
    query = catalogue.find(name)
    format_name = format_name or acceptable(request, FORMATS)
    values: dict[str, str] = {}
    sources: list[str] = []
    for key, text in request.query_params.multi_items():
        value = text.strip()
        if key == SOURCE and narrows(query):
            sources += [value] if value else []
        elif key in values:
            raise ParameterError(f"'{key}' is given twice; give it one value")
        elif value:
            values[key] = value
    offset, limit = values.pop(OFFSET, "0"), values.pop(LIMIT, None)
    query.require(values)
    return Asked(
        query=query,
        values=values,
        sources=tuple(sources),
        offset=number(OFFSET, offset, 0),
        limit=None if limit is None else number(LIMIT, limit, 1),
        format_name=format_name,
    )


def number(name: str, text: str, least: int) -> int:
    """
    Return the whole number *text*, the value of the parameter *name*.

    Raises:
        ParameterError: It is none, or smaller than *least*.
    """
    if re.fullmatch(r"[0-9]{1,10}", text) and least <= int(text) <= MAX_NUMBER:
        return int(text)
    raise ParameterError(
        f"'{name}' is a whole number from {least} to {MAX_NUMBER}, not '{text[:40]}'"
    )
