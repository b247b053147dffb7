"""What is written for triple stores of others is all of the graph, and their loaders take it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from required import require
from servers import triple_stores

from pkgraph import build, lines, resources
from pkgraph.cli import main
from pkgraph.errors import UsageError
from pkgraph.loaders import writing
from pkgraph.loaders.known import ENGINES, Engine
from pkgraph.reasoning import find_java
from pkgraph.store import RemoteStore

#: Two graphs that share a triple, and one of which has blank nodes.
QUADS = """\
<urn:a> <urn:p> "a \\n \\" <urn:g> ." <urn:g1> .
<urn:a> <urn:p> "a \\n \\" <urn:g> ." <urn:g2> .
<urn:b> <urn:p> _:x <urn:g1> .
_:x <urn:p> "x" <urn:g1> .
<urn:c> <urn:p> <urn:d> <urn:g2> .
"""


@pytest.fixture
def store(tmp_path):
    """Return a store of the two graphs, without the ontology."""
    path = tmp_path / "two.nq"
    path.write_text(QUADS, "utf-8")
    filled = ox.Store()
    filled.extend(ox.parse(path=path))
    return build.OxigraphStore(filled)


def parts(folder):
    """Return the lines of each part in *folder*, in order."""
    found = []
    for path in sorted((folder / "data").iterdir()):
        data = path.read_bytes()
        found.append(
            (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines(keepends=True)
        )
    return found


def dataset(many):
    """Return the statements in *many* lines, with canonical blank nodes."""
    found = ox.Dataset(ox.parse(b"".join(many), ox.RdfFormat.N_QUADS))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_each_engine_gets_all_statements_and_a_script_that_a_shell_reads(store, engine, tmp_path):
    """Sorted, each once; the union comes along where the engine has none that is a set."""
    folder = tmp_path / "out"
    written = writing.write(store, engine, folder)
    found = parts(folder)
    assert all(part == sorted(part) for part in found[:-1])
    everything = dataset(line for part in found for line in part)
    named = {quad for quad in everything if quad.graph_name != ox.DefaultGraph()}
    union = {quad.triple for quad in everything if quad.graph_name == ox.DefaultGraph()}
    wanted = dataset([QUADS.encode()])
    assert named == set(wanted)
    assert union == ({quad.triple for quad in wanted} if engine.is_given_the_union else set())
    assert (written.statements, written.triples, written.parts) == (5, 4, len(found))
    told = json.loads((folder / writing.COUNTS).read_text("utf-8"))
    assert told == {"engine": engine.name, "statements": 5, "triples": 4, "parts": len(found)}
    script = folder / "load.sh"
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)
    suffix = ".nq.gz" if engine.packed else ".nq"
    assert f"part-*{suffix}" in script.read_text("utf-8") or engine.name in {
        "neptune",  # takes the folder
        "qlever",  # its Qleverfile says it
        "virtuoso",  # is told the ending
    }
    assert all(path.name.endswith(suffix) for path in (folder / "data").iterdir())


def test_no_part_is_longer_than_the_engine_takes_and_blank_nodes_stay_together(store, tmp_path):
    """A loader takes a blank node of two files for two."""
    writing.write(
        store, Engine("oxigraph", 1, packed=False, is_given_the_union=True), tmp_path / "x"
    )
    found = parts(tmp_path / "x")
    assert [len(part) for part in found[:-1]] == [1] * 5
    assert sorted(b"_:" in line for line in found[-1]) == [True] * 4
    assert not any(b"_:" in line for part in found[:-1] for line in part)


def test_lines_are_sorted_in_pieces_as_they_would_be_at_once(monkeypatch):
    """More lines than are sorted in memory come in order, each once."""
    monkeypatch.setattr(lines, "PIECE", 3)
    given = [f"{number * 7 % 10}\n".encode() for number in range(20)]
    assert list(lines.sorted_once(given)) == sorted(set(given))
    assert list(lines.sorted_once([])) == []


def test_more_pieces_than_files_may_be_open_are_sorted(monkeypatch):
    """They are merged as they come, so that a graph of any size needs few files at a time."""
    monkeypatch.setattr(lines, "PIECE", 2)
    monkeypatch.setattr(lines, "MOST_FILES", 3)
    opened = []
    make = lines.tempfile.TemporaryFile

    def counted():
        opened.append(make())
        assert sum(not file.closed for file in opened) <= lines.MOST_FILES + 1
        return opened[-1]

    monkeypatch.setattr(lines.tempfile, "TemporaryFile", counted)
    many = [f"{number * 7 % 50:02}\n".encode() for number in range(60)]
    assert list(lines.sorted_once(many)) == sorted(set(many))
    assert all(file.closed for file in opened)


def test_a_folder_with_something_in_it_is_left_alone(store, tmp_path):
    """An empty one is taken; a failure leaves nothing behind."""
    (tmp_path / "empty").mkdir()
    writing.write(store, ENGINES["qlever"], tmp_path / "empty")
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("mine", "utf-8")
    before = sorted(tmp_path.iterdir())
    for place in (full, full / "mine", tmp_path / "empty"):
        with pytest.raises(UsageError, match="not an empty folder"):
            writing.write(store, ENGINES["qlever"], place)
    broken = build.OxigraphStore(ox.Store())
    broken.engine = None
    with pytest.raises(TypeError):
        writing.write(broken, ENGINES["qlever"], tmp_path / "new")
    assert sorted(tmp_path.iterdir()) == before
    assert [path.name for path in full.iterdir()] == ["mine"]


def test_the_command_writes_the_same_bytes_in_any_process(tmp_path):
    """Neither the seed of hashes nor the time zone is in them."""
    data = resources.folder("graph") / "propositions.ttl"
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        subprocess.run(
            [
                *(sys.executable, "-m", "pkgraph", "export", "--for", "neptune"),
                *("--data", data, "--out", tmp_path / seed),
            ],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
        )
    first, second = (
        {path.relative_to(tmp_path / seed): path.read_bytes() for path in files(tmp_path / seed)}
        for seed in ("1", "2")
    )
    assert first == second
    assert len(first) > 2


def files(folder):
    """Return the files in *folder* and below."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_command_says_what_is_missing(tmp_path, capsys):
    """A folder has to be named, and the format is that of the engine."""
    assert main(["export", "--for", "qlever"]) == 2
    assert "name one with --out" in capsys.readouterr().err
    out = str(tmp_path / "x")
    assert main(["export", "--for", "qlever", "--out", out, "--format", "ttl"]) == 2
    assert "leave --format out" in capsys.readouterr().err
    assert not Path(out).exists()


