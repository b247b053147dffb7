"""
Set the cards of a map, and put those that stand alone under the same thing into columns.

A box is what is placed as one: a card with the words of its links above it, or a column of cards
that have no links but one of the same relation to the same thing. Columns keep a map narrow: under
a claim there are often ten others on which nothing else bears.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.argumentation import text
from pkgraph.argumentation.model import COUNTED, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pkgraph.argumentation.model import ArgumentMap, Card, Cut, Holder, Link

WIDTH: Final = 268
PADDING: Final = 10
#: How much the end of a line takes, and how wide a card becomes for many.
_END: Final = 20
_WIDEST: Final = 1200
#: The size and the height of a line: of the sentence of a card, and of what is around it.
BODY: Final = (13.0, 17)
SMALL: Final = (10.5, 14)
#: What is around the lines that lead on from a card.
MORE: Final = 10
#: How many lines of the sentence and of its holders a card shows.
_MOST_LINES: Final = 14
_MOST_SMALL: Final = 4
#: Between the cards of a column, and beside them for the line that leads to each.
GAP: Final = 14
GUTTER: Final = 18
#: How high the words of links are, and what is between them and the card.
WORD_HEIGHT: Final = 20
WORD_GAP: Final = 8
#: How many cards a column has.
_IN_A_COLUMN: Final = 4
#: How the source takes a claim.
_VOICES: Final = {
    "own": "in own voice in",
    "endorsed": "endorsed in",
    "reported": "reported in",
    "qualified": "reported with limits in",
    "disputed": "reported and disputed in",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A card as it is set: its lines of text, and how high it is."""

    card: Card
    head: tuple[str, ...]
    body: tuple[str, ...]
    holders: tuple[str, ...]
    place: tuple[str, ...]
    below: tuple[str, ...]
    above: tuple[str, ...]
    width: int = WIDTH

    @property
    def height(self) -> int:
        """How high the card is."""
        small = sum(map(len, (self.head, self.holders, self.place)))
        more = sum(more_height(rows) for rows in (self.below, self.above))
        return 2 * PADDING + len(self.body) * BODY[1] + small * SMALL[1] + 8 + more


@dataclass(frozen=True, slots=True)
class Word:
    """The word above a box for the ``links`` from it to the one ``target``, and its width."""

    text: str
    links: tuple[Link, ...]
    width: float

    @property
    def target(self) -> str:
        """The thing that the links bear on."""
        return self.links[0].target


@dataclass(frozen=True, slots=True)
class Box:
    """What is placed as one: words over one card, or over a column of them."""

    faces: tuple[Face, ...]
    words: tuple[Word, ...]

    @property
    def name(self) -> str:
        """The IRI of the first card."""
        return self.faces[0].card.iri

    @property
    def top(self) -> int:
        """How much the words take above the first card, with the lines to and from them."""
        return WORD_GAP + WORD_HEIGHT + WORD_GAP if self.words else 0

    @property
    def left(self) -> int:
        """How much is beside the cards."""
        return GUTTER if len(self.faces) > 1 and self.words else 0

    @property
    def width(self) -> float:
        """How wide the box is."""
        words = sum(each.width + WORD_GAP for each in self.words)
        return max(self.faces[0].width + self.left, words)

    @property
    def height(self) -> int:
        """How high the box is."""
        cards = sum(face.height for face in self.faces)
        return self.top + cards + GAP * (len(self.faces) - 1)


def boxes(found: ArgumentMap) -> list[Box]:
    """Return the boxes of a map, in the order of their first cards."""
    above: dict[str, list[Link]] = {card.iri: [] for card in found.cards}
    bearing: set[str] = set()
    for link in found.links:
        above[link.source].append(link)
        bearing.add(link.target)
    columns: dict[tuple[str, ...], list[Card]] = {}
    for card in found.cards:
        columns.setdefault(_column(card, above[card.iri], card.iri in bearing), []).append(card)
    parts = [part for cards in columns.values() for part in _parts(cards)]
    words = [tuple(_words(link for card in part for link in above[card.iri])) for part in parts]
    ends = Counter(word.target for several in words for word in several)
    return [
        Box(tuple(face(card, ends[card.iri]) for card in part), several)
        for part, several in zip(parts, words, strict=True)
    ]


