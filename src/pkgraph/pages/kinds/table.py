"""Put the claims of a page into one table, a row for each time that somebody is cited for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.pages.asking import Iri, names
from pkgraph.pages.kinds import claims
from pkgraph.pages.kinds.claims import Place
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pkgraph.pages.kinds.claims import Claim, Pair
    from pkgraph.store import Store

Row: TypeAlias = tuple[str, ...]

#: The columns; a thing is followed by what it is called.
COLUMNS: Final = (
    *("relation", "claim", "claim_label", "kind", "voice", "holder", "holder_label", "role"),
    *("signal", "pages", "year", "stated_in", "stated_in_label", "passage", "passage_label"),
    *("first_line", "last_line"),
)


def of(store: Store, pairs: Iterable[Pair]) -> Table:
    """Return the table of *pairs*: what a claim is to the thing of the page, and the claim."""
    known = tuple(pairs)
    told = claims.read(store, (claim for _, claim in known))
    years = claims.years(store, {holder for each in told.values() for holder in _named(each)})
    called = names(store, tuple(told.values()))
    return Table(
        COLUMNS,
        tuple(
            tuple(map(_term, row))
            for relation, claim in known
            if claim in told
            for row in _rows(relation, told[claim], years, called)
        ),
    )


def _named(claim: Claim) -> Iterator[str]:
    """Yield whoever is named for *claim*, in any role."""
    yield from claim.holders
    yield from (each.holder for each in claim.citations)


def _rows(
    relation: str, claim: Claim, years: Mapping[str, int], called: Mapping[str, str]
) -> Iterator[Row]:
    """Yield the rows of *claim*: one for each citation, one for each place in own voice."""
    head = (relation, claim.iri, called[claim.iri], claim.kind)

    def row(holder: str, role: str, signal: str, pages: str, place: Place) -> Row:
        year = years.get(holder)
        voice = place.voice or claim.voice
        of_holder = (holder, called.get(holder, ""), role, signal, pages, str(year or ""))
        of_place = (place.work, called.get(place.work, ""), place.passage)
        lines = (str(place.first or ""), str(place.last or ""))
        return (*head, voice, *of_holder, *of_place, called.get(place.passage, ""), *lines)

    found = [row(e.holder, e.role, e.signal, e.pages, e.place) for e in claim.citations]
    found += [row(each.work, "holds", "", "", each) for each in claim.own]
    if not found:
        places = claim.places or (Place(0, 0, "", ""),)
        found = [row("", "", "", "", each) for each in places]
    yield from found


def _term(text: str) -> ox.NamedNode | ox.Literal | None:
    """Return the term of a cell; None for an empty one."""
    if not text:
        return None
    return ox.NamedNode(text) if isinstance(text, Iri) else ox.Literal(text)
