"""
Read RDF with errors that teach, and write the canonical Turtle of the files under ``graph/``.

Reading is pyoxigraph's, which keeps literals as they are written. Added are limits, and messages
that name the place and the remedy. What could harm the reader is refused: entities in RDF/XML, and
the triple terms of RDF 1.2, whose nesting brings the parser down (a segmentation fault, measured
with 0.5.13). JSON-LD contexts elsewhere are not fetched.

The text that :func:`write` gives depends on the set of triples and on nothing else, so that two
people who say the same have the same file, and a diff shows what was said anew. Blank nodes are
refused: what has no address cannot be cited or corrected, and to give their order a canonical form
takes time without bound. Prefixes are those in use. Properties stand in the order in which the
shapes ask for them (``sh:order``), subjects in the order in which the source speaks of them.

Source:
    Turtle 1.1: https://www.w3.org/TR/turtle/#sec-grammar
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias
from urllib.parse import quote
from xml.parsers import expat  # refuses the document types that make XML dangerous

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.errors import InputError, TurtleSyntaxError
from pkgraph.locations import tokens
from pkgraph.namespaces import PK, RDF, RDFS, XSD, compact, prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_Object: TypeAlias = ox.NamedNode | ox.Literal
#: What is said of the things of a file: by subject, by property, the objects.
_Things: TypeAlias = "Mapping[str, Mapping[str, set[_Object]]]"

#: The largest file that is read, in MiB.
MAX_MIB: Final = 64
_WIDTH: Final = 100

_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_PARSER_ERROR: Final = re.compile(r"Parser error (?:at|between) [a-z0-9 ]+: (.*)", re.DOTALL)
#: What pyoxigraph says, and what to say instead; the first that fits.
_REMEDIES: Final = (
    (
        r"Line jumps are not allowed.*",
        "the string ends on its line; close it with its quotation mark, or put three quotation "
        "marks before and after a text of several lines",
    ),
    (
        r"No scheme found in an absolute IRI",
        "this IRI is relative, and no @base is declared; write the whole of it, or a prefixed name",
    ),
    (
        r"Unexpected escape character '(.*)'",
        "'{0}' is not an escape; write '\\\\' for a backslash",
    ),
    (
        r"\{ is not a valid .*",
        "Turtle has no graphs; leave the braces out, since each file is a graph of its own",
    ),
    (
        r"(.*) is not a valid RDF object",
        "an object is expected here, not '{0}'; write an IRI, a prefixed name, a string in "
        "quotation marks, a number, true or false",
    ),
    (
        r"(.*) is not a valid predicate",
        "a property is expected here, not '{0}'; write a prefixed name, an IRI or 'a'",
    ),
    (
        r".*No LoadDocumentCallback.*",
        "the JSON-LD takes its context from elsewhere, and pkgraph fetches nothing; write the "
        "context itself in the file",
    ),
)


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
        raise InputError(f"there is no file {path}; check the name and the folder") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}; check its name and rights") from None
    if len(content) > MAX_MIB << 20:
        raise InputError(f"{path} is larger than {MAX_MIB} MiB; split it into several files")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", content[: error.start])) + 1
        raise InputError(
            f"{path}, line {line}: the byte 0x{content[error.start]:02X} (byte {error.start + 1} "
            "of the file) is not UTF-8; save the file with the encoding UTF-8"
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
    Return the statements of *text*, whatever graphs they are in: see :func:`parse_quads`.

    Raises:
        TurtleSyntaxError: The text is not RDF 1.1 in that syntax.
    """
    return tuple(quad.triple for quad in parse_quads(text, file=file, format=format))


def parse_quads(
    text: str,
    *,
    file: str | None = None,
    format: ox.RdfFormat = ox.RdfFormat.TURTLE,  # noqa: A002  # what it is called everywhere
) -> tuple[ox.Quad, ...]:
    """
    Return the statements of *text*, in its order; blank nodes get labels that no other text has.

    Args:
        text: RDF in the syntax *format*.

        file: The name of the file, for the messages.

        format: The syntax.

    Raises:
        TurtleSyntaxError: The text is not RDF 1.1 in that syntax.
    """
    text = text.removeprefix("\ufeff")
    if format == ox.RdfFormat.RDF_XML:
        _check_xml(text, file)
    elif format != ox.RdfFormat.JSON_LD and "<<" in text:
        for token in tokens(text):
            if token.text == "<<":
                breaks = [found.end() for found in _LINE_BREAK.finditer(text, 0, token.start)]
                column = token.start - (breaks[-1] if breaks else 0) + 1
                reason = "statements about statements (<<…>>) are not RDF 1.1; describe a thing"
                raise TurtleSyntaxError(reason, file=file, line=len(breaks) + 1, column=column)
    try:
        return tuple(ox.parse(text, format, rename_blank_nodes=True))
    except SyntaxError as error:
        reason = _explain(error, text, format)
        line, column = error.lineno, error.offset
        raise TurtleSyntaxError(reason, file=file, line=line, column=column) from None


