"""
Turn untrusted text into RDF terms.

No other module does: what a person, a request or a spreadsheet gives becomes a term here or is
refused, and only a term is ever written into a query. The engine's own constructors check or escape
what they are given.

Source:
    RDF 1.1 Concepts and Abstract Syntax, sections 3.2 and 3.3:
    https://www.w3.org/TR/rdf11-concepts/#section-IRIs
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pyoxigraph as ox

from pkgraph.errors import ParameterError
from pkgraph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LiteralKind: TypeAlias = Literal["string", "integer", "decimal", "boolean", "year", "month", "date"]

#: The longest text that is taken for a term, in characters: more than any label or IRI needs.
MAX_CHARACTERS: Final = 2000

#: The longest whole number, in digits: what every engine keeps exactly.
MAX_DIGITS: Final = 18

_WHOLE_NUMBER: Final = re.compile(rf"[+-]?[0-9]{{1,{MAX_DIGITS}}}")
_DECIMAL: Final = re.compile(rf"[+-]?[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,{MAX_DIGITS}}})?")
_YEAR: Final = re.compile(r"[0-9]{4}")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: C0 and C1 controls but for tab, line feed and carriage return, and what is no character at all.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def iri(text: str) -> ox.NamedNode:
    """
    Return the IRI *text*, which must be absolute.

    Raises:
        ParameterError: It is not an absolute IRI, or longer than any IRI needs to be.

    >>> iri("https://w3id.org/pkgraph/work/kaldor-1999")
    <NamedNode value=https://w3id.org/pkgraph/work/kaldor-1999>
    >>> iri("x> } DROP ALL #")
    Traceback (most recent call last):
    pkgraph.errors.ParameterError: 'x> } DROP ALL #' is not an absolute IRI; write it in full, \
with https: in front
    """
    _check_characters(text)
    try:
        return ox.NamedNode(text)
    except ValueError:
        raise ParameterError(
            f"'{text}' is not an absolute IRI; write it in full, with https: in front"
        ) from None


def literal(text: str, kind: LiteralKind) -> ox.Literal:
    """
    Return *text* as a literal of *kind*: a plain string, or of the datatype that XML Schema has.

    A year is an xsd:gYear, a month an xsd:gYearMonth; the others are called the same.

    Raises:
        ParameterError: It is not of that kind, or too long, or has characters that nobody types.

    >>> literal("2004-05-31", "date")
    <Literal value=2004-05-31 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#date>>
    """
    _check_characters(text)
    if kind == "string":
        return ox.Literal(text)
    datatype, is_one, told = _KINDS[kind]
    if not is_one(text):
        raise ParameterError(f"'{text}' is not {told}")
    value = str(int(text)) if kind == "integer" else text
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


def text(text: str, language: str) -> ox.Literal:
    """
    Return *text* as a text in a language, which is named by a tag such as ``en``.

    Raises:
        ParameterError: It is too long, has characters that nobody types, or the tag is none.

    >>> text("peacekeeping", "en")
    <Literal value=peacekeeping language=en>
    """
    _check_characters(text)
    try:
        return ox.Literal(text, language=language)
    except ValueError:
        raise ParameterError(
            f"'{language}' is not the tag of a language; write two letters, such as en"
        ) from None


def slug(text: str) -> str:
    """
    Return *text* as the last part of an IRI: lower-case ASCII words joined by hyphens.

    Nothing is left of a text without a letter or digit that ASCII has.

    >>> slug("See also"), slug("Médecins sans Frontières"), slug("…")
    ('see-also', 'medecins-sans-frontieres', '')
    """
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def fold(text: str) -> str:
    """
    Return *text* as it is compared where case, accents and spacing do not count.

    >>> fold("  Médecins   SANS Frontières ")
    'medecins sans frontieres'
    """
    # Some letters, such as those of mathematics, have their case only when they are taken apart.
    folded = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", folded)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


def _check_characters(text: str) -> None:
    """Refuse a *text* that is too long or that has characters nobody types."""
    if len(text) > MAX_CHARACTERS:
        raise ParameterError(
            f"'{text[:20]}…' has {len(text)} characters; at most {MAX_CHARACTERS} are taken"
        )
    found = _UNPRINTABLE.search(text)
    if found:
        raise ParameterError(
            f"there is a character that cannot be shown, U+{ord(found[0]):04X}, at position "
            f"{found.start() + 1}; take it out"
        )


def _is_date(text: str) -> bool:
    """Tell whether *text* is a date of the calendar, written as ISO 8601 has it."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


#: The datatype of each kind, what tells one of it, and what is said of any other.
_KINDS: Final[Mapping[str, tuple[str, Callable[[str], object], str]]] = MappingProxyType(
    {
        "integer": (
            "integer",
            _WHOLE_NUMBER.fullmatch,
            f"a whole number of at most {MAX_DIGITS} digits; write it with digits, as 12",
        ),
        "decimal": (
            "decimal",
            _DECIMAL.fullmatch,
            f"a number of at most {MAX_DIGITS} digits; write it with digits and a dot, as 0.25",
        ),
        "boolean": ("boolean", {"true", "false"}.__contains__, "true or false; write one of them"),
        "year": ("gYear", _YEAR.fullmatch, "a year; write it with four digits, as 2004"),
        "month": (
            "gYearMonth",
            _MONTH.fullmatch,
            "a month; write it as year and month: 2004-05",
        ),
        "date": ("date", _is_date, "a date; write it as year, month, day: 2004-05-31"),
    }
)
