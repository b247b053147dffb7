"""What the map of operations shows, and what it says that it cannot show."""

from __future__ import annotations

import math
import re

import pytest
from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

from pkgraph import web
from pkgraph.namespaces import BASE
from pkgraph.pages.atlas import operations, world
from pkgraph.pages.atlas.dates import Date
from pkgraph.pages.atlas.operations import Host, Operation

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph."""
    return TestClient(web.app(graph), headers={"Accept": "text/html"})


@pytest.fixture(scope="module")
def every(graph):
    """Return all operations."""
    return operations.read(graph.store)


def named(places):
    """Return *places* by the last part of their IRIs."""
    return {place.host.iri.rpartition("/")[2]: place for place in places}


def test_each_operation_is_on_the_map_or_told_to_be_missing(every):
    """Each place of each operation is a spot or a miss, and what has no place is told."""
    drawn = world.draw(every)
    on, off = named(drawn.places), named(place for place, _ in drawn.misses)
    assert not set(on) & set(off)
    for each in every:
        for host in each.hosts:
            place = {**on, **off}[host.iri.rpartition("/")[2]]
            assert each in place.operations
    assert {each.iri for each in drawn.unplaced} == {each.iri for each in every if not each.hosts}


def test_the_misses_are_those_known(every):
    """Kosovo and the Middle East have no code of a state in the graph; Western Sahara has one."""
    drawn = world.draw(every)
    assert set(named(place for place, _ in drawn.misses)) == {"kosovo", "middle-east"}
    assert {"western-sahara", "palestine", "comoros", "grenada"} <= set(named(drawn.places))
    assert {each.label for each in drawn.unplaced} == {"Active Endeavour", "EUNAVFOR Aspides"}


def test_a_state_of_the_past_is_told_to_be_one():
    """Its operations are not moved to a state of today."""
    host = Host("urn:h", "Ruritania", "urn:s", "000", "1992-04-26")
    drawn = world.draw([Operation("urn:o", "O", "peace operation", hosts=(host,))])
    assert not drawn.spots
    ((_, reason),) = drawn.misses
    assert reason == "its state ended (1992), and the boundaries are of today"


def test_boundaries_are_matched_by_code(every):
    """A spot lies in the boundary that has the code of its state: ONUC in 180, Congo-Kinshasa."""
    _, _, shapes = world.boundaries()
    names = {shape.code: shape.name for shape in shapes}
    spots = {spot.place.slug: spot for spot in world.draw(every).spots}
    assert names[spots["congo"].place.host.code] == "Dem. Rep. Congo"
    assert names[spots["somalia"].place.host.code] == "Somalia"
    assert names[spots["cambodia"].place.host.code] == "Cambodia"
    assert "ONUC" in {each.label for each in spots["congo"].place.operations}


def test_numbers_do_not_lie_on_each_other(every):
    """Each is moved until it touches no other, and not far."""
    _, _, shapes = world.boundaries()
    at = {shape.code: (shape.x, shape.y) for shape in shapes}
    spots = world.draw(every).spots
    for i, one in enumerate(spots):
        for other in spots[:i]:
            distance = math.hypot(one.x - other.x, one.y - other.y)
            assert distance > one.radius + other.radius - 0.6, (one.place.slug, other.place.slug)
        x, y = at[one.place.host.code]
        assert math.hypot(one.x - x, one.y - y) < 45, one.place.slug


def test_a_year_has_what_went_on_in_it(site, every):
    """UNTAC was in Cambodia in 1993 and not in 1995; what goes on still does."""
    drawn = {
        year: named(world.draw([e for e in every if e.went_on_in(year)]).places)
        for year in (1961, 1993, 1995, 2020)
    }
    labels = {
        year: {each.label for place in few.values() for each in place.operations}
        for year, few in drawn.items()
    }
    assert "UNTAC" in labels[1993]
    assert "UNTAC" not in labels[1995]
    assert "UNTSO" in labels[1961] & labels[2020]
    assert "ONUC" in labels[1961]
    page = site.get("/world?year=1961").text
    assert "ONUC" in page
    assert "UNTAC" not in page
    assert 'rel="prev">1960<' in page
    assert 'rel="next">1962<' in page


def test_years_are_counted_as_the_map_counts_them(every):
    """The columns above the map have the numbers of the maps."""
    for year, number in world.by_year(every)[::9]:
        assert number == sum(each.went_on_in(year) for each in every)


def test_no_start_is_in_no_year_and_no_end_is_no_further_year():
    """What is not known is not filled in."""

    def went_on(year, start="", end="", *, ongoing=False):
        starts, ends = (tuple(filter(None, [Date.read(each)])) for each in (start, end))
        return Operation("urn:o", "O", "", starts, ends, ongoing).went_on_in(year)

    assert not went_on(1960)
    assert went_on(1960, "1960-05")
    assert not went_on(1961, "1960-05")
    assert went_on(2020, "1960-05", ongoing=True)
    assert went_on(1962, "1960-05", "1962")
    assert not went_on(1963, "1960-05", "1962")


@pytest.mark.parametrize(
    "query",
    [
        "year=1900",
        "year=x",
        "year=19930",
        "year=1993&year=1994",
        "operation=none",
        "a=b",
        "year=" + "9" * 9000,
    ],
)
def test_what_cannot_be_asked_is_told(site, query):
    """A value that there is not, or that is given twice, is wrong use, and told in short."""
    answer = site.get(f"/world?{query}")
    assert answer.status_code == 400
    assert len(answer.text) < 10_000


@pytest.mark.parametrize("query", ["", "?year=1993", "?operation=operation:onuc"])
def test_the_page_leads_where_the_picture_does(site, query):
    """Each spot leads to a row of the table; sizes hold; the boundaries are said to be no claim."""
    page = site.get(f"/world{query}").text
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    for anchor in re.findall(r'href="#(place-[0-9]+)"', "".join(pictures)):
        assert f'<tr id="{anchor}">' in page
    assert 'href="#place-1"' in page
    assert len(page) - sum(map(len, pictures)) < 100_000
    assert max(map(len, pictures)) < 250_000
    assert "statement on the legal status" in page
    assert "Natural Earth" in page


def test_the_picture_stands_alone(site, graph):
    """It is XML with its sources; its links lead to the things by their own addresses."""
    answer = site.get("/world.svg?year=1993")
    root = fromstring(answer.text)
    text = "".join(root.itertext())
    assert graph.release in text
    assert "year=1993" in text
    assert "Natural Earth" in text
    hrefs = [each.get("href") for each in root.iter(f"{SVG}a")]
    assert f"{BASE}place/cambodia" in hrefs
    assert site.get("/world.svg?year=1993").content == answer.content


def test_boundaries_are_whole():
    """Each has a path that is closed, within the picture; codes are those of states, each once."""
    width, height, shapes = world.boundaries()
    codes = [shape.code for shape in shapes if shape.code]
    assert len(codes) == len(set(codes)) > 190
    for shape in shapes:
        assert re.fullmatch(r"(?:M[-0-9.,]+l[-0-9.,]+z)+", shape.path), shape.name
        assert 0 <= shape.x <= width
        assert -5 <= shape.y <= height + 20
