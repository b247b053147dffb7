"""What the pages of operations, states, norms and orders tell, as lists and texts have it."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from pkgraph import graph as graphs
from pkgraph import web
from pkgraph.namespaces import BASE
from pkgraph.pages import kinds
from pkgraph.pages.kinds import norm, operation, state


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph."""
    return TestClient(web.app(graph), headers={"Accept": "text/html"})


def text_of(page):
    """Return what a reader reads of *page*: its text, with white space as one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" .", ".").replace(" ,", ",")


def of(graph, name):
    """Return what the page of the operation of this *name* has."""
    return operation.page(graph.store, f"{BASE}operation/{name}", 1)


def test_onuc_has_what_lists_say(graph):
    """Dates, host, basis and codes are those of the lists; each fact has the graph that says it."""
    page = of(graph, "onuc")
    assert [each.words for each in page.facts["startDate"]] == ["14 July 1960"]
    assert [each.iri.rpartition("/")[2] for each in page.bases] == ["s-res-143-1960"]
    assert page.bases[0].issuers == (f"{BASE}organ/un-security-council",)
    codes = {each.codes.rpartition("/")[2]: each.code for each in page.codes}
    assert (codes["dpo"], codes["tppkm"], codes["unpmm"], codes["pact"]) == (
        "62",
        "128",
        "129",
        "ONUC",
    )
    assert {each.closeness for each in page.codes} == {"the same"}
    said = {each.graph for each in page.sources}
    for few in page.facts.values():
        for fact in few:
            assert fact.graphs
            assert set(fact.graphs) <= said
    assert f"{BASE}graph/derived" not in said


def test_onuc_is_used_against_a_claim(graph, site):
    """The chapter puts it forward where peacekeepers took sides, which attacks no victory."""
    page = of(graph, "onuc")
    ((how, claim),) = page.uses
    assert how == "puts it forward as a case"
    assert claim.iri == f"{BASE}claim/bellamy-2004-1-took-sides"
    (link,) = page.used_for(claim.iri)
    assert (link.relation, link.target) == ("attacks", f"{BASE}claim/bellamy-2004-1-no-victory")
    text = text_of(site.get("/operation/onuc.html").text)
    assert "it attacks Peacekeeping operations do not exist to bring one of the sides" in text
    assert "lines 125–128" in text


def test_unosom_2_has_neighbours_and_codes_of_other_width(graph):
    """It came after UNOSOM I and took over from UNITAF; one code is wider, one narrower."""
    page = of(graph, "unosom-2")
    assert page.neighbours["preceded by"] == (f"{BASE}operation/unosom-1",)
    assert page.neighbours["took authority over from"] == (f"{BASE}operation/unitaf",)
    wide = {each.entry.rpartition("/")[2]: each.closeness for each in page.codes}
    assert wide["dpo-16"] == wide["ipi-unosom"] == "wider than it"
    assert wide["ipi-unosom-ii"] == "narrower than it"
    assert wide["dpo-14"] == "the same"


def test_a_fact_from_knowledge_says_so(site):
    """What no list says is marked with the graph that warns of it."""
    page = site.get("/operation/active-endeavour.html").text
    assert "26 October 2001" in page
    assert "No list that the compilers have seen says these" in page
    assert "The graph gives no host." in page


def test_what_is_not_known_is_told(site):
    """No dates, no figures, no claims: the page says so and leaves nothing empty."""
    text = text_of(site.get("/operation/ecowas-intervention-in-sierra-leone.html").text)
    assert "Start The graph gives none. End The graph gives none." in text
    assert "This store has no figures of personnel for it." in text
    assert "Legal basis The graph gives none." in text


def test_an_operation_off_the_map_has_no_map(site):
    """Where there is a place, the map marks it."""
    assert "world.svg" not in site.get("/operation/active-endeavour.html").text
    page = site.get("/operation/onuc.html").text
    (address,) = re.findall(r'<img class="map" src="([^"]+)"', page)
    answer = site.get(address.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "Congo: 1 operation" in answer.text


def test_a_state_hosts_leads_and_has_codes(graph, site):
    """Somalia hosted UNOSOM I and II; Australia led five operations."""
    page = state.page(graph.store, f"{BASE}state/somalia", 1)
    assert {"UNOSOM I", "UNOSOM II", "AMISOM"} <= {each.label for each in page.hosted}
    codes = {each.codes.rpartition("/")[2]: each.code for each in page.codes}
    assert (codes["iso-3166-1-alpha-3"], codes["m49"], codes["cow"]) == ("SOM", "706", "520")
    led = state.page(graph.store, f"{BASE}state/australia", 1).led
    assert len(led) == 5
    text = text_of(site.get("/state/somalia.html").text)
    assert "is about its territory" in text


def test_a_state_that_ended_is_told_to_have(site):
    """Yugoslavia has its last day, and the page says what that means."""
    text = text_of(site.get("/state/yugoslavia.html").text)
    assert "It is no longer a state" in text
    assert "26 April 1992" in text


def test_an_order_has_its_rules_in_the_order_of_the_source(graph, site):
    """Seven legal rules and five monopolies, as the chapter counts them."""
    page = norm.page(graph.store, f"{BASE}order/westphalian", 1)
    members = {class_.rpartition("#")[2]: few for class_, few in page.members.items()}
    assert [number for number, _ in members["LegalRule"]] == list(range(1, 8))
    assert [number for number, _ in members["StateMonopoly"]] == list(range(1, 6))
    assert members["Principle"].shown[0][0] == 0
    assert len(site.get("/order/westphalian.html").text) < 100_000


def test_a_norm_says_who_holds_what_and_what_contests_it(graph, site):
    """Links to its claims are shown as moves, and holders not as followers."""
    page = norm.page(graph.store, f"{BASE}principle/sovereignty", 1)
    assert page.orders == (f"{BASE}order/westphalian",)
    assert page.total >= len(page.told) > 0
    assert {link.target for link in page.moves} <= {claim.iri for claim in page.told}
    text = text_of(site.get("/principle/sovereignty.html").text)
    assert "To hold a claim about it is not to be for it" in text


@pytest.mark.parametrize("class_", [*kinds.NORMS, "State", "PeaceOperation", "PoliticalMission"])
def test_each_class_has_its_kind(class_):
    """Narrower classes have the page of the wider."""
    kind = kinds.kind_of([f"https://w3id.org/pkgraph/ontology#{class_}"])
    assert kind.name == {"State": "state"}.get(
        class_, "norm" if class_ in kinds.NORMS else "operation"
    )


def test_every_operation_has_a_page_that_is_not_too_large(site, graph):
    """A third of them, and the ones with most codes."""
    from pkgraph.pages.atlas import operations

    for each in operations.read(graph.store)[::12]:
        answer = site.get(f"/operation/{each.iri.rpartition('/')[2]}.html")
        assert answer.status_code == 200
        assert len(answer.content) < 100_000
        assert each.when.partition(" – ")[0] in answer.text


def test_personnel_names_and_hostile_labels(tmp_path):
    """Figures are shown by date; a name has its language; a label stays a label."""
    (tmp_path / "x.ttl").write_text(
        """
