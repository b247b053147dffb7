"""Look for things in an index: by whole names first, and by what is spelt nearly so last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import namespaces, terms
from pkgraph.namespaces import BASE
from pkgraph.search.gathering import FIELDS
from pkgraph.search.index import NAMES
from pkgraph.search.questions import questions
from pkgraph.search.wording import all_of, is_, wanted, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgraph.search.index import Index
    from pkgraph.search.questions import How

_WEIGHTS: Final = ", ".join(map(str, FIELDS.values()))
_NAMES: Final = " ".join(NAMES)
#: What comes after every name that begins with a text.
_LAST: Final = "\U0010ffff"
#: The rank says how well a thing fits: a whole name, an address, the beginning of a name, all words
#: in a name, all words in any text, words that begin so. What states something has no name.
_RANKED: Final = f"""
WITH
whole AS (SELECT thing, MIN(name IS NULL) AS rank FROM form
  WHERE form IN (:whole, :path) GROUP BY thing),
hit AS (SELECT rowid AS thing, bm25(words, {_WEIGHTS}) AS score FROM words WHERE words MATCH :match
  UNION ALL SELECT thing, 0 FROM whole),
best AS (SELECT thing, MIN(score) AS score FROM hit GROUP BY thing),
named AS (SELECT rowid AS thing FROM words WHERE words MATCH :named),
fitting AS (SELECT rowid AS thing FROM words WHERE words MATCH :fitting)
"""
_ORDERED: Final = f"""{_RANKED}
SELECT thing.id, iri, label, type, CASE
  WHEN whole.rank IS NOT NULL THEN whole.rank
  WHEN NOT states AND thing.id IN
    (SELECT thing FROM form WHERE form >= :whole AND form < :after AND name IS NOT NULL) THEN 2
  WHEN thing.id IN named THEN 3 WHEN thing.id IN fitting THEN 4 ELSE 5 END AS rank
FROM best JOIN thing ON thing.id = best.thing LEFT JOIN whole ON whole.thing = best.thing
WHERE :kind IS NULL OR kind = :kind
ORDER BY rank, score, LENGTH(label), label, iri LIMIT :limit OFFSET :offset
"""
_COUNTED: Final = f"""{_RANKED}
SELECT kind, COUNT(*) FROM best JOIN thing ON thing.id = best.thing GROUP BY kind
"""


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
    looked_for = wanted(text)
    folded = terms.fold(text)
    if not folded:
        return Hits((), {}, ())
    hits = Hits((), {}, tuple(looked_for))
    for question in questions(index, looked_for):
        values: dict[str, object] = {
            "whole": folded,
            "after": folded + _LAST,
            "path": _path(text),
            "match": question.match,
            "named": f"{{{_NAMES}}} : ({all_of(map(is_, looked_for))})" if looked_for else '""',
            "fitting": all_of(map(is_, looked_for)) or '""',
        }
        counts = {str(name): _number(n) for name, n in index.rows(_COUNTED, values)}
        if counts:
            values |= {"kind": kind, "limit": limit, "offset": offset}
            rows = index.rows(_ORDERED, values)
            found = _told(index, rows, folded, question.words)
            return Hits(found, counts, question.words, question.how)
    return hits


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
        met = sum(any(word.startswith(each) for word in having) for each in beginnings)
        # Among the names that have as much, the shorter; of all else, what comes first.
        return form != folded, folded not in form, -met, len(form) if met else 0, place

    return texts[min(range(len(texts)), key=misfit)]


def _path(text: str) -> str:
    """Return the address below the base that *text* is, as IRI or CURIE, or what it is itself."""
    text = text.strip()
    return (namespaces.expand(text) or text).removeprefix(BASE)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
