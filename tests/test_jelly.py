"""Jelly: what is written reads back as it was, always in the same bytes, and broken bytes end."""

from __future__ import annotations

import gzip
import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyjelly.integrations.generic import generic_sink as generic
from pyjelly.integrations.generic.parse import parse_jelly_flat
from required import require

from pkgraph import export, jelly
from pkgraph.errors import UnknownFormatError
from pkgraph.reasoning import find_java

TOOLS = Path(__file__).resolve().parent.parent / ".tools"

A, B, G = (ox.NamedNode(f"https://example.org/{name}") for name in "abg")

IRIS = st.sampled_from(
    [
        *("urn:a", "a:", "https://a.example/", "https://a.example/#", "https://a.example#/b"),
        *("https://a.example/é", "https://a.example/b/c#d", "https://a.example/b/c#"),
    ]
).map(ox.NamedNode)
NODES = st.one_of(IRIS, st.sampled_from(["c14n0", "c14n1"]).map(ox.BlankNode))
LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(ox.Literal),
    st.builds(ox.Literal, st.text("ab\n\0"), language=st.sampled_from(["en", "en-gb", "de"])),
    st.builds(ox.Literal, st.text("01"), datatype=IRIS),
)
QUADS = st.builds(
    ox.Quad, NODES, IRIS, st.one_of(NODES, LITERALS), st.one_of(NODES, st.just(ox.DefaultGraph()))
)


def written(quads):
    """Return the bytes of these quads."""
    return b"".join(jelly.write(quads))


@given(st.lists(QUADS, max_size=40))
def test_what_is_written_reads_back_as_it_was(quads):
    """In its order, with the labels of its blank nodes, or none of it."""
    assert list(jelly.read(written(quads))) == quads


def test_more_names_than_are_remembered_read_back():
    """Names, prefixes and datatypes are forgotten and come again; a frame has its bounds."""
    chance = random.Random(1)  # noqa: S311 - no secret

    def iri(kinds):
        name = f"https://{chance.randrange(400)}.example/{chance.randrange(kinds)}"
        return ox.NamedNode(name)

    literals = [ox.Literal("1", datatype=iri(1)) for _ in range(100)]
    quads = [
        ox.Quad(iri(9000), iri(9000), chance.choice(literals), iri(9000)) for _ in range(10_000)
    ]
    frames = list(jelly.write(quads))
    assert list(jelly.read(b"".join(frames))) == quads
    assert max(map(len, frames)) < 50_000


def test_the_shipped_graph_is_the_same_in_both_forms(graph):
    """Statement by statement, as pyjelly reads it by itself: tags, datatypes, nodes, graphs."""
    lines = export.export(graph.store, "nq").splitlines()
    data = b"".join(export.export_jelly(graph.store))
    read = [ox.Quad(*map(term, each)) for each in parse_jelly_flat(io.BytesIO(data))]
    assert [f"{quad} ." for quad in read] == lines
    objects = [quad.object for quad in read]
    assert any(isinstance(each, ox.BlankNode) for each in objects)
    assert {each.language for each in objects if isinstance(each, ox.Literal)} > {None}
    assert len({each.datatype for each in objects if isinstance(each, ox.Literal)}) > 3
    assert len({quad.graph_name for quad in read}) == len(
        {line.rpartition("<")[2] for line in lines}
    )


@pytest.mark.servers
@pytest.mark.slow
def test_apache_jena_reads_it_as_the_same(graph, tmp_path):
    """Its reader of Jelly is another program, of another language."""
    jars = sorted(str(path) for path in TOOLS.glob("jelly/*.jar"))
    require(is_there=jars, what="Jelly in Jena", install="python .ci/fetch_servers.py")
    path = tmp_path / "pkgraph.jelly.gz"
    path.write_bytes(gzip.compress(b"".join(export.export_jelly(graph.store))))
    command = [str(find_java()), "-cp", os.pathsep.join(jars), "riotcmd.riot", "--output=nq", path]
    told = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    lines = [line for line in told.split("\n") if line.startswith(("<", "_:"))]  # the rest is log
    read, kept = (
        ox.Dataset(ox.parse(text, format=ox.RdfFormat.N_QUADS))
        for text in ("\n".join(lines), export.export(graph.store, "nq"))
    )
    for dataset in (read, kept):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert read == kept


