"""What is written out depends on what the graph says, and replaces files whole."""

from __future__ import annotations

import os
import threading

import pyoxigraph as ox
import pytest

from pkgraph import build, export, resources, results, serialization
from pkgraph.errors import StoreError, UnknownFormatError

#: Things without a name that differ only in what they are part of.
BLANK = "<urn:a> <urn:b> [ <urn:c> 1 ; <urn:d> [ <urn:e> 'needle' ] ] , [ <urn:c> 2 ] ."


@pytest.fixture
def file(tmp_path):
    """Return a file with blank nodes."""
    path = tmp_path / "data.ttl"
    path.write_text(BLANK)
    return path


@pytest.mark.parametrize("format_name", [*export.DATASET_FORMATS, *serialization.GRAPH_FORMATS])
def test_two_loads_are_written_alike(file, format_name):
    """Every byte is the same, although blank nodes have other labels in each store."""
    first, second = (export.export(build.load([file]), format_name) for _ in range(2))
    assert first == second
    assert "needle" in first


@pytest.mark.parametrize("format_name", export.DATASET_FORMATS)
def test_the_shipped_graph_reads_back(graph, format_name):
    """Each statement is in its graph again, and nothing besides."""
    text = export.export(graph.store, format_name)
    read = ox.Dataset(ox.parse(text, export.DATASET_FORMATS[format_name]))
    engine = graph.store.engine
    kept = ox.Dataset(quad for quad in engine if quad.graph_name != ox.DefaultGraph())
    for dataset in (read, kept):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert read == kept
    assert len(read) > len(resources.data_files("graph", ".ttl"))


def test_formats_without_graphs_have_the_union(graph):
    """A statement that several graphs make is written once."""
    text = export.export(graph.store, "nt")
    lines = text.splitlines()
    assert lines == sorted(set(lines))
    (row,) = graph.store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(lines) == row.n


def test_quads_are_sorted(graph):
    """The lines stand in order, so that two exports can be compared line by line."""
    lines = export.export(graph.store, "nq").splitlines()
    assert lines == sorted(lines)


def test_an_unknown_format_is_named_with_those_there_are(graph):
    """The message lists all formats."""
    with pytest.raises(UnknownFormatError, match="no format 'csv'; choose one of nq, trig, ttl"):
        export.export(graph.store, "csv")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (True, "odd answered a SELECT with something that is not a table"),
        (results.Table(("s", "p", "o", "g"), ((ox.Literal("x"),) * 4,)), "that is not RDF"),
    ],
)
def test_what_is_no_graph_is_not_written(answer, told):
    """An endpoint that answers with something else is told so."""

    class Odd:
        name = "odd"

        def query(self, _):
            return answer

    with pytest.raises(StoreError, match=told):
        export.export(Odd(), "nq")


# --- replacing a file


@pytest.mark.parametrize("before", [None, "old"])
def test_a_file_has_the_text(tmp_path, before):
    """The text is written as it is, in UTF-8, and nothing else is left in the folder."""
    path = tmp_path / "out.nq"
    if before is not None:
        path.write_text(before)
    export.replace_file(path, "é\r\nb\n")
    assert path.read_bytes() == "é\r\nb\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch, step):
    """Until all is written, the file has what it had, and afterwards nothing is beside it."""
    path = tmp_path / "out.nq"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else type(path), step, fail)
    with pytest.raises(OSError, match="No space left"):
        export.replace_file(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_cannot_be_written_leaves_nothing(tmp_path):
    """A character by halves is no UTF-8, and leaves no file where there was none."""
    with pytest.raises(UnicodeEncodeError):
        export.replace_file(tmp_path / "out.nq", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(tmp_path):
    """What it leads to is replaced, in its own folder."""
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "out.nq", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    export.replace_file(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_rights_of_a_file_stay(tmp_path, mode):
    """Whoever could read the file still can, and nobody else."""
    path = tmp_path / "out.nq"
    path.write_text("old")
    path.chmod(mode)
    export.replace_file(path, "new")
    assert path.stat().st_mode & 0o777 == mode


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path):
    """The mask of the process holds for what is written here."""
    export.replace_file(tmp_path / "ours", "x")
    (tmp_path / "any").write_text("x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_a_pipe_is_written_to_and_stays(tmp_path):
    """What is no file, such as /dev/null or a pipe, is not replaced by one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    export.replace_file(pipe, "text")
    reader.join(10)
    assert got == ["text"]
    assert pipe.is_fifo()


def test_a_folder_is_not_replaced(tmp_path):
    """Writing to a folder, or into one that is not there, is an error."""
    with pytest.raises(IsADirectoryError):
        export.replace_file(tmp_path, "x")
    with pytest.raises(FileNotFoundError):
        export.replace_file(tmp_path / "gone" / "out.nq", "x")


def test_a_long_name_can_be_written(tmp_path):
    """The name of the file beside fits where the name of the file does."""
    path = tmp_path / ("x" * 255)
    export.replace_file(path, "x")
    assert path.read_text() == "x"
