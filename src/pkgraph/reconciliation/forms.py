"""
Bring names into forms that can be compared.

Case, accents, punctuation and hyphens do not count, ``UNOSOM II``, ``UNOSOM 2`` and ``unosom-2``
are one, and so are ``UN`` and ``United Nations``. Numbers count: they tell one mission from the
next.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pkgraph import terms

_ROMAN: Final = {
    word: str(number)
    for number, word in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii"), start=1
    )
}
#: Short forms in many names, and what they stand for, in the form of :func:`words`.
_LONG: Final = {
    "un": "united nations",
    "eu": "european union",
    "au": "african union",
    "oau": "organization of african unity",
    "organisation": "organization",
    "st": "saint",
}
_INITIALS: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_APOSTROPHES: Final = re.compile("['`\u00b4\u02bc\u2018\u2019]")
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_ASIDE: Final = re.compile(r"\(([^()]*)\)")
_LAST_ASIDE: Final = re.compile(r"(.+)\(([^()]*)\)")
_ACRONYM: Final = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z-]*(?: (?:[IVX]+|\d))?")
_NAME_AND_TEXT: Final = re.compile(r"([^:]{2,}):\W*\s\W*(\w.+)")


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """
    Return the words of *text* in the form in which they are compared.

    >>> words("U.N. Office in Côte d’Ivoire"), words("UNAVEM-III")
    (('united', 'nations', 'office', 'in', 'cote', 'divoire'), ('unavem', '3'))
    """
    plain = _APOSTROPHES.sub("", terms.fold(text)).replace("&", " and ")
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    plain = " ".join(_LONG.get(word, word) for word in _WORD.findall(plain) if word != "the")
    return tuple(
        _ROMAN.get(word, word.lstrip("0") or word) if place else word
        for place, word in enumerate(plain.split())
    )


def key(text: str) -> str:
    """Return the words of *text* as one text."""
    return " ".join(words(text))


def tight(text: str) -> frozenset[str]:
    """
    Return *text* without spaces and marks, its numerals as they are and as digits.

    >>> sorted(tight("UNOSOM II"))
    ['unosom2', 'unosomii']
    """
    return frozenset({"".join(words(text)), "".join(_WORD.findall(terms.fold(text)))})


def numbers(text: str) -> tuple[str, ...]:
    """
    Return the numbers that are part of the name *text*, sorted.

    What stands in brackets is a remark, such as years, and counts only if it is a Roman numeral.

    >>> numbers("UN Operation in Somalia (UNOSOM II)"), numbers("UNOSOM (1992-1993)")
    (('2',), ())
    """
    found = {word for word in words(_ASIDE.sub(" ", text)) if word.isdigit()}
    for aside in _ASIDE.findall(text):
        capitals = re.findall(r"\b[IVX]+\b", aside)
        found |= {_ROMAN[each.lower()] for each in capitals if each.lower() in _ROMAN}
    return tuple(sorted(found))


def parts(text: str) -> tuple[str, ...]:
    """
    Return the names that *text* is made of, but for acronyms: around a colon, and around brackets.

    *text* itself is one, unless it has a remark in brackets, with a number or a comma. What lacks
    a number of the whole is not a name of the same.

    >>> parts("UNOSOM II: United Nations Operation in Somalia II")
    ('UNOSOM II: United Nations Operation in Somalia II', \
'United Nations Operation in Somalia II')
    >>> parts("UNOSOM II (Somalia, from 1993-03)")
    ('UNOSOM II',)
    """
    bare = " ".join(_ASIDE.sub(" ", text).split())
    remark = any(re.search(r"[\d,]", each) for each in _ASIDE.findall(text))
    pair = _NAME_AND_TEXT.fullmatch(bare)
    wanted = numbers(text)
    names = () if pair is None else pair.groups()[1:] if acronym(text) else pair.groups()
    found = [*([] if remark and words(bare) else [text]), bare, *names]
    kept = (each for each in found if each is text or (words(each) and numbers(each) == wanted))
    return tuple(dict.fromkeys(kept))


def acronym(text: str) -> tuple[str, str] | None:
    """
    Return the name in *text* that an acronym stands for, and that acronym, before a colon or last.

    >>> acronym("United Nations Operation in Somalia (UNOSOM II)")
    ('United Nations Operation in Somalia', 'UNOSOM II')
    >>> acronym("UNOSOM II: United Nations Operation in Somalia II")
    ('United Nations Operation in Somalia II', 'UNOSOM II')
    """
    last, first = _LAST_ASIDE.fullmatch(text.strip()), _NAME_AND_TEXT.fullmatch(text.strip())
    pair = (last[1], last[2]) if last else (first[2], first[1]) if first else ("", "")
    name, short = (each.strip() for each in pair)
    return (name, short) if _ACRONYM.fullmatch(short) else None
