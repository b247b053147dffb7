"""What the timelines draw: operations in lanes, works by year, and who entered a debate when."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from itertools import pairwise

import pytest
from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

from pkgraph import build, web
from pkgraph import graph as graphs
from pkgraph.namespaces import BASE
from pkgraph.pages.atlas import lettering, operations, timeline, works
from pkgraph.pages.atlas.dates import Date
from pkgraph.pages.atlas.operations import Operation

BROWSER = "text/html"
HOSTILE = '</text><script>alert(1)</script>"\u202e\x07&' + "x" * 300
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph."""
    return TestClient(web.app(graph), headers={"Accept": BROWSER})


@pytest.fixture(scope="module")
def every(graph):
    """Return all operations."""
    return {
        each.iri.removeprefix(f"{BASE}operation/"): each for each in operations.read(graph.store)
    }


def made(start="", end="", *, ongoing=False, leaders=(), iri="urn:x"):
    """Return an operation of these dates."""
    starts, ends = (tuple(filter(None, [Date.read(each)])) for each in (start, end))
    named = tuple((f"urn:{each}", each) for each in leaders)
    return Operation(iri, "X", "peace operation", starts, ends, ongoing, (), named)


PREFIXES = (
    "@prefix pk: <https://w3id.org/pkgraph/ontology#> . @prefix o: <urn:o:> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
)


@pytest.fixture
def store_of(tmp_path):
    """Return what makes a store of the triples in a text."""

    def made_of(text):
        (tmp_path / "made.ttl").write_text(f"{PREFIXES}{text}", encoding="utf-8")
        return build.load([tmp_path / "made.ttl"])

    return made_of


def test_dates_are_those_of_the_lists(every):
    """ONUC, UNTAC, UNOSOM II and UNEF I, as they were read by hand in the lists."""
    assert every["onuc"].when == "14 July 1960 – 30 June 1964"
    assert every["unosom-2"].when == "26 March 1993 – 2 March 1995"
    assert every["unef-1"].when == "5 November 1956 – June 1967"
    assert every["untso"].when == "29 May 1948 – ongoing"
    assert [label for _, label in every["untac"].leaders] == ["United Nations"]
    assert [host.label for host in every["untac"].hosts] == ["Cambodia"]
    assert every["ecowas-intervention-in-sierra-leone"].when == "start unknown – end unknown"


def test_what_was_replaced_is_left_out(every):
    """The second record of MINUCI stands for the first, which stays where it is asked for."""
    assert "minuci" in every
    assert "minuci-spm" not in every


@pytest.mark.parametrize("by", ["organisation", "region"])
def test_nothing_in_a_lane_touches_the_next(every, by):
    """No bar and no label does, and each operation with a start is drawn once."""
    drawn = timeline.draw(tuple(every.values()), by)
    seen = []
    for group in drawn.groups:
        lanes = {}
        for bar in group.bars:
            seen.append(bar.operation.iri)
            lanes.setdefault(bar.lane, []).append(bar)
        assert sorted(lanes) == list(range(group.lanes))
        for bars in lanes.values():
            for left, right in pairwise(bars):
                assert left.reach < right.x
    assert len(seen) == len(set(seen))
    assert set(seen) | {each.iri for each in drawn.undated} == {each.iri for each in every.values()}
    tops = [(group.top, group.top + group.lanes * timeline.LANE) for group in drawn.groups]
    assert all(end < start for (_, end), (start, _) in pairwise(tops))
    assert drawn.height >= tops[-1][1]


def test_what_is_not_sure_is_drawn_apart():
    """A year without a month leaves up to a year open; two days leave nothing."""
    scale = lambda year: (year - 1950) * 100  # noqa: E731
    bar = timeline.bar(made("1951", "1953-06"), scale, 1960)
    assert (bar.x, bar.sure[0]) == (100.0, pytest.approx(199.7, abs=0.1))
    assert bar.sure[0] + bar.sure[1] < bar.x + bar.width
    whole = timeline.bar(made("1951-01-01", "1953-01-01"), scale, 1960)
    assert whole.sure == (whole.x, whole.width) == (100.0, 200.0)
    unsure = timeline.bar(made("1951", "1951"), scale, 1960)
    assert unsure.sure is None


