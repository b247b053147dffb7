"""A server of the shipped graph, and Chromium to look at it with."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

INSTALL: Final = "apt-get install chromium"
#: How wide and high a window is on a laptop and on a phone.
SIZES: Final = {"laptop": (1280, 800), "phone": (390, 844)}
#: Switches that keep the browser from asking for anything but the page.
SWITCHES: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str | None:
    """Return where Chromium is, if it is on this machine."""
    return shutil.which("chromium")


@contextmanager
def served() -> Iterator[str]:
    """Serve the shipped graph on a free port; give the address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pkgraph", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stderr.readline() if process.stderr else ""
        found = re.match(r"Serving at (http://\S+/)", line)
        if found is None:
            raise RuntimeError(f"the server does not start: {line}")
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run Chromium, which has to be there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(SWITCHES))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looked_at(
    browser: Browser,
    address: str,
    size: tuple[int, int],
    *,
    scheme: Literal["light", "dark"] = "light",
    scripts: bool = True,
) -> Iterator[Page]:
    """
    Give an empty page in a window of this *size*; links begin at the server.

    Raises:
        AssertionError: Something was asked of another host, or something was complained of.
    """
    width, height = size
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.location["url"] != page.url:  # that the page itself is an error is no complaint
            complaints.append(message.text)

    page.on("request", lambda each: asked.append(each.url))
    page.on("console", note)
    page.on("pageerror", lambda each: complaints.append(str(each)))
    yield page
    context.close()
    if not asked:
        raise AssertionError("nothing was asked for")
    elsewhere = [url for url in asked if not url.startswith(address)]
    if elsewhere or complaints:
        raise AssertionError(f"asked elsewhere: {elsewhere}; complaints: {complaints}")
