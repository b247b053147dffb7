"""
Read CSL-JSON, as reference managers and Crossref write it.

Python's own parser reads the values. That it tells no places is made up for by going through the
keys of each item with it, one at a time.

Source:
    CSL-JSON, schema: https://github.com/citation-style-language/schema
    JSON: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pkgraph import terms
from pkgraph.intake.source import Where
from pkgraph.references.record import Name, People, Reading, Record, Text, cleaned
from pkgraph.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")

_KINDS: Final = {
    **dict.fromkeys(["article-journal", "article-magazine", "journal-article"], "article"),
    "article-newspaper": "news",
    **dict.fromkeys(["book", "monograph"], "book"),
    **dict.fromkeys(["collection", "edited-book"], "edited-collection"),
    **dict.fromkeys(["chapter", "book-chapter"], "book-chapter"),
    "entry-encyclopedia": "encyclopedia-article",
    "report": "report",
    "speech": "speech",
    **dict.fromkeys(["legislation", "regulation", "treaty"], "law"),
    "dataset": "data-set",
}
_FIELDS: Final = {
    "title": "title",
    "container-title": "container",
    "DOI": "doi",
    "URL": "url",
    "chapter-number": "chapter",
    "language": "language",
}
#: What says nothing about a work itself, or is read apart.
_OTHERS: Final = frozenset(
    {"id", "type", "citation-key", "categories", "accessed", "author", "editor", "issued"}
    | {"year-suffix"}
)
_PARTS: Final = frozenset(
    {"family", "given", "suffix", "literal", "dropping-particle", "non-dropping-particle"}
)
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_NOT_JSON: Final = "this is not JSON, {}; correct it here"
_DEEP: Final = "lists and objects nest too deep here; an item of CSL-JSON needs five levels"


def read(text: str, found: Reading) -> None:
    """Add the items of *text* to what is *found*, and what is wrong with it."""
    reader = _Reader(text)
    try:
        for where, item in reader.items():
            found.add(_record(where, item, found))
    except json.JSONDecodeError as error:
        reason = _NOT_JSON.format(error.msg[:1].lower() + error.msg[1:])
        found.fault(reader.place(error.pos), reason)
    except RecursionError:
        found.fault(reader.place(reader.at), _DEEP)
    except ValueError as error:  # a number
        found.fault(reader.place(reader.at), _NOT_JSON.format(error))


class _Reader:
    """Goes through a text of JSON and notes where the keys of its items stand."""

    def __init__(self, text: str) -> None:
        self.at = 0
        self._text = text
        self._lines = Lines(text)
        self._value = json.JSONDecoder(parse_int=_number, parse_constant=_no_number).raw_decode

    def place(self, offset: int) -> Where:
        at = self._lines.place(offset)
        return Where(at.line, at.column)

    def items(self) -> Iterator[tuple[Where, dict[str, tuple[Where, Any]] | None]]:
        """Yield each item with its place: its fields by key, or None for what is no object."""
        self._skip("")
        if self._text.startswith("[", self.at):
            yield from self._within("[", "]", self._item)
        else:
            yield self._item()
        if self.at < len(self._text):
            raise json.JSONDecodeError("something follows the end", self._text, self.at)

    def _item(self) -> tuple[Where, dict[str, tuple[Where, Any]] | None]:
        start = self.place(self.at)
        if not self._text.startswith("{", self.at):
            self._read()
            return start, None
        fields: dict[str, tuple[Where, Any]] = {}
        for key, where, value in self._within("{", "}", self._field):
            if key in fields:
                raise json.JSONDecodeError(f"'{key[:40]}' is given twice", self._text, self.at - 1)
            fields[key] = (where, value)
        return start, fields

    def _field(self) -> tuple[str, Where, Any]:
        start = self.at
        key = self._read()
        if not isinstance(key, str):
            raise json.JSONDecodeError("a key is missing", self._text, start)
        self._skip(":")
        return key, self.place(start), self._read()

    def _read(self) -> Any:  # noqa: ANN401  # any value of JSON
        value, self.at = self._value(self._text, self.at)
        self._skip("")
        return value

    def _skip(self, sign: str) -> None:
        """Pass *sign*, which has to be there, and white space."""
        if not self._text.startswith(sign, self.at):
            raise json.JSONDecodeError(f"'{sign}' is missing", self._text, self.at)
        found = _SPACE.match(self._text, self.at + len(sign))
        self.at = found.end() if found else self.at

    def _within(self, opening: str, closing: str, read_one: Callable[[], _T]) -> Iterator[_T]:
        """Yield what stands between two brackets, with commas between, by *read_one*."""
        self._skip(opening)
        if not self._text.startswith(closing, self.at):
            yield read_one()
        while not self._text.startswith(closing, self.at):
            self._skip(",")
            yield read_one()
        self._skip(closing)


def _record(where: Where, item: dict[str, tuple[Where, Any]] | None, found: Reading) -> Record:
    """Return the reference that *item* is."""
    record = Record(f"item of line {where.line}", where)
    if item is None:
        found.fault(where, "an item of CSL-JSON is an object, in braces; write one")
        return record
    if "@context" in item or "@id" in item:
        found.fault(where, "this is JSON-LD, and no CSL-JSON; let its name end in .jsonld")
    kind = item.get("type", (where, None))[1]
    record.kind = _KINDS.get(kind) if isinstance(kind, str) else None
    if isinstance(item.get("id", (where, None))[1], str | int):
        record.key = str(item["id"][1])[:100]
    fields = _FIELDS | ({"publisher": "issuer"} if kind == "report" else {})
    for name, (at, value) in item.items():
        try:
            if name in fields and value not in (None, "", []):
                styled = name in {"title", "container-title"}
                text = cleaned(_text(value), styled=styled)
                record.texts[fields[name]] = Text(text, at)
            elif name in {"author", "editor"}:
                people = record.authors if name == "author" else record.editors
                people.where = at
                _read_people(value, people, found)
            elif name == "issued":
                _read_date(value, item.get("year-suffix", (at, ""))[1], at, record)
            elif name not in _OTHERS:
                record.skipped.add(name)
        except ValueError as error:
            found.fault(at, f"{name} {error}")
    return record


def _text(value: object) -> str:
    """Return a text or a number; the first of several, as Crossref has them."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, bool) or not isinstance(first, str | int):
        raise ValueError("is no text; write it in quotation marks")  # noqa: TRY004  # a fault of the file
    return str(first)


