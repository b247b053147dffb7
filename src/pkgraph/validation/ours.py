"""
Hold data against the shapes of pkgraph and what goes with them, in clear words.

This is the check itself, between reading what is handed in and telling where in it each fault is.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import RDF
from pkgraph.validation import beyond, compiled, hints, shapes
from pkgraph.validation.nodes import name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pkgraph.validation.report import Finding
    from pkgraph.validation.shapes import Shapes

    Engine = Callable[[Iterable[ox.Triple], Shapes, int | None], list[Finding]]

_TYPE: Final = ox.NamedNode(RDF + "type")
#: After how many results an engine stops: the constraints of one shape each give one.
MAX_RESULTS: Final = 5000
_BLANK: Final = "urn:pkgraph:blank:"


def findings(
    triples: Collection[ox.Triple],
    near: Collection[ox.Triple],
    engine: Engine = compiled.findings,
) -> Iterator[Finding]:
    """
    Yield each fault of *triples* once, without its place, and at last whether there may be more.

    Args:
        triples: What is to be checked.

        near: What has to be seen with it. Faults of it are told as well.

        engine: What validates.
    """
    given = shapes.ours()
    too_much = beyond.too_much(triples, given.messages)
    if too_much:
        yield from too_much
        return
    classes: dict[str, list[str]] = {}
    for triple in (*triples, *near):
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            classes.setdefault(name(triple.subject), []).append(triple.object.value)
    # What is wrong with blank nodes is said once, beyond the shapes. Here they have addresses,
    # since pySHACL stops at a blank node that it has to compare.
    addressed = [_addressed(triple) for triple in triples]
    results = engine([*addressed, *near], given, MAX_RESULTS)
    described = hints.Described(classes)
    found = [
        hints.clearer(finding, described, given)
        for finding in hints.causes(results)
        if not finding.focus.startswith(_BLANK) and f"<{_BLANK}" not in (finding.value or "")
    ]
    # Of those that are the same fault the one that says most is told, whatever an engine's order.
    found.sort(key=lambda each: (-len(each.message), each.component))
    more = beyond.findings(triples, found, classes, given.messages)
    faults = _once(chain(found, more))
    cut = len(results) >= MAX_RESULTS
    yield from beyond.bounded(faults, triples, given.messages, cut=cut)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each fault once: the constraints of one of our shapes share a message."""
    told = set()
    for finding in findings:
        fault = (finding.focus, finding.shape, finding.path, finding.value)
        if fault not in told:
            told.add(fault)
            yield finding


def _addressed(triple: ox.Triple) -> ox.Triple:
    """Return *triple* with IRIs in place of blank nodes."""
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.NamedNode(_BLANK + subject.value)
    if isinstance(value, ox.BlankNode):
        value = ox.NamedNode(_BLANK + value.value)
    return ox.Triple(subject, triple.predicate, value)
