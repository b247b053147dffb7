"""Tell how a table was matched: how many rows each way, and which are not sure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pkgraph.reconciliation.matching import described

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pkgraph.reconciliation.matching import Result
    from pkgraph.reconciliation.sheet import Sheet

_MATCHES: Final = ("exact", "alias", "fuzzy", "ambiguous", "none")
_SHOWN: Final = 3


def of(sheet: Sheet, results: Sequence[Result]) -> str:
    """
    Return the report on the *results* of the rows of *sheet*, as lines.

    Rows count from 1 after the header. Fuzzy rows are listed as well: somebody should look at them.
    """
    counts = Counter(
        result.match for record, result in zip(sheet.records, results, strict=True) if record.cells
    )
    total = sum(counts.values())
    told = ", ".join(f"{counts[match]} {match}" for match in _MATCHES)
    return "\n".join([f"{total} rows: {told}.", *_rows(sheet, results)])


def _rows(sheet: Sheet, results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each row that is not exact and no alias."""
    for number, (name, record, result) in enumerate(
        zip(sheet.names, sheet.records, results, strict=True), start=1
    ):
        if not record.cells or result.match in {"exact", "alias"}:
            continue
        shown = result.candidates[:1] if result.chosen else result.candidates[:_SHOWN]
        near = "; ".join(map(described, shown)) or "nothing is near"
        yield f"row {number} (line {record.line}): '{name}' {result.match}: {near}"
