"""
Read claims as a page tells them: the sentence, who holds it, who only reports it, and where.

A claim is held by whom a citation in the role holds names, and by the work that states it in its
own voice. A work that states it in another voice reports it. Evidence, and what a text sends its
readers to, hold nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pkgraph.pages.asking import PAGE, Iri, ask, number, values, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgraph.store import Store

#: What a claim is to the thing that a page is about, and the IRI of the claim.
Pair: TypeAlias = tuple[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: the lines, the passage, its work, and the voice of the text there."""

    first: int
    last: int
    passage: str
    work: str
    voice: str = ""

    @property
    def lines(self) -> str:
        """The lines in words."""
        if not self.first:
            return ""
        return (
            f"line {self.first}" if self.first == self.last else f"lines {self.first}–{self.last}"
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation that serves a claim: whom it names, in which role, and what it prints."""

    iri: str
    holder: str
    role: str
    signal: str
    pages: str
    hedge: str
    place: Place


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as sources state it, with the citations that serve it in the order of the text."""

    iri: str
    kind: str
    voice: str
    places: tuple[Place, ...]
    citations: tuple[Citation, ...]

    @property
    def held(self) -> tuple[Citation, ...]:
        """The citations of those who hold it."""
        return self.of_role("holds")

    @property
    def evidence(self) -> tuple[Citation, ...]:
        """The citations of what is put forward as evidence for it."""
        return self.of_role("evidence")

    @property
    def see_also(self) -> tuple[Citation, ...]:
        """The citations that only say where to read further."""
        return self.of_role("source")

    @property
    def classified(self) -> tuple[Citation, ...]:
        """The citations of those who classify so, which is not to hold it."""
        return self.of_role("classifies")

    @property
    def own(self) -> tuple[Place, ...]:
        """Where a source states it in its own voice."""
        return tuple(each for each in self.places if (each.voice or self.voice) == "own")

    @property
    def reported(self) -> tuple[Place, ...]:
        """Where a source states it in another voice than its own."""
        return tuple(each for each in self.places if (each.voice or self.voice) != "own")

    @property
    def holders(self) -> tuple[str, ...]:
        """The IRIs of whoever holds it, each once."""
        found = [each.holder for each in self.held] + [each.work for each in self.own if each.work]
        return tuple(dict.fromkeys(found))

    @property
    def start(self) -> tuple[int, int, str]:
        """Where it comes in the order of its source."""
        first = self.places[0] if self.places else Place(0, 0, "", "")
        return first.first, first.last, self.iri

    def of_role(self, role: str) -> tuple[Citation, ...]:
        """Return the citations in *role*."""
        return tuple(each for each in self.citations if each.role == role)


@dataclass(frozen=True, slots=True)
class Link:
    """A move between a claim and what it bears on, and who makes it, where."""

    iri: str
    source: str
    relation: str
    target: str
    basis: str
    makers: tuple[str, ...]
    place: Place


def window(rows: Sequence[T], page: int) -> tuple[Sequence[T], bool]:
    """Return those of *rows* that are on a *page*, and whether there are more after it."""
    return rows[PAGE * (page - 1) : PAGE * page], len(rows) > PAGE * page


def in_order(few: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return *few* claims by source, in the order of its text."""
    return tuple(sorted(few, key=lambda e: (e.places[0].work if e.places else "", e.start)))


def read(store: Store, iris: Iterable[str]) -> dict[str, Claim]:
    """Return those of *iris* that are claims, in their order, each with all that is told of it."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    block = values("claim", wanted)
    places: dict[str, set[Place]] = {}
    told: dict[str, tuple[str, str]] = {}
    for claim, kind, voice, passage, work, first, last, there in ask(
        store,
        "?claim ?kind ?voice ?passage ?work ?first ?last ?there",
        f"{block} ?claim a pk:Claim OPTIONAL {{ ?claim pk:kind ?kind }} "
        "OPTIONAL { ?claim pk:voice ?voice } OPTIONAL { ?claim pk:occursAt ?place . "
        "?place pk:inPassage ?passage OPTIONAL { ?passage pk:passageOf ?work } "
        "OPTIONAL { ?place pk:firstLine ?first } OPTIONAL { ?place pk:lastLine ?last } "
        "OPTIONAL { ?place pk:voice ?there } }",
        "ORDER BY ?claim ?kind ?voice ?passage ?first",
    ):
        told.setdefault(claim, (word(kind), word(voice)))
        found = places.setdefault(claim, set())
        if passage:
            found.add(Place(number(first), number(last), passage, work, word(there)))
    cited = _citations(store, block)
    return {
        iri: Claim(Iri(iri), *told[iri], tuple(sorted(places[iri])), tuple(cited.get(iri, ())))
        for iri in wanted
        if iri in told
    }


def links(store: Store, iris: Iterable[str], end: str) -> list[Link]:
    """Return the links whose *end*, from or to, is one of *iris*, in the order of the source."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return []
    found: dict[str, Link] = {}
    for link, source, relation, target, basis, maker, passage, first, last in ask(
        store,
        "?link ?from ?relation ?to ?basis ?maker ?passage ?first ?last",
        f"{values(end, wanted)} ?link pk:{end} ?{end} ; pk:from ?from ; pk:to ?to ; "
        "pk:relation ?relation OPTIONAL { ?link pk:basis ?basis } "
        "OPTIONAL { ?link pk:madeBy|pk:expresses ?maker } "
        "OPTIONAL { ?link pk:inPassage ?passage } "
        "OPTIONAL { ?link pk:firstLine ?first } OPTIONAL { ?link pk:lastLine ?last }",
        "ORDER BY ?first ?last ?link ?maker",
    ):
        before = found[link].makers if link in found else ()
        makers = tuple(dict.fromkeys([*before, *([maker] if maker else [])]))
        place = Place(number(first), number(last), passage, "")
        found[link] = Link(link, source, word(relation), target, word(basis), makers, place)
    return list(found.values())


def answered(store: Store, iris: Iterable[str]) -> frozenset[str]:
    """Return those of the claims *iris* that another claim attacks by a link that a text draws."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return frozenset()
    # In filters: a constant counts as selective, and there are very many attacks.
    pattern = (
        f"{values('claim', wanted)} ?link pk:to ?claim "
        "FILTER EXISTS { ?link pk:relation relation:attacks } "
        "FILTER EXISTS { ?link pk:basis basis:explicit }"
    )
    return frozenset(claim for (claim,) in ask(store, "?claim", pattern))


def years(store: Store, iris: Iterable[str]) -> dict[str, int]:
    """Return the year in which each of *iris* was published that is a work of a known year."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    pattern = f"{values('work', wanted)} ?work pk:year ?year"
    return {
        work: number(year)
        for work, year in ask(store, "?work ?year", pattern, "ORDER BY DESC(?year)")
        if number(year)
    }


def _citations(store: Store, block: str) -> dict[str, list[Citation]]:
    """Return the citations that serve each claim of the VALUES *block*."""
    found: dict[str, dict[str, Citation]] = {}
    for claim, iri, holder, role, signal, pages, hedge, passage, work, first, last in ask(
        store,
        "?claim ?citation ?holder ?role ?signal ?pages ?hedge ?passage ?work ?first ?last",
        f"{block} ?claim pk:attribution ?citation . ?citation pk:holder ?holder "
        "OPTIONAL { ?citation pk:role ?role } OPTIONAL { ?citation pk:signal ?signal } "
        "OPTIONAL { ?citation pk:pages ?pages } OPTIONAL { ?citation pk:hedge ?hedge } "
        "OPTIONAL { ?citation pk:inPassage ?passage OPTIONAL { ?passage pk:passageOf ?work } } "
        "OPTIONAL { ?citation pk:firstLine ?first } OPTIONAL { ?citation pk:lastLine ?last }",
        "ORDER BY ?first ?last ?citation ?holder ?pages",
    ):
        place = Place(number(first), number(last), passage, work)
        citation = Citation(iri, holder, word(role), word(signal), pages, hedge, place)
        found.setdefault(claim, {}).setdefault(iri, citation)
    return {claim: list(each.values()) for claim, each in found.items()}
