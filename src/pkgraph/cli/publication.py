"""The command that publishes: publish."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph.cli.output import put, say
from pkgraph.cli.serving import opened

if TYPE_CHECKING:
    from argparse import Namespace

#: How often it is told how far it is, and how many names are told.
_EVERY_S: Final = 5
_NAMED: Final = 5
_MB: Final = 1_000_000


def run_publish(arguments: Namespace) -> int:
    """Write the whole site as files."""
    from pkgraph import publication

    started = told = time.monotonic()

    def progress(files: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY_S:
            told = now
            say(f"{files:,} files after {now - started:.0f} s …")

    target = Path(arguments.folder)
    with opened(arguments) as graph:
        found = publication.publish(
            graph, target, arguments.base_url, progress, arguments.processes
        )
    if found.without:
        more = ", …" if len(found.without) > _NAMED else ""
        say(
            f"{len(found.without)} things have names that no file can have, and so no page: "
            f"{', '.join(found.without[:_NAMED])}{more}"
        )
    if not arguments.base_url:
        say("No --base-url: there is no site map, and nothing for w3id.org.")
    put(f"{target}\n")
    say(
        f"{found.pages:,} pages in {found.files:,} files, {found.bytes / _MB:.1f} MB, every link "
        f"followed, in {time.monotonic() - started:.0f} s."
    )
    return 0
