"""The command that serves: serve."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import build, graph, web
from pkgraph.cli.output import say
from pkgraph.errors import UsageError
from pkgraph.store import is_store, snapshot

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator


def run_serve(arguments: Namespace) -> int:
    """Serve pages and a SPARQL endpoint until interrupted."""
    if arguments.release and (arguments.data or arguments.endpoint or arguments.tokens):
        raise UsageError(
            "--release serves what never changes, in place of what --data or --endpoint names, and "
            "takes no contributions; leave out the one or the other"
        )
    if arguments.release:
        from pkgraph import releasing  # slow to import

        releasing.folder_of(arguments.release, say)  # what takes long is told, but in no log
    gate = _gate(arguments)
    web.serve(
        partial(released if arguments.release else opened, arguments),
        arguments.host,
        arguments.port,
        base_url=arguments.base_url,
        log=arguments.log,
        workers=arguments.workers,
        gate=gate,
    )
    return 0


@contextmanager
def opened(arguments: Namespace) -> Iterator[graph.Graph]:
    """Give the graph that *arguments* name, as it is now and stays until the end."""
    build.release.cache_clear()  # the shipped files may be others than when it was opened last
    more = {"endpoint": arguments.endpoint, "sources": arguments.source}
    if len(arguments.data) == 1 and not arguments.endpoint and is_store(Path(arguments.data[0])):
        with snapshot(Path(arguments.data[0])) as folder:  # others may write to the store
            yield graph.open_graph(folder, **more)
    else:
        yield graph.open_graph(arguments.data, **more)


@contextmanager
def released(arguments: Namespace) -> Iterator[graph.Graph]:
    """Give the graph of the release that *arguments* name, which is verified first."""
    from pkgraph import releasing  # slow to import

    folder = releasing.verified_folder(arguments.release)
    yield graph.open_graph(folder, sources=arguments.source)


def _gate(arguments: Namespace) -> web.Gate | None:
    """
    Return what contributions go through, if any are to be taken.

    Raises:
        InputError: The file of tokens cannot be read, or others may read it.
        UsageError: What is served is not the one store that they could be taken into.
    """
    if arguments.tokens is None:
        return None
    if len(arguments.data) != 1 or arguments.endpoint or arguments.source:
        raise UsageError(
            "--tokens lets contributions into a store, and the whole of it is served; give its "
            "folder with --data, and nothing else to ask"
        )
    folder = Path(arguments.data[0])
    if not is_store(folder):
        raise UsageError(
            f"--tokens lets contributions into a store, and there is none in {folder}; pkgraph "
            "contribute makes one"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(
            f"--tokens lets contributions into a store, and {folder} cannot be written to; give "
            "whoever runs the server the right to, or leave --tokens out"
        )
    gate = web.Gate(folder.resolve(), Path(arguments.tokens).resolve())
    gate.tokens.all()  # what is wrong with the file is told now
    return gate
