"""
Say more than a shape can: what is there, and what was meant.

A shape has one message for whatever breaks it. A closed one cannot name the property that is too
much, and one that takes the values of a list cannot say which of them was meant. The data, the
ontology and the shipped graph show it.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.namespaces import PK, PKS, RDF, compact
from pkgraph.validation import nodes
from pkgraph.validation.report import SH
from pkgraph.validation.sources import shipped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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


def clearer(finding: Finding, classes: Mapping[str, Collection[str]], shapes: Shapes) -> Finding:
    """
    Return *finding* with a message that says what is there and what was meant.

    Args:
        finding: What a shape of pkgraph finds.

        classes: The classes of everything in the data and near it, by IRI.

        shapes: The shapes of pkgraph.
    """
    if finding.shape == CLASS:
        return _misclassed(finding, classes)
    kind = finding.component.removeprefix(SH).removesuffix("ConstraintComponent")
    if kind == "Closed" and finding.path is not None:
        return _unlisted(finding, finding.path, shapes)
    value = None if finding.value is None else nodes.parse(finding.value)
    if kind == "MaxLength" and value is not None:
        return _more(finding, f"This one has {len(value.value)}.")
    if kind == "In" and value is not None:
        term = ontology.terms().get(finding.path or "")
        return _more(finding, _meant(value.value, term.values if term else ()))
    if kind in {"Class", "Node"} and isinstance(value, ox.NamedNode) and value.value not in classes:
        space = value.value.rpartition("/")[0] + "/"
        known = [*classes, *map(nodes.name, shipped())]
        hint = _meant(value.value, (iri for iri in known if iri.startswith(space)))
        return _more(finding, f"{compact(value.value)} is not described. {hint}")
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
    space = PK if iri.startswith(PK) else iri.rpartition("/")[0] + "/"
    declared = ontology.terms().values()
    like = [t.iri for t in declared if t.kind.endswith("property") == as_property]
    return _insert(message, _meant(iri, (term for term in like if term.startswith(space))))


def _misclassed(finding: Finding, classes: Mapping[str, Collection[str]]) -> Finding:
    """Return what is found of a thing as a whole as what it is about: one of its classes."""
    declared = [term.iri for term in ontology.terms().values() if term.kind == "class"]
    odd = sorted(classes.get(finding.focus, ()), key=lambda iri: (iri in declared, iri))
    finding = replace(finding, path=RDF + "type", value=str(ox.NamedNode(odd[0])) if odd else None)
    return _more(finding, _meant(odd[0], declared)) if odd and odd[0] not in declared else finding


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
        hint = _meant(path, allowed)
    elif ontology.superclasses(class_).isdisjoint(term.domain):
        hint = f"It is for {' or '.join(map(compact, term.domain))}." if term.domain else ""
    else:
        hint = "It is derived, and never written."
    message = f"{what} ({compact(class_)}) takes no {compact(path)}{mend}"
    return replace(finding, message=_insert(message, hint))


def _meant(name: str, iris: Iterable[str]) -> str:
    """
    Return the question whether the one of *iris* is meant that is most like *name*.

    >>> _meant("vioce", [PK + "voice", PK + "kind"]), _meant("x", [PK + "kind"])
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
