"""Programs that people ask SPARQL endpoints with get from a running server what is in the graph."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from required import require

from pkgraph.namespaces import BASE, PK

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
COMUNICA = ROOT / ".tools" / "comunica" / "node_modules" / ".bin" / "comunica-sparql"
INSTALL_COMUNICA = (
    "mkdir -p .tools/comunica && cp .ci/comunica/package.json .tools/comunica/ && "
    "npm install --prefix .tools/comunica"
)
ONUC = f"{BASE}operation/onuc"
GRAPH = f"{BASE}graph/works/bellamy-2004/1-1"
ACRONYMS = (
    f"SELECT ?operation ?acronym WHERE {{ ?operation a <{PK}PeaceOperation> ; "
    f'<{PK}acronym> ?acronym FILTER(STRSTARTS(?acronym, "ONU")) }} ORDER BY ?acronym ?operation'
)
ASK = f"ASK {{ <{ONUC}> a <{PK}PeaceOperation> }}"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{ONUC}> <{PK}acronym> ?acronym }}"


@pytest.fixture(scope="module")
def endpoint():
    """Run a server of the shipped graph and return the address of its endpoint."""
    command = [sys.executable, "-m", "pkgraph", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    yield re.search(r"http://[^ ]+/", line)[0] + "sparql"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, "")


@pytest.fixture(scope="module")
def acronyms(graph):
    """Return what the query for acronyms gives without a server."""
    rows = [(row.operation, row.acronym) for row in graph.sparql(ACRONYMS)]
    assert len(rows) > 3
    return rows


def run(*command, **more):
    """Run a client and return what it prints."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- SPARQLWrapper


@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
@pytest.mark.parametrize("sending", [SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY])
def test_sparqlwrapper_selects(endpoint, acronyms, method, sending):
    """SPARQLWrapper gets rows by each of its ways to ask, as JSON, XML, CSV and TSV."""
    if (method, sending) == (SPARQLWrapper.GET, SPARQLWrapper.POSTDIRECTLY):
        method = SPARQLWrapper.POST
    wrapper = SPARQLWrapper.SPARQLWrapper(endpoint)
    wrapper.setMethod(method)
    wrapper.setRequestMethod(sending)
    wrapper.setQuery(ACRONYMS)
    wrapper.setReturnFormat(SPARQLWrapper.JSON)
    rows = wrapper.queryAndConvert()["results"]["bindings"]
    assert [(row["operation"]["value"], row["acronym"]["value"]) for row in rows] == acronyms
    wrapper.setReturnFormat(SPARQLWrapper.XML)
    literals = wrapper.queryAndConvert().getElementsByTagName("literal")
    assert [each.firstChild.data for each in literals] == [acronym for _, acronym in acronyms]
    for name in (SPARQLWrapper.CSV, SPARQLWrapper.TSV):
        wrapper.setReturnFormat(name)
        assert wrapper.queryAndConvert().decode().count("\n") == len(acronyms) + 1


# What SPARQLWrapper parses with, and rdflib would rather not have used.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_asks_constructs_and_narrows(endpoint, graph):
    """SPARQLWrapper gets a truth, graphs that it parses itself, and the graph that it names."""
    wrapper = SPARQLWrapper.SPARQLWrapper(endpoint, returnFormat=SPARQLWrapper.JSON)
    wrapper.setQuery(ASK)
    assert wrapper.queryAndConvert()["boolean"] is True
    for query in (CONSTRUCT, f"DESCRIBE <{ONUC}>"):
        wrapper.setQuery(query)
        for name in (SPARQLWrapper.XML, SPARQLWrapper.RDFXML, SPARQLWrapper.JSONLD):
            wrapper.setReturnFormat(name)
            got = wrapper.queryAndConvert()
            assert len(got) == len(graph.sparql(query)) > 0
        wrapper.setReturnFormat(SPARQLWrapper.TURTLE)
        assert b"ONUC" in wrapper.queryAndConvert()
    wrapper = SPARQLWrapper.SPARQLWrapper(endpoint, returnFormat=SPARQLWrapper.JSON)
    wrapper.setQuery(COUNT)
    wrapper.addDefaultGraph(GRAPH)
    (row,) = wrapper.queryAndConvert()["results"]["bindings"]
    within = graph.sparql(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    assert int(row["n"]["value"]) == within[0].n


def test_sparqlwrapper_hears_what_is_wrong(endpoint):
    """What is not a query is SPARQLWrapper's own error for that."""
    wrapper = SPARQLWrapper.SPARQLWrapper(endpoint)
    wrapper.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="line 1, column"):
        wrapper.query()


# --- rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_the_endpoint_as_a_graph(endpoint, acronyms, graph, method):
    """A graph of rdflib over SPARQLStore answers queries, patterns and a count."""
    remote = rdflib.Graph(SPARQLStore(endpoint, method=method))
    rows = remote.query(ACRONYMS)
    assert [(str(operation), str(acronym)) for operation, acronym in rows] == acronyms
    assert remote.query(ASK).askAnswer is True
    assert len(remote.query(CONSTRUCT).graph) == 1
    acronym = remote.value(rdflib.URIRef(ONUC), rdflib.URIRef(f"{PK}acronym"))
    assert str(acronym) == "ONUC"
    assert len(remote) == graph.sparql(COUNT)[0].n


