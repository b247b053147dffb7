"""
Look over SPARQL text before an engine reads it.

The engine reads a query with one function call for each bracket, so a short text with a thousand
of them takes the whole process down, and it follows SERVICE to other machines. Text from outside
is therefore looked over first: its length, its depth, and words that reach elsewhere. Canned
queries are not; they are ours.

The figures were measured on pyoxigraph 0.5.13 with a stack of 8 MiB: it ended at about 850 nested
EXISTS, 1,000 nested IF, 2,200 braces, 4,700 parentheses, 2,000 to 5,000 OPTIONAL, BIND or MINUS in
a row and 7,000 plus signs. The limits leave a good part of that unused, for smaller stacks.

Source:
    SPARQL 1.1 Query Language, section 19.8: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from typing import Final

from pkgraph.errors import QuerySyntaxError

#: The longest query that is read, in characters.
MAX_CHARACTERS: Final = 20_000
#: How deep brackets of any kind may be nested.
MAX_DEPTH: Final = 100
#: How many of one chaining operator a query may have.
MAX_CHAIN: Final = 1000

IRI: Final = r"<[^<>\"{}|^`\\\x00-\x20]*>"
STRING: Final = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
)

#: What the look steps over or counts: comments, IRIs, strings, names, brackets, operators.
_TOKEN: Final = re.compile(
    rf"#[^\n\r]*|{IRI}|{STRING}|\\.|(?P<name>[?$]?[\w:][\w:.%-]*)|(?P<open>[({{\[])|(?P<close>[)}}\]])"
    r"|(?P<operator>[-+*/!|^&])",
    re.DOTALL,
)
_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE"})
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ENGINE_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def check_limits(text: str) -> None:
    """
    Refuse a query that is too much for the engine, or that reaches for another machine.

    Raises:
        QuerySyntaxError: It is too long or too deep, has a long chain of operators or SERVICE, or
            is an update.

    >>> check_limits("SELECT * WHERE { SERVICE <https://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    pkgraph.errors.QuerySyntaxError: line 1, column 18: SERVICE asks another machine, which is \
not done here; send that part of the query there yourself
    """
    if len(text) > MAX_CHARACTERS:
        raise QuerySyntaxError(
            f"the query has {len(text)} characters, and at most {MAX_CHARACTERS} are read; "
            "ask for less at once"
        )
    # Escapes may be read as what they stand for before all else, or only inside strings.
    for reading in {text, _CODE_POINT.sub(_character, text)}:
        _check_reading(reading)


def _check_reading(text: str) -> None:
    """Refuse *text* for its depth, its chains or SERVICE."""
    depth, chains = 0, dict.fromkeys("-+*/!|^&", 0)
    for token in _TOKEN.finditer(text):
        reason = None
        if token["open"]:
            depth += 1
            if depth > MAX_DEPTH:
                reason = f"brackets are nested more than {MAX_DEPTH} deep here; nest fewer"
        elif token["close"]:
            depth -= 1
        elif operator := token["operator"]:
            chains[operator] += 1
            if chains[operator] > MAX_CHAIN:
                reason = f"this is '{operator}' number {MAX_CHAIN + 1}; use fewer"
        elif not depth and (token["name"] or "").upper() in _UPDATES:
            reason = "this is an update, and the graph is only read; ask a query"
        elif (token["name"] or "").upper() == "SERVICE":
            reason = (
                "SERVICE asks another machine, which is not done here; "
                "send that part of the query there yourself"
            )
        if reason:
            start = token.start()
            line = text.count("\n", 0, start) + 1
            raise QuerySyntaxError(reason, line, start - text.rfind("\n", 0, start))


def syntax_error(error: SyntaxError) -> QuerySyntaxError:
    """
    Return what the engine's *error* says of a query, with its place.

    >>> str(syntax_error(SyntaxError("error at 3:2: expected one of ABS, AVG")))
    'line 3, column 2: the query cannot be read on from here; expected one of ABS, AVG'
    """
    found = _ENGINE_PLACE.search(str(error))
    if not found:
        return QuerySyntaxError(f"the query cannot be read: {error}")
    return QuerySyntaxError(
        f"the query cannot be read on from here; {found[3].strip()}", int(found[1]), int(found[2])
    )


def _character(escape: re.Match[str]) -> str:
    """Return the character that a code point escape stands for; one of no character stays."""
    number = int(escape[1] or escape[2], 16)
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 - Unicode
    return chr(number) if is_character else escape[0]
