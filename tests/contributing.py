"""What the tests of contributions share: what is contributed, and what holds of every store."""

from __future__ import annotations

import gc
import random

import pyoxigraph as ox

from pkgraph import contribution, reasoning
from pkgraph.namespaces import DERIVED_GRAPH, REGISTER_GRAPH
from pkgraph.store import OxigraphStore, unite
from pkgraph.validation import ours

ADA = "0000-0002-1825-0097"
BEA = "0000-0002-1694-233X"

#: A claim of a work of its own, with all that it needs; %s tells one from another.
CLAIM = """\
@prefix claim: <https://w3id.org/pkgraph/claim/> .
@prefix concept: <https://w3id.org/pkgraph/concept/> .
@prefix kind: <https://w3id.org/pkgraph/scheme/kind/> .
@prefix occurrence: <https://w3id.org/pkgraph/occurrence/> .
@prefix passage: <https://w3id.org/pkgraph/passage/> .
@prefix passage-kind: <https://w3id.org/pkgraph/scheme/passage-kind/> .
@prefix pk: <https://w3id.org/pkgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix voice: <https://w3id.org/pkgraph/scheme/voice/> .
@prefix work: <https://w3id.org/pkgraph/work/> .

work:%(n)s a pk:Work ; rdfs:label "Example %(n)s"@en .
passage:%(n)s-1 a pk:Passage ; rdfs:label "%(n)s, section 1"@en ; pk:passageOf work:%(n)s ;
    pk:passageKind passage-kind:section ; pk:firstLine 1 ; pk:lastLine 99 .
occurrence:%(n)s-1 a pk:Occurrence ; pk:inPassage passage:%(n)s-1 ;
    pk:firstLine 2 ; pk:lastLine 3 .
claim:%(n)s-calm a pk:Claim ; rdfs:label "Patrols calm towns, says %(n)s."@en ;
    pk:voice voice:own ; pk:kind kind:empirical ; pk:about concept:peacekeeping ;
    pk:occursAt occurrence:%(n)s-1 .
"""
#: A claim that rests on the occurrence of another contribution.
RESTING = (
    CLAIM.partition("\n\n")[0]
    + """

claim:%(n)s-late a pk:Claim ; rdfs:label "Patrols come late, says %(n)s."@en ;
    pk:voice voice:own ; pk:kind kind:empirical ; pk:about concept:peacekeeping ;
    pk:occursAt occurrence:%(n)s-1 .
"""
)


def chance():
    """Return a source of random numbers, and print the seed that it can be had from again."""
    seed = random.randrange(2**32)  # noqa: S311
    print(f"seed {seed}")  # noqa: T201
    return random.Random(seed)  # noqa: S311


def written(folder, name, text):
    """Write *text* to a file in *folder*, and return its path."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def opened(folder):
    """
    Return the engine of the store in *folder*, to read.

    Whoever wrote to it in this process may have let go of it in a circle of objects, and would
    rewrite its files until that is collected.
    """
    gc.collect()
    return ox.Store.read_only(str(folder))


def contents(folder):
    """Return the statements of the store in *folder*, each with the name of its graph."""
    return {(q.triple, str(q.graph_name)) for q in opened(folder)}


def assert_whole(folder, *, conforms=False):
    """
    Assert that the store has all or nothing of each contribution, and what follows from it.

    If *conforms*, also that it conforms to the shapes, which takes a second.
    """
    engine = opened(folder)
    store = OxigraphStore(engine)
    graphs = set()
    for each in contribution.contributions(store):
        standing = each.statements if each.withdrawal is None else 0
        assert len(contribution.statements(store, each)) == standing, each.name
        graphs |= {each.graph} if standing else set()
        for file in each.files:
            assert contribution.kept(folder, file).stat().st_size == file.size
    prefix = REGISTER_GRAPH + "/"
    named = {graph.value for graph in engine.named_graphs()}
    assert {name for name in named if name.startswith(prefix)} == graphs
    quads = list(engine)  # once, since nothing here takes longer
    following = (ox.NamedNode(DERIVED_GRAPH), ox.DefaultGraph())
    rebuilt = ox.Store()
    rebuilt.extend(q for q in quads if q.graph_name not in following)
    reasoning.derive(rebuilt)
    unite(rebuilt)
    assert [q for q in quads if q not in rebuilt] == []
    assert len(rebuilt) == len(quads)
    if conforms:
        outside = ("/graph/derived>", "/graph/contributions>")
        data = [
            q.triple
            for q in quads
            if "/graph/" in str(q.graph_name) and not str(q.graph_name).endswith(outside)
        ]
        assert list(ours.findings(list(dict.fromkeys(data)), ())) == []
