"""Ask a store what is known of works, in the plain parts that every form of reference has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph import search, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.store import Store

#: What is asked of a work.
_FIELDS: Final = (
    *("work", "label", "authors", "year", "suffix", "title", "kind", "container", "chapter"),
)
#: How a source prints that a work has more authors than it names.
_OTHERS: Final = "et al."


@dataclass(frozen=True, slots=True)
class Work:
    """
    What the sources print of a work; a text is empty where they print nothing.

    ``names`` are its authors, or its editors if it is ``edited``, as they are printed; there are
    ``others`` where a source names the first alone. ``kind`` is the last part of the value's IRI,
    ``suffix`` the letter after the year, ``container`` the title of what it appears in.
    """

    iri: str
    names: tuple[str, ...]
    others: bool
    title: str
    kind: str
    container: str
    chapter: str
    year: str
    suffix: str

    @property
    def key(self) -> str:
        """What an entry is called by: the slug of the work."""
        return self.iri.rpartition("/")[2]

    @property
    def edited(self) -> bool:
        """Whether its names are those of editors."""
        return self.kind == "edited-collection"


def works_behind(store: Store, iris: Iterable[str]) -> tuple[str, ...]:
    """Return the works among *iris*, and those that the claims and passages among them are of."""
    things = " ".join(str(terms.iri(iri)) for iri in iris)
    answer = store.query(
        f"{search.PREFIXES}SELECT DISTINCT ?work WHERE {{ VALUES ?thing {{ {things} }} "
        "{ ?thing a pk:Work BIND(?thing AS ?work) } UNION { ?thing pk:statedIn ?work } "
        "UNION { ?thing pk:passageOf ?work } } ORDER BY ?work"
    )
    return tuple(row[0] for row in search.texts(answer))


def read(store: Store, iris: Iterable[str]) -> tuple[Work, ...]:
    """Return what is known of the works *iris*, in their order; unknown ones are left out."""
    wanted = tuple(iris)
    things = " ".join(str(terms.iri(iri)) for iri in wanted)
    answer = store.query(
        f"{search.PREFIXES}SELECT ?{' ?'.join(_FIELDS)} "
        f"WHERE {{ VALUES ?work {{ {things} }} ?work a pk:Work . "
        "OPTIONAL { ?work pk:authorsPrinted ?authors } OPTIONAL { ?work pk:year ?year } "
        "OPTIONAL { ?work pk:yearSuffix ?suffix } OPTIONAL { ?work dcterms:title ?title } "
        "OPTIONAL { ?work pk:workKind ?kind } OPTIONAL { ?work pk:chapterNumber ?chapter } "
        "OPTIONAL { ?work pk:publishedIn/dcterms:title ?container } "
        "OPTIONAL { ?work rdfs:label ?label FILTER(!BOUND(?authors) && !BOUND(?title)) } }"
    )
    rows = [dict(zip(_FIELDS, row, strict=True)) for row in search.texts(answer)]
    works = {row["work"]: _work(row) for row in rows}
    return tuple(works[iri] for iri in wanted if iri in works)


def people(printed: str) -> tuple[tuple[str, ...], bool]:
    """
    Return the names of authors as a source prints them, one by one, and whether there are others.

    >>> people("Diehl, Druckman and Wall"), people("Rikhye et al.")
    ((('Diehl', 'Druckman', 'Wall'), False), (('Rikhye',), True))
    """
    apart = (
        printed.replace(" & ", ", ").replace(" and ", ", ").replace(f" {_OTHERS}", f", {_OTHERS}")
    )
    found = [name.strip() for name in apart.split(",") if name.strip()]
    return tuple(name for name in found if name != _OTHERS), _OTHERS in found


def _work(row: Mapping[str, str]) -> Work:
    """Return the work that a row of the answer is about."""
    names, others = people(row["authors"])
    return Work(
        iri=row["work"],
        names=names,
        others=others,
        title=row["title"] or row["label"],
        kind=row["kind"].rpartition("/")[2],
        container=row["container"],
        chapter=row["chapter"],
        year=row["year"],
        suffix=row["suffix"],
    )
