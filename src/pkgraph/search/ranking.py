"""
The queries by which things that have some words are counted and put in order.

The rank says how well a thing fits: a whole label, another whole name, an address, whole words that
a name begins with, the beginning of a name, all words in a name, in any text, and words that begin
so. What states something has no name. Things of one rank are ordered by how much their words count,
unless there are very many: then by their numbers, which is how they are ordered anyway, so that no
more of them are looked at than are shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from pkgraph.search.gathering import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pkgraph.search.indexing import Index

_WEIGHTS: Final = ", ".join(map(str, FIELDS.values()))
_NAMED: Final = """
WITH
whole AS (SELECT thing, MIN(CASE WHEN name IS NULL THEN 2 ELSE name <> label END) AS rank
  FROM form JOIN thing ON thing.id = form.thing WHERE form IN (:whole, :path) GROUP BY thing),
begun AS (SELECT thing, MIN(CASE WHEN form >= :space AND form < :past THEN 3 ELSE 4 END) AS rank
  FROM form WHERE form >= :whole AND form < :after AND name IS NOT NULL
    AND thing <= (SELECT MAX(last) FROM kind WHERE NOT states) GROUP BY thing)
"""
_RANKED: Final = f"""{_NAMED},
hit AS (SELECT rowid AS thing, bm25(words, {_WEIGHTS}) AS score FROM words WHERE words MATCH :match
  UNION ALL SELECT thing, 0 FROM whole),
best AS (SELECT thing, MIN(score) AS score FROM hit GROUP BY thing),
named AS (SELECT rowid AS thing FROM words WHERE words MATCH :named),
fitting AS (SELECT rowid AS thing FROM words WHERE words MATCH :fitting),
ranked AS (
  SELECT thing.*, score, CASE
    WHEN whole.rank IS NOT NULL THEN whole.rank
    WHEN begun.rank IS NOT NULL THEN begun.rank
    WHEN thing.id IN named THEN 5 WHEN thing.id IN fitting THEN 6 ELSE 7 END AS rank
  FROM best JOIN thing ON thing.id = best.thing LEFT JOIN whole ON whole.thing = best.thing
  LEFT JOIN begun ON begun.thing = best.thing
  WHERE :kind IS NULL OR kind = :kind
)
"""  # noqa: S608 - what is put in is ours
_ORDER: Final = "ORDER BY rank, score, LENGTH(label), label, iri"
#: What fits, in order: some of all, or the first of each kind.
ORDERED: Final = f"""{_RANKED}
SELECT id, iri, label, type, kind FROM ranked {_ORDER} LIMIT :limit OFFSET :offset
"""  # noqa: S608
OF_EACH: Final = f"""{_RANKED}
SELECT id, iri, label, type, kind FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY kind {_ORDER}) AS place FROM ranked
) WHERE place <= :first {_ORDER}
"""  # noqa: S608
_COUNTED: Final = """
SELECT kind.name, (
  SELECT COUNT(*) FROM words WHERE words MATCH :match AND rowid BETWEEN first AND last
) + (
  SELECT COUNT(DISTINCT thing) FROM form
  WHERE form IN (:whole, :path) AND thing BETWEEN first AND last
    AND NOT EXISTS (SELECT 1 FROM words WHERE words MATCH :match AND rowid = form.thing)
) AS fitting FROM kind WHERE fitting
"""
_SOME: Final = "SELECT rowid FROM words WHERE words MATCH :match LIMIT :most"
_WHOLE: Final = "SELECT thing FROM form WHERE form IN (:whole, :path)"


def counted(index: Index, values: Mapping[str, object], most: int) -> dict[str, int]:
    """Return how many things of each kind fit; up to *most* are found at once, not kind by kind."""
    hits = index.rows(_SOME, {**values, "most": most + 1})
    if len(hits) > most:
        return {str(kind): _number(number) for kind, number in index.rows(_COUNTED, values)}
    things = sorted({_number(row[0]) for row in (*hits, *index.rows(_WHOLE, values))})
    counts = {}
    for kind, first, last in index.rows("SELECT name, first, last FROM kind ORDER BY first"):
        number = bisect_right(things, _number(last)) - bisect_left(things, _number(first))
        if number:
            counts[str(kind)] = number
    return counts


#: The first things in a range of numbers whose words fit, without a look at the others.
_FIRST: Final = """
SELECT * FROM (
  SELECT rowid AS thing FROM words WHERE words MATCH :match AND rowid BETWEEN {} AND {} AND {}
  ORDER BY rowid LIMIT :first
)
"""
_BY_NUMBER: Final = """{named},
best AS (
  SELECT thing, MIN(rank) AS rank FROM (
    SELECT thing, rank FROM whole
    UNION ALL SELECT thing, rank FROM begun
    UNION ALL SELECT thing, 7 FROM ({hits})
    {more}
  ) GROUP BY thing
),
placed AS (
  SELECT thing, rank, ROW_NUMBER() OVER (PARTITION BY name ORDER BY rank, thing) AS place
  FROM best JOIN kind ON thing BETWEEN kind.first AND kind.last
  WHERE {only}
)
SELECT id, iri, label, type, kind FROM placed JOIN thing ON thing.id = placed.thing
WHERE place <= :first ORDER BY rank, LENGTH(label), label, iri LIMIT :limit OFFSET :offset
"""
#: That a thing is of one of some classes.
_MEMBER: Final = "EXISTS (SELECT 1 FROM member WHERE class IN ({}) AND thing = {})"
_RANGE: Final = """
SELECT (SELECT MIN(thing) FROM member WHERE class = :class),
  (SELECT MAX(thing) FROM member WHERE class = :class)
"""
#: What has an address that begins so.
_ADDRESSED: Final = """
UNION ALL SELECT thing, 4 FROM form WHERE form >= :path AND form < :beyond AND name IS NULL
"""


def by_number(index: Index, kind: str | None) -> str:
    """Return the query for the first things of *kind*, or of each, that fit."""
    ranges = index.rows(
        "SELECT first, last FROM kind WHERE :kind IS NULL OR name = :kind", {"kind": kind}
    )
    hits = union(_FIRST.format(*each, "TRUE") for each in ranges)
    only = ":kind IS NULL OR name = :kind"
    return _BY_NUMBER.format(named=_NAMED, hits=hits, more="", only=only)


def of_classes(index: Index, classes: Sequence[str]) -> str:
    """Return the query for the first things of *classes* that fit or have an address that does."""
    ids = class_ids(index, classes)
    ranges = [(each, *index.rows(_RANGE, {"class": each})[0]) for each in ids]
    hits = union(
        _FIRST.format(first, last, _MEMBER.format(id_, "words.rowid"))
        for id_, first, last in ranges
    )
    only = _MEMBER.format(", ".join(map(str, ids)), "best.thing")
    return _BY_NUMBER.format(named=_NAMED, hits=hits, more=_ADDRESSED, only=only)


def class_ids(index: Index, classes: Sequence[str]) -> list[int]:
    """Return the numbers of those of *classes* that things are of, in order."""
    marks = ", ".join("?" * len(classes))
    sql = f"SELECT id FROM class WHERE iri IN ({marks}) ORDER BY id"  # noqa: S608 - marks
    return [_number(number) for (number,) in index.rows(sql, tuple(classes))]


def union(parts: Iterable[str]) -> str:
    """Return the query for what any of *parts* gives, which may be none."""
    return " UNION ALL ".join(parts) or "SELECT NULL AS thing WHERE FALSE"


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
