"""A snapshot is the state of a store at one moment, whatever is written to the store."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import build
from pkgraph.errors import StoreError
from pkgraph.store import OxigraphStore, open_to_write, snapshot, snapshots, writing

GRAPH = ox.NamedNode("x:graph")
SIZE = 400
#: A folder of another file system than that of the tests, on most machines.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


def quads(value):
    """Return some statements that all have *value*."""
    return [
        ox.Quad(ox.NamedNode(f"x:{each}"), ox.NamedNode("x:p"), ox.Literal(value), GRAPH)
        for each in range(SIZE)
    ]


def written(folder, value):
    """Have the store in *folder* say *value*, in one step."""
    store = open_to_write(folder)
    store.update(
        "DELETE { GRAPH <x:graph> { ?s ?p ?o } } "
        f'INSERT {{ GRAPH <x:graph> {{ ?s ?p "{value}" }} }} '
        "WHERE { GRAPH <x:graph> { ?s ?p ?o } }"
    )
    store.flush()
    return store


def values(folder):
    """Return what the store in *folder* says, and how often."""
    store = OxigraphStore.open(folder)
    answer = store.query("SELECT ?o (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?o")
    return {o.value: int(n.value) for o, n in answer.terms}


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a store that says "first"."""
    place = tmp_path / "store"
    store = ox.Store(str(place))
    store.extend(quads("first"))
    store.flush()
    return place


def test_a_snapshot_stays_what_it_was(folder):
    """What is written and compacted later is not in it; nothing of it is left at the end."""
    with snapshot(folder) as first:
        for each in range(5):
            written(folder, f"later {each}").optimize()
        assert values(first) == {"first": SIZE}
        with snapshot(folder) as second:
            assert values(second) == {"later 4": SIZE}
            assert build.open_folder(first)[1] != build.open_folder(second)[1]
        assert not second.parent.exists()
        assert values(first) == {"first": SIZE}
    assert list((folder / snapshots.SNAPSHOTS).iterdir()) == []
    assert values(folder) == {"later 4": SIZE}


def test_a_snapshot_is_named_as_the_store_that_it_is_of(folder):
    """Nothing having been written, the name of the state is the same."""
    with snapshot(folder) as one:
        name = build.open_folder(one)[1]
    with snapshot(folder) as two:
        assert build.open_folder(two)[1] == name
        assert build.open_folder(folder)[1] == name


def test_a_snapshot_takes_no_room_where_files_can_be_linked(folder):
    """The files with the statements are those of the store."""
    with snapshot(folder) as place:
        files = list(place.glob("*.sst"))
        assert files
        for each in files:
            assert each.stat().st_ino == (folder / each.name).stat().st_ino


WRITER = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_snapshots import written
number = 0
while True:
    store = written(Path(sys.argv[1]), number)
    if number % 3 == 0:
        store.optimize()
    del store
    number += 1
    time.sleep(0.1)
"""


def test_snapshots_are_whole_while_another_process_writes_and_compacts(folder):
    """Each has one state, which is never older than the one before, and can be opened for long."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)]) as writer:
        try:
            seen = []
            while len(set(seen)) < 4:
                with snapshot(folder) as place:
                    first = values(place)
                    assert list(first.values()) == [SIZE]
                    seen += first
                    assert values(place) == first
        finally:
            writer.kill()
    numbers = [int(each) for each in seen if each != "first"]
    assert numbers == sorted(numbers)


