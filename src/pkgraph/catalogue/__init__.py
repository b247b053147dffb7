"""
Read the canned queries in ``queries/`` and bind values to their parameters.

A query is one file ``queries/<topic>/<name>.rq``: a YAML header in ``#+`` comments, then plain
SPARQL 1.1. Each parameter is a variable that a one-row block ``VALUES ?parameter { term }`` gives
its example (or ``UNDEF``, where it may be left out), so the file runs as it stands in any SPARQL
tool. Binding swaps that row for another RDF term, and may put the pattern ``begin`` of its header,
if it has one, after it; nothing else in the text changes.

The header is a mapping with the keys

``summary``, ``description``
    What the query answers, in a line and in full.
``parameters``
    A mapping from name to a mapping: ``kind`` (iri, string, integer, year, date or choice);
    for an iri ``class``, the CURIEs of the classes it may be of (left out: any thing); for a
    choice ``options``, the name of a scheme or a list of CURIEs or plain words; ``required``
    (left out: false); ``default``, which stands in where it is left out; ``example``; ``begin``,
    a pattern from which an engine can begin where the parameter is given, and which the query
    says in a filter as well; and ``description``.
``columns``
    A mapping from the name of each column, in the order of the projection, to what it holds.
``tags``, ``version``
    Words to find it by, and a version of three numbers.

This module never touches a store: it hands back text. :mod:`pkgraph.resolution` turns what a
person types into terms, :mod:`pkgraph.store` runs the text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pkgraph import resources
from pkgraph.catalogue.header import read
from pkgraph.catalogue.query import Kind, Parameter, Query, Term, bind, plain_term, wanted, write
from pkgraph.errors import InputError, UnknownQueryError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Kind",
    "Parameter",
    "Query",
    "Term",
    "bind",
    "catalogue",
    "find",
    "plain_term",
    "read",
    "wanted",
    "write",
]


@cache
def catalogue() -> tuple[Query, ...]:
    """
    Return every query, sorted by topic and name.

    Raises:
        InputError: A file is not a canned query, or two have the same name.
    """
    queries = tuple(read(path) for path in _files())
    seen: dict[str, Query] = {}
    for query in queries:
        if query.name in seen:
            raise InputError(
                f"{query.path}: {seen[query.name].path} has the same name; rename one of them"
            )
        seen[query.name] = query
    return queries


@cache
def find(name: str) -> Query:
    """
    Return the query *name*; no file but its own is opened.

    Raises:
        UnknownQueryError: There is no query of this name.
        InputError: Its file is not a canned query.
    """
    files = _files()
    for path in files:
        if path.stem == name:
            return read(path)
    from difflib import get_close_matches

    names = sorted(path.stem for path in files)
    parts = set(name.casefold().split("-"))
    near = get_close_matches(name.casefold(), names, n=3)
    near += [other for other in names if parts & set(other.split("-")) and other not in near]
    hint = f"did you mean {' or '.join(near[:3])}? " if near else ""
    raise UnknownQueryError(
        f"there is no query '{name}'; {hint}`pkgraph queries` lists them all", near[:3]
    )


def _files() -> list[Path]:
    return resources.data_files("queries", ".rq")
