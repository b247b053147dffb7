"""
An index of the words of a graph: one file of SQLite that is written once and then only read.

It has a row for each thing, its texts, a full-text index of their words (FTS5), and the folded
names with an index of their trigrams, by which names spelt otherwise are found. It names the state
of the store that it was made of, so that one that was left behind is not taken for a new one.

Things are numbered in the order in which they are shown where words do not tell them apart: kind by
kind, what has a name before what states something, and the short labels first. So the first few of
any kind, of very many, are found without looking at the others.

Source:
    SQLite FTS5 Extension: https://www.sqlite.org/fts5.html
    Immutable databases: https://www.sqlite.org/uri.html#uriimmutable
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from pkgraph import terms
from pkgraph.errors import EnvironmentFailure
from pkgraph.namespaces import BASE
from pkgraph.search.gathering import FIELDS, gather
from pkgraph.search.kinds import KINDS, kind_of
from pkgraph.search.wording import words
from pkgraph.store import OxigraphStore, RemoteStore, state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pkgraph.search.gathering import Entry
    from pkgraph.store import Store

Made = TypeVar("Made")

#: What the file is called, in the folder of a store.
FILE: Final = "search.sqlite"
#: Counts up when the file is laid out in another way.
_LAYOUT: Final = 3
#: Fields whose texts are names.
NAMES: Final = ("label", "name")
#: Words come here folded and parted by spaces, which is where "ascii" parts them too.
_TABLES: Final = f"""
CREATE TABLE state (state TEXT NOT NULL);
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, type TEXT NOT NULL,
  kind TEXT NOT NULL
);
CREATE TABLE kind (
  name TEXT PRIMARY KEY, states INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
);
CREATE TABLE class (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE member (class INTEGER, thing INTEGER, PRIMARY KEY (class, thing)) WITHOUT ROWID;
CREATE TABLE text (
  thing INTEGER, number INTEGER, field TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (thing, number)
) WITHOUT ROWID;
CREATE TABLE form (
  id INTEGER PRIMARY KEY, form TEXT NOT NULL, thing INTEGER NOT NULL, name TEXT
);
CREATE VIRTUAL TABLE words USING fts5 (
  {", ".join(FIELDS)}, content='', tokenize='ascii', prefix='1 2 3'
);
CREATE VIRTUAL TABLE word USING fts5vocab ('words', 'row');
CREATE VIRTUAL TABLE spelt USING fts5 (
  form, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE trigram USING fts5vocab ('spelt', 'row');
"""
_FINISH: Final = """
CREATE INDEX form_form ON form (form, thing);
INSERT INTO words (words) VALUES ('optimize');
INSERT INTO spelt (spelt) VALUES ('optimize');
"""


class Index:
    """An index that can be asked, by any thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over *connection*, which is closed with the index."""
        self._connection = connection
        self._lock = threading.Lock()
        self._made: dict[object, object] = {}
        weakref.finalize(self, connection.close)

    def rows(
        self, sql: str, values: Mapping[str, object] | tuple[object, ...] = ()
    ) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with self._lock:  # one connection is for one query at a time
            return self._connection.execute(sql, values).fetchall()

    def once(self, make: Callable[[Index], Made]) -> Made:
        """Return what *make* makes of this index, which nobody writes to; it is made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])


def index(store: Store) -> Index:
    """
    Return the index of *store*: its file if it has one, or else one that is made in memory.

    It is made once for a store of this process, and again after a while for one elsewhere.

    Raises:
        StoreError: The store cannot be asked.
        EnvironmentFailure: Python's SQLite is without FTS5.
    """
    if isinstance(store, OxigraphStore | RemoteStore):
        return store.once(_index)
    return _index(store)


def write(store: Store, folder: Path) -> None:
    """
    Write the index of *store*, whose statements are in *folder* as well, into that folder.

    Raises:
        OSError: It cannot be written.
        EnvironmentFailure: Python's SQLite is without FTS5.
    """
    connection = sqlite3.connect(folder / FILE)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        _fill(connection, gather(store), state(folder))
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise OSError(f"the index in {folder} cannot be written: {error}") from error
    finally:
        connection.close()


