"""What every store does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pkgraph.dataset import Dataset
    from pkgraph.results import Answer


class Store(Protocol):
    """A place that answers SPARQL queries."""

    @property
    def name(self) -> str:
        """Where it is: a folder, a URL or "memory"."""
        ...

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """
        Return the answer to the SPARQL 1.1 query *text*.

        Args:
            text: The query. Relative IRIs in it, without a BASE, are those of the graph's things.
            dataset: The graphs to ask, whatever the query says of them. Left out, they are those
                that it names by FROM and FROM NAMED; if it names none, all. The default graph is
                the union of several as a set. A graph that the store has not is empty.

        Raises:
            QuerySyntaxError: *text* is not a query.
            StoreError: The store cannot be asked, or its answer cannot be read.

        Source:
            SPARQL 1.1 Query Language: https://www.w3.org/TR/sparql11-query/
        """
        ...
