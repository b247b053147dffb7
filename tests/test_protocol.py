"""
SPARQL 1.1 Protocol, sentence by sentence.

Each test is of one sentence of section 2.1 (the query operation) or 2.3, or of one example of
section 3.1; its docstring begins with the section. What the protocol asks of clients is tested as
what the server makes of clients that do it, and of those that do not. Then come the description of
the service, the Graph Store Protocol and compression, which have specifications of their own.

Source:
    SPARQL 1.1 Protocol: https://www.w3.org/TR/sparql11-protocol/
"""

# ruff: noqa: S608 - SPARQL with FROM is taken for SQL

from __future__ import annotations

import gzip
import http.client
import re
import signal
import subprocess
import sys
import zlib
from urllib.parse import quote, urlencode, urlsplit

import anyio
import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from pkgraph import dataset, web
from pkgraph.errors import ParameterError, StoreError
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE
from pkgraph.store import OxigraphStore, RemoteStore, unite
from pkgraph.web import compression

DC = "http://purl.org/dc/elements/1.1/"
FOAF = "http://xmlns.com/foaf/0.1/"
WWW = "http://www.example/"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"

#: The data that the examples of section 3.1 are about, as far as they show it.
DATA = f"""
@prefix dc: <{DC}> .
@prefix foaf: <{FOAF}> .
@prefix ex: <{WWW}> .
ex:books {{
    <{WWW}book/book5> dc:creator "J.K. Rowling" .
    <{WWW}book/book6> dc:title "Example Book #6" .
}}
ex:publishers {{ ex:john dc:publisher "John Hacker" . ex:both dc:publisher "Both" . }}
ex:morepublishers {{
    ex:bob dc:publisher "Bob Hacker" .
    ex:alice dc:publisher "Alice Hacker" .
    ex:both dc:publisher "Both" .
}}
ex:john {{ <{WWW}john#i> foaf:mbox <mailto:john@example.org> . }}
ex:bob {{ <{WWW}bob#i> foaf:mbox <mailto:bob@oldcorp.example> . }}
ex:alice {{ <{WWW}alice#i> foaf:mbox <mailto:alice@work.example> . }}
<{WWW}jose-foaf.rdf> {{ <{WWW}jose> foaf:nick "Jo" ; foaf:name "Jose Jimeñez" . }}
<{WWW}kanji> {{
    <{WWW}a> foaf:name "Alice" ; <{WWW}kanji.ttl#食べる> "納豆" .
}}
<{BASE}graph/ours> {{ <{BASE}operation/onuc> dc:title "ONUC" . }}
"""

CREATORS = f"PREFIX dc: <{DC}> SELECT ?book ?who WHERE {{ ?book dc:creator ?who }}"
PUBLISHERS = f"SELECT ?who WHERE {{ ?g <{DC}publisher> ?who }}"
MAILBOXES = (
    f"PREFIX foaf: <{FOAF}> PREFIX dc: <{DC}> SELECT ?who ?g ?mbox {{}} "
    "WHERE {{ ?g dc:publisher ?who . GRAPH ?g {{ ?x foaf:mbox ?mbox }} }}"
)
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
DESCRIBE = f"DESCRIBE <{WWW}book/book6>"
ASK = f'ASK {{ ?book <{DC}creator> "J.K. Rowling" }}'
BOOKS = f"{WWW}books"


@pytest.fixture(scope="module")
def store():
    """Return a store with the graphs of the examples."""
    engine = ox.Store()
    engine.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    unite(engine)
    return OxigraphStore(engine)


@pytest.fixture(scope="module")
def service(store):
    """Return a client of a server with the graphs of the examples, as programs ask."""
    return TestClient(web.app(Graph(store, "examples")), follow_redirects=False)


def get(service, query, accept="*/*", **more):
    """Ask *query* by GET."""
    return service.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def form(service, fields, **headers):
    """Post *fields* as a form."""
    body = urlencode(fields, doseq=True)
    return service.post("/sparql", content=body, headers={"Content-Type": FORM} | headers)


def direct(service, text, kind=DIRECT, **address):
    """Post *query* as it is, with the other parameters in the address."""
    return service.post(
        f"/sparql?{urlencode(address, doseq=True)}", content=text, headers={"Content-Type": kind}
    )


def values(response, name="who"):
    """Return the values of one variable in the order of the answer."""
    assert response.status_code == 200, response.text
    return [row[name]["value"] for row in response.json()["results"]["bindings"]]


# --- 2.1 query operation


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_a_query_comes_by_get_or_post(service, method):
    """2.1: the operation is invoked by GET or POST, and by no other method."""
    assert get(service, ASK).status_code == 200
    assert form(service, {"query": ASK}).status_code == 200
    response = service.request(method, "/sparql", params={"query": ASK})
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


def test_a_request_has_exactly_one_query(service):
    """2.1: none is an error, and so are two, wherever they stand."""
    two = [("query", ASK), ("query", ASK)]
    for response in (
        service.get("/sparql", params=two),
        form(service, two),
        direct(service, ASK, query=ASK),
        service.get("/sparql", params={"query": ""}),
        service.get("/sparql", params={"default-graph-uri": BOOKS}),
        form(service, {}),
        form(service, {"default-graph-uri": BOOKS}),
        direct(service, ""),
    ):
        assert response.status_code == 400
        assert "query" in response.text


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_request_may_have_any_number_of_graphs(service, parameter, number):
    """2.1: zero or more default graphs, and zero or more named graphs, in all three ways."""
    graphs = {parameter: [BOOKS, f"{WWW}publishers", f"{WWW}john"][:number]}
    pattern = "?s ?p ?o" if parameter[0] == "d" else "GRAPH ?g { ?s ?p ?o }"
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    # Everything, if no graph is given; what two graphs say alike is counted once or twice.
    everything = 14 if parameter[0] == "d" else 15
    wanted = [str([everything, 2, 4, 5][number])]
    assert values(get(service, query, **graphs), "n") == wanted
    assert values(form(service, {"query": query, **graphs}), "n") == wanted
    assert values(direct(service, query, **graphs), "n") == wanted


