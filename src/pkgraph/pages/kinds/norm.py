"""What the page of a norm, a principle, a rule or an order has: what it is, and who contests it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.pages import few
from pkgraph.pages.asking import ask, number
from pkgraph.pages.kinds import claims

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.pages.few import Few
    from pkgraph.pages.kinds.claims import Claim, Link, Pair
    from pkgraph.store import Store

#: How many members of an order a page has of each class.
_MEMBERS: Final = 100


@dataclass(frozen=True, slots=True)
class NormPage:
    """
    What the graph tells of a norm or an order.

    ``orders`` are those that it is of, ``members`` what is of it, by class, each with its number in
    its source or 0. ``holders`` are those who hold the claims about it on this page. ``moves`` are
    the links that support or attack these claims, ``movers`` the claims that do.
    """

    orders: tuple[str, ...]
    members: Mapping[str, Few[tuple[int, str]]]
    told: tuple[Claim, ...]
    total: int
    holders: tuple[str, ...]
    moves: tuple[Link, ...]
    movers: Mapping[str, Claim]
    debates: tuple[str, ...]
    more: bool

    def of(self, relation: str) -> tuple[Link, ...]:
        """Return the moves of a *relation*."""
        return tuple(each for each in self.moves if each.relation == relation)


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims about the norm or order *iri*."""
    rows = ask(store, "?claim", f"?claim pk:about {terms.iri(iri)} ; a pk:Claim", "ORDER BY ?claim")
    return [("is about it", claim) for (claim,) in rows]


def page(store: Store, iri: str, number_of_page: int) -> NormPage:
    """Return a page of the norm or order *iri*."""
    known = pairs(store, iri)
    every = claims.in_order(claims.read(store, (claim for _, claim in known)).values())
    shown, more = claims.window(every, number_of_page)
    moves = [
        each
        for each in claims.links(store, (each.iri for each in shown), "to")
        if each.relation in {"supports", "attacks"}
    ]
    thing = terms.iri(iri)
    orders = ask(store, "?order", f"{thing} pk:ofOrder ?order", "ORDER BY ?order")
    debates = ask(store, "?it", f"?it pk:about {thing} ; a pk:Proposition", "ORDER BY ?it")
    members: dict[str, list[tuple[int, str]]] = {}
    classes = "pk:Norm pk:Principle pk:LegalRule pk:StateMonopoly pk:Instrument"
    for class_, place, member in ask(
        store,
        "?class ?number ?member",
        f"VALUES ?class {{ {classes} }} ?member pk:ofOrder {thing} ; a ?class "
        "OPTIONAL { ?member pk:number ?number }",
        "ORDER BY ?class ?number ?member",
    ):
        members.setdefault(class_, []).append((number(place), member))
    listed = {
        class_: few.first(sorted(all_), _MEMBERS, f"?thing pk:ofOrder {thing} ; a <{class_}>")
        for class_, all_ in members.items()
    }
    return NormPage(
        orders=tuple(order for (order,) in orders),
        members=listed,
        told=tuple(shown),
        total=len(every),
        holders=tuple(dict.fromkeys(holder for each in shown for holder in each.holders)),
        moves=tuple(moves),
        movers=claims.read(store, (each.source for each in moves)),
        debates=tuple(debate for (debate,) in debates),
        more=more,
    )
