"""
Write works as BibTeX, for reference managers.

An entry has what the encoded sources print of a work, and no more: a work that a chapter cites as
"Durch 1997" has an author and a year, and no title. One that is named in passing has neither, and
what this graph calls it for a title.

Source:
    BibTeXing (Patashnik 1988), entry types and fields: https://ctan.org/pkg/bibtex
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph import search, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.store import Store

#: What is asked of a work.
_FIELDS: Final = (
    *("work", "label", "authors", "year", "suffix", "title", "kind", "container", "chapter"),
)
_ENTRY_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "article": "article",
        "book": "book",
        "book-chapter": "incollection",
        "edited-collection": "book",
        "encyclopedia": "book",
        "encyclopedia-article": "incollection",
        "report": "techreport",
    }
)
_PRINTED: Final[Mapping[str, str]] = MappingProxyType(
    # BibTeX counts braces, escaped ones too, so a single one would swallow the rest of the file.
    {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {mark: "\\" + mark for mark in "&%$#_"}
)


def works_behind(store: Store, iris: Iterable[str]) -> tuple[str, ...]:
    """Return the works among *iris*, and those that the claims and passages among them are of."""
    things = " ".join(str(terms.iri(iri)) for iri in iris)
    answer = store.query(
        f"{search.PREFIXES}SELECT DISTINCT ?work WHERE {{ VALUES ?thing {{ {things} }} "
        "{ ?thing a pk:Work BIND(?thing AS ?work) } UNION { ?thing pk:statedIn ?work } "
        "UNION { ?thing pk:passageOf ?work } } ORDER BY ?work"
    )
    return tuple(row[0] for row in search.texts(answer))


def bibtex(store: Store, works: Iterable[str]) -> str:
    """
    Return an entry for each of *works*, given by IRI, in their order; keys are their slugs.

    A work that the store does not know has no entry.
    """
    wanted = tuple(works)
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
    entries = {row["work"]: _entry(row) for row in rows}
    return "\n".join(entries[iri] for iri in wanted if iri in entries)


def _entry(work: Mapping[str, str]) -> str:
    """Return the entry of one *work*."""
    kind = work["kind"].rpartition("/")[2]
    fields = {
        "editor" if kind == "edited-collection" else "author": " and ".join(
            _people(work["authors"])
        ),
        "title": _printed(work["title"] or work["label"]),
        "booktitle": _printed(work["container"]),
        "chapter": work["chapter"],
        "year": _printed(work["year"] + work["suffix"]),
        "url": work["work"],
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    key = work["work"].rpartition("/")[2]
    return "\n".join([f"@{_ENTRY_TYPES.get(kind, 'misc')}{{{key},", *lines, "}", ""])


def _people(printed: str) -> list[str]:
    """
    Return the names of authors as a source prints them, one by one.

    >>> _people("Diehl, Druckman and Wall"), _people("Rikhye et al.")
    (['{Diehl}', '{Druckman}', '{Wall}'], ['{Rikhye}', 'others'])
    """
    names = printed.replace(" & ", ", ").replace(" and ", ", ").replace(" et al.", ", et al.")
    found = [name.strip() for name in names.split(",") if name.strip()]
    return ["others" if name == "et al." else f"{{{_printed(name)}}}" for name in found]


def _printed(text: str) -> str:
    r"""
    Return *text* so that TeX prints it as it is.

    >>> print(_printed("War & Peace, {100%"))
    War \& Peace, \textbraceleft{}100\%
    """
    return "".join(_PRINTED.get(letter, letter) for letter in text)
