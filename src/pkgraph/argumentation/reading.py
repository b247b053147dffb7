"""
Find what belongs on a map: from where it opens, level by level, up to a depth and a size.

A map opens at a claim, a proposition, a question, an approach or a conception, and goes down to
what bears on it and on that in turn, or up to what it bears on. It can also open at a work, which
is no card: the cards of its first level are then the claims that the work holds. What only reports
a claim does not hold it.

A level is taken whole or, where there is no room, in the order of the links, so that the same
question to the same graph gives the same map.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pkgraph import search, terms
from pkgraph.argumentation import cards
from pkgraph.argumentation.links import Links, makers
from pkgraph.argumentation.model import RELATIONS, ArgumentMap, Cut, Direction, Named
from pkgraph.errors import NotFoundError, ParameterError
from pkgraph.namespaces import PK, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.argumentation.model import Card, Link
    from pkgraph.store import Store

#: The most cards of a map.
MOST_CARDS: Final = 300
#: The most levels from where it opens, and how many there are unless told otherwise.
MOST_LEVELS: Final = 6
LEVELS: Final = 2
#: The most cards that may be folded.
MOST_FOLDED: Final = 60
#: What a map can open at.
_OPENS_AT: Final = ("Claim", "Proposition", "Question", "Approach", "Conception", "Work")


@dataclass(frozen=True, slots=True)
class Frame:
    """
    How a map is asked for.

    Attributes:
        depth: How many levels it has from where it opens.
        direction: Whether it goes down, up, or both ways.
        folded: The IRIs of the cards whose links are not followed.
        most: How many cards it has at most.
    """

    depth: int = LEVELS
    direction: Direction = Direction.BELOW
    folded: tuple[str, ...] = ()
    most: int = MOST_CARDS

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 0 <= self.depth <= MOST_LEVELS:
            raise ParameterError(f"'depth' is a whole number from 0 to {MOST_LEVELS}")
        if not 1 <= self.most <= MOST_CARDS:
            raise ParameterError(f"'most' is a whole number from 1 to {MOST_CARDS}")
        if len(self.folded) > MOST_FOLDED:
            raise ParameterError(f"at most {MOST_FOLDED} cards can be folded")


def read(store: Store, iri: str, frame: Frame | None = None) -> ArgumentMap:
    """
    Return the map that opens at the thing *iri*.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: The store has no such thing, or it is none that a map opens at.
    """
    frame = frame or Frame()
    about, is_work = _about(store, iri)
    known = Links(store)
    growth = _Growth(known, frame, _held(store, iri, frame.most + 1) if is_work else [iri])
    shown = growth.grow()
    known.read(shown)
    links = sorted(
        {link for each in shown for link in known.below(each) if link.source in shown},
        key=lambda link: link.order,
    )
    made = makers(store, sorted(link.iri for link in links if link.iri))
    return ArgumentMap(
        about=about,
        depth=frame.depth,
        direction=frame.direction,
        folded=tuple(each for each in frame.folded if each in shown),
        cards=_cards(store, shown, known, frame, None if is_work else iri),
        links=tuple(replace(link, makers=made.get(link.iri or "", ())) for link in links),
        full=growth.full,
        uncounted=known.uncounted,
    )


class _Growth:
    """The cards that a map has so far, in the order in which they came."""

    def __init__(self, known: Links, frame: Frame, first: list[str]) -> None:
        self._known = known
        self._frame = frame
        self._first = first[: frame.most]
        self.full = len(first) > frame.most

    def grow(self) -> dict[str, None]:
        """Return the cards."""
        shown = dict.fromkeys(self._first)
        for below in (True, False):
            unwanted = Direction.ABOVE if below else Direction.BELOW
            if self._frame.direction == unwanted:
                continue
            level = list(self._first)
            for _ in range(self._frame.depth):
                level = self._next(level, shown, below=below)
        return shown

    def _next(self, level: Iterable[str], shown: dict[str, None], *, below: bool) -> list[str]:
        """Add the level after *level* to what is *shown*, and return what was added."""
        open_ = [each for each in level if each not in self._frame.folded]
        self._known.read(open_)
        added: list[str] = []
        for each in open_:
            for link in self._known.below(each) if below else self._known.above(each):
                other = link.source if below else link.target
                if other in shown:
                    continue
                if len(shown) >= self._frame.most:
                    self.full = True
                    return added
                shown[other] = None
                added.append(other)
        return added


def _cards(
    store: Store, shown: dict[str, None], known: Links, frame: Frame, root: str | None
) -> tuple[Card, ...]:
    """Return the cards that are *shown*, with what of their links is not."""
    read_ = cards.read(store, shown)
    return tuple(
        replace(
            read_[each],
            root=each == root,
            folded=each in frame.folded,
            cuts=(
                *_cuts(
                    (link for link in known.below(each) if link.source not in shown), below=True
                ),
                *_cuts(
                    (link for link in known.above(each) if link.target not in shown), below=False
                ),
            ),
        )
        for each in shown
    )


def _cuts(links: Iterable[Link], *, below: bool) -> list[Cut]:
    numbers: dict[str, int] = {}
    for link in links:
        numbers[link.relation] = numbers.get(link.relation, 0) + 1
    return [Cut(name, below, numbers[name]) for name in RELATIONS if name in numbers]


def _about(store: Store, iri: str) -> tuple[Named, bool]:
    """
    Return what the thing *iri* is called, and whether it is a work.

    Raises:
        ParameterError: *iri* is not an absolute IRI.
        NotFoundError: There is no such thing, or no map opens at it.
    """
    thing = terms.iri(iri)
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?class ?label WHERE {{ {thing} a ?class "
            f"OPTIONAL {{ {thing} rdfs:label ?label }} }} ORDER BY ?class ?label"
        )
    )
    classes = {kind.removeprefix(PK) for kind, _ in rows}
    if not classes.intersection(_OPENS_AT):
        slug, kinds = iri.rpartition("/")[2], [PK + name for name in _OPENS_AT]
        names = () if rows else search.likest(search.index(store), slug, kinds)
        near = tuple(each.iri for each in names)
        what = "no map opens at it" if rows else "there is no such thing"
        raise NotFoundError(
            f"{compact(iri)}: {what}; a map opens at a claim, a proposition, a question, an "
            "approach, a conception or a work",
            near,
        )
    label = next((label for _, label in rows if label), compact(iri))
    return Named(label, iri), "Work" in classes


def _held(store: Store, work: str, most: int) -> list[str]:
    """Return *most* of the claims that *work* holds, as the texts that state them go."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?claim (MIN(?line) AS ?first) WHERE {{ "
            f"?claim pk:heldBy {terms.iri(work)} ; a pk:Claim . "
            "OPTIONAL { ?claim pk:statedIn ?source } "
            "OPTIONAL { ?claim pk:occursAt/pk:firstLine ?line } } "
            f"GROUP BY ?claim ORDER BY ?first ?claim LIMIT {most}"
        )
    )
    return [claim for claim, _ in rows]
