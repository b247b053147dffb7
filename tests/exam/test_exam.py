"""Questions on the encoded sources, asked of the graph and compared with what the texts say."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from golden import regenerate

from pkgraph import catalogue, namespaces, terms

EXAM = Path(__file__).parent
FIRST, FURTHER = (
    yaml.safe_load((EXAM / name).read_text(encoding="utf-8"))
    for name in ("questions.yaml", "further.yaml")
)
QUESTIONS = [*FIRST, *FURTHER]
CONTROLLED = [question for question in QUESTIONS if "control" in question]


def name_of(question: dict) -> str:
    """Return the name by which a test run shows a question."""
    return question["name"]


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return a store with everything that pkgraph ships."""
    return regenerate.filled_store()


def asks(question: dict) -> list[dict]:
    """Return the queries of a question, one or several."""
    ask = question["ask"]
    return ask if isinstance(ask, list) else [ask]


def shown(term: ox.NamedNode | ox.Literal | None) -> str:
    """Return a term as the questions write it: an IRI as a CURIE, a literal as its text."""
    return namespaces.compact(term.value) if term else ""


def query_text(ask: dict) -> str:
    """Return the query to run, canned or beside the questions, with its values bound."""
    if "query" in ask:
        query = catalogue.find(ask["query"])
        values = {
            name: catalogue.plain_term(query.parameter(name), text)
            for name, text in ask.get("with", {}).items()
        }
        return catalogue.bind(query, values)
    text = (EXAM / f"{ask['sparql']}.rq").read_text(encoding="utf-8")
    for name, curie in ask.get("with", {}).items():
        row = rf"(VALUES \?{name} {{) .* }}"
        text, found = re.subn(row, rf"\1 <{namespaces.expand(curie)}> }}", text)
        assert found == 1, f"{ask['sparql']} has no parameter {name}"
    return text


def answers(store: ox.Store, ask: dict) -> list[str] | bool:
    """Return what the rows of one query have in the columns to take."""
    found = store.query(query_text(ask), use_default_graph_as_union=True)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    columns = ask.get("take") or [variable.value for variable in found.variables]
    solutions = [
        solution
        for solution in found
        if all(shown(solution[name]) == text for name, text in ask.get("where", {}).items())
        and all(solution[name] for name in ask.get("bound", []))
    ]
    assert solutions or "query" not in ask, (
        "where the text is silent, the row is there and its column is not bound"
    )
    rows = [[shown(solution[name]) for name in columns] for solution in solutions]
    first = [ask["as"]] if "as" in ask else []
    return [" | ".join(first + row) for row in rows if any(row)]


def answer(store: ox.Store, question: dict) -> list:
    """Return the answers to a question; a yes or no is one of them."""
    found = [answers(store, ask) for ask in asks(question)]
    return found if isinstance(found[0], bool) else [row for rows in found for row in rows]


def folded(text: str) -> str:
    """Return a name without case, accents and punctuation, with 'and' for its sign."""
    plain = terms.fold(text).replace("&", " and ")
    return " ".join(re.sub(r"[^\w\s|]", " ", plain).split())


@pytest.mark.parametrize("question", QUESTIONS, ids=name_of)
def test_the_graph_answers_as_the_text_does(store, question):
    """Every answer of the text is found, and nothing else."""
    found, expect = answer(store, question), question["expect"]
    match question["match"]:
        case "boolean":
            assert found == expect
        case "count":
            assert [len(set(found))] == expect
        case "ordered":
            assert list(dict.fromkeys(found)) == expect
        case "entity":
            assert sorted(set(map(folded, found))) == sorted(map(folded, expect))
        case _:
            assert sorted(set(found)) == sorted(expect)


@pytest.mark.parametrize("question", CONTROLLED, ids=name_of)
def test_where_there_is_an_answer_the_same_query_finds_it(store, question):
    """No answer is empty or no because of how it is asked: of another thing the query tells."""
    for ask in asks(question):
        text, control = query_text(ask), question["control"]
        for curie, other in control.items():
            iri = namespaces.expand(curie)
            shape, body = text.split("WHERE" if "WHERE" in text else "ASK", 1)
            body = re.sub(rf"{curie}\b(?!-)|<{iri}>", f"<{namespaces.expand(other)}>", body)
            assert body not in text, f"{curie} is not in the query"
            text = shape + ("WHERE" if "WHERE" in text else "ASK") + body
        found = store.query(text, use_default_graph_as_union=True)
        if isinstance(found, ox.QueryBoolean):
            assert found
        else:
            column = (ask.get("take") or [found.variables[0].value])[0]
            assert any(solution[column] for solution in found)


@pytest.mark.parametrize("question", QUESTIONS, ids=name_of)
def test_an_empty_answer_has_a_control(question):
    """Whoever says that there is nothing, or no, shows that the question can be answered."""
    denies = question["expect"] in ([], [False])
    assert ("control" in question) or not denies


@pytest.mark.parametrize(
    "path", sorted([*EXAM.glob("*.rq"), *EXAM.glob("*.yaml")]), ids=lambda path: path.name
)
def test_what_is_asked_about_is_in_the_graph(store, path):
    """No answer is empty because a thing is misspelt: the graph tells of all that is named."""
    text = re.sub(r"^(PREFIX|#).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for curie in set(re.findall(r"(?<![\w?-])[a-z-]+:[a-zA-Z0-9-]+", text)):
        iri = ox.NamedNode(namespaces.expand(curie) or curie)
        told = store.quads_for_pattern(iri, None, None), store.quads_for_pattern(None, iri, None)
        assert any(map(any, told)), curie


def test_every_query_beside_the_questions_is_asked():
    """No file lies there unused."""
    asked = {ask.get("sparql") for question in QUESTIONS for ask in asks(question)} - {None}
    assert {path.stem for path in EXAM.glob("*.rq")} == asked


def test_no_two_questions_share_a_name():
    """A name that a test run shows stands for one question."""
    names = [question["name"] for question in QUESTIONS]
    assert len(names) == len(set(names))


def test_the_page_about_the_questions_counts_them_rightly():
    """The table of the page gives the questions there are and how each is answered."""
    page = (EXAM / "README.md").read_text(encoding="utf-8")
    for file, questions in (("questions.yaml", FIRST), ("further.yaml", FURTHER)):
        canned = sum(all("query" in ask for ask in asks(question)) for question in questions)
        row = f"| `{file}` | {len(questions)} | {canned} | {len(questions) - canned} |"
        assert row in page
