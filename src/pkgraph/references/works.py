"""
Make works and persons of references, each once.

A work that the graph has, or that stands in the files before, is told and not written again. What
the model has no place for is told as well. Nothing is written that a reference does not say, but
for the letter that tells two works of one name apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from pkgraph.intake.source import Source
from pkgraph.namespaces import PK, compact
from pkgraph.references import reading
from pkgraph.references.duplicates import AUTHORS_UNKNOWN, Index, Match, key
from pkgraph.references.known import initial
from pkgraph.references.naming import Called, Names, given_name_known
from pkgraph.references.record import People, Record, Text
from pkgraph.references.statements import Statements, described

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pkgraph.intake.source import Where
    from pkgraph.references.duplicates import Description
    from pkgraph.references.known import Known
    from pkgraph.references.reading import Year
    from pkgraph.references.record import Name

    Sort: TypeAlias = Literal["found", "repeated", "new", "doubtful", "remark", "left"]

#: At most this many works are named that a doubtful one may be.
_DOUBTS: Final = 3
#: The kind of what a work of each kind appears in, where the model has one.
_CONTAINERS: Final = {
    "book-chapter": "edited-collection",
    "encyclopedia-article": "encyclopedia",
    "article": "",
    "news": "",
}


class Note(NamedTuple):
    """Something to tell about a reference; what is ``left`` are names of fields."""

    path: Path
    where: Where
    sort: Sort
    text: str

    def __str__(self) -> str:
        """Return the note with its place."""
        return f"{self.path}, line {self.where.line}: {self.text}"


class Works:
    """Makes works of the references of several files, which are held against one another."""

    def __init__(self, known: Known) -> None:
        self.notes: list[Note] = []
        self._known = known
        self._names = Names(known.addresses, known.labels)
        self._made = Index()
        self._origins: dict[str, tuple[Path, Where]] = {}
        self._persons: dict[str, str] = {}
        self._initials = dict(known.initials)
        self._told: set[str] = set()

    def add(self, path: Path, records: Sequence[Record]) -> Source:
        """Return the statements that the references of a file come to."""
        file = Statements(path)
        by_key: dict[str, str] = {}
        new: list[tuple[Record, str]] = []
        for record in records:
            address, made = self._work(file, record)
            by_key.setdefault(record.key.lower(), address)
            if made:
                new.append((record, address))
        # What they appear in comes last, so that a reference for it is found.
        for record, address in new:
            self._place(file, record, address, by_key.get((record.within or "").lower()))
        return Source(path, tuple(file.triples), file.find)

    def _note(self, file: Statements, where: Where, sort: Sort, text: str) -> None:
        self.notes.append(Note(file.path, where, sort, text))

    def _work(
        self, file: Statements, record: Record, *, mentioned: bool = False
    ) -> tuple[str, bool]:
        """
        Return the address of the work that *record* is, and whether it is made now.

        One that is only *mentioned*, as what another appears in, may be named without its editors.
        """
        people, kind = record.authors, record.kind or ""
        if not people.names and record.editors.names:
            people, kind = record.editors, "edited-collection" if kind == "book" else kind
        year = reading.year(record)
        description = described(record, people, kind, year)
        address = reading.address(record)
        if address in self._known.works:
            self._note(file, record.where, "found", f"'{record.key}' is {compact(address)}.")
            return address, False
        found = self._found(file, record, description, mentioned=mentioned)
        if isinstance(found, str):
            return found, False
        called = self._called(record, address, people, year)
        self._made.add(replace(description, address=called.iri))
        self._origins[called.iri] = (file.path, record.where)
        self._note(file, record.where, "new", f"'{record.key}' is new: {compact(called.iri)}.")
        if people is record.authors and record.editors.names and kind != "book-chapter":
            record.skipped.add("editor")
        if "container" in record.texts and kind not in _CONTAINERS:
            record.skipped.add("series or container")
        file.work(record, called, people, kind, year)
        self._join(file, record, called, people, year)
        for match in found:
            self._doubt(file, record, called, match)
        for field in sorted(record.skipped):
            self._note(file, record.where, "left", field)
        return called.iri, True

    def _called(self, record: Record, address: str, people: People, year: Year) -> Called:
        """Return how a new work is called: by the address that it has already, if it is free."""
        free = address and self._names.free(address)
        called = self._names.work(people, record.text("title"), year, record.key)
        return self._names.given(address, called) if free else called

    def _found(
        self, file: Statements, record: Record, description: Description, *, mentioned: bool
    ) -> str | list[Match]:
        """Return the address of the same work, which is told, or those that it may be."""
        doubts: list[Match] = []
        for index in (self._known.index, self._made):
            matches = index.find(description, _DOUBTS)
            only = matches[0] if len(matches) == 1 else None
            if only and (only.sure or (mentioned and only.reason == AUTHORS_UNKNOWN)):
                self._tell_found(file, record, only)
                return only.work.address
            doubts += matches
        return doubts[:_DOUBTS]

    def _tell_found(self, file: Statements, record: Record, match: Match) -> None:
        address = compact(match.work.address)
        if match.work.address in self._origins:
            path, where = self._origins[match.work.address]
            text = f"'{record.key}' is {address} of {path}, line {where.line}: {match.reason}."
            self._note(file, record.where, "repeated", text)
        else:
            text = f"'{record.key}' is in the graph, {address}: {match.reason}."
            self._note(file, record.where, "found", text)

    def _doubt(self, file: Statements, record: Record, called: Called, match: Match) -> None:
        """Tell that a new work may be one that there is, here and in the graph."""
        other = compact(match.work.address)
        file.note(called.iri, f"May be {other}: {match.reason}.", record.where)
        text = (
            f"'{record.key}' may be {other}: {match.reason}. If it is, give the reference this "
            f"url: {match.work.address}"
        )
        self._note(file, record.where, "doubtful", text)

    def _join(
        self, file: Statements, record: Record, called: Called, people: People, year: Year
    ) -> None:
        """Join a work to those who wrote and issued it."""
        where = people.where or record.where
        for name in people.names:
            if name.family:
                author = self._person(file, name, called, year, where)
                file.say(called.iri, PK + "author", author, where)
            elif actor := self._actor(name.literal):
                file.say(called.iri, PK + "issuedBy", actor, where)
        if issuer := record.text("issuer"):
            if actor := self._actor(issuer):
                file.say(called.iri, PK + "issuedBy", actor, record.place("issuer"))
            else:
                text = f"'{issuer}' is left out: no actor of the graph has that name alone."
                self._note(file, record.place("issuer"), "remark", text)

    def _actor(self, name: str) -> str | None:
        """Return the one actor of the graph that is called *name*."""
        called = self._known.actors.get(key(name), set())
        return next(iter(called)) if len(called) == 1 else None

    def _person(self, file: Statements, name: Name, work: Called, year: Year, where: Where) -> str:
        """Return the address of a person: one of this whole name, or a new one."""
        full, whole = key(name.full), given_name_known(name)
        known = self._known.persons.get(full) or self._persons.get(full)
        if whole and known:
            if known not in self._told and full in self._known.persons:
                self._told.add(known)
                text = f"{name.full} is taken for {compact(known)}, who has the same name."
                self._note(file, where, "remark", text)
            return known
        called = self._names.person(name, work, year)
        if whole:
            self._persons[full] = called.iri
        if name.given:
            like = self._initials.setdefault(initial(name.family, name.given), called.iri)
            if like != called.iri:
                text = f"{name.full} is new, {compact(called.iri)}, and may be {compact(like)}."
                self._note(file, where, "remark", text)
        file.person(called.iri, called, name, where)
        return called.iri

    def _place(self, file: Statements, record: Record, work: str, volume: str | None) -> None:
        """Say what a new work appears in."""
        container = record.texts.get("container")
        if volume is None and container and record.kind in _CONTAINERS:
            mention = _container(record, container, record.kind)
            volume, _ = self._work(file, mention, mentioned=True)
        if volume and volume != work:
            file.say(work, PK + "publishedIn", volume, record.place("container"))


def _container(record: Record, title: Text, kind: str) -> Record:
    """Return what *record* appears in: a volume has its editors and year, a journal has neither."""
    texts = {"title": title}
    editors = People()
    if kind == "book-chapter":
        texts |= {name: record.texts[name] for name in ("year", "date") if name in record.texts}
        editors = record.editors
    own = _CONTAINERS[kind] if editors.names or kind == "encyclopedia-article" else ""
    return Record(title.text, title.where, own or None, texts, editors=editors)
