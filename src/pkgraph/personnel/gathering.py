"""
Bring together what the rows of a table say of each contribution.

Rows come in any order, so all numbers are kept until the end, in flat arrays: about 0.2 KB for a
contribution.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from pkgraph.personnel.mapping import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UNSAID: Final = -1
_DISPUTED: Final = -2
#: Room for so many states, and for so many dates, in the key of a contribution.
_STATES: Final = 1 << 16
_DATES: Final = 1 << 24


class Gathered:
    """What was said of each contribution: its numbers, and the rows that gave them."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._numbers = array("q")
        self._rows = array("L")

    def add(
        self, key: tuple[int, int, int], row: int, said: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int, int]]:
        """
        Note what *row* says of the contribution *key*, (operation, state, date).

        Args:
            key: The numbers of the operation, the state and the date.
            row: The number of the row.
            said: Pairs of the place in :data:`.mapping.FIELDS` and the number.

        Returns:
            For each field that another row gives differently: the field, that row and its number.
            Then nothing of either row stays.
        """
        packed = (key[0] * _STATES + key[1]) * _DATES + key[2]
        start = self._places.get(packed)
        if start is None:
            start = self._places[packed] = len(self._numbers)
            self._numbers.extend([_UNSAID] * len(FIELDS))
            self._rows.extend([0] * len(FIELDS))
        clashes = [
            (field, self._rows[start + field], self._numbers[start + field])
            for field, number in said
            if self._numbers[start + field] not in {_UNSAID, number}
        ]
        for field, other, _ in clashes:
            self._forget(start, other)
            self._numbers[start + field] = _DISPUTED
        if not clashes:
            for field, number in said:
                if self._numbers[start + field] == _UNSAID:
                    self._numbers[start + field], self._rows[start + field] = number, row
        return clashes

    def _forget(self, start: int, row: int) -> None:
        """Take out what *row* said of the contribution at *start*."""
        for place in range(start, start + len(FIELDS)):
            if self._rows[place] == row and self._numbers[place] != _DISPUTED:
                self._numbers[place] = _UNSAID

    def contributions(self) -> Iterator[tuple[tuple[int, int, int], list[int]]]:
        """Yield the key and the numbers of each contribution, negative where there is none."""
        for packed, start in self._places.items():
            numbers = list(self._numbers[start : start + len(FIELDS)])
            if max(numbers) >= 0:
                pair, day = divmod(packed, _DATES)
                yield (*divmod(pair, _STATES), day), numbers
