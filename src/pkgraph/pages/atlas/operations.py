"""Read all operations of a store with what time and place they have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pkgraph import search, terms
from pkgraph.pages.asking import ask
from pkgraph.pages.atlas.dates import Date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.store import Store

#: A thing and what it is called.
Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Host:
    """
    A place where an operation is, and the state whose territory it is.

    ``code`` is the M49 code of the state, or of the place where that has one itself.
    """

    iri: str
    label: str
    state: str = ""
    code: str = ""
    state_ended: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """
    An operation: its kind, when and where it is, and who leads it.

    Where sources differ there are several starts or ends. ``ongoing`` says that a source has it go
    on, at the date of that source.
    """

    iri: str
    label: str
    kind: str
    starts: tuple[Date, ...] = ()
    ends: tuple[Date, ...] = ()
    ongoing: bool = False
    hosts: tuple[Host, ...] = ()
    leaders: tuple[Named, ...] = ()
    regions: tuple[Named, ...] = ()

    @property
    def when(self) -> str:
        """The dates in words: what is not known is said to be so."""
        start = " or ".join(each.words for each in self.starts) or "start unknown"
        end = " or ".join(each.words for each in self.ends)
        return f"{start} – {end or ('ongoing' if self.ongoing else 'end unknown')}"

    def went_on_in(self, year: int) -> bool:
        """
        Tell whether it may have gone on in a *year*, by its dates.

        Without a start it is in no year; without an end it goes on if a source says so, and else
        is only in the year of its start.
        """
        if not self.starts:
            return False
        first = min(each.first.year for each in self.starts)
        if self.ongoing and not self.ends:
            return first <= year
        return first <= year <= max(each.last.year for each in self.ends or self.starts)


def read(store: Store, only: str | None = None) -> tuple[Operation, ...]:
    """
    Return the operations of *store*, by start and name, or *only* the one that has this IRI.

    Those that were replaced by others are left out, unless one is asked for.
    """
    which = f"VALUES ?it {{ {terms.iri(only)} }} " if only else _STANDING
    labels: dict[str, str] = {}
    kinds: dict[str, str] = {}
    ongoing: set[str] = set()
    for iri, label, kind, going in ask(
        store,
        "?it ?label ?kind ?going",
        f"{which}?it a pk:Operation OPTIONAL {{ ?it rdfs:label ?label }} "
        "OPTIONAL { VALUES ?kind { pk:PeaceOperation pk:PoliticalMission pk:Intervention } "
        "?it a ?kind } OPTIONAL { ?it pk:ongoing ?going }",
        "ORDER BY ?it DESC(?label) ?kind",
    ):
        labels[iri] = search.better(labels.get(iri), label)
        kinds[iri] = _WORDS.get(kind.rpartition("#")[2], "operation")
        if going == "true":
            ongoing.add(iri)
    starts, ends = (_dates(store, which, name) for name in ("startDate", "endDate"))
    hosts = _hosts(store, which)
    leaders, regions = (_named(store, which, name) for name in ("leadActor", "region"))
    found = [
        Operation(
            iri=iri,
            label=label or iri,
            kind=kinds[iri],
            starts=_sorted(starts.get(iri, ())),
            ends=_sorted(ends.get(iri, ())),
            ongoing=iri in ongoing,
            hosts=tuple(hosts.get(iri, ())),
            leaders=tuple(leaders.get(iri, ())),
            regions=tuple(regions.get(iri, ())),
        )
        for iri, label in labels.items()
    ]
    return tuple(sorted(found, key=_place))


#: What leaves out operations that were replaced.
_STANDING = "FILTER NOT EXISTS { ?it <http://purl.org/dc/terms/isReplacedBy> ?other } "
#: The kinds in words.
_WORDS = {
    "PeaceOperation": "peace operation",
    "PoliticalMission": "political mission",
    "Intervention": "intervention",
}


def _place(operation: Operation) -> tuple[bool, str, str, str]:
    first = str(operation.starts[0].first) if operation.starts else ""
    return not operation.starts, first, operation.label.casefold(), operation.iri


def _sorted(dates: Iterable[Date]) -> tuple[Date, ...]:
    return tuple(sorted(set(dates)))


def _dates(store: Store, which: str, name: str) -> dict[str, list[Date]]:
    """Return the dates that the property *name* gives each operation."""
    found: dict[str, list[Date]] = {}
    for iri, text in ask(store, "?it ?date", f"{which}?it a pk:Operation ; pk:{name} ?date"):
        date = Date.read(text)
        if date:
            found.setdefault(iri, []).append(date)
    return found


def _named(store: Store, which: str, name: str) -> dict[str, list[Named]]:
    """Return the things that the property *name* gives each operation, with their names."""
    found: dict[str, dict[str, str]] = {}
    for iri, thing, label in ask(
        store,
        "?it ?thing ?label",
        f"{which}?it a pk:Operation ; pk:{name} ?thing OPTIONAL {{ ?thing rdfs:label ?label }}",
        "ORDER BY ?it ?label ?thing",
    ):
        things = found.setdefault(iri, {})
        things[thing] = search.better(things.get(thing), label)
    return {
        iri: [(thing, label or thing) for thing, label in things.items()]
        for iri, things in found.items()
    }


def _hosts(store: Store, which: str) -> dict[str, list[Host]]:
    """Return the places of each operation, those with a code first where there are two rows."""
    found: dict[str, dict[str, Host]] = {}
    for iri, place, label, state, ended, code in ask(
        store,
        "?it ?place ?label ?state ?ended ?code",
        f"{which}?it a pk:Operation ; pk:host ?place OPTIONAL {{ ?place rdfs:label ?label }} "
        "OPTIONAL { ?place pk:territoryOf ?state OPTIONAL { ?state pk:endDate ?ended } } "
        "OPTIONAL { ?place pk:territoryOf?/pk:exactCode ?entry . ?entry pk:code ?code ; "
        "pk:codeList <https://w3id.org/pkgraph/code-list/m49> }",
        "ORDER BY ?it ?label ?place DESC(?code) DESC(?ended)",
    ):
        hosts = found.setdefault(iri, {})
        before = hosts.get(place) or Host(place, "", state, code, ended)
        hosts[place] = replace(before, label=search.better(before.label, label))
    return {
        iri: [replace(each, label=each.label or each.iri) for each in places.values()]
        for iri, places in found.items()
    }
