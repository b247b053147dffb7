"""Read answers of stores as texts, and the properties that name things."""

from __future__ import annotations

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


def texts(answer: Answer) -> list[tuple[str, ...]]:
    """Return the cells of a table as texts, unbound ones as empty ones."""
    if not isinstance(answer, Table):
        raise StoreError("the store answered a SELECT with something that is not a table")
    return [tuple(map(_text, row)) for row in answer.terms]


def _text(term: Term | None) -> str:
    return "" if term is None else str(term) if isinstance(term, ox.Triple) else term.value
