"""Look for things in an index: by whole names first, and by what is spelt nearly so last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import namespaces, terms
from pkgraph.namespaces import BASE
from pkgraph.search.gathering import FIELDS
from pkgraph.search.indexing import NAMES
from pkgraph.search.questions import questions
from pkgraph.search.wording import LAST, NOTHING, all_of, is_, wanted, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgraph.search.indexing import Index
    from pkgraph.search.questions import How

_WEIGHTS: Final = ", ".join(map(str, FIELDS.values()))
#: Of more things than these the words are not weighed, which would take long and tell little: what
#: is called so comes first, and then short labels.
MANY: Final = 5000
_NAMES: Final = " ".join(NAMES)
#: The rank says how well a thing fits: a whole label, another whole name, an address, whole words
#: that a name begins with, the beginning of a name, all words in a name, in any text, and words
#: that begin so. What states something has no name.
_RANKED: Final = f"""
WITH
whole AS (SELECT thing, MIN(CASE WHEN name IS NULL THEN 2 ELSE name <> label END) AS rank
  FROM form JOIN thing ON thing.id = form.thing WHERE form IN (:whole, :path) GROUP BY thing),
begun AS (SELECT thing, MIN(CASE WHEN form >= :space AND form < :past THEN 3 ELSE 4 END) AS rank
  FROM form WHERE form >= :whole AND form < :after AND name IS NOT NULL GROUP BY thing),
hit AS (SELECT rowid AS thing, CASE WHEN :many THEN 0 ELSE bm25(words, {_WEIGHTS}) END AS score
  FROM words WHERE words MATCH :match
  UNION ALL SELECT thing, 0 FROM whole),
best AS (SELECT thing, MIN(score) AS score FROM hit GROUP BY thing),
named AS (SELECT rowid AS thing FROM words WHERE words MATCH :named),
fitting AS (SELECT rowid AS thing FROM words WHERE words MATCH :fitting),
ranked AS (
  SELECT thing.*, score, CASE
    WHEN whole.rank IS NOT NULL THEN whole.rank
    WHEN begun.rank IS NOT NULL AND NOT states THEN begun.rank
    WHEN thing.id IN named THEN 5 WHEN thing.id IN fitting THEN 6 ELSE 7 END AS rank
  FROM best JOIN thing ON thing.id = best.thing LEFT JOIN whole ON whole.thing = best.thing
  LEFT JOIN begun ON begun.thing = best.thing
  WHERE :kind IS NULL OR kind = :kind
)
"""  # noqa: S608 - what is put in is ours
_ORDER: Final = "ORDER BY rank, score, LENGTH(label), label, iri"
_ORDERED: Final = f"""{_RANKED}
SELECT id, iri, label, type, kind FROM ranked {_ORDER} LIMIT :limit OFFSET :offset
"""  # noqa: S608
_OF_EACH: Final = f"""{_RANKED}
SELECT id, iri, label, type, kind FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY kind {_ORDER}) AS place FROM ranked
) WHERE place <= :limit {_ORDER}
"""  # noqa: S608
_COUNTED: Final = """
SELECT kind, COUNT(*) FROM thing WHERE id IN (
  SELECT rowid FROM words WHERE words MATCH :match
  UNION SELECT thing FROM form WHERE form IN (:whole, :path)
) GROUP BY kind
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
    return _look(index, text, _ORDERED, {"kind": kind, "limit": limit, "offset": offset})


def look_by_kind(index: Index, text: str, limit: int) -> Hits:
    """
    Return what *text* may mean: the likeliest *limit* things of each kind.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    return _look(index, text, _OF_EACH, {"kind": None, "limit": limit})


def _look(index: Index, text: str, sql: str, values: dict[str, object]) -> Hits:
    """Return what *text* may mean, of which *sql* chooses by *values*."""
    looked_for = wanted(text)
    folded = terms.fold(text)
    if not folded:
        return Hits((), {}, ())
    having = all_of(map(is_, looked_for))
    values = values | {
        "whole": folded,
        "after": folded + LAST,
        "space": f"{folded} ",
        "past": f"{folded}!",  # the character after the space
        "path": _path(text),
        "named": f"{{{_NAMES}}} : ({having})" if having else NOTHING,
        "fitting": having or NOTHING,
    }
    for question in questions(index, looked_for):
        values["match"] = question.match
        counts = {str(name): _number(n) for name, n in index.rows(_COUNTED, values)}
        if counts:
            many = sum(counts.values()) > MANY
            values["many"] = many
            if many:
                values |= {"named": NOTHING, "fitting": NOTHING}
            rows = index.rows(sql, values)
            found = _told(index, rows, folded, question.words)
            return Hits(found, counts, question.words, question.how)
    return Hits((), {}, tuple(looked_for))


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


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
