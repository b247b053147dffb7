"""What holds of the shapes, and of the examples that they let pass or find fault with."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import SH

from pkgraph import namespaces, ontology, resources, turtle
from pkgraph.namespaces import PK, PKS
from pkgraph.validation import check, compiled, hints, reference
from pkgraph.validation import shapes as shapes_graphs

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(__file__).parent / "corpus"
FILES = resources.data_files("shapes", ".ttl")
VALID = sorted(CORPUS.glob("*/valid/*.ttl"))
INVALID = sorted(CORPUS.glob("*/invalid/*.ttl"))
OURS = shapes_graphs.ours()
SHAPES = reference.graph(OURS)

#: What pkgraph checks beyond SHACL, under the names of shapes without a target; and besides these
#: Thing-faults, of which an example would have thousands of faults of other kinds.
BEYOND = {
    f"Thing-{name}" for name in ("address", "characters", "length", "owner", "terms", "values")
}
TARGETS = (SH.targetClass, SH.targetSubjectsOf)
TARGETED = {shape for target in TARGETS for shape in SHAPES.subjects(target)}
PROPERTIES = {each for shape in TARGETED for each in SHAPES.objects(shape, SH.property)}
CONCRETE = {
    str(each).removeprefix(PK)
    for each in Collection(SHAPES, SHAPES.value(rdflib.URIRef(PKS + "OfClass-type"), SH["in"]))
}


def local(node: object) -> str:
    """Return the name of a shape without its namespace."""
    return str(node).removeprefix(PKS)


def folder(class_: str) -> str:
    """Return the name of the folder with the examples of a class."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", class_).lower()


def relative(path: Path) -> str:
    """Return the name of an example, for the name of its test."""
    return path.relative_to(CORPUS).with_suffix("").as_posix()


def listed(shape: rdflib.term.Node) -> list[str]:
    """Return the values that a shape lists."""
    return [str(each) for each in Collection(SHAPES, SHAPES.value(shape, SH["in"]))]


# --- the files


def test_turtle_is_formatted() -> None:
    """Every file under shapes/ is as turtlefmt writes it."""
    command = [str(Path(sys.executable).with_name("turtlefmt")), "--check", str(ROOT / "shapes")]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", [*FILES, *VALID, *INVALID], ids=lambda path: path.stem)
def test_prefixes_agree_with_the_one_table_and_are_used(path: Path) -> None:
    """A file declares a prefix as the prefix table does, and only if it uses it."""
    text = path.read_text("utf-8")
    declared = dict(re.findall(r"^@prefix ([\w-]*): <([^>]*)> \.$", text, re.MULTILINE))
    assert declared.items() <= namespaces.prefixes().items()
    assert list(declared) == sorted(declared)
    body = re.sub(r'"(?:\\.|[^"\\])*"|<[^>]*>', "", text)
    assert {p for p in declared if not re.search(rf"(?<![\w-]){p}:[\w-]", body)} == set()


def test_the_shapes_are_valid_shacl() -> None:
    """The shapes conform to the shapes of shapes that the W3C gives."""
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


# --- each shape


def test_every_class_has_one_closed_shape() -> None:
    """Each class that a thing can have has a closed shape; only classes with others below lack."""
    closed = {
        local(shape): {str(each).removeprefix(PK) for each in SHAPES.objects(shape, SH.targetClass)}
        for shape in SHAPES.subjects(SH.closed, rdflib.Literal(lexical_or_value=True))
    }
    assert closed == {name: {name} for name in CONCRETE}
    abstract = {t.iri for t in ontology.terms().values() if t.kind == "class"}
    abstract -= {PK + name for name in CONCRETE}
    assert {namespaces.compact(iri) for iri in abstract} == {"pk:Actor", "pk:Operation"}


def test_every_class_has_a_shape_of_its_address() -> None:
    """Each class has a shape that says how the addresses of its things are made."""
    assert {local(s).removesuffix("-slug") for s in TARGETED if s.endswith("-slug")} == CONCRETE


def test_no_shape_is_without_a_name() -> None:
    """Every shape has an IRI of its own, so that reports can point at it."""
    used = {o for p in (SH.property, SH.node, SH["not"]) for o in SHAPES.objects(None, p)}
    used |= {m for p in (SH["or"], SH.xone) for o in SHAPES.objects(None, p)
             for m in Collection(SHAPES, o)}  # fmt: skip
    used |= set(SHAPES.subjects(rdflib.RDF.type, SH.NodeShape))
    used |= set(SHAPES.subjects(rdflib.RDF.type, SH.PropertyShape))
    assert {node for node in used if not node.startswith(PKS)} == set()
    kinds = (SH.NodeShape, SH.PropertyShape)
    assert {n for n in used if not any((n, rdflib.RDF.type, k) in SHAPES for k in kinds)} == set()


