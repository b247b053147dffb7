"""
Word what is made up, so that nobody takes it for what a source says.

Numbers, dates and what has no words of its own, such as page numbers, stay as they are. Every name
begins with "Made-up"; statements go on in words of no language, as many as their model has, the
common ones more often, so that a search finds few things by one word and many by another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.generation.pools import drawn_rank
from pkgraph.namespaces import DCTERMS, PK, RDFS, SKOS, XSD

if TYPE_CHECKING:
    import random

LABEL: Final = RDFS + "label"
#: Texts that tell nothing of their source.
_KEPT: Final = frozenset(
    PK + name for name in ("hedge", "locator", "pages", "printedPage", "yearSuffix")
)
#: Statements about things outside the graph, which nothing made up is the same as.
OUTWARD: Final = frozenset({SKOS + "exactMatch", SKOS + "closeMatch"})
#: A name of up to so many words is a name, a longer one says something.
_NAME: Final = 3
#: Three syllables make a word of no language.
_SYLLABLES: Final = tuple(consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou")
_WORDS: Final = 20_000
_LONGEST: Final = 240


def word(rank: int) -> str:
    """
    Return the word of no language that has this rank, from 0.

    >>> word(0), word(1), word(71)
    ('bababa', 'babebe', 'bebibe')
    """
    high, low = divmod(rank, len(_SYLLABLES))
    top, middle = divmod(high, len(_SYLLABLES))
    inner = (middle + low) % len(_SYLLABLES)
    return _SYLLABLES[(top + high) % len(_SYLLABLES)] + _SYLLABLES[inner] + _SYLLABLES[low]


def spoken_words(label: str) -> int:
    """Return how many words what is made up after something with this *label* says; 0 for names."""
    words = len(label.split())
    return words if words > _NAME else 0


def sentence(dice: random.Random, words: int) -> str:
    """Return so many *words* of no language after a colon; nothing if there are none."""
    if not words:
        return ""
    text = " ".join(word(drawn_rank(dice, _WORDS, 1.0)) for _ in range(words))
    return ": " + text[:_LONGEST].rstrip()


def literal(triple: ox.Triple, name: str, ordinal: int, said: str) -> str:
    """
    Return the literal, as N-Quads write it, that takes the place of that of *triple*.

    Args:
        triple: The statement of the model.
        name: What is made up is called so, such as ``work 12``.
        ordinal: The place of the statement among those of its model.
        said: What follows the name where a label says something.
    """
    value = triple.object
    assert isinstance(value, ox.Literal)  # noqa: S101 - for the type checker
    if value.language is None and value.datatype.value != XSD + "string":
        return str(value)
    property_ = triple.predicate.value
    if property_ in _KEPT:
        text = value.value
    elif property_ == LABEL:
        text = f"Made-up {name}{said}"
    elif property_ == SKOS + "editorialNote":
        text = f"Made up, note {ordinal}."
    elif property_ == DCTERMS + "title":
        text = f"On made-up {name}"
    else:
        text = f"made-up {name}, {ordinal}"
    return str(ox.Literal(text, language=value.language) if value.language else ox.Literal(text))
