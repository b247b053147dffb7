"""How the IRIs of the data answer, and how the data is described to programs."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from itertools import pairwise

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from pkgraph import build, catalogue, graph, ontology, pages, search, void, web
from pkgraph.catalogue.examples import examples
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE, DCTERMS, PK, RDF, RDFS, SKOS, XSD
from pkgraph.pages import schema_org
from pkgraph.store import OxigraphStore
from pkgraph.void.description import DCAT, FOAF, VOID
from pkgraph.web import linked
from pkgraph.web.paging import HYDRA

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ONUC = "/operation/onuc"
CROWD, MANY = 100, 10_000
KINDS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
RDF_ONLY = tuple(KINDS)[1:]
SYNTAX = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
#: Addresses of every kind that answer with a document, and the formats that they have.
DOCUMENTS = {
    ONUC: tuple(KINDS),
    "/scheme/voice": tuple(KINDS),
    "/scheme/voice/disputed": tuple(KINDS),
    "/graph/works/bellamy-2004/1-1": tuple(KINDS),
    "/ontology/0.1.0": tuple(KINDS),
    "/ontology": tuple(KINDS),
    "/shapes": tuple(KINDS),
    "/dataset": tuple(KINDS),
    "/.well-known/void": RDF_ONLY,
    "/.well-known/sparql-examples": RDF_ONLY,
}
#: What stands for a thing and leads on, among them.
THINGS = tuple(DOCUMENTS)[:5]
EVERY = [f"{path}.{name}" for path, names in DOCUMENTS.items() for name in names]


class Counting:
    """A store that another one answers for, which counts what it is asked."""

    name = "counting"

    def __init__(self, store):
        self.store, self.asked = store, 0

    def query(self, text):
        """Count and answer."""
        self.asked += 1
        return self.store.query(text)


@pytest.fixture(scope="module")
def shipped():
    """Return the shipped graph."""
    return graph.open_graph()


@pytest.fixture(scope="module")
def site(shipped):
    """Return a client of its server."""
    return TestClient(web.app(shipped), follow_redirects=False)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Return a store with a thing that many claims are about, and one that very many are."""
    path = tmp_path_factory.mktemp("crowded") / "crowded.ttl"
    lines = []
    for name, size in (("few", CROWD), ("many", MANY)):
        lines.append(f'<{BASE}concept/{name}> a <{PK}Question> ; <{RDFS}label> "{name}"@en .')
        lines += [
            f"<{BASE}claim/{name}-{n}> <{RDFS}label> 'claim {n}'@en ; "
            f"<{PK}about> <{BASE}concept/{name}> ."
            for n in range(size)
        ]
    lines += [f"<{BASE}code/x> <{PK}strange> {n} ." for n in range(6000)]
    lines.append(f"<{BASE}place/p> <{PK}exactCode> <{BASE}code/x> , <{BASE}code/y> .")
    lines.append(f"<{BASE}code/y> <{PK}strange> 1 .")
    path.write_text("\n".join(lines), encoding="utf-8")
    return build.load([path])


def client(store, release="0123456789ab", base_url=None):
    """Return a client of a server of *store*."""
    return TestClient(web.app(Graph(store, release), base_url), follow_redirects=False)


def links(response):
    """Return the links of a response: their targets and types, by relation."""
    found = {}
    for part in re.split(r",\s*(?=<)", response.headers.get("link", "")):
        target, *parameters = part.split(";")
        named = dict(each.strip().split("=", 1) for each in parameters)
        found.setdefault(named["rel"].strip('"'), []).append(
            (target.strip("<> "), named.get("type", "").strip('"'))
        )
    return found


def parsed(response, name="ttl"):
    """Return the triples of a response."""
    return {quad.triple for quad in ox.parse(response.content, format=SYNTAX[name])}


def values(triples, subject, property_):
    """Return what *triples* say of the IRI *subject* with a property."""
    return sorted(
        t.object.value
        for t in triples
        if (t.subject.value, t.predicate.value) == (subject, property_)
    )


