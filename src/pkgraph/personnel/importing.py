"""Import a table: read it whole, then land what is good in a store, or nothing."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph import export
from pkgraph.errors import InputError
from pkgraph.personnel import loading, mapping, reading
from pkgraph.personnel.cells import Cells, Reject
from pkgraph.personnel.gathering import Gathered
from pkgraph.personnel.mapping import FIELDS
from pkgraph.personnel.register import Register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pkgraph.personnel.loading import Progress
    from pkgraph.store import Store


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What an import did.

    ``rows`` were read; ``written`` contributions landed, 0 if the import was refused; ``notes``
    says how often a date was a little outside the life of a state or operation.
    """

    rows: int
    written: int
    rejects: Sequence[Reject]
    notes: Mapping[str, int]
    landed: bool


def import_table(  # noqa: PLR0913 - what the command takes
    table: Path,
    mapping_file: Path,
    store: Path,
    *,
    partial: bool = False,
    rejects: Path | None = None,
    progress: Progress = lambda _doing, _count: None,
) -> Summary:
    """
    Import the personnel in *table* into the store in the folder *store*.

    Args:
        table: A file of comma-separated values, or parted otherwise.
        mapping_file: How it is laid out: see :mod:`pkgraph.personnel.mapping`.
        store: The folder; it is made, with the shipped graph in it, if it is not there.
        partial: Land the good rows even if others are rejected.
        rejects: Write what is rejected there, as comma-separated values.
        progress: Called now and then with what is being done, and how many times it was.

    Raises:
        InputError: The table or the mapping cannot be read, or they do not fit.
        StoreError: The store cannot be written.
    """
    layout = mapping.read(mapping_file)
    with loading.prepared(store, layout.source, layout.license) as target:
        rows, cells, gathered, bad = _read(table, layout, target.graph, progress)
        bad.sort()
        some = next(gathered.contributions(), None) is not None
        landed = some if partial else not bad
        if rejects:
            export.replace_file(rejects, _reject_file(table, layout, bad))
        written = target.land(gathered, cells, progress) if landed else 0
    return Summary(rows, written, bad, cells.notes, landed)


def _read(
    table: Path, layout: mapping.Mapping, graph: Store, progress: Progress
) -> tuple[int, Cells, Gathered, list[Reject]]:
    """Return how many rows *table* has, their numbers, and what is rejected."""
    lines = reading.rows(table, layout)
    columns = reading.columns(table, next(lines), layout)
    states = Register(graph, "state", layout.state)
    operations = Register(graph, "operation", layout.operation)
    try:
        cells = Cells(layout, columns, states, operations)
    except InputError as error:
        raise InputError(f"{table}, {error}") from error
    gathered, bad, number = Gathered(), [], 1
    for number, row in enumerate(lines, 2):
        if not row:  # an empty line is no row
            continue
        for found in cells.read(number, row):
            if isinstance(found, Reject):
                bad.append(found)
                continue
            clashes = gathered.add(found[:3], number, found.numbers)
            said = dict(found.numbers)
            for field, other, before in clashes:
                bad += _contradiction(FIELDS[field], (number, said[field]), (other, before))
        if number % 10_000 == 0:
            progress("rows read", number - 1)
    return number - 1, cells, gathered, list(dict.fromkeys(bad))


def _contradiction(field: str, one: tuple[int, int], other: tuple[int, int]) -> list[Reject]:
    """Return the rejects for two rows that say different numbers of one contribution."""
    first, second = sorted([one, other])
    if second[1] < 0 or first[1] < 0:  # what the first two said is rejected already
        row, value = one
        return [Reject(row, field, str(value), "other rows contradict it, and each other")]
    return [
        Reject(a[0], field, str(a[1]), f"row {b[0]} says {b[1]} of the same; keep one of them")
        for a, b in ((first, second), (second, first))
    ]


def _reject_file(table: Path, layout: mapping.Mapping, rejects: list[Reject]) -> str:
    """Return *rejects* as comma-separated values, each with its row as it stands in *table*."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    waiting = iter(rejects)
    reject = next(waiting, None)
    for number, row in enumerate(reading.rows(table, layout), 1):
        if number == 1:
            writer.writerow(["row", "column", "value", "reason", *row])
        while reject is not None and reject.row == number:
            writer.writerow([*reject, *row])
            reject = next(waiting, None)
    return text.getvalue()
