"""
The dataset of a query: which graphs it is asked of.

A query may name its graphs itself, by FROM and FROM NAMED, or whoever sends it may. Graphs are only
ever taken from the store that is asked: one that it has not is empty, and nothing is fetched.

Source:
    SPARQL 1.1 Query Language, section 13: https://www.w3.org/TR/sparql11-query/#rdfDataset
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from pkgraph import terms
from pkgraph.namespaces import BASE
from pkgraph.sparql import FORMS, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORD: Final = re.compile(r"\bfrom", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dataset:
    """
    The graphs of a query.

    ``default`` are those that are merged into its default graph, ``named`` those that GRAPH finds.
    """

    default: tuple[ox.NamedNode, ...]
    named: tuple[ox.NamedNode, ...]

    @classmethod
    def of(cls, default: Iterable[str], named: Iterable[str]) -> Dataset | None:
        """
        Return the dataset of the graphs with these IRIs; None if there are none at all.

        Raises:
            ParameterError: One is not an absolute IRI.

        >>> Dataset.of(["https://example.org/a", "https://example.org/a"], []).default
        (<NamedNode value=https://example.org/a>,)
        """
        dataset = cls(*(tuple(dict.fromkeys(map(terms.iri, iris))) for iris in (default, named)))
        return dataset if dataset.default or dataset.named else None


def stated(text: str) -> Dataset | None:
    """
    Return the dataset that the query *text* names by FROM and FROM NAMED; None if it names none.

    The engine resolves prefixes and relative IRIs itself: it is asked, of no data, which graphs
    there are in a query that begins alike. Where it cannot read even that, the answer is None, and
    the query as a whole is what it tells about.

    >>> stated("PREFIX : <https://example.org/> SELECT * FROM :a FROM NAMED <b> {}").named
    (<NamedNode value=https://w3id.org/pkgraph/b>,)
    """
    if not _WORD.search(text):
        return None
    prologue, default, named = _clauses(text)
    if not default and not named:
        return None
    empty = ox.Store()

    def resolved(sources: Iterable[str]) -> tuple[ox.NamedNode, ...]:
        clauses = "".join(f"FROM NAMED {source}\n" for source in sources)
        if not clauses:
            return ()
        probe = f"{prologue}\nSELECT ?g {clauses}{{ GRAPH ?g {{}} }}"
        rows = cast("Iterable[Mapping[str, ox.NamedNode]]", empty.query(probe, base_iri=BASE))
        return tuple(dict.fromkeys(row["g"] for row in rows))

    try:
        return Dataset(resolved(default), resolved(named))
    except SyntaxError:
        return None


def _clauses(text: str) -> tuple[str, list[str], list[str]]:
    """Return the prologue of *text*, and what stands after its FROM and after its FROM NAMED."""
    prologue: str | None = None
    depth = 0
    default: list[str] = []
    named: list[str] = []
    taker: list[str] | None = None
    for token in TOKEN.finditer(text):
        word = token[0].upper() if token["name"] else ""
        if token["comment"]:
            continue
        if prologue is None:
            prologue = text[: token.start()] if word in FORMS else None
        elif taker is default and word == "NAMED":
            taker = named
        elif taker is not None:
            taker.append(token[0])
            taker = None
        elif word == "FROM" and not depth:
            taker = default
        depth += bool(token["open"]) - bool(token["close"])
    return prologue or "", default, named