def test_an_end_that_is_not_known_is_not_an_end():
    """What goes on runs to the edge; what has no end is marked, and is no longer than its start."""
    scale = lambda year: (year - 1950) * 100  # noqa: E731
    going = timeline.bar(made("1951-01-01", ongoing=True), scale, 1960)
    assert (going.open, going.x + going.width) == (True, 1000.0)
    lost = timeline.bar(made("1951-01-01"), scale, 1960)
    assert (lost.open, lost.doubtful, lost.width) == (False, True, 3.0)


def test_operations_without_dates_are_told():
    """They are in no lane, and on the page by name."""
    drawn = timeline.draw([made(), made("1960", "1961")], "region")
    assert len(drawn.undated) == 1
    assert timeline.draw([made()], "region").groups == ()


def test_few_of_a_group_go_together():
    """Leaders of few operations share a group; who leads is not said goes apart."""
    many = [made("1960", "1961", leaders=["UN"], iri=f"urn:{i}") for i in range(5)]
    few = [made("1960", "1961", leaders=[name], iri=f"urn:{name}") for name in "AB"]
    drawn = timeline.draw([*many, *few, made("1962", "1963")], "organisation")
    assert [(g.name, len(g.bars)) for g in drawn.groups] == [
        ("UN", 5),
        (timeline.OTHERS, 2),
        (timeline.UNKNOWN, 1),
    ]


@pytest.mark.parametrize("text", ["", "x", "1960-13", "1960-02-30", "0000", "19600", "1960-1-1"])
def test_what_is_no_date_is_none(text):
    """It is not taken for one, whatever it looks like."""
    assert Date.read(text) is None


def test_a_date_may_have_a_time_zone():
    """The day is the day that is written."""
    assert Date.read("1960-02-03Z").first == Date.read("1960-02-03+01:00").first == date(1960, 2, 3)


def test_the_page_and_its_table_say_the_same(site, every):
    """All operations are in the picture, in the table and in the CSV; it is not too large."""
    page = site.get("/timeline").text
    table = page.partition('<h2 id="table">')[2]
    picture = page.partition("<svg")[2].partition("</svg>")[0]
    dated = [name for name, each in every.items() if each.starts]
    for name in every:
        assert f'href="/operation/{name}"' in table
    for name in dated:
        assert f'href="/operation/{name}"' in picture
    assert len(page) - len(picture) < 100_000
    assert len(picture) < 250_000
    rows = list(csv.DictReader(io.StringIO(site.get("/timeline.csv").text)))
    assert {row["operation"] for row in rows} == {each.iri for each in every.values()}
    (onuc,) = [row for row in rows if row["operation_label"] == "ONUC"]
    assert (onuc["start"], onuc["start_precision"], onuc["end"]) == (
        "1960-07-14",
        "day",
        "1964-06-30",
    )
    assert onuc["host_m49"] == "180"


def test_filters_narrow_and_count(site, every):
    """A filter leaves those that fit; the number beside it is how many there are."""
    page = site.get("/timeline?region=place:americas&by=region").text
    wanted = {n for n, e in every.items() if "Americas" in [label for _, label in e.regions]}
    table = page.partition('<h2 id="table">')[2]
    assert set(re.findall(r'href="/operation/([^"]+)"', table)) == wanted
    assert f'Americas</b> <span class="kind">{len(wanted)}<' in page
    assert "region=place%3Aamericas&amp;by=organisation" in page


@pytest.mark.parametrize(
    "query",
    [
        "by=colour",
        "region=place:nowhere",
        "lead=%3Cscript%3E",
        "x=1",
        "kind=a&kind=b",
        "lead=" + "y" * 10_000,
    ],
)
def test_what_cannot_be_asked_is_told(site, query):
    """A value that there is not, or that is given twice, is wrong use, and told in short."""
    answer = site.get(f"/timeline?{query}")
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert len(answer.text) < 10_000


