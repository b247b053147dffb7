"""
Read shapes of SHACL, and look up what they declare.

Either engine makes its own of them: the compiled validator takes them as text, pySHACL as a graph
of rdflib, which is slow to make and is made only for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import intake, resources
from pkgraph.validation.report import SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import rdflib

    from pkgraph.validation.nodes import Node

_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"


@dataclass(frozen=True, eq=False)
class Shapes:
    """The statements of a shapes graph; two of them are never the same."""

    triples: tuple[ox.Triple, ...]

    def values(self, subject: Node, property_: str) -> tuple[Node, ...]:
        """Return the values that *subject* has for the IRI of a property."""
        return tuple(self._values.get((subject, property_), ()))

    def having(self, property_: str) -> Iterator[tuple[Node, Node]]:
        """Yield each thing that has a property, by its IRI, with each of its values."""
        for subject, predicate, value in self.triples:
            if predicate.value == property_:
                yield subject, value

    def prologue(self, constraint: Node) -> str:
        """
        Return the prefixes that a SPARQL constraint declares, as SPARQL writes them.

        Source:
            SHACL, prefix declarations: https://www.w3.org/TR/shacl/#sparql-prefixes
        """
        declared: dict[str, str] = {}
        ontologies = list(self.values(constraint, SH + "prefixes"))
        for ontology in ontologies:  # which grows by what each imports
            imported = self.values(ontology, _IMPORTS)
            ontologies += [each for each in imported if each not in ontologies]
            for declaration in self.values(ontology, SH + "declare"):
                for prefix in self.values(declaration, SH + "prefix"):
                    for namespace in self.values(declaration, SH + "namespace"):
                        declared[prefix.value] = namespace.value
        return "".join(f"PREFIX {prefix}: <{ns}>\n" for prefix, ns in declared.items())

    @cached_property
    def messages(self) -> Mapping[str, str]:
        """The message of each shape that has one, by the IRI of the shape."""
        return {shape.value: message.value for shape, message in self.having(SH + "message")}

    @cached_property
    def _values(self) -> Mapping[tuple[Node, str], list[Node]]:
        found: dict[tuple[Node, str], list[Node]] = {}
        for subject, predicate, value in self.triples:
            found.setdefault((subject, predicate.value), []).append(value)
        return found


@cache
def ours() -> Shapes:
    """Return the shapes that pkgraph comes with."""
    return Shapes(
        tuple(
            quad.triple
            for path in resources.data_files("shapes", ".ttl")
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        )
    )


def read(shapes: Path | str | rdflib.Graph) -> Shapes:
    """
    Return the shapes in a file, in a text of Turtle or in a graph, which is left as it is.

    Raises:
        InputError: The file cannot be read.
        TurtleSyntaxError: The file or the text is not RDF in the syntax it should be in.
    """
    return Shapes(tuple(triple for source in intake.read(shapes) for triple in source.triples))
