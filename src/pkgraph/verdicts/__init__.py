"""
Say what a check found, so that whoever reads it learns how to mend it.

:func:`judge` checks files and looks up what is needed to tell of each finding: the line that it is
about, and the mend where that is mechanical. Each module for a format writes the verdict that comes
of it; :func:`write` finds the one.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph.errors import UnknownFormatError
from pkgraph.verdicts.verdict import MOST_MENDED, Verdict, judge, summary

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMATS", "MOST_MENDED", "Verdict", "judge", "summary", "write"]

#: The module that writes each format.
_WRITERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "terminal",
        "json": "objects",
        "sarif": "sarif",
        "md": "markdown",
        "html": "page",
        "ttl": "report_graph",
    }
)
#: The formats that a verdict is written in; the first is for terminals.
FORMATS: Final = tuple(_WRITERS)


def write(verdict: Verdict, format_name: str) -> str:
    """
    Return *verdict* in one of :data:`FORMATS`.

    Raises:
        UnknownFormatError: There is no such format.
        TurtleSyntaxError: A report of SHACL is asked for, and nothing could be checked.
    """
    if format_name not in _WRITERS:
        raise UnknownFormatError(
            f"there is no format '{format_name}'; choose one of {', '.join(FORMATS)}"
        )
    module = import_module(f"pkgraph.verdicts.{_WRITERS[format_name]}")
    text: str = module.write(verdict)
    return text
