"""
Look at the characters of what is handed in, which no shape does.

What cannot be seen can mislead: a mark that turns the direction of writing shows a text as another
than it is, and two addresses that look the same may be two. And a text can be longer than anything
that a graph of claims has to say.

Source:
    IRIs, characters that are not allowed in them: https://www.rfc-editor.org/rfc/rfc3987#section-4.1
    Unicode, bidirectional algorithm: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import BASE, PKS
from pkgraph.validation.nodes import name
from pkgraph.validation.report import SH, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CHARACTERS: Final = PKS + "Thing-characters"
LENGTH: Final = PKS + "Thing-length"
#: The most characters of a text, and of an address. The shapes ask for less where less is enough.
MAX_TEXT: Final = 10_000
MAX_IRI: Final = 2_000

_PATTERN: Final = SH + "PatternConstraintComponent"
_MAX_LENGTH: Final = SH + "MaxLengthConstraintComponent"
#: Controls but for tab and line breaks, marks of direction, tags, and what is no character.
_UNSEEN: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
)
_IN_TEXT: Final = re.compile(f"[{_UNSEEN}]")
#: In an address, what has no width besides, and all kinds of spaces.
_IN_IRI: Final = re.compile(
    f"[{_UNSEEN}\t\n\r\u00a0\u00ad\u034f\u115f\u1160\u1680\u180b-\u180f\u2000-\u200d\u2028-\u202f"
    "\u205f-\u2064\u206a-\u206f\u3000\u3164\ufe00-\ufe0f\uffa0]"
)
_NOT_ASCII: Final = re.compile(r"[^\x21-\x7e]")


def findings(triples: Iterable[ox.Triple], messages: Mapping[str, str]) -> Iterator[Finding]:
    """
    Yield a finding for each statement with a term that cannot be seen for what it is, or is huge.

    Args:
        triples: What is to be checked.

        messages: The message of each shape of pkgraph, by IRI.
    """
    sound: set[object] = set()
    for triple in triples:
        focus, path, value = name(triple.subject), triple.predicate.value, str(triple.object)
        places = ((focus, None, None), (focus, path, None), (focus, path, value))
        for term, place in zip(triple, places, strict=True):
            if term in sound:
                continue
            fault = _fault(term)
            if fault is None:
                sound.add(term)
            else:
                shape, component, has = fault
                wanted, _, mend = messages[shape].partition(". ")
                message = f"{wanted}. {has}. {mend}"
                yield Finding("Violation", *place, message, shape, component)


def _fault(term: object) -> tuple[str, str, str] | None:
    """Return what is wrong with a term: by which shape, what kind of fault, and what it has."""
    if isinstance(term, ox.NamedNode):
        ours = term.value.startswith(BASE)
        found = (_NOT_ASCII if ours else _IN_IRI).search(term.value)
        most = MAX_IRI
    elif isinstance(term, ox.Literal):
        if term.direction is not None:
            return CHARACTERS, _PATTERN, f"This one has a direction, --{term.direction.value}"
        found, most = _IN_TEXT.search(term.value), MAX_TEXT
    else:
        return None
    if found:
        sign = found[0]
        called = unicodedata.name(sign, "a control or no character").lower()
        return CHARACTERS, _PATTERN, f"This one has U+{ord(sign):04X} ({called})"
    if len(term.value) > most:
        return LENGTH, _MAX_LENGTH, f"This one has {len(term.value)}"
    return None
