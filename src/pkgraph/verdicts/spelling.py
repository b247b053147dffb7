"""
Tell which of several names is meant by one that is none of them.

Source:
    Optimal string alignment, which counts two letters that changed places as one slip:
    https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: How many slips make one name of another, at most; in names of so many letters one.
_SLIPS: Final = 2
_SHORT: Final = 3
#: In names of so many letters, two slips may as well be another name.
_UNSURE: Final = 5
_DIGITS: Final = re.compile(r"[0-9]+")
_JOINT: Final = re.compile(r"[-_\s]+")


def nearest(iri: str, known: Iterable[str], *, digits: bool = True) -> list[str]:
    """
    Return those of *known* that *iri* may be a slip for, the nearest first.

    Args:
        iri: What is not known.

        known: What is.

        digits: Whether a digit may be a slip; in a year or a number it means something else.

    >>> nearest("urn:vioce", ["urn:kind", "urn:voice"])
    ['urn:voice']
    >>> nearest("urn:kaldor-1998", ["urn:kaldor-1999"], digits=False)
    []
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    name = local(iri)
    most = _SLIPS if len(name) > _SHORT else 1
    names = {each: local(each) for each in known}
    near = process.extract(name, names, scorer=OSA.distance, score_cutoff=most, limit=None)
    found = sorted((distance, each) for _, distance, each in near)
    numbers = _DIGITS.findall(name)
    return [each for _, each in found if digits or _DIGITS.findall(names[each]) == numbers]


def is_sure(iri: str, candidates: Sequence[str]) -> bool:
    """
    Tell whether *iri* can only be a slip for the one of *candidates*.

    >>> is_sure("urn:owns", ["urn:own"]), is_sure("urn:owned", ["urn:own"])
    (True, False)
    """
    from rapidfuzz.distance import OSA

    if len(candidates) != 1:
        return False
    name = local(iri)
    return len(name) > _UNSURE or OSA.distance(name, local(candidates[0])) == 1


def folded(name: str) -> str:
    """
    Return the last part of *name* without capitals, hyphens, underscores and spaces.

    >>> folded("https://example.org/see-also") == folded("See also")
    True
    """
    return _JOINT.sub("", local(name)).casefold()


def local(iri: str) -> str:
    """Return the last part of *iri*, or the whole of what is none."""
    return iri[max(map(iri.rfind, "/#:")) + 1 :]