def _check_xml(text: str, file: str | None) -> None:
    """Refuse what pyoxigraph lets through: a document type, triple terms, a text cut short."""
    parser = expat.ParserCreate("UTF-8", " ")

    def refuse(reason: str) -> NoReturn:
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        raise TurtleSyntaxError(reason, file=file, line=line, column=column)

    def start(_: str, attributes: dict[str, str]) -> None:
        if attributes.get(RDF + " parseType") == "Triple":
            refuse("statements about statements are not RDF 1.1; describe a thing instead")

    parser.StartDoctypeDeclHandler = lambda *_: refuse(
        "RDF/XML with a document type is not read, since its entities can be made to fill the "
        "memory; take the DOCTYPE out and write what its entities stand for"
    )
    parser.StartElementHandler = start
    try:
        parser.Parse(text.encode(), True)  # noqa: FBT003  # takes no names
    except expat.ExpatError as error:
        reason = f"this is not XML, {expat.ErrorString(error.code)}; correct it"
        raise TurtleSyntaxError(
            reason, file=file, line=error.lineno, column=error.offset + 1
        ) from None


def _explain(error: SyntaxError, text: str, format_: ox.RdfFormat) -> str:
    """Return what is wrong in the words of somebody who has to mend it."""
    found = _PARSER_ERROR.fullmatch(error.msg)
    reason = found[1] if found else error.msg
    if error.lineno is None or error.offset is None:
        rest, before = "", text
    else:
        starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]
        offset = starts[error.lineno - 1] + error.offset - 1
        rest, before = text[offset:], text[:offset]
    for pattern, remedy in _REMEDIES:
        if found := re.fullmatch(pattern, reason, re.DOTALL):
            return remedy.format(*found.groups())
    if found := re.fullmatch(r"The prefix (.*): has not been declared", reason):
        return _undeclared(found[1])
    if found := re.match(r"Invalid IRI code point '(.)'", reason, re.DOTALL):
        sign = "a line break" if found[1] in "\r\n" else f"'{found[1]}'"
        return f"{sign} cannot stand in an IRI; write {quote(found[1])}, or close the IRI with '>'"
    if reason.startswith("Unexpected end") and rest[:1] in {'"', "'", "<"}:
        mark = ">" if rest[0] == "<" else rest[:3] if rest[:3] in {'"' * 3, "'" * 3} else rest[0]
        return f"what begins here does not end; close it with {mark}"
    if found := re.fullmatch(r"'(.)' is not allowed at the beginning of a prefix name", reason):
        return _stray(found[1])
    spoken = [token for token in tokens(before)]
    if (
        not spoken
        or spoken[-1].text == "."
        or not re.search(r"^Unexpected end|^A dot is expected|not a valid subject", reason)
    ):
        return f"{reason}; correct the {format_.name} here"
    line = len(_LINE_BREAK.findall(before, 0, spoken[-1].start)) + 1
    hint = 'a quotation mark within a string is written \\"'
    return (
        f"the statement does not end after '{spoken[-1].text}' in line {line}; write ' .' ({hint})"
    )


def _undeclared(prefix: str) -> str:
    if prefix in {"http", "https", "urn"}:
        return "an IRI stands in angle brackets; write '<' before it and '>' after it"
    if namespace := prefixes().get(prefix):
        line = f"@prefix {prefix}: <{namespace}> ."
        return f"the prefix '{prefix}:' is not declared; add the line '{line}' at the top"
    near = get_close_matches(prefix, prefixes(), n=1)
    return (
        f"the prefix '{prefix}:' is not declared; "
        + (f"write '{near[0]}:' if that is meant, or " if near else "")
        + f"declare it at the top with '@prefix {prefix}: <…> .', its namespace in the brackets"
    )


