"""
Refuse shapes that are no valid SHACL, which a validator may pass over, so that anything conforms.

Most of the rules are shapes themselves, which the recommendation has in an appendix and pySHACL
brings with it. What they cannot say is said here: what the queries in shapes may be. These are also
kept to what the engine can bear, and from files and other machines.

Source:
    SHACL, appendix C, shapes to validate shapes graphs: https://www.w3.org/TR/shacl/#shacl-shacl
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import sparql
from pkgraph.errors import EnvironmentFailure, UsageError
from pkgraph.validation import compiled
from pkgraph.validation.report import SH
from pkgraph.validation.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.plugins.sparql.parserutils import CompValue

    from pkgraph.validation.report import Finding

_WHAT: Final = "the shapes cannot be used as SHACL; correct this: "
_QUERY: Final = "a SPARQL constraint of the shapes"
#: What SHACL does not allow in a query, by what rdflib calls it; SERVICE is refused before.
_NOT_ALLOWED: Final[Mapping[str, str]] = MappingProxyType(
    {"DatasetClause": "FROM", "InlineData": "VALUES", "MinusGraphPattern": "MINUS"}
)
_THIS: Final = "this"
_EITHER: Final = SH + "XoneConstraintComponent"
_NO_SHAPE: Final = (
    "it is neither a node shape, which has no sh:path and takes no constraint that counts or "
    "orders values, nor a property shape, which has one sh:path"
)


def refuse(shapes: Shapes) -> None:
    """
    Do nothing if *shapes* are valid SHACL.

    Raises:
        UsageError: They are not, or a query in them is not SPARQL, reads more than the data, or
            is too much to run.
    """
    for finding in compiled.findings(shapes.triples, _of_shapes()):
        raise UsageError(f"{_WHAT}{_explained(finding)}")
    for form in ("select", "ask"):
        for constraint, query in shapes.having(SH + form):
            _refuse_query(shapes.prologue(constraint) + query.value)


@cache
def _of_shapes() -> Shapes:
    """
    Return the shapes that valid shapes conform to.

    Raises:
        EnvironmentFailure: pySHACL does not have them where it should.
    """
    package = find_spec("pyshacl")  # without importing it, which is slow
    for folder in (package and package.submodule_search_locations) or ():
        path = Path(folder, "assets", "shacl-shacl.ttl")
        if path.is_file():
            return Shapes(tuple(q.triple for q in ox.parse(path=path, format=ox.RdfFormat.TURTLE)))
    raise EnvironmentFailure(
        "pyshacl has no file assets/shacl-shacl.ttl; install the version that pkgraph asks for"
    )


def _explained(finding: Finding) -> str:
    """Return in words what is wrong with a shape."""
    if finding.component == _EITHER and finding.path is None:
        return f"{finding.statement}: {_NO_SHAPE}"
    return f"{finding.statement}: sh:{finding.component.removeprefix(SH)} is not satisfied"


def _refuse_query(query: str) -> None:
    """
    Refuse the query of a constraint that SHACL does not allow.

    Raises:
        UsageError: It is not SPARQL, is too much to run, reads what is not the data, or has what
            does not go with a focus node that is given beforehand.

    Source:
        SHACL, pre-binding: https://www.w3.org/TR/shacl/#pre-binding
    """
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        sparql.check_limits(query)
        prepareQuery(query)
    except RecursionError:
        raise UsageError(f"{_QUERY} is nested too deep; nest less in it") from None
    except Exception as error:  # noqa: BLE001 - rdflib raises it bare where a prefix is unknown
        raise UsageError(f"{_QUERY} cannot be read; correct this: {error}") from None
    for fault in _faults(list(parseQuery(query))):
        raise UsageError(f"{_QUERY} {fault}")


def _faults(parsed: object) -> Iterator[str]:
    """Yield what SHACL does not allow in a query."""
    for part in _parts(parsed):
        if part.name in _NOT_ALLOWED:
            word = _NOT_ALLOWED[part.name]
            yield f"has {word} in it; leave {word} out"
        columns = part.projection or []
        if _THIS in {str(column.evar) for column in columns}:
            yield "gives $this another value; use another name"
        named = {str(column.var) for column in columns}
        if part.name == "SubSelect" and named and _THIS not in named:
            yield "has a SELECT inside that leaves out $this; name $this in it"


def _parts(parsed: object) -> Iterator[CompValue]:
    """Yield the parts of a query that have a name, at any depth."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(parsed, CompValue):
        yield parsed
        for part in parsed.values():
            yield from _parts(part)
    elif isinstance(parsed, (list, ParseResults)):
        for part in parsed:
            yield from _parts(part)
