"""
Time what asking an endpoint elsewhere costs beyond reading the bytes of its answer.

In one warm process, the Oxigraph server on this machine is asked queries of some sizes: by urllib,
which reads the answer and nothing else, and by a remote store up to the same point. Then the whole,
parsed into a table, against parsing the same bytes from memory. Needs `pip install oxigraph`.
"""

from __future__ import annotations

import shutil
import tempfile
import urllib.request
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox

import timing
from pkgraph import open_graph
from pkgraph.endpoint.requests import Patience
from pkgraph.store.remote import MOST_BYTES, RemoteStore
from serving import oxigraph

REPEATS: Final = 60
SHARE: Final = 1.1
#: What may come on top where that is more, in milliseconds.
LEAST_MS: Final = 2
QUERIES: Final = {
    "ASK": "ASK { ?s ?p ?o }",
    "10 rows": "SELECT * { ?s ?p ?o } LIMIT 10",
    "1,000 rows": "SELECT * { ?s ?p ?o } LIMIT 1000",
    "20,000 rows": "SELECT * { ?s ?p ?o } LIMIT 20000",
}
_ACCEPT: Final = "application/sparql-results+json"
_PATIENCE: Final = Patience(60, 600, MOST_BYTES)


def by_urllib(address: str, query: str) -> bytes:
    """Return the answer to *query*, read by urllib."""
    body = urlencode({"query": query}).encode()
    request = urllib.request.Request(address, body, {"Accept": _ACCEPT})  # noqa: S310 - it is ours
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        content: bytes = answer.read()
        return content


def by_the_layer(store: RemoteStore, query: str) -> int:
    """Return how many bytes the answer to *query* has, read by *store* and not parsed."""
    with store.asked(query, None, _PATIENCE, (_ACCEPT,)) as answer:
        return sum(iter(lambda: len(answer.read(1 << 16)), 0))


def fetched_and_parsed(address: str, query: str) -> list[tuple[object, ...]] | bool:
    """Return what pyoxigraph makes of the answer to *query* by itself."""
    answer = ox.parse_query_results(by_urllib(address, query), format=ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    return [tuple(row) for row in answer]


def main() -> None:
    """Measure, and print two tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "store")
        shutil.copytree(open_graph().store.name, folder)
        with oxigraph(folder, memory=False) as address:
            store = RemoteStore(address)
            sending, whole = [], []
            for name_, query in QUERIES.items():
                content = by_urllib(address, query)
                ours, bare = timing.medians(
                    partial(by_the_layer, store, query), partial(by_urllib, address, query), REPEATS
                )
                limit = max(bare * SHARE, bare + LEAST_MS)
                label = f"{name_}, {len(content) / 1000:.1f} kB"
                sending.append(timing.Comparison(label, ours, bare, limit))
                ours, bare = timing.medians(
                    partial(store.query, query),
                    partial(fetched_and_parsed, address, query),
                    REPEATS,
                )
                limit = max(bare * SHARE, bare + LEAST_MS)
                whole.append(timing.Comparison(label, ours, bare, limit))
    limit_text = "urllib and 10 % or 2 ms, whichever is more"
    timing.report("An endpoint elsewhere: the bytes of an answer", limit_text, sending)
    timing.report("An endpoint elsewhere: parsed as well", limit_text, whole)


if __name__ == "__main__":
    main()
