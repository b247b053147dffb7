"""The command that puts a release into a triple store: deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.output import counted, say

if TYPE_CHECKING:
    from argparse import Namespace
#: How many graphs of others are named.
_NAMED = 5


def run_deploy(arguments: Namespace) -> int:
    """Put the graph into a triple store."""
    from pathlib import Path

    from pkgraph import build, deployment

    addresses = deployment.Addresses.of(arguments.url, arguments.update, arguments.graph_store)
    files = [Path(name) for name in arguments.data]
    if len(files) == 1 and files[0].is_dir():
        store = build.open_folder(files[0])[0]
    else:
        store = build.load(files) if files else build.open_shipped()
    done = deployment.deploy(deployment.graphs_of(store), addresses, tell=say)
    say(
        f"The release is in place: {counted(len(done.sent), 'graph')} sent, "
        f"{len(done.resumed)} of an earlier attempt, {len(done.same)} as before, "
        f"{len(done.dropped)} dropped."
    )
    if done.others:
        more = ", …" if len(done.others) > _NAMED else ""
        say(f"Graphs of others were not touched: {', '.join(done.others[:_NAMED])}{more}")
    return 0
