"""Print answers in the format that was asked for."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Final

from pkgraph import results, serialization, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgraph.results import Answer

#: The width of a terminal that does not tell its own, in characters.
_WIDTH: Final = 100


def put(text: str) -> None:
    """Write *text* to standard output, as it is."""
    sys.stdout.write(text)


def say(text: str) -> None:
    """Write *text* to standard error, as lines; what would act on a terminal does not."""
    print(tables.harmless(text), file=sys.stderr)


def width() -> int:
    """Return how many characters a line of the terminal has."""
    return shutil.get_terminal_size((_WIDTH, 24)).columns


def put_answer(answer: Answer, format_name: str) -> None:
    """
    Print what a query gave.

    Raises:
        UnknownFormatError: It cannot be written in this format.
    """
    if format_name == "table" and isinstance(answer, results.Table):
        put(tables.terminal(answer, width()))
        say(f"{counted(len(answer), 'row')}." if len(answer) else "No rows.")
    elif format_name == "table" and isinstance(answer, tuple):
        put(serialization.write(answer, "ttl"))
    elif format_name == "table":
        put("yes\n" if answer else "no\n")
    elif format_name == "md" and isinstance(answer, results.Table):
        put(tables.markdown(answer))
    else:
        put(serialization.write(answer, format_name))


def put_texts(names: Sequence[str], rows: Sequence[Sequence[str]], format_name: str) -> None:
    """Print *rows* of texts under *names*: as a table, json (objects), csv or md."""
    if format_name == "json":
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        put(json.dumps(objects, ensure_ascii=False, indent=2) + "\n")
    elif format_name == "csv":
        import csv

        csv.writer(sys.stdout).writerows([names, *rows])
    elif format_name == "md":
        put(tables.markdown_texts(names, rows))
    elif rows:
        put(tables.fitted(names, rows, width()))


def counted(number: int, what: str) -> str:
    """Return *number* and *what* is counted, in the singular or with an s."""
    return f"{number} {what}{'s'[: number != 1]}"
