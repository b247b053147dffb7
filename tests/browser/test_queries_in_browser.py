"""What a curious reader does: forms of queries, the editor of SPARQL, and the check of a file."""

from __future__ import annotations

import csv
import io
import json
import os

import openpyxl
import pytest
from legible import fits, readable

from pkgraph.web import assets

pytestmark = pytest.mark.browser

BROKEN = (
    "@prefix pk: <https://w3id.org/pkgraph/ontology#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "<https://w3id.org/pkgraph/claim/example-1> a pk:Claim ;\n"
    '    rdfs:label "Watches are kept"@en ;\n'
    "    pk:vioce <https://w3id.org/pkgraph/scheme/voice/own> .\n"
)
#: How long a list has to stand before the editor takes a key for a choice of it.
HESITATION_MS = 300
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/turtle" }));
  const zone = document.querySelector(".drop");
  const how = { bubbles: true, cancelable: true, dataTransfer: data };
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, how));
}"""


@pytest.fixture
def editor(page):
    """Return the page of the editor, and the editor in it; where npm is, it has to be built."""
    if not assets.built() and os.environ.get("CI", "").lower() != "true":
        pytest.skip("the editor is not built; run: make browser")
    page.goto("/sparql")
    content = page.get_by_role("textbox", name="Query")
    content.wait_for()
    return page, content


@pytest.fixture
def plain(chromium, address):
    """Return an empty page of a browser that runs no script."""
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    yield context.new_page()
    context.close()


def column(page, name):
    """Return the texts of a column of the table on a page."""
    table = page.get_by_role("table")
    heads = [text.strip() for text in table.locator("th").all_inner_texts()]
    place = next(i for i, text in enumerate(heads, start=1) if text.split("\n")[0] == name)
    return [
        text.strip() for text in table.locator(f"tbody td:nth-child({place})").all_inner_texts()
    ]


def folded(texts):
    """Return *texts* as they are sorted: without regard to case."""
    return [text.casefold() for text in texts if text]


def write(page, content, text):
    """Put *text* in the place of what the editor has, as somebody types it."""
    content.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def written(page):
    """Return the lines that the editor has."""
    return [line.rstrip("\n") for line in page.locator(".cm-line").all_inner_texts()]


def test_a_query_is_found_asked_sorted_and_taken_away(page, graph):
    """From the catalogue to a form, a table in another order, a file, and the editor."""
    page.goto("/queries")
    page.get_by_label("Find a query").type("typologies")
    page.get_by_text("queries have these words.").wait_for()
    assert page.get_by_role("link", name="Chains of argument").count() == 0
    fits(page)
    readable(page)
    page.get_by_role("link", name="Typologies").first.click()
    page.wait_for_url("**/queries/typologies")
    page.get_by_label("minimum").fill("2")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/queries/typologies?*minimum=2*")
    result = graph.query("typologies", minimum="2")
    assert page.get_by_role("status").first.inner_text() == f"{len(result)} rows."
    before = column(page, "proposer")

    page.get_by_role("link", name="proposer", exact=True).click()
    assert page.locator("th[aria-sort=ascending]").inner_text() == "proposer"
    up = column(page, "proposer")
    assert folded(up) == sorted(folded(before))
    assert "sort=proposer" in page.url
    page.get_by_role("link", name="proposer", exact=True).click()
    assert page.locator("th[aria-sort=descending]").inner_text() == "proposer"
    assert folded(column(page, "proposer")) == folded(up)[::-1]
    page.reload()  # the address has the order in it
    assert folded(column(page, "proposer")) == folded(up)[::-1]
    page.get_by_role("link", name="types named").click()
    named = [int(text) for text in column(page, "types named") if text]
    assert named == sorted(named)
    fits(page)
    readable(page)
    page.emulate_media(color_scheme="dark")
    readable(page)

    links = {name: page.get_by_role("link", name=name, exact=True) for name in ("CSV", "BibTeX")}
    links["XLSX"] = page.get_by_role("link", name="workbook (XLSX)")
    files = {name: page.request.get(link.get_attribute("href")) for name, link in links.items()}
    assert len(list(csv.DictReader(io.StringIO(files["CSV"].text())))) == len(result)
    book = openpyxl.load_workbook(io.BytesIO(files["XLSX"].body()))
    assert book["rows"].max_row == len(result) + 1
    assert files["BibTeX"].text().startswith("@")

    page.get_by_text("Show the SPARQL").click()
    page.get_by_role("link", name="Open in the editor").click()
    page.wait_for_url("**/sparql?*")
    assert page.get_by_role("status").first.inner_text() == f"{len(result)} rows."
    fits(page)


def test_choices_are_offered_while_they_are_typed(page):
    """Where a page has not all that may be chosen, what fits comes from the server."""
    page.goto("/queries/attacks-on")
    target = page.get_by_label("target")
    with page.expect_response("**/queries/attacks-on/target?text=victory"):
        target.type("victory")
    option = page.locator("#p-target-list option[value='claim:bellamy-2004-1-no-victory']")
    option.wait_for(state="attached")
    assert option.inner_text().startswith("Peacekeeping operations do not exist")


def test_the_editor_completes_and_asks(editor):
    """A prefix, a class and a thing are completed, the declarations come along, and it runs."""
    page, content = editor
    write(page, content, "PREFIX cla")
    choice = page.get_by_role("option", name="claim:", exact=False).first
    choice.wait_for()
    page.wait_for_timeout(HESITATION_MS)
    page.keyboard.press("Enter")
    assert written(page) == ["PREFIX claim: <https://w3id.org/pkgraph/claim/>"]

    write(page, content, "SELECT ?claim WHERE { ?claim a pk:Clai")
    choice = page.get_by_role("option", name="pk:Claim", exact=False).first
    choice.wait_for()
    assert (
        "statement that one encoded source makes" in page.locator(".cm-completionInfo").inner_text()
    )
    page.wait_for_timeout(HESITATION_MS)
    page.keyboard.press("Enter")
    declared = "PREFIX pk: <https://w3id.org/pkgraph/ontology#>"
    assert written(page) == [declared, "SELECT ?claim WHERE { ?claim a pk:Claim}"]
    fits(page)

    page.keyboard.type(" ; pk:heldBy work:kald")
    page.get_by_role("option", name="work:kaldor-1999", exact=False).wait_for()
    page.get_by_role("option", name="work:kaldor-1999", exact=False).click()
    lines = written(page)
    assert lines[1] == "PREFIX work: <https://w3id.org/pkgraph/work/>"
    assert lines[2] == "SELECT ?claim WHERE { ?claim a pk:Claim ; pk:heldBy work:kaldor-1999}"

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?query=*kaldor-1999*")
    assert page.get_by_role("table").get_by_role("row").count() > 1
    content.wait_for()
    assert written(page) == lines  # the address has it, and is all that is kept
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    fits(page)
    page.get_by_role("button", name="claim", exact=True).click()
    assert page.locator("th[aria-sort=ascending]").count() == 1


def test_the_editor_marks_what_cannot_be_read(editor):
    """A fault is underlined while it is written, and gone when it is mended."""
    page, content = editor
    write(page, content, "SELECT ?s WHERE { ?s ?p }")
    page.locator(".cm-lint-marker-error").first.wait_for()
    write(page, content, "SELECT ?s WHERE { ?s ?p ?o }")
    page.locator(".cm-lint-marker-error").first.wait_for(state="detached")


def test_the_keyboard_leaves_the_editor(editor):
    """The tab key goes on to the button, and back: nobody is caught."""
    page, content = editor
    content.focus()
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="Ask").evaluate("e => e === document.activeElement")
    page.keyboard.press("Shift+Tab")
    assert page.locator(".editor").evaluate("e => e === document.activeElement")


def test_examples_open_in_the_editor(editor):
    """Every query of the catalogue is an example."""
    page, content = editor
    page.locator("summary", has_text="Ideas").click()
    page.get_by_role("link", name="Definitions of a concept").click()
    page.wait_for_url("**/sparql?example=definitions-of")
    content.wait_for()
    assert written(page)[0] == "# Definitions of a concept"
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/sparql?query=*")
    assert page.get_by_role("table").count() == 1


def test_a_broken_file_is_dropped_and_mended(page):
    """The line at fault is marked, the corrected one is below it, and the verdict is taken away."""
    page.goto("/check")
    page.get_by_label("Text").fill("a text that stays")
    page.evaluate(DROP, ["broken.ttl", BROKEN])
    assert page.get_by_text("broken.ttl is checked, not the text above.").is_visible()
    assert page.get_by_label("Text").is_disabled()
    page.get_by_role("button", name="Leave the file out").click()
    assert page.get_by_label("Text").input_value() == "a text that stays"
    assert page.get_by_label("Text").is_enabled()
    page.evaluate(DROP, ["broken.ttl", BROKEN])
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="Verdict").wait_for()
    at_fault = page.locator("li.at-fault#line-5")
    assert "pk:vioce" in at_fault.inner_text()
    assert "pk:voice" in page.locator("li.at-fault#line-5 + li.corrected").inner_text()
    fits(page)
    readable(page)
    page.emulate_media(color_scheme="dark")
    readable(page)
    at_fault.get_by_role("link").click()
    assert page.locator("article:target").get_by_role("heading").inner_text().startswith("Line 5")

    with page.expect_download() as download:
        page.get_by_role("button", name="SARIF").click()
    assert download.value.suggested_filename == "broken-verdict.sarif"
    report = json.loads(download.value.path().read_text("utf-8"))
    lines = {
        found["locations"][0]["physicalLocation"]["region"]["startLine"]
        for found in report["runs"][0]["results"]
    }
    assert lines == {3, 5}

    page.get_by_label("Text").fill(BROKEN.replace("pk:vioce", "pk:voice"))
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("li.at-fault#line-3").wait_for()
    assert page.locator("li.at-fault#line-5").count() == 0


def test_a_template_is_taken_away(page):
    """A workbook for claims comes as a file."""
    page.goto("/check")
    with page.expect_download() as download:
        page.get_by_role("link", name="Claims, XLSX").first.click()
    assert download.value.suggested_filename == "claims.xlsx"
    content = io.BytesIO(download.value.path().read_bytes())
    assert "claims" in openpyxl.load_workbook(content).sheetnames


def test_all_of_it_without_scripts(plain, graph, tmp_path):
    """The same is found, asked, sorted by the server, changed as text, and checked."""
    plain.goto("/queries")
    plain.get_by_label("Find a query").fill("typologies")
    plain.get_by_role("button", name="Find").click()
    plain.get_by_role("link", name="Typologies").first.click()
    plain.get_by_role("link", name="proposer", exact=True).click()
    plain.wait_for_url("**/queries/typologies?sort=proposer")
    up = folded(column(plain, "proposer"))
    assert up == sorted(up)
    assert plain.locator("th[aria-sort=ascending]").inner_text() == "proposer"

    plain.get_by_text("Show the SPARQL").click()
    plain.get_by_role("link", name="Open in the editor").click()
    text = plain.get_by_label("Query")
    assert "pk:Typology" in text.input_value()
    text.fill("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    plain.get_by_role("button", name="Ask").click()
    count = graph.sparql("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")[0].n
    assert plain.get_by_role("cell").inner_text() == str(count)

    file = tmp_path / "broken.ttl"
    file.write_text(BROKEN, encoding="utf-8")
    plain.goto("/check")
    plain.get_by_label("Or a file").set_input_files(file)
    plain.get_by_role("button", name="Check", exact=True).click()
    assert "pk:vioce" in plain.locator("li.at-fault#line-5").inner_text()
    file.write_text(BROKEN.replace("vioce", "voice"), encoding="utf-8")
    plain.get_by_label("Or a file").set_input_files(file)  # the text that stands there is the old
    plain.get_by_role("button", name="Check", exact=True).click()
    assert plain.locator("li.at-fault#line-5").count() == 0
    assert plain.locator("li.at-fault#line-3").count() == 1
