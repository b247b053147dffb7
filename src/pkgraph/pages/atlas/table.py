"""Put operations and works into tables that can be taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.pages.atlas.operations import Host
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.pages.atlas.operations import Named, Operation
    from pkgraph.pages.atlas.works import Work

#: The columns of a table of operations; there is a row for each host of each.
_OPERATIONS: Final = (
    *("operation", "operation_label", "kind", "start", "start_precision", "end", "end_precision"),
    *("ongoing", "host", "host_label", "host_m49", "lead", "lead_label", "region", "region_label"),
)
_WORKS: Final = ("work", "work_label", "year")


def of_operations(found: Iterable[Operation]) -> Table:
    """Return the table of the operations *found*."""
    return _table(_OPERATIONS, (row for each in found for row in _rows(each)))


def of_works(found: Iterable[Work]) -> Table:
    """Return the table of the works *found*."""
    return _table(_WORKS, ((each.iri, each.label, str(each.year or "")) for each in found))


def _rows(each: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the rows of an operation: one for each host, or one without."""
    dates = tuple(
        "; ".join(texts)
        for few in (each.starts, each.ends)
        for texts in ([date.text for date in few], [date.precision for date in few])
    )
    head = (each.iri, each.label, each.kind, *dates, "true" if each.ongoing else "")
    tail = (*_joined(each.leaders), *_joined(each.regions))
    for host in each.hosts or (Host("", ""),):
        yield (*head, host.iri, host.label, host.code, *tail)


def _joined(named: Iterable[Named]) -> tuple[str, str]:
    """Return the IRIs of things and their names, each in one text."""
    known = tuple(named)
    return "; ".join(iri for iri, _ in known), "; ".join(label for _, label in known)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(columns, tuple(tuple(map(_term, row)) for row in rows))


def _term(text: str) -> ox.Literal | None:
    return ox.Literal(text) if text else None
