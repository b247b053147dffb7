"""The command that serves: serve."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import build, graph, web
from pkgraph.store import snapshot

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator


def run_serve(arguments: Namespace) -> int:
    """Serve pages and a SPARQL endpoint until interrupted."""
    web.serve(
        partial(_opened, arguments),
        arguments.host,
        arguments.port,
        base_url=arguments.base_url,
        log=arguments.log,
        workers=arguments.workers,
    )
    return 0


@contextmanager
def _opened(arguments: Namespace) -> Iterator[graph.Graph]:
    """Give the graph that *arguments* name, as it is now and stays until the end."""
    build.release.cache_clear()  # the shipped files may be others than when it was opened last
    more = {"endpoint": arguments.endpoint, "sources": arguments.source}
    if len(arguments.data) == 1 and not arguments.endpoint and Path(arguments.data[0]).is_dir():
        with snapshot(Path(arguments.data[0])) as folder:  # others may write to the store
            yield graph.open_graph(folder, **more)
    else:
        yield graph.open_graph(arguments.data, **more)
