"""The commands that make a release and verify one: release, verify-release."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph.cli.asking import open_graph
from pkgraph.cli.output import put, say

if TYPE_CHECKING:
    from argparse import Namespace


def run_release(arguments: Namespace) -> int:
    """Make a release."""
    from pkgraph import releasing

    start = time.perf_counter()
    folder = Path(arguments.folder)
    manifest = releasing.make(open_graph(arguments), folder, say)
    put(f"{folder}\n")
    say(
        f"{manifest.statements:,} statements in {len(manifest.graphs)} graphs, "
        f"sha256 {manifest.dataset.sha256}, in {time.perf_counter() - start:.1f} s."
    )
    return 0


def run_verify_release(arguments: Namespace) -> int:
    """Verify a release."""
    from pkgraph import releasing

    manifest, faults = releasing.verify(Path(arguments.folder))
    for fault in faults:
        put(f"{fault}\n")
    if faults:
        say(f"{arguments.folder} is not the release that its manifest describes; fetch it again.")
        return 1
    put(
        f"pkgraph {manifest.version}, release {manifest.release}: {manifest.statements:,} "
        f"statements in {len(manifest.graphs)} graphs, as the manifest says.\n"
    )
    return 0
