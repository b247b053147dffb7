"""Texts that try to get out of the row they are bound in: none of them changes a query."""

from __future__ import annotations

import functools
import itertools
import re

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery
from starlette.testclient import TestClient

from pkgraph import catalogue, namespaces, search, web
from pkgraph.catalogue import Parameter, bind, plain_term, read
from pkgraph.errors import ParameterError
from pkgraph.graph import Graph
from pkgraph.search import indexing
from pkgraph.sparql import TOKEN, check_limits

#: What may end the text, the IRI or the row that a value stands in, for one reader or another.
ENDS = (
    *('"', "'", '"""', "'''", ">", "}", ")", "]", '\\"', "\\", "\\\\", "\\u0022", "\\U00000022"),
    *("\\\\u0022", "\\u003E", "\\u007D", "\n", "\r\n", "\0", "\u2028", "\uff02", "%22", "&quot;"),
    *('"@en', '"^^<x:y>', "<", "{", "#", ";", "\u202e", "*/", "-->", "'+'", "${", "{{", "%00"),
)
#: What would then be done.
ACTS = (
    " } UNION { ?s ?p ?o } #",
    " } } ; DROP ALL #",
    " } } ; INSERT DATA { <x:a> <x:b> <x:c> } #",
    " } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #",
    " } FILTER(1 = 1) #",
    " UNDEF ",
    " } VALUES ?v { UNDEF } #",
    " } BIND(1 AS ?x) #",
    " . ?s ?p ?o . #",
    " ) ( <x:b> ",
    "\n} LIMIT 1 #\n",
    " } } FROM <file:///etc/passwd> #",
    " OR 1=1 --",
    "",
)
#: A value of each kind of parameter, from which a text may begin as if it were one.
KINDS = {
    Parameter("v", "string"): "peace",
    Parameter("v", "iri"): "https://w3id.org/pkgraph/claim/x",
    Parameter("v", "iri", classes=("pk:Claim",)): "claim:x",
    Parameter("v", "integer"): "12",
    Parameter("v", "year"): "2004",
    Parameter("v", "date"): "2004-05-31",
    Parameter("v", "choice", options=("for", "pk:LegalRule")): "legal rule",
    Parameter("v", "choice", scheme=namespaces.SCHEME + "basis"): "basis:explicit",
}
TEXTS = tuple("".join(each) for each in itertools.product(ENDS, ACTS))
IDS = [f"{each.kind}-{value}" for each, value in KINDS.items()]

#: A query with all that may stand around a row.
FILE = """\
#+ summary: A value
#+ description: Gives back the value.
#+ parameters:
#+   v: {kind: string, required: true, example: x}
#+ columns:
#+   v: the value; always bound
#+ version: 1.0.0
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
SELECT ?v WHERE {
  { SELECT ?v WHERE { VALUES ?v { "x" } } }
  FILTER(!BOUND(?w) || ?w = "}") # the end of a row: " }
  OPTIONAL { ?v pk:holder ?w }
}
ORDER BY ?v
"""


@pytest.fixture(scope="module")
def query(tmp_path_factory):
    """Return a query of one parameter, whose one answer is the value of it."""
    folder = tmp_path_factory.mktemp("queries") / "topic"
    folder.mkdir()
    (folder / "value.rq").write_text(FILE, encoding="utf-8")
    return read(folder / "value.rq")


def tokens(text):
    """Return what *text* is made of, each part as the name of its kind, its names as they are."""
    return [
        (found.lastgroup, "" if found.lastgroup in {"string", "iri"} else found[0])
        for found in TOKEN.finditer(text)
        if found.lastgroup != "comment"
    ]


def skeleton(text):
    """Return *text* without its values: strings, IRIs, and how many stand in a row."""
    shape = "".join(f" {name or ''}:{word}" for name, word in tokens(text))
    return re.sub(r"(?: (?:string|iri):)+", " value", shape)


def bound(query, parameter, text):
    """Bind *text* if it is a value of *parameter*; return the term and the query, or nothing."""
    try:
        term = plain_term(parameter, text)
    except ParameterError:
        return None
    return term, bind(query, {"v": term})


def check_bound(query, found):
    """Check that of a query only the row has changed, and that the row is the term and no more."""
    term, text = found
    start, end = query.rows["v"]
    assert text.startswith(query.text[:start])
    assert text.endswith(query.text[end:])
    row = text[start : len(text) - len(query.text) + end]
    # By our own reading: one value and its datatype, and around it the same as before.
    kinds = [kind for kind, _ in tokens(row)]
    assert kinds in (["iri"], ["string"], ["string", "operator", "operator", "iri"]), row
    before, after = tokens(query.text[:start]), tokens(query.text[end:])
    assert tokens(text) == [*before, *tokens(row), *after]
    check_limits(text)
    # By the engine: the one answer is the term itself.
    (solution,) = ox.Store().query(text)
    assert solution["v"] == term


