"""Read answers of stores as texts, and the properties that name things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import StoreError
from pkgraph.results import Table

if TYPE_CHECKING:
    from pkgraph.results import Answer, Term

#: The properties that name a thing, as a path of SPARQL.
NAMING: Final = "rdfs:label|skos:altLabel|pk:acronym|dcterms:title"
PREFIXES: Final = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


class Text(str):
    """A text that is in a ``language`` other than English; one that is not is a plain text."""

    __slots__ = ("language",)
    language: str

    @classmethod
    def of(cls, text: str, language: str | None) -> str:
        """
        Return *text*, which is in a *language*, if one is known.

        >>> language_of(Text.of("paix", "fr")), language_of(Text.of("peace", "en-GB"))
        ('fr', '')
        """
        if not language or re.match("en(-|$)", language):
            return text
        found = cls(text)
        found.language = language
        return found


def language_of(text: object) -> str:
    """Return the language of *text*, if that is one that is known and not English."""
    return text.language if isinstance(text, Text) else ""


def better(one: str | None, other: str) -> str:
    """Return that of two labels which a page shows: in English, if there is a choice."""
    return other if not one or (language_of(one) and not language_of(other)) else one


def texts(answer: Answer) -> list[tuple[str, ...]]:
    """Return the cells of a table as texts, unbound ones as empty ones."""
    if not isinstance(answer, Table):
        raise StoreError("the store answered a SELECT with something that is not a table")
    return [tuple(map(text_of, row)) for row in answer.terms]


def text_of(term: Term | None) -> str:
    """Return *term* as a text, in its language if it has one."""
    if isinstance(term, ox.Literal):
        return Text.of(term.value, term.language)
    return "" if term is None else str(term) if isinstance(term, ox.Triple) else term.value
