"""
Look over SPARQL text before an engine reads it.

The engine reads a query with one function call for each bracket, so a short text with a thousand
of them takes the whole process down, and it follows SERVICE to other machines. Text from outside
is therefore looked over first: its length, its depth, its parts, and the word that reaches
elsewhere. Canned queries are not; they are ours.

The figures were measured on pyoxigraph 0.5.13 with a stack of 8 MiB: it ended at about 850 nested
EXISTS, 1,000 nested IF, 2,200 braces, 4,700 parentheses, 2,500 to 5,000 OPTIONAL, BIND or MINUS in
a row, 5,000 items of a list and 7,000 plus signs. What the limits let through fits into half of
that stack. They bound the stack, not the time: a few hundred triples already keep the engine busy
for minutes, and whoever serves strangers has to stop it from outside.

The engine has no step that splits a text into words: it takes ``?o.SERVICE`` and ``5SERVICE`` for
two, and ``<`` for the start of an IRI or for a comparison, whichever goes on. Whatever could be
read in two ways, and hide something in one of them, is refused.

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
#: How many names, values, brackets and operators a query may have together.
MAX_PARTS: Final = 2000

#: What a query may be.
FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = frozenset(
    ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE")
)

STRING: Final = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
)

_LOCAL: Final = r"(?:[\w:%]|\\.)(?:[\w:.%-]|\\.)*"
#: What the look steps over or counts. A name has what stands before its colon, if it has one; what
#: stands after it can be nothing else.
TOKEN: Final = re.compile(
    r"(?P<comment>#[^\n\r]*)|(?P<triple><<)"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\[uU])*>)"
    rf"|(?P<string>{STRING})|(?P<quote>[\"'])|\\."
    rf"|[?$]\w+|(?P<name>\w[\w.-]*)(?::(?:{_LOCAL})?)?|:(?:{_LOCAL})?"
    r"|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<operator>[-+*/!|^&])",
    re.DOTALL,
)
_OPERATORS: Final = "-+*/!|^&"
_CHAINED: Final = re.compile(f"[{re.escape(_OPERATORS)}]")
#: The start of what is an IRI and cannot be a comparison: no expression has two slashes.
_IN_FULL: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
#: What makes a difference where it may be part of an IRI or not.
_TELLING: Final = re.compile(r"[#'()\[\]]")
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ESCAPE: Final = re.compile(rf"\\[tbnrf\"'\\]|{_CODE_POINT.pattern}")
#: What functions are called that give something else each time.
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|(?:STR)?UUID)\b", re.IGNORECASE)
_ENGINE_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

_TOO_DEEP: Final = f"brackets are nested more than {MAX_DEPTH} deep here; nest fewer"
_TOO_MANY: Final = f"the query has more than {MAX_PARTS} names, values and signs; ask for less"
_SERVICE: Final = (
    "SERVICE asks another machine, which is not done here; send that part of the query there "
    "yourself"
)
_SERVICE_WITHIN: Final = (
    "'{}' can be taken for SERVICE, which asks another machine and is not done here; "
    "set the parts of the query apart with spaces, and call no prefix so"
)
_TWO_READINGS: Final = (
    "this can be read as an IRI or as a comparison; write a space after '<', or the IRI in full"
)
_UPDATE: Final = "this is an update, and the graph is only read; ask a query"
_NESTED: Final = "SPARQL 1.1 has no '<<'; describe a thing of its own instead"
_UNCLOSED: Final = "the string that begins here does not end; close it with the same quote"
_BAD_ESCAPE: Final = (
    "this string has a backslash before something that is not escaped so; write two backslashes"
)


def check_limits(text: str) -> None:
    """
    Refuse a query that is too much for the engine, or that reaches for another machine.

    Raises:
        QuerySyntaxError: It is too long, too deep, has too many parts or too long a chain of
            operators, has SERVICE, is an update, or can be read in two ways.

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
    # Escapes may be read as what they stand for before all else, or only inside strings and IRIs.
    for reading in dict.fromkeys((text, _CODE_POINT.sub(_character, text))):
        _check_reading(reading)


def _check_reading(text: str) -> None:
    """Refuse *text* for its depth, its parts, its chains, SERVICE, or being unclear."""
    inside: list[str] = []
    chains = dict.fromkeys(_OPERATORS, 0)
    parts = 0
    for token in TOKEN.finditer(text):
        if token.lastgroup == "comment":
            continue
        reason = _fault(token, inside[-1] if inside else "")
        if token["open"]:
            inside.append(token["open"])
            if len(inside) > MAX_DEPTH:
                reason = _TOO_DEEP
        elif token["close"] and inside:
            inside.pop()
        # A name may be several that stand together, such as 1-1, .1.1 or truetrue.
        name = token["name"] or ""
        run = name or token["iri"] or token["operator"] or ""
        parts += 1 + max(name.count("."), len(name) // len("true"))
        if parts > MAX_PARTS:
            reason = _TOO_MANY
        for operator in _OPERATORS if _CHAINED.search(run) else ():
            chains[operator] += run.count(operator)
            if chains[operator] > MAX_CHAIN:
                reason = f"this is '{operator}' number {MAX_CHAIN + 1}; use fewer"
        if reason:
            start = token.start()
            line = text.count("\n", 0, start) + 1
            raise QuerySyntaxError(reason, line, start - text.rfind("\n", 0, start))


def _fault(token: re.Match[str], bracket: str) -> str | None:
    """
    Return what is wrong with *token* right inside *bracket*, if anything.

    An update begins outside any bracket, and a comparison stands only in parentheses.
    """
    if token["triple"] or token["quote"]:
        return _NESTED if token["triple"] else _UNCLOSED
    if token["string"]:
        return _BAD_ESCAPE if "\\" in _ESCAPE.sub(_unescaped, token["string"]) else None
    if iri := token["iri"]:
        unclear = bracket == "(" and not _IN_FULL.match(iri) and _TELLING.search(iri)
        return _TWO_READINGS if unclear else None
    name = (token["name"] or "").upper()
    if not bracket and token[0].upper() in _UPDATES:
        return _UPDATE
    if name == "SERVICE" and name == token[0].upper():
        return _SERVICE
    return _SERVICE_WITHIN.format(token["name"]) if "SERVICE" in name else None


def form(text: str) -> str:
    r"""
    Return the form of the query *text*: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        QuerySyntaxError: It has none of these words where a query has them.

    >>> form("# select nothing\nPREFIX ask: <https://example.org/ask> Describe ask:select")
    'DESCRIBE'
    """
    for token in TOKEN.finditer(text):
        word = token[0].upper()
        if token["name"] and word in FORMS:
            return word
    raise QuerySyntaxError(
        f"this is not a query: it has none of the words {', '.join(FORMS)}; begin with one of them"
    )


def is_volatile(text: str) -> bool:
    """
    Tell whether the answer to the query *text* may change although the graph does not.

    >>> is_volatile("SELECT (NOW() AS ?now) {}"), is_volatile("ASK { ?s ?p ?o }")
    (True, False)
    """
    return _VOLATILE.search(text) is not None


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


def _unescaped(escape: re.Match[str]) -> str:
    """Return nothing for an *escape* that stands for a character, else the escape itself."""
    is_code_point = escape[1] or escape[2]
    return escape[0] if is_code_point and _character(escape) == escape[0] else ""
