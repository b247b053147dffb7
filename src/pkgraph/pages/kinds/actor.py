"""What the page of a person, an organisation, an organ, an office or a group has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph import terms
from pkgraph.pages.asking import MOST, ask, values
from pkgraph.pages.kinds import claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.pages.kinds.claims import Claim, Link, Pair
    from pkgraph.store import Store


@dataclass(frozen=True, slots=True)
class ActorPage:
    """
    What the graph tells of somebody.

    ``held`` are the claims that they or their works hold, ``served`` those for which they are
    cited and which they do not hold, ``reporters`` the works that report what they hold.
    ``positions`` has what the claims do to which propositions. ``answers`` are the links from their
    claims to others' claims, ``answered_by`` those from others' claims, ``others`` the claims at
    the other ends. They hold ``total`` claims, or more where these are ``many``.
    """

    works: tuple[tuple[str, int], ...]
    held: tuple[Claim, ...]
    served: tuple[tuple[str, Claim], ...]
    total: int
    many: bool
    reporters: tuple[str, ...]
    positions: tuple[tuple[str, str, str], ...]
    answers: tuple[Link, ...]
    answered_by: tuple[Link, ...]
    others: Mapping[str, Claim]
    things: tuple[str, ...]
    more: bool


def pairs(store: Store, iri: str, most: int | None = None) -> list[Pair]:
    """Return the claims that *iri* or their works hold, then those that they are cited for."""
    actor = terms.iri(iri)
    who = f"{{ BIND({actor} AS ?holder) }} UNION {{ ?holder pk:author {actor} }}"
    rest = f"LIMIT {most}" if most else ""
    found: dict[str, str] = {}
    for how, pattern in (
        ("holds", "?claim pk:heldBy ?holder"),
        ("is cited for", "?citation pk:holder ?holder . ?claim pk:attribution ?citation"),
    ):
        for (claim,) in sorted(ask(store, "?claim", f"{who} {pattern}", rest)):
            found.setdefault(claim, how)
    return [(how, claim) for claim, how in found.items()]


def page(store: Store, iri: str, number_of_page: int) -> ActorPage:
    """Return a page of the actor *iri*."""
    known = pairs(store, iri, MOST + 1)
    shown, more = claims.window(known, number_of_page)
    told = claims.read(store, (claim for _, claim in shown))
    works = [work for (work,) in ask(store, "?work", f"?work pk:author {terms.iri(iri)}")]
    years = claims.years(store, works)
    held = claims.in_order(told[c] for how, c in shown if how == "holds" and c in told)
    own = {claim for how, claim in known if how == "holds"}
    out = [e for e in claims.links(store, (c.iri for c in held), "from") if e.target not in own]
    back = [e for e in claims.links(store, (c.iri for c in held), "to") if e.source not in own]
    # Links are many where claims are: as many are told as there are claims on a page.
    out, back = list(claims.window(out, 1)[0]), list(claims.window(back, 1)[0])
    mine = {iri, *works}
    return ActorPage(
        works=tuple(sorted(((w, years.get(w, 0)) for w in works), key=lambda pair: pair[::-1])),
        held=held,
        served=tuple((h, told[c]) for h, c in shown if h != "holds" and c in told),
        total=len(own),
        many=len(own) > MOST,
        reporters=tuple(
            dict.fromkeys(
                each.work for c in held for each in c.places if each.work and each.work not in mine
            )
        ),
        positions=_positions(store, (each.iri for each in held)),
        answers=tuple(out),
        answered_by=tuple(back),
        others=claims.read(store, [e.target for e in out] + [e.source for e in back]),
        things=(),
        more=more,
    )


def _positions(store: Store, iris: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Return which of the claims *iris* does what to which proposition."""
    wanted = list(iris)
    if not wanted:
        return ()
    rows = ask(
        store,
        "?proposition ?move ?claim",
        f"{values('claim', wanted)} VALUES ?move {{ pk:affirms pk:narrows pk:denies "
        "pk:findsNoEffectFor } ?claim ?move ?proposition",
        "ORDER BY ?proposition ?move ?claim",
    )
    return tuple((move.rpartition("#")[2], what, claim) for what, move, claim in rows)
