"""Show the first of many: how many there are is told, and a query that gives them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pkgraph.namespaces import PK, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
_PREFIXES: Final = "".join(
    f"PREFIX {name}: <{namespace}>\n"
    for name, namespace in (("pk", PK), ("rdfs", RDFS), ("skos", SKOS))
)


@dataclass(frozen=True, slots=True)
class Few(Generic[T]):
    """The ``shown`` of a list of ``total``; where it is cut, the SPARQL ``query`` gives all."""

    shown: tuple[T, ...] = ()
    total: int = 0
    query: str = ""

    def __iter__(self) -> Iterator[T]:
        return iter(self.shown)

    def __len__(self) -> int:
        return len(self.shown)

    @property
    def cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.total > len(self.shown)


def first(
    items: Sequence[T], most: int, where: str, total: int | None = None, what: str = "?thing"
) -> Few[T]:
    """
    Return the first *most* of *items*, of which there are *total* if more than were read.

    *where* is the pattern that gives all; *what* are the variables to tell, the first of a thing.

    >>> few = first(["a", "b", "c"], 2, "?thing pk:author <urn:x>")
    >>> few.cut, list(few), few.query.splitlines()[-1]
    (True, ['a', 'b'], 'ORDER BY ?label ?thing')
    """
    return Few(tuple(items[:most]), len(items) if total is None else total, _query(where, what))


def _query(where: str, what: str) -> str:
    """Return SPARQL for all that *where* gives, with labels."""
    thing = what.partition(" ")[0]
    return (
        f"{_PREFIXES}\nSELECT DISTINCT {what} ?label\nWHERE {{\n  {where}\n"
        f"  OPTIONAL {{ {thing} rdfs:label ?label }}\n}}\nORDER BY ?label {thing}"
    )
