"""Whether a page can be read: no wider than the window, and with text that stands out."""

from __future__ import annotations

#: The smallest contrast of text and ground: https://www.w3.org/TR/WCAG22/#contrast-minimum
CONTRAST = 4.5
#: In the page: each colour of text with the colour that it stands on.
COLOURS = """() => {
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (own) found.add(getComputedStyle(each).color + " on " + ground(each));
  }
  return [...found];
}"""


def fits(page):
    """Check that the page is no wider than the window, once its stylesheets are there."""
    page.wait_for_load_state()
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window


def luminance(colour):
    """Return the relative luminance of a colour as the browser writes it."""
    parts = [int(part) / 255 for part in colour.strip("rgba() ").split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def readable(page):
    """Check that all text stands out from its ground, once the stylesheets are there."""
    page.wait_for_load_state()
    pairs = page.evaluate(COLOURS)
    assert pairs
    for pair in pairs:
        text, ground = map(luminance, pair.split(" on "))
        light, dark = max(text, ground), min(text, ground)
        assert (light + 0.05) / (dark + 0.05) >= CONTRAST, pair