def term(each):
    """Return a term of pyjelly as one of the engine, by way of its text."""
    if isinstance(each, generic.IRI):
        return ox.NamedNode(str(each)[1:-1])
    if isinstance(each, generic.BlankNode):
        return ox.BlankNode(str(each)[2:])
    datatype = ox.NamedNode(each._datatype) if each._datatype else None
    return ox.Literal(each._lex, language=each._langtag, datatype=datatype)


def test_other_seeds_of_hashes_give_the_same_bytes(tmp_path):
    """In processes of their own, with blank nodes that have other labels in each."""
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> <urn:b> [ <urn:c> 1 ; <urn:d> 'x'@en ] , [ <urn:c> 2 ] , 'y' .")
    command = [sys.executable, "-m", "pkgraph", "export", "--format", "jelly", "--data", str(data)]
    one, other = (
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    )
    assert one == other
    assert len(list(jelly.read(one))) > 6


def test_other_readers_are_told_what_they_get():
    """A flat stream of quads of plain RDF, in frames; gzip of it has no time."""
    quads = [ox.Quad(A, B, ox.Literal("x"), G)]
    data = written(quads)
    from pyjelly.parse.ioutils import get_options_and_frames

    options, frames = get_options_and_frames(io.BytesIO(data))
    assert repr(options.stream_types) == (
        "StreamTypes(PHYSICAL_STREAM_TYPE_QUADS, LOGICAL_STREAM_TYPE_FLAT_QUADS)"
    )
    assert not options.params.rdf_star
    assert not options.params.generalized_statements
    assert len(list(frames)) == 1
    assert gzip.decompress(gzip.compress(data, mtime=0)) == data


@pytest.mark.parametrize(
    "value",
    [ox.Triple(A, B, G), ox.Literal("x", language="en", direction=ox.BaseDirection.LTR)],
)
def test_what_jelly_cannot_say_is_named(value):
    """A term of RDF 1.2 is no fault of whoever has it: other formats have it."""
    with pytest.raises(UnknownFormatError, match=r"a term of RDF 1\.2; choose nq"):
        written([ox.Quad(A, B, value, G)])


def test_what_comes_before_a_fault_is_read():
    """Reading goes on frame by frame, so whoever compares ends where the first one differs."""
    quads = [ox.Quad(A, B, ox.Literal(str(number)), G) for number in range(1000)]
    frames = list(jelly.write(quads))
    read = jelly.read(frames[0] + b"\x05spoilt" + b"".join(frames[1:]))
    assert next(read) == quads[0]
    with pytest.raises(ValueError, match="it is not Jelly"):
        list(read)


def test_broken_bytes_end_in_one_kind_of_error():
    """Wherever they are broken, and however."""
    good = written(
        ox.Quad(A, B, each, G)
        for each in (A, ox.BlankNode("b"), ox.Literal("x", language="en"), ox.Literal(1))
    )
    chance = random.Random(1)  # noqa: S311 - no secret
    ended = 0
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        del data[chance.randrange(len(data) * 3) :]
        try:
            list(jelly.read(bytes(data)))
        except ValueError:
            ended += 1
    assert ended > 1000


def test_a_stream_of_triples_is_refused():
    """A dump without graphs is not what is read here."""
    sink = generic.GenericStatementSink()
    sink.add(generic.Triple(*[generic.IRI("urn:a")] * 3))
    file = io.BytesIO()
    sink.serialize(file)
    with pytest.raises(ValueError, match="no stream of quads"):
        list(jelly.read(file.getvalue()))
    with pytest.raises(ValueError, match="does not say what stream it is"):
        list(jelly.read(b""))
