"""
Name works and persons, as the graph does: the address and the label.

A work is called after its authors and year, "Adler & Barnett 1998", work:adler-barnett-1998; one
without authors after its title. A person whose given name is known is called by it. One who is not
known by more than a surname or initials is one for each work, since that does not show who it is:
"Cox (1987)", person:cox-1987.
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final, NamedTuple

from pkgraph import terms
from pkgraph.namespaces import BASE
from pkgraph.references.duplicates import ascii_letters, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.references.reading import Year
    from pkgraph.references.record import Name, People

#: A work of more authors is called after the first of them.
_NAMED: Final = 3
#: The longest part of a name in an address, in characters.
_SLUG: Final = 60
_GIVEN: Final = re.compile(r"[^\W\d_][^\W\d_]*[a-zß-ÿ\u0100-\U0010ffff]")


class Called(NamedTuple):
    """How a thing is called: its IRI, its label, and the letter that tells it apart, if any."""

    iri: str
    label: str
    letter: str


class Names:
    """The addresses and labels that are taken; each is given once."""

    def __init__(self, addresses: Iterable[str], labels: Iterable[tuple[str, str]]) -> None:
        self._addresses = set(addresses)
        self._labels = set(labels)
        self._passed: dict[str, int] = {}

    def work(self, people: People, title: str, year: Year, fallback: str) -> Called:
        """Return how a work is called, with the next free letter if its name is taken."""
        label, slug = _head(people, title)
        slug = slug or _slug(fallback) or "work"
        when = year.year or year.printed
        tail = "-" + _slug(when) if when else ""
        undated = "n.d." if people.names else ""
        return self._free("work", slug + tail, f"{label} {when or undated}".strip(), year.letter)

    def person(self, name: Name, work: Called, year: Year) -> Called:
        """Return how a new person is called who wrote *work*."""
        slug = _slug(name.full) or work.iri.rpartition("/")[2] + "-author"
        when = year.year or year.printed
        if given_name_known(name) or not when:
            return self._free("person", slug, name.full, "")
        label = f"{name.full} ({when}{work.letter})"
        return self._free("person", f"{slug}-{_slug(when)}{work.letter}", label, "")

    def given(self, iri: str, called: Called) -> Called:
        """Return that what was *called* otherwise has the address *iri*."""
        self._addresses.discard(called.iri)
        self._addresses.add(iri)
        return called._replace(iri=iri)

    def free(self, iri: str) -> bool:
        """Tell whether nothing has the address *iri*."""
        return iri not in self._addresses

    def _free(self, kind: str, slug: str, label: str, letter: str) -> Called:
        """Return the first name that is not taken: without a letter, with b, c and so on."""
        start = f"{kind}/{slug}"
        own = [letter] if letter else [""]
        for number, mark in enumerate(_marks(own, self._passed.get(start, 0))):
            joint = "" if mark in {"", *ascii_lowercase} and re.search("[0-9]$", slug) else "-"
            iri = f"{BASE}{kind}/{slug}{joint if mark else ''}{mark}"
            called = label + (f"{mark}" if not joint else f" ({mark})" if mark else "")
            compared = (kind, key(called))
            if iri not in self._addresses and compared not in self._labels:
                self._passed[start] = self._passed.get(start, 0) + number
                self._addresses.add(iri)
                self._labels.add(compared)
                return Called(iri, called, mark if len(mark) == 1 else "")
        raise AssertionError("numbers do not end")


def _marks(first: list[str], passed: int) -> Iterator[str]:
    """Yield what may tell names apart, but for those that are *passed*."""
    marks = [*first, *(each for each in ascii_lowercase[1:] if each not in first)]
    yield from marks[passed:]
    number = max(passed, len(marks)) + 1
    while True:
        yield str(number)
        number += 1


def given_name_known(name: Name) -> bool:
    """
    Tell whether more is known of a given name than initials.

    >>> from pkgraph.references.record import Name
    >>> given_name_known(Name("Cox", "Robert W.")), given_name_known(Name("Cox", "R. W."))
    (True, False)
    """
    return _GIVEN.search(name.given) is not None


def _head(people: People, title: str) -> tuple[str, str]:
    """Return what the label and the address of a work begin with."""
    short = [name.short for name in people.names]
    if not short:
        words = _slug(title)
        return title, words
    if people.others or len(short) > _NAMED:
        return f"{short[0]} et al.", f"{_slug(short[0])}-et-al" if _slug(short[0]) else ""
    label = " & ".join(each for each in (", ".join(short[:-1]), short[-1]) if each)
    return label, "-".join(slug for slug in map(_slug, short) if slug)


def _slug(text: str) -> str:
    """Return *text* as a part of an address, cut after a whole word if it is long."""
    slug = terms.slug(ascii_letters(text))
    return slug if len(slug) <= _SLUG else slug[: _SLUG + 1].rpartition("-")[0] or slug[:_SLUG]
