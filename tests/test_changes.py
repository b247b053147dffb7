"""What holds of checking a change: its verdict is that on the whole graph after the change."""

from __future__ import annotations

import random
from collections import deque
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pkgraph import intake, resources
from pkgraph.namespaces import BASE, GRAPH, PK, PKS, RDF
from pkgraph.validation import changes, compiled, delta, hints, ours, reads, shapes
from pkgraph.validation.graphs import Changed, Statements, StoredGraphs
from pkgraph.validation.nodes import name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.validation import Finding

TYPE = ox.NamedNode(RDF + "type")
PREFIXES = """
PREFIX : <https://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def told(found: Iterable[Finding]) -> set[tuple[object, ...]]:
    """Return what findings say, but for their words."""
    return {(f.focus, f.path, f.component, f.value, f.severity, f.shape) for f in found}


# --- our shapes, on a part of the shipped graph


@cache
def realistic() -> tuple[ox.Triple, ...]:
    """Return a part of the shipped graph that conforms: some claims and all that they lead to."""
    found: dict[ox.Triple, None] = {}
    of: dict[object, list[ox.Triple]] = {}
    for path in resources.data_files("graph", ".ttl"):
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            of.setdefault(quad.subject, []).append(quad.triple)
    # Argument links point at claims and are pointed at by nothing, so they are where to start.
    links = sorted(str(s) for s in of if str(s).startswith(f"<{BASE}link/"))
    waiting = deque(ox.NamedNode(iri[1:-1]) for iri in random.Random(5).sample(links, 12))  # noqa: S311
    passed = set()
    while waiting:
        node = waiting.popleft()
        if node not in passed:
            passed.add(node)
            found |= dict.fromkeys(of.get(node, ()))
            waiting.extend(t.object for t in of.get(node, ()) if t.object in of)
    return tuple(found)


@cache
def stored() -> tuple[ox.Store, StoredGraphs]:
    """Return a store that has them."""
    store = ox.Store()
    store.extend(ox.Quad(*triple, ox.NamedNode(GRAPH + "test")) for triple in realistic())
    return store, StoredGraphs(store, lambda _: True)


#: One edit: what is done, which statement it is done to, and which other one has a part in it.
EDIT = st.tuples(
    st.sampled_from(
        ["remove", "remove thing", "other value", "any value", "rename", "copy", "retype", "fresh"]
    ),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)


def edited(edits: Iterable[tuple[str, int, int]]) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Return what *edits* add and what they remove."""
    added: list[ox.Triple] = []
    removed: list[ox.Triple] = []
    triples = realistic()
    for kind, one, other in edits:
        triple, second = triples[one % len(triples)], triples[other % len(triples)]
        alike = [t for t in triples if t.predicate == triple.predicate]
        thing = [t for t in triples if t.subject == triple.subject]
        if kind in {"remove", "other value"}:
            removed.append(triple)
        if kind == "remove thing":
            removed += thing
        if kind == "other value":
            value = alike[other % len(alike)].object
            added.append(ox.Triple(triple.subject, triple.predicate, value))
        if kind == "any value":
            added.append(ox.Triple(triple.subject, triple.predicate, second.object))
        if kind in {"rename", "copy"}:
            new = ox.NamedNode(triple.subject.value + "-x")
            added += [ox.Triple(new, t.predicate, t.object) for t in thing]
            removed += thing if kind == "rename" else []
        if kind == "retype":
            types = [t for t in triples if t.predicate == TYPE]
            removed += [t for t in thing if t.predicate == TYPE]
            added.append(ox.Triple(triple.subject, TYPE, types[other % len(types)].object))
        if kind == "fresh":
            new = ox.NamedNode(f"{BASE}claim/new-{other}")
            added.append(ox.Triple(new, triple.predicate, triple.object))
    return added, removed


def test_the_part_of_the_graph_conforms_and_is_of_some_size() -> None:
    """The graph that is edited has nothing wrong with it, and most shapes have a use there."""
    assert list(ours.findings(realistic(), ())) == []
    assert len(realistic()) > 500


