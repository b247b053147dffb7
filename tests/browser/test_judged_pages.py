"""Judges from elsewhere find nothing wrong with any kind of page: axe-core, and the Nu checker."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import httpx2
import pytest
from judging import INSTALL, MODULES, violations
from legible import fits
from looking import SIZES, looked_at
from pages_to_see import PAGES, Seen, visit
from required import require

from pkgraph import reasoning
from pkgraph.web.site import FOLDER, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: The checker behind validator.w3.org; html-validate, the other one at hand, has rules of its own.
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
#: What night changes; all else was looked at by day.
OF_COLOURS = ("color-contrast", "link-in-text-block")
COMPONENTS = Seen("components", "/components")
#: The machine may have other things to do.
PATIENCE_S = 120
#: A page before its pictures, as it is sent.
MAX_SENT = 100_000


@pytest.fixture(scope="module")
def looking(chromium, address):
    """Return a browser and what it looks at."""
    return chromium, address


@pytest.fixture(scope="module")
def components(graph):
    """Return the page of all components."""
    site = Site.of(graph, None)
    text = Path(__file__).with_name("components.html").read_text("utf-8")
    return site.environment.from_string(text).render()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("seen", [*PAGES, COMPONENTS], ids=lambda seen: seen.name)
def test_axe_finds_no_violation(looking, axe, components, seen, size):
    """By day with all rules of WCAG 2.2 AA and of good practice, by night with those of colour."""
    with looked_at(*looking, size) as page:
        if seen is COMPONENTS:
            page.route("**/components", lambda route: route.fulfill(
                body=components, headers={"Content-Type": "text/html; charset=utf-8"}
            ))  # fmt: skip
        visit(page, seen)
        fits(page)
        page.evaluate(axe)
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, rules=OF_COLOURS) == []


def test_axe_would_complain(page, axe):
    """Its judgement is no empty one: what is wrong is found."""
    page.goto("/")
    page.evaluate(axe)
    page.evaluate("document.querySelector('main input').labels[0].remove()")
    page.evaluate("document.querySelector('h1').style.color = '#aaaaaa'")
    assert {each[0] for each in violations(page)} >= {"label", "color-contrast"}


# --- HTML


def answer_of(address, seen):
    """Return the answer that a browser gets, without what scripts make of it."""
    url, accept = address.rstrip("/") + seen.path, {"Accept": "text/html"}
    if seen.text:
        return httpx2.post(
            url, headers=accept, data={"text": seen.text, "format": "html"}, timeout=PATIENCE_S
        )
    return httpx2.get(url, headers=accept, follow_redirects=True, timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def answers(address):
    """Return the answer for every kind of page by its name."""
    found = {seen.name: answer_of(address, seen) for seen in PAGES}
    assert {each.status_code for each in found.values()} <= {200, 400, 404}
    return found


@pytest.fixture(scope="module")
def texts(answers, components):
    """Return the HTML of every kind of page by its name."""
    return {COMPONENTS.name: components} | {name: each.text for name, each in answers.items()}


def complaints(*files):
    """Return what the checker complains of in *files*."""
    require(is_there=VNU.is_file(), what="the Nu Html Checker", install=INSTALL)
    command = [reasoning.find_java(), "-jar", VNU, "--format", "json", "--stdout", *files]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    told = json.loads(done.stdout)["messages"]
    return [
        (Path(each["url"]).stem, each.get("lastLine"), each["message"], each.get("extract"))
        for each in told
    ]


@pytest.mark.java
def test_the_html_of_every_page_is_valid(texts, tmp_path):
    """The checker has no error and no warning, neither of the pages nor of the icon."""
    files = []
    for name, text in texts.items():
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(text, "utf-8")
    assert complaints(*files) == []
    assert complaints("--svg", FOLDER / "static" / "icon.svg") == []


@pytest.mark.java
def test_the_checker_would_complain(texts, tmp_path):
    """Its judgement is no empty one: what is wrong is found."""
    file = tmp_path / "wrong.html"
    file.write_text(texts["home"].replace("<h1>", "<h1 nonsense>"), "utf-8")
    assert [each[2] for each in complaints(file)] == [
        "Attribute “nonsense” not allowed on element “h1” at this point."
    ]


def test_pages_say_what_they_are(texts):
    """Each has a title and a description, and few have the same title."""
    titles = {}
    for name, text in texts.items():
        title = re.search("<title>(.+) – pkgraph</title>", text)[1]
        titles.setdefault(title, []).append(name)
        assert re.search('<meta name="description" content="[^"]{20,}">', text), name
    assert len(titles) > len(texts) * 0.7, titles


def test_pages_are_small(answers):
    """With what they load, a phone gets 100 kB at most."""
    loaded = len(gzip.compress((FOLDER / "static" / "style.css").read_bytes()))
    for name, answer in answers.items():
        assert answer.num_bytes_downloaded + loaded <= MAX_SENT, name


def test_the_stylesheet_is_small():
    """It is one file, which loads nothing."""
    text = (FOLDER / "static" / "style.css").read_text("utf-8")
    assert len(text.encode()) <= 30_000
    assert "@import" not in text
    assert "url(" not in text
