"""The ontology and the graph keep what they promise, and what breaks a promise is found."""

from __future__ import annotations

import os
from itertools import islice

import pytest

from pkgraph import hygiene, reasoning, resources
from pkgraph.errors import InputError, JavaNotFoundError
from pkgraph.verification import verify

PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
DECLARED, PASSAGES, SHAPES, CONSISTENT = 0, 1, -2, -1
RULES = [rule.promise for rule in hygiene.rules()]
#: A claim as it should be, in a passage of a shipped source.
CLAIM = """
occurrence:planted a pk:Occurrence ; pk:inPassage passage:bellamy-2004-1-1-p1 ; pk:firstLine 3 .
claim:planted a pk:Claim ; rdfs:label "A planted claim"@en ; pk:occursAt occurrence:planted .
"""
UNDEFINED = CLAIM + "claim:planted pk:shouts voice:own ."
LOST = 'claim:planted a pk:Claim ; rdfs:label "A planted claim"@en .'
#: A state is an actor, and no actor is a place.
IMPOSSIBLE = 'state:planted a pk:State , pk:Place ; rdfs:label "A planted state"@en .'


@pytest.fixture
def plant(tmp_path):
    """Return a function that writes statements to a file and gives its path."""

    def write(text):
        path = tmp_path / "planted.ttl"
        path.write_text(PREFIXES + text, "utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def java():
    """Skip where there is no Java, except on the machine that has to have one."""
    try:
        reasoning.find_java()
    except JavaNotFoundError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("there is no Java on this machine")


@pytest.fixture
def consistent(monkeypatch):
    """Let HermiT find nothing, in no time."""
    found = reasoning.Consistency(consistent=True)
    monkeypatch.setattr(reasoning, "check_consistency", lambda _: found)


@pytest.mark.usefixtures("consistent")
def test_the_shipped_graph_keeps_its_promises():
    """Terms, passages, shapes and every rule of hygiene are in order, each with a verdict."""
    verdicts = list(verify())
    assert [verdict.faults for verdict in verdicts] == [()] * len(verdicts)
    assert all(verdict.ok for verdict in verdicts)
    assert len({verdict.subject for verdict in verdicts}) == len(verdicts)
    assert {verdict.subject for verdict in verdicts} > set(RULES)


def test_verdicts_come_one_by_one(monkeypatch):
    """Nothing is looked at before its verdict is asked for."""

    def fail(*_):
        raise AssertionError

    monkeypatch.setattr("pkgraph.validation.check", fail)
    assert [verdict.ok for verdict in islice(verify(), 2)] == [True, True]


def test_a_planted_undefined_term_is_found(plant):
    """A term that the ontology does not declare is named with the statement that uses it."""
    verdicts = list(islice(verify([plant(UNDEFINED)]), 2))
    (fault,) = verdicts[DECLARED].faults
    assert fault.startswith("pk:shouts is not declared in the ontology, and is used in: ")
    assert "claim/planted" in fault
    assert verdicts[PASSAGES].ok
    assert not verdicts[DECLARED].ok


def test_a_planted_missing_passage_is_found(plant):
    """A claim that is said to stand nowhere is named."""
    verdicts = list(islice(verify([plant(LOST)]), 2))
    assert verdicts[PASSAGES].faults == ("claim:planted has no passage of a work",)
    assert verdicts[DECLARED].ok


@pytest.mark.parametrize(
    "statement",
    [
        "occurrence:planted a pk:Occurrence .",
        "occurrence:planted a pk:Occurrence ; pk:inPassage passage:planted .",
    ],
)
def test_a_passage_has_to_be_of_a_work(plant, statement):
    """An occurrence in no passage, or in a passage of nothing, is no passage."""
    path = plant(f"claim:planted a pk:Claim ; pk:occursAt occurrence:planted . {statement}")
    assert len(list(islice(verify([path]), 2))[PASSAGES].faults) == 1


@pytest.mark.usefixtures("consistent")
def test_what_does_not_conform_is_found(plant):
    """A claim that lacks what its shape wants is told, and the rest is in order."""
    verdicts = list(verify([plant(CLAIM)]))
    assert not verdicts[SHAPES].ok
    assert [verdicts[DECLARED].ok, verdicts[PASSAGES].ok, verdicts[CONSISTENT].ok] == [True] * 3
    assert any(
        "claim:planted" in fault or "claim/planted" in fault for fault in verdicts[SHAPES].faults
    )


@pytest.mark.parametrize(
    ("statement", "promise", "fault"),
    [
        (
            'work:planted a pk:Work ; rdfs:label "Planted 2001"@en .',
            "something speaks of every work",
            "work:planted: ",
        ),
        (
            f'proposition:planted a pk:Proposition ; rdfs:label "{"x" * 301}"@en .',
            "no statement is longer than 300 characters",
            "proposition:planted: ",
        ),
        (
            (
                "passage:planted a pk:Passage ; pk:passageOf work:bellamy-2004 ; "
                "pk:firstLine 1090 ; pk:lastLine 2000 ."
            ),
            "every passage is within the text of its source",
            "passage:planted: ends on line 2000, ",
        ),
    ],
)
def test_what_breaks_a_rule_of_hygiene_is_found(plant, statement, promise, fault):
    """A fault in the graph as a whole is told under the promise that it breaks."""
    hygiene_only = islice(verify([plant(statement)]), 2, 2 + len(RULES) + 3)
    found = {verdict.subject: verdict.faults for verdict in hygiene_only}
    assert any(each.startswith(fault) for each in found[promise])


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """The first verdict is not reached."""
    with pytest.raises(InputError, match="there is no file"):
        next(verify([tmp_path / "gone.ttl"]))


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.usefixtures("java")
def test_a_planted_inconsistency_is_found(plant):
    """What cannot be is told by HermiT alone, with the thing and the two classes."""
    verdicts = list(verify([plant(IMPOSSIBLE)]))
    assert [verdicts[DECLARED].ok, verdicts[PASSAGES].ok, verdicts[CONSISTENT].ok] == [
        True,
        True,
        False,
    ]
    (fault,) = verdicts[CONSISTENT].faults
    assert "state:planted cannot be both pk:State and pk:Place" in fault
