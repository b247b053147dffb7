"""Untrusted SPARQL is looked over before the engine reads it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time

import pyoxigraph as ox
import pytest

from pkgraph import resources, sparql
from pkgraph.errors import QuerySyntaxError
from pkgraph.sparql import MAX_CHAIN, MAX_CHARACTERS, MAX_DEPTH, MAX_PARTS, check_limits, form

#: Where nothing answers: the engine refuses the port before it opens a connection.
NOWHERE = "<http://127.0.0.1:1/>"


def is_refused(text):
    """Tell whether a query is refused."""
    try:
        check_limits(text)
    except QuerySyntaxError:
        return True
    return False


# --- limits


def test_a_query_may_be_as_long_as_the_limit():
    """One character more is refused, with both lengths."""
    text = "ASK {}".ljust(MAX_CHARACTERS)
    check_limits(text)
    with pytest.raises(
        QuerySyntaxError, match=f"has {MAX_CHARACTERS + 1} characters.*at most 20000"
    ):
        check_limits(text + " ")


@pytest.mark.parametrize(("opening", "closing"), ["()", "{}", "[]"])
def test_brackets_may_be_nested_to_the_limit(opening, closing):
    """One bracket more is refused where it stands; brackets side by side are not nested."""
    check_limits(opening * MAX_DEPTH + closing * MAX_DEPTH)
    check_limits((opening + closing) * (MAX_DEPTH + 1))
    with pytest.raises(QuerySyntaxError, match=f"more than {MAX_DEPTH} deep") as caught:
        check_limits("\n" + opening * (MAX_DEPTH + 1))
    assert (caught.value.line, caught.value.column) == (2, MAX_DEPTH + 1)


def test_brackets_of_all_kinds_count_together():
    """Different brackets are nested like the same, and a stray closing one gives no room."""
    with pytest.raises(QuerySyntaxError, match="deep"):
        check_limits(")" * 50 + "({[" * 34)


@pytest.mark.parametrize("operator", "-+*/!|^&")
def test_operators_may_be_chained_to_the_limit(operator):
    """One operator more is refused, with its number."""
    check_limits(operator * MAX_CHAIN)
    with pytest.raises(QuerySyntaxError, match=f"number {MAX_CHAIN + 1}; use fewer"):
        check_limits(operator * (MAX_CHAIN + 1))


def test_signs_between_numbers_count():
    """A minus between digits is an operator although a hyphen may stand in a name."""
    with pytest.raises(QuerySyntaxError, match=f"'-' number {MAX_CHAIN + 1}"):
        check_limits("SELECT (1" + "-1" * (MAX_CHAIN + 1) + " AS ?x) {}")


@pytest.mark.parametrize(
    "part", ["?a ", "a ", ":b ", "'' ", "{}", "true", ".1", "<x:y>", "MINUS{}"]
)
def test_a_query_may_have_a_number_of_parts(part):
    """Names, values and brackets are counted, though nothing be between them."""
    check_limits(part * (MAX_PARTS // 5))
    with pytest.raises(QuerySyntaxError, match=f"more than {MAX_PARTS} names"):
        check_limits((part * MAX_PARTS + "{}" * MAX_PARTS)[:MAX_CHARACTERS])


def test_remarks_are_not_counted():
    """What is in a remark or a string makes nothing deep or long."""
    check_limits("# ((((((\n" * 2000 + "ASK {}")
    check_limits("SELECT ('" + "(-" * 5000 + "' AS ?x) {}")
    check_limits('SELECT ("""' + '(-"\n' * 4000 + '""" AS ?x) {}')


def test_every_query_and_rule_of_ours_is_within_the_limits():
    """What comes with pkgraph could also come from outside."""
    for folder in ("queries", "ontology"):
        for path in resources.data_files(folder, ".rq"):
            check_limits(path.read_text("utf-8"))