def _read_people(value: object, people: People, found: Reading) -> None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError('is no list of names; write one, as [{"family": "Kaldor"}]')
    found.count_names(len(value))
    for each in value:
        part = {key: cleaned(_text(text)) for key, text in each.items() if key in _PARTS and text}
        if part.get("literal", "").lower() in {"others", "et al", "et al."}:
            people.others = True
            continue
        family = " ".join(part[key] for key in ("non-dropping-particle", "family") if key in part)
        given = " ".join(part[key] for key in ("given", "dropping-particle") if key in part)
        if "literal" in part or not family:
            people.names.append(Name(literal=part.get("literal") or given))
        else:
            people.names.append(Name(family, given, part.get("suffix", "")))
        if not people.names[-1].short:
            raise ValueError('has a name without family name; write "family" or "literal"')


def _read_date(value: object, suffix: object, at: Where, record: Record) -> None:
    """Read the year of a date: its parts with the letter after, or the text in their place."""
    if not isinstance(value, dict):
        raise ValueError('is no date; write it as {"date-parts": [[2004]]}')  # noqa: TRY004  # as above
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    year = first[0] if isinstance(first, list) and first else None
    if isinstance(parts, list) and year not in (None, ""):
        years = [each[0] for each in parts if isinstance(each, list) and each]
        printed = "–".join(dict.fromkeys(map(_text, years)))
        record.texts["year"] = Text(cleaned(printed + _text(suffix)), at)
    elif "raw" in value or "literal" in value:
        record.texts["date"] = Text(cleaned(_text(value.get("raw") or value["literal"])), at)


def _number(digits: str) -> int:
    if len(digits) > terms.MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits, where {terms.MAX_DIGITS} are read")
    return int(digits)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
