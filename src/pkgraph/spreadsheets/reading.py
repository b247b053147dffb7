"""Read a filled table: each row describes a thing, each cell says something of it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import terms
from pkgraph.errors import InputError
from pkgraph.intake.source import Source, Where, name
from pkgraph.namespaces import RDF, compact
from pkgraph.spreadsheets import cells, delimited, workbook
from pkgraph.spreadsheets.columns import kinds
from pkgraph.spreadsheets.sheets import REQUIRED, Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pkgraph.intake.source import Node
    from pkgraph.spreadsheets.columns import Column, Kind
    from pkgraph.spreadsheets.sheets import Sheet

_TYPE: Final = ox.NamedNode(RDF + "type")


def read(path: Path) -> Source:
    """
    Read the table at *path*: a workbook (.xlsx) made from a template, or one sheet of it as CSV.

    The first cell of a sheet says the class of what its rows describe.

    Raises:
        InputError: It cannot be read, or cells of it; these are named, each with what to do.
    """
    faults = Faults(path)
    of_format = workbook if path.suffix.lower() == ".xlsx" else delimited
    sheets = of_format.read(path, faults)
    entries = _Entries(faults)
    tables = [table for sheet in sheets if (table := _table(sheet, faults))]
    for table in tables:
        entries.add_rows(table)
    for table in tables:
        entries.add_cells(table)
    faults.raise_any()
    if not entries.triples:
        raise InputError(f"{path} has no entries; fill in a row below the header of a sheet")
    return Source(path, tuple(dict.fromkeys(entries.triples)), entries.find)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet that is understood: the class of its rows, and its columns by number."""

    sheet: Sheet
    kind: Kind
    columns: Mapping[int, Column]

    def rows(self) -> Iterator[int]:
        """Yield the rows below the header that have something in them."""
        return iter(sorted({row for row, _ in self.sheet.cells if row > 1}))


class _Entries:
    """The statements of the rows, and where each stands."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._subjects: dict[tuple[int, int], ox.NamedNode] = {}
        self._slugs: dict[str, dict[str, Where]] = {}
        self._places: dict[tuple[object, ...], Where] = {}
        self.triples: list[ox.Triple] = []

    def add_rows(self, table: _Table) -> None:
        """Take in what the rows of *table* describe, which cells anywhere may then name."""
        for row in table.rows():
            where = table.sheet.where(row, 1)
            cell = table.sheet.cells.get((row, 1))
            if cell is None:
                self._faults.add(
                    where,
                    f"the row has no name for its {table.kind.name}; give it one of its own, in "
                    "small letters, digits and hyphens",
                )
                continue
            try:
                subject = cells.address(table.kind.segment, cell.text)
            except InputError as error:
                self._faults.add(where, str(error))
                continue
            known = self._slugs.setdefault(subject.value.rpartition("/")[2], {})
            if subject.value in known:
                self._faults.add(
                    where,
                    f"{compact(subject.value)} is described in {known[subject.value].cell} "
                    "already; make one row of the two, or give this one another name",
                )
                continue
            known[subject.value] = where
            self._subjects[id(table), row] = subject
            type_ = ox.NamedNode(table.kind.iri)
            self._note(ox.Triple(subject, _TYPE, type_), where)
            self._places[subject.value,] = where

    def add_cells(self, table: _Table) -> None:
        """Take in what the cells of *table* say."""
        for row in table.rows():
            subject = self._subjects.get((id(table), row))
            if subject is None:
                continue
            for number, column in table.columns.items():
                where = table.sheet.where(row, number)
                # An empty cell is the place of what should be in it.
                self._places[subject.value, column.path] = where
                cell = table.sheet.cells.get((row, number))
                if cell is None:
                    continue
                try:
                    for value in cells.read(column, cell, self._slugs):
                        predicate = ox.NamedNode(column.path)
                        self._note(ox.Triple(subject, predicate, value), where)
                except InputError as error:
                    self._faults.add(where, str(error))

    def find(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return the cell of a statement; if there is none, that of its property or its thing."""
        for key in ((focus, path, value), (focus, path), (focus,)):
            if key in self._places:
                return self._places[key]
        return None

    def _note(self, triple: ox.Triple, where: Where) -> None:
        self.triples.append(triple)
        key = (name(triple.subject), triple.predicate.value, triple.object)
        self._places.setdefault(key, where)
        self._places.setdefault(key[:2], where)


def _table(sheet: Sheet, faults: Faults) -> _Table | None:
    """Return *sheet* with what its header says, or None if it is empty or says nothing known."""
    if not sheet.cells:
        return None
    first = sheet.cells.get((1, 1))
    known = {terms.slug(kind.name): kind for kind in kinds().values()}
    known |= {terms.slug(kind.title): kind for kind in kinds().values()}
    text = first.text.removesuffix(REQUIRED) if first else ""
    kind = known.get(terms.slug(text))
    if kind is None:
        near = get_close_matches(terms.slug(text), known, 1, 0.6)
        meant = f"did you mean '{known[near[0]].name}'?" if near else ""
        said = f"'{text}' is no class" if text else "nothing says what the rows describe"
        mend = meant or "put it in, or delete the sheet"
        faults.add(sheet.where(1, 1), f"{said}, such as 'claim'; {mend}")
        return None
    columns: dict[int, Column] = {}
    for (row, number), cell in sheet.cells.items():
        if row == 1 and number > 1:
            column = _column(kind, cell.text, faults, sheet.where(1, number))
            if column in columns.values():
                faults.add(
                    sheet.where(1, number),
                    f"there is a column '{cell.text}' already; put all in one, a value a line",
                )
            elif column is not None:
                columns[number] = column
    _refuse_headless(sheet, columns, faults)
    return _Table(sheet, kind, columns)


def _column(kind: Kind, text: str, faults: Faults, where: Where) -> Column | None:
    """Return the column of *kind* that a header names, by its name or by its property."""
    wanted = terms.fold(text.removesuffix(REQUIRED))
    names = {terms.fold(column.name): column for column in kind.columns}
    names |= {terms.fold(compact(column.path)): column for column in kind.columns}
    if wanted in names:
        return names[wanted]
    near = get_close_matches(wanted, names, 1, 0.6)
    hint = f"did you mean '{names[near[0]].name}'?" if near else "take it out"
    faults.add(where, f"there is no column '{text}' for a {kind.name}; {hint}")
    return None


def _refuse_headless(sheet: Sheet, columns: Mapping[int, Column], faults: Faults) -> None:
    """Note the first cell of each column that has something in it and no header."""
    told = {1, *columns, *(number for row, number in sheet.cells if row == 1)}
    for row, number in sorted(sheet.cells):
        if number not in told:
            told.add(number)
            faults.add(
                sheet.where(row, number),
                "the column of this cell has no header; give it one, or take the cell out",
            )
