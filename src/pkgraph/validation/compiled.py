"""
Validate with the compiled validator of the package ``shacl``, which takes a fraction of a second.

What it leaves out is put back: the labels that blank nodes have in the data, and a value that the
query of a SPARQL constraint makes, as by ``BIND``, and that nowhere stands in the data.

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
from pkgraph.validation import nodes
from pkgraph.validation.report import SH, Finding, severity, unworded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from shacl import Result
    from shacl import Shapes as CompiledShapes

    from pkgraph.validation.nodes import Node
    from pkgraph.validation.shapes import Shapes

#: A blank node as the validator calls it: those of the shapes and then those of the data have a
#: number each, in the order in which they first stand there.
_NUMBERED: Final = re.compile(r"_:[01]_b(\d+)")
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
        validated = _compiled(shapes).validate_text(_lines(data), "ntriples", max_results=most)
        results = validated.results
    if not results:
        return []
    blanks = _blank_nodes((*shapes.triples, *data))
    found = [_finding(result, shapes, blanks) for result in results]
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


def _blank_nodes(triples: Iterable[ox.Triple]) -> tuple[ox.BlankNode, ...]:
    """Return the blank nodes of *triples* in the order in which they first stand there."""
    found = (n for t in triples for n in (t.subject, t.object) if isinstance(n, ox.BlankNode))
    return tuple(dict.fromkeys(found))


def _finding(result: Result, shapes: Shapes, blanks: Sequence[ox.BlankNode]) -> Finding:
    """Return a result of the validator as a finding."""
    level, own_level = severity(result.severity_iri)
    shape = result.source_shape
    return Finding(
        severity=level,
        focus=nodes.name(_node(result.focus_node, blanks)),
        path=None if result.path is None else _path(result.path),
        value=None if result.value is None else str(_node(result.value, blanks)),
        message=_english(result.messages, shapes) or unworded(result.component_iri),
        shape="" if shape is None else nodes.name(_node(shape, blanks)),
        component=result.component_iri,
        own_severity=own_level,
    )


def _node(text: str, blanks: Sequence[ox.BlankNode]) -> Node:
    """Return the node that the validator writes as *text*."""
    numbered = _NUMBERED.fullmatch(text)
    if numbered and int(numbered[1]) < len(blanks):
        return blanks[int(numbered[1])]
    return nodes.parse(text)


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
