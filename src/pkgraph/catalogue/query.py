"""
What a canned query is, and how values are bound to its parameters.

Binding swaps the row of each parameter in the text for another RDF term; nothing else in the text
changes, but for the embedded engine, which is told where to begin. The engines' own ways of setting
a variable are not used: they differ from one another and fail on aggregates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import pyoxigraph as ox

from pkgraph import namespaces, terms
from pkgraph.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Kind: TypeAlias = Literal["iri", "string", "integer", "year", "date", "choice"]
Term: TypeAlias = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    A parameter of a query, as its header declares it.

    ``classes`` are CURIEs of classes, for the kind iri. The kind choice has either ``options``,
    each a CURIE or a plain word, or a ``scheme``, the IRI of the list whose values they are.
    ``example`` and ``default`` are as a person would type them; None where there is none.
    ``begin`` is a pattern that leads from what is given to what is looked for: a filter that lets
    all pass where nothing is given says the same, but no engine can begin with such a filter.
    """

    name: str
    kind: Kind
    classes: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    example: str | None = None
    options: tuple[str, ...] = ()
    scheme: str | None = None
    description: str = ""
    begin: str | None = None

    @property
    def class_iris(self) -> tuple[str, ...]:
        """The IRIs of ``classes``."""
        return tuple(namespaces.expand(name) or name for name in self.classes)


