"""What names in somebody's own table mean, how sure that is, and how the table comes back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pkgraph import cli, reconciliation, web
from pkgraph.errors import InputError, NotFoundError, UsageError
from pkgraph.namespaces import BASE, PK
from pkgraph.reconciliation import Matcher, forms, report, sheet

FOLDER = Path(__file__).resolve().parent / "reconciliation"
SAMPLE = list(csv.DictReader((FOLDER / "sample.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def matcher(graph):
    """Return a matcher of all that the graph has."""
    return Matcher.of(graph.store)


def measured(graph, *, strict):
    """
    Return how many names of the sample come out how, the drawn rows being withheld.

    Withheld are the drawn names and the codes they label; if *strict*, the same names in other
    lists as well. Labels and addresses stay.
    """
    drawn = {(row["drawn"], row["iri"], row["origin"], row["scheme"]) for row in SAMPLE}
    coded = {(row["iri"], row["scheme"]) for row in SAMPLE if row["scheme"]}
    spelt = {(forms.key(row["drawn"]), row["iri"]) for row in SAMPLE}
    known = [
        name
        for name in reconciliation.known_names(graph.store)
        if name.origin in {"label", "slug"}
        or not (
            (name.text, name.iri, name.origin, name.scheme) in drawn
            or (name.origin == "other code" and (name.iri, name.scheme) in coded)
            or (strict and (forms.key(name.text), name.iri) in spelt)
        )
    ]
    matcher = Matcher(reconciliation.things(graph.store), known)
    counts = Counter()
    for row in SAMPLE:
        result = matcher.match(row["name"])
        found = result.chosen.thing.iri if result.chosen else ""
        sure = result.chosen is not None or result.match == "none"
        right = sure and found == row["iri"]
        counts["right" if right else "wrong" if result.chosen else result.match] += 1
    return counts


# --- the sample


def test_nine_of_ten_messy_names_are_right_and_none_is_wrong(graph):
    """Of 200 messy names withheld from the index, 90 % are right and no wrong one is accepted."""
    counts = measured(graph, strict=False)
    assert sum(counts.values()) == len(SAMPLE) == 200
    assert counts["right"] >= 180
    assert counts["wrong"] == 0


def test_no_name_is_taken_for_another_where_no_list_has_it(graph):
    """With the same names of other lists withheld too, fewer are found, and still none wrongly."""
    counts = measured(graph, strict=True)
    assert counts["right"] >= 150
    assert counts["wrong"] == 0


def test_the_sample_is_what_its_generator_draws():
    """The committed sample comes from the graph by the seed, so that nobody chose its rows."""
    drawn = subprocess.run(
        [sys.executable, FOLDER / "draw.py"], check=True, capture_output=True, text=True
    )
    names = [row["drawn"] for row in csv.DictReader(drawn.stdout.splitlines())]
    assert len(names) == 200
    assert {row["origin"] for row in SAMPLE} == {"code label", "other name", "state", "unknown"}
    assert drawn.stdout == (FOLDER / "sample.csv").read_text("utf-8")


# --- names


@pytest.mark.parametrize(
    ("name", "match", "slug"),
    [
        ("UNOSOM II", "exact", "operation/unosom-2"),
        ("unosom-2", "exact", "operation/unosom-2"),
        ("operation:unosom-2", "exact", "operation/unosom-2"),
        (f"{BASE}operation/unosom-2", "exact", "operation/unosom-2"),
        ("UNAVEM 3", "exact", "operation/unavem-3"),
        ("ONUCI", "alias", "operation/unoci"),
        ("United Nations Operation in Somalia II", "alias", "operation/unosom-2"),
        ("U.N. Operation in Somalia II", "alias", "operation/unosom-2"),
        ("UNOSOM II (1993-1995)", "alias", "operation/unosom-2"),
        ("COTE D’IVOIRE", "exact", "state/cote-d-ivoire"),
        ("CHN", "exact", "state/china"),
        ("MINUSMMA", "fuzzy", "operation/minusma"),
        ("Untied Nations Mission in Liberia", "fuzzy", "operation/unmil"),
        ("UNOSOMII", "fuzzy", "operation/unosom-2"),
        ("Afghansitan", "fuzzy", "state/afghanistan"),
    ],
)
def test_names_mean_what_they_say(matcher, name, match, slug):
    """Spelling, other names, codes and small slips lead to the one thing that is meant."""
    result = matcher.match(name)
    assert (result.match, result.chosen.thing.iri) == (match, BASE + slug)


@pytest.mark.parametrize(
    "name",
    [
        "UNAVEM IV",
        "UNOSOM III",
        "Niger II",
        "16",
        "",
        "???",
        "a",
        "UN",
        "mission",
        "no",
        "UNMIL " * 100,
    ],
)
def test_what_has_no_name_is_none(matcher, name):
    """Another number is another mission; bare numbers, words and marks mean nothing."""
    assert matcher.match(name).match == "none"
    assert matcher.match(name).chosen is None


def test_a_name_that_several_have_is_ambiguous(matcher):
    """A code that covers two missions leads to neither; a state that has ended gives way."""
    result = matcher.match("UNOSOM")
    assert result.match == "ambiguous"
    assert {each.thing.label for each in result.candidates} == {"UNOSOM I", "UNOSOM II"}
    assert result.chosen is None
    germany = matcher.match("DEU")
    assert (germany.match, germany.chosen.thing.iri) == ("exact", f"{BASE}state/germany")
    assert len(germany.candidates) == 2


def test_a_slip_that_is_as_near_to_two_is_ambiguous(matcher):
    """Guana may be Ghana or Guyana."""
    result = matcher.match("Guana")
    assert {each.thing.label for each in result.candidates[:2]} == {"Ghana", "Guyana"}
    assert result.match == "ambiguous"


def test_no_number_is_edited(graph, matcher):
    """Whatever a name of a numbered operation is turned to, its number stays or it is not found."""
    numbered = {
        label: forms.numbers(label)
        for label in (each.label for each in reconciliation.things(graph.store).values())
        if forms.numbers(label)
    }
    assert len(numbered) > 10
    for label, numbers in numbered.items():
        for other in ("7", "XII"):
            changed = " ".join([*label.split()[:-1], other])
            found = matcher.match(changed).chosen
            assert found is None or forms.numbers(found.name) != numbers, changed


def test_codes_of_a_scheme_are_read_as_such(graph):
    """With a scheme, a number is a code of it; without a kind that has it, it is none."""
    result = Matcher.of(graph.store, scheme="cow").match("710")
    assert (result.match, result.chosen.thing.iri) == ("exact", f"{BASE}state/china")
    zero = Matcher.of(graph.store, scheme="m49").match("004")
    assert zero.chosen.thing.iri == f"{BASE}state/afghanistan"
    operations = Matcher.of(graph.store, kind="operation", scheme="cow")
    assert operations.match("710").match == "none"
    assert Matcher.of(graph.store, scheme="tamm").match("UNOSOM").match == "exact"
    with pytest.raises(NotFoundError, match=r"no scheme 'zzz'; the schemes are cow \("):
        Matcher.of(graph.store, scheme="zzz")


def test_the_kind_narrows_what_is_found(graph):
    """A state is none where operations are looked for."""
    assert Matcher.of(graph.store, kind="operation").match("China").match == "none"
    assert Matcher.of(graph.store, kind="state").match("UNMIL").match == "none"


def test_the_threshold_is_kept(graph):
    """A score below it is none, with the candidate told; what is no score is refused."""
    result = Matcher.of(graph.store, threshold=95).match("MINUSMMA")
    assert result.match == "none"
    assert result.candidates[0].thing.iri == f"{BASE}operation/minusma"
    with pytest.raises(UsageError, match="the threshold 101 is no score"):
        Matcher.of(graph.store, threshold=101)


# --- the table


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a file and gives its path."""

    def write(content):
        path = tmp_path / "mine.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_table_comes_back_as_it_was_with_four_columns_more(table, capsys):
    """Quotes, line ends, empty lines, a mark of the byte order and the delimiter are kept."""
    path = table(
        '\ufeffid;mission;note\r\n1;"UNOSOM II";"a ""b"""\r\n2;UNOSOM;\r\n\r\n'
        '3;MINUSMMA;"two\nlines"\r\n4;zzzz;'
    )
    arguments = ["--column", "mission", "--delimiter", ";", "--out", str(path)]
    assert cli.main(["reconcile", str(path), *arguments]) == 0
    assert path.read_bytes().decode() == (
        "\ufeffid;mission;note;pkgraph_iri;pkgraph_label;pkgraph_score;pkgraph_match\r\n"
        f'1;"UNOSOM II";"a ""b""";{BASE}operation/unosom-2;UNOSOM II;100;exact\r\n'
        "2;UNOSOM;;;;;ambiguous\r\n\r\n"
        f'3;MINUSMMA;"two\nlines";{BASE}operation/minusma;MINUSMA;92.2;fuzzy\r\n'
        "4;zzzz;;;;;none"
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "4 rows: 1 exact, 0 alias, 1 fuzzy, 1 ambiguous, 1 none.",
        (
            "row 2 (line 3): 'UNOSOM' ambiguous: UNOSOM I (operation:unosom-1, 100); "
            "UNOSOM II (operation:unosom-2, 100)"
        ),
        "row 4 (line 5): 'MINUSMMA' fuzzy: MINUSMA (operation:minusma, 92.2)",
        "row 5 (line 7): 'zzzz' none: nothing is near",
    ]


