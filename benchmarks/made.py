"""Make up stores of any size: claims of many works about one concept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import reasoning, resources, turtle
from pkgraph.namespaces import GRAPH, prefixes
from pkgraph.store import unite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WORK: Final = """
work:{n} a pk:Work ; rdfs:label "Example {n}"@en .
passage:{n}-1 a pk:Passage ; rdfs:label "{n}, section 1"@en ; pk:passageOf work:{n} ;
    pk:passageKind passage-kind:section ; pk:firstLine 1 ; pk:lastLine 999 .
"""
CLAIM: Final = """
occurrence:{n}-{c} a pk:Occurrence ; pk:inPassage passage:{n}-1 ;
    pk:firstLine {c} ; pk:lastLine {c} .
claim:{n}-{c} a pk:Claim ; rdfs:label "Patrols calm towns, says {n} in sentence {c}."@en ;
    pk:voice voice:own ; pk:kind kind:empirical ; pk:about concept:peacekeeping ;
    pk:occursAt occurrence:{n}-{c} .
"""
ATTACK: Final = """
link:{n}-1-attacks-{target} a pk:ArgumentLink ; pk:from claim:{n}-1 ;
    pk:relation relation:attacks ; pk:to claim:{target} ; pk:madeBy work:{n} ;
    pk:basis basis:explicit ; pk:inPassage passage:{n}-1 ; pk:firstLine 1 ; pk:lastLine 1 .
"""
CONCEPT: Final = 'concept:peacekeeping a pk:Concept ; rdfs:label "peacekeeping"@en .\n'
CLAIMS: Final = 9


def text(number: str, claims: int, more: str = "") -> str:
    """Return the Turtle of a work with some claims."""
    heads = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes().items())
    body = WORK.format(n=number) + "".join(
        CLAIM.format(n=number, c=sentence) for sentence in range(1, claims + 1)
    )
    return heads + body + more


def statements(size: int) -> Iterator[ox.Triple]:
    """Yield about *size* statements of made-up works."""
    number = made = 0
    while made < size:
        more = CONCEPT if number == 0 else ""
        triples = turtle.parse(text(f"made-{number}", CLAIMS, more))
        made += len(triples)
        number += 1
        yield from triples


def make(folder: Path, size: int, base: Iterable[ox.Quad] = ()) -> None:
    """Make a store of *size* statements and *base* in *folder*, with what follows from them."""
    graph = ox.NamedNode(GRAPH + "made")
    memory = ox.Store()
    memory.bulk_extend(base)
    memory.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in statements(size))
    for path in resources.data_files("ontology", ".ttl"):
        memory.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH[:-6]))
    reasoning.derive(memory)
    unite(memory)
    store = ox.Store(str(folder))
    store.bulk_extend(memory)
    store.flush()
