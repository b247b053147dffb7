"""What the pages of each kind of thing tell: facts read by hand from sources, and odd graphs."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from pkgraph import build, web
from pkgraph.errors import NotFoundError
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE, PK
from pkgraph.pages import asking, kinds

BROWSER = "text/html,application/xhtml+xml"
PREFIXES = f"""
@prefix pk: <{PK}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
""" + "".join(
    f"@prefix {name}: <{BASE}{path or name}/> .\n"
    for name, path in (
        *((each, "") for each in ("claim", "work", "person", "proposition", "passage", "concept")),
        *((each, "") for each in ("occurrence", "citation", "link", "contribution", "graph")),
        *((each, f"scheme/{each}") for each in ("voice", "kind", "role", "signal", "relation")),
        ("basis", "scheme/basis"),
    )
)
LONG = "A claim of three hundred characters " + "that goes on and on " * 13 + "end."
NAME = "Nameofeightyletters" * 4 + "four"
EVIL = "</title><script>alert(1)</script>\"'&"
MAX_BYTES = 100 * 1024


class Text(HTMLParser):
    """The words and links of a page; tags have to close in order, and no id may come twice."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "rect"})

    def __init__(self, text):
        super().__init__()
        self.open, self.parts, self.links, self.ids = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        """Note a tag that opens."""
        found = dict(attrs)
        self.links += [found["href"]] if tag == "a" else []
        self.ids += [found["id"]] if "id" in found else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Leave a tag alone that opens and closes."""

    def handle_endtag(self, tag):
        """Check that the last that opened closes."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Note a text."""
        if self.open[-1:] != ["script"]:
            self.parts.append(data)

    @property
    def words(self):
        """All text on one line, without spaces before marks."""
        return re.sub(r" (?=[,.;:])", "", " ".join(" ".join(self.parts).split()))


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph's server."""
    return client(graph)


def client(graph):
    """Return a client that asks as a browser does."""
    return TestClient(web.app(graph), headers={"Accept": BROWSER}, follow_redirects=False)


def served(tmp_path, turtle):
    """Return a client of the graph of *turtle*, with what the rules derive from it."""
    path = tmp_path / "odd.ttl"
    path.write_text(PREFIXES + turtle, encoding="utf-8")
    return client(Graph(build.load([path]), "odd"))


def told(client_, path):
    """Return the text of the page at *path*, which is well-formed and small."""
    response = client_.get(f"/{path}.html")
    assert response.status_code == 200, path
    assert len(response.content) <= MAX_BYTES, path
    return Text(response.text)


def part(response_text, heading, until="<h2"):
    """Return the HTML between the heading with the id *heading* and the next one."""
    after = response_text.partition(f'id="{heading}"')[2]
    assert after, heading
    return after.partition(until)[0]


# --- claims


def test_a_claim_tells_its_holder_apart_from_who_reports_it(site):
    """Woodhouse 2000 holds the claim on victory at page 14; the chapter tells and disputes it."""
    words = told(site, "claim/bellamy-2004-1-no-victory").words
    assert re.search(r"Held by Woodhouse 2000: 14, cited in Bellamy.*6, lines 124–125", words)
    assert re.search(r"Told in Bellamy[^;]*paragraph 6, lines 123–125, which disputes it", words)


def test_a_claim_tells_what_attacks_it_and_who_draws_the_link(site):
    """Missions that took sides attack the claim on victory by a link that the text draws."""
    text = site.get("/claim/bellamy-2004-1-no-victory.html").text
    incoming = part(text, "incoming")
    assert "claim/bellamy-2004-1-took-sides" in incoming
    assert "attacks it" in incoming
    assert "The text draws this link" in incoming
    assert "claim/bellamy-2004-1-took-sides" not in part(text, "outgoing")


def test_links_are_told_in_both_directions(site):
    """The claim that attacks tells the same link from its end."""
    outgoing = part(site.get("/claim/bellamy-2004-1-took-sides.html").text, "outgoing")
    assert "it attacks" in outgoing
    assert "claim/bellamy-2004-1-no-victory" in outgoing


def test_a_claim_tells_its_cases(site):
    """Five operations are put forward for missions that took sides."""
    words = told(site, "claim/bellamy-2004-1-took-sides").words
    cases = re.search(r"puts forward the case (.*?) (?:is about|What supports)", words).group(1)
    assert cases == "INTERFET, ONUC, UNAMSIL, UNITAF, UNOSOM II"