# --- loaders that can be run here


@pytest.fixture(scope="module")
def few():
    """Return a store of a few of the shipped files, and the ontology, which has blank nodes."""
    return build.load([resources.folder("graph") / "propositions.ttl"])


def written_for(few, name, folder):
    """Write *few* for an engine; return where, and how many statements and triples there are."""
    written = writing.write(few, ENGINES[name], folder / "export")
    return folder / "export", (written.statements, written.triples)


def run(folder, **environment):
    """Run the script in *folder*."""
    done = subprocess.run(
        [folder / "load.sh"],
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def counted(store):
    """Return how many statements and triples a server says that it has."""
    (named,) = store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    (union,) = store.query("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }")
    return named.n, union.n


def test_oxigraph_loads_the_parts_as_its_script_says(few, tmp_path):
    """The store has the statements, and the union as its default graph, with blank nodes joined."""
    programs = Path(triple_stores.oxigraph_program()).parent
    folder, wanted = written_for(few, "oxigraph", tmp_path)
    place = tmp_path / "loaded"
    environment = {"STORE": str(place), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    run(folder, **environment)
    loaded = ox.Store.read_only(str(place))
    default = [quad for quad in loaded if quad.graph_name == ox.DefaultGraph()]
    assert (len(loaded) - len(default), len(default)) == wanted
    assert canonical(loaded) == canonical(few.engine)
    again = subprocess.run(
        [folder / "load.sh"], env={**os.environ, **environment}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def canonical(engine):
    """Return what *engine* says in all graphs, with canonical blank nodes."""
    found = ox.Dataset(engine)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.servers
@pytest.mark.slow
def test_virtuoso_loads_the_parts_as_its_script_says(few, tmp_path, monkeypatch):
    """With the loader of Virtuoso, through isql; a file that is broken is told."""
    ports = []
    free = triple_stores.free_port
    monkeypatch.setattr(triple_stores, "free_port", lambda: ports.append(free()) or ports[-1])
    folder, wanted = written_for(few, "virtuoso", tmp_path)
    with triple_stores.virtuoso(tmp_path) as server:  # which may read what is in its folder
        environment = {"PORT": f"127.0.0.1:{ports[0]}", "VIRTUOSO_PASSWORD": "dba"}
        run(folder, **environment)
        found = RemoteStore(server.query)
        ours = "FILTER(STRSTARTS(STR(?g), 'https://w3id.org/pkgraph/'))"
        (row,) = found.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {ours} }}")
        assert row.n == wanted[0]
        (folder / "data" / "part-00009.nq.gz").write_bytes(gzip.compress(b"<urn:a> broken\n"))
        done = subprocess.run(
            [folder / "load.sh"], env={**os.environ, **environment}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 1
        assert "files were loaded" in done.stderr


@pytest.mark.servers
@pytest.mark.slow
def test_jena_loads_the_parts_as_its_script_says(few, tmp_path):
    """With tdb2.tdbloader, and Fuseki serves the union by the settings that come along."""
    jars = sorted(triple_stores.TOOLS.glob("fuseki/*.jar"))
    require(is_there=jars, what="Apache Jena Fuseki", install="python .ci/fetch_servers.py")
    folder, wanted = written_for(few, "fuseki", tmp_path)
    java = [str(find_java()), "-Xmx1g", "-cp", os.pathsep.join(map(str, jars))]
    programs = tmp_path / "bin"
    programs.mkdir()
    loader = programs / "tdb2.tdbloader"
    loader.write_text(f'#!/bin/sh\nexec {" ".join(java)} tdb2.tdbloader "$@"\n', "utf-8")
    loader.chmod(0o755)
    run(folder, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    port = triple_stores.free_port()
    command = [
        *(*java, "org.apache.jena.fuseki.main.cmds.FusekiMainCmd", "--localhost"),
        *(f"--port={port}", "--config=fuseki.ttl"),
    ]
    root = f"http://127.0.0.1:{port}/pkgraph/sparql"
    with triple_stores._running(command, folder, f"{root}?query=ASK%7B%7D"):
        assert counted(RemoteStore(root)) == wanted
