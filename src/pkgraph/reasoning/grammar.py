"""
Take a rule apart: into patterns, filters and tables.

What follows from a change can be told for rules that say "where these statements are, that one is
too". So a rule may have statements with variables, FILTER, VALUES, UNION, and sub-queries that
read what no rule adds to, such as the ontology. All else is refused, above all what makes a
conclusion fall when a statement comes: OPTIONAL, MINUS, NOT EXISTS, sums and counts.

The engine does not show how it reads a query, and the parser of rdflib takes half a second, so the
text is split here, and the engine reads the pieces: statements are Turtle but for their variables;
a table, or a filter with its variables given, is a query.

Source:
    SPARQL 1.1 Query Language, grammar: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.errors import UntraceableChangeError
from pkgraph.reasoning.parts import Branch, Filter, Pattern, Rule, Table
from pkgraph.turtle.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgraph.reasoning.parts import Node

#: Stands for a variable while the engine reads statements as Turtle.
_VARIABLE: Final = "urn:x-pkgraph-variable:"
#: Functions of other things than the values of their arguments.
_UNSTEADY: Final = frozenset(("BNODE", "BOUND", "EXISTS", "NOW", "RAND", "STRUUID", "UUID"))
_VALUES: Final = frozenset(("a", "true", "false"))
_CLOSING: Final = {"(": ")", "{": "}"}


@cache
def read(text: str, name: str) -> Rule:
    """
    Take the rule *text* apart, which messages call *name*.

    Raises:
        UntraceableChangeError: It has a part that is not among those above.
    """
    try:
        return _Reader(text).rule()
    except _Refusal as refusal:
        raise UntraceableChangeError(
            f"{name} has {refusal}, so what follows from a change cannot be told from the change "
            "alone; derive the whole anew"
        ) from None


class _Refusal(Exception):  # noqa: N818 - no error: it ends the reading, and says what was met
    """A part of a rule that cannot be traced, in words."""


class _Reader:
    """Goes through the tokens of a rule once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*_with_variables(tokens(text)), Token("end", "", len(text))]
        self._position = 0
        self._prologue = ""
        self._reads: set[ox.NamedNode] = set()

    def rule(self) -> Rule:
        while self._word not in {"CONSTRUCT", "SELECT", "ASK", "DESCRIBE", ""}:
            self._position += 1
        self._prologue = self._text[self._tokens[0].start : self._token.start]
        self._expect("CONSTRUCT")
        self._expect("{")
        template = self._statements() if self._token.text != "}" else ()
        self._expect("}")
        branches = self._where()
        if self._token.kind != "end":
            raise _Refusal(f"'{self._token.text}' after its conditions")
        return Rule(template, tuple(branches), frozenset(self._reads))

    @property
    def _token(self) -> Token:
        return self._tokens[self._position]

    @property
    def _word(self) -> str:
        """The keyword that comes next, in capitals; nothing at the end, else what cannot be one."""
        token = self._token
        return token.text.upper() if token.kind in {"word", "end"} else token.text

    def _expect(self, *texts: str) -> None:
        """Step over one of *texts*."""
        if self._word not in texts:
            raise _Refusal(f"'{self._token.text}' where {' or '.join(texts)} should be")
        self._position += 1

    def _where(self, *, paths: bool = False) -> list[Branch]:
        """Read a group in braces, with or without WHERE before it."""
        if self._word == "WHERE":
            self._position += 1
        self._expect("{")
        return self._group(paths=paths)

    def _group(self, *, paths: bool) -> list[Branch]:
        """Read what is in braces, and the closing one; return the ways in which it applies."""
        branches, filters = [Branch()], []
        while self._token.text != "}":
            if self._token.text == ".":
                self._position += 1
            elif self._word == "FILTER":
                filters.append(self._filter())
            else:
                parts = self._part(paths=paths)
                branches = [branch + part for branch in branches for part in parts]
        self._position += 1
        condition = Branch(filters=tuple(filters))
        for branch in branches:
            if not all(each.variables <= branch.variables for each in filters):
                raise _Refusal("a filter of variables that have no value beside it")
        return [branch + condition for branch in branches]

    def _part(self, *, paths: bool) -> list[Branch]:
        if self._word == "VALUES":
            return [Branch(tables=(self._values(),))]
        if self._token.text != "{":
            return [Branch(self._statements(paths=paths))]
        self._position += 1
        if self._word == "SELECT":
            return [Branch(tables=(self._subquery(),))]
        branches = self._group(paths=paths)
        while self._word == "UNION":
            self._position += 1
            self._expect("{")
            branches += self._group(paths=paths)
        return branches

    def _filter(self) -> Filter:
        """Read FILTER and its condition: one in parentheses or the call of a function."""
        start = self._position
        self._position += 1
        if self._token.text != "(":
            self._position += 1
        self._skip("(")
        inside = self._tokens[start : self._position]
        for token in inside:
            if token.kind == "word" and token.text.upper() in _UNSTEADY:
                raise _Refusal(f"{token.text} in a filter")
            if token.kind == "iri" and ("?" in token.text or "$" in token.text):
                raise _Refusal(f"{token.text}, which may be a comparison, in a filter")
        variables = _variables(inside)
        query = f"SELECT {_listed(variables)} WHERE {{ {self._since(start)} }}"
        return Filter(self._prologue + query, variables)

    def _values(self) -> Table:
        """Read VALUES, its variables and its rows."""
        start = self._position
        self._position += 1
        if self._token.kind == "variable":
            self._position += 1
        else:
            self._skip("(")
        variables = _variables(self._tokens[start : self._position])
        self._skip("{")
        if any(token.text.upper() == "UNDEF" for token in self._tokens[start : self._position]):
            raise _Refusal("UNDEF")
        query = f"SELECT {_listed(variables)} WHERE {{ {self._since(start)} }}"
        return Table(self._prologue + query, variables)

    def _subquery(self) -> Table:
        """Read a sub-query and the brace that closes it; note the properties that it reads."""
        start = self._position
        self._position += 1
        if self._word == "DISTINCT":
            self._position += 1
        names = self._position
        while self._token.kind == "variable":
            self._position += 1
        variables = _variables(self._tokens[names : self._position])
        for branch in self._where(paths=True):
            for pattern in branch.patterns:
                if not isinstance(pattern.predicate, ox.NamedNode):
                    raise _Refusal("a sub-query that reads statements of any property")
                self._reads.add(pattern.predicate)
        query = self._prologue + self._since(start)
        self._expect("}")
        return Table(query, variables)

    def _statements(self, *, paths: bool = False) -> tuple[Pattern, ...]:
        """Read statements with variables, as far as they go."""
        start = self._position
        while self._token.text not in {"{", "}"} and self._token.kind != "end":
            if self._token.kind == "word" and self._token.text not in _VALUES:
                break
            self._position += 1
        if start == self._position:
            raise _Refusal(self._token.text or "no end")
        turtle = self._as_turtle(self._tokens[start : self._position], paths=paths)
        store = ox.Store()  # which has one form for each number and date
        try:
            store.load(turtle, format=ox.RdfFormat.TURTLE)
        except SyntaxError:
            raise _Refusal("a condition that is no plain statement") from None
        found = tuple(
            Pattern(*map(_variable_or_node, (quad.subject, quad.predicate, quad.object)))
            for quad in store
        )
        for node in (node for pattern in found for node in pattern):
            if isinstance(node, ox.BlankNode | ox.Triple):
                raise _Refusal("a blank node, or a statement about a statement")
        return found

    def _as_turtle(self, span: Iterable[Token], *, paths: bool) -> str:
        """
        Return statements as Turtle, with IRIs for the variables.

        Of a path, where one may stand, only the properties matter. The first stays in its place,
        and further ones get statements of their own.
        """
        parts, further, end, joined = [], [], None, False
        last = "."
        for token in span:
            parts.append(" " if end is None else self._text[end : token.start])
            end = token.start + len(token.text)
            last = token.text
            if paths and token.text in {"|", "/"}:
                joined = True
            elif paths and joined and token.kind in {"iri", "name"}:
                further.append(f" <{_VARIABLE}> {token.text} <{_VARIABLE}> .")
                joined = False
            elif not paths or token.text not in {"^", "+", "(", ")"}:
                variable = token.kind == "variable"
                parts.append(f"<{_VARIABLE}{token.text[1:]}>" if variable else token.text)
        return "".join([self._prologue, *parts, "" if last == "." else " .", *further])

    def _skip(self, opening: str) -> None:
        """Step over all from the bracket *opening*, which has to be next, to its counterpart."""
        self._expect(opening)
        depth = 1
        while depth:
            if self._token.kind == "end":
                raise _Refusal("no end")
            depth += (self._token.text == opening) - (self._token.text == _CLOSING[opening])
            self._position += 1

    def _since(self, start: int) -> str:
        """Return the text from the token number *start* to the one before the next."""
        last = self._tokens[self._position - 1]
        return self._text[self._tokens[start].start : last.start + len(last.text)]


def _with_variables(found: Iterable[Token]) -> Iterable[Token]:
    """Join the sign of a variable and its name, which are two tokens of Turtle."""
    sign: Token | None = None
    for token in found:
        if sign and token.kind in {"word", "integer"} and token.start == sign.start + 1:
            yield Token("variable", sign.text + token.text, sign.start)
            sign = None
            continue
        if sign:
            yield sign
        sign = token if token.text in {"?", "$"} else None
        if not sign:
            yield token
    if sign:
        yield sign


def _variables(span: Iterable[Token]) -> frozenset[ox.Variable]:
    return frozenset(ox.Variable(token.text[1:]) for token in span if token.kind == "variable")


def _listed(variables: Iterable[ox.Variable]) -> str:
    """Return *variables* as a query names what it selects."""
    return " ".join(sorted(map(str, variables))) or "*"


def _variable_or_node(node: Node) -> Node | ox.Variable:
    """Return the variable that *node* stands for, or the node itself."""
    if isinstance(node, ox.NamedNode) and node.value.startswith(_VARIABLE):
        return ox.Variable(node.value.removeprefix(_VARIABLE) or "_")
    return node
