"""
Lay operations out in time: a bar for each, in lanes, in groups.

A bar runs from the start to the end of an operation. Where a date is known to the month or the
year only, or sources give several, the part that is not sure is drawn apart. In a lane no bar and
no label touches the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from pkgraph.pages.atlas.dates import years
from pkgraph.pages.atlas.lettering import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pkgraph.pages.atlas.operations import Named, Operation

#: The width of the picture, and the parts of it, in its own units.
WIDTH: Final = 1200
_LEFT, _RIGHT = 8, 170
LANE: Final = 15
_HEAD: Final = 26
_GROUP: Final = 24
#: How wide letters are that are drawn at ten units: capitals and figures, and others.
_CAPITAL, _LETTER = 7.6, 6.2
_LONGEST: Final = 30
_GAP: Final = 6
#: A bar is at least this wide, or nobody could point at it.
_NARROWEST: Final = 3.0
#: Groups with fewer operations than this are put together.
_FEW: Final = 4
OTHERS: Final = "Others, and several together"
UNKNOWN: Final = "Not said"


@dataclass(frozen=True, slots=True)
class Bar:
    """
    The bar of an operation: where it may have been from and to, and where it surely was.

    ``sure`` is None where no day is sure. ``open`` says that it goes on beyond the picture, or,
    where ``doubtful``, that no end is known.
    """

    operation: Operation
    x: float
    width: float
    sure: tuple[float, float] | None
    open: bool
    doubtful: bool
    label: str
    label_x: float
    lane: int = 0

    @property
    def reach(self) -> float:
        """How far the bar and its label go."""
        return max(self.x + self.width, self.label_x + wide(self.label))


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one name, in so many lanes; ``top`` is where its first lane begins."""

    name: str
    bars: tuple[Bar, ...]
    lanes: int
    top: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture, and those operations that it cannot have: they have no start."""

    height: int
    ticks: tuple[tuple[int, float], ...]
    groups: tuple[Group, ...]
    undated: tuple[Operation, ...]
    first: int
    last: int


def draw(operations: Sequence[Operation], by: str) -> Timeline:
    """Return the timeline of *operations* in groups *by* organisation or region."""
    dated = [each for each in operations if each.starts]
    undated = tuple(each for each in operations if not each.starts)
    if not dated:
        return Timeline(_HEAD, (), (), undated, 0, 0)
    first = min(each.starts[0].first.year for each in dated)
    last = max(max(each.last.year for each in (*one.starts, *one.ends)) for one in dated) + 1
    scale = _scale(first, last)
    groups = []
    top = _HEAD
    for name, members in _grouped(dated, by):
        bars = lay([bar(each, scale, last) for each in members])
        lanes = 1 + max(each.lane for each in bars)
        groups.append(Group(name, bars, lanes, top + _GROUP))
        top += _GROUP + lanes * LANE + _GAP
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / each <= 12)  # noqa: PLR2004
    ticks = [(year, scale(year)) for year in range(-(-first // step) * step, last + 1, step)]
    return Timeline(top, tuple(ticks), tuple(groups), undated, first, last)


def lay(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Return *bars*, each in the first lane that is free where it begins."""
    reached: list[float] = []
    laid = []
    for each in sorted(bars, key=lambda bar: (bar.x, bar.operation.label, bar.operation.iri)):
        lane = next((i for i, end in enumerate(reached) if end + _GAP <= each.x), len(reached))
        reached[lane : lane + 1] = [each.reach]
        laid.append(replace(each, lane=lane))
    return tuple(laid)


def bar(operation: Operation, scale: Callable[[float], float], last: int) -> Bar:
    """Return the bar of *operation*, which has a start, in a picture that ends with *last*."""
    start = min(each.first for each in operation.starts)
    started = max(each.last for each in operation.starts)
    goes_on = operation.ongoing and not operation.ends
    if goes_on:
        end = ends = date(last, 1, 1)
    else:
        known = operation.ends or operation.starts
        end, ends = max(each.last for each in known), min(each.first for each in known)
    x = scale(years(start))
    width = max(scale(years(end)) - x, _NARROWEST)
    sure = None
    if started < ends:
        left, right = scale(years(started)), scale(years(ends))
        sure = (round(left, 1), round(right - left, 1))
    elif width == _NARROWEST and all(each.precision == "day" for each in operation.starts):
        sure = (round(x, 1), width)
    return Bar(
        operation=operation,
        x=round(x, 1),
        width=round(width, 1),
        sure=sure,
        open=goes_on,
        doubtful=not goes_on and not operation.ends,
        label=short(operation.label, _LONGEST),
        label_x=round(x + width + (9 if goes_on else 3), 1),
    )


def wide(label: str) -> float:
    """Return how much room *label* takes at most, in a font that is wider than most."""
    return sum(_LETTER if each.islower() or each in " .,'" else _CAPITAL for each in label)


def filters(
    operations: Sequence[Operation], of: Callable[[Operation], Iterable[Named]]
) -> list[tuple[Named, int]]:
    """Return what *operations* can be narrowed to, the most frequent first, with the numbers."""
    counts: dict[Named, int] = {}
    for operation in operations:
        for each in of(operation):
            counts[each] = counts.get(each, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0][1].casefold(), pair[0][0]))


def _scale(first: int, last: int) -> Callable[[float], float]:
    unit = (WIDTH - _LEFT - _RIGHT) / max(last - first, 1)
    return lambda year: _LEFT + (year - first) * unit


def _grouped(operations: Iterable[Operation], by: str) -> list[tuple[str, list[Operation]]]:
    """Return *operations* by who leads them or where they are, the largest group first."""
    groups: dict[str, list[Operation]] = {}
    for each in operations:
        named = each.leaders if by == "organisation" else each.regions
        groups.setdefault(" and ".join(label for _, label in named) or UNKNOWN, []).append(each)
    small = [name for name, members in groups.items() if len(members) < _FEW and name != UNKNOWN]
    if len(small) > 1:
        groups[OTHERS] = [each for name in sorted(small) for each in groups.pop(name)]
    order = {OTHERS: 1, UNKNOWN: 2}
    return sorted(groups.items(), key=lambda pair: (order.get(pair[0], 0), -len(pair[1]), pair[0]))
