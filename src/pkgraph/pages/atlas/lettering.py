"""Fit labels into pictures: labels come from anybody, and pictures have little room."""

from __future__ import annotations

import re
from typing import Final

#: What XML has no way to write, or what turns the direction of all that follows.
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]+")


def plain(text: str) -> str:
    r"""
    Return *text* without what no XML may contain or what would turn the text around it.

    >>> plain("a\x00b\u202ec")
    'a b c'
    """
    return _UNFIT.sub(" ", text).strip()


def short(text: str, most: int) -> str:
    """
    Return the beginning of *text*, of *most* characters at most.

    >>> short("United Nations Operation in the Congo", 20)
    'United Nations Oper…'
    """
    text = plain(text)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
