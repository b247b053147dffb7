"""
Turn the SVG of a map into PNG, with resvg.

The text is set in the fonts of this machine, so the bytes are the same only where these are.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from pkgraph.errors import EnvironmentFailure

#: How many pixels a picture has at most, which take four bytes each while it is made.
MOST_PIXELS: Final = 16_000_000
_FINEST: Final = 2.0


def write(svg: str, width: float, height: float) -> bytes:
    """
    Return the picture *svg*, of *width* by *height*, as PNG: fine, unless it is very large.

    Raises:
        EnvironmentFailure: There is no font on this machine.
    """
    import resvg_py  # nobody but who asks for a PNG waits for it

    if not _has_fonts():
        raise EnvironmentFailure(
            "there is no font on this machine to set the text of the picture in; install one, "
            "for example with: apt-get install fonts-dejavu-core"
        )
    zoom = min(_FINEST, (MOST_PIXELS / (width * height)) ** 0.5)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, background="#ffffff", width=int(width * zoom), height=int(height * zoom)
        )
    )


@cache
def _has_fonts() -> bool:
    """Tell whether a letter leaves a trace."""
    import resvg_py

    blank, letter = (
        bytes(
            resvg_py.svg_to_bytes(
                svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
                f'<text x="2" y="16" font-family="{_FAMILIES}">{text}</text></svg>'
            )
        )
        for text in ("", "W")
    )
    return blank != letter


_FAMILIES: Final = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