def test_who_reads_further_holds_nothing(site):
    """The holders of the shared definition are three; nobody else is put among them."""
    text = site.get("/claim/bellamy-2004-1-consent-definition.html").text
    rows = re.search(r"<dt>Held by</dt><dd>(.*?)</dd>", text, re.DOTALL).group(1)
    named = set(re.findall(r'href="/work/([^"]+)"', rows))
    assert named == {"boyd-1971", "goulding-1993", "white-1997"}


def test_a_claim_tells_what_is_left_unsaid(site):
    """No pages are printed for the two works that see only two kinds, and nothing supports them."""
    words = told(site, "claim/bellamy-2004-1-two-kinds").words
    assert "No pages are printed for Ratner 1996, Mackinlay & Chopra 1992." in words
    assert "No claim in the graph supports it." in words
    assert "Silence is not denial" in words


def test_claims_follow_one_another_as_in_the_source(site, graph):
    """From the first claim of section 1.1 the next ones lead through the section, and back."""
    store = graph.store
    claim = kinds.kind_of([PK + "Claim"])
    here = f"{BASE}claim/bellamy-2004-1-few-conceptual"
    walked = [here]
    for _ in range(3):
        walked.append(kinds.read(store, claim, walked[-1]).content.following)
    assert walked[1] == f"{BASE}claim/bellamy-2004-1-rikhye-consistent"
    assert walked[2] == f"{BASE}claim/bellamy-2004-1-rikhye-three-roles"
    assert kinds.read(store, claim, walked[2]).content.previous == walked[1]
    assert "Previous claim" in told(site, "claim/bellamy-2004-1-rikhye-consistent").words


def test_a_typology_is_a_table_of_its_types(site):
    """The two kinds have an era each; the seven types of Demurenko and Nikitin are not named."""
    words = told(site, "claim/bellamy-2004-1-two-kinds").words
    assert "1 traditional peacekeeping traditional peacekeeping Cold War chronology" in words
    assert "2 'new' peacekeeping new peacekeeping post-Cold War world chronology" in words
    seven = told(site, "claim/bellamy-2004-1-seven-types").words
    assert "The text counts 7 types and names 0; others are not named" in seven
    assert "The text counts 7 and names 0 of them." in seven


# --- debates


def test_a_debate_has_two_sides(site):
    """That peacekeepers work for nobody's victory is affirmed by one claim and denied by one."""
    text = site.get("/proposition/no-side-to-victory.html").text
    assert "claim/bellamy-2004-1-no-victory" in part(text, "for")
    assert "claim/bellamy-2004-1-took-sides" in part(text, "against")
    assert "1 claim stands for it and 1 claim against it" in Text(text).words


def test_a_debate_tells_the_years_of_its_holders_once(site):
    """Woodhouse wrote in 2000, the chapter that denies the claim in 2004; one section says so."""
    text = site.get("/proposition/no-side-to-victory.html").text
    years = part(text, "chronology", "</section>")
    assert re.findall(r"<b>(\d{4})</b>", years) == ["2000", "2004"]
    woodhouse, chapter = years.partition("<b>2004</b>")[::2]
    assert "/work/woodhouse-2000" in woodhouse
    assert "/work/bellamy-2004" in chapter
    assert [each for each in Text(text).ids if "year" in each] == []


def test_a_debate_with_one_side_says_so(site):
    """Nobody denies that operations can be told apart by type."""
    words = told(site, "proposition/operations-have-types").words
    assert "This debate has one side in the graph: 6 claims affirm it and none denies it." in words
    assert "Nobody in the encoded texts argues this side." in words


def test_an_attack_is_answered_only_by_an_explicit_attack(graph):
    """The attacks of a debate are told as the canned query tells them."""
    debate = kinds.kind_of([PK + "Proposition"])
    open_ = {row["attack"] for row in graph.query("unanswered-attacks")}
    seen = 0
    for (iri,) in asking.ask(graph.store, "?p", "?p a pk:Proposition"):
        content = kinds.read(graph.store, debate, iri).content
        for link in content.attacks:
            seen += 1
            assert (link in content.unanswered) == (link.source in open_), link.iri
    assert seen > 20


# --- works, people, passages, concepts


def test_a_work_that_is_only_cited_says_so(site):
    """Of Woodhouse 2000 the graph has what the chapter says of it."""
    words = told(site, "work/woodhouse-2000").words
    assert "Its own text is not encoded" in words
    assert "Where it is cited" in words
    assert "for what it holds 14" in words


