"""Suggestions as one types, by keyboard; and the search without any script."""

from __future__ import annotations

import re

import pytest
from judging import violations
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_suggestions_are_chosen_by_keyboard(page):
    """Arrows move among what is suggested, Escape closes it, and Enter opens what is chosen."""
    page.goto("/")
    box = page.get_by_role("combobox", name="Find people")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("libral pea")
    # What is suggested for the first letters may be there a moment before it.
    page.get_by_role("option", name="Liberal peace").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    expect(page.locator("[role=option] mark").first).to_have_text("liberal")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "libral pea"
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/concept/liberal-peace.html")


def test_enter_without_a_choice_searches(page):
    """Who does not look at the suggestions has the page of all that was found."""
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("consent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=consent")
    page.get_by_role("link", name=re.compile(r"^Claims")).click()
    page.wait_for_url("**/search?q=consent&kind=claims")
    assert page.locator("section.found mark").count() > 0


def test_a_press_on_a_suggestion_opens_it(page):
    """With a mouse or a finger."""
    page.goto("/search")
    page.get_by_role("combobox").press_sequentially("tom woodh")
    page.get_by_role("option", name="Tom Woodhouse").click()
    page.wait_for_url("**/person/tom-woodhouse.html")


def test_a_server_that_fails_takes_no_search_away(page):
    """Where suggestions are no JSON, there are none, and the form works as before."""
    page.route(re.compile(r"/suggest\?"), lambda route: route.fulfill(body="<p>a proxy's page"))
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("kaldor")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=kaldor")


@pytest.mark.parametrize("path", ["/", "/search?q=consent"])
def test_axe_finds_no_violation_with_suggestions_and_without(page, axe, path):
    """A box that suggests is a combobox, closed and open; without a script it is none."""
    page.route("**/static/suggest.js", lambda route: route.fulfill(body=""))
    page.goto(path)
    page.evaluate(axe)
    box = page.get_by_role("main").get_by_role("searchbox")
    assert box.get_attribute("role") is None
    assert page.get_by_role("combobox").count() == 0
    assert violations(page) == []

    page.unroute("**/static/suggest.js")
    page.goto(path)
    page.evaluate(axe)
    box = page.get_by_role("combobox")
    assert violations(page) == []
    box.fill("")
    box.press_sequentially("libral pea")
    page.get_by_role("option").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
