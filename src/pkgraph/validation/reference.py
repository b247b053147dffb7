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
import warnings
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from pkgraph.errors import UsageError
from pkgraph.validation import nodes
from pkgraph.validation.report import Finding, severity, unworded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox
    import rdflib
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result

    from pkgraph.validation.shapes import Shapes


def findings(
    triples: Iterable[ox.Triple], shapes: Shapes, most: int | None = None
) -> list[Finding]:
    """
    Return what is wrong with *triples* by *shapes*, without places.

    Args:
        triples: What is validated.

        shapes: By what.

        most: How many findings to return; pySHACL finds all of them first.

    Raises:
        UsageError: The shapes are no valid SHACL, or ask for what pySHACL cannot do.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    with nodes.quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of literals and of recursive shapes
        data = _data_graph(triples)
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=graph(shapes), inference="none")
        except (ReportableRuntimeError, NotImplementedError, re.error) as error:
            report = error
    if isinstance(report, Exception):  # some failures are returned, others are raised
        reason = " ".join(str(report).split())
        raise UsageError(f"the shapes cannot be used as SHACL; correct this: {reason}")
    return list(islice(_told(report), most))


def _told(report: rdflib.Graph) -> Iterator[Finding]:
    """Yield what a validation report of SHACL says, without places."""
    from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

    for result in report.objects(None, sh.result):
        facts = {p: o for p, o in report.predicate_objects(result) if p != sh.resultMessage}
        texts = sorted(report.objects(result, sh.resultMessage), key=_english_first)
        component = str(facts[sh.sourceConstraintComponent])
        level, own_level = severity(str(facts[sh.resultSeverity]))
        yield Finding(
            severity=level,
            focus=nodes.name(nodes.from_rdflib(facts[sh.focusNode])),
            path=_path(report, facts.get(sh.resultPath)),
            value=str(nodes.from_rdflib(facts[sh.value])) if sh.value in facts else None,
            message=str(texts[0]) if texts else unworded(component),
            shape=nodes.name(nodes.from_rdflib(facts[sh.sourceShape])),
            component=component,
            own_severity=own_level,
        )


def _english_first(text: rdflib.term.Node) -> tuple[bool, str]:
    return getattr(text, "language", None) != "en", str(text)


def _path(report: rdflib.Graph, node: rdflib.term.Node | None) -> str | None:
    """Return a path as text: an IRI as it is, any other as SPARQL writes it."""
    import rdflib
    from rdflib.extras.shacl import parse_shacl_path

    if node is None or isinstance(node, rdflib.URIRef):
        return None if node is None else str(node)
    return parse_shacl_path(report, node).n3()


@lru_cache(maxsize=4)
def graph(shapes: Shapes) -> rdflib.Graph:
    """
    Return *shapes* as pySHACL takes them.

    The prefixes that an ontology imports are declared in it, since pySHACL looks no further.
    """
    import rdflib
    from rdflib.namespace import SH as sh  # noqa: N811  # a namespace, by its prefix

    found = rdflib.Graph()
    for triple in shapes.triples:
        subject, predicate, value = map(nodes.to_rdflib, triple)
        found.add((subject, predicate, value))
    for ontology in set(found.objects(None, sh.prefixes)):
        for imported in found.transitive_objects(ontology, rdflib.OWL.imports):
            for declaration in list(found.objects(imported, sh.declare)):
                found.add((ontology, sh.declare, declaration))
    return found


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
            return self.is_like(other) and super().__lt__(other) is True

        def __le__(self, other: object) -> bool:
            return self.is_like(other) and super().__le__(other) is True

        def is_like(self, other: object) -> bool:
            """Tell that not just one of the two is a truth value: rdflib compares 5 with true."""
            truth = rdflib.XSD.boolean
            return (self.datatype == truth) == (getattr(other, "datatype", None) == truth)

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
    """Return the SPARQL query of a constraint, parsed; that it can be is known beforehand."""
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(text)
