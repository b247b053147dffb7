"""
Check what the shapes of pkgraph declare and SHACL cannot say.

That is: everything has an address, which in SHACL would also be asked of the declarations of the
ontology; every term is declared, for which a shape would have to know the ontology; and everything
has a class, also what has none of the properties that a target names.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.namespaces import PKS, RDF
from pkgraph.validation import characters, hints
from pkgraph.validation.nodes import name
from pkgraph.validation.report import SH, Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

ADDRESS: Final = PKS + "Thing-address"
FAULTS: Final = PKS + "Thing-faults"
TERMS: Final = PKS + "Thing-terms"
VALUES: Final = PKS + "Thing-values"
#: How many values a thing may have of one property, where what is shipped has 12 at most: with so
#: many in each of 100 000 statements, an engine takes 250 MiB to compare them.
MAX_VALUES: Final = 40
#: How many faults are told. To tell this many takes 1 s.
MAX_TOLD: Final = 1000
#: How many blank nodes are told one by one.
MAX_BLANK: Final = 100

_NODE_KIND: Final = SH + "NodeKindConstraintComponent"
_MAX_COUNT: Final = SH + "MaxCountConstraintComponent"
_MIN_COUNT: Final = SH + "MinCountConstraintComponent"
_IN: Final = SH + "InConstraintComponent"


def too_much(triples: Iterable[ox.Triple], messages: Mapping[str, str]) -> tuple[Finding, ...]:
    """
    Return what in *triples* is too much for anything else to be looked at.

    Args:
        triples: What is to be checked.

        messages: The message of each shape of pkgraph, by IRI.
    """
    blank = _flood(triples, messages)
    values = _overloaded(triples, messages)
    return (*blank, *bounded(values, triples, messages))


def _flood(triples: Iterable[ox.Triple], messages: Mapping[str, str]) -> Iterator[Finding]:
    """Yield one finding for all blank nodes if there are more than are told one by one."""
    pointers = _pointers(triples)
    if len(pointers) <= MAX_BLANK:
        return
    first = next(iter(_blank_nodes(pointers, messages[ADDRESS])))
    more = f"There are {len(pointers)} without one, and nothing else is looked at before they have."
    wanted, _, mend = first.message.partition(". ")
    yield replace(first, message=f"{wanted}. {more} {mend}")


def _overloaded(triples: Iterable[ox.Triple], messages: Mapping[str, str]) -> Iterator[Finding]:
    """
    Yield a finding for each property of a thing that has more values than can be compared.

    An engine compares each value of one property with each of another before it stops.
    """
    counts = Counter((name(triple.subject), triple.predicate.value) for triple in triples)
    wanted, _, mend = messages[VALUES].partition(". ")
    for (focus, path), count in counts.items():
        if count > MAX_VALUES:
            message = f"{wanted}. Here are {count}, and nothing else is looked at. {mend}"
            yield Finding("Violation", focus, path, None, message, VALUES, _MAX_COUNT)


def bounded(
    faults: Iterator[Finding],
    triples: Iterable[ox.Triple],
    messages: Mapping[str, str],
    *,
    cut: bool = False,
) -> Iterator[Finding]:
    """
    Yield the first of *faults* and, if there are more, a finding that says so.

    Args:
        faults: What is wrong with *triples*.

        triples: What is checked; that there is more is told at the last of them.

        messages: The message of each shape of pkgraph, by IRI.

        cut: Whether *faults* are known not to be all.
    """
    yield from islice(faults, MAX_TOLD)
    if cut or next(faults, None) is not None:
        *_, last = triples
        focus = name(last.subject)
        yield Finding("Violation", focus, None, None, messages[FAULTS], FAULTS, _MAX_COUNT)


def findings(
    triples: Collection[ox.Triple],
    found: Collection[Finding],
    classes: Mapping[str, Collection[str]],
    messages: Mapping[str, str],
) -> Iterator[Finding]:
    """
    Yield what is wrong with *triples* besides what is *found* already.

    Args:
        triples: What is to be checked.

        found: What the shapes find in it.

        classes: The classes of everything in it and near it, by IRI.

        messages: The message of each shape of pkgraph, by IRI.
    """
    yield from _blank_nodes(_pointers(triples), messages[ADDRESS])
    yield from characters.findings(triples, messages)
    yield from _undefined_terms(triples, found, messages[TERMS])
    yield from _without_class(triples, found, classes, messages[hints.CLASS])


def _pointers(triples: Iterable[ox.Triple]) -> Mapping[ox.BlankNode, ox.Triple | None]:
    """Return the blank nodes, each with a statement about a thing with an address that has it."""
    pointers: dict[ox.BlankNode, ox.Triple | None] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            pointers.setdefault(triple.subject, None)
        if isinstance(triple.object, ox.BlankNode):
            known = isinstance(triple.subject, ox.NamedNode)
            pointers[triple.object] = triple if known else pointers.get(triple.object)
    return pointers


def _blank_nodes(
    pointers: Mapping[ox.BlankNode, ox.Triple | None], message: str
) -> Iterator[Finding]:
    """Yield a finding for each blank node: where something points at it, or else at itself."""
    for node, pointer in pointers.items():
        focus = name(pointer.subject) if pointer else name(node)
        path = pointer.predicate.value if pointer else None
        yield Finding("Violation", focus, path, str(node), message, ADDRESS, _NODE_KIND)


def _undefined_terms(
    triples: Iterable[ox.Triple], found: Iterable[Finding], message: str
) -> Iterator[Finding]:
    """Yield a finding for each term that nobody declared, for each thing that uses it."""
    told = {(finding.focus, term) for finding in found for term in (finding.path, finding.value)}
    for triple in triples:
        focus, path = name(triple.subject), triple.predicate.value
        for term in ontology.undefined_terms((triple,)):
            value = str(ox.NamedNode(term.iri))
            if told.isdisjoint({(focus, term.iri), (focus, value)}):
                told.add((focus, value))
                more = hints.undeclared(message, term.iri, as_property=term.iri == path)
                yield Finding("Violation", focus, path, value, more, TERMS, _IN)


def _without_class(
    triples: Iterable[ox.Triple],
    found: Iterable[Finding],
    classes: Mapping[str, Collection[str]],
    message: str,
) -> Iterator[Finding]:
    """Yield a finding for each thing without a class."""
    told = {finding.focus for finding in found if finding.shape == hints.CLASS}
    subjects = [t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)]
    for subject in dict.fromkeys(subjects):
        if subject not in told and subject not in classes:
            yield Finding(
                "Violation", subject, RDF + "type", None, message, hints.CLASS, _MIN_COUNT
            )