def structured(response):
    """Return the JSON-LD of a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return json.loads(text)


def tags(response):
    """Return the citation tags of a page."""
    return re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', response.text)


# --- the policy


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/*", "html"),
        ("text/turtle", "ttl"),
        ("application/x-turtle", "ttl"),
        ("TEXT/TURTLE; charset=utf-8", "ttl"),
        ("application/*", "nt"),
        ("application/xhtml+xml", "html"),
        ("text/html;q=0, */*", "ttl"),
        ("text/html;q=0.2, text/turtle;q=0.3, */*;q=0.1", "ttl"),
        ("application/ld+json;q=0.9, application/rdf+xml;q=0.91", "rdf"),
        ("image/png, application/n-triples;q=0.001", "nt"),
        ("text/turtle;q=2, application/n-triples;q=0.1", "nt"),  # there is no such q
    ],
)
@pytest.mark.parametrize("path", THINGS)
def test_a_thing_leads_to_what_is_liked_best(site, path, accept, name):
    """The address of a thing is answered with 303, by q-values and ranges, with all there is."""
    response = site.get(path, headers={"Accept": accept or ""})
    assert response.status_code == 303
    assert response.headers["location"] == f"{path}.{name}"
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert "etag" not in response.headers
    found = links(response)
    assert found["describedby"] == [(f"{path}.{each}", KINDS[each]) for each in KINDS]
    assert found["canonical"] == [(BASE + path[1:], "")]


@pytest.mark.parametrize("address", EVERY)
def test_a_document_says_what_it_is(site, shipped, address):
    """By its ending a document has a type, a validator, other formats and what it is about."""
    path, _, name = address.rpartition(".")
    response = site.get(address, headers={"Accept": "image/png"})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{KINDS[name]}; charset=utf-8"
    assert response.headers["etag"].startswith(f'W/"{shipped.release}-{name}-')
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert response.headers["cache-control"] == "no-cache"
    assert "ETag" in response.headers["access-control-expose-headers"]
    assert "content-location" not in response.headers
    found = links(response)
    assert found["canonical"] == [(BASE + path[1:], "")]
    assert found["alternate"] == [
        (f"{path}.{each}", KINDS[each]) for each in DOCUMENTS[path] if each != name
    ]
    assert found["describedby"] == [("/.well-known/void", "text/turtle")]
    if name != "html":
        assert parsed(response, name)


@pytest.mark.parametrize("address", EVERY)
def test_who_has_a_document_is_told_so(site, address):
    """If-None-Match with its tag, among others or as a star, is answered 304 without a body."""
    tag = site.get(address).headers["etag"]
    for sent in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        response = site.get(address, headers={"If-None-Match": sent})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
        assert response.headers["vary"] == "Accept, Accept-Encoding"
    for sent in ('"x"', "x", tag.replace("-", "_"), ""):
        assert site.get(address, headers={"If-None-Match": sent}).status_code == 200


@pytest.mark.parametrize("address", [*DOCUMENTS, *EVERY, "/operation", "/operation/no-such-thing"])
def test_every_address_takes_the_same_methods(site, address):
    """HEAD is GET without the body, OPTIONS says what there is, anything else is refused."""
    get, head = site.get(address), site.head(address)
    assert head.status_code == get.status_code
    for name in ("content-type", "content-length", "etag", "link", "location"):
        assert head.headers.get(name) == get.headers.get(name)
    if get.status_code == 200:
        assert head.content == b""
    options = site.options(address)
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, OPTIONS"
    assert options.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert site.post(address).status_code == 405


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path not in THINGS])
def test_a_document_without_an_ending_is_negotiated(site, path):
    """What is a document itself is given at once, and says where just this form of it is."""
    for name in DOCUMENTS[path]:
        response = site.get(path, headers={"Accept": f"{KINDS[name]}, */*;q=0.1"})
        assert response.status_code == 200
        assert response.headers["content-location"] == f"{path}.{name}"
        assert response.text == site.get(f"{path}.{name}").text
        assert response.headers["etag"] == site.get(f"{path}.{name}").headers["etag"]
    refused = site.get(path, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.text


def test_every_kind_of_iri_of_the_graph_leads_to_its_triples(site, shipped):
    """Of every class, scheme and place in the graph, an IRI leads to Turtle that speaks of it."""
    rows = search.texts(
        shipped.store.query(
            "SELECT DISTINCT ?s { { ?s ?p ?o } UNION { ?x ?p ?s } UNION { ?x ?s ?o } "
            f'FILTER(ISIRI(?s) && STRSTARTS(STR(?s), "{BASE}")) }} ORDER BY ?s'
        )
    )
    kinds = {re.sub(r"[^/#]*$", "", iri): iri for (iri,) in rows}
    assert len(kinds) > 40
    for iri in kinds.values():
        address = "/" + iri.removeprefix(BASE).partition("#")[0]
        response = site.get(address, headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert response.status_code == 200, iri
        assert len(response.history) == (0 if address == "/ontology" else 1)
        named = {t.subject.value for t in parsed(response)} | {
            t.object.value for t in parsed(response) if isinstance(t.object, ox.NamedNode)
        }
        assert iri in named or address.startswith("/graph/"), iri


def test_a_validator_changes_with_all_that_a_document_depends_on(crowded):
    """Another release, format, page or base URL has another tag; the same has the same."""

    def tag(address, *more):
        return client(crowded, *more).get(address).headers["etag"]

    one = tag("/concept/many.ttl", "a1")
    assert one == tag("/concept/many.ttl", "a1")
    others = {
        tag("/concept/many.ttl", "b2"),
        tag("/concept/many.nt", "a1"),
        tag("/concept/few.ttl", "a1"),
        tag("/concept/many.ttl?page=2", "a1"),
        tag("/concept/many.ttl", "a1", "https://example.org/x"),
    }
    assert len(others | {one}) == 6


def test_an_endpoint_has_no_state_to_name(crowded):
    """What another server answers for may change at any time, so nothing is told to be the same."""
    remote = client(Counting(crowded), "https://example.org/sparql")
    response = remote.get("/concept/few.ttl", headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert "etag" not in response.headers
    assert not linked.names_state("http://127.0.0.1/sparql")


def test_a_match_costs_nothing(crowded):
    """Who has a document is told so without the store being asked."""
    store = Counting(crowded)
    served = client(store)
    tag = served.get("/concept/few.ttl").headers["etag"]
    before = store.asked
    assert served.get("/concept/few.ttl", headers={"If-None-Match": tag}).status_code == 304
    assert store.asked == before


def test_a_star_does_not_match_what_is_not_there(site):
    """If-None-Match with a star is true of what exists only."""
    headers = {"If-None-Match": "*"}
    assert site.get("/operation/no-such-thing.ttl", headers=headers).status_code == 404
    assert site.get(f"{ONUC}.ttl?page=99", headers=headers).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "", "9999999", "٣"])
def test_a_page_is_a_number(site, number):
    """What is no number of a page is refused, wherever pages are."""
    for path in (f"{ONUC}.ttl", ONUC, "/ontology", "/operation", "/.well-known/void"):
        response = site.get(path, params={"page": number})
        assert response.status_code == 400
        assert "'page' is a whole number" in response.text


@pytest.mark.parametrize("address", EVERY)
def test_there_is_no_page_after_the_last(site, address):
    """A page on which there would be nothing is not there."""
    assert site.get(address, params={"page": "9000"}).status_code == 404


def test_a_host_that_is_none_is_not_repeated(site):
    """Whole addresses are at the host that was asked; what is no host's name gets into nothing."""
    description = site.get("/.well-known/void", headers={"Host": "data.example:8080"})
    assert "http://data.example:8080/sparql" in description.text
    for bad in ("x<script>", "a b", "evil.example/path", ""):
        text = site.get("/.well-known/void", headers={"Host": bad}).text
        assert "<https://w3id.org/pkgraph/sparql>" in text
        assert not bad or bad not in text


