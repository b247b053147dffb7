"""What is cut on a page: how many there are is told, and the query beside it gives them all."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from test_pages_by_kind import PREFIXES, client, told

from pkgraph import build
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE
from pkgraph.pages import overview

MORE = "".join(
    f"@prefix {name}: <{BASE}{name}/> .\n" for name in ("order", "norm", "state", "place")
)
MORE += f"@prefix op: <{BASE}operation/> . @prefix sent: <{BASE}personnel/> .\n"
MORE += "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
ONCE = """
person:p a pk:Person ; rdfs:label "Somebody" .
work:p a pk:Work ; rdfs:label "Of somebody" ; pk:author person:p .
claim:x a pk:Claim ; rdfs:label "claim x" ; pk:heldBy work:p ; pk:attribution citation:x .
citation:x a pk:Attribution ; pk:holder work:p ; pk:role role:holds ; pk:inPassage passage:p .
citation:a a pk:Attribution ; pk:holder work:p ; pk:role role:source ; pk:inPassage passage:p .
work:source a pk:Work ; rdfs:label "A source" . passage:p a pk:Passage ; pk:passageOf work:source .
concept:c a pk:Concept ; rdfs:label "c" . order:o a pk:Order ; rdfs:label "o" .
state:s a pk:State ; rdfs:label "s" . place:s a pk:Place ; pk:territoryOf state:s .
op:o a pk:Operation ; rdfs:label "o" .
"""
#: What there is as often as is said.
OFTEN = (
    (
        70,
        (
            "link:a-{0} a pk:ArgumentLink ; pk:from claim:x ; pk:to claim:o-{0} ; "
            "pk:relation relation:attacks . claim:o-{0} a pk:Claim ; rdfs:label 'claim {0}' . "
        ),
    ),
    (
        80,
        (
            "link:b-{0} a pk:ArgumentLink ; pk:to claim:x ; pk:from claim:o-{0} ; "
            "pk:relation relation:supports . claim:o-{0} a pk:Claim ; rdfs:label 'claim {0}' . "
        ),
    ),
    (90, "concept:c-{0} a pk:Concept ; rdfs:label 'c {0}' ; skos:broader concept:c . "),
    (110, "norm:n-{0} a pk:Norm ; rdfs:label 'n {0}' ; pk:ofOrder order:o . "),
    (
        120,
        (
            "citation:c-{0} a pk:Attribution ; pk:holder work:p ; pk:role role:source ; "
            "pk:inPassage passage:p . "
        ),
    ),
    (65, "claim:s-{0} a pk:Claim ; rdfs:label 's {0}' ; pk:attribution citation:a . "),
    (
        160,
        (
            "op:c-{0} a pk:Operation ; rdfs:label 'c {0}' ; pk:host place:s ; "
            "pk:leadActor state:s . "
            "claim:c-{0} a pk:Claim ; pk:heldBy work:source ; pk:case op:c-{0} ; "
            "rdfs:label 'k {0}' . "
            "work:e-{0} a pk:Work ; rdfs:label 'e {0}' . citation:e-{0} a pk:Attribution ; "
            "pk:holder work:e-{0} ; pk:role role:evidence ; pk:inPassage passage:p . "
        ),
    ),
    (
        75,
        (
            "sent:a-{0} a pk:PersonnelContribution ; pk:contributor state:s ; "
            "pk:toOperation op:o ; pk:troops {0} . "
        ),
    ),
)
#: What each page says that it cuts: how many of how many are shown.
CUT = {
    "person/p": {(60, 70), (60, 80)},
    "concept/c": {(60, 90)},
    "order/o": {(100, 110)},
    "work/p": {(60, 122), (60, 65)},
    "work/source": {(100, 160), (150, 160)},
    "state/s": {(150, 160), (60, 75)},
    "operation/o": {(60, 75)},
}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Return a client of a graph with much of everything."""
    path = tmp_path_factory.mktemp("crowded") / "crowded.ttl"
    often = "\n".join(text.format(n) for times, text in OFTEN for n in range(times))
    path.write_text(PREFIXES + MORE + ONCE + often, encoding="utf-8")
    return client(Graph(build.load([path]), "crowded"))


@pytest.mark.parametrize("path", CUT)
def test_what_is_cut_is_counted_and_to_be_had(crowded, path):
    """Each list that is cut has its number, and a query that gives as many as there are."""
    told(crowded, path)
    page = re.sub(r"\s+", " ", crowded.get(f"/{path}.html").text).partition('id="statements"')[0]
    cuts = re.findall(r'>(\d+) of (\d+) [a-z ,]*\. <a href="([^"]+)">Ask for all', page)
    assert {(int(shown), int(total)) for shown, total, _ in cuts} == CUT[path]
    for _, total, address in cuts:
        answer = crowded.get(html.unescape(address), headers={"Accept": "text/csv"})
        assert len(list(csv.reader(io.StringIO(answer.text)))) - 1 == int(total), address


