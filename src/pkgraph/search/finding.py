"""Look for things in an index: by whole names first, and by what is spelt nearly so last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import namespaces, terms
from pkgraph.namespaces import BASE
from pkgraph.search import ranking
from pkgraph.search.indexing import NAMES
from pkgraph.search.questions import questions
from pkgraph.search.wording import LAST, NOTHING, all_of, is_, wanted, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgraph.search.indexing import Index
    from pkgraph.search.questions import How

#: Of more things than these the words are not weighed, which would take long and tell little: what
#: is called so comes first, and then short labels.
MANY: Final = 5000
#: No limit, for SQLite.
_ALL: Final = -1
_NAMES: Final = " ".join(NAMES)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found: its IRI, label and narrowest class, and the text that fits."""

    iri: str
    label: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Hits:
    """
    What was found, and how: by ``all`` words, by words spelt ``near``-ly so, or by ``some`` words.

    ``counts`` says how many things of each kind there are, of which ``found`` are some. ``words``
    are what words begin with that fit.
    """

    found: tuple[Found, ...]
    counts: dict[str, int]
    words: tuple[str, ...]
    how: How = "all"

    @property
    def total(self) -> int:
        """How many things there are."""
        return sum(self.counts.values())


def look(
    index: Index, text: str, *, kind: str | None = None, limit: int = 20, offset: int = 0
) -> Hits:
    """
    Return what *text* may mean: *limit* things of *kind*, or of any, after the first *offset*.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    return _look(index, text, ranking.ORDERED, kind, (limit + offset, limit, offset))


def look_by_kind(index: Index, text: str, limit: int) -> Hits:
    """
    Return what *text* may mean: the likeliest *limit* things of each kind.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    return _look(index, text, ranking.OF_EACH, None, (limit, _ALL, 0))


def _look(
    index: Index, text: str, sql: str, kind: str | None, numbers: tuple[int, int, int]
) -> Hits:
    """
    Return what *text* may mean, of which *sql* chooses.

    The *numbers* tell how many of each kind are of use, how many of all, and after how many.
    """
    looked_for = wanted(text)
    first, limit, offset = numbers
    values: dict[str, object] = {
        **names_of(text),
        "kind": kind,
        "first": first,
        "limit": limit,
        "offset": offset,
    }
    if not values["whole"]:
        return Hits((), {}, ())
    having = all_of(map(is_, looked_for))
    values["named"] = f"{{{_NAMES}}} : ({having})" if having else NOTHING
    values["fitting"] = having or NOTHING
    for question in questions(index, looked_for):
        values["match"] = question.match
        counts = ranking.counted(index, values, MANY)
        if counts:
            if sum(counts.values()) > MANY:
                sql = ranking.by_number(index, kind)
            rows = index.rows(sql, values)
            found = _told(index, rows, str(values["whole"]), question.words)
            return Hits(found, counts, question.words, question.how)
    return Hits((), {}, tuple(looked_for))


def names_of(text: str) -> dict[str, object]:
    """Return the values by which things are found that are called *text*, or begin so."""
    folded, path = terms.fold(text), _path(text)
    return {
        "whole": folded,
        "after": folded + LAST,
        "space": f"{folded} ",
        "past": f"{folded}!",  # the character after the space
        "path": path,
        "beyond": path + LAST,
    }


def _told(
    index: Index, rows: list[tuple[object, ...]], folded: str, beginnings: tuple[str, ...]
) -> tuple[Found, ...]:
    """Return what *rows* have, each with that of its texts which fits best."""
    marks = ", ".join("?" * len(rows))
    texts: dict[object, list[str]] = defaultdict(list)
    for thing, text in index.rows(
        f"SELECT thing, text FROM text WHERE thing IN ({marks}) ORDER BY thing, number",  # noqa: S608
        tuple(row[0] for row in rows),
    ):
        texts[thing].append(str(text))
    return tuple(
        Found(str(iri), str(label), str(type_), _fitting(texts[thing], folded, beginnings))
        for thing, iri, label, type_, *_ in rows
    )


def _fitting(texts: Sequence[str], folded: str, beginnings: tuple[str, ...]) -> str:
    """Return that of *texts* which has the most of what was looked for, the first if several do."""

    def misfit(place: int) -> tuple[bool, bool, int, int, int]:
        form = terms.fold(texts[place])
        having = words(form)
        met = sum(any(f"{word} ".startswith(each) for word in having) for each in beginnings)
        # Among the names that have as much, the shorter; of all else, what comes first.
        return form != folded, folded not in form, -met, len(form) if met else 0, place

    return texts[min(range(len(texts)), key=misfit)]


def _path(text: str) -> str:
    """Return the address below the base that *text* is, as IRI or CURIE, or what it is itself."""
    text = text.strip()
    return (namespaces.expand(text) or text).removeprefix(BASE)
