"""Every canned query: its form, and what it answers on two engines."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from golden import regenerate
from rdflib.plugins.sparql import prepareQuery

from pkgraph import catalogue, namespaces

if TYPE_CHECKING:
    from collections.abc import Iterable

# rdflib itself uses a name that it has deprecated.
pytestmark = pytest.mark.filterwarnings(r"ignore:Dataset\.:DeprecationWarning")

QUERIES = catalogue.catalogue()
OPTIONAL = [(q, p) for q in QUERIES for p in q.parameters if not p.required]
XSD = namespaces.XSD

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return a store with everything that pkgraph ships."""
    return regenerate.filled_store()


@pytest.fixture(scope="module")
def shuffled(store) -> ox.Store:
    """Return a store with the same statements, filled in another order."""
    quads = sorted(store, key=str)
    random.Random(20041).shuffle(quads)  # noqa: S311  # any order but the first will do
    other = ox.Store()
    for quad in quads:
        other.add(quad)
    return other


@pytest.fixture(scope="module")
def dataset(store) -> rdflib.Dataset:
    """Return the statements of the store in rdflib, as the store wrote their literals."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=store.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


def rows(store: ox.Store, text: str) -> list[tuple]:
    """Return the rows of a query on pyoxigraph, each term by its parts."""
    result = store.query(text, use_default_graph_as_union=True)
    return [tuple(map(_parts, solution)) for solution in result]


def rdflib_rows(dataset: rdflib.Dataset, text: str) -> list[tuple]:
    """Return the rows of a query on rdflib, each term by its parts."""
    return [tuple(map(_rdflib_parts, row)) for row in dataset.query(text)]


def _parts(term: ox.NamedNode | ox.Literal | None) -> tuple[str, ...] | None:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return (term.value, term.datatype.value, term.language or "")
    return (term.value,)


def _rdflib_parts(term: rdflib.term.Node | None) -> tuple[str, ...] | None:
    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        plain = namespaces.RDF + "langString" if term.language else XSD + "string"
        return (str(term), str(term.datatype or plain), term.language or "")
    return (str(term),)


def sort_keys(query: catalogue.Query) -> list[str]:
    """Return the variables that a query sorts by, first to last."""
    return re.findall(r"\?(\w+)", query.text[query.text.rindex("ORDER BY") :])


def graph_of(*turtle: str) -> ox.Store:
    """Return a store with the ontology, made-up statements and what follows from both."""
    from pkgraph import ontology, reasoning, resources

    store = ox.Store()
    for path in ontology.files():
        graph = ox.NamedNode(resources.graph_name(path))
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=graph)
    prefixes = (resources.folder("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    for number, text in enumerate(turtle):
        graph = ox.NamedNode(f"{namespaces.GRAPH}made-up-{number}")
        store.load((prefixes + text).encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    reasoning.derive(store)
    return store


def answers(store: ox.Store, name: str, columns: Iterable[str], **values: str) -> list[tuple]:
    """Return some columns of a canned query's rows, IRIs as CURIEs, unbound ones as None."""
    query = catalogue.find(name)
    terms = {key: catalogue.plain_term(query.parameter(key), text) for key, text in values.items()}
    result = store.query(catalogue.bind(query, terms), use_default_graph_as_union=True)
    picked = [[solution[column] for column in columns] for solution in result]
    return [tuple(t and namespaces.compact(t.value) for t in row) for row in picked]


@each_query
def test_the_columns_of_the_header_are_those_of_the_projection(store, query):
    """Names and order agree, and a label follows what it labels."""
    result = store.query(query.text, use_default_graph_as_union=True)
    columns = [variable.value for variable in result.variables]
    assert columns == list(query.columns)
    for before, column in zip(["", *columns], columns, strict=False):
        if column.endswith("_label"):
            assert before == column.removesuffix("_label")


@each_query
def test_whatever_is_an_iri_has_a_label_beside_it(store, query):
    """A column with IRIs is followed by their labels, bound in the same rows."""
    columns = [*query.columns, ""]
    for row in rows(store, query.text):
        for place, term in enumerate(row):
            name = columns[place]
            if term is not None and len(term) == 1:
                assert columns[place + 1] == f"{name}_label"
            if columns[place + 1] == f"{name}_label":
                assert (term is None) == (row[place + 1] is None)


