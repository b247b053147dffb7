"""
Write terms into a text of Turtle: with the prefixes that it has, in the shortest form.

Source:
    Turtle 1.1, literals: https://www.w3.org/TR/turtle/#literals
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import RDF, XSD
from pkgraph.validation import shapes
from pkgraph.validation.report import SH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.turtle.tokens import Token
    from pkgraph.validation.nodes import Node
    from pkgraph.verdicts.text import Text

#: The kinds of tokens that a literal begins with.
LITERALS: Final = frozenset({"string", "integer", "decimal", "double", "word"})

_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
#: How a value of each kind is written; the first is taken that fits.
_FORMS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        XSD + name: re.compile(form)
        for name, form in {
            "boolean": r"true|false",
            "integer": r"[+-]?[0-9]+",
            "decimal": r"[+-]?[0-9]*\.[0-9]+",
            "gYear": r"[0-9]{4}",
            "gYearMonth": r"[0-9]{4}-(0[1-9]|1[0-2])",
            "date": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
            "string": r"[^\"\\\r\n]*",
        }.items()
    }
)
#: Those that Turtle writes without quotation marks.
_BARE: Final = frozenset({XSD + "boolean", XSD + "integer", XSD + "decimal"})
_SPACE: Final = r"(?:\s|\\[nrt])+"


def iri(value: str, text: Text) -> str:
    """Return how *text* writes the IRI *value*: with a prefix that it has, or in full."""
    cut = max(value.rfind("/"), value.rfind("#")) + 1
    if _LOCAL.fullmatch(value, cut):
        for prefix, space in text.prefixes.items():
            if space == value[:cut]:
                return f"{prefix}:{value[cut:]}"
    return f"<{value}>"


def literal(value: str, datatype: str, text: Text, *, plain: bool = False) -> str | None:
    """
    Return how *text* writes *value* as a literal of *datatype*, or None if it is not one.

    ``plain`` is for N-Triples, which has neither prefixes nor bare numbers.
    """
    form, value = _FORMS.get(datatype), value.strip()
    if form is None or not form.fullmatch(value):
        return None
    if datatype in _BARE and not plain:
        return value
    if datatype == XSD + "string":
        return f'"{value}"'
    return f'"{value}"^^{iri(datatype, text)}'


def trimmed(string: str) -> str:
    r"""
    Return the token of a string without white space at the ends of what it says.

    >>> trimmed('" a b\\n "')
    '"a b"'
    """
    marks = 3 if string.startswith(('"' * 3, "'" * 3)) else 1
    inner = re.sub(rf"^{_SPACE}|(?<!\\){_SPACE}$", "", string[marks:-marks])
    return string[:marks] + inner + string[-marks:]


def end_of_literal(text: Text, token: Token) -> int:
    """Return the offset after the literal that begins with *token*, its tag or type included."""
    end = token.start + len(token.text)
    if token.kind != "string":
        return end
    following = text.following(token)
    after = next(following, None)
    if after is not None and after.kind == "at":
        return after.start + len(after.text)
    if after is not None and after.text == "^^":
        kind = next(following, after)
        return kind.start + len(kind.text)
    return end


def datatypes(shape: str) -> tuple[str, ...]:
    """Return the datatypes that one of our shapes allows, itself or through those it refers to."""
    node = ox.NamedNode(shape)
    ours = shapes.ours()
    own = [each.value for each in ours.values(node, SH + "datatype")]
    for other in ours.values(node, SH + "node"):
        for list_ in ours.values(other, SH + "or"):
            own += [found for part in _items(list_) for found in datatypes(part.value)]
    return tuple(own)


def languages(shape: str) -> tuple[str, ...]:
    """Return the languages that one of our shapes allows."""
    lists = shapes.ours().values(ox.NamedNode(shape), SH + "languageIn")
    return tuple(item.value for list_ in lists for item in _items(list_))


def _items(list_: Node) -> list[Node]:
    """Return the items of a list of RDF in our shapes."""
    ours = shapes.ours()
    found = list(ours.values(list_, RDF + "first"))
    return found + [item for rest in ours.values(list_, RDF + "rest") for item in _items(rest)]
