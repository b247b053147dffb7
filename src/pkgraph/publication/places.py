"""
Say which file has what an address of the site gives, and which IRIs have a page at all.

``/`` is index.html, a list ``/operation`` is operation/index.html, a thing ``/operation/onuc`` is
operation/onuc.html, and ``/operation/onuc.ttl`` is itself. A part of a page, or a map of a year, is
asked for by a parameter; its file has that after a ``~``, which no name of a thing has.

Names come from data, which anybody may have written. So an address has a file only if every part of
it is a plain name: nothing leads out of the folder, or to a file that a server hides or obeys.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from pkgraph import search
from pkgraph.namespaces import BASE, GRAPH
from pkgraph.web.negotiation import MEDIA_TYPES

if TYPE_CHECKING:
    from pkgraph.store import Store

#: The endings of files that the site has; a name with one of them would be taken for a document.
ENDINGS: Final = frozenset({*MEDIA_TYPES, "css", "dot", "gz", "js", "png", "svg", "txt"})
#: The first parts of addresses that are no things.
RESERVED: Final = frozenset(
    {
        "api",
        "check",
        "contributions",
        "health",
        "map",
        "metrics",
        "queries",
        "ready",
        "reconcile",
        "sparql",
        "static",
        "suggest",
        "templates",
        "timeline",
        "w3id",
    }
)
#: Addresses of one part that are a document and no list.
_DOCUMENTS: Final = frozenset({"dataset", "ontology", "search", "shapes", "world"})
#: The parameters that make another file of an address.
_PARAMETERS: Final = frozenset({"operation", "page", "year"})
_SEGMENT: Final = re.compile(r"[a-z][a-z-]*")
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_PLAIN: Final = re.compile(
    r"(?:\.well-known/)?[A-Za-z0-9_-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._~-]*)*"
)
#: Of how many addresses it is remembered which file they have: all pages lead to the same ones.
_REMEMBERED: Final = 1 << 16
#: The longest name of a thing: with what is put after it, file systems take it.
_LONGEST: Final = 200


@lru_cache(_REMEMBERED)
def file_of(address: str) -> str | None:
    """
    Return the path of the file that has what *address* gives; None if none can.

    >>> file_of("/"), file_of("/operation"), file_of("/operation?page=2")
    ('index.html', 'operation/index.html', 'operation/index~page-2.html')
    >>> file_of("/operation/onuc"), file_of("/operation/onuc.ttl"), file_of("/world.svg?year=1960")
    ('operation/onuc.html', 'operation/onuc.ttl', 'world~year-1960.svg')
    >>> file_of("/claim/../../etc/passwd"), file_of("/.htaccess"), file_of("/sparql?query=x")
    (None, None, None)
    """
    path, _, query = address.partition("?")
    stem, ending = _split(unquote(path).removeprefix("/"))
    given = parse_qsl(query, keep_blank_values=True)
    if len(given) > 1 or not {name for name, _ in given} <= _PARAMETERS:
        return None
    for name, value in given:
        last = value.rpartition(":")[2]
        stem += "" if (name, last) == ("page", "1") else f"~{name}-{last}"
    file = f"{stem}.{ending}" if ending else stem
    return file if _PLAIN.fullmatch(file) else None


def has_name(iri: str) -> bool:
    """
    Tell whether a file can be called as the thing *iri* is.

    >>> has_name(BASE + "operation/onuc"), has_name(BASE + "claim/../x"), has_name(BASE + "map/x")
    (True, False, False)
    """
    segment, *names = iri.removeprefix(BASE).split("/")
    return (
        iri.startswith(BASE)
        and bool(names)
        and bool(_SEGMENT.fullmatch(segment))
        and segment not in RESERVED
        and len(iri) <= len(BASE) + 2 * _LONGEST
        and all(len(name) <= _LONGEST and _NAME.fullmatch(name) for name in names)
        and _split(names[-1])[0] == f"{names[-1]}/index"
        and names[-1] != "index"
    )


def things(store: Store) -> tuple[frozenset[str], frozenset[str]]:
    """
    Return the IRIs under our base that *store* has: those that get a page, and those without.

    A graph that is only spoken of has no document, and is neither.
    """
    ours = f'FILTER(STRSTARTS(STR(?thing), "{BASE}"))'
    no_graph = f'FILTER(!STRSTARTS(STR(?thing), "{GRAPH}"))'
    rows = search.texts(
        store.query(
            f"SELECT DISTINCT ?thing WHERE {{ {{ ?thing ?p ?o {ours} {no_graph} }} UNION "
            f"{{ ?s ?p ?thing FILTER(ISIRI(?thing)) {ours} {no_graph} }} UNION "
            f"{{ GRAPH ?thing {{ ?s ?p ?o }} {ours} }} }}"
        )
    )
    iris = {iri for (iri,) in rows if iri.partition("#")[0].removeprefix(BASE) not in _OURS}
    with_page = frozenset(filter(has_name, iris))
    return with_page, frozenset(iris - with_page)


def has_page(iri: str, known: frozenset[str]) -> bool:
    """Tell whether there is a page about *iri*, where those about things are about the *known*."""
    return iri in known or iri.partition("#")[0].removeprefix(BASE) in _OURS


#: What has a page of ours without being a thing of the graph; of two, the fragments are terms.
_OURS: Final = frozenset({"", "dataset", "ontology", "shapes"})


def _split(path: str) -> tuple[str, str]:
    """Return what stands before the ending of the file that has *path*, and the ending, if any."""
    bare, dot, ending = path.rpartition(".")
    if path.startswith((".well-known/", "static/")):
        return path, ""
    if dot and ending in ENDINGS and "/" not in ending:
        return bare, ending
    if not path:
        return "index", "html"
    return (path if "/" in path or path in _DOCUMENTS else f"{path}/index"), "html"
