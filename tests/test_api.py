"""The canned queries as an API, and what it says of itself."""

from __future__ import annotations

import csv
import io
import re
import threading

import pyoxigraph as ox
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as conformance
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from pkgraph import catalogue, references, terms, web
from pkgraph.errors import StoreError
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE, XSD
from pkgraph.results import Table
from pkgraph.web.api import asking, narrowing, openapi, rows

ATTACKS = "/api/queries/attacks-on"
TARGET = {"target": "bellamy-2004-1-two-kinds"}
CHECKS = [
    not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_schema_conformance,
    conformance.response_headers_conformance,
]
OWN_SOURCE = {"contribution-motives", "coverage", "uncovered-lines"}


@pytest.fixture(scope="module")
def application(graph):
    """Return the application that serves the shipped graph."""
    return web.app(graph)


@pytest.fixture(scope="module")
def api(application):
    """Return a client of the shipped graph's server."""
    return TestClient(application, follow_redirects=False)


@pytest.fixture(scope="module")
def broken():
    """Return a client of a server whose store does not answer."""

    class Failing:
        name = "failing"

        def query(self, _):
            raise StoreError("the store in failing cannot answer")

    application = web.app(Graph(Failing(), "none"))
    return TestClient(application, raise_server_exceptions=False, follow_redirects=False)


def example(query):
    """Return values for the parameters that *query* needs, as its header shows them."""
    return {each.name: each.example for each in query.parameters if each.required}


# --- answers


def test_an_answer_says_what_it_is_of(api, graph):
    """Rows come with query, version, state of the graph, values, and how to cite them."""
    response = api.get(ATTACKS, params=TARGET)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    result = graph.query("attacks-on", **TARGET)
    assert list(answer) == [
        *("query", "version", "release", "parameters", "complete", "total", "offset", "limit"),
        *("next", "columns", "rows", "citation"),
    ]
    assert answer["query"] == "attacks-on"
    assert answer["version"] == result.query.version
    assert answer["release"] == graph.release
    assert answer["parameters"] == {"target": "claim:bellamy-2004-1-two-kinds"}
    assert answer["complete"] is True
    assert answer["total"] == len(answer["rows"]) == len(result) > 1
    assert (answer["offset"], answer["limit"], answer["next"]) == (0, None, None)
    assert [each["name"] for each in answer["columns"]] == list(result.columns)
    assert answer["citation"] == result.citation
    assert response.headers["pkgraph-citation"] == result.citation
    assert f"query attacks-on {result.query.version}" in answer["citation"]
    assert f'<{result.address}>; rel="cite-as"' in response.headers["link"]


def test_a_row_is_flat_and_has_every_column(api, graph):
    """IRIs are in full with the label beside, numbers are numbers, and what is unbound is null."""
    answer = api.get(ATTACKS, params=TARGET).json()
    first = graph.query("attacks-on", **TARGET)[0]
    row = answer["rows"][0]
    assert row == dict(first)
    assert row["claim"].startswith(f"{BASE}claim/")
    assert isinstance(row["first_line"], int)
    assert None in row.values()
    kinds = {each["name"]: each["datatypes"] for each in answer["columns"]}
    assert kinds["claim"] == ["iri"]
    assert kinds["first_line"] == ["integer"]
    assert kinds["claim_label"] == ["string"]


@pytest.mark.parametrize("query", catalogue.catalogue(), ids=lambda query: query.name)
def test_an_answer_is_as_it_is_described(api, query):
    """The example of every query is answered as the description says, row by row."""
    answer = api.get(f"/api/queries/{query.name}", params=example(query)).json()
    document = api.get("/openapi.json").json()
    schema = {"$ref": f"#/components/schemas/{query.name}", "components": document["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer)] == []
    assert answer["total"] == len(answer["rows"])


def test_dates_are_texts_whatever_their_precision(api):
    """A column of days, months and years has one type, so that a data frame has one too."""
    answer = api.get("/api/queries/operations-timeline").json()
    start = next(each for each in answer["columns"] if each["name"] == "start")
    assert {"date", "gYear"} <= set(start["datatypes"])
    assert {type(row["start"]) for row in answer["rows"]} <= {str, type(None)}


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("1997", "gYear", "1997"),
        ("2004-05-31", "date", "2004-05-31"),
        ("2004-05", "gYearMonth", "2004-05"),
        ("3", "integer", 3),
        ("about 3", "integer", "about 3"),
        ("2.50", "decimal", 2.5),
        ("1e3", "double", 1000.0),
        ("INF", "double", "INF"),
        ("NaN", "double", "NaN"),
        ("true", "boolean", True),
        ("x", "string", "x"),
    ],
)
def test_literals_are_values_of_json(text, datatype, value):
    """Numbers and booleans are those of JSON where it has them; all else is as it is written."""
    term = ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
    assert rows.cell(term) == value
    assert type(rows.cell(term)) is type(value)


