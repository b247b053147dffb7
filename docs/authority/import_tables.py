"""
Make the authority file of peace operations from tables; run once, since then edited as source.

    python docs/authority/import_tables.py FOLDER

FOLDER has these CSV files in UTF-8, each with a header:

============================== ====================================================================
un_operations                  acronym, name, start, end, host_iso3, legal_basis, region, source,
                               from_knowledge
non_un_operations              the same and lead_org
un_special_political_missions  the same without legal_basis but with type (SPM or GOE) and orgs
keys                           operation_key, table: the slug of every row of these three, in order
operation_codes                operation_key, scheme, code, label_in_scheme, match, note
operation_relations            operation_key, relation, other_key, source, from_knowledge
states                         key, name_en, iso2, iso3, m49, cow, gw, wikidata, un_member_since,
                               valid_from, valid_to, region, subregion, source
============================== ====================================================================

A cell that ``from_knowledge`` names goes to ``graph/operations/from-knowledge.ttl``, all else to
the file of its table, where dcterms:source names the lists on which the record rests. What a cell
means is told in ``readings.py``; a cell that is not read there stops the import. The tables
themselves are not part of pkgraph: single facts are taken from them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import readings
from operations import Operation, add_code, add_relation
from statements import CODES, KNOWLEDGE, STATES, Statements, english
from states import add_states

from pkgraph import export, turtle
from pkgraph.namespaces import BASE, prefixes

if TYPE_CHECKING:
    from statements import Row

_GRAPH: Final = Path(__file__).resolve().parents[2] / "graph"
_LEADS: Final = "operations/lead-organizations"
_LISTS: Final = "code-lists"
#: What sources name is described there, with its class and its name, and nowhere else.
_SHARED: Final = ("actors", "operations/named-in-sources", "places")
#: The file of each table, as a path below ``graph/``.
_FILES: Final = {
    "un_operations": "operations/un-peacekeeping",
    "non_un_operations": "operations/other-peace-operations",
    "un_special_political_missions": "operations/un-political-missions",
}
_TITLES: Final = {
    "operations/un-peacekeeping": "UN peacekeeping operations",
    "operations/other-peace-operations": "peace operations not of the UN",
    "operations/un-political-missions": "special political missions and good offices of the UN",
    CODES: "codes of operations and states in other data sets",
    KNOWLEDGE: "facts about operations and states from general knowledge",
    _LEADS: "organizations that lead operations",
    _LISTS: "lists behind the authority file",
    STATES: "states and their territories",
    "legal-bases": "acts that authorize operations",
}
#: What a reader of a whole file has to know.
_NOTES: Final = {
    KNOWLEDGE: "No list that the compilers have seen says these; check before relying on one.",
    STATES: "A state starts when the list of Gleditsch and Ward, or else Correlates of War, has it "
    "in the system of states, which is not always its independence.",
    _LEADS: "The classes of the organizations are the compilers' own.",
}


def main(folder: Path) -> None:
    """Read the tables in *folder* and write the files of the authority file."""

    def table(name: str) -> list[Row]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    operations: dict[str, Operation] = {}
    for name, file in _FILES.items():
        slugs = [row["operation_key"] for row in table("keys") if row["table"] == name]
        for slug, row in zip(slugs, table(name), strict=True):
            operations[slug] = Operation(slug, file, row)
    relations = table("operation_relations")
    out = Statements()
    # Symbols with their years come before those without.
    for row in [*relations, *(each.row for each in operations.values())]:
        out.symbols(row["source"])
        out.symbols(row.get("legal_basis", ""))
    hosts = add_states(out, table("states"))
    for operation in operations.values():
        operation.add(out, hosts)
    for row in relations:
        add_relation(out, row, operations)
    for row in table("operation_codes"):
        add_code(out, row, operations)
    _add_lists(out)
    _write(out)


def _add_lists(out: Statements) -> None:
    """Add the lists with and without codes, the organizations, and what the graphs encode."""
    for slug, (label, note) in readings.CODE_LISTS.items():
        out.add(_LISTS, f"code-list:{slug}", "a", "pk:CodeList")
        out.add(_LISTS, f"code-list:{slug}", "rdfs:label", english(label))
        out.add(_LISTS, f"code-list:{slug}", "skos:editorialNote", english(note))
    for slug, label in readings.LISTS.items():
        _add_work(out, _LISTS, slug, label)
    _add_work(out, _LISTS, "authority-file", "pkgraph authority file")
    _add_work(out, KNOWLEDGE, "general-knowledge", "general knowledge, to be checked")
    for slug, (kind, names) in readings.ORGANIZATIONS.items():
        out.add(_LEADS, f"organization:{slug}", "a", f"pk:{kind}")
        out.add(_LEADS, f"organization:{slug}", "rdfs:label", english(names[0]))
        out.add(_LEADS, f"organization:{slug}", "skos:altLabel", *map(english, names[1:]))


def _add_work(out: Statements, file: str, slug: str, label: str) -> None:
    out.add(file, f"work:{slug}", "a", "pk:Work")
    out.add(file, f"work:{slug}", "rdfs:label", english(label))
    out.add(file, f"work:{slug}", "pk:workKind", "work-kind:data-set")
    if slug not in readings.LISTS:
        out.add(file, f"work:{slug}", "pk:issuedBy", "organization:pkgraph")


def _write(out: Statements) -> None:
    """Write each file in its canonical form, without what a list that sources share says."""
    shared = {
        triple for name in _SHARED for triple in turtle.parse(turtle.read(_GRAPH / f"{name}.ttl"))
    }
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    for file, lines in out.files.items():
        work = "general-knowledge" if file == KNOWLEDGE else "authority-file"
        note = f"skos:editorialNote {english(_NOTES[file])} ; " if file in _NOTES else ""
        header = (
            f"<{BASE}graph/{file}> a pk:SourceGraph ; rdfs:label {english(_TITLES[file])} ; "
            f"pk:encodes work:{work} ; {note}"
            "dcterms:license <https://creativecommons.org/licenses/by/4.0/> ."
        )
        text = "\n".join([declared, header, *dict.fromkeys(lines)])
        said = [triple for triple in turtle.parse(text) if triple not in shared]
        export.replace_file(_GRAPH / f"{file}.ttl", turtle.write(said))


if __name__ == "__main__":
    if sys.argv[2:] or not sys.argv[1:]:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