@pytest.mark.parametrize(
    ("query", "media_types"),
    [
        (
            CREATORS,
            (
                "application/sparql-results+xml",
                "application/sparql-results+json",
                "text/csv",
                "text/tab-separated-values",
            ),
        ),
        (ASK, ("application/sparql-results+xml", "application/sparql-results+json")),
        *(
            (
                query,
                (
                    "text/turtle",
                    "application/n-triples",
                    "application/ld+json",
                    "application/rdf+xml",
                    "application/trig",
                    "application/n-quads",
                ),
            )
            for query in (CONSTRUCT, DESCRIBE)
        ),
    ],
    ids=["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"],
)
def test_the_format_depends_on_the_query_and_on_what_is_accepted(service, query, media_types):
    """2.1: results as XML, JSON, CSV or TSV, or RDF, by the form of query and by negotiation."""
    answers = []
    for media_type in media_types:
        response = get(service, query, media_type)
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == media_type
        answers.append(understood(response.content, media_type))
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


def understood(content, media_type):
    """Return what *content* says, read by the media type alone; terms of CSV as texts."""
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is not None:
        return {quad.triple for quad in ox.parse(content, format=syntax)}
    if media_type == "text/csv":
        lines = content.decode().split("\r\n")[1:-1]
        return {tuple(line.split(",")) for line in lines}
    found = ox.parse_query_results(
        content, format=ox.QueryResultsFormat.from_media_type(media_type)
    )
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return {tuple(term.value for term in row) for row in found}


# --- 2.1.1 query via GET


def test_parameters_are_percent_encoded(service):
    """2.1.1: what is encoded is decoded once, in UTF-8; what is not UTF-8 is refused."""
    query = 'SELECT ("100 % + 1 & = # é 食 %41" AS ?who) {}'
    encoded = quote(query, safe="")
    assert values(service.get(f"/sparql?query={encoded}")) == ["100 % + 1 & = # é 食 %41"]
    plus = encoded.replace("%20", "+")  # as forms of browsers write a space
    assert values(service.get(f"/sparql?query={plus}")) == ["100 % + 1 & = # é 食 %41"]
    response = service.get("/sparql?query=ASK%20%7B%7D%23%FF")
    assert response.status_code == 400
    assert "UTF-8" in response.text


def test_ampersands_stand_between_parameters(service):
    """2.1.1: parameters are separated by &, and a semicolon is part of a value."""
    address = f"/sparql?query={quote(PUBLISHERS)}&default-graph-uri={quote(f'{WWW}publishers')}"
    assert sorted(values(service.get(address))) == ["Both", "John Hacker"]
    assert service.get(address.replace("&", ";")).status_code == 400


def test_parameters_come_in_any_order(service):
    """2.1.1: the order of the parameters makes no difference."""
    pairs = [
        ("named-graph-uri", f"{WWW}alice"),
        ("query", MAILBOXES.format("")),
        ("default-graph-uri", f"{WWW}morepublishers"),
    ]
    for order in (pairs, pairs[::-1], pairs[1:] + pairs[:1]):
        assert values(service.get("/sparql", params=order)) == ["Alice Hacker"]


def test_a_get_has_no_body(service):
    """2.1.1: a GET with a body is refused; the word that there is none is no body."""
    address = f"/sparql?{urlencode({'query': ASK})}"
    response = service.request("GET", address, content="x", headers={"Content-Type": DIRECT})
    assert response.status_code == 400
    chunked = service.request("GET", address, content=iter([b"x"]))
    assert chunked.status_code == 400
    assert service.get(address, headers={"Content-Length": "0"}).status_code == 200


# --- 2.1.2 query via POST with URL-encoded parameters


def test_a_form_has_its_parameters_in_the_body(service):
    """2.1.2: all parameters stand in the body; those of the protocol in the address are refused."""
    fields = {"query": PUBLISHERS, "default-graph-uri": f"{WWW}publishers"}
    assert sorted(values(form(service, fields))) == ["Both", "John Hacker"]
    response = service.post(
        f"/sparql?{urlencode({'default-graph-uri': BOOKS})}",
        content=urlencode({"query": PUBLISHERS}),
        headers={"Content-Type": FORM},
    )
    assert response.status_code == 400
    assert "address" in response.text
    other = service.post("/sparql?format=csv", data={"query": PUBLISHERS})  # none of the protocol's
    assert other.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_form_is_percent_encoded(service):
    """2.1.2: the body is encoded, in UTF-8."""
    assert values(form(service, {"query": 'SELECT ("a&b=c+é" AS ?who) {}'})) == ["a&b=c+é"]
    response = service.post("/sparql", content=b"query=%FF", headers={"Content-Type": FORM})
    assert response.status_code == 400


def test_fields_of_a_form_are_separated_and_in_any_order(service):
    """2.1.2: by &, and in any order."""
    pairs = [("default-graph-uri", f"{WWW}publishers"), ("query", PUBLISHERS)]
    assert sorted(values(form(service, pairs))) == sorted(values(form(service, pairs[::-1])))


@pytest.mark.parametrize("kind", [FORM, f"{FORM};charset=UTF-8", FORM.upper()])
def test_a_form_says_that_it_is_one(service, kind):
    """2.1.2: the content type is that of a form; case and parameters make no difference."""
    assert form(service, {"query": ASK}, **{"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json", "multipart/form-data; boundary=x"]
)
def test_what_says_to_be_something_else_is_415(service, kind):
    """2.1.2, 2.1.3: a body of another type, or of none, is neither a form nor a query."""
    for body in (urlencode({"query": ASK}), ASK):
        response = service.post("/sparql", content=body, headers={"Content-Type": kind})
        assert response.status_code == 415
        assert DIRECT in response.text


# --- 2.1.3 query via POST directly


def test_a_posted_query_is_the_body_and_nothing_else(service):
    """2.1.3: the body is the query as it is, not decoded."""
    query = 'SELECT ("100 %41 + & query=" AS ?who) {}'
    assert values(direct(service, query)) == ["100 %41 + & query="]
    assert direct(service, urlencode({"query": query})).status_code == 400


def test_a_posted_query_says_that_it_is_one(service):
    """2.1.3: the content type is that of queries; an update is refused as one."""
    assert direct(service, ASK, f"{DIRECT.upper()} ; charset=utf-8").status_code == 200
    response = direct(service, "DROP ALL", "application/sparql-update")
    assert response.status_code == 415
    assert "only read" in response.text


