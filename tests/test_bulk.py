"""A store made of more than memory has room for is the store that is made in memory."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
import pytest

from pkgraph import build, bulk, open_graph, reasoning, resources
from pkgraph.cli import main
from pkgraph.errors import EnvironmentFailure, InputError
from pkgraph.generation import generate
from pkgraph.namespaces import DERIVED_GRAPH, PK
from pkgraph.reasoning.rules import Rule

TURTLE = f"""
@prefix pk: <{PK}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/here> a pk:Claim ; pk:attacks [ a pk:Claim ; rdfs:label "nameless"@en ] .
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A made-up literature, and a file of Turtle with a blank node that rules draw from."""
    folder = tmp_path_factory.mktemp("files")
    made, turtle = folder / "made.nq", folder / "more.ttl"
    made.write_text("".join(generate(120, 5)), encoding="utf-8")
    turtle.write_text(TURTLE, encoding="utf-8")
    return [made, turtle]


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    """The store that is made of these in a folder."""
    folder = tmp_path_factory.mktemp("stores") / "store"
    bulk.bulk_load(files, folder)
    return folder


def canonical(quads):
    """Return *quads* as a set, with blank nodes named by what is said of them."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def test_it_is_the_store_that_is_made_in_memory(files, folder):
    """Each graph, the derived one and the union have the same statements."""
    made = canonical(open_graph(data=[folder]).store.engine)
    assert made == canonical(build.load(files).engine)
    assert sum(quad.graph_name == ox.NamedNode(DERIVED_GRAPH) for quad in made) > 1000


def test_the_shipped_graph_comes_out_the_same(tmp_path):
    """The rules draw from the shipped graph what they draw in memory, and nothing else."""
    store = ox.Store()
    for path in (*resources.data_files("ontology", ".ttl"), *resources.data_files("graph", ".ttl")):
        bulk.load_file(store, path)
    bulk.derive(store, tmp_path)
    derived = {quad.triple for quad in store.quads_for_pattern(None, None, None, reasoning.DERIVED)}
    store.clear_graph(ox.DefaultGraph())  # the union, which is no graph that asserts anything
    assert derived == set(reasoning.derive(store))


def test_its_words_are_found(folder):
    """The index of words is in the folder, and knows the store."""
    found = open_graph(data=[folder]).find("made-up concept 1")
    assert found[0].label.startswith("Made-up concept 1")
    assert (folder / "search.sqlite").is_file()


def test_there_is_a_store_or_nothing(tmp_path):
    """A broken file is told with its line, and leaves nothing behind."""
    broken = tmp_path / "broken.nq"
    broken.write_text("<https://example.org/a> <https://example.org/b> .\n")
    with pytest.raises(InputError, match=r"broken\.nq, line 1: .*mend it there"):
        bulk.bulk_load([broken], tmp_path / "store")
    assert list(tmp_path.iterdir()) == [broken]


def test_files_that_are_no_data_are_refused(tmp_path):
    """What cannot be read is named."""
    with pytest.raises(InputError, match="syntax of a file is told from its ending"):
        bulk.bulk_load([tmp_path / "table.csv"], tmp_path / "store")
    with pytest.raises(InputError, match=r"gone\.nq cannot be read"):
        bulk.bulk_load([tmp_path / "gone.nq"], tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path, files):
    """A folder that is there is left alone."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(InputError, match="is there already"):
        bulk.bulk_load(files, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_what_is_no_rule_is_told():
    """A rule is a CONSTRUCT: of nothing else can be asked what is new."""
    with pytest.raises(EnvironmentFailure, match="10-ask is not a CONSTRUCT of one statement"):
        _ = Rule("10-ask", "ASK { ?a ?b ?c }").new


def test_the_command_makes_a_store(tmp_path, capsys):
    """`pkgraph build --data FILE --out DIR` makes a store that other commands ask."""
    made, folder = tmp_path / "made.nq", tmp_path / "store"
    made.write_text("".join(generate(20, 1)), encoding="utf-8")
    assert main(["build", "--data", str(made), "--out", str(folder)]) == 0
    told = capsys.readouterr()
    assert told.out == f"{folder}\n"
    assert "runs the rule 09-inverses" in told.err
    asked = ["query", "claims-of-work", "work=made-up-source-1", "--data", str(folder)]
    assert main([*asked, "--format", "csv"]) == 0
    assert "Made-up claim 1-" in capsys.readouterr().out
    assert main(["build", "--data", str(made)]) == 2
    assert "--out" in capsys.readouterr().err


ODD: Final = (
    "# a remark\n\n"
    '<urn:a> <urn:p> "x" <urn:g> .\n'
    '<urn:b> <urn:p> "with \\" > <urn:h> . and \\\\"@en <urn:g> .\n'
    '<urn:c>\t<urn:p>  "1"^^<urn:t>   <urn:g>. # a remark\r\n'
    "<urn:d> <urn:p> <urn:o> .\n"
    "_:e <urn:p> _:f <urn:g> .\n"
    "_:f <urn:p> _:e .\n"
    "<urn:g> <urn:p> <urn:o> _:g .\n"
    "<urn:a> <urn:p> <urn:last> <urn:g> ."
)


@pytest.mark.parametrize("piece", [1, 40, 1 << 20])
def test_each_statement_of_a_file_is_there_twice_however_it_is_written(
    tmp_path, monkeypatch, piece
):
    """In its graph, or that of the file, and in the union; blank nodes are the same in both."""
    monkeypatch.setattr("pkgraph.doubling._PIECE", piece)
    path = tmp_path / "odd.nq"
    path.write_text(ODD, "utf-8", newline="")
    store = ox.Store()
    bulk.load_file(store, path)
    named = [quad for quad in store if quad.graph_name != ox.DefaultGraph()]
    union = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    assert {quad.triple for quad in named} == {quad.triple for quad in union}
    wanted = ox.Dataset(ox.parse(ODD, format=ox.RdfFormat.N_QUADS))
    assert len(named) == len(wanted) == 8
    graphs = [quad.graph_name for quad in named]
    assert graphs.count(ox.NamedNode(resources.graph_name(path))) == 2
    assert graphs.count(ox.NamedNode("urn:g")) == 5


def test_the_line_of_a_fault_is_that_of_the_file(tmp_path):
    """Though each line is read twice."""
    path = tmp_path / "broken.nq"
    good = "<urn:a> <urn:p> <urn:o> <urn:g> .\n"
    path.write_text(good * 6 + "<urn:a> <urn:p> <urn:with space> <urn:g> .\n" + good, "utf-8")
    with pytest.raises(InputError, match="line 7: "):
        bulk.load_file(ox.Store(), path)
