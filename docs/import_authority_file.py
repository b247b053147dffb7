"""
Make the authority file of peace operations from tables; run once, since then edited as source.

    python docs/import_authority_file.py FOLDER

FOLDER has these CSV files in UTF-8 with a header:

===============================  ==================================================================
un_operations.csv                acronym, name, start, end, host_iso3, legal_basis, region, source,
                                 from_knowledge
non_un_operations.csv            the same, and lead_org
un_special_political_missions    the same without legal basis but with type (SPM or GOE) and orgs
keys.csv                         operation_key, table, acronym, name: the slug of every row, in order
operation_codes.csv              operation_key, scheme, code, label_in_scheme, match, note
operation_relations.csv          operation_key, relation, other_key, source, from_knowledge
states.csv                       key, name_en, iso2, iso3, m49, cow, gw, wikidata, un_member_since,
                                 valid_from, valid_to, region, subregion, source
===============================  ==================================================================

A cell named in ``from_knowledge`` goes to ``graph/operations/from-knowledge.ttl``, everything else
to the file of its table, with the lists on which the record rests as dcterms:source. What a cell
means is told in ``authority_readings.py``; a cell that is not read there stops the import. The
tables stay where they are: only single facts are taken from them.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

import authority_readings as readings

from pkgraph import terms, turtle
from pkgraph.namespaces import BASE, SCHEME, expand

_ROOT: Final = Path(__file__).resolve().parents[1] / "graph"
_LICENCE: Final = "<https://creativecommons.org/licenses/by/4.0/>"
_TABLES: Final = {
    "un_operations": ("operations/un-peacekeeping", "UN peacekeeping operations"),
    "non_un_operations": ("operations/other-peace-operations", "peace operations not of the UN"),
    "un_special_political_missions": (
        "operations/un-political-missions",
        "special political missions and good offices of the UN",
    ),
}
_CODES: Final = "operations/codes"
_KNOWLEDGE: Final = "operations/from-knowledge"
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
_STATE_LISTS: Final = {
    "iso2": "iso-3166-1-alpha-2",
    "iso3": "iso-3166-1-alpha-3",
    "m49": "m49",
    "cow": "cow",
    "gw": "gw",
}
_REGIONS: Final = {
    "Africa": "africa",
    "Americas": "americas",
    "Asia": "asia",
    "Asia and the Pacific": "asia-and-the-pacific",
    "Europe": "europe",
    "Middle East": "middle-east",
    "Micronesia": "micronesia-region",
    "Oceania": "oceania",
}
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

Row = dict[str, str]


class Statements:
    """The statements of each file, as lines of Turtle, and the numbers of symbols seen."""

    def __init__(self) -> None:
        self.files: dict[str, list[str]] = defaultdict(list)
        self.bases: dict[str, str] = {}

    def add(self, file: str, subject: str, predicate: str, value: str) -> None:
        """Add one statement to *file*; subject and predicate are CURIEs, *value* is Turtle."""
        self.files[file].append(f"{subject} {predicate} {value} .")

    def basis(self, text: str) -> str:
        """Return the CURIE of the act called *text*, described once."""
        symbol = re.fullmatch(r"([SA]/RES/\d+)(?: \(([^)]+)\))?", text)
        if symbol and not symbol[2]:
            dated = [t for t in self.bases if t.startswith(symbol[1] + " (")]
            text = dated[0] if dated else text
        if text in self.bases:
            return self.bases[text]
        curie = f"legal-basis:{_slug(text)}"
        self.bases[text] = curie
        file = "legal-bases"
        self.add(file, curie, "a", "pk:LegalBasis")
        self.add(file, curie, "rdfs:label", _english(text))
        if symbol:
            self.add(file, curie, "pk:documentSymbol", _text(text))
            organ = "un-security-council" if text.startswith("S/") else "un-general-assembly"
            self.add(file, curie, "pk:issuedBy", f"organ:{organ}")
        return curie


def main(folder: Path) -> None:
    """Read the tables in *folder* and write the files of the authority file."""
    out = Statements()
    keys = _rows(folder / "keys.csv")
    states = _rows(folder / "states.csv")
    relations = _rows(folder / "operation_relations.csv")
    codes = _rows(folder / "operation_codes.csv")
    for row in relations:  # symbols with their years come first
        _symbols(out, row["source"])
    for table in _TABLES:
        slugs = [key["operation_key"] for key in keys if key["table"] == table]
        for slug, row in zip(slugs, _rows(folder / f"{table}.csv"), strict=True):
            for part in row.get("legal_basis", "").split("; "):
                _symbols(out, part)
    places = _states(out, states)
    homes = {}
    for table, (file, _) in _TABLES.items():
        slugs = [key["operation_key"] for key in keys if key["table"] == table]
        for slug, row in zip(slugs, _rows(folder / f"{table}.csv"), strict=True):
            homes[slug] = (file, row)
            _operation(out, file, slug, row, places)
    labels = {slug: _label(slug, row) for slug, (_, row) in homes.items()}
    for row in relations:
        _relation(out, row, homes, labels)
    _operation_codes(out, codes, homes)
    _lists(out)
    _write(out)


def _operation(out: Statements, file: str, slug: str, row: Row, places: dict[str, Row]) -> None:
    """Add what a row says of an operation."""
    me = f"operation:{slug}"
    mission = "type" in row
    label = _label(slug, row)
    out.add(file, me, "a", "pk:PoliticalMission" if mission else "pk:PeaceOperation")
    out.add(file, me, "rdfs:label", _english(label))
    if slug == "minuci-spm":
        out.add(file, me, "dcterms:isReplacedBy", "operation:minuci")
        return
    known = set(filter(None, row["from_knowledge"].split(";")))
    if row["source"].startswith("MIDA pipeline dates"):
        known |= {"start", "end"}  # the dates were not found in the files of that list

    def fact(cell: str, predicate: str, value: str) -> None:
        out.add(_KNOWLEDGE if cell in known else file, me, predicate, value)

    if row["name"] != label:
        fact("name", "skos:altLabel", _english(row["name"]))
    if _is_acronym(row["acronym"]):
        out.add(file, me, "pk:acronym", _text(row["acronym"]))
    if mission:
        kind = "good-offices" if row["type"] == "GOE" else "special-political-mission"
        out.add(file, me, "pk:missionKind", f"<{SCHEME}mission-kind/{kind}>")
    if row["start"]:
        fact("start", "pk:startDate", _date(row["start"]))
    fact("end", *(("pk:endDate", _date(row["end"])) if row["end"] else ("pk:ongoing", "true")))
    fact("region", "pk:region", f"place:{_region(row['region'])}")
    notes = []
    for iso3 in filter(None, row["host_iso3"].split(";")):
        place = places[iso3]
        fact("host_iso3", "pk:host", f"place:{place['place']}")
        if row["start"] and _before(row["start"], place["valid_from"]) and place["territory"]:
            notes.append(
                f"In the list of states {place['label']} begins on "
                f"{place['valid_from']}, after this operation did."
            )
    lead = row.get("lead_org") or row.get("orgs") or "UN"
    actors, note = readings.LEADS[lead]
    for actor in actors:
        segment, _, name = actor.partition("/")
        out.add(file, me, "pk:leadActor", f"{segment}:{name}")
    if slug == "unamid":
        out.add(file, me, "pk:leadActor", "organization:african-union")
    notes += [note] if note else []
    notes += _legal_bases(out, row, fact)
    _sources(out, file, me, row["source"])
    for text in notes:
        out.add(file, me, "skos:editorialNote", _english(text))


def _legal_bases(out: Statements, row: Row, fact: object) -> list[str]:
    """Add the acts that authorize an operation; return what there is to note."""
    notes = []
    for part in filter(None, row.get("legal_basis", "").split("; ")):
        name, _, remark = (
            part.partition(") (") if part.endswith(("(support)", "(welcomed)")) else (part, "", "")
        )
        name = name + ")" if remark else name
        if name in ("bilateral agreements", "AU PSC decision"):
            notes.append(
                {
                    "bilateral agreements": "Rests on agreements between states, which no "
                    "list names.",
                    "AU PSC decision": "Rests also on a decision of the Peace "
                    "and Security Council of the African Union, which no list names.",
                }[name]
            )
            continue
        fact("legal_basis", "pk:legalBasis", out.basis(name))  # type: ignore[operator]
        if remark:
            word = "supports" if remark.startswith("support") else "welcomes"
            notes.append(f"{name} {word} it and does not set it up.")
    named = re.search(r"text of (\d+): names it", row["source"])
    if named:
        notes.append(f"The text of resolution {named[1]} names it.")
    if "authorisation date" in row["source"]:
        notes.append("The start is the date of authorization; deployment was not checked.")
    if "mandate terminated" in row["source"]:
        notes.append("Its mandate ended on 30 June 2023, its withdrawal on the date given.")
    return notes


def _relation(
    out: Statements, row: Row, homes: dict[str, tuple[str, Row]], labels: dict[str, str]
) -> None:
    """Add a relation of two operations, and who says so."""
    me, other = row["operation_key"], row["other_key"]
    predicate, words = _RELATIONS[row["relation"]]
    known = row["from_knowledge"] == "yes"
    file = _KNOWLEDGE if known else homes[me][0]
    out.add(file, f"operation:{me}", predicate, f"operation:{other}")
    if known:
        return
    symbols = re.findall(r"S/RES/\d+ \(\d+\)", row["source"])
    symbols += re.findall(r"Joint Action (\S+) ", row["source"])
    restriction = readings.RELATION_NOTES.get((me, other), "")
    said = f"{words} {labels[other]} by {symbols[0]}{', ' + restriction if restriction else ''}."
    out.add(file, f"operation:{me}", "skos:editorialNote", _english(said))
    if symbols[0].startswith("S/"):
        out.add(file, f"operation:{me}", "dcterms:source", out.basis(symbols[0]))


def _operation_codes(out: Statements, rows: list[Row], homes: dict[str, tuple[str, Row]]) -> None:
    """Add the codes of operations, and their other names."""
    seen: dict[str, str] = {}
    for row in rows:
        slug = row["operation_key"]
        if slug == "minuci-spm":
            continue
        file, record = homes[slug]
        me = f"operation:{slug}"
        if row["scheme"] == "alias":
            names = {row["code"], row["label_in_scheme"]} - {record["name"], _label(slug, record)}
            for name in sorted(names):
                acronym = name == row["code"] and _is_acronym(name)
                out.add(
                    file,
                    me,
                    "pk:acronym" if acronym else "skos:altLabel",
                    _text(name) if acronym else _english(name),
                )
            continue
        code = f"code:{row['scheme']}-{_slug(row['code'])}"
        if seen.setdefault(code, row["code"]) != row["code"]:
            sys.exit(f"{code} would stand for both {seen[code]!r} and {row['code']!r}")
        out.add(file, me, _MATCH[row["match"]], code)
        _code(out, _CODES, code, row["scheme"], row["code"], row["label_in_scheme"])
        if row["note"]:
            note = _code_note(row["note"])
            if note:
                out.add(_CODES, code, "skos:editorialNote", _english(note))


def _code_note(remark: str) -> str | None:
    for pattern, said in readings.CODE_NOTES:
        found = re.fullmatch(pattern, remark)
        if found:
            return found.expand(said) if said else None
    sys.exit(f"authority_readings.CODE_NOTES does not read {remark!r}")


def _code(out: Statements, file: str, code: str, scheme: str, text: str, label: str) -> None:
    out.add(file, code, "a", "pk:ExternalCode")
    out.add(file, code, "pk:code", _text(text))
    out.add(file, code, "pk:codeList", f"code-list:{scheme}")
    if label and " ".join(label.split()) != text:
        out.add(file, code, "pk:codeLabel", _text(" ".join(label.split())))


def _states(out: Statements, rows: list[Row]) -> dict[str, Row]:
    """Add the states and their territories; return by alpha-3 code what a host needs."""
    file = "states"
    hosts: dict[str, Row] = {}
    regions: dict[str, str] = {}
    for row in rows:
        key = row["key"]
        label, others = readings.STATES.get(key, (row["name_en"], ()))
        place = readings.TERRITORIES.get(key, key)
        is_state = key != "western-sahara"
        me = f"state:{key}" if is_state else f"place:{place}"
        if is_state:
            out.add(file, me, "a", "pk:State")
            out.add(file, me, "rdfs:label", _english(label))
        for name in others:
            out.add(file, me, "skos:altLabel", _english(name))
        for column, predicate in (
            ("valid_from", "pk:startDate"),
            ("valid_to", "pk:endDate"),
            ("un_member_since", "pk:unMemberSince"),
        ):
            if row[column]:
                known = key == "ussr" and column == "valid_from"
                out.add(_KNOWLEDGE if known else file, me, predicate, _date(row[column]))
        for column, scheme in _STATE_LISTS.items():
            if row[column]:
                code = f"code:{scheme}-{_slug(row[column])}"
                out.add(file, me, "pk:exactCode", code)
                _code(out, _CODES, code, scheme, row[column], "")
        if row["wikidata"]:
            out.add(file, me, "skos:exactMatch", f"wd:{row['wikidata']}")
        _sources(out, file, me, row["source"])
        note = readings.STATE_NOTES.get(key, "")
        if "cut to what two lists share" in row["source"]:
            note = f"{note} The UN date is as precise as two lists agree.".strip()
        if note:
            out.add(file, me, "skos:editorialNote", _english(note))
        if row["valid_to"]:
            continue
        territory = is_state and key != "kosovo"  # whose it is, is in dispute
        hosts[row["iso3"]] = {
            "place": place,
            "label": label,
            "valid_from": row["valid_from"],
            "territory": "yes" if territory else "",
        }
        _place(out, place, label)
        if territory:
            out.add(file, f"place:{place}", "pk:territoryOf", me)
        if row["subregion"]:
            regions[row["subregion"]] = row["region"]
            out.add(file, f"place:{place}", "pk:within", f"place:{_region(row['subregion'])}")
    for name, larger in regions.items():
        _place(out, _region(name), name)
        out.add(file, f"place:{_region(name)}", "pk:within", f"place:{_region(larger)}")
    for name in _REGIONS:
        _place(out, _region(name), name)
    return hosts


def _place(out: Statements, slug: str, name: str) -> None:
    """Add a place, unless the shared list of places has it: then only its other name."""
    shared = turtle.read(_ROOT / "places.ttl")
    found = re.search(rf'^place:{slug} a pk:Place ;\n    rdfs:label "([^"]+)"', shared, re.M)
    me = f"place:{slug}"
    if slug == "micronesia-region":
        name = "Micronesia (region)"
    out.add("states", me, "a", "pk:Place")
    out.add("states", me, "rdfs:label", _english(found[1] if found else name))
    if found and found[1] != name:
        out.add("states", me, "skos:altLabel", _english(name))


def _lists(out: Statements) -> None:
    """Add the code lists, the other lists, the organizations, and what the graphs encode."""
    for slug, (label, note) in readings.CODE_LISTS.items():
        out.add("code-lists", f"code-list:{slug}", "a", "pk:CodeList")
        out.add("code-lists", f"code-list:{slug}", "rdfs:label", _english(label))
        out.add("code-lists", f"code-list:{slug}", "skos:editorialNote", _english(note))
    for slug, label in readings.LISTS.items():
        out.add("code-lists", f"work:{slug}", "a", "pk:Work")
        out.add("code-lists", f"work:{slug}", "rdfs:label", _english(label))
        out.add("code-lists", f"work:{slug}", "pk:workKind", "work-kind:data-set")
    for slug, (kind, names) in readings.ORGANIZATIONS.items():
        me = f"organization:{slug}"
        out.add("operations/lead-organizations", me, "a", f"pk:{kind}")
        out.add("operations/lead-organizations", me, "rdfs:label", _english(names[0]))
        for name in names[1:]:
            out.add("operations/lead-organizations", me, "skos:altLabel", _english(name))
    for slug, label in (
        ("authority-file", "pkgraph authority file"),
        ("general-knowledge", "general knowledge, to be checked"),
    ):
        file = "operations/from-knowledge" if slug == "general-knowledge" else "code-lists"
        out.add(file, f"work:{slug}", "a", "pk:Work")
        out.add(file, f"work:{slug}", "rdfs:label", _english(label))
        out.add(file, f"work:{slug}", "pk:workKind", "work-kind:data-set")
        out.add(file, f"work:{slug}", "pk:issuedBy", "organization:pkgraph")


def _write(out: Statements) -> None:
    titles = {file: title for file, title in _TABLES.values()} | {
        _CODES: "codes of operations and states in other data sets",
        _KNOWLEDGE: "facts about operations and states from general knowledge",
        "code-lists": "lists behind the authority file",
        "legal-bases": "acts that authorize operations",
        "operations/lead-organizations": "organizations that lead operations",
        "states": "states and their territories",
    }
    prefixes = "".join(
        f"@prefix {name}: <{expand(name + ':x')[:-1]}> .\n"  # type: ignore[index]
        for name in (
            "code",
            "code-list",
            "dcterms",
            "legal-basis",
            "operation",
            "organ",
            "organization",
            "pk",
            "place",
            "rdfs",
            "skos",
            "state",
            "wd",
            "work",
            "work-kind",
        )
    )
    for file, lines in out.files.items():
        graph = f"<{BASE}graph/{file}>"
        work = "general-knowledge" if file == _KNOWLEDGE else "authority-file"
        head = (
            f"{graph} a pk:SourceGraph ; rdfs:label {_english(titles[file])} ; "
            f"pk:encodes work:{work} ; dcterms:license {_LICENCE} .\n"
        )
        text = prefixes + head + "\n".join(dict.fromkeys(lines))
        (_ROOT / file).with_suffix(".ttl").write_text(turtle.write(turtle.parse(text)))


def _symbols(out: Statements, text: str) -> None:
    for symbol in re.findall(r"[SA]/RES/\d+ \([^)]+\)", text):
        out.basis(symbol)


def _sources(out: Statements, file: str, me: str, cell: str) -> None:
    """Add the lists that a cell "source" names, and the resolutions whose text it cites."""
    for text, curie in _LISTS:
        if re.search(rf"\b{text}\b", cell):
            out.add(file, me, "dcterms:source", curie)
    for symbol in re.findall(r"S/RES/\d+", cell):
        out.add(file, me, "dcterms:source", out.basis(symbol))


def _label(slug: str, row: Row) -> str:
    label = readings.MISSION_LABELS.get(row["acronym"], row["acronym"])
    return f"{label} (special political mission)" if slug == "minuci-spm" else label


def _is_acronym(text: str) -> bool:
    """Whether *text* is mostly capitals, and no more than a number follows them."""
    letters = re.fullmatch(r"([A-Z][A-Za-z0-9/-]{1,11})(?: [IVX]+)?", text)
    capitals = sum(map(str.isupper, text))
    return bool(letters) and 1 < capitals > len(text) / 2 and text not in readings.WORDS


def _before(date: str, other: str) -> bool:
    """Whether *date* is before *other*, as far as both say."""
    length = min(len(date), len(other))
    return bool(length) and date[:length] < other[:length]


def _region(name: str) -> str:
    return _REGIONS.get(name, _slug(name))


def _slug(text: str) -> str:
    return terms.slug(text)


def _date(text: str) -> str:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)]
    return f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{kind}>'


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _english(text: str) -> str:
    return _text(text) + "@en"


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
