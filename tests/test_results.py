"""Rows as plain values, and answers in the standard formats."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
import pickle
import sys
from datetime import date
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from pkgraph import serialization
from pkgraph.errors import MissingDependencyError, UnknownFormatError
from pkgraph.results import Row, Table, python_value
from pkgraph.serialization import write

XSD = "http://www.w3.org/2001/XMLSchema#"
A, B = ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b")
#: A statement about a statement, which pyoxigraph gives where a query asks for one.
NESTED = ox.Triple(A, B, ox.Literal("said", language="en"))


def typed(text, name):
    """Return a literal of a datatype of XML Schema."""
    return ox.Literal(text, datatype=ox.NamedNode(XSD + name))


TABLE = Table(
    ("thing", "number", "label"),
    (
        (A, typed("3", "integer"), ox.Literal('maintien de la paix, "neuf"\n<&>', language="fr")),
        (ox.BlankNode("b1"), None, ox.Literal("plain é 平和 \\ \t")),
        (B, typed("about 50", "integer"), ox.Literal("")),
    ),
)
NOTHING = Table(("a", "b"), ())


# --- rows


def test_a_row_is_a_mapping_with_attributes():
    """A row has its values by the name of the column, in the order of the columns."""
    row = TABLE[0]
    assert row == {
        "thing": "https://example.org/a",
        "number": 3,
        "label": 'maintien de la paix, "neuf"\n<&>',
    }
    assert list(row) == ["thing", "number", "label"]
    assert len(row) == 3
    assert row.number == row["number"] == 3
    assert TABLE[1].number is None
    assert repr(Row(("a", "b"), ("x", None))) == "Row(a='x', b=None)"


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    """A wrong column is a KeyError or an AttributeError, as Python has it."""
    with pytest.raises(KeyError, match="title"):
        TABLE[0]["title"]
    with pytest.raises(AttributeError, match="no column 'title'; the columns are thing, number"):
        _ = TABLE[0].title
    assert not hasattr(TABLE[0], "title")


def test_a_row_can_be_copied_and_kept():
    """A row outlives copying and pickling."""
    assert copy.copy(TABLE[0]) == pickle.loads(pickle.dumps(TABLE[0])) == TABLE[0]  # noqa: S301


def test_a_table_has_a_length_an_index_and_an_order():
    """A table is a sequence of rows, the last by a negative index."""
    assert len(TABLE) == 3
    assert list(TABLE) == [TABLE[0], TABLE[1], TABLE[-1]]
    assert list(NOTHING) == []
    with pytest.raises(IndexError):
        NOTHING[0]


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (A, "https://example.org/a"),
        (ox.BlankNode("b1"), "b1"),
        (ox.Literal("text"), "text"),
        (ox.Literal("text", language="en"), "text"),
        (typed("true", "boolean"), True),
        (typed("1", "boolean"), True),
        (typed("false", "boolean"), False),
        (typed("0", "boolean"), False),
        (typed("-12", "integer"), -12),
        (typed("+12", "integer"), 12),
        (typed("12", "nonNegativeInteger"), 12),
        (typed("12", "int"), 12),
        (typed("12.50", "decimal"), Decimal("12.50")),
        (typed("1.5E3", "double"), 1500.0),
        (typed("-INF", "double"), -math.inf),
        (typed(".5", "float"), 0.5),
        (typed("1997", "gYear"), 1997),
        (typed("-0044", "gYear"), -44),
        (typed("1960-07-14", "date"), date(1960, 7, 14)),
        (typed("P1D", "duration"), "P1D"),
        (NESTED, '<https://example.org/a> <https://example.org/b> "said"@en'),
    ],
)
def test_each_datatype_has_its_python_value(term, value):
    """A literal of a known datatype is a value of Python's, of the same type."""
    assert python_value(term) == value
    assert type(python_value(term)) is type(value)


def test_not_a_number_is_a_float():
    """NaN, which equals nothing, is told apart by itself."""
    assert math.isnan(python_value(typed("NaN", "double")))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("maybe", "boolean"),
        ("True", "boolean"),
        ("about 50", "integer"),
        ("1_000", "integer"),
        ("٣", "integer"),
        ("9" * 5000, "integer"),
        ("1e5", "decimal"),
        ("Infinity", "decimal"),
        ("NaN", "decimal"),
        ("infinity", "double"),
        ("1_0", "double"),
        ("97", "gYear"),
        ("1997Z", "gYear"),
        ("20040531", "date"),
        ("2004-W22-1", "date"),
        ("2004-02-30", "date"),
        ("2004-05-31Z", "date"),
        ("0000-01-01", "date"),
        ("12004-05-31", "date"),
    ],
)
def test_a_literal_that_is_not_of_its_datatype_is_its_text(text, name):
    """What XML Schema does not take, or Python cannot hold, stays as it is written."""
    assert python_value(typed(text, name)) == text


