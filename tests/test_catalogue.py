"""Canned queries as files: what their headers may say, and what binding changes in their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import catalogue, namespaces, terms
from pkgraph.catalogue import Parameter, Query, bind, plain_term, read, wanted
from pkgraph.errors import InputError, ParameterError, UnknownQueryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

XSD = namespaces.XSD
#: What an IRI must not hold, and what SPARQL gives a meaning of its own.
HOSTILE = "<>\"'{}|^`\\ \n#:/?@%uU0041abé"

HEADER = """\
#+ summary: Claims on a thing
#+ description: >
#+   Every claim
#+   on the thing.
#+ parameters:
#+   target: {kind: iri, class: pk:Claim, required: true}
#+   basis: {kind: choice, options: basis, example: basis:inferred}
#+ columns:
#+   claim: the claim; always bound
#+ tags: [claims]
#+ version: 1.0.0
"""
BODY = """\
PREFIX claim: <https://w3id.org/pkgraph/claim/>
SELECT ?claim WHERE {
  VALUES ?target { claim:a }
  VALUES ?basis { UNDEF }
  ?claim ?target ?basis .
}
"""
PARAMETER = "#+   target: {kind: iri, class: pk:Claim, required: true}"

#: A query whose one answer is what its row holds.
PLAIN = """\
#+ summary: A value
#+ description: Gives back the value.
#+ parameters:
#+   v: {kind: string, required: true, example: x}
#+ columns:
#+   v: the value; always bound
#+ version: 1.0.0
SELECT ?v WHERE {
  # VALUES ?v { "a comment" }
  VALUES ?v { "x" }
  FILTER("VALUES ?v { }" != "}")
}
"""


@pytest.fixture
def query_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a query file."""

    def write(text: str, name: str = "claims-on.rq") -> Path:
        path = tmp_path / "arguments" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Query:
    """Return a query whose one answer is the value of its one parameter."""
    path = tmp_path_factory.mktemp("values") / "value.rq"
    path.write_text(PLAIN, encoding="utf-8")
    return read(path)


def test_a_file_becomes_a_query_with_all_that_its_header_says(query_file):
    """Name and topic come from the path, the rest from the header; folded text is one line."""
    path = query_file(HEADER + BODY)
    query = read(path)
    assert (query.name, query.topic, query.path) == ("claims-on", "arguments", path)
    assert (query.summary, query.description) == ("Claims on a thing", "Every claim on the thing.")
    assert dict(query.columns) == {"claim": "the claim; always bound"}
    assert (query.tags, query.version) == (("claims",), "1.0.0")
    target, basis = query.parameters
    assert (target.kind, target.classes, target.required) == ("iri", ("pk:Claim",), True)
    assert target.class_iris == (namespaces.PK + "Claim",)
    assert (target.example, target.default) == ("claim:a", None)
    assert (basis.scheme, basis.example) == (namespaces.SCHEME + "basis", "basis:inferred")
    assert query.text == HEADER + BODY
    assert [query.text[slice(*span)].strip() for span in query.rows.values()] == [
        "claim:a",
        "UNDEF",
    ]


def test_a_header_may_leave_out_parameters_and_tags(query_file):
    """A query without parameters has none, and one without tags has none."""
    text = "#+ summary: a\n#+ description: b\n#+ columns: {}\n#+ version: 0.1.0\nASK {}"
    query = read(query_file(text))
    assert (query.parameters, query.tags, dict(query.columns)) == ((), (), {})
    assert bind(query, {}) == text


