"""
Tell whether two descriptions are of one work.

They are if they have one DOI, or the same authors, year and title. Capitals, accents, punctuation,
"and" for "&", a leading article and a subtitle that one of them leaves out make no difference.
What is nearly so, or so but for one of the three, is doubtful: that is for people to decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from rapidfuzz import fuzz

from pkgraph import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: How alike two titles or names must be, of 100, to be worth a second look.
ALIKE: Final = 85
#: At most this many characters of two titles are held against each other.
_COMPARED: Final = 200
#: A title of fewer words, such as "Introduction", many works have.
_TELLING: Final = 4
#: Letters that Unicode does not take apart into one of ASCII and an accent.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)
_WORD: Final = re.compile(r"[^\W_]+")
_SUBTITLE: Final = re.compile(r"[:?!.;]\s|\s[-–—]\s|[–—]")

Level: TypeAlias = Literal["same", "near", "unknown", "other"]

#: What is said of a work of which only title and year are compared.
AUTHORS_UNKNOWN: Final = "same year and title; authors are not known"
#: What to say of two works by how alike their titles, authors and years are.
_DOUBTFUL: Final[Mapping[tuple[Level, Level, Level], str]] = MappingProxyType(
    {
        ("near", "same", "same"): "same authors and year, and nearly the same title",
        ("unknown", "same", "same"): "same authors and year; a title is not known",
        ("same", "same", "unknown"): "same authors and title; a year is not known",
        ("same", "same", "other"): "same authors and title; not the same year",
        ("same", "near", "same"): "same year and title; authors alike",
        ("same", "unknown", "same"): AUTHORS_UNKNOWN,
        ("near", "near", "same"): "same year; authors and title alike",
    }
)


@dataclass(frozen=True)
class Description:
    """What a work is told from others by; what is not known of it is empty."""

    address: str
    title: str = ""
    names: frozenset[str] = frozenset()
    others: bool = False
    year: str = ""
    letter: str = ""
    kind: str = ""
    doi: str = ""
    container: str = ""

    @cached_property
    def whole(self) -> str:
        """The title as titles are compared."""
        return title_key(self.title)

    @cached_property
    def begins(self) -> str:
        """As much of the title as is held against others that are spelt nearly so."""
        return self.whole[:_COMPARED]

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in the title, which tell one volume from another."""
        return tuple(sorted(re.findall(r"[0-9]+", self.whole)))

    @cached_property
    def row(self) -> str:
        """The names in a row."""
        return " ".join(sorted(self.names))[:_COMPARED]

    @cached_property
    def main(self) -> str:
        """The title without its subtitle."""
        return title_key(_SUBTITLE.split(self.title, maxsplit=1)[0]) or self.whole


class Match(NamedTuple):
    """A work that may be the same, whether it surely is, and why."""

    work: Description
    sure: bool
    reason: str


def ascii_letters(text: str) -> str:
    """Return *text* with the letters that have no accent to take off, as ASCII writes them."""
    return text.translate(_LETTERS)


def key(text: str) -> str:
    """
    Return *text* as names are compared.

    >>> key("Guéhenno & Mueller-Ørsted")
    'guehenno and mueller orsted'
    """
    plain = ascii_letters(terms.fold(ascii_letters(text)))
    return " ".join(_WORD.findall(plain.replace("&", " and ")))


def title_key(title: str) -> str:
    """Return *title* as titles are compared: without an article before it as well."""
    return re.sub(r"^(?:the|an|a) (?=.)", "", key(title))


def compare(one: Description, other: Description) -> Match | None:
    """Return what is to be said of *other* as the same work as *one*; None if it is another."""
    levels = _titles(one, other), _names(one, other), _equal(one.year, other.year)
    if one.doi and one.doi == other.doi:
        if "other" in {levels[0], levels[2]}:
            return Match(other, sure=False, reason="same DOI, but another title or year")
        return Match(other, sure=True, reason="same DOI")
    if levels == ("same", "same", "same"):
        return _sure(one, other, "same authors, year and title")
    if levels[0] == "same" and not (one.names or other.names or one.year or other.year):
        return _sure(one, other, "same title, and neither author nor year")
    if levels[0] == "unknown" and _equal(one.letter, other.letter) == "other":
        return None
    reason = _DOUBTFUL.get(levels)
    return Match(other, sure=False, reason=reason) if reason else None


def _sure(one: Description, other: Description, reason: str) -> Match:
    """Return that the two are the same, unless something else tells them apart."""
    apart = [("DOI", one.doi, other.doi), ("kind of work", one.kind, other.kind)]
    if len(one.whole.split()) < _TELLING:
        container = title_key(one.container), title_key(other.container)
        apart.append(("volume or journal", *container))
    for what, mine, theirs in apart:
        if _equal(mine, theirs) == "other":
            return Match(other, sure=False, reason=f"{reason}; not the same {what}")
    return Match(other, sure=True, reason=reason)


def _equal(one: str, other: str) -> Level:
    return "unknown" if not one or not other else "same" if one == other else "other"


def _titles(one: Description, other: Description) -> Level:
    if not one.whole or not other.whole:
        return "unknown"
    if one.whole == other.whole:
        return "same"
    subtitles = (one.whole != one.main, other.whole != other.main)
    if one.main == other.main:
        return "near" if all(subtitles) else "same"
    alike = one.numbers == other.numbers and fuzz.ratio(one.begins, other.begins) >= ALIKE
    return "near" if alike else "other"


def _names(one: Description, other: Description) -> Level:
    if not one.names or not other.names:
        return "unknown"
    if one.names == other.names or _end_alike(one.names, other.names):
        return "same"
    if (one.others and one.names < other.names) or (other.others and other.names < one.names):
        return "same"
    alike = not one.names.isdisjoint(other.names) or fuzz.ratio(one.row, other.row) >= ALIKE
    return "near" if alike else "other"


def _end_alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether the names are the same but for given names on one side."""

    def ends(name: str, among: frozenset[str]) -> bool:
        return any(name == each or name.endswith(f" {each}") for each in among)

    if len(some) != len(others):
        return False
    return all(ends(name, others) for name in some) or all(ends(name, some) for name in others)


class Index:
    """Descriptions, found again without going through all of them."""

    def __init__(self, works: Iterable[Description] = ()) -> None:
        self._by_doi: dict[str, list[Description]] = defaultdict(list)
        self._by_title: dict[str, list[Description]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[Description]] = defaultdict(list)
        for work in works:
            self.add(work)

    def add(self, work: Description) -> None:
        """Add a description."""
        if work.doi:
            self._by_doi[work.doi].append(work)
        if work.main:
            self._by_title[work.main].append(work)
        for name in work.names:
            self._by_name[name, work.year].append(work)

    def find(self, work: Description, at_most: int) -> list[Match]:
        """Return the one that is surely the same, or else the doubtful ones, *at_most* so many."""
        doubtful: dict[str, Match] = {}
        for other in (*self._by_doi.get(work.doi, ()), *self._by_title.get(work.main, ())):
            match = compare(work, other)
            if match and match.sure:
                return [match]
            if match:
                doubtful.setdefault(other.address, match)
        for other in self._nearby(work):
            if len(doubtful) >= at_most:
                break
            if match := compare(work, other):
                doubtful.setdefault(other.address, match)
        return list(doubtful.values())[:at_most]

    def _nearby(self, work: Description) -> Iterator[Description]:
        """Yield those of the same year and an author; their titles are not the same."""
        return chain.from_iterable(
            self._by_name.get((name, work.year), ()) for name in sorted(work.names)
        )
