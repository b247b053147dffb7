"""Requests and queries by chance: whatever comes, the server has no fault and goes on."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hostile_http import SMUGGLING, STANDARD
from hostile_server import asking, get, request, running_without_fault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

#: What an answer to chance may be: none (0), or any but a fault of the server.
FAULTS = range(500, 501)
EXAMPLES = settings(max_examples=150, suppress_health_check=list(HealthCheck))

ROUTES = st.sampled_from(
    [
        *("/", "/search", "/health", "/ready", "/metrics", "/openapi.json", "/api/queries"),
        *("/api/queries/typologies", "/api/queries/attacks-on.csv", "/sparql", "/graph-store"),
        *("/queries", "/queries/attacks-on", "/queries/typologies.csv", "/check", "/reconcile"),
        *("/reconcile/properties", "/reconcile/suggest/entity", "/static/style.css", "/ontology"),
        *("/shapes", "/dataset", "/.well-known/void", "/.well-known/sparql-examples.ttl"),
        *("/graph/ontology", "/scheme/basis/explicit", "/claim/bellamy-2004-1-two-kinds", "/claim"),
    ]
)
NAMES = st.sampled_from(
    [
        *("query", "format", "default-graph-uri", "graph", "default", "q", "page", "target"),
        *("queries", "extend", "prefix", "callback", "limit", "offset", "source", "text", "type"),
    ]
)
#: Text as it may stand in an address, sound or not.
SENT = st.text(
    st.sampled_from("aZ09%/.\\?&=+;:,*'\"<>{}[]()|^~$@!-_\u00e9")
    | st.characters(max_codepoint=255),
    max_size=40,
).map(lambda text: "".join(each if each > " " and each != "\x7f" else "%00" for each in text))
PAIRS = st.lists(st.tuples(NAMES, SENT).map("=".join), max_size=4).map("&".join)
TARGETS = st.builds("{}{}?{}".format, ROUTES, st.just("") | SENT.map("/{}".format), PAIRS)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH"])
FIELDS = st.lists(
    st.builds(
        "{}: {}".format,
        st.sampled_from(
            [
                *("Accept", "Accept-Encoding", "If-None-Match", "Range", "Content-Type", "Cookie"),
                *("Content-Encoding", "Expect", "Origin", "X-Forwarded-For", "Upgrade", "TE"),
                *("Authorization", "If-Modified-Since", "Accept-Language", "X-Forwarded-Proto"),
            ]
        ),
        SENT
        | st.sampled_from(
            [
                *("text/html", "*/*", "text/turtle;q=0.5, */*;q=0", "application/sparql-query"),
                *("application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "gzip"),
                *("text/turtle; charset=utf-8", "application/ld+json", "bytes=0-1", 'W/"a", *'),
            ]
        ),
    ),
    max_size=5,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run a server, and see at the end that no fault is in its log."""
    with running_without_fault(tmp_path_factory.mktemp("served")) as server:
        yield server


@EXAMPLES
@given(METHODS, TARGETS, FIELDS, st.binary(max_size=200))
def test_no_request_by_chance_breaks_the_server(server, method, target, fields, body):
    """Whatever the method, the target, the fields and the body, there is an answer, and no 500."""
    answer = server.send(request(method, target, *fields, body=body))
    assert answer.status not in {0, *FAULTS}, answer


@EXAMPLES
@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_by_chance_break_the_server(server, sent):
    """What is no request at all is refused, or waits for its end."""
    answer = server.send(sent + b"\r\n\r\n\r\n\r\n")
    assert answer.status in {0, 400, 404, 405, 408, 501, 505}, answer


@EXAMPLES
@given(
    st.sampled_from([raw for raw, _ in (*SMUGGLING.values(), *STANDARD.values())]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), max_size=4),
    st.floats(0, 1),
)
def test_no_request_changed_by_chance_breaks_the_server(server, raw, changes, cut):
    """Hostile and odd requests, changed and cut into two, are answered or refused."""
    for place, length, inserted in changes:
        start = int(place * len(raw))
        raw = raw[:start] + inserted + raw[start + length :]
    raw = raw[:-1] + b"\r\n\r\n"
    at = int(cut * len(raw))
    answer = server.send([(raw[:at], 0), (raw[at:], 0)])
    assert answer.status not in FAULTS, answer


# --- queries

