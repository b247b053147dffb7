"""
Compare a release with what a server has, send what differs, and put it in place at the end.

Each graph that differs is first put under a name of its own, which has its checksum in it, and read
back. When all have arrived as they were sent, one update moves them to their names and drops what
the new release has no more. So an attempt that is interrupted serves the old release, and the next
one finds what has arrived. Only graphs with names of pkgraph are ever written to or dropped.

Source:
    SPARQL 1.1 Update, graph management: https://www.w3.org/TR/sparql11-update/#graphManagement
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pkgraph.deployment.content import differing, written
from pkgraph.deployment.server import Server
from pkgraph.endpoint.addresses import shown
from pkgraph.errors import StoreError, UsageError
from pkgraph.namespaces import BASE, GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyoxigraph as ox

    from pkgraph.deployment.addresses import Addresses
    from pkgraph.deployment.content import Content
    from pkgraph.endpoint.credentials import Credentials

#: What the names of graphs begin with that are not in place yet.
STAGING: Final = GRAPH + "staging/"
_TRIAL: Final = STAGING + "trial"
_TRIAL_TRIPLE: Final = f"<{_TRIAL}> <{_TRIAL}#is> <{_TRIAL}>"
_OURS: Final = f'FILTER(STRSTARTS(STR(?g), "{BASE}"))'
#: The default graph as the union of our graphs, where the server has one of its own.
_UNITE: Final = (
    "DROP SILENT DEFAULT",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {_OURS} }}",
)
_GO_ON: Final = "what the server served before is still in place; run the same again to go on"


@dataclass(frozen=True, slots=True)
class Deployed:
    """
    What became of each graph, by names.

    ``same`` were there already, ``sent`` were sent now, ``resumed`` had arrived at an earlier
    attempt, ``dropped`` are no part of the release; ``others`` are not pkgraph's, and as they were.
    """

    same: tuple[str, ...]
    sent: tuple[str, ...]
    resumed: tuple[str, ...]
    dropped: tuple[str, ...]
    others: tuple[str, ...]


def deploy(
    graphs: Iterable[tuple[str, Iterable[ox.Triple]]],
    addresses: Addresses,
    credentials: Credentials | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Deployed:
    """
    Have a server serve *graphs* in place of the graphs of pkgraph that it has.

    Args:
        graphs: The name of each graph of the release, and what it says; they are read once.
        addresses: Where the server takes queries, updates and graphs.
        credentials: Who writes; those of the environment if left out.
        tell: Is called with a sentence for each step.

    Raises:
        UsageError: A graph has a name that is not pkgraph's, or the credentials do not go together.
        StoreError: The server cannot be reached, does not let itself be written to, has not what
            was sent, or has statements of others in its default graph.
    """
    server = Server(addresses, credentials)
    there = server.counts()
    plan = _Plan(server, there, tell)
    try:
        for name, triples in graphs:
            plan.take(name, triples)
        plan.check_default_graph()
    except StoreError as error:
        raise StoreError(f"{error} ({_GO_ON})") from error
    plan.put_in_place()
    return plan.done()


class _Plan:
    """What is to be done at the end, as it grows."""

    def __init__(self, server: Server, there: dict[str, int], tell: Callable[[str], None]) -> None:
        self._server, self._there, self._tell = server, there, tell
        self._wanted: dict[str, int] = {}
        self._staged: dict[str, str] = {}
        self._same: list[str] = []
        self._sent: list[str] = []
        self._resumed: list[str] = []
        self._is_union: bool | None = None
        self._unites = False

    def take(self, name: str, triples: Iterable[ox.Triple]) -> None:
        """Compare the graph *name* of the release, and send it unless it is there."""
        if not name.startswith(BASE) or name.startswith(STAGING):
            raise UsageError(
                f"the graph {name} is not one of pkgraph, whose names begin with {BASE}, and may be"
                " somebody else's in that server; give its statements such a name, as in N-Quads"
            )
        wanted = written(triples)
        with wanted.file:
            if not wanted.count:
                return
            self._wanted[name] = wanted.count
            if self._has(name, wanted):
                self._same.append(name)
                return
            place = staging(name, wanted.checksum)
            self._staged[name] = place
            if self._has(place, wanted):
                self._tell(f"{name} has arrived before.")
                self._resumed.append(name)
                return
            self._try()
            self._tell(f"{name} is sent: {wanted.count} statements.")
            self._server.put(place, wanted.file)
            self._compare(name, place, wanted)
            self._sent.append(name)

    def check_default_graph(self) -> None:
        """
        Look whether the default graph is the union of the graphs, or is to be made so.

        Raises:
            StoreError: It has statements that none of our graphs has.
        """
        missing = f"GRAPH ?g {{ ?s ?p ?o }} {_OURS} FILTER NOT EXISTS {{ ?s ?p ?o }}"
        if not self._steps() and not self._server.holds(missing):
            return
        self._try()
        if self._is_union:
            return
        strangers = f"?s ?p ?o FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} {_OURS} }}"
        if self._server.holds(strangers):
            raise StoreError(
                f"the default graph of {self._server.store.name} is to be the union of pkgraph's "
                "graphs, and has statements that none of these has; use a dataset of its own, or "
                "have the server take the union of named graphs for the default graph"
            )
        self._unites = True

    def put_in_place(self) -> None:
        """
        Have the server move what has arrived to where it belongs, and drop what is no more.

        Raises:
            StoreError: It does not, or does not say so.
        """
        steps = [*self._steps(), *(_UNITE if self._unites else ())]
        if not steps:
            return
        self._tell("All has arrived, and is put in place.")
        try:
            self._server.update(" ;\n".join(steps))
        except StoreError as error:
            raise StoreError(
                f"{error} (the server has not said that the new release is in place; run the same "
                "again, which looks at what is there)"
            ) from error
        found = {name: n for name, n in self._server.counts().items() if name.startswith(BASE)}
        for name in sorted(found.keys() ^ self._wanted.keys()):
            raise StoreError(
                f"{self._server.store.name} said that the new release is in place, and the graph "
                f"{name} is {'still' if name in found else 'not'} there; run the same again"
            )
        for name, count in self._wanted.items():
            if found[name] != count:
                raise StoreError(
                    f"{self._server.store.name} said that the new release is in place, and has "
                    f"{found[name]} statements of the graph {name}, which has {count}; run the "
                    "same again, which sends that graph anew"
                )

    def done(self) -> Deployed:
        """Return what was done."""
        others = (name for name in self._there if not name.startswith(BASE))
        return Deployed(
            tuple(self._same),
            tuple(self._sent),
            tuple(self._resumed),
            tuple(self._gone()),
            tuple(sorted(others)),
        )

    def _steps(self) -> list[str]:
        # What MOVE does, in three steps: Jena's TDB2 loses statements that are moved over others.
        moved = [
            f"DROP SILENT GRAPH <{name}> ; INSERT {{ GRAPH <{name}> {{ ?s ?p ?o }} }} "
            f"WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }} ; DROP SILENT GRAPH <{place}>"
            for name, place in self._staged.items()
        ]
        return [*moved, *(f"DROP SILENT GRAPH <{name}>" for name in self._gone())]

    def _gone(self) -> Iterator[str]:
        """Yield the graphs of pkgraph that are no part of the release, nor on their way."""
        kept = self._wanted.keys() | set(self._staged.values())
        for name in sorted(self._there):
            if name.startswith(BASE) and name not in kept:
                yield name

    def _has(self, name: str, wanted: Content) -> bool:
        """Tell whether the graph *name* of the server is as *wanted*."""
        if self._there.get(name) != wanted.count:
            return False
        found = written(self._server.triples(name))
        with found.file:
            return found.same(wanted)

    def _compare(self, name: str, place: str, wanted: Content) -> None:
        """
        Read back what was sent of the graph *name*.

        Raises:
            StoreError: It is not what was sent.
        """
        found = written(self._server.triples(place))
        with found.file:
            if not found.same(wanted):
                raise StoreError(
                    f"{self._server.store.name} has {found.count} statements of the graph {name}, "
                    f"of which {wanted.count} were sent, or others ({differing(wanted, found)})"
                )

    def _try(self) -> None:
        """
        Write, read and drop one statement, before anything large is sent.

        It shows whether the server lets itself be written to, whether its addresses are those of
        one dataset, and what its default graph is. A server that wants a digest asks for it now.

        Raises:
            StoreError: It does not, or they are not.
        """
        if self._is_union is not None:
            return
        server = self._server
        server.put(_TRIAL, f"{_TRIAL_TRIPLE} .\n".encode())
        if not server.holds(f"GRAPH <{_TRIAL}> {{ {_TRIAL_TRIPLE} }}"):
            raise StoreError(
                f"what {shown(server.addresses.graph_store)} takes is not found by "
                f"{server.store.name}; the two have to be of one dataset: see --graph-store"
            )
        is_union = server.holds(_TRIAL_TRIPLE)
        server.update(f"DROP SILENT GRAPH <{_TRIAL}>")
        if server.holds(f"GRAPH <{_TRIAL}> {{ {_TRIAL_TRIPLE} }}"):
            raise StoreError(
                f"what {shown(server.addresses.update)} is told to drop is still found by "
                f"{server.store.name}; the two have to be of one dataset: see --update"
            )
        self._is_union = is_union


def staging(name: str, checksum: str) -> str:
    """Return what the graph *name* is called while it is not in place."""
    return f"{STAGING}{checksum}/{hashlib.sha256(name.encode()).hexdigest()[:16]}"
