"""A release: always the same bytes, whole or not there, and verified by all that it says."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import jelly, open_graph, releasing, resources
from pkgraph.cli import main
from pkgraph.errors import InputError, StoreError, UsageError
from pkgraph.releasing import making, manifest, materials

ROOT = Path(__file__).resolve().parent.parent

MADE = """\
@prefix pk: <https://w3id.org/pkgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/pkgraph/concept/calm> a pk:Concept ; rdfs:label "calm\\u2028and quiet"@en .
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a release of few statements, and the file that it was made from."""
    folder = tmp_path_factory.mktemp("release")
    data = folder / "made.ttl"
    data.write_text(MADE, "utf-8")
    releasing.make(open_graph(data), folder / "release")
    return folder / "release", data


@pytest.fixture
def release(made, tmp_path):
    """Return a copy of the release, to do something to."""
    return shutil.copytree(made[0], tmp_path / "release")


def faults(folder):
    """Return what differs from the manifest."""
    return releasing.verify(folder)[1]


def retold(folder, **changes):
    """Write the manifest of a release anew with other values, as whoever forges one would."""
    path = folder / manifest.FILE
    told = {**json.loads(path.read_text("utf-8")), **changes}
    path.write_text(json.dumps(told), "utf-8")
    return told


def test_a_release_is_as_its_manifest_says(made):
    """It verifies, and the manifest counts what is in it."""
    folder, _ = made
    told, found = releasing.verify(folder)
    assert found == ()
    assert told.statements == sum(graph.size for graph in told.graphs.values())
    assert {path.name for path in folder.iterdir()} == {*told.files, "manifest.json", "store"}


def test_the_same_data_give_the_same_bytes(made, tmp_path):
    """Whatever the seed of hashes, the time zone and the place, but for the store."""
    folder, data = made
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Apia", "LC_ALL": "C"}
    command = [sys.executable, "-m", "pkgraph", "release", str(tmp_path / "again")]
    subprocess.run([*command, "--data", str(data)], check=True, env=environment)
    for path in folder.iterdir():
        if path.is_file():
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_release_answers_as_what_it_was_made_from(made):
    """The folder is given as data, and rows are cited by the state that was released."""
    folder, data = made
    of_files, of_release = open_graph(data), open_graph(folder)
    text = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY STR(?s) STR(?p) STR(?o)"
    named = "SELECT ?s { ?s a <https://w3id.org/pkgraph/ontology#Concept> }"
    assert of_release.release == of_files.release
    assert len(of_release.sparql(text).terms) == len(of_files.sparql(text).terms)
    assert of_release.sparql(named).terms == of_files.sparql(named).terms
    assert [each.iri for each in of_release.find("calm")] == [
        "https://w3id.org/pkgraph/concept/calm"
    ]


def test_it_needs_none_of_the_files_that_it_was_made_from(made, capsys):
    """The command verifies it and says what it is."""
    assert main(["verify-release", str(made[0])]) == 0
    assert "as the manifest says" in capsys.readouterr().out


def test_a_file_that_was_changed_is_told(release, capsys):
    """By its name; the exit status is that of a verdict."""
    path = release / "void.ttl"
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"!\n")
    assert main(["verify-release", str(release)]) == 1
    assert "void.ttl has other bytes" in capsys.readouterr().out


def test_a_file_that_is_shorter_missing_more_or_a_link_is_told(release):
    """Each by its name, all at once."""
    (release / "void.ttl").write_bytes(b"")
    (release / "sbom.cdx.json").unlink()
    (release / "more.txt").write_text("more", "utf-8")
    dump = release / "pkgraph.ttl.gz"
    elsewhere = release.parent / "elsewhere"
    shutil.copy(dump, elsewhere)
    dump.unlink()
    dump.symlink_to(elsewhere)
    told = "\n".join(faults(release))
    assert "more.txt is not in the manifest" in told
    assert "sbom.cdx.json is missing" in told
    assert "void.ttl has 0 bytes" in told
    assert "pkgraph.ttl.gz is not a file" in told


def forged(release, data, name=manifest.DUMP, **changes):
    """Put another dump into a release, its size and hash into the manifest, and other changes."""
    packed = gzip.compress(data, mtime=0)
    (release / name).write_bytes(packed)
    content = manifest.content([packed])
    files = json.loads((release / manifest.FILE).read_text("utf-8"))["files"]
    files[name] = {"size": content.size, "sha256": content.sha256}
    retold(release, files=files, **changes)


def test_no_more_is_unpacked_than_the_manifest_says(release):
    """A dump of a hundred megabytes in a hundred kilobytes is not unpacked to its end."""
    forged(release, b"\n" * 100_000_000)
    assert faults(release) == ("pkgraph.nq.gz unpacks to something else than the manifest says",)


def test_a_dump_that_is_broken_off_is_told(release):
    """Even where the manifest has the hash of what is left of it."""
    path = release / manifest.DUMP
    packed = path.read_bytes()[:-100]
    path.write_bytes(packed)
    content = manifest.content([packed])
    files = json.loads((release / manifest.FILE).read_text("utf-8"))["files"]
    files[manifest.DUMP] = {"size": content.size, "sha256": content.sha256}
    retold(release, files=files)
    assert "pkgraph.nq.gz cannot be read" in faults(release)[0]


def test_a_dump_in_another_order_is_not_canonical(release):
    """The manifest may be made to fit the lines, not the form."""
    lines = manifest.lines_of(gzip.decompress((release / manifest.DUMP).read_bytes()).decode())
    text = "".join(reversed(lines))
    content = manifest.content([text.encode()])
    graphs = {
        name: {"size": each.size, "sha256": each.sha256}
        for name, each in manifest.graphs_of(reversed(lines)).items()
    }
    dataset = {"size": content.size, "sha256": content.sha256}
    forged(release, text.encode(), dataset=dataset, graphs=graphs)
    assert "pkgraph.nq.gz is not in canonical form, sorted" in faults(release)


def test_a_dump_with_other_graphs_is_told(release):
    """The numbers of the manifest have to be those of the dump."""
    retold(release, statements=1)
    assert faults(release) == ("the graphs in pkgraph.nq.gz are not those of the manifest",)


def test_a_store_that_says_something_else_is_told(release):
    """Whether in a graph or in the default graph alone."""
    store = ox.Store(str(release / manifest.STORE))
    thing = ox.NamedNode("https://w3id.org/pkgraph/concept/more")
    store.add(ox.Quad(thing, thing, thing))
    store.flush()
    del store
    assert faults(release) == (
        "the default graph of the store is not the union of its named graphs",
    )
    store = ox.Store(str(release / manifest.STORE))
    store.add(ox.Quad(thing, thing, thing, thing))
    store.flush()
    del store
    assert faults(release) == ("the store has other statements than the manifest says",)


@pytest.mark.parametrize("name", ["pkgraph.trig.gz", "pkgraph.ttl.gz"])
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<urn:a> <urn:b> <urn:c> .", "has other statements"),
        (b"<urn:a> <urn:b> ", "cannot be read"),
        (b"#" * 100_000_000, "has other statements"),
    ],
)
def test_another_dump_that_says_something_else_is_told(release, name, data, fault):
    """Though the manifest has its hash; and no more of it is unpacked than it can have."""
    forged(release, data, name)
    (told,) = faults(release)
    assert told.startswith(f"{name} {fault}")


def dumped(release):
    """Return the quads of the dump."""
    data = gzip.decompress((release / manifest.DUMP).read_bytes())
    return list(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def test_jelly_has_what_the_dump_has(made):
    """Statement by statement, with the same blank nodes in the same order."""
    data = gzip.decompress((made[0] / manifest.JELLY).read_bytes())
    quads = dumped(made[0])
    assert list(jelly.read(data)) == quads
    assert any(isinstance(quad.subject, ox.BlankNode) for quad in quads)


def test_a_changed_jelly_is_told(release):
    """By its hash, like any file."""
    path = release / manifest.JELLY
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert faults(release) == (
        "pkgraph.jelly.gz has other bytes than the manifest says, of the same number",
    )


@pytest.mark.parametrize("change", ["fewer", "more", "other", "order", "graph"])
def test_jelly_that_says_something_else_is_told(release, change):
    """Though the manifest has its hash."""
    quads = dumped(release)
    changed = {
        "fewer": quads[:-1],
        "more": [*quads, quads[0]],
        "other": [*quads[:-1], quads[0]],
        "order": quads[::-1],
        "graph": [ox.Quad(*quads[0].triple), *quads[1:]],
    }[change]
    forged(release, b"".join(jelly.write(changed)), manifest.JELLY)
    assert faults(release) == (
        "pkgraph.jelly.gz has other statements than pkgraph.nq.gz, or has them in another order",
    )


@pytest.mark.parametrize("data", [b"", b"spoilt", b"\n" * 100_000_000])
def test_jelly_that_is_none_is_told(release, data):
    """And no more of it is unpacked than it can have."""
    forged(release, data, manifest.JELLY)
    (told,) = faults(release)
    assert told.startswith("pkgraph.jelly.gz cannot be read: ")


def test_jelly_that_is_long_names_many_times_is_told(release, monkeypatch):
    """Its few bytes would become gigabytes: the first statement that differs ends it."""
    one, other = (ox.NamedNode(f"https://example.org/{each * 100_000}") for each in "ab")
    quads = (ox.Quad(one, one, each, one) for each in [one, other] * 10_000)
    forged(release, b"".join(jelly.write(quads)), manifest.JELLY)
    read, seen = jelly.read, []

    def counted(data):
        for quad in read(data):
            seen.append(None)
            yield quad

    monkeypatch.setattr(jelly, "read", counted)
    (told,) = faults(release)
    assert "has other statements" in told
    assert len(seen) == 1


@pytest.mark.parametrize("name", ["pkgraph.ttl.gz", "pkgraph.jelly.gz"])
def test_a_manifest_that_leaves_a_dump_out_is_told(release, name):
    """What is not named would not be looked at."""
    files = json.loads((release / manifest.FILE).read_text("utf-8"))["files"]
    del files[name]
    (release / name).unlink()
    retold(release, files=files)
    assert faults(release) == (f"the manifest does not name {name}",)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE thing SET label = 'forged'",
        "INSERT INTO words (rowid, label) VALUES (1, 'forged')",
        "INSERT INTO spelt (rowid, form) VALUES (1, ' forged ')",
        "UPDATE state SET state = 'another'",
        "PRAGMA user_version = 1000",
        "DELETE FROM form",
        "CREATE VIEW more AS SELECT 1",
    ],
)
def test_an_index_of_words_that_says_something_else_is_told(release, sql):
    """It is made anew and compared, whatever it says that it is of."""
    with contextlib.closing(sqlite3.connect(release / "store" / "search.sqlite")) as index:
        index.execute(sql)
        index.commit()
    assert faults(release) == (
        "store/search.sqlite is not the index that this pkgraph makes of the store",
    )


def test_an_index_of_words_that_is_spoilt_or_missing_is_told(release):
    """So that no server makes one for itself, which takes long where there is much."""
    (release / "store" / "search.sqlite").write_bytes(b"spoilt" * 1000)
    assert "is not the index" in faults(release)[0]
    (release / "store" / "search.sqlite").unlink()
    assert "is not the index" in faults(release)[0]


def test_what_is_no_part_of_a_store_is_told(release):
    """A file, a folder or a link beside those of the engine, or in place of all."""
    store = release / manifest.STORE
    (store / "more.sh").write_text("more", "utf-8")
    (store / "000001.sst").mkdir()
    (store / "OPTIONS-000001").symlink_to("/etc/hostname")
    assert faults(release) == tuple(
        f"store/{name} is not part of a store"
        for name in ("000001.sst", "OPTIONS-000001", "more.sh")
    )
    store.rename(release.parent / "elsewhere")
    store.symlink_to(release.parent / "elsewhere")
    assert faults(release) == ("store is not a folder",)


def test_a_store_tells_nothing_of_the_machine_that_made_it(made):
    """The engine's log has its paths and times."""
    for path in (made[0] / manifest.STORE).iterdir():
        assert str(made[0].parent).encode() not in path.read_bytes(), path.name


