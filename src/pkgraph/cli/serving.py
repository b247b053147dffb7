"""The command that serves: serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph import web
from pkgraph.cli.asking import open_graph

if TYPE_CHECKING:
    from argparse import Namespace


def run_serve(arguments: Namespace) -> int:
    """Serve pages and a SPARQL endpoint until interrupted."""
    web.serve(
        open_graph(arguments),
        arguments.host,
        arguments.port,
        base_url=arguments.base_url,
        log=arguments.log,
        workers=arguments.workers,
    )
    return 0
