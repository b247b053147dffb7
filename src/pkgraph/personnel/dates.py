"""Read dates in the one style that a mapping declares."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

_STYLES: Final = (
    "%Y-%m-%d", "%Y-%m", "%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%m/%Y", "%Y/%m",
    "%b-%y", "%b-%Y", "%d-%b-%y", "%d-%b-%Y", "%B %Y", "%d %B %Y", "%Y%m%d",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """A year, month or day: how RDF writes it, its datatype in XSD, its first and last day."""

    text: str
    datatype: str
    first: date
    last: date


def read(text: str, style: str) -> When | None:
    """
    Return the date *text* of *style* (directives of ``strptime``), or None if it is not one.

    >>> read("Nov-99", "%b-%y").text
    '1999-11'
    """
    try:
        day = datetime.strptime(text, style).date()  # noqa: DTZ007 - no time, so no zone
    except ValueError:
        return None
    if "%d" in style:
        return When(day.isoformat(), "date", day, day)
    if any(each in style for each in ("%m", "%b", "%B")):
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return When(f"{day.year:04d}-{day.month:02d}", "gYearMonth", day, last)
    return When(f"{day.year:04d}", "gYear", day, date(day.year, 12, 31))


def lexical(text: str) -> When | None:
    """Return the xsd:date, xsd:gYearMonth or xsd:gYear *text*, or None if it is none."""
    for style in ("%Y-%m-%d", "%Y-%m", "%Y"):
        when = read(text, style)
        if when:
            return when
    return None


def style_of(text: str) -> str | None:
    """Return the first well-known style that *text* is of, or None."""
    return next((style for style in _STYLES if read(text, style)), None)