def test_one_tag_may_stand_for_a_list_of_one(query_file):
    """A text where a list of texts is wanted is a list of one."""
    assert read(query_file(HEADER.replace("[claims]", "claims") + BODY)).tags == ("claims",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (HEADER, "", "has no header"),
        ("summary: Claims", "summary: [Claims", "line 2: the header is not YAML"),
        ("summary: Claims", "summary: \x01Claims", "the header is not YAML"),
        (HEADER, "#+ just a text\n", "the header: must be a mapping"),
        (HEADER, "#+ 1: a number\n", "the header: must be a mapping"),
        ("summary:", "sumary:", "the header: unknown key 'sumary'; the keys are columns,"),
        ("#+ summary: Claims on a thing\n", "", "'summary' must be a text"),
        ("summary: Claims on a thing", "summary: ' '", "'summary' must be a text"),
        ("version: 1.0.0", "version: 1.0", "'version' must be a text (in quotes"),
        ("version: 1.0.0", "version: '1.0'", "'version' must look like 1.0.0, not '1.0'"),
        ("tags: [claims]", "tags: {a: b}", "tags: must be a list of texts"),
        ("tags: [claims]", "tags: [yes]", "tags: must be a list of texts"),
        ("#+   claim: the claim; always bound", "#+   - claim", "columns: must be a mapping"),
        ("#+   claim: the", "#+   Claim: the", "columns: 'Claim' must be a lower_snake name"),
        ("the claim; always bound", "1", "columns: 'claim' must be a lower_snake name"),
        ("?basis { UNDEF }", "?target { UNDEF }", "the parameter 'target' has two rows"),
        (BODY, "", "needs one block `VALUES ?target { term }`"),
        (PARAMETER, "#+   target: claim", "parameter 'target': must be a mapping"),
        ("required: true", "need: true", "parameter 'target': unknown key 'need'"),
        ("#+   target:", "#+   Target:", "parameter 'Target': must be a lower_snake name"),
        ("VALUES ?target { claim:a }", "", "needs one block `VALUES ?target { term }`"),
        ("{ claim:a }", "{ claim:a claim:b }", "needs one block `VALUES ?target { term }`"),
        ("{ claim:a }", "{ }", "needs one block `VALUES ?target { term }`"),
        ("kind: iri", "kind: claim", "'kind' must be one of iri, string, integer, year, date"),
        ("required: true", "required: always", "'required' must be true or false"),
        ("required: true", "required: true, default: claim:b", "is required has no default"),
        (
            "required: true",
            'required: true, begin: "?claim a ?target"',
            "write 'begin' into the query",
        ),
        (
            "example: basis:inferred",
            'begin: "?claim a ?b"',
            "'begin' must be a pattern with ?basis",
        ),
        (BODY, f"# begin: basis\n{BODY}", "'# begin: basis': no parameter of this name has"),
        ("{ claim:a }", "{ UNDEF }", "is required, so its row holds an example, not UNDEF"),
        ("kind: iri", "kind: string", "only the kind iri has a class"),
        ("pk:Claim", "nobody:Claim", "the class 'nobody:Claim' has no known prefix"),
        ("options: basis, ", "", "'options' goes with the kind choice"),
        ("class: pk:Claim", "options: basis", "'options' goes with the kind choice"),
        ("options: basis", "options: bases", "there is no scheme 'bases'"),
        ("options: basis", "options: [1]", "'options': must be a list of texts"),
        ("example: basis:inferred", "example: [a]", "'example' must be a text, a number"),
        ("example: basis:inferred", "default: 'a b:c'", "the default is not of its kind"),
    ],
)
def test_a_file_that_is_no_canned_query_is_refused(query_file, old, new, message):
    """Each fault of a header or row is refused with a sentence that starts with the file."""
    assert (HEADER + BODY).count(old) >= 1
    path = query_file((HEADER + BODY).replace(old, new))
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_a_name_that_nobody_would_type_is_refused(query_file):
    """The name of a query is lower-case words joined by hyphens."""
    with pytest.raises(InputError, match="lower-case words joined by hyphens"):
        read(query_file(HEADER + BODY, "Claims_on.rq"))


def test_a_file_that_cannot_be_read_is_refused(query_file, tmp_path):
    """A file that is not there, and one that is not in UTF-8, are told with their path."""
    with pytest.raises(InputError, match="cannot be read as UTF-8"):
        read(tmp_path / "absent.rq")
    path = query_file("")
    path.write_bytes(b"#+ summary: \xe9\n")
    with pytest.raises(InputError, match="cannot be read as UTF-8"):
        read(path)