@settings(max_examples=1000, print_blob=True, suppress_health_check=list(HealthCheck))
@given(st.lists(EDIT, min_size=1, max_size=5))
@pytest.mark.long
@pytest.mark.slow
def test_a_change_has_the_verdict_of_the_whole_graph(edits: list[tuple[str, int, int]]) -> None:
    """Of a thousand edits, checking the change finds what checking everything finds."""
    added, removed = edited(edits)
    graph = Changed(stored()[1], added, removed)
    everything = list(dict.fromkeys(graph.triples(None, None, None)))
    with pytest.MonkeyPatch.context() as patched:
        # Which name was meant takes half of the time, and is words: it is asked for one in ten.
        if edits[0][1] % 10:
            patched.setattr(hints.Described, "hint", lambda *_: "")
        whole = list(ours.findings(everything, ()))
        event("conforms" if not whole else "does not conform")
        assert told(changes.findings(graph, [*added, *removed])) == told(whole)


def test_what_points_at_a_changed_node_is_checked() -> None:
    """A claim stops conforming when its occurrence goes, which the claim itself does not show."""
    occurs = next(t for t in realistic() if t.predicate.value == PK + "occursAt")
    removed = [t for t in realistic() if t.subject == occurs.object]
    report = changes.check_change(stored()[1], [], removed)
    assert (occurs.subject.value, PKS + "Claim-occursAt") in {
        (finding.focus, finding.shape) for finding in report.findings
    }


def test_a_finding_has_its_place_in_what_is_added() -> None:
    """What is wrong with a contribution is told with line and column."""
    text = "<https://w3id.org/pkgraph/concept/new> a <https://w3id.org/pkgraph/ontology#Concept> ."
    report = changes.check_change(stored()[1], intake.read(text))
    assert [(f.shape, f.line) for f in report.findings] == [(PKS + "Thing-label", 1)]


def test_what_the_store_has_is_not_for_others_to_describe() -> None:
    """A claim of the store keeps its voice, whoever says otherwise."""
    claim = next(t.subject for t in realistic() if t.object == ox.NamedNode(PK + "Claim"))
    report = changes.check_change(
        stored()[1], intake.read(f"{claim} <{PK}about> <{BASE}concept/peacekeeping-x> .")
    )
    assert [f.shape for f in report.findings] == [PKS + "Thing-owner"]
    assert f"described in {GRAPH}test" in report.findings[0].message


# --- any shapes, on small graphs of any make


