"""
Read a query file: its header, and where in its text the rows of its parameters are.

The rows are found by stepping over the text in the terms of SPARQL's grammar: what looks like one
inside a string, an IRI or a comment is none.

Source:
    SPARQL 1.1 Query Language, section 19.8: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NoReturn, cast, get_args

from pkgraph import namespaces
from pkgraph.catalogue.query import Kind, Parameter, Query, default
from pkgraph.errors import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from pathlib import Path

_HEADER: Final = frozenset({"summary", "description", "parameters", "columns", "tags", "version"})
_PARAMETER: Final = frozenset(
    {"kind", "class", "required", "default", "example", "options", "begin", "description"}
)
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_VARIABLE: Final = re.compile(r"[a-z][a-z0-9_]*")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")

_IRI: Final = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_STRING: Final = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
)
#: What the search for rows steps over, so that none is found in a string, an IRI or a comment; or
#: the head of a ``VALUES`` block of one variable.
_STEP: Final = re.compile(
    rf"#[^\n\r]*|{_IRI}|{_STRING}|\\.|(?<![\w:?$-])VALUES\s*[?$](?P<name>\w+)\s*\{{",
    re.DOTALL | re.IGNORECASE,
)
#: The comment that says where else an engine may begin.
_MARK: Final = re.compile(r"# begin: (?P<name>\w+)")
#: The inside of a one-row block, up to its closing brace.
_ROW: Final = re.compile(
    rf"(?P<row>\s*(?P<term>{_IRI}|(?:{_STRING})(?:@[\w-]+|\^\^(?:{_IRI}|[\w:.-]+))?"
    r"|[^\s{}\"'<>#]+)\s*)\}",
    re.DOTALL,
)


def read(path: Path) -> Query:
    """
    Read the query in the file *path*.

    Raises:
        InputError: It cannot be read, or its header or one of its rows is not as it should be.
    """
    if not _NAME.fullmatch(path.stem):
        _fail(path, "the name of a query is lower-case words joined by hyphens")
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _fail(path, f"cannot be read as UTF-8 text: {error}")
    header = _header(path, text)
    rows = dict(_rows(path, text))
    parameters = []
    for name, entry in _mapping(path, header.get("parameters", {}), "parameters").items():
        parameter = _parameter(path, name, entry, rows)
        parameters.append(parameter)
    return Query(
        name=path.stem,
        topic=path.parent.name,
        path=path,
        summary=_text(path, header, "summary"),
        description=_text(path, header, "description"),
        parameters=tuple(parameters),
        columns=MappingProxyType(_columns(path, header)),
        tags=_words(path, header.get("tags", []), "tags"),
        version=_text(path, header, "version", _VERSION),
        text=text,
        rows=MappingProxyType({p.name: rows[p.name][0] for p in parameters}),
        marks=tuple(_marks(path, text, {p.name for p in parameters if p.begin})),
    )


def _fail(path: Path, reason: str) -> NoReturn:
    raise InputError(f"{path}: {reason}")


def _header(path: Path, text: str) -> dict[str, object]:
    """Return the header of a file, checked for being a mapping of the known keys."""
    import yaml

    lines = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        lines.append(line[2:].removeprefix(" "))
    if not lines:
        _fail(path, "has no header; begin each line of it with '#+'")
    try:
        loaded = yaml.load("\n".join(lines), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        _fail(path, f"{line}the header is not YAML: {error.problem}")
    except yaml.YAMLError as error:  # a character that YAML does not allow
        _fail(path, f"the header is not YAML: {' '.join(str(error).split())}")
    header = _mapping(path, loaded, "the header")
    _known(path, header, _HEADER, "the header")
    return header


def _mapping(path: Path, value: object, place: str) -> dict[str, object]:
    """Return *value* if it is a mapping from texts."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        _fail(path, f"{place}: must be a mapping from names")
    return cast("dict[str, object]", value)


def _known(path: Path, mapping: Mapping[str, object], keys: Iterable[str], place: str) -> None:
    for key in mapping:
        if key not in keys:
            _fail(path, f"{place}: unknown key '{key}'; the keys are {', '.join(sorted(keys))}")


def _text(
    path: Path, header: Mapping[str, object], key: str, pattern: re.Pattern[str] | None = None
) -> str:
    """Return the text under *key*, on one line."""
    value = header.get(key)
    if not isinstance(value, str) or not value.strip():
        _fail(path, f"the header: '{key}' must be a text (in quotes, if YAML takes it for more)")
    text = " ".join(value.split())
    if pattern and not pattern.fullmatch(text):
        _fail(path, f"the header: '{key}' must look like 1.0.0, not '{text}'")
    return text


