"""Find names that are spelt nearly so, or the same but for case and accents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgraph.search.indexing import Index

#: How like two names must be to be taken for each other misspelt: 100 is the same.
_ALIKE: Final = 72
#: A name that differs by few edits keeps some of any dozen of its trigrams; the rarest lead to the
#: fewest names, and of these as many are compared as have the most.
_TRIGRAMS: Final = 12
_COMPARED: Final = 400


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name of the thing *iri*."""

    iri: str
    text: str


def nearest(text: str, known: Iterable[Name], limit: int = 5) -> tuple[Name, ...]:
    """Return those of the *known* names that are spelt most like *text*, a name for each thing."""
    forms = [
        (form, name)
        for name in known
        for form in (terms.fold(name.text), name.iri.rpartition("/")[2])
    ]
    return _likest(terms.fold(text), forms, limit)


def likest(
    index: Index, text: str, classes: Sequence[str] = (), limit: int = 5
) -> tuple[Name, ...]:
    """Return the names of things of *classes*, or of any, that are spelt most like *text*."""
    wanted = terms.fold(text)
    padded = f" {wanted} "
    grams = sorted({padded[place : place + 3] for place in range(len(padded) - 2)})
    known = [
        (number, gram)
        for gram in grams
        for (number,) in index.rows("SELECT doc FROM trigram WHERE term = ?", (gram,))
    ]
    rarest = [gram for _, gram in sorted(known)[:_TRIGRAMS]]
    if not rarest:
        return ()
    each = " UNION ALL ".join(["SELECT rowid FROM spelt WHERE spelt MATCH ?"] * len(rarest))
    values = [f'"{gram.replace(_QUOTE, _QUOTE * 2)}"' for gram in rarest]
    only, of = _of_classes(classes)
    rows = index.rows(
        "SELECT form.form, thing.iri, COALESCE(form.name, thing.label) "  # noqa: S608 - marks
        f"FROM (SELECT rowid AS id, COUNT(*) AS met FROM ({each}) GROUP BY rowid) AS near "
        "JOIN form ON form.id = near.id JOIN thing ON thing.id = form.thing "
        f"WHERE {only} ORDER BY near.met DESC, form.form LIMIT {_COMPARED}",
        (*values, *of),
    )
    return _likest(
        wanted, [(str(form), Name(str(iri), str(name))) for form, iri, name in rows], limit
    )


def called(index: Index, text: str, classes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the things of *classes* that have the name *text*; case and accents do not count."""
    only, of = _of_classes(classes)
    rows = index.rows(
        "SELECT DISTINCT thing.iri FROM form JOIN thing ON thing.id = form.thing "  # noqa: S608
        f"WHERE {only} AND form.form = ? AND form.name IS NOT NULL ORDER BY thing.iri",
        (*of, terms.fold(text)),
    )
    return tuple(str(iri) for (iri,) in rows)


_QUOTE: Final = '"'


def _of_classes(classes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the condition that a thing is of one of *classes*, and its values."""
    marks = ", ".join("?" * len(classes))
    members = "SELECT thing FROM member JOIN class ON class.id = member.class"
    condition = f"thing.id IN ({members} WHERE class.iri IN ({marks}))"
    return (condition, tuple(classes)) if classes else ("TRUE", ())


def _likest(wanted: str, forms: Sequence[tuple[str, Name]], limit: int) -> tuple[Name, ...]:
    """Return the names whose forms are most like what is *wanted*, one for each thing."""
    from rapidfuzz import fuzz, process  # needed for what is not found

    near = process.extract(
        wanted, [form for form, _ in forms], scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
    )
    best: dict[str, Name] = {}
    for _, _, place in sorted(near, key=lambda each: (-each[1], forms[each[2]][1].text)):
        name = forms[place][1]
        best.setdefault(name.iri, name)
    return tuple(best.values())[:limit]
