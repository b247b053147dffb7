"""What an argument map is made of: cards, the links between them, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.namespaces import PK, SCHEME

if TYPE_CHECKING:
    from collections.abc import Mapping


class Direction(StrEnum):
    """Which way a map goes on from where it opens."""

    BELOW = "below"
    ABOVE = "above"
    BOTH = "both"


#: The relations of argument links, by their IRI: how one is read from the card that makes it.
MOVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        f"{SCHEME}relation/{name}": name
        for name in ("attacks", "supports", "qualifies", "exemplifies", "elaborates")
    }
)
#: The properties by which the content of a claim bears on a thing, by their IRI.
BEARINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        PK + "denies": "denies",
        PK + "findsNoEffectFor": "finds no effect for",
        PK + "affirms": "affirms",
        PK + "narrows": "narrows",
        PK + "expresses": "expresses",
        PK + "answers": "answers",
    }
)
#: All of them, in the order in which a map shows them: what is against a thing comes first.
RELATIONS: Final = (
    *("attacks", "denies", "finds no effect for", "supports", "affirms", "qualifies", "narrows"),
    *("exemplifies", "elaborates", "expresses", "answers"),
)
#: What one link of a relation is called, and what several are.
COUNTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "attacks": ("attack", "attacks"),
        "denies": ("denial", "denials"),
        "finds no effect for": ("finding of no effect", "findings of no effect"),
        "supports": ("support", "supports"),
        "affirms": ("affirmation", "affirmations"),
        "qualifies": ("qualification", "qualifications"),
        "narrows": ("narrowing", "narrowings"),
        "exemplifies": ("example", "examples"),
        "elaborates": ("elaboration", "elaborations"),
        "expresses": ("expression", "expressions"),
        "answers": ("answer", "answers"),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A thing and what it is called."""

    label: str
    iri: str


@dataclass(frozen=True, slots=True)
class Link:
    """
    A link of the graph between two cards.

    Links that a claim's own content makes have no ``iri``, ``basis`` or ``makers`` of their own.
    """

    source: str
    relation: str
    target: str
    iri: str | None = None
    basis: str | None = None
    place: str = ""
    first_line: int = 0
    last_line: int = 0
    makers: tuple[Named, ...] = ()

    @property
    def inferred(self) -> bool:
        """Whether an analyst draws the link, and the text does not."""
        return self.basis == "inferred"

    @property
    def order(self) -> tuple[int, str, int, str, str]:
        """Where it comes among others: by relation, and then as the text goes."""
        rank = RELATIONS.index(self.relation)
        return rank, self.place, self.first_line, self.source, self.target


@dataclass(frozen=True, slots=True)
class Holder:
    """Who puts a claim forward, and the pages that the citation prints."""

    iri: str
    label: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Links of a card that the map leaves out: how many of a relation, on which side."""

    relation: str
    below: bool
    number: int


@dataclass(frozen=True, slots=True)
class Card:
    """
    A claim, or a thing that claims bear on.

    ``kind`` says which, in a word. ``passage`` is the place where the source states it first,
    ``voice`` how the source takes it, ``voice_there`` where it takes it otherwise at that place;
    whoever only reports is no holder. ``places`` counts where it is stated.
    """

    iri: str
    label: str
    kind: str
    voice: str | None = None
    holders: tuple[Holder, ...] = ()
    source: Named | None = None
    passage: Named | None = None
    lines: tuple[int, int] | None = None
    voice_there: str | None = None
    places: int = 0
    root: bool = False
    folded: bool = False
    cuts: tuple[Cut, ...] = ()

    @property
    def is_claim(self) -> bool:
        """Whether it is a claim."""
        return self.voice is not None


@dataclass(frozen=True, slots=True)
class ArgumentMap:
    """
    A part of the arguments of a graph: how it was asked for, and what is in it.

    ``full`` tells that it has as many cards as one may have, so that others were left out;
    ``uncounted`` that a card has more links than were read.
    """

    about: Named
    depth: int
    direction: Direction
    folded: tuple[str, ...]
    cards: tuple[Card, ...]
    links: tuple[Link, ...]
    full: bool = False
    uncounted: bool = False

    def card(self, iri: str) -> Card:
        """Return the card of the thing *iri*, which is on the map."""
        return next(each for each in self.cards if each.iri == iri)

    @property
    def cut(self) -> int:
        """How many links of its cards lead to what is not on the map."""
        return sum(cut.number for card in self.cards for cut in card.cuts)