def test_rdflib_reads_one_named_graph(endpoint, graph):
    """A graph of rdflib that has a name holds what the named graph holds."""
    store = SPARQLStore(endpoint)
    named = rdflib.Graph(store, identifier=rdflib.URIRef(GRAPH))
    within = graph.sparql(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    (row,) = named.query(COUNT)
    assert int(row.n) == within[0].n
    unknown = rdflib.Graph(store, identifier=rdflib.URIRef("https://example.org/unknown"))
    (row,) = unknown.query(COUNT)
    assert int(row.n) == 0


# --- Comunica


@pytest.fixture(scope="module")
def comunica():
    """Return a function that asks through Comunica, a client in JavaScript."""
    require(
        is_there=COMUNICA.exists() and shutil.which("node") is not None,
        what="Comunica",
        install=INSTALL_COMUNICA,
    )

    def ask(*arguments):
        return run(str(COMUNICA), *arguments)

    return ask


@pytest.mark.parametrize("told", ["", "sparql@"])
def test_comunica_selects(comunica, endpoint, acronyms, told):
    """Comunica gets rows, also where it has to find out from the description what it asks."""
    text = comunica(f"{told}{endpoint}", ACRONYMS, "-t", "application/sparql-results+json")
    rows = json.loads(text)["results"]["bindings"]
    assert [(row["operation"]["value"], row["acronym"]["value"]) for row in rows] == acronyms


def test_comunica_asks_constructs_and_narrows(comunica, endpoint, graph):
    """Comunica gets a truth, triples, and what one graph says."""
    assert comunica(endpoint, ASK).strip() == "true"
    assert '"ONUC"' in comunica(endpoint, CONSTRUCT, "-t", "application/n-triples")
    query = f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}> WHERE {{ ?s ?p ?o }}"  # noqa: S608 - SPARQL
    text = comunica(f"sparql@{endpoint}", query, "-t", "application/sparql-results+json")
    (row,) = json.loads(text)["results"]["bindings"]
    assert int(row["n"]["value"]) == graph.sparql(query)[0].n


# --- curl


@pytest.fixture(scope="module")
def curl():
    """Return a function that asks with curl."""
    require(is_there=shutil.which("curl"), what="curl", install="apt install curl")

    def ask(*arguments, **more):
        return run("curl", "--silent", "--show-error", "--fail", *arguments, **more)

    return ask


def test_curl_asks_in_three_ways(curl, endpoint, acronyms):
    """GET, a form, and a query from a file give the same rows, compressed or not."""
    csv = ("--header", "Accept: text/csv")
    encoded = ("--data-urlencode", f"query={ACRONYMS}")
    got = {
        curl(*csv, "--get", *encoded, endpoint),
        curl(*csv, "--compressed", *encoded, endpoint),
        curl(
            *csv,
            *("--header", "Content-Type: application/sparql-query", "--data-binary", "@-"),
            endpoint,
            input=ACRONYMS,
        ),
    }
    assert len(got) == 1
    lines = got.pop().splitlines()[1:]
    assert [tuple(line.split(",")) for line in lines] == acronyms


def test_curl_gets_graphs_and_the_description(curl, endpoint):
    """What is constructed, a graph, and the description come as Turtle; HEAD is answered."""
    turtle = ("--header", "Accept: text/turtle")
    assert "ONUC" in curl(*turtle, "--get", "--data-urlencode", f"query={CONSTRUCT}", endpoint)
    store = endpoint.removesuffix("sparql") + "graph-store"
    one = curl(*turtle, "--get", "--data-urlencode", f"graph={GRAPH}", store)
    assert len(rdflib.Graph().parse(data=one, format="turtle")) > 1000
    assert "service-description" in curl(*turtle, endpoint)
    assert "200 OK" in curl("--head", endpoint)


# --- R


@pytest.fixture(scope="module")
def rscript():
    """Return a function that runs lines of R with the package SPARQL."""
    look = ["Rscript", "-e", 'quit(status = !requireNamespace("SPARQL", quietly = TRUE))']
    is_there = shutil.which("Rscript") is not None and not subprocess.call(look)
    require(is_there=is_there, what="R's package SPARQL", install="apt install r-cran-sparql")

    def ask(text):
        return run("Rscript", "-e", f"suppressMessages(library(SPARQL))\n{text}")

    return ask


@pytest.mark.parametrize("extra", ["", ', format = "csv", extra = list(format = "csv")'])
def test_r_selects(rscript, endpoint, acronyms, extra):
    """R's SPARQL package gets a data frame, from XML and from CSV."""
    printed = rscript(
        f"found <- SPARQL('{endpoint}', '{ACRONYMS}'{extra})$results\n"
        'cat(gsub("[<>]", "", found$operation), sep = "\\n")\n'
        'cat("", found$acronym, sep = "\\n")'
    )
    assert printed.split() == [cell for column in zip(*acronyms, strict=True) for cell in column]