def test_a_source_tells_whom_it_cites_by_purpose_and_its_cases(site):
    """The chapter cites for what others hold, as evidence and to read further; six cases."""
    text = site.get("/work/bellamy-2004.html").text
    words = Text(text).words
    for purpose in ("For what they hold", "As evidence", "To read further"):
        assert purpose in words
    cases = set(re.findall(r'href="/operation/([^"]+)"', part(text, "cases")))
    assert {"onuc", "interfet", "unamsil"} <= cases
    assert "work/durch-1994a" in text.partition("As evidence")[2].partition("To read further")[0]


def test_the_pages_of_a_source_have_each_claim_once(site, graph):
    """The claims of the chapter come in the order of its lines, over as many pages as they need."""
    seen, number, work = [], 1, kinds.kind_of([PK + "Work"])
    while True:
        content = kinds.read(graph.store, work, f"{BASE}work/bellamy-2004", number)
        found = [each for _, few in content.content.sections for each in few]
        seen += found
        if not content.more:
            break
        number += 1
    assert len(seen) == len({each.iri for each in seen}) == content.content.stated
    lines = [each.places[0].first for each in seen]
    assert lines == sorted(lines)
    assert site.get(f"/work/bellamy-2004.html?page={number}").status_code == 200
    assert site.get(f"/work/bellamy-2004.html?page={number + 1}").status_code == 404


def test_a_person_tells_claims_positions_and_who_reports_them(site):
    """Woodhouse holds two claims, as the chapter reports, and affirms one proposition."""
    text = site.get("/person/tom-woodhouse.html").text
    words = Text(text).words
    assert "Claims held 2" in words
    assert "As told by Bellamy, Williams & Griffin 2004" in words
    assert "affirms Peacekeepers do not work for the victory of one side" in words
    assert "claim/bellamy-2004-1-took-sides" in part(text, "answered")


def test_a_passage_tells_its_claims_beside_its_lines(graph, site):
    """Paragraph 6 of section 1.1 has ten claims from line 115 on; its neighbours are 5 and 7."""
    passage = kinds.kind_of([PK + "Passage"])
    content = kinds.read(graph.store, passage, f"{BASE}passage/bellamy-2004-1-1-p6").content
    lines = [each.place.first for each in content.items]
    assert (lines[0], len(lines)) == (115, 10)
    assert lines == sorted(lines)
    assert content.previous == f"{BASE}passage/bellamy-2004-1-1-p5"
    assert content.following == f"{BASE}passage/bellamy-2004-1-1-p7"
    section = told(site, "passage/bellamy-2004-1-1").words
    assert "No claim is stated here: heading" in section


def test_a_concept_has_its_definitions_side_by_side(site):
    """Peacekeeping is defined by consent, by three works, among other definitions."""
    text = site.get("/concept/peacekeeping.html").text
    definitions = part(text, "definitions")
    assert "claim/bellamy-2004-1-consent-definition" in definitions
    for work in ("boyd-1971", "goulding-1993", "white-1997"):
        assert f"/work/{work}" in definitions
    assert "Parts of the meaning" in definitions


# --- what can be taken away


def test_a_page_can_be_taken_away(site):
    """BibTeX, RIS, CSL and CSV have what the page of a debate names."""
    base = "/proposition/no-side-to-victory"
    rows = list(csv.DictReader(io.StringIO(site.get(f"{base}.csv").text)))
    assert {row["relation"] for row in rows} == {"affirms", "denies"}
    woodhouse = next(row for row in rows if row["holder"].endswith("/woodhouse-2000"))
    assert (woodhouse["pages"], woodhouse["year"], woodhouse["first_line"]) == ("14", "2000", "124")
    bibtex = site.get(f"{base}.bib")
    assert bibtex.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert "{woodhouse-2000," in bibtex.text
    assert "{bellamy-2004," in bibtex.text
    assert "ID  - woodhouse-2000" in site.get(f"{base}.ris").text
    ids = {item["id"] for item in json.loads(site.get(f"{base}.csl").text)}
    assert ids == {"bellamy-2004", "woodhouse-2000"}
    assert "no-side-to-victory" in site.get(f"{base}.ttl").text


