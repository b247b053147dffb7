"""
The pages say what is so: their links lead somewhere and their blocks do what they show.

What a block is for is told by the word after its fence:

``console``
    Lines that begin with ``$`` are commands, run by bash; the lines below are what they print,
    errors included. ``…`` stands for any text, on a line of its own for any lines, and ``[2]`` as
    the last line for an exit status other than 0. What needs Java or curl is run where there is
    one. A server that is started with ``&`` runs to the end of the page.
``python``
    The Python blocks of a page are one program. A ``text`` block right after one is what it prints.
``turtle``, ``sparql``
    Must parse. With a file name after the word, the block is written to that file first. Turtle
    without a file name is what the graph says, and may leave the prefixes out.
``csv``, ``yaml``
    With a file name after the word; written to that file, for the commands that follow.
``sh``
    Commands for a machine of one's own. They are not run; the targets of make in them must exist.
``r``
    Run where there is an R.

All blocks of a page run in order in one folder that has only a copy of ``graph/`` and
``queries/``. Where one speaks to ``http://127.0.0.1:8080``, a server is there, at another port:
that of the page, or else one of the graph that comes with pkgraph.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from markdown_it import MarkdownIt

from pkgraph import reasoning
from pkgraph.errors import JavaNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(
            page
            for folder in ("benchmarks", "deploy", "docs")
            for page in ROOT.glob(f"{folder}/**/*.md")
        ),
    ],
    key=lambda page: page.relative_to(ROOT),
)
RUN = {"console", "python", "r"}
SERVED = "http://127.0.0.1:8080"
LANGUAGES = {"console", "csv", "python", "r", "sh", "sparql", "text", "turtle", "yaml"}
STATUS = re.compile(r"\[(\d+)\]")
# Printed after each Python block; not one of the characters at which Python splits lines.
END_OF_BLOCK = "\N{SYMBOL FOR END OF TRANSMISSION BLOCK}"


@cache
def tokens(page):
    """Return the tokens of *page*, inline ones included, in order."""
    flat: list[Token] = []
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        flat.append(token)
        flat.extend(token.children or [])
    return flat


@cache
def anchors(page):
    """Return the fragments that *page* offers: its headings, as forges name them, and its ids."""
    seen: Counter[str] = Counter()
    found = set()
    flat = tokens(page)
    for token, text in pairwise(flat):
        if token.type == "heading_open":
            plain = re.sub(r"[`*_]|\]\([^)]*\)|\[", "", text.content).lower()
            slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        if token.type in {"html_block", "html_inline"}:
            found.update(re.findall(r'id="([^"]+)"', token.content))
    return found


def links(page):
    """Yield the addresses that *page* links to or shows as an image."""
    for token in tokens(page):
        address = token.attrGet("href") or token.attrGet("src")
        if address:
            yield unquote(str(address))


def broken(page):
    """Yield the links of *page* inside the repository that lead nowhere."""
    for link in links(page):
        path, _, fragment = link.partition("#")
        if ":" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (fragment and fragment not in anchors(target)):
            yield link


def name_of(page):
    """Return how a test names *page*: its path in the repository."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    """Every link to a file or a heading of the repository finds it."""
    assert list(broken(page)) == []


def test_broken_links_are_noticed(tmp_path):
    """A link to a missing file, a missing heading or a missing heading elsewhere is told."""
    (tmp_path / "other.md").write_text("# There is *one*\n\n## Twice\n\n## Twice\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Top\n[a](#top) [b](other.md#there-is-one) [c](other.md#twice-1) [d](https://example.org/)\n"
        "[e](none.md) [f](#none) [g](other.md#none) ![h](none.png)\n"
    )
    assert list(broken(page)) == ["none.md", "#none", "other.md#none", "none.png"]


def test_every_page_is_reached():
    """From the README every page of the repository can be reached by links."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [
            (page.parent / path).resolve()
            for path in (link.partition("#")[0] for link in links(page))
            if path and ":" not in path
        ]
    assert [name_of(page) for page in PAGES if page not in reached] == []


