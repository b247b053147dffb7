"""
Measure text and break it into lines, without a browser.

A browser sets the text in a font of the reader's machine. The widths are therefore those of DejaVu
Sans, which is wider than the others that pages ask for, so that what fits by them fits.

Source:
    Advance widths, OpenType: https://learn.microsoft.com/en-us/typography/opentype/spec/hmtx
    East Asian width: https://www.unicode.org/reports/tr11/
"""

from __future__ import annotations

import unicodedata
from typing import Final

#: The advance widths of the characters from the space to the tilde, in thousandths of the size.
_ASCII: Final = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636),
    *(636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698),
    *(770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732),
    *(684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635),
    *(634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592),
    *(525, 636, 337, 636, 838),
)
_WIDE: Final = 1000
#: What letters outside ASCII are taken to need: as much as the wide ones in it.
_OTHER: Final = 860
_THOUSAND: Final = 1000


def width(text: str, size: float, *, bold: bool = False) -> float:
    """
    Return how wide *text* is in a font of *size*, in the same unit.

    >>> round(width("peace", 10), 1), width("", 10)
    (30.3, 0.0)
    """
    total = sum(map(_advance, text)) * size / _THOUSAND
    return total * 1.12 if bold else total


def lines(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """
    Return *text* in lines that are no wider than *room*; after *most* lines it ends with "…".

    Words that are too wide are broken.

    >>> lines("what peacekeepers ought to do", 10, 80, 2)
    ('what', 'peacekeepers…')
    """
    found: list[str] = []
    line = ""
    for word in _pieces(text, size, room):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size) > room:
            found.append(line)
            longer = word
        line = longer
    found.append(line)
    if len(found) <= most:
        return tuple(found)
    last = found[most - 1]
    while last and width(f"{last}…", size) > room:
        last = last[:-1]
    return (*found[: most - 1], f"{last.rstrip(' ,;:.')}…")


def _pieces(text: str, size: float, room: float) -> list[str]:
    """Return the words of *text*, those that are wider than *room* in pieces."""
    found: list[str] = []
    for word in text.split():
        piece = ""
        for character in word:
            if piece and width(piece + character, size) > room:
                found.append(piece)
                piece = ""
            piece += character
        found.append(piece)
    return found


def _advance(character: str) -> int:
    """Return the advance width of *character* in thousandths of the size."""
    place = ord(character) - ord(" ")
    if 0 <= place < len(_ASCII):
        return _ASCII[place]
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn"}:
        return 0
    plain = unicodedata.normalize("NFD", character)[0]
    if plain != character and 0 <= ord(plain) - ord(" ") < len(_ASCII):
        return _ASCII[ord(plain) - ord(" ")]
    return _WIDE if unicodedata.east_asian_width(character) in "FW" else _OTHER
