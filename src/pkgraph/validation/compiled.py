"""
Validate with the compiled validator of the package ``shacl``, which takes a fraction of a second.

One thing that it leaves out is put back: a value that the query of a SPARQL constraint makes, as by
``BIND``, and that nowhere stands in the data.

Source:
    SHACL, SPARQL-based constraints: https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pkgraph.errors import UsageError
from pkgraph.validation import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import rdflib
    from shacl import Shapes


def validate(triples: Iterable[ox.Triple], shapes: rdflib.Graph) -> rdflib.Graph:
    """
    Return the validation report on *triples* by *shapes*.

    Raises:
        UsageError: The shapes are no valid SHACL, or ask for what the validator cannot do.
    """
    import rdflib

    data = tuple(triples)
    text = "".join(f"{triple} .\n" for triple in data)
    try:
        report = _compiled(shapes).validate_text(text, "ntriples")
    except ValueError as error:
        raise UsageError(f"the shapes cannot be used as SHACL; correct this: {error}") from error
    found = rdflib.Graph()
    with nodes.quiet():
        found.parse(data=report.serialize("ntriples"), format="nt")
    _add_made_values(found, data, shapes)
    return found


@lru_cache(maxsize=2)
def _compiled(shapes: rdflib.Graph) -> Shapes:
    """
    Return *shapes* compiled.

    Raises:
        ValueError: They are no valid SHACL.
    """
    from shacl import Shapes

    return Shapes.from_text(shapes.serialize(format="nt"), "ntriples")


def _add_made_values(
    report: rdflib.Graph, triples: Iterable[ox.Triple], shapes: rdflib.Graph
) -> None:
    """Add to *report* the values that the queries of SPARQL constraints make."""
    from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

    results = report.subjects(sh.sourceConstraintComponent, sh.SPARQLConstraintComponent)
    without = [result for result in results if (result, sh.value, None) not in report]
    if not without:
        return
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    for result in without:
        focus, shape = report.value(result, sh.focusNode), report.value(result, sh.sourceShape)
        assert focus is not None  # noqa: S101 - every result has one
        said = {
            value
            for other in report.subjects(sh.focusNode, focus)
            if (other, sh.sourceShape, shape) in report
            for value in report.objects(other, sh.value)
        }
        made = (v for query in _queries(shape, shapes) for v in _values(store, query, focus))
        value = next((value for value in made if value not in said), None)
        if value is not None:
            report.add((result, sh.value, value))


def _queries(shape: rdflib.term.Node | None, shapes: rdflib.Graph) -> Iterator[str]:
    """Yield the queries of the SPARQL constraints of *shape* that make a value, with prefixes."""
    from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

    for constraint in shapes.objects(shape, sh.sparql):
        select = str(shapes.value(constraint, sh.select))
        if "?value" not in select or "$PATH" in select:
            continue
        declared = (
            f"PREFIX {shapes.value(each, sh.prefix)}: <{shapes.value(each, sh.namespace)}>"
            for prefixes in shapes.objects(constraint, sh.prefixes)
            for each in shapes.objects(prefixes, sh.declare)
        )
        yield "\n".join([*declared, select])


def _values(store: ox.Store, query: str, focus: rdflib.term.Node) -> Iterator[rdflib.term.Node]:
    """Yield the values that *query* gives for *focus*."""
    this = ox.Variable("this")
    solutions = store.query(query, substitutions={this: nodes.from_rdflib(focus)})
    if not isinstance(solutions, ox.QuerySolutions):  # sh:select is a SELECT
        return
    for solution in solutions:
        if solution["value"] is not None:
            yield nodes.to_rdflib(solution["value"])
