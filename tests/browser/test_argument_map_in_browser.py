"""The argument map in a browser, on a laptop and on a phone, with scripts and without."""

from __future__ import annotations

import pytest
from legible import fits

pytestmark = pytest.mark.browser

MAP = "/map/proposition/spreading-democracy-brings-peace"
#: In the page: the cards of which a text is wider than the card, by the browser's own measure.
TOO_WIDE = """() => [...document.querySelectorAll(".argument-map .card")].filter((card) => {
  const face = card.querySelector(".face").getBBox();
  return [...card.querySelectorAll("text")].some((text) => {
    const box = text.getBBox();
    return box.x + box.width > face.x + face.width || box.y + box.height > face.y + face.height;
  });
}).map((card) => card.textContent)"""


def view(page):
    """Return the scrolled part of the page that has the picture."""
    return page.get_by_role("region", name="Picture of the argument map")


def test_text_fits_its_card(page):
    """What was measured without a browser fits in one."""
    page.goto("/map/approach/typological?depth=3")
    assert page.locator(".argument-map .card").count() > 30
    assert page.evaluate(TOO_WIDE) == []
    fits(page)


def test_the_map_opens_at_its_card_and_changes_its_size(page):
    """The card where the map opens is in view; buttons and keys make the picture larger."""
    page.goto(MAP)
    inside = """() => {
      const card = document.getElementById("start").getBoundingClientRect();
      const frame = document.querySelector(".map-view").getBoundingClientRect();
      const middle = card.x + card.width / 2;
      return middle > frame.x && middle < frame.right;
    }"""
    assert page.evaluate(inside)
    picture = view(page).locator("svg")
    before = float(picture.get_attribute("width"))
    page.get_by_role("button", name="Larger").click()
    assert float(picture.get_attribute("width")) == pytest.approx(before * 1.25)
    view(page).focus()
    page.keyboard.press("-")
    assert float(picture.get_attribute("width")) == pytest.approx(before)
    page.get_by_role("button", name="Show the whole map").click()
    assert page.evaluate(
        "() => { const v = document.querySelector('.map-view');"
        " return v.scrollWidth <= v.clientWidth + 1; }"
    )


def test_a_card_is_folded_and_shown_again_by_keyboard(page):
    """A card hides what bears on it without leaving the page; the focus stays where it was."""
    from playwright.sync_api import expect  # only where there is a browser

    page.goto(MAP)
    cards = page.locator(".argument-map .card")
    before = cards.count()
    first = page.locator(".argument-map a.fold").nth(1)
    name = first.get_attribute("aria-label")
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**folded=**")
    assert cards.count() < before
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == name.replace("Hide", "Show", 1)
    page.keyboard.press("Enter")
    expect(cards).to_have_count(before)


def test_without_scripts_cards_are_links(chromium, address):
    """With scripts off the map folds, leads on, and opens at another card."""
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(MAP)
    before = page.locator(".argument-map .card").count()
    page.locator(".argument-map a.fold").nth(1).dispatch_event("click")
    page.wait_for_url("**folded=**")
    assert page.locator(".argument-map .card").count() < before
    page.goto(MAP)
    page.locator(".map-list").get_by_role("link", name="more, show").first.click()
    page.wait_for_url("**/map/claim/**")
    page.locator("#start a").first.dispatch_event("click")
    page.wait_for_url("**/claim/*.html")
    context.close()


def test_who_hears_the_page_is_told_the_same(page):
    """The picture has a name, and the list has each relation in words."""
    page.goto("/map/claim/bellamy-2004-1-no-victory")
    picture = page.locator("svg[role=group]")
    assert "Peacekeeping operations do not exist" in page.locator("#map-title").text_content()
    assert picture.get_attribute("aria-labelledby") == "map-title"
    told = page.locator(".map-list").inner_text()
    assert "attacks: In some missions the peacekeepers encouraged certain sides" in told
    assert "Held by Woodhouse 2000, p. 14" in told
    assert page.locator(".argument-map .lines").get_attribute("aria-hidden") == "true"
