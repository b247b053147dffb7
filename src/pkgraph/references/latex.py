r"""
Read the LaTeX of a field of BibTeX as plain text.

pylatexenc knows the accents, letters and marks; of two libraries measured it alone reads
``D\'{\i}az``, ``100%`` and ``\textquoteleft``. It sees nothing else: commands that style a text are
taken out, and any other one, such as ``\input``, stays in the text as it is written. None is ever
carried out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: A command: letters with the space that ends them, or one other character.
_COMMAND: Final = re.compile(r"\\(?:([A-Za-z]++)([ \t]*+)|([^A-Za-z])|$)", re.DOTALL)
_ACCENTS: Final = frozenset("bcdHkrtuv")
_SIGNS: Final = frozenset("\"'`^~=.&%$#_{}\\ -/,")
#: What changes how a text looks and not what it says.
_STYLES: Final = re.compile(
    r"em|emph|relax|protect|small|text|url|enquote|noopsort|[mh]box|bf|it|rm|sc|sf|sl|tt"
    r"|(?:bf|it|sc|sl)(?:series|shape)|text(?:bf|it|md|normal|rm|sc|sf|sl|tt|up|superscript"
    r"|subscript)|Make(?:Lower|Upper)case"
)
#: Signs that pylatexenc has no letter, or another one, for.
_OTHERS: Final = {"textbraceleft": r"\{", "textbraceright": r"\}", "textasciicircum": "^"}
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
#: What makes a text LaTeX; most have no more than braces, ties and dashes.
_LATEX: Final = re.compile(r"[\\$`]|''")
_PLAIN: Final = str.maketrans("~", " ", "{}")


def marks(text: str) -> int:
    """Return how many marks of *text* take time to read: none if all are plain ones."""
    return sum(map(text.count, "\\{$`")) if _LATEX.search(text) else 0


def plain(text: str) -> str:
    r"""
    Return what LaTeX would print for *text*, as far as that is text.

    Raises:
        ValueError: It cannot be read.

    >>> plain(r"{\"O}calan, {UN} 1990--95: \emph{War} \& Peace")
    'Öcalan, UN 1990–95: War & Peace'
    >>> print(plain(r"\input{/etc/passwd}"))
    \input/etc/passwd
    """
    if not _LATEX.search(text):
        return text.translate(_PLAIN).replace("---", "—").replace("--", "–")
    if len(_DOLLAR.findall(text)) % 2:  # a price, and no formula
        text = _DOLLAR.sub(r"\\$", text)
    read, symbols = _pylatexenc()
    try:
        return read(_COMMAND.sub(lambda found: _seen(found, symbols), text.strip()))
    except (RecursionError, ValueError):
        raise ValueError("has LaTeX that cannot be read; write it as plain text") from None


def _seen(found: re.Match[str], symbols: frozenset[str]) -> str:
    """Return what pylatexenc is to see of a command."""
    name, space, sign = found.groups()
    if name is None:
        return found[0] if sign in _SIGNS else r"\textbackslash{}" + (sign or "")
    if _STYLES.fullmatch(name):
        return ""
    if name in _OTHERS:
        return _OTHERS[name]
    if name in _ACCENTS or name in symbols:
        return found[0]
    return rf"\textbackslash{{}}{name}{space}"


@cache
def _pylatexenc() -> tuple[Callable[[str], str], frozenset[str]]:
    """Return what reads LaTeX as text, and the commands that it has a letter or sign for."""
    from pylatexenc import latex2text, latexwalker

    known = latex2text.get_default_latex_context_db()
    symbols = frozenset(
        spec.macroname
        for spec in known.iter_macro_specs()
        if isinstance(spec.simplify_repl, str) and re.fullmatch(r"[^\s%<]+", spec.simplify_repl)
    )
    reader = latex2text.LatexNodes2Text(
        latex_context=known, math_mode="text", keep_comments=True, strict_latex_spaces=False
    )

    def read(text: str) -> str:
        try:
            return str(reader.latex_to_text(text, tolerant_parsing=False))
        except (latexwalker.LatexWalkerParseError, IndexError) as error:
            raise ValueError(str(error)) from None

    return read, symbols