FEATURES = {
    "class": ":S sh:targetClass :A ; sh:property [ sh:path :p ; sh:class :B ] .",
    "inverse": """:S sh:targetClass :A ;
        sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ] .""",
    "sequence": ":S sh:targetClass :A ; sh:property [ sh:path ( :p :q ) ; sh:minCount 1 ] .",
    "sequence with inverse": """:S sh:targetClass :A ;
        sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:class :B ] .""",
    "alternative": """:S sh:targetClass :A ;
        sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1 ] .""",
    "zero or more": """:S sh:targetClass :A ;
        sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:class :B ] .""",
    "one or more of a sequence": """:S sh:targetClass :A ;
        sh:property [ sh:path [ sh:oneOrMorePath ( :p :q ) ] ; sh:maxCount 1 ] .""",
    "zero or one": """:S sh:targetClass :A ;
        sh:property [ sh:path ( [ sh:zeroOrOnePath :p ] :q ) ; sh:maxCount 1 ] .""",
    "node": """:S sh:targetClass :A ; sh:property [ sh:path :p ; sh:node :T ] .
        :T a sh:NodeShape ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:class :B ] .""",
    "not": """:S sh:targetSubjectsOf :p ; sh:not :T .
        :T a sh:NodeShape ; sh:property [ sh:path :q ; sh:class :B ; sh:minCount 1 ] .""",
    "or": """:S sh:targetObjectsOf :p ; sh:or ( [ sh:class :A ] [ sh:property
        [ sh:path :q ; sh:minCount 1 ] ] ) .""",
    "xone": """:S sh:targetClass :A ; sh:xone ( [ sh:property [ sh:path :p ; sh:minCount 1 ] ]
        [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ) .""",
    "and": """:S sh:targetClass :A ; sh:and ( [ sh:property [ sh:path :p ; sh:maxCount 1 ] ]
        [ sh:property [ sh:path :q ; sh:node [ sh:class :B ] ] ] ) .""",
    "qualified": """:S sh:targetClass :A ; sh:property [ sh:path :p ;
        sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMinCount 1 ] .""",
    "qualified and disjoint": """:S sh:targetClass :A ; sh:property
        [ sh:path :p ; sh:qualifiedValueShapesDisjoint true ;
          sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMinCount 1 ] ,
        [ sh:path :p ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape
          [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ; sh:qualifiedMinCount 1 ] .""",
    "closed": ":S sh:targetClass :A ; sh:closed true ; sh:ignoredProperties ( rdf:type :p ) .",
    "closed values": """:S sh:targetClass :A ; sh:property [ sh:path :p ;
        sh:node [ sh:closed true ; sh:ignoredProperties ( rdf:type :q ) ] ] .""",
    "pairs": """:S sh:targetClass :A ; sh:property [ sh:path :p ; sh:disjoint :q ] ,
        [ sh:path :q ; sh:equals :r ] .""",
    "pairs of values": """:S sh:targetClass :A ; sh:property [ sh:path :p ;
        sh:node [ sh:property [ sh:path :q ; sh:disjoint :r ] ] ] .""",
    "property in property": """:S sh:targetClass :A ; sh:property [ sh:path :p ;
        sh:property [ sh:path :q ; sh:maxCount 1 ;
          sh:property [ sh:path :r ; sh:class :B ] ] ] .""",
    "node target": """:S sh:targetNode :a ;
        sh:property [ sh:path :p ; sh:minCount 1 ; sh:class :B ] .""",
    "property shape with a target": """:S a sh:PropertyShape ;
        sh:targetClass :A ; sh:path :p ; sh:class :B .""",
    "class as shape": ":A a rdfs:Class , sh:NodeShape ; sh:property [ sh:path :p ; sh:class :B ] .",
    "sparql": """:S sh:targetClass :A ; sh:sparql [ sh:select '''
        PREFIX : <https://example.org/>
        SELECT $this ?value WHERE { $this :p ?x . ?value :q ?x . ?x a :B
          FILTER NOT EXISTS { $this :r ?value } }''' ] .""",
    "sparql with a sub-select": """:S sh:targetClass :A ; sh:sparql [ sh:select '''
        PREFIX : <https://example.org/>
        SELECT $this WHERE { { SELECT $this (COUNT(?v) AS ?n) WHERE { $this :p ?v } GROUP BY $this }
          OPTIONAL { $this :q ?v . ?v :r ?w } FILTER(?n > 1 && !BOUND(?w)) }''' ] .""",
}
NODES = [ox.NamedNode(f"https://example.org/{letter}") for letter in "abcd"]
CLASSES = [ox.NamedNode(f"https://example.org/{letter}") for letter in "ABC"]
STATEMENT = st.one_of(
    st.builds(
        ox.Triple,
        st.sampled_from(NODES),
        st.sampled_from([ox.NamedNode(f"https://example.org/{letter}") for letter in "pqr"]),
        st.sampled_from(NODES),
    ),
    st.builds(ox.Triple, st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES)),
    st.builds(
        ox.Triple,
        st.sampled_from(CLASSES),
        st.just(reads.SUBCLASS),
        st.sampled_from(CLASSES),
    ),
)
GRAPHS = st.sets(STATEMENT, max_size=14)


def analysed(text: str) -> tuple[shapes.Shapes, delta.Analysed | None]:
    """Return shapes, and what they read."""
    kinds = "" if ":S a " in text or ":A a " in text else ":S a sh:NodeShape .\n"
    given_shapes = shapes.read(PREFIXES + kinds + text)
    found = reads.analyse(given_shapes)
    return given_shapes, None if found is None else delta.Analysed(found)


