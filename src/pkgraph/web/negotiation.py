"""
Choose the form of an answer that the asker likes best.

Source:
    RFC 9110, sections 12.4.2 and 12.5.1: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.requests import Request

#: How closely a type has itself, and no range has it.
_NAMED: Final = 3
#: How many parts of a header are read: more than any client has, and few enough to cost nothing.
MOST_PARTS: Final = 100
#: Of how many headers it is remembered what they choose: a client sends the same each time.
_REMEMBERED: Final = 256
_QUALITY: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")

#: The media types of each format, by the ending of an address that has it; the first is sent.
MEDIA_TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "html": ("text/html", "application/xhtml+xml"),
        "json": ("application/sparql-results+json", "application/json"),
        "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
        "csv": ("text/csv",),
        "tsv": ("text/tab-separated-values",),
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
        "md": ("text/markdown",),
        "bib": ("application/x-bibtex", "text/x-bibtex"),
        "ris": ("application/x-research-info-systems",),
        "csl": ("application/vnd.citationstyles.csl+json",),
        "ttl": ("text/turtle", "application/x-turtle"),
        "nt": ("application/n-triples",),
        "jsonld": ("application/ld+json",),
        "rdf": ("application/rdf+xml",),
        "trig": ("application/trig", "application/x-trig"),
        "nq": ("application/n-quads",),
        "sarif": ("application/sarif+json",),
    }
)
#: Those that are no text, and so in no character set.
_BINARY: Final = frozenset({"xlsx"})
#: What clients call formats beside our names and the media types.
_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "turtle": "ttl",
        "n3": "ttl",
        "ntriples": "nt",
        "n-triples": "nt",
        "json-ld": "jsonld",
        "rdf+xml": "rdf",
        "nquads": "nq",
        "n-quads": "nq",
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
            return _NAMED
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
    return _chosen(accept, tuple(offers))


@lru_cache(_REMEMBERED)
def _chosen(accept: str | None, offers: tuple[str, ...]) -> str | None:
    ranges = _ranges(accept)
    if not ranges:
        return None
    liked = [(_liking(ranges, MEDIA_TYPES[name]), -place) for place, name in enumerate(offers)]
    best = max(liked, default=(0.0, 0))
    return offers[-best[1]] if best[0] > 0 else None


def accepted(request: Request) -> str | None:
    """Return the header Accept of *request*, in which its lines are one list."""
    return ", ".join(request.headers.getlist("accept")) or None


def names(accept: str | None, format_name: str) -> bool:
    """
    Tell whether *accept* names a type of the format, not only a range that has it.

    >>> names("text/html, */*;q=0.1", "html"), names("*/*", "html")
    (True, False)
    """
    types = MEDIA_TYPES[format_name]
    return any(each.type in types and each.quality > 0 for each in _ranges(accept))


def called(name: str) -> str | None:
    """
    Return the format that a client calls *name*, by our name, another one or a media type.

    >>> called("ttl"), called("Turtle"), called("application/rdf+xml"), called("xls")
    ('ttl', 'ttl', 'rdf', None)
    """
    name = name.strip().lower()
    if name in MEDIA_TYPES:
        return name
    of_type = (each for each, types in MEDIA_TYPES.items() if name in types)
    return _ALIASES.get(name) or next(of_type, None)


def content_type(format_name: str) -> str:
    """Return the value of the header Content-Type for a format."""
    media = MEDIA_TYPES[format_name][0]
    return media if format_name in _BINARY else f"{media}; charset=utf-8"


def media_types(offers: Iterable[str]) -> str:
    """Return the media types of *offers*, for a message."""
    return ", ".join(MEDIA_TYPES[name][0] for name in offers)


def _liking(ranges: Iterable[_Range], types: Sequence[str]) -> float:
    """
    Return how *ranges* like the best liked of *types*: the closest range decides for each.

    Only the first is what is sent; the others stand for it where they are named, not in a range.
    """
    best = 0.0
    for media in types:
        closest, quality = max(
            ((each.fits(media), each.quality) for each in ranges), default=(0, 0.0)
        )
        if closest == _NAMED or (closest and media == types[0]):
            best = max(best, quality)
    return best


def _ranges(accept: str | None) -> tuple[_Range, ...]:
    """Return the parts of the header *accept*; what cannot be read or is too much is left out."""
    if not (accept or "").strip():
        return (_Range("*/*", 1.0),)
    found = []
    for part in (accept or "").split(",", MOST_PARTS)[:MOST_PARTS]:
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = "1"
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = value.strip()
        if "/" in media and _QUALITY.fullmatch(quality):
            found.append(_Range(media, float(quality)))
    return tuple(found)
