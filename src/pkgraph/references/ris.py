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
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rispy.config import TYPE_OF_REFERENCE_MAPPING
from rispy.parser import RisParser

from pkgraph.intake.source import Where
from pkgraph.references.record import Fault, Name, People, Record, Text, cleaned

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def read(text: str) -> tuple[list[Record], list[Fault]]:
    """Return the references of *text*, and what is wrong with it."""
    parser = _Parser()
    raw = parser.parse(text)
    if parser.open:
        parser.fault("the file ends in a reference; end it with a line 'ER  - '")
    if not raw and not parser.faults:
        parser.line = 1
        parser.fault("no line begins a reference; one begins with 'TY  - ', such as 'TY  - JOUR'")
    return [_record(each["lines"], parser.faults) for each in raw], parser.faults


class _Parser(RisParser):  # type: ignore[misc]  # rispy has no types
    """The parser of rispy, with a list of tags, texts and lines as the record."""

    DEFAULT_MAPPING: ClassVar[dict[str, str]] = {"TY": "TY"}

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Fault] = []
        self.line = 0
        self.open = False

    def fault(self, reason: str) -> None:
        self.faults.append(Fault(Where(max(self.line, 1), 1), reason))

    def parse(self, text: str) -> list[dict[str, Any]]:
        return self.parse_lines(self._lines(text))  # type: ignore[no-any-return]

    def _lines(self, text: str) -> Iterator[str]:
        for line in re.split(r"\r\n|\r|\n", text):
            self.line += 1
            if line.startswith("ER  -"):
                self.open = False
            yield line

    def _iter_till_start(self, lines: Iterator[str]) -> dict[str, Any]:
        for line in lines:
            tag, content = self.parse_line(line)
            if tag == "TY":
                self.open = True
                return {"lines": [("TY", content, self.line)]}
            if tag is not None:
                self.fault(f"{tag} stands outside a reference; begin one with 'TY  - ' before it")
        raise StopIteration

    def _add_tag(
        self,
        record: dict[str, Any],
        tag: str | None,
        content: str,
        extend_multiline: bool = False,  # noqa: FBT001, FBT002  # as rispy has it
    ) -> None:
        if tag == "TY" and not extend_multiline:
            self.fault("a reference begins before the last one ends; end that with 'ER  - '")
        if not extend_multiline:
            record["lines"].append((tag, content, self.line))
        elif _MISSPELT.match(content):
            self.fault(f"'{content[:20]}' is no line of a tag; write two spaces, hyphen, space")
        elif content:
            last, before, line = record["lines"][-1]
            record["lines"][-1] = (last, f"{before} {content}", line)


def _record(lines: list[tuple[str, str, int]], faults: list[Fault]) -> Record:
    """Return the reference that *lines* are, each a tag, its text and its place."""
    (_, kind, line), *rest = lines
    key = next((text for tag, text, _ in rest if tag == "ID" and text), f"reference of line {line}")
    record = Record(key, Where(line, 1), _KINDS.get(kind))
    if kind not in TYPE_OF_REFERENCE_MAPPING:
        reason = f"TY is no type of reference, '{kind[:20]}'; write one, such as JOUR, BOOK or CHAP"
        faults.append(Fault(Where(line, 1), reason))
    tags = dict(_FIELDS)
    if kind not in _PARTS:
        tags |= {"title": (*tags["title"], "BT")}
    if kind in {"RPRT", "GOVDOC"}:
        tags |= {"issuer": ("PB",)}
    found: dict[str, list[Text]] = {}
    for tag, text, at in rest:
        if text:
            found.setdefault(tag, []).append(Text(text, Where(at, 7)))
    taken = {*_AUTHORS, *_EDITORS, *_SILENT}
    for name, choices in tags.items():
        taken |= set(choices)
        for value in next((found[tag] for tag in choices if tag in found), ())[:1]:
            _guarded(record, name, value, faults)
    for people, choices in ((record.authors, _AUTHORS), (record.editors, _EDITORS)):
        for value in (value for tag in choices for value in found.get(tag, ())):
            _add_name(people, value, faults)
    record.skipped |= found.keys() - taken
    return record


def _guarded(record: Record, name: str, value: Text, faults: list[Fault]) -> None:
    """Put a field into *record*, or say what is wrong with it."""
    try:
        text = cleaned(value.text, styled=name in {"title", "container"})
        record.texts[name] = Text(text, value.where)
    except ValueError as error:
        faults.append(Fault(value.where, f"{name} {error}"))


def _add_name(people: People, value: Text, faults: list[Fault]) -> None:
    """Add a name, family name first, to *people*; one without a comma is left as it is."""
    people.where = people.where or value.where
    try:
        text = cleaned(value.text)
    except ValueError as error:
        faults.append(Fault(value.where, f"the name {error}"))
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