VARIABLE = st.sampled_from(["?s", "?p", "?o", "?x", "?y"])
TERM = VARIABLE | st.sampled_from(
    [
        *("<https://w3id.org/pkgraph/ontology#about>", "rdfs:label", "pk:Claim", "1", "-2.5e0"),
        *('"a"', "'b'@en", '"3"^^xsd:integer', '"x"^^xsd:date', "true", "[]", "()", "_:b", "UNDEF"),
    ]
)
PATH = st.recursive(
    st.sampled_from(["rdfs:label", "a", "pk:about", "?p"]),
    lambda inner: (
        st.builds("({})*".format, inner)
        | st.builds("^({})".format, inner)
        | st.builds("({}/{})".format, inner, inner)
        | st.builds("({}|{})?".format, inner, inner)
    ),
    max_leaves=3,
)
OPERATOR = st.sampled_from(["=", "!=", "<", "+", "-", "*", "/", "&&", "||"])
OF_ONE = st.sampled_from(
    [
        *("STR", "LANG", "BOUND", "ABS", "IRI", "STRLEN", "UCASE", "YEAR", "MD5", "isIRI", "!"),
        *("COUNT", "SUM", "GROUP_CONCAT"),
    ]
)
OF_TWO = st.sampled_from(
    ["CONCAT", "REGEX", "CONTAINS", "SUBSTR", "STRDT", "STRLANG", "COALESCE", "STRBEFORE"]
)
EXPRESSION = st.recursive(
    TERM,
    lambda inner: (
        st.builds("({} {} {})".format, inner, OPERATOR, inner)
        | st.builds("{}({})".format, OF_ONE, inner)
        | st.builds("{}({}, {})".format, OF_TWO, inner, inner)
        | st.builds("IF({}, {}, {})".format, inner, inner, inner)
    ),
    max_leaves=6,
)
GROUP = st.recursive(
    st.builds("{} {} {} .".format, TERM, PATH, TERM)
    | st.builds("FILTER({})".format, EXPRESSION)
    | st.builds("BIND({} AS {})".format, EXPRESSION, VARIABLE)
    | st.builds("VALUES {} {{ {} {} }}".format, VARIABLE, TERM, TERM),
    lambda inner: (
        st.builds("{} {}".format, inner, inner)
        | st.builds("OPTIONAL {{ {} }}".format, inner)
        | st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner)
        | st.builds("MINUS {{ {} }}".format, inner)
        | st.builds("FILTER NOT EXISTS {{ {} }}".format, inner)
        | st.builds("GRAPH {} {{ {} }}".format, TERM, inner)
        | st.builds("{{ SELECT * WHERE {{ {} }} LIMIT 5 }}".format, inner)
    ),
    max_leaves=5,
)
PREFIXES = (
    "PREFIX pk: <https://w3id.org/pkgraph/ontology#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
QUERIES = st.builds(
    "{}{} {{ {} }} {}".format,
    st.just(PREFIXES),
    st.sampled_from(
        [
            *("SELECT * WHERE", "SELECT DISTINCT ?s ?o WHERE", "ASK", "SELECT (COUNT(*) AS ?n)"),
            *("CONSTRUCT { ?s ?p ?o } WHERE", "DESCRIBE ?s WHERE", "CONSTRUCT WHERE"),
        ]
    ),
    GROUP,
    st.sampled_from(["LIMIT 5", "ORDER BY ?s LIMIT 5", "GROUP BY ?s LIMIT 5", "OFFSET 3 LIMIT 2"]),
)
WORDS = st.lists(
    st.sampled_from(
        [
            *("SELECT", "ASK", "WHERE", "{", "}", "{", "}", "(", ")", "?s", "?o", "*", ".", ";"),
            *("a", "<x:y>", "1", "'a'", "FILTER", "OPTIONAL", "UNION", "BIND", "AS", "SERVICE"),
            *("LOAD", "INSERT", "DATA", "FROM", "NAMED", "GRAPH", "VALUES", "LIMIT", "EXISTS"),
            *("<<", ">>", "<<(", ")>>", "^", "/", "|", "!", "=", "PREFIX", ":", "x:y", "#", "\\"),
            *('"', "'''", "\\u0022", "\0", "\ufeff", "\U0001f4a5", ","),
        ]
    ),
    max_size=20,
).map(" ".join)


@EXAMPLES
@given(QUERIES)
def test_no_query_by_chance_breaks_the_server(server, text):
    """A query of sound parts is answered, refused, or ended by a limit."""
    answer = server.send(asking(text))
    # Oxigraph 0.5.13 ends its process where it sorts literals that it cannot put in order.
    ended = answer.status == 503 and "ORDER BY" in text and b"engine fails" in answer.body
    assert ended or answer.status in {200, 400, 413, 504, 507}, (answer.status, answer.body, text)


def test_an_engine_that_fails_ends_a_worker_and_no_more(server):
    """A query at which the engine ends its process is told so, and the next one is answered."""
    # Sorting everything that there is, of all kinds, is where Oxigraph 0.5.13 fails.
    text = f"{PREFIXES} SELECT * {{ ?s (rdfs:label)* ?p }} ORDER BY ?s LIMIT 5"
    for _ in range(3):
        answer = server.send(asking(text))
        assert answer.status in {200, 504, 507} or b"engine fails" in answer.body
        server.ask_honestly()


@EXAMPLES
@given(WORDS | st.text(max_size=100))
def test_no_words_by_chance_break_the_server(server, text):
    """Words of SPARQL in any order are an error that is told, or a query."""
    answer = server.send(asking(text, "Accept: application/sparql-results+json, text/turtle"))
    assert answer.status in {200, 400, 413, 504, 507}, (answer.status, answer.body, text)


# --- what we describe ourselves


@pytest.mark.slow
def test_no_request_as_described_or_not_breaks_the_server(server):
    """Requests that are made from our description, over sockets, never have a 500."""
    document = server.send(get("/openapi.json"))
    described = schemathesis.openapi.from_dict(json.loads(document.body))
    described.config.update(base_url=f"http://127.0.0.1:{server.port}")
    found = st.one_of(
        *(
            operation.ok().as_strategy(generation_mode=mode)
            for operation in described.get_all_operations()
            for mode in schemathesis.GenerationMode
        )
    )

    @settings(EXAMPLES, max_examples=50)
    @given(found)
    def ask(case):
        response = case.call()
        assert response.status_code not in FAULTS
        case.validate_response(response, checks=[not_a_server_error])

    ask()
