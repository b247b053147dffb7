"""
Put what is really printed into the pages, wherever it differs from what they show.

Run ``python tests/refresh_pages.py [PAGE …]`` after the graph, a query or a message has changed,
then read the difference: the words around an example have to be true of it. Without a page, all
are refreshed. An example that agrees, with its … for any text, stays as it is; so does one that
this machine cannot run. ``tests/test_docs.py`` tells how blocks are marked, and compares.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import test_docs as docs


def console(block) -> list[str]:
    """Return the lines of a console block with what its commands print."""
    lines: list[str] = []
    for command, shown, status in docs.commands(block):
        told, ended = shown, status
        if docs.runs_here(command):
            printed, ended = docs.run(["bash", "-o", "pipefail", "-c", command])
            if not docs.agree(shown, printed):
                told = [line.rstrip() for line in printed]
        lines += [f"$ {command}", *told, *([f"[{ended}]"] if ended else [])]
    return lines


def python(page_blocks) -> dict[int, list[str]]:
    """Return what each Python block prints, by the number of the text block that shows it."""
    numbers = [number for number, block in enumerate(page_blocks) if block.language == "python"]
    if not numbers:
        return {}
    end = f"\nprint('{docs.END_OF_BLOCK}', flush=True)\n"
    program = "".join(page_blocks[number].text + end for number in numbers)
    printed, ended = docs.run([sys.executable, "-c", program])
    if ended:
        raise SystemExit("\n".join(printed))
    parts = "\n".join(printed).split(docs.END_OF_BLOCK)
    found = {}
    for number, part in zip(numbers, parts, strict=False):
        after = page_blocks[number + 1] if number + 1 < len(page_blocks) else None
        told = [line.rstrip() for line in part.strip("\n").splitlines()]
        if after and after.language == "text" and not docs.agree(after.text.splitlines(), told):
            found[number + 1] = told
    return found


def refreshed(page: Path, address: str) -> str:
    """Return the text of *page* with what is printed where a server is at *address*."""
    lines = page.read_text(encoding="utf-8").splitlines()
    fences = [token for token in docs.tokens(page) if token.type == "fence"]
    page_blocks = docs.served(docs.blocks(page), address)
    new: dict[int, list[str]] = {}
    for number, block in enumerate(page_blocks):
        if block.argument.strip():
            Path(block.argument.strip()).write_text(block.text, encoding="utf-8")
        if block.language == "console":
            new[number] = console(block)
    new |= python(page_blocks)
    for number, told in sorted(new.items(), reverse=True):
        start, stop = fences[number].map or (0, 0)
        lines[start + 1 : stop - 1] = [line.replace(address, docs.SERVED) for line in told]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def scratch():
    """Stand in a folder with copies of graph/ and queries/ alone."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("graph", "queries"):
            shutil.copytree(docs.ROOT / name, Path(folder, name))
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def main(names: list[str]) -> None:
    """Refresh the pages *names*, or all."""
    pages = [Path(name).resolve() for name in names] or [
        page for page in docs.PAGES if "reference" not in page.parts
    ]
    folder = Path(sys.executable).parent
    os.environ |= {"COLUMNS": "100", "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    command = [str(folder / "pkgraph"), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as server:
        address = docs.address_of(server)
        for page in pages:
            with scratch():
                text = refreshed(page, address)
            if text != page.read_text(encoding="utf-8"):
                page.write_text(text, encoding="utf-8")
                sys.stdout.write(f"{docs.name_of(page)}\n")
        server.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
