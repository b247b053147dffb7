"""What holds of checking data, of what is found in it, and of where that is said to be."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import SH

from pkgraph import intake, namespaces, resources, validation
from pkgraph.errors import EnvironmentFailure, InputError, TurtleSyntaxError, UsageError
from pkgraph.namespaces import BASE, PK, PKS
from pkgraph.validation import Finding, Report, check, compiled, nodes, sources

GRAPH = resources.folder("graph")
CORPUS = Path(__file__).parent / "corpus"
VALID = CORPUS / "claim" / "valid" / "least.ttl"
TABLE = "".join(f"@prefix {p}: <{ns}> .\n" for p, ns in namespaces.prefixes().items())
OCCURRENCE = """occurrence:example-2001-1 a pk:Occurrence ;
    pk:inPassage passage:bellamy-2004-1-0-p1 ;
    pk:firstLine 5 ;
    pk:lastLine 6 .
"""
CLAIM = """claim:example-2001-calm a pk:Claim ;
    rdfs:label "Monitors calm a border"@en ;
    pk:voice voice:own ;
    pk:kind kind:causal ;
    pk:about concept:peacekeeping ;
    pk:occursAt occurrence:example-2001-1 .
"""
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix x: <urn:x:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def texts(report: Report) -> list[str]:
    """Return the findings of a report, each on its line."""
    return [str(finding) for finding in report.findings]


def shapes(report: Report) -> list[str]:
    """Return the names of the shapes that found something."""
    return [finding.shape.removeprefix(PKS) for finding in report.findings]


def only(report: Report) -> Finding:
    """Return the one finding of a report."""
    assert len(report.findings) == 1, texts(report)
    return report.findings[0]


def line_of(text: str, part: str) -> int:
    """Return the line of a text on which a part of it first stands."""
    return text[: text.index(part)].count("\n") + 1


# --- one clear finding


def test_a_contribution_is_seen_together_with_the_shipped_graph() -> None:
    """A claim about shipped things, on lines of a shipped passage, conforms without them."""
    report = check(TABLE + OCCURRENCE + CLAIM)
    assert (report.conforms, report.findings) == (True, ())


def test_a_claim_without_a_passage_gives_one_finding() -> None:
    """A claim that occurs nowhere is told once, at the claim, with what to do."""
    text = TABLE + CLAIM.replace(" ;\n    pk:occursAt occurrence:example-2001-1", "")
    told = (
        f"{line_of(text, 'claim:example-2001-calm')}:1: Violation: claim:example-2001-calm "
        "pk:occursAt: A claim takes at least one pk:occursAt, each a described pk:Occurrence. "
        "Say in which passage and on which lines the source states the claim. "
        "(pks:Claim-occursAt)"
    )
    assert texts(check(text)) == [told]


def test_an_occurrence_without_a_passage_gives_one_finding() -> None:
    """An occurrence on lines of nothing is told once."""
    text = TABLE + OCCURRENCE.replace("    pk:inPassage passage:bellamy-2004-1-0-p1 ;\n", "")
    finding = only(check(text + CLAIM))
    assert finding.shape == PKS + "Occurrence-inPassage"
    assert finding.wanted == "An occurrence takes exactly one pk:inPassage, a described passage."


def test_a_claim_of_301_characters_gives_one_finding() -> None:
    """A claim that is too long is told once, with its length, where it stands in the file."""
    text = TABLE + OCCURRENCE + CLAIM.replace("Monitors calm a border", "x" * 301)
    finding = only(check(text))
    assert (finding.line, finding.column) == (line_of(text, "rdfs:label"), 16)
    assert finding.wanted.endswith("of at most 300 characters.")
    assert finding.mend.startswith("This one has 301. Say it in fewer words")
    assert finding.statement.endswith("xxx…")


def test_a_number_in_quotation_marks_gives_one_finding() -> None:
    """What compares the number with others is silent while the number itself is at fault."""
    text = TABLE + OCCURRENCE.replace("pk:firstLine 5", 'pk:firstLine "5"') + CLAIM
    finding = only(check(text))
    assert finding.shape == PKS + "Occurrence-firstLine"
    assert finding.value == '"5"'


def test_the_same_fault_seen_twice_is_told_once() -> None:
    """A value that breaks several constraints of one shape is one finding."""
    text = TABLE + OCCURRENCE.replace("pk:firstLine 5", 'pk:firstLine "five"') + CLAIM
    assert shapes(check(text)) == ["Occurrence-firstLine"]


# --- what was meant


@pytest.mark.parametrize(
    ("before", "after", "shape", "words"),
    [
        (
            "pk:about concept:peacekeeping ;",
            "pk:about concept:peacekeeping ; pk:abuot concept:peacekeeping ;",
            "Claim",
            "A claim (pk:Claim) takes no pk:abuot. Did you mean pk:about? Correct the spelling",
        ),
        (
            "pk:voice voice:own ;",
            'pk:voice voice:own ; rdfs:lable "x"@en ;',
            "Claim",
            "A claim (pk:Claim) takes no rdfs:lable. Did you mean rdfs:label? Correct",
        ),
        (
            "pk:voice voice:own ;",
            "pk:voice voice:own ; pk:zzz 1 ;",
            "Claim",
            "A claim (pk:Claim) takes no pk:zzz. Correct the spelling",
        ),
        (
            "pk:voice voice:own ;",
            "pk:voice voice:own ; pk:holder concept:peacekeeping ;",
            "Claim",
            "A claim (pk:Claim) takes no pk:holder. It is for pk:Attribution. Correct",
        ),
        (
            "pk:voice voice:own ;",
            "pk:voice voice:own ; pk:supports claim:example-2001-calm ;",
            "Claim",
            "A claim (pk:Claim) takes no pk:supports. It is derived, and never written. Correct",
        ),
        (
            "pk:voice voice:own ;",
            "pk:voice voice:own ; pk:hosts concept:peacekeeping ;",
            "Claim",
            "A claim (pk:Claim) takes no pk:hosts. Correct",
        ),
        ("kind:causal", "kind:cuasal", "Claim-kind", ". Did you mean kind:causal? Choose"),
        ("kind:causal", '"causal"', "Claim-kind", ". Did you mean kind:causal? Choose"),
        (
            "concept:peacekeeping",
            "concept:peacekeping",
            "Claim-about",
            "concept:peacekeping is not described. Did you mean concept:peacekeeping? Name",
        ),
        (
            "concept:peacekeeping",
            "work:zzzzzzzzzz",
            "Claim-about",
            ". work:zzzzzzzzzz is not described. Name",
        ),
        ("a pk:Claim", "a pk:Clam", "Thing-class", ". Did you mean pk:Claim? Correct"),
        ("a pk:Claim", "a pk:Actor", "Thing-class", "not abstract. Correct the spelling"),
        ("a pk:Claim", 'a "pk:Claim"', "Thing-class", "not abstract. Correct the spelling"),
        ("a pk:Claim", "a <urn:x:y>", "Thing-class", "not abstract. Correct the spelling"),
    ],
)
def test_a_finding_says_what_was_meant(before: str, after: str, shape: str, words: str) -> None:
    """A misspelt property, value, thing or class is named, with the nearest that there is."""
    finding = only(check(TABLE + OCCURRENCE + CLAIM.replace(before, after)))
    assert finding.shape == PKS + shape
    assert words in finding.message


def test_a_value_of_the_wrong_class_is_not_said_to_be_missing() -> None:
    """A thing that is described, but of another class, gets the message of the shape alone."""
    finding = only(
        check(
            TABLE
            + OCCURRENCE
            + CLAIM.replace("pk:voice", "pk:affirms concept:peacekeeping ; pk:voice")
        )
    )
    assert finding.message == (
        "Each pk:affirms of a claim is a described pk:Proposition. Choose one from the list of "
        "propositions, or add one there."
    )


# --- beyond the shapes


def test_a_thing_without_any_class_is_found_by_whatever_it_has() -> None:
    """A thing needs a class even if all it has is a property that no shape knows."""
    finding = only(check(TABLE + 'work:example-2001 foaf:name "x" .'))
    assert (finding.shape, finding.path, finding.value) == (
        PKS + "Thing-class",
        namespaces.RDF + "type",
        None,
    )


def test_an_undeclared_term_is_found_where_no_shape_looks() -> None:
    """A new value of a closed list and a new property are told, each with the nearest."""
    report = check(
        TABLE + 'voice:onw a skos:Concept ; rdfs:label "own"@en .\npk:vioce a rdf:Property .\n'
    )
    assert shapes(report) == ["Thing-terms", "Thing-terms"]
    assert "Did you mean voice:own?" in report.findings[0].message
    assert report.findings[0].value == f"<{BASE}scheme/voice/onw>"


def test_an_undeclared_property_of_a_blank_node_is_told_with_the_nearest() -> None:
    """A property that nobody declared is compared with properties, not with classes."""
    report = check(TABLE + "_:a pk:vioce voice:own .")
    assert sorted(shapes(report)) == ["Thing-address", "Thing-terms"]
    told = next(f for f in report.findings if f.shape == PKS + "Thing-terms")
    assert "Did you mean pk:voice?" in told.message


def test_an_undeclared_term_is_told_once_for_each_thing() -> None:
    """The same new term twice in one thing is one finding, in two things it is two."""
    report = check(TABLE + "voice:a skos:related voice:b .\nvoice:c skos:related voice:b .")
    told = [(f.focus[-1], f.value) for f in report.findings if f.shape == PKS + "Thing-terms"]
    value = f"<{BASE}scheme/voice/b>"
    assert [pair for pair in told if pair[1] == value] == [("a", value), ("c", value)]
    assert len(told) == 4


def test_a_blank_node_is_told_where_something_points_at_it() -> None:
    """Brackets as a value are found at that value, and nothing else is said of them."""
    text = TABLE + CLAIM.replace("occurrence:example-2001-1", "[ a pk:Occurrence ]")
    finding = only(check(text))
    assert finding.shape == PKS + "Thing-address"
    assert finding.focus == BASE + "claim/example-2001-calm"
    assert finding.path == PK + "occursAt"
    assert (finding.line, finding.column) == (line_of(text, "pk:occursAt"), 17)


def test_a_blank_node_that_nothing_points_at_is_told_where_its_statement_begins() -> None:
    """A statement about a blank node is found, after the brackets within other statements."""
    text = TABLE + CLAIM.replace("occurrence:example-2001-1", "[ ]") + "_:x a pk:Claim .\n"
    first, second = check(text).findings
    assert (first.path, first.line) == (PK + "occursAt", line_of(text, "[ ]"))
    assert (second.path, second.line, second.column) == (None, line_of(text, "_:x"), 1)
    assert second.statement.startswith("_:")


def test_blank_nodes_within_blank_nodes_are_each_told() -> None:
    """A blank node that only a blank node points at is told at itself."""
    report = check(TABLE + "[ pk:about [ a pk:Claim ] ] a pk:Claim .")
    assert [finding.focus[:2] for finding in report.findings] == ["_:", "_:"]
    assert {finding.line for finding in report.findings} == {line_of(TABLE + "[", "[")}


@pytest.mark.parametrize("count", [100, 101, 5000])
def test_many_blank_nodes_are_told_at_once(count: int) -> None:
    """A hundred are told one by one; of more the first is told, with how many there are."""
    text = TABLE + "_:x a pk:Claim .\n" + "[] a pk:Claim .\n" * (count - 1)
    report = check(text)
    if count == 100:
        assert len(report.findings) == 100
        return
    finding = only(report)
    assert (finding.shape, finding.line) == (PKS + "Thing-address", line_of(text, "_:x"))
    assert f"There are {count} without one, and nothing else is looked at" in finding.message


def test_values_that_an_engine_would_compare_without_end_are_told_at_once() -> None:
    """Forty values of a property are looked at; with one more nothing else is."""
    text = TABLE + 'concept:example-a a pk:Concept ; rdfs:label "a"@en ; skos:altLabel '
    names = [f'"{number}"@en' for number in range(41)]
    assert check(f"{text}{', '.join(names[:40])} .").conforms
    finding = only(check(f"{text}{', '.join(names)} ; pk:voicee 1 ."))
    assert (finding.shape, finding.path) == (PKS + "Thing-values", namespaces.SKOS + "altLabel")
    assert "Here are 41, and nothing else is looked at." in finding.message


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("person:p{0} a pk:Claim .", 3000),
        ("person:p{0} a pk:Person ; rdfs:label 'P'@en ; pk:familyName 'P' ; pk:voicee 1 .", 3000),
        ("concept:peacekeeping <urn:p{0}> 1 .", 3000),
        ("<urn:{0}> skos:altLabel '\u202e{0}'@en .", 3000),
        ("person:p{0} a pk:Claim .", 100),
    ],
)
def test_a_flood_of_faults_is_told_as_far_as_anybody_reads(statement: str, faults: int) -> None:
    """A thousand of a kind are told, and that there are more, whatever finds them."""
    text = TABLE + "\n".join(statement.format(number) for number in range(faults))
    told = [shape == "Thing-faults" for shape in shapes(check(text))]
    if faults == 100:
        assert not any(told)
    else:
        assert told.count(True) == 1
        assert 1001 <= len(told) <= 2001


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Monitors", "Moni\u202etors", "U+202E (right-to-left override)"),
        ("Monitors", "Moni\u200ftors", "U+200F (right-to-left mark)"),
        ("Monitors", "\\u0007Monitors", "U+0007 (a control or no character)"),
        ("Monitors", "Moni\U000e0041tors", "U+E0041 (tag latin capital"),
        ("voice:own ;", "voice:own ; <urn:p\u200b> 1 ;", "(zero width space)"),
        (
            "claim:example-2001-calm",
            "<urn:a\u2066b>",
            "(left-to-right isolate)",
        ),
    ],
)
def test_what_cannot_be_seen_is_told(before: str, after: str, words: str) -> None:
    """Controls, marks of direction and tags are found in texts, and what has no width in IRIs."""
    report = check(TABLE + OCCURRENCE + CLAIM.replace(before, after))
    told = [f.message for f in report.findings if f.shape == PKS + "Thing-characters"]
    assert len(told) == 1, texts(report)
    assert words in told[0]


def test_joiners_in_a_text_are_letters_of_some_writing() -> None:
    """What Persian and Hindi are written with is no fault in a text."""
    text = TABLE + 'concept:peacekeeping skos:altLabel "\u0645\u06cc\u200c\u062e\u0648"@fa .'
    assert "Thing-characters" not in shapes(check(text))


# --- the shipped graph around


def test_what_is_wrong_with_the_shipped_graph_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only things that the data says something about are at fault, not those it points at."""
    concept = ox.NamedNode(BASE + "concept/example-broken")
    triple = ox.Triple(concept, ox.NamedNode(namespaces.RDF + "type"), ox.NamedNode(PK + "Concept"))
    shipped = {**sources.shipped(), concept: [("urn:graph", triple)]}
    monkeypatch.setattr(sources, "shipped", lambda: shipped)
    text = TABLE + OCCURRENCE + CLAIM.replace("concept:peacekeeping", "concept:example-broken")
    assert texts(check(text)) == []
    report = check(text + 'concept:example-broken skos:altLabel "x"@en .')
    assert shapes(report) == ["Thing-label"]


