"""The commands that make a release and verify one: release, verify-release."""

from __future__ import annotations

import hashlib
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
    place = Path(arguments.release)
    manifest = releasing.make(open_graph(arguments), place, say)
    put(f"{place}\n")
    say(
        f"{manifest.statements:,} statements in {len(manifest.graphs)} graphs, "
        f"sha256 {manifest.dataset.sha256}, in {time.perf_counter() - start:.1f} s."
    )
    if place.is_file():
        with place.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        say(f"Who serves it from elsewhere gives its address and #sha256={sha256}")
    return 0


def run_verify_release(arguments: Namespace) -> int:
    """Verify a release."""
    from pkgraph import releasing

    manifest, faults = releasing.verify(Path(arguments.release))
    for fault in faults:
        put(f"{fault}\n")
    if faults:
        say(f"{arguments.release} is not the release that its manifest describes; fetch it again.")
        return 1
    put(
        f"pkgraph {manifest.version}, release {manifest.release}: {manifest.statements:,} "
        f"statements in {len(manifest.graphs)} graphs, as the manifest says.\n"
    )
    return 0
