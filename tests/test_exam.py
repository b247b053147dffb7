"""Questions on the encoded passages, asked of the graph and compared with what the text says."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from golden import regenerate

from pkgraph import catalogue, namespaces, terms

EXAM = Path(__file__).parent / "exam"
QUESTIONS = yaml.safe_load((EXAM / "questions.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return a store with everything that pkgraph ships."""
    return regenerate.filled_store()


def shown(term: ox.NamedNode | ox.Literal | None) -> str:
    """Return a term as the questions write it: an IRI as a CURIE, a literal as its text."""
    return namespaces.compact(term.value) if term else ""


def canned(store: ox.Store, ask: dict) -> list[str]:
    """Return what the rows of a canned query have in the columns to take."""
    query = catalogue.find(ask["query"])
    values = {
        name: catalogue.plain_term(query.parameter(name), text)
        for name, text in ask.get("with", {}).items()
    }
    found = store.query(catalogue.bind(query, values), use_default_graph_as_union=True)
    solutions = [
        solution
        for solution in found
        if all(shown(solution[name]) == text for name, text in ask.get("where", {}).items())
    ]
    assert solutions, "where the text is silent, the row is there and its column is not bound"
    rows = [[shown(solution[name]) for name in ask["take"]] for solution in solutions]
    return [" | ".join(row) for row in rows if any(row)]


def written(store: ox.Store, name: str) -> list[str] | bool:
    """Return what the query in a file beside the questions answers."""
    text = (EXAM / f"{name}.rq").read_text(encoding="utf-8")
    result = store.query(text, use_default_graph_as_union=True)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    return [" | ".join(map(shown, solution)) for solution in result]


def folded(answer: str) -> str:
    """Return a name without case, accents and punctuation, with 'and' for its sign."""
    plain = terms.fold(answer).replace("&", " and ")
    return " ".join(re.sub(r"[^\w\s|]", " ", plain).split())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["name"])
def test_the_graph_answers_as_the_text_does(store, question):
    """Every answer of the text is found, and nothing else."""
    ask, expect = question["ask"], question["expect"]
    found = written(store, ask["sparql"]) if "sparql" in ask else canned(store, ask)
    if question["match"] == "boolean":
        assert [found] == expect
    elif question["match"] == "count":
        assert [len(set(found))] == expect
    elif question["match"] == "entity":
        assert sorted(set(map(folded, found))) == sorted(map(folded, expect))
    else:
        assert sorted(set(found)) == sorted(expect)


@pytest.mark.parametrize("path", sorted(EXAM.iterdir()), ids=lambda path: path.name)
def test_what_is_asked_about_is_in_the_graph(store, path):
    """No answer is empty because a thing is misspelt: the graph tells of all that is named."""
    text = re.sub(r"^(PREFIX|#).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for curie in re.findall(r"(?<![\w?-])[a-z-]+:[a-zA-Z0-9-]+", text):
        iri = ox.NamedNode(namespaces.expand(curie) or curie)
        told = store.quads_for_pattern(iri, None, None), store.quads_for_pattern(None, iri, None)
        assert any(map(any, told)), curie


def test_every_query_beside_the_questions_is_asked():
    """No file lies there unused."""
    asked = {question["ask"].get("sparql") for question in QUESTIONS} - {None}
    assert {path.stem for path in EXAM.glob("*.rq")} == asked
