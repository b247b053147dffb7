"""Read dates of the graph with the precision that they have: a day, a month or a year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_DATE: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?:Z|[+-][0-9:]{5})?"
)


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A date as it is written; it is some day from ``first`` to ``last``."""

    first: date
    last: date
    text: str

    @classmethod
    def read(cls, text: str) -> Date | None:
        """
        Return the date that *text* is; None if it is none.

        >>> Date.read("1967-06").last, Date.read("1953").first
        (datetime.date(1967, 6, 30), datetime.date(1953, 1, 1))
        >>> Date.read("1967-02-30") is None
        True
        """
        found = _DATE.fullmatch(text)
        if not found:
            return None
        year, month, day = (int(found[name] or 0) for name in ("year", "month", "day"))
        try:
            first = date(year, month or 1, day or 1)
        except ValueError:  # no such day
            return None
        final = month or 12
        return cls(first, date(year, final, day or calendar.monthrange(year, final)[1]), text)

    @property
    def precision(self) -> str:
        """What is known of it: the day, the month or the year."""
        days = (self.last - self.first).days
        return "day" if not days else "month" if days < 31 else "year"  # noqa: PLR2004

    @property
    def words(self) -> str:
        """
        The date in words, no more precise than it is.

        >>> Date.read("1960-07-14").words, Date.read("1967-06").words, Date.read("1953").words
        ('14 July 1960', 'June 1967', '1953')
        """
        month = calendar.month_name[self.first.month]
        return {
            "day": f"{self.first.day} {month} {self.first.year}",
            "month": f"{month} {self.first.year}",
            "year": f"{self.first.year}",
        }[self.precision]


def years(day: date) -> float:
    """
    Return *day* as a number of years.

    >>> years(date(1960, 1, 1)), round(years(date(1960, 7, 1)), 2)
    (1960.0, 1960.5)
    """
    start, end = date(day.year, 1, 1).toordinal(), date(day.year, 12, 31).toordinal() + 1
    return day.year + (day.toordinal() - start) / (end - start)
