"""
Evaluate the queries of strangers, so that none can harm the server or keep others from theirs.

:mod:`pool` lets a few queries at a time run and others wait; :mod:`forkserver` is the process that
has the store and forks the workers; :mod:`worker` runs queries within :mod:`limits`, which writes
answers into :mod:`sink`; :mod:`conversation` hands on what a worker says.

What is promised: a query that takes more than its limits of time, processor, memory, rows or bytes
is ended, and whoever asked is told which limit it was, or, if a part of a large answer has been
sent, that part is cut off where nobody can take it for the whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph.evaluation.copies import write_copy
from pkgraph.evaluation.limits import Limits
from pkgraph.evaluation.pool import Pool
from pkgraph.evaluation.question import Answer, Evaluator, InThreads, Question

if TYPE_CHECKING:
    from collections import Counter

    from pkgraph.store import OxigraphStore

__all__ = ["Answer", "Evaluator", "InThreads", "Limits", "Pool", "Question", "pool_of"]


def pool_of(
    store: OxigraphStore,
    workers: int,
    folder: Path,
    limits: Limits | None = None,
    ended: Counter[str] | None = None,
) -> Pool:
    """
    Return a pool of *workers* that ask what *store* has now.

    A store in memory is written into *folder*, which has to last as long as the pool. How queries
    end is counted in *ended*.
    """
    source = Path(store.name)
    if not source.is_dir():
        source = folder / "store.nq"
        with source.open("wb") as out:
            write_copy(store.engine, out)
    return Pool(source, workers, limits, ended=ended)