def test_who_is_killed_leaves_a_snapshot_that_goes_with_the_next(folder):
    """That of a process that lives stays."""
    code = (
        "import sys, time; from pathlib import Path; from pkgraph.store import snapshot\n"
        "with snapshot(Path(sys.argv[1])) as place: print(place, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            left = Path(other.stdout.readline().strip())
            with snapshot(folder):
                assert values(left) == {"first": SIZE}
        finally:
            other.send_signal(signal.SIGKILL)
    assert values(left) == {"first": SIZE}
    with snapshot(folder) as own:
        assert list((folder / snapshots.SNAPSHOTS).iterdir()) == [own.parent]


def test_a_snapshot_waits_for_who_writes(folder, monkeypatch):
    """A contribution is in it wholly or not at all; one that takes too long is told."""
    store, done = open_to_write(folder), threading.Event()
    store.extend(quads("second")[:1])

    def look():
        with snapshot(folder) as place:
            seen.append(values(place))
            done.set()

    seen = []
    waiting = threading.Thread(target=look)
    waiting.start()
    assert not done.wait(0.3)
    store.extend(quads("second"))
    store.flush()
    del store
    waiting.join()
    assert seen == [{"first": SIZE, "second": SIZE}]

    held = open_to_write(folder)
    monkeypatch.setattr(snapshots, "open_to_write", lambda folder: open_to_write(folder, 0.2))
    with pytest.raises(StoreError, match=r"has written .* for 0\.2 s"), snapshot(folder):
        pass
    del held


def test_what_is_no_store_is_left_alone(tmp_path):
    """No store is made where there was none."""
    with pytest.raises(StoreError, match="there is no store in"), snapshot(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_who_uses_it_is_not_taken_for_one_of_the_snapshot(folder):
    """It comes out as it went in, and the snapshot is gone."""
    with pytest.raises(FileNotFoundError, match="mine"), snapshot(folder) as place:
        raise FileNotFoundError("mine")
    assert not place.exists()


# --- where the folder cannot be written


@pytest.fixture
def read_only(folder, monkeypatch):
    """Have the folder look as one that this process cannot write to, which root always can."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    return folder


def test_files_that_cannot_be_linked_are_copied(read_only, tmp_path, monkeypatch):
    """The copy is elsewhere, and is what the store was, with what is only in its log."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = ox.Store(str(read_only))
    store.extend(quads("logged"))
    del store
    with snapshot(read_only) as place:
        assert read_only not in place.parents
        written(read_only, "later").optimize()
        assert values(place) == {"first": SIZE, "logged": SIZE}
    assert not place.parent.exists()


def test_nobody_writes_while_files_are_copied(read_only, monkeypatch):
    """A process that wants to waits until the copy is made; one that does is waited for."""
    code = "import sys, pyoxigraph as ox; ox.Store(sys.argv[1]); print('wrote')"
    command = [sys.executable, "-c", code, str(read_only)]
    copyfile = shutil.copyfile

    def checked(one, other):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert "lock" in done.stderr.lower(), done
        monkeypatch.setattr(shutil, "copyfile", copyfile)
        return copyfile(one, other)

    monkeypatch.setattr(shutil, "copyfile", checked)
    with snapshot(read_only):
        assert shutil.copyfile is copyfile
        assert (
            subprocess.run(command, check=True, capture_output=True, text=True).stdout == "wrote\n"
        )

    code = code.replace("ox.Store(", "store = ox.Store(") + "; sys.stdout.flush(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(read_only)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "wrote\n"
        waiting = writing.kept_from_writers(read_only, 0.1)
        with pytest.raises(StoreError, match=r"has written .* for 0\.1 s"), waiting:
            pass
        other.communicate("\n")


@pytest.mark.skipif(not MEMORY.is_dir(), reason="there is no second file system")
def test_the_engine_copies_from_another_file_system(folder, monkeypatch):
    """Links are not possible between two; the snapshot is whole all the same."""
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="pkgraph-") as other:
        if Path(other).stat().st_dev == folder.stat().st_dev:
            pytest.skip("there is no second file system")
        monkeypatch.setattr(snapshots, "SNAPSHOTS", Path(other) / "snapshots")
        with snapshot(folder) as place:
            assert str(place).startswith(other)
            written(folder, "later").optimize()
            assert values(place) == {"first": SIZE}


def test_no_room_is_told(folder):
    """A failure of the file system is an error that names the store."""
    (folder / snapshots.SNAPSHOTS).write_text("in the way")
    with pytest.raises(StoreError, match="no snapshot of the store in"), snapshot(folder):
        pass
