"""Offer things of some classes to choose from, and those that somebody may be typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.search import ranking
from pkgraph.search.finding import names_of
from pkgraph.search.questions import questions
from pkgraph.search.wording import wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgraph.search.indexing import Index


def offered(index: Index, classes: Sequence[str], limit: int) -> tuple[tuple[str, str], ...]:
    """
    Return IRI and label of things of *classes*, at most *limit*, sorted by label.

    Where there are more, those that have a name come before those that state something, and the
    short labels first.
    """
    # Each class has its members in the order of their numbers.
    first = ranking.union(
        f"SELECT * FROM (SELECT thing FROM member WHERE class = {id_} ORDER BY thing LIMIT :limit)"  # noqa: S608 - numbers of ours
        for id_ in ranking.class_ids(index, classes)
    )
    rows = index.rows(
        f"SELECT label, iri FROM thing WHERE id IN ({first}) ORDER BY id LIMIT :limit",  # noqa: S608
        {"limit": limit},
    )
    return tuple((iri, label) for label, iri in sorted((str(a), str(b)) for a, b in rows))


def typed(
    index: Index, text: str, classes: Sequence[str], limit: int
) -> tuple[tuple[str, str], ...]:
    """
    Return IRI and label of things of *classes* that *text* may mean or begin, the likeliest first.

    An address may be begun as well: what follows the base of all addresses, or its last part.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    values = {**names_of(text), "first": limit, "limit": limit, "offset": 0}
    if not values["whole"]:  # no letter yet
        return () if text else offered(index, classes, limit)
    sql = ranking.of_classes(index, classes)
    for question in questions(index, wanted(text)):
        rows = index.rows(sql, {**values, "match": question.match})
        if rows:
            return tuple((str(iri), str(label)) for _, iri, label, *_ in rows)
    return ()
