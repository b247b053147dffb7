"""
Validate with the compiled validator of the package ``shacl``, which takes a fraction of a second.

What it leaves out is put back: the labels that blank nodes have in the data, and a value that the
query of a SPARQL constraint makes, as by ``BIND``, and that nowhere stands in the data. What ends
it is kept from it: a date in a year of more than 18 digits, measured with ``shacl`` 0.3.4.

Source:
    SHACL, validation: https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import EnvironmentFailure, UsageError
from pkgraph.namespaces import XSD
from pkgraph.validation import nodes
from pkgraph.validation.report import SH, Finding, severity, unworded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from shacl import Result
    from shacl import Shapes as CompiledShapes

    from pkgraph.validation.nodes import Node
    from pkgraph.validation.shapes import Shapes

_DATES: Final = frozenset(ox.NamedNode(XSD + name) for name in ("date", "dateTime"))
_FAR_YEAR: Final = re.compile(r"-?\d{19}")
_SPARQL: Final = SH + "SPARQLConstraintComponent"
#: Where a message has the value of a variable put in, once the message is escaped.
_INSERTED: Final = re.compile(r"\\\{\\[?$]\w+\\\}")


def findings(
    triples: Iterable[ox.Triple], shapes: Shapes, most: int | None = None
) -> list[Finding]:
    """
    Return what is wrong with *triples* by *shapes*, without places.

    Args:
        triples: What is validated.

        shapes: By what.

        most: After how many findings to stop.

    Raises:
        UsageError: The shapes ask for what the validator cannot do.
        EnvironmentFailure: The validator failed.
    """
    data = tuple(triples)
    with _failures():
        text = _lines(map(_bearable, data))
        results = _compiled(shapes).validate_text(text, "ntriples", max_results=most).results
    if not results:
        return []
    known = _changed_names(data, shapes)
    found = [_finding(result, shapes, known) for result in results]
    return _with_made_values(found, data, shapes)


@lru_cache(maxsize=4)
def _compiled(shapes: Shapes) -> CompiledShapes:
    """
    Return *shapes* compiled.

    Raises:
        ValueError: They are no valid SHACL.
    """
    import shacl

    return shacl.Shapes.from_text(_lines(shapes.triples), "ntriples")


def _lines(triples: Iterable[ox.Triple]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


@contextmanager
def _failures() -> Iterator[None]:
    """
    Raise what the validator raises as errors of pkgraph.

    A panic, which is what a fault in Rust is called, is no :class:`Exception` in Python.
    """
    try:
        yield
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"the shapes cannot be used as SHACL; correct this: {reason}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise EnvironmentFailure(
            f"the validator 'shacl' failed, {error}; use the engine 'pyshacl' instead"
        ) from error


def _bearable(triple: ox.Triple) -> ox.Triple:
    """Return *triple* with a date that ends the validator as one that is none."""
    value = triple.object
    if isinstance(value, ox.Literal) and _FAR_YEAR.match(value.value) and value.datatype in _DATES:
        stand_in = ox.Literal(f"far off: {value.value}", datatype=value.datatype)
        return ox.Triple(triple.subject, triple.predicate, stand_in)
    return triple


def _changed_names(data: Sequence[ox.Triple], shapes: Shapes) -> Mapping[str, Node]:
    """
    Return the nodes of *data* and *shapes* that have another name in results, by that name.

    Blank nodes have a number each, in the order in which they first stand in the shapes and then
    in the data.
    """
    of_shapes, of_data = _blank_nodes(shapes.triples), _blank_nodes(data)
    found: dict[str, Node] = {f"_:1_b{n}": node for n, node in enumerate(of_shapes)}
    found |= {f"_:0_b{n}": node for n, node in enumerate(of_data, len(of_shapes))}
    for triple in data:
        value, stand_in = triple.object, _bearable(triple).object
        if isinstance(value, ox.Literal) and stand_in != value:
            found[str(stand_in)] = value
    return found


def _blank_nodes(triples: Iterable[ox.Triple]) -> Collection[ox.BlankNode]:
    """Return the blank nodes of *triples* in the order in which they first stand there."""
    found = (n for t in triples for n in (t.subject, t.object) if isinstance(n, ox.BlankNode))
    return dict.fromkeys(found)


def _finding(result: Result, shapes: Shapes, known: Mapping[str, Node]) -> Finding:
    """Return a result of the validator as a finding."""
    level, own_level = severity(result.severity_iri)
    shape = result.source_shape
    return Finding(
        severity=level,
        focus=nodes.name(_node(result.focus_node, known)),
        path=None if result.path is None else _path(result.path),
        value=None if result.value is None else str(_node(result.value, known)),
        message=_english(result.messages, shapes) or unworded(result.component_iri),
        shape="" if shape is None else nodes.name(_node(shape, known)),
        component=result.component_iri,
        own_severity=own_level,
    )


def _node(text: str, known: Mapping[str, Node]) -> Node:
    """Return the node that the validator writes as *text*."""
    return known.get(text) or nodes.parse(text)


def _path(text: str) -> str:
    """Return a path as findings have it: an IRI without brackets, any other as rdflib writes it."""
    if text.count("<") == 1 and text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    return nodes.parse_path(text).n3()


def _english(messages: Sequence[str], shapes: Shapes) -> str | None:
    """Return the first of *messages* that is in English, or else the first."""
    if len(messages) > 1:
        in_english = [
            _INSERTED.sub(".*", re.escape(message.value))
            for _, message in shapes.having(SH + "message")
            if isinstance(message, ox.Literal) and message.language == "en"
        ]
        for text in sorted(messages):
            if any(re.fullmatch(pattern, text, re.DOTALL) for pattern in in_english):
                return text
    return min(messages, default=None)


def _with_made_values(
    found: list[Finding], triples: Iterable[ox.Triple], shapes: Shapes
) -> list[Finding]:
    """Return *found* with the values that the queries of SPARQL constraints make."""
    if not any(finding.component == _SPARQL and finding.value is None for finding in found):
        return found
    said = defaultdict(set)
    for finding in found:
        said[finding.focus, finding.shape].add(finding.value)
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    whole = []
    for finding in found:
        value = finding.value
        if finding.component == _SPARQL and value is None:
            known = said[finding.focus, finding.shape]
            made = _made_values(store, finding, shapes)
            value = next((value for value in made if value not in known), None)
            known.add(value)
        whole.append(replace(finding, value=value))
    return whole


def _made_values(store: ox.Store, finding: Finding, shapes: Shapes) -> Iterator[str]:
    """Yield the values that the queries of the shape that made *finding* give for its focus."""
    this, focus = ox.Variable("this"), nodes.parse(finding.focus)
    for query in _queries(nodes.parse(finding.shape), shapes):
        solutions = store.query(query, substitutions={this: focus})
        if isinstance(solutions, ox.QuerySolutions):  # sh:select is a SELECT
            yield from (str(s["value"]) for s in solutions if s["value"] is not None)


def _queries(shape: Node, shapes: Shapes) -> Iterator[str]:
    """Yield the queries of the SPARQL constraints of *shape* that make a value, with prefixes."""
    for constraint in shapes.values(shape, SH + "sparql"):
        for select in shapes.values(constraint, SH + "select"):
            if "?value" in select.value and "$PATH" not in select.value:
                yield shapes.prologue(constraint) + select.value
