"""
Read statements in JSON-LD, and find them again in its text.

The text is read a second time as JSON, with the place of everything. What keys and names stand for,
the parser is asked: it is given each of them once more, in the context of the text.

Source:
    JSON-LD 1.1: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from pkgraph import turtle
from pkgraph.errors import TurtleSyntaxError
from pkgraph.intake import rdf
from pkgraph.intake.source import Source, Where
from pkgraph.namespaces import RDF
from pkgraph.turtle.jsonld import MAX_DEPTH, Piece, pieces
from pkgraph.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pkgraph.intake.source import Node

#: The most that the pieces of a text may weigh, each as much as the brackets around it are deep:
#: so often the parser keeps it. This much takes 250 MiB.
MAX_WEIGHT: Final = 2_000_000
_TYPE: Final = RDF + "type"
#: What holds more of the same thing, or other things, and says nothing by itself.
_HOLDERS: Final = frozenset({"@graph", "@included", "@list", "@nest", "@set"})
#: Containers whose objects have keys that are no properties, and values that are values.
_MAPS: Final = frozenset({"@index", "@language"})


def read(path: Path) -> Source:
    """
    Read a file of JSON-LD.

    Raises:
        InputError: It cannot be read, or is too large.
        TurtleSyntaxError: It is not JSON-LD, is too much, or has its context elsewhere.
    """
    text = turtle.read(path, rdf.MAX_MIB)
    _weigh(text, path)
    return Source(path, rdf.parse(text, ox.RdfFormat.JSON_LD, path), _Text(text).find)


def _weigh(text: str, path: Path) -> None:
    """Refuse a text that would fill the memory."""
    weight = 0
    for piece in pieces(text):
        if piece.depth > MAX_DEPTH:
            return  # too deep for any parser, which is refused as such
        weight += piece.depth
        if weight > MAX_WEIGHT:
            raise TurtleSyntaxError(
                f"the JSON-LD is too large: its pieces, each counted as often as there are "
                f"brackets around it, are more than {MAX_WEIGHT}; nest less, or split it",
                file=str(path),
            )


@dataclass(slots=True)
class _Value:
    """A value of JSON and where it begins; an object has members, an array has items."""

    piece: Piece
    members: list[tuple[Piece, _Value]] = field(default_factory=list)
    items: list[_Value] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of a string, or a number or truth value as it is written."""
        return self.piece.value if self.piece.kind == "string" else self.piece.text


def _tree(text: str) -> _Value | None:
    """Return the value that a whole text of JSON is."""
    root: _Value | None = None
    opened: list[_Value] = []
    key: Piece | None = None
    for piece in pieces(text):
        if piece.kind == "close":
            opened.pop()
        elif piece.kind == "key":
            key = piece
        else:
            value = _Value(piece)
            root = root or value
            if opened and key is not None:
                opened[-1].members.append((key, value))
            elif opened:
                opened[-1].items.append(value)
            key = None
            if piece.kind == "open":
                opened.append(value)
    return root


