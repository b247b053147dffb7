"""The search without a server: a page, its files and what can be found, in a folder of a host."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from judging import violations
from legible import fits
from looking import SIZES, looked_at
from required import require

from pkgraph import search
from pkgraph.namespaces import BASE
from pkgraph.publication import finding
from pkgraph.web import assets
from pkgraph.web.site import Site

pytestmark = pytest.mark.browser

#: Where in the host the site lies.
PLACES = {"root": "", "deep": "/a/site"}
#: Names in full and in part, acronyms, several words, slips, and what nothing is called.
QUERIES = (
    *("liberal peace", "libral peace", "Congo", "kaldor", "Tom Woodhouse", "consent", "onuc"),
    *("use of force", "peace keeping", "new wars", "bellamy 2004", "sovereignity", "westphalia"),
    *("Medecins sans frontieres", "kosvo", "states", "a critique of liberal peace", "1999"),
    *("claim/bellamy-2004-1-no-victory", "Kaldro", "democratic peace zzz", "ramsb", "zzqqxx"),
)
HOSTILE = (
    "zzhostile <script>document.title='harmed'</script><img src=x onerror=alert(1)>",
    "zzhostile \u202eשבת בגליל",
    "zzhostile " + "Xy" * 5000,
)
#: A page of a thing, as far as the search is concerned.
THING = (
    '{% extends "base.html" %}{% block title %}A thing{% endblock %}'
    "{% block content %}<h1>A thing</h1>{% endblock %}"
)


class Quiet(SimpleHTTPRequestHandler):
    """A host of files that keeps no log, under the policy that pages have."""

    def end_headers(self):
        """Let the pages have what is of this host, and no script or style in them."""
        kinds = ("script-src", "style-src", "img-src", "connect-src", "form-action")
        policy = "; ".join(["default-src 'none'", *(f"{kind} 'self'" for kind in kinds)])
        self.send_header("Content-Security-Policy", policy)
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def hosted(folder):
    """Serve *folder* on a free port; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def publish(graph, folder, address):
    """Write what the search needs into *folder*, and a page for all that can be found."""
    site = Site.of(graph, address)
    site.environment.globals["built"] = assets.built()
    found = finding.index(graph.store)
    shutil.copytree(assets.STATIC, folder / "static")
    (folder / "search.html").write_text(site.render("find"), "utf-8")
    (folder / "find.json").write_bytes(found)
    page = site.environment.from_string(THING).render().replace('/search"', '/search.html"')
    for path in ("/index", *(thing[0] for thing in json.loads(found)["things"])):
        file = folder / f"{path[1:]}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, "utf-8")


@pytest.fixture(scope="module", params=PLACES.values(), ids=PLACES)
def place(request, graph, tmp_path_factory):
    """Return the address of the published search, which ends with a slash."""
    require(is_there="find" in assets.built(), what="the part for browsers", install="make browser")
    folder = tmp_path_factory.mktemp("host")
    with hosted(folder) as host:
        address = f"{host}{request.param}"
        publish(graph, folder / request.param.lstrip("/"), address)
        yield f"{address}/"


@pytest.fixture
def page(chromium, place):
    """Return an empty page; what is asked of another address is a failure."""
    with looked_at(chromium, place, SIZES["phone"]) as page:
        yield page


def said(page, text):
    """Return what is said of what was found for *text*, once it is."""
    page.locator("#find-status", has_text=f"“{text}”").wait_for()
    return page.get_by_role("status").inner_text()


def shown(page, place):
    """Return the kinds that are shown, each with the addresses of what is shown of it."""
    sections = page.locator("section.found").evaluate_all(
        """all => all.map((each) => [
          each.querySelector("h2").id, [...each.querySelectorAll("li a")].map((a) => a.href),
        ])"""
    )
    return [
        (name.removeprefix("kind-"), [href.removeprefix(place) for href in hrefs])
        for name, hrefs in sections
    ]


@pytest.mark.parametrize(
    ("typed", "told", "found"),
    [
        ("liberal peace", "found for", ("liberal peace", "concept/liberal-peace")),
        ("libral peace", "so: liberal, peace.", ("liberal peace", "concept/liberal-peace")),
        ("Congo", "found for", ("Congo", "state/congo")),
        ("tom woodh", "found for", ("Tom Woodhouse", "person/tom-woodhouse")),
    ],
)
def test_a_thing_is_found_while_it_is_typed(page, place, typed, told, found):
    """By keyboard alone: what is typed is found, is in the address, and leads to a page."""
    label, path = found
    page.goto("search.html")
    box = page.get_by_role("searchbox", name="Find people")
    box.press_sequentially(typed)
    assert told in said(page, typed)
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == typed
    assert page.title() == f"Search: {typed} – pkgraph"
    link = page.locator(f'section.found a[href="{place}{path}.html"]')
    assert link.inner_text() == label
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place}{path}.html")
    page.go_back()
    assert told in said(page, typed)
    assert box.input_value() == typed


