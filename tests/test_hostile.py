"""What holds of hostile and broken contributions: each ends in a clear verdict, in little time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import hostile_files
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warmed_up import Commands

from pkgraph import resources

HOSTILE = Path(__file__).parent / "corpus" / "hostile"
EXPECTED = json.loads((HOSTILE / "expected.json").read_text("utf-8"))
CPU_S = 10
MEMORY_MIB = 512
#: What of the libraries is in no memory of a child before it is used there, so is not counted.
LIBRARIES_MIB = 32
#: What a terminal would act on.
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="session")
def commands():
    """Return what runs commands, each in a process of its own."""
    running = Commands()
    yield running
    running.close()


def shown(name: str) -> str:
    """Return the name of a row for the name of its test."""
    return ascii(name[:60]).strip("'")


# --- the corpus


def test_the_corpus_is_whole() -> None:
    """There is a row for each file, a file for each row, and enough of each kind."""
    kept = [row["file"] for row in EXPECTED if "made" not in row]
    made = [row["file"] for row in EXPECTED if "made" in row]
    assert sorted(kept) == sorted({p.name for p in HOSTILE.iterdir()} - {"expected.json"})
    assert sorted(made) == sorted([*hostile_files.CONTENTS, *hostile_files.MAKERS])
    assert len(kept) >= 120
    assert {row["status"] for row in EXPECTED} == {0, 1, 2}


@pytest.mark.parametrize("row", EXPECTED, ids=[shown(row["file"]) for row in EXPECTED])
def test_a_hostile_file_ends_in_a_clear_verdict(row, commands, tmp_path) -> None:
    """It is accepted or refused as expected, with place and reason, in time and in memory."""
    name, folder = row["file"], HOSTILE
    if "made" in row:
        folder = tmp_path / "a"
        folder.mkdir()
        hostile_files.make(name, folder)
    ended = commands.run("check", name, folder=folder)
    assert ended.status == row["status"], ended.out[:1000] + ended.err[:1000]
    rules = set(re.findall(r"^ +shape +(\S+)$", ended.out, re.MULTILINE))
    assert rules == set(row.get("rules", ()))
    if "place" in row:
        assert f"{name}:{row['place']}: Violation: " in ended.out
    assert row["said"] in (ended.out if ended.status == 1 else ended.err)
    assert ended.cpu_s <= CPU_S
    assert ended.mib <= MEMORY_MIB - LIBRARIES_MIB
    assert not ACTING.search(ended.out + ended.err)
    assert not re.search(r"[\ud800-\udfff]", ended.out + ended.err)
    if name.startswith("--"):
        return  # argparse says how the command is used as well
    lines = ended.err.splitlines()
    assert lines[0].startswith("pkgraph: " if ended.status == 2 else name)
    assert lines[1:] in ([], ["Mends were looked for in the first 1000 findings."])


def test_the_limits_would_show(commands, tmp_path) -> None:
    """What takes more memory and time than it may is seen to do so."""
    path = tmp_path / "a.ttl"
    path.write_text(hostile_files.PREFIXES + hostile_files.PERSON.format("Rudolf"), "utf-8")
    one = commands.run("check", "a.ttl", folder=tmp_path)
    path.write_text("#" + "x" * 15 * hostile_files.MIB + path.read_text("utf-8"), "utf-8")
    other = commands.run("check", "a.ttl", folder=tmp_path)
    assert other.mib > one.mib + 15
    assert other.cpu_s > one.cpu_s


# --- no network, and no other file


#: Read whole, with all that they refer to; then what is refused while it is read.
TRACED = [
    ["plain.ttl", "shapes-graph.ttl", "target-by-query.ttl", "constraint-by-script.ttl",
     "style-sheet.rdf", "schema-location.rdf", "plain.jsonld", "query-in-a-label.ttl",
     "markdown-in-a-label.ttl", "based-elsewhere.rdf", "plain.csv", "plain.xlsx", "plain.bib",
     "commands-of-tex.bib", "plain.ris", "plain.json"],
    ["entity-external-file.rdf", "entity-external-address.owl", "entity-parameter.rdf",
     "dtd-external.rdf", "include.rdf", "context-remote.jsonld", "context-file.jsonld",
     "context-imported.jsonld", "context-relative.jsonld", "triple-term.nt",
     "graph-of-another.trig", "graph-of-another.nq", "nanopublication-forged.trig"],
    ["entity-external.xlsx"],
    ["path-outside.xlsx"],
    ["formula.csv"],
    ["packed.zip"],
]  # fmt: skip
OPENED = re.compile(r'open(?:at2?)?\((?:AT_FDCWD, |\d+[^"]*, )?"([^"]*)".*\) = \d+')
NETWORK = re.compile(r"(?:socket|connect|sendto|sendmsg|bind)\(")


def traced(*command: str, folder: Path, out: Path) -> tuple[list[str], list[str]]:
    """Return the calls of a command to the network, and the files that it opened."""
    if shutil.which("strace") is None and os.environ.get("CI", "") != "true":
        pytest.skip("there is no strace here; run: apt-get install strace")
    calls = "trace=%network,open,openat,openat2,creat"
    strace = ["strace", "-f", "-qq", "-e", calls, "-s", "4096", "-o", str(out)]
    subprocess.run([*strace, *command], check=False, capture_output=True, cwd=folder)
    lines = out.read_text("utf-8", "backslashreplace").splitlines()
    network = [line for line in lines if NETWORK.search(line)]
    return network, [found[1] for line in lines if (found := OPENED.search(line))]


@pytest.mark.parametrize("files", TRACED, ids=lambda files: files[0])
def test_nothing_but_the_named_files_is_opened(files, tmp_path, cache_home) -> None:
    """No call reaches the network; what is opened belongs to the system, to Python or to us."""
    network, opened = traced(
        *(sys.executable, "-P", "-m", "pkgraph", "check", *files),
        folder=HOSTILE,
        out=tmp_path / "trace",
    )
    assert network == []
    assert set(files) <= {*opened, *(files if files == ["packed.zip"] else ())}
    data = map(resources.folder, ("graph", "ontology", "queries", "shapes"))
    ours = [Path(resources.__file__).parent, *data]
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix]
    # The rest is what the loader, the libraries and the runtimes of Python and of Rust look at.
    system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"]
    machine = ["/proc", "/sys", "/dev/null", "/dev/urandom"]
    allowed = [*map(Path, [*python, *system, *machine]), *ours, cache_home]
    searched = set(map(Path, sys.path))  # the folders themselves, for modules
    for name in set(opened) - set(files):
        path = Path(os.path.normpath(HOSTILE / name))
        assert path in searched or any(path.is_relative_to(each) for each in allowed), name


def test_the_trace_would_show(tmp_path) -> None:
    """A process that opens another file and calls an address is seen to do so."""
    program = (
        "import socket; open('/etc/passwd').close(); s = socket.socket(); s.settimeout(0.01);"
        "s.connect_ex(('127.0.0.1', 9))"
    )
    network, opened = traced(sys.executable, "-c", program, folder=tmp_path, out=tmp_path / "trace")
    assert "/etc/passwd" in opened
    assert any("connect(" in call for call in network)


# --- by chance


SEEDS = ("plain.ttl", "second-voice.ttl", "plain.jsonld", "context-null.jsonld", "plain.rdf",
         "second-voice.rdf", "graph-of-another.nq", "nanopublication-forged.trig", "plain.csv",
         "plain.bib", "plain.ris", "plain.json")  # fmt: skip
#: Pieces that mean something in some syntax.
WORDS = (
    '< > " \' """ \\ \\u { } [ ] ( ) << {| @ @base _: a . ; , # & &#0; <!-- <![CDATA[ ]]> null -1 '
    "1e999 @context @id @type @list @reverse @value @json rdf:li xml:base='' xml:lang='-' "
    "rdf:parseType='Resource' <!DOCTYPE @string{a=a} ER\u00a0 \u202e \ufeff \x00"
)
PIECES = st.sampled_from([*(word.encode() for word in WORDS.split(" ")), b"\xff", b"\r", b"\n"])
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "repeat", "replace"]),
        st.floats(0, 1),
        st.integers(1, 40),
        PIECES | st.binary(max_size=8),
    ),
    min_size=1,
    max_size=6,
)
BY_CHANCE = settings(
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def changed(content: bytes, changes) -> bytes:
    """Return *content* with pieces of it taken out, repeated, replaced and put in."""
    for what, where, length, piece in changes:
        at = int(where * len(content))
        part = content[at : at + length]
        middle = {"insert": piece + part, "delete": b"", "repeat": part * 3, "replace": piece}
        content = content[:at] + middle[what] + content[at + length :]
    return content


@pytest.mark.parametrize("seed", SEEDS)
@BY_CHANCE
@given(changes=CHANGES)
def test_a_file_changed_by_chance_ends_in_a_verdict(seed, commands, tmp_path, changes) -> None:
    """However a file is broken, there is a verdict, and no fault of ours."""
    name = f"a{Path(seed).suffix}"
    (tmp_path / name).write_bytes(changed((HOSTILE / seed).read_bytes(), changes))
    ended = commands.run("check", name, folder=tmp_path)
    assert ended.status in {0, 1, 2}, ended.err
    assert not ACTING.search(ended.out + ended.err)


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".jsonld", ".rdf", ".trig", ".xlsx", ".bib"])
@BY_CHANCE
@given(content=st.binary(max_size=200) | st.lists(PIECES, max_size=30).map(b" ".join))
def test_bytes_by_chance_end_in_a_verdict(ending, commands, tmp_path, content) -> None:
    """Bytes that nobody wrote are refused, whatever the name of their file says that they are."""
    name = f"a{ending}"
    (tmp_path / name).write_bytes(content)
    ended = commands.run("check", name, folder=tmp_path)
    assert ended.status in {0, 1, 2}, ended.err
    assert not any(unicodedata.category(sign) == "Cs" for sign in ended.out + ended.err)