def test_a_posted_query_may_have_graphs_in_the_address(service):
    """2.1.3: the graphs are parameters of the address."""
    query = MAILBOXES.format("")
    graphs = {"default-graph-uri": f"{WWW}morepublishers", "named-graph-uri": f"{WWW}bob"}
    assert values(direct(service, query, **graphs)) == ["Bob Hacker"]


@pytest.mark.parametrize("charset", ["iso-8859-1", "UTF-16", '"latin1"'])
def test_utf_8_is_the_only_character_set(service, charset):
    """2.1.3: a query that says to be in another, or that is, is refused."""
    assert direct(service, ASK, f"{DIRECT};charset={charset}").status_code == 415
    assert direct(service, ASK, f'{DIRECT};charset="Utf-8"').status_code == 200
    assert direct(service, "ASK {} # é".encode("latin-1")).status_code == 400


# --- 2.1.4 specifying an RDF dataset


def test_the_dataset_is_given_by_the_request_or_by_the_query(service):
    """2.1.4: both ways to name the same graphs give the same answer."""
    clauses = f"FROM <{WWW}morepublishers> FROM NAMED <{WWW}bob> FROM NAMED <{WWW}john>"
    in_query = values(get(service, MAILBOXES.format(clauses)))
    graphs = {
        "default-graph-uri": f"{WWW}morepublishers",
        "named-graph-uri": [f"{WWW}bob", f"{WWW}john"],
    }
    assert values(get(service, MAILBOXES.format(""), **graphs)) == in_query == ["Bob Hacker"]


@pytest.mark.parametrize(
    ("graphs", "wanted"),
    [
        ({"default-graph-uri": f"{WWW}publishers"}, {"Both", "John Hacker"}),
        ({"named-graph-uri": f"{WWW}publishers"}, set()),
        ({"default-graph-uri": f"{WWW}unknown"}, set()),
    ],
)
@pytest.mark.parametrize("ask", [get, lambda *a, **k: form(a[0], {"query": a[1], **k}), direct])
def test_the_dataset_of_the_request_goes_before_that_of_the_query(service, ask, graphs, wanted):
    """2.1.4: if they differ, the one of the request is asked, and no graph of the other."""
    query = (
        f"SELECT ?who FROM <{WWW}morepublishers> FROM NAMED <{WWW}morepublishers> "
        f"WHERE {{ {{ ?g <{DC}publisher> ?who }} UNION "
        f"{{ GRAPH <{WWW}morepublishers> {{ ?g <{DC}publisher> ?who }} }} }}"
    )
    assert set(values(ask(service, query, **graphs))) == wanted


def test_only_an_iri_names_a_graph(service):
    """2.1.4: a service may reject a dataset with 400; here, what is no absolute IRI."""
    for name in ("default-graph-uri", "named-graph-uri"):
        for value in ("", "books", "a b", "<x:y>"):
            response = get(service, ASK, **{name: value})
            assert response.status_code == 400
            assert "not an absolute IRI" in response.text


def test_without_a_dataset_everything_is_asked(service):
    """2.1.4: the default dataset has all graphs, and their union, as a set, by default."""
    assert sorted(values(get(service, PUBLISHERS))) == [
        *("Alice Hacker", "Bob Hacker", "Both", "John Hacker")
    ]
    graphs = values(get(service, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"), "g")
    assert len(graphs) == 9


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?who FROM <{WWW}publishers> FROM <{WWW}morepublishers> {{ ?g ?p ?who }}",
        f"PREFIX from: <{WWW}> SELECT*FROM\nfrom:publishers FROM from:morepublishers{{?g ?p ?who}}",
        f"BASE <{WWW}> SELECT * FROM <publishers>FROM<morepublishers>FROM NAMED<a>{{ ?g ?p ?who }}",
    ],
)
def test_graphs_are_merged_as_a_set(service, query):
    """2.1.4: what two graphs of the dataset say alike is said once, however they are named."""
    merged = ["Alice Hacker", "Bob Hacker", "Both", "John Hacker"]
    assert sorted(values(get(service, query))) == merged
    graphs = [f"{WWW}publishers", f"{WWW}morepublishers", f"{WWW}publishers"]
    got = get(service, PUBLISHERS, **{"default-graph-uri": graphs})
    assert sorted(values(got)) == merged
    named = {"default-graph-uri": graphs, "named-graph-uri": f"{WWW}bob"}
    assert values(get(service, MAILBOXES.format(""), **named)) == ["Bob Hacker"]


@pytest.mark.parametrize(
    "iri", ["file:///etc/passwd", "http://127.0.0.1:1/x", "https://example.org/unknown"]
)
def test_a_graph_that_is_not_here_is_empty_and_is_not_fetched(service, iri):
    """2.1.4: nothing of a dataset comes from elsewhere, neither from the network nor a file."""
    pattern = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    in_query = f"SELECT ?s FROM <{iri}> FROM NAMED <{iri}> {pattern}"
    assert values(get(service, in_query), "s") == []
    graphs = {"default-graph-uri": [iri, f"{iri}2"], "named-graph-uri": iri}
    assert values(get(service, f"SELECT ?s {pattern}", **graphs), "s") == []


# --- 2.1.5 accepted response formats


