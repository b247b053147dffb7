"""Count works by the year in which they were published, and tell who entered a debate when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pkgraph import search, terms
from pkgraph.pages.asking import ask, names, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgraph.store import Store

#: What a claim does to a proposition, and on which side that puts it.
_MOVES: Final = (
    '("affirms" pk:affirms "for") ("narrows" pk:narrows "for") '
    '("denies" pk:denies "against") ("finds no effect for" pk:findsNoEffectFor "against")'
)


#: Up to how many entries of a debate are named; more are counted.
NAMED: Final = 150


@dataclass(frozen=True, slots=True)
class Work:
    """A work and the year in which it was published; 0 if none is known."""

    iri: str
    label: str
    year: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who stands on a side of a debate, and by which claims, each with what it does."""

    who: Work
    side: str
    claims: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Chronology:
    """
    A debate by years: for each, who entered on either side. Who has no known year is apart.

    Somebody may stand on both sides.
    """

    years: tuple[tuple[int, tuple[Entry, ...], tuple[Entry, ...]], ...]
    undated: tuple[Entry, ...]

    @property
    def most(self) -> int:
        """The largest number of entries on one side in a year."""
        return max((len(side) for _, *sides in self.years for side in sides), default=0)

    @property
    def crowded(self) -> bool:
        """Whether there are more entries than a page has room to name."""
        named = sum(len(yes) + len(no) for _, yes, no in self.years)
        return named + len(self.undated) > NAMED


@dataclass(frozen=True, slots=True)
class Column:
    """The works of a year; the column of their number is that high, and stands there."""

    year: int
    works: tuple[Work, ...]
    x: float
    height: float


def read(store: Store) -> tuple[Work, ...]:
    """Return the works of *store*, by year and name; those of no known year come last."""
    found: dict[str, Work] = {}
    for iri, label, year in ask(
        store,
        "?it ?label ?year",
        "?it a pk:Work OPTIONAL { ?it rdfs:label ?label } OPTIONAL { ?it pk:year ?year }",
        "ORDER BY ?it ?year DESC(?label)",
    ):
        before = found.get(iri) or Work(iri, "", number(year))
        found[iri] = replace(before, label=search.better(before.label, label))
    named = (replace(each, label=each.label or each.iri) for each in found.values())
    return tuple(sorted(named, key=_order))


def columns(works: Iterable[Work], width: float, height: float) -> tuple[Column, ...]:
    """Return a column for each year that has *works*, in a picture of a *width* and *height*."""
    by_year: dict[int, list[Work]] = {}
    for each in works:
        if each.year:
            by_year.setdefault(each.year, []).append(each)
    if not by_year:
        return ()
    first, last = min(by_year), max(by_year)
    step = width / (last - first + 1)
    most = max(map(len, by_year.values()))
    return tuple(
        Column(
            year,
            tuple(by_year[year]),
            round((year - first) * step, 1),
            round(height * len(by_year[year]) / most, 1),
        )
        for year in sorted(by_year)
    )


def chronology(store: Store, iri: str) -> Chronology:
    """Return the chronology of the debate about the proposition *iri*, by who holds the claims."""
    told: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    years: dict[str, int] = {}
    for side, move, claim, who, year in ask(
        store,
        "?side ?move ?claim ?who ?year",
        f"VALUES (?move ?how ?side) {{ {_MOVES} }} ?claim ?how {terms.iri(iri)} ; a pk:Claim ; "
        "pk:heldBy ?who OPTIONAL { ?who pk:year ?year }",
        "ORDER BY ?who ?side ?claim ?move DESC(?year)",
    ):
        years.setdefault(who, number(year))
        told.setdefault((who, side), {})[move, claim] = None
    called = names(store, list(told), [claim for few in told.values() for _, claim in few])
    entries = [
        Entry(
            Work(who, called[who], years[who]),
            side,
            tuple((move, claim, called[claim]) for move, claim in few),
        )
        for (who, side), few in told.items()
    ]
    entries.sort(key=lambda each: (_order(each.who), each.side))
    known = sorted({each.who.year for each in entries} - {0})
    return Chronology(
        years=tuple(
            (year, _of(entries, year, "for"), _of(entries, year, "against")) for year in known
        ),
        undated=tuple(each for each in entries if not each.who.year),
    )


def _of(entries: Sequence[Entry], year: int, side: str) -> tuple[Entry, ...]:
    return tuple(each for each in entries if (each.who.year, each.side) == (year, side))


def _order(work: Work) -> tuple[bool, int, str, str]:
    return not work.year, work.year, work.label.casefold(), work.iri