def _index(store: Store) -> Index:
    """Return the index of *store*."""
    kept = _kept(Path(store.name)) if isinstance(store, OxigraphStore) else None
    if kept:
        return Index(kept)
    # The lock of the index keeps threads from each other.
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _fill(connection, gather(store), "")
    return Index(connection)


def _kept(folder: Path) -> sqlite3.Connection | None:
    """Return a connection to the file in *folder*, if that is of what the folder has now."""
    path = folder / FILE
    if not path.is_file():
        return None
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        if layout == _LAYOUT and connection.execute("SELECT state FROM state").fetchone() == (
            state(folder),
        ):
            return connection
    except sqlite3.DatabaseError:  # spoilt, or of another time: it is made anew
        pass
    connection.close()
    return None


def _fill(connection: sqlite3.Connection, entries: Iterable[Entry], of: str) -> None:
    """Write *entries* into the tables of an empty database."""
    try:
        connection.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        if "no such module" not in str(error) and "tokenizer" not in str(error):
            raise
        raise EnvironmentFailure(
            f"Python's SQLite {sqlite3.sqlite_version} has no full-text search ({error}); use a "
            "Python whose SQLite is 3.34 or later, with FTS5"
        ) from error
    connection.execute(f"PRAGMA user_version = {_LAYOUT}")
    connection.execute("INSERT INTO state VALUES (?)", (of,))
    classes: dict[str, int] = {}
    forms = 0
    for number, typed in enumerate(_in_order(entries), 1):
        forms = _add(connection, number, typed, classes, forms)
    connection.executemany(
        "INSERT INTO class VALUES (?, ?)", ((number, iri) for iri, number in classes.items())
    )
    connection.executemany(
        "INSERT INTO kind "
        "SELECT ?1, ?2, MIN(id), MAX(id) FROM thing WHERE kind = ?1 HAVING COUNT(*)",
        ((kind.name, kind.states) for kind in KINDS),
    )
    connection.executescript(_FINISH)
    connection.commit()


def _in_order(entries: Iterable[Entry]) -> list[tuple[Entry, str]]:
    """Return *entries*, each with its narrowest class, in the order of their numbers."""
    from pkgraph import ontology

    def place(typed: tuple[Entry, str]) -> tuple[bool, int, int, str, str]:
        entry, type_ = typed
        kind = kind_of(type_)
        return kind.states, KINDS.index(kind), len(entry.label), entry.label, entry.iri

    return sorted(
        ((entry, ontology.narrowest(entry.classes) or "") for entry in entries), key=place
    )


def _add(
    connection: sqlite3.Connection,
    number: int,
    typed: tuple[Entry, str],
    classes: dict[str, int],
    forms: int,
) -> int:
    """Add an entry, with its class, by its *number*; return how many *forms* there are then."""
    entry, type_ = typed
    connection.execute(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?)",
        (number, entry.iri, entry.label, type_, kind_of(type_).name),
    )
    connection.executemany(
        "INSERT INTO member VALUES (?, ?)",
        ((classes.setdefault(each, len(classes) + 1), number) for each in sorted(entry.classes)),
    )
    order = list(FIELDS)
    told = [("label", entry.label)]
    told += sorted(entry.texts, key=lambda each: (order.index(each[0]), each))
    connection.executemany(
        "INSERT INTO text VALUES (?, ?, ?, ?)",
        ((number, place, *each) for place, each in enumerate(told)),
    )
    connection.execute(
        f"INSERT INTO words (rowid, {', '.join(FIELDS)}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
        (number, *(_words(told, field) for field in FIELDS)),
    )
    path = entry.iri.removeprefix(BASE)
    named = {terms.fold(text): text for field, text in reversed(told) if field in NAMES}
    slugs = {path.rpartition("/")[2]: None, path: None}
    for form, name in ({**slugs, **named}).items():
        forms += 1
        connection.execute("INSERT INTO form VALUES (?, ?, ?, ?)", (forms, form, number, name))
        if form != path:
            connection.execute(
                "INSERT INTO spelt (rowid, form) VALUES (?, ?)", (forms, f" {form} ")
            )
    return forms


def _words(told: Iterable[tuple[str, str]], field: str) -> str:
    return " ".join(word for each, text in told if each == field for word in words(text))