def test_a_table_goes_to_standard_output_if_no_file_is_named(table, capsys):
    """Tabs separate what they separated before."""
    path = table("mission\tn\nUNMIL\t1\n")
    assert cli.main(["reconcile", str(path), "--column", "mission", "--delimiter", "tab"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        f"UNMIL\t1\t{BASE}operation/unmil\tUNMIL\t100\texact"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; give a table with a header"),
        ("\n\n", "is empty; give a table"),
        ("a;mission\n1;UNMIL\n", "is separated by ';', not by ','; add --delimiter ';'"),
        ("a\tmission\n", "is separated by tab, not by ','; add --delimiter tab"),
        ("a,Missoin\n", "line 1: there is no column 'mission'; did you mean 'Missoin'?"),
        ("a,b\n", "line 1: there is no column 'mission'; the columns are a, b"),
        ("mission,a,a\n", "line 1: the header has 'a' in columns 2 and 3"),
        ("mission,pkgraph_iri\n", "line 1, column 2: there is a column 'pkgraph_iri' already"),
        ("mission,b\n1,2\n\n1,2,3\n", r"row 3 \(line 4\) has 3 cells, and the header has 2"),
        ("mission,b\n1\n", r"row 1 \(line 2\) has 1 cells, and the header has 2"),
        ('mission\n"UNMIL\n', "line 2: unexpected end of data"),
        (b"mission\nUNMIL\nC\xf4te d'Ivoire\n", "line 3, byte 2: 0xF4 is not UTF-8; .* iconv"),
        ("mission\n".encode("utf-16"), "is UTF-16, not UTF-8; convert it: iconv -f UTF-16"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused(table, content, message):
    """What is wrong is said with its place, and how to mend it."""
    path = table(content)
    with pytest.raises(InputError, match=message):
        sheet.read(path, "mission")
    assert cli.main(["reconcile", str(path), "--column", "mission", "--out", str(path)]) == 2
    assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())


def test_a_file_or_delimiter_that_is_none_is_refused(table, tmp_path):
    """A missing file and a delimiter of two characters are told."""
    with pytest.raises(InputError, match="No such file"):
        sheet.read(tmp_path / "nothing.csv", "mission")
    with pytest.raises(UsageError, match="the delimiter ';;' is not one character"):
        sheet.read(table("mission\n"), "mission", ";;")


def test_a_table_without_rows_is_in_order(table, matcher):
    """Only the header comes back, and the report counts nothing."""
    rows = sheet.read(table("mission\n"), "mission")
    assert rows.written([]).startswith("mission,pkgraph_iri,")
    assert report.of(rows, []) == "0 rows: 0 exact, 0 alias, 0 fuzzy, 0 ambiguous, 0 none."
    assert matcher.match("").match == "none"


def test_other_commands_do_without_the_matcher():
    """What is only for reconciling is not imported at start-up."""
    code = "import sys, pkgraph.cli, pkgraph.cli.asking; print('rapidfuzz' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "False\n"


# --- the service


@pytest.fixture(scope="module")
def service(graph):
    """Return a client of the server."""
    return TestClient(web.app(graph), headers={"Accept": "application/json"})


def asked(service, **queries):
    """Return the results of a batch of queries."""
    response = service.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200
    return {key: each["result"] for key, each in response.json().items()}


def test_the_service_says_what_it_does(service):
    """The manifest has what the specification needs, and its addresses lead somewhere."""
    response = service.get("/reconcile")
    manifest = response.json()
    assert response.headers["access-control-allow-origin"] == "*"
    assert "0.2" in manifest["versions"]
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (BASE, PK)
    assert manifest["view"]["url"] == "http://testserver/{{id}}"
    assert f"{PK}State" in {each["id"] for each in manifest["defaultTypes"]}
    for place in (manifest["suggest"]["entity"], manifest["extend"]["propose_properties"]):
        address = place["service_url"] + place["service_path"]
        assert service.get(address, params={"prefix": "uno"}).status_code == 200
    preflight = service.options("/reconcile")
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_a_batch_is_answered_query_by_query(service):
    """Only what the command would take is a match; candidates have all that a client shows."""
    found = asked(
        service,
        q0={"query": "UNOSOM II", "limit": 3},
        q1={"query": "UNOSOM"},
        q2={"query": "zzzz"},
        q3="MINUSMMA",
    )
    assert found["q2"] == []
    best = found["q0"][0]
    assert (best["id"], best["name"], best["match"]) == ("operation/unosom-2", "UNOSOM II", True)
    assert best["score"] == best["features"][0]["value"] == 100
    assert {"id": f"{PK}PeaceOperation", "name": "peace operation"} in best["type"]
    assert [each["match"] for each in found["q1"]] == [False, False]
    assert found["q3"][0]["match"] is True
    by_get = service.get("/reconcile", params={"queries": json.dumps({"q0": {"query": "China"}})})
    assert by_get.json()["q0"]["result"][0]["id"] == "state/china"


@pytest.mark.parametrize("type_", ["pk:State", f"{PK}State", "State", ["State"], {"id": "State"}])
def test_a_type_narrows_the_candidates(service, type_):
    """A class may be given by IRI, CURIE or name; nothing of another class is a candidate."""
    found = asked(
        service, state={"query": "China", "type": type_}, other={"query": "UNMIL", "type": type_}
    )
    assert found["state"][0]["match"] is True
    assert found["other"] == []
    political = asked(service, q={"query": "UNMIL", "type": "pk:PoliticalMission"})["q"]
    assert all(each["match"] is False for each in political)


def test_a_callback_wraps_the_answer(service):
    """JSONP is a call of a function with the answer; what is no name of one is refused."""
    response = service.get("/reconcile?callback=jsonp1.done")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.text.startswith("/**/jsonp1.done({")
    for callback in ("alert(1)//", "", "a" * 101, "1a"):
        refused = service.get("/reconcile", params={"callback": callback})
        assert refused.status_code == 400
        assert "not the name of a function" in refused.json()["error"]


def test_typing_is_completed(service):
    """What begins so comes first."""
    found = service.get("/reconcile/suggest/entity?prefix=unavem").json()["result"]
    assert [each["name"] for each in found[:3]] == ["UNAVEM I", "UNAVEM II", "UNAVEM III"]
    assert service.get("/reconcile/suggest/entity").status_code == 400


def test_things_are_extended_with_codes_and_dates(service):
    """Only exact codes are given, as text; what a thing has not is an empty list."""
    ids = ["operation/unosom-1", "state/china"]
    properties = [{"id": "tamm"}, {"id": "ipi"}, {"id": "cow"}, {"id": "start"}]
    response = service.post(
        "/reconcile", data={"extend": json.dumps({"ids": ids, "properties": properties})}
    )
    answer = response.json()
    assert [each["id"] for each in answer["meta"]] == ["tamm", "ipi", "cow", "start"]
    assert answer["rows"]["operation/unosom-1"] == {
        "tamm": [{"str": "UNOSOM"}],
        "ipi": [],
        "cow": [],
        "start": [{"str": "1992-04-24"}],
    }
    assert answer["rows"]["state/china"]["cow"] == [{"str": "710"}]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"queries": "{"}, "'queries' is not JSON"),
        ({"queries": "[]"}, "'queries' is not an object"),
        ({"queries": '{"a": {}}'}, "query 'a' has no text"),
        ({"queries": json.dumps({"a": "x" * 501})}, "query 'a' has 501 characters; at most 500"),
        ({"queries": json.dumps(dict.fromkeys(map(str, range(501)), "x"))}, "send at most 500"),
        ({"queries": '{"a": {"query": "x", "type": "pk:Claim"}}'}, "there is no type 'pk:Claim'"),
        ({"queries": '{"a": {"query": "x", "limit": 0}}'}, "'limit' is a whole number from 1"),
        ({"extend": "{}"}, "the lists 'ids' and 'properties'"),
        ({"extend": '{"ids": [], "properties": [{"id": "no"}]}'}, "there is no property 'no'"),
        ({"extend": '{"ids": ["> } #"], "properties": []}'}, "is not an absolute IRI"),
    ],
)
def test_what_cannot_be_answered_is_told(service, form, message):
    """A request that is not in order is refused with what is wrong and what is taken."""
    response = service.post("/reconcile", data=form)
    assert response.status_code == 400
    assert message in response.json()["error"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_body_that_is_too_large_or_no_form_is_refused(service):
    """Neither is read to its end or guessed at."""
    large = service.post("/reconcile", content=b"queries=" + b"x" * 1_100_000)
    assert large.status_code == 413
    broken = service.post("/reconcile", content=b"queries=%ff")
    assert broken.status_code == 400