def face(card: Card, ends: int = 0) -> Face:
    """Return *card* as it is set: wide enough for the *ends* of the lines that lead to it."""
    return Face(
        card=card,
        head=_small(_kind(card), 1),
        body=text.lines(card.label, BODY[0], WIDTH - 2 * PADDING, _MOST_LINES),
        holders=_small(held(card), _MOST_SMALL) if card.is_claim else (),
        place=_small(stated(card), _MOST_SMALL) if card.is_claim else (),
        below=tuple(_small(told(card, below=True), 2)),
        above=tuple(_small(told(card, below=False), 2)),
        width=max(WIDTH, min(_WIDEST, ends * _END)),
    )


def more_height(rows: Sequence[str]) -> int:
    """Return how high what leads on from a card is: a finger hits it."""
    return len(rows) * SMALL[1] + MORE if rows else 0


def held(card: Card) -> str:
    """Return who holds the claim of *card*, in words."""
    if not card.holders:
        return "held by nobody who is named"
    return f"held by {' · '.join(map(_cited, card.holders))}"


def _cited(holder: Holder) -> str:
    """Return *holder* with the pages that are printed."""
    pages = [f"{'p.' if each.isalnum() else 'pp.'} {each}" for each in holder.pages]
    return ", ".join((holder.label, *pages))


def stated(card: Card, usual: str = "") -> str:
    """
    Return how and where the source states the claim of *card*, in words.

    The name of the work *usual* is left out of its places; then those in others have theirs.
    """
    if not card.passage or not card.lines:
        return f"voice: {card.voice}"
    first, last = card.lines
    lines = f"line {first}" if first == last else f"lines {first}–{last}"
    others = f" and {card.places - 1} more" if card.places > 1 else ""
    place, source = card.passage.label, card.source.label if card.source else ""
    if usual and source == usual:
        place = place.removeprefix(f"{usual}, ")
    elif usual and not place.startswith(source):
        place = f"{source}, {place}"
    return f"{_VOICES[card.voice_there or card.voice or 'own']} {place}, {lines}{others}"


def told(card: Card, *, below: bool) -> str:
    """Return what the map leaves out on one side of *card*, in words; empty if it is nothing."""
    cuts = [cut for cut in card.cuts if cut.below == below]
    if not cuts:
        return ""
    if below:
        return f"{', '.join(map(_counted, cuts))} more, show"
    return f"bears on {sum(cut.number for cut in cuts)} more above, show"


def _counted(cut: Cut) -> str:
    one, many = COUNTED[cut.relation]
    return f"{cut.number:,} {one if cut.number == 1 else many}"


def _kind(card: Card) -> str:
    if not card.is_claim:
        return card.kind
    return (
        f"{card.kind}, {card.voice} voice" if card.voice == "own" else f"{card.kind}, {card.voice}"
    )


def _small(content: str, most: int) -> tuple[str, ...]:
    return text.lines(content, SMALL[0], WIDTH - 2 * PADDING, most) if content else ()


def _column(card: Card, links: list[Link], bearing: bool) -> tuple[str, ...]:  # noqa: FBT001
    """Return what cards have in common that may stand in one column; a card alone has its name."""
    if bearing or card.root or len(links) > 1:
        return (card.iri,)
    if not links:
        return ("", "")
    link = links[0]
    return (link.target, link.relation, str(link.inferred))


def _parts(cards: list[Card]) -> Iterator[list[Card]]:
    """Yield *cards* in parts for columns that are about as long as one another."""
    number = -(-len(cards) // _IN_A_COLUMN)
    size = -(-len(cards) // number)
    for start in range(0, len(cards), size):
        yield cards[start : start + size]


def _words(links: Iterable[Link]) -> Iterator[Word]:
    """Yield the words for *links* of one box, the links of each relation to each thing together."""
    groups: dict[tuple[int, str, bool], list[Link]] = {}
    for link in links:
        key = (RELATIONS.index(link.relation), link.target, link.inferred)
        groups.setdefault(key, []).append(link)
    for (rank, _, inferred), members in groups.items():
        name = RELATIONS[rank]
        if len(members) > 1:
            name = f"{len(members)} × {name}"
        if inferred:
            name += ", inferred"
        yield Word(name, tuple(members), text.width(name, SMALL[0], bold=True) + 16)
