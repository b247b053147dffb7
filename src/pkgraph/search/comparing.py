"""
Compare the index in the folder of a store with what its statements give.

A file of SQLite can say anything, whatever state it names. So the index is made anew and both are
compared row by row: first what tables there are, then what is in them. The words of a full-text
index are compared as it would find them; how it keeps them differs between versions of SQLite.

Source:
    The fts5vocab virtual table: https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Final

from pkgraph.search.indexing import FILE, write
from pkgraph.store import OxigraphStore, state

#: What tables there are, and in which form.
_FORM: Final = (
    "PRAGMA main.user_version",
    "SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY name",
)
#: Lets the words in the full-text indexes be read; nothing else that a file says is run.
_WORDS: Final = """
PRAGMA trusted_schema = OFF;
CREATE VIRTUAL TABLE temp.words_there USING fts5vocab ('main', 'words', 'instance');
CREATE VIRTUAL TABLE temp.spelt_there USING fts5vocab ('main', 'spelt', 'instance');
"""
#: What is in them, in an order in which it can be compared.
_CONTENT: Final = (
    "SELECT * FROM main.thing ORDER BY id",
    "SELECT * FROM main.kind ORDER BY name",
    "SELECT * FROM main.class ORDER BY id",
    "SELECT * FROM main.member ORDER BY class, thing",
    "SELECT * FROM main.text ORDER BY thing, number",
    "SELECT * FROM main.form ORDER BY id",
    "SELECT * FROM temp.words_there ORDER BY term, doc, col, offset",
    "SELECT * FROM temp.spelt_there ORDER BY term, doc",
)


def is_index_of(folder: Path) -> bool:
    """
    Tell whether the index in *folder* is what this pkgraph makes of the store that is there too.

    Raises:
        StoreError: There is no store, or it cannot be read.
        OSError: The index cannot be made anew for want of room.
    """
    path = folder / FILE
    if path.is_symlink() or not path.is_file():
        return False
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as beside:
        write(OxigraphStore.open(folder), Path(beside))
        try:
            with closing(_opened(path)) as there, closing(_opened(Path(beside, FILE))) as wanted:
                if not all(_same(there, wanted, sql) for sql in _FORM):
                    return False
                for each in (there, wanted):
                    each.executescript(_WORDS)
                of = there.execute("SELECT state FROM state").fetchall()
                return of == [(state(folder),)] and all(
                    _same(there, wanted, sql) for sql in _CONTENT
                )
        except sqlite3.DatabaseError:  # spoilt
            return False


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _same(one: sqlite3.Connection, other: sqlite3.Connection, sql: str) -> bool:
    """Tell whether both give the same rows; no more are read than one after they differ."""
    pairs = zip_longest(one.execute(sql), other.execute(sql))
    return all(row == wanted for row, wanted in pairs)
