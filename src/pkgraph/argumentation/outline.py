"""
Say what is on a map as a list in lists, for who does not see it.

Under each card are the links that bear on it, each once. A card that bears on several has its own
list where it comes first, and is named again at the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.argumentation.model import ArgumentMap, Card, Link

#: How deep lists stand in lists: as many levels as a map has at most both ways.
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A card in the list, the link by which it is there, and the entries of what bears on it."""

    card: Card
    link: Link | None
    entries: tuple[Entry, ...]
    again: bool = False


def outline(found: ArgumentMap) -> tuple[Entry, ...]:
    """Return the entries of a map: the card where it opens comes first."""
    return _Listing(found).entries()


class _Listing:
    """What is listed already of a map."""

    def __init__(self, found: ArgumentMap) -> None:
        self._map = found
        self._cards = {card.iri: card for card in found.cards}
        self._below: dict[str, list[Link]] = {card.iri: [] for card in found.cards}
        for link in found.links:
            self._below[link.target].append(link)
        self._listed: set[str] = set()

    def entries(self) -> tuple[Entry, ...]:
        """Return an entry for the first card and for those that stand under none."""
        sources = {link.source for link in self._map.links}
        first = [card for card in self._map.cards if card.root]
        tops = [card for card in self._map.cards if card.iri not in sources]
        return tuple(
            self._entry(card.iri, None, 0)
            for card in (*first, *tops, *self._map.cards)
            if card.iri not in self._listed
        )

    def _entry(self, iri: str, link: Link | None, level: int) -> Entry:
        """Return the entry of a card; what would stand too deep has its list at the end."""
        links_ = self._below[iri]
        if iri in self._listed or (level > _DEEPEST and links_):
            return Entry(self._cards[iri], link, (), again=True)
        self._listed.add(iri)
        inner = [self._entry(each.source, each, level + 1) for each in links_]
        return Entry(self._cards[iri], link, tuple(inner))


def every(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Yield *entries* and those in them, in their order."""
    for entry in entries:
        yield entry
        yield from every(entry.entries)


def links(entries: tuple[Entry, ...]) -> Iterator[Link]:
    """Yield the links that are in *entries*, in their order."""
    return (entry.link for entry in every(entries) if entry.link)


def drawn(link: Link) -> str:
    """Return who draws *link*, and where, in words."""
    if link.iri is None:
        return "by what the claim says"
    makers = [maker.label for maker in link.makers]
    place = f"{link.place}, {lines(link)}" if link.place and link.first_line else link.place
    if len(makers) == 1 and place.startswith(makers[0]):
        told = place
    else:
        told = named(link)
        told += f", {place}" if place else ""
    return f"drawn by {told}{reading(link)}"


def named(link: Link) -> str:
    """Return who draws *link*."""
    return " and ".join(maker.label for maker in link.makers) or "nobody who is named"


def lines(link: Link) -> str:
    """Return the lines in which *link* is drawn, in words."""
    if link.first_line == link.last_line:
        return f"line {link.first_line}"
    return f"lines {link.first_line}–{link.last_line}"


def reading(link: Link) -> str:
    """Return what is said of *link* if the text does not draw it."""
    return ", as an analyst reads it" if link.inferred else ""
