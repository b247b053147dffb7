"""How the codes of one list lead to those of another."""

from __future__ import annotations

from collections import Counter

import pytest

from pkgraph import build, cli
from pkgraph.crosswalk import COLUMNS, combined, crosswalk, schemes
from pkgraph.errors import NotFoundError, UsageError
from pkgraph.namespaces import BASE

TURTLE = """
PREFIX code: <https://w3id.org/pkgraph/code/>
PREFIX code-list: <https://w3id.org/pkgraph/code-list/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX operation: <https://w3id.org/pkgraph/operation/>
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX state: <https://w3id.org/pkgraph/state/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

operation:one a pk:PeaceOperation ; rdfs:label "ONE"@en ;
    pk:exactCode code:a-1, code:b-001 ; pk:broaderCode code:c-both .
operation:two a pk:PoliticalMission ; rdfs:label "TWO"@en ;
    pk:exactCode code:a-2 ; pk:broaderCode code:c-both ; pk:narrowerCode code:b-part .
operation:old-two a pk:PoliticalMission ; rdfs:label "TWO before"@en ;
    dcterms:isReplacedBy operation:two ; pk:exactCode code:a-9 .
state:now a pk:State ; rdfs:label "Now"@en ; pk:exactCode code:d-n .
state:before a pk:State ; rdfs:label "Before"@en ; pk:exactCode code:d-n ;
    pk:endDate "1990"^^xsd:gYear .
code:a-1 a pk:ExternalCode ; pk:codeList code-list:a ; pk:code "1" .
code:a-2 a pk:ExternalCode ; pk:codeList code-list:a ; pk:code "2" .
code:a-9 a pk:ExternalCode ; pk:codeList code-list:a ; pk:code "9" .
code:a-0 a pk:ExternalCode ; pk:codeList code-list:a ; pk:code "0" .
code:b-001 a pk:ExternalCode ; pk:codeList code-list:b ; pk:code "001" .
code:b-part a pk:ExternalCode ; pk:codeList code-list:b ; pk:code "NA" .
code:c-both a pk:ExternalCode ; pk:codeList code-list:c ; pk:code "BOTH" ;
    skos:editorialNote "One entry for two."@en .
code:d-n a pk:ExternalCode ; pk:codeList code-list:d ; pk:code "N" .
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a file with two operations, one that was replaced, and two states with one code."""
    path = tmp_path_factory.mktemp("crosswalk") / "codes.ttl"
    path.write_text(TURTLE, "utf-8")
    return path


@pytest.fixture(scope="module")
def small(file):
    """Return a store of that file."""
    return build.load([file])


def rows(store, source, target):
    """Return the rows of a crosswalk as tuples, IRIs without the base."""
    return [
        tuple((value or "").removeprefix(BASE) for value in row.values())
        for row in crosswalk(store, source, target)
    ]


def test_codes_lead_to_addresses(small):
    """Each code has a row, what was replaced leads on, and a code that nothing has is kept."""
    assert rows(small, "a", "iri") == [
        ("0", "", "", "", "", ""),
        ("1", "operation/one", "ONE", "operation/one", "exact", ""),
        ("2", "operation/two", "TWO", "operation/two", "exact", ""),
        ("9", "operation/two", "TWO", "operation/two", "exact", ""),
    ]


def test_codes_lead_to_codes(small):
    """Codes are text, and a code without a counterpart is told of."""
    assert rows(small, "a", "b") == [
        ("0", "", "", "", "", "b has no code for it."),
        ("1", "operation/one", "ONE", "001", "exact", ""),
        ("2", "operation/two", "TWO", "NA", "narrower", "'NA' covers a part of TWO."),
        ("9", "operation/two", "TWO", "NA", "narrower", "'NA' covers a part of TWO."),
    ]


def test_ends_that_are_not_exact_are_combined_and_told(small):
    """What the right code is to the left follows from both, and the note says what each is."""
    note = "One entry for two. 'BOTH' covers more than"
    assert rows(small, "c", "b") == [
        ("BOTH", "operation/one", "ONE", "001", "narrower", f"{note} ONE."),
        (
            "BOTH",
            "operation/two",
            "TWO",
            "NA",
            "narrower",
            f"{note} TWO. 'NA' covers a part of TWO.",
        ),
    ]
    assert [row[4] for row in rows(small, "b", "c")] == ["broader", "broader"]


@pytest.mark.parametrize("left", ["exact", "close", "broader", "narrower"])
@pytest.mark.parametrize("right", ["exact", "close", "broader", "narrower"])
def test_a_combination_read_backwards_is_its_inverse(left, right):
    """Broader one way is narrower the other way, exact and close are so both ways."""
    inverse = {"broader": "narrower", "narrower": "broader"}
    forth, back = combined(left, right), combined(right, left)
    assert inverse.get(forth, forth) == back
    assert (forth == "exact") == (left == right == "exact")


def test_addresses_lead_to_codes(small):
    """From iri, everything of the kind that is coded has a row, what was replaced has none."""
    assert [(row[1], row[3], row[4]) for row in rows(small, "iri", "b")] == [
        ("operation/one", "001", "exact"),
        ("operation/two", "NA", "narrower"),
    ]
    assert [row[1] for row in rows(small, "iri", "d")] == ["state/before", "state/now"]


def test_a_code_of_two_states_leads_to_the_one_at_work_first(small):
    """The former state comes second, with a note that the other one is to be preferred."""
    now, before = rows(small, "d", "iri")
    assert (now[1], now[5]) == ("state/now", "")
    assert before[1] == "state/before"
    assert "that of Now now, which is to be preferred" in before[5]


def test_wrong_schemes_are_refused(small):
    """An unknown scheme lists those there are; both the same, or of other things, is no use."""
    with pytest.raises(NotFoundError, match=r"no scheme 'z'; the schemes are a \(4 codes\), b \("):
        crosswalk(small, "z", "iri")
    with pytest.raises(UsageError, match="both ends are the scheme 'a'"):
        crosswalk(small, "a", "a")
    with pytest.raises(UsageError, match="'a' has codes of operations and 'd' of states"):
        crosswalk(small, "a", "d")


def test_no_code_of_the_graph_is_lost(graph):
    """Each scheme leads to addresses with all its codes, in a total order, without a row twice."""
    for scheme, codes in schemes(graph.store).items():
        found = rows(graph.store, scheme, "iri")
        assert len({row[0] for row in found}) == codes, scheme
        assert max(Counter(found).values()) == 1
        assert [row[0] for row in found] == sorted(row[0] for row in found)
        shared = Counter(row[0] for row in found)
        assert [row for row in found if shared[row[0]] > 1 and not row[5]] == [], scheme


def test_the_command_prints_a_crosswalk(file, capsys):
    """The columns come in their order, and codes keep their zeros."""
    arguments = ["--from", "a", "--to", "b", "--format", "csv", "--data", str(file)]
    assert cli.main(["crosswalk", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[2] == f"1,{BASE}operation/one,ONE,001,exact,"
    arguments[3] = "nothing"
    assert cli.main(["crosswalk", *arguments]) == 1
    assert "there is no scheme 'nothing'" in capsys.readouterr().err
