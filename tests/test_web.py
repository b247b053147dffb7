"""What the server answers: pages, data, queries and SPARQL, and how it refuses."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx2
import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from pkgraph import build, catalogue, graph, namespaces, ontology, pages, web
from pkgraph.errors import EnvironmentFailure, QuerySyntaxError, StoreError, UsageError
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE, PK
from pkgraph.store import RemoteStore
from pkgraph.verdicts import apart
from pkgraph.web import checking, negotiation, server

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CLAIM = "/claim/bellamy-2004-1-no-victory"
LABEL = "Peacekeeping operations do not exist to bring one of the sides to victory"
VOID = {"br", "hr", "img", "input", "link", "meta"}
TEMPLATES = (
    "/",
    "/search?q=woodhouse",
    "/search?q=zzzz",
    "/search?q=libral",
    "/search?q=peace+zzzzzz",
    "/search?q=un&kind=operations&page=2",
    "/search?kind=none",
    "/queries",
    "/queries/attacks-on",
    "/queries/attacks-on?target=case-by-case",
    "/queries/attacks-on?target=zzzz",
    "/queries/typologies",
    "/sparql",
    "/sparql?query=SELECT+*+WHERE+{?s+?p+?o}+LIMIT+3",
    "/sparql?query=ASK+{}",
    "/sparql?query=DESCRIBE+<https://w3id.org/pkgraph/operation/onuc>",
    "/sparql?query=SELECT",
    "/check",
    "/ontology",
    "/shapes",
    "/dataset",
    "/operation",
    "/scheme",
    "/nothing-here",
    f"{CLAIM}.html",
    "/work/bellamy-2004.html",
    "/passage/bellamy-2004-1-1-p6.html",
    "/proposition/democracies-do-not-fight.html",
    "/claim/bellamy-2004-1-four-types.html",
    "/person/tom-woodhouse.html",
    "/concept/peacekeeping.html",
    "/scheme/voice.html",
    "/scheme/voice/disputed.html",
    "/graph/works/bellamy-2004/1-1.html",
    "/graph/derived.html",
)


@pytest.fixture(scope="module")
def site():
    """Return a client of the shipped graph's server, which asks as a browser does."""
    return TestClient(
        web.app(graph.open_graph()), headers={"Accept": BROWSER}, follow_redirects=False
    )


@pytest.fixture
def fresh():
    """Return a client of a server that has answered nothing yet, so that nothing is kept."""
    return TestClient(web.app(graph.open_graph()), headers={"Accept": BROWSER})


