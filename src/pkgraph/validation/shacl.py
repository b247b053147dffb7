"""
Validate with pySHACL, the reference among the validators of SHACL.

Two of its habits are worked around. It parses a SPARQL constraint anew for each thing that it
looks at, which takes most of the time: the graph that it is handed keeps what it parsed. And it is
never given ``focus_nodes``, which reach into nested shapes and hide what these find.

Source:
    SHACL, validation: https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pkgraph import resources, turtle
from pkgraph.errors import UsageError
from pkgraph.validation import nodes
from pkgraph.validation.report import SH, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox
    import rdflib
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result


def validate(triples: Iterable[ox.Triple], shapes: rdflib.Graph) -> rdflib.Graph:
    """
    Return the validation report on *triples* by *shapes*.

    Raises:
        UsageError: The shapes are no valid SHACL, or ask for what pySHACL cannot do.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    with nodes.quiet():
        data = _data_graph(triples)
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
        except (ReportableRuntimeError, NotImplementedError, re.error) as error:
            report = error
    if isinstance(report, Exception):  # some failures are returned, others are raised
        reason = " ".join(str(report).split())
        raise UsageError(f"the shapes cannot be used as SHACL; correct this: {reason}")
    found: rdflib.Graph = report
    return found


@cache
def our_shapes() -> rdflib.Graph:
    """Return the shapes that pkgraph comes with."""
    import rdflib

    shapes = rdflib.Graph()
    for path in resources.data_files("shapes", ".ttl"):
        _fill(shapes, turtle.parse(turtle.read(path), file=str(path)))
    return shapes


def read_shapes(shapes: Path | str | rdflib.Graph) -> rdflib.Graph:
    """
    Return the shapes in a file, in a text of Turtle or in a graph, which is left as it is.

    Raises:
        InputError: The file cannot be read.
        TurtleSyntaxError: The file or the text is not Turtle.
    """
    import rdflib

    found = rdflib.Graph()
    if isinstance(shapes, Path):
        _fill(found, turtle.parse(turtle.read(shapes), file=str(shapes)))
    elif isinstance(shapes, str):
        _fill(found, turtle.parse(shapes))
    else:
        found += shapes
    return found


def messages(shapes: rdflib.Graph) -> dict[str, str]:
    """Return the message of each shape that has one, by the IRI of the shape."""
    from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

    return {str(shape): str(text) for shape, text in shapes.subject_objects(sh.message)}


def findings(report: rdflib.Graph) -> Iterator[Finding]:
    """Yield what a validation report of SHACL says, without places."""
    from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

    for result in report.objects(None, sh.result):
        facts = {p: o for p, o in report.predicate_objects(result) if p != sh.resultMessage}
        texts = sorted(report.objects(result, sh.resultMessage), key=_english_first)
        severity = str(facts[sh.resultSeverity]).removeprefix(SH)
        yield Finding(
            severity="Warning"
            if severity == "Warning"
            else "Info"
            if severity == "Info"
            else "Violation",
            focus=nodes.name(nodes.from_rdflib(facts[sh.focusNode])),
            path=_path(report, facts.get(sh.resultPath)),
            value=str(nodes.from_rdflib(facts[sh.value])) if sh.value in facts else None,
            message=str(texts[0]) if texts else _unworded(facts[sh.sourceConstraintComponent]),
            shape=nodes.name(nodes.from_rdflib(facts[sh.sourceShape])),
            component=str(facts[sh.sourceConstraintComponent]),
        )


def _unworded(component: rdflib.term.Node) -> str:
    """Return a message for a shape that has none: a validator need not make one."""
    return f"The shape has no message; sh:{str(component).removeprefix(SH)} is not satisfied."


def _english_first(text: rdflib.term.Node) -> tuple[bool, str]:
    return getattr(text, "language", None) != "en", str(text)


def _path(report: rdflib.Graph, node: rdflib.term.Node | None) -> str | None:
    """Return a path as text: an IRI as it is, any other as SPARQL writes it."""
    import rdflib
    from rdflib.extras.shacl import parse_shacl_path

    if node is None or isinstance(node, rdflib.URIRef):
        return None if node is None else str(node)
    return parse_shacl_path(report, node).n3()


def _fill(graph: rdflib.Graph, triples: Iterable[ox.Triple]) -> None:
    """Add *triples* to *graph*."""
    for triple in triples:
        subject, predicate, value = map(nodes.to_rdflib, triple)
        graph.add((subject, predicate, value))


def _data_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """
    Return a graph of *triples* in which pySHACL gets on.

    It keeps the queries that it is asked, parsed; and of its literals none is less than what it
    cannot be compared with, where a literal of rdflib has no answer and pySHACL stops.
    """
    import rdflib

    class DataLiteral(rdflib.Literal):
        __slots__ = ()

        def __lt__(self, other: object) -> bool:
            return super().__lt__(other) is True

        def __le__(self, other: object) -> bool:
            return super().__le__(other) is True

        __eq__ = rdflib.Literal.__eq__
        __hash__ = rdflib.Literal.__hash__

    class DataGraph(rdflib.Graph):
        def query(self, query_object: str | Query, *args: Any, **options: Any) -> Result:  # noqa: ANN401
            query = _parsed(query_object) if isinstance(query_object, str) else query_object
            return super().query(query, *args, **options)

    graph = DataGraph()
    for triple in triples:
        subject, predicate, value = map(nodes.to_rdflib, triple)
        if isinstance(value, rdflib.Literal):
            language, datatype = value.language, value.datatype
            value = DataLiteral(str(value), language, datatype, normalize=False)
        graph.add((subject, predicate, value))
    return graph


@cache
def _parsed(text: str) -> Query:
    """
    Return the SPARQL query of a constraint, parsed.

    Raises:
        UsageError: It is not SPARQL, or reads what is not the data: in rdflib, FROM opens files.
    """
    from rdflib.plugins.sparql import prepareQuery

    try:
        query = prepareQuery(text)
    except Exception as error:  # noqa: BLE001 - rdflib raises it bare where a prefix is unknown
        raise UsageError(
            f"a SPARQL constraint of the shapes cannot be read; correct this: {error}"
        ) from None
    if query.algebra.get("datasetClause"):
        raise UsageError("a SPARQL constraint of the shapes has FROM in it; leave FROM out")
    return query
