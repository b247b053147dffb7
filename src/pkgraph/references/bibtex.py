"""
Read BibTeX.

pybtex has the grammar, measured against bibtexparser 2.1: it joins strings with ``#``, refuses what
BibTeX refuses, and can be asked where a field begins. Added are limits (strings that double one
another, braces that nest), and a search for the end of a string that is not repeated.

Source:
    BibTeXing (Patashnik 1988), entry types and fields: https://ctan.org/pkg/bibtex
    biblatex, entry types and fields: https://ctan.org/pkg/biblatex
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NoReturn

from pybtex.bibtex.utils import split_name_list, split_tex_string
from pybtex.database import Person
from pybtex.database.input.bibtex import (
    LowLevelParser,
    SkipEntry,
    UndefinedMacro,
    month_names,
)
from pybtex.scanner import Literal, PrematureEOF, PybtexSyntaxError, Token
from pybtex.utils import CaseInsensitiveDict

from pkgraph.intake.source import Where
from pkgraph.references import latex
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
from pkgraph.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How deep braces nest in a field, at most.
MAX_DEPTH: Final = 20
#: How many characters more than a file has its strings may come to, all together.
_MAX_EXPANDED: Final = 1_000_000

_KINDS: Final = {
    **dict.fromkeys(["article", "suppperiodical"], "article"),
    **dict.fromkeys(["book", "mvbook", "monograph"], "book"),
    **dict.fromkeys(
        ["collection", "mvcollection", "proceedings", "mvproceedings"], "edited-collection"
    ),
    **dict.fromkeys(
        ["inbook", "incollection", "inproceedings", "conference", "suppbook", "suppcollection"],
        "book-chapter",
    ),
    **dict.fromkeys(["reference", "mvreference"], "encyclopedia"),
    "inreference": "encyclopedia-article",
    **dict.fromkeys(["report", "techreport"], "report"),
    **dict.fromkeys(["legislation", "jurisdiction", "legal"], "law"),
    "dataset": "data-set",
}
_FIELDS: Final = {
    "title": "title",
    "year": "year",
    "date": "date",
    "doi": "doi",
    "url": "url",
    "booktitle": "container",
    "journal": "container",
    "journaltitle": "container",
    "chapter": "chapter",
    "langid": "language",
    "language": "language",
    "institution": "issuer",
    "organization": "issuer",
}
#: Entries that describe no work.
_NO_WORKS: Final = frozenset({"string", "preamble", "set", "xdata"})
#: What says nothing about a work itself, so that nobody misses it.
_SILENT: Final = frozenset({"crossref", "xref", "key", "ids", "keywords", "file"})
#: Not read as LaTeX: in an address ~ and % are what they are.
_VERBATIM: Final = frozenset({"doi", "url"})
_MARK: Final = re.compile(r"[{}\"]")
_ENTRY: Final = re.compile(r"@(?=\s*+[A-Za-z]++\s*+[{(])|^[ \t]*+@", re.MULTILINE)


def read(text: str, found: Reading) -> None:
    """Add the entries of *text* to what is *found*, and what is wrong with it."""
    parser = _Parser(text, found)
    crossrefs: list[tuple[Record, Text]] = []
    for kind, content in parser:
        if kind.lower() in _NO_WORKS:
            continue
        key, fields = content
        record = Record(key or kind, parser.place(parser.command_start), _KINDS.get(kind.lower()))
        for name, (value, *_) in fields:
            _take(record, name.lower(), value, found)
            if name.lower() == "crossref":
                crossrefs.append((record, value))
        found.add(record)
    by_key = {record.key.lower(): record for record in found.records}
    for record, value in crossrefs:
        volume = by_key.get(value.text.strip().lower())
        if volume is None or volume is record:
            reason = f"crossref names no other entry of the file, '{value.text[:60]}'; "
            found.fault(value.where, reason + "add that entry, or leave it out")
            continue
        record.within = volume.key
        if "year" not in record.texts and "date" not in record.texts:
            for name in {"year", "date"} & volume.texts.keys():
                record.texts[name] = volume.texts[name]


def _take(record: Record, name: str, value: Text, found: Reading) -> None:
    """Put into *record* what the field *name* says."""
    try:
        if name in {"author", "editor"}:
            people = record.authors if name == "author" else record.editors
            if people.where is not None:
                _refuse_second()
            people.where = value.where
            _read_people(value.text, people, found)
        elif name in _FIELDS:
            given = record.texts.get(_FIELDS[name])
            if given is None:
                text = value.text if name in _VERBATIM else _plain(value.text, found)
                record.texts[_FIELDS[name]] = Text(cleaned(text), value.where)
            elif name == _FIELDS[name]:
                _refuse_second()
        elif name not in _SILENT:
            record.skipped.add(name)
    except ValueError as error:
        found.fault(value.where, f"{name} {error}")


def _plain(text: str, found: Reading) -> str:
    if len(text) > MAX_FIELD:
        raise ValueError(f"has {len(text)} characters, and {MAX_FIELD} are read; shorten it")
    found.count_marks(latex.marks(text))
    return latex.plain(text)


def _refuse_second() -> NoReturn:
    raise ValueError("is given twice; leave one out")


def _read_people(text: str, people: People, found: Reading) -> None:
    """Read names as BibTeX does; one that is wholly in braces is that of a body."""
    if len(text) > MAX_FIELD:
        raise ValueError(f"has {len(text)} characters, and {MAX_FIELD} are read; shorten it")
    found.count_marks(latex.marks(text))
    names = split_name_list(" ".join(text.split()))
    found.count_names(len(names))
    for name in names:
        if name.lower() == "others":
            people.others = True
        elif name and (read := _name(name)).short:
            people.names.append(read)


def _name(text: str) -> Name:
    """
    Return the name *text*.

    >>> _name("von der Goltz, Jr., Jan"), _name("{United Nations}").literal
    (Name(family='von der Goltz', given='Jan', suffix='Jr.', literal=''), 'United Nations')
    """
    if text.startswith("{") and _closes(text) == len(text) - 1:
        return Name(literal=cleaned(latex.plain(text)))
    if len(split_tex_string(text, ",")) > 3:  # noqa: PLR2004  # von Last, Jr, First
        raise ValueError(f"has more commas than a name has, in '{text[:60]}'; put 'and' between")
    person = Person(text)

    def part(*words: list[str]) -> str:
        return cleaned(latex.plain(" ".join(word for each in words for word in each)))

    return Name(
        family=part(person.prelast_names, person.last_names),
        given=part(person.first_names, person.middle_names),
        suffix=part(person.lineage_names),
    )


def _closes(text: str) -> int:
    """Return where the brace that *text* begins with is closed."""
    depth = 0
    for at, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if not depth:
            return at
    return -1


class _Parser(LowLevelParser):  # type: ignore[misc]  # pybtex has no types
    """The parser of pybtex, with places, limits, and every fault told."""

    pos: int
    current_field_name: str | None
    current_value: list[Any]

    def __init__(self, text: str, found: Reading) -> None:
        super().__init__(text, macros=CaseInsensitiveDict(month_names))
        self._found = found
        self._lines = Lines(text)
        self._length = 0
        self._expanded = 0

    def place(self, offset: int) -> Where:
        at = self._lines.place(offset)
        return Where(at.line, at.column)

    def handle_error(self, error: PybtexSyntaxError) -> None:
        reason = f"{error.args[0]}; correct the entry here"
        if isinstance(error, UndefinedMacro):
            if (self.current_field_name or "").lower() not in {*_FIELDS, "author", "editor"}:
                return
            reason = f"no @string is called '{error.args[0]}'; put the value in braces"
        elif isinstance(error, PrematureEOF):
            reason = "the file ends before it does; a brace or quotation mark is missing"
        begun = self.place(self.command_start).line
        where = self.place(error.error_context_info[2])
        self._found.fault(where, f"the entry of line {begun}: {reason}")

    def parse_command(self) -> object:
        try:
            return super().parse_command()
        except SkipEntry:  # a comment, with the entries in it
            if self.text[self.pos - 1] == "{":
                deque(self.parse_string(self.RBRACE), maxlen=0)
            raise

    def parse_field(self) -> None:
        self.eat_whitespace()
        start = self.pos
        super().parse_field()
        if self.current_field_name and self.current_value:
            self.current_value = [Text("".join(self.current_value), self.place(start))]

    def parse_value(self) -> None:
        start, self._length = self.pos, 0
        super().parse_value()
        if self._length > max(MAX_FIELD, self.pos - start):
            message = f"strings put together have more than {MAX_FIELD} characters"
            raise PybtexSyntaxError(message, self)
        self._expanded += max(0, self._length - (self.pos - start))
        if self._expanded > _MAX_EXPANDED:
            raise TooMuchError(f"{_MAX_EXPANDED} characters by way of @string")

    def parse_value_part(self) -> str:
        part: str = super().parse_value_part()
        self._length += len(part)
        return part

    def parse_string(
        self, string_end: Literal, level: int = 0, max_level: int = MAX_DEPTH
    ) -> Iterator[Token]:
        """Yield a string with its end, found in one go: pybtex reads on again at each brace."""
        start = self.pos
        for mark in _MARK.finditer(self.text, start):
            self.pos = mark.end()
            if not level and mark[0] == string_end.description[1]:
                value = self.text[start : self.pos]
                self.update_lineno(value)
                yield Token(value, string_end)
                return
            level += {"{": 1, "}": -1}.get(mark[0], 0)
            if level < 0:
                raise PybtexSyntaxError("a brace is closed that was not opened", self)
            if level > max_level:
                reason = f"braces nest deeper than {max_level}"
                raise PybtexSyntaxError(reason, self)
        raise PrematureEOF(self)

    def skip_to(self, patterns: list[Literal]) -> Token | None:
        """Skip to the next entry; an @ within a line that begins none is part of a remark."""
        entry = _ENTRY.search(self.text, self.pos)
        if entry is None:
            return None
        value = self.text[self.pos : entry.end()]
        self.pos = entry.end()
        self.update_lineno(value)
        return Token(value, patterns[0])
