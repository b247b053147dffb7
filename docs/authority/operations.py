"""Read the tables of operations: their facts, their relations, their codes and other names."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

import readings
from statements import CODES, KNOWLEDGE, before, date, english, region, text

from pkgraph.namespaces import SCHEME

if TYPE_CHECKING:
    from statements import Row, Statements
    from states import Host

_MATCH: Final = {
    "exact": "pk:exactCode",
    "close": "pk:closeCode",
    "broader": "pk:broaderCode",
    "narrower": "pk:narrowerCode",
}
_RELATIONS: Final = {
    "succeededBy": ("pk:succeededBy", "Followed by"),
    "partOf": ("pk:componentOf", "Part of"),
    "supportedBy": ("pk:assistedBy", "Assisted by"),
    "transferredAuthorityTo": ("pk:transferredAuthorityTo", "Handed over to"),
}
#: The row of the missions that repeats one of the peacekeeping operations, and that one.
_DUPLICATE: Final = ("minuci-spm", "minuci")
_HYBRID: Final = "unamid"
#: Remarks after the name of an act.
_REMARKS: Final = {"support": "supports", "welcomed": "welcomes"}
#: Acts that a table does not name.
_UNNAMED: Final = {
    "bilateral agreements": "Rests on agreements between states, which no list names.",
    "AU PSC decision": "Rests also on a decision of the Peace and Security Council of the African "
    "Union, which no list names.",
}
#: Words in a cell "source" → what is to be noted.
_NOTED: Final = {
    "authorisation date": "The start is the date of authorization; deployment was not checked.",
    "mandate terminated": "Its mandate ended on 30 June 2023, its withdrawal on the date given.",
}


class Operation:
    """A row of a table of operations, and the file to which its facts go."""

    def __init__(self, slug: str, file: str, row: Row) -> None:
        self.slug, self.file, self.row = slug, file, row
        self.curie = f"operation:{slug}"
        self.label = readings.MISSION_LABELS.get(row["acronym"], row["acronym"])
        self.known = set(row["from_knowledge"].split(";"))
        if row["source"].startswith("MIDA pipeline dates"):
            self.known |= {"start", "end"}  # not found in the files of that list

    def home(self, cell: str) -> str:
        """Return the file to which the facts of *cell* go."""
        return KNOWLEDGE if cell in self.known else self.file

    def add(self, out: Statements, hosts: dict[str, Host]) -> None:
        """Add what the row says."""
        row, me = self.row, self.curie
        mission = "type" in row
        out.add(self.file, me, "a", "pk:PoliticalMission" if mission else "pk:PeaceOperation")
        if self.slug == _DUPLICATE[0]:
            out.add(self.file, me, "rdfs:label", english(f"{self.label} (political mission)"))
            out.add(self.file, me, "dcterms:isReplacedBy", f"operation:{_DUPLICATE[1]}")
            return
        out.add(self.file, me, "rdfs:label", english(self.label))
        if row["name"] != self.label:
            out.add(self.home("name"), me, "skos:altLabel", english(row["name"]))
        if is_acronym(row["acronym"]):
            out.add(self.file, me, "pk:acronym", text(row["acronym"]))
        if mission:
            kind = "good-offices" if row["type"] == "GOE" else "special-political-mission"
            out.add(self.file, me, "pk:missionKind", f"<{SCHEME}mission-kind/{kind}>")
        self._add_dates(out)
        out.add(self.home("region"), me, "pk:region", region(row["region"]))
        notes = [*self._add_hosts(out, hosts), *self._add_leads(out), *self._add_bases(out)]
        notes += [note for words, note in _NOTED.items() if words in row["source"]]
        out.add(self.file, me, "skos:editorialNote", *map(english, notes))
        out.sources(self.file, me, row["source"])

    def _add_dates(self, out: Statements) -> None:
        start, end = self.row["start"], self.row["end"]
        if start:
            out.add(self.home("start"), self.curie, "pk:startDate", date(start))
        if end:
            out.add(self.home("end"), self.curie, "pk:endDate", date(end))
        else:
            out.add(self.home("end"), self.curie, "pk:ongoing", "true")

    def _add_hosts(self, out: Statements, hosts: dict[str, Host]) -> list[str]:
        """Add the hosts; return a note on each that was no state when the operation began."""
        notes = []
        for iso3 in filter(None, self.row["host_iso3"].split(";")):
            host = hosts[iso3]
            out.add(self.home("host_iso3"), self.curie, "pk:host", host.place)
            if before(self.row["start"], host.since):
                notes.append(
                    f"In the list of states {host.name} begins on {host.since}, after this "
                    "operation did."
                )
        return notes

    def _add_leads(self, out: Statements) -> list[str]:
        """Add who leads it; return what there is to note."""
        cell = self.row.get("lead_org") or self.row.get("orgs") or "UN"
        actors, note = readings.LEADS[cell]
        if self.slug == _HYBRID:
            actors = ("organization/african-union", *actors)
        out.add(self.file, self.curie, "pk:leadActor", *(each.replace("/", ":") for each in actors))
        return [note] if note else []

    def _add_bases(self, out: Statements) -> list[str]:
        """Add the acts that authorize it; return what there is to note."""
        notes = []
        for part in filter(None, self.row.get("legal_basis", "").split("; ")):
            if part in _UNNAMED:
                notes.append(_UNNAMED[part])
                continue
            remarked = re.fullmatch(r"(.+) \((support|welcomed)\)", part)
            name = remarked[1] if remarked else part
            out.add(self.home("legal_basis"), self.curie, "pk:legalBasis", out.basis(name))
            if remarked:
                notes.append(f"{name} {_REMARKS[remarked[2]]} it and does not set it up.")
        named = re.search(r"text of (\d+): names it", self.row["source"])
        return [*notes, f"The text of resolution {named[1]} names it."] if named else notes


def add_relation(out: Statements, row: Row, operations: dict[str, Operation]) -> None:
    """Add a relation of two operations, and which act says so."""
    me, other = operations[row["operation_key"]], operations[row["other_key"]]
    predicate, words = _RELATIONS[row["relation"]]
    if row["from_knowledge"] == "yes":
        out.add(KNOWLEDGE, me.curie, predicate, other.curie)
        return
    out.add(me.file, me.curie, predicate, other.curie)
    acts = re.findall(r"S/RES/\d+ \(\d+\)|\d+/\d+/CFSP", row["source"])
    restriction = readings.RELATION_NOTES.get((me.slug, other.slug))
    said = f"{words} {other.label} by {acts[0]}{f', {restriction}' if restriction else ''}."
    out.add(me.file, me.curie, "skos:editorialNote", english(said))
    out.sources(me.file, me.curie, row["source"])


def add_code(out: Statements, row: Row, operations: dict[str, Operation]) -> None:
    """Add a code of an operation, or another name."""
    if row["operation_key"] == _DUPLICATE[0]:
        return
    me = operations[row["operation_key"]]
    if row["scheme"] == "alias":
        for name in {row["code"], row["label_in_scheme"]} - {me.row["name"], me.label}:
            if name == row["code"] and is_acronym(name):
                out.add(me.file, me.curie, "pk:acronym", text(name))
            else:
                out.add(me.file, me.curie, "skos:altLabel", english(name))
        return
    code = out.code(row["scheme"], row["code"], row["label_in_scheme"])
    out.add(me.file, me.curie, _MATCH[row["match"]], code)
    note = _note(row["note"])
    if note:
        out.add(CODES, code, "skos:editorialNote", english(note))


def is_acronym(name: str) -> bool:
    """Tell whether *name* is mostly capitals, with no more than a number after them."""
    letters = re.fullmatch(r"[A-Z][A-Za-z0-9/-]{1,11}(?: [IVX]+)?", name)
    capitals = sum(map(str.isupper, name))
    return bool(letters) and 1 < capitals > len(name) / 2 and name not in readings.WORDS


def _note(remark: str) -> str:
    """Return what the graph says where the table remarks *remark*: nothing, if that is a habit."""
    for pattern, said in readings.CODE_NOTES:
        found = re.fullmatch(pattern, remark)
        if found:
            return found.expand(said) if said else ""
    if remark:
        sys.exit(f"readings.CODE_NOTES does not read {remark!r}")
    return ""