def test_more_said_of_a_shipped_thing_is_seen_with_what_is_said_already() -> None:
    """A second name for a shipped concept conforms; so does what is said of it already."""
    assert check(TABLE + 'concept:peacekeeping skos:altLabel "blue helmets"@en .').conforms
    assert check(TABLE + 'concept:peacekeeping rdfs:label "peacekeeping"@en .').conforms


def test_what_others_describe_is_theirs_to_describe() -> None:
    """A second label for a shipped concept is the fault of who says it, and told once."""
    finding = only(check(TABLE + 'concept:peacekeeping rdfs:label "blue helmets"@en .'))
    assert finding.shape == PKS + "Thing-owner"
    assert f"concept:peacekeeping is described in {namespaces.GRAPH}concepts." in finding.message
    assert "argument link" in finding.mend


def test_an_edited_copy_stands_in_place_of_the_shipped_file(tmp_path: Path) -> None:
    """A copy with the header of a shipped file is checked without that file."""
    edited = tmp_path / "concepts.ttl"
    text = (GRAPH / "concepts.ttl").read_text("utf-8")
    edited.write_text(text.replace('"peacekeeping"@en', '"keeping of peace"@en'), "utf-8")
    assert texts(check(edited)) == []


def test_a_file_of_the_graph_is_not_seen_twice() -> None:
    """A file under graph/ is checked in place of itself, with the other files around it."""
    assert texts(check(GRAPH / "works" / "meiske-ruggeri-notice" / "notice.ttl")) == []