@pytest.mark.parametrize(
    ("query", "accept", "chosen"),
    [
        (CREATORS, None, "application/sparql-results+json"),
        (CREATORS, "*/*", "application/sparql-results+json"),
        (CREATORS, "text/*", "text/csv"),
        (CREATORS, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (CREATORS, "application/xml", "application/sparql-results+xml"),
        (CREATORS, "image/png, */*;q=0.1", "application/sparql-results+json"),
        (ASK, "text/csv, */*;q=0.1", "application/sparql-results+json"),
        (ASK, "text/csv, application/sparql-results+xml;q=0.1", "application/sparql-results+xml"),
        (CONSTRUCT, "application/*", "application/n-triples"),
        (CONSTRUCT, "application/n-quads;q=0.9, text/csv", "application/n-quads"),
        (DESCRIBE, "application/trig, text/turtle;q=0.9", "application/trig"),
    ],
)
def test_the_format_is_negotiated(service, query, accept, chosen):
    """2.1.5: the client says by Accept what it can read, with ranges and q-values."""
    response = service.get("/sparql", params={"query": query}, headers={"Accept": accept or ""})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == chosen
    assert "Accept" in response.headers["vary"].split(", ")


def test_several_lines_of_accept_are_one_list(service):
    """2.1.5: a header that comes twice means the same as once."""
    lines = [("Accept", "image/png"), ("Accept", "text/csv")]
    response = service.get("/sparql", params={"query": CREATORS}, headers=lines)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (CREATORS, "image/png"),
        (CREATORS, "text/turtle"),
        (CREATORS, "application/sparql-results+json;q=0"),
        (ASK, "text/csv"),
        (ASK, "text/tab-separated-values, text/turtle"),
        (CONSTRUCT, "application/sparql-results+json"),
        # RDF/XML has no way to write this property.
        ("CONSTRUCT { ?s <http://example.org/1> 1 } WHERE { ?s ?p ?o }", "application/rdf+xml"),
    ],
)
def test_what_cannot_be_had_as_accepted_is_406(service, query, accept):
    """2.1.5: an answer is not sent in a format that the client cannot read."""
    response = get(service, query, accept)
    assert response.status_code == 406
    assert not response.headers["content-type"].startswith("application/sparql-results")


# --- 2.1.6 success responses


def test_success_is_200(service):
    """2.1.6: what is answered is 2XX, also if it has no rows, is false or says nothing."""
    nothing = f"<{WWW}nothing>"
    for query in (
        f"SELECT * {{ {nothing} ?p ?o }}",
        f"ASK {{ {nothing} ?p ?o }}",
        f"CONSTRUCT WHERE {{ {nothing} ?p ?o }}",
        f"DESCRIBE {nothing}",
    ):
        assert get(service, query).status_code == 200


def test_a_select_or_ask_gives_a_results_document(service):
    """2.1.6: a document of the results formats, for both forms of query."""
    rows = [("http://www.example/book/book5", "J.K. Rowling")]
    document = get(service, CREATORS, "application/sparql-results+xml").content
    parsed = ox.parse_query_results(document, format=ox.QueryResultsFormat.XML)
    assert [variable.value for variable in parsed.variables] == ["book", "who"]
    assert [tuple(term.value for term in row) for row in parsed] == rows
    assert get(service, CREATORS, "text/csv").text == (
        "book,who\r\nhttp://www.example/book/book5,J.K. Rowling\r\n"
    )
    tsv = get(service, CREATORS, "text/tab-separated-values").text
    assert tsv == '?book\t?who\n<http://www.example/book/book5>\t"J.K. Rowling"\n'
    assert get(service, ASK).json() == {"head": {}, "boolean": True}


def test_a_construct_or_describe_gives_a_graph(service):
    """2.1.6: a graph in a syntax of RDF, for both forms of query."""
    said = ox.Triple(
        ox.NamedNode(f"{WWW}book/book6"), ox.NamedNode(f"{DC}title"), ox.Literal("Example Book #6")
    )
    for query in (DESCRIBE, CONSTRUCT):
        response = get(service, query, "application/rdf+xml")
        graph = {quad.triple for quad in ox.parse(response.content, ox.RdfFormat.RDF_XML)}
        assert said in graph
        assert len(graph) == (1 if query == DESCRIBE else 14)


@pytest.mark.parametrize(
    ("query", "name", "media_type"),
    [
        (CREATORS, "json", "application/sparql-results+json"),
        (CREATORS, "xml", "application/sparql-results+xml"),
        (CREATORS, "csv", "text/csv"),
        (CREATORS, "tsv", "text/tab-separated-values"),
        (CONSTRUCT, "ttl", "text/turtle"),
        (CONSTRUCT, "nt", "application/n-triples"),
        (CONSTRUCT, "jsonld", "application/ld+json"),
        (CONSTRUCT, "rdf", "application/rdf+xml"),
        (CONSTRUCT, "trig", "application/trig"),
        (CONSTRUCT, "nq", "application/n-quads"),
    ],
)
def test_the_content_type_is_that_of_the_format(service, query, name, media_type):
    """2.1.6: the media type is the one that the format is registered with."""
    response = get(service, query, "image/png", format=name)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "names", "media_type"),
    [
        (CREATORS, ["tsv", "text/tab-separated-values"], "text/tab-separated-values"),
        (CREATORS, ["xls", "application/sparql-results+json"], "application/sparql-results+json"),
        (CREATORS, ["turtle", "csv"], "text/csv"),
        (CONSTRUCT, ["turtle"], "text/turtle"),
        (CONSTRUCT, ["N-Triples"], "application/n-triples"),
        (CONSTRUCT, ["json-ld", "application/ld+json"], "application/ld+json"),
        (CONSTRUCT, ["xml"], "application/rdf+xml"),
        (DESCRIBE, ["json"], "application/ld+json"),
    ],
)
def test_clients_may_call_the_format_by_other_names(service, query, names, media_type):
    """2.1.5: what clients send beside Accept does not keep them from their answer."""
    response = get(service, query, format=names)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "name"), [(CREATORS, "ttl"), (ASK, "csv"), (CONSTRUCT, "tsv"), (ASK, "html")]
)
def test_a_format_that_the_answer_cannot_have_is_400(service, query, name):
    """2.1.5: a parameter that cannot be followed is an error, and not passed over."""
    assert get(service, query, format=name).status_code == 400


# --- 2.1.7 failure responses


@pytest.mark.parametrize(
    "query",
    ["SELECT", "SELECT * { ?s ?p }", "nonsense", "ASK { x:y ?p ?o }", "SELECT ?x FROM x:y {}"],
)
def test_what_is_not_in_the_grammar_is_400(service, query):
    """2.1.7: text that is not a query is 400, in all three ways, with line and column."""
    for response in (get(service, query), form(service, {"query": query}), direct(service, query)):
        assert response.status_code == 400
    told = get(service, f"\n{query}", "application/json").json()
    if told["line"] is not None:
        assert told["line"] == 2
        assert f"line 2, column {told['column']}: " in told["error"]
    assert query == "nonsense" or told["column"] >= 1


