"""What is built for browsers, how it is served, and the pages that it is for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from pkgraph import catalogue, namespaces, ontology, spreadsheets, web
from pkgraph.errors import ParameterError, UnknownFormatError
from pkgraph.results import Table
from pkgraph.web import assets, sorting

ROOT = Path(__file__).parents[1]
FRONTEND = ROOT / "frontend"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
#: The scripts that are no packages' and are served as they stand.
PLAIN = ("check", "choices", "filter", "sort")
BAD = (
    "@prefix pk: <https://w3id.org/pkgraph/ontology#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "<https://w3id.org/pkgraph/claim/example-1> a pk:Claim ;\n"
    '    rdfs:label "Watches are kept"@en ;\n'
    "    pk:vioce <https://w3id.org/pkgraph/scheme/voice/own> .\n"
)


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph."""
    return TestClient(web.app(graph), headers=BROWSER, follow_redirects=False)


@pytest.fixture(scope="module")
def built():
    """Return what is built; where npm is, as in CI, it has to be."""
    found = assets.built()
    if not found and os.environ.get("CI", "").lower() == "true":
        pytest.fail("the part for browsers is not built; run: make browser")
    if not found:
        pytest.skip("the part for browsers is not built; run: make browser")
    return found


@pytest.fixture
def hook(monkeypatch):
    """Return the module of the hook that the build of the package runs."""
    monkeypatch.syspath_prepend(ROOT)
    import hatch_build

    yield hatch_build
    sys.modules.pop("hatch_build")


# --- what is built