def test_a_store_that_cannot_be_read_is_told(release):
    """It is a fault of the release."""
    shutil.rmtree(release / manifest.STORE)
    (release / manifest.STORE).mkdir()
    assert "the store cannot be read" in faults(release)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 200_000,
        '{"name": "pkgraph", "format": 2}',
        '{"name": "pkgraph", "format": 1}',
    ],
)
def test_what_is_no_manifest_of_ours_is_refused(tmp_path, text):
    """The error names the file."""
    (tmp_path / manifest.FILE).write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        releasing.verify(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"statements": "many"},
        {"release": "two\nlines"},
        {"version": 1},
        {"commit": "main"},
        {"dataset": {"size": -1, "sha256": "0" * 64}},
        {"dataset": {"size": True, "sha256": "0" * 64}},
        {"dataset": {"size": 1, "sha256": "0"}},
        {"files": {"../../etc/passwd": {"size": 1, "sha256": "0" * 64}}},
        {"files": {"/etc/passwd": {"size": 1, "sha256": "0" * 64}}},
        {"files": {"store": {"size": 1, "sha256": "0" * 64}}},
        {"more": 1},
    ],
)
def test_a_manifest_with_a_value_that_cannot_be_is_refused(release, changes):
    """Before anything that it names is looked at."""
    retold(release, **changes)
    with pytest.raises(InputError, match="is no manifest of a release"):
        releasing.verify(release)


