"""What visitors do on the pages: the ways in which they go on, and the path of a reader."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from pkgraph.namespaces import BASE

#: How often the tab key is pressed before whoever does it gives up.
PATIENCE = 1500
#: In the page: what has the focus, whether that is seen, and where it stands among the others. The
#: editor is one of them, with a tree of its own in it, and its frame is outlined.
FOCUSED = """() => {
  const place = document.activeElement;
  if (!place || place === document.body) return null;
  const each = place.shadowRoot?.activeElement ?? place;
  const style = getComputedStyle(each.closest(".cm-editor") ?? each);
  const box = each.getBoundingClientRect();
  return {
    name: each.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    index: [...document.querySelectorAll("*")].indexOf(place),
  };
}"""


@dataclass(frozen=True)
class Visitor:
    """Somebody with a page in front of them, and whether they have no pointer."""

    page: object
    keyboard: bool = False

    def follow(self, locator):
        """Follow a link, press a button, or open what is folded."""
        if not self.keyboard:
            locator.click()
            return
        self.reach(locator)
        self.page.keyboard.press("Enter")

    def write(self, locator, text):
        """Write into a field."""
        if not self.keyboard:
            locator.fill(text)
            return
        self.reach(locator)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def append(self, locator, text):
        """Write at the end of what a field has."""
        if self.keyboard:
            self.reach(locator)
        else:
            locator.click()
        self.page.keyboard.press("ControlOrMeta+End")
        self.page.keyboard.insert_text(text)

    def reach(self, locator):
        """Go on with the tab key until *locator* has the focus, which is seen at every stop."""
        target = locator.element_handle()
        for _ in range(PATIENCE):
            if target.evaluate("each => each === each.getRootNode().activeElement"):
                return
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            assert focused is None or (focused["outlined"] and focused["inside"]), focused
        pytest.fail(f"the tab key does not lead to {locator}")


def search_box(page):
    """Return the box of the home page; with scripts it suggests as one types."""
    return page.get_by_role("searchbox").or_(page.get_by_role("combobox"))


def reads_from_a_debate_to_the_page(visitor, graph, ending=""):
    """
    From "liberal peace" to who says what against it, on which lines, and back to the claim.

    The search is at an address with the *ending*, and so are things.
    """
    page = visitor.page
    page.goto("./")
    visitor.write(search_box(page), "liberal peace")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search{ending}?q=liberal+peace")
    debate = "Spreading the liberal peace is a form of imperialism"
    main = page.get_by_role("main")
    visitor.follow(main.get_by_role("link", name=debate).first)
    page.wait_for_url("**/proposition/liberal-peace-is-imperial.html")
    assert page.get_by_role("heading", level=1, name=debate).is_visible()

    criticism = "The liberal peace belongs to an imperial undertaking of the West"
    visitor.follow(main.get_by_role("link", name=criticism).first)
    page.wait_for_url("**/claim/bellamy-2004-1-western-imperial-project.html")
    assert page.get_by_role("heading", level=1).inner_text() == criticism
    (trail,) = graph.query("citation-trail", claim="claim:bellamy-2004-1-western-imperial-project")
    assert main.get_by_role("link", name=trail.holder_label).first.is_visible()
    text = main.inner_text()
    assert re.search(rf"\b{trail.pages}\b", text)
    assert re.search(rf"lines?\s+{trail.first_line}\b", text)
    passage = trail.passage.removeprefix(BASE + "passage/") + ending
    visitor.follow(main.locator(f'a[href$="{passage}"]').first)
    page.wait_for_url("**/passage/**")
    assert page.get_by_role("heading", level=1).inner_text() == trail.passage_label
    page.go_back()
