"""Turn the rows of a table into numbers of contributions, and say what is wrong with the others."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from pkgraph import terms
from pkgraph.errors import InputError
from pkgraph.personnel import dates
from pkgraph.personnel.mapping import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Named

    from pkgraph.personnel.dates import When
    from pkgraph.personnel.mapping import Mapping, Reference
    from pkgraph.personnel.register import Register, Thing

_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}([ ,.'\u00a0\u202f][0-9]{3})+")


class Reject(NamedTuple):
    """A row, or a cell of a wide table, that is not imported; ``column`` is its name."""

    row: int
    column: str
    value: str
    reason: str


class Said(NamedTuple):
    """What a row says of one contribution: operation, state, date, and (field, number) pairs."""

    operation: int
    state: int
    date: int
    numbers: list[tuple[int, int]]


class Cells:
    """Reads the rows of one table; what it looks up once, it keeps."""

    def __init__(
        self, mapping: Mapping, columns: Named[str, int], states: Register, operations: Register
    ) -> None:
        """
        Read rows laid out by *mapping*, with *columns* where they are.

        Raises:
            InputError: A column of a wide table is no state or operation.
        """
        self._mapping = mapping
        self._columns = columns
        self._width = len(columns)
        self._registers = {"state": states, "operation": operations}
        self._found: dict[tuple[str, str], Thing | str] = {}
        self._dates: dict[str, int | str] = {}
        self._lives: dict[tuple[str, int, int], str | None] = {}
        self._across = self._headings()
        self._values = [
            (FIELDS.index(field), name, columns[name]) for field, name in mapping.values.items()
        ]
        self.whens: list[When] = []
        self.things: dict[str, dict[int, Thing]] = {"state": {}, "operation": {}}
        self.notes: Counter[str] = Counter()

    def read(self, number: int, row: list[str]) -> Iterator[Said | Reject]:
        """Yield what *row*, the one of this *number*, says, and what of it is rejected."""
        if len(row) != self._width:
            reason = f"there are {len(row)} cells, and {self._width} columns; mend the row"
            yield Reject(number, "", "", reason)
            return
        try:
            day = self._date(number, row)
            kind = self._kind(number, row)
            if self._mapping.across is None:
                state = self._thing(number, row, "state", self._mapping.state)
                operation = self._thing(number, row, "operation", self._mapping.operation)
                numbers = self._numbers(number, row, kind)
                yield self._said((number, self._mapping.date), (operation, state), day, numbers)
                return
            other = "state" if self._mapping.across == "operation" else "operation"
            reference = self._mapping.state if other == "state" else self._mapping.operation
            named = self._thing(number, row, other, reference)
        except _RejectedError as error:
            yield error.reject
            return
        for name, place, thing in self._across:
            pair = (thing, named) if other == "state" else (named, thing)
            try:
                counted = self._number(number, name, row[place])
                if counted is not None:
                    yield self._said((number, name), pair, day, [(kind, counted)])
            except _RejectedError as error:
                yield error.reject

    def _headings(self) -> list[tuple[str, int, Thing]]:
        """Return the columns of a wide table that stand for states or operations."""
        across = self._mapping.across
        if across is None:
            return []
        headings = []
        for name, place in self._columns.items():
            if name in self._mapping.columns() or name in self._mapping.ignore:
                continue
            thing = self._registers[across].find(name)
            if isinstance(thing, str):
                raise InputError(
                    f"row 1, column {place + 1}, '{name}': {thing}; or name the column under ignore"
                )
            headings.append((name, place, thing))
        return headings

    def _said(
        self,
        place: tuple[int, str],
        pair: tuple[Thing, Thing],
        day: int,
        numbers: list[tuple[int, int]],
    ) -> Said:
        """Return *numbers* of the operation and state *pair*, if it was there on the day."""
        operation, state = pair
        for kind, thing in (("operation", operation), ("state", state)):
            self.things[kind][thing.number] = thing
            key = (kind, thing.number, day)
            if key not in self._lives:
                self._lives[key] = thing.outside(self.whens[day])
            outside = self._lives[key]
            if outside and thing.far(self.whens[day]):
                reason = f"{outside}, more than a year away"
                raise _RejectedError(*place, self.whens[day].text, reason)
            if outside:
                self.notes[outside] += 1
        return Said(operation.number, state.number, day, numbers)

    def _thing(self, number: int, row: list[str], kind: str, reference: Reference) -> Thing:
        column = str(reference.column)
        text = row[self._columns[column]].strip()
        found = self._found.get((kind, text))
        if found is None:
            found = self._registers[kind].find(text) if text else f"no {kind} is given"
            self._found[kind, text] = found
        if isinstance(found, str):
            raise _RejectedError(number, column, text, found)
        return found

    def _date(self, number: int, row: list[str]) -> int:
        text = row[self._columns[self._mapping.date]].strip()
        found = self._dates.get(text)
        if found is None:
            style = self._mapping.date_format
            when = dates.read(text, style)
            if when:
                self.whens.append(when)
                found = len(self.whens) - 1
            else:
                seen = dates.style_of(text)
                like = f", but looks like {seen}" if seen else ""
                found = f"the date is not of the style {style}{like}"
            self._dates[text] = found
        if isinstance(found, str):
            raise _RejectedError(number, self._mapping.date, text, found)
        return found

    def _kind(self, number: int, row: list[str]) -> int:
        """Return the place of the field that the row counts, or -1 if columns tell it."""
        if self._mapping.counts:
            return FIELDS.index(self._mapping.counts)
        if self._mapping.kind is None:
            return -1
        column = self._mapping.kind.column
        text = row[self._columns[column]].strip()
        field = self._mapping.kind.means.get(terms.fold(text))
        if field is None:
            known = ", ".join(self._mapping.kind.means)
            reason = f"kind.means of the mapping does not say what this is; it has {known}"
            raise _RejectedError(number, column, text, reason)
        return FIELDS.index(field)

    def _numbers(self, number: int, row: list[str], kind: int) -> list[tuple[int, int]]:
        """Return the numbers of a row of a long table."""
        where = self._values
        if self._mapping.number:
            where = [(kind, self._mapping.number, self._columns[self._mapping.number])]
        found = []
        for field, name, place in where:
            counted = self._number(number, name, row[place])
            if counted is not None:
                found.append((field, counted))
        return found

    def _number(self, number: int, column: str, cell: str) -> int | None:
        """Return the number in *cell*, or None if it is empty."""
        text = cell.strip()
        if text.isascii() and text.isdigit() and _WHOLE.fullmatch(text):
            return int(text)
        if not text:
            return None
        reason = "this is not a whole number; write digits, or leave the cell empty"
        if _THOUSANDS.fullmatch(text):
            reason = "the number has separators of thousands, or decimals; write digits only"
        elif text.startswith("-") and _WHOLE.fullmatch(text[1:]):
            reason = "the number is negative; write it from 0 up, or leave the cell empty"
        elif re.fullmatch(r"[0-9]*[.,][0-9]+", text):
            reason = "the number has decimals; persons are counted whole"
        raise _RejectedError(number, column, cell, reason)


class _RejectedError(Exception):
    """A row, or a cell, cannot be imported."""

    def __init__(self, row: int, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.reject = Reject(row, column, value, reason)
