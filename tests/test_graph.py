"""Three kinds of graph answer the same questions in the same way."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import endpoint_server
import pytest
import rdflib

from pkgraph import build, catalogue, namespaces, open_graph, resources
from pkgraph.errors import (
    AmbiguousNameError,
    InputError,
    NotFoundError,
    ParameterError,
    QuerySyntaxError,
    StoreError,
    UnknownQueryError,
    UsageError,
)
from pkgraph.graph import Graph

PK = f"PREFIX pk: <{namespaces.PK}> "
FILES = resources.data_files("graph", ".ttl")
#: A claim and everything that it needs in order to be asked for.
TARGET = "claim:bellamy-2004-1-two-kinds"
JOIN = (
    PK + "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT DISTINCT ?claim ?label ?passage WHERE { ?claim a pk:Claim ; rdfs:label ?label ; "
    "pk:occursAt/pk:inPassage ?passage }"
)


@pytest.fixture(scope="module")
def endpoint(graph):
    """Return the address of an endpoint that has the shipped graph."""
    with endpoint_server.running() as server:
        server.store = graph.store
        yield server.url


@pytest.fixture(scope="module", params=["shipped", "files", "endpoint"])
def each(request, graph, endpoint):
    """Return the graph that comes with pkgraph, the same files, and the endpoint in turn."""
    if request.param == "shipped":
        return graph
    return open_graph(FILES) if request.param == "files" else open_graph(endpoint=endpoint)


# --- opening


def test_a_graph_has_a_release(graph, each, endpoint):
    """What is asked has a name: a hash of the files, or the address."""
    assert graph.release == build.release()[:12]
    assert each.release in {graph.release, build.digest(FILES)[:12], endpoint}


def test_one_file_is_a_file(tmp_path):
    """A single path, as text or not, is taken for one file and not for its letters."""
    path = tmp_path / "one.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .")
    for data in (path, str(path), [str(path)], iter([path])):
        assert open_graph(data).sparql("ASK { <urn:a> <urn:b> <urn:c> }") is True


def test_files_and_an_endpoint_are_not_asked_together(tmp_path):
    """Which of them is meant is not guessed."""
    with pytest.raises(UsageError, match="either files or an endpoint"):
        open_graph([tmp_path / "a.ttl"], endpoint="https://example.org/")


def test_what_cannot_be_opened_is_told(tmp_path):
    """A missing file and an address that is none are errors at once."""
    with pytest.raises(InputError, match="there is no file"):
        open_graph([tmp_path / "a.ttl"])
    with pytest.raises(UsageError, match="not the address of an endpoint"):
        open_graph(endpoint="example.org")


# --- asking


def test_the_same_question_has_the_same_answer(each, graph):
    """Rows of a canned query, in order, are alike in all three."""
    rows = each.query("attacks-on", target=TARGET)
    assert rows.terms == graph.query("attacks-on", target=TARGET).terms
    assert len(rows) > 0
    assert tuple(catalogue.find("attacks-on").columns) == rows.columns


def test_any_query_and_any_name_may_be_asked(each, graph):
    """SPARQL of all forms and names are answered alike."""
    assert set(each.sparql(JOIN).terms) == set(graph.sparql(JOIN).terms)
    assert each.sparql(PK + "ASK { ?c a pk:Claim }") is True
    assert each.find("woodhouse") == graph.find("woodhouse")
    assert len(graph.find("peace", limit=3)) == 3


@pytest.mark.parametrize(
    "text", ["two-kinds", "SERVICE", "bellamy-2004-1-two-kinds", namespaces.expand(TARGET)]
)
def test_a_thing_may_be_named_in_several_ways(graph, text):
    """IRI, CURIE and slug give the same rows; what is none of them is told."""
    if text in {"two-kinds", "SERVICE"}:
        with pytest.raises(NotFoundError):
            graph.query("attacks-on", target=text)
    else:
        assert (
            graph.query("attacks-on", target=text).terms
            == graph.query("attacks-on", target=TARGET).terms
        )


def test_wrong_use_is_told(graph):
    """Unknown, missing, misspelt and ill-typed names and values each have their error."""
    with pytest.raises(UnknownQueryError, match="did you mean attacks-on") as caught:
        graph.query("attack-on", target=TARGET)
    assert caught.value.nearest[0] == "attacks-on"
    with pytest.raises(ParameterError, match="attacks-on needs a value for 'target'"):
        graph.query("attacks-on")
    with pytest.raises(ParameterError, match="attacks-on has no parameter 'claim'"):
        graph.query("attacks-on", target=TARGET, claim=TARGET)
    with pytest.raises(ParameterError, match="basis: there is no 'loud'"):
        graph.query("attacks-on", target=TARGET, basis="loud")
    with pytest.raises(ParameterError, match=r"target: .* not a pk:Claim"):
        graph.query("attacks-on", target="work:bellamy-2004")


def test_what_is_none_is_left_out(graph):
    """None is no value: an optional parameter is free, a required one missing."""
    rows = graph.query("attacks-on", target=TARGET, basis=None)
    assert rows.terms == graph.query("attacks-on", target=TARGET).terms
    assert rows.parameters == {"target": TARGET}
    with pytest.raises(ParameterError, match="needs a value"):
        graph.query("attacks-on", target=None)


def test_values_need_not_be_texts(graph):
    """A number is as good as its digits."""
    rows = graph.query("works-in-several-arguments", minimum=3)
    assert rows.terms == graph.query("works-in-several-arguments", minimum="3").terms


def test_an_ambiguous_name_lists_the_candidates(tmp_path):
    """Two claims of one name are told apart by the reader."""
    path = tmp_path / "two.ttl"
    path.write_text(
        "".join(
            f"<{namespaces.BASE}claim/{slug}> a <{namespaces.PK}Claim> ; "
            f'<{namespaces.RDFS}label> "The same" .\n'
            for slug in ("a", "b")
        )
    )
    with pytest.raises(AmbiguousNameError, match="may be claim:a or claim:b") as caught:
        open_graph(path).query("citation-trail", claim="the same")
    assert caught.value.candidates == tuple(f"{namespaces.BASE}claim/{slug}" for slug in "ab")


@pytest.mark.parametrize(
    "text", ["SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "(" * 200]
)
def test_hostile_sparql_is_refused(each, text):
    """Nothing reaches for another machine or takes the process down, whatever is asked."""
    with pytest.raises(QuerySyntaxError):
        each.sparql(text)


def test_broken_sparql_has_its_place(graph):
    """What is no query is told with line and column."""
    with pytest.raises(QuerySyntaxError, match="line 1, column"):
        graph.sparql("SELECT * { ?s ?p }")


def test_a_canned_query_has_rows():
    """A store that answers a canned query with something else is told so."""

    class Odd:
        name = "odd"

        def query(self, _):
            return True

    with pytest.raises(StoreError, match="is not a SELECT; a canned query has to be one"):
        Graph(Odd(), "x").query("typologies")


# --- citing


class Day(dt.datetime):
    """A day that does not end."""

    @classmethod
    def now(cls, tz=None):
        """Return the same moment always."""
        assert tz is UTC
        return cls(2031, 2, 3, 23, 59, tzinfo=tz)


def test_a_result_says_how_to_cite_it(graph, monkeypatch):
    """Query, version, values, release and day are there, and an address to ask again."""
    monkeypatch.setattr(dt, "datetime", Day)
    rows = graph.query("attacks-on", target=TARGET, basis="explicit")
    version = catalogue.find("attacks-on").version
    assert rows.citation == (
        f"pkgraph {resources.version()}, query attacks-on {version} with target={TARGET}, "
        f"basis=basis:explicit, graph {graph.release}, 2031-02-03. "
        f"{namespaces.BASE}queries/attacks-on?target={TARGET.replace(':', '%3A')}"
        "&basis=basis%3Aexplicit"
    )
    assert rows.release == graph.release
    assert rows.query.name == "attacks-on"
    assert "bellamy-2004-1-two-kinds" in rows.text


def test_a_result_without_values_is_cited_without(graph):
    """Neither "with" nor a question mark is left over."""
    rows = graph.query("typologies")
    assert " with " not in rows.citation
    assert rows.citation.endswith(f". {namespaces.BASE}queries/typologies")


def test_values_that_stand_in_are_cited(graph):
    """A default is a value like any other."""
    rows = graph.query("works-in-several-arguments")
    assert rows.parameters["minimum"] == "2"
    assert "minimum=2" in rows.citation


def test_a_result_has_the_works_behind_it(each):
    """BibTeX has the works that are named in the rows and those that state what is named."""
    text = each.query("citation-trail", claim="bellamy-2004-1-four-types").bibtex()
    assert "@incollection{bellamy-2004,\n" in text
    assert "{durch-1997,\n" in text
    assert each.query("attacks-on", target=TARGET, basis="explicit").store is each.store


# --- sources


def test_sources_narrow_what_is_asked(graph):
    """Claims of the source that is wanted are asked, with the shared lists and what follows."""
    narrow = open_graph(sources=["meiske-ruggeri-notice"])
    stated = PK + "SELECT DISTINCT ?work { ?claim a pk:Claim ; pk:statedIn ?work }"
    assert [row.work for row in narrow.sparql(stated)] == [
        namespaces.BASE + "work/meiske-ruggeri-notice"
    ]
    assert len(graph.sparql(stated)) > 1
    assert (
        narrow.sparql(PK + "ASK { ?value a <http://www.w3.org/2004/02/skos/core#Concept> }") is True
    )
    count = "SELECT (COUNT(*) AS ?n) { ?claim a <https://w3id.org/pkgraph/ontology#Claim> }"
    assert 0 < narrow.sparql(count)[0].n < graph.sparql(count)[0].n
    assert narrow.release == f"{graph.release} (meiske-ruggeri-notice only)"
    assert "(meiske-ruggeri-notice only)" in narrow.query("typologies").citation


def test_one_source_is_a_source(each, graph, endpoint):
    """A single slug is taken for one source, of files and of an endpoint as well."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    expected = open_graph(sources="bellamy-2004").sparql(count)[0].n
    assert open_graph(sources=["bellamy-2004", "bellamy-2004"]).sparql(count)[0].n == expected
    assert open_graph(endpoint=endpoint, sources="bellamy-2004").sparql(count)[0].n == expected
    every = ["authority-file", "bellamy-2004", "general-knowledge", "meiske-ruggeri-notice"]
    whole = open_graph(sources=every)
    assert whole.sparql(count)[0].n == graph.sparql(count)[0].n == each.sparql(count)[0].n


def test_an_unknown_source_is_told_with_those_there_are():
    """The slugs of all sources are in the message."""
    with pytest.raises(
        NotFoundError, match="no source 'fortna-2004'; the sources are authority-file, bellamy"
    ) as caught:
        open_graph(sources=["bellamy-2004", "fortna-2004"])
    assert caught.value.nearest == (
        "authority-file",
        "bellamy-2004",
        "general-knowledge",
        "meiske-ruggeri-notice",
    )


# --- rdflib and threads


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_gives_the_same_answer(each):
    """A join through rdflib has the rows that the store gives."""
    shared = each.as_rdflib()
    assert isinstance(shared, rdflib.Graph)
    rows = {tuple(str(node) for node in row) for row in shared.query(JOIN)}
    assert rows == {tuple(term.value for term in row) for row in each.sparql(JOIN).terms}


def test_a_graph_is_asked_from_several_threads(graph):
    """Eight threads that ask at once have the rows that one has."""
    alone = graph.query("attacks-on", target=TARGET).terms
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: graph.query("attacks-on", target=TARGET).terms, range(64)))
    assert found == [alone] * 64
