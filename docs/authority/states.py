"""Read the table of states: states, their codes, and the places that are their territories."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import readings
from statements import CODES, KNOWLEDGE, STATES, date, english, region

from pkgraph import turtle

if TYPE_CHECKING:
    from statements import Row, Statements

_PLACES: Final = Path(__file__).resolve().parents[2] / "graph" / "places.ttl"
_CODE_LISTS: Final = {
    "iso2": "iso-3166-1-alpha-2",
    "iso3": "iso-3166-1-alpha-3",
    "m49": "m49",
    "cow": "cow",
    "gw": "gw",
}
_DATES: Final = {
    "valid_from": "pk:startDate",
    "valid_to": "pk:endDate",
    "un_member_since": "pk:unMemberSince",
}
#: Regions under which tables list operations.
_LISTED_UNDER: Final = ("Americas", "Asia", "Asia and the Pacific", "Europe", "Middle East")
#: The row that is a territory and no state.
_NO_STATE: Final = "western-sahara"
#: Whose territory it is, is in dispute.
_DISPUTED: Final = "kosovo"


class Host(NamedTuple):
    """A place that may host an operation: its CURIE, its name and the first date of its state."""

    place: str
    name: str
    since: str


def add_states(out: Statements, rows: list[Row]) -> dict[str, Host]:
    """Add the states and their territories; return the hosts by ISO 3166-1 alpha-3 code."""
    hosts: dict[str, Host] = {}
    holders: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        name, _ = readings.STATES.get(row["key"], (row["name_en"], ()))
        slug = readings.TERRITORIES.get(row["key"], row["key"])
        place = f"place:{slug}"
        state = "" if row["key"] == _NO_STATE else f"state:{row['key']}"
        for code in _add_facts(out, state or place, row):
            holders[code].append(name)
        if row["valid_to"]:
            continue
        _add_place(out, place, name)
        owner = "" if row["key"] == _DISPUTED else state
        if owner:
            out.add(STATES, place, "pk:territoryOf", owner)
        hosts[row["iso3"]] = Host(place, name, row["valid_from"] if owner else "")
        if row["subregion"]:
            out.add(STATES, place, "pk:within", region(row["subregion"]))
            _add_place(out, region(row["subregion"]), row["subregion"])
            out.add(STATES, region(row["subregion"]), "pk:within", region(row["region"]))
            _add_place(out, region(row["region"]), row["region"])
    for name in _LISTED_UNDER:
        _add_place(out, region(name), name)
    for code, names in holders.items():
        if names[1:]:
            note = f"Code of {' and of '.join(names)}, at different times."
            out.add(CODES, code, "skos:editorialNote", english(note))
    return hosts


def _add_facts(out: Statements, me: str, row: Row) -> list[str]:
    """Add names, dates, codes and sources of a state or territory; return its codes."""
    key = row["key"]
    name, others = readings.STATES.get(key, (row["name_en"], ()))
    if me.startswith("state:"):
        out.add(STATES, me, "a", "pk:State")
        out.add(STATES, me, "rdfs:label", english(name))
    out.add(STATES, me, "skos:altLabel", *map(english, others))
    for column, predicate in _DATES.items():
        if row[column]:
            known = (key, column) == ("ussr", "valid_from")
            out.add(KNOWLEDGE if known else STATES, me, predicate, date(row[column]))
    codes = [out.code(list_, row[column]) for column, list_ in _CODE_LISTS.items() if row[column]]
    out.add(STATES, me, "pk:exactCode", *codes)
    if row["wikidata"]:
        out.add(STATES, me, "skos:exactMatch", f"wd:{row['wikidata']}")
    out.sources(STATES, me, row["source"])
    if key in readings.STATE_NOTES:
        out.add(STATES, me, "skos:editorialNote", english(readings.STATE_NOTES[key]))
    if "cut to what two lists share" in row["source"]:
        note = "The UN date is as precise as two lists agree."
        out.add(STATES, me, "skos:editorialNote", english(note))
    return codes


def _add_place(out: Statements, place: str, name: str) -> None:
    """Add a place, under the name that the shared list of places gives it, if it does."""
    shared = turtle.read(_PLACES)
    found = re.search(rf'^{place} a pk:Place ;\n    rdfs:label "([^"]+)"', shared, re.MULTILINE)
    label = found[1] if found else name
    if place == "place:micronesia-region":
        label = f"{name} (region)"
    out.add(STATES, place, "a", "pk:Place")
    out.add(STATES, place, "rdfs:label", english(label))
    if found and label != name:
        out.add(STATES, place, "skos:altLabel", english(name))