def test_there_are_enough():
    """The issue asks for 500; each text is tried bare, after a value, and before one."""
    assert 3 * len(set(TEXTS)) > 500


@pytest.mark.parametrize("parameter", KINDS, ids=IDS)
def test_no_text_changes_a_query(query, parameter):
    """Bare or after a value of its kind, a text is refused or is one value, on every reading."""
    value = KINDS[parameter]
    taken = [
        found
        for text in TEXTS
        for whole in (text, value + text, text + value)
        if (found := bound(query, parameter, whole))
    ]
    for found in taken:
        check_bound(query, found)
    assert bound(query, parameter, value)
    if parameter.kind == "string":
        assert len(taken) > len(TEXTS)  # so that this has looked at something
    elif parameter.scheme:
        assert all(term.value.startswith(f"{parameter.scheme}/") for term, _ in taken)
    elif parameter.kind != "iri":
        assert {term for term, _ in taken} <= {plain_term(parameter, value)}


@pytest.mark.parametrize("parameter", KINDS, ids=IDS)
@settings(max_examples=150)
@given(data=st.data())
def test_no_text_by_chance_changes_a_query(query, parameter, data):
    """The same for texts that nobody thought of, made of what has a meaning in SPARQL."""
    part = st.sampled_from((*ENDS, *ACTS, KINDS[parameter])) | st.text(max_size=5)
    text = "".join(data.draw(st.lists(part, max_size=6)))
    if found := bound(query, parameter, text):
        check_bound(query, found)


#: How rdflib writes a value in a parse tree.
VALUE = re.compile(
    r"rdflib\.term\.(?:Literal|URIRef)\((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"(?:, datatype=rdflib\.term\.URIRef\('[^']*'\))?\)"
)


def tree(text):
    """Return how rdflib reads *text*, without the values in it."""
    return VALUE.sub("value", str(parseQuery(text)[1]))


@pytest.mark.parametrize("parameter", KINDS, ids=IDS)
def test_another_engine_reads_the_same_query(query, parameter):
    """The parse tree of rdflib is the same, the row apart, for a sample."""
    honest = bound(query, parameter, KINDS[parameter])
    shape = tree(honest[1])
    for text in TEXTS[:: 7 if parameter.kind == "string" else 1]:
        found = bound(query, parameter, KINDS[parameter] + text)
        if found and (parameter.kind in {"string", "iri"} or found[0] != honest[0]):
            assert tree(found[1]) == shape, text


class Recording:
    """A store that keeps what it was asked, and asks the same only once."""

    def __init__(self, store):
        self.name = store.name
        self.asked = []
        self._store = store
        self._answers = {}

    def query(self, text):
        """Answer *text*."""
        self.asked.append(text)
        if text not in self._answers:
            self._answers[text] = self._store.query(text)
        return self._answers[text]


@pytest.fixture(scope="module")
def served(graph):
    """Return a client of a server, and the store that it asks."""
    store = Recording(graph.store)
    with pytest.MonkeyPatch.context() as patched:
        # A store of another class is read for its index at every request: 0.3 s.
        patched.setattr(indexing, "_index", functools.cache(indexing._index))
        search.index(store)
        yield TestClient(web.app(Graph(store, graph.release))), store


def ask(served, path, parameters):
    """Ask what is at *path*; return the status, and the shapes of all that the store was asked."""
    client, store = served
    store.asked.clear()
    response = client.get(path, params=parameters)
    return response.status_code, {skeleton(text) for text in store.asked}


def honest_values(parameter):
    """Return what people may type for *parameter*, right and wrong."""
    found = ["", parameter.example or "2004", "nothing is called so", *parameter.options]
    if parameter.kind == "iri":
        found += ["nothing-is", "UNEF", "x:nothing", "claim:x", f"{namespaces.BASE}claim/x"]
    return found


PLACES = [(query, parameter) for query in catalogue.catalogue() for parameter in query.parameters]


@pytest.mark.parametrize(
    ("asked", "parameter", "part"),
    [(*place, part) for part, place in enumerate(PLACES)],
    ids=[f"{query.name}-{parameter.name}" for query, parameter in PLACES],
)
def test_no_text_that_is_sent_changes_what_the_store_is_asked(served, asked, parameter, part):
    """Over HTTP, whatever is sent, the store is asked what honest people have it asked."""
    needed = {each.name: each.example for each in asked.parameters if each.required}
    paths = (f"/api/queries/{asked.name}", f"/queries/{asked.name}.csv")
    known = set()
    for value in honest_values(parameter):
        known |= ask(served, paths[0], {**needed, parameter.name: value})[1]
    for number, text in enumerate(TEXTS[part % 40 :: 40]):
        path = paths[number % 2]
        whole = (text, (parameter.example or "") + text)[number % 2]
        status, shapes = ask(served, path, {**needed, parameter.name: whole})
        assert status in {200, 400, 404, 422}, (status, whole)
        assert shapes <= known, (whole, shapes - known)
