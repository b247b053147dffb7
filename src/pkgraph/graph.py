"""
Ask the graph: canned queries by name, any SPARQL, and what things are called.

:func:`open_graph` opens the graph that comes with pkgraph, other data, or an endpoint; all three
answer the same questions in the same way.

>>> graph = open_graph()
>>> types = graph.query("types-in-typology", typology="bellamy-2004-1-two-kinds")
>>> [row.type_label for row in types]
['traditional peacekeeping', "'new' peacekeeping"]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph import build, catalogue, namespaces, resolution, resources, search
from pkgraph.catalogue.query import default
from pkgraph.endpoint.addresses import configured
from pkgraph.errors import NotFoundError, StoreError, UsageError
from pkgraph.results import Table
from pkgraph.store import OxigraphStore, RemoteStore, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import rdflib

    from pkgraph.dataset import Dataset
    from pkgraph.endpoint.credentials import Credentials
    from pkgraph.results import Answer

#: How many digits of the hash of a release are shown.
_RELEASE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class QueryResult(Table):
    """
    The rows of a canned query, and what is needed to cite them.

    ``parameters`` has the values by name, IRIs as CURIEs, defaults included; ``text`` is the
    SPARQL that was run; ``release`` names the state of the graph.
    """

    query: catalogue.Query
    parameters: Mapping[str, str]
    text: str
    release: str
    store: Store

    def bibtex(self) -> str:
        """Return BibTeX entries for the works behind the rows: named, or stating what is named."""
        from pkgraph import bibliography  # few readers ask for it

        return bibliography.bibtex(self.store, self.works())

    def ris(self) -> str:
        """Return the works behind the rows as RIS."""
        from pkgraph import bibliography

        return bibliography.ris(self.store, self.works())

    def csl_json(self) -> str:
        """Return the works behind the rows as CSL-JSON."""
        from pkgraph import bibliography

        return bibliography.csl_json(self.store, self.works())

    def part(self, offset: int, limit: int | None = None) -> QueryResult:
        """Return *limit* of the rows, or all, after the first *offset*."""
        end = None if limit is None else offset + limit
        return replace(self, terms=self.terms[offset:end])

    def works(self) -> tuple[str, ...]:
        """Return the IRIs of the works behind the rows: named, or stating what is named."""
        from pkgraph import bibliography

        iris = {
            term.value: None
            for row in self.terms
            for term in row
            if isinstance(term, ox.NamedNode) and term.value.startswith(namespaces.BASE)
        }
        return bibliography.works_behind(self.store, iris)

    @property
    def address(self) -> str:
        """The address that these rows are cited by: that of the query with its values."""
        from urllib.parse import urlencode

        values = f"?{urlencode(self.parameters)}" if self.parameters else ""
        return f"{namespaces.BASE}queries/{self.query.name}{values}"

    @property
    def citation(self) -> str:
        """How to cite these rows: query, version, values, release and today's date (UTC)."""
        return self.cite()

    def cite(self, *, dated: bool = True) -> str:
        """Return :attr:`citation`, with the date or, for what is the same on any day, without."""
        from datetime import UTC, datetime

        values = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return (
            f"pkgraph {resources.version()}, query {self.query.name} {self.query.version}"
            f"{' with ' + values if values else ''}, graph {self.release}"
            f"{f', {datetime.now(tz=UTC):%Y-%m-%d}' if dated else ''}. {self.address}"
        )


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph that can be asked; ``release`` names its state. See :func:`open_graph`."""

    store: Store
    release: str

    def query(self, name: str, /, **values: object) -> QueryResult:
        """
        Run the canned query *name*.

        Args:
            name: A query of the catalogue; ``pkgraph queries`` lists them.
            values: A value for each parameter, as text, number or date. A thing may be given by
                IRI, CURIE, slug or a name that only it has. None is the same as leaving it out.

        Returns:
            The rows, in the order of the query; none where nothing fits.

        Raises:
            UnknownQueryError: There is no query of this name.
            ParameterError: A parameter is unknown or missing, or its value of the wrong kind.
            AmbiguousNameError: Several things have a name that was given.
            NotFoundError: No thing has it.
            StoreError: The store cannot answer.
        """
        query = catalogue.find(name)
        given = {key: str(value) for key, value in values.items() if value is not None}
        query.require(given)
        terms = {
            key: resolution.resolve(self.store, query.parameter(key), value)
            for key, value in given.items()
        }
        text = catalogue.bind(query, terms, begins=isinstance(self.store, OxigraphStore))
        answer = self.store.query(text)
        if not isinstance(answer, Table):
            raise StoreError(f"{query.path} is not a SELECT; a canned query has to be one")
        return QueryResult(
            columns=answer.columns,
            terms=answer.terms,
            query=query,
            parameters={
                parameter.name: namespaces.compact(term.value)
                for parameter in query.parameters
                if (term := terms.get(parameter.name) or default(parameter))
            },
            text=text,
            release=self.release,
            store=self.store,
        )

    def sparql(self, text: str, dataset: Dataset | None = None) -> Answer:
        """
        Run the SPARQL 1.1 query *text*; the prefixes it uses must be declared in it.

        Args:
            text: The query.
            dataset: The graphs to ask, in place of those that the query names, or of all.

        Returns:
            A table for SELECT, a bool for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises:
            QuerySyntaxError: *text* is not a query, too long or deep, or uses SERVICE.
            StoreError: The store cannot answer.
        """
        from pkgraph.sparql import check_limits  # canned queries do without it

        check_limits(text)
        return self.store.query(text, dataset) if dataset else self.store.query(text)

    def find(self, text: str, limit: int = 20) -> tuple[search.Found, ...]:
        """Return the things that are called *text*, or nearly so, the likeliest first."""
        return search.find(self.store, text, limit)

    def narrowed(self, sources: Iterable[str]) -> Graph:
        """
        Return what the encoded works *sources* say, by slug, with the lists that all share.

        Raises:
            NotFoundError: There is no such source.
            StoreError: The store cannot answer.
        """
        wanted = sorted(set(sources))
        store = _narrowed(self.store, wanted)
        return Graph(store, f"{self.release} ({', '.join(wanted)} only)")

    def as_rdflib(self) -> rdflib.Graph:
        """Return the same statements as a graph of rdflib to read, without copying them."""
        import rdflib

        if isinstance(self.store, OxigraphStore):
            import oxrdflib

            backend = oxrdflib.OxigraphStore(store=self.store.engine)
            return rdflib.Graph(store=backend, identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
        from pkgraph.store.rdflib_view import RdflibView

        return rdflib.Graph(store=RdflibView(self.store))


def open_graph(
    data: str | Path | Iterable[str | Path] = (),
    *,
    endpoint: str | None = None,
    credentials: Credentials | None = None,
    sources: str | Iterable[str] = (),
) -> Graph:
    """
    Open a graph to ask.

    Args:
        data: RDF files, or one, to ask in place of the graph that comes with pkgraph; their syntax
            is told from their endings. Or the folder of a store that ``pkgraph import`` made.
        endpoint: The URL of a SPARQL endpoint that has a graph of this kind, to ask that instead.
            Left out, with no *data* either, it is what PKGRAPH_ENDPOINT names, if anything.
        credentials: Who asks the endpoint. Left out, PKGRAPH_USER and PKGRAPH_PASSWORD, or
            PKGRAPH_TOKEN, if they are set; where PKGRAPH_ENDPOINT is set too, for its server only.
        sources: Slugs of encoded works, such as ``bellamy-2004``: ask only what these say, and the
            lists that all sources share.

    Raises:
        UsageError: Both *data* and an *endpoint* are given, or files and a folder; or *endpoint*
            is not a URL, or has credentials in it; or the credentials do not go together.
        InputError: A file of *data* cannot be read.
        NotFoundError: There is no such source.
    """
    files = tuple(map(Path, [data] if isinstance(data, str | Path) else data))
    if files and endpoint:
        raise UsageError("give either files or an endpoint to ask, not both")
    if not files:
        endpoint = endpoint or configured()
    store: Store
    if endpoint:
        store = RemoteStore(endpoint, credentials)
        release = store.name
    elif any(path.is_dir() for path in files):
        if len(files) > 1:
            raise UsageError("give either files to ask or the folder of one store, not both")
        store, release = build.open_folder(files[0])
        release = release[:_RELEASE_DIGITS]
    elif files:
        store, release = build.load(files), build.digest(files)[:_RELEASE_DIGITS]
    else:
        store, release = build.open_shipped(), build.release()[:_RELEASE_DIGITS]
    narrow = (sources,) if isinstance(sources, str) else tuple(sources)
    graph = Graph(store, release)
    return graph.narrowed(narrow) if narrow else graph


def _narrowed(store: Store, sources: Iterable[str]) -> Store:
    """Return *store* without the graphs that encode other works than *sources*."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?graph ?work WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} "
            "OPTIONAL { GRAPH ?graph { ?named pk:encodes ?work } } } GROUP BY ?graph ?work"
        )
    )
    encoded = {work.rpartition("/")[2] for _, work in rows if work}
    wanted = set(sources)
    unknown = sorted(wanted - encoded)
    if unknown:
        raise NotFoundError(
            f"there is no source '{unknown[0]}'; the sources are {', '.join(sorted(encoded))}",
            sorted(encoded),
        )
    return build.narrowed(
        store, [graph for graph, work in rows if not work or work.rpartition("/")[2] in wanted]
    )