def test_claims_beyond_what_is_looked_through_are_told(tmp_path):
    """Of 2,100 claims that somebody is cited for the page tells that there are more than 2,000."""
    lines = [ONCE] + [
        f"claim:c-{n} a pk:Claim ; rdfs:label 'c {n}' ; pk:attribution citation:c-{n} . "
        f"citation:c-{n} a pk:Attribution ; pk:holder person:p ; pk:role role:evidence ."
        for n in range(2100)
    ]
    path = tmp_path / "cited.ttl"
    path.write_text(PREFIXES + MORE + "\n".join(lines), encoding="utf-8")
    cited = client(Graph(build.load([path]), "cited"))
    words = told(cited, "person/p").words
    assert "Claims held 1 " in words
    assert "without being said to hold it more than 2,000" in words
    assert "The pages have those among the first 2,000 citations; the CSV below has all." in words
    assert len(cited.get("/person/p.csv").text.splitlines()) == 2102


def test_the_home_page_tells_how_many_sources_there_are(tmp_path):
    """Of many encoded works it has those with the most claims, and the number of all."""
    path = tmp_path / "sources.ttl"
    path.write_text(
        PREFIXES
        + "\n".join(
            f"work:w-{n} a pk:Work ; rdfs:label 'w {n}' . graph:g-{n} pk:encodes work:w-{n} ."
            for n in range(30)
        ),
        encoding="utf-8",
    )
    graph = Graph(build.load([path]), "sources")
    found = overview.sources(graph.store)
    assert (len(found), found.total) == (12, 30)
    text = client(graph).get("/").text
    assert "These 12 of 30 sources have the most claims" in re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """Return a client of a graph of 800 operations at 700 places, over ten thousand years."""
    path = tmp_path_factory.mktemp("busy") / "busy.ttl"
    code = f"<{BASE}external-code/m49-180>"
    lines = [
        f"{code} pk:code '180' ; pk:codeList <{BASE}code-list/m49> .",
        "op:old a pk:Operation ; rdfs:label 'old' ; pk:startDate '0001-01-01'^^xsd:date .",
    ]
    for n in range(800):
        start = "" if n % 4 == 3 else f"; pk:startDate '{9990 - n % 50}-01-01'^^xsd:date "
        lines.append(
            f"op:n-{n} a pk:PeaceOperation, pk:Operation ; rdfs:label 'Operation {n}' {start}; "
            f"pk:host place:p-{n % 700} . place:p-{n % 700} rdfs:label 'Place {n % 700}' ; "
            f"pk:exactCode {code} ."
        )
    path.write_text(PREFIXES + MORE + "\n".join(lines), encoding="utf-8")
    return client(Graph(build.load([path]), "busy"))


def test_pictures_of_operations_are_bounded(busy):
    """Whatever is asked, timeline and map have 600 operations and say so; the CSV has all."""
    for path in ("timeline", "timeline?by=region", "timeline?kind=peace-operation", "world"):
        page = busy.get(f"/{path}")
        named = set(re.findall(r'href="/operation/([^"]+)"', page.text))
        assert len(named) <= 600, path
        assert len(page.content) < 1 << 20, path
        assert re.search(r"The first 600 of 80[01] operations are shown", page.text), path
        name, _, query = path.partition("?")
        table = busy.get(f"/{name}.csv?{query}")
        assert len({row[0] for row in csv.reader(io.StringIO(table.text))}) - 1 >= 800
        assert re.search(r"The first 600 of 80[01] operations\.", busy.get(f"/{name}.svg").text)
    assert 'class="busy"' not in busy.get("/world").text
    year = busy.get("/world?year=9950").text
    assert "Without a start, and so in no year" in year


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """Return a client of a graph with one operation."""
    path = tmp_path_factory.mktemp("quiet") / "quiet.ttl"
    path.write_text(PREFIXES + MORE + "op:o a pk:Operation ; pk:startDate '1960-01-01' .")
    return client(Graph(build.load([path]), "quiet"))


@pytest.mark.parametrize("name", ["region", "lead", "kind", "by", "year", "operation", "other"])
@pytest.mark.parametrize(
    "value", ["x" * 6000, "<script>alert(1)</script>", "\u202etxt", "9" * 4000, "operation:none"]
)
def test_what_timeline_and_map_are_asked_is_on_a_list_or_refused(quiet, name, value):
    """A parameter holds one of what the page offers; all else is 400, and not repeated whole."""
    for path in ("/timeline", "/world", "/timeline/works"):
        for ending in ("", ".csv", ".svg"):
            answer = quiet.get(path + ending, params={name: value})
            assert answer.status_code == 400
            assert len(answer.content) < 10_000
            assert "<script>alert" not in answer.text
