"""
Turn what is in a cell into the terms that it stands for.

What is merely wrong becomes the term that it would be (a voice "owned" becomes ``voice:owned``, a
line "twelve" a text), so that the shapes find it and say what was meant. Refused is only what is no
term at all, or would be another than the one that was typed.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pkgraph import namespaces, terms
from pkgraph.errors import InputError, ParameterError
from pkgraph.namespaces import BASE, XSD
from pkgraph.spreadsheets.columns import kinds, label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pyoxigraph as ox

    from pkgraph.spreadsheets.columns import Column
    from pkgraph.spreadsheets.sheets import Cell
    from pkgraph.terms import LiteralKind

_KINDS: Final[Mapping[str, tuple[LiteralKind, ...]]] = {
    XSD + "integer": ("integer",),
    XSD + "decimal": ("decimal",),
    XSD + "boolean": ("boolean",),
    XSD + "gYear": ("year", "month", "date"),
    XSD + "gYearMonth": ("month",),
    XSD + "date": ("date",),
}
_FULL: Final = re.compile(r"(?:https?|urn):\S*", re.IGNORECASE)
_PREFIXED: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(.*)", re.DOTALL)
_BETWEEN: Final = re.compile(r"[;\n]")
_TAGGED: Final = re.compile(r"(.*\S)\s*@([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", re.DOTALL)


def read(
    column: Column, cell: Cell, rows: Mapping[str, Collection[str]]
) -> Iterator[ox.NamedNode | ox.Literal]:
    """
    Yield what *cell* says in *column*.

    Args:
        column: The property.

        cell: The cell.

        rows: The things that the table itself describes: their addresses, by slug.

    Raises:
        InputError: It is no term, or several things are called so; the message says the mend.
    """
    if cell.made == "date" and column.is_text:
        raise InputError(
            f"the spreadsheet made the date {cell.text} of what was typed; give the cell the "
            "format Text, and type it again"
        )
    try:
        for part in _parts(column, cell.text):
            terms.literal(part, "string")  # which refuses what is too long, or cannot be seen
            if column.values:
                yield _value(column, part)
            elif column.takes_things:
                yield _thing(column, part, rows)
            else:
                yield _literal(column, part)
    except ParameterError as error:
        raise InputError(str(error)) from None


def address(segment: str, text: str) -> ox.NamedNode:
    """
    Return the address of the thing that a row describes, whose first cell has *text*.

    Raises:
        InputError: It is no address.
    """
    try:
        terms.literal(text, "string")
        return _given(text) or terms.iri(f"{BASE}{segment}/{_slug(text)}")
    except ParameterError as error:
        raise InputError(str(error)) from None


def _parts(column: Column, text: str) -> Iterator[str]:
    """Yield the values in a cell: text has one a line where there may be several."""
    if column.is_text and not column.several:
        yield text
        return
    for part in text.split("\n") if column.is_text else _BETWEEN.split(text):
        if part.strip():
            yield part.strip()


def _value(column: Column, text: str) -> ox.NamedNode:
    """Return a value of the closed list that *column* takes, or what it would be."""
    wanted = terms.fold(text)
    for value in column.values:
        if wanted in {terms.fold(label(value)), value.rpartition("/")[2]}:
            return terms.iri(value)
    return _given(text) or terms.iri(f"{column.values[0].rpartition('/')[0]}/{_slug(text)}")


def _thing(column: Column, text: str, rows: Mapping[str, Collection[str]]) -> ox.NamedNode:
    """Return the thing that *text* names among those that *column* takes."""
    given = _given(text)
    if given is not None:
        return given
    if column.outside:
        raise InputError(f"'{text}' is no address; write it in full, with https: in front")
    slug = _slug(text)
    taken = [kinds()[iri] for iri in column.classes if iri in kinds()] or kinds().values()
    segments = dict.fromkeys(kind.segment for kind in taken)
    possible = [f"{BASE}{segment}/{slug}" for segment in segments]
    here = [iri for iri in possible if iri in rows.get(slug, ())]
    found = here or possible
    if len(found) > 1:
        names = " or ".join(namespaces.compact(iri) for iri in found[:3])
        raise InputError(
            f"'{text}' may be a thing of several sorts; write it with the sort in front, such as "
            f"{names}"
        )
    return terms.iri(found[0])


def _given(text: str) -> ox.NamedNode | None:
    """Return the address that *text* is, in full or with a prefix, or None if it is neither."""
    if _FULL.fullmatch(text):
        return terms.iri(text)
    found = _PREFIXED.fullmatch(text)
    if found is None:
        return None
    prefix, local = found[1], found[2].strip()
    known = namespaces.prefixes()
    if prefix not in known:
        near = get_close_matches(prefix, known, 1, 0.6)
        hint = f"did you mean {near[0]}:{local}?" if near else "leave it out, or correct it"
        raise InputError(f"there is no prefix '{prefix}:'; {hint}")
    try:
        return terms.iri(known[prefix] + local)
    except ParameterError:
        raise InputError(
            f"'{text}' is no address; write {prefix}:{_slug(local)}, with small letters, digits "
            "and hyphens"
        ) from None


def _slug(text: str) -> str:
    slug = terms.slug(text)
    if not slug:
        raise InputError(f"'{text}' has no letter or digit to make an address of; write a name")
    return slug


def _literal(column: Column, text: str) -> ox.Literal:
    """Return *text* as the literal that *column* takes, or as a text where it is no such one."""
    tagged = _TAGGED.fullmatch(text)
    if column.language:
        # A tag that is typed all the same is taken for one, if it is the right one.
        typed = tagged is not None and tagged[2] == column.language
        return terms.text(tagged[1] if tagged and typed else text, column.language)
    if column.text:
        return terms.text(tagged[1], tagged[2]) if tagged else terms.literal(text, "string")
    for datatype in column.datatypes:
        for kind in _KINDS.get(datatype, ()):
            try:
                return terms.literal(text, kind)
            except ParameterError:
                continue
    return terms.literal(text, "string")
