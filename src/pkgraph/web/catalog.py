"""The data set as a whole, and its canned queries, for programs that look for data."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from pkgraph import catalogue, serialization, void
from pkgraph.catalogue.examples import examples
from pkgraph.errors import NotFoundError
from pkgraph.web.linked import Content
from pkgraph.web.scripts import script

if TYPE_CHECKING:
    from pkgraph.void import Statistics
    from pkgraph.web.linked import Asked
    from pkgraph.web.site import Site


#: The file that has the whole graph, where it is published as files.
DUMP: Final = "pkgraph.nq.gz"


class Catalog:
    """What is said of the data set of one server; it is counted once, when somebody asks first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: tuple[str, Statistics] | None = None

    def dataset(self, site: Site, asked: Asked) -> Content:
        """Describe the data set: a page, or VoID and DCAT."""
        require_first(asked)
        counts = self._counts(site)
        release = site.graph.release
        place = void.Place(asked.root, release, dump=DUMP if site.published else None)
        if asked.format != "html":
            triples = tuple(void.describe(counts, place))
            return Content(serialization.write(triples, asked.format))
        text = site.render(
            "dataset",
            counts=counts,
            dump=place.dump,
            documents=serialization.GRAPH_FORMATS,
            structured=script(void.structured(counts, place)),
        )
        return Content(text)

    def examples(self, site: Site, asked: Asked) -> Content:
        """Give the canned queries as examples of SPARQL."""
        require_first(asked)
        endpoint = None if site.published else f"{asked.root}/sparql"
        triples = tuple(examples(catalogue.catalogue(), endpoint))
        return Content(serialization.write(triples, asked.format))

    def _counts(self, site: Site) -> Statistics:
        """Return the statistics of the release that *site* serves."""
        with self._lock:  # who comes second waits, and counts nothing
            if self._counted is None or self._counted[0] != site.graph.release:
                self._counted = (site.graph.release, void.measure(site.graph.store))
            return self._counted[1]


def require_first(asked: Asked) -> None:
    """
    Check that the first page is asked for, which is all of it.

    Raises:
        NotFoundError: It is not.
    """
    if asked.page > 1:
        raise NotFoundError(f"all of {asked.path} is on its first page")
