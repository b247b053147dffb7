"""What the page of a state has: its codes, the operations that it hosts or leads, and claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.pages import few
from pkgraph.pages.asking import ask
from pkgraph.pages.atlas import operations
from pkgraph.pages.kinds import claims, facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.pages.atlas.operations import Operation
    from pkgraph.pages.few import Few
    from pkgraph.pages.kinds.claims import Claim, Pair
    from pkgraph.pages.kinds.facts import Code, Fact, Personnel, Source
    from pkgraph.store import Store

#: How many rows of personnel and how many operations a page has.
_SENT: Final = 60
_OPERATIONS: Final = 150


@dataclass(frozen=True, slots=True)
class StatePage(facts.Sourced):
    """
    What the graph tells of a state.

    ``places`` are those that are its territory, ``hosted`` the operations there, ``led`` those
    that it leads or led with others, ``told`` the claims by what they are to it or its territory.
    """

    facts: Mapping[str, tuple[Fact, ...]]
    codes: tuple[Code, ...]
    places: tuple[str, ...]
    hosted: Few[Operation]
    led: Few[Operation]
    personnel: Few[Personnel]
    sources: tuple[Source, ...]
    told: tuple[tuple[str, Claim], ...]
    total: int
    more: bool


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that the state *iri* holds, then those about it and its territory."""
    state = terms.iri(iri)
    rows = ask(
        store,
        "?order ?how ?claim",
        f'{{ ?claim pk:heldBy {state} BIND("1" AS ?order) BIND("the state holds it" AS ?how) }} '
        f'UNION {{ ?claim pk:case {state} BIND("2" AS ?order) BIND("puts the state forward as a '
        f'case" AS ?how) }} UNION {{ ?claim pk:about {state} BIND("3" AS ?order) BIND("is about '
        f'the state" AS ?how) }} UNION {{ ?place pk:territoryOf {state} . ?claim pk:case|pk:about '
        '?place BIND("4" AS ?order) BIND("is about its territory" AS ?how) } ?claim a pk:Claim',
        "ORDER BY ?order ?claim",
    )
    found: dict[str, str] = {}
    for _, how, claim in rows:
        found.setdefault(claim, how)
    return [(how, claim) for claim, how in found.items()]


def page(store: Store, iri: str, number_of_page: int) -> StatePage:
    """Return a page of the state *iri*."""
    known = pairs(store, iri)
    shown, more = claims.window(known, number_of_page)
    told = claims.read(store, (claim for _, claim in shown))
    said = facts.read(store, iri)
    every = operations.read(store)
    places = ask(store, "?place", f"?place pk:territoryOf {terms.iri(iri)}", "ORDER BY ?place")
    return StatePage(
        facts=said,
        codes=facts.codes(store, said),
        places=tuple(place for (place,) in places),
        hosted=few.first(
            [each for each in every if any(host.state == iri for host in each.hosts)],
            _OPERATIONS,
            f"?thing pk:host/pk:territoryOf {terms.iri(iri)} ; a pk:Operation",
        ),
        led=few.first(
            [each for each in every if any(leader == iri for leader, _ in each.leaders)],
            _OPERATIONS,
            f"?thing pk:leadActor {terms.iri(iri)} ; a pk:Operation",
        ),
        personnel=facts.personnel(store, iri, "contributor", _SENT),
        sources=facts.sources(store, iri, said),
        told=tuple((how, told[claim]) for how, claim in shown if claim in told),
        total=len(known),
        more=more,
    )