@pytest.fixture(scope="module")
def broken():
    """Return a client of a server whose store fails."""

    class Failing:
        name = "failing"

        def query(self, text):
            if "ASK" in text:
                raise RuntimeError("a secret of the inside")
            raise StoreError("the store in failing cannot answer")

    application = web.app(Graph(Failing(), "none"))
    return TestClient(application, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return a client of data that tries to get into pages."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.ttl"
    path.write_text(
        f"<{BASE}concept/hostile> a <{PK}Concept> ;"
        ' <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>\\"\'&"@en ;'
        " <http://www.w3.org/2004/02/skos/core#closeMatch> <javascript:alert(1)> ,"
        " <https://example.org/x?a=1&b='2'> .",
        encoding="utf-8",
    )
    application = web.app(Graph(build.load([path]), "hostile"))
    return TestClient(application, headers={"Accept": BROWSER}, follow_redirects=False)


class Page(HTMLParser):
    """A page read strictly: tags close in order, and no id comes twice."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.labels, self.inputs = [], [], [], []
        self.links, self.headings, self.attributes, self.text = [], [], {}, []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        """Note what a tag that opens has."""
        found = dict(attrs)
        assert len(found) == len(attrs), f"an attribute twice in {tag}"
        self.attributes.setdefault(tag, found)
        self.ids += [found["id"]] if "id" in found else []
        self.labels += [found["for"]] if tag == "label" else []
        self.links += [found["href"]] if tag == "a" else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag in {"input", "select", "textarea"} and found.get("type") != "hidden":
            self.inputs.append(found["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Check that the tag that closes is the last that opened."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Note a text; the data of a page is none."""
        if self.open[-1:] != ["script"]:
            self.text.append(data)

    @property
    def words(self):
        """The text of the page, on one line."""
        return " ".join(" ".join(self.text).split())


def read(response):
    """Return the page of *response*."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


# --- pages


@pytest.mark.parametrize("address", TEMPLATES)
def test_every_page_is_well_formed_and_accessible(site, address):
    """A page has language, title, one main heading, a skip link, and a label for each input."""
    response = site.get(address)
    assert response.text.startswith("<!DOCTYPE html>\n")
    page = read(response)
    assert page.attributes["html"] == {"lang": "en"}
    assert "viewport" in response.text
    assert re.search(r"<title>[^<]+ – pkgraph</title>", response.text)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.inputs) <= set(page.labels)
    assert page.links[0] == "#content"
    assert "content" in page.ids
    scripts = re.findall("<script[^>]*>", response.text)
    own = r'<script (?:type="module" )?src="/static/[^"]+"(?: defer)?>'
    for script in scripts:  # none is inline, but for what is data
        assert script == '<script type="application/ld+json">' or re.fullmatch(own, script)
    assert " style=" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("address", TEMPLATES)
def test_every_link_of_a_page_leads_somewhere(site, address):
    """Links within the server are answered with a page or lead to one; anchors are on the page."""
    page = read(site.get(address))
    inside = {link for link in page.links if link.startswith("/")}
    assert inside
    for link in sorted(inside)[:40]:
        assert site.get(link).status_code in {200, 303}, link
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids


def test_every_response_is_closed_to_strangers_and_open_to_readers(site):
    """Headers keep foreign content out of pages and let any page read the data."""
    for address in ("/", "/static/style.css", "/nothing", "/health", "/sparql?query=ASK+{}"):
        headers = site.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["access-control-allow-origin"] == "*"
        assert "Accept" in headers["vary"]


def test_home_counts_what_the_graph_holds(site):
    """The home page has the ways in, the debates with both sides, and what is not covered."""
    response = site.get("/")
    page = read(response)
    store = graph.open_graph().store

    def count(pattern):
        """Return how many things fit a pattern."""
        return store.query(f"SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{ {pattern} }}")[0].n

    claims, operations, works = (
        count(f"?c a <{PK}{each}>") for each in ("Claim", "Operation", "Work")
    )
    assert f"{claims} claims" in page.words
    assert f"{operations} operations" in page.words
    iri = f"<{BASE}proposition/democracies-do-not-fight>"
    affirming = count(f"?c <{PK}affirms>|<{PK}narrows> {iri}")
    denying = count(f"?c <{PK}denies>|<{PK}findsNoEffectFor> {iri}")
    assert min(affirming, denying) > 1
    assert f"Democracies do not fight one another {affirming} for {denying} against" in page.words
    assert "/proposition/democracies-do-not-fight" in page.links
    assert "/claim/bellamy-2004-1-no-war-observed" in page.links  # which is attacked most
    encoded = count(f"?p <{PK}passageOf> ?c . ?g <{PK}encodes> ?c")
    assert f"{works} works are named, and the text of {encoded} is encoded" in page.words
    assert {"/work/bellamy-2004", "/queries", "/proposition", "/dataset"} <= set(page.links)
    assert len(response.content) < 100 << 10


def test_search_finds_things(site):
    """A search shows what is called so by kind, as a page or as JSON; no text, no search."""
    page = read(site.get("/search?q=woodhouse"))
    assert "/person/tom-woodhouse" in page.links
    assert {"People 1", "Claims 1"} <= set(re.findall(r"[A-Z][a-z]+ \d+", page.words))
    assert "<mark>Woodhouse</mark>" in site.get("/search?q=woodhouse").text
    found = site.get("/search?q=woodhouse", headers={"Accept": "application/json"}).json()
    person = {"iri": f"{BASE}person/tom-woodhouse", "type": f"{PK}Person", "kind": "people"}
    assert person.items() <= found[0].items()
    assert "Nothing is called “zzzz”" in read(site.get("/search?q=zzzz")).words
    assert "found" not in read(site.get("/search")).words
    assert site.get("/search?q=%00").status_code == 400


def test_a_kind_is_paged_and_its_pages_have_each_thing_once(site):
    """The numbers beside the kinds are those of the things on all pages of each."""
    words = read(site.get("/search?q=un")).words
    total = int(re.search(r"Operations (\d+)", words)[1])
    pages = -(-total // 20)
    assert pages > 2
    seen = []
    for number in range(1, pages + 1):
        response = site.get(f"/search?q=un&kind=operations&page={number}")
        assert f"Page {number} of {pages}" in read(response).words
        seen += re.findall(r'<li><a href="(/operation/[^"]+)"', response.text)
    assert len(seen) == len(set(seen)) == total
    beyond = site.get(f"/search?q=un&kind=operations&page={pages + 1}")
    assert beyond.status_code == 404
    for wrong in ("0", "-1", "x", "1" * 30, "%C2%B2"):
        assert site.get(f"/search?q=un&kind=operations&page={wrong}").status_code == 400
    listed = site.get("/search?q=un&page=2", headers={"Accept": "application/json"}).json()
    first = site.get("/search?q=un", headers={"Accept": "application/json"}).json()
    assert len(first) == 50
    assert not {each["iri"] for each in first} & {each["iri"] for each in listed}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\u05e9\u05dc\u05d5\u05dd \u202e evil",
        "",
        "a",
        "the of and",
        '"',
        "'); DROP TABLE thing; --",
        'liberal" OR "peace',
        "NEAR(peace war, 2)",
        "label : peace",
        "^peace* + - {war} AND NOT (",
        "\U0001f54a\ufe0f",
        "e\u0301\u0301\u0301 pe\u0301ace",
        "\U0001d52d\U0001d522\U0001d51e\U0001d520\U0001d522",
        "%",
        "_" * 50,
    ],
)
def test_whatever_is_looked_for_the_pages_stay_whole(site, text):
    """Marks of markup, of SQL and of full-text queries, other scripts, nothing: each is a text."""
    query = urlencode({"q": text})
    response = site.get(f"/search?{query}")
    assert response.status_code == 200
    page = read(response)
    assert "<script>" not in response.text
    if text.strip():
        assert " ".join(text.split()) in page.words
    answer = site.get(f"/suggest?{query}")
    assert answer.status_code == 200
    assert answer.json()["text"] == text.strip()


@pytest.mark.parametrize("text", ["x" * 10_000, " ".join(map(str, range(65)))])
def test_a_text_that_is_too_long_is_refused_with_the_limit(site, text):
    """The page says how long it is and may be, and does not give it back."""
    response = site.get("/search", params={"q": text})
    assert response.status_code == 400
    words = read(response).words
    assert re.search(r"has \d+ (characters; at most 2000|words; at most 64) are", words)
    assert len(response.content) < 5000
    assert site.get("/suggest", params={"q": text}).status_code == 400


def test_suggestions_are_what_may_be_meant(site):
    """What is typed may be misspelt and not done; what fits is marked, in texts and not in HTML."""
    answer = site.get("/suggest?q=libral+pea").json()
    assert answer["how"] == "near"
    assert answer["total"] > len(answer["items"]) == 8
    first = answer["items"][0]
    assert first["address"] == "/concept/liberal-peace"
    assert first["kind"] == "Ideas"
    assert first["parts"] == [["liberal", True], [" ", False], ["peace", True]]
    assert site.get("/suggest").json()["items"] == []
    hostile_parts = site.get("/suggest?q=peace").json()["items"]
    assert all(
        "".join(text for text, _ in each["parts"]) == each["label"] for each in hostile_parts
    )


def test_what_is_marked_is_escaped(hostile):
    """A label with markup in it is shown as it is, with the word that was looked for marked."""
    text = hostile.get("/search?q=alert").text
    assert "&lt;script&gt;<mark>alert</mark>(<mark>" not in text
    assert "script&gt;<mark>alert</mark>(1)&lt;/script&gt;" in text
    assert "<script>" not in text
    parts = hostile.get("/suggest?q=alert").json()["items"][0]["parts"]
    assert ["alert", True] in parts


def test_a_search_is_kept_and_counted(fresh):
    """The second who looks for the same has the kept answer; both are counted by their route."""
    for _ in range(2):
        for address in ("/search?q=consent", "/suggest?q=consent"):
            assert fresh.get(address).status_code == 200
    told = fresh.get("/metrics").text
    for route in ("/search", "/suggest"):
        assert re.search(rf'requests_total\{{[^}}]*route="{route}"[^}}]*\}} 2', told)


def test_health_counts_the_statements_once(monkeypatch):
    """A balancer asks for the health all the time, which must not take longer in a large graph."""
    asked = []
    store = graph.open_graph().store
    query = store.query
    monkeypatch.setattr(store, "query", lambda text: asked.append(text) or query(text))
    client = TestClient(web.app(Graph(store, "counted")))
    assert client.get("/health").json() == client.get("/health").json()
    assert sum("COUNT" in text for text in asked) == 1
    assert len(asked) == 3


def test_health_tells_the_release_and_the_size(site):
    """The state of the server is JSON that no cache keeps."""
    response = site.get("/health")
    assert response.headers["cache-control"] == "no-store"
    health = response.json()
    assert health["status"] == "ok"
    assert health["release"] == graph.open_graph().release
    assert health["triples"] > 1000


# --- things


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        (None, "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("text/turtle;q=0.4, application/ld+json;q=0.8", "jsonld"),
        ("text/*", "html"),
        ("image/png, text/turtle;q=0.1", "ttl"),
    ],
)
def test_a_thing_leads_to_the_document_that_is_liked_best(site, accept, ending):
    """The address of a thing answers 303 to one of its documents, by Accept."""
    response = site.get(CLAIM, headers={"Accept": accept or ""})
    assert response.status_code == 303
    assert response.headers["location"] == f"{CLAIM}.{ending}"
    assert "Accept" in response.headers["vary"]


def test_only_what_nobody_likes_is_not_acceptable(site):
    """406 names what there is."""
    response = site.get(CLAIM, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


def test_a_claims_page_tells_who_says_it_where_and_who_objects(site):
    """Voice, kind, holder, lines, attacks and the queries about it stand on a claim's page."""
    response = site.get(f"{CLAIM}.html")
    page = read(response)
    for words in ("voice", "disputed", "normative", "Woodhouse 2000", "is attacked by"):
        assert words in page.words
    assert "section 1.1, paragraph 6 lines 123–125" in page.words
    assert "/claim/bellamy-2004-1-took-sides" in page.links
    assert "/ontology#heldBy" in page.links
    query = urlencode({"target": "claim:bellamy-2004-1-no-victory"})
    assert f"/queries/attacks-on?{query}" in page.links
    assert f'<link rel="canonical" href="{BASE}{CLAIM[1:]}">' in response.text


@pytest.mark.parametrize("path", [CLAIM, "/operation/onuc", "/scheme/voice", "/scheme/voice/own"])
def test_documents_say_the_same_in_every_syntax(site, path):
    """Turtle, N-Triples, JSON-LD and RDF/XML of a thing have the same triples."""
    wanted = set(pages.triples(graph.open_graph().store, BASE + path[1:]))
    kinds = {
        "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
        "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
        "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    }
    for ending, (media_type, syntax) in kinds.items():
        response = site.get(f"{path}.{ending}")
        assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
        quads = ox.parse(response.content, format=syntax)
        told = {quad.triple for quad in quads if quad.subject.value.startswith(BASE)}
        assert told == wanted  # besides, a document may say that it is a page of several


def test_the_page_links_to_all_that_its_turtle_has(site):
    """What the Turtle joins to the thing stands on the page, under its address."""
    page = read(site.get("/operation/onuc.html"))
    turtle = site.get("/operation/onuc.nt").text
    for iri in re.findall(
        rf"^<{BASE}operation/onuc> <{PK}[^>]+> <{BASE}([^>]+)>", turtle, re.MULTILINE
    ):
        assert f"/{iri}" in page.links


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/operation/onucc", "/operation/onuc"),
        ("/operation/ONUC.html", "/operation/onuc"),
        ("/graph/works/bellamy-2004/workk", "/graph/works/bellamy-2004/work"),
    ],
)
def test_an_unknown_thing_is_404_with_the_nearest(site, path, nearest):
    """What is not there is not found, and what may be meant is a link."""
    response = site.get(path)
    assert response.status_code == 404
    assert nearest in read(response).links
    told = site.get(path, headers={"Accept": "application/json"})
    assert told.status_code == 404
    assert BASE + nearest[1:] in told.json()["suggestions"]
    plain = site.get(path, headers={"Accept": "text/turtle"})
    assert plain.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/claim//x",
        "/claim/%3Cscript%3E",
        "/operation/a%0Ab",
        "/graph/nope.ttl",
        "/a/b/c",
    ],
)
def test_an_unknown_path_is_404(site, path):
    """Any other address is a page that says so."""
    response = site.get(path)
    assert response.status_code == 404
    assert "<script>" not in response.text


