"""What the page of a claim has, and of the typology that some claims are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.namespaces import PK
from pkgraph.pages.asking import ask, number, values
from pkgraph.pages.kinds import claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.pages.kinds.claims import Claim, Link, Pair, Place
    from pkgraph.store import Store

#: What a claim says of other things, in the order of a page.
_SAYS: Final = (
    *("affirms", "narrows", "denies", "findsNoEffectFor", "answers", "expresses", "defines"),
    *("component", "explains", "mechanism", "memberOf", "sortedBy", "domain", "case", "about"),
    *("statedCount", "complete"),
)
#: How many passages on either side are looked through for the next claim, before all are.
_NEAR: Final = 4
#: How a link reads from the claim that it leads to.
BACK: Final[Mapping[str, str]] = {
    "attacks": "attacked by",
    "elaborates": "elaborated by",
    "exemplifies": "exemplified by",
    "qualifies": "qualified by",
    "supports": "supported by",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A type that a typology names: what it is known by elsewhere, and when it belongs."""

    iri: str
    number: int
    concept: str
    era: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """
    What the graph tells of a claim.

    ``outgoing`` are the links from it, ``incoming`` those to it, and ``others`` the claims at their
    other ends. ``says`` has the things it is joined to by the names of the properties, ``members``
    the claims of an enumeration with their numbers, ``types`` those that a typology names.
    ``unsaid`` is what the graph has nothing of. ``previous`` and ``following`` are the claims
    before and after it in its source.
    """

    claim: Claim
    outgoing: tuple[Link, ...]
    incoming: tuple[Link, ...]
    others: Mapping[str, Claim]
    answered: frozenset[str]
    says: Mapping[str, tuple[str, ...]]
    members: tuple[tuple[int, str], ...]
    types: tuple[Type, ...]
    unsaid: tuple[tuple[str, tuple[str, ...]], ...]
    previous: str
    following: str
    more: bool


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claim, those that it bears on and those that bear on it."""
    found = [("is this claim", iri)]
    found += [(each.relation, each.target) for each in claims.links(store, [iri], "from")]
    found += [(BACK.get(e.relation, ""), e.source) for e in claims.links(store, [iri], "to")]
    return found


def page(store: Store, iri: str, number_of_page: int) -> ClaimPage | None:
    """Return a page of the claim *iri*; None if the store has no such claim."""
    claim = claims.read(store, [iri]).get(iri)
    if claim is None:
        return None
    outgoing, further = claims.window(claims.links(store, [iri], "from"), number_of_page)
    incoming, more = claims.window(claims.links(store, [iri], "to"), number_of_page)
    says = _says(store, iri)
    members = _members(store, iri)
    types = _types(store, iri)
    ends = [each.target for each in outgoing] + [each.source for each in incoming]
    previous, following = _neighbours(store, claim)
    return ClaimPage(
        claim=claim,
        outgoing=tuple(outgoing),
        incoming=tuple(incoming),
        others=claims.read(store, ends),
        answered=claims.answered(store, [e.source for e in incoming if e.relation == "attacks"]),
        says=says,
        members=members,
        types=types,
        unsaid=tuple(_unsaid(claim, outgoing, incoming, says, members or types)),
        previous=previous,
        following=following,
        more=further or more,
    )


def _says(store: Store, iri: str) -> dict[str, tuple[str, ...]]:
    """Return what the claim *iri* is joined to, by the last part of each property."""
    properties = values("property", [PK + name for name in _SAYS])
    found: dict[str, list[str]] = {}
    pattern = f"{properties} {terms.iri(iri)} ?property ?value"
    for property_, value in ask(store, "?property ?value", pattern, "ORDER BY ?value"):
        found.setdefault(property_.removeprefix(PK), []).append(value)
    # What it puts forward as a case, or says of a proposition, it is about as well.
    apart = {each for name, few in found.items() if name != "about" for each in few}
    found["about"] = [each for each in found.get("about", []) if each not in apart]
    return {name: tuple(found[name]) for name in _SAYS if found.get(name)}


def _members(store: Store, iri: str) -> tuple[tuple[int, str], ...]:
    """Return the claims that the enumeration *iri* counts, with their numbers."""
    pattern = f"?member pk:memberOf {terms.iri(iri)} OPTIONAL {{ ?member pk:number ?number }}"
    rows = ask(store, "?number ?member", pattern, "ORDER BY ?number ?member")
    return tuple((number(text), member) for text, member in rows)


def _types(store: Store, iri: str) -> tuple[Type, ...]:
    """Return the types that the typology *iri* names, in its order."""
    rows = ask(
        store,
        "?type ?number ?concept ?era",
        f"{terms.iri(iri)} pk:namesType ?type OPTIONAL {{ ?type pk:number ?number }} "
        "OPTIONAL { ?type pk:denotes ?concept } OPTIONAL { ?type pk:era ?era }",
        "ORDER BY ?number ?type ?concept ?era",
    )
    return tuple(Type(type_, number(place), concept, era) for type_, place, concept, era in rows)


def _unsaid(
    claim: Claim,
    outgoing: Iterable[Link],
    incoming: Iterable[Link],
    says: Mapping[str, tuple[str, ...]],
    counted: tuple[object, ...],
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield what the graph leaves open of *claim*, and of whom where it is somebody."""
    if not claim.holders:
        yield "Nobody is named who holds it.", ()
    if bare := tuple(dict.fromkeys(each.holder for each in claim.held if not each.pages)):
        yield "No pages are printed for", bare
    if not claim.evidence:
        yield "No evidence is cited for it.", ()
    if "case" not in says:
        yield "It puts no case forward.", ()
    met = {each.relation for each in incoming}
    if "attacks" not in met:
        yield "No claim in the graph attacks it.", ()
    if "supports" not in met:
        yield "No claim in the graph supports it.", ()
    if not list(outgoing):
        yield "It is not brought to bear on another claim.", ()
    stated = number(next(iter(says.get("statedCount", ())), ""))
    if stated > len(counted):
        yield f"The text counts {stated} and names {len(counted)} of them.", ()


