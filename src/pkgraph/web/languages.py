"""
Write texts of the graph into pages so that their language is told, and none turns what is around.

A page is in English. A text in another language says which one it is, for who hears the page and
for the fonts. Whatever is or may be written from right to left is kept apart from the words beside
it; so are the marks that turn a direction, which anybody can put into a label.

Source:
    HTML, the attributes lang and dir: https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
    UAX #9, Unicode Bidirectional Algorithm: https://www.unicode.org/reports/tr9/
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup

from pkgraph.search import language_of

#: Letters of scripts that are written from right to left, and the marks that turn a direction.
_TURNS: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
)


def said(text: object) -> str:
    r"""
    Return *text* for a page, in an element that says its language if it is not English.

    >>> said("peace"), said("salam \u0633\u0644\u0627\u0645")[:5]
    ('peace', Markup('<bdi>'))
    """
    plain = text if isinstance(text, Markup) else str(text)  # what is escaped stays so
    if language := language_of(text):
        return Markup('<span lang="{}" dir="auto">{}</span>').format(language, plain)
    if _TURNS.search(plain):
        return Markup("<bdi>{}</bdi>").format(plain)
    return plain