def test_the_way_back_from_a_value_leads_over_its_list(site):
    """A value of a closed list stands under the list, and the list under all of them."""
    links = read(site.get("/scheme/voice/own.html")).links
    assert {"/scheme", "/scheme/voice"} <= set(links)


def test_a_named_graph_can_be_had_whole(site):
    """The document of a named graph has its statements, those of the derived one too."""
    store = graph.open_graph().store
    for name in ("works/bellamy-2004/1-1", "derived"):
        iri = f"{namespaces.GRAPH}{name}"
        wanted = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
        text = site.get(f"/graph/{name}.nt").content
        got = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
        assert set(got) == set(wanted)
        assert site.get(f"/graph/{name}").headers["location"] == f"/graph/{name}.html"


def test_things_of_a_class_are_listed(site):
    """The first part of an address lists what stands under it; pages that are not there are 404."""
    page = read(site.get("/operation"))
    assert "/operation/onuc" in page.links
    schemes = read(site.get("/scheme")).links
    assert "/scheme/voice" in schemes
    assert "/scheme/voice/own" not in schemes
    assert "/work/kaldor-1999" not in page.links
    assert site.get("/operation?page=99").status_code == 404
    assert site.get("/operation?page=x").status_code == 400
    assert site.get("/Operation").status_code == 404


def test_a_long_list_has_pages(tmp_path):
    """More things than a page holds go on to a next one, and back."""
    path = tmp_path / "many.ttl"
    path.write_text(
        "".join(f"<{BASE}place/p-{number}> a <{PK}Place> .\n" for number in range(205)),
        encoding="utf-8",
    )
    client = TestClient(web.app(Graph(build.load([path]), "many")))
    first, second = read(client.get("/place")), read(client.get("/place?page=2"))
    assert "/place?page=2" in first.links
    assert "/place?page=1" in second.links
    places = {link for link in (*first.links, *second.links) if link.startswith("/place/")}
    assert len(places) == 205