def test_a_manifest_that_is_a_pipe_is_not_waited_for(tmp_path):
    """It is no file."""
    os.mkfifo(tmp_path / manifest.FILE)
    with pytest.raises(InputError, match="cannot be read"):
        releasing.verify(tmp_path)


def test_a_folder_without_a_manifest_is_no_release(tmp_path):
    """The error says what to name."""
    with pytest.raises(InputError, match="name the folder that pkgraph release has written"):
        releasing.verify(tmp_path)


def test_a_release_is_never_written_over(made):
    """Not even by the same one."""
    folder, data = made
    with pytest.raises(UsageError, match="never written over"):
        releasing.make(open_graph(data), folder)


def test_what_does_not_verify_is_not_there(made, tmp_path, monkeypatch):
    """Nothing is left beside it either."""
    monkeypatch.setattr(making, "verify", lambda _: (None, ("it differs",)))
    with pytest.raises(StoreError, match="it differs"):
        releasing.make(open_graph(made[1]), tmp_path / "release")
    assert list(tmp_path.iterdir()) == []


def test_a_release_has_the_licences_and_how_it_is_cited(made):
    """As they are in the repository."""
    for name in ("CITATION.cff", "LICENSE", "LICENSE-DATA", "NOTICE"):
        assert (made[0] / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_commit_is_named_where_nothing_was_changed(tmp_path, monkeypatch):
    """Else the release would be told to be of a commit that does not give it."""

    def git(*arguments):
        names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        command = ["git", "-C", str(tmp_path), *names, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    (tmp_path / "graph").mkdir()
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name)
    assert materials.commit() is None
    git("init")
    assert materials.commit() is None
    git("commit", "--allow-empty", "-m", "Begin")
    hash_ = git("rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert materials.commit() == hash_
    (tmp_path / "graph" / "more.ttl").write_text("", "utf-8")
    assert materials.commit() is None


def test_the_bill_of_materials_names_what_runs(made):
    """Each package once, with its version, and what needs it."""
    bill = json.loads((made[0] / "sbom.cdx.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = [component["name"] for component in bill["components"]]
    assert len(set(names)) == len(names)
    assert {"rdflib", "pyoxigraph", "pyshacl", "owlready2", "sparqlwrapper"} <= set(names)
    assert "pytest" not in names
    known = {bill["metadata"]["component"]["bom-ref"], *(c["bom-ref"] for c in bill["components"])}
    for entry in bill["dependencies"]:
        assert {entry["ref"], *entry["dependsOn"]} <= known
