"""
Write what people type as expressions of FTS5, each wider than the one before.

First all words are looked for, as the beginnings of words. Where nothing has them all, a word that
no word begins with is taken for those that are spelt nearly so, have it in them, or are what it is
when taken apart. Last, some of the words will do.

No text gets into an expression but as words of letters and digits, each in quotes.

Source:
    Full-text query syntax: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pkgraph.search.wording import LAST, NOTHING, all_of, any_of, begins, is_, singular

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pkgraph.search.indexing import Index

How: TypeAlias = Literal["all", "near", "some"]

#: How many spellings are taken for one word, at most.
_SPELLINGS: Final = 8
#: The least length of a word that others are looked for which have it in them, of a half of one
#: that is taken apart, and of words that an edit, or two, may be in.
_PART: Final = 4
_HALF: Final = 3
_ONE_EDIT: Final = 4
_TWO_EDITS: Final = 7


@dataclass(frozen=True, slots=True)
class Question:
    """
    An expression of FTS5, what words that fit begin with, and how it is to be taken.

    What ends with a space is a whole word.
    """

    match: str
    words: tuple[str, ...]
    how: How = "all"


def questions(index: Index, looked_for: Sequence[str]) -> Iterator[Question]:
    """Yield what to ask *index* for the words *looked_for*, one after the other."""
    if not looked_for:
        yield Question(NOTHING, ())  # marks alone may still be a whole name
        return
    yield _all(index, looked_for)
    near = _near(index, looked_for)
    if near:
        yield near
    known = [each for each in looked_for if len(each) >= _HALF and _begins_some(index, each)]
    if known and len(looked_for) > 1:
        yield Question(any_of(map(begins, known)), tuple(known), "some")


def _all(index: Index, looked_for: Sequence[str]) -> Question:
    """
    Return the question for all words.

    Two may be written as one. Short words are whole ones, but for the last, which may go on.
    """
    taken = list(looked_for)
    each_of = []
    for place, word in enumerate(looked_for):
        one = singular(word)
        if len(word) < _HALF and place < len(looked_for) - 1:
            each_of.append(is_(word))
            taken[place] = f"{word} "
        else:
            each_of.append(begins(word) + (f" OR {is_(one)}" if one else ""))
        taken += [one] if one else []
    ways = [all_of(each_of)]
    for place, (one, other) in enumerate(pairwise(looked_for)):
        if _is_known(index, one + other):
            ways.append(all_of([*each_of[:place], begins(one + other), *each_of[place + 2 :]]))
            taken.append(one + other)
    return Question(any_of(ways) if len(ways) > 1 else ways[0], tuple(taken))


def _near(index: Index, looked_for: Sequence[str]) -> Question | None:
    """Return the question for words spelt nearly so, if each is, or is a word itself."""
    each_of, taken = [], []
    for word in looked_for:
        if _begins_some(index, word):
            each_of.append(begins(word))
            taken.append(word)
            continue
        spellings = _spellings(index, word)
        halves = _halves(index, word)
        if not spellings and not halves:
            return None
        each_of.append(any_of([*map(is_, spellings), *(is_(" ".join(pair)) for pair in halves)]))
        taken += [*spellings, *(half for pair in halves for half in pair)]
    return Question(all_of(each_of), tuple(dict.fromkeys(taken)), "near")


def _spellings(index: Index, word: str) -> list[str]:
    """Return the words that are spelt nearly as *word* is, or that have it in them."""
    from rapidfuzz import process  # needed for what is misspelt
    from rapidfuzz.distance import OSA

    if any(letter.isdigit() for letter in word) or len(word) < _ONE_EDIT:
        return []
    edits = 2 if len(word) >= _TWO_EDITS else 1
    vocabulary = index.once(_vocabulary)
    near = process.extract(
        word, vocabulary, scorer=OSA.distance, score_cutoff=edits, limit=_SPELLINGS
    )
    if near:
        least = near[0][1]
        return [found for found, distance, _ in near if distance == least]
    # As one types, the end of the word is not there yet.
    begun = process.extract(
        word,
        list(dict.fromkeys(each[: len(word)] for each in vocabulary)),
        scorer=OSA.distance,
        score_cutoff=1,
        limit=_SPELLINGS,
    )
    beginnings = tuple(found for found, _, _ in begun)
    found = [each for each in vocabulary if begun and each.startswith(beginnings)]
    if len(word) >= _PART:
        found += [each for each in vocabulary if word in each]
    return found[:_SPELLINGS]


def _vocabulary(index: Index) -> list[str]:
    """Return the words of *index* that may be misspelt: none with digits, and no short ones."""
    return [
        str(word)
        for (word,) in index.rows(
            "SELECT term FROM word WHERE LENGTH(term) >= ? AND term NOT GLOB '*[0-9]*'", (_HALF,)
        )
    ]


def _halves(index: Index, word: str) -> list[tuple[str, str]]:
    """Return the pairs of words that *word* is when taken apart."""
    return [
        (word[:place], word[place:])
        for place in range(_HALF, len(word) - _HALF + 1)
        if _is_known(index, word[:place]) and _is_known(index, word[place:])
    ]


def _is_known(index: Index, word: str) -> bool:
    return bool(index.rows("SELECT 1 FROM word WHERE term = ?", (word,)))


def _begins_some(index: Index, word: str) -> bool:
    sql = "SELECT 1 FROM word WHERE term >= ? AND term < ? LIMIT 1"
    return bool(index.rows(sql, (word, word + LAST)))
