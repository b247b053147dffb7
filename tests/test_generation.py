"""A made-up literature has the size that was asked for, is valid, and is plainly made up."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from itertools import pairwise

import pyoxigraph as ox
import pytest

from pkgraph import build, resources
from pkgraph.cli import main
from pkgraph.errors import ParameterError
from pkgraph.generation import generate
from pkgraph.generation.encoded import CLAIMS, TYPE, read
from pkgraph.generation.pools import drawn_rank, fitted_slope, pools
from pkgraph.namespaces import BASE, ONTOLOGY, PK, RDFS
from pkgraph.validation import compiled, shapes

CLASS = ox.NamedNode(TYPE)


@pytest.fixture(scope="module")
def made():
    """A literature of some hundred claims, about as many as are encoded."""
    return list(ox.parse("".join(generate(700, 7)), format=ox.RdfFormat.N_QUADS))


def classes(quads):
    """Return how many things there are of each class."""
    typed = {(quad.subject, quad.object.value) for quad in quads if quad.predicate == CLASS}
    return Counter(class_ for _, class_ in typed)


def encoded_quads():
    """Return what the shipped graph says."""
    return [quad for path in resources.data_files("graph", ".ttl") for quad in ox.parse(path=path)]


def test_it_conforms_to_the_shapes(made):
    """What is made up is valid, and all classes that the shipped graph has are in it."""
    assert compiled.findings((quad.triple for quad in made), shapes.ours(), None) == []
    assert set(classes(made)) == set(classes(encoded_quads()))


@pytest.mark.parametrize("claims", [1, 2, 57, 180])
def test_it_has_as_many_claims_as_were_asked_for(claims):
    """A literature is valid whatever claim it ends with, and points at nothing but itself."""
    quads = list(ox.parse("".join(generate(claims, claims)), format=ox.RdfFormat.N_QUADS))
    counted = classes(quads)
    assert sum(counted[class_] for class_ in CLAIMS) == claims
    assert compiled.findings((quad.triple for quad in quads), shapes.ours(), None) == []
    there = {quad.subject for quad in quads}
    named = {q.object for q in quads if isinstance(q.object, ox.NamedNode)} - there
    named = {iri.value for iri in named if iri.value.startswith(BASE)}
    assert [iri for iri in named if not iri.startswith((ONTOLOGY, BASE + "scheme/"))] == []


def test_the_same_seed_gives_the_same_bytes():
    """Size and seed make the text; another seed makes another."""
    one = "".join(generate(90, 3))
    assert "".join(generate(90, 3)) == one
    assert "".join(generate(90, 4)) != one


def test_nothing_can_be_mistaken_for_the_real(made):
    """Names say that they are made up, and no address is one of the shipped graph."""
    real = {quad.subject for quad in encoded_quads()}
    real.remove(analysts := ox.NamedNode(BASE + "organization/pkgraph"))
    things = {quad.subject for quad in made} - {analysts}
    assert not things & real
    assert not {quad.object for quad in made} & real
    assert all("made-up" in thing.value for thing in things)
    labels = [q.object.value for q in made if q.predicate.value == RDFS + "label"]
    assert [label for label in labels if not label.startswith("Made-up ")] == ["pkgraph analysts"]


def test_no_words_of_the_sources_are_left(made):
    """Of texts, only page numbers and the like are taken over as they are printed."""
    number = re.compile(r"[\d.:-]+|true|false")
    real = {q.object.value for q in encoded_quads() if isinstance(q.object, ox.Literal)}
    taken = {
        quad.predicate.value.removeprefix(PK)
        for quad in made
        if isinstance(quad.object, ox.Literal)
        and quad.object.value in real
        and not number.fullmatch(quad.object.value)
        and quad.subject.value != BASE + "organization/pkgraph"
    }
    assert taken <= {"hedge", "locator", "pages", "printedPage", "yearSuffix"}


def test_sources_meet(made):
    """Works argue with each other, and speak of the same propositions."""
    sources = {}
    for quad in made:
        if quad.predicate.value in (PK + "affirms", PK + "denies"):
            sources.setdefault(quad.object, set()).add(quad.graph_name)
    assert any(len(graphs) > 1 for graphs in sources.values())
    claim_graph = {q.subject: q.graph_name for q in made if q.predicate == CLASS}
    ends = [q for q in made if q.predicate.value in (PK + "from", PK + "to")]
    assert any(claim_graph[quad.object] != quad.graph_name for quad in ends)


def test_each_source_has_a_graph_that_names_it(made):
    """The graph of a source is called as the source is, so that a query can be narrowed to it."""
    encodes = [
        q for q in made if q.predicate.value == PK + "encodes" and "works/" in str(q.subject)
    ]
    assert encodes
    for quad in encodes:
        assert quad.subject == quad.graph_name
        assert quad.subject.value.rpartition("/")[2] == quad.object.value.rpartition("/")[2]


def test_lists_of_ideas_grow_and_lists_of_facts_do_not():
    """More is said about more concepts, but not about more states."""
    small, large = pools(read(), 10_000), pools(read(), 1_000_000)
    concept, state = PK + "Concept", PK + "State"
    growth = large[concept].size / small[concept].size
    assert growth == pytest.approx(100 ** small[concept].growth, rel=0.01)
    assert 0 < small[concept].growth < 1
    assert large[state].size == small[state].size == len(small[state].models)


@pytest.mark.parametrize("steepness", [0.8, 1.0, 1.4])
def test_common_things_are_drawn_by_the_law_of_zipf(steepness):
    """The frequency of a rank falls with the power that was asked for."""
    dice = random.Random(5)  # noqa: S311 - nothing here is a secret
    counts = Counter(drawn_rank(dice, 1000, steepness) for _ in range(200_000))
    assert min(counts) == 0
    assert max(counts) < 1000
    # Ranks are taken together by doublings: few of the last come often enough to be counted alone.
    edges = [8 * 2**step for step in range(6)]
    points = [
        (
            math.log(math.sqrt(low * high)),
            math.log(sum(counts[rank - 1] for rank in range(low, high)) / (high - low)),
        )
        for low, high in pairwise(edges)
    ]
    assert fitted_slope(points) == pytest.approx(-steepness, abs=0.08)


def test_a_literature_without_claims_is_refused():
    """What has no claims is no literature."""
    with pytest.raises(ParameterError, match="at least one claim, not 0"):
        generate(0, 1)


def test_the_command_writes_a_file_that_can_be_asked(tmp_path, capsys):
    """What is generated into a file is what is printed, and answers as the shipped graph does."""
    file = tmp_path / "made.nq"
    assert main(["generate", "--claims", "60", "--seed", "2", "--out", str(file)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "60 claims" in told.err
    assert main(["generate", "--claims", "60", "--seed", "2"]) == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8")
    store = build.load([file])
    assert store.query(f"ASK {{ ?claim <{PK}statedIn> ?work }}") is True


def test_what_is_cut_short_leaves_the_old_file(tmp_path, monkeypatch):
    """A file has all of a literature, or what it had before."""
    file = tmp_path / "made.nq"
    file.write_text("before")

    def broken(*_):
        yield "half\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pkgraph.generation.generate", broken)
    assert main(["generate", "--claims", "60", "--out", str(file)]) == 3
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]