def test_a_service_that_cannot_execute_says_so():
    """2.1.7: a query that the store fails at is a status of the server's, and not an answer."""

    class Failing:
        name = "failing"

        def query(self, _, graphs=None):
            raise RuntimeError("a secret") if graphs else StoreError("the store cannot answer")

    client = TestClient(web.app(Graph(Failing(), "none")), raise_server_exceptions=False)
    response = get(client, ASK)
    assert response.status_code == 503
    assert response.text == "the store cannot answer\n"
    broken = get(client, ASK, **{"default-graph-uri": BOOKS})
    assert broken.status_code == 500
    assert "secret" not in broken.text


@pytest.mark.parametrize(
    "query",
    ["SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "DROP ALL", f"LOAD <{BOOKS}>"],
)
def test_what_is_refused_is_told_why(service, query):
    """2.1.7: a service may refuse to execute a query; here with 400, and the reason."""
    response = get(service, query)
    assert response.status_code == 400
    assert response.text.startswith("line 1, column ")


def test_a_refusal_says_nothing_of_the_next_request(service):
    """2.1.7: after a request that was refused the next one is answered."""
    assert get(service, "DROP ALL").status_code == 400
    assert get(service, ASK).json()["boolean"] is True


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html", "text/html"),
        ("application/json", "application/json"),
        ("text/csv", "text/plain"),
        ("*/*", "text/plain"),
    ],
)
def test_a_failure_is_told_to_people_and_to_programs(service, accept, kind):
    """2.1.7: the body tells what is wrong, and negotiation decides how."""
    response = get(service, "SELECT * { ?s ?p }", accept)
    assert response.status_code == 400
    assert response.headers["content-type"].partition(";")[0] == kind
    assert "column 19" in response.text


def test_other_failures_have_their_own_status(service):
    """2.1.7: other statuses are used as HTTP has them."""
    assert service.get("/sparqll").status_code == 404
    assert service.put("/sparql").status_code == 405
    assert get(service, ASK, "image/png").status_code == 406
    assert direct(service, b" " * (1024 * 1024 + 1)).status_code == 413
    assert direct(service, ASK, "text/plain").status_code == 415
    packed = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    response = service.post("/sparql", content=gzip.compress(ASK.encode()), headers=packed)
    assert response.status_code == 415


def test_an_update_is_refused(service):
    """2.2: there is no update operation, by whichever way it comes."""
    for response in (
        form(service, {"update": "DROP ALL"}),
        form(service, {"query": ASK, "update": "DROP ALL"}),
        service.get("/sparql", params={"update": "DROP ALL"}),
        direct(service, ASK, update="DROP ALL"),
        direct(service, "DROP ALL", "application/sparql-update"),
        get(service, "DROP ALL"),
    ):
        assert response.status_code in {400, 415}
        assert "only read" in response.text
    assert values(get(service, COUNT), "n") == ["14"]


# --- 2.3 determining the base IRI


def test_base_in_a_query_resolves_its_iris(service):
    """2.3: BASE is what relative IRIs of the query are resolved against."""
    assert get(service, f"BASE <{WWW}book/> ASK {{ <book5> ?p ?o }}").json()["boolean"] is True


def test_a_query_is_not_dereferenced_for_its_base(service):
    """2.3: the address of the query is not the base of its IRIs."""
    query = "SELECT (STR(<x>) AS ?who) {}"
    for address in ("/sparql", "/sparql?format=json"):
        response = service.post(address, content=query, headers={"Content-Type": DIRECT})
        assert values(response) == [f"{BASE}x"]


def test_the_service_defines_its_base(service):
    """2.3: without BASE, IRIs are resolved against that of the graph, in graph names as well."""
    assert get(service, "ASK { <operation/onuc> ?p ?o }").json()["boolean"] is True
    query = "SELECT ?s FROM <graph/ours> FROM <graph/x> { ?s ?p ?o }"
    assert values(get(service, query), "s") == [f"{BASE}operation/onuc"]


# --- 3.1 examples of SPARQL query


def test_example_of_a_dataset_that_the_service_supplies(service):
    """3.1.1: a SELECT without a dataset, by GET."""
    assert values(get(service, CREATORS, "application/json")) == ["J.K. Rowling"]


def test_example_of_a_simple_dataset(service):
    """3.1.2: a SELECT of one default graph."""
    assert values(get(service, CREATORS, **{"default-graph-uri": BOOKS})) == ["J.K. Rowling"]
    assert values(get(service, CREATORS, **{"default-graph-uri": f"{WWW}john"})) == []


def test_example_of_construct_and_negotiation(service):
    """3.1.3: a CONSTRUCT of one default graph, which the client would have as Turtle first."""
    query = (
        f"PREFIX foaf: <{FOAF}> PREFIX my: <{WWW}> "
        "CONSTRUCT { my:jose foaf:depiction my:jose.jpg . ?s ?p ?o } "
        'WHERE { ?s ?p ?o . my:jose foaf:nick "Jo" . FILTER(?s != my:kendall) }'
    )
    graph = {"default-graph-uri": f"{WWW}jose-foaf.rdf"}
    response = get(service, query, "text/turtle, application/rdf+xml", **graph)
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    said = {str(quad.predicate) for quad in ox.parse(response.content, ox.RdfFormat.TURTLE)}
    assert said == {f"<{FOAF}{name}>" for name in ("depiction", "nick", "name")}
    assert "Jose Jimeñez" in response.text


def test_example_of_ask(service):
    """3.1.4: an ASK of one default graph."""
    response = get(service, ASK, "application/sparql-results+xml", **{"default-graph-uri": BOOKS})
    assert "<boolean>true</boolean>" in response.text


def test_example_of_describe(service):
    """3.1.5: a DESCRIBE of one default graph."""
    response = get(service, DESCRIBE, "application/rdf+xml", **{"default-graph-uri": BOOKS})
    assert "Example Book #6" in response.text
    elsewhere = get(service, DESCRIBE, "text/turtle", **{"default-graph-uri": f"{WWW}john"})
    assert elsewhere.text.strip() == ""


def test_example_of_a_complex_dataset(service):
    """3.1.6: a SELECT of two default graphs and several named ones."""
    graphs = {
        "default-graph-uri": [f"{WWW}publishers", f"{WWW}morepublishers"],
        "named-graph-uri": [f"{WWW}alice", f"{WWW}bob", f"{WWW}susan", f"{WWW}john"],
    }
    got = values(get(service, MAILBOXES.format(""), **graphs))
    assert sorted(got) == ["Alice Hacker", "Bob Hacker", "John Hacker"]


