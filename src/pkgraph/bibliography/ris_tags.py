"""
Write works as RIS.

Source:
    RIS, tags and types: https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.bibliography import works

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.bibliography.works import Work
    from pkgraph.store import Store

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "article": "JOUR",
        "book": "BOOK",
        "book-chapter": "CHAP",
        "data-set": "DATA",
        "edited-collection": "EDBOOK",
        "encyclopedia": "BOOK",
        "encyclopedia-article": "ENCYC",
        "law": "STAT",
        "news": "NEWS",
        "report": "RPRT",
    }
)


def ris(store: Store, iris: Iterable[str]) -> str:
    """
    Return a reference for each of the works *iris*, in their order; each has its slug for an ID.

    A work that the store does not know has none.
    """
    return "\n".join(map(_reference, works.read(store, iris)))


def _reference(work: Work) -> str:
    """Return the reference of one *work*."""
    person = "ED" if work.edited else "AU"
    tags = [
        ("TY", _TYPES.get(work.kind, "GEN")),
        ("ID", work.key),
        *((person, name) for name in (*work.names, *["et al."] * work.others)),
        ("TI", work.title),
        ("T2", work.container),
        ("SE", work.chapter),
        ("PY", work.year + work.suffix),
        ("UR", work.iri),
    ]
    # A tag is one line, and what follows a line break would be a tag of its own.
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in tags if text]
    return "\n".join([*lines, "ER  - ", ""])
