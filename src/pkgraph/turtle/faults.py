"""
Say what is wrong with a text in the words of somebody who has to mend it.

pyoxigraph says what its grammar wanted. Whoever wrote the text left out a dot, or put a quotation
mark within a string: this module goes from the one to the other, by what stands before the fault
and at it. What it has no better words for is passed on.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from pkgraph.namespaces import prefixes
from pkgraph.turtle.tokens import Lines, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

#: Takes what was found in pyoxigraph's reason, the text before the fault and the text from it on.
_Remedy: TypeAlias = "Callable[[re.Match[str], str, str], str]"

_PARSER_ERROR: Final = re.compile(r"Parser error (?:at|between) [a-z0-9 ]+: (.*)", re.DOTALL)
_BAD_TERM: Final = re.compile(r"error while parsing (IRI|language tag) '(.*)': (.*)", re.DOTALL)
_OPENERS: Final = ('"' * 3, "'" * 3, '"', "'")


def explain(error: SyntaxError, text: str, syntax: ox.RdfFormat) -> str:
    """Return what is wrong with *text*, and how to mend it, for pyoxigraph's *error*."""
    found = _PARSER_ERROR.fullmatch(error.msg)
    reason = found[1] if found else error.msg
    if found := _BAD_TERM.fullmatch(reason):
        return bad_term(*found.groups())
    if error.lineno is not None and error.offset is not None and "JSON" not in syntax.name:
        offset = Lines(text).offset(error.lineno, error.offset)
        for pattern, remedy in _REMEDIES:
            if found := re.fullmatch(pattern, reason, re.DOTALL):
                return remedy(found, text[:offset], text[offset:])
    return f"{_short(reason)}; correct the {syntax.name} here"


def bad_term(kind: str, written: str, reason: str) -> str:
    """
    Say that *written* is no IRI, or no language tag, and what to do.

    >>> bad_term("IRI", "voice", "No scheme found in an absolute IRI")
    "'voice' is no whole IRI, and nothing here says what it stands for; write the whole IRI"
    """
    if reason.startswith("No scheme found"):
        return (
            f"'{_short(written)}' is no whole IRI, and nothing here says what it stands for; write "
            "the whole IRI"
        )
    return f"'{_short(written)}' is no {kind}: {_short(reason[0].lower() + reason[1:])}; correct it"


def _short(text: str) -> str:
    """Put *text* on one line that can be read at a glance."""
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"  # noqa: PLR2004  # most of a line


def _undeclared(found: re.Match[str], _before: str, _rest: str) -> str:
    prefix = found[1]
    if prefix in {"http", "https", "urn"}:
        return "an IRI stands in angle brackets; write '<' before it and '>' after it"
    if namespace := prefixes().get(prefix):
        line = f"@prefix {prefix}: <{namespace}> ."
        return f"the prefix '{prefix}:' is not declared; add the line '{line}' at the top"
    near = get_close_matches(prefix, prefixes(), n=1)
    meant = f"write '{near[0]}:' if you mean that, or " if near else ""
    return (
        f"the prefix '{_short(prefix)}:' is not declared; {meant}add a line "
        f"'@prefix {_short(prefix)}: <…> .' with its namespace at the top"
    )


def _unclosed(found: re.Match[str], before: str, rest: str) -> str:
    """Say what is open at the end of the text: a string, an IRI or the statement."""
    if rest.startswith("<"):
        return "the IRI that begins here has no end; close it with >"
    for mark in _OPENERS:
        if rest.startswith(mark):
            return f"the string that begins here has no end; close it with {mark}"
    return _no_end(found, before, rest)


def _no_end(_found: re.Match[str], before: str, rest: str) -> str:
    """Say after what a dot is missing, unless the fault is at the beginning of a statement."""
    last = None
    for last in tokens(before):  # noqa: B007  # the last is wanted
        pass
    if last is None or last.text == ".":
        word = _short(re.split(r"\s", rest, maxsplit=1)[0])
        return (
            f"no statement begins with '{word}'; begin with the IRI or the prefixed name of the "
            "thing that it is about"
        )
    if last.kind in {"integer", "decimal"} and last.start + len(last.text) == len(before):
        return f"the number {last.text} ends here; put what is more than a number in quotes"
    line = Lines(before).place(last.start).line
    hint = '; within a string, a quotation mark is written \\"' if last.kind == "string" else ""
    return (
        f"a dot is missing after {_short(last.text)} in line {line}, or a semicolon or a comma if "
        f"the statement goes on; write it there{hint}"
    )


def _in_iri(found: re.Match[str], _before: str, _rest: str) -> str:
    sign = "a line break" if found[1] in "\r\n" else f"'{found[1]}'"
    return f"{sign} cannot stand in an IRI; write {quote(found[1])}, or close the IRI with >"


def _stray(found: re.Match[str], _before: str, _rest: str) -> str:
    """Say what to do about a character that Turtle does not have there."""
    sign = found[1]
    name = unicodedata.name(sign, "without a name").lower()
    if sign.isspace() or unicodedata.category(sign) == "Cf":
        return f"U+{ord(sign):04X} ({name}) is not white space in Turtle; write a plain space"
    if unicodedata.category(sign) in {"Pi", "Pf", "Ps"}:
        return f"{sign} ({name}) does not begin a string; write a straight quotation mark"
    return f"'{sign}' cannot stand here; if it is part of a name, write the whole IRI in <…>"


def _advice(text: str) -> _Remedy:
    """Return a remedy that is always the same, but for what was found."""
    return lambda found, _before, _rest: text.format(*map(_short, found.groups()))


#: What pyoxigraph says, and what makes a better message of it; the first that fits.
_REMEDIES: Final[tuple[tuple[str, _Remedy], ...]] = (
    (r"The prefix (.*): has not been declared", _undeclared),
    (r"A dot is expected.*|.* is not a valid subject or graph name", _no_end),
    (r"Unexpected end.*", _unclosed),
    (r"Invalid IRI code point '(.)'", _in_iri),
    (r"'(.)' is not allowed at the beginning of a prefix name", _stray),
    (
        r"No scheme found in an absolute IRI",
        _advice("the IRI is relative, and there is no @base; write the whole IRI"),
    ),
    (
        r"Line jumps are not allowed.*",
        _advice('a string ends on its line; put """ before and after a text of several lines'),
    ),
    (
        r"Unexpected escape character '(.*)'",
        _advice("'{0}' is not an escape; write \\\\ for a backslash"),
    ),
    (
        r"\{ is not a valid .*",
        _advice("Turtle has no graphs; leave the braces out, for each file is a graph"),
    ),
    (
        r"(.*) is not a valid predicate",
        _advice("a property is expected here, not '{0}'; write its prefixed name or IRI"),
    ),
    (
        r"(?i:true|false) is not a valid RDF object",
        _advice("true and false are written in small letters; change them"),
    ),
    (
        r"(.*) is not a valid RDF object",
        _advice("a value is expected here, not '{0}'; write an IRI, a name or a literal"),
    ),
)
