"""
Read a bibliography: BibTeX, RIS or CSL-JSON, told by the ending of its name.

Each has a well-kept library behind it, or Python's own: see :mod:`~pkgraph.references.bibtex`,
:mod:`~pkgraph.references.ris` and :mod:`~pkgraph.references.csl`. What they read becomes a
:class:`~pkgraph.references.record.Record`, and is checked here alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from pkgraph import terms, turtle
from pkgraph.errors import BibliographySyntaxError, InputError
from pkgraph.namespaces import BASE, thing_address
from pkgraph.references.record import Reading, TooMuchError

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.references.record import Record

#: The largest bibliography that is read, in MiB.
MAX_MIB: Final = 2
#: The module for each ending.
FORMATS: Final = {".bib": "bibtex", ".ris": "ris", ".json": "csl"}
_CALLED: Final = {".bib": "BibTeX", ".ris": "RIS", ".json": "CSL-JSON"}

_DOI: Final = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE
)
_DAY: Final = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2}\S*)?|(?:/[0-9]{0,2}){1,2}(?:/.*)?)?")
_YEAR: Final = re.compile(r"([0-9]{4})([a-z]?)|([0-9]{4})(?:/[0-9]{0,2}){2}(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Year:
    """A year with the letter after it; or, in ``printed``, what stands in the place of one."""

    year: str = ""
    letter: str = ""
    printed: str = ""


def read(path: Path) -> list[Record]:
    """
    Return the references of the file at *path*.

    Raises:
        InputError: It cannot be read, is too large, or has another ending.
        BibliographySyntaxError: Something in it has to be mended first.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise InputError(
            f"{path}: a bibliography is told from its ending, one of {', '.join(FORMATS)}; rename "
            "it, or export it as BibTeX, RIS or CSL-JSON"
        )
    text = turtle.read(path)
    if len(text.encode()) > MAX_MIB << 20:
        raise InputError(f"{path} is larger than {MAX_MIB} MiB; split it into several files")
    module = import_module(f"pkgraph.references.{FORMATS[ending]}")
    found = Reading()
    try:
        module.read(text, found)
        if not found.faults:
            for record in found.records:
                _check(record, found)
    except TooMuchError as error:
        if not found.faults:
            raise InputError(f"{path} has more than {error}; split it into several files") from None
    if found.faults:
        faults = sorted((line, column, reason) for (line, column, _), reason in found.faults)
        raise BibliographySyntaxError(str(path), faults)
    if not found.records:
        raise InputError(f"{path} has no reference; export it again, as {_CALLED[ending]}")
    return found.records


def doi(record: Record) -> str:
    """Return the DOI of *record* without what resolves it, in small letters; or nothing."""
    found = _DOI.fullmatch(record.text("doi")) or _DOI.fullmatch(record.text("url"))
    return found[1].lower() if found else ""


def address(record: Record) -> str:
    """Return the address that *record* has in this graph, if its url is one; or nothing."""
    url = record.text("url")
    thing = thing_address(url)
    return url if thing and thing[0] == "work" else ""


def year(record: Record) -> Year:
    """
    Return the year of *record*.

    What is no year stands as it is printed, unless it says that there is none.
    """
    text, date = record.text("year").strip("()[] "), record.text("date").strip()
    if not text and (found := _DAY.fullmatch(date)):
        return Year(found[1])
    if found := _YEAR.fullmatch(text):
        return Year(found[1] or found[3], found[2] or "")
    printed = text or date
    return Year(
        printed="" if printed.lower().replace(" ", "") in {"n.d.", "nd", "n.d"} else printed
    )


def _check(record: Record, found: Reading) -> None:
    """Add to what is wrong with a file what is wrong with *record* in itself."""
    if record.text("doi") and not _DOI.fullmatch(record.text("doi")):
        told = record.text("doi")[:60]
        reason = f"'{told}' is no DOI; write it as 10.1080/12345, or leave it out"
        found.fault(record.place("doi"), reason)
    url = record.text("url")
    if url.startswith(BASE) and not address(record):
        reason = f"'{url[:80]}' is no address of a work; correct it, or leave it out"
        found.fault(record.place("url"), reason)
    named = record.authors.names or record.editors.names or record.text("title")
    if not named and not address(record):
        reason = f"'{record.key[:60]}' has neither title nor author; add what it is called by"
        found.fault(record.where, reason)
    for people in (record.authors, record.editors):
        if people.where and len(people.printed) > terms.MAX_CHARACTERS:
            reason = (
                f"the names have more than {terms.MAX_CHARACTERS} characters; name the first, and "
                "others"
            )
            found.fault(people.where, reason)
