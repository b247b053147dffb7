"""
Put the things of a file in the order in which its source speaks of them.

So a file under ``graph/`` can be read beside the text it encodes, and what is added about one
paragraph stands in one place of the diff.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph.namespaces import PK, RDF

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A thing is what is said of it: by property, the objects. Things are known by their IRI.
Thing: TypeAlias = "Mapping[str, set[ox.NamedNode | ox.Literal]]"
Things: TypeAlias = "Mapping[str, Thing]"

_PASSAGES: Final = frozenset({PK + "Passage", PK + "Quotation"})
#: What a claim consists of follows it in this order; what is not named here comes first.
_PARTS: Final = {PK + "Occurrence": 1, PK + "Attribution": 2}


def natural(text: str) -> tuple[list[tuple[int, str]], str]:
    """
    Return the key that sorts numbers in names by what they count.

    >>> sorted(["p10", "p2", "p1-2"], key=natural)
    ['p1-2', 'p2', 'p10']
    """
    pieces = re.split(r"([0-9]+)", text)
    key = [(0, piece) for piece in pieces]
    for at in range(1, len(pieces), 2):
        number = pieces[at].lstrip("0")  # compared by length, since int() has a limit
        key[at] = (len(number), number)
    return key, text


def reading_order(things: Things) -> list[str]:
    """
    Return the IRIs of *things* in the order of their source.

    The graph itself comes first, then what has a line (see :func:`lines`), by line; what has none
    comes last, by name. At one line stand works, then passages, the widest first, then each claim
    with what it points at on that line, then the rest. Members of an enumeration come after the
    other claims, and like what a claim consists of in the order of their numbers, if they have
    any; all else goes by name.
    """
    at = lines(things)
    listed = {iri: _listed(thing) for iri, thing in things.items() if PK + "occursAt" in thing}
    owner: dict[str, str] = {}
    for claim in sorted(listed, key=lambda iri: (listed[iri], natural(iri))):
        owner[claim] = claim
        for part in _named(things, claim):
            if at.get(part) == at.get(claim) and part not in listed:
                owner.setdefault(part, claim)

    def key(iri: str) -> tuple[object, ...]:
        classes = {node.value for node in things[iri].get(RDF + "type", ())}
        if PK + "SourceGraph" in classes:
            return -2, natural(iri)
        if iri not in at:
            return float("inf"), natural(iri)
        if PK + "Work" in classes:
            return at[iri], 0, natural(iri)
        if classes & _PASSAGES:
            return at[iri], 1, -(_number(things[iri], "lastLine") or 0), natural(iri)
        if iri not in owner:
            return at[iri], 3, natural(iri)
        rank = -1 if owner[iri] == iri else max((_PARTS.get(c, 0) for c in classes), default=0)
        number = _number(things[iri], "number") or 0
        return at[iri], 2, *listed[owner[iri]], natural(owner[iri]), rank, number, natural(iri)

    return sorted(things, key=key)


def lines(things: Things) -> dict[str, int]:
    """
    Return the line at which the source speaks of each thing, for those of which it can be said.

    That is its own ``pk:firstLine``; for a claim, the first of its occurrences; else the least line
    of the things it is joined to, whichever of the two names the other, and so on.
    """
    at = {iri: n for iri in things if (n := _number(things[iri], "firstLine")) is not None}
    for claim, thing in things.items():
        occurrences = [at[n.value] for n in thing.get(PK + "occursAt", ()) if n.value in at]
        if occurrences:
            at.setdefault(claim, min(occurrences))
    joined: dict[str, set[str]] = defaultdict(set)
    for one in things:
        for other in _named(things, one):
            joined[one].add(other)
            joined[other].add(one)
    reached = dict(at)
    while reached:  # each thing is reached once, from the nearest that have a line
        nearest: dict[str, int] = {}
        for one, line in reached.items():
            for other in joined[one]:
                if other not in at:
                    nearest[other] = min(line, nearest.get(other, line))
        at.update(nearest)
        reached = nearest
    return at


def _named(things: Things, subject: str) -> list[str]:
    """Return the things that *subject* points at."""
    objects = [node for nodes in things[subject].values() for node in nodes]
    return [n.value for n in objects if isinstance(n, ox.NamedNode) and n.value in things]


def _listed(claim: Thing) -> tuple[str, int]:
    """Return the enumeration that a claim is a member of, if any, and its number in it."""
    lists = [node.value for node in claim.get(PK + "memberOf", ())]
    return min(lists, default=""), _number(claim, "number") or 0


def _number(thing: Thing, name: str) -> int | None:
    """Return the least number that the property *name* gives."""
    found = [n.value for n in thing.get(PK + name, ()) if re.fullmatch("[0-9]{1,9}", n.value)]
    return min(map(int, found), default=None)