def test_a_thing_with_many_neighbours_shows_some_and_leads_to_all(tmp_path):
    """Of very many values a page shows a bounded number and the query for all of them."""
    path = tmp_path / "crowd.ttl"
    claims = (f"<{BASE}claim/c-{n}> <{PK}about> <{BASE}concept/x> .\n" for n in range(300))
    path.write_text("".join(claims), encoding="utf-8")
    client = TestClient(web.app(Graph(build.load([path]), "crowd")), headers={"Accept": BROWSER})
    page = read(client.get("/concept/x.html"))
    assert "100 of 300 are shown." in page.words
    (everything,) = [link for link in page.links if link.startswith("/sparql?")]
    assert "300 rows." in read(client.get(everything)).words


# --- queries


def test_the_queries_are_listed(site):
    """As a page with descriptions, and as JSON with parameters and columns."""
    page = read(site.get("/queries"))
    listed = site.get("/queries", headers={"Accept": "application/json"}).json()
    assert [each["name"] for each in listed] == [query.name for query in catalogue.catalogue()]
    for each in listed:
        assert f"/queries/{each['name']}" in page.links
    assert {"name": "target", "kind": "iri", "required": True} in next(
        each["parameters"] for each in listed if each["name"] == "attacks-on"
    )


def test_a_form_offers_what_a_query_takes(site):
    """Choices are a list, things are offered with labels, and the help says what is wanted."""
    text = site.get("/queries/attacks-on").text
    assert '<option value="explicit">explicit</option>' in text
    assert '<option value="approach:case-by-case">' in text
    assert "What is attacked: a claim or proposition or approach or conception" in text
    assert 'placeholder="claim:' in text
    assert "Answer" not in read(site.get("/queries/attacks-on")).words
    chosen = site.get("/queries/attacks-on?target=case-by-case&basis=basis:explicit").text
    assert '<option value="explicit" selected>' in chosen


def test_plain_options_are_a_list_too():
    """A choice among words of the query itself is a list of them."""
    parameter = catalogue.Parameter("side", "choice", options=("for", "kind:causal"))
    field = web.forms.field(None, parameter, "causal")
    assert field.options == (("for", "for"), ("kind:causal", "causal"))
    assert field.value == "kind:causal"
    assert field.wanted == "one of for, kind:causal"


def test_a_form_says_when_it_does_not_offer_all(site, fresh, monkeypatch):
    """Where there are more things than are offered, the help says so."""
    assert "any other can be typed" not in site.get("/queries/claims-of-work").text
    monkeypatch.setattr(web.forms, "OFFERED", 3)
    text = fresh.get("/queries/attacks-on").text
    assert "The first 3 are offered here; any other can be typed." in text
    assert text.count('<option value="claim:') + text.count('<option value="approach:') <= 3


def test_an_answer_has_labels_that_lead_to_things(site):
    """The page has the rows, their number, how to cite them, and the SPARQL that was run."""
    result = graph.open_graph().query("attacks-on", target="case-by-case")
    page = read(site.get("/queries/attacks-on?target=case-by-case"))
    assert f"{len(result)} rows." in page.words
    for row in result:
        assert row.claim_label in page.words
        assert "/" + row.claim.removeprefix(BASE) in page.links
        lines = {row.first_line, row.last_line}
        assert "–".join(map(str, sorted(lines))) in page.words
    assert result.citation in page.words
    assert "VALUES ?target { <https://w3id.org/pkgraph/approach/case-by-case> }" in page.words
    assert "/queries/attacks-on.csv?target=case-by-case" in page.links


def test_no_rows_are_an_answer(site):
    """A query that nothing fits is answered with no rows."""
    page = read(site.get("/queries/attacks-on?target=proposition:operations-have-types"))
    assert "No rows" in page.words


@pytest.mark.parametrize("query", catalogue.catalogue(), ids=lambda query: query.name)
def test_every_query_answers_its_example(site, query):
    """Each query gives rows for its example, on its page and as CSV; there is no personnel yet."""
    shipped = "personnel" not in query.tags
    example = {p.name: p.example for p in query.parameters if p.required}
    page = read(site.get(f"/queries/{query.name}", params=example))
    assert bool(re.search(r"\b\d+ rows?\.", page.words)) == shipped
    response = site.get(f"/queries/{query.name}.csv", params=example)
    reader = csv.DictReader(io.StringIO(response.text))
    assert bool(list(reader)) == shipped
    assert reader.fieldnames == list(query.columns)


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("xml", "application/sparql-results+xml"),
        ("md", "text/markdown"),
        ("bib", "application/x-bibtex"),
    ],
)
def test_an_answer_comes_in_every_format(site, ending, media_type):
    """The same answer by ending and by Accept, with its media type and character set."""
    address = "/queries/attacks-on{}?target=case-by-case"
    by_ending = site.get(address.format(f".{ending}"))
    by_accept = site.get(address.format(""), headers={"Accept": media_type})
    assert by_ending.text == by_accept.text
    assert by_ending.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert by_accept.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert f'filename="attacks-on.{ending}"' in by_ending.headers["content-disposition"]
    assert {"bib": "@incollection{bellamy-2004,"}.get(
        ending, "Studying case by case"
    ) in by_ending.text


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("target=", 400, "needs a value for 'target'"),
        ("target=x&nonsense=1", 400, "no parameter 'nonsense'"),
        ("target=x&name=1&self=2", 400, "no parameter 'name'"),
        ("target=a&target=b", 400, "given twice"),
        ("target=case-by-case&basis=maybe", 400, "maybe"),
        ("target=x%3E%20%7D%20DROP%20ALL%20%23", 404, "DROP ALL"),
        ("target=person:tom-woodhouse", 400, "pk:Person"),
        ("target=case-by-cas", 404, "approach:case-by-case"),
    ],
)
def test_a_bad_parameter_is_told_beside_the_form(site, asked, status, words):
    """The status says whose fault it is; the form stays, with what was typed."""
    response = site.get(f"/queries/attacks-on?{asked}")
    assert response.status_code == status
    page = read(response)
    assert words in page.words
    assert "p-target" in page.inputs
    told = site.get(f"/queries/attacks-on.json?{asked}", headers={"Accept": "application/json"})
    assert told.status_code == status
    assert words in told.json()["error"]


def test_an_ambiguous_name_lists_the_candidates(tmp_path):
    """A name that two things have is refused with a link that asks for each."""
    path = tmp_path / "twins.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    path.write_text(
        "".join(f'<{BASE}person/{slug}> a <{PK}Person> ; {label} "Cox"@en .\n' for slug in "ab"),
        encoding="utf-8",
    )
    client = TestClient(web.app(Graph(build.load([path]), "twins")), headers={"Accept": BROWSER})
    response = client.get("/queries/author-profile?person=Cox")
    assert response.status_code == 400
    asked = "/queries/author-profile?person=person%3A"
    assert {f"{asked}a", f"{asked}b"} <= set(read(response).links)


