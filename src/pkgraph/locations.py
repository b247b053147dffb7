r"""
Find where in a Turtle text a statement stands.

Parsers hand back triples without their places, so a verdict on a triple could not say its line.
This module reads the text a second time, token by token: a small machine follows subject, predicate
and object, and the places are kept by RDF term. So it does not matter how a term is written:
prefixed, in full, relative, escaped.

It is no judge: :mod:`pkgraph.turtle` says what is wrong with a text. In a broken text the
statements before the first fault are found, and nothing after it. The time it takes grows in
proportion to the text, whatever is in it; nesting costs a list and not the stack of Python.

Source:
    Turtle 1.1, grammar: https://www.w3.org/TR/turtle/#sec-grammar-grammar
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from pkgraph.namespaces import RDF, XSD
from pkgraph.turtle.tokens import Lines, Place, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    _Step: TypeAlias = Callable[[], "_Step"]

__all__ = ["Locations", "Place", "Token", "located", "tokens"]

_Object: TypeAlias = ox.NamedNode | ox.Literal | ox.BlankNode

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
#: What stands for every blank node: their labels mean nothing outside the text.
_BLANK: Final = ox.BlankNode("any")


class Locations:
    r"""
    Where the statements of a Turtle text stand.

    >>> places = Locations('PREFIX : <https://example.org/>\n:a :p "x" ,\n  "y" .')
    >>> places.subject("https://example.org/a")
    Place(line=2, column=1)
    >>> places.find("https://example.org/a", "https://example.org/p", ox.Literal("y"))
    Place(line=3, column=3)
    """

    def __init__(self, text: str) -> None:
        text = text.removeprefix("\ufeff")  # as in pkgraph.turtle, so that columns agree
        self._lines = Lines(text)
        self._offsets = _Reader(text).read()

    def subject(self, iri: str) -> Place | None:
        """Return where the first statement about *iri* begins, or None if there is none."""
        return self._place((iri,))

    def find(
        self, subject: str, predicate: str | None = None, obj: _Object | None = None
    ) -> Place | None:
        """
        Return where a statement stands, as precisely as it can be said.

        That is where its object stands; where the text has no such object, or none is given, the
        first *predicate* of *subject*; failing that, the first statement about *subject*. So the
        lack of a property is placed at the thing that lacks it.

        Args:
            subject: The IRI that the statement is about.

            predicate: The IRI of the property.

            obj:
                The object. Blank nodes have no names to tell them by: any stands for the first that
                the property has.

        Returns:
            The place, or None if the text says nothing about *subject*.
        """
        if isinstance(obj, ox.BlankNode):
            obj = _BLANK
        exact = self._place((subject, predicate, obj)) if predicate and obj is not None else None
        return exact or (predicate and self._place((subject, predicate))) or self.subject(subject)

    def _place(self, key: tuple[object, ...]) -> Place | None:
        offset = self._offsets.get(key)
        return None if offset is None else self._lines.place(offset)


class _FaultError(Exception):
    """The text is not Turtle from here on."""


class _Frame(NamedTuple):
    """An open bracket: where it is, the statement it is in, and what follows when it is closed."""

    opener: str
    start: int
    subject: str | None
    predicate: str
    then: _Step


@lru_cache(maxsize=1)
def located(text: str) -> Locations:
    """Return where the statements of *text* stand: what is placed there is mended there next."""
    return Locations(text)


class _Reader:
    """
    Follows the statements of a text; the subject is None while it is a blank node.

    The machine's states are the methods that return a method: the state that comes next.
    """

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._token = next(self._tokens, None)
        self._offsets: dict[tuple[object, ...], int] = {}
        self._prefixes: dict[str, str] = {}
        self._base: str | None = None
        self._subject: str | None = None
        self._predicate = ""
        self._frames: list[_Frame] = []

    def read(self) -> dict[tuple[object, ...], int]:
        """Return the offsets of subjects, of their predicates and of their objects."""
        step: _Step = self._statement
        # A text may end anywhere, and a term that cannot be built is a fault like any other.
        with suppress(_FaultError, ValueError, OverflowError, SyntaxError):
            while True:
                step = step()
        return self._offsets

    def _next(self, *kinds: str) -> Token:
        """Pass the next token and return it; it is a fault if it is of none of *kinds*."""
        token = self._peek()
        if token.kind not in kinds:
            raise _FaultError
        self._token = next(self._tokens, None)
        return token

    def _peek(self) -> Token:
        if self._token is None:
            raise _FaultError
        return self._token

    def _statement(self) -> _Step:
        """Read a directive, or the subject of a statement."""
        token = self._peek()
        if token.kind in {"at", "word"}:
            self._directive()
            return self._statement
        if token.text in {"[", "("}:
            return self._open(then=self._verb)
        self._next("iri", "name", "blank")
        self._subject = None if token.kind == "blank" else self._iri(token)
        self._keep(token.start)
        return self._verb

    def _directive(self) -> None:
        keyword = self._next("at", "word")
        match keyword.text.lower().removeprefix("@"):
            case "prefix":
                prefix = self._next("name").text.removesuffix(":")
                self._prefixes[prefix] = self._iri(self._next("iri"))
            case "base":
                self._base = self._iri(self._next("iri"))
            case "version":
                self._next("string")
            case _:
                raise _FaultError
        if keyword.kind == "at":
            self._next("mark")

    def _verb(self) -> _Step:
        """Read a predicate, or find that there is none (``a:b a:c a:d ; .``)."""
        token = self._peek()
        if token.text in {";", ".", "]"}:
            return self._after
        self._next("word" if token.text == "a" else "iri", "name")
        self._predicate = RDF + "type" if token.text == "a" else self._iri(token)
        self._keep(token.start, self._predicate)
        return self._object

    def _object(self) -> _Step:
        """Read an object, or a member of a collection."""
        token = self._peek()
        if token.text in {"[", "("}:
            return self._open(then=self._after)
        if token.text == ")":
            return self._close("(")
        term = self._term()
        self._keep(token.start, self._predicate, term)
        return self._after

    def _after(self) -> _Step:
        """Read what stands between two objects, or after the last."""
        if self._frames and self._frames[-1].opener == "(":
            return self._object
        match self._peek().text:
            case "]":
                return self._close("[")
            case "," | ";" | "." as mark:
                self._next("mark")
            case _:
                raise _FaultError
        if mark == "." and self._frames:
            raise _FaultError
        return {",": self._object, ";": self._verb, ".": self._statement}[mark]

    def _open(self, then: _Step) -> _Step:
        bracket = self._next("mark")
        frame = _Frame(bracket.text, bracket.start, self._subject, self._predicate, then)
        self._frames.append(frame)
        self._subject = None
        if bracket.text == "(" and self._peek().text == ")":
            return self._close("(", ox.NamedNode(RDF + "nil"))
        return self._verb if bracket.text == "[" else self._object

    def _close(self, opener: str, term: _Object = _BLANK) -> _Step:
        """Close the bracket that was opened by *opener*, which stands for *term*."""
        if not self._frames or self._frames[-1].opener != opener:
            raise _FaultError
        self._next("mark")
        _, start, self._subject, self._predicate, then = self._frames.pop()
        if then == self._verb:
            self._subject = None
        else:
            self._keep(start, self._predicate, term)
        return then

    def _keep(self, offset: int, *rest: object) -> None:
        """Note where the current subject, a predicate or an object of it stands first."""
        if self._subject is not None:
            self._offsets.setdefault((self._subject, *rest), offset)

    def _term(self) -> _Object:
        token = self._next("iri", "name", "blank", "string", "integer", "decimal", "double", "word")
        match token.kind:
            case "iri" | "name":
                return ox.NamedNode(self._iri(token))
            case "blank":
                return _BLANK
            case "string":
                return self._string(token.text)
            case "word" if token.text not in {"true", "false"}:
                raise _FaultError
        datatype = "boolean" if token.kind == "word" else token.kind
        return ox.Literal(token.text, datatype=ox.NamedNode(XSD + datatype))

    def _string(self, text: str) -> ox.Literal:
        """Return the literal that begins with the string *text*, and pass what belongs to it."""
        quotes = 3 if text.startswith(('"' * 3, "'" * 3)) else 1
        value = _unescaped(text[quotes:-quotes])
        if self._token is not None and self._token.kind == "at":
            tag, _, direction = self._next("at").text[1:].partition("--")
            base = ox.BaseDirection(direction) if direction else None
            return ox.Literal(value, language=tag, direction=base)
        if self._token is not None and self._token.text == "^^":
            self._next("mark")
            return ox.Literal(value, datatype=ox.NamedNode(self._iri(self._next("iri", "name"))))
        return ox.Literal(value)

    def _iri(self, token: Token) -> str:
        """Return the IRI that *token* stands for."""
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix not in self._prefixes:
                raise _FaultError
            return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        if _ABSOLUTE.match(token.text, 1):
            return _unescaped(token.text[1:-1])
        # The rules for relative IRIs are long, and the parser has them.
        statement = f"{token.text} <x:x> <x:x> ."
        (quad,) = ox.parse(statement, ox.RdfFormat.TURTLE, base_iri=self._base)
        return str(quad.subject.value)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    if escape[3]:
        return _CONTROL.get(escape[3], escape[3])
    return chr(int(escape[1] or escape[2], 16))