@pytest.mark.parametrize("name", ["bib", "ris", "csl", "csv"])
def test_what_has_no_claims_has_nothing_to_take_away(site, name):
    """An event's page is not about claims; a thing that is not there has no file either."""
    event = "/event/attempt-at-democracy-in-bosnia"
    assert site.get(f"{event}.{name}").status_code == 404
    assert site.get(f"/claim/none-such.{name}").status_code == 404
    assert site.get(f"/graph/works/bellamy-2004/1-1.{name}").status_code == 404


def test_a_page_says_how_to_cite_it(site, graph):
    """The name, the release and the permanent address are in what to cite."""
    words = told(site, "claim/bellamy-2004-1-no-victory").words
    assert f"graph {graph.release}, 20" in words
    assert f"{BASE}claim/bellamy-2004-1-no-victory" in words


# --- odd graphs

ODD = f"""
work:source a pk:Work ; rdfs:label "A source" .
passage:p a pk:Passage ; rdfs:label "A source, paragraph 1" ; pk:passageOf work:source ;
  pk:firstLine 1 ; pk:lastLine 9 .
claim:long a pk:Claim ; rdfs:label "{LONG}"@en ; pk:voice voice:reported ; pk:kind kind:causal ;
  pk:denies proposition:one-sided ; pk:occursAt occurrence:o ; pk:attribution citation:c .
occurrence:o a pk:Occurrence ; pk:inPassage passage:p ; pk:firstLine 2 ; pk:lastLine 3 .
citation:c a pk:Attribution ; pk:holder person:long ; pk:role role:holds ; pk:signal signal:direct ;
  pk:inPassage passage:p ; pk:firstLine 2 ; pk:lastLine 2 .
person:long a pk:Person ; rdfs:label "{NAME}"@en .
proposition:one-sided a pk:Proposition ; rdfs:label "Something that one side says"@en .
proposition:empty a pk:Proposition ; rdfs:label "Something nobody takes up"@en .
work:undated a pk:Work ; rdfs:label "An undated work" ; pk:author person:long .
"""


def test_long_names_and_one_side_leave_pages_whole(tmp_path):
    """A claim of 300 characters, a name of 80, a debate with one side and a work without year."""
    assert len(LONG) == 300
    assert len(NAME) == 80
    odd = served(tmp_path, ODD)
    assert LONG in told(odd, "claim/long").words
    assert f"Held by {NAME}" in told(odd, "claim/long").words
    assert (
        "one side in the graph: 1 claim denies it and none affirms it"
        in told(odd, "proposition/one-sided").words
    )
    assert f"Of no known year: {NAME} (against)." in told(odd, "proposition/one-sided").words
    assert "No claim in the graph takes a side on this." in told(odd, "proposition/empty").words
    assert "Year The sources print none." in told(odd, "work/undated").words
    assert "no year printed" in told(odd, "person/long").words
    assert told(odd, "passage/p").ids.count("order") == 1
    assert LONG in part(odd.get("/passage/p.html").text, "order")


def test_hostile_labels_stay_text(tmp_path):
    """Markup in labels, pages and hedges is shown, not run, on every kind of page."""
    evil = json.dumps(EVIL)
    turtle = ODD.replace(json.dumps(NAME), evil).replace('"A source"', evil)
    turtle = turtle.replace('"A source, paragraph 1"', evil).replace(json.dumps(LONG), evil)
    turtle = turtle.replace('"Something that one side says"', evil)
    turtle = turtle.replace("pk:signal signal:direct", f"pk:pages {evil} ; pk:hedge {evil}")
    odd = served(tmp_path, turtle)
    for path in ("claim/long", "proposition/one-sided", "work/source", "person/long", "passage/p"):
        text = odd.get(f"/{path}.html").text
        assert "<script>alert" not in text, path
        assert EVIL in Text(text).words.replace("< /", "</"), path
        assert odd.get(f"/{path}.csv").status_code == 200


def test_a_crowded_concept_comes_in_pages(tmp_path):
    """Of 2,500 claims about a concept the pages have 2,000 and say so; the table has all."""
    lines = ['concept:many a pk:Concept ; rdfs:label "many"@en .']
    lines += [
        f'claim:c-{n} a pk:Claim ; rdfs:label "claim {n}"@en ; pk:about concept:many .'
        for n in range(2500)
    ]
    crowded = served(tmp_path, "\n".join(lines))
    page = told(crowded, "concept/many")
    assert "Claims about it more than 2,000" in page.words
    assert "/concept/many.html?page=2" in page.links
    assert told_page(crowded, 2) & told_page(crowded, 1) == set()
    assert len(crowded.get("/concept/many.csv").text.splitlines()) == 2501
    assert crowded.get("/concept/many.html?page=99").status_code == 404


