"""Read a mapping: the YAML file that says how a table of personnel is laid out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping as Named
    from pathlib import Path

#: The numbers that a contribution can have, in the order in which they are kept.
FIELDS: Final = ("troops", "police", "experts", "women", "men")
_KEYS: Final = frozenset(
    {
        *("source", "license", "layout", "delimiter", "encoding", "state", "operation", "date"),
        *("values", "kind", "number", "columns", "counts", "ignore"),
    }
)
#: An absolute IRI, without what N-Quads would have escaped.
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_DIRECTIVES: Final = frozenset(["%Y", "%y", "%m", "%b", "%B", "%d"])


@dataclass(frozen=True, slots=True)
class Reference:
    """
    How a table names states, or operations.

    ``column`` is None where its columns are named for them; ``coded`` is "name" or the slug of a
    list of codes; ``also`` has what the table calls some of them, and their slugs.
    """

    column: str | None
    coded: str
    also: Named[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """The column that says what is counted, and what its values mean: one of :data:`FIELDS`."""

    column: str
    means: Named[str, str]


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table is laid out; ``across`` says what its columns stand for if it is a wide one."""

    source: str
    license: str
    delimiter: str
    encoding: str
    state: Reference
    operation: Reference
    date: str
    date_format: str
    values: Named[str, str]
    kind: Kind | None
    number: str | None
    counts: str | None
    across: str | None
    ignore: frozenset[str]

    def columns(self) -> list[str]:
        """Return the columns that the table must have."""
        named = [self.state.column, self.operation.column, self.date, self.number]
        named += [self.kind.column if self.kind else None, *self.values.values()]
        return [name for name in named if name is not None]


def read(path: Path) -> Mapping:
    """
    Return the mapping in the file at *path*.

    Raises:
        InputError: It cannot be read, or a key is unknown, missing or has a wrong value.
    """
    import yaml  # slow to import

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not in UTF-8; save it again in that encoding") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    return _Reader(str(path)).mapping(content)