@pytest.mark.parametrize(
    "decoy",
    [
        "# VALUES ?target { claim:b }\n",
        'BIND("VALUES ?target { claim:b }" AS ?x)',
        "BIND('VALUES ?target { claim:b }' AS ?x)",
        'BIND("""a "quoted" VALUES ?target { claim:b }""" AS ?x)',
        "BIND('''it's VALUES ?target { claim:b }''' AS ?x)",
        r'BIND("\"VALUES ?target { claim:b }" AS ?x)',
        "?x <https://example.org/#VALUES?target{claim:b}> ?y .",
        "VALUES (?target ?x) { (claim:b 1) }",
        "VALUES ?target_2 { claim:b }",
    ],
)
def test_what_only_looks_like_a_row_is_none(query_file, decoy):
    """Rows are found neither in comments, strings and IRIs nor in blocks of other variables."""
    query = read(query_file(HEADER + BODY.replace("WHERE {", "WHERE { " + decoy)))
    bound = bind(query, {"target": ox.NamedNode("https://example.org/")})
    assert bound == query.text.replace("{ claim:a }", "{ <https://example.org/> }")


@pytest.mark.parametrize(
    ("row", "example"),
    [
        ("values $target{claim:a}", "claim:a"),
        ("VALUES\n ?target\n {\n <https://example.org/a#b>\n }", "https://example.org/a#b"),
        ('VALUES ?target { "two words"@en }', "two words"),
        ("VALUES ?target { '''it's long''' }", "it's long"),
        ('VALUES ?target { "1"^^<http://www.w3.org/2001/XMLSchema#integer> }', "1"),
        ("VALUES ?target { 1948 }", "1948"),
    ],
)
def test_a_row_may_be_written_in_every_way_of_sparql(query_file, row, example):
    """The term of a row is the example, in whatever syntax, unless the header gives another."""
    query = read(query_file(HEADER + BODY.replace("VALUES ?target { claim:a }", row)))
    assert query.parameter("target").example == example
    assert "<https://example.org/>" in bind(query, {"target": ox.NamedNode("https://example.org/")})


def test_binding_changes_nothing_but_the_rows(query_file):
    """What is left out takes its default or is UNDEF; the rest of the text stays."""
    text = HEADER.replace("example: basis:inferred", "default: explicit") + BODY
    query = read(query_file(text))
    basis = "<https://w3id.org/pkgraph/scheme/basis/explicit>"
    value = ox.NamedNode("https://example.org/")
    assert bind(query, {"target": value}) == text.replace(
        "{ claim:a }", "{ <https://example.org/> }"
    ).replace("{ UNDEF }", f"{{ {basis} }}")
    given_both = bind(query, {"basis": ox.Literal("x"), "target": value})
    assert given_both.count("UNDEF") == given_both.count(basis) == 0
    without = read(query_file(HEADER + BODY))
    assert "VALUES ?basis { UNDEF }" in bind(without, {"target": value})


def test_where_to_begin_stands_after_the_row_of_what_is_given(query_file):
    """It is asked for, and only then; what is left out has nothing to begin with."""
    begin = HEADER.replace("example: basis:inferred", 'begin: "?claim pk:basis ?basis ."')
    query = read(query_file(begin + BODY))
    values = {"target": ox.NamedNode("urn:a"), "basis": ox.NamedNode("urn:b")}
    assert query.parameter("basis").begin == "?claim pk:basis ?basis"
    assert "{ <urn:b> }\n  ?claim pk:basis ?basis .\n" in bind(query, values, begins=True)
    del values["basis"]
    assert bind(query, values, begins=True) == bind(query, values)


