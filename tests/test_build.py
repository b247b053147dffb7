"""Stores are whole or not there, and hold what the files say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import build, namespaces, resources, turtle
from pkgraph.errors import EnvironmentFailure, InputError, TurtleSyntaxError

OURS = "0123456789abcdef" * 4
ONE = "<urn:a> <urn:b> <urn:c> ."
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def count(store):
    """Return how many statements the default graph of a store has."""
    return store.query(COUNT)[0].n


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return the folder that stores are kept in during a test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "pkgraph"


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Let the shipped graph be one statement, which takes no time to build."""
    path = tmp_path / "small.ttl"
    path.write_text(ONE)
    monkeypatch.setattr(build, "_shipped_files", lambda: [path])
    build.release.cache_clear()
    yield path
    build.release.cache_clear()


@pytest.fixture
def broken(monkeypatch):
    """Let the rules fail while a store is built."""

    def fail(_):
        raise MemoryError

    monkeypatch.setattr("pkgraph.reasoning.derive", fail)


# --- the cache


@pytest.mark.usefixtures("small")
def test_a_store_is_built_once(cache):
    """The second time, the store that is there is taken."""
    folder = build.build_store()
    assert folder == cache / build.release()
    before = (folder / "CURRENT").stat().st_mtime_ns
    assert build.build_store() == folder
    assert (folder / "CURRENT").stat().st_mtime_ns == before
    assert [path.name for path in cache.iterdir()] == [folder.name]
    assert count(build.OxigraphStore.open(folder)) == 1


@pytest.mark.usefixtures("cache")
def test_a_changed_file_makes_another_store(small):
    """A store is named by what it is made from."""
    first = build.build_store()
    small.write_text(ONE + "<urn:a> <urn:b> <urn:d> .")
    build.release.cache_clear()
    second = build.build_store()
    assert first != second
    assert count(build.OxigraphStore.open(second)) == 2
    assert count(build.OxigraphStore.open(first)) == 1


