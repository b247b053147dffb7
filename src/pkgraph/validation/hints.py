"""
Say more than a shape can: what is there, and what was meant.

A shape has one message for whatever breaks it. A closed one cannot name the property that is too
much, and one that takes the values of a list cannot say which of them was meant. The data, the
ontology and the shipped graph show it.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.namespaces import PK, PKS, RDF, compact
from pkgraph.validation import nodes
from pkgraph.validation.report import SH
from pkgraph.validation.sources import shipped

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pkgraph.validation.report import Finding
    from pkgraph.validation.shapes import Shapes

CLASS: Final = PKS + "Thing-class"

#: What some shapes compare, by the last part of their names: if one of these is at fault in itself,
#: the comparison says nothing new.
_COMPARED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        shape: frozenset(PK + name for name in names.split())
        for shape, names in {
            "address": "from relation to",
            "analyst": "basis madeBy",
            "ended": "ongoing endDate",
            "insidePassage": "firstLine lastLine inPassage",
            "insideWhole": "firstLine lastLine partOf",
            "lineOrder": "firstLine lastLine",
            "namedTypes": "statedCount countPrecision complete namesType",
            "order": "startDate endDate",
            "otherEnd": "from to",
            "otherVoice": "voice attribution expresses",
            "ownVoice": "voice attribution",
            "quotationKind": "passageKind",
            "seeIsSource": "signal role",
        }.items()
    }
)

_CLOSED: Final = " takes only the properties listed here"
#: How alike two names have to be, from 0 to 1, for one to be taken for the other.
_ALIKE: Final = 0.6
#: How many names are compared with what was written in one check. So many take 2 s.
MAX_COMPARED: Final = 400_000


class Described:
    """What is described in the data or near it, to tell what of it was meant."""

    def __init__(self, classes: Mapping[str, Collection[str]]) -> None:
        """*classes* are those of everything that is described, by IRI."""
        self._classes = classes
        self._hints: dict[str, str] = {}
        self._compared = 0
        self._odd: dict[str, str | None] = {}

    def __contains__(self, iri: str) -> bool:
        return iri in self._classes

    def hint(self, iri: str) -> str:
        """
        Return the question whether what is most like *iri* is meant.

        It is no longer asked when as many names have been compared as one check may compare.
        """
        if iri not in self._hints:
            beside = self._beside.get(_space(iri), ())
            self._compared += len(beside)
            self._hints[iri] = _meant(iri, tuple(beside)) if self._compared <= MAX_COMPARED else ""
        return self._hints[iri]

    def odd_class(self, iri: str) -> str | None:
        """Return a class of *iri*, one that nobody declared if there is any."""
        if iri not in self._odd:
            known = set(_classes())
            given = self._classes.get(iri, ())
            self._odd[iri] = min(given, key=lambda each: (each in known, each), default=None)
        return self._odd[iri]

    @cached_property
    def _beside(self) -> Mapping[str, Collection[str]]:
        """What is described, by the address without its last part."""
        found: dict[str, dict[str, None]] = {}
        for iri in (*self._classes, *map(nodes.name, shipped())):
            found.setdefault(_space(iri), {})[iri] = None
        return found


def clearer(finding: Finding, described: Described, shapes: Shapes) -> Finding:
    """
    Return *finding* with a message that says what is there and what was meant.

    Args:
        finding: What a shape of pkgraph finds.

        described: What is described in the data and near it.

        shapes: The shapes of pkgraph.
    """
    if finding.shape == CLASS:
        return _misclassed(finding, described)
    kind = finding.component.removeprefix(SH).removesuffix("ConstraintComponent")
    if kind == "Closed" and finding.path is not None:
        return _unlisted(finding, finding.path, shapes)
    value = None if finding.value is None else nodes.parse(finding.value)
    if kind == "MaxLength" and value is not None:
        return _more(finding, f"This one has {len(value.value)}.")
    if kind == "In" and value is not None:
        term = ontology.terms().get(finding.path or "")
        return _more(finding, _meant(value.value, term.values if term else ()))
    if kind in {"Class", "Node"} and isinstance(value, ox.NamedNode):
        iri = value.value
        if iri not in described:
            return _more(finding, f"{compact(iri)} is not described. {described.hint(iri)}")
    return finding


def causes(findings: Sequence[Finding]) -> list[Finding]:
    """Return *findings* without those that only follow from another: a comparison gone wrong."""

    def compared(finding: Finding) -> frozenset[str]:
        return _COMPARED.get(finding.shape.rpartition("-")[2], frozenset())

    faults = {(finding.focus, finding.path) for finding in findings if not compared(finding)}
    return [
        finding
        for finding in findings
        if faults.isdisjoint((finding.focus, path) for path in compared(finding))
    ]


def undeclared(message: str, iri: str, *, as_property: bool) -> str:
    """
    Return *message* about the term *iri*, which nobody declared, with the term most like it.

    >>> undeclared("A file uses declared terms. Correct it.", PK + "vioce", as_property=True)
    'A file uses declared terms. Did you mean pk:voice? Correct it.'
    """
    space = PK if iri.startswith(PK) else _space(iri)
    declared = ontology.terms().values()
    like = [t.iri for t in declared if t.kind.endswith("property") == as_property]
    return _insert(message, _meant(iri, tuple(term for term in like if term.startswith(space))))


def _misclassed(finding: Finding, described: Described) -> Finding:
    """Return what is found of a thing as a whole as what it is about: one of its classes."""
    odd = described.odd_class(finding.focus)
    finding = replace(finding, path=RDF + "type", value=str(ox.NamedNode(odd)) if odd else None)
    known = _classes()
    return _more(finding, _meant(odd, known)) if odd and odd not in known else finding


def _classes() -> tuple[str, ...]:
    """Return the classes that the ontology declares."""
    return tuple(term.iri for term in ontology.terms().values() if term.kind == "class")


def _space(iri: str) -> str:
    """Return the address of what an IRI stands in, as that of all claims."""
    return iri.rpartition("/")[0] + "/"


def _unlisted(finding: Finding, path: str, shapes: Shapes) -> Finding:
    """Return what a closed shape finds with the property that it does not take."""
    allowed = [
        iri.value
        for each in shapes.values(ox.NamedNode(finding.shape), SH + "property")
        for iri in shapes.values(each, SH + "path")
    ]
    what, _, mend = finding.message.partition(_CLOSED)
    class_ = PK + finding.shape.removeprefix(PKS)
    term = ontology.terms().get(path)
    if term is None:
        hint = _meant(path, tuple(allowed))
    elif ontology.superclasses(class_).isdisjoint(term.domain):
        hint = f"It is for {' or '.join(map(compact, term.domain))}." if term.domain else ""
    else:
        hint = "It is derived, and never written."
    message = f"{what} ({compact(class_)}) takes no {compact(path)}{mend}"
    return replace(finding, message=_insert(message, hint))


@lru_cache(maxsize=1024)
def _meant(name: str, iris: tuple[str, ...]) -> str:
    """
    Return the question whether the one of *iris* is meant that is most like *name*.

    >>> _meant("vioce", (PK + "voice", PK + "kind")), _meant("x", (PK + "kind",))
    ('Did you mean pk:voice?', '')
    """
    by_name = {_local(iri): iri for iri in iris}
    found = get_close_matches(_local(name), by_name, 1, _ALIKE)
    return f"Did you mean {compact(by_name[found[0]])}?" if found else ""


def _more(finding: Finding, text: str) -> Finding:
    return replace(finding, message=_insert(finding.message, text))


def _insert(message: str, text: str) -> str:
    """Put *text* after the first sentence of *message*: before what to do about it."""
    wanted, _, mend = message.partition(". ")
    return " ".join(part for part in (f"{wanted}.", text.strip(), mend) if part)


def _local(iri: str) -> str:
    """Return the last part of *iri*, or the whole of what is none."""
    return iri[max(map(iri.rfind, "/#:")) + 1 :]
