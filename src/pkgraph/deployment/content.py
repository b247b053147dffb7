"""
What a graph says, in a form that two stores can be compared by.

Stores write literals in their own ways: 01 as 1, +00:00 as Z, a truth as a number, the case of a
language. So what comes from any store is first put into an embedded one, and is compared as that
has it. Statements are then sorted lines; blank nodes have labels that follow from what is said of
them. A graph of any size is sorted in pieces, in files.

Source:
    RDF Dataset Canonicalization: https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.store import OxigraphStore

#: How many statements are looked at at a time.
_PIECE: Final = 100_000
#: How many statements of each side are told where two differ.
_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Content:
    """
    How many statements a graph has, and their hash.

    ``checksum`` is the SHA-256 of its sorted canonical N-Triples; ``file`` has them, from its start
    on, until it is closed.
    """

    count: int
    checksum: str
    file: IO[bytes]

    def same(self, other: Content) -> bool:
        """Tell whether *other* says the same."""
        return (self.count, self.checksum) == (other.count, other.checksum)


def graphs_of(store: OxigraphStore) -> Iterator[tuple[str, Iterator[ox.Triple]]]:
    """Yield the name of each named graph of *store*, in order, and what it says."""
    for graph in sorted(store.engine.named_graphs(), key=str):
        if isinstance(graph, ox.NamedNode):
            found = store.engine.quads_for_pattern(None, None, None, graph)
            yield graph.value, (quad.triple for quad in found)


def written(triples: Iterable[ox.Triple]) -> Content:
    """Return what *triples* say, written to a temporary file that closing deletes."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who has the content closes it
    sum_, count = hashlib.sha256(), 0
    for line in lines.sorted_once(f"{triple} .\n".encode() for triple in _canonical(triples)):
        file.write(line)
        sum_.update(line)
        count += 1
    file.seek(0)
    return Content(count, sum_.hexdigest(), file)


def differing(wanted: Content, found: Content) -> str:
    """Return, for a message, some statements that only one of the two graphs has."""
    parts = []
    for name, one, other in (("missing", wanted, found), ("too many", found, wanted)):
        told = [line.decode().strip() for line in islice(_only(one.file, other.file), _TOLD)]
        if told:
            parts.append(f"{name}: {' '.join(told)}")
    return "; ".join(parts)


def _canonical(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield *triples* with the literals of an embedded store, and labels of blank nodes."""
    with_blanks = ox.Dataset()
    for batch in _batches(triples):
        store = ox.Store()
        store.extend(ox.Quad(each.subject, each.predicate, each.object) for each in batch)
        for quad in store:
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                with_blanks.add(quad)
            else:
                yield quad.triple
    with_blanks.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for quad in with_blanks:
        yield quad.triple


def _batches(triples: Iterable[ox.Triple]) -> Iterator[list[ox.Triple]]:
    rest = iter(triples)
    while batch := list(islice(rest, _PIECE)):
        yield batch


def _only(one: IO[bytes], other: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines that only *one* of two sorted files has."""
    one.seek(0)
    other.seek(0)
    line = other.readline()
    for wanted in one:
        while line and line < wanted:
            line = other.readline()
        if line != wanted:
            yield wanted
