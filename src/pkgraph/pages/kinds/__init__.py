"""
Say what the page of a thing has that is of a kind for which there is more than statements.

Each kind has a module: ``pairs`` gives the claims that a page is about, each with what it is to
the thing, ``page`` one page of them and of the rest. What a page tells of things it tells by their
IRIs; :func:`read` adds what they are called. The templates of the server turn it into HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import ontology, terms
from pkgraph.errors import NotFoundError
from pkgraph.namespaces import PK, compact
from pkgraph.pages import asking
from pkgraph.pages.asking import PAGE
from pkgraph.pages.kinds import (
    actor,
    claim,
    concept,
    debate,
    norm,
    operation,
    passage,
    state,
    table,
    work,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pkgraph.pages.kinds.claims import Pair
    from pkgraph.results import Table
    from pkgraph.store import Store

__all__ = ["PAGE", "Kind", "Page", "classes", "kind_of", "read", "tabulate"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its name, and what reads it from a store."""

    name: str
    pairs: Callable[[Store, str], list[Pair]]
    page: Callable[[Store, str, int], object]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page has, what the things in it are called, and whether there is another after it."""

    kind: str
    content: object
    names: Mapping[str, str]
    more: bool


#: The classes of what is of an order, and of orders themselves.
NORMS: Final = ("Norm", "Principle", "LegalRule", "StateMonopoly", "Instrument", "Order")
#: The kinds by the class of the things; a narrower class goes before a wider one.
_KINDS: Final = tuple(
    (PK + class_, Kind(name, module.pairs, module.page))
    for class_, name, module in (
        ("Typology", "typology", claim),
        ("Claim", "claim", claim),
        ("Proposition", "debate", debate),
        ("Work", "work", work),
        ("Passage", "passage", passage),
        ("Concept", "concept", concept),
        ("Process", "concept", concept),
        ("Person", "actor", actor),
        ("Organization", "actor", actor),
        ("Organ", "actor", actor),
        ("Office", "actor", actor),
        ("ActorGroup", "actor", actor),
        ("State", "state", state),
        ("Operation", "operation", operation),
        *((class_, "norm", norm) for class_ in NORMS),
    )
)


def kind_of(classes: Iterable[str]) -> Kind | None:
    """
    Return the kind of page of a thing of *classes*; None if there is no more than statements.

    >>> kind_of(["https://w3id.org/pkgraph/ontology#Definition"]).name
    'claim'
    """
    above = {wide for each in classes for wide in ontology.superclasses(each)}
    return next((kind for class_, kind in _KINDS if class_ in above), None)


def classes(store: Store, iri: str) -> tuple[str, ...]:
    """Return the classes of the thing *iri*."""
    return tuple(each for (each,) in asking.ask(store, "?class", f"{terms.iri(iri)} a ?class"))


def read(store: Store, kind: Kind, iri: str, number: int = 1) -> Page:
    """
    Return page *number* of the thing *iri*, which is of a *kind*.

    Raises:
        NotFoundError: There is no such page.
    """
    if number > 1 and not _has(store, kind, iri, number):
        raise NotFoundError(f"there is no page {number} about {compact(iri)}", (iri,))
    content = kind.page(store, iri, number)
    return Page(kind.name, content, asking.names(store, content), getattr(content, "more", False))


def tabulate(store: Store, kind: Kind, iri: str) -> Table:
    """Return all claims of the page of *iri*, which is of a *kind*, as one table."""
    return table.of(store, kind.pairs(store, iri))


def _has(store: Store, kind: Kind, iri: str, number: int) -> bool:
    """Tell whether there is a page *number*: the page before it says that there are more."""
    return getattr(kind.page(store, iri, number - 1), "more", False) is True