# --- tables in the formats of the W3C


def as_rdflib(term):
    """Return a term as rdflib has it."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language or term.datatype.value == XSD + "string":
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=term.datatype.value, normalize=False)


def cells(table):
    """Return the terms of a table as rdflib has them, blank nodes all alike."""
    return [
        [
            None if term is None else "_" if isinstance(term, ox.BlankNode) else as_rdflib(term)
            for term in row
        ]
        for row in table.terms
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("table", [TABLE, NOTHING], ids=["rows", "no rows"])
@pytest.mark.parametrize("format_name", ["json", "xml", "tsv"])
def test_rdflib_reads_what_is_written(table, format_name):
    """Another library finds the same terms in each format that keeps them."""
    text = write(table, format_name)
    result = rdflib.query.Result.parse(io.BytesIO(text.encode()), format=format_name)
    columns = [str(column) for column in result.vars]
    assert columns == list(table.columns)
    rows = [
        [
            "_" if isinstance(node, rdflib.BNode) else node
            for node in (row.get(rdflib.Variable(column)) for column in columns)
        ]
        for row in result.bindings
    ]
    assert rows == cells(table)


@pytest.mark.parametrize(
    "table", [TABLE, NOTHING, Table((), ((), ())), Table(("t",), ((NESTED,),))]
)
@pytest.mark.parametrize("format_name", ["json", "xml", "tsv"])
def test_pyoxigraph_reads_what_is_written(table, format_name):
    """The engine's own parser finds the same terms, statements about statements too."""
    if (format_name, table.columns) == ("tsv", ()):
        pytest.skip("TSV has no way to write a table without columns")
    result = ox.parse_query_results(
        write(table, format_name), serialization.TABLE_FORMATS[format_name]
    )
    assert tuple(variable.value for variable in result.variables) == table.columns
    assert tuple(map(tuple, result)) == table.terms


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text().map(ox.Literal),
            st.text().map(lambda text: ox.Literal(text, language="en")),
            st.text(alphabet="0123456789.-eE").map(lambda text: typed(text, "decimal")),
        ),
        max_size=5,
    )
)
def test_any_literal_is_read_back_from_json(column):
    """JSON keeps whatever a literal has."""
    table = Table(("x",), tuple((term,) for term in column))
    result = ox.parse_query_results(table.to_json(), ox.QueryResultsFormat.JSON)
    assert tuple(map(tuple, result)) == table.terms


def test_the_direction_of_a_text_is_kept():
    """A literal with a direction, which RDF 1.2 has, is written with it."""
    (row,) = ox.Store().query('SELECT ("a"@en--ltr AS ?x) {}')
    (written,) = json.loads(Table(("x",), ((row["x"],),)).to_json())["results"]["bindings"]
    assert written["x"] == {"type": "literal", "value": "a", "xml:lang": "en", "its:dir": "ltr"}


def test_csv_has_the_texts():
    """CSV has the text of each term, an empty cell where there is none, and quotes what it must."""
    rows = list(csv.reader(io.StringIO(TABLE.to_csv(), newline="")))
    assert rows[0] == ["thing", "number", "label"]
    assert rows[1] == ["https://example.org/a", "3", 'maintien de la paix, "neuf"\n<&>']
    assert rows[2][1:] == ["", "plain é 平和 \\ \t"]
    assert NOTHING.to_csv() == "a,b\r\n"


def test_tsv_has_the_terms():
    """TSV has each term as Turtle writes it."""
    lines = TABLE.to_tsv().splitlines()
    assert lines[0] == "?thing\t?number\t?label"
    assert lines[1].split("\t")[:2] == ["<https://example.org/a>", "3"]
    assert "@fr" in lines[1]


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("format_name", ["json", "xml"])
def test_yes_and_no_are_written(answer, format_name):
    """An answer to ASK is read back by both libraries."""
    text = write(answer, format_name)
    assert bool(ox.parse_query_results(text, serialization.TABLE_FORMATS[format_name])) is answer
    read = rdflib.query.Result.parse(io.BytesIO(text.encode()), format=format_name)
    assert read.askAnswer is answer


@pytest.mark.parametrize("format_name", ["csv", "tsv"])
def test_yes_and_no_have_no_table(format_name):
    """The standards have no CSV or TSV of a yes or no."""
    with pytest.raises(UnknownFormatError, match=f"as {format_name}; choose json or xml"):
        write(True, format_name)  # noqa: FBT003  # an answer is given by its place