# --- bounded descriptions


def test_the_pages_of_a_crowd_have_all_of_it_once(crowded):
    """Next links lead from page to page over every statement, and the triples say so as well."""
    served = client(crowded)
    address, seen, sizes = "/concept/many.ttl", set(), []
    while address:
        response = served.get(address)
        assert response.status_code == 200
        told = parsed(response)
        about = {t for t in told if t.predicate.value == PK + "about"}
        assert seen.isdisjoint(about)
        seen |= about
        sizes.append(len(about))
        found = links(response)
        here = f"http://testserver{address}"
        assert values(told, here, HYDRA + "first") == ["http://testserver/concept/many.ttl"]
        assert values(told, here, HYDRA + "next") == [
            f"http://testserver{target}" for target, _ in found.get("next", [])
        ]
        assert len(values(told, here, HYDRA + "previous")) == len(found.get("prev", []))
        number = len(sizes)
        page = f".ttl?page={number}" if number > 1 else ""
        assert found["canonical"] == [(f"{BASE}concept/many{page}", "")]
        address = found["next"][0][0] if "next" in found else None
    assert len(seen) == MANY
    assert sizes == [pages.LIMIT] * (MANY // pages.LIMIT)
    assert served.get(f"/concept/many.ttl?page={len(sizes) + 1}").status_code == 404


def test_a_thing_leads_to_the_page_that_was_asked_for(crowded):
    """The redirect keeps the number of the page."""
    response = client(crowded).get("/concept/many?page=3", headers={"Accept": "text/turtle"})
    assert response.headers["location"] == "/concept/many.ttl?page=3"


def test_a_page_leads_back_and_on(crowded):
    """The page for readers has links to its neighbours, in its body and in its headers."""
    served = client(crowded)
    for number in (1, 2, 100):
        response = served.get("/concept/many.html", params={"page": str(number)})
        said = dict(re.findall(r'<a href="([^"]+)" rel="(prev|next)">', response.text))
        headers = {
            target: rel
            for rel, targets in links(response).items()
            if rel in {"prev", "next"}
            for target, _ in targets
        }
        assert said == headers
        assert len(said) == (2 if number == 2 else 1)
        assert "of more than 500 are shown" in response.text
        assert response.text.count("claim/many-") >= pages.LIMIT
    assert 'rel="next"' not in served.get("/concept/few.html").text
    assert "next" not in links(served.get("/concept/few.html"))


def test_other_stores_are_paged_in_order(crowded):
    """A store that promises no order is asked to sort, so that its pages are the same parts."""
    store = Counting(crowded)
    seen = []
    for number in (1, 2, 100):
        found = pages.describe(store, f"{BASE}concept/many", page=number)
        group = found.group(PK + "about", incoming=True)
        seen += [value.iri for value in group.values]
        assert (group.total, group.many) == (MANY, False)
        assert found.more == (number < 100)
    wanted = sorted(f"{BASE}claim/many-{n}" for n in range(MANY))
    assert sorted(seen) == wanted[:200] + wanted[-100:]
    properties = {r.iri for r in pages.require(store, f"{BASE}concept/many")}
    assert properties == {r.iri for r in pages.require(crowded, f"{BASE}concept/many")}


def test_a_rare_property_among_very_many_is_found(crowded):
    """What joins a crowded thing once is told, however many statements come before."""
    about = pages.describe(crowded, f"{BASE}concept/many")
    assert about.label == "many"
    assert isinstance(crowded, OxigraphStore)
    assert PK + "about" in crowded.properties_of(ox.NamedNode(f"{BASE}concept/many"), incoming=True)


def test_details_that_are_cut_say_so(crowded):
    """Of a nameless thing with very many statements some are told, and that there is more."""
    about = pages.describe(crowded, f"{BASE}place/p")
    long, short = (value.details for value in about.group(PK + "exactCode").values)
    assert [(len(group.values), group.many) for group in long] == [(50, True)]
    assert [(len(group.values), group.many) for group in short] == [(1, False)]
    assert "; …</li>" in client(crowded).get("/place/p.html").text


@pytest.mark.parametrize("ending", ["html", "ttl"])
def test_a_crowd_takes_no_longer_than_a_page_of_it(crowded, ending):
    """A thing with ten thousand neighbours answers about as fast as one with a hundred."""
    served = client(crowded)

    def best(name):
        took = []
        for _ in range(7):
            start = time.perf_counter()
            assert served.get(f"/concept/{name}.{ending}").status_code == 200
            took.append(time.perf_counter() - start)
        return min(took)

    few, many = best("few"), best("many")
    assert many <= 2 * few + 0.005, (few, many)


# --- schema.org and citations


def test_the_tables_of_schema_org_name_what_there_is():
    """Every class, kind of work and property of the tables is declared by the ontology."""
    declared = ontology.terms()
    others = {SKOS + name for name in ("Concept", "ConceptScheme", "exactMatch", "inScheme")}
    others |= {DCTERMS + "title"}
    named = {*schema_org.TYPES, *schema_org.WORKS}
    named |= {iri for table in schema_org.PROPERTIES.values() for iri in table}
    assert named - others <= set(declared)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/work/bellamy-2004", {"@type": "Chapter", "name": "Peacekeeping in Global Politics"}),
        ("/claim/bellamy-2004-1-no-victory", {"@type": "Claim"}),
        ("/person/tom-woodhouse", {"@type": "Person", "familyName": "Woodhouse"}),
        ("/organization/united-nations", {"@type": "Organization", "name": "United Nations"}),
        (ONUC, {"@type": "Event", "startDate": "1960-07-14", "endDate": "1964-06-30"}),
        ("/state/united-states", {"@type": "Country"}),
        ("/place/congo", {"@type": "Place", "name": "Congo"}),
        ("/scheme/voice", {"@type": "DefinedTermSet"}),
        ("/scheme/voice/own", {"@type": "DefinedTerm"}),
        ("/graph/works/bellamy-2004/1-1", {"@type": "Thing"}),
    ],
)
def test_a_page_tells_search_engines_what_the_graph_says(site, shipped, path, wanted):
    """The JSON-LD has the type of the table and the name, and only things that the graph joins."""
    found = structured(site.get(f"{path}.html"))
    iri = BASE + path[1:]
    assert {"@context": "https://schema.org", "@id": iri, **wanted}.items() <= found.items()
    for name, value in found.items():
        for each in value if isinstance(value, list) else [value]:
            other = each.get("@id") if isinstance(each, dict) else each
            if name.startswith("@"):
                continue
            term = f"<{other}>" if isinstance(each, dict) or name == "sameAs" else None
            test = f"<{iri}> ?p {term}" if term else f"<{iri}> ?p ?o FILTER(STR(?o) = ?text)"
            text = json.dumps(other, ensure_ascii=False)
            values_ = "" if term else f"VALUES ?text {{ {text} }} "
            assert shipped.store.query(f"ASK {{ {values_}{test} }}"), (name, each)