@pytest.mark.parametrize("shape", sorted(TARGETED | PROPERTIES), ids=local)
def test_a_shape_says_what_it_is_and_what_to_do(shape: rdflib.URIRef) -> None:
    """Each shape has one name, one description, and one message with a remedy, in English."""
    for predicate in (SH.name, SH.description, SH.message):
        texts = list(SHAPES.objects(shape, predicate))
        assert [each.language for each in texts] == ["en"]
    wanted, _, mend = str(SHAPES.value(shape, SH.message)).partition(". ")
    assert wanted
    assert mend.endswith(".")


@pytest.mark.parametrize("shape", sorted(PROPERTIES), ids=local)
def test_a_message_says_what_is_checked_and_no_more(shape: rdflib.URIRef) -> None:
    """Counts, classes, lists and limits are in the message if and only if the shape has them."""
    message = str(SHAPES.value(shape, SH.message))
    wanted = message.partition(". ")[0]
    counts = {
        ("1", "1"): "exactly one",
        ("0", "1"): "at most one",
        ("1", "*"): "at least one",
        ("0", "*"): None,
    }
    least, most = SHAPES.value(shape, SH.minCount), SHAPES.value(shape, SH.maxCount)
    said = counts[str(least or 0), str(most or "*")]
    assert [word for word in counts.values() if word and word in wanted] == ([said] if said else [])
    if (class_ := SHAPES.value(shape, SH["class"])) is not None:
        assert f"described {namespaces.compact(str(class_))}" in wanted
    if (SHAPES.value(shape, SH["in"])) is not None:
        assert re.findall(r"[a-z-]+:[a-z-]+[a-z]", wanted)[-len(listed(shape)) :] == [
            namespaces.compact(value) for value in listed(shape)
        ]
    limits = {
        SH.minInclusive: "a whole number from {} up",
        SH.maxLength: "of at most {} characters",
        SH.languageIn: "in English (@en)",
        SH.lessThanOrEquals: "is not before",
    }
    for predicate, words in limits.items():
        value = SHAPES.value(shape, predicate)
        assert (words.split("{}")[0] in wanted) == (value is not None)
        assert value is None or "{}" not in words or words.format(value) in wanted


# --- the shapes and the ontology


@pytest.mark.parametrize("shape", sorted(PROPERTIES), ids=local)
def test_a_shape_asks_for_no_more_than_the_ontology_allows(shape: rdflib.URIRef) -> None:
    """Listed values are those of the ontology; a class asked for is in the range, or below."""
    term = ontology.terms().get(str(SHAPES.value(shape, SH.path)))
    if term is None:
        return
    if (SHAPES.value(shape, SH["in"])) is not None:
        assert listed(shape) == list(term.values)
    allowed = {below for iri in term.range for below in ontology.subclasses(iri)}
    node = SHAPES.value(shape, SH.node)
    asked = {str(each) for each in SHAPES.objects(shape, SH["class"])}
    if node is not None and SHAPES.value(node + "-type", SH["in"]) is not None:
        asked |= set(listed(node + "-type"))
    assert not term.range or asked <= allowed


@pytest.mark.parametrize("class_", sorted(CONCRETE))
def test_a_closed_shape_lists_the_properties_that_the_ontology_gives_the_class(
    class_: str,
) -> None:
    """What is in the domain of a property has it in its shape, unless the property is derived."""
    paths = {
        str(SHAPES.value(each, SH.path))
        for each in SHAPES.objects(rdflib.URIRef(PKS + class_), SH.property)
    }
    typed = {str(SHAPES.value(each, SH.path)) for each in PROPERTIES}
    above = ontology.superclasses(PK + class_)
    declared = {
        term.iri
        for term in ontology.terms().values()
        if term.kind.endswith("property") and not above.isdisjoint(term.domain)
    }
    assert {p for p in paths if p.startswith(PK)} == declared & typed


@pytest.mark.parametrize(
    ("shape", "class_"),
    [
        ("AnyClaim", "Claim"),
        ("AnyPassage", "Passage"),
        ("AnyActor", "Actor"),
        ("AnyOrganization", "Organization"),
        ("AnyOperation", "Operation"),
    ],
)
def test_a_shape_for_a_wide_class_lists_the_classes_below(shape: str, class_: str) -> None:
    """Without the ontology a shape knows what is below a class only by a list, which is whole."""
    found = {iri.removeprefix(PK) for iri in listed(rdflib.URIRef(f"{PKS}{shape}-type"))}
    below = {iri.removeprefix(PK) for iri in ontology.subclasses(PK + class_)}
    assert found == below & CONCRETE