@dataclass(frozen=True, slots=True)
class Query:
    """
    A canned query: what its header says, its text and where in the text its rows are.

    ``columns`` maps the name of each column to what it holds, in the order of the projection;
    ``rows`` maps the name of each parameter to the start and the end of its row in ``text``;
    ``marks`` has the start and the end of each comment ``# begin: name``, with the name.
    """

    name: str
    topic: str
    path: Path
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    tags: tuple[str, ...]
    version: str
    text: str
    rows: Mapping[str, tuple[int, int]]
    marks: tuple[tuple[int, int, str], ...] = ()

    def parameter(self, name: str) -> Parameter:
        """
        Return the parameter *name*.

        Raises:
            ParameterError: The query has no parameter of this name.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = ", ".join(parameter.name for parameter in self.parameters) or "none"
        raise ParameterError(f"{self.name} has no parameter '{name}'; its parameters are: {names}")

    def require(self, names: Iterable[str]) -> None:
        """
        Check that *names* are parameters of the query, and that no required one is missing.

        Raises:
            ParameterError: One is not, or one is.
        """
        given = {self.parameter(name).name for name in names}
        for parameter in self.parameters:
            if parameter.required and parameter.name not in given:
                raise ParameterError(
                    f"{self.name} needs a value for '{parameter.name}' ({wanted(parameter)}); "
                    f"for example {parameter.name}={parameter.example}"
                )


def wanted(parameter: Parameter) -> str:
    """
    Say in a few words what a value of *parameter* is.

    >>> wanted(Parameter("target", "iri", ("pk:Claim", "pk:Approach")))
    'a pk:Claim or pk:Approach'
    >>> wanted(Parameter("side", "choice", options=("for", "against")))
    'one of for, against'
    """
    if parameter.kind == "iri":
        return f"a {' or '.join(parameter.classes)}" if parameter.classes else "any thing"
    if parameter.kind == "choice":
        if parameter.scheme:
            return f"a value of the list {parameter.scheme.removeprefix(namespaces.SCHEME)}"
        return f"one of {', '.join(parameter.options)}"
    return {
        "string": "a text",
        "integer": "a whole number",
        "year": "a year of four digits",
        "date": "a date like 2004-05-31",
    }[parameter.kind]


def bind(query: Query, values: Mapping[str, Term], *, begins: bool = False) -> str:
    r"""
    Return the text of *query* with its parameters set.

    Args:
        query: A query of the catalogue.
        values: Parameter name to RDF term. A parameter left out takes its default, and is
            ``UNDEF`` where it has none.
        begins: Whether the pattern ``begin`` of a parameter that is given stands after its row,
            and with another row in the place of each mark. The answer is the same. The embedded
            engine begins there; others have plans of their own, or faults with paths in joins
            (docs/explanation/servers.md).

    Returns:
        SPARQL 1.1 query text. Only the rows of the parameters differ from the file, and what
        stands after them to begin with.

    Raises:
        ParameterError: A name is not a parameter of *query*, or a required one is missing.

    Source:
        SPARQL 1.1 Query Language, section 10.2: https://www.w3.org/TR/sparql11-query/#inline-data
    """
    query.require(values)
    edits: list[tuple[int, int, str]] = []
    for name, (start, end) in query.rows.items():
        parameter = query.parameter(name)
        value = values.get(name) or default(parameter)
        edits.append((start, end, f" {write(value)} "))
        if begins and parameter.begin and value is not None:
            after = end + len("}")
            edits.append((after, after, f"\n  {parameter.begin} ."))
            edits += [
                (first, last, f"VALUES ?{name} {{ {write(value)} }} {parameter.begin} .")
                for first, last, marked in query.marks
                if marked == name
            ]
    parts, position = [], 0
    for start, end, text in sorted(edits):
        parts += [query.text[position:start], text]
        position = end
    return "".join([*parts, query.text[position:]])


def default(parameter: Parameter) -> Term | None:
    """Return the term that stands in for *parameter* where it is left out, if there is one."""
    return None if parameter.default is None else plain_term(parameter, parameter.default)


def plain_term(parameter: Parameter, text: str) -> Term:
    """
    Return the term that *text* stands for as a value of *parameter*, without asking a store.

    A thing, or a value of a scheme, is then an IRI or a CURIE; a value of a scheme may also be
    the last part of its IRI.

    Raises:
        ParameterError: *text* is not of the parameter's kind.
    """
    if parameter.kind == "choice":
        if parameter.scheme:
            curie = text if ":" in text else f"{parameter.scheme}/{terms.slug(text)}"
            return terms.iri(namespaces.expand(curie) or curie)
        return _option(parameter, text)
    if parameter.kind == "iri":
        return terms.iri(namespaces.expand(text) or text)
    return terms.literal(text, parameter.kind)


def write(term: Term | None) -> str:
    r"""
    Write *term* as SPARQL; nothing is ``UNDEF``.

    SPARQL lets code point escapes stand anywhere and be read before all else, so an engine may
    take an escaped backslash with a u after it for one of them. The u is then written as such an
    escape itself, which every reading of the rule turns back into the same text.

    Source:
        SPARQL 1.1 Query Language, section 19.2:
        https://www.w3.org/TR/sparql11-query/#codepointEscape

    >>> write(ox.Literal('"} #'))
    '"\\"} #"'
    >>> print(write(ox.Literal("\\u0022")))
    "\\\U000000750022"
    """
    if term is None:
        return "UNDEF"
    text = str(term)
    if "\\\\" not in text:
        return text
    return re.sub(
        r"\\(?:\\([uU])|(.))",
        lambda found: rf"\\\U{ord(found[1]):08X}" if found[1] else found[0],
        text,
        flags=re.DOTALL,
    )


def _option(parameter: Parameter, text: str) -> Term:
    """
    Return the term of the option *text*: an IRI if it is a CURIE, else a plain string.

    The name of a class may be written as its label is: ``legal rule`` is ``pk:LegalRule``.

    >>> _option(Parameter("class", "choice", options=("pk:LegalRule",)), "legal rule").value
    'https://w3id.org/pkgraph/ontology#LegalRule'
    """
    for option in parameter.options:
        iri = namespaces.expand(option)
        name = option.partition(":")[2]
        if text in {option, iri} or (iri and _joined(text) == _joined(name)):
            return terms.iri(iri) if iri else terms.literal(option, "string")
    raise ParameterError(f"'{parameter.name}' is {wanted(parameter)}, not '{text}'")


def _joined(text: str) -> str:
    """Return *text* in small letters and without the signs between its words."""
    return re.sub(r"[\s_-]", "", text.casefold())
