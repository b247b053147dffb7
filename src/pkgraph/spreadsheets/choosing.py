"""Say which sheets a template has: those of the classes asked for, and those that these need."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pkgraph import terms
from pkgraph.errors import UsageError
from pkgraph.namespaces import PK
from pkgraph.spreadsheets.columns import kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.spreadsheets.columns import Column, Kind


def needed(asked: Iterable[Kind]) -> tuple[Kind, ...]:
    """
    Return the *asked* kinds and those that are needed to describe such things completely.

    These are the kinds that join two of what is asked, as links do with claims; and then, step by
    step, what the properties take, if that is one class, or if it is required and has one sort of
    address: the occurrences of a claim, the passage of an occurrence, the work of a passage. A
    property that takes things of all sorts, as what a claim is about, asks for none of them, since
    most are in the graph already.
    """
    everything = kinds()
    found = {kind.iri: kind for kind in asked}
    asked_for = set(found)
    for kind in everything.values():
        ends = [c for c in kind.columns if c.required and not asked_for.isdisjoint(c.classes)]
        if len(ends) > 1:
            found.setdefault(kind.iri, kind)
    waiting = list(found.values())
    while waiting:
        for column in waiting.pop(0).columns:
            iri = _one_sort(column)
            if iri is not None and iri not in found:
                found[iri] = everything[iri]
                waiting.append(everything[iri])
    return tuple(found.values())


def _one_sort(column: Column) -> str | None:
    """Return the class that *column* takes, or the first of several if one of them is required."""
    classes = [kinds()[iri] for iri in column.classes if iri in kinds()]
    alike = len({kind.segment for kind in classes}) == 1
    return classes[0].iri if len(classes) == 1 or (alike and column.required) else None


def named(text: str) -> Kind:
    """
    Return the kind that *text* names: a class, or the name of its sheet, in any spelling.

    Raises:
        UsageError: There is none of that name.

    >>> named("claims").name, named("ArgumentLink").name, named("argument-links").name
    ('claim', 'argument link', 'argument link')
    """
    names = {
        _tight(name): kind
        for kind in kinds().values()
        for name in (kind.iri.removeprefix(PK), kind.title)
    }
    wanted = _tight(text.removeprefix("pk:"))
    if wanted in names:
        return names[wanted]
    near = get_close_matches(wanted, names, 1, 0.6)
    hint = (
        f"did you mean {terms.slug(names[near[0]].title)}?"
        if near
        else f"the classes are {', '.join(sorted(terms.slug(k.title) for k in kinds().values()))}"
    )
    raise UsageError(f"there is no class '{text}'; {hint}")


def _tight(name: str) -> str:
    return terms.slug(name).replace("-", "")
