"""
Time `pkgraph check`: of a file with one claim, and of the whole graph against pySHACL.

The file is checked by a process of its own, as of an installed pkgraph: Python keeps what it has
compiled. What counts is the time of processors, which is what a check costs a hook or a server that
runs it for each change. The graph is validated within
one process; both engines have read the shapes, and each reads the statements in its own way.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from pkgraph import namespaces, resources
from pkgraph.validation import compiled, reference, shapes
from timing import Comparison, medians, report

REPEATS: Final = 10
#: pySHACL takes long, and its time varies little.
REPEATS_OF_GRAPH: Final = 3
LIMIT_MS: Final = 400
FASTER: Final = 20
PKGRAPH: Final = str(Path(sys.executable).with_name("pkgraph"))
BARE: Final = (sys.executable, "-c", "import pyoxigraph")
#: With this Python compiles everything anew each time.
_NOT_KEPT: Final = frozenset({"PYTHONDONTWRITEBYTECODE"})
ONE_CLAIM: Final = """
claim:example-2001-calm a pk:Claim ;
    rdfs:label "Monitors calm a border"@en ;
    pk:voice voice:own ;
    pk:kind kind:causal ;
    pk:about concept:peacekeeping ;
    pk:occursAt occurrence:example-2001-1 .

occurrence:example-2001-1 a pk:Occurrence ;
    pk:inPassage passage:bellamy-2004-1-0-p1 ;
    pk:firstLine 5 ;
    pk:lastLine 6 .
"""


def processor_ms(*command: str) -> float:
    """Run *command* and return the milliseconds that processors spent on it."""
    env = {name: value for name, value in os.environ.items() if name not in _NOT_KEPT}
    before = os.times()
    subprocess.run(
        command, check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = os.times()
    spent = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return spent * 1000


def one_claim() -> Comparison:
    """Compare the check of a file with one claim to a Python that only imports the engine."""
    prefixes = "".join(f"@prefix {p}: <{ns}> .\n" for p, ns in namespaces.prefixes().items())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one-claim.ttl")
        path.write_text(prefixes + ONE_CLAIM, "utf-8")
        commands = ((PKGRAPH, "check", str(path)), BARE)
        times = [[processor_ms(*each) for each in commands] for _ in range(REPEATS + 1)]
        ours, bare = map(statistics.median, zip(*times[1:], strict=True))
    return Comparison("`pkgraph check one-claim.ttl`", ours, bare, LIMIT_MS)


def whole_graph() -> Comparison:
    """Compare the validation of the shipped graph by both engines."""
    files = resources.data_files("graph", ".ttl")
    triples = [q.triple for path in files for q in ox.parse(path=path)]
    ours, bare = medians(
        partial(compiled.findings, triples, shapes.ours()),
        partial(reference.findings, triples, shapes.ours()),
        repeats=REPEATS_OF_GRAPH,
    )
    name = f"validate the shipped graph, {len(triples)} statements"
    return Comparison(name, ours, bare, bare / FASTER)


def main() -> None:
    """Print the tables."""
    report("Checking one claim, time of processors", f"{LIMIT_MS} ms", [one_claim()])
    report("Checking the graph", f"pySHACL, here called bare, / {FASTER}", [whole_graph()])


if __name__ == "__main__":
    main()