def test_the_authors_of_a_work_are_people(site):
    """What a work is joined to has an IRI, a name, and a type where the ontology gives one."""
    found = structured(site.get("/work/bellamy-2004.html"))
    people = {each["@id"]: each for each in found["author"]}
    assert people[f"{BASE}person/williams-2004"] == {
        "@id": f"{BASE}person/williams-2004",
        "@type": "Person",
        "name": "Williams (2004)",
    }
    assert found["datePublished"] == "2004"
    assert found["isPartOf"]["@id"] == f"{BASE}work/bellamy-2004-book"


def test_data_of_a_page_ends_no_element(tmp_path):
    """A label that looks like the end of the element is data, and stays what it is."""
    path = tmp_path / "hostile.ttl"
    label = "</script><script>alert(1)</script><!-- & \u2028"
    path.write_text(
        f"<{BASE}work/x> a <{PK}Work> ; <{RDFS}label> {json.dumps(label)}@en .", encoding="utf-8"
    )
    response = client(build.load([path])).get("/work/x.html")
    assert response.text.count("<script") == 1
    assert structured(response)["name"] == label
    assert tags(response)[0][0] == "citation_title"
    assert "<" not in tags(response)[0][1]


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    """Return a client of a graph with works that have all that a reference manager takes."""
    path = tmp_path_factory.mktemp("works") / "works.ttl"
    path.write_text(
        f"""
        @prefix dcterms: <{DCTERMS}> . @prefix pk: <{PK}> . @prefix rdfs: <{RDFS}> .
        @prefix kind: <{BASE}scheme/work-kind/> . @prefix skos: <{SKOS}> .
        @prefix work: <{BASE}work/> . @prefix person: <{BASE}person/> . @prefix xsd: <{XSD}> .
        work:article a pk:Work ; rdfs:label "B & A 1999"@en ; dcterms:title "On \\"Peace\\""@en ;
          pk:workKind kind:article ; pk:author person:a , person:b ; pk:authorsPrinted "B and A" ;
          pk:year "1999"^^xsd:gYear ; pk:publishedIn work:journal ;
          skos:exactMatch <http://www.wikidata.org/entity/Q1> , <https://doi.org/10.1000/x.1> .
        work:journal a pk:Work ; rdfs:label "J"@en ; dcterms:title "The Journal"@en .
        work:report a pk:Work ; rdfs:label "UN 2000"@en ; pk:workKind kind:report ;
          pk:issuedBy person:b .
        work:speech a pk:Work ; rdfs:label "Speech"@en ; pk:workKind kind:speech ;
          pk:author person:nameless .
        work:printed a pk:Work ; rdfs:label "C 2001"@en ; pk:authorsPrinted "C et al." .
        person:a a pk:Person ; rdfs:label "Ann A"@en ; pk:familyName "A" ; pk:givenName "Ann" .
        person:b a pk:Person ; rdfs:label "B"@en ; pk:familyName "B" .
        """,
        encoding="utf-8",
    )
    return client(build.load([path]))