def _words(path: Path, value: object, place: str) -> tuple[str, ...]:
    """Return the texts of a list, or of the one text that stands for a list of one."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        _fail(path, f"{place}: must be a list of texts (quote yes, no and numbers)")
    return tuple(words)


def _columns(path: Path, header: Mapping[str, object]) -> dict[str, str]:
    columns = _mapping(path, header.get("columns"), "columns")
    for name, text in columns.items():
        if not _VARIABLE.fullmatch(name) or not isinstance(text, str):
            _fail(path, f"columns: '{name}' must be a lower_snake name with a text")
    return {name: " ".join(str(text).split()) for name, text in columns.items()}


def _rows(path: Path, text: str) -> Iterator[tuple[str, tuple[tuple[int, int], str]]]:
    """Yield the variable of each one-row block, the span of the row and the term in it."""
    seen: set[str] = set()
    for step in _STEP.finditer(text):
        name, row = step["name"], _ROW.match(text, step.end())
        if name is None or row is None:
            continue
        if name in seen:
            _fail(path, f"the parameter '{name}' has two rows; give it one VALUES block")
        seen.add(name)
        yield name, (row.span("row"), row["term"])


def _marks(path: Path, text: str, names: Container[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the span of each mark, and the parameter that it names: one of *names*."""
    for step in _STEP.finditer(text):
        mark = _MARK.fullmatch(step[0])
        if mark is None:
            continue
        if mark["name"] not in names:
            _fail(path, f"'{mark[0]}': no parameter of this name has 'begin' in the header")
        yield *step.span(), mark["name"]


def _parameter(
    path: Path, name: str, entry: object, rows: Mapping[str, tuple[tuple[int, int], str]]
) -> Parameter:
    """Return the parameter that *entry* of a header declares."""
    place = f"parameter '{name}'"
    facts = _mapping(path, entry, place)
    _known(path, facts, _PARAMETER, place)
    if not _VARIABLE.fullmatch(name):
        _fail(path, f"{place}: must be a lower_snake name")
    if name not in rows:
        _fail(path, f"{place}: needs one block `VALUES ?{name} {{ term }}` of one row")
    kind = facts.get("kind")
    if kind not in get_args(Kind):
        _fail(path, f"{place}: 'kind' must be one of {', '.join(get_args(Kind))}, not '{kind}'")
    required = facts.get("required", False)
    if not isinstance(required, bool):
        _fail(path, f"{place}: 'required' must be true or false")
    if required and "default" in facts:
        _fail(path, f"{place}: what is required has no default")
    term = rows[name][1]
    if required and term == "UNDEF":
        _fail(path, f"{place}: is required, so its row holds an example, not UNDEF")
    options, scheme = _options(path, place, kind, facts)
    parameter = Parameter(
        name=name,
        kind=cast("Kind", kind),
        classes=_classes(path, place, kind, facts),
        required=required,
        default=_scalar(path, place, facts, "default"),
        example=_scalar(path, place, facts, "example") or _shown(term),
        options=options,
        scheme=scheme,
        description=_scalar(path, place, facts, "description") or "",
        begin=_begin(path, place, name, facts),
    )
    try:
        default(parameter)
    except ParameterError as error:
        _fail(path, f"{place}: the default is not of its kind: {error}")
    return parameter


def _begin(path: Path, place: str, name: str, facts: Mapping[str, object]) -> str | None:
    """Return the pattern that stands after the row where the parameter is given."""
    begin = _scalar(path, place, facts, "begin")
    if begin is None:
        return None
    if facts.get("required"):
        _fail(path, f"{place}: what is required is always given; write 'begin' into the query")
    if f"?{name}" not in begin.split():
        _fail(path, f"{place}: 'begin' must be a pattern with ?{name}")
    return begin.removesuffix(".").strip()


def _classes(path: Path, place: str, kind: object, facts: Mapping[str, object]) -> tuple[str, ...]:
    classes = _words(path, facts.get("class", []), f"{place}: 'class'")
    if classes and kind != "iri":
        _fail(path, f"{place}: only the kind iri has a class")
    for name in classes:
        if namespaces.expand(name) is None:
            _fail(path, f"{place}: the class '{name}' has no known prefix")
    return classes


def _options(
    path: Path, place: str, kind: object, facts: Mapping[str, object]
) -> tuple[tuple[str, ...], str | None]:
    """Return the options of a choice, or the IRI of the scheme that has them."""
    given = facts.get("options")
    if (given is not None) != (kind == "choice"):
        _fail(path, f"{place}: 'options' goes with the kind choice, and only with it")
    if not isinstance(given, str):
        return _words(path, given or [], f"{place}: 'options'"), None
    scheme = namespaces.SCHEME + given.removeprefix(namespaces.SCHEME)
    if scheme + "/" not in namespaces.prefixes().values():
        _fail(path, f"{place}: there is no scheme '{given}'")
    return (), scheme


def _scalar(path: Path, place: str, facts: Mapping[str, object], key: str) -> str | None:
    """Return a text, number or date of the header as a person would type it."""
    value = facts.get(key)
    if isinstance(value, dict | list | bool):
        _fail(path, f"{place}: '{key}' must be a text, a number or a date")
    return None if value is None else " ".join(str(value).split())


def _shown(term: str) -> str | None:
    """
    Return the term of a row as a person would type it.

    >>> _shown("claim:a-1"), _shown('"Kofi Annan"@en'), _shown("UNDEF")
    ('claim:a-1', 'Kofi Annan', None)
    """
    if term == "UNDEF":
        return None
    if term[0] in "\"'":
        mark = term[0]
        return term.strip(mark).partition(mark)[0] if term[:3] != mark * 3 else term.strip(mark)
    return term.strip("<>")
