"""
Write works as BibTeX.

Source:
    BibTeXing (Patashnik 1988), entry types and fields: https://ctan.org/pkg/bibtex
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.bibliography import works

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.bibliography.works import Work
    from pkgraph.store import Store

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


def bibtex(store: Store, iris: Iterable[str]) -> str:
    """
    Return an entry for each of the works *iris*, in their order; keys are their slugs.

    A work that the store does not know has no entry.
    """
    return "\n".join(map(_entry, works.read(store, iris)))


def _entry(work: Work) -> str:
    """Return the entry of one *work*."""
    names = [f"{{{_printed(name)}}}" for name in work.names] + ["others"] * work.others
    fields = {
        "editor" if work.edited else "author": " and ".join(names),
        "title": _printed(work.title),
        "booktitle": _printed(work.container),
        "chapter": work.chapter,
        "year": _printed(work.year + work.suffix),
        "url": work.iri,
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@{_ENTRY_TYPES.get(work.kind, 'misc')}{{{work.key},", *lines, "}", ""])


def _printed(text: str) -> str:
    r"""
    Return *text* so that TeX prints it as it is.

    >>> print(_printed("War & Peace, {100%"))
    War \& Peace, \textbraceleft{}100\%
    """
    return "".join(_PRINTED.get(letter, letter) for letter in text)