def test_a_work_has_what_a_reference_manager_takes(works):
    """Title, authors as printed and in that order, date, DOI and container stand in the head."""
    assert tags(works.get("/work/article.html")) == [
        ("citation_title", "On &#34;Peace&#34;"),
        ("citation_author", "B"),
        ("citation_author", "A, Ann"),
        ("citation_publication_date", "1999"),
        ("citation_doi", "10.1000/x.1"),
        ("citation_journal_title", "The Journal"),
    ]
    assert tags(works.get("/work/report.html")) == [
        ("citation_title", "UN 2000"),
        ("citation_technical_report_institution", "B"),
    ]
    assert tags(works.get("/work/printed.html")) == [
        ("citation_title", "C 2001"),
        ("citation_author", "C et al."),
    ]
    speech = structured(works.get("/work/speech.html"))
    assert speech["@type"] == "CreativeWork"  # the table has no speech
    assert speech["author"] == {"@id": f"{BASE}person/nameless", "@type": "Person"}
    assert set(structured(works.get("/work/article.html"))["sameAs"]) == {
        "http://www.wikidata.org/entity/Q1",
        "https://doi.org/10.1000/x.1",
    }


def test_only_works_are_cited(site):
    """A page about anything else has no citation tags, and one about an encoded work has them."""
    assert tags(site.get(f"{ONUC}.html")) == []
    found = tags(site.get("/work/bellamy-2004.html"))
    authors = [text for name, text in found if name == "citation_author"]
    assert authors == ["Bellamy", "Williams", "Griffin"]


