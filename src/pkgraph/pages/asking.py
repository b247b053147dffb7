"""Ask a store for rows of text, in which an IRI is told apart from a literal, and for names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology, search, terms
from pkgraph.namespaces import BASE, compact
from pkgraph.pages.reading import labels_of, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.store import Store

#: How many rows of a list a page has.
PAGE: Final = 60
#: How many claims are looked through for the pages of a thing that very many may be joined to; its
#: table has all.
MOST: Final = 2000
_PREFIXES = search.PREFIXES + "".join(
    f"PREFIX {scheme}: <{BASE}scheme/{scheme}/>\n" for scheme in ("basis", "relation", "role")
)


class Iri(str):
    """The IRI of a thing: a text that no literal is taken for."""

    __slots__ = ()


def ask(store: Store, columns: str, where: str, rest: str = "") -> list[tuple[str, ...]]:
    """
    Return the rows of a SELECT DISTINCT of *columns*; what is not bound is an empty text.

    ``rest`` is what comes after the pattern *where*. The prefixes are those of search, and those
    of the lists basis, relation and role.
    """
    text = f"{_PREFIXES}SELECT DISTINCT {columns} WHERE {{ {where} }} {rest}"
    return [tuple(map(_text, row)) for row in rows(store, text)]


def values(name: str, iris: Iterable[str]) -> str:
    """Return the VALUES block that binds ?*name* to each of *iris*."""
    return f"VALUES ?{name} {{ {' '.join(str(terms.iri(each)) for each in iris)} }}"


def names(store: Store, *parts: object) -> Mapping[str, str]:
    """Return what each thing is called whose IRI is somewhere in *parts*."""
    iris = sorted({iri for part in parts for iri in _iris(part)})
    labels = labels_of(store, iris)
    return {iri: search.text_of(labels[iri]) if iri in labels else _declared(iri) for iri in iris}


def number(text: str) -> int:
    """Return the whole number that *text* is; 0 if it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - lines of a text


def word(iri: str) -> str:
    """
    Return the last part of the IRI of a value of a closed list.

    >>> word("https://w3id.org/pkgraph/scheme/voice/disputed")
    'disputed'
    """
    return iri.rpartition("/")[2]


def _text(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    return search.text_of(term) if isinstance(term, ox.Literal) else ""


def _declared(iri: str) -> str:
    term = ontology.terms().get(iri)
    return term.label if term else compact(iri)


def _iris(part: object) -> Iterator[str]:
    """Yield the IRIs in *part*: itself, or those in its fields and items."""
    if isinstance(part, Iri):
        yield part
    elif isinstance(part, tuple | list | set | frozenset):
        for each in part:
            yield from _iris(each)
    elif isinstance(part, Mapping):
        for each in part.items():
            yield from _iris(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _iris(getattr(part, field.name))
