"""Read the links of things from a store: those of arguments, and what claims say of things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pkgraph import search, terms
from pkgraph.argumentation.cards import number
from pkgraph.argumentation.model import BEARINGS, MOVES, Link, Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.store import Store

#: How many rows are read of one kind of links of some things: ten times what a map shows.
MOST_ROWS: Final = 4000
#: How many things are asked about at once.
_AT_ONCE: Final = 300


class Links:
    """
    The links of a store that were read so far, each once.

    ``uncounted`` tells that some things have more than were read.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[str] = set()
        self._below: dict[str, set[Link]] = {}
        self._above: dict[str, set[Link]] = {}
        self.uncounted = False

    def read(self, things: Iterable[str]) -> None:
        """Read the links of *things* at both ends."""
        new = sorted(set(things) - self._known)
        self._known.update(new)
        for start in range(0, len(new), _AT_ONCE):
            values = " ".join(str(terms.iri(each)) for each in new[start : start + _AT_ONCE])
            for end in ("source", "target"):
                bound = f"VALUES ?{end} {{ {values} }}"
                for link in (*self._moves(bound), *self._bearings(bound)):
                    self._below.setdefault(link.target, set()).add(link)
                    self._above.setdefault(link.source, set()).add(link)

    def below(self, thing: str) -> list[Link]:
        """Return the links that bear on *thing*, in their order."""
        return sorted(self._below.get(thing, ()), key=lambda link: link.order)

    def above(self, thing: str) -> list[Link]:
        """Return the links by which *thing* bears on others, in their order."""
        return sorted(self._above.get(thing, ()), key=lambda link: link.order)

    def _moves(self, values: str) -> Iterator[Link]:
        rows = self._rows(
            "SELECT ?link ?source ?relation ?target ?basis ?passage ?first ?last WHERE { "
            f"{values} ?link pk:from ?source ; pk:to ?target ; pk:relation ?relation ; "
            # One by one: the engine would find the places of all links before it joins them.
            "pk:basis ?basis . OPTIONAL { ?link pk:inPassage/rdfs:label ?passage } "
            "OPTIONAL { ?link pk:firstLine ?first } "
            "OPTIONAL { ?link pk:lastLine ?last } "
            "} ORDER BY ?link DESC(BOUND(?passage) && BOUND(?first) && BOUND(?last)) ?passage "
            "?first ?last"
        )
        for link, source, relation, target, basis, *place in rows:
            passage, first, last = place if all(place) else ("", "", "")
            if relation in MOVES:
                yield Link(
                    source=source,
                    relation=MOVES[relation],
                    target=target,
                    iri=link,
                    basis=basis.rpartition("/")[2],
                    place=passage,
                    first_line=number(first),
                    last_line=number(last),
                )

    def _bearings(self, values: str) -> Iterator[Link]:
        properties = " ".join(f"<{each}>" for each in BEARINGS)
        rows = self._rows(
            f"SELECT DISTINCT ?source ?property ?target WHERE {{ {values} "
            f"VALUES ?property {{ {properties} }} ?source ?property ?target ; a pk:Claim }} "
            "ORDER BY ?source ?property ?target"
        )
        for source, property_, target in rows:
            yield Link(source, BEARINGS[property_], target)

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        rows = search.texts(self._store.query(f"{search.PREFIXES}{query} LIMIT {MOST_ROWS + 1}"))
        self.uncounted = self.uncounted or len(rows) > MOST_ROWS
        seen: dict[tuple[str, ...], tuple[str, ...]] = {}
        for row in rows[:MOST_ROWS]:
            seen.setdefault(row[:4], row)
        return list(seen.values())


def makers(store: Store, links: Iterable[str]) -> dict[str, tuple[Named, ...]]:
    """Return who makes each of *links*, or what it expresses where nobody in particular does."""
    values = " ".join(str(terms.iri(each)) for each in links)
    if not values:
        return {}
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?link ?maker (MIN(?name) AS ?label) WHERE {{ "
            f"VALUES ?link {{ {values} }} ?link pk:madeBy|pk:expresses ?maker . "
            "OPTIONAL { ?maker rdfs:label ?name } } GROUP BY ?link ?maker ORDER BY ?link ?label"
        )
    )
    found: dict[str, tuple[Named, ...]] = {}
    for link, maker, label in rows:
        found[link] = (*found.get(link, ()), Named(label or maker, maker))
    return found