def _neighbours(store: Store, claim: Claim) -> tuple[str, str]:
    """Return the claims before and after *claim* in its source, where there are any."""
    place = claim.places[0] if claim.places else None
    if place is None or not place.work or not place.first:
        return "", ""
    # Most have both neighbours in their passage, of which there is little to read.
    near = _around(store, claim, f"?place pk:inPassage {terms.iri(place.passage)}")
    if all(near):
        return near
    block = values("passage", _passages_around(store, place))
    near = _around(store, claim, f"{block} ?place pk:inPassage ?passage")
    if all(near):
        return near
    return _around(store, claim, f"{terms.iri(place.work)} pk:states ?claim")


def _passages_around(store: Store, place: Place) -> list[str]:
    """Return the passages that have the first line of *place*, and a few before and after it."""
    rows = ask(
        store,
        "?passage ?first ?last",
        f"?passage pk:passageOf {terms.iri(place.work)} ; pk:firstLine ?first ; pk:lastLine ?last",
    )
    order = sorted((number(first), number(last), passage) for passage, first, last in rows)
    before = [each for first, _, each in order if first <= place.first]
    after = [each for first, _, each in order if first > place.first]
    with_it = [each for first, last, each in order if first <= place.first <= last]
    return list(dict.fromkeys([place.passage, *with_it, *before[-_NEAR:], *after[:_NEAR]]))


def _around(store: Store, claim: Claim, where: str) -> tuple[str, str]:
    """Return the claims before and after *claim* among those of the pattern *where*."""
    rows = ask(
        store,
        "?claim ?first ?last",
        f"{where} . ?claim pk:occursAt ?place . ?place pk:firstLine ?first ; pk:lastLine ?last",
    )
    order = sorted((number(first), number(last), each) for each, first, last in rows)
    before = [each for first, last, each in order if (first, last, each) < claim.start]
    after = [each for first, last, each in order if (first, last, each) > claim.start]
    return (
        next((each for each in reversed(before) if each != claim.iri), ""),
        next((each for each in after if each != claim.iri), ""),
    )
