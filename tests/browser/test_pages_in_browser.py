"""What a reader sees in a browser, on a laptop and on a phone."""

from __future__ import annotations

import pytest
from legible import fits, readable

pytestmark = pytest.mark.browser


def test_a_reader_goes_from_home_to_a_claim(page):
    """From the home page a search leads to a person, a work and a claim with its objections."""
    page.goto("/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Who argues what")
    assert page.locator(".debates > li").count() > 1
    fits(page)
    readable(page)

    page.get_by_role("combobox").fill("woodhouse")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?q=woodhouse")
    fits(page)
    readable(page)

    page.get_by_role("link", name="Tom Woodhouse").click()
    page.get_by_role("link", name="Woodhouse 2000").first.click()
    page.get_by_role("link", name="Peacekeeping operations do not exist").first.click()
    page.wait_for_url("**/claim/bellamy-2004-1-no-victory.html")
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Peacekeeping operations do not exist to bring one of the sides to victory"
    )
    facts = page.locator(".facts").first.inner_text()
    for words in ("Held by\nWoodhouse 2000", "lines 123–125", "which disputes it"):
        assert words in facts
    assert page.locator("main li.attacks").count() > 0
    fits(page)
    readable(page)


def test_a_reader_asks_a_query(page, graph):
    """A form that is filled in gives a table whose cells lead to things, and its SPARQL."""
    page.goto("/queries")
    fits(page)
    page.get_by_role("link", name="Attacks on a claim").click()
    assert page.get_by_label("target").get_attribute("placeholder").startswith("claim:")
    fits(page)
    readable(page)

    page.get_by_label("target").fill("case-by-case")
    page.get_by_label("basis").select_option("explicit")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/queries/attacks-on?target=case-by-case&basis=explicit")
    rows = graph.query("attacks-on", target="case-by-case", basis="explicit")
    assert page.get_by_role("status").inner_text() == f"{len(rows)} rows."
    assert page.get_by_role("table").get_by_role("row").count() == len(rows) + 1
    assert not page.get_by_text("VALUES ?target").is_visible()
    page.get_by_text("Show the SPARQL").click()
    assert page.get_by_text("VALUES ?target").is_visible()
    fits(page)
    readable(page)

    page.get_by_role("link", name="Open in the editor").click()
    assert page.get_by_role("status").inner_text() == f"{len(rows)} rows."
    fits(page)
    readable(page)


def test_a_reader_checks_a_contribution(page, tmp_path):
    """A text that is pasted gets its verdict; mended and sent as a file, it is accepted."""
    page.goto("/")
    page.get_by_role("link", name="Check", exact=True).click()
    page.wait_for_url("**/check")
    fits(page)
    readable(page)

    good = (
        "<https://w3id.org/pkgraph/concept/example-watch> "
        "a <https://w3id.org/pkgraph/ontology#Concept> ; "
        '<http://www.w3.org/2000/01/rdf-schema#label> "watch"@en .'
    )
    page.get_by_label("Text").fill(good.replace("@en", ""))
    page.get_by_role("button", name="Check").click()
    assert page.get_by_role("status").inner_text() == "Rejected: 1 violation."
    assert "in English (@en)" in page.get_by_role("article").inner_text()
    fits(page)
    readable(page)
    page.emulate_media(color_scheme="dark")
    readable(page)

    file = tmp_path / "claims.ttl"
    file.write_text(good, encoding="utf-8")
    page.get_by_label("Text").fill("")
    page.get_by_label("Or a file").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    assert page.get_by_role("status").inner_text() == "Accepted: there is nothing to mend."
    fits(page)
    readable(page)


@pytest.mark.parametrize("path", ["/ontology", "/shapes", "/work/bellamy-2004", "/operation"])
def test_long_pages_fit(page, path):
    """Pages with much on them are no wider than the window, and can be read by day and night."""
    page.goto(path)
    fits(page)
    readable(page)
    page.emulate_media(color_scheme="dark")
    readable(page)


def test_the_keyboard_skips_to_the_content(page):
    """The first stop of the tab key is a link, seen then, over the site's header."""
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    assert skip.evaluate("each => each === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/#content")


def test_a_page_has_data_for_programs_and_runs_nothing(page, graph):
    """JSON-LD and citation tags stand in the page; the policy lets them be, and no script run."""
    page.goto("/work/bellamy-2004")
    page.wait_for_url("**/work/bellamy-2004.html")
    data = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )
    title = graph.sparql(
        "SELECT ?title { <https://w3id.org/pkgraph/work/bellamy-2004> "
        "<http://purl.org/dc/terms/title> ?title }"
    )[0].title
    assert data["@id"] == "https://w3id.org/pkgraph/work/bellamy-2004"
    assert data["name"] == title
    assert page.locator("meta[name=citation_title]").get_attribute("content") == title
    assert page.locator("meta[name=citation_author]").count() == len(data["author"])
    assert not page.get_by_text("@context").is_visible()
    fits(page)


def test_the_policy_stops_a_script(page, chromium, address):
    """What would run is stopped by the headers of the same page, so the data above is only data."""
    page.goto("/work/bellamy-2004.html")
    policy = page.request.get("/work/bellamy-2004.html").headers["content-security-policy"]
    other = chromium.new_context().new_page()
    other.route(
        f"{address}try",
        lambda route: route.fulfill(
            headers={"Content-Security-Policy": policy, "Content-Type": "text/html"},
            body='<p>x</p><script type="application/ld+json">{}</script>'
            "<script>document.title = 'ran'</script>",
        ),
    )
    complaints = []
    other.on("console", lambda each: complaints.append(each.text))
    other.goto(f"{address}try")
    assert other.title() != "ran"
    assert len(complaints) == 1
    assert "inline script" in complaints[0]
    other.context.close()


def test_a_callback_is_not_run_by_our_own_pages(chromium, address):
    """Markup that gets into a page of ours can run no answer of the server as its script."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.goto("/work/bellamy-2004.html")
    outcomes = [
        page.evaluate(
            """source => new Promise(resolve => {
              const script = document.createElement("script");
              script.onload = () => resolve("ran");
              script.onerror = () => resolve("refused");
              script.src = source;
              document.head.append(script);
            })""",
            source,
        )
        for source in ("/reconcile?callback=print", "https://example.org/a.js")
    ]
    assert outcomes == ["refused", "refused"]
    context.close()


def test_a_reader_turns_the_pages_of_a_crowd(page):
    """A thing that very many point at has pages, each of which leads on and back."""
    page.goto("/scheme/voice/own.html")
    page.get_by_role("link", name="Page 2").click()
    page.wait_for_url("**/scheme/voice/own.html?page=2")
    assert page.title().startswith("own, page 2")
    fits(page)
    readable(page)
    page.get_by_role("link", name="Page 1").click()
    page.wait_for_url("**/scheme/voice/own.html")


def test_the_data_set_has_a_page(page):
    """What the graph holds can be read on a phone too."""
    page.goto("/dataset")
    assert page.get_by_role("heading", level=1).inner_text() == "Data set"
    fits(page)
    readable(page)