@pytest.mark.parametrize(
    "path", ["/timeline.svg", "/timeline.svg?by=region", "/timeline/works.svg"]
)
def test_pictures_stand_alone_and_are_cited(site, graph, path):
    """They are XML with their source, the same bytes twice, and no script or style."""
    answer = site.get(path)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    root = fromstring(answer.text)
    assert root.tag == f"{SVG}svg"
    assert graph.release in "".join(root.itertext())
    assert "w3id.org/pkgraph" in "".join(root.itertext())
    assert not {"script", "style", "foreignObject"} & {
        each.tag.removeprefix(SVG) for each in root.iter()
    }
    assert site.get(path).content == answer.content


def test_labels_of_anybody_stay_labels(store_of):
    """What would end an element, turn the text around or break XML does not."""
    escaped = HOSTILE.replace('"', '\\"').replace("\x07", "\\u0007").replace("\u202e", "\\u202E")
    store = store_of(
        f'o:a a pk:Operation, pk:PeaceOperation ; rdfs:label "{escaped}" ; pk:host o:place ; '
        'pk:startDate "1960"^^xsd:gYear ; pk:leadActor o:lead . '
        f'o:place rdfs:label "{escaped}" . o:lead rdfs:label "{escaped}" . '
        f'o:w a pk:Work ; rdfs:label "{escaped}" ; pk:year "1960"^^xsd:gYear .'
    )
    site = TestClient(web.app(graphs.Graph(store, "hostile")), headers={"Accept": BROWSER})
    for path in ("/timeline", "/timeline/works", "/world", "/world?year=1960"):
        answer = site.get(path)
        assert answer.status_code == 200, (path, answer.text[-1500:])
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text
    for path in ("/timeline.svg", "/timeline/works.svg", "/world.svg"):
        fromstring(site.get(path).text)
    assert lettering.short(HOSTILE, 30).endswith("…")
    assert len(lettering.short(HOSTILE, 30)) <= 30


def test_an_empty_graph_has_empty_pages(store_of):
    """There is nothing to draw, and no year to ask for."""
    site = TestClient(web.app(graphs.Graph(store_of(""), "empty")), headers={"Accept": BROWSER})
    for path in ("/timeline", "/timeline/works", "/world", "/timeline.csv", "/world.svg"):
        assert site.get(path).status_code == 200
    assert site.get("/world?year=1960").status_code == 400


def test_works_are_counted_by_their_year(site, graph):
    """Each work with a year is in its column, and the columns are as high as they are many."""
    found = works.read(graph.store)
    columns = works.columns(found, 1000, 100)
    assert sum(len(each.works) for each in columns) == sum(bool(each.year) for each in found)
    tallest = max(columns, key=lambda each: len(each.works))
    assert tallest.height == 100
    by_year = {each.year: {work.label for work in each.works} for each in columns}
    assert "Boyd 1971" in by_year[1971]
    page = site.get("/timeline/works").text
    assert all(f'id="y{each.year}"' in page for each in columns)
    assert len(page) < 100_000


def test_the_chronology_of_a_debate_has_both_sides(site, graph):
    """Boyd 1971 affirms that peacekeeping needs consent; the chapter of 2004 denies it."""
    debate = works.chronology(graph.store, f"{BASE}proposition/consent")
    sides = {(e.who.label, e.side) for _, *both in debate.years for few in both for e in few}
    assert ("Boyd 1971", "for") in sides
    assert ("Bellamy, Williams & Griffin 2004", "against") in sides
    assert [year for year, *_ in debate.years] == sorted({year for year, *_ in debate.years})
    page = site.get("/proposition/consent.html").text
    assert "Who entered when" in page
    assert page.index("<b>1971</b>") < page.index("<b>2004</b>")


def test_a_debate_of_one_side_and_no_years_stays_whole(store_of):
    """Whoever has no year is told apart, on the side where they stand."""
    store = store_of(
        'o:c a pk:Claim ; rdfs:label "c" ; pk:denies o:p ; pk:heldBy o:w . o:w rdfs:label "W" .'
    )
    debate = works.chronology(store, "urn:o:p")
    assert (debate.years, debate.most) == ((), 0)
    assert [(each.who.label, each.side) for each in debate.undated] == [("W", "against")]