def test_example_of_a_dataset_in_the_query(service):
    """3.1.7: a SELECT whose graphs are named in it only."""
    clauses = "".join(f"FROM NAMED <{WWW}{name}> " for name in ("alice", "john"))
    got = get(service, MAILBOXES.format(f"FROM <{WWW}publishers> {clauses}"))
    assert values(got) == ["John Hacker"]


def test_example_of_an_ambiguous_dataset(service):
    """3.1.8: the graphs of the request are asked, not those that the query names."""
    clauses = "".join(f"FROM NAMED <{WWW}{name}> " for name in ("john", "susan"))
    graphs = {
        "default-graph-uri": f"{WWW}morepublishers",
        "named-graph-uri": [f"{WWW}bob", f"{WWW}alice"],
    }
    got = get(service, MAILBOXES.format(f"FROM <{WWW}publishers> {clauses}"), **graphs)
    assert sorted(values(got)) == ["Alice Hacker", "Bob Hacker"]


def test_example_of_a_malformed_query(service):
    """3.1.9: a query with a fault is 400, told as plain text with its line."""
    query = f"PREFIX foaf: <{FOAF}>\nSELECT ?name\nWHERE {{ ?x foaf:name ?name\nORDER BY ?name }}"
    response = get(service, query, **{"default-graph-uri": f"{WWW}morepublishers"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith(("line 3, ", "line 4, "))


def test_example_of_a_query_that_is_refused(service):
    """3.1.10: there, a graph cannot be fetched in time; here nothing is fetched, nor refused."""
    graph = "http://another.example/protein-db.rdf"
    query = f"SELECT ?who FROM <{graph}> WHERE {{ ?x ?p ?who }} ORDER BY ?who"
    assert values(get(service, query, **{"default-graph-uri": graph})) == []


LONG = (
    "SELECT ?who WHERE { "
    + " UNION ".join(
        f'{{ ?x <{DC}creator> ?who FILTER(?who != "number {number} of a long query") }}'
        for number in range(120)
    )
    + " }"
)


def test_example_of_a_long_query_in_a_form(service):
    """3.1.11: a query that is too long for an address, as a form."""
    assert len(LONG) > 9461
    got = values(form(service, {"query": LONG, "default-graph-uri": BOOKS}))
    assert got == ["J.K. Rowling"] * 120


def test_example_of_a_long_query_as_it_is(service):
    """3.1.12: the same query, posted directly, gives the same."""
    got = values(direct(service, LONG, **{"default-graph-uri": BOOKS}))
    assert got == ["J.K. Rowling"] * 120


def test_example_of_internationalization(service):
    """3.1.13: characters of any script, in prefixes, names and values."""
    query = (
        f"PREFIX foaf: <{FOAF}> PREFIX 食: <{WWW}kanji.ttl#> "
        "SELECT ?name ?food WHERE { [ foaf:name ?name ; 食:食べる ?food ] . }"
    )
    for response in (get(service, query), form(service, {"query": query}), direct(service, query)):
        assert values(response, "name") == ["Alice"]
        assert values(response, "food") == ["納豆"]


# --- what HTTP wants beside


def test_head_is_answered_as_get_without_a_body(service):
    """HEAD has status and headers of GET, for answers, refusals and the description."""
    for address in (f"/sparql?{urlencode({'query': CREATORS})}", "/sparql?query=x", "/sparql"):
        head, full = service.head(address), service.get(address)
        assert head.status_code == full.status_code
        assert head.content == b""
        for name in ("content-type", "content-length", "vary"):
            assert head.headers[name] == full.headers[name]


@pytest.mark.parametrize(
    ("address", "methods"),
    [("/sparql", "GET, HEAD, POST, OPTIONS"), ("/graph-store", "GET, HEAD, OPTIONS")],
)
def test_pages_of_other_sites_may_ask(service, address, methods):
    """A preflight is answered, and every response can be read by any page (CORS)."""
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    response = service.options(address, headers=asked)
    assert response.status_code == 204
    assert response.headers["allow"] == methods
    assert response.headers["access-control-allow-methods"] == methods
    assert "Content-Type" in response.headers["access-control-allow-headers"]
    for sent in (response, service.get(address), get(service, ASK), get(service, "x")):
        assert sent.headers["access-control-allow-origin"] == "*"


def test_people_keep_the_graphs_that_they_ask(service):
    """The page says which graphs were asked, and its links and its form keep them."""
    graphs = {"default-graph-uri": [BOOKS, f"{WWW}john"], "named-graph-uri": f"{WWW}bob"}
    page = get(service, CREATORS, "text/html", **graphs).text
    assert page.count('<input type="hidden"') == 3
    assert f'name="named-graph-uri" value="{WWW}bob"' in page
    (link,) = re.findall(r'href="(/sparql\?[^"]*format=csv)"', page)
    answer = service.get(link.replace("&amp;", "&"))
    assert answer.text == "book,who\r\nhttp://www.example/book/book5,J.K. Rowling\r\n"
    assert '<input type="hidden"' not in get(service, CREATORS, "text/html").text


# --- SPARQL 1.1 Service Description


def described(response):
    """Return the description in *response* as a graph."""
    assert response.status_code == 200, response.text
    syntax = ox.RdfFormat.from_media_type(response.headers["content-type"].partition(";")[0])
    return {quad.triple for quad in ox.parse(response.content, format=syntax)}


def objects(triples, name, subject=None):
    """Return the objects of the property *name* of the vocabulary."""
    return {
        triple.object.value
        for triple in triples
        if triple.predicate.value == SD + name and subject in {None, triple.subject.value}
    }


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "text/turtle",
        "application/rdf+xml",
        "application/ld+json",
        "application/n-triples",
        "application/json;q=0.5, application/trig",
    ],
)
def test_the_service_describes_itself(service, accept):
    """Section 2: a GET without parameters gives the description, as RDF that is negotiated."""
    triples = described(service.get("/sparql", headers={"Accept": accept}))
    (subject,) = {t.subject.value for t in triples if t.object.value == f"{SD}Service"}
    assert objects(triples, "endpoint", subject) == {subject} == {"http://testserver/sparql"}
    assert objects(triples, "supportedLanguage") == {f"{SD}SPARQL11Query"}
    assert objects(triples, "feature") == {f"{SD}UnionDefaultGraph"}
    graphs = objects(triples, "name")
    assert {BOOKS, f"{BASE}graph/ours"} < graphs
    assert len(graphs) == len(objects(triples, "namedGraph")) == 9


