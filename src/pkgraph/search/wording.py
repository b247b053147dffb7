"""Take what is looked for and what is found apart into words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

#: The expression of FTS5 for what nothing has.
NOTHING: Final = '""'
#: What comes after every text, appended to one that they begin with.
LAST: Final = "\U0010ffff"
#: How many words are looked for at once: more than any label has.
MAX_WORDS: Final = 64
_WORD: Final = re.compile(r"[^\W_]+")
#: A word as it is printed: letters, digits and what is set above or below them.
_PRINTED: Final = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
#: Words that tell nothing where there are others.
_EMPTY: Final = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or"),
        *("the", "to", "was", "with"),
    }
)
#: The least length of a word that is taken for a plural.
_PLURAL: Final = 4


def words(text: str) -> list[str]:
    """
    Return the words of *text* as they are compared.

    >>> words("The “Médecins” of O'Neill, 2nd")
    ['the', 'medecins', 'of', 'o', 'neill', '2nd']
    """
    return _WORD.findall(terms.fold(text))


def wanted(text: str) -> list[str]:
    """
    Return the words to look for that *text* has, each once: those that tell something, if any do.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    found = list(dict.fromkeys(words(terms.literal(text, "string").value)))
    if len(found) > MAX_WORDS:
        raise ParameterError(
            f"'{text[:20]}…' has {len(found)} words; at most {MAX_WORDS} are looked for at once"
        )
    return [each for each in found if each not in _EMPTY] or found


def singular(word: str) -> str | None:
    """
    Return the singular that the plural *word* may be of.

    >>> singular("countries"), singular("states"), singular("peace")
    ('country', 'state', None)
    """
    if len(word) < _PLURAL or not word.endswith("s") or word.endswith("ss"):
        return None
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def begins(word: str) -> str:
    """Return the expression of FTS5 for words that begin with *word*."""
    return f'"{word}"*'


def is_(word: str) -> str:
    """Return the expression of FTS5 for *word* itself."""
    return f'"{word}"'


def all_of(expressions: Iterable[str]) -> str:
    """Return the expression for what has all of *expressions*."""
    return " AND ".join(f"({each})" for each in expressions)


def any_of(expressions: Iterable[str]) -> str:
    """Return the expression for what has any of *expressions*."""
    return " OR ".join(f"({each})" for each in expressions)


def marked(text: str, beginnings: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """
    Return *text* in parts, each with whether it is a word that begins with one of *beginnings*.

    One that ends with a space is a whole word.

    >>> marked("Les Médecins!", ["mede"])
    (('Les ', False), ('Médecins', True), ('!', False))
    """
    return tuple(_parts(text, tuple(beginnings)))


def _parts(text: str, beginnings: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    before = 0
    for word in _PRINTED.finditer(text):
        if f"{terms.fold(word[0])} ".startswith(beginnings):
            if word.start() > before:
                yield text[before : word.start()], False
            yield word[0], True
            before = word.end()
    if before < len(text):
        yield text[before:], False