def test_what_is_near_stands_for_the_whole_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """With all of the shipped graph around it, no more and no less is found in a broken file."""
    text = (GRAPH / "works" / "bellamy-2004" / "opening.ttl").read_text("utf-8")
    for before, after in (
        ("voice:own", "voice:reported"),
        ("Line 1", "Line 70"),
        ("process:globalization", "place:congo"),
        ("basis:explicit", "basis:inferred"),
    ):
        assert before in text
        text = text.replace(before, after)
    near = check(TABLE + text)

    def everything(given: tuple[intake.Source, ...]) -> list[ox.Triple]:
        replaced = frozenset().union(*(source.replaces for source in given))
        described = sources.shipped().values()
        return [t for said in described for graph, t in said if graph not in replaced]

    monkeypatch.setattr(validation, "surroundings", everything)
    assert check(TABLE + text) == near
    assert {"Claim-otherVoice", "ArgumentLink-analyst", "Occurrence-insidePassage"} <= {
        *shapes(near)
    }


# --- what can be checked, and with what


def test_several_files_are_seen_as_one_and_each_fault_is_in_its_file(tmp_path: Path) -> None:
    """Things described in one file serve the other; findings are sorted by file and line."""
    one, two = tmp_path / "a.ttl", tmp_path / "b.ttl"
    one.write_text(TABLE + CLAIM.replace("voice:own", "voice:loud"), "utf-8")
    two.write_text(TABLE + OCCURRENCE.replace("firstLine 5", "firstLine 2"), "utf-8")
    report = check([two, one])
    assert [(f.file, f.shape.removeprefix(PKS)) for f in report.findings] == [
        (str(one), "Claim-voice"),
        (str(two), "Occurrence-insidePassage"),
    ]
    assert str(report.findings[0]).startswith(f"{one}:{report.findings[0].line}:14: Violation: ")


