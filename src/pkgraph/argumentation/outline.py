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
    below: dict[str, list[Link]] = {card.iri: [] for card in found.cards}
    for link in found.links:
        below[link.target].append(link)
    cards = {card.iri: card for card in found.cards}
    sources = {link.source for link in found.links}
    first = [card for card in found.cards if card.root]
    tops = [card for card in found.cards if card.iri not in sources and not card.root]
    listed: set[str] = set()
    return tuple(
        _entry(card.iri, None, cards, below, listed)
        for card in (*first, *tops, *found.cards)
        if card.iri not in listed
    )


def _entry(
    iri: str,
    link: Link | None,
    cards: dict[str, Card],
    below: dict[str, list[Link]],
    listed: set[str],
    level: int = 0,
) -> Entry:
    """Return the entry of a card; what would stand too deep has its list at the end."""
    if iri in listed or (level > _DEEPEST and below[iri]):
        return Entry(cards[iri], link, (), again=True)
    listed.add(iri)
    inner = [_entry(each.source, each, cards, below, listed, level + 1) for each in below[iri]]
    return Entry(cards[iri], link, tuple(inner))


def links(entries: tuple[Entry, ...]) -> Iterator[Link]:
    """Yield the links that are in *entries*, in their order."""
    for entry in entries:
        if entry.link:
            yield entry.link
        yield from links(entry.entries)


def drawn(link: Link) -> str:
    """Return who draws *link*, and where, in words."""
    if link.iri is None:
        return "by what the claim says"
    who = " and ".join(maker.label for maker in link.makers) or "nobody who is named"
    where = f", {link.place}" if link.place else ""
    if link.place and link.first_line:
        same = link.first_line == link.last_line
        lines = f"line {link.first_line}" if same else f"lines {link.first_line}–{link.last_line}"
        where += f", {lines}"
    return f"drawn by {who}{where}{', as an analyst reads it' if link.inferred else ''}"
