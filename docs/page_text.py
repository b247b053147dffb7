"""Write Markdown: tables, code, sentences and the fragments of headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pkgraph import namespaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    columns = list(head)
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def code(text: str) -> str:
    """Return *text* as inline code, or nothing for no text."""
    return f"`{text}`" if text else ""


def curie(iri: str) -> str:
    """Return *iri* in its short form, as inline code."""
    return code(namespaces.compact(iri))


def sentence(text: str) -> str:
    """Return *text* on one line, with a capital and a full stop."""
    line = " ".join(text.split())
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "?", "!")) else ".")


def anchor(heading: str) -> str:
    """Return the fragment by which a forge finds *heading*."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
