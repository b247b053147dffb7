"""Look up states and operations by the names and codes that the graph has, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from pkgraph import reconciliation, search, terms
from pkgraph.errors import InputError
from pkgraph.personnel import dates

if TYPE_CHECKING:
    from pkgraph.personnel.dates import When
    from pkgraph.personnel.mapping import Reference
    from pkgraph.store import Store

#: How far from the life of a state or operation a date may be: lists differ by months.
_TOLERANCE: Final = timedelta(days=366)
_CLASSES: Final = {"state": "State", "operation": "Operation"}
#: What a table may call a thing by, of what is known of it: not the label of a code.
_CALLED: Final = frozenset({"label", "other name", "slug", "code", "other code"})
_LIVES: Final = (
    "SELECT DISTINCT ?thing ?which ?date WHERE {{ ?thing a pk:{0} . ?thing ?which ?date . "
    "VALUES ?which {{ pk:startDate pk:endDate }} }} ORDER BY ?thing ?which ?date"
)


@dataclass(slots=True)
class Thing:
    """A state or an operation, with the first and last day on which it may have been there."""

    iri: str
    number: int
    starts: date = date.min
    ends: date = date.max
    former: bool = field(default=False)

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.iri.rpartition("/")[2]

    def outside(self, when: When) -> str | None:
        """Say how *when* is outside its life; None if it is not."""
        if when.last < self.starts:
            return f"{self.slug} began only in {self.starts.isoformat()}"
        if when.first > self.ends:
            return f"{self.slug} ended in {self.ends.isoformat()}"
        return None

    def far(self, when: When) -> bool:
        """Tell whether *when* is outside its life by more than a year."""
        return (when.last < self.starts and self.starts - when.last > _TOLERANCE) or (
            when.first > self.ends and when.first - self.ends > _TOLERANCE
        )


class Register:
    """The states, or the operations, of a graph, by what a table calls them."""

    def __init__(self, store: Store, kind: str, reference: Reference) -> None:
        """
        Read what *store* says of the things of *kind*: "state" or "operation".

        Raises:
            InputError: The graph has no such list of codes, or no thing that the mapping names.
        """
        self.kind = kind
        self._coded = reference.coded
        self._things: dict[str, Thing] = {}
        self._exact: dict[str, dict[str, Thing]] = {}
        self._near: dict[str, list[str]] = {}
        self._read_names(store)
        self._read_lives(store)
        slugs = {thing.slug: thing for thing in self._things.values()}
        self._also: dict[str, Thing] = {}
        for said, slug in reference.also.items():
            if slug not in slugs:
                raise InputError(
                    f"the mapping has '{said}' for the {kind} '{slug}', which is not in the graph; "
                    "pkgraph find gives the slugs"
                )
            self._also[said] = slugs[slug]

    def find(self, text: str) -> Thing | str:
        """Return the thing that the table calls *text*, or why there is not one."""
        said = terms.fold(text)
        if said in self._also:
            return self._also[said]
        found = self._exact.get(said, {})
        current = [thing for thing in found.values() if not thing.former]
        few = current if len(current) == 1 and self.kind == "state" else list(found.values())
        if len(few) == 1:
            return few[0]
        what = "name" if self._coded == "name" else f"code of {self._coded}"
        candidates = [thing.slug for thing in few] or self._near.get(said, [])
        if candidates:
            return (
                f"the {what} may be one of {', '.join(sorted(set(candidates)))}; say which under "
                f"{self.kind}.also of the mapping"
            )
        return f"no {self.kind} has this {what}; correct it, or name it under {self.kind}.also"

    def _read_names(self, store: Store) -> None:
        described = reconciliation.things(store)
        lists: set[str] = set()
        for known in reconciliation.known_names(store):
            if described[known.iri].is_state != (self.kind == "state"):
                continue
            thing = self._things.setdefault(known.iri, Thing(known.iri, len(self._things)))
            if known.scheme:
                lists.add(known.scheme)
            if known.origin not in _CALLED or (known.scheme or "name") != self._coded:
                continue
            if known.match in {"", "exact"}:
                self._exact.setdefault(terms.fold(known.text), {})[known.iri] = thing
            else:
                self._near.setdefault(terms.fold(known.text), []).append(thing.slug)
        if self._coded not in {"name", *lists}:
            raise InputError(
                f"no {self.kind} has codes of '{self._coded}'; {self.kind}.coded of the mapping is "
                f"one of {', '.join(['name', *sorted(lists)])}"
            )

    def _read_lives(self, store: Store) -> None:
        asked = search.PREFIXES + _LIVES.format(_CLASSES[self.kind])
        for iri, which, text in search.texts(store.query(asked)):
            thing, when = self._things.get(iri), dates.lexical(text)
            if thing is None or when is None:
                continue
            if which.endswith("startDate"):
                # Of several dates the earliest start and the latest end count.
                earlier = thing.starts == date.min or when.first < thing.starts
                thing.starts = when.first if earlier else thing.starts
            else:
                thing.ends = when.last if not thing.former else max(thing.ends, when.last)
                thing.former = True
