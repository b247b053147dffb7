"""
The things that made-up sources share: how many there are of each class, and how often each comes.

How many a literature has is found by rarefaction, as ecologists find how many species a wood has:
of all choices of k encoded sections, how many different things does one speak of on average? The
logarithm of that number against the logarithm of k is nearly a line; its slope b is how fast a
literature comes upon new things (Heaps' law), and a thing of rank r is then spoken of in proportion
to r to the power of -1/b (Zipf's law). Lists of facts, of which the sources speak of few things,
have as many as there are in the world, however much is written.

Source:
    Heaps' law follows from Zipf's: L. Lü, Z.-K. Zhang and T. Zhou, Zipf's Law Leads to Heaps' Law,
    PLOS ONE 5(12), 2010: https://doi.org/10.1371/journal.pone.0014139
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.generation.encoded import ANALYSTS
from pkgraph.namespaces import BASE, PK

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Mapping, Sized

    from pkgraph.generation.encoded import Encoded

#: Of a list of which sources speak of less than this share, they say nothing about its length.
_OPEN: Final = 0.5
#: What is steeper than this comes from too few sections to be believed.
_STEEPEST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Pool:
    """
    The made-up things of one class.

    ``models`` are the things of the lists after which they are made, ``size`` is how many they
    are, ``growth`` the slope b, 0 where the list is one of facts.
    """

    class_: str
    models: tuple[str, ...]
    spoken_of: int
    growth: float
    size: int

    @property
    def steepness(self) -> float:
        """The exponent of rank against frequency."""
        return min(1 / self.growth, _STEEPEST) if self.growth else 1.0

    @property
    def words(self) -> str:
        """The name of the class in words, such as ``peace operation``."""
        return class_words(self.class_)

    def slug(self, member: int) -> str:
        """Return the slug of a member of the pool, counted from 0."""
        return f"made-up-{self.words.replace(' ', '-')}-{member + 1}"

    def iri(self, member: int) -> str:
        """Return the IRI of a member: the things of one class have one segment."""
        segment = self.models[0].removeprefix(BASE).partition("/")[0]
        return f"{BASE}{segment}/{self.slug(member)}"

    def draw(self, dice: random.Random, taken: Collection[int]) -> int:
        """Return a member, common ones more often; one of *taken* only if there are no others."""
        rank = drawn_rank(dice, self.size, self.steepness)
        for step in range(self.size):
            if (member := (rank + step) % self.size) not in taken:
                return member
        return rank


def pools(encoded: Encoded, claims: int) -> dict[str, Pool]:
    """Return the pools of a literature of so many *claims*, by class."""
    models: dict[str, list[str]] = {}
    for thing in encoded.shared:
        if thing != ANALYSTS:
            models.setdefault(encoded.classes[thing], []).append(thing)
    # What is told of a thing on an open list, such as the authors of a work, is spoken of as well.
    named = _counts(encoded, models, frozenset())
    through = frozenset(class_ for class_, of in named.items() if _is_open(of, models[class_]))
    counts = _counts(encoded, models, through)
    return {
        class_: _pool(encoded, class_, things, counts[class_], claims / encoded.claims)
        for class_, things in models.items()
    }


def _counts(
    encoded: Encoded, models: Mapping[str, list[str]], through: frozenset[str]
) -> dict[str, list[int]]:
    """Return in how many sections each thing is spoken of, by class, if it is in any."""
    sections = [encoded.speaks_of(section, through) for section in encoded.sections]
    counted = Counter(thing for section in sections for thing in section)
    return {
        class_: [counted[thing] for thing in things if counted[thing]]
        for class_, things in models.items()
    }


def _is_open(spoken_of: Sized, things: Sized) -> bool:
    return len(spoken_of) >= _OPEN * len(things)


def _pool(
    encoded: Encoded, class_: str, things: list[str], counts: list[int], scale: float
) -> Pool:
    """Return the pool of a class in a literature of *scale* times the claims of the real one."""
    if _is_open(counts, things):
        growth = slope(counts, len(encoded.sections))
        size = round(len(things) * scale**growth)
    else:
        growth = 0.0
        size = round(len(things) * min(1.0, scale))
    return Pool(class_, tuple(things), len(counts), growth, max(1, len(counts), size))


def slope(counts: list[int], sections: int) -> float:
    """
    Return how fast new things come: the slope of their number against that of sections, in logs.

    Args:
        counts: In how many sections each thing is spoken of.

        sections: How many sections there are.

    >>> round(slope([1] * 40, 8), 6), round(slope([8] * 40, 8), 6)
    (1.0, 0.0)
    """
    points = [
        (
            math.log(k),
            math.log(
                sum(1 - math.comb(sections - count, k) / math.comb(sections, k) for count in counts)
            ),
        )
        for k in range(1, sections + 1)
    ]
    return fitted_slope(points)


def fitted_slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the line nearest to *points* by least squares."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    across = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return across / sum((x - middle_x) ** 2 for x, _ in points)


def drawn_rank(dice: random.Random, size: int, steepness: float) -> int:
    """Return a rank from 0 to *size* - 1, by Zipf's law."""
    # random() alone gives the same numbers in every version of Python.
    share = dice.random()
    if abs(steepness - 1) < 1e-9:  # noqa: PLR2004  # where the integral is a logarithm
        rank = (size + 1) ** share
    else:
        power = 1 - steepness
        rank = (share * ((size + 1) ** power - 1) + 1) ** (1 / power)
    return min(int(rank) - 1, size - 1)


def class_words(class_: str) -> str:
    """
    Return the name of a class in words.

    >>> class_words(PK + "PeaceOperation")
    'peace operation'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_.removeprefix(PK)).lower()