# --- the data set


def test_the_data_set_is_counted(site, shipped):
    """VoID has the numbers that SPARQL gives, for the whole and for each class and property."""
    told = parsed(site.get("/.well-known/void"))

    def count(what, where):
        text = f"SELECT (COUNT({what}) AS ?n) {{ {where} }}"
        return shipped.store.query(text)[0].n

    def said(name):
        (value,) = values(told, void.DATASET, VOID + name)
        return int(value)

    assert said("triples") == count("*", "?s ?p ?o")
    assert said("distinctSubjects") == count("DISTINCT ?s", "?s ?p ?o")
    assert said("distinctObjects") == count("DISTINCT ?o", "?s ?p ?o")
    assert said("properties") == count("DISTINCT ?p", "?s ?p ?o")
    assert said("classes") == count("DISTINCT ?c", "?s a ?c FILTER(ISIRI(?c))")
    ours = f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}"))'
    assert said("entities") == count("DISTINCT ?s", ours)
    for kind, number in (("class", "entities"), ("property", "triples")):
        parts = values(told, void.DATASET, f"{VOID}{kind}Partition")
        assert len(parts) == len(set(parts)) == said("classes" if kind == "class" else "properties")
        for part in parts:
            ((iri,), (size,)) = values(told, part, VOID + kind), values(told, part, VOID + number)
            where = f"?s a <{iri}>" if kind == "class" else f"?s <{iri}> ?o"
            assert int(size) == count("*", where)