def _stray(sign: str) -> str:
    """Say what to do about a character that is not Turtle where it stands."""
    name = unicodedata.name(sign, "an unnamed character").lower()
    if sign.isspace():
        return f"U+{ord(sign):04X} ({name}) is not white space in Turtle; write a plain space"
    if unicodedata.category(sign) in {"Pi", "Pf", "Ps"}:
        return f"'{sign}' ({name}) does not begin a string; write a straight quotation mark"
    return f"'{sign}' cannot stand here; in a name, write the whole IRI in <…> instead"


def write(triples: Iterable[ox.Triple]) -> str:
    """
    Return the canonical Turtle of *triples*; the docstring of the module says what that is.

    Raises:
        InputError: A statement has a blank node, or a triple, in it.
    """
    things: dict[str, dict[str, set[_Object]]] = defaultdict(lambda: defaultdict(set))
    for t in triples:
        if not isinstance(t.subject, ox.NamedNode) or not isinstance(t.object, _Object):
            raise InputError(
                f"a blank node or a triple stands in a statement with {compact(t.predicate.value)} "
                f"({t}), which no file under graph/ may hold; give the thing an IRI of its own"
            )
        things[t.subject.value][t.predicate.value].add(t.object)
    used: set[str] = set()

    def name(iri: str) -> str:
        short = compact(iri)
        if short == iri:
            return f"<{_escaped(iri)}>"
        used.add(short.partition(":")[0])
        return short

    blocks = [_block(iri, things[iri], name) for iri in _reading_order(things)]
    header = "".join(f"@prefix {p}: <{prefixes()[p]}> .\n" for p in sorted(used))
    return "\n".join([header, *blocks] if header else blocks)


def _block(iri: str, thing: Mapping[str, set[_Object]], name: Callable[[str], str]) -> str:
    """Return the statements about one thing."""
    orders = _orders()
    own = [orders[node.value] for node in thing.get(RDF + "type", ()) if node.value in orders]
    first = [RDF + "type", RDFS + "label"]

    def rank(predicate: str) -> tuple[float, str]:
        if predicate in first:
            return first.index(predicate) - 2, ""
        asked = [order[predicate] for order in own if predicate in order]
        return min(asked, default=orders[""].get(predicate, float("inf"))), compact(predicate)

    lines: list[str] = []
    for predicate in sorted(thing, key=rank):
        verb = "a" if predicate == first[0] else name(predicate)
        named = [name(node.value) for node in thing[predicate] if isinstance(node, ox.NamedNode)]
        others = [_literal(node, name) for node in thing[predicate] if isinstance(node, ox.Literal)]
        objects = sorted(named, key=_natural) + sorted(others, key=_natural)
        start = f"    {verb}" if lines else f"{name(iri)} {verb}"
        line = f"{start} {', '.join(objects)} ;"
        if len(line) > _WIDTH and len(objects) > 1:
            line = f"{start} {(',' + chr(10) + ' ' * 8).join(objects)} ;"
        lines.append(line)
    return "\n".join(lines)[:-1] + ".\n"


#: The literals that every reader of Turtle gives back as they were, written without quotation marks.
_BARE: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
    XSD + "boolean": re.compile(r"true|false"),
}


def _literal(literal: ox.Literal, name: Callable[[str], str]) -> str:
    datatype, value = literal.datatype.value, literal.value
    if datatype in _BARE and _BARE[datatype].fullmatch(value):
        return value
    quoted = f'"{_escaped(value)}"'
    if literal.language:
        return f"{quoted}@{literal.language}" + (f"--{d}" if (d := literal.direction) else "")
    return quoted if datatype == XSD + "string" else f"{quoted}^^{name(datatype)}"


def _escaped(text: str) -> str:
    r"""
    Escape what would end a string or its line, or cannot be seen.

    >>> print(_escaped('"a\\b"\n\u202e'))
    \"a\\b\"\n\u202E
    """
    return "".join(map(_escape, text)) if not _PLAIN.fullmatch(text) else text


_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f\x7f-\U0010ffff]*')
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(sign: str) -> str:
    if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"}:
        return _SHORT.get(sign) or f"\\{'u' if ord(sign) < 0x10000 else 'U000'}{ord(sign):04X}"
    return _SHORT.get(sign, sign)


