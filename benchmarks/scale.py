"""
Measure how everything grows with the graph, and write the table and the plot of it.

Made-up literatures of some sizes are generated, loaded, validated and asked, by
``scale_steps.py``. What was measured is kept in the working folder, so that a run that was stopped
goes on where it was, and a larger size is added to those that are there. The exponent of a curve is
the slope of the logarithm of its times against that of the number of statements, by least squares:
0 is flat, 1 grows as the graph does.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

import growth_report

#: How many claims make about 10 thousand, 100 thousand, 1 million and 10 million statements.
SIZES: Final = (130, 2_000, 33_000)
LARGEST: Final = 330_000
STEPS: Final = ("make", "raw", "load", "validate", "contribute", "visit", "ask")
#: A query that gives no answer for so long is given up, in seconds; it cannot be stopped.
PATIENCE_S: Final = {"ask": 30.0}


def measure(folder: Path, claims: int) -> dict[str, dict[str, Any]]:
    """Return what was measured of a size, each step measured first if it was not yet."""
    place = folder / str(claims)
    place.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, Any]] = {}
    for step in STEPS:
        kept = place / f"{step}.jsonl"
        while not (lines := read(kept)) or lines[-1]["name"] not in ("memory", "given up"):
            print(f"{claims} claims: {step}", file=sys.stderr, flush=True)
            run(step, place, claims, kept)
        for line in lines:
            name = f"memory: {step}" if line["name"] == "memory" else line.pop("name")
            found[name] = line
    return found


def read(kept: Path) -> list[dict[str, Any]]:
    """Return the measurements in a file, none if it is not there."""
    if not kept.is_file():
        return []
    return [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]


def run(step: str, place: Path, claims: int, kept: Path) -> None:
    """Run a step in a process of its own, and add what it measures to a file."""
    done = [line["name"] for line in read(kept)] if step == "ask" else []
    script = Path(__file__).with_name("scale_steps.py")
    command = [sys.executable, str(script), step, str(place), str(claims), *done]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout  # noqa: S101 - for the type checker
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=forward, args=(process.stdout, lines), daemon=True).start()
    case = ""
    with kept.open("a" if step == "ask" else "w", encoding="utf-8") as file:
        while True:
            try:
                line = lines.get(timeout=PATIENCE_S.get(step))
            except queue.Empty:
                process.kill()
                process.wait()
                file.write(json.dumps({"name": case, "slower_than_s": PATIENCE_S[step]}) + "\n")
                return
            if not line:
                break
            value = json.loads(line)
            if value["name"] == "begins":
                case = value["case"]
            else:
                file.write(line)
                file.flush()  # what was measured is kept where this is stopped
    if process.wait():
        raise SystemExit(f"{' '.join(command)} failed")


def forward(stream: Any, lines: queue.Queue[str]) -> None:  # noqa: ANN401
    """Hand on the lines of a stream, and an empty one at its end."""
    for line in stream:
        lines.put(line)
    lines.put("")


def main() -> None:
    """Measure, and write the report."""
    parser = argparse.ArgumentParser(description="Measure how everything grows with the graph.")
    parser.add_argument("--claims", type=int, nargs="+", default=list(SIZES), help="the sizes")
    parser.add_argument(
        "--ten-million", action="store_true", help="one more, of ten million statements: an hour"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("growth-data"), help="keeps stores and measurements"
    )
    parser.add_argument("--out", type=Path, required=True, help="the Markdown file to write")
    arguments = parser.parse_args()
    sizes = sorted({*arguments.claims, *([LARGEST] if arguments.ten_million else [])})
    if len(sizes) == 1:
        parser.error("--claims needs two sizes or more: one makes no curve")
    os.nice(10)
    measured = [measure(arguments.folder, claims) for claims in sizes]
    growth_report.write(measured, arguments.out)


if __name__ == "__main__":
    main()