def test_every_property_that_a_shape_knows_makes_a_thing() -> None:
    """What has any of our properties is looked at for its class."""
    targets = set(SHAPES.objects(rdflib.URIRef(PKS + "Thing-class"), SH.targetSubjectsOf))
    paths = {SHAPES.value(each, SH.path) for each in PROPERTIES}
    assert {str(p) for p in paths if p.startswith(PK)} <= set(map(str, targets))


def test_what_a_shape_compares_has_shapes_of_its_own() -> None:
    """Where a comparison is left out for a fault in its parts, some shape tells of the fault."""
    names = {local(shape).rpartition("-")[2] for shape in TARGETED | PROPERTIES}
    paths = {str(SHAPES.value(each, SH.path)) for each in PROPERTIES}
    assert set(hints._COMPARED) <= names
    assert set().union(*hints._COMPARED.values()) <= paths


# --- the shipped graph


def test_the_shipped_graph_conforms() -> None:
    """All files of the graph together have nothing wrong with them."""
    report = check(resources.data_files("graph", ".ttl"))
    assert list(map(str, report.findings)) == []


def test_the_shipped_graph_conforms_beside_the_ontology() -> None:
    """Nothing is found in the graph and the ontology in one, superclasses and all."""
    paths = [*resources.data_files("graph", ".ttl"), *ontology.files()]
    triples = [triple for path in paths for triple in turtle.parse(turtle.read(path))]
    assert [finding.statement for finding in compiled.findings(triples, OURS)] == []


# --- the examples


def test_every_class_has_examples_and_every_folder_a_class() -> None:
    """There is a folder of valid examples for each class and for nothing else."""
    assert {path.parent.parent.name for path in VALID} == {folder(c) for c in CONCRETE}
    assert {path.parent.parent.name for path in INVALID} <= {folder(c) for c in CONCRETE}


def test_every_shape_has_an_example_that_it_finds_fault_with() -> None:
    """Each shape that can find something has an invalid example that bears its name."""
    names = {path.stem.partition("--")[0] for path in INVALID}
    assert names == {local(shape) for shape in TARGETED | PROPERTIES} | BEYOND


@pytest.mark.parametrize("class_", sorted(CONCRETE))
def test_valid_examples_conform_and_use_every_property(class_: str) -> None:
    """The examples of a class pass, and have all its properties between them."""
    paths = sorted((CORPUS / folder(class_) / "valid").glob("*.ttl"))
    used = set()
    for path in paths:
        triples = turtle.parse(turtle.read(path))
        assert list(map(str, check(path).findings)) == []
        kind = ox.NamedNode(PK + class_)
        things = {t.subject for t in triples if t.object == kind}
        used |= {t.predicate.value for t in triples if t.subject in things}
    shape = rdflib.URIRef(PKS + class_)
    known = {str(SHAPES.value(p, SH.path)) for p in SHAPES.objects(shape, SH.property)}
    assert known - used == set()


@pytest.mark.parametrize("path", INVALID, ids=relative)
def test_an_invalid_example_is_found_by_its_shape_alone(path: Path) -> None:
    """The shape in the name of the file finds something, with its place, and no other does."""
    report = check(path)
    shape = path.stem.partition("--")[0]
    assert {local(finding.shape) for finding in report.findings} == {shape}
    assert all(finding.file == str(path) and finding.line for finding in report.findings)


def test_every_constraint_has_an_example_that_needs_it() -> None:
    """Take any one constraint away, and some invalid example would pass its shape."""
    needed = set()
    for path in INVALID:
        name = PKS + path.stem.partition("--")[0]
        # The reference finds the same in each of these files: test_engines.py.
        report = compiled.findings(turtle.parse(turtle.read(path)), OURS)
        found = {finding.component for finding in report if finding.shape == name}
        if len(found) == 1:
            needed |= {(local(name), found.pop().removeprefix(str(SH)))}
    parameters = (
        *("minCount", "maxCount", "in", "class", "node", "datatype", "languageIn", "pattern"),
        *("maxLength", "minInclusive", "nodeKind", "lessThanOrEquals", "disjoint"),
        *("not", "or", "xone", "closed"),
    )
    components = {
        SH[each]: f"{each[0].upper()}{each[1:]}ConstraintComponent" for each in parameters
    }
    components[SH.sparql] = "SPARQLConstraintComponent"
    has = {
        (local(shape), components[predicate])
        for shape in TARGETED | PROPERTIES
        for predicate in SHAPES.predicates(shape)
        if predicate in components
    }
    assert has - needed == set()


