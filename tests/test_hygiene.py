"""The graph as a whole is in order, and every rule finds what breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import build, hygiene, resources, search
from pkgraph.errors import InputError
from pkgraph.fingerprints import Fingerprints, make
from pkgraph.namespaces import BASE, compact

BAD = Path(__file__).parent / "hygiene" / "graph"
PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
RULES = hygiene.rules()
WORK = BASE + "work/sapt-1998"
TEXT = """\
The Watch

The watch on the border keeps the peace of the castle, and so has its
lantern. It is kept by few.
Box 1 Lanterns
Each lantern burns for one night.
and burns on.
"""
PASSAGES = """
passage:whole a pk:Passage ; pk:passageOf work:sapt-1998 ; pk:firstLine 1 ; pk:lastLine 7 .
passage:p1 a pk:Passage ; pk:passageOf work:sapt-1998 ; pk:partOf passage:whole ;
  pk:firstLine 3 ; pk:lastLine 7 .
passage:box a pk:Passage ; pk:passageOf work:sapt-1998 ; pk:partOf passage:whole ;
  pk:firstLine 5 ; pk:lastLine 6 .
gap:l1 a pk:Gap ; pk:inPassage passage:whole ; pk:firstLine 1 ; pk:lastLine 1 .
occurrence:across a pk:Occurrence ; pk:inPassage passage:p1 ; pk:firstLine 3 ; pk:lastLine 7 .
"""
BOX = """
gap:l5 a pk:Gap ; pk:inPassage passage:box ; pk:firstLine 5 ; pk:lastLine 5 .
occurrence:box a pk:Occurrence ; pk:inPassage passage:box ; pk:firstLine 6 ; pk:lastLine 6 .
"""
COPIED, BEYOND, BARE = range(-3, 0)


@pytest.fixture
def faults(tmp_path):
    """Return a function that gives what breaks a promise in statements about the text above."""

    def look(text: str, promise: int) -> tuple[str, ...]:
        path = tmp_path / "planted.ttl"
        path.write_text(PREFIXES + text, "utf-8")
        return list(hygiene.check(build.load([path]), [make(WORK, TEXT)]))[promise][1]

    return look


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_what_is_bad_in_its_bad_example_and_nothing_else(rule):
    """Every rule finds exactly the things of its bad example whose names say that they are bad."""
    path = BAD / f"{rule.name}.bad.ttl"
    planted = {
        quad.subject.value
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if re.search(r"/bad(-[a-z0-9-]+)?$", quad.subject.value)
    }
    store = build.load([path])
    found = {cell for row in search.texts(store.query(rule.query)) for cell in row}
    assert found == planted
    assert planted
    told = list(hygiene.broken(store, rule))
    assert all(each.endswith(f": {rule.summary}. {rule.mend}") for each in told)
    assert any(compact(min(planted)) in each for each in told)


def test_every_bad_example_is_of_a_rule():
    """No bad example is left of a rule that is gone."""
    assert {path.name for path in BAD.iterdir()} == {f"{rule.name}.bad.ttl" for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_promises_and_what_to_do(rule):
    """A summary is no sentence, and the advice is one."""
    assert not rule.summary.endswith(".")
    assert not rule.promise.endswith(".")
    assert rule.mend.endswith(".")


def test_a_rule_without_a_promise_is_refused(tmp_path, monkeypatch):
    """The header of a rule has all that is told of it."""
    path = tmp_path / "lonely.rq"
    path.write_text("#+ summary: A lonely thing\n#+ mend: Join it.\nASK {}", "utf-8")
    monkeypatch.setattr(resources, "data_files", lambda *_: [path])
    with pytest.raises(InputError, match=r"lonely\.rq: .* has to have 'promise'"):
        hygiene.rules()


def test_the_shipped_graph_breaks_no_promise(graph):
    """No rule finds anything in the graph that pkgraph comes with, and each has its own promise."""
    found = list(hygiene.check(graph.store))
    assert [fault for _, faults in found for fault in faults] == []
    assert len({promise for promise, _ in found}) == len(found) == len(RULES) + 3


def test_a_statement_in_the_words_of_a_source_is_found(faults):
    """Eight words on end are found in a claim or a proposition, and names may be as long."""
    words = "castle peace: the border keeps the peace of the castle and so on"
    statements = f"""
    claim:copied a pk:Definition ; rdfs:label "{words}"@en .
    proposition:copied a pk:Proposition ; rdfs:label "{words}"@en .
    place:named a pk:Place ; rdfs:label "{words}"@en .
    claim:ours a pk:Claim ; rdfs:label "A border at which somebody watches sees less war"@en .
    """
    one, other = faults(statements, COPIED)
    assert one.startswith("claim:copied: five to eight words on end are those of work:sapt-1998")
    assert other.startswith("proposition:copied: ")
    assert other.endswith("Say it in other words or another order")


def test_a_passage_beyond_the_last_line_is_found(faults):
    """Of the works whose texts are known, no passage is longer than the text."""
    more = """
    passage:beyond a pk:Passage ; pk:passageOf work:sapt-1998 ; pk:firstLine 7 ; pk:lastLine 8 .
    passage:unknown a pk:Passage ; pk:passageOf work:none ; pk:firstLine 7 ; pk:lastLine 8 .
    """
    assert faults(PASSAGES + more, BEYOND) == (
        (
            "passage:beyond: ends on line 8, and the text of work:sapt-1998 on line 7. "
            "Correct pk:lastLine"
        ),
    )


def test_lines_are_covered_by_claims_and_gaps(faults):
    """What lies in the passage of a line, around it or within it covers the line."""
    assert faults(PASSAGES + BOX, BARE) == ()


def test_a_claim_that_a_box_interrupts_does_not_cover_the_box(faults):
    """Lines on end are told together, and blank ones not at all."""
    (fault,) = faults(PASSAGES, BARE)
    assert fault.startswith("work:sapt-1998, lines 5 to 6: no claim and no gap. ")
    assert faults(PASSAGES.replace("gap:l1 a pk:Gap", "gap:l1 a pk:Passage") + BOX, BARE) == (
        (
            "work:sapt-1998, line 1: no claim and no gap. Encode what is asserted there, or "
            "describe a pk:Gap with its reason"
        ),
    )


def test_lines_outside_every_passage_are_told(faults):
    """A source with no passage at all has none of its lines covered."""
    assert [fault.partition(":")[2][:33] for fault in faults(BOX, BARE)] == [
        "sapt-1998, line 1: no claim and n",
        "sapt-1998, lines 3 to 7: no claim",
    ]


def test_a_passage_that_is_part_of_itself_ends_the_search(faults):
    """A ring of passages, which the shapes refuse, does not keep the rules from an end."""
    ring = "passage:whole pk:partOf passage:whole ."
    assert faults(PASSAGES + BOX + ring, BARE) == ()


def test_the_texts_of_sources_may_be_unknown():
    """Without fingerprints nothing is said of the lines."""
    nothing = Fingerprints(WORK, (), frozenset())
    found = list(hygiene.check(build.load([]), [nothing]))
    assert [faults for _, faults in found] == [()] * len(found)
