"""What the page of an operation has: what lists say of it, and what claims use it for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph import terms
from pkgraph.pages.asking import Iri, ask
from pkgraph.pages.atlas import operations
from pkgraph.pages.kinds import claims, facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.pages.atlas.operations import Operation
    from pkgraph.pages.few import Few
    from pkgraph.pages.kinds.claims import Claim, Link, Pair
    from pkgraph.pages.kinds.facts import Code, Fact, Personnel, Source
    from pkgraph.store import Store

#: How many rows of personnel a page has.
_SENT = 60
#: How an operation is joined to others: in words, from it and to it.
_WAYS = {
    "pk:succeededBy": ("succeeded by", "preceded by"),
    "pk:transferredAuthorityTo": ("transferred authority to", "took authority over from"),
    "pk:assistedBy": ("assisted by", "assisted"),
    "pk:componentOf": ("component of", "its components"),
    "dcterms:isReplacedBy": ("replaced by", "replaces"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis of an operation, who issued it, and the graphs that say so."""

    iri: str
    issuers: tuple[str, ...]
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationPage(facts.Sourced):
    """
    What the graph tells of an operation.

    ``facts`` are what the lists say, by the property. ``uses`` are the claims that put it forward
    as a case or are about it, ``purposes`` the links by which these support or attack something,
    and ``targets`` the claims among what they bear on.
    """

    operation: Operation | None
    facts: Mapping[str, tuple[Fact, ...]]
    bases: tuple[Basis, ...]
    neighbours: Mapping[str, tuple[str, ...]]
    codes: tuple[Code, ...]
    personnel: Few[Personnel]
    sources: tuple[Source, ...]
    uses: tuple[tuple[str, Claim], ...]
    total: int
    purposes: tuple[Link, ...]
    targets: Mapping[str, Claim]
    more: bool

    def used_for(self, claim: str) -> tuple[Link, ...]:
        """Return what *claim* is used for."""
        return tuple(each for each in self.purposes if each.source == claim)


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that use the operation *iri* as a case, then those about it."""
    operation = terms.iri(iri)
    rows = ask(
        store,
        "?claim ?how",
        f'{{ ?claim pk:case {operation} ; a pk:Claim BIND("puts it forward as a case" AS ?how) }} '
        f'UNION {{ ?claim pk:about {operation} ; a pk:Claim BIND("is about it" AS ?how) }}',
        "ORDER BY DESC(?how) ?claim",
    )
    found: dict[str, str] = {}
    for claim, how in rows:
        found.setdefault(claim, how)
    return [(how, claim) for claim, how in found.items()]


def page(store: Store, iri: str, number_of_page: int) -> OperationPage:
    """Return a page of the operation *iri*."""
    known = pairs(store, iri)
    shown, more = claims.window(known, number_of_page)
    told = claims.read(store, (claim for _, claim in shown))
    purposes = claims.links(store, told, "from")
    said = facts.read(store, iri)
    every = operations.read(store, iri)
    return OperationPage(
        operation=every[0] if every else None,
        facts=said,
        bases=_bases(store, said.get("legalBasis", ())),
        neighbours=_neighbours(store, iri),
        codes=facts.codes(store, said),
        personnel=facts.personnel(store, iri, "toOperation", _SENT),
        sources=facts.sources(store, iri, said),
        uses=tuple((how, told[claim]) for how, claim in shown if claim in told),
        total=len(known),
        purposes=tuple(purposes),
        targets=claims.read(store, (each.target for each in purposes)),
        more=more,
    )


def _bases(store: Store, known: tuple[Fact, ...]) -> tuple[Basis, ...]:
    """Return the legal bases that the facts *known* name."""
    found = []
    for each in known:
        if isinstance(each.value, Iri):
            rows = ask(store, "?by", f"{terms.iri(each.value)} pk:issuedBy ?by", "ORDER BY ?by")
            found.append(Basis(each.value, tuple(by for (by,) in rows), each.graphs))
    return tuple(found)


def _neighbours(store: Store, iri: str) -> dict[str, tuple[str, ...]]:
    """Return the operations that *iri* is joined to, by how it is."""
    operation = terms.iri(iri)
    parts = []
    for property_, (out, back) in _WAYS.items():
        parts.append(f'{{ {operation} {property_} ?other BIND("{out}" AS ?how) }}')
        parts.append(f'{{ ?other {property_} {operation} BIND("{back}" AS ?how) }}')
    found: dict[str, list[str]] = {}
    for how, other in ask(store, "?how ?other", " UNION ".join(parts), "ORDER BY ?other"):
        found.setdefault(how, []).append(other)
    order = [way for both in _WAYS.values() for way in both[::-1]]
    return {way: tuple(found[way]) for way in order if way in found}
