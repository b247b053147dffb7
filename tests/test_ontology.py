"""What holds of the ontology and of reading it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import namespaces, ontology, resources
from pkgraph.reasoning import derive

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
HYGIENE = Path(__file__).parent / "hygiene"
PK = namespaces.PK
SKOS_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"

TURTLE = sorted(ONTOLOGY.rglob("*.ttl"))
RULES = sorted(HYGIENE.glob("*.rq"))
TERMS = [t for t in ontology.terms().values() if t.iri.startswith(PK)]


def quads(*paths: Path) -> list[ox.Quad]:
    """Return the statements of Turtle files."""
    return [
        quad
        for path in paths
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def store(*paths: Path) -> ox.Store:
    """Return a store with the statements of Turtle files."""
    filled = ox.Store()
    filled.extend(quads(*paths))
    return filled


def prefixes(path: Path) -> dict[str, str]:
    """Return the prefixes that a Turtle file declares."""
    found = re.findall(r"^@prefix ([\w-]*): <([^>]*)> \.$", path.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def parse_statement(text: str) -> list[ox.Quad]:
    """Read a Turtle statement that uses the prefixes of the one prefix table."""
    table = (ONTOLOGY / "prefixes.ttl").read_text("utf-8")
    return list(ox.parse(table + text, format=ox.RdfFormat.TURTLE))


# --- reading


def test_a_class_is_read_with_what_is_declared_of_it() -> None:
    """A class comes with its label, definition, example and parents."""
    term = ontology.terms()[PK + "Quotation"]
    assert term == ontology.Term(
        iri=PK + "Quotation",
        kind="class",
        label="quotation",
        definition="passage that the source quotes from someone",
        example="passage:bellamy-2004-1-3-jackson-quotation a pk:Quotation .",
        parents=(PK + "Passage",),
    )


def test_a_property_is_read_with_the_alternatives_of_its_domain_and_range() -> None:
    """A union is read as its members, and an inverse from either of its two ends."""
    holder, hosts, host = (ontology.terms()[PK + name] for name in ("holder", "hosts", "host"))
    assert holder.kind == "object property"
    assert holder.domain == (PK + "Attribution",)
    assert holder.range == (PK + "Work", PK + "Actor")
    assert (hosts.inverse, host.inverse) == (host.iri, hosts.iri)
    assert ontology.terms()[PK + "firstLine"].kind == "datatype property"


def test_a_property_with_listed_values_is_read_with_them() -> None:
    """The values of a closed list stand in its order, and the range is the class of values."""
    basis = ontology.terms()[PK + "basis"]
    base = namespaces.BASE + "scheme/basis/"
    assert (basis.range, basis.values) == ((SKOS_CONCEPT,), (base + "explicit", base + "inferred"))


def test_a_value_is_under_its_scheme() -> None:
    """A value of a closed list names its scheme as its parent, and the scheme is a term too."""
    value = ontology.terms()[namespaces.BASE + "scheme/signal/see-also"]
    assert (value.kind, value.label) == ("value", "see also")
    assert [ontology.terms()[parent].kind for parent in value.parents] == ["scheme"]


def test_superclasses_and_subclasses_are_closed_and_include_the_class() -> None:
    """A class is among its own superclasses and subclasses; what is unknown has only itself."""
    assert ontology.superclasses(PK + "ArmedGroup") == {
        PK + name for name in ("ArmedGroup", "Organization", "Actor")
    }
    assert ontology.subclasses(PK + "Operation") == {
        PK + name for name in ("Operation", "PeaceOperation", "Intervention", "PoliticalMission")
    }
    assert ontology.superclasses("urn:x") == ontology.subclasses("urn:x") == {"urn:x"}


@pytest.mark.parametrize(
    ("one", "other", "disjoint"),
    [
        ("Place", "State", True),
        ("PeaceOperation", "Intervention", True),
        ("Typology", "OpenQuestion", True),
        ("RegionalOrganization", "MilitaryAlliance", False),
        ("Definition", "Claim", False),
    ],
)
def test_disjointness_is_inherited(one: str, other: str, *, disjoint: bool) -> None:
    """Two classes are disjoint if classes above them are, in either order."""
    assert ontology.are_disjoint(PK + one, PK + other) is disjoint
    assert ontology.are_disjoint(PK + other, PK + one) is disjoint


def test_alignments_and_prefixes_are_not_part_of_the_ontology() -> None:
    """The files of the ontology leave out the alignments, and the schemes where not wanted."""
    names = {path.name for path in ontology.files()}
    assert {"pkgraph.ttl", "voice.ttl"} <= names
    assert names.isdisjoint({"alignments.ttl", "prefixes.ttl"})
    assert "voice.ttl" not in {path.name for path in ontology.files(schemes=False)}


def test_an_undefined_term_is_told_once_with_its_statement() -> None:
    """Undeclared classes, properties and values are found wherever they stand."""
    data = parse_statement(
        "claim:a a pk:Clam ; pk:vioce voice:own ; pk:voice voice:onw ; pk:about pk:Claim .\n"
        "claim:b a pk:Clam .\n"
    )
    found = list(ontology.undefined_terms(data))
    assert {namespaces.compact(u.iri) for u in found} == {"pk:Clam", "pk:vioce", "voice:onw"}
    assert len(found) == 3
    assert {str(u.triple.subject) for u in found} == {f"<{namespaces.BASE}claim/a>"}


def test_declared_terms_are_not_undefined() -> None:
    """The ontology and its schemes use no term that they do not declare."""
    assert not list(ontology.undefined_terms(quads(*ontology.files())))
    assert not list(ontology.undefined_terms(quads(ONTOLOGY / "alignments.ttl")))


# --- the ontology itself


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_a_hygiene_rule_trips_on_its_bad_example_only_where_that_is_bad(rule: Path) -> None:
    """Every rule finds exactly the terms of its bad example whose names say that they are bad."""
    bad = store(rule.with_suffix(".bad.ttl"))
    planted = {
        quad.subject.value
        for quad in bad
        if isinstance(quad.subject, ox.NamedNode)
        and re.search(r"[#/][Bb]ad[A-Za-z_-]*$", quad.subject.value)
    }
    found = {row["term"].value for row in bad.query(rule.read_text("utf-8"))}
    assert found == planted
    assert planted


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_the_ontology_keeps_to_every_hygiene_rule(rule: Path) -> None:
    """No term of ours is at fault by any rule."""
    rows = store(*ontology.files()).query(rule.read_text("utf-8"))
    assert [row["term"].value for row in rows] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: namespaces.compact(term.iri))
def test_an_example_is_turtle_that_uses_its_term(term: ontology.Term) -> None:
    """Every example is a Turtle statement with the term in it, and with no undeclared one."""
    triples = parse_statement(term.example)
    assert term.iri in {node.value for quad in triples for node in (quad.predicate, quad.object)}
    assert not list(ontology.undefined_terms(triples))


def test_the_header_says_what_an_ontology_should_say_of_itself() -> None:
    """There is one ontology header, and it has the metadata that readers and registries want."""
    header = ox.NamedNode(namespaces.BASE + "ontology")
    kind = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")
    merged = store(*ontology.files())
    assert {q.subject for q in merged.quads_for_pattern(None, None, kind, None)} == {header}
    said = {
        namespaces.compact(quad.predicate.value)
        for quad in merged.quads_for_pattern(header, None, None, None)
    }
    assert said >= {
        *("dcterms:title", "dcterms:description", "dcterms:abstract", "dcterms:license"),
        *("dcterms:creator", "dcterms:contributor", "dcterms:publisher", "dcterms:created"),
        *("dcterms:issued", "dcterms:modified", "dcterms:bibliographicCitation", "bibo:status"),
        *("owl:versionIRI", "owl:versionInfo"),
        *("vann:preferredNamespacePrefix", "vann:preferredNamespaceUri"),
    }


def test_listed_values_are_the_values_of_the_scheme() -> None:
    """A property with a closed list takes every value of one scheme and no other."""
    schemes: dict[str, set[str]] = {}
    for term in ontology.terms().values():
        if term.kind == "value":
            schemes.setdefault(term.parents[0], set()).add(term.iri)
    listed = [set(term.values) for term in ontology.terms().values() if term.values]
    assert all(values in schemes.values() for values in listed)
    assert all(values in listed for values in schemes.values())


def test_all_values_are_declared_different() -> None:
    """Every value of every scheme is told apart from all the others in one axiom."""
    rows = store(ONTOLOGY / "pkgraph.ttl").query(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>"
        "SELECT ?value { ?axiom owl:distinctMembers/rdf:rest*/rdf:first ?value }"
    )
    different = [row["value"].value for row in rows]
    assert sorted(different) == sorted(
        term.iri for term in ontology.terms().values() if term.kind == "value"
    )


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: path.relative_to(ONTOLOGY).as_posix())
def test_prefixes_agree_with_the_one_table_and_are_used(path: Path) -> None:
    """A file declares a prefix as the prefix table does, and only if it uses it."""
    table = prefixes(ONTOLOGY / "prefixes.ttl")
    declared = prefixes(path)
    assert declared.items() <= table.items()
    if path.name != "prefixes.ttl":
        body = re.sub(r'"(?:\\.|[^"\\])*"|<[^>]*>', "", path.read_text("utf-8"))
        assert {p for p in declared if not re.search(rf"(?<![\w-]){p}:[\w-]", body)} == set()


def test_turtle_is_formatted() -> None:
    """Every file under ontology/ is as turtlefmt writes it."""
    command = [str(Path(sys.executable).with_name("turtlefmt")), "--check", str(ONTOLOGY)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_nothing_is_said_to_be_the_same() -> None:
    """Neither the ontology nor its alignments use owl:sameAs."""
    same = ox.NamedNode("http://www.w3.org/2002/07/owl#sameAs")
    assert same not in {quad.predicate for quad in quads(*TURTLE)}


def test_every_class_and_property_is_used() -> None:
    """Each is in the graph, in a valid example of the shapes, or derived from these."""
    used = store(
        *ontology.files(),
        *resources.data_files("graph", ".ttl"),
        *sorted((ROOT / "tests" / "corpus").glob("*/valid/*.ttl")),
    )
    derive(used)
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    found = {
        quad.object.value if quad.predicate == kind else quad.predicate.value
        for quad in used
        if isinstance(quad.object, ox.NamedNode) or quad.predicate != kind
    }
    assert [namespaces.compact(term.iri) for term in TERMS if term.iri not in found] == []


# --- the OWL 2 DL profile


def validate_profile(*files: Path) -> subprocess.CompletedProcess[str]:
    """Run the profile check; where its tools are missing, skip, but not in CI."""
    command = [sys.executable, str(ROOT / ".ci" / "validate_profile.py"), *map(str, files)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode == 3 and os.environ.get("CI", "") != "true":
        pytest.skip(run.stderr.strip())
    return run


def test_the_ontology_is_within_owl_2_dl() -> None:
    """The OWL API finds the ontology within the profile, alone and with its alignments."""
    run = validate_profile()
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count("within the profile") == 2


@pytest.mark.parametrize(
    "axiom",
    [
        "pk:statedIn a owl:FunctionalProperty .",
        "pk:Claim rdfs:subClassOf pk:Undeclared .",
        "pk:voice a owl:DatatypeProperty .",
    ],
)
def test_an_axiom_outside_owl_2_dl_is_reported(axiom: str, tmp_path: Path) -> None:
    """A functional property that a chain implies, an undeclared class and a pun are refused."""
    planted = tmp_path / "planted.ttl"
    planted.write_text((ONTOLOGY / "prefixes.ttl").read_text("utf-8") + axiom, "utf-8")
    run = validate_profile(*ontology.files(), planted)
    assert run.returncode == 1
    assert "outside the profile" in run.stdout
