"""
Choose the form of an answer that the asker likes best.

Source:
    RFC 9110, sections 12.4.2 and 12.5.1: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_QUALITY: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")

#: The media types of each format, by the ending of an address that has it; the first is sent.
MEDIA_TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "html": ("text/html", "application/xhtml+xml"),
        "json": ("application/sparql-results+json", "application/json"),
        "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
        "csv": ("text/csv",),
        "tsv": ("text/tab-separated-values",),
        "md": ("text/markdown",),
        "bib": ("application/x-bibtex", "text/x-bibtex"),
        "ris": ("application/x-research-info-systems",),
        "csl": ("application/vnd.citationstyles.csl+json",),
        "ttl": ("text/turtle", "application/x-turtle"),
        "nt": ("application/n-triples",),
        "jsonld": ("application/ld+json",),
        "rdf": ("application/rdf+xml",),
        "sarif": ("application/sarif+json",),
    }
)


@dataclass(frozen=True, slots=True)
class _Range:
    """One part of an Accept header: a type or a range of types, and how it is liked."""

    type: str
    quality: float

    def fits(self, media_type: str) -> int:
        """Return how closely this range has *media_type*, 3 best; 0 if it has it not."""
        if self.type == media_type:
            return 3
        if self.type == f"{media_type.partition('/')[0]}/*":
            return 2
        return 1 if self.type == "*/*" else 0


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """
    Return that of *offers*, names of formats, which *accept* likes best.

    Of those that are liked equally it is the first. Without a header anything is liked; None
    means that nothing offered is.

    >>> choose("text/turtle;q=0.5, text/html", ("ttl", "html"))
    'html'
    >>> choose("*/*", ("json", "csv")), choose("image/png", ("json", "csv"))
    ('json', None)
    """
    ranges = _ranges(accept)
    liked = [(_liking(ranges, MEDIA_TYPES[name]), -place) for place, name in enumerate(offers)]
    best = max(liked, default=(0.0, 0))
    return offers[-best[1]] if best[0] > 0 else None


def names(accept: str | None, format_name: str) -> bool:
    """
    Tell whether *accept* names a type of the format, not only a range that has it.

    >>> names("text/html, */*;q=0.1", "html"), names("*/*", "html")
    (True, False)
    """
    types = MEDIA_TYPES[format_name]
    return any(each.type in types and each.quality > 0 for each in _ranges(accept))


def content_type(format_name: str) -> str:
    """Return the value of the header Content-Type for a format."""
    return f"{MEDIA_TYPES[format_name][0]}; charset=utf-8"


def media_types(offers: Iterable[str]) -> str:
    """Return the media types of *offers*, for a message."""
    return ", ".join(MEDIA_TYPES[name][0] for name in offers)


def _liking(ranges: Iterable[_Range], types: Iterable[str]) -> float:
    """Return how *ranges* like the best liked of *types*: the closest range decides for each."""
    known = tuple(ranges)
    return max(
        max(((each.fits(media), each.quality) for each in known), default=(0, 0.0))[1]
        if any(each.fits(media) for each in known)
        else 0.0
        for media in types
    )


def _ranges(accept: str | None) -> tuple[_Range, ...]:
    """Return the parts of the header *accept*; what cannot be read is left out."""
    if not (accept or "").strip():
        return (_Range("*/*", 1.0),)
    found = []
    for part in (accept or "").split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = "1"
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = value.strip()
        if "/" in media and _QUALITY.fullmatch(quality):
            found.append(_Range(media, float(quality)))
    return tuple(found)
