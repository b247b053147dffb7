"""
What a scholar does: fills in the template for one article, with three mistakes, and mends them.

The article is made up. It has two claims, and one of them attacks a claim that the shipped graph
has from another source.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl

from pkgraph import spreadsheets

if TYPE_CHECKING:
    from pathlib import Path

ATTACKED = "claim:bellamy-2004-1-no-victory"
ATTACK = "claim:example-2024-sides-end-wars"

#: What is entered, by sheet; rows by the names of the columns.
ENTRIES = {
    "works": [
        {
            "work": "example-2024",
            "label": "Example 2024",
            "title": "Whose Victory?@en",
            "kind of work": "article",
            "author": "flavia-example",
            "authors as printed": "Example",
            "year": 2024,
        },
        {"work": "example-1999", "label": "Other 1999", "year": 1999.0},
    ],
    "people": [
        {
            "person": "flavia-example",
            "label": "Flavia Example",
            "family name": "Example",
            "given name": "Flavia",
        }
    ],
    "passages": [
        {
            "passage": "example-2024-2",
            "label": "Example 2024, section 2",
            "passage of": "example-2024",
            "kind of passage": "section",
            "locator": "2",
            "first line": 40,
            "last line": 95,
        }
    ],
    "claims": [
        {
            "claim": "example-2024-sides-end-wars",
            "label": "Where peacekeepers brought one side to victory, the war ended sooner",
            "voice": "own",
            "kind": "empirical",
            "about": "concept:taking-sides; concept:peacekeeping-operation",
            "occurs at": "example-2024-sides-end-wars-1",
            "denies": "no-side-to-victory",
        },
        {
            "claim": "example-2024-neutral",
            "label": "Host governments take every operation for a party to the conflict",
            "voice": "reported",
            "kind": "empirical",
            "about": "concept:taking-sides",
            "occurs at": "example-2024-neutral-1",
            "attribution": "example-2024-l71-example-1999",
        },
    ],
    "occurrences": [
        {
            "occurrence": "example-2024-sides-end-wars-1",
            "passage": "example-2024-2",
            "first line": 52,
            "last line": 54,
        },
        {
            "occurrence": "example-2024-neutral-1",
            "passage": "example-2024-2",
            "first line": 70,
            "last line": 71,
        },
    ],
    "attributions": [
        {
            "attribution": "example-2024-l71-example-1999",
            "holder": "example-1999",
            "role": "holds",
            "signal": "direct",
            "pages": 14,
            "passage": "example-2024-2",
            "first line": 71,
            "last line": 71,
        }
    ],
    "argument links": [
        {
            "argument link": "example-2024-sides-end-wars-attacks-bellamy-2004-1-no-victory",
            "from": "example-2024-sides-end-wars",
            "to": ATTACKED,
            "relation": "attacks",
            "basis": "explicit",
            "made by": "example-2024",
            "passage": "example-2024-2",
            "first line": 52,
            "last line": 54,
        }
    ],
}

#: The three mistakes: sheet, row, column, what is entered there by mistake.
MISTAKES = (
    ("claims", 2, "voice", "owned"),
    ("occurrences", 3, "last line", 61),
    ("argument links", 2, "to", "claim:bellamy-2004-1-no-victery"),
)
#: The cells that the verdict names, and what it says of the mend.
VERDICTS = {
    "claims!C2": "Did you mean voice:own?",
    "occurrences!C3": "Swap them if they are in the wrong order; otherwise count again.",
    "'argument links'!C2": "Did you mean claim:bellamy-2004-1-no-victory?",
}


def fill(path: Path, *, mistaken: bool) -> Path:
    """Fill in the template for claims, as a spreadsheet would save it, and return *path*."""
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.workbook(["claims"])))
    for title, rows in ENTRIES.items():
        for number, row in enumerate(rows, start=2):
            for name, value in row.items():
                book[title].cell(number, column(book[title], name)).value = value
    if mistaken:
        for title, number, name, value in MISTAKES:
            book[title].cell(number, column(book[title], name)).value = value
    book.save(path)
    return path


def column(sheet, name):
    """Return the number of the column called *name*, with its star or without."""
    return next(cell.column for cell in sheet[1] if cell.value.removesuffix(" *") == name)
