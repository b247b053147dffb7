"""
Time `pkgraph query NAME` as a whole process against a Python that only imports the engine.

What is measured is what a reader waits for: start of Python, imports, opening the store, the query
and the table. The store is built beforehand.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Final

from timing import Comparison, medians, report

REPEATS: Final = 30
PKGRAPH: Final = str(Path(sys.executable).with_name("pkgraph"))
BARE: Final = (sys.executable, "-c", "import pyoxigraph")
QUERIES: Final = (
    ("typologies",),
    ("authors-arguments-missions", "author=Woodhouse"),
    ("coverage",),
)


def run(*command: str) -> None:
    """Run *command* and wait for it; what it prints is thrown away."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    """Print the table."""
    found = []
    for query in QUERIES:
        ours, bare = medians(
            partial(run, PKGRAPH, "query", *query), partial(run, *BARE), repeats=REPEATS
        )
        name = f"`pkgraph query {' '.join(query)}`"
        found.append(Comparison(name, ours, bare, limit_ms=3 * bare + 100))
    report("Whole process", '3 × `python -c "import pyoxigraph"` + 100 ms', found)


if __name__ == "__main__":
    main()
