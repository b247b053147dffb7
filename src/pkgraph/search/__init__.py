"""
Find things by what they are called and by what is said of them, through an index of their words.

A thing has a label, and may have other names, an acronym, a title, a definition and notes. They are
compared without regard to case and accents. What is found comes in this order: the whole name,
names that begin so, names with all the words, other texts with all of them, words that begin so.
Where nothing has all the words, those that are spelt nearly so are taken, and then some of them.

The index is one file of SQLite beside the statements of a store that is kept in the cache, and in
memory for all others: see :mod:`pkgraph.search.indexing`, and ``docs/decisions/0016``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.search.answers import NAMING, PREFIXES, Text, better, language_of, text_of, texts
from pkgraph.search.finding import Found, Hits, look, look_by_kind
from pkgraph.search.indexing import FILE, Index, index, write
from pkgraph.search.kinds import KINDS, Kind, kind_of
from pkgraph.search.offering import offered, typed
from pkgraph.search.spelling import Name, called, likest, nearest
from pkgraph.search.wording import marked

if TYPE_CHECKING:
    from pkgraph.store import Store

__all__ = [
    "FILE",
    "KINDS",
    "NAMING",
    "PREFIXES",
    "Found",
    "Hits",
    "Index",
    "Kind",
    "Name",
    "Text",
    "better",
    "called",
    "find",
    "index",
    "kind_of",
    "language_of",
    "likest",
    "look",
    "look_by_kind",
    "marked",
    "nearest",
    "offered",
    "text_of",
    "texts",
    "typed",
    "write",
]


def find(store: Store, text: str, limit: int = 20) -> tuple[Found, ...]:
    """
    Return the things that *text* may mean, the likeliest first, at most *limit*.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    return look(index(store), text, limit=limit).found