class _Reader:
    """Reads the parts of the mapping in the file called *file*."""

    def __init__(self, file: str) -> None:
        self.file = file

    def mapping(self, content: object) -> Mapping:
        """Return what *content*, the whole file, says."""
        top = self.table(content, "the mapping", _KEYS)
        layout = self.text(top, "layout")
        if layout not in {"long", "wide"}:
            raise self.wrong("layout", f"is '{layout}'; write long or wide")
        across = self.text(top, "columns") if layout == "wide" else None
        if across not in {None, "state", "operation"}:
            raise self.wrong("columns", f"is '{across}'; write state or operation")
        self.fitting(top, layout)
        source = self.text(top, "source")
        if not terms.slug(source):
            raise self.wrong("source", "has no letter or digit of ASCII to make an address of")
        date = self.table(top.get("date"), "date", frozenset(["column", "format"]))
        delimiter = self.text(top, "delimiter", ",")
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise self.wrong("delimiter", r"has to be one character; a tab is \"\t\"")
        return Mapping(
            source=source,
            license=self.license(top),
            delimiter=delimiter,
            encoding=self.encoding(top),
            state=self.reference(top, "state", across),
            operation=self.reference(top, "operation", across),
            date=self.text(date, "column"),
            date_format=self.date_format(self.text(date, "format")),
            values=self.values(top),
            kind=self.kind(top),
            number=self.text(top, "number") if "number" in top else None,
            counts=self.field(self.text(top, "counts"), "counts") if "counts" in top else None,
            across=across,
            ignore=frozenset(self.texts(top.get("ignore", []), "ignore")),
        )

    def fitting(self, top: Named[str, object], layout: str) -> None:
        """Refuse keys that the layout has no use for, and ask for those that it needs."""
        given = top.keys() & {"values", "kind", "number", "counts"}
        if layout == "long" and given not in ({"values"}, {"kind", "number"}):
            raise self.wrong(
                "values", "or else kind and number say where the numbers of a long table are"
            )
        if layout == "wide" and given not in ({"counts"}, {"kind"}):
            raise self.wrong("counts", "or else kind says what the cells of a wide table count")
        if layout == "long" and top.keys() & {"columns", "ignore"}:
            raise self.wrong("columns", "and ignore are for wide tables; take them out")

    def values(self, top: Named[str, object]) -> Named[str, str]:
        """Return the column of each number."""
        if "values" not in top:
            return MappingProxyType({})
        found = self.table(top["values"], "values", frozenset(FIELDS))
        if not found:
            raise self.wrong("values", "names no column")
        return MappingProxyType({key: self.text(found, key) for key in found})

    def kind(self, top: Named[str, object]) -> Kind | None:
        """Return where the kind of personnel is, if a column says it."""
        if "kind" not in top:
            return None
        found = self.table(top["kind"], "kind", frozenset(["column", "means"]))
        means = {
            terms.fold(said): self.field(field, f"kind.means.{said}")
            for said, field in self.pairs(found.get("means"), "kind.means").items()
        }
        return Kind(self.text(found, "column"), MappingProxyType(means))

    def reference(self, top: Named[str, object], key: str, across: str | None) -> Reference:
        """Return how states, or operations, are named."""
        found = self.table(top.get(key), key, frozenset(["column", "coded", "also"]))
        if across == key and "column" in found:
            raise self.wrong(f"{key}.column", "is not needed, as the columns stand for them")
        also = self.pairs(found.get("also", {}), f"{key}.also")
        return Reference(
            None if across == key else self.text(found, "column"),
            self.text(found, "coded", "name"),
            MappingProxyType({terms.fold(said): slug for said, slug in also.items()}),
        )

    def date_format(self, style: str) -> str:
        """Return the *style* of dates, which must tell a year, and of a day also the month."""
        used = re.findall(r"%.?", style)
        unknown = [each for each in used if each not in _DIRECTIVES]
        if unknown:
            known = ", ".join(sorted(_DIRECTIVES))
            raise self.wrong("date.format", f"has '{unknown[0]}'; only {known} are known")
        month = bool({"%m", "%b", "%B"} & set(used))
        if not {"%Y", "%y"} & set(used) or ("%d" in used and not month):
            raise self.wrong("date.format", f"is '{style}', which does not tell a date; see %Y-%m")
        return style

    def license(self, top: Named[str, object]) -> str:
        """Return the address of the licence."""
        address = self.text(top, "license")
        if not _ADDRESS.fullmatch(address):
            raise self.wrong(
                "license",
                f"is '{address}'; write the address of the licence under which you may use the "
                "table, such as https://creativecommons.org/licenses/by/4.0/",
            )
        return address

    def encoding(self, top: Named[str, object]) -> str:
        """Return the encoding, one that Python knows; a byte order mark does not count."""
        import codecs

        name = self.text(top, "encoding", "utf-8")
        try:
            known = codecs.lookup(name)
        except LookupError:
            raise self.wrong("encoding", f"is '{name}', which is not known; try utf-8") from None
        return "utf-8-sig" if known.name == "utf-8" else known.name

    def field(self, name: str, key: str) -> str:
        if name not in FIELDS:
            raise self.wrong(key, f"is '{name}'; write one of {', '.join(FIELDS)}")
        return name

    def table(self, value: object, key: str, known: frozenset[str]) -> dict[str, object]:
        """Return *value*, which must be a table that has only *known* keys."""
        if not isinstance(value, dict):
            raise self.wrong(key, "is missing or no table of keys and values")
        for name in value:
            if name not in known:
                names = ", ".join(sorted(known))
                raise self.wrong(key, f"has the unknown key '{name}'; known are {names}")
        return value

    def pairs(self, value: object, key: str) -> dict[str, str]:
        """Return *value*, which must be a table of texts."""
        if not isinstance(value, dict):
            raise self.wrong(key, "is missing or no table of keys and values")
        self.texts([*value, *value.values()], key)
        return value

    def texts(self, value: object, key: str) -> list[str]:
        """Return *value*, which must be a list of texts."""
        if not isinstance(value, list):
            raise self.wrong(key, "is no list")
        for each in value:
            if not isinstance(each, str):
                raise self.wrong(key, f"has {each!r}, which is no text; put it in quotation marks")
        return value

    def text(self, table: Named[str, object], key: str, default: str | None = None) -> str:
        """Return the text at *key* of *table*."""
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, "is missing or no text; if it is a number, quote it")
        return value

    def wrong(self, key: str, reason: str) -> InputError:
        return InputError(f"{self.file}: {key} {reason}")
