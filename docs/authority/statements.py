"""The statements that the tables give rise to, and the forms in which Turtle has their values."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from pkgraph import terms

#: The files that have no table of their own, as paths below ``graph/``.
CODES: Final = "operations/codes"
KNOWLEDGE: Final = "operations/from-knowledge"
STATES: Final = "states"
_BASES: Final = "legal-bases"

#: Text in a cell "source" → the list it means.
_LISTS: Final = (
    ("DPO list", "work:dpo-list-2018"),
    ("DPPA-DPO", "code-list:dpo"),
    ("UNPMM", "code-list:unpmm"),
    ("TPPKM", "code-list:tppkm"),
    ("TAMM", "code-list:tamm"),
    ("PKOC", "code-list:pkoc"),
    ("MIDA", "code-list:mida"),
    ("tdballesteros", "work:ballesteros-crosswalk"),
    ("Wikipedia", "work:non-un-missions"),
    ("country-codes", "work:country-codes"),
    ("wikidata_wars", "work:histwardb"),
    ("countrycode", "work:countrycode"),
    ("COW", "code-list:cow"),
    ("GW", "code-list:gw"),
    ("UN library", "work:un-library-members"),
    ("list of admission dates", "work:admission-dates"),
    ("both lists agree", "work:un-library-members"),
    ("both lists agree", "work:admission-dates"),
    ("two lists share", "work:admission-dates"),
    ("pycountry", "work:pycountry"),
)
_REGIONS: Final = {"Micronesia": "micronesia-region"}

#: A row of a table, by column.
Row = dict[str, str]


class Statements:
    """
    The statements of each file, as lines of Turtle.

    ``bases`` are the acts that are described, by name; ``dated`` has the symbols with their years,
    by the symbols without.
    """

    def __init__(self) -> None:
        self.files: dict[str, list[str]] = defaultdict(list)
        self.bases: dict[str, str] = {}
        self.dated: dict[str, str] = {}

    def add(self, file: str, subject: str, predicate: str, *values: str) -> None:
        """Add statements to *file*; subject and predicate are CURIEs, values are Turtle."""
        self.files[file] += [f"{subject} {predicate} {value} ." for value in values]

    def basis(self, name: str) -> str:
        """Return the CURIE of the act called *name*, described once."""
        name = self.dated.get(name, name)
        if name in self.bases:
            return self.bases[name]
        curie = self.bases[name] = f"legal-basis:{terms.slug(name)}"
        self.add(_BASES, curie, "a", "pk:LegalBasis")
        self.add(_BASES, curie, "rdfs:label", english(name))
        if re.match(r"[SA]/RES/\d", name):
            organ = "un-security-council" if name.startswith("S/") else "un-general-assembly"
            self.add(_BASES, curie, "pk:documentSymbol", text(name))
            self.add(_BASES, curie, "pk:issuedBy", f"organ:{organ}")
        return curie

    def symbols(self, cell: str) -> None:
        """Learn the years of the symbols in *cell*."""
        for symbol in re.findall(r"[SA]/RES/\d+ \((?:\d{4}|[EISVX-]+)\)", cell):
            self.dated[symbol.partition(" ")[0]] = symbol

    def sources(self, file: str, subject: str, cell: str) -> None:
        """Add the lists that a cell "source" names, and the acts whose text it cites."""
        for words, curie in _LISTS:
            if re.search(rf"\b{words}\b", cell):
                self.add(file, subject, "dcterms:source", curie)
        for symbol in re.findall(r"S/RES/\d+", cell):
            self.add(file, subject, "dcterms:source", self.basis(symbol))

    def code(self, scheme: str, code: str, label: str = "") -> str:
        """Describe a code of the list *scheme*, and return its CURIE."""
        curie = f"code:{scheme}-{terms.slug(code)}"
        self.add(CODES, curie, "a", "pk:ExternalCode")
        self.add(CODES, curie, "pk:code", text(code))
        self.add(CODES, curie, "pk:codeList", f"code-list:{scheme}")
        printed = " ".join(label.split())
        if printed and printed != code:
            self.add(CODES, curie, "pk:codeLabel", text(printed))
        return curie


def region(name: str) -> str:
    """Return the CURIE of the region called *name*."""
    return f"place:{_REGIONS.get(name, terms.slug(name))}"


def date(value: str) -> str:
    """Return a year, month or day as a literal of its precision."""
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(value)]
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#{kind}>'


def before(value: str, other: str) -> bool:
    """Tell whether a date is before another, as far as both are given."""
    length = min(len(value), len(other))
    return value[:length] < other[:length]


def text(value: str) -> str:
    """Return *value* as a literal."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def english(value: str) -> str:
    """Return *value* as a literal in English."""
    return text(value) + "@en"
