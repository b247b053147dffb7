"""
Check data against the shapes: the gate that a contribution passes through.

The shapes are SHACL, under ``shapes/``, and a compiled validator runs them, or those of others;
pySHACL, the reference among validators, does where it is asked to. The rest is done here: what is
to be checked is seen together with what the shipped graph says of the things in it; only what is
wrong with itself is told, each fault once, with its place in the file and with what was meant.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from pkgraph import intake, ontology
from pkgraph.errors import UsageError
from pkgraph.namespaces import RDFS
from pkgraph.validation import compiled, ours, ownership, placing, reference, wellformed
from pkgraph.validation import shapes as shapes_graphs
from pkgraph.validation.nodes import name
from pkgraph.validation.report import Finding, Report
from pkgraph.validation.sources import shipped, surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import rdflib

    from pkgraph.intake import Source
    from pkgraph.validation.shapes import Shapes

    Engine: TypeAlias = Callable[[Iterable[ox.Triple], Shapes, int | None], list[Finding]]

__all__ = ["Finding", "Report", "check"]

_ENGINES: Final[Mapping[str, Engine]] = MappingProxyType(
    {"shacl": compiled.findings, "pyshacl": reference.findings}
)
_DEFAULT: Final = "shacl"


def check(
    data: Path | Source | str | rdflib.Graph | Sequence[Path | Source],
    shapes: Path | str | rdflib.Graph | None = None,
    engine: str | None = None,
) -> Report:
    """
    Check *data* and say what is wrong with it.

    What the shipped graph says of the things in *data* counts as well, but for the named graphs
    that *data* stands in place of: those that its files are, or that its headers name. What is
    wrong with the shipped graph itself is not told.

    Args:
        data:
            A file or several, read already or not, a text of Turtle, or a graph in memory. Nothing
            in it is changed.

        shapes:
            The shapes that it has to conform to: a file, a text of Turtle, or a graph; if None,
            those of pkgraph, and then its terms are held against the ontology as well.

        engine:
            What validates: "shacl", the compiled one, or "pyshacl", the reference, which is slower
            and says more of shapes that have no message. If None, the first.

    Returns:
        The report; it conforms if there is nothing to tell.

    Raises:
        InputError: A file is missing, unreadable, empty, too large, or not in UTF-8.
        TurtleSyntaxError: The data or the shapes are not Turtle.
        UsageError: There is no such engine, or the shapes are no valid SHACL.

    Source:
        SHACL, validation: https://www.w3.org/TR/shacl/#validation

    >>> report = check("<https://w3id.org/pkgraph/work/example-2001> a <urn:x> .")
    >>> print(report.findings[0].mend)
    Correct the spelling of the class, or choose the narrowest class that fits.
    """
    run = _ENGINES.get(engine or _DEFAULT)
    if run is None:
        known = ", ".join(_ENGINES)
        raise UsageError(f"there is no engine '{engine}' to validate with; use one of: {known}")
    sources = intake.read(data)
    triples = [triple for source in sources for triple in source.triples]
    near = surroundings(sources)
    if shapes is None:
        owned = list(_not_its_own(sources))
        found = ownership.causes(ours.findings(triples, near, run), owned)
    else:
        given = shapes_graphs.read(shapes)
        wellformed.refuse(given)
        found = iter(run([*triples, *near, *_subclasses()], given, None))
    elsewhere = {name(t.subject) for t in near} - {name(t.subject) for t in triples}
    kept = (finding for finding in found if finding.focus not in elsewhere)
    in_order = placing.placed(kept, sources)
    return Report(conforms=not in_order, findings=in_order)


def _not_its_own(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield what *sources* say of things that the shipped graph describes elsewhere."""
    replaced = {graph for source in sources for graph in source.replaces}

    def described(node: ox.NamedNode) -> Iterator[tuple[str, ox.Triple]]:
        return (each for each in shipped().get(node, ()) if each[0] not in replaced)

    # The files of the graph itself complement each other.
    handed_in = [source for source in sources if not source.is_shipped]
    triples = [triple for source in handed_in for triple in source.triples]
    yield from ownership.findings(triples, described, shapes_graphs.ours().messages)


def _subclasses() -> Iterator[ox.Triple]:
    """Yield which class is under which, so that shapes may speak of the wider ones."""
    for term in ontology.terms().values():
        if term.kind == "class":
            for parent in term.parents:
                below, above = ox.NamedNode(term.iri), ox.NamedNode(parent)
                yield ox.Triple(below, ox.NamedNode(RDFS + "subClassOf"), above)
