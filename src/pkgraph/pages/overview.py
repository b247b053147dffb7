"""
Read what the first page shows: the debates with their two sides, and what the graph covers.

A claim is for a proposition if it affirms or narrows it, and against it if it denies it or finds
no effect for it. An attack is answered if its claim is itself attacked by a link that a text draws,
as the query ``unanswered-attacks`` has it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import search, terms
from pkgraph.pages.few import Few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.store import Store

_SIDES: Final = """\
SELECT DISTINCT ?proposition ?label ?side ?claim ?said WHERE {
  ?proposition a pk:Proposition ; rdfs:label ?label .
  OPTIONAL {
    VALUES (?stance ?side) { (pk:affirms "for") (pk:narrows "for")
                             (pk:denies "against") (pk:findsNoEffectFor "against") }
    ?claim ?stance ?proposition ; rdfs:label ?said .
  }
} ORDER BY ?label ?proposition ?claim"""
_ATTACKS: Final = """\
PREFIX basis: <https://w3id.org/pkgraph/scheme/basis/>
PREFIX relation: <https://w3id.org/pkgraph/scheme/relation/>
SELECT DISTINCT ?target ?attack ?answered WHERE {
  ?link pk:relation relation:attacks ; pk:to ?target ; pk:from ?attack .
  FILTER EXISTS { ?target pk:affirms|pk:narrows|pk:denies|pk:findsNoEffectFor ?proposition }
  BIND(EXISTS {
    ?answer pk:to ?attack .
    FILTER EXISTS { ?answer pk:relation relation:attacks }
    FILTER EXISTS { ?answer pk:basis basis:explicit }
  } AS ?answered)
}"""
#: How many sources are told of, those with the most claims first.
_SOURCES: Final = 12
_ENCODED: Final = """\
SELECT ?work ?label (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  { SELECT DISTINCT ?work WHERE { ?graph pk:encodes ?work } }
  ?work rdfs:label ?label OPTIONAL { ?claim pk:statedIn ?work }
} GROUP BY ?work ?label ORDER BY DESC(?claims) ?label ?work"""
_LINES: Final = """\
SELECT ?work (MAX(?last) AS ?lines) WHERE {{
  VALUES ?work {{ {works} }} ?passage pk:passageOf ?work ; pk:lastLine ?last
}} GROUP BY ?work"""
_GAPS: Final = """\
SELECT ?work ?reason (SUM(?last - ?first + 1) AS ?lines) WHERE {{
  VALUES ?work {{ {works} }} ?passage pk:passageOf ?work . ?gap a pk:Gap ; pk:inPassage ?passage ;
  pk:firstLine ?first ; pk:lastLine ?last ; pk:reason/rdfs:label ?reason
}} GROUP BY ?work ?reason ORDER BY ?work ?reason"""
_TOTALS: Final = """\
SELECT ?what (COUNT(DISTINCT ?thing) AS ?number) WHERE {
  { ?thing a pk:Work BIND("works" AS ?what) }
  UNION { ?graph pk:encodes ?thing . ?passage pk:passageOf ?thing BIND("encoded" AS ?what) }
  UNION { ?thing a pk:Operation BIND("operations" AS ?what) }
  UNION { ?claim pk:about ?thing . ?thing a pk:Operation BIND("discussed" AS ?what) }
} GROUP BY ?what"""


@dataclass(frozen=True, slots=True)
class Attacked:
    """A claim, what it says, and how many claims attack it."""

    iri: str
    label: str
    attacks: int


@dataclass(frozen=True, slots=True)
class Debate:
    """
    A proposition, how many claims are for and against it, and how many claims attack these.

    ``unanswered`` are the attacks that no text answers; ``most`` is the claim with most of them.
    """

    iri: str
    label: str
    affirming: int
    denying: int
    attacks: int
    unanswered: int
    most: Attacked | None

    @property
    def claims(self) -> int:
        """How many claims take a side."""
        return self.affirming + self.denying

    @property
    def lesser(self) -> int:
        """How many claims are on the side that has fewer; with none, there is but one side."""
        return min(self.affirming, self.denying)


@dataclass(frozen=True, slots=True)
class Source:
    """An encoded work: its claims, its lines, and how many of these state none for which reason."""

    iri: str
    label: str
    claims: int
    lines: int
    gaps: Mapping[str, int]


def debates(store: Store) -> tuple[Debate, ...]:
    """Return every proposition: first those with the most claims on the lesser of two sides."""
    attacks: dict[str, dict[str, bool]] = {}
    for target, attack, answered in _ask(store, _ATTACKS):
        attacks.setdefault(target, {})[attack] = answered == "true"
    labels: dict[str, str] = {}
    sides: dict[str, dict[str, set[str]]] = {}
    said: dict[str, str] = {}
    for iri, label, side, claim, text in _ask(store, _SIDES):
        labels.setdefault(iri, label)
        of = sides.setdefault(iri, {"for": set(), "against": set()})
        if claim:
            of[side].add(claim)
            said.setdefault(claim, text)
    found = [_debate(iri, label, sides[iri], said, attacks) for iri, label in labels.items()]
    return tuple(sorted(found, key=lambda each: (-each.lesser, -each.claims, each.label, each.iri)))


def sources(store: Store) -> Few[Source]:
    """Return the encoded works, those with the most claims first; of many the first."""
    every = _ask(store, _ENCODED)
    encoded = every[:_SOURCES]
    works = " ".join(str(terms.iri(iri)) for iri, _, _ in encoded)
    if not works:
        return Few()
    lines = {work: int(number) for work, number in _ask(store, _LINES.format(works=works))}
    gaps: dict[str, dict[str, int]] = {}
    for work, reason, number in _ask(store, _GAPS.format(works=works)):
        gaps.setdefault(work, {})[reason] = int(number)
    found = tuple(
        Source(iri, label, int(claims), lines.get(iri, 0), gaps.get(iri, {}))
        for iri, label, claims in encoded
    )
    return Few(found, len(every))


def totals(store: Store) -> Mapping[str, int]:
    """
    Return how many things there are, and of how many more is known.

    They are ``works`` and those of them whose text is ``encoded``, and ``operations`` and those
    that are ``discussed`` by a claim.
    """
    return Counter({what: int(number) for what, number in _ask(store, _TOTALS) if what})


def _debate(
    iri: str,
    label: str,
    sides: Mapping[str, set[str]],
    said: Mapping[str, str],
    attacks: Mapping[str, Mapping[str, bool]],
) -> Debate:
    """Return the debate on the proposition *iri*."""
    claims = sides["for"] | sides["against"]
    on = {claim: attacks[claim] for claim in sorted(claims) if claim in attacks}
    by = {attack: answered for each in on.values() for attack, answered in each.items()}
    most = max(on, key=lambda claim: len(on[claim]), default=None)
    return Debate(
        iri,
        label,
        len(sides["for"]),
        len(sides["against"]),
        len(by),
        sum(not answered for answered in by.values()),
        Attacked(most, said[most], len(on[most])) if most else None,
    )


def _ask(store: Store, query: str) -> list[tuple[str, ...]]:
    return search.texts(store.query(search.PREFIXES + query))
