"""
Read files and texts in any RDF syntax, and refuse what would harm or mislead.

pyoxigraph does the parsing; measured with 0.5.13, it does these things that this module stands
before: nested triple terms of RDF 1.2 end the process (a segmentation fault), and a name with an
escape and the dot right after it loses its end. Brackets in Turtle it takes at any depth, a hundred
thousand in 0.2 s. See :mod:`pkgraph.turtle.jsonld` and :mod:`pkgraph.turtle.rdfxml` for the rest.

Source:
    RDF 1.1 Concepts, which every syntax read here has: https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from pkgraph.errors import InputError, TurtleSyntaxError
from pkgraph.turtle import jsonld, rdfxml
from pkgraph.turtle.faults import bad_term, explain
from pkgraph.turtle.tokens import Lines, Place, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LOCAL_ESCAPE: Final = re.compile(r"\\[_~.\-!$&'()*+,;=/?#@%]")
#: The largest file that is read, in MiB.
MAX_MIB: Final = 64
_GLUED: Final = "a dot right after a name with a backslash is misread; write a space before it"
_BUFFER: Final = "the buffer maximal size"
_ENDLESS: Final = (
    "a single word or string is longer than 16 MiB, or has no end; close or shorten it"
)
_HALF: Final = "half a character (a lone surrogate) stands here; delete it"


class Limits(NamedTuple):
    """
    The most that is read of a text, beyond the size of its file.

    ``characters`` are those of all statements together, ``longest`` those of one, all names written
    in full: prefixes and bases make a short text long.
    """

    statements: int
    characters: int
    longest: int


def read(path: Path, most_mib: int = MAX_MIB) -> str:
    """
    Return the text of the file at *path*, without a byte order mark.

    Args:
        path: The file.

        most_mib: The most that it may have, in MiB.

    Raises:
        InputError: The file is missing, a folder, empty, not in UTF-8, or too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read((most_mib << 20) + 1)
    except FileNotFoundError:
        raise InputError(f"there is no file {path}; check its name and folder") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read, {reason}; check its name and rights") from None
    if len(content) > most_mib << 20:
        raise InputError(f"{path} is larger than {most_mib} MiB; split it into several files")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        raise InputError(
            f"{path}, line {Lines(before).place(len(before)).line}: byte {error.start + 1} of the "
            f"file, 0x{content[error.start]:02X}, is not UTF-8; save the file as UTF-8"
        ) from None
    if not text.strip():
        raise InputError(f"{path} is empty; write at least one statement in it")
    return text


def parse(
    text: str,
    *,
    file: str | None = None,
    format: ox.RdfFormat = ox.RdfFormat.TURTLE,  # noqa: A002  # what it is called everywhere
) -> tuple[ox.Triple, ...]:
    """
    Return the statements of *text*, in its order; those of all its graphs, if it has graphs.

    Args:
        text: RDF in the syntax *format*.

        file: The name of the file, for the messages.

        format: The syntax.

    Returns:
        The statements. Blank nodes have labels that no other text gives.

    Raises:
        TurtleSyntaxError: The text is not RDF 1.1 in that syntax.
    """
    return tuple(quad.triple for quad in parse_quads(text, file=file, format=format))


def parse_quads(
    text: str,
    *,
    file: str | None = None,
    format: ox.RdfFormat = ox.RdfFormat.TURTLE,  # noqa: A002  # as above
    limits: Limits | None = None,
) -> tuple[ox.Quad, ...]:
    """
    Return the statements of *text* with their graphs; in all else it is :func:`parse`.

    Of a text that breaks *limits* no more is read than these allow.
    """
    text = text.removeprefix("\ufeff")
    if format == ox.RdfFormat.RDF_XML:
        rdfxml.check(text, file)
    elif format == ox.RdfFormat.JSON_LD:
        jsonld.check(text, file)
    else:
        _check_tokens(text, file)
    # pyoxigraph leaves out of JSON-LD what is no IRI or language tag, unless it is told to be
    # lenient; then all is there, and is checked here.
    lenient = format == ox.RdfFormat.JSON_LD
    try:
        quads: Iterable[ox.Quad] = ox.parse(
            text.encode(), format, lenient=lenient, rename_blank_nodes=True
        )
        if limits is not None:
            quads = _within(limits, quads, file)
        found = tuple(_strict(quads, text, file) if lenient else quads)
    except UnicodeEncodeError as error:
        raise _fault(_HALF, text, error.start, file) from None
    except MemoryError as error:  # so it is raised, however much memory there is
        if _BUFFER not in str(error):
            raise
        raise TurtleSyntaxError(_ENDLESS, file=file) from None
    except SyntaxError as error:
        reason = explain(error, text, format)
        line, column = error.lineno, error.offset
        if line is None and (place := _quoted(error.msg, text)):
            line, column = place.line, place.column
        raise TurtleSyntaxError(reason, file=file, line=line, column=column) from None
    if any(isinstance(quad.object, ox.Triple) for quad in found):
        raise _annotated(text, file)
    return found


