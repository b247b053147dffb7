"""
Photograph every kind of page, on a laptop and on a phone, by day and by night.

Usage: ``python tests/browser/screenshots.py [NAME ...]``. The pictures, and a page that shows them
side by side, go into ``screenshots/``, which git does not keep. With names of
:data:`pages_to_see.PAGES`, only those pages are taken.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from looking import INSTALL, SIZES, browsing, executable, looked_at, served
from pages_to_see import PAGES, Seen, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER: Final = Path(__file__).resolve().parents[2] / "screenshots"
SCHEMES: Final[tuple[Literal["light"], Literal["dark"]]] = ("light", "dark")
#: What is further down is not looked at.
MOST_HIGH: Final = 5000


def photograph(browser: Browser, address: str, seen: Seen) -> list[str]:
    """Write the pictures of the page *seen*; return the names of their files."""
    names = []
    for device, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            name = f"{seen.name}-{device}-{scheme}.png"
            with looked_at(browser, address, (width, height), scheme=scheme) as page:
                visit(page, seen)
                high = min(MOST_HIGH, page.evaluate("document.documentElement.scrollHeight"))
                page.screenshot(
                    path=FOLDER / name,
                    full_page=True,
                    clip={"x": 0, "y": 0, "width": width, "height": high},
                )
            names.append(name)
    return names


def index(pictures: dict[Seen, list[str]]) -> str:
    """Return a page that shows the *pictures* of each page in a row."""
    rows = "".join(
        f"<h2>{escape(seen.name)} <code>{escape(seen.path)}</code></h2>\n<p>"
        + "".join(f'<a href="{name}"><img src="{name}" alt="{name}"></a>\n' for name in names)
        + "</p>\n"
        for seen, names in pictures.items()
    )
    style = "body { font-family: system-ui } img { height: 28rem; margin: 0.25rem; "
    style += "border: 1px solid gray; object-fit: cover; object-position: top; max-width: 40rem }"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Screenshots</title>\n'
        f"<style>{style}</style>\n<h1>Screenshots</h1>\n{rows}</html>\n"
    )


def main() -> None:
    """Take the pictures of the pages that are named, or of all."""
    if executable() is None:
        sys.exit(f"there is no Chromium to look at the pages with; run: {INSTALL}")
    wanted = set(sys.argv[1:])
    if unknown := wanted - {seen.name for seen in PAGES}:
        sys.exit(f"there is no page {', '.join(sorted(unknown))} in tests/browser/pages_to_see.py")
    FOLDER.mkdir(exist_ok=True)
    with served() as address, browsing() as browser:
        pictures = {
            seen: photograph(browser, address, seen)
            for seen in PAGES
            if not wanted or seen.name in wanted
        }
    (FOLDER / "index.html").write_text(index(pictures), "utf-8")
    count = sum(map(len, pictures.values()))
    print(f"{count} pictures of {len(pictures)} pages: {FOLDER / 'index.html'}")


if __name__ == "__main__":
    main()