# --- the slips of an encoder

CITATION = """
citation:bellamy-2004-1-slip a pk:Attribution ;
  pk:holder work:woodhouse-2000 ;
  pk:role role:holds ;
  pk:signal signal:direct ;
  pk:pages "14" ;
  pk:inPassage passage:bellamy-2004-1-1-p6 ;
  pk:firstLine 122 ;
  pk:lastLine 122 .
"""
PASSAGE = """
passage:bellamy-2004-1-9 a pk:Passage ;
  rdfs:label "section 9"@en ;
  pk:passageOf work:bellamy-2004 ;
  pk:passageKind passage-kind:section ;
  pk:partOf passage:bellamy-2004-1 ;
  pk:firstLine 1090 ;
  pk:lastLine 1095 .
"""
TYPOLOGY = """
claim:slip a pk:Typology ;
  rdfs:label "A slip"@en ;
  pk:voice voice:own ;
  pk:kind kind:conceptual ;
  pk:about concept:peacekeeping ;
  pk:statedCount 2 ;
  pk:namesType type:durch-1997-traditional-peacekeeping , type:durch-1997-peace-enforcement ;
  pk:occursAt occurrence:bellamy-2004-1-no-victory-1 .
"""
LINK = """
link:bellamy-2004-1-no-victory-attacks-bellamy-2004-1-took-sides a pk:ArgumentLink ;
  pk:from claim:bellamy-2004-1-no-victory ;
  pk:relation relation:attacks ;
  pk:to claim:bellamy-2004-1-took-sides ;
  pk:basis basis:explicit ;
  pk:madeBy work:bellamy-2004 ;
  pk:inPassage passage:bellamy-2004-1-1-p6 ;
  pk:firstLine 122 ;
  pk:lastLine 122 .
"""
#: What is as it should be, what an encoder makes of it, and: the shape, the line, the remedy.
SLIPS = {
    "a holder that is not in the works list": (
        *(CITATION, "woodhouse-2000", "woodhuose-2000"),
        *("Attribution-holder", 3, "Did you mean work:woodhouse-2000?"),
    ),
    "pages that run backwards": (
        *(CITATION, '"14"', '"47-3"'),
        *("Attribution-pagesForward", 6, "Correct pk:pages"),
    ),
    "lines outside the source": (
        *(CITATION, "Line 122 .", "Line 1220 ."),
        *("Attribution-insidePassage", 2, "Correct the lines"),
    ),
    "a passage outside the source": (
        *(PASSAGE, "Line 1095 .", "Line 1096 ."),
        *("Passage-insideWhole", 2, "Correct the lines"),
    ),
    "a claim in two voices": (
        *(TYPOLOGY, "voice:own", "voice:own , voice:reported"),
        *("Claim-voice", 4, "say so on the occurrence"),
    ),
    "more types than the typology counts": (
        *(TYPOLOGY, "Count 2", "Count 1"),
        *("Typology-namedTypes", 2, "Correct pk:statedCount"),
    ),
    "an attack on oneself": (
        *(LINK, "2004-1-took-sides", "2004-1-no-victory"),
        *("ArgumentLink-otherEnd", 3, "Correct pk:from or pk:to"),
    ),
}


@pytest.fixture
def checked(tmp_path: Path):
    """Return a function that checks statements beside the shipped graph."""
    path = tmp_path / "planted.ttl"
    table = (ROOT / "ontology" / "prefixes.ttl").read_text("utf-8").replace("\n", " ")

    def run(text: str):
        path.write_text(table + text, "utf-8")
        return check(path).findings

    return run


@pytest.mark.parametrize("slip", SLIPS)
def test_a_typical_slip_is_caught_with_line_and_remedy(slip: str, checked) -> None:
    """What encoders get wrong is found beside the shipped graph, by one shape, with its line."""
    text, right, wrong, shape, line, remedy = SLIPS[slip]
    assert list(map(str, checked(text))) == []
    (finding,) = checked(text.replace(right, wrong))
    assert (local(finding.shape), finding.line) == (shape, line)
    assert remedy in finding.message


@pytest.mark.parametrize("pages", ["43-7", "443–4", "199-203", "ch. 6", "pp. 9 – 11", "43-47, 50"])
def test_pages_in_order_pass(pages: str, checked) -> None:
    """A range that is printed short is read with the digits that it leaves out."""
    assert list(map(str, checked(CITATION.replace("14", pages)))) == []
