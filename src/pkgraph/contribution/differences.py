"""Tell what a contribution changes, from the files as they were given, also after it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph import intake
from pkgraph.contribution import register
from pkgraph.contribution.folders import kept
from pkgraph.contribution.transaction import data

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from pkgraph.contribution.register import Contribution
    from pkgraph.store import OxigraphStore


def given(folder: Path, contribution: Contribution) -> tuple[ox.Triple, ...]:
    """
    Return the statements of *contribution*, as the files have them that are kept in *folder*.

    Raises:
        InputError: A file is not there any more.
    """
    sources = intake.read([kept(folder, file) for file in contribution.files])
    return tuple(dict.fromkeys(triple for source in sources for triple in source.triples))


def before_and_after(
    store: OxigraphStore, folder: Path, contribution: Contribution
) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """
    Return what was said of the things in *contribution* before it, and what is with it.

    Before it, that is what others say, and what the contributions said that it replaces.

    Raises:
        InputError: A file that was submitted is not there any more.
        StoreError: *store* cannot be asked.
    """
    new = given(folder, contribution)
    replaced = [
        triple
        for each in register.contributions(store)
        if each.withdrawal is not None and each.withdrawal.by_what == contribution.iri
        for triple in given(folder, each)
    ]
    others = [
        triple
        for thing in dict.fromkeys(triple.subject for triple in (*new, *replaced))
        for graph, triple in data(store.engine).quads(thing, None, None)
        if graph != contribution.graph
    ]
    return [*others, *replaced], [*others, *new]
