"""
Keep a contribution to what is its own to say.

Whoever describes a thing first has the say over it: a second voice for somebody else's claim, or a
second host for an operation, would change what the other said and not add to it. What others may
add to any thing are a few properties that take nothing away from it; everything else that can be
said of somebody else's claim (that it is wrong, what it rests on) is a thing of its own, such as a
``pk:ArgumentLink``, which points at the claim and leaves it as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import namespaces, ontology
from pkgraph.namespaces import PK, PKS, RDF, SKOS, compact
from pkgraph.validation import beyond
from pkgraph.validation.report import SH, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    Described = Callable[[ox.NamedNode], Iterable[tuple[str, ox.Triple]]]

OWNER: Final = PKS + "Thing-owner"
#: What anybody may add to a thing that somebody else describes.
OPEN: Final = frozenset(
    {SKOS + "altLabel", SKOS + "closeMatch", SKOS + "editorialNote"}
    | {PK + f"{kind}Code" for kind in ("exact", "close", "broader", "narrower")}
)
_TYPE: Final = RDF + "type"
_SOURCE_GRAPH: Final = ox.NamedNode(PK + "SourceGraph")
_IN: Final = SH + "InConstraintComponent"


def findings(
    triples: Collection[ox.Triple], described: Described, messages: Mapping[str, str]
) -> Iterator[Finding]:
    """
    Yield a finding for each property that *triples* may not say something by, up to a limit.

    Args:
        triples: What is contributed.

        described: Gives what others say of a thing, each statement with its named graph.

        messages: The message of each shape of pkgraph, by IRI.
    """
    yield from beyond.bounded(_findings(triples, described, messages), triples, messages)


def _findings(
    triples: Iterable[ox.Triple], described: Described, messages: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield all of them."""
    told = set()
    for triple in triples:
        subject, property_ = triple.subject, triple.predicate.value
        if not isinstance(subject, ox.NamedNode) or (subject, property_) in told:
            continue
        owner = _owner(triple, subject, described)
        if owner is not None:
            told.add((subject, property_))
            wanted, _, mend = messages[OWNER].partition(". ")
            message = f"{wanted}. {compact(subject.value)} is described in {owner}. {mend}"
            value = str(triple.object)
            yield Finding("Violation", subject.value, property_, value, message, OWNER, _IN)


def causes(found: Iterable[Finding], owned: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what is *found* and *owned*, without what follows from saying it of others' things."""
    owned = tuple(owned)
    followed = {(finding.focus, path) for finding in owned for path in (finding.path, _TYPE)}
    yield from owned
    yield from (finding for finding in found if (finding.focus, finding.path) not in followed)


def _owner(triple: ox.Triple, subject: ox.NamedNode, described: Described) -> str | None:
    """Return where the subject of *triple* is described, if *triple* may not be said of it."""
    if subject.value in ontology.terms():
        return namespaces.ONTOLOGY
    if subject.value.startswith(namespaces.SHAPES):
        return namespaces.SHAPES
    if triple.predicate.value in OPEN:
        return None
    said = list(described(subject))
    header = any(known.object == _SOURCE_GRAPH for _, known in said)
    if not header and any(known == triple for _, known in said):
        return None  # to repeat what is there changes nothing, unless it is whose file this is
    return next((graph for graph, _ in said), None)