def told_page(client_, number):
    """Return the claims on a page about the crowded concept."""
    text = client_.get(f"/concept/many.html?page={number}").text
    found = set(re.findall(r'href="/claim/(c-\d+)"', part(text, "about", "<section")))
    assert len(found) == kinds.PAGE
    return found


def test_a_crowded_debate_counts_who_entered(tmp_path):
    """Of 2,000 works that hold claims on one side the page counts each year; the CSV names all."""
    lines = ['proposition:p a pk:Proposition ; rdfs:label "Many speak of it"@en .']
    for n in range(2000):
        side = "affirms" if n % 4 else "denies"
        lines.append(
            f'work:w-{n} a pk:Work ; rdfs:label "Work {n}" ; pk:year "{1950 + n % 50}"^^xsd:gYear .'
            f'claim:c-{n} a pk:Claim ; rdfs:label "claim {n}"@en ; pk:{side} proposition:p ; '
            f"pk:heldBy work:w-{n} ; pk:attribution citation:c-{n} . "
            f"citation:c-{n} a pk:Attribution ; pk:holder work:w-{n} ; pk:role role:holds ."
        )
    crowded = served(tmp_path, "\n".join(lines))
    words = told(crowded, "proposition/p").words
    assert "1950 20 for 20 against 1951 40 for" in words
    assert "are too many to name here and are counted" in words
    assert crowded.get("/proposition/p.csv").text.count("work/w-") == 2000


# --- what is gone


def test_what_was_replaced_is_gone_and_leads_on(tmp_path):
    """410 has the replacement at the end of the chain, and the statements are still to be had."""
    odd = served(
        tmp_path,
        'concept:old a pk:Concept ; rdfs:label "old" ; dcterms:isReplacedBy concept:newer .'
        'concept:newer a pk:Concept ; rdfs:label "newer" ; dcterms:isReplacedBy concept:new .'
        'concept:new a pk:Concept ; rdfs:label "new" .',
    )
    for path in ("/concept/old", "/concept/old.html"):
        response = odd.get(path)
        assert response.status_code == 410
        assert "/concept/new" in Text(response.text).links
        assert "/concept/newer" not in Text(response.text).links
    assert odd.get("/concept/old.ttl").status_code == 200
    assert odd.get("/concept/new.html").status_code == 200


def test_what_was_withdrawn_is_gone(tmp_path):
    """The graph of a contribution that was withdrawn is gone, and of one replaced leads on."""
    odd = served(
        tmp_path,
        'graph:a prov:invalidatedAtTime "2026-01-02T03:04:05Z"^^xsd:dateTime .'
        'graph:b prov:invalidatedAtTime "2026-01-02T03:04:05Z"^^xsd:dateTime ;'
        " prov:wasInvalidatedBy contribution:c . contribution:c prov:generated graph:c .",
    )
    response = odd.get("/graph/a")
    assert response.status_code == 410
    assert "nothing is said to replace it" in Text(response.text).words
    assert "/graph/c" in Text(odd.get("/graph/b").text).links


def test_what_never_was_is_not_found(site, graph):
    """404 has the nearest names; a page beyond the last is not there either."""
    response = site.get("/claim/bellamy-2004-1-no-victori.html")
    assert response.status_code == 404
    assert "/claim/bellamy-2004-1-no-victory" in Text(response.text).links
    with pytest.raises(NotFoundError):
        kinds.read(
            graph.store, kinds.kind_of([PK + "Claim"]), f"{BASE}claim/bellamy-2004-1-no-victory", 2
        )


# --- all of them


@pytest.mark.slow
def test_every_page_of_the_shipped_graph_is_whole_and_small(graph, site):
    """Every thing with a kind of page has one that is well-formed and at most 100 KiB."""
    rows = asking.ask(
        graph.store,
        "?thing",
        "VALUES ?class { pk:Claim pk:Proposition pk:Work pk:Passage pk:Concept pk:Process "
        "pk:Person pk:Organization pk:Organ pk:Office pk:ActorGroup } ?thing a ?class",
        "ORDER BY ?thing",
    )
    assert len(rows) > 1200
    for (iri,) in rows:
        page = told(site, iri.removeprefix(BASE))
        assert "All statements" in page.words
