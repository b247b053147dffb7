"""
Take a dataset apart into nanopublications, and refuse it if it is anything else.

A nanopublication is four named graphs: a head that names the other three, the assertion, where the
assertion comes from (its provenance), and who published it (the publication info). Every graph of
a file has to be one of these four of exactly one nanopublication, so nothing can be carried along
that nobody asserts.

Source:
    Nanopublication Guidelines, well-formed nanopublications:
    https://nanopub.net/guidelines/working_draft/#well-formed-nanopubs
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import TurtleSyntaxError
from pkgraph.nanopublications.vocabulary import NANOPUBLICATION, NP, TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Graphs = Mapping[object, Sequence[ox.Quad]]

#: The most statements of a nanopublication: what the servers of the network take.
MAX_STATEMENTS: Final = 1200
#: The most nanopublications of a file.
MAX_NANOPUBLICATIONS: Final = 1000

_LINKS: Final = tuple(
    ox.NamedNode(NP + link) for link in ("hasAssertion", "hasProvenance", "hasPublicationInfo")
)
_WRITE_TURTLE: Final = (
    "of named graphs only nanopublications are read; write the statements in a file of Turtle, "
    "where pkgraph gives them a graph"
)


@dataclass(frozen=True, slots=True)
class Nanopublication:
    """A nanopublication: its IRI, and the statements of its four graphs."""

    iri: ox.NamedNode
    head: tuple[ox.Quad, ...]
    assertion: tuple[ox.Quad, ...]
    provenance: tuple[ox.Quad, ...]
    information: tuple[ox.Quad, ...]

    @property
    def quads(self) -> tuple[ox.Quad, ...]:
        """All its statements."""
        return self.head + self.assertion + self.provenance + self.information


def take_apart(quads: Sequence[ox.Quad], file: str | None = None) -> tuple[Nanopublication, ...]:
    """
    Return the nanopublications that *quads* are.

    Raises:
        TurtleSyntaxError: They are not nanopublications and nothing else, or too large.
    """
    graphs: dict[object, list[ox.Quad]] = {}
    for quad in dict.fromkeys(quads):
        graphs.setdefault(quad.graph_name, []).append(quad)
    if not all(isinstance(name, ox.NamedNode) for name in graphs):
        raise TurtleSyntaxError(
            f"there are statements outside of any graph that has an IRI; {_WRITE_TURTLE}", file=file
        )
    heads = dict.fromkeys((q.subject, q.graph_name) for q in quads if _declares(q))
    if not heads:
        raise TurtleSyntaxError(
            f"there are named graphs, and none is the head of a nanopublication; {_WRITE_TURTLE}",
            file=file,
        )
    if len(heads) > MAX_NANOPUBLICATIONS:
        raise TurtleSyntaxError(
            f"there are {len(heads)} nanopublications; put at most {MAX_NANOPUBLICATIONS} in a "
            "file",
            file=file,
        )
    found = [_one(iri, head, graphs, file) for iri, head in heads]
    _check_every_graph_once(found, graphs, file)
    return tuple(found)


def _declares(quad: ox.Quad) -> bool:
    return quad.predicate == TYPE and quad.object == NANOPUBLICATION


def _one(iri: object, head: object, graphs: Graphs, file: str | None) -> Nanopublication:
    """Return the nanopublication *iri* with this *head*, if it is well formed."""
    if not isinstance(iri, ox.NamedNode):
        raise TurtleSyntaxError("a nanopublication has no IRI; give it one", file=file)
    names = [
        [q.object for q in graphs[head] if q.subject == iri and q.predicate == link]
        for link in _LINKS
    ]
    parts = [tuple(graphs.get(name, ())) for of_link in names for name in of_link]
    reason = _fault_of_names(iri, head, names) or _fault_of_parts(iri, parts)
    if reason:
        raise TurtleSyntaxError(f"the nanopublication <{iri.value}> {reason}", file=file)
    whole = Nanopublication(iri, tuple(graphs[head]), *parts)
    if len(whole.quads) > MAX_STATEMENTS:
        raise TurtleSyntaxError(
            f"the nanopublication <{iri.value}> has {len(whole.quads)} statements; split it into "
            f"several of at most {MAX_STATEMENTS}",
            file=file,
        )
    return whole


def _fault_of_names(iri: object, head: object, names: Sequence[Sequence[object]]) -> str | None:
    """Return what is wrong with the names of the graphs, or None."""
    for link, of_link in zip(_LINKS, names, strict=True):
        if len(of_link) != 1:
            return f"has {len(of_link)} of {_short(link)} in its head; name exactly one graph there"
    if len({iri, head, *(name for of_link in names for name in of_link)}) < 2 + len(_LINKS):
        return "has not an IRI and four graphs that all differ; name each of them anew"
    return None


def _fault_of_parts(iri: object, parts: Sequence[Sequence[ox.Quad]]) -> str | None:
    """Return what is wrong with the statements of the graphs, or None."""
    for link, part in zip(_LINKS, parts, strict=True):
        if not part:
            name = _short(link)
            return f"has nothing in the graph of its {name}; fill it, or correct its name"
    assertion, provenance, information = parts
    if not any(assertion[0].graph_name in {q.subject, q.object} for q in provenance):
        return "has a provenance that does not speak of its assertion; say where that is from"
    if not any(iri in {q.subject, q.object} for q in information):
        return "has a publication info that does not speak of it; say who published it"
    return None


def _check_every_graph_once(
    found: Sequence[Nanopublication], graphs: Graphs, file: str | None
) -> None:
    """Refuse graphs that two nanopublications share, and graphs that belong to none."""
    used = Counter(
        part[0].graph_name
        for each in found
        for part in (each.head, each.assertion, each.provenance, each.information)
    )
    if shared := [name for name, times in used.items() if times > 1]:
        raise TurtleSyntaxError(
            f"the graph {shared[0]} belongs to two nanopublications; give each its own", file=file
        )
    if foreign := [name for name in graphs if name not in used]:
        raise TurtleSyntaxError(
            f"the graph {foreign[0]} is part of no nanopublication; take it out", file=file
        )


def _short(link: ox.NamedNode) -> str:
    """Return the name of a property of heads as people write it."""
    return link.value.replace(NP, "np:")
