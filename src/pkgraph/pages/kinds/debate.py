"""What the page of a proposition has: the two sides of a debate, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.pages.asking import ask, values
from pkgraph.pages.atlas import works
from pkgraph.pages.kinds import claims

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.pages.atlas.works import Chronology
    from pkgraph.pages.kinds.claims import Claim, Link, Pair
    from pkgraph.store import Store

#: What a claim does to a proposition, and on which side that puts it.
_MOVES: Final[Mapping[str, str]] = {
    "affirms": "for",
    "narrows": "for",
    "denies": "against",
    "findsNoEffectFor": "against",
}
#: The moves in words.
WORDS: Final[Mapping[str, str]] = {"findsNoEffectFor": "finds no effect for"}


@dataclass(frozen=True, slots=True)
class Side:
    """Those who stand on one side: the claims on this page with what each does, of how many."""

    name: str
    claims: tuple[tuple[str, Claim], ...]
    total: int
    holders: int


@dataclass(frozen=True, slots=True)
class Case:
    """A thing that is put forward in a debate: on which side, and by which claim."""

    iri: str
    side: str
    claim: str


@dataclass(frozen=True, slots=True)
class DebatePage:
    """
    What the graph tells of a proposition.

    ``attacks`` are the links that attack a claim of either side, ``answered`` the attacking claims
    that a text attacks in turn. ``chronology`` has who holds a claim of either side, by the year of
    publication; the first page alone has it.
    """

    sides: tuple[Side, ...]
    about: tuple[str, ...]
    attacks: tuple[Link, ...]
    attackers: Mapping[str, Claim]
    answered: frozenset[str]
    chronology: Chronology | None
    evidence: tuple[tuple[Claim, str], ...]
    cases: tuple[Case, ...]
    more: bool

    @property
    def unanswered(self) -> tuple[Link, ...]:
        """The attacks whose claim no text attacks."""
        return tuple(each for each in self.attacks if each.source not in self.answered)


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that bear on the proposition *iri*, those for it first."""
    rows = ask(
        store,
        "?move ?claim",
        f"VALUES ?move {{ {' '.join(f'pk:{name}' for name in _MOVES)} }} "
        f"?claim ?move {terms.iri(iri)} ; a pk:Claim",
    )
    order = list(_MOVES)
    found = [(move.rpartition("#")[2], claim) for move, claim in rows]
    return sorted(found, key=lambda pair: (order.index(pair[0]), pair[1]))


def page(store: Store, iri: str, number_of_page: int) -> DebatePage:
    """Return a page of the proposition *iri*."""
    known = pairs(store, iri)
    told = claims.read(store, (claim for _, claim in known))
    by_side: dict[str, list[tuple[str, Claim]]] = {"for": [], "against": []}
    for move, claim in known:
        by_side[_MOVES[move]].append((move, told[claim]))
    holders = {side: {h for _, each in few for h in each.holders} for side, few in by_side.items()}
    sides, more = [], False
    for name, few in by_side.items():
        few.sort(key=lambda pair: (list(_MOVES).index(pair[0]), pair[1].start))
        shown, further = claims.window(few, number_of_page)
        more = more or further
        sides.append(Side(name, tuple(shown), len(few), len(holders[name])))
    on_page = [each.iri for side in sides for _, each in side.claims]
    attacks = [e for e in claims.links(store, on_page, "to") if e.relation == "attacks"]
    ends = [each.source for each in attacks] + [each.target for each in attacks]
    about = ask(store, "?thing", f"{terms.iri(iri)} pk:about ?thing", "ORDER BY ?thing")
    side_of = {each.iri: side.name for side in sides for _, each in side.claims}
    return DebatePage(
        sides=tuple(sides),
        about=tuple(thing for (thing,) in about),
        attacks=tuple(attacks),
        attackers=claims.read(store, ends),
        answered=claims.answered(store, (each.source for each in attacks)),
        chronology=works.chronology(store, iri) if number_of_page == 1 else None,
        evidence=tuple((told[each], side) for each, side in side_of.items() if told[each].evidence),
        cases=_cases(store, side_of),
        more=more,
    )


def _cases(store: Store, side_of: Mapping[str, str]) -> tuple[Case, ...]:
    """
    Return the cases that claims of a debate put forward, or claims that support or attack them.

    What attacks a claim of one side is counted on the other.
    """
    if not side_of:
        return ()
    block = values("target", side_of)
    rows = ask(
        store,
        "?case ?target ?claim ?how",
        f'{{ {block} ?target pk:case ?case BIND(?target AS ?claim) BIND("puts" AS ?how) }} UNION '
        f'{{ {block} ?claim pk:supports ?target ; pk:case ?case BIND("supports" AS ?how) }} UNION '
        f'{{ {block} ?claim pk:attacks ?target ; pk:case ?case BIND("attacks" AS ?how) }}',
        "ORDER BY ?case ?claim ?target",
    )
    other = {"for": "against", "against": "for"}
    found = [
        Case(case, other[side_of[target]] if how == "attacks" else side_of[target], claim)
        for case, target, claim, how in rows
    ]
    return tuple(dict.fromkeys(found))
