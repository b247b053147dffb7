"""A server of the shipped graph, and a browser that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

INSTALL = "install it with: apt-get install chromium"
#: Switches that keep the browser from asking for anything but the page.
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def address():
    """Run a server of the shipped graph on a free port and return its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pkgraph", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    line = process.stderr.readline()
    found = re.match(r"Serving at (http://\S+/)", line)
    assert found, line
    yield found[1]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def chromium():
    """
    Return a running Chromium; without one, skip on a desk and fail in CI.

    It ends with the tests of a module: while Playwright runs, an event loop runs in this thread,
    and no test of what is asynchronous could have one of its own.
    """
    executable = shutil.which("chromium")
    if executable is None and os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"there is no Chromium, and CI has to look at the pages; {INSTALL}")
    if executable is None:
        pytest.skip(f"there is no Chromium to look at the pages with; {INSTALL}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["laptop", "phone"])
def page(request, chromium, address):
    """
    Return an empty page as wide as a laptop's and as a phone's; links begin at the server.

    When the test ends, nothing was asked of another host and nothing was complained of.
    """
    width, height = request.param
    context = chromium.new_context(
        base_url=address, viewport={"width": width, "height": height}, color_scheme="light"
    )
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda each: asked.append(each.url))
    page.on("console", lambda each: complaints.append(each.text))
    page.on("pageerror", lambda each: complaints.append(str(each)))
    yield page
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith(address)] == []
    assert complaints == []