def test_a_graph_in_memory_is_checked_and_left_as_it_is() -> None:
    """An rdflib graph has no lines; nothing is added to it or to shapes given as a graph."""
    text = TABLE + OCCURRENCE + CLAIM.replace("voice:own", "voice:loud")
    data = rdflib.Graph().parse(data=text, format="turtle")
    before = set(data)
    finding = only(check(data))
    assert set(data) == before
    assert (finding.file, finding.line, finding.place) == (None, None, "")
    assert str(finding).startswith("Violation: claim:example-2001-calm pk:voice voice:loud: ")
    others = rdflib.Graph().parse(data=SHAPE, format="turtle")
    assert check(data, others).conforms
    assert len(others) == 0


def test_nothing_conforms_and_so_does_no_file() -> None:
    """A text without statements and an empty list of files have nothing wrong with them."""
    assert check("").conforms
    assert check([]).conforms


def test_a_faulty_literal_is_a_finding_and_not_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """What rdflib says of a literal that is none of its datatype is not shown as well."""
    text = TABLE + OCCURRENCE.replace("Line 5", 'Line "five"^^xsd:integer') + CLAIM
    with caplog.at_level(logging.DEBUG):
        finding = only(check(text))
    assert finding.value == f'"five"^^<{namespaces.XSD}integer>'
    assert finding.statement.endswith('"five"^^xsd:integer')
    assert (caplog.records, capfd.readouterr().err) == ([], "")
    logging.getLogger("rdflib.term").warning("heard again")
    assert [record.getMessage() for record in caplog.records] == ["heard again"]


