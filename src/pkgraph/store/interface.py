"""What every store does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pkgraph.results import Answer


class Store(Protocol):
    """A place that answers SPARQL queries."""

    @property
    def name(self) -> str:
        """Where it is: a folder, a URL or "memory"."""
        ...

    def query(self, text: str) -> Answer:
        """
        Return the answer to the SPARQL 1.1 query *text*.

        Raises:
            QuerySyntaxError: *text* is not a query.
            StoreError: The store cannot be asked, or its answer cannot be read.

        Source:
            SPARQL 1.1 Query Language: https://www.w3.org/TR/sparql11-query/
        """
        ...