def test_the_formats_that_are_described_can_be_had(service):
    """3.2: each result format of the description is one that the endpoint answers in."""
    media_types = {
        "SPARQL_Results_JSON": "application/sparql-results+json",
        "SPARQL_Results_XML": "application/sparql-results+xml",
        "SPARQL_Results_CSV": "text/csv",
        "SPARQL_Results_TSV": "text/tab-separated-values",
        "Turtle": "text/turtle",
        "N-Triples": "application/n-triples",
        "JSON-LD": "application/ld+json",
        "RDF_XML": "application/rdf+xml",
        "TriG": "application/trig",
        "N-Quads": "application/n-quads",
    }
    told = objects(described(service.get("/sparql")), "resultFormat")
    assert told == {f"http://www.w3.org/ns/formats/{name}" for name in media_types}
    for name, media_type in media_types.items():
        query = CREATORS if name.startswith("SPARQL") else CONSTRUCT
        response = get(service, query, media_type)
        assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


def test_the_description_says_where_others_reach_the_service(store):
    """The address is the one under which others know the server."""
    client = TestClient(web.app(Graph(store, "x"), base_url="https://example.org/peace"))
    triples = described(client.get("/sparql"))
    assert objects(triples, "endpoint") == {"https://example.org/peace/sparql"}


def test_a_host_that_is_none_is_not_told(service):
    """An address that cannot be one gets into no description."""
    triples = described(service.get("/sparql", headers={"Host": "a b<c>"}))
    assert objects(triples, "endpoint") == {"http://testserver/sparql"}


def test_people_get_the_form_and_others_hear_what_is_missing(service):
    """A browser gets the form, and who takes no RDF is told that there is no query."""
    page = service.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert "<textarea" in page.text
    response = service.get("/sparql", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert "there is no query" in response.json()["error"]


# --- SPARQL 1.1 Graph Store HTTP Protocol, the part that reads


def test_a_graph_is_given_whole(service):
    """5.2: GET gives the graph that the address names, in the syntax that is negotiated."""
    for syntax in ("text/turtle", "application/rdf+xml", "application/ld+json"):
        response = service.get("/graph-store", params={"graph": BOOKS}, headers={"Accept": syntax})
        assert response.headers["content-type"] == f"{syntax}; charset=utf-8"
        assert len(described(response)) == 2
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BOOKS}> {{ ?s ?p ?o }} }}"
    assert described(get(service, query)) == described(response)


def test_the_default_graph_is_given_whole(service):
    """4.2: 'default' names the default graph, which is the union here."""
    for address in ("/graph-store?default", "/graph-store?default="):
        assert described(service.get(address)) == described(get(service, CONSTRUCT))


def test_a_graph_that_is_not_there_is_404(service):
    """5.2: an unknown graph is not found, and neither fetched nor made."""
    for iri in (f"{WWW}unknown", "file:///etc/passwd", "http://127.0.0.1:1/"):
        for method in ("GET", "HEAD"):
            response = service.request(method, "/graph-store", params={"graph": iri})
            assert response.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/graph-store",
        "/graph-store?graph=",
        "/graph-store?graph=books",
        f"/graph-store?default&graph={BOOKS}",
        f"/graph-store?graph={BOOKS}&graph={BOOKS}",
        "/graph-store?default&default",
        "/graph-store?graph=%FF",
        "/graph-store?graph=http://x.org/%3E%20%7D%20DROP%20ALL",
    ],
)
def test_one_graph_is_named_by_an_absolute_iri(service, address):
    """4.2: what names no graph, or several, or one by a relative IRI, is 400."""
    assert service.get(address).status_code == 400


def test_a_graph_that_nobody_can_read_is_406(service):
    """5.2: a graph is not sent in a syntax that is not accepted."""
    response = service.get("/graph-store?default", headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graphs_are_only_read(service, method):
    """5: the methods that would change a graph are 405, with those that there are."""
    response = service.request(method, "/graph-store", params={"graph": BOOKS})
    assert response.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} == set(response.headers["allow"].split(", "))


def test_head_tells_of_a_graph(service):
    """5.7: HEAD is GET without the body."""
    head = service.head("/graph-store", params={"graph": BOOKS})
    full = service.get("/graph-store", params={"graph": BOOKS})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]


def test_a_store_that_gives_a_truth_for_a_graph_is_503():
    """What is not a graph is not sent as one."""

    class Odd:
        name = "odd"

        def query(self, _):
            return True

    response = TestClient(web.app(Graph(Odd(), "none"))).get("/graph-store?default")
    assert response.status_code == 503


# --- compression


def raw(service, address, encoding, method="GET"):
    """Return status, headers and undecoded body of a response."""
    headers = {"Accept-Encoding": encoding, "Accept": "application/n-triples"}
    with service.stream(method, address, headers=headers) as response:
        return response.status_code, response.headers, b"".join(response.iter_raw())


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("x-gzip", True),
        ("*", True),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("", False),
    ],
)
def test_an_answer_is_compressed_for_who_takes_it(service, encoding, packed):
    """RFC 9110, 12.5.3: gzip if it is accepted, and caches are told that this decides."""
    _, headers, body = raw(service, "/graph-store?default", encoding)
    assert headers.get("content-encoding") == ("gzip" if packed else None)
    assert "Accept-Encoding" in headers["vary"]
    assert int(headers["content-length"]) == len(body)
    text = gzip.decompress(body) if packed else body
    assert len(list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))) == 14


def test_what_would_not_get_smaller_is_sent_as_it_is(service):
    """A short body, one that is packed already, and none at all are left alone."""
    status, headers, body = raw(service, f"/sparql?{urlencode({'query': ASK})}", "gzip")
    assert (status, b"can be had as" in body) == (406, True)
    assert "content-encoding" not in headers
    assert "Accept-Encoding" in headers["vary"]
    assert "content-encoding" not in service.options("/sparql").headers