def test_an_unknown_query_is_404_with_the_nearest_names(site):
    """A query that is not there is not found; those that may be meant are links."""
    response = site.get("/queries/attack-on")
    assert response.status_code == 404
    assert "/queries/attacks-on" in read(response).links
    assert site.get("/queries/attacks-on.xls").status_code == 404
    assert site.get("/queries/attacks-on", headers={"Accept": "image/png"}).status_code == 406


def test_a_long_answer_is_cut_on_the_page_only(fresh, monkeypatch):
    """A page shows some of very many rows and says so; the files have all."""
    monkeypatch.setattr(web.tables, "MOST_ROWS", 2)
    page = read(fresh.get("/queries/typologies"))
    assert "A page shows some of them; the files have all." in page.words


# --- SPARQL


def ask(client, text, accept=None, **more):
    """Return the response to the query *text* by GET."""
    headers = {"Accept": accept or "*/*"}
    return client.get("/sparql", params={"query": text, **more}, headers=headers)


COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
ONE = f"CONSTRUCT WHERE {{ <{BASE}operation/onuc> <{PK}acronym> ?o }}"


def test_the_three_ways_to_ask_give_one_answer(site):
    """GET, a posted form and a posted query are the same."""
    get = ask(site, COUNT)
    form = site.post("/sparql", data={"query": COUNT}, headers={"Accept": "*/*"})
    direct = site.post(
        "/sparql",
        content=COUNT,
        headers={"Accept": "*/*", "Content-Type": "application/sparql-query; charset=utf-8"},
    )
    assert get.status_code == 200
    assert get.json() == form.json() == direct.json()
    assert int(get.json()["results"]["bindings"][0]["n"]["value"]) > 1000


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (COUNT, "*/*", "application/sparql-results+json"),
        (COUNT, "application/json", "application/sparql-results+json"),
        (COUNT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (COUNT, "text/csv", "text/csv"),
        (COUNT, "text/tab-separated-values", "text/tab-separated-values"),
        (COUNT, "text/csv;q=0.2, application/xml;q=0.7", "application/sparql-results+xml"),
        (COUNT, "text/turtle, text/csv;q=0.1", "text/csv"),
        ("ASK {}", "*/*", "application/sparql-results+json"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        (ONE, "*/*", "text/turtle"),
        (ONE, "application/n-triples", "application/n-triples"),
        (ONE, "application/ld+json", "application/ld+json"),
        (ONE, "application/rdf+xml", "application/rdf+xml"),
        (ONE, "text/turtle;q=0.1, application/rdf+xml;q=0.2", "application/rdf+xml"),
    ],
)
def test_an_answer_has_the_form_that_is_liked_best(site, query, accept, media_type):
    """The media type follows Accept, q-values included, and names the character set."""
    response = ask(site, query, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("query", "accept"),
    [(COUNT, "image/png"), (COUNT, "text/turtle"), (ONE, "text/csv"), ("ASK {}", "text/csv")],
)
def test_an_answer_that_nobody_likes_is_406(site, query, accept):
    """An answer that cannot take any form that is accepted is not sent in another."""
    response = ask(site, query, accept)
    assert response.status_code == 406
    assert "can be had as" in response.text


def test_the_default_graph_is_the_union_as_a_set(site):
    """Each statement counts once, in whichever graphs it stands."""
    text = (
        "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } }"
    )
    assert ask(site, COUNT).json() == ask(site, text).json()


def test_broken_sparql_is_400_with_its_place(site):
    """What is not a query is told with line and column, to programs and to people."""
    text = "SELECT *\nWHERE { ?s ?p }"
    told = ask(site, text, "application/json")
    assert told.status_code == 400
    with pytest.raises(QuerySyntaxError) as caught:
        graph.open_graph().sparql(text)
    place = caught.value.line, caught.value.column
    assert place[0] == 2
    assert (told.json()["line"], told.json()["column"]) == place
    assert ask(site, text).text == f"{caught.value}\n"
    page = site.get("/sparql", params={"query": text})
    assert page.status_code == 400
    assert f"Line 2, column {place[1]}: " in read(page).words
    assert "?s ?p }" in page.text


@pytest.mark.parametrize(
    "query",
    ["DELETE WHERE { ?s ?p ?o }", "SELECT * WHERE { SERVICE <http://x.org/> {} }", "(" * 200],
)
def test_what_is_too_much_is_400(site, query):
    """Updates, other machines and depth without end are refused."""
    response = ask(site, query)
    assert response.status_code == 400
    assert "line 1" in response.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"query": " "}, "there is no query"),
        ({"query": "ASK {}", "update": "x"}, "only read"),
        ({"query": "ASK {}", "default-graph-uri": "x"}, "not an absolute IRI"),
        ({"query": "ASK {}", "named-graph-uri": ""}, "not an absolute IRI"),
        ({"query": ["ASK {}", "ASK {}"]}, "given twice"),
        ({"query": "ASK {}", "format": ["xls", "pdf"]}, "'format' is one of"),
        ({"query": "ASK {}", **dict.fromkeys(map(str, range(300)), "x")}, "too many fields"),
    ],
)
def test_what_the_protocol_does_not_take_here_is_400(site, fields, words):
    """Nothing that was asked for is left out in silence."""
    response = site.post("/sparql", data=fields, headers={"Accept": "*/*"})
    assert response.status_code == 400
    assert words in response.text


def test_bodies_are_bounded_and_typed(site):
    """A body that is too large, of another type or not UTF-8 is refused."""
    kind = {"Content-Type": "application/sparql-query", "Accept": "*/*"}
    assert site.post("/sparql", content=b" " * (1024 * 1024 + 1), headers=kind).status_code == 413
    assert site.post("/sparql", content=b"ASK {} #\xff", headers=kind).status_code == 400
    assert (
        site.post(
            "/sparql",
            content=b"query=%FF",
            headers={**kind, "Content-Type": "application/x-www-form-urlencoded"},
        ).status_code
        == 400
    )
    for other in ("text/plain", ""):
        response = site.post("/sparql", content="ASK {}", headers={**kind, "Content-Type": other})
        assert response.status_code == 415


def test_a_page_of_another_site_may_ask(site):
    """A preflight request is answered."""
    response = site.options("/sparql")
    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]


