"""Visitors reach what they came for: by pointer, by keyboard alone, and with scripts off."""

from __future__ import annotations

import re

import pytest
from looking import SIZES, looked_at
from pages_to_see import PAGES
from pybtex.database import parse_string
from visiting import FOCUSED, Visitor, reads_from_a_debate_to_the_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: How far into a page its order is followed.
STOPS = 300


@pytest.fixture(
    params=[
        ("laptop", "pointer"),
        ("phone", "pointer"),
        ("laptop", "keyboard"),
        ("phone", "still"),
    ],
    ids="-".join,
)
def visitor(request, chromium, address):
    """Return each kind of visitor; where it is still, no script runs. No other host is asked."""
    size, way = request.param
    with looked_at(chromium, address, SIZES[size], scripts=way != "still") as page:
        yield Visitor(page, keyboard=way == "keyboard")


def test_a_visitor_finds_a_debate_a_criticism_its_page_and_takes_bibtex(visitor, graph):
    """From "liberal peace" to who says what against it, on which lines, and the works behind it."""
    page = visitor.page
    reads_from_a_debate_to_the_page(visitor, graph)
    question = "Who holds a claim, by which citation, and who reports it"
    visitor.follow(page.get_by_role("link", name=question))
    page.wait_for_url("**/queries/citation-trail?*")
    link = page.get_by_role("link", name="BibTeX")
    file = page.request.get(link.get_attribute("href"))
    assert file.headers["content-type"].startswith("application/x-bibtex")
    entries = parse_string(file.text(), "bibtex").entries
    assert set(entries) == {"barkawi-laffey-1999", "bellamy-2004"}
    assert all(entry.persons["author"] for entry in entries.values())


def test_a_visitor_asks_a_query_and_takes_its_sparql_to_the_editor(visitor, graph):
    """A form is filled in, and what it asked is changed and asked again."""
    page = visitor.page
    page.goto("/")
    visitor.follow(page.get_by_role("navigation", name="Site").get_by_role("link", name="Queries"))
    visitor.follow(page.get_by_role("link", name="Attacks on a claim"))
    visitor.write(page.get_by_label("target"), "case-by-case")
    visitor.follow(page.get_by_role("button", name="Ask"))
    page.wait_for_url("**/queries/attacks-on?target=case-by-case*")
    rows = graph.query("attacks-on", target="case-by-case")
    assert page.get_by_role("table").get_by_role("row").count() == len(rows) + 1
    visitor.follow(page.locator("summary", has_text="SPARQL"))
    assert page.get_by_text("VALUES ?target").first.is_visible()
    visitor.follow(page.get_by_role("link", name="Open in the editor"))
    page.wait_for_url("**/sparql?query=*")
    assert page.get_by_role("table").get_by_role("row").count() == len(rows) + 1
    visitor.append(page.get_by_role("textbox", name="Query"), "\nLIMIT 1")
    visitor.follow(page.get_by_role("button", name="Ask"))
    page.wait_for_url("**/sparql?query=*LIMIT+1*")
    assert page.get_by_role("table").get_by_role("row").count() == 2


def test_a_visitor_learns_the_line_at_which_a_text_is_broken(visitor):
    """A text that is no Turtle is refused with the line that has to be mended."""
    page = visitor.page
    page.goto("/check")
    visitor.write(page.get_by_label("Text"), "<urn:a> <urn:b> <urn:c> .\n<urn:d> <urn:e> .\n")
    visitor.follow(page.get_by_role("button", name="Check"))
    page.get_by_role("heading", name="Verdict", level=1).wait_for()
    assert page.get_by_role("status").inner_text().startswith("Rejected")
    assert re.search(r"\bline 2\b", page.get_by_role("main").inner_text(), re.IGNORECASE)


# --- the keyboard


@pytest.mark.parametrize(
    "seen", [seen for seen in PAGES if not seen.text], ids=lambda seen: seen.name
)
def test_the_keyboard_is_led_through_every_page(chromium, address, seen):
    """The focus is seen, goes on in the order of the page, and is let go at its end."""
    with looked_at(chromium, address, SIZES["laptop"]) as page:
        page.goto(seen.path)
        places = []
        for _ in range(STOPS):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused is None or focused["index"] in places[:1]:
                break
            assert focused["outlined"], focused
            assert focused["inside"], focused
            places.append(focused["index"])
        assert len(places) > 10
        assert places == sorted(places)
        assert len(places) == len(set(places))


def test_the_skip_link_leads_past_the_header(page):
    """After it, the next stop is in what the page is about."""
    page.goto("/proposition/liberal-peace-is-imperial.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


# --- how it is looked at


def test_what_is_printed_is_whole(page):
    """On paper the header's links and forms are gone, tables have no box, and nothing is cut."""
    page.goto("/queries/coverage")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Site").is_visible()
    assert not page.get_by_role("searchbox").is_visible()
    assert page.locator(".scroll").evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("body").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_colours_may_be_forced(page):
    """Where a reader has their own colours, tags and buttons keep their edges."""
    page.emulate_media(forced_colors="active")
    page.goto("/check")
    border = page.get_by_role("button", name="Check").evaluate(
        "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).borderTopColor]"
    )
    assert border[0] == "solid"
    assert border[1] != "rgba(0, 0, 0, 0)"