@each_query
def test_what_the_header_says_is_always_bound_is(store, query):
    """A column that the header calls always bound has a value in every row."""
    for row in rows(store, query.text):
        for (name, text), term in zip(query.columns.items(), row, strict=True):
            assert term is not None or "always bound" not in text, name


@each_query
def test_the_text_keeps_to_plain_sparql_in_one_form(query):
    """Sorted full PREFIX lines, all used; named columns; an order; nothing engines differ on."""
    body = "\n".join(line for line in query.text.split("\n") if not line.startswith("#"))
    lines = re.findall(r"^PREFIX ([\w-]+): <([^>]*)>$", body, re.MULTILINE)
    assert lines == sorted(lines)
    assert body.startswith("PREFIX ")
    assert body.count("PREFIX") == len(lines)
    rest = body[body.index("SELECT") :]
    used = set(re.findall(r"(?<![\w?$-])([a-z][\w-]*):(?=[a-zA-Z])", rest))
    assert used == {prefix for prefix, _ in lines}
    for prefix, namespace in lines:
        assert namespaces.prefixes()[prefix] == namespace
    assert "SELECT *" not in rest
    assert "ORDER BY" in rest
    assert not re.search(r"GROUP_CONCAT|SERVICE|REDUCED|concat \(", rest, re.IGNORECASE)
    assert max(map(len, query.text.split("\n"))) <= 100


@each_query
def test_two_parsers_read_the_text(query):
    """The file is a query to pyoxigraph and to rdflib as it stands."""
    ox.Store().query(query.text)
    prepareQuery(query.text)


@each_query
def test_each_parameter_has_one_row_that_lets_the_file_run(query):
    """The row of a parameter holds its example, its default, or UNDEF where it may be left out."""
    for parameter in query.parameters:
        start, end = query.rows[parameter.name]
        term = query.text[start:end].strip()
        assert query.text.count(f"VALUES ?{parameter.name} {{") == 1
        assert parameter.example
        assert parameter.description
        if parameter.required:
            assert term not in {"", "UNDEF"}
        else:
            assert term == (parameter.default or "UNDEF")


@each_query
def test_both_engines_answer_the_example_alike(store, dataset, query):
    """The rows are equal, term by term and in the same order."""
    assert rdflib_rows(dataset, query.text) == rows(store, query.text)


@each_query
def test_the_order_is_total(store, shuffled, query):
    """No two rows are equal by what they are sorted by, so the way of loading does not show."""
    found = rows(store, query.text)
    columns = list(query.columns)
    keys = [tuple(row[columns.index(key)] for key in sort_keys(query)) for row in found]
    assert len(set(keys)) == len(found)
    assert rows(shuffled, query.text) == found


@each_query
def test_the_example_answers_what_was_read_and_found_true(store, query):
    """The result is the one in tests/golden, and it is not empty."""
    golden = regenerate.golden_file(query).read_bytes().decode("utf-8")
    assert golden.count("\n") > 1
    assert regenerate.csv(store, query.text) == golden


def test_there_is_no_expected_result_without_a_query():
    """Every file in tests/golden belongs to a query."""
    expected = {regenerate.golden_file(query) for query in QUERIES}
    assert set(regenerate.GOLDEN.rglob("*.csv")) == expected


@pytest.mark.parametrize(
    ("query", "parameter"), OPTIONAL, ids=[f"{q.name}-{p.name}" for q, p in OPTIONAL]
)
def test_an_optional_parameter_narrows_the_answer(store, dataset, query, parameter):
    """With the example of an optional parameter there are fewer rows, the same on both engines."""
    value = catalogue.plain_term(parameter, parameter.example)
    required = {
        other.name: catalogue.plain_term(other, other.example)
        for other in query.parameters
        if other.required
    }
    text = catalogue.bind(query, {**required, parameter.name: value})
    found = rows(store, text)
    assert len(found) < len(rows(store, query.text))
    assert rdflib_rows(dataset, text) == found