@pytest.mark.parametrize(
    "value",
    ['""^^xsd:integer', '"2004-01-01"^^xsd:date', '"<p>"^^rdf:XMLLiteral', "true", "urn:x", "[ ]"],
)
def test_no_value_brings_the_engine_down(value: str) -> None:
    """What cannot be compared with a line is a finding like any other."""
    value = f"<{value}>" if value.startswith("urn:") else value
    report = check(TABLE + OCCURRENCE.replace("lastLine 6", f"lastLine {value}") + CLAIM)
    assert not report.conforms
    assert {finding.path for finding in report.findings} == {PK + "lastLine"}


def test_broken_turtle_is_an_error_with_its_place(tmp_path: Path) -> None:
    """Data and shapes that are not Turtle are refused with file and line, as everywhere."""
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix x: <urn:x> .\nx:a x:b", "utf-8")
    with pytest.raises(TurtleSyntaxError) as caught:
        check(broken)
    assert (caught.value.file, caught.value.line) == (str(broken), 2)
    with pytest.raises(TurtleSyntaxError):
        check(TABLE, broken)
    with pytest.raises(TurtleSyntaxError):
        check("x:a")
    with pytest.raises(InputError, match="no file"):
        check(tmp_path / "missing.ttl")


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_each_result_by_shapes_of_others_counts(engine: str) -> None:
    """Two constraints of one kind on one value give two results, as SHACL has it."""
    shapes = f"{SHAPE} x:S a sh:NodeShape ; sh:targetClass x:C ; sh:class x:D , x:E ."
    report = check("<urn:x:a> a <urn:x:C> .", shapes, engine=engine)
    assert [finding.component for finding in report.findings] == [
        str(SH.ClassConstraintComponent)
    ] * 2


def test_shapes_without_a_message_are_worded_by_either_engine() -> None:
    """A validator need not make a message; what is not satisfied is told all the same."""
    shapes = f"""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:s> a sh:NodeShape ; sh:targetNode <{BASE}work/example-2001> ; sh:property <urn:p> .
        <urn:p> sh:path <urn:x> ; sh:minCount 1 .
        """
    for engine, words in (("shacl", "sh:MinCountConstraintComponent"), ("pyshacl", "Less than 1")):
        finding = only(check(f"<{BASE}work/example-2001> <urn:y> 1 .", shapes, engine=engine))
        assert words in finding.message
        assert (finding.shape, finding.path) == ("urn:p", "urn:x")