@pytest.mark.parametrize("feature", FEATURES)
@QUICK
@given(GRAPHS, st.sets(STATEMENT, max_size=3), st.randoms(use_true_random=False))
def test_a_change_has_the_verdict_of_the_whole_by_any_shape(
    feature: str, graph: set[ox.Triple], added: set[ox.Triple], chance: random.Random
) -> None:
    """What shapes of any kind find at the nodes to be looked at is all that is new."""
    given_shapes, what_is_read = analysed(FEATURES[feature])
    assert what_is_read is not None
    removed = {t for t in sorted(graph, key=str) if chance.random() < 0.15} - added
    after = Changed(Statements(graph), added, removed)
    there = delta.neighbourhood(what_is_read, after, added | removed)
    foci = {name(node) for node in there.foci}

    def found(triples: Iterable[ox.Triple]) -> set[tuple[object, ...]]:
        return told(compiled.findings(list(triples), given_shapes))

    def here(all_of: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
        return {each for each in all_of if each[0] in foci}

    whole = found(dict.fromkeys(after.triples(None, None, None)))
    assert here(found(there.statements)) == here(whole)
    assert whole - here(whole) <= found(graph)


@pytest.mark.parametrize(
    "text",
    [
        ":S sh:targetClass :A ; sh:property [ sh:path :p ; sh:node :S ] .",
        ":S sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this {}' ] ; sh:targetClass :A .",
        ":S sh:targetClass :A ; sh:sparql [ sh:select 'SELECT $this { ?any ?is ?there }' ] .",
        ":S sh:targetClass :A ; sh:sparql [ sh:select 'SELECT $this { $this ?p ?o }' ] .",
        ":S sh:targetClass :A ; sh:sparql [ sh:select 'SELECT $this { $this <urn:p>+ ?o }' ] .",
        ":S sh:targetClass :A ; sh:sparql [ sh:select 'SELECT $this { $this $PATH ?o }' ] .",
        """:S sh:targetClass :A ; :own 1 .
           :C a sh:ConstraintComponent ; sh:parameter [ sh:path :own ] .""",
    ],
)
def test_shapes_that_cannot_be_analysed_are_known_as_such(text: str) -> None:
    """What reads more than can be told from the shape is not guessed at."""
    assert analysed(text)[1] is None


def test_without_an_analysis_everything_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """If our shapes could not be analysed, the verdict would be the same."""
    monkeypatch.setattr(changes, "_our_shapes", lambda: None)
    occurs = next(t for t in realistic() if t.predicate.value == PK + "occursAt")
    removed = [t for t in realistic() if t.subject == occurs.object]
    assert not changes.check_change(stored()[1], [], removed).conforms


def test_a_hub_is_not_looked_through() -> None:
    """A claim about what a hundred thousand claims are about takes none of these along."""
    about = next(t for t in realistic() if t.predicate.value == PK + "about")
    store = ox.Store()
    store.extend(ox.Quad(*triple, ox.NamedNode(GRAPH + "test")) for triple in realistic())

    def others() -> Iterator[ox.Quad]:
        for number in range(5000):
            other = ox.NamedNode(f"{BASE}claim/other-{number}")
            yield ox.Quad(other, about.predicate, about.object, ox.NamedNode(GRAPH + "other"))

    store.bulk_extend(others())
    added = [
        ox.Triple(ox.NamedNode(BASE + "claim/x"), t.predicate, t.object)
        for t in realistic()
        if t.subject == about.subject
    ]
    graph = Changed(StoredGraphs(store, lambda _: True), added, [])
    there = delta.neighbourhood(changes._our_shapes(), graph, added)
    assert len(there.foci) == 1
    assert len(there.statements) < 100


def test_the_shapes_of_pkgraph_can_be_analysed() -> None:
    """No change is checked by looking at the whole graph."""
    assert reads.analyse(shapes.ours()) is not None