def test_people_get_a_form_and_their_answer_below(site):
    """A browser without a query gets a form; with one, the rows, and the same as files."""
    assert "query" in read(site.get("/sparql")).inputs
    page = read(site.get("/sparql", params={"query": COUNT}))
    assert "1 row." in page.words
    (link,) = [link for link in page.links if link.endswith("format=csv")]
    assert site.get(link).headers["content-type"] == "text/csv; charset=utf-8"
    assert "Yes." in read(site.get("/sparql", params={"query": "ASK {}"})).words
    assert "No." in read(site.get("/sparql", params={"query": "ASK { ?s <x:y> ?o }"})).words
    assert 'pk:acronym "ONUC"' in read(site.get("/sparql", params={"query": ONE})).words


def test_a_remote_store_over_the_endpoint_sees_the_same(live):
    """Descriptions and triples are the same when the store is asked over HTTP."""
    local, remote = graph.open_graph().store, RemoteStore(f"{live}sparql")
    iri = BASE + CLAIM[1:]
    assert pages.describe(remote, iri) == pages.describe(local, iri)
    assert set(pages.triples(remote, iri)) == set(pages.triples(local, iri))


# --- check


GOOD = (
    f"<{BASE}concept/example-watch> a <{PK}Concept> ;"
    ' <http://www.w3.org/2000/01/rdf-schema#label> "watch"@en .\n'
)
BAD = GOOD.replace("@en", "")
ANY = {"Accept": "*/*"}


def post(site, content, **headers):
    """Send *content* as a program does: as it is."""
    kind = {"Content-Type": "text/turtle", **ANY}
    return site.post("/check", content=content, headers=kind | headers)


def test_people_get_a_verdict_with_their_text_below(site):
    """The page of a verdict has the line, the mend, the shape, and the text to go on with."""
    response = site.post("/check", files={"text": (None, BAD), "format": (None, "html")})
    assert response.status_code == 200
    page = read(response)
    assert page.headings[:3] == [1, 2, 3]
    assert "Rejected : 1 violation." in page.words
    assert "Line 1, column" in page.words
    assert '"watch"@en .' in page.words
    assert "/shapes#Thing-label" in page.links
    assert "Thing-label" in read(site.get("/shapes")).ids
    assert f"\n{BAD.strip()}" in html.unescape(response.text)
    good = read(site.post("/check", files={"text": (None, GOOD)}))
    assert "Accepted : there is nothing to mend." in good.words
    assert set(good.inputs) == {"site-q", "text", "file"} <= set(good.labels)