def test_the_data_set_says_where_it_leads_and_under_which_licence(site, shipped):
    """Linksets, licence, vocabularies, examples, endpoint and the parts that can be had whole."""
    told = parsed(site.get("/dataset.ttl"))
    license_ = "https://creativecommons.org/licenses/by/4.0/"
    assert values(told, void.DATASET, DCTERMS + "license") == [license_]
    assert values(told, void.DATASET, VOID + "sparqlEndpoint") == ["http://testserver/sparql"]
    assert values(told, void.DATASET, DCAT + "version") == [shipped.release]
    assert PK in values(told, void.DATASET, VOID + "vocabulary")
    for example in values(told, void.DATASET, VOID + "exampleResource"):
        assert site.get("/" + example.removeprefix(BASE)).status_code == 303
    subsets = values(told, void.DATASET, VOID + "subset")
    sets = {each for each in subsets if VOID + "Linkset" in values(told, each, RDF + "type")}
    wikidata = next(
        each
        for each in sets
        if values(told, each, VOID + "objectsTarget") == ["http://www.wikidata.org/"]
    )
    assert values(told, wikidata, VOID + "linkPredicate") == [SKOS + "exactMatch"]
    matches = '?s ?p ?o FILTER(STRSTARTS(STR(?o), "http://www.wikidata.org/"))'
    number = shipped.store.query(f"SELECT (COUNT(*) AS ?n) {{ {matches} }}")[0].n
    assert values(told, wikidata, VOID + "triples") == [str(number)]
    dumps = 0
    for subset in set(subsets) - sets:
        (size,), (dump,) = (
            values(told, subset, VOID + "triples"),
            values(told, subset, VOID + "dataDump"),
        )
        whole = parsed(site.get(dump.removeprefix("http://testserver")), "nt")
        assert len(whole) == int(size)
        dumps += 1
    assert dumps > 20
    document = BASE + "dataset"
    assert values(told, document, FOAF + "primaryTopic") == [void.DATASET]
    assert values(told, document, RDF + "type") == [VOID + "DatasetDescription"]


def test_a_release_is_counted_once(crowded):
    """The second who asks for the description costs the store nothing."""
    store = Counting(crowded)
    served = client(store)
    assert served.get("/.well-known/void").status_code == 200
    before = store.asked
    for path in ("/dataset", "/dataset.nt", "/.well-known/void.rdf"):
        assert served.get(path).status_code == 200
    assert store.asked == before


