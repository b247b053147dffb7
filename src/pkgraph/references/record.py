"""What a reference says, in whichever form it was written: one plain record for all."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from pkgraph import terms

if TYPE_CHECKING:
    from pkgraph.intake.source import Where

#: The longest field that is read, in characters: the authors of a very large group fit.
MAX_FIELD: Final = 20_000
#: What styles a title in CSL-JSON, and in what publishers put into the other two.
_TAG: Final = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|scp|span|p|br)(?:\s[^<>]*+)?/?>", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
#: Controls, and marks that turn the direction of text around: what is read is not what is seen.
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


#: What one file may have: references, names, and marks of LaTeX that are not mere braces.
MAX_REFERENCES: Final = 1000
MAX_NAMES: Final = 20_000
MAX_MARKS: Final = 50_000
#: When this many faults are found, the rest of a file is not read.
MAX_FAULTS: Final = 100


class Fault(NamedTuple):
    """Something in a file that has to be mended before it is imported."""

    where: Where
    reason: str


class Text(NamedTuple):
    """What a field says, and where."""

    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Name:
    """
    The name of a person, in its parts; or, in ``literal``, of a body or as it is.

    Particles such as "von" belong to the family name; ``suffix`` is "Jr." or "III".
    """

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def full(self) -> str:
        """The name as it is printed, given name first."""
        return self.literal or " ".join(
            part for part in (self.given, self.family, self.suffix) if part
        )

    @property
    def short(self) -> str:
        """The name that a citation prints."""
        return self.literal or self.family


@dataclass(slots=True)
class People:
    """Those who wrote or edited a work; ``others`` if there are more than are named."""

    names: list[Name] = field(default_factory=list)
    others: bool = False
    where: Where | None = None

    @property
    def printed(self) -> str:
        """The names in a row, as citations print them."""
        names = [name.full for name in self.names]
        if self.others:
            return ", ".join(names) + " et al." if names else ""
        return " and ".join(each for each in (", ".join(names[:-1]), *names[-1:]) if each)


@dataclass(slots=True)
class Record:
    """
    A reference: ``key`` is what its file calls it, ``where`` it begins.

    ``texts`` are the fields that are taken, by what they are: title, year, date, doi, url,
    container, chapter, language, issuer. ``within`` is the key of the record of its volume, if that
    is in the file too; ``skipped`` names the fields that nothing is made of.
    """

    key: str
    where: Where
    kind: str | None = None
    texts: dict[str, Text] = field(default_factory=dict)
    authors: People = field(default_factory=People)
    editors: People = field(default_factory=People)
    within: str | None = None
    skipped: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        """Return what the field *name* says; nothing if there is none."""
        return self.texts[name].text if name in self.texts else ""

    def place(self, *names: str) -> Where:
        """Return where the first of the fields *names* that there is stands, or the record."""
        return next((self.texts[name].where for name in names if name in self.texts), self.where)


class TooMuchError(Exception):
    """A file has more than is read; the message says of what."""


@dataclass(slots=True)
class Reading:
    """What is read of one file, and what is wrong with it; it ends when it is too much."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _names: int = 0
    _marks: int = 0

    def add(self, record: Record) -> None:
        """Add a reference."""
        if len(self.records) == MAX_REFERENCES:
            raise TooMuchError(f"{MAX_REFERENCES} references")
        self.records.append(record)

    def fault(self, where: Where, reason: str) -> None:
        """Add a fault."""
        self.faults.append(Fault(where, reason))
        if len(self.faults) == MAX_FAULTS:
            raise TooMuchError(f"{MAX_FAULTS - 1} faults")

    def count_names(self, number: int) -> None:
        """Take note that there are so many more names."""
        self._names += number
        if self._names > MAX_NAMES:
            raise TooMuchError(f"{MAX_NAMES} names of authors and editors")

    def count_marks(self, number: int) -> None:
        """Take note that there are so many more marks of LaTeX."""
        self._marks += number
        if self._marks > MAX_MARKS:
            raise TooMuchError(f"{MAX_MARKS} marks of LaTeX")


def cleaned(text: str, *, styled: bool = False) -> str:
    r"""
    Return *text* on one line, in the composed form of Unicode; without tags if it is *styled*.

    Raises:
        ValueError: It is too long, or has what nobody types.

    >>> cleaned(" On <i>war</i>\n &amp; peace", styled=True)
    'On war & peace'
    """
    if len(text) > MAX_FIELD:
        raise ValueError(f"has {len(text)} characters, and {MAX_FIELD} are read; shorten it")
    if styled:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), _TAG.sub("", text))
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    hidden = _HIDDEN.search(text)
    if hidden:
        raise ValueError(f"has a character that cannot be seen, U+{ord(hidden[0]):04X}; delete it")
    if len(text) > terms.MAX_CHARACTERS:
        raise ValueError(
            f"has {len(text)} characters, and at most {terms.MAX_CHARACTERS} are taken; shorten it"
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("has half a character (a lone surrogate); delete it") from None
    return text
