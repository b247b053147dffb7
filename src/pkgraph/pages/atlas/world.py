"""
Put operations on the map of the world: a spot for each state that hosts some.

The boundaries are those of Natural Earth, which is in the public domain, as of the day on which it
was released; they are matched to states by their M49 codes, the numbers of ISO 3166-1. What has no
such code, or one that no boundary has, is told beside the map.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pkgraph.pages.atlas.operations import Host, Operation

_GAP: Final = 1.0
#: How often numbers are moved off each other, and how many pairs of them are looked at in all.
_ROUNDS: Final = 60
_PAIRS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """The territory within a boundary: its M49 code, a path, and a point in its largest part."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Place:
    """A place that hosts operations."""

    host: Host
    operations: tuple[Operation, ...]

    @property
    def slug(self) -> str:
        """What the place is called in addresses."""
        return self.host.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the number of the operations of a place is drawn."""

    place: Place
    x: float
    y: float
    radius: float

    @property
    def number(self) -> int:
        """How many operations there are."""
        return len(self.place.operations)


@dataclass(frozen=True, slots=True)
class World:
    """
    The operations on the map: the spots, and how many operations each boundary has, by its code.

    ``misses`` are the places that no boundary fits, each with the reason, ``unplaced`` the
    operations of no place.
    """

    spots: tuple[Spot, ...]
    shades: Mapping[str, int]
    misses: tuple[tuple[Place, str], ...]
    unplaced: tuple[Operation, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places on the map, by name."""
        found = [each.place for each in self.spots]
        return tuple(sorted(found, key=lambda place: (place.host.label.casefold(), place.slug)))


@cache
def boundaries() -> tuple[float, float, tuple[Shape, ...]]:
    """Return the width and the height of the map, and what is on it."""
    file = resources.files("pkgraph.pages.atlas").joinpath("boundaries.json")
    known = json.loads(file.read_text(encoding="utf-8"))
    shapes = tuple(Shape(code, name, path, x, y) for code, name, path, x, y, _ in known["shapes"])
    return known["width"], known["height"], shapes


def draw(operations: Sequence[Operation]) -> World:
    """Return the map of *operations*."""
    _, _, shapes = boundaries()
    known = {each.code: each for each in shapes if each.code}
    spots, misses = [], []
    for place in _places(operations):
        reason = _miss(place.host, known)
        if reason:
            misses.append((place, reason))
        else:
            shape = known[place.host.code]
            radius = round(5.5 + 1.3 * math.sqrt(len(place.operations)), 1)
            spots.append(Spot(place, shape.x, shape.y, radius))
    shades: dict[str, int] = {}
    for spot in spots:
        shades[spot.place.host.code] = shades.get(spot.place.host.code, 0) + spot.number
    return World(
        spots=apart(spots),
        shades=shades,
        misses=tuple(misses),
        unplaced=tuple(each for each in operations if not each.hosts),
    )


def by_year(operations: Iterable[Operation]) -> tuple[tuple[int, int], ...]:
    """Return each year from the first to the last of *operations* and how many went on in it."""
    known = [each for each in operations if each.starts]
    if not known:
        return ()
    first = min(each.starts[0].first.year for each in known)
    last = max(max(each.last.year for each in (*one.starts, *one.ends)) for one in known)
    return tuple(
        (year, sum(each.went_on_in(year) for each in known)) for year in range(first, last + 1)
    )


def apart(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """Return *spots* moved as little as keeps them off each other, the largest first."""
    order = sorted(spots, key=lambda each: (-each.radius, each.place.slug))
    at = [[each.x, each.y] for each in order]
    for _ in range(min(_ROUNDS, 1 + _PAIRS // (len(order) ** 2 + 1))):
        moved = False
        for i, one in enumerate(order):
            for j in range(i):
                dx, dy = at[i][0] - at[j][0], at[i][1] - at[j][1]
                distance = math.hypot(dx, dy)
                lacking = one.radius + order[j].radius + _GAP - distance
                if lacking > 0:
                    angle = math.atan2(dy, dx) if distance else float(i)
                    for k, sign in ((i, 1), (j, -1)):
                        at[k][0] += sign * lacking / 2 * math.cos(angle)
                        at[k][1] += sign * lacking / 2 * math.sin(angle)
                    moved = True
        if not moved:
            break
    return tuple(
        Spot(each.place, round(x, 1), round(y, 1), each.radius)
        for each, (x, y) in zip(order, at, strict=True)
    )


def _places(operations: Iterable[Operation]) -> list[Place]:
    hosts: dict[str, Host] = {}
    found: dict[str, list[Operation]] = {}
    for operation in operations:
        for host in operation.hosts:
            hosts.setdefault(host.iri, host)
            found.setdefault(host.iri, []).append(operation)
    return [
        Place(hosts[iri], tuple(few))
        for iri, few in sorted(found.items(), key=lambda pair: (hosts[pair[0]].label, pair[0]))
    ]


def _miss(host: Host, known: Mapping[str, Shape]) -> str:
    """Return why *host* has no boundary on the map; empty if it has one."""
    if host.code in known:
        return ""
    if host.state_ended:
        return f"its state ended ({host.state_ended[:4]}), and the boundaries are of today"
    if not host.code:
        return "the graph gives it no code of ISO 3166-1"
    return f"Natural Earth has no boundary with its code {host.code}"
