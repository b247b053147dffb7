"""What the page of a person, an organisation, an organ, an office or a group has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.pages import few
from pkgraph.pages.asking import MOST, PAGE, ask, values
from pkgraph.pages.kinds import claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.pages.few import Few
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
    the other ends. They hold ``total`` claims and are cited for ``cited``; ``many`` names what
    there is more of than the pages have.
    """

    works: tuple[tuple[str, int], ...]
    held: tuple[Claim, ...]
    served: tuple[tuple[str, Claim], ...]
    total: int
    cited: int
    many: frozenset[str]
    reporters: tuple[str, ...]
    positions: tuple[tuple[str, str, str], ...]
    answers: Few[Link]
    answered_by: Few[Link]
    others: Mapping[str, Claim]
    more: bool


#: What a claim may be to somebody.
_HELD: Final = "?claim pk:heldBy ?holder"
_WAYS: Final = {
    "holds": _HELD,
    "is cited for": "?citation pk:holder ?holder . ?claim pk:attribution ?citation",
}


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that *iri* or their works hold, then those that they are cited for."""
    return _pairs(store, iri, None)[0]


def _pairs(store: Store, iri: str, most: int | None) -> tuple[list[Pair], frozenset[str]]:
    """Return :func:`pairs`, of each kind *most* at most, and the kinds of which there are more."""
    rest = f"LIMIT {most + 1}" if most else ""
    found: dict[str, str] = {}
    many = set()
    for how, pattern in _WAYS.items():
        rows = ask(store, "?claim", f"{_who(iri)} {pattern}", rest)
        if most and len(rows) > most:
            many.add(how)
        for (claim,) in sorted(rows)[:most]:
            found.setdefault(claim, how)
    return [(how, claim) for claim, how in found.items()], frozenset(many)


def _who(iri: str) -> str:
    """Return the pattern of *iri* and their works."""
    actor = terms.iri(iri)
    return f"{{ BIND({actor} AS ?holder) }} UNION {{ ?holder pk:author {actor} }}"


def page(store: Store, iri: str, number_of_page: int) -> ActorPage:
    """Return a page of the actor *iri*."""
    known, many = _pairs(store, iri, MOST)
    shown, more = claims.window(known, number_of_page)
    told = claims.read(store, (claim for _, claim in shown))
    works = [work for (work,) in ask(store, "?work", f"?work pk:author {terms.iri(iri)}")]
    years = claims.years(store, works)
    held = claims.in_order(told[c] for how, c in shown if how == "holds" and c in told)
    own = {claim for how, claim in known if how == "holds"}
    out = [e for e in claims.links(store, (c.iri for c in held), "from") if e.target not in own]
    back = [e for e in claims.links(store, (c.iri for c in held), "to") if e.source not in own]
    # Links are many where claims are: as many are told as there are claims on a page.
    theirs = f"{_who(iri)} {_HELD} . ?thing pk:relation ?relation ; "
    what = "?thing ?claim ?relation ?other"
    answers = few.first(out, PAGE, f"{theirs}pk:from ?claim ; pk:to ?other", what=what)
    answered_by = few.first(back, PAGE, f"{theirs}pk:to ?claim ; pk:from ?other", what=what)
    mine = {iri, *works}
    return ActorPage(
        works=tuple(sorted(((w, years.get(w, 0)) for w in works), key=lambda pair: pair[::-1])),
        held=held,
        served=tuple((h, told[c]) for h, c in shown if h != "holds" and c in told),
        total=len(own),
        cited=len(known) - len(own),
        many=many,
        reporters=tuple(
            dict.fromkeys(
                each.work for c in held for each in c.places if each.work and each.work not in mine
            )
        ),
        positions=_positions(store, (each.iri for each in held)),
        answers=answers,
        answered_by=answered_by,
        others=claims.read(store, [e.target for e in answers] + [e.source for e in answered_by]),
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
        f"{values('claim', wanted)} ?claim ?move ?proposition "
        "FILTER(?move IN (pk:affirms, pk:narrows, pk:denies, pk:findsNoEffectFor))",
        "ORDER BY ?proposition ?move ?claim",
    )
    return tuple((move.rpartition("#")[2], what, claim) for what, move, claim in rows)