def test_the_lock_file_names_no_host():
    """Packages come from whichever registry a machine is set up for, at their exact versions."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert packages
    for name, about in packages.items():
        assert "resolved" not in about, name
        assert about["integrity"].startswith("sha512-"), name
    wanted = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_what_is_built_is_of_what_is_there(built, hook):
    """The manifest names files that are there, and the sources that they were made from."""
    assert hook.is_built(ROOT)
    assert set(built) == {each.name for each in (FRONTEND / "src").iterdir()}
    for path in built.values():
        assert (assets.STATIC.parent / path.lstrip("/")).is_file()
        assert re.fullmatch(r"/static/built/[a-z]+-[A-Z0-9]{8}\.js", path)


def test_a_change_of_a_source_asks_for_another_build(hook, tmp_path):
    """What was built from other sources is taken for nothing."""
    frontend = tmp_path / "frontend"
    (frontend / "src/a").mkdir(parents=True)
    for name in ("build.mjs", "package-lock.json", "src/a/index.js"):
        (frontend / name).write_text(name, encoding="utf-8")
    folder = tmp_path / "src/pkgraph/web/static/built"
    folder.mkdir(parents=True)
    assert not hook.is_built(tmp_path)
    manifest = json.dumps({"files": {}, "sources": hook.fingerprint(frontend)})
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    assert hook.is_built(tmp_path)
    (frontend / "src/a/index.js").write_text("other", encoding="utf-8")
    assert not hook.is_built(tmp_path)


def test_a_wheel_does_not_silently_lack_it(hook, tmp_path, monkeypatch):
    """Without npm nothing is packed, and the reason is told; an editable install does without."""
    (tmp_path / "frontend/src").mkdir(parents=True)
    for name in ("build.mjs", "package-lock.json"):
        (tmp_path / "frontend" / name).touch()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    made = hook.FrontendHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    data = {"artifacts": []}
    made.initialize("editable", data)
    assert data == {"artifacts": []}
    with pytest.raises(RuntimeError, match=r"install Node\.js"):
        made.initialize("standard", data)


def test_every_package_has_its_licence_served(built, site):
    """The licences of all that is bundled stand in one file, with their texts."""
    assert built
    text = site.get("/static/built/licences.txt").text
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))
    bundled = [
        (name.removeprefix("node_modules/"), about["version"])
        for name, about in lock["packages"].items()
        if name and not about.get("dev")
    ]
    assert len(bundled) >= 10
    for name, version in bundled:
        assert f"{name} {version} (" in text
    assert text.count("Permission is hereby granted") == len(bundled)
    assert "/static/built/licences.txt" in site.get("/sparql").text


def test_nothing_that_is_run_names_another_host(built):
    """Neither our scripts nor the bundles have an address to load from or to send to."""
    files = [assets.STATIC / f"{name}.js" for name in PLAIN]
    files += [assets.STATIC.parent / path.lstrip("/") for path in built.values()]
    for file in files:
        text = file.read_text("utf-8")
        known = ("http://www.w3.org/",)  # names of XML, which nobody asks
        assert [
            u for u in re.findall(r"https?://[^\s\"'`)]+", text) if not u.startswith(known)
        ] == []
        assert not re.search(r"localStorage|sessionStorage|document\.cookie|sendBeacon", text)
        assert not re.search(r"\beval\(|new Function\(", text)


def test_names_with_a_hash_are_kept_for_good(built, site):
    """What has the hash of its content in its name is not asked for again; the rest is."""
    response = site.get(built["editor"])
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    for name in ("style.css", "sort.js", "built/licences.txt"):
        assert site.get(f"/static/{name}").headers["cache-control"] == "no-cache"


def test_without_it_the_plain_form_is_served(graph, monkeypatch, tmp_path):
    """Where npm was not at hand, the page has no editor and all else."""
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    assert assets.built() == {}
    plain = TestClient(web.app(graph), headers=BROWSER)
    text = plain.get("/sparql").text
    assert "data-editor" not in text
    assert "/static/built" not in text
    assert "<textarea" in text


def test_make_serve_says_that_npm_is_missing(tmp_path):
    """One line tells what is served instead and what to install."""
    make, shell = shutil.which("make"), shutil.which("sh")
    if make is None:
        pytest.skip("there is no make on this machine")
    (tmp_path / "sh").symlink_to(shell)
    done = subprocess.run(
        [make, "browser", f"SHELL={shell}"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "plain form" in done.stderr
    assert "install Node.js" in done.stderr


# --- what the editor completes


def test_the_vocabulary_has_our_prefixes_and_every_term(site):
    """Each prefix of the table and each term of the ontology, under its short name."""
    told = site.get("/sparql/vocabulary").json()
    assert told["prefixes"] == dict(namespaces.prefixes())
    names = {name: (label, kind, text) for name, label, kind, text in told["terms"]}
    assert len(names) > len(ontology.terms()) / 2
    for term in ontology.terms().values():
        if term.kind == "scheme":
            continue
        label, kind, text = names[namespaces.compact(term.iri)]
        assert (label, text) == (term.label, term.definition)
        assert kind.split()[-1] == term.kind.split()[-1]
    assert all(namespaces.expand(name) for name in names)


def test_things_are_found_by_address_and_label(site):
    """Under a prefix, those that begin with the text come first; without one, all are searched."""
    assert ["work:kaldor-1999", "Kaldor 1999"] in site.get(
        "/sparql/names?prefix=work&text=kal"
    ).json()
    by_label = site.get("/sparql/names?prefix=operation&text=congo").json()
    assert by_label
    assert all("congo" in f"{name} {label}".lower() for name, label in by_label)
    anything = site.get("/sparql/names?text=woodhouse").json()
    assert ["person:tom-woodhouse", "Tom Woodhouse"] in anything
    assert len(site.get("/sparql/names?prefix=claim&text=").json()) == web.completion.MOST


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"prefix": "rdfs", "text": "label"}, 400),
        ({"prefix": "none", "text": "x"}, 400),
        ({"prefix": "work", "text": "x" * 101}, 400),
        ({"prefix": "work", "text": '" } ?s ?p ?o #'}, 200),
        ({"prefix": "work", "text": "\\u0022"}, 200),
        ({"text": "<script>"}, 200),
    ],
)
def test_what_is_completed_goes_into_no_query(site, asked, status):
    """A text is a text, whatever stands in it, and a prefix is one of ours."""
    response = site.get("/sparql/names", params=asked)
    assert response.status_code == status
    assert status == 400 or response.json() == []


@pytest.mark.parametrize("query", catalogue.catalogue(), ids=lambda query: query.name)
def test_every_query_is_an_example_of_the_editor(site, query):
    """The page has it without its header, and it is the same query."""
    text = site.get("/sparql", params={"example": query.name}).text
    assert f"# {query.summary}" in text.replace("&#39;", "'")
    assert "#+" not in text
    bare = web.answers.bare(query)
    ox.Store().query(bare)
    assert bare.partition("\n")[2] == query.text[query.text.index("PREFIX") :]
    assert f"/sparql?example={query.name}" in site.get("/sparql").text


def test_an_unknown_example_is_not_found(site):
    """404 with the nearest names."""
    response = site.get("/sparql?example=typologie")
    assert response.status_code == 404
    assert "/queries/typologies" in response.text


def test_a_fault_of_a_query_has_its_place_for_the_editor(site):
    """The editor marks the line and column that the server tells."""
    text = site.get("/sparql", params={"query": "SELECT ?s\nWHERE { ?s ?p }"}).text
    assert re.search(r'role="alert" data-line="2" data-column="\d+"', text)


# --- the catalogue


def test_queries_are_found_by_words(site):
    """Every word has to be in what is said of a query; none at all lists everything."""
    text = site.get("/queries?q=attack+UNANSWERED").text
    assert "/queries/unanswered-attacks" in text
    assert "/queries/typologies" not in text
    assert "No query has these words." in site.get("/queries?q=zzzz").text
    assert f"{len(catalogue.catalogue())} queries" in site.get("/queries").text
    evil = site.get("/queries", params={"q": '"><script>alert(1)</script>'})
    assert evil.status_code == 200
    assert "<script>" not in evil.text


def rows(text, column):
    """Return the texts of the cells of a column of the table on a page."""
    found = re.findall(r"<tr>(.*?)</tr>", text.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in found]
    return [re.sub("<[^>]*>", "", row[column]) for row in cells]


def test_the_server_sorts_where_no_script_does(site):
    """A head leads to the same rows in the order of its column, and then to the reverse."""
    address = "/queries/typologies"
    plain = site.get(address).text
    assert f'href="{address}?sort=types_named"' in plain
    up = site.get(f"{address}?sort=types_named").text
    assert 'aria-sort="ascending"' in up
    assert f'href="{address}?sort=-types_named"' in up
    place = re.findall(r"\?sort=-?(\w+)\"", up).index("types_named")
    named = list(map(int, filter(None, rows(up, place))))
    assert named == sorted(named)
    assert len(set(named)) > 1
    down = site.get(f"{address}?sort=-types_named").text
    assert list(map(int, filter(None, rows(down, place)))) == named[::-1]
    assert 'aria-sort="descending"' in down
    wrong = site.get(f"{address}?sort=none")
    assert wrong.status_code == 400
    assert "the columns are typology" in wrong.text


def test_an_order_has_numbers_as_numbers_and_nothing_last():
    """10 follows 9, labels stand for their things, and unbound cells end either order."""
    table = Table(
        ("n", "thing", "thing_label"),
        (
            (ox.Literal(10), ox.NamedNode("urn:a"), ox.Literal("Zoo")),
            (None, ox.NamedNode("urn:b"), ox.Literal("apple")),
            (ox.Literal(9), ox.NamedNode("urn:c"), ox.Literal("Éclair")),
            (ox.Literal(value=True), ox.NamedNode("urn:d"), ox.Literal("banana")),
        ),
    )

    def order(text):
        sorted_ = sorting.ordered(table, sorting.read(text, table))
        return [row[2].value for row in sorted_.terms]

    assert order("n") == ["banana", "Éclair", "Zoo", "apple"]
    assert order("-n") == ["Zoo", "Éclair", "banana", "apple"]
    assert order("thing") == ["apple", "banana", "Éclair", "Zoo"]
    with pytest.raises(ParameterError, match="the columns are n, thing"):
        sorting.read("other", table)


def test_a_long_answer_has_pages(graph, monkeypatch):
    """Each page has some rows and leads to the others; a page that is not there is an error."""
    monkeypatch.setattr(web.tables, "MOST_ROWS", 5)
    client = TestClient(web.app(graph), headers=BROWSER)
    result = graph.query("typologies")
    assert len(result) > 5
    first, second = (client.get(f"/queries/typologies{q}").text for q in ("", "?page=2"))
    both = rows(first, 0) + rows(second, 0)
    assert both == [row.typology_label for row in result][: len(both)]
    assert 'href="/queries/typologies?page=2"' in first
    assert 'href="/queries/typologies"' in second
    assert "data-sortable" not in first  # not all rows are there to be sorted
    for page in ("0", "99", "x", "1e3"):
        assert client.get(f"/queries/typologies?page={page}").status_code == 400


def test_a_workbook_has_the_rows_and_how_to_cite_them(site, graph):
    """Numbers are numbers, and the second sheet says what was asked."""
    response = site.get("/queries/attacks-on.xlsx?target=case-by-case")
    assert response.headers["content-type"].endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    result = graph.query("attacks-on", target="case-by-case")
    found = list(book["rows"].iter_rows(values_only=True))
    assert found[0] == result.columns
    assert found[1:] == [tuple(row.values()) for row in result]
    told = dict(book["about"].iter_rows(values_only=True))
    assert told["query"] == "attacks-on"
    assert told["target"] == "approach:case-by-case"
    assert told["cite as"] == result.citation
    assert (
        "/queries/attacks-on.xlsx?target=case-by-case"
        in site.get("/queries/attacks-on?target=case-by-case").text
    )


def test_a_cell_of_a_workbook_is_no_formula(monkeypatch):
    """What a claim says is a text, however it begins; what no cell can have is told or marked."""
    table = Table(("a",), ((ox.Literal("=HYPERLINK(1)"),), (ox.Literal("a\x07b"),), (None,)))
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.answer(table, {"query": "=1+1"})))
    cells = [cell for sheet in book for (cell, *_) in sheet.iter_rows()]
    assert book["rows"]["A2"].value == "=HYPERLINK(1)"
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["about"]["B1"].data_type == "s"
    assert book["rows"]["A3"].value == "a\ufffdb"
    monkeypatch.setattr("pkgraph.spreadsheets.answers._MOST_ROWS", 3)
    with pytest.raises(UnknownFormatError, match="choose csv"):
        spreadsheets.answer(table, {})


def test_bibtex_is_offered_where_works_are_behind_the_rows(site):
    """An answer that names claims has works; one without rows has none."""
    assert ".bib?" in site.get("/queries/attacks-on?target=case-by-case").text
    none = site.get("/queries/attacks-on?target=proposition:operations-have-types").text
    assert ".csv?" in none
    assert ".bib?" not in none


def test_few_things_are_a_list_and_many_are_typed(site):
    """What is typed is kept as typed; a name of a listed thing chooses it."""
    text = site.get("/queries/approach-profile?approach=Case-by-case+approach").text
    assert '<option value="approach:case-by-case" selected>case-by-case approach</option>' in text
    assert "<datalist" in site.get("/queries/claims-of-work").text
    many = site.get("/queries/attacks-on").text
    assert 'data-options="/queries/attacks-on/target"' in many
    assert 'value="proposition:' in many  # the claims, which are most, come after the others


def test_choices_are_found_while_they_are_typed(site):
    """Things of the classes that a parameter takes, by label or address."""
    found = site.get("/queries/attacks-on/target?text=liberal").json()
    assert 0 < len(found) <= 20
    assert all("liberal" in f"{name} {label}".lower() for name, label in found)
    assert {name.partition(":")[0] for name, _ in found} <= {
        *("claim", "proposition", "approach", "conception")
    }
    assert site.get("/queries/attacks-on/basis?text=inf").json() == [["inferred", "inferred"]]
    assert site.get("/queries/attacks-on/none?text=x").status_code == 400
    assert site.get("/queries/none/target?text=x").status_code == 404
    assert site.get("/queries/attacks-on/target", params={"text": "x" * 101}).status_code == 400


def test_an_ambiguous_value_offers_its_candidates(site):
    """Each is a link that asks the same with it, under its label; the form keeps what was typed."""
    response = site.get("/queries/author-profile?person=Cox")
    assert response.status_code == 400
    links = re.findall(
        r'href="(/queries/author-profile\?person=\w+%3Acox[^"]*)">([^<]+)<', response.text
    )
    assert len(links) > 1
    for address, label in links:
        assert label.startswith("Cox")
        assert site.get(address).status_code == 200
    assert 'value="Cox"' in response.text


@pytest.mark.parametrize("query", catalogue.catalogue(), ids=lambda query: query.name)
def test_a_page_of_a_query_stays_small(site, query):
    """At most 100 KB, with the answer to its example."""
    example = {p.name: p.example for p in query.parameters if p.required}
    assert len(site.get(f"/queries/{query.name}", params=example).content) <= 100_000


# --- check


def test_the_lines_at_fault_are_marked_and_corrected(site):
    """The text stands below the findings, each line at fault with a link to the first of them."""
    text = site.post("/check", files={"text": (None, BAD)}).text
    marked = re.findall(r'<li class="at-fault" id="line-(\d+)"><a[^>]*href="#(finding-\d+)"', text)
    assert [line for line, _ in marked] == ["3", "5"]
    assert all(f'class="finding violation" id="{each}"' in text for _, each in marked)
    mended = "<ins>    pk:voice &lt;https://w3id.org/pkgraph/scheme/voice/own&gt; .</ins>"
    assert mended in text.partition('id="line-5"')[2]
    assert text.count('<span class="number">1</span>') == 1


def test_a_file_stands_in_the_form_to_be_mended(site):
    """Its text and its name come back, so that the mended text is judged as the file was."""
    text = site.post("/check", files={"file": ("my claims.ttl", BAD)}).text
    assert "pk:vioce" in text.partition("<textarea")[2]
    assert 'name="name" value="my-claims.ttl"' in text
    mark = re.search(r'name="mark" value="(\w+)"', text)[1]
    sent = {"text": (None, BAD.replace("\n", "\r\n")), "mark": (None, mark)}
    other = BAD.replace("Watches", "Guards")
    again = site.post("/check", files=sent | {"file": ("b.ttl", other)})
    assert again.status_code == 200  # nobody touched the text of the file before
    touched = sent | {"text": (None, BAD + "# mine"), "file": ("b.ttl", other)}
    assert "oth a text and a file" in site.post("/check", files=touched).text
    named = site.post("/check", files={"text": (None, BAD), "name": (None, "../x.ttl")})
    assert "<h2>x.ttl</h2>" in named.text
    large = BAD + "# …\n" * 20_000
    assert "choose the file again" in site.post("/check", files={"file": ("c.ttl", large)}).text


@pytest.mark.parametrize(
    ("format_name", "name"),
    [
        ("sarif", "text-verdict.sarif"),
        ("md", "text-verdict.md"),
        ("ttl", "text-verdict.ttl"),
        ("json", "text-verdict.json"),
        ("text", "text-verdict.txt"),
    ],
)
def test_a_verdict_is_taken_away_as_a_file(site, format_name, name):
    """A button of the form gives it as an attachment; a program that posts the text gets none."""
    assert f'name="format" value="{format_name}"' in site.get("/check").text
    sent = {"text": (None, BAD), "format": (None, format_name)}
    response = site.post("/check", files=sent)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    kind = {"Content-Type": "text/turtle"}
    posted = site.post(f"/check?format={format_name}", content=BAD, headers=kind)
    assert "content-disposition" not in posted.headers
    assert posted.status_code == 200


def test_templates_are_taken_away(site):
    """Each class has a link to a workbook and to CSV, which are what the command writes."""
    text = site.get("/check").text
    links = set(re.findall(r'href="(/templates/[^"]+)"', text))
    assert len(links) == 2 * len(spreadsheets.kinds())
    for link in sorted(links):
        if link.endswith(".csv"):
            response = site.get(link)
            assert response.status_code == 200
            assert next(csv.reader(io.StringIO(response.text)))
    response = site.get("/templates/claims.xlsx")
    assert response.headers["content-disposition"] == 'attachment; filename="claims.xlsx"'
    assert "claims" in openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames
    for wrong in ("claimsx.csv", "claims.pdf", "claims", "Claims.csv", ".csv"):
        assert site.get(f"/templates/{wrong}").status_code == 404