def test_a_verdict_lets_nothing_into_the_page(site):
    """What a text, or the name of a file, says is shown and not run."""
    evil = "</textarea><script>alert(1)</script>"
    sent = GOOD.replace("watch", evil.replace('"', "")).replace("@en", "")
    for files in ({"text": (None, sent)}, {"file": (f"{evil}.ttl", sent)}):
        response = site.post("/check", files=files)
        assert response.status_code in {200, 400}
        read(response)
        assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("accept", "format_name", "media_type"),
    [
        ("*/*", None, "application/json"),
        ("application/json", None, "application/json"),
        ("application/sarif+json", None, "application/sarif+json"),
        ("text/markdown, */*;q=0.1", None, "text/markdown"),
        ("text/turtle", None, "text/turtle"),
        (BROWSER, None, "text/html"),
        (BROWSER, "sarif", "application/sarif+json"),
        ("text/turtle", "html", "text/html"),
        ("image/png", "text", "text/plain"),
    ],
)
def test_a_verdict_has_the_form_that_is_asked_for(site, accept, format_name, media_type):
    """By ``format`` in the address, or else by Accept."""
    query = {"format": format_name} if format_name else {}
    headers = {"Content-Type": "text/turtle", "Accept": accept}
    response = site.post("/check", params=query, content=BAD, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert "example-watch" in response.text


def test_programs_are_told_what_is_accepted(site):
    """The verdict is the answer, for or against, with the status 200."""
    assert post(site, GOOD).json()["accepted"] is True
    told = post(site, BAD).json()
    assert told["accepted"] is False
    assert told["findings"][0]["fix"]["corrected"]["text"].endswith('"watch"@en .')


def test_a_file_is_what_its_name_or_type_says(site):
    """A file keeps its name, without folders; what comes bare is called after its type."""
    sent = {"file": (r"C:\my claims.ttl", BAD), "format": (None, "json")}
    (finding,) = site.post("/check", files=sent).json()["findings"]
    assert finding["file"] == "my-claims.ttl"
    kind = {"Content-Type": "application/n-triples"}
    assert post(site, BAD, **kind).json()["findings"][0]["line"] is not None
    assert "compressed" in site.post("/check", files={"file": ("a.zip", b"PK")}).text


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"content": b"", "headers": {"Content-Type": "text/turtle"}}, 400, "nothing to check"),
        ({"content": b"\xff", "headers": {"Content-Type": "text/turtle"}}, 400, "not UTF-8"),
        ({"content": b"x", "headers": {"Content-Type": "image/png"}}, 415, "text/turtle"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "boundary"),
        ({"files": {"text": (None, "x"), "file": ("a.ttl", "x")}}, 400, "send one of them"),
        ({"files": {"text": (None, "")}}, 400, "nothing to check"),
        ({"params": {"format": "doc"}, "files": {"text": (None, "x")}}, 400, "is one of html"),
        ({"files": [("file", ("a.ttl", "x"))] * 2}, 400, "Too many files"),
        (
            {"content": GOOD + "#" * (1 << 20), "headers": {"Content-Type": "text/turtle"}},
            413,
            "larger than 1 MiB",
        ),
        (
            {"content": GOOD, "headers": {"Content-Type": "text/turtle", "Accept": "image/png"}},
            406,
            "application/json, application/sarif+json",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused(site, asked, status, words):
    """Each refusal says what to send, as plain text to programs."""
    asked = {**asked, "headers": {**ANY, **asked.get("headers", {})}}
    response = site.post("/check", **asked)
    assert response.status_code == status
    assert words in response.text
    assert site.get("/check").status_code == 200


def test_a_refusal_is_told_beside_the_form(site):
    """A reader keeps the text that cannot be checked."""
    response = site.post("/check", files={"text": (None, " ")})
    assert response.status_code == 400
    assert "nothing to check" in read(response).words


@pytest.mark.parametrize(
    "hostile",
    [
        b"<urn:a> <urn:b> " + b"[ <urn:b> " * 60_000,
        b"<urn:a> <urn:b> " + b"( " * 200_000 + b") " * 200_000 + b".",
        b'<urn:a> <urn:b> """' + b"x" * 1_000_000 + b'""" .',
        b"<< " * 100_000,
    ],
    ids=["brackets", "lists", "literal", "triple terms"],
)
def test_a_hostile_text_harms_nobody(site, hostile):
    """It is rejected or refused, and the next reader is served."""
    response = post(site, hostile)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert response.json()["accepted"] is False
    assert post(site, GOOD).json()["accepted"] is True


def test_others_are_served_while_a_text_is_checked(monkeypatch):
    """A check that takes long holds up only other checks, and of these only so many wait."""
    release, begun = threading.Event(), threading.Event()

    def slow(*_args, **_options):
        begun.set()
        assert release.wait(30)
        return apart.Answer(accepted=True, text="{}")

    monkeypatch.setattr(apart, "judge", slow)
    monkeypatch.setattr(checking, "_WAITING", 1)
    application = web.app(graph.open_graph())

    async def ask():
        transport = httpx2.ASGITransport(application)
        kind = {"Content-Type": "text/turtle"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:

            def check():
                return asyncio.create_task(client.post("/check", content=GOOD, headers=kind))

            checks = [check() for _ in range(3)]  # two run, one waits
            await asyncio.to_thread(begun.wait)
            health = await client.get("/health")
            refused = await check()
            release.set()
            return health, refused, await asyncio.gather(*checks)

    # In a thread of its own, since a browser of other tests may have a loop in this one.
    with ThreadPoolExecutor() as threads:
        health, refused, answered = threads.submit(lambda: asyncio.run(ask())).result()
    assert health.status_code == 200
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "30"
    assert [each.status_code for each in answered] == [200, 200, 200]


def test_nothing_that_is_sent_is_kept(site, tmp_path, monkeypatch):
    """The folder of a check is gone when it has ended, however it ends."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for content in (GOOD, BAD, b"\xff", "not turtle"):
        post(site, content)
    assert list(tmp_path.iterdir()) == []


def test_a_page_of_another_site_may_check(site):
    """A preflight request is answered: nothing is kept, so that anybody may send."""
    response = site.options("/check")
    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]


# --- the ontology and the shapes


def test_the_ontology_has_every_term_under_its_anchor(site):
    """The address of a term leads to its place on the page; the files have every statement."""
    page = read(site.get("/ontology"))
    for iri, term in ontology.terms().items():
        if term.kind != "value":
            assert (iri.removeprefix(PK) if iri.startswith(PK) else namespaces.compact(iri)) in (
                page.ids
            )
    assert "statement that one encoded source makes" in page.words.lower()
    turtle = site.get("/ontology", headers={"Accept": "text/turtle"})
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    subjects = {
        quad.subject.value
        for quad in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    declared = {iri for iri in ontology.terms() if iri.startswith(PK)}
    assert declared <= subjects
    assert site.get("/ontology.ttl").content == turtle.content


def test_the_shapes_have_every_shape_under_its_anchor(site):
    """The page tells each shape with its message; the file has every statement."""
    page = read(site.get("/shapes"))
    assert "A claim takes exactly one pk:voice" in page.words
    quads = ox.parse(site.get("/shapes.nt").content, format=ox.RdfFormat.N_TRIPLES)
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    anchors = {iri.removeprefix(namespaces.PKS) for iri in subjects if "#" in iri}
    assert "Claim-voice" in anchors
    assert anchors <= set(page.ids)


# --- where the server is reached


@pytest.mark.parametrize("passed_on", ["", "/graph-of/peace"])
def test_behind_a_prefix_links_lead_through_it(passed_on):
    """With a base URL, pages link to it, and requests come with or without its path."""
    base = "https://example.org/graph-of/peace"
    client = TestClient(
        web.app(graph.open_graph(), base_url=base + "/"),
        headers={"Accept": BROWSER},
        follow_redirects=False,
    )
    home = client.get(f"{passed_on}/")
    elsewhere = ("https://creativecommons.org/", "https://www.apache.org/")
    assert all(link.startswith((f"{base}/", "#", *elsewhere)) for link in read(home).links)
    assert f'href="{base}/static/style.css"' in home.text
    assert "style-src 'self' https://example.org;" in home.headers["content-security-policy"]
    assert client.get(f"{passed_on}/static/style.css").status_code == 200
    assert client.get(f"{passed_on}{CLAIM}").headers["location"] == f"{base}{CLAIM}.html"
    page = client.get(f"{passed_on}{CLAIM}.html")
    assert f"{base}/work/woodhouse-2000" in read(page).links
    assert f"{BASE}{CLAIM[1:]}" in page.text
    assert f"<{BASE}{CLAIM[1:]}>" in client.get(f"{passed_on}{CLAIM}.nt").text
    assert client.get(f"{passed_on}/queries/").headers["location"] == f"{base}/queries"


def test_the_prefix_itself_is_the_home_page():
    """The base URL without a slash at its end is the home page too."""
    client = TestClient(web.app(graph.open_graph(), base_url="https://example.org/p"))
    assert "What the graph covers" in read(client.get("/p")).words


def test_a_slash_too_many_leads_on(site):
    """An address with a slash at its end leads to the one without, on this server."""
    response = site.get("/queries/attacks-on/?target=a%20b")
    assert response.status_code == 308
    assert response.headers["location"] == "/queries/attacks-on?target=a%20b"
    assert site.get("http://testserver//example.org/").status_code == 404


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", "https://", "https://a.b/?c"])
def test_a_base_url_must_be_one(url):
    """What is not an http address of a host and a path is refused."""
    with pytest.raises(UsageError, match="is not a base URL"):
        web.app(graph.open_graph(), base_url=url)


# --- what goes wrong


def test_a_text_in_another_language_is_marked(tmp_path):
    """A voice that reads the page aloud, and a browser that sets it, know which language it is."""
    path = tmp_path / "languages.ttl"
    path.write_text(
        f"<{BASE}concept/x> a <{PK}Concept> ; <{PK}year> 1960 ; <{PK}remark> "
        '"Opération des Nations unies"@fr, "عملية"@ar, "an operation"@en-GB, "plain" .',
        encoding="utf-8",
    )
    client = TestClient(web.app(Graph(build.load([path]), "languages")))
    text = client.get("/concept/x.html", headers={"Accept": BROWSER}).text
    assert '<span lang="fr" dir="auto">Opération des Nations unies</span>' in text
    assert '<span lang="ar" dir="auto">عملية</span>' in text
    assert set(re.findall(' lang="([^"]+)"', text)) == {"en", "fr", "ar"}
    assert "an operation" in text


def test_data_cannot_get_into_pages(hostile):
    """Markup in data is shown as text, and an address that runs is no link."""
    response = hostile.get("/concept/hostile.html")
    page = read(response)
    assert "<script>alert" not in response.text
    assert "<script>alert(1)</script>\"'&" in page.words
    assert "javascript:alert(1)" in page.words
    assert not [link for link in page.links if link.startswith("javascript")]
    assert "https://example.org/x?a=1&b='2'" in page.links
    asked = hostile.get("/search", params={"q": '"><script>alert(1)</script>'})
    assert "<script>" not in asked.text
    asked = hostile.get("/sparql", params={"query": "</textarea><script>alert(1)</script>"})
    assert "<script>" not in asked.text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/", {"GET", "HEAD"}),
        ("DELETE", CLAIM, {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/sparql", {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
def test_a_method_that_is_not_possible_is_405(site, method, path, allowed):
    """405 says which methods there are."""
    response = site.request(method, path)
    assert response.status_code == 405
    assert set(response.headers["allow"].replace(" ", "").split(",")) == allowed


@pytest.mark.parametrize("path", ["/", CLAIM, f"{CLAIM}.ttl", "/sparql?query=ASK+{}", "/nothing"])
def test_head_is_get_without_the_body(site, path):
    """HEAD has the status and the headers of GET."""
    head, get = site.head(path), site.get(path)
    assert head.status_code == get.status_code
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_store_that_fails_is_503_in_every_form(broken):
    """The failure of the store is told as such, and nothing of the inside gets out."""
    page = broken.get("/", headers={"Accept": BROWSER})
    assert page.status_code == 503
    assert "The store in failing cannot answer." in read(page).words
    told = broken.get(CLAIM, headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["suggestions"]) == (503, [])
    assert broken.get("/health").text == "the store in failing cannot answer\n"


def test_a_fault_of_ours_is_500_without_its_inside(broken):
    """What nobody foresaw is told in one sentence, with the headers that every answer has."""
    response = broken.get("/graph/x.nt", headers={"Accept": BROWSER})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_store_that_answers_something_else_is_503():
    """A store that gives a truth for triples is at fault."""

    class Odd:
        name = "odd"

        def query(self, _):
            return True

    response = TestClient(web.app(Graph(Odd(), "none"))).get("/graph/x.nt")
    assert response.status_code == 503
    assert "instead of triples" in response.text


def test_the_application_starts_and_stops():
    """What is no request, such as the start of the server, passes the envelope."""
    with TestClient(web.app(graph.open_graph())) as client:
        assert client.get("/health").status_code == 200


# --- negotiation


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "json"),
        ("", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/*;q=0.3, */*;q=0.1", "csv"),
        ("*/*, application/sparql-results+json;q=0, application/json;q=0", "csv"),
        ("text/csv;q=0", None),
        ("text/csv;q=2", None),
        ("text/csv;q=, nonsense", None),
        ("text/csv;header=present;q=0.5", "csv"),
        ("text/csv;q=0.001", "csv"),
    ],
)
def test_the_closest_range_decides(accept, chosen):
    """Types go before ranges, q-values order them, and 0 or nonsense is no liking."""
    assert negotiation.choose(accept, ("json", "csv")) == chosen


# --- running


def start(*arguments):
    """Start the server as a command on a free port; return the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pkgraph", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stderr.readline()
    found = re.fullmatch(r"Serving at (http://127\.0\.0\.1:\d+/) \(Ctrl-C ends it\)\.\n", line)
    assert found, line
    return process, found[1]


@pytest.fixture(scope="module")
def live():
    """Run a server of the shipped graph and return its address."""
    process, address = start()
    yield address
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, "")


def test_the_command_serves(live):
    """The command answers at the address that it prints, HEAD without a body."""
    assert httpx2.get(f"{live}health").json()["status"] == "ok"
    head = httpx2.head(live)
    assert head.content == b""
    assert int(head.headers["content-length"]) > 1000


def test_an_interrupt_ends_even_a_query_that_does_not():
    """While the engine is busy others are answered, and an interrupt ends the process cleanly."""
    process, address = start()
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f) }"
    answers = []

    def ask_endlessly():
        answer = httpx2.get(f"{address}sparql", params={"query": endless}, timeout=60)
        answers.append(answer.status_code)

    thread = threading.Thread(target=ask_endlessly)
    thread.start()
    time.sleep(0.5)
    assert httpx2.get(f"{address}health", timeout=30).status_code == 200
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert process.returncode == 0
    assert answers == [500]
    assert "Traceback" not in told