@prefix operation: <https://w3id.org/pkgraph/operation/> .
@prefix personnel: <https://w3id.org/pkgraph/personnel/> .
@prefix pk: <https://w3id.org/pkgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://w3id.org/pkgraph/state/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
operation:zenda a pk:PeaceOperation, pk:Operation ; rdfs:label "Zenda <b>Watch</b>"@en ;
  skos:altLabel "Garde de Zenda"@fr .
state:ruritania a pk:State ; rdfs:label "<script>alert(1)</script>"@en .
personnel:a a pk:PersonnelContribution ; pk:contributor state:ruritania ;
  pk:toOperation operation:zenda ; pk:date "1999-01"^^xsd:gYearMonth ; pk:troops 7 .
personnel:b a pk:PersonnelContribution ; pk:contributor state:ruritania ;
  pk:toOperation operation:zenda ; pk:date "2001-01"^^xsd:gYearMonth ; pk:police 3 .
""",
        encoding="utf-8",
    )
    graph = graphs.open_graph(data=[tmp_path / "x.ttl"])
    site = TestClient(web.app(graph), headers={"Accept": "text/html"})
    page = site.get("/operation/zenda.html").text
    assert "<script>alert" not in page
    assert "<b>Watch" not in page
    assert '<span lang="fr" dir="auto">Garde de Zenda</span>' in page
    assert page.index("2001-01") < page.index("1999-01")
    assert "2 contributions in this store" in page
    assert "7</td>" in site.get("/state/ruritania.html").text