# --- SERVICE


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { service ?s {} }",
        "SELECT * { {} UNION { SeRvIcE SILENT <http://127.0.0.1:1/> {} } }",
        "SELECT * { SERV\\u0049CE <http://127.0.0.1:1/> {} }",
        "SELECT * { \\U00000053ERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { SERVICE# remark\n<http://127.0.0.1:1/> {} }",
        "SELECT * { 'a' . SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p '''a''' . SERVICE <http://127.0.0.1:1/> {} }",
        # What the engine reads as SERVICE, and a reader of whole words would not.
        "SELECT * { ?s ?p ?o.SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p 5.SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p 5SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { ?s ?p 'a'@en.SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * { SERVICESILENT<http://127.0.0.1:1/>{} }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:a {} }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p :.SERVICE:a {} }",
        # What a reader could take for an IRI or a string, and the engine does not.
        "SELECT * { FILTER(?a<?b)SERVICE?v#>\n{} }",
        'SELECT * { FILTER(?a<?b#>"""\n) SERVICE <http://127.0.0.1:1/> {} #"""\n }',
        'SELECT * { VALUES ?v { """x" } SERVICE <http://127.0.0.1:1/> {} #\\q"""\n }',
        'SELECT * { VALUES ?v { """x" } SERVICE <http://127.0.0.1:1/> {} #\\uD800"""\n }',
        'SELECT * { <<?s?p#>"""\n?o>> ?x ?y . SERVICE <http://127.0.0.1:1/> {} #"""\n }',
        "SELECT * { ?s <http://127.0.0.1/\\u0041#a> ?o . SERVICE <http://127.0.0.1:1/> {} }",
    ],
)
def test_service_is_found_however_it_is_hidden(query):
    """A query that reaches for another machine is refused."""
    assert is_refused(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p $SERVICE }",
        "PREFIX ex: <urn:x:> SELECT * { ?s ex:service ?o . ?o a ex:a.service }",
        "PREFIX : <urn:x:> SELECT * { ?s :service ?o }",
        "SELECT * { ?s ?p 'SERVICE <urn:a> {' , \"service\" , '''SERVICE\n''' }",
        "BASE <urn:b:> SELECT * { ?s <https://example.org/service> <urn:service:a> , <#service> }",
        "# SERVICE <urn:a> {}\nSELECT * {} # service",
        "SELECT * { FILTER(?a < ?b && ?c > ?d) FILTER(?a<?b&&?c>?d) FILTER(?a<?b) }",
        "SELECT * { FILTER(?a = <http://example.org/service#a> || ?b IN (<urn:x:service>)) }",
        'SELECT ("\\t\\"\\\\\\u0041\\U0001F600" AS ?x) {}',
        'SELECT ("""a""x"\\"""" AS ?x) {}',
        "PREFIX ex: <urn:x:> SELECT * { ?s ex:a\\'b ex:c\\#d . }",
    ],
)
def test_the_word_alone_is_no_harm(query):
    """Variables, names after a prefix, texts, IRIs and remarks may say service."""
    check_limits(query)
    list(ox.Store().query(query))


ENDS = [
    *(
        "?o",
        "$o",
        "ex:",
        "ex:a",
        ":",
        ":a",
        "_:b",
        "[]",
        "'a'",
        "'a'@en",
        "5",
        "5.0",
        "5e0",
        "true",
    ),
    *(
        "<http://e/a>",
        "<a>",
        "<#a>",
        "()",
        "ex:a%41",
        "ex:\\u0061",
        "<http://e/\\u0061>",
        "'''a'''",
    ),
    *('"""a"""', "?o FILTER(1<2)", "?o FILTER(?o<?o||1)", "?o BIND(1 AS ?z)", "'a'^^<http://e/a>"),
]
GLUES = [
    *("", ".", "..", ". ", "-", ":", "%", ";", "#\n", "·", ".\\u0020", "\r", ".-", "._", "\\u002E"),
    *("--ltr", "@en", "^", "?", "*", "<", "<a", "'", '"', "\\"),
]
TARGETS = [NOWHERE, "?v", ":t", "t:x"]


def test_nothing_that_is_let_through_makes_the_engine_reach_out():
    """Whatever stands before the word, the engine asks nobody when the query is let through."""
    store = ox.Store()
    subject, predicate = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p")
    objects = [ox.NamedNode(f"http://e/{name}") for name in ("", "a", "aA", "A", "#a")]
    objects += [ox.Literal(value) for value in ("a", 5, True, 5.0)]
    objects += [ox.Literal("a", language="en"), ox.NamedNode("http://127.0.0.1:1/a")]
    store.extend(ox.Quad(subject, predicate, each) for each in objects)
    head = (
        f"PREFIX ex: <http://e/> PREFIX : {NOWHERE} PREFIX t: {NOWHERE} BASE <http://e/> SELECT * "
    )
    through, reached = 0, []
    for end, glue, target in itertools.product(ENDS, GLUES, TARGETS):
        query = f"{head}{{ ?s ?p {end}{glue}SERVICE{target}{{ ?q ?r ?x }} }}"
        if is_refused(query):
            continue
        through += 1
        try:
            list(store.query(query))
        except SyntaxError:
            pass
        except (OSError, RuntimeError) as error:
            reached.append(f"{query}: {error}")
    assert reached == []
    assert through > 100