def _natural(text: str) -> tuple[list[tuple[int, str]], str]:
    """
    Return the key that sorts numbers in names by what they count.

    >>> sorted(["p10", "p2", "p1-2"], key=_natural)
    ['p1-2', 'p2', 'p10']
    """
    pieces = re.split(r"([0-9]+)", text)
    numbers = [(len(digits.lstrip("0")), digits.lstrip("0")) for digits in pieces[1::2]]
    keys = [(0, piece) for piece in pieces]
    keys[1::2] = numbers
    return keys, text


@cache
def _orders() -> Mapping[str, Mapping[str, float]]:
    """Return the place that the shapes give each property, by class; under "" the least of all."""
    facts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in resources.data_files("shapes", ".ttl"):
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                facts[str(quad.subject.value), quad.predicate.value].append(quad.object.value)
    orders: dict[str, dict[str, float]] = {"": {}}
    for (shape, predicate), properties in list(facts.items()):
        for one in properties if predicate == _SH + "property" else ():
            for class_ in ["", *facts.get((shape, _SH + "targetClass"), ())]:
                for path_ in facts.get((one, _SH + "path"), ()):
                    for order in facts.get((one, _SH + "order"), ()):
                        places = orders.setdefault(class_, {})
                        places[path_] = min(places.get(path_, float("inf")), float(order))
    return orders


_SH: Final = "http://www.w3.org/ns/shacl#"


def _reading_order(things: _Things) -> list[str]:
    """
    Return the subjects in the order in which the source speaks of them.

    First the graph itself; then by line. At one line: works; passages, the widest first; each claim
    with what it consists of (see _GROUP); the rest. Last, what has no line, by name.
    """
    lines = _lines(things)
    owner: dict[str, str] = {}
    for claim in sorted((s for s in things if PK + "occursAt" in things[s]), key=_natural):
        owner[claim] = claim
        for part in _joined(things, claim):
            if lines.get(part) == lines.get(claim):
                owner.setdefault(part, claim)

    def key(iri: str) -> tuple[object, ...]:
        types = {node.value for node in things[iri].get(RDF + "type", ())}
        if PK + "SourceGraph" in types:
            return -1, 0, 0, _natural(iri), 0, _natural(iri)
        if iri not in lines:
            return float("inf"), 0, 0, _natural(iri), 0, _natural(iri)
        stage = 0 if PK + "Work" in types else 1 if types & _PASSAGES else 2 if iri in owner else 3
        rank = max((_GROUP.get(one, 1) for one in types), default=1) if owner.get(iri) != iri else 0
        last = _number(things[iri], "lastLine") or 0
        group = _natural(owner.get(iri, iri))
        return lines[iri], stage, -last if stage == 1 else 0, group, rank, _natural(iri)

    return sorted(things, key=key)


_PASSAGES: Final = frozenset({PK + "Passage", PK + "Quotation"})
_GROUP: Final = {PK + "Occurrence": 2, PK + "Attribution": 3}


def _lines(things: _Things) -> dict[str, int]:
    """
    Return the line at which the source speaks of each thing, where that can be said.

    That is its own first line; of a claim, the first of its occurrences; else the least line of
    the things that it is joined to, whichever names the other, and so on.
    """
    lines = {s: n for s in things if (n := _number(things[s], "firstLine")) is not None}
    for claim, thing in things.items():
        at = [lines[o.value] for o in thing.get(PK + "occursAt", ()) if o.value in lines]
        if at:
            lines.setdefault(claim, min(at))
    neighbours: dict[str, set[str]] = defaultdict(set)
    for one in things:
        for other in _joined(things, one):
            neighbours[one].add(other)
            neighbours[other].add(one)
    fresh = dict(lines)
    while fresh:
        found: dict[str, int] = {}
        for one, line in fresh.items():
            for other in neighbours[one] - lines.keys():
                found[other] = min(line, found.get(other, line))
        lines |= found
        fresh = found
    return lines


def _joined(things: _Things, subject: str) -> Iterable[str]:
    """Return the things of the file that *subject* points at."""
    objects = (node for nodes in things[subject].values() for node in nodes)
    return [n.value for n in objects if isinstance(n, ox.NamedNode) and n.value in things]


def _number(thing: Mapping[str, set[_Object]], local: str) -> int | None:
    found = [n.value for n in thing.get(PK + local, ()) if re.fullmatch("[0-9]{1,9}", n.value)]
    return min(map(int, found), default=None)
