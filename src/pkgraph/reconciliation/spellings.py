"""
How like one spelling is to another, word by word.

Rare words count more: each weighs by the inverse of how many spellings have it. A word that is in
no name may be one that is a few edits away; a word that is in some name is itself and no other, and
numbers are never edited.

Source:
    Optimal string alignment: https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Final

#: What an edit costs, as a part of the length of the word.
_EDIT: Final = 0.55
#: How many letters a word has for each edit that is looked for.
_LETTERS: Final = 6
#: How many words are taken for what another may be.
_KEPT: Final = 10


class Spellings:
    """
    The spellings of names, as words, and the names that each is a spelling of.

    ``names`` has by spelling the IRI of a thing, its name in full, and the numbers in that.
    """

    def __init__(self) -> None:
        self.names: dict[tuple[str, ...], set[tuple[str, str, tuple[str, ...]]]] = defaultdict(set)
        self._holding: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._words: dict[str, None] = {}

    def add(self, spelling: tuple[str, ...], name: tuple[str, str, tuple[str, ...]]) -> None:
        """Add *spelling* as one of *name*."""
        self.names[spelling].add(name)
        for word in spelling:
            self._holding[word].add(spelling)
            if not word.isdigit():
                self._words[word] = None

    def like(self, words: tuple[str, ...]) -> dict[tuple[str, ...], float]:
        """Return the spellings of names that are like *words*, and how like, from 0 to 1."""
        gained: Counter[tuple[str, ...]] = Counter()
        asked: Counter[tuple[str, ...]] = Counter()
        unmet = 0.0
        for word in dict.fromkeys(words):
            best: dict[tuple[str, ...], tuple[float, float]] = {}
            meanings = self._meanings(word)
            # A word that a spelling lacks is as heavy as the heaviest word it may be.
            most = max(map(self._weight, meanings or ("",)))
            for meaning, likeness in meanings.items():
                weight = self._weight(meaning)
                for spelling in self._holding[meaning]:
                    best[spelling] = max(
                        (likeness * weight, weight), best.get(spelling, (0.0, 0.0))
                    )
            for spelling, (gain, weight) in best.items():
                gained[spelling] += gain  # type: ignore[assignment]  # it takes floats as well
                asked[spelling] += weight - most  # type: ignore[assignment]
            unmet += most
        return {
            spelling: 2 * gain / (unmet + asked[spelling] + sum(map(self._weight, set(spelling))))
            for spelling, gain in gained.items()
        }

    def _meanings(self, word: str) -> dict[str, float]:
        """Return the words of names that *word* may be, and how like they are, from 0 to 1."""
        if word in self._holding:
            return {word: 1.0}
        if word.isdigit():
            return {}
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = max(1, len(word) // _LETTERS)
        near = process.extract(
            word, self._words.keys(), scorer=OSA.distance, score_cutoff=edits, limit=_KEPT
        )
        return {
            found: 1 - _EDIT * distance / max(len(word), len(found)) for found, distance, _ in near
        }

    def _weight(self, word: str) -> float:
        """Return how much *word* tells: more if fewer names have it."""
        return math.log(1 + len(self.names) / (1 + len(self._holding.get(word, ()))))
