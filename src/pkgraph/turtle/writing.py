"""
Write the canonical Turtle of the files under ``graph/``.

One thing is one block: its class on the first line, its label, then its properties in the order in
which the shapes ask for them (``sh:order``), so that a file reads like the form it could be typed
in. Things stand in the order of :mod:`pkgraph.turtle.order`. The prefixes are those in use.

Blank nodes are refused. What has no address cannot be cited or corrected, so ``graph/`` holds none;
and to put the same ones always in the same order takes, at worst, time without bound.

Source:
    Turtle 1.1, abbreviations: https://www.w3.org/TR/turtle/#language-features
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.errors import InputError
from pkgraph.namespaces import RDF, RDFS, XSD, compact, prefixes
from pkgraph.turtle.order import natural, reading_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pkgraph.turtle.order import Thing

_WIDTH: Final = 100
_FIRST: Final = (RDF + "type", RDFS + "label")
#: Where a property stands that no shape asks for.
_LAST: Final = float("inf")
_ASKED: Final = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?class ?path ?order
WHERE {
  ?shape sh:targetClass ?class ; sh:property ?property .
  ?property sh:path ?path ; sh:order ?order .
  FILTER(isIRI(?path))
}
"""
#: The literals that any reader of Turtle gives back as they were without quotation marks: rdflib,
#: for one, makes 1 of 01.
_BARE: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
    XSD + "boolean": re.compile(r"true|false"),
}
#: What needs an escape, or may.
_SPECIAL: Final = re.compile(r'["\\\x00-\x1f\x7f-\U0010ffff]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})


def write(triples: Iterable[ox.Triple]) -> str:
    """
    Return the canonical Turtle of *triples*, whose order and repetitions do not matter.

    Raises:
        InputError: A blank node or a triple is part of a statement.
    """
    things: dict[str, dict[str, set[ox.NamedNode | ox.Literal]]] = {}
    for t in triples:
        if not (
            isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.NamedNode | ox.Literal)
        ):
            raise _nameless(t)
        thing = things.setdefault(t.subject.value, {})
        thing.setdefault(t.predicate.value, set()).add(t.object)
    used: set[str] = set()

    def name(iri: str) -> str:
        curie = compact(iri)
        if curie == iri:
            return f"<{_escaped(iri)}>"
        used.add(curie.partition(":")[0])
        return curie

    blocks = [_block(iri, things[iri], name) for iri in reading_order(things)]
    header = "".join(f"@prefix {p}: <{prefixes()[p]}> .\n" for p in sorted(used))
    return "\n".join(filter(None, [header, *blocks]))


def _nameless(triple: ox.Triple) -> InputError:
    subject = triple.subject
    of = compact(subject.value) if isinstance(subject, ox.NamedNode) else "something without one"
    return InputError(
        f"{compact(triple.predicate.value)} of {of} joins what has no IRI, which a file under "
        "graph/ cannot hold; give every thing an IRI in place of a blank node"
    )


def _block(iri: str, thing: Thing, name: Callable[[str], str]) -> str:
    """Return the statements about one thing; *name* gives the short form of an IRI."""
    classes = [node.value for node in thing.get(RDF + "type", ())]
    lines: list[str] = []
    for predicate in sorted(thing, key=lambda predicate: _rank(predicate, classes)):
        verb = "a" if predicate == RDF + "type" else name(predicate)
        start = f"    {verb}" if lines else f"{name(iri)} {verb}"
        nodes = [name(node.value) for node in thing[predicate] if isinstance(node, ox.NamedNode)]
        literals = [_literal(n, name) for n in thing[predicate] if isinstance(n, ox.Literal)]
        objects = sorted(nodes, key=natural) + sorted(literals, key=natural)
        line = f"{start} {', '.join(objects)}"
        if len(line) + len(" ;") > _WIDTH:
            line = f"{start} " + ",\n        ".join(objects)
        lines.append(line)
    return " ;\n".join(lines) + " .\n"


def _rank(predicate: str, classes: Iterable[str]) -> tuple[float, str]:
    """Return where *predicate* stands in a thing of *classes*: see :func:`_orders`."""
    if predicate in _FIRST:
        return _FIRST.index(predicate) - len(_FIRST), ""
    orders = _orders()
    asked = [orders[one][predicate] for one in classes if predicate in orders.get(one, ())]
    anywhere = orders[""].get(predicate, _LAST)
    return min(asked, default=anywhere), compact(predicate)


@cache
def _orders() -> Mapping[str, Mapping[str, float]]:
    """
    Return the ``sh:order`` of each property, by class; that under "" is its least in any class.

    The shapes are read when the first thing is written, in some 30 ms.
    """
    shapes = ox.Store()
    for path in resources.data_files("shapes", ".ttl"):
        shapes.load(path=path, format=ox.RdfFormat.TURTLE)
    orders: dict[str, dict[str, float]] = {"": {}}
    rows = shapes.query(_ASKED)
    for class_, predicate, order in rows:  # type: ignore[union-attr]  # a SELECT has rows
        for one in ("", class_.value):
            places = orders.setdefault(one, {})
            places[predicate.value] = min(float(order.value), places.get(predicate.value, _LAST))
    return orders


def _literal(literal: ox.Literal, name: Callable[[str], str]) -> str:
    value, datatype = literal.value, literal.datatype.value
    if datatype in _BARE and _BARE[datatype].fullmatch(value):
        return value
    quoted = f'"{_escaped(value)}"'
    if literal.language:
        direction = f"--{literal.direction}" if literal.direction else ""
        return f"{quoted}@{literal.language}{direction}"
    return quoted if datatype == XSD + "string" else f"{quoted}^^{name(datatype)}"


def _escaped(text: str) -> str:
    r"""
    Escape what would end a string or its line, and what cannot be seen.

    >>> print(_escaped('"a\\b"\n\u202e'))
    \"a\\b\"\n\u202E
    """
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if unicodedata.category(sign) not in _INVISIBLE:
        return sign
    return f"\\U{ord(sign):08X}" if sign > "\uffff" else f"\\u{ord(sign):04X}"
