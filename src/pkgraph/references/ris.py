"""
Read RIS.

rispy has the tags and the shape of a line. Added are the lines, a second beginning before an end
(which rispy takes for one record), an end that is missing (with which it drops the record), and
names that run over a line.

Source:
    RIS, tags and types: https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rispy.config import TYPE_OF_REFERENCE_MAPPING
from rispy.parser import RisParser

from pkgraph.intake.source import Where
from pkgraph.references.record import (
    MAX_FIELD,
    Name,
    People,
    Reading,
    Record,
    Text,
    TooMuchError,
    cleaned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    #: A tag, its text, and the number of its line.
    _Line: TypeAlias = tuple[str, str, int]

_KINDS: Final = {
    **dict.fromkeys(["JOUR", "EJOUR", "MGZN", "ABST", "INPR"], "article"),
    **dict.fromkeys(["BOOK", "EBOOK", "WHOLE"], "book"),
    **dict.fromkeys(["EDBOOK", "CONF"], "edited-collection"),
    **dict.fromkeys(["CHAP", "ECHAP"], "book-chapter"),
    "ENCYC": "encyclopedia-article",
    "RPRT": "report",
    "NEWS": "news",
    **dict.fromkeys(["STAT", "LEGAL"], "law"),
    **dict.fromkeys(["DATA", "AGGR"], "data-set"),
}
#: In a part of something larger, BT is the title of that; elsewhere it is the title itself.
_PARTS: Final = frozenset({"CHAP", "ECHAP", "CPAPER", "ENCYC", "DICT"})
#: The tags of each field, the best first.
_FIELDS: Final = {
    "title": ("TI", "T1", "CT"),
    "year": ("PY", "Y1"),
    "date": ("DA",),
    "doi": ("DO",),
    "url": ("UR",),
    "container": ("T2", "JO", "JF", "BT", "JA", "J2"),
    "language": ("LA",),
}
_AUTHORS: Final = ("AU", "A1")
_EDITORS: Final = ("A2", "ED")
#: What says nothing about a work itself.
_SILENT: Final = frozenset({"TY", "ER", "ID", "KW", "L1", "L2", "L3", "L4", "Y2", "DB", "DP"})
_MISSPELT: Final = re.compile(r"[A-Z][A-Z0-9]\s*-\s")
_SUFFIX: Final = re.compile(r"(?:jr|sr|[ivx]{1,4})\.?", re.IGNORECASE)


def read(text: str, found: Reading) -> None:
    """Add the references of *text* to what is *found*, and what is wrong with it."""
    parser = _Parser(found)
    parser.parse(text)
    if parser.open:
        parser.fault("the file ends in a reference; end it with a line 'ER  - '")


class _Parser(RisParser):  # type: ignore[misc]  # rispy has no types
    """The parser of rispy, which takes a record for its tags, texts and lines, in order."""

    def __init__(self, found: Reading) -> None:
        super().__init__()
        self.open = False
        self._found = found
        self._line = 0
        self._tags: list[_Line] = []

    def fault(self, reason: str) -> None:
        self._found.fault(Where(self._line, 1), reason)

    def parse(self, text: str) -> list[dict[str, Any]]:
        return self.parse_lines(self._lines(text))  # type: ignore[no-any-return]

    def _lines(self, text: str) -> Iterator[str]:
        for line in re.split(r"\r\n|\r|\n", text):
            self._line += 1
            if self.open and self.parse_line(line)[0] == self.END_TAG:
                self.open = False
                self._found.add(_record(self._tags, self._found))
            yield line

    def _iter_till_start(self, lines: Iterator[str]) -> dict[str, Any]:
        while True:
            tag, content = self.parse_line(next(lines))
            if tag == self.START_TAG:
                self.open = True
                self._tags = [(tag, content, self._line)]
                return {}
            if tag is not None:
                self.fault(f"{tag} stands outside a reference; begin one with 'TY  - ' before it")

    def _add_tag(
        self,
        record: dict[str, Any],  # noqa: ARG002  # the tags are kept here, with their lines
        tag: str | None,
        content: str,
        extend_multiline: bool = False,  # noqa: FBT001, FBT002  # as rispy has it
    ) -> None:
        if tag == self.START_TAG and not extend_multiline:
            self.fault("a reference begins before the last one ends; end that with 'ER  - '")
        if not extend_multiline:
            self._tags.append((str(tag), content, self._line))
        elif _MISSPELT.match(content):
            self.fault(f"'{content[:20]}' is no line of a tag; write two spaces, hyphen, space")
        elif content:
            last, before, line = self._tags[-1]
            if len(before) > MAX_FIELD:
                raise TooMuchError(f"{MAX_FIELD} characters in the field of line {line}")
            self._tags[-1] = (last, f"{before} {content}", line)


def _record(lines: list[_Line], found: Reading) -> Record:
    """Return the reference that *lines* are, each a tag, its text and its place."""
    (_, kind, line), *rest = lines
    key = next((text for tag, text, _ in rest if tag == "ID" and text), f"reference of line {line}")
    record = Record(key, Where(line, 1), _KINDS.get(kind))
    if kind not in TYPE_OF_REFERENCE_MAPPING:
        reason = f"TY is no type of reference, '{kind[:20]}'; write one, such as JOUR, BOOK or CHAP"
        found.fault(Where(line, 1), reason)
    tags = _tags(kind)
    given: dict[str, list[Text]] = {}
    for tag, text, at in (each for each in rest if each[1]):
        given.setdefault(tag, []).append(Text(text, Where(at, 7)))
    taken = {*_AUTHORS, *_EDITORS, *_SILENT}
    for name, choices in tags.items():
        taken |= set(choices)
        for value in next((given[tag] for tag in choices if tag in given), ())[:1]:
            _guarded(record, name, value, found)
    for people, choices in ((record.authors, _AUTHORS), (record.editors, _EDITORS)):
        for value in (value for tag in choices for value in given.get(tag, ())):
            _add_name(people, value, found)
    record.skipped |= given.keys() - taken
    return record


def _tags(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the tags of each field in a reference of a type."""
    tags = dict(_FIELDS)
    if kind not in _PARTS:
        tags |= {"title": (*tags["title"], "BT")}
    if kind in {"CHAP", "ECHAP"}:
        tags |= {"chapter": ("SE",)}
    if kind in {"RPRT", "GOVDOC"}:
        tags |= {"issuer": ("PB",)}
    return tags


def _guarded(record: Record, name: str, value: Text, found: Reading) -> None:
    """Put a field into *record*, or say what is wrong with it."""
    try:
        text = cleaned(value.text, styled=name in {"title", "container"})
        record.texts[name] = Text(text, value.where)
    except ValueError as error:
        found.fault(value.where, f"{name} {error}")


def _add_name(people: People, value: Text, found: Reading) -> None:
    """Add a name, family name first, to *people*; one without a comma is left as it is."""
    people.where = people.where or value.where
    found.count_names(1)
    try:
        text = cleaned(value.text)
    except ValueError as error:
        found.fault(value.where, f"the name {error}")
        return
    if text.lower() in {"others", "et al", "et al."}:
        people.others = True
        return
    parts = [part.strip() for part in text.split(",")]
    family, given = parts[0], [part for part in parts[1:] if part]
    suffixes = [part for part in given if _SUFFIX.fullmatch(part)]
    given = [part for part in given if part not in suffixes]
    if not family or not given:
        people.names.append(Name(literal=text.strip(" ,")))
    else:
        people.names.append(Name(family, " ".join(given).strip(), " ".join(suffixes)))
