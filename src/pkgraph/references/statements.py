"""Say in statements what a reference says of a work, and note where it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from pkgraph import terms
from pkgraph.namespaces import BASE, DCTERMS, PK, RDF, RDFS, SKOS
from pkgraph.references import reading
from pkgraph.references.duplicates import Description
from pkgraph.references.known import DOI, printed_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pkgraph.intake.source import Node, Where
    from pkgraph.references.naming import Called
    from pkgraph.references.reading import Year
    from pkgraph.references.record import Name, People, Record

_KIND: Final = BASE + "scheme/work-kind/"
_LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: tag
        for tag, names in {
            "en": "english american british usenglish ukenglish eng",
            "fr": "french francais français fre fra",
            "de": "german ngerman deutsch ger deu",
            "es": "spanish espanol español spa",
            "it": "italian italiano ita",
            "pt": "portuguese portugues português por",
            "ru": "russian rus",
        }.items()
        for name in names.split()
    }
)
_TAG: Final = re.compile(r"[a-z]{2}(?:-[a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_CHAPTER: Final = re.compile(r"[1-9][0-9]{0,4}")


@dataclass(slots=True)
class Statements:
    """What is made of one file, and where in it each statement comes from."""

    path: Path
    triples: list[ox.Triple] = field(default_factory=list)
    _places: dict[tuple[str, str | None], Where] = field(default_factory=dict)

    def say(self, subject: str, path: str, value: Node | str, where: Where) -> None:
        """Add a statement; a *value* that is text is an IRI."""
        node = ox.NamedNode(value) if isinstance(value, str) else value
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(path), node))
        self._places.setdefault((subject, None), where)
        self._places.setdefault((subject, path), where)

    def find(self, focus: str, path: str | None, _value: Node | None) -> Where | None:
        """Return where a statement comes from, or what it is about begins."""
        return self._places.get((focus, path)) or self._places.get((focus, None))

    def work(self, record: Record, called: Called, people: People, kind: str, year: Year) -> None:
        """Say of a work what stands in its own reference; what it is joined to is said apart."""
        iri = called.iri
        self.say(iri, RDF + "type", PK + "Work", record.where)
        self.say(iri, RDFS + "label", terms.text(called.label, "en"), record.where)
        if title := record.text("title"):
            tag = language(record)
            literal = terms.text(title, tag) if tag else terms.literal(title, "string")
            self.say(iri, DCTERMS + "title", literal, record.place("title"))
        if kind:
            self.say(iri, PK + "workKind", _KIND + kind, record.where)
        authors = people.where or record.where
        if people.printed:
            self._text(iri, "authorsPrinted", people.printed, authors)
        dated = record.place("year", "date")
        if year.year:
            self.say(iri, PK + "year", terms.literal(year.year, "year"), dated)
        if year.printed:
            self._text(iri, "yearPrinted", year.printed, dated)
        if year.year and called.letter:
            self._text(iri, "yearSuffix", called.letter, dated)
        self._locate(iri, record, kind)

    def _locate(self, iri: str, record: Record, kind: str) -> None:
        """Say the number and the DOI of a work, by which it is found."""
        chapter = record.text("chapter")
        if _CHAPTER.fullmatch(chapter) and kind == "book-chapter":
            number = terms.literal(chapter, "integer")
            self.say(iri, PK + "chapterNumber", number, record.place("chapter"))
        elif chapter:
            record.skipped.add("chapter")
        if doi := reading.doi(record):
            match = DOI + quote(doi, safe="/:;()._-+~!*',@&=$")
            self.say(iri, SKOS + "exactMatch", match, record.place("doi", "url"))
        elif record.text("url") and not reading.address(record):
            record.skipped.add("url")

    def person(self, iri: str, called: Called, name: Name, where: Where) -> None:
        """Say of a new person what a reference prints."""
        self.say(iri, RDF + "type", PK + "Person", where)
        self.say(iri, RDFS + "label", terms.text(called.label, "en"), where)
        self._text(iri, "familyName", name.family, where)
        if name.given:
            self._text(iri, "givenName", name.given, where)
        if name.full != called.label:
            self.say(iri, SKOS + "altLabel", terms.text(name.full, "en"), where)

    def note(self, iri: str, text: str, where: Where) -> None:
        """Leave a remark for those who look after the graph."""
        self.say(iri, SKOS + "editorialNote", terms.text(text, "en"), where)

    def _text(self, iri: str, name: str, text: str, where: Where) -> None:
        self.say(iri, PK + name, terms.literal(text, "string"), where)


def described(record: Record, people: People, kind: str, year: Year) -> Description:
    """Return what *record* is told from others by."""
    names, others = printed_names(people.printed, [n.family for n in people.names if n.family])
    return Description(
        "",
        title=record.text("title"),
        names=names,
        others=others,
        year=year.year,
        letter=year.letter,
        kind=kind,
        doi=reading.doi(record),
        container=record.text("container"),
    )


def language(record: Record) -> str:
    """Return the tag of the language that *record* says it is in, if it says so clearly."""
    text = record.text("language").casefold().replace("_", "-")
    return text if _TAG.fullmatch(text) else _LANGUAGES.get(text, "")