def test_the_data_set_has_a_page(site, shipped):
    """Readers and search engines are told the same: size, licence, files."""
    response = site.get("/dataset", headers={"Accept": BROWSER})
    counts = void.measure(shipped.store)
    assert f"{counts.triples:,} statements" in response.text
    found = structured(response)
    assert found["@type"] == "Dataset"
    assert found["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert found["version"] == shipped.release
    assert "http://testserver/graph/derived.nt" in {
        each["contentUrl"] for each in found["distribution"]
    }


# --- the catalogue


def items(triples, subject, property_):
    """Return the items of the list that *triples* give *subject*."""
    found, rest = [], values(triples, subject, property_)
    while rest and rest != [RDF + "nil"]:
        (cell,) = rest
        found += values(triples, cell, RDF + "first")
        rest = values(triples, cell, RDF + "rest")
    return found


@pytest.mark.parametrize("name", RDF_ONLY)
def test_every_query_is_an_example_that_runs(site, shipped, name):
    """Each query of the catalogue is there in every syntax, as it stands in its file, and runs."""
    told = parsed(site.get(f"/.well-known/sparql-examples.{name}"), name)
    executables = {
        t.subject.value for t in told if t.object.value == web_sh("SPARQLSelectExecutable")
    }
    assert executables == {f"{BASE}queries/{query.name}" for query in catalogue.catalogue()}
    assert not any(isinstance(t.subject, ox.BlankNode) for t in told)
    for query in catalogue.catalogue():
        iri = f"{BASE}queries/{query.name}"
        (text,) = values(told, iri, web_sh("select"))
        assert text == query.text
        assert values(told, iri, "https://schema.org/target") == ["http://testserver/sparql"]
        if name == "ttl":
            assert shipped.sparql(text).columns == tuple(query.columns)
        assert site.get("/" + iri.removeprefix(BASE)).status_code == 200


def web_sh(name):
    """Return an IRI of SHACL."""
    return f"http://www.w3.org/ns/shacl#{name}"


def test_every_parameter_has_a_type(site):
    """A parameter is named by its path, is optional or not, and takes one sort of values."""
    told = parsed(site.get("/.well-known/sparql-examples"))
    declared = ontology.terms()
    for query in catalogue.catalogue():
        iri = f"{BASE}queries/{query.name}"
        nodes = {f"{iri}#p-{p.name}": p for p in query.parameters}
        assert values(told, iri, web_sh("parameter")) == sorted(nodes)
        for node, parameter in nodes.items():
            assert values(told, node, RDF + "type") == [web_sh("Parameter")]
            (path,) = values(told, node, web_sh("path"))
            assert path.rpartition("#")[2] == parameter.name
            optional = "false" if parameter.required else "true"
            assert values(told, node, web_sh("optional")) == [optional]
            types = values(told, node, web_sh("datatype"))
            choices = items(told, node, web_sh("in"))
            classes = values(told, node, web_sh("class")) + [
                each
                for shape in items(told, node, web_sh("or"))
                for each in values(told, shape, web_sh("class"))
            ]
            assert sorted(classes) == sorted(parameter.class_iris)
            if parameter.kind == "iri":
                assert values(told, node, web_sh("nodeKind")) == [web_sh("IRI")]
                assert (types, choices) == ([], [])
            elif parameter.kind == "choice":
                assert types == []
                assert len(choices) > 1
                assert all(each in declared or ":" not in each for each in choices)
            else:
                assert choices == []
                assert types[0].startswith(XSD)


def test_a_parameter_may_be_any_thing():
    """What the header of a query does not say is not said."""
    parameter = catalogue.Parameter("thing", "iri")
    query = replace(catalogue.find("typologies"), parameters=(parameter,))
    told = set(examples([query], "https://example.org/sparql"))
    node = f"{BASE}queries/typologies#p-thing"
    said = {t.predicate.value for t in told if t.subject.value == node}
    wanted = {web_sh(name) for name in ("name", "nodeKind", "optional", "order", "path")}
    assert said == wanted | {RDF + "type"}


# --- other hosts and paths


@pytest.mark.parametrize("inside", ["", "/lib/pk"])
def test_under_a_prefix_all_links_are_there_and_the_data_is_the_same(shipped, site, inside):
    """Behind a proxy that keeps or strips the path, links lead there and IRIs are canonical."""
    root = "https://example.org/lib/pk"
    served = TestClient(web.app(shipped, f"{root}/"), follow_redirects=False)
    response = served.get(f"{inside}{ONUC}", headers={"Accept": "text/turtle"})
    assert response.headers["location"] == f"{root}{ONUC}.ttl"
    assert links(response)["canonical"] == [(BASE + ONUC[1:], "")]
    document = served.get(f"{inside}{ONUC}.ttl")
    assert document.text == site.get(f"{ONUC}.ttl").text
    for address, names in DOCUMENTS.items():
        for name in names:
            found = links(served.get(f"{inside}{address}.{name}"))
            assert found.pop("canonical") == [(BASE + address[1:], "")]
            for target, kind in (each for several in found.values() for each in several):
                assert target.startswith(f"{root}/")
                answer = served.get(inside + target.removeprefix(root))
                assert answer.status_code == 200
                assert answer.headers["content-type"].startswith(kind)
    description = served.get(f"{inside}/.well-known/void", headers={"Host": "inner:8080"})
    told = parsed(description)
    assert values(told, void.DATASET, VOID + "sparqlEndpoint") == [f"{root}/sparql"]
    assert "inner" not in description.text
    tag = document.headers["etag"]
    again = served.get(f"{inside}{ONUC}.ttl", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert tag != site.get(f"{ONUC}.ttl").headers["etag"]
    page = served.get(f"{inside}{ONUC}.html").text
    assert f'<link rel="alternate" type="text/turtle" href="{root}{ONUC}.ttl">' in page
    assert f'<link rel="canonical" href="{BASE}{ONUC[1:]}">' in page


def test_pages_of_a_crowd_are_linked_under_a_prefix(crowded):
    """The next page is where the server is reached, in the header and in the triples."""
    root = "https://example.org/lib/pk"
    response = client(crowded, base_url=root).get("/lib/pk/concept/many.nt")
    (target,) = (target for target, _ in links(response)["next"])
    assert target == f"{root}/concept/many.nt?page=2"
    told = parsed(response, "nt")
    assert values(told, f"{root}/concept/many.nt", HYDRA + "next") == [target]
    assert f"{BASE}concept/many" in {t.object.value for t in told}
    steps = list(
        pairwise([response, client(crowded, base_url=root).get("/concept/many.nt?page=2")])
    )
    assert [links(after)["prev"][0][0] for _, after in steps] == [f"{root}/concept/many.nt"]
