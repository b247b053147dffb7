"""
Read files and texts in any RDF syntax, and refuse what would harm or mislead.

pyoxigraph does the parsing; measured with 0.5.13, it does these things that this module stands
before: nested triple terms of RDF 1.2 end the process (a segmentation fault); a name with an escape
and the dot right after it loses its end; entities in RDF/XML are expanded; and RDF/XML that is cut
short is taken for whole. JSON-LD contexts elsewhere it does not fetch.

Source:
    RDF 1.1 Concepts, which every syntax read here has: https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

import pyoxigraph as ox

from pkgraph.errors import InputError, TurtleSyntaxError
from pkgraph.namespaces import RDF
from pkgraph.turtle.faults import explain
from pkgraph.turtle.tokens import Lines, tokens

if TYPE_CHECKING:
    from pathlib import Path

_LOCAL_ESCAPE: Final = re.compile(r"\\[_~.\-!$&'()*+,;=/?#@%]")
#: The largest file that is read, in MiB.
MAX_MIB: Final = 64
_NESTED: Final = "RDF 1.1 has no statements about statements; describe a thing of its own instead"
_GLUED: Final = "a dot right after a name with a backslash is misread; write a space before it"
_HALF: Final = "half a character (a lone surrogate) stands here; delete it"


def read(path: Path) -> str:
    """
    Return the text of the file at *path*, without a byte order mark.

    Raises:
        InputError: The file is missing, a folder, empty, not in UTF-8, or too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read((MAX_MIB << 20) + 1)
    except FileNotFoundError:
        raise InputError(f"there is no file {path}; check its name and folder") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read, {reason}; check its name and rights") from None
    if len(content) > MAX_MIB << 20:
        raise InputError(f"{path} is larger than {MAX_MIB} MiB; split it into several files")
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
) -> tuple[ox.Quad, ...]:
    """Return the statements of *text* with their graphs; in all else it is :func:`parse`."""
    text = text.removeprefix("\ufeff")
    if format == ox.RdfFormat.RDF_XML:
        _check_xml(text, file)
    elif "JSON" not in format.name:
        _check_tokens(text, file)
    try:
        return tuple(ox.parse(text.encode(), format, rename_blank_nodes=True))
    except UnicodeEncodeError as error:
        raise _fault(_HALF, text, error.start, file) from None
    except SyntaxError as error:
        reason = explain(error, text, format)
        line, column = error.lineno, error.offset
        raise TurtleSyntaxError(reason, file=file, line=line, column=column) from None


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
            raise _fault(_NESTED, text, token.start, file)
        if token.text == "." and token.start == escaped_until:
            raise _fault(_GLUED, text, token.start, file)
        if token.kind == "name" and "\\" in token.text:
            escaped_until = token.start + len(token.text)


def _check_xml(text: str, file: str | None) -> None:
    """Refuse a document type, triple terms, and what is not a whole XML document."""
    parser = expat.ParserCreate("UTF-8", " ")

    def refuse(reason: str) -> NoReturn:
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        raise TurtleSyntaxError(reason, file=file, line=line, column=column)

    def document_type(*_: object) -> None:
        refuse(
            "RDF/XML with a document type is not read, since a few entities can fill the memory; "
            "leave DOCTYPE out and write what the entities stand for"
        )

    def element(_: str, attributes: dict[str, str]) -> None:
        if attributes.get(f"{RDF} parseType") == "Triple":
            refuse(_NESTED)

    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = element
    try:
        parser.Parse(text.encode(errors="replace"), True)  # noqa: FBT003  # the parameter has no name
    except expat.ExpatError as error:
        refuse(f"this is not whole XML, {expat.ErrorString(error.code)}; correct it here")