def test_where_to_begin_stands_in_the_place_of_each_mark(query_file):
    """So a sub-select begins there too; without the value, or for others, it is a comment."""
    begin = HEADER.replace("example: basis:inferred", 'begin: "?claim pk:basis ?basis"')
    body = BODY.replace("WHERE {", "WHERE {\n  # begin: basis\n  # begin: elsewhere no mark")
    query = read(query_file(begin + body))
    values = {"target": ox.NamedNode("urn:a"), "basis": ox.NamedNode("urn:b")}
    row = "\n  VALUES ?basis { <urn:b> } ?claim pk:basis ?basis .\n"
    assert bind(query, values, begins=True).count(row) == 1
    assert bind(query, values).count("# begin: ") == 2
    del values["basis"]
    assert bind(query, values, begins=True).count("# begin: ") == 2


def test_a_missing_or_unknown_parameter_is_told_with_what_there_is(query_file):
    """What is required has to be given, and only what the query has can be."""
    query = read(query_file(HEADER + BODY))
    with pytest.raises(ParameterError, match=r"needs a value for 'target' \(a pk:Claim\)") as one:
        bind(query, {})
    assert str(one.value).endswith("for example target=claim:a")
    with pytest.raises(ParameterError, match="no parameter 'aim'; its parameters are: target, b"):
        bind(query, {"aim": ox.Literal("x")})
    bare = read(query_file("\n".join(HEADER.split("\n")[:4] + HEADER.split("\n")[7:]) + BODY))
    with pytest.raises(ParameterError, match="its parameters are: none"):
        bare.parameter("target")


@given(text=st.text())
def test_no_text_escapes_from_its_row(plain, text):
    """Whatever a text holds, the bound query gives back that text and is otherwise unchanged."""
    bound = bind(plain, {"v": ox.Literal(text)})
    start, end = plain.rows["v"]
    assert bound.startswith(PLAIN[:start])
    assert bound.endswith(PLAIN[end:])
    (solution,) = ox.Store().query(bound)
    assert solution["v"] == ox.Literal(text)


@given(text=st.text(alphabet=HOSTILE) | st.text())
def test_no_iri_escapes_from_its_row(plain, text):
    """A text is refused as an IRI, or the bound query gives back that IRI."""
    try:
        value = terms.iri("https://example.org/" + text)
    except ParameterError:
        return
    (solution,) = ox.Store().query(bind(plain, {"v": value}))
    assert solution["v"] == value


@pytest.mark.parametrize(
    "text",
    [
        '"} DROP ALL #',
        "\\",
        "\\u0022",
        "\\\\U00000022",
        "a\\u0022 } #\\u007D",
        "line\nbreak\ttab\rreturn",
        "'''\"\"\"",
        "é – 東",
    ],
)
def test_both_engines_read_the_same_value(plain, text):
    """What is bound is one value on pyoxigraph and on rdflib, escapes and all."""
    bound = bind(plain, {"v": ox.Literal(text)})
    (solution,) = ox.Store().query(bound)
    ((value,),) = rdflib.Graph().query(bound)
    assert solution["v"].value == str(value) == text


@pytest.mark.parametrize(
    ("parameter", "text", "term"),
    [
        (
            Parameter("p", "iri"),
            "work:kaldor-1999",
            ox.NamedNode(namespaces.BASE + "work/kaldor-1999"),
        ),
        (Parameter("p", "iri"), "https://example.org/", ox.NamedNode("https://example.org/")),
        (Parameter("p", "string"), "a: b", ox.Literal("a: b")),
        (
            Parameter("p", "integer"),
            "012",
            ox.Literal("12", datatype=ox.NamedNode(XSD + "integer")),
        ),
        (Parameter("p", "year"), "2004", ox.Literal("2004", datatype=ox.NamedNode(XSD + "gYear"))),
        (
            Parameter("p", "date"),
            "2004-05-31",
            ox.Literal("2004-05-31", datatype=ox.NamedNode(XSD + "date")),
        ),
        (Parameter("p", "choice", options=("for", "against")), "for", ox.Literal("for")),
        (
            Parameter("p", "choice", options=("pk:Motive", "pk:School")),
            "School",
            ox.NamedNode(namespaces.PK + "School"),
        ),
        (
            Parameter("p", "choice", options=("pk:Motive",)),
            namespaces.PK + "Motive",
            ox.NamedNode(namespaces.PK + "Motive"),
        ),
        (
            Parameter("p", "choice", scheme=namespaces.SCHEME + "signal"),
            "See also",
            ox.NamedNode(namespaces.SCHEME + "signal/see-also"),
        ),
        (
            Parameter("p", "choice", scheme=namespaces.SCHEME + "signal"),
            "signal:cf",
            ox.NamedNode(namespaces.SCHEME + "signal/cf"),
        ),
        (
            Parameter("p", "choice", scheme=namespaces.SCHEME + "signal"),
            namespaces.SCHEME + "signal/cf",
            ox.NamedNode(namespaces.SCHEME + "signal/cf"),
        ),
    ],
)
def test_a_typed_text_becomes_a_term_of_the_parameters_kind(parameter, text, term):
    """Things may be CURIEs or IRIs, values of a list words, numbers and dates as they are read."""
    assert plain_term(parameter, text) == term


