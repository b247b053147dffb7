"""
Read statements in RDF/XML, and find them again in its text.

The text is read a second time as XML. Elements that are nodes and elements that are properties
take turns, and each knows its line.

Source:
    RDF 1.1 XML Syntax, grammar: https://www.w3.org/TR/rdf-syntax-grammar/#section-Infoset-Grammar
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin
from xml.parsers import expat

import pyoxigraph as ox

from pkgraph import turtle
from pkgraph.intake import rdf
from pkgraph.intake.source import Source, Where
from pkgraph.namespaces import RDF

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.intake.source import Node

_XML: Final = "http://www.w3.org/XML/1998/namespace"
#: Attributes that say how an element is to be read, and are no statements.
_SYNTAX: Final = frozenset(
    RDF + name for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")
)


def read(path: Path) -> Source:
    """
    Read a file of RDF/XML.

    Raises:
        InputError: It cannot be read, or is too large.
        TurtleSyntaxError: It is not RDF/XML, is too much, or has a document type.
    """
    text = turtle.read(path, rdf.MAX_MIB)
    return Source(path, rdf.parse(text, ox.RdfFormat.RDF_XML, path), _Text(text).find)


class _Text:
    """A text of RDF/XML, read a second time only when a statement is to be found in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return where a statement stands, or its property, or its subject, or a blank node."""
        text = None if value is None else "" if isinstance(value, ox.BlankNode) else value.value
        for key in ((focus, path, text), (focus, path), (focus,), ()):
            if key in self._places:
                return self._places[key]
        return None

    @cached_property
    def _places(self) -> dict[tuple[object, ...], Where]:
        return _Reader().read(self._text)


@dataclass(slots=True)
class _Element:
    """An open element: a node with its IRI, or a property with what it is a property of."""

    is_node: bool
    subject: str | None
    base: str
    where: Where
    path: str = ""
    items: int = 0
    text: list[str] = field(default_factory=list)


class _Reader:
    """Follows the elements of a text and notes where subjects, properties and values stand."""

    def __init__(self) -> None:
        self._places: dict[tuple[object, ...], Where] = {}
        self._open: list[_Element] = []
        self._parser = expat.ParserCreate("UTF-8", " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, text: str) -> dict[tuple[object, ...], Where]:
        """Return the places by subject, by property, and by value; at ``()``, a blank node."""
        self._parser.Parse(text.encode(), True)  # noqa: FBT003  # the parameter has no name
        return self._places

    def _start(self, name: str, given: dict[str, str]) -> None:
        iri = name.replace(" ", "")
        attributes = {key.replace(" ", ""): value for key, value in given.items()}
        where = Where(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        outer = self._open[-1] if self._open else None
        base = urljoin(outer.base if outer else "", attributes.pop(_XML + "base", ""))
        if iri == RDF + "RDF" and outer is None:
            self._open.append(_Element(is_node=False, subject=None, base=base, where=where))
        elif outer is None or not outer.is_node:
            self._node(iri, attributes, base, where)
        else:
            self._property(iri, attributes, base, where)

    def _node(self, iri: str, attributes: dict[str, str], base: str, where: Where) -> None:
        """Note a node, its class, and what it says in attributes."""
        subject = None
        if RDF + "about" in attributes:
            subject = urljoin(base, attributes[RDF + "about"])
        elif RDF + "ID" in attributes:
            subject = urljoin(base, f"#{attributes[RDF + 'ID']}")
        if self._open and self._open[-1].path:
            outer = self._open[-1]
            self._keep(outer.where, outer.subject, outer.path, subject or "")
        if subject is None:
            self._places.setdefault((), where)
        self._keep(where, subject)
        if iri != RDF + "Description":
            self._keep(where, subject, RDF + "type", iri)
        self._in_attributes(subject, attributes, where)
        self._open.append(_Element(is_node=True, subject=subject, base=base, where=where))

    def _property(self, iri: str, attributes: dict[str, str], base: str, where: Where) -> None:
        """Note a property, and its value if it stands in an attribute."""
        outer = self._open[-1]
        if iri == RDF + "li":
            outer.items += 1
            iri = f"{RDF}_{outer.items}"
        self._keep(where, outer.subject, iri)
        kind = attributes.get(RDF + "parseType", "")
        value = None
        if RDF + "resource" in attributes:
            value = urljoin(base, attributes[RDF + "resource"])
            self._keep(where, outer.subject, iri, value)
        elif kind or RDF + "nodeID" in attributes or self._says(attributes):
            self._keep(where, outer.subject, iri, "")
            self._places.setdefault((), where)
        self._in_attributes(value, attributes, where)
        self._open.append(
            _Element(kind == "Resource", None if kind else outer.subject, base, where, iri)
        )

    def _end(self, _: str) -> None:
        closed = self._open.pop()
        if closed.path and not closed.is_node:
            self._keep(closed.where, closed.subject, closed.path, "".join(closed.text))

    def _characters(self, text: str) -> None:
        if self._open and not self._open[-1].is_node:
            self._open[-1].text.append(text)

    def _in_attributes(self, subject: str | None, attributes: dict[str, str], where: Where) -> None:
        for key, value in self._says(attributes).items():
            self._keep(where, subject, key)
            self._keep(where, subject, key, value)

    def _says(self, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that are statements."""
        return {
            key: value
            for key, value in attributes.items()
            if key not in _SYNTAX and not key.startswith(_XML)
        }

    def _keep(self, where: Where, subject: str | None, *rest: object) -> None:
        if subject is not None:
            self._places.setdefault((subject, *rest), where)
