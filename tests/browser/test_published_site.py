"""The site as files, served by nothing but a host of files: the same reading path, in Chromium."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from looking import SIZES, looked_at
from pybtex.database import parse_string
from visiting import Visitor, reads_from_a_debate_to_the_page

from pkgraph.web import assets

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def host(published):
    """Serve the files by Python's own server, in a folder of the host; return its address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command,
        cwd=published.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        found = re.search(r"http://[\d.:]+/", process.stdout.readline())
        yield f"{found[0]}{published.name}/"
        process.terminate()


@pytest.fixture(params=[("laptop", False), ("phone", False), ("laptop", True)])
def visitor(request, chromium, host):
    """Return visitors with a pointer and without; no other host is asked."""
    size, keyboard = request.param
    with looked_at(chromium, host, SIZES[size]) as page:
        yield Visitor(page, keyboard=keyboard)


@pytest.mark.skipif(not assets.built(), reason="the search is not built; run: make browser")
def test_a_visitor_reads_from_a_debate_to_the_page_and_takes_bibtex(visitor, graph):
    """What the server shows of this the files show as well, and the works of the claim."""
    reads_from_a_debate_to_the_page(visitor, graph, ".html")
    page = visitor.page
    visitor.follow(page.get_by_role("link", name="See it in the argument map"))
    page.wait_for_url("**/map/claim/bellamy-2004-1-western-imperial-project.html*")
    assert page.locator(".map-view svg .card").count() > 1
    page.go_back()
    link = page.get_by_role("link", name="BibTeX")
    file = page.request.get(link.evaluate("each => each.href"))
    entries = parse_string(file.text(), "bibtex").entries
    assert {"barkawi-laffey-1999", "bellamy-2004"} <= set(entries)


def test_what_is_read_needs_no_script(chromium, host):
    """Without scripts the lists lead to the same debate, and nothing asks for a server."""
    with looked_at(chromium, host, SIZES["phone"], scripts=False) as page:
        page.goto("./")
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Debates").click()
        page.get_by_role("link", name="Spreading the liberal peace").click()
        page.wait_for_url("**/proposition/liberal-peace-is-imperial.html")
        assert page.locator("form:not([role=search])").count() == 0
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Queries").click()
        page.get_by_role("link", name="Attacks on a claim").click()
        assert page.get_by_role("table").get_by_role("row").count() > 1
        assert page.get_by_text("pkgraph query attacks-on target=…").is_visible()
        page.get_by_role("link", name="CSV").evaluate("each => each.href")


@pytest.mark.parametrize("path", ["index.html", "world.html", "world~year-1960.html"])
def test_what_is_shown_of_pictures_is_all_there(chromium, host, path):
    """Nothing that a page loads is missing, and the page keeps to its own policy."""
    with looked_at(chromium, host, SIZES["laptop"]) as page:
        missing = []
        page.on("response", lambda each: each.ok or missing.append(each.url))
        page.goto(path, wait_until="networkidle")
        assert missing == []