def _annotated(text: str, file: str | None) -> TurtleSyntaxError:
    """Return the error that a statement is said something of, by ``{|`` or ``~`` after it."""
    for before, token in pairwise(tokens(text)):
        if token.text == "~" or (before.text == "{" and token.text == "|"):
            return _fault(rdfxml.NESTED, text, token.start, file)
    return TurtleSyntaxError(rdfxml.NESTED, file=file)  # in RDF/XML, rdf:annotation


def _within(limits: Limits, quads: Iterable[ox.Quad], file: str | None) -> Iterator[ox.Quad]:
    """
    Yield *quads* as long as they are within *limits*.

    Raises:
        TurtleSyntaxError: There are more, or they are longer.
    """
    characters = 0
    for number, quad in enumerate(quads, 1):
        if number > limits.statements:
            raise TurtleSyntaxError(
                f"there are more than {limits.statements} statements; split them into several "
                "files, and hand these in one after the other",
                file=file,
            )
        length = len(str(quad))
        if length > limits.longest:
            raise TurtleSyntaxError(
                f"the statement that begins {str(quad)[:60]}… has {length} characters when all "
                f"names are written in full; write at most {limits.longest}",
                file=file,
            )
        characters += length
        if characters > limits.characters:
            raise TurtleSyntaxError(
                f"the statements have more than {limits.characters} characters when all names are "
                "written in full; shorten the longest, or split them into several files",
                file=file,
            )
        yield quad


def _strict(quads: Iterable[ox.Quad], text: str, file: str | None) -> Iterator[ox.Quad]:
    """
    Yield *quads*, of which every term has to be one.

    Raises:
        TurtleSyntaxError: One is not.
    """
    known: set[object] = set()
    for quad in quads:
        for term in quad:
            if term not in known:
                known.add(term)
                _check_term(term, text, file)
        yield quad


def _check_term(term: object, text: str, file: str | None) -> None:
    """Refuse what is no IRI or no language tag, where the text first has it."""
    kind, written = "IRI", ""
    try:
        if isinstance(term, ox.NamedNode):
            written = term.value
            ox.NamedNode(written)
        elif isinstance(term, ox.Literal) and term.language:
            kind, written = "language tag", term.language
            ox.Literal("", language=written)
        elif isinstance(term, ox.Literal):
            written = term.datatype.value
            ox.NamedNode(written)
    except ValueError as error:
        place = _quoted(f"'{written}'", text)
        line, column = (place.line, place.column) if place else (None, None)
        reason = bad_term(kind, written, str(error))
        raise TurtleSyntaxError(reason, file=file, line=line, column=column) from None


def _quoted(message: str, text: str) -> Place | None:
    """
    Return where what *message* has in quotes stands in quotes in the text, whole or its last part.

    The first part of an IRI may be in a prefix or a base.
    """
    found = re.search(r"'(.+?)'", message, re.DOTALL)
    if found is None:
        return None
    whole = found[1]
    local = re.split("[/#:]", whole)[-1]
    for written in (f'"{whole}"', f"'{whole}'", *((f'{local}"', f"{local}'") if local else ())):
        offset = text.find(written)
        if offset >= 0:
            return Lines(text).place(offset)
    return None


def _fault(reason: str, text: str, offset: int, file: str | None) -> TurtleSyntaxError:
    at = Lines(text).place(offset)
    return TurtleSyntaxError(reason, file=file, line=at.line, column=at.column)


def _check_tokens(text: str, file: str | None) -> None:
    """Refuse triple terms, which alone have ``<<``, and names that would lose their end."""
    if "<<" not in text and not _LOCAL_ESCAPE.search(text):
        return
    escaped_until = -1
    for token in tokens(text):
        if token.text == "<<":
            raise _fault(rdfxml.NESTED, text, token.start, file)
        if token.text == "." and token.start == escaped_until:
            raise _fault(_GLUED, text, token.start, file)
        if token.kind == "name" and "\\" in token.text:
            escaped_until = token.start + len(token.text)
