"""
Read an ORCID iD: how a person says who they are.

What is given is held against its check digit, so that a slip of the finger names nobody else. That
the person is who the iD names is not checked: that would take a log-in at orcid.org.

Source:
    Structure of the ORCID Identifier, a check digit by ISO/IEC 7064, MOD 11-2:
    https://support.orcid.org/hc/en-us/articles/360006897674-Structure-of-the-ORCID-Identifier
"""

from __future__ import annotations

import re
from typing import Final

from pkgraph.errors import ParameterError

#: What an ORCID iD begins with as an IRI.
BASE: Final = "https://orcid.org/"

_FORM: Final = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?"
    r"([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9X])/?",
    re.ASCII | re.IGNORECASE,
)
_EXAMPLE: Final = "0000-0002-1825-0097"
#: How much of what was given a message shows.
_SHOWN: Final = 60


def parse(text: str) -> str:
    """
    Return the IRI of the ORCID iD *text*, which may be bare, with its dashes, or an address.

    Raises:
        ParameterError: It has not the form of one, or its check digit is wrong.

    >>> parse("0000-0002-1825-0097")
    'https://orcid.org/0000-0002-1825-0097'
    >>> parse("http://orcid.org/000000021694233x")
    'https://orcid.org/0000-0002-1694-233X'
    >>> parse("0000-0002-1825-0098")
    Traceback (most recent call last):
    pkgraph.errors.ParameterError: '0000-0002-1825-0098' is not an ORCID iD: its last digit does \
not fit the others; copy it again from the page of your ORCID record
    """
    found = _FORM.fullmatch(text.strip())
    if not found:
        shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        raise ParameterError(
            f"{shown!r} is not an ORCID iD; write its sixteen digits in four groups, as {_EXAMPLE}"
        )
    identifier = "-".join(found.groups()).upper()
    digits = identifier.replace("-", "")
    if digits[-1] != check_digit(digits[:-1]):
        raise ParameterError(
            f"'{identifier}' is not an ORCID iD: its last digit does not fit the others; copy it "
            "again from the page of your ORCID record"
        )
    return BASE + identifier


def check_digit(digits: str) -> str:
    """
    Return the check digit of *digits* by ISO/IEC 7064, MOD 11-2: a digit, or X for ten.

    >>> check_digit("000000021825009"), check_digit("000000021694233")
    ('7', 'X')
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    value = (12 - total % 11) % 11
    return "X" if value == 10 else str(value)  # noqa: PLR2004  # ten needs a sign of its own