def test_the_order_is_that_of_the_server(page, place, graph):
    """The same kinds in the same order, each with the same things in the same order."""
    index = search.index(graph.store)
    page.goto("search.html")
    for text in QUERIES:
        page.get_by_role("searchbox").fill(text)
        told = said(page, text)
        hits = search.look_by_kind(index, text, 5)
        assert (f"{hits.total:,} thing" in told) == bool(hits.total)
        wanted = {}
        for each in hits.found:
            path = f"{each.iri.removeprefix(BASE)}.html"
            wanted.setdefault(search.kind_of(each.type).name, []).append(path)
        order = sorted(wanted, key=lambda name: name == "other")
        assert shown(page, place) == [(name, wanted[name]) for name in order], text


def test_the_box_of_every_page_leads_to_it(page, place):
    """What was typed there is looked for."""
    page.goto("index.html")
    page.get_by_role("searchbox").fill("consent")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place}search.html?q=consent")
    assert "found for" in said(page, "consent")


def test_one_kind_is_looked_through(page, place):
    """A link leads to all of a kind, some at a time; the focus stays, and the way back is there."""
    page.goto("search.html?q=peacekeeping")
    said(page, "peacekeeping")
    page.get_by_role("link", name="Claims").first.click()
    page.wait_for_url(f"{place}search.html?q=peacekeeping&kind=claims")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "page"
    ((kind, items),) = shown(page, place)
    assert (kind, len(items)) == ("claims", 20)
    button = page.get_by_role("button", name="more of the claims")
    button.focus()
    page.keyboard.press("Enter")
    ((_, items),) = shown(page, place)
    assert len(items) == 40
    assert page.evaluate("document.activeElement.href") == place + items[20]
    page.go_back()
    page.locator("#kind-ideas").wait_for()
    page.goto("search.html?q=woodhouse&kind=orders")  # of no kind there is
    said(page, "woodhouse")
    assert len(shown(page, place)) > 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("x" * 10_000, "more than 2000 characters"),
        (" ".join(map(str, range(100))), "At most 64 words"),
        ("\u202eשבת בגליל", "שבת"),
        ("%_'\"[*", "Nothing is called"),
        ("constructor __proto__", "with some of them"),
    ],
)
def test_what_nobody_types_does_no_harm(page, text, told):
    """It stands in the page as text, or is refused in a sentence; the page stays whole."""
    page.goto(f"search.html?q={quote(text)}")
    status = page.get_by_role("status")
    page.locator("#find-status").filter(has_not_text="read.").wait_for()
    if "some" not in told:
        assert told in status.inner_text()
    assert page.locator("main script, main img").count() == 0
    fits(page)
    page.get_by_role("searchbox").fill("consent")
    assert "found for" in said(page, "consent")


def test_what_things_are_called_does_no_harm(page, place):
    """Markup in a name is text, and a long name is broken; each still leads to its page."""
    things = [[f"/claim/z-{n}", 4, label, [label]] for n, label in enumerate(HOSTILE)]
    kinds = [[kind.name, kind.label, kind.states] for kind in search.KINDS]
    file = {"fields": [["label", 10], ["name", 8]], "kinds": kinds, "layout": 1, "things": things}
    page.route("**/find.json", lambda route: route.fulfill(json=file))
    page.goto("search.html?q=zzhostile")
    assert "3 things" in said(page, "zzhostile")
    links = page.locator("section.found a")
    leads = dict(zip(links.all_inner_texts(), shown(page, place)[0][1], strict=True))
    assert leads == {label: f"claim/z-{n}.html" for n, label in enumerate(HOSTILE)}
    assert page.locator("main script, main img").count() == 0
    assert "harmed" not in page.title()
    fits(page)


def test_what_cannot_be_read_is_told(page):
    """Where the file is of another time, the page says so and leads to the lists."""
    page.route("**/find.json", lambda route: route.fulfill(json={"layout": 0}))
    page.goto("search.html?q=consent")
    status = page.get_by_role("status")
    page.locator("#find-status.error").wait_for()
    assert "laid out as 0" in status.inner_text()
    assert page.get_by_role("main").get_by_role("link", name="operations").is_visible()


def test_without_scripts_it_leads_to_the_lists(chromium, place):
    """One line says what is missing, and the links go on."""
    with looked_at(chromium, place, SIZES["phone"], scripts=False) as page:
        page.goto("search.html?q=consent")
        line = page.get_by_text("Search here needs scripts")
        assert line.is_visible()
        assert line.get_by_role("link").count() == 9


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_axe_finds_no_violation(chromium, place, axe, size):
    """Neither where something is found nor where nothing is, by day and by night."""
    with looked_at(chromium, place, size) as page:
        for text in ("liberal peace", "libral peace", "zzqqxx"):
            page.goto(f"search.html?q={quote(text)}")
            said(page, text)
            page.evaluate(axe)
            assert violations(page) == []
            page.emulate_media(color_scheme="dark")
            assert violations(page) == []