@pytest.mark.parametrize(
    ("answer", "named"), [(TABLE, "json, csv, tsv, xml"), ((), "ttl, nt, jsonld, rdf")]
)
def test_an_unknown_format_is_named_with_those_there_are(answer, named):
    """The message lists the formats of what was answered."""
    with pytest.raises(UnknownFormatError, match=f"no format 'xlsx'.* {named}"):
        write(answer, "xlsx")


@pytest.mark.parametrize("text", ["a\x01", "\x1b[31m", "\ufffe"])
@pytest.mark.parametrize("wrap", [lambda term: term, lambda term: ox.Triple(A, B, term)])
def test_what_xml_cannot_hold_is_refused(text, wrap):
    """A character that no XML has is refused with another format that has it."""
    term = wrap(ox.Literal(text))
    with pytest.raises(UnknownFormatError, match=r"xml cannot have, U.*; choose json"):
        write(Table(("x",), ((None,), (term,))), "xml")
    with pytest.raises(UnknownFormatError, match=r"rdf cannot have, U.*; choose ttl"):
        write((ox.Triple(A, B, term),), "rdf")
    assert json.loads(write(Table(("x",), ((term,),)), "json"))


# --- triples

TRIPLES = (
    ox.Triple(B, ox.NamedNode("https://w3id.org/pkgraph/ontology#about"), A),
    ox.Triple(
        A, ox.NamedNode("http://purl.org/dc/terms/title"), ox.Literal("é <&>\n", language="fr")
    ),
    ox.Triple(A, B, typed("3", "integer")),
    ox.Triple(A, B, ox.BlankNode("x")),
)
READ_AS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("format_name", serialization.GRAPH_FORMATS)
def test_triples_are_read_back(format_name):
    """Both libraries find the same statements in each format."""
    text = write(TRIPLES, format_name)
    expected = rdflib.Graph()
    for triple in TRIPLES:
        expected.add(tuple(map(as_rdflib, (triple.subject, triple.predicate, triple.object))))
    assert isomorphic(rdflib.Graph().parse(data=text, format=READ_AS[format_name]), expected)
    assert len(list(ox.parse(text, serialization.GRAPH_FORMATS[format_name]))) == len(TRIPLES)


@pytest.mark.parametrize("format_name", serialization.GRAPH_FORMATS)
def test_no_triples_are_a_document_too(format_name):
    """Nothing at all is written as what the parsers take for nothing."""
    assert list(ox.parse(write((), format_name), serialization.GRAPH_FORMATS[format_name])) == []


@pytest.mark.parametrize("format_name", serialization.GRAPH_FORMATS)
def test_triples_are_sorted(format_name):
    """The order in which triples come makes no difference."""
    assert write(TRIPLES, format_name) == write(TRIPLES[::-1], format_name)


def test_turtle_has_the_prefixes_that_it_uses():
    """Only the prefixes of the namespaces that occur are declared."""
    text = write(TRIPLES, "ttl")
    assert text.count("@prefix") == 2
    assert "pk:about" in text
    assert "dcterms:title" in text


@pytest.mark.parametrize(
    ("triple", "format_name", "told"),
    [
        (ox.Triple(A, ox.NamedNode("https://example.org/1"), B), "rdf", "does not end in a name"),
        (ox.Triple(A, B, NESTED), "jsonld", "cannot be written as jsonld"),
    ],
)
def test_triples_that_a_format_cannot_hold_are_refused(triple, format_name, told):
    """What would be broken or lost is refused, and Turtle has it."""
    with pytest.raises(UnknownFormatError, match=f"{told}.*; choose ttl"):
        write((triple,), format_name)
    (read,) = ox.parse(write((triple,), "ttl"), ox.RdfFormat.TURTLE)
    assert read.triple == triple


# --- pandas


def test_a_data_frame_has_the_rows():
    """A data frame has the columns in order and a row for each row."""
    frame = TABLE.to_pandas()
    assert list(frame.columns) == ["thing", "number", "label"]
    assert frame["number"].tolist()[0] == 3
    assert frame["label"].tolist()[2] == ""
    assert list(NOTHING.to_pandas().columns) == ["a", "b"]
    assert len(NOTHING.to_pandas()) == 0


def test_without_pandas_the_message_says_how_to_get_it(monkeypatch):
    """The extra that brings pandas is named."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'pkgraph\[pandas\]'"):
        TABLE.to_pandas()


def test_a_table_writes_itself_as_the_formats_do():
    """The methods of a table are the formats by name."""
    assert TABLE.to_json() == write(TABLE, "json")
    assert TABLE.to_csv() == write(TABLE, "csv")
    assert TABLE.to_tsv() == write(TABLE, "tsv")