def run(messages, headers=()):
    """Send *messages* through the compression, and return what comes out."""
    sent = []

    async def inner(_scope, _receive, send):
        for message in messages:
            await send(message)

    async def send(message):
        sent.append(message)

    async def main():
        scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip"), *headers]}
        await compression.Compression(inner)(scope, None, send)

    anyio.run(main)
    return sent


def start(**headers):
    """Return the start of a response with *headers*."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": 200, "headers": pairs}


def test_a_body_that_comes_in_parts_is_compressed_in_parts():
    """What is sent bit by bit can be read bit by bit, long parts included; the tag is weak."""
    parts = [b"a" * 10, b"b" * 200_000, b"c"]
    bodies = [
        {"type": "http.response.body", "body": part, "more_body": part != parts[-1]}
        for part in parts
    ]
    sent = run([start(content_type="text/turtle", etag='"x"'), *bodies])
    headers = dict(sent[0]["headers"])
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"etag"] == b'W/"x"'
    assert b"content-length" not in headers
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert [unpack.decompress(message["body"]) for message in sent[1:]] == parts


@pytest.mark.parametrize(
    "headers",
    [{"content_type": "image/png"}, {"content_type": "text/turtle", "content_encoding": "br"}, {}],
)
def test_bytes_of_other_kinds_pass(headers):
    """What is not text, is packed, or says not what it is, passes as it is."""
    part = {"type": "http.response.body", "body": b"x" * 1000, "more_body": True}
    last = {"type": "http.response.body", "body": b"y" * 1000, "more_body": False}
    assert run([start(**headers), part, last])[1:] == [part, last]


def test_messages_of_other_kinds_pass():
    """What is no body is sent on, after the start of its response."""
    other = {"type": "http.response.pathsend", "path": "x"}
    head = start(content_type="text/turtle")
    assert run([head, other]) == [head, other]
    assert run([other]) == [other]


# --- datasets, without a server


def test_a_dataset_of_no_graphs_is_none():
    """Without graphs there is no dataset, and only IRIs make one."""
    assert dataset.Dataset.of([], []) is None
    with pytest.raises(ParameterError):
        dataset.Dataset.of([], ["x"])


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * FROM <urn:a> {}", ["urn:a"], []),
        ("PREFIX a: <urn:> CONSTRUCT {} FROM NAMED a:b FROM a:c WHERE {}", ["urn:c"], ["urn:b"]),
        ("# FROM <urn:x>\nASK FROM NAMED <urn:a> FROM NAMED <urn:a> {}", [], ["urn:a"]),
        ("DESCRIBE <urn:from> FROM <urn:a>", ["urn:a"], []),
    ],
)
def test_the_graphs_that_a_query_names_are_found(text, default, named):
    """In every form of query, with prefixes and remarks."""
    found = dataset.stated(text)
    assert [graph.value for graph in found.default] == default
    assert [graph.value for graph in found.named] == named


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?from { ?from <urn:from> 'FROM <urn:a>' }",
        "PREFIX from: <urn:> ASK { from:from ?p ?o }",
        "SELECT * FROM a:b {}",
        "FROM <urn:a>",
        "SELECT * FROM",
    ],
)
def test_a_query_that_names_no_graphs_has_no_dataset(text):
    """The word alone is none, and what cannot be read is left to the engine."""
    assert dataset.stated(text) is None


# --- against a server that runs


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """Run a server of the examples and return its address."""
    path = tmp_path_factory.mktemp("examples") / "examples.trig"
    path.write_text(DATA, encoding="utf-8")
    command = [sys.executable, "-m", "pkgraph", "serve", "--port", "0", "--data", str(path)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    yield re.search(r"http://[^ ]+/", line)[0]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


def wire(live, method, path, body=None, **headers):
    """Send a request, and return status, headers and body."""
    connection = http.client.HTTPConnection(urlsplit(live).netloc, timeout=30)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, response.headers, content


def test_the_server_answers_as_the_application_does(live):
    """Over a connection, the three ways and the dataset give the same."""
    graphs = urlencode({"default-graph-uri": BOOKS})
    query = urlencode({"query": CREATORS})
    kinds = {"Accept": "text/csv"}
    wanted = b"book,who\r\nhttp://www.example/book/book5,J.K. Rowling\r\n"
    got = [
        wire(live, "GET", f"/sparql?{query}&{graphs}", **kinds),
        wire(live, "POST", "/sparql", f"{query}&{graphs}", **kinds, **{"Content-Type": FORM}),
        wire(live, "POST", f"/sparql?{graphs}", CREATORS, **kinds, **{"Content-Type": DIRECT}),
    ]
    assert [(status, body) for status, _, body in got] == [(200, wanted)] * 3


def test_the_server_refuses_as_the_application_does(live):
    """Over a connection: malformed, not acceptable, of another type, too large, not possible."""
    kind = {"Content-Type": DIRECT}
    assert wire(live, "GET", "/sparql?query=SELECT")[0] == 400
    assert wire(live, "GET", f"/sparql?query={quote(ASK)}", Accept="text/csv")[0] == 406
    assert wire(live, "POST", "/sparql", ASK, **{"Content-Type": "text/plain"})[0] == 415
    assert wire(live, "POST", "/sparql", " " * (1024 * 1024 + 1), **kind)[0] == 413
    assert wire(live, "PUT", "/sparql", ASK, **kind)[0] == 405
    assert wire(live, "GET", f"/sparql?query={quote(ASK)}", "x")[0] == 400


def test_the_server_compresses(live):
    """Over a connection: gzip, and HEAD without a body."""
    accept = {"Accept-Encoding": "gzip", "Accept": "text/turtle"}
    status, headers, body = wire(live, "GET", "/sparql", **accept)
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert f"{live}sparql".encode() in gzip.decompress(body)
    status, told, nothing = wire(live, "HEAD", "/sparql", **accept)
    assert (status, nothing) == (200, b"")
    assert told["Content-Length"] == headers["Content-Length"]


def test_a_remote_store_is_asked_of_the_same_dataset(live):
    """A dataset is passed on to an endpoint."""
    remote = RemoteStore(f"{live}sparql")
    some = dataset.Dataset.of([f"{WWW}morepublishers"], [f"{WWW}bob"])
    (row,) = remote.query(MAILBOXES.format(""), some)
    assert row.who == "Bob Hacker"
    assert remote.query(ASK, some) is False