@pytest.mark.parametrize(
    ("parameter", "text", "message"),
    [
        (Parameter("p", "iri"), "no iri", "'no iri' is not an absolute IRI"),
        (Parameter("p", "integer"), "twelve", "not a whole number"),
        (Parameter("p", "year"), "04", "not a year"),
        (Parameter("p", "date"), "2004-02-30", "not a date"),
        (
            Parameter("p", "choice", options=("for", "pk:Motive")),
            "with",
            "'p' is one of for, pk:Motive, not 'with'",
        ),
    ],
)
def test_a_text_that_is_not_of_the_kind_is_refused(parameter, text, message):
    """The message says what is wanted."""
    with pytest.raises(ParameterError, match=message):
        plain_term(parameter, text)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (Parameter("p", "iri"), "any thing"),
        (Parameter("p", "choice", scheme=namespaces.SCHEME + "basis"), "a value of the list basis"),
        (Parameter("p", "string"), "a text"),
        (Parameter("p", "integer"), "a whole number"),
        (Parameter("p", "year"), "a year of four digits"),
        (Parameter("p", "date"), "a date like 2004-05-31"),
    ],
)
def test_what_is_wanted_is_said_in_words(parameter, words):
    """Each kind of parameter has words for what it takes."""
    assert wanted(parameter) == words


def test_the_catalogue_has_each_query_under_its_name():
    """The catalogue lists the queries by topic and name, and finds each of them by name."""
    queries = catalogue.catalogue()
    assert [(q.topic, q.name) for q in queries] == sorted((q.topic, q.name) for q in queries)
    assert [catalogue.find(q.name) for q in queries] == list(queries)


def test_an_unknown_name_is_told_with_the_nearest():
    """A slip of the keyboard and a word of the name both lead to the query."""
    with pytest.raises(UnknownQueryError, match="did you mean typologies") as caught:
        catalogue.find("typologys")
    assert caught.value.nearest[0] == "typologies"
    with pytest.raises(UnknownQueryError) as caught:
        catalogue.find("attacks-by-a-person")
    assert "attacks-on" in caught.value.nearest
    with pytest.raises(UnknownQueryError, match="no query 'zzz'; `pkgraph queries`") as caught:
        catalogue.find("zzz")
    assert caught.value.nearest == ()


def test_two_queries_of_one_name_are_refused(query_file, monkeypatch):
    """A name leads to one query, so a second file of that name is told with both paths."""
    first = query_file(HEADER + BODY)
    second = first.parent.parent / "works" / first.name
    second.parent.mkdir()
    second.write_text(HEADER + BODY, encoding="utf-8")
    monkeypatch.setattr(catalogue, "_files", lambda: [first, second])
    with pytest.raises(InputError, match="has the same name; rename one of them") as caught:
        catalogue.catalogue.__wrapped__()
    assert str(first) in str(caught.value)
    assert str(second) in str(caught.value)
