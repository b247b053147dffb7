"""
Look through a text of RDF/XML before it is parsed, and refuse what would harm or mislead.

Measured with pyoxigraph 0.5.13, the parser expands entities, takes a text that is cut short for
whole, and takes time that grows with the square of the depth and of the attributes of an element.

Source:
    RDF 1.1 XML Syntax: https://www.w3.org/TR/rdf-syntax-grammar/
"""

from __future__ import annotations

from typing import Final, NoReturn
from xml.parsers import expat

from pkgraph.errors import TurtleSyntaxError
from pkgraph.namespaces import RDF

#: How many elements may be open at once.
MAX_DEPTH: Final = 100
#: How many attributes an element may have.
MAX_ATTRIBUTES: Final = 200
#: How many prefixes may be declared at once.
MAX_PREFIXES: Final = 500
#: What is said of statements about statements, in whatever syntax.
NESTED: Final = "RDF 1.1 has no statements about statements; describe a thing of its own instead"


def check(text: str, file: str | None = None) -> None:
    """
    Refuse a document type, triple terms, what is nested too deeply, and what is not whole.

    Raises:
        TurtleSyntaxError: It is one of these.
    """
    _Check(file).run(text)


class _Check:
    """The parser of XML, and what it looks after."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._depth = 0
        self._prefixes = 0
        self._parser = parser = expat.ParserCreate("UTF-8", " ")
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self._declare
        parser.EndNamespaceDeclHandler = self._forget

    def run(self, text: str) -> None:
        try:
            self._parser.Parse(text.encode(errors="replace"), True)  # noqa: FBT003  # the parameter has no name
        except expat.ExpatError as error:
            self._refuse(f"this is not whole XML, {expat.ErrorString(error.code)}; correct it here")

    def _refuse(self, reason: str) -> NoReturn:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        raise TurtleSyntaxError(reason, file=self._file, line=line, column=column)

    def _document_type(self, *_: object) -> None:
        self._refuse(
            "RDF/XML with a document type is not read, since a few entities can fill the memory; "
            "leave DOCTYPE out and write what the entities stand for"
        )

    def _start(self, _: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(
                f"this is more than {MAX_DEPTH} elements deep; describe things side by side, and "
                "have them point at each other by rdf:resource"
            )
        if len(attributes) > MAX_ATTRIBUTES:
            self._refuse(
                f"an element has more than {MAX_ATTRIBUTES} attributes; write elements instead"
            )
        if attributes.get(f"{RDF} parseType") == "Triple":
            self._refuse(NESTED)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _declare(self, *_: object) -> None:
        self._prefixes += 1
        if self._prefixes > MAX_PREFIXES:
            self._refuse(
                f"more than {MAX_PREFIXES} prefixes are declared; leave out what is not used"
            )

    def _forget(self, _: object) -> None:
        self._prefixes -= 1