class _Text:
    """A text of JSON-LD, read a second time only when a statement is to be found in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find(self, focus: str, path: str | None, value: Node | None) -> Where | None:
        """Return where a statement stands, or its property, or its subject, or a blank node."""
        text = None if value is None else "" if isinstance(value, ox.BlankNode) else value.value
        keys = ((focus, path, text), (focus, path), (focus,), ())
        offset = next((self._offsets[key] for key in keys if key in self._offsets), None)
        if offset is None:
            return None
        place = Lines(self._text).place(offset)
        return Where(place.line, place.column)

    @cached_property
    def _offsets(self) -> dict[tuple[object, ...], int]:
        """Where subjects, properties and values stand first, by IRI; at ``()``, a blank node."""
        root = _tree(self._text)
        if root is None:
            return {}
        document = json.loads(self._text, strict=False)
        tops = document if isinstance(document, list) else [document]
        contexts = [top["@context"] for top in tops if isinstance(top, dict) and "@context" in top]
        reader = _Reader(contexts)
        reader.prepare(root)
        reader.node(root)
        return reader.offsets


class _Reader:
    """Follows the nodes of a text of JSON-LD and notes where what they say stands."""

    def __init__(self, contexts: list[Any]) -> None:
        self.offsets: dict[tuple[object, ...], int] = {}
        self._context = list(_flat(contexts))
        self._terms = {
            term: meaning
            for context in self._context
            if isinstance(context, dict)
            for term, meaning in context.items()
        }
        self._properties: Mapping[str, str] = {}
        self._names: Mapping[str, str] = {}
        self._classes: Mapping[str, str] = {}

    def prepare(self, root: _Value) -> None:
        """Have the parser say what all keys and texts below *root* stand for."""
        keys: dict[str, None] = {}
        texts: dict[str, None] = {}
        waiting = [root]
        while waiting:
            value = waiting.pop()
            members = [(k, each) for k, each in value.members if k.value != "@context"]
            waiting += [*value.items, *(each for _, each in members)]
            keys.update({key.value: None for key, _ in members})
            if value.piece.kind == "string":
                texts[value.text] = None
        plain = [k for k in keys if not self._keyword(k) and not self._reversed(k)]
        by_key = self._expanded({"@id": f"urn:x:{n}", k: "x"} for n, k in enumerate(plain))
        self._properties = {k: p for n, k in enumerate(plain) for _, p, _ in by_key.get(n, ())}
        by_name = self._expanded({"@id": t, f"urn:x:{n}": "x"} for n, t in enumerate(texts))
        self._names = {t: s for n, t in enumerate(texts) for s, _, _ in by_name.get(n, ())}
        by_class = self._expanded({"@id": f"urn:x:{n}", "@type": t} for n, t in enumerate(texts))
        self._classes = {t: o for n, t in enumerate(texts) for _, _, o in by_class.get(n, ())}

    def node(self, value: _Value) -> None:
        """Follow the statements of an object, or of the objects of an array."""
        for item in value.items:
            self.node(item)
        if value.piece.text != "{":
            return
        subject = self._subject(value)
        if subject is None:
            self.offsets.setdefault((), value.piece.start)
        else:
            self._keep(value.piece.start, subject)
        for key, each in value.members:
            self._member(subject, key, each)

    def _member(self, subject: str | None, key: Piece, value: _Value) -> None:
        """Follow one key of a node and its value."""
        keyword = self._keyword(key.value)
        if keyword in _HOLDERS or self._reversed(key.value):
            self.node(value)
            return
        if keyword == "@reverse":
            for _, each in value.members:
                self.node(each)
            return
        path = _TYPE if keyword == "@type" else self._properties.get(key.value)
        if keyword not in {None, "@type"} or path is None:
            return
        self._keep(key.start, subject, path)
        for each in self._values(key.value, value):
            self._value(subject, path, each)

    def _values(self, key: str, value: _Value) -> Iterator[_Value]:
        """Yield the single values in the value of a property."""
        waiting = [value]  # the next comes last
        while waiting:
            each = waiting.pop()
            inner = {self._keyword(name.value): inside for name, inside in each.members}
            holder = inner.get("@list") or inner.get("@set")
            if each.piece.text == "[":
                waiting += reversed(each.items)
            elif holder is not None:
                waiting.append(holder)
            elif each.members and each is value and self._is_map(key):
                waiting += [inside for _, inside in reversed(each.members)]
            else:
                yield each

    def _value(self, subject: str | None, path: str, value: _Value) -> None:
        """Note one value, and follow it if it is a node."""
        start = value.piece.start
        inner = {self._keyword(name.value): inside for name, inside in value.members}
        if value.piece.text != "{":
            texts = {value.text, self._names.get(value.text), self._classes.get(value.text)}
        elif "@value" in inner:
            texts = {inner["@value"].text}
        else:
            texts = {self._subject(value) or ""}
            self.node(value)
        for text in texts - {None}:
            self._keep(start, subject, path, text)

    def _subject(self, value: _Value) -> str | None:
        """Return the IRI of a node; None if it is blank."""
        for key, each in value.members:
            if self._keyword(key.value) == "@id" and not each.text.startswith("_:"):
                return self._names.get(each.text)
        return None

    def _keyword(self, key: str) -> str | None:
        """Return the keyword that *key* is or stands for."""
        meaning = self._terms.get(key, key)
        if isinstance(meaning, dict):
            meaning = meaning.get("@id", key)
        return meaning if isinstance(meaning, str) and meaning.startswith("@") else None

    def _reversed(self, key: str) -> bool:
        meaning = self._terms.get(key)
        return isinstance(meaning, dict) and "@reverse" in meaning

    def _is_map(self, key: str) -> bool:
        meaning = self._terms.get(key)
        kinds = meaning.get("@container", ()) if isinstance(meaning, dict) else ()
        return not _MAPS.isdisjoint([kinds] if isinstance(kinds, str) else kinds)

    def _expanded(self, nodes: Iterable[dict[str, str]]) -> dict[int, list[tuple[str, str, str]]]:
        """Return the statements of *nodes* in the context, by the number in ``urn:x:``."""
        document = {"@context": self._context, "@graph": list(nodes)}
        found: dict[int, list[tuple[str, str, str]]] = {}
        for quad in ox.parse(json.dumps(document), ox.RdfFormat.JSON_LD, lenient=True):
            subject, value = quad.subject, quad.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                continue  # JSON-LD 1.1 has none
            parts = (subject.value, quad.predicate.value, value.value)
            for part in parts[:2]:
                number = part.removeprefix("urn:x:")
                if number != part and number.isdecimal():
                    found.setdefault(int(number), []).append(parts)
                    break
        return found

    def _keep(self, offset: int, subject: str | None, *rest: object) -> None:
        if subject is not None:
            self.offsets.setdefault((subject, *rest), offset)


def _flat(contexts: list[Any]) -> Iterator[Any]:
    """Yield the contexts in *contexts* and in the lists within."""
    for context in contexts:
        if isinstance(context, list):
            yield from _flat(context)
        else:
            yield context
