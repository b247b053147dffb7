"""
Make up a literature of any size with the shape of the encoded sources.

Sections of the encoded sources are dealt like cards, each as often as any other, and each made-up
source is the sections of one hand: their claims, occurrences, citations and links, under other
names, and with things from the lists drawn for those that they speak of. What is made is handed
out at once, so memory does not grow with size.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from pkgraph.errors import ParameterError
from pkgraph.generation.encoded import read
from pkgraph.generation.lists import Lists
from pkgraph.generation.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator


def generate(claims: int, seed: int) -> Iterator[str]:
    """
    Yield N-Quads, some statements at a time: a made-up literature.

    The same *claims* and *seed* give the same text, as long as the shipped graph is the same.
    Beside the ontology, what is made needs nothing else.

    Args:
        claims: How many claims it has.
        seed: Which literature of that size.

    Raises:
        ParameterError: *claims* is less than one.

    Source:
        N-Quads 1.1: https://www.w3.org/TR/n-quads/
    """
    if claims < 1:
        raise ParameterError(
            f"a literature has at least one claim, not {claims}; ask for 1 or more"
        )
    return _statements(claims, random.Random(seed))  # noqa: S311 - nothing here is a secret


def _statements(claims: int, dice: random.Random) -> Iterator[str]:
    """Yield the lists, then the sources."""
    encoded = read()
    lists = Lists(encoded, claims, dice)
    sources = Sources(encoded, lists, dice)
    yield from lists.statements()
    hands = _hands(len(encoded.sections), dice)
    while claims:
        made, text = sources.source(next(hands), claims)
        claims -= made
        yield text


def _hands(cards: int, dice: random.Random) -> Iterator[list[int]]:
    """Yield hands of 1 to *cards* different numbers below *cards*, sorted, each as often."""
    deck: list[int] = []
    while True:
        hand: list[int] = []
        for _ in range(1 + int(dice.random() * cards)):
            deck = deck or _shuffled(cards, dice)
            if deck[-1] in hand:
                break
            hand.append(deck.pop())
        yield sorted(hand)


def _shuffled(cards: int, dice: random.Random) -> list[int]:
    """Return the numbers below *cards* in any order."""
    # random() alone gives the same numbers in every version of Python.
    order = list(range(cards))
    for place in range(cards - 1, 0, -1):
        other = int(dice.random() * (place + 1))
        order[place], order[other] = order[other], order[place]
    return order
