"""
Measure each kind of page: what is sent, how much there is in it, when it is seen, how it is made.

For each page of ``tests/browser/pages_to_see.py`` that is asked for by its address:

- what a browser gets, as it is sent, with the stylesheet and scripts that the page loads;
- how many elements there are;
- the largest contentful paint in Chromium, as a ratio to that of a page with one word, which is
  served by the same machine and looked at in turns with it;
- how long the server takes for the answer, made anew each time and kept.

Needs Chromium; without it nothing is measured, and that is said.

Source:
    Largest Contentful Paint: https://www.w3.org/TR/largest-contentful-paint/
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from timing import machine

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from looking import INSTALL, SIZES, browsing, executable, served
from pages_to_see import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

#: How often a page is looked at, and how often it is asked for.
LOOKS: Final = 5
ASKED: Final = 20
EMPTY: Final = (
    b'<!DOCTYPE html>\n<html lang="en"><title>Empty</title><link rel="icon" href="data:,">'
    b"<p>Empty</p></html>"
)
#: In the page: when the largest thing in it was painted.
PAINTED: Final = """() => new Promise(resolve => new PerformanceObserver(
  list => resolve(list.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""
LOADED: Final = """() => [
  ...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")
].reduce((sum, each) => sum + each.transferSize, 0)"""


class Look(NamedTuple):
    """What one look at a page found."""

    sent: int
    elements: int
    painted_ms: float


class _Empty(BaseHTTPRequestHandler):
    """Answer every request with the page of one word."""

    def do_GET(self) -> None:
        """Answer one."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - as it is called
        """Log nothing."""


@contextmanager
def empty_page() -> Iterator[str]:
    """Serve the page of one word; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def look(browser: Browser, address: str) -> Look:
    """Open the page at *address* with nothing kept, and wait until all is there."""
    width, height = SIZES["laptop"]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(address, wait_until="load")
    found = Look(
        page.evaluate(LOADED),
        page.evaluate("document.querySelectorAll('*').length"),
        page.evaluate(PAINTED),
    )
    context.close()
    return found


def took_ms(address: str, *, anew: bool) -> list[float]:
    """Return how long the server took for each answer; *anew*, it has none of them kept."""
    times = []
    for number in range(-1, ASKED):
        accept = f"text/html, x/{time.monotonic_ns()}" if anew else "text/html, x/y"
        request = urllib.request.Request(  # noqa: S310 - ours
            address, headers={"Accept": accept, "Accept-Encoding": "gzip"}
        )
        start = time.perf_counter()
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                answer.read()
        except urllib.error.HTTPError as error:  # the page that says what is not there
            error.read()
        if number >= 0:  # the first is for what fills by and by
            times.append((time.perf_counter() - start) * 1000)
    return times


def percentiles(times: list[float]) -> str:
    """Return the 50th and the 95th percentile as two cells of a table."""
    return f"{statistics.median(times):.1f} | {statistics.quantiles(times, n=20)[-1]:.1f}"


def main() -> None:
    """Print the table."""
    if executable() is None:
        print(f"Pages are not measured: that needs Chromium. Run: {INSTALL}", file=sys.stderr)
        return
    print(f"### Pages\n\n{machine()} Chromium, {LOOKS} looks in turns with an empty page; ", end="")
    print(f"{ASKED} answers of the server. kB are as sent, with what the page loads.\n")
    print("| page | kB | elements | largest paint, ms | × empty | made: p50, ms | p95 |", end="")
    print(" kept: p50, ms | p95 |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    with served() as root, empty_page() as empty, browsing() as browser:
        for seen in PAGES:
            if seen.text:
                continue
            address = root.rstrip("/") + seen.path
            look(browser, address)
            looks, blanks = [], []
            for _ in range(LOOKS):
                looks.append(look(browser, address))
                blanks.append(look(browser, empty).painted_ms)
            painted = statistics.median(each.painted_ms for each in looks)
            print(
                f"| {seen.name} | {looks[0].sent / 1000:.1f} | {looks[0].elements} | "
                f"{painted:.0f} | {painted / statistics.median(blanks):.1f} | "
                f"{percentiles(took_ms(address, anew=True))} | "
                f"{percentiles(took_ms(address, anew=False))} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