@pytest.mark.usefixtures("small", "broken")
def test_a_crash_leaves_nothing(cache):
    """Whatever happens while a store is built, there is neither a store nor part of one."""
    with pytest.raises(MemoryError):
        build.build_store()
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_a_crash_before_the_last_step_leaves_nothing(cache, monkeypatch):
    """If the store cannot be put in its place, it is not there, and nor is the folder beside it."""

    def fail(*_):
        raise PermissionError

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(PermissionError):
        build.build_store()
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_the_second_of_two_builders_takes_the_store_of_the_first(cache, monkeypatch):
    """Two that build at once end with one store."""
    rename = Path.rename

    def after_another(self, target):
        shutil.copytree(self, target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", after_another)
    folder = build.build_store()
    assert [path.name for path in cache.iterdir()] == [folder.name]
    assert count(build.OxigraphStore.open(folder)) == 1


def test_processes_that_build_at_once_end_with_one_whole_store(tmp_path):
    """Three processes that start with an empty cache all answer, and leave one store."""
    code = (
        "from pkgraph import build; "
        "print(build.open_shipped().query('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')[0].n)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(told) == 1
    assert [path.name for path in (tmp_path / "pkgraph").iterdir()] == [build.release()]


@pytest.mark.usefixtures("small")
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    """The store is built in memory where the cache is not a folder."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    store = build.open_shipped()
    assert (store.name, count(store)) == ("memory", 1)


@pytest.mark.usefixtures("cache", "small")
def test_a_cache_of_somebody_else_is_read(monkeypatch):
    """A store that may be read and not be touched is taken as it is."""
    folder = build.build_store()

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    assert build.open_shipped().name == str(folder)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("content", [{}, {"CURRENT": "nonsense"}, {"CURRENT": "MANIFEST-1\n"}])
def test_a_spoilt_store_is_done_without(cache, content):
    """Where there is something else in place of the store, it is built in memory."""
    folder = cache / build.release()
    folder.mkdir(parents=True)
    for name, text in content.items():
        (folder / name).write_text(text)
    store = build.open_shipped()
    assert (store.name, count(store)) == ("memory", 1)


@pytest.mark.usefixtures("small")
def test_without_a_home_there_is_no_cache(monkeypatch):
    """No home directory is told where the cache is wanted, and done without elsewhere."""

    def homeless():
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(EnvironmentFailure, match="set XDG_CACHE_HOME to a folder"):
        build.build_store()
    assert build.open_shipped().name == "memory"


@pytest.mark.parametrize("value", [None, "", "relative/folder"])
def test_the_cache_is_in_the_home_directory_unless_told_otherwise(monkeypatch, value):
    """A path that is not absolute counts for nothing, as the standard has it."""
    if value is None:
        monkeypatch.delenv("XDG_CACHE_HOME")
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert build.default_cache() == Path.home() / ".cache" / "pkgraph"
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert build.default_cache() == Path("/elsewhere/pkgraph")


@pytest.mark.usefixtures("small")
def test_stores_that_nobody_opens_are_forgotten(tmp_path):
    """Old stores and leftovers go; young ones stay, and so does whatever else is there."""
    long_ago = time.time() - 40 * 24 * 60 * 60
    for name, when in [
        (OURS, long_ago),
        ("building-x1", long_ago),
        (OURS[::-1], time.time()),
        ("my-thesis", long_ago),
        ("0" * 63, long_ago),
    ]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
        os.utime(tmp_path / name, (when, when))
    folder = build.build_store(tmp_path)
    left = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert left == {folder.name, OURS[::-1], "my-thesis", "0" * 63}


@pytest.mark.usefixtures("small")
def test_a_store_that_another_process_forgets_first_is_no_error(tmp_path, monkeypatch):
    """What is gone between looking and deleting is gone."""
    (tmp_path / OURS).mkdir()
    listed = list(tmp_path.iterdir())
    (tmp_path / OURS).rmdir()
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    assert build.build_store(tmp_path).is_dir()


@pytest.mark.usefixtures("cache", "small")
def test_opening_a_store_keeps_it():
    """The time that counts is when a store was last opened."""
    folder = build.build_store()
    os.utime(folder, (1, 1))
    build.open_shipped()
    assert time.time() - folder.stat().st_mtime < 60


# --- hashes


def test_the_hash_does_not_tell_where_the_checkout_is(tmp_path, monkeypatch):
    """The same files under graph/ have the same hash in another place."""
    path = resources.data_files("graph", ".ttl")[0]
    here = build.digest([path])
    shutil.copytree(resources.folder("graph"), tmp_path / "graph")
    folder = resources.folder
    monkeypatch.setattr(
        resources, "folder", lambda name: tmp_path / name if name == "graph" else folder(name)
    )
    assert build.digest([tmp_path / "graph" / path.relative_to(folder("graph"))]) == here


def test_the_hash_follows_content_name_and_number(tmp_path):
    """Another text, another name and another number of files give other hashes."""
    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    one.write_text(ONE)
    other.write_text(ONE)
    found = [build.digest([one]), build.digest([other]), build.digest([one, other])]
    one.write_text(ONE + "\n")
    found.append(build.digest([one]))
    assert len(set(found)) == 4
    assert {len(each) for each in found} == {64}


def test_a_file_that_is_gone_has_no_hash(tmp_path):
    """The file is named."""
    with pytest.raises(InputError, match=r"gone\.ttl cannot be read: No such file"):
        build.digest([tmp_path / "gone.ttl"])


# --- loading

SAME = {
    ".ttl": "<urn:a> <urn:b> [ <urn:c> 'é' ] .",
    ".nt": '<urn:a> <urn:b> _:x .\n_:x <urn:c> "é" .',
    ".nq": '<urn:a> <urn:b> _:x <urn:g> .\n_:x <urn:c> "é" .',
    ".trig": "<urn:g> { <urn:a> <urn:b> _:x } _:x <urn:c> 'é' .",
    ".jsonld": '{"@id": "urn:a", "urn:b": {"urn:c": "é"}}',
    ".rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:n="urn:">'
        '<rdf:Description rdf:about="urn:a"><n:b rdf:parseType="Resource"><n:c>é</n:c></n:b>'
        "</rdf:Description></rdf:RDF>"
    ),
}
SAME[".owl"] = SAME[".xml"] = SAME[".rdf"]


@pytest.mark.parametrize("ending", build.SYNTAXES)
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_each_syntax_is_told_from_the_ending(tmp_path, ending, case):
    """The same statements are loaded from each, whatever the case of the ending."""
    path = tmp_path / ("data" + case(ending))
    path.write_text(SAME[ending], "utf-8")
    store = build.load([path])
    assert store.query("ASK { <urn:a> <urn:b> ?x . ?x <urn:c> 'é' }") is True


@pytest.mark.parametrize("ending", [".nq", ".trig"])
def test_named_graphs_keep_their_names(tmp_path, ending):
    """What is in no graph is in that of the file, the rest where it is said to be."""
    path = tmp_path / ("a file" + ending)
    path.write_text(SAME[ending], "utf-8")
    answer = build.load([path]).query(
        "SELECT ?g ?p { GRAPH ?g { ?s ?p ?o } FILTER(?p IN (<urn:b>, <urn:c>)) }"
    )
    assert {(row.g, row.p) for row in answer} == {("urn:g", "urn:b"), (path.as_uri(), "urn:c")}


def test_blank_nodes_of_two_files_are_two(tmp_path):
    """The same label in two files is not the same thing."""
    for name in ("one.nt", "other.nt"):
        (tmp_path / name).write_text(f'_:x <urn:{name[:3]}> "1" .')
    store = build.load([tmp_path / "one.nt", tmp_path / "other.nt"])
    assert store.query("ASK { ?x <urn:one> ?a ; <urn:oth> ?b }") is False
    assert store.query("ASK { ?x <urn:one> ?a . ?y <urn:oth> ?b }") is True


def test_data_is_loaded_with_the_ontology_and_what_follows(tmp_path):
    """A definition is a claim, which no file says."""
    path = tmp_path / "data.ttl"
    path.write_text(f"<urn:x> a <{namespaces.PK}Definition> .")
    store = build.load([path])
    answer = store.query(f"SELECT ?g {{ GRAPH ?g {{ <urn:x> a <{namespaces.PK}Claim> }} }}")
    assert [row.g for row in answer] == [namespaces.DERIVED_GRAPH]
    assert store.query(f"ASK {{ <{namespaces.PK}Claim> a ?class }}") is True


@pytest.mark.parametrize("name", ["data.csv", "data", "data.ttl.gz"])
def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path, name):
    """The message lists the endings."""
    (tmp_path / name).write_text(ONE)
    with pytest.raises(InputError, match=r"told from its ending, one of \.ttl, \.nt, .*rename it"):
        build.load([tmp_path / name])


@pytest.mark.parametrize("name", ["broken.ttl", "broken.nt", "broken.trig"])
def test_a_broken_file_is_told_with_the_line(tmp_path, name):
    """The file, the line and the column are in the message."""
    path = tmp_path / name
    path.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> nonsense .\n")
    with pytest.raises(TurtleSyntaxError, match=f"{name}, line 2, column") as caught:
        build.load([path])
    assert caught.value.line == 2


def test_a_file_that_is_not_there_is_named(tmp_path):
    """The message of the reader of files comes through."""
    with pytest.raises(InputError, match="there is no file"):
        build.load([tmp_path / "gone.ttl"])


def test_the_shipped_store_says_what_the_files_say(graph):
    """Each file of the graph is in its own named graph, statement by statement."""
    for path in resources.data_files("graph", ".ttl"):
        name = ox.NamedNode(resources.graph_name(path))
        answer = graph.store.query(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}"
        )
        assert set(answer) == set(turtle.parse(turtle.read(path)))
