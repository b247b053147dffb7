"""
Say in words what the list of a map tells of each card, as briefly as leaves nothing out.

Most places on a map are in one work. It is named once, and left out of its places from then on. A
large map has no room for more: its labels are shortened if they are long, and what leads on from a
card is told without a link, as the page of the card has the one and the other.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pkgraph import search
from pkgraph.argumentation import boxes, outline

if TYPE_CHECKING:
    from pkgraph.argumentation.model import ArgumentMap, Card, Link
    from pkgraph.argumentation.outline import Entry

#: How many letters a list has before labels are shortened, and how many each keeps at least.
_ROOM: Final = 75_000
_LEAST: Final = 60
#: From how many cards on a map is large.
_LARGE: Final = 100


class Telling:
    """
    The words of the list *entries* of the map *found*.

    ``usual`` is the work whose places are told without its name; empty if there is none. ``large``
    tells that there is no room for links to other maps, ``shortened`` that labels are cut.
    """

    def __init__(self, found: ArgumentMap, entries: tuple[Entry, ...]) -> None:
        works = Counter(card.source.label for card in found.cards if card.source)
        self.usual = max(works, key=lambda label: (works[label], label), default="")
        self.large = len(found.cards) > _LARGE
        every = tuple(outline.every(entries))
        told = sum(len(sentence) for each in every for sentence in self.about(each))
        labels = sum(len(each.card.label) for each in every)
        self.shortened = told + labels > _ROOM
        self._longest = max(_LEAST, (_ROOM - told) // len(every)) if every else _LEAST

    def label(self, card: Card) -> str:
        """Return what *card* says, or how it begins."""
        if not self.shortened or len(card.label) <= self._longest:
            return card.label
        cut = f"{card.label[: self._longest - 1].rstrip()}…"
        return search.Text.of(cut, search.language_of(card.label))

    def about(self, entry: Entry) -> list[str]:
        """Return who holds the claim of *entry* and where, and who draws its link, in sentences."""
        card, told = entry.card, []
        if not entry.again:
            told.append(self._stated(card) if card.is_claim else card.kind)
        if entry.link:
            told.append(self._drawn(entry.link, None if entry.again else card))
        return told

    def _stated(self, card: Card) -> str:
        """Return who holds the claim of *card*, and where it is stated."""
        stated = boxes.stated(card, self.usual)
        holders = [(each.label, each.pages) for each in card.holders]
        if card.source and card.source.label == self.usual and holders == [(self.usual, ())]:
            return f"held {stated}"
        return f"{boxes.held(card)}, {stated}"

    def _drawn(self, link: Link, card: Card | None) -> str:
        """Return who draws *link*, and where: in the passage of *card*, if that was told before."""
        own = link.place.startswith(f"{self.usual}, ") and outline.named(link) == self.usual
        if link.iri and link.place and card and card.passage and link.place == card.passage.label:
            by = "" if own else f" by {outline.named(link)}"
            same = (link.first_line, link.last_line) == card.lines
            where = f"there{by}{'' if same else f', {outline.lines(link)}'}"
        elif link.iri and link.first_line and own:
            where = f"in {link.place.removeprefix(f'{self.usual}, ')}, {outline.lines(link)}"
        else:
            return outline.drawn(link)
        return f"drawn {where}{outline.reading(link)}"
