"""
Make all files of a site: those for the addresses to begin with, and for all that they lead to.

The work goes to processes in rounds. What a round leads to that has no file yet is the next one, so
that after the last every link of a page has a file; what cannot have one is told with the pages
that lead there.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from pkgraph.errors import PublicationError
from pkgraph.publication import making, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pkgraph.publication.making import Made, Plan

    #: Makes the files for some addresses after the other, in any order.
    Making = Callable[[list[list[str]]], Iterable[list[Made]]]

#: How many addresses a process is given at once.
_AT_ONCE: Final = 16
#: More processes than this wait for the disk.
_MOST_PROCESSES: Final = 8
#: How many faults are told.
_TOLD: Final = 20


def follow(
    plan: Plan,
    first: Iterable[str],
    there: Iterable[str],
    progress: Callable[[int], None],
    processes: int | None = None,
) -> dict[str, Made]:
    """
    Make the files for the addresses to begin with and for all that they lead to.

    Args:
        plan: What is published where to.
        first: The addresses to begin with.
        there: Files that are made in another way.
        progress: Is told how many files there are, again and again.
        processes: How many processes make them; left out, as many as the machine has for us.

    Returns:
        What was made, by file.

    Raises:
        PublicationError: Two files would be one, or a page leads to what no file has.
    """
    made: dict[str, Made] = {}
    others = frozenset(there)
    waiting = _by_file(first)
    with _making(plan, processes or _processes()) as make:
        while waiting:
            batches = [
                list(waiting.values())[start : start + _AT_ONCE]
                for start in range(0, len(waiting), _AT_ONCE)
            ]
            new: list[Made] = []
            for batch in make(batches):
                new += batch
                progress(len(made) + len(new))
            made |= {each.file: each for each in new}
            linked = (address for each in new for address, _ in each.links if address)
            waiting = {
                file: address
                for file, address in _by_file(linked).items()
                if file not in made and file not in others
            }
            pages = {file.removesuffix(".html") for file in waiting if file.endswith(".html")}
            waiting = {  # a page brings its other forms with it
                file: address
                for file, address in waiting.items()
                if file.endswith(".html") or file.rpartition(".")[0] not in pages
            }
    _check(made, others)
    return made


def _check(made: dict[str, Made], others: frozenset[str]) -> None:
    """
    Check that every link leads to a file and a place in it, and that no two files are one.

    Raises:
        PublicationError: Something is wrong with one.
    """
    faults = []
    for each in made.values():
        faults += [f"{each.file} leads to {lost}, which no file has" for lost in each.lost]
        for address, fragments in each.links:
            file = places.file_of(address) if address else each.file
            target = made.get(file or "")
            if target is None and file not in others:
                faults.append(f"{each.file} leads to {address}, for which there is no file")
            elif target is not None and target.fault:
                faults.append(f"{each.file} leads to {address}, which {target.fault}")
            elif target is not None:
                faults += [
                    f"{each.file} leads to {address}#{lost}, and there is no such place in it"
                    for lost in sorted(set(fragments) - target.anchors)
                ]
    linked = {places.file_of(address) for each in made.values() for address, _ in each.links}
    faults += [
        f"{each.address} {each.fault}"
        for each in made.values()
        if each.fault and each.file not in linked
    ]
    faults += _same_names([*made, *others])
    if faults:
        told = "\n".join(f"  {each}" for each in faults[:_TOLD])
        more = f"\n  and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise PublicationError(
            f"the pages are not whole, and nothing is published:\n{told}{more}", faults
        )


def _same_names(files: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with the names of *files* where a file system takes A for a."""
    seen: dict[str, str] = {}
    for file in sorted(files):
        other = seen.setdefault(file.lower(), file)
        if other != file:
            yield f"{other} and {file} are the same file on many machines; rename one of the two"


def _by_file(addresses: Iterable[str]) -> dict[str, str]:
    """Return the first of *addresses* for each file, by file."""
    found: dict[str, str] = {}
    for address in sorted(addresses):
        file = places.file_of(address)
        if file is not None:
            found.setdefault(file, address)
    return dict(sorted(found.items()))


@contextmanager
def _making(plan: Plan, processes: int) -> Iterator[Making]:
    """Give what makes files, in so many processes; if it is one, in this."""
    if processes == 1:
        maker = making.Maker(plan)
        try:
            yield partial(map, maker.make)
        finally:
            maker.close()
        return
    # Not forked: what this process has open, it has for itself.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, making.end_with_parent) as pool:
        try:
            yield partial(pool.map, partial(making.make, plan))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _processes() -> int:
    """Return how many processes there are to be: one for each core that is ours."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(ours or 1, _MOST_PROCESSES)
