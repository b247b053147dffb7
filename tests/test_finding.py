"""What the search in a browser can find: all that has a name and a page, once."""

from __future__ import annotations

import gzip
import json

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from pkgraph import build, resources, search, web
from pkgraph.namespaces import BASE, ONTOLOGY
from pkgraph.publication import finding
from pkgraph.store import OxigraphStore

PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
DATA = """
person:vogel a pk:Person ; rdfs:label "Xylander Vogel" ; skos:altLabel "X. Vogel" .
claim:vogel-1 a pk:Claim ; rdfs:label "<script>alert(1)</script> is no name"@en ;
    skos:editorialNote "\u202eright to left" .
concept:old a pk:Concept ; rdfs:label "old idea"@en ; dcterms:isReplacedBy concept:new .
concept:new a pk:Concept ; rdfs:label "new idea"@en , "idée neuve"@fr .
concept:gone a pk:Concept ; rdfs:label "gone idea"@en ;
    prov:invalidatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
<https://w3id.org/pkgraph/concept/no%20page> a pk:Concept ; rdfs:label "no page"@en .
work:untold a pk:Work ; dcterms:title "Without a label" .
<https://example.org/vogel> a pk:Person ; rdfs:label "Vogel" .
"""


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Return the index of a store with a few things."""
    path = tmp_path_factory.mktemp("names") / "names.ttl"
    path.write_text(PREFIXES + DATA, "utf-8")
    return json.loads(finding.index(build.load([path])))


@pytest.fixture(scope="module")
def shipped(graph):
    """Return the index of the shipped graph, as it is written."""
    return finding.index(graph.store)


def test_a_thing_has_its_address_kind_label_and_texts(few):
    """Each field has its texts; fields that are empty at the end are left out."""
    kinds = {name: place for place, (name, _, _) in enumerate(few["kinds"])}
    assert [name for name, _ in few["fields"]] == ["label", "name", "text", "note"]
    ours = [each for each in few["things"] if not each[0].startswith("/scheme/")]
    assert ours == [
        [
            *("/claim/vogel-1", kinds["claims"], "<script>alert(1)</script> is no name"),
            *([], [], ["\u202eright to left"]),
        ],
        ["/concept/new", kinds["ideas"], "new idea", ["idée neuve"]],
        ["/person/vogel", kinds["people"], "Xylander Vogel", ["X. Vogel"]],
    ]


def test_kinds_are_those_of_the_server(few):
    """In the order in which they are listed."""
    assert few["kinds"] == [[kind.name, kind.label, kind.states] for kind in search.KINDS]


def test_the_same_statements_make_the_same_bytes(shipped, graph):
    """Whatever the order in which a store was filled."""
    assert finding.index(graph.store) == shipped
    other = ox.Store()
    for triple in reversed(graph.store.query("CONSTRUCT WHERE { ?s ?p ?o }")):
        other.add(ox.Quad(*triple))
    assert finding.index(OxigraphStore(other)) == shipped


def test_every_thing_with_a_name_is_there_once(shipped, graph):
    """All that has a label, but for what was replaced, and the terms of the ontology."""
    addresses = [thing[0] for thing in json.loads(shipped)["things"]]
    rows = search.texts(
        graph.store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing {{ ?thing rdfs:label ?label "
            "FILTER NOT EXISTS { ?thing dcterms:isReplacedBy ?heir } }"
        )
    )
    named = {iri for (iri,) in rows if iri.startswith(BASE) and not iri.startswith(ONTOLOGY)}
    assert {BASE + address[1:] for address in addresses} == named
    assert len(addresses) == len(named) > 2000
    assert addresses == sorted(addresses)


def test_addresses_have_pages(shipped, graph):
    """A page answers under every kind of address that is in it."""
    client = TestClient(web.app(graph))
    first = {thing[0].split("/")[1]: thing[0] for thing in json.loads(shipped)["things"]}
    assert len(first) > 20
    for address in first.values():
        assert client.get(f"{address}.html").status_code == 200, address


def test_it_is_small(shipped):
    """As a host sends it."""
    assert len(gzip.compress(shipped, mtime=0)) <= 400_000
