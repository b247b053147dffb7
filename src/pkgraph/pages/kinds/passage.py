"""What the page of a passage has: everything in it, in the order of the source text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.pages.asking import ask, number
from pkgraph.pages.kinds import claims
from pkgraph.pages.kinds.claims import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.pages.kinds.claims import Claim, Pair
    from pkgraph.store import Store

#: What stands in a passage, in the order in which what begins on one line is told.
_KINDS: Final = ("passage", "gap", "claim", "citation")
_INSIDE: Final = {
    "passage": "?item pk:partOf+ {0} BIND(?item AS ?part) BIND(?item AS ?place)",
    "gap": "?part pk:partOf* {0} . ?item pk:inPassage ?part ; pk:reason ?what "
    "FILTER EXISTS {{ ?item a pk:Gap }} BIND(?item AS ?place)",
    "claim": "?part pk:partOf* {0} . ?place pk:inPassage ?part . ?item pk:occursAt ?place "
    "OPTIONAL {{ ?place pk:voice ?what }}",
    "citation": "?part pk:partOf* {0} . ?item pk:inPassage ?part ; pk:holder ?what "
    "FILTER NOT EXISTS {{ ?claim pk:attribution ?item }} BIND(?item AS ?place)",
}


@dataclass(frozen=True, slots=True)
class Item:
    """
    What stands in a passage: its lines and the smaller passage that it is in.

    ``what`` is the reason of a gap, whom a citation names, or the voice of a claim there where it
    differs.
    """

    kind: str
    iri: str
    what: str
    place: Place


@dataclass(frozen=True, slots=True)
class PassagePage:
    """
    What the graph tells of a passage.

    ``above`` are the passages that it is part of, the largest first; ``previous`` and ``following``
    its neighbours in the same larger passage. ``counts`` says how many items there are of a kind.
    """

    work: str
    lines: tuple[int, int]
    above: tuple[str, ...]
    previous: str
    following: str
    items: tuple[Item, ...]
    claims: Mapping[str, Claim]
    counts: Mapping[str, int]
    quoted: Mapping[str, str]
    more: bool


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that stand in the passage *iri*, in its order."""
    claims_ = dict.fromkeys(each.iri for each in _items(store, iri) if each.kind == "claim")
    return [("is stated here", claim) for claim in claims_]


def page(store: Store, iri: str, number_of_page: int) -> PassagePage:
    """Return a page of the passage *iri*."""
    items = _items(store, iri)
    shown, more = claims.window([(each.kind, each) for each in items], number_of_page)
    facts = _facts(store, iri)
    previous, following = _neighbours(store, iri)
    return PassagePage(
        work=facts.get("work", ""),
        lines=(number(facts.get("first", "")), number(facts.get("last", ""))),
        above=_above(store, iri),
        previous=previous,
        following=following,
        items=tuple(each for _, each in shown),
        claims=claims.read(store, (each.iri for kind, each in shown if kind == "claim")),
        counts={kind: sum(each.kind == kind for each in items) for kind in _KINDS},
        quoted={name: facts[name] for name in ("speaker", "quoted", "locator") if name in facts},
        more=more,
    )


def _items(store: Store, iri: str) -> list[Item]:
    """Return what stands in the passage *iri* or in a part of it, in the order of the text."""
    passage = str(terms.iri(iri))
    parts = (
        f'{{ {pattern.format(passage)} BIND("{kind}" AS ?kind) }}'
        for kind, pattern in _INSIDE.items()
    )
    rows = ask(
        store,
        "?kind ?item ?what ?part ?first ?last",
        f"{' UNION '.join(parts)} OPTIONAL {{ ?place pk:firstLine ?first }} "
        "OPTIONAL { ?place pk:lastLine ?last }",
    )
    found = [
        Item(kind, item, what, Place(number(first), number(last), part, ""))
        for kind, item, what, part, first, last in rows
    ]
    return sorted(found, key=_order)


def _order(item: Item) -> tuple[int, int, int, str]:
    """Return where *item* comes: a passage before all that stands in it, a larger one first."""
    last = -item.place.last if item.kind == "passage" else item.place.last
    return item.place.first, _KINDS.index(item.kind), last, item.iri


def _facts(store: Store, iri: str) -> dict[str, str]:
    """Return what the page of the passage *iri* says at its head."""
    passage = terms.iri(iri)
    rows = ask(
        store,
        "?work ?first ?last ?speaker ?quoted ?locator",
        f"BIND({passage} AS ?passage) OPTIONAL {{ ?passage pk:passageOf ?work }} "
        "OPTIONAL { ?passage pk:firstLine ?first } OPTIONAL { ?passage pk:lastLine ?last } "
        "OPTIONAL { ?passage pk:speaker ?speaker } OPTIONAL { ?passage pk:quotedWork ?quoted } "
        "OPTIONAL { ?passage pk:sourceLocator ?locator }",
        "ORDER BY ?work ?first ?last ?speaker ?quoted ?locator LIMIT 1",
    )
    names = ("work", "first", "last", "speaker", "quoted", "locator")
    return {name: text for row in rows for name, text in zip(names, row, strict=True) if text}


def _above(store: Store, iri: str) -> tuple[str, ...]:
    """Return the passages that *iri* is part of, the largest first."""
    rows = ask(
        store,
        "?whole ?first ?last",
        f"{terms.iri(iri)} pk:partOf+ ?whole OPTIONAL {{ ?whole pk:firstLine ?first }} "
        "OPTIONAL { ?whole pk:lastLine ?last }",
    )
    size = {whole: number(last) - number(first) for whole, first, last in rows}
    return tuple(sorted((whole for whole in size if whole != iri), key=lambda each: -size[each]))


def _neighbours(store: Store, iri: str) -> tuple[str, str]:
    """Return the passages before and after *iri* that are part of the same one."""
    rows = ask(
        store,
        "?sibling ?first ?last",
        f"{terms.iri(iri)} pk:partOf ?whole . ?sibling pk:partOf ?whole "
        "OPTIONAL { ?sibling pk:firstLine ?first } OPTIONAL { ?sibling pk:lastLine ?last }",
    )
    order = sorted(rows, key=lambda row: (number(row[1]), number(row[2]), row[0]))
    siblings = ["", *dict.fromkeys(sibling for sibling, _, _ in order), ""]
    if iri not in siblings:
        return "", ""
    place = siblings.index(iri)
    return siblings[place - 1], siblings[place + 1]
