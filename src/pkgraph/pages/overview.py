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
from pkgraph.pages.kinds.claims import answered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.store import Store

_COUNTS: Final = """\
SELECT ?proposition ?side (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  VALUES (?stance ?side) { (pk:affirms "for") (pk:narrows "for")
                           (pk:denies "against") (pk:findsNoEffectFor "against") }
  ?claim ?stance ?proposition
} GROUP BY ?proposition ?side"""
_PROPOSITIONS: Final = "SELECT DISTINCT ?proposition WHERE { ?proposition a pk:Proposition }"
_LABELS: Final = """\
SELECT ?thing (MIN(?name) AS ?label) WHERE {{
  VALUES ?thing {{ {things} }} ?thing rdfs:label ?name
}} GROUP BY ?thing"""
#: The attacks on the claims of some propositions: read from there, not from all attacks.
_ATTACKS: Final = """\
PREFIX relation: <https://w3id.org/pkgraph/scheme/relation/>
SELECT DISTINCT ?proposition ?target ?attack WHERE {{
  VALUES ?proposition {{ {things} }}
  VALUES ?stance {{ pk:affirms pk:narrows pk:denies pk:findsNoEffectFor }}
  ?target ?stance ?proposition . ?link pk:to ?target ; pk:from ?attack .
  FILTER EXISTS {{ ?link pk:relation relation:attacks }}
}}"""
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
  VALUES ?work {{ {works} }} ?passage pk:passageOf ?work . ?gap pk:inPassage ?passage ;
  pk:reason ?reason ; pk:firstLine ?first ; pk:lastLine ?last
  FILTER EXISTS {{ ?gap a pk:Gap }}
}} GROUP BY ?work ?reason"""
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
class Debates:
    """The debates ``shown``, how many are ``disputed``, and how many have but one side."""

    shown: tuple[Debate, ...]
    disputed: int
    one_sided: int


@dataclass(frozen=True, slots=True)
class Source:
    """An encoded work: its claims, its lines, and how many of these state none for which reason."""

    iri: str
    label: str
    claims: int
    lines: int
    gaps: Mapping[str, int]


def debates(store: Store, most: int) -> Debates:
    """Return *most* disputed propositions: first those with the most claims on the lesser side."""
    known = {iri for (iri,) in _ask(store, _PROPOSITIONS)}
    sides: dict[str, dict[str, int]] = {}
    for iri, side, claims in _ask(store, _COUNTS):
        if iri in known:
            sides.setdefault(iri, {"for": 0, "against": 0})[side] = int(claims)
    ranks = {iri: (-min(of.values()), -sum(of.values())) for iri, of in sides.items()}
    disputed = sorted((iri for iri in ranks if ranks[iri][0]), key=lambda iri: ranks[iri])
    # Those that are level with the last one shown are told apart by their labels.
    level = [iri for iri in disputed if ranks[iri] <= ranks[disputed[:most][-1]]]
    labels = _labels(store, level)
    shown = sorted(level, key=lambda iri: (*ranks[iri], labels.get(iri, iri), iri))[:most]
    attacks: dict[str, dict[str, set[str]]] = {iri: {} for iri in shown}
    rows = _ask(store, _ATTACKS.format(things=_values(shown))) if shown else []
    for iri, target, attack in rows:
        attacks[iri].setdefault(target, set()).add(attack)
    met = answered(store, sorted({attack for _, _, attack in rows}))
    # Of claims with as many attacks it is the first by its address.
    heaviest = {
        iri: min(on, key=lambda claim: (-len(on[claim]), claim))
        for iri, on in attacks.items()
        if on
    }
    said = _labels(store, heaviest.values())
    found = []
    for iri in shown:
        on, top = attacks[iri], heaviest.get(iri)
        by = set[str]().union(*on.values())
        found.append(
            Debate(
                iri,
                labels.get(iri, iri),
                sides[iri]["for"],
                sides[iri]["against"],
                len(by),
                len(by - met),
                Attacked(top, said.get(top, top), len(on[top])) if top else None,
            )
        )
    return Debates(tuple(found), len(disputed), len(sides) - len(disputed))


def sources(store: Store) -> Few[Source]:
    """Return the encoded works, those with the most claims first; of many the first."""
    every = _ask(store, _ENCODED)
    encoded = every[:_SOURCES]
    works = _values(iri for iri, _, _ in encoded)
    if not works:
        return Few()
    lines = {work: int(number) for work, number in _ask(store, _LINES.format(works=works))}
    gaps: dict[str, dict[str, int]] = {}
    rows = [row for row in _ask(store, _GAPS.format(works=works)) if row[0]]
    reasons = _labels(store, sorted({reason for _, reason, _ in rows}))
    for label, work, number in sorted((reasons.get(r, r), w, n) for w, r, n in rows):
        gaps.setdefault(work, {})[label] = int(number)
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


def _labels(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """Return the labels of things."""
    things = _values(iris)
    if not things:
        return {}
    return {row[0]: row[1] for row in _ask(store, _LABELS.format(things=things)) if row[0]}


def _values(iris: Iterable[str]) -> str:
    """Return *iris* as they are written in SPARQL."""
    return " ".join(str(terms.iri(iri)) for iri in iris)


def _ask(store: Store, query: str) -> list[tuple[str, ...]]:
    return search.texts(store.query(search.PREFIXES + query))
