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

from pkgraph import turtle
from pkgraph.errors import BibliographySyntaxError, InputError
from pkgraph.namespaces import BASE, thing_address
from pkgraph.references.record import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from pkgraph.references.record import Record

#: The largest bibliography that is read, in MiB and in references.
MAX_MIB: Final = 2
MAX_REFERENCES: Final = 2000
#: The module for each ending.
FORMATS: Final = {".bib": "bibtex", ".ris": "ris", ".json": "csl"}

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
    if path.suffix.lower() not in FORMATS:
        raise InputError(
            f"{path}: a bibliography is told from its ending, one of {', '.join(FORMATS)}; rename "
            "it, or export it as BibTeX, RIS or CSL-JSON"
        )
    text = turtle.read(path)
    if len(text.encode()) > MAX_MIB << 20:
        raise InputError(f"{path} is larger than {MAX_MIB} MiB; split it into several files")
    module = import_module(f"pkgraph.references.{FORMATS[path.suffix.lower()]}")
    records: list[Record]
    faults: list[Fault]
    records, faults = module.read(text)
    if len(records) > MAX_REFERENCES:
        raise InputError(
            f"{path} has {len(records)} references, and at most {MAX_REFERENCES} are read; split "
            "it into several files"
        )
    for record in records:
        faults += _faults(record)
    if faults:
        raise BibliographySyntaxError(
            str(path), [(*fault.where[:2], fault.reason) for fault in sorted(faults)]
        )
    return records


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


def _faults(record: Record) -> list[Fault]:
    """Return what is wrong with *record* in itself."""
    found = []
    if record.text("doi") and not _DOI.fullmatch(record.text("doi")):
        reason = (
            f"'{record.text('doi')[:60]}' is no DOI; write it as 10.1080/12345, or leave it out"
        )
        found.append(Fault(record.place("doi"), reason))
    url = record.text("url")
    if url.startswith(BASE) and not address(record):
        reason = f"'{url[:80]}' is no address of a work; correct it, or leave it out"
        found.append(Fault(record.place("url"), reason))
    if not (
        record.authors.names or record.editors.names or record.text("title") or address(record)
    ):
        reason = f"'{record.key[:60]}' has neither title nor author; add what it is called by"
        found.append(Fault(record.where, reason))
    return found