def test_other_terms_are_texts():
    """A blank node or a quoted triple of somebody's data has a text, and no value is null."""
    node = ox.NamedNode("https://example.org/a")
    assert rows.cell(node) == "https://example.org/a"
    assert rows.cell(ox.BlankNode("b")) == "b"
    assert rows.cell(ox.Triple(node, node, node)) == f"{node} {node} {node}"
    assert rows.cell(None) is None


def test_the_datatypes_of_a_column_are_told():
    """What kinds of terms a column has is told once each; a foreign datatype by its IRI."""
    iri = ox.NamedNode("https://example.org/a")
    literals = (ox.Literal("a", language="en"), ox.Literal("b"), ox.Literal("c", datatype=iri))
    table = Table(("x",), tuple((term,) for term in (*literals, iri, ox.BlankNode(), None)))
    assert rows.datatypes(table, "x") == ["https://example.org/a", "iri", "node", "string"]


# --- parts


def test_pages_come_to_all_rows(api):
    """Following next gives every row once, in order, and says so with true totals."""
    whole = api.get("/api/queries/typologies").json()
    address, found, steps = "/api/queries/typologies?limit=5", [], 0
    while address:
        response = api.get(address)
        page = response.json()
        assert page["total"] == whole["total"]
        assert not page["complete"]
        assert page["offset"] == 5 * steps
        found += page["rows"]
        address = page["next"]
        assert (f'<{address}>; rel="next"' in response.headers["link"]) is (address is not None)
        steps += 1
    assert steps == -(-whole["total"] // 5) > 1
    assert found == whole["rows"]


def test_next_keeps_what_was_asked(api):
    """The address of the rows after has the same values, sources and form."""
    asked = "/api/queries/typologies.csv?minimum=2&source=bellamy-2004&limit=1"
    response = api.get(asked)
    later = re.search(r'<([^>]*)>; rel="next"', response.headers["link"])[1]
    assert later == ("/api/queries/typologies.csv?minimum=2&source=bellamy-2004&offset=1&limit=1")
    total = int(response.headers["pkgraph-total"])
    assert len(list(csv.reader(io.StringIO(response.text)))) == 2 < total
    assert api.get(later).text != response.text


def test_after_the_last_row_there_is_none(api):
    """An offset beyond the rows is no error: there are none, and that is not all."""
    page = api.get(ATTACKS, params={**TARGET, "offset": 1000}).json()
    assert (page["rows"], page["complete"], page["next"]) == ([], False, None)
    assert page["total"] > 0


def test_no_query_has_a_parameter_of_the_api():
    """What the API adds to every query is no name of a parameter of one."""
    taken = {each.name for query in catalogue.catalogue() for each in query.parameters}
    assert taken & {asking.LIMIT, asking.OFFSET} == set()
    with_source = {query.name for query in catalogue.catalogue() if not asking.narrows(query)}
    assert with_source == OWN_SOURCE


# --- sources


def test_a_source_narrows_the_graph(api, graph):
    """With source only what that work says is asked, as with --source, and the citation says so."""
    narrow = graph.narrowed(["meiske-ruggeri-notice"])
    answer = api.get("/api/queries/typologies", params={"source": "meiske-ruggeri-notice"}).json()
    assert answer["total"] == len(narrow.query("typologies")) < len(graph.query("typologies"))
    assert answer["release"] == narrow.release
    assert "(meiske-ruggeri-notice only)" in answer["citation"]


def test_several_sources_are_asked_together(api):
    """The parameter may be repeated; the order is of no matter."""
    names = ["bellamy-2004", "meiske-ruggeri-notice"]
    one, two = (
        api.get("/api/queries/typologies", params={"source": order}).json()
        for order in (names, names[::-1])
    )
    assert one["rows"] == two["rows"]
    assert one["release"].endswith(f"({', '.join(names)} only)")


@pytest.mark.parametrize("name", sorted(OWN_SOURCE))
@pytest.mark.parametrize("source", ["bellamy-2004", "meiske-ruggeri-notice"])
def test_a_source_of_a_query_itself_gives_the_same_rows(api, graph, name, source):
    """Where source is a parameter of the query, it gives the rows that narrowing would give."""
    answer = api.get(f"/api/queries/{name}", params={"source": source}).json()
    narrow = graph.narrowed([source]).query(name)
    assert answer["rows"] == rows.rows(narrow)
    assert answer["release"] == graph.release


def test_an_unknown_source_is_told_with_the_known(api):
    """A source that is not there is a 404 with those that are."""
    response = api.get("/api/queries/typologies", params={"source": "nobody"})
    assert response.status_code == 404
    assert "bellamy-2004" in {each["value"] for each in response.json()["candidates"]}


def test_narrowed_graphs_are_bounded():
    """The last few narrowed graphs are kept; all of them never are."""
    made = []

    class Wide:
        def narrowed(self, sources):
            made.append(sources)
            return object()

    narrowings = narrowing.Narrowings(Wide())
    first = narrowings.of(["a", "b"])
    assert narrowings.of(["b", "a", "a"]) is first
    for number in range(narrowing.MAX_KEPT):
        narrowings.of([str(number)])
    assert narrowings.of(["a", "b"]) is not first
    assert len(made) == narrowing.MAX_KEPT + 2


def test_who_waits_too_long_for_a_narrowed_graph_is_told(monkeypatch):
    """One is made at a time; after a while those who wait are asked to come again (503)."""
    monkeypatch.setattr(narrowing, "_PATIENCE_S", 0.01)
    begun, end = threading.Event(), threading.Event()

    class Slow:
        def narrowed(self, _):
            begun.set()
            end.wait(10)
            return self

    narrowings = narrowing.Narrowings(Slow())
    narrowings._kept[("c",)] = kept = object()
    thread = threading.Thread(target=narrowings.of, args=(["a"],))
    thread.start()
    begun.wait(10)
    with pytest.raises(HTTPException) as caught:
        narrowings.of(["b"])
    assert narrowings.of(["c"]) is kept
    end.set()
    thread.join()
    assert caught.value.status_code == 503
    assert "Retry-After" in caught.value.headers
    assert narrowings.of(["b"]) is not None


# --- forms


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("csl", "application/vnd.citationstyles.csl+json; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_a_form_is_chosen_by_ending_or_accept(api, ending, media_type):
    """An ending of the address, or else the header Accept, says in which form."""
    by_ending = api.get(f"{ATTACKS}.{ending}", params=TARGET)
    by_accept = api.get(ATTACKS, params=TARGET, headers={"Accept": media_type.partition(";")[0]})
    assert by_ending.headers["content-type"] == by_accept.headers["content-type"] == media_type
    assert by_ending.content == by_accept.content
    assert f'filename="attacks-on.{ending}"' in by_ending.headers["content-disposition"]


def test_csv_has_the_same_rows(api):
    """CSV has the columns and rows of the JSON, and tells the citation in a header."""
    table = list(csv.DictReader(io.StringIO(api.get(f"{ATTACKS}.csv", params=TARGET).text)))
    answer = api.get(ATTACKS, params=TARGET).json()
    assert [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in answer["rows"]
    ] == table


@pytest.mark.parametrize(
    ("ending", "file"), [("bib", "a.bib"), ("ris", "a.ris"), ("csl", "a.json")]
)
def test_the_works_behind_the_rows_are_those_of_the_graph(api, tmp_path, ending, file):
    """The bibliography of an answer, brought in again, is found in the graph, each work of it."""
    path = tmp_path / file
    query = "/api/queries/claims-of-work"
    path.write_text(api.get(f"{query}.{ending}", params={"work": "woodhouse-2000"}).text, "utf-8")
    imported = references.bring_in([path])
    assert imported.sources[0].triples == ()
    assert "bellamy-2004" in {note.text.split("'")[1] for note in imported.notes}


def test_a_form_that_there_is_not_is_refused(api):
    """Who accepts none of the forms is told which there are (406)."""
    response = api.get(ATTACKS, params=TARGET, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/csv" in response.json()["detail"]


# --- refusals


@pytest.mark.parametrize(
    ("address", "status", "error", "candidate"),
    [
        ("/api/queries/atacks-on", 404, "UnknownQueryError", "attacks-on"),
        ("/api/queries/author-profile?person=Cox", 422, "AmbiguousNameError", "person:cox-1987"),
        ("/api/queries/operations-by-host?place=Kongo", 404, "NotFoundError", "place:congo"),
        (f"{ATTACKS}?targt=x", 400, "ParameterError", None),
        (ATTACKS, 400, "ParameterError", None),
        (f"{ATTACKS}?target=", 400, "ParameterError", None),
        (f"{ATTACKS}?target=a&target=b", 400, "ParameterError", None),
        (f"{ATTACKS}?target=bellamy-2004-1-two-kinds&basis=none", 400, "ParameterError", None),
        (f"{ATTACKS}?target=bellamy-2004", 400, "ParameterError", None),
        (f"{ATTACKS}?target=bellamy-2004-1-two-kinds&limit=0", 400, "ParameterError", None),
        (f"{ATTACKS}?target=bellamy-2004-1-two-kinds&limit=x", 400, "ParameterError", None),
        (f"{ATTACKS}?target=bellamy-2004-1-two-kinds&limit=%C2%B2", 400, "ParameterError", None),
        (f"{ATTACKS}?target=bellamy-2004-1-two-kinds&offset=-1", 400, "ParameterError", None),
        (f"{ATTACKS}?target=%00", 400, "ParameterError", None),
        ("/api/queries/typologies?minimum=many", 400, "ParameterError", None),
        ("/api/queries/operations-timeline?from=19", 400, "ParameterError", None),
    ],
)
def test_what_cannot_be_done_is_told_as_a_problem(api, address, status, error, candidate):
    """A problem has its status, says what to do, and names what may have been meant."""
    response = api.get(address)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], told["error"]) == (status, error)
    assert len(told["detail"]) > 20
    values = [each["value"] for each in told["candidates"]]
    assert values[:0] == [] if candidate is None else candidate in values


def test_candidates_can_be_used_as_they_are(api):
    """Each candidate for an ambiguous name has a label, and is taken when it is sent instead."""
    candidates = api.get("/api/queries/author-profile", params={"person": "Cox"}).json()
    assert len(candidates["candidates"]) > 1
    for each in candidates["candidates"]:
        assert each["label"].startswith("Cox")
        assert each["iri"].startswith(BASE)
        answer = api.get("/api/queries/author-profile", params={"person": each["value"]})
        assert answer.status_code == 200


def test_a_store_that_does_not_answer_is_told(broken):
    """Where the store fails, that is a problem of the server's, for now (503)."""
    response = broken.get(ATTACKS, params=TARGET)
    assert response.status_code == 503
    assert response.json()["error"] == "StoreError"


def test_only_reading_is_possible(api):
    """Other methods than GET and HEAD are not allowed, and the answer says which are."""
    response = api.post(ATTACKS)
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


# --- the description


def test_the_description_is_openapi(api):
    """The description is valid OpenAPI 3.1, with a path for every query."""
    document = api.get("/openapi.json").json()
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert document["openapi"].startswith("3.1.")
    assert {f"/api/queries/{query.name}" for query in catalogue.catalogue()} < set(
        document["paths"]
    )


def test_the_description_comes_from_the_headers(api):
    """Texts, kinds, enumerations and examples are those of the header of a query."""
    query = catalogue.find("attacks-on")
    operation = api.get("/openapi.json").json()["paths"][ATTACKS]["get"]
    assert operation["summary"] == query.summary
    assert operation["description"] == query.description
    target, basis, source, offset, limit = operation["parameters"]
    assert target["required"]
    assert target["example"] == query.parameter("target").example
    assert query.parameter("target").description in target["description"]
    assert basis["schema"]["enum"] == ["explicit", "inferred"]
    assert basis["example"] == "inferred"
    assert [each["name"] for each in (source, offset, limit)] == ["source", "offset", "limit"]
    assert {"200", "304", "400", "404", "406", "422", "503"} == set(operation["responses"])
    content = operation["responses"]["200"]["content"]
    assert set(content) == {
        *("application/json", "text/csv", "application/x-bibtex"),
        *("application/x-research-info-systems", "application/vnd.citationstyles.csl+json"),
    }


@pytest.mark.parametrize(
    ("parameter", "schema"),
    [
        (catalogue.Parameter("day", "date"), {"type": "string", "format": "date"}),
        (catalogue.Parameter("year", "year"), {"type": "string", "pattern": "^[0-9]{4}$"}),
        (
            catalogue.Parameter("side", "choice", options=("for", "against"), default="for"),
            {"type": "string", "enum": ["for", "against"], "default": "for"},
        ),
        (
            catalogue.Parameter("word", "string"),
            {"type": "string", "minLength": 1, "maxLength": terms.MAX_CHARACTERS},
        ),
    ],
    ids=lambda each: each.name if isinstance(each, catalogue.Parameter) else "",
)
def test_every_kind_of_parameter_has_a_schema(parameter, schema):
    """Also kinds that no query of ours uses yet are described as they are taken."""
    assert openapi._schema(parameter) == schema


@pytest.mark.parametrize("query", catalogue.catalogue(), ids=lambda query: query.name)
def test_every_example_and_every_value_of_a_list_is_taken(api, query):
    """What the description shows for a parameter is answered, and no error."""
    operation = openapi._operation(query)
    for parameter in operation["parameters"]:
        shown = [parameter["example"]] if "example" in parameter else []
        for value in [*shown, *parameter["schema"].get("enum", [])]:
            asked = {**example(query), parameter["name"]: value}
            response = api.get(f"/api/queries/{query.name}", params=asked)
            assert response.status_code == 200, response.text


def test_the_description_names_the_server(graph):
    """Behind another server the description, and the addresses in answers, are those of that."""
    client = TestClient(web.app(graph, "https://example.org/pk"))
    document = client.get("/pk/openapi.json").json()
    assert document["servers"] == [{"url": "https://example.org/pk"}]
    page = client.get("/pk/api/queries/typologies", params={"limit": 1}).json()
    assert page["next"] == "https://example.org/pk/api/queries/typologies?offset=1&limit=1"


def test_the_queries_are_listed(api):
    """The list has all there is to know of each query, and leads to it."""
    listed = api.get("/api/queries").json()
    assert [each["name"] for each in listed] == [each.name for each in catalogue.catalogue()]
    for each in listed:
        query = catalogue.find(each["name"])
        assert each["summary"] == query.summary
        assert {column["name"]: column["description"] for column in each["columns"]} == dict(
            query.columns
        )
        assert [parameter["name"] for parameter in each["parameters"]] == [
            parameter.name for parameter in query.parameters
        ]
        assert each["address"] == f"/api/queries/{query.name}"


@pytest.fixture(scope="module")
def described(application):
    """Return the description as what requests are made from."""
    return schemathesis.openapi.from_asgi("/openapi.json", application)


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("query", catalogue.catalogue(), ids=lambda query: query.name)
def test_no_request_breaks_the_server(described, query, mode):
    """Whatever is sent, as described or not, the answer is as described, and never a 500."""
    operation = described[f"/api/queries/{query.name}"]["GET"]

    @given(operation.as_strategy(generation_mode=mode), st.booleans())
    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    def ask(case, named):
        if named:  # what is needed is there, so that the rest gets to the store
            case.query = {**(case.query or {}), **example(query)}
        response = case.call()
        assert response.status_code in {200, 400, 404, 422}
        case.validate_response(response, checks=CHECKS)

    ask()


# --- what is kept


def test_who_has_an_answer_is_not_sent_it_again(api):
    """With the tag of an answer there is no body (304); another answer has another tag."""
    first = api.get(ATTACKS, params=TARGET)
    tag = first.headers["etag"]
    again = api.get(ATTACKS, params=TARGET, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert "Accept" in again.headers["vary"]
    strong = tag.removeprefix("W/")
    assert api.get(ATTACKS, params=TARGET, headers={"If-None-Match": strong}).status_code == 304
    assert api.get(ATTACKS, params=TARGET, headers={"If-None-Match": "*"}).status_code == 304
    assert api.get(ATTACKS, params=TARGET, headers={"If-None-Match": '"x"'}).status_code == 200
    others = [
        api.get(ATTACKS, params={**TARGET, "limit": 1}),
        api.get(f"{ATTACKS}.csv", params=TARGET),
        api.get("/api/queries/supports-for", params=TARGET),
        api.get(ATTACKS, params={"target": "case-by-case"}),
    ]
    assert len({tag, *(each.headers["etag"] for each in others)}) == 5


def test_a_tag_holds_for_a_release_and_a_day(graph, monkeypatch):
    """Another state of the graph, or another date in the citation, is another answer."""
    address, other = (
        f"{ATTACKS}?target=bellamy-2004-1-two-kinds",
        Graph(graph.store, "other"),
    )
    one = TestClient(web.app(graph)).get(address).headers["etag"]
    two = TestClient(web.app(other)).get(address).headers["etag"]
    monkeypatch.setattr("pkgraph.web.api.answering.today", lambda: "1999-12-31")
    three = TestClient(web.app(graph)).get(address).headers["etag"]
    assert len({one, two, three}) == 3