def test_a_check_by_our_shapes_imports_nothing_that_is_slow() -> None:
    """Nor does a file that does not conform, with all that is said of it."""
    text = TABLE + OCCURRENCE + CLAIM.replace("kind:causal", "kind:cuasal")
    program = (
        "import sys; from pkgraph import check; "
        f"assert len(check({text!r}).findings) == 1; "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = set(done.stdout.decode().split())
    assert loaded & {"jinja2", "openpyxl", "owlready2", "pyshacl", "rdflib"} == set()
    assert "shacl" in loaded


def test_an_unknown_engine_is_refused() -> None:
    """Only engines that are there can be named."""
    assert check(TABLE, engine="pyshacl").conforms
    with pytest.raises(UsageError, match=r"there is no engine 'shackle'.*: shacl, pyshacl"):
        check(TABLE, engine="shackle")


# --- shapes of others


def test_shapes_of_others_are_run_instead_of_ours(tmp_path: Path) -> None:
    """Only what the given shapes ask for is found, from a file or from a text."""
    asked = (
        SHAPE
        + f"""
        x:S a sh:NodeShape ; sh:targetClass <{PK}Claim> ; sh:property x:p .
        x:p sh:path <{PK}pages> ; sh:minCount 1 ; sh:severity sh:Warning ;
            sh:message "Seiten fehlen"@de , "Pages are missing"@en ."""
    )
    path = tmp_path / "shapes.ttl"
    path.write_text(asked, "utf-8")
    for given in (asked, path):
        finding = only(check(TABLE + CLAIM, given))
        assert finding.severity == "Warning"
        assert (finding.wanted, finding.mend) == ("Pages are missing.", "")
        assert (finding.shape, finding.path) == ("urn:x:p", PK + "pages")


def test_shapes_of_others_may_speak_of_wider_classes() -> None:
    """A shape for pk:Claim applies to a typology: the ontology says that it is one."""
    asked = (
        SHAPE
        + f"""
        x:S a sh:NodeShape ; sh:targetClass <{PK}Claim> ;
            sh:property [ sh:path <{PK}pages> ; sh:minCount 1 ] ."""
    )
    text = TABLE + CLAIM.replace("a pk:Claim", "a pk:Typology")
    finding = only(check(text, asked))
    assert finding.focus == BASE + "claim/example-2001-calm"
    assert finding.shape.startswith("_:")


def test_paths_of_several_steps_are_told_and_go_into_the_report() -> None:
    """A path is written as SPARQL writes it, and is a path of SHACL again in the report."""
    asked = (
        SHAPE
        + """
        x:S a sh:NodeShape ; sh:targetClass x:C ; sh:property x:p ; sh:severity sh:Info .
        x:p sh:path ( x:q [ sh:inversePath x:r ] ) ; sh:maxCount 0 ; sh:severity sh:Info ."""
    )
    report = check("<urn:x:a> a <urn:x:C> ; <urn:x:q> _:b . <urn:x:c> <urn:x:r> _:b .", asked)
    finding = only(report)
    assert (finding.severity, finding.path) == ("Info", "<urn:x:q>/^<urn:x:r>")
    graph = report.graph()
    (path,) = graph.objects(None, SH.resultPath)
    steps = list(rdflib.collection.Collection(graph, path))
    assert steps[0] == rdflib.URIRef("urn:x:q")
    assert graph.value(steps[1], SH.inversePath) == rdflib.URIRef("urn:x:r")


def test_a_literal_can_be_what_a_finding_is_about() -> None:
    """What the objects of a property are asked to be is told of literals and blank nodes too."""
    asked = SHAPE + "x:S a sh:NodeShape ; sh:targetObjectsOf x:q ; sh:nodeKind sh:IRI ."
    report = check('<urn:x:a> <urn:x:q> "x"@en , 5 , _:b .', asked)
    assert {finding.focus[:2] for finding in report.findings} == {'"x', '"5', "_:"}
    assert set(map(str, report.graph().objects(None, SH.focusNode))) > {"x", "5"}


def test_what_nobody_describes_can_be_asked_for() -> None:
    """A thing that the shapes name and no data describes is at fault, in no place."""
    asked = (
        SHAPE
        + """
        x:S a sh:NodeShape ; sh:targetNode x:a ; sh:property [ sh:path x:p ; sh:minCount 1 ] ."""
    )
    for data in ([], TABLE):
        finding = only(check(data, asked))
        assert (finding.focus, finding.place) == ("urn:x:a", "")


QUERY = 'x:S sh:targetClass x:C ; sh:sparql [ sh:select "SELECT $this {}" ] .'  # its WHERE follows


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("x:S sh:targetClass x:C ; sh:minCount 1 .", "urn:x:S: it is neither a node shape"),
        ("x:S sh:targetClass x:C ; sh:property [ sh:minCount 1 ] .", "sh:path: sh:MinCount"),
        ('x:S sh:targetClass x:C ; sh:property [ sh:path x:p ; sh:pattern "(" ] .', "pattern"),
        ("x:S sh:targetClass x:C ; sh:and 5 .", r"sh:and .*NodeConstraintComponent"),
        (QUERY.format("{ nonsense"), "cannot be read.*nonsense"),
        (QUERY.format("{ $this no:p 1 }"), "Unknown namespace prefix : no"),
        (QUERY.format("{ MINUS {} }"), "leave MINUS out"),
        (QUERY.format("FROM <file:///a> {}"), "leave FROM out"),
        (QUERY.format("{ VALUES ?x { 1 } }"), "leave VALUES out"),
        (QUERY.format("{ BIND (1 AS ?x) { SELECT ?x { ?x ?y ?z } } }"), r"leaves out \$this"),
        (QUERY.format("{ { SELECT (?x AS ?this) { ?x ?y ?z } } }"), r"gives \$this another"),
        (QUERY.format("{ SERVICE <http://127.0.0.1:9/> {} }"), "asks another machine"),
        (QUERY.format("{" * 5000 + "}" * 5000), "nested more than 100 deep"),
        (QUERY.format("{" * 90 + "}" * 90), "nested too deep"),
    ],
)
def test_shapes_that_are_none_are_refused(
    shape: str, words: str, engine: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Shapes that cannot be run are an error of whoever gives them, in one sentence."""
    with pytest.raises(UsageError, match=words) as caught:
        check("<urn:x:a> a <urn:x:C> ; <urn:x:p> 1 .", SHAPE + shape, engine)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("sh:not [ " * 200 + "sh:class x:D" + " ]" * 200, "nested more than 48 deep"),
        ("sh:property [ sh:path x:p ; sh:node x:S ]", "nested more than 48 deep"),
        (
            "sh:property [ sh:minCount 1 ; sh:path"
            + " [ sh:inversePath" * 3000
            + " x:p"
            + " ]" * 3001,
            "path nested too deeply",
        ),
        ('sh:property [ sh:path x:p ; sh:pattern "((a{99}){99}){99}" ]', "exceeds size limit"),
    ],
)
def test_shapes_that_ask_for_too_much_are_refused(shape: str, words: str) -> None:
    """What would take the process down, or go on for ever, is an error in one sentence."""
    chain = "".join(f"<urn:x:{i}> <urn:x:p> <urn:x:{i + 1}> .\n" for i in range(100))
    with pytest.raises(UsageError, match=words):
        check(
            f"{chain} <urn:x:0> a <urn:x:C> .",
            f"{SHAPE} x:S a sh:NodeShape ; sh:targetClass x:C ; {shape} .",
        )


def test_long_ways_through_the_data_are_gone_to_the_end() -> None:
    """A path of thousands of steps, and a pattern that others take for ever over, are no matter."""
    steps = "".join(f"<urn:x:{i}> <urn:x:p> <urn:x:{i + 1}> .\n" for i in range(5000))
    asked = """
        x:S sh:targetNode <urn:x:0> ;
            sh:property [ sh:path [ sh:oneOrMorePath x:p ] ; sh:maxCount 4999 ] ;
            sh:property [ sh:path x:q ; sh:pattern "^(a+)+$" ] ."""
    report = check(f'{steps} <urn:x:0> <urn:x:q> "{"a" * 200}!" .', SHAPE + asked)
    assert {finding.component.removeprefix(str(SH)) for finding in report.findings} == {
        "MaxCountConstraintComponent",
        "PatternConstraintComponent",
    }


def test_a_panic_of_the_compiled_validator_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Rust calls a panic is no Exception in Python, and would go past whoever catches one."""

    class PanicException(BaseException):
        """What a panic is called."""

    class Panicking:
        def validate_text(self, *_: str, **__: int) -> None:
            raise PanicException("index out of bounds")

    monkeypatch.setattr(compiled, "_compiled", lambda _: Panicking())
    with pytest.raises(EnvironmentFailure, match=r"index out of bounds; use the engine 'pyshacl'"):
        check(TABLE + OCCURRENCE + CLAIM)
    monkeypatch.setattr(Panicking, "validate_text", lambda *_, **__: sys.exit(5))
    with pytest.raises(SystemExit):
        check(TABLE + OCCURRENCE + CLAIM)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("year", ["9" * 19, "-" + "9" * 19, "9" * 40])
def test_a_date_in_a_year_that_no_engine_can_count_to_is_no_date(engine: str, year: str) -> None:
    """The compiled validator would come to an end of its own; the date is told as it is written."""
    date = f'"{year}-01-01"^^<{namespaces.XSD}date>'
    report = check(
        TABLE + f"operation:example-x a pk:PeaceOperation ; pk:startDate {date} .", None, engine
    )
    told = [finding for finding in report.findings if finding.path == PK + "startDate"]
    assert [finding.value for finding in told] == [date]


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_a_severity_of_ones_own_counts_as_a_violation(engine: str) -> None:
    """Who reads only the three of SHACL is on the safe side; the report has what was asked for."""
    asked = "x:S sh:targetNode x:a ; sh:nodeKind sh:BlankNode ; sh:severity x:Urgent ."
    report = check("<urn:x:a> a <urn:x:C> .", SHAPE + asked, engine)
    finding = only(report)
    assert (finding.severity, finding.own_severity) == ("Violation", "urn:x:Urgent")
    assert set(report.graph().objects(None, SH.resultSeverity)) == {rdflib.URIRef("urn:x:Urgent")}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_blank_nodes_keep_their_labels(engine: str, tmp_path: Path) -> None:
    """A finding about a blank node is told in the file that has it, in data and in shapes alike."""
    asked = "x:S sh:targetClass x:C ; sh:property [ sh:path x:p ; sh:maxCount 0 ] ."
    files = [tmp_path / f"{letter}.ttl" for letter in "abc"]
    for file in files:
        file.write_text("_:x <urn:x:q> [ ] . [ ] <urn:x:q> 1 .", "utf-8")
    files[1].write_text("_:x <urn:x:q> [ a <urn:x:C> ; <urn:x:p> [ ] ] .", "utf-8")
    assert only(check(files, SHAPE + asked, engine)).file == str(files[1])


def test_of_several_messages_the_english_one_is_told() -> None:
    """Also where the query of a constraint puts a value into it, where pySHACL drops languages."""
    select = 'sh:select "SELECT $this ?value { $this <urn:x:p> ?value }"'
    messages = 'sh:message "Da ist {?value}"@de , "There is {?value}"@en'
    asked = f"x:S sh:targetNode x:a ; sh:sparql [ {messages} ; {select} ] ."
    finding = only(check("<urn:x:a> <urn:x:p> 5 .", SHAPE + asked))
    assert finding.message == "There is 5"


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_prefixes_that_an_ontology_imports_are_known(engine: str) -> None:
    """A constraint names an ontology, and this imports another, whose prefixes count as well."""
    asked = """
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        x:one owl:imports x:two . x:two owl:imports x:one ;
            sh:declare [ sh:prefix "y" ; sh:namespace "urn:x:"^^xsd:anyURI ] .
        x:S sh:targetNode x:a ; sh:sparql [
            sh:prefixes x:one ; sh:select "SELECT $this { $this y:p 5 }" ] ."""
    assert only(check("<urn:x:a> <urn:x:p> 5 .", SHAPE + asked, engine)).focus == "urn:x:a"


# --- the report


def test_the_report_is_one_of_shacl() -> None:
    """The graph of a report says what its findings say, in the terms of SHACL."""
    text = TABLE + OCCURRENCE + CLAIM.replace("voice:own", "voice:own , [ ]")
    report = check(text.replace("kind:causal", '"causal"'))
    graph = report.graph()
    assert (None, SH.conforms, rdflib.Literal(lexical_or_value=False)) in graph
    assert len(set(graph.objects(None, SH.result))) == len(report.findings) == 3
    asked = f"{PKS}Claim-kind"
    (result,) = graph.subjects(SH.sourceShape, rdflib.URIRef(asked))
    assert graph.value(result, SH.value) == rdflib.Literal("causal")
    assert graph.value(result, SH.resultPath) == rdflib.URIRef(PK + "kind")
    assert graph.value(result, SH.focusNode) == rdflib.URIRef(BASE + "claim/example-2001-calm")
    assert graph.value(result, SH.resultSeverity) == SH.Violation
    assert graph.value(result, SH.sourceConstraintComponent) == SH.InConstraintComponent
    assert "Did you mean kind:causal?" in str(graph.value(result, SH.resultMessage))


def test_the_report_on_what_conforms_says_so() -> None:
    """Without findings the report has no results."""
    graph = check(VALID).graph()
    assert (None, SH.conforms, rdflib.Literal(lexical_or_value=True)) in graph
    assert (None, SH.result, None) not in graph


@pytest.mark.parametrize(
    "text",
    ["urn:x", "_:b", '"x"', '"x"@en', '"014"^^<http://www.w3.org/2001/XMLSchema#integer>'],
)
def test_a_node_is_the_same_after_rdflib_has_had_it(text: str) -> None:
    """No node changes its form on the way to rdflib and back."""
    assert nodes.name(nodes.from_rdflib(nodes.to_rdflib(nodes.parse(text)))) == text


def test_the_examples_in_the_documentation_hold() -> None:
    """Every doctest of the package passes."""
    import doctest

    import pkgraph.validation as package
    from pkgraph.validation import hints, report

    results = [doctest.testmod(module) for module in (package, hints, nodes, report)]
    assert [result.failed for result in results] == [0, 0, 0, 0]
    assert all(result.attempted for result in results)