def test_a_port_that_is_taken_is_told():
    """A port in use, or that does not exist, or a host that is not here, is one clear sentence."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EnvironmentFailure, match=f"cannot listen at 127.0.0.1 port {port}"):
            web.serve(graph.open_graph(), "127.0.0.1", port)
    with pytest.raises(UsageError, match="no port 70000"):
        web.serve(graph.open_graph(), "127.0.0.1", 70000)
    with pytest.raises(EnvironmentFailure, match="cannot listen at"):
        web.serve(graph.open_graph(), "256.0.0.1", 0)


def test_an_address_of_version_6_is_in_brackets():
    """The address that is printed can be opened as it stands."""
    with socket.socket(socket.AF_INET6) as listener:
        try:
            listener.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        port = listener.getsockname()[1]
        assert server._address(listener) == f"http://[::1]:{port}/"


def test_only_what_was_cut_off_at_the_end_is_kept_from_the_log():
    """A fault is logged with its traceback; a request that the end cut off is not."""

    def record(error):
        info = (type(error), error, None)
        return logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "failed", (), info)

    assert server._is_news(record(ValueError()))
    assert not server._is_news(record(asyncio.CancelledError()))


def test_threads_that_end_do_not_end_the_process(monkeypatch):
    """Only a thread that goes on ends the process, and then with status 0."""
    left = []
    monkeypatch.setattr(os, "_exit", left.append)
    monkeypatch.setattr(server, "_PARTING_S", 0.05)
    done, going = threading.Event(), threading.Event()
    ended = threading.Thread(target=done.set)
    ended.start()
    server._leave({ended})
    assert left == []
    busy = threading.Thread(target=going.wait)
    busy.start()
    server._leave({busy})
    going.set()
    busy.join()
    assert left == [0]