@dataclass(frozen=True)
class Block:
    """A fenced block: the word after its fence, what follows the word, its text and its place."""

    language: str
    argument: str
    text: str
    place: str


def blocks(page):
    """Return the fenced blocks of *page* in order."""
    return [
        Block(*f"{token.info} ".split(" ", 1), token.content, f"{name_of(page)}:{token.map[0] + 1}")
        for token in tokens(page)
        if token.type == "fence"
    ]


def commands(block) -> Iterator[tuple[str, list[str], int]]:
    """Yield each command of a console block with the lines it prints and its exit status."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        end = next(number for number, line in enumerate(lines) if not line.endswith("\\")) + 1
        shown = lines[end:]
        status = STATUS.fullmatch(shown[-1]) if shown else None
        if status:
            shown.pop()
        yield "\n".join(lines[:end]), shown, int(status[1]) if status else 0


def agree(shown, printed):
    """Tell whether the lines *printed* are those *shown*, where … stands for any text."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r" *\n"
        for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "agreed"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "c"], False),
        (["a"], ["a", "b"], False),
        (["a", "…"], ["a", "b", "c"], True),
        (["a", "…", "d"], ["a", "b", "c"], False),
        (["built in … s"], ["built in 0.3 s"], True),
        (["a.c"], ["abc"], False),
    ],
)
def test_what_is_shown_is_compared(shown, printed, agreed):
    """Only … may differ between what a page shows and what a command prints."""
    assert agree(shown, printed) is agreed


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Stand in a folder with graph/ and queries/ alone, where `pkgraph` is the one under test."""
    for name in ("graph", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)
    return tmp_path


@pytest.fixture
def running():
    """Return what ends the processes that are to run to the end of a page."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def server():
    """Serve the graph that comes with pkgraph; return the address without the last slash."""
    command = [Path(sys.executable).with_name("pkgraph"), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        yield address_of(process)
        process.terminate()


def address_of(process):
    """Return where the server that *process* is says it serves, without the last slash."""
    return re.search(r"http://[\d.:]+", process.stderr.readline())[0]


def served(page_blocks, address):
    """Return the blocks of a page with *address* where they speak to a server."""
    return [replace(block, text=block.text.replace(SERVED, address)) for block in page_blocks]


def run(command, **options):
    """Run *command* and return what it printed, errors included, and its exit status."""
    done = subprocess.run(
        command,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        **options,
    )
    return done.stdout.splitlines(), done.returncode


def unsaid(block, graph):
    """Return the statements of a block of Turtle that *graph* does not make."""
    prefixes = (ROOT / "ontology/prefixes.ttl").read_text(encoding="utf-8")
    told = ox.parse(prefixes + block.text, format=ox.RdfFormat.TURTLE)
    return [str(quad) for quad in told if quad not in graph.store.engine]


def runs_here(command):
    """Tell whether this machine has what *command* needs besides pkgraph."""
    if "pkgraph verify" in command:
        try:
            reasoning.find_java()
        except JavaNotFoundError:
            return False
    return "curl " not in command or shutil.which("curl") is not None


def of_its_own(page_blocks):
    """Return the blocks of a page, whose server has a free port, and where that is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = f"$ pkgraph serve --port {port}"
    told = [
        replace(block, text=block.text.replace("$ pkgraph serve", serve)) for block in page_blocks
    ]
    return served(told, f"http://127.0.0.1:{port}")


def start(command, lines, running):
    """Start *command*, to be ended with *running*, and return the first *lines* that it prints."""
    process = running.enter_context(
        subprocess.Popen(
            ["bash", "-c", f"exec {command.removesuffix('&')}"],
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    )
    running.callback(process.terminate)
    return [process.stdout.readline().removesuffix("\n") for _ in range(lines)]


def run_console(block, running):
    """Run the commands of *block* and hold what they print against what it shows."""
    for command, shown, status in commands(block):
        if not runs_here(command):
            continue
        if command.endswith(" &"):
            printed, ended = start(command, len(shown), running), 0
        else:
            printed, ended = run(["bash", "-o", "pipefail", "-c", command])
        told = "\n".join(printed)
        assert agree(shown, printed), f"{block.place}: $ {command}\nprints\n{told}"
        assert ended == status, f"{block.place}: $ {command}\nends with {ended}\n{told}"


def run_python(page_blocks):
    """Run the Python blocks of a page as one program; its output is in the text blocks."""
    program, expected = [], []
    for number, block in enumerate(page_blocks):
        if block.language != "python":
            continue
        program.append(f"{block.text}\nprint('{END_OF_BLOCK}', flush=True)\n")
        after = page_blocks[number + 1] if number + 1 < len(page_blocks) else None
        shown = after.text.splitlines() if after and after.language == "text" else []
        expected.append((block.place, shown))
    printed, ended = run([sys.executable, "-c", "\n".join(program)])
    parts = "\n".join(printed).split(END_OF_BLOCK)
    for (place, shown), part in zip(expected, parts, strict=False):
        assert agree(shown, part.strip("\n").splitlines()), f"{place}\nprints\n{part}"
    assert ended == 0, f"{expected[0][0]}: the Python blocks end with {ended}\n{parts[-1]}"


def test_what_python_prints_is_compared():
    """The text after each Python block is held against what that block alone prints."""
    one = Block("python", "", "a = 1\nprint(a)\n", "page.md:1")
    two = Block("python", "", "print(a + 1)\n", "page.md:5")
    run_python([one, Block("text", "", "1\n", ""), two, Block("text", "", "2\n", "")])
    with pytest.raises(AssertionError, match=r"page\.md:5"):
        run_python([one, Block("text", "", "1\n", ""), two, Block("text", "", "3\n", "")])
    with pytest.raises(AssertionError, match=r"page\.md:1"):
        run_python([one, two, Block("text", "", "2\n", "")])


def test_what_the_graph_does_not_say_is_noticed(graph):
    """Turtle on a page is held against the graph, statement by statement."""
    text = "place:congo a pk:Place ; rdfs:label 'Kongo'@en ."
    assert [said.split()[2] for said in unsaid(Block("turtle", "", text, ""), graph)] == [
        '"Kongo"@en'
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if "reference" not in page.parts], ids=name_of
)
def test_blocks_do_what_they_show(page, scratch, graph, request, running):
    """Every block of a page runs, and prints what the page shows."""
    page_blocks = blocks(page)
    if any(" &\n" in block.text for block in page_blocks if block.language == "console"):
        page_blocks = of_its_own(page_blocks)
    elif any(SERVED in block.text for block in page_blocks if block.language in RUN):
        page_blocks = served(page_blocks, request.getfixturevalue("server"))
    for block in page_blocks:
        assert block.language in LANGUAGES, f"{block.place}: no such language: {block.language!r}"
        if block.argument.strip():
            (scratch / block.argument.strip()).write_text(block.text, encoding="utf-8")
        if block.language == "turtle":
            assert block.argument.strip() or unsaid(block, graph) == [], block.place
        elif block.language == "sparql":
            ox.Store().query(block.text)
        elif block.language == "console":
            run_console(block, running)
        elif block.language == "r" and shutil.which("Rscript"):
            printed, ended = run(["Rscript", "-e", block.text])
            assert ended == 0, "\n".join(printed)
    if any(block.language == "python" for block in page_blocks):
        run_python(page_blocks)


def test_targets_of_make_exist():
    """Every target of make that a page names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = {
        target
        for page in PAGES
        for text in [
            *(block.text for block in blocks(page) if block.language == "sh"),
            *(token.content for token in tokens(page) if token.type == "code_inline"),
        ]
        for target in re.findall(r"^(?:\$ )?make ([a-z]+)", text, flags=re.MULTILINE)
    }
    assert named
    assert named - targets == set()