def test_the_engine_would_reach_out():
    """The engine follows SERVICE, in the forms above too: if it stops, the look can be simpler."""
    for query in (
        f"ASK {{ SERVICE {NOWHERE} {{}} }}",
        f"ASK {{ BIND(1 AS ?a).SERVICE{NOWHERE}{{}} }}",
    ):
        with pytest.raises(OSError, match="port 1 is not allowed"):
            ox.Store().query(query)


# --- what is refused besides


@pytest.mark.parametrize(
    ("query", "told", "column"),
    [
        ("SELECT * { SERVICE <urn:a> {} }", "SERVICE asks another machine", 12),
        ("SELECT * { services:a ?p ?o }", "'services' can be taken for SERVICE", 12),
        ("SELECT * { << ?s ?p ?o >> ?q ?r }", "SPARQL 1.1 has no '<<'", 12),
        ("SELECT ('a AS ?x) {}", "does not end", 9),
        ("SELECT ('a\\q' AS ?x) {}", "write two backslashes", 9),
        ("SELECT ('a\\\n' AS ?x) {}", "write two backslashes", 9),
        ("SELECT * { FILTER(?a<?b#c>\n) }", "write a space after '<'", 21),
        ("SELECT * { FILTER(?a IN (<urn:a(b>)) }", "or the IRI in full", 26),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "this is an update", 1),
        ("PREFIX add: <urn:a:> CLEAR ALL", "this is an update", 22),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_its_place(query, told, column):
    """The message names the line and column, and what to write instead."""
    with pytest.raises(QuerySyntaxError, match=told) as caught:
        check_limits("# first line\n" + query)
    assert (caught.value.line, caught.value.column) == (2, column)
    assert str(caught.value).startswith(f"line 2, column {column}: ")


def test_words_of_updates_are_no_harm_in_a_query():
    """Only outside any bracket is an update one."""
    check_limits(
        "PREFIX add: <urn:a:> SELECT ?move { add:drop ?load 'clear' . ?insert a add:copy }"
    )


# --- time and stack


HOSTILE = [
    *(
        '"',
        "'",
        '"""',
        "'''",
        '"\\"',
        "'\\'",
        '"""\\"',
        "\\",
        "\\u",
        "\\u0041",
        "<",
        "<a",
        "<a:b",
        "<<",
    ),
    *(
        "<a ",
        "#",
        "#\n",
        "a",
        "a.",
        "a-",
        "a:",
        ":",
        "a:b",
        "a.a:",
        "?",
        "?a",
        "%",
        ".",
        "-",
        "(",
        ")",
    ),
    *(
        "{",
        "}",
        "[]",
        "\n",
        "\r",
        " ",
        "é",
        "'\"",
        "<'\"#",
        "<\\u0041",
        "1.",
        "\\'",
        "''' \\\"",
        "\0",
    ),
]


@pytest.mark.parametrize("start", ["", '"""', "'''", "(<", "<http://"])
@pytest.mark.parametrize("unit", HOSTILE)
def test_the_look_takes_no_time(unit, start):
    """20,000 characters of whatever is repeated are looked over within a second."""
    text = (start + unit * MAX_CHARACTERS)[:MAX_CHARACTERS]
    begun = time.perf_counter()
    is_refused(text)
    assert time.perf_counter() - begun < 1


def repeated(before, unit, after, room=MAX_CHARACTERS):
    """Return the longest query of so many units that is let through."""
    least, most = 1, (room - len(before + after)) // len(unit)
    while least < most:
        middle = (least + most + 1) // 2
        if is_refused(before + unit * middle + after):
            most = middle - 1
        else:
            least = middle
    return before + unit * least + after


def nested(before, opening, core, closing, after):
    """Return the deepest query of its kind that is let through."""
    return next(
        query
        for depth in range(MAX_DEPTH, 0, -1)
        if not is_refused(query := before + opening * depth + core + closing * depth + after)
    )


DEEP = {
    "exists": nested("SELECT * {", "FILTER EXISTS{", "", "}", "}"),
    "exists in parentheses": nested("SELECT * {", "FILTER(EXISTS{", "", "})", "}"),
    "if": nested("SELECT (", "IF(1,1,", "1", ")", " AS ?x) {}"),
    "braces": nested("SELECT * {", "{", "", "}", "}"),
    "sub-selects": nested("SELECT * {", "{SELECT*{", "", "}}", "}"),
    "optional": nested("SELECT * {", "OPTIONAL{", "", "}", "}"),
    "parentheses": nested("SELECT (", "(", "1", ")", " AS ?x) {}"),
    "not": nested("SELECT (", "!(", "1", ")", " AS ?x) {}"),
    "path": nested("SELECT * { ?s ", "^(", "a", ")*", " ?o }"),
    "list": nested("SELECT * { ?s ?p ", "(", "1", ")", " }"),
    "blank nodes": nested("SELECT * { ?s ?p ", "[a ", "1", "]", " }"),
    "unclosed": "SELECT (" + "(" * (MAX_DEPTH - 1),
    "unclosed exists": "SELECT * {" + "FILTER EXISTS{" * (MAX_DEPTH - 1),
}
LONG = {
    "OPTIONAL": repeated("SELECT * {", "OPTIONAL{}", "}"),
    "MINUS": repeated("SELECT * {", "MINUS{}", "}"),
    "UNION": repeated("SELECT * {{}", "UNION{}", "}"),
    "FILTER": repeated("SELECT * {", "FILTER(1)", "}"),
    "groups": repeated("SELECT * {", "{}", "}"),
    "BIND": "SELECT * {" + "".join(f"BIND(1AS?{number:x})" for number in range(330)) + "}",
    "plus": repeated("SELECT (1", "+1", " AS ?x) {}"),
    "minus": repeated("SELECT (1", "-1", " AS ?x) {}"),
    "or": repeated("SELECT (1", "||1", " AS ?x) {}"),
    "nots": repeated("SELECT (", "!", "1 AS ?x) {}"),
    "alternatives": repeated("SELECT * { ?s a", "|a", " ?o }"),
    "unclosed list": repeated("SELECT * { ?s ?p (", "1 ", ""),
    "unclosed values": repeated("SELECT * { ?s ?p 1", ",1", ""),
}
READER = """
import sys, threading
import pyoxigraph as ox

def read():
    for query in sys.stdin.read().split(chr(0)):
        try:
            list(ox.Store().query(query))
        except SyntaxError:
            pass
        print("read", flush=True)

if sys.argv[1] == "process":
    read()
else:
    threading.stack_size(4 << 20)
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize("where", ["process", "thread"])
def test_the_worst_that_is_let_through_leaves_the_process_alive(where):
    """The deepest and longest queries end in rows or an error, in half of the usual stack too."""
    queries = {**DEEP, **LONG}
    assert [name for name, query in queries.items() if is_refused(query)] == []
    ended = subprocess.run(
        [sys.executable, "-c", READER, where],
        input="\0".join(queries.values()),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    read = ended.stdout.count("read")
    assert (ended.returncode, read) == (0, len(queries)), [*queries, "none"][read]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        repeated("SELECT * { ?s ?p (", "1 ", ") }"),
        repeated("SELECT * { ?s ?p (", ".1", ") }"),
        repeated("SELECT * { ?s ?p 1", ",1", " }"),
        repeated("SELECT * {", "?s?p?o.", "}"),
    ],
    ids=["list", "decimals", "objects", "triples"],
)
def test_what_keeps_the_engine_busy_leaves_the_process_alive(query):
    """A join of very many triples takes long to plan, and that is all."""
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-c", READER, "thread"],
            input=query,
            capture_output=True,
            text=True,
            check=True,
            timeout=3,
        )


# --- forms and errors


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("SELECT * {}", "SELECT"),
        ("#+ summary: what they ask and add\n#+ load\nselect*{}", "SELECT"),
        (
            "BASE <urn:select> PREFIX ask: <urn:a:> PREFIX select: <urn:s:>\nConstruct WHERE {}",
            "CONSTRUCT",
        ),
        ("DESCRIBE <urn:ask>", "DESCRIBE"),
        ("ASK{}", "ASK"),
    ],
)
def test_the_form_of_a_query_is_its_first_word(query, wanted):
    """Remarks, IRIs and prefixes are not taken for it."""
    assert form(query) == wanted


@pytest.mark.parametrize("text", ["", "# select", "DELETE WHERE { ?s ?p ?o }", "ask:select <ask>"])
def test_what_has_no_form_is_no_query(text):
    """The words that a query may begin with are named."""
    with pytest.raises(QuerySyntaxError, match="none of the words SELECT, ASK"):
        form(text)


def test_an_error_of_the_engine_has_its_place():
    """What the engine says is told with line and column, or as it is."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query("SELECT *\n{ ?s ?p }")
    error = sparql.syntax_error(caught.value)
    assert error.line == 2
    assert str(error).startswith(f"line 2, column {error.column}: the query cannot be read on")
    other = sparql.syntax_error(SyntaxError("no place"))
    assert (str(other), other.line) == ("the query cannot be read: no place", None)
