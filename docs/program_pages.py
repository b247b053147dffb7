"""The pages about the program: its command line, addresses and errors."""

from __future__ import annotations

import argparse
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pkgraph
from page_text import code, sentence, table
from pkgraph import cli, errors, pages, serialization, web
from pkgraph.graph import open_graph
from pkgraph.web import (
    negotiation,
    queries,
    things,
)
from pkgraph.web import sparql as endpoint
from pkgraph.web.api import asking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


#: Defaults that say nothing to a reader.
UNTOLD: Final = (False, "-", argparse.SUPPRESS)


def option(action: argparse.Action) -> list[str]:
    """Return the row of one argument: how it is written, and what it is for."""
    value = str(action.metavar or (action.dest.upper() if action.option_strings else action.dest))
    written = ", ".join(action.option_strings)
    if action.nargs != 0:
        more = " …" if action.nargs in {"+", "*"} else ""
        optional = action.nargs in {"?", "*"}
        written = f"{written} {f'[{value}]' if optional else value}{more}".strip()
    told = sentence(action.help or "")
    if action.choices:
        told += f" One of {', '.join(map(code, action.choices))}."
    elif isinstance(action.default, str | int) and action.default not in UNTOLD:
        told += f" {code(str(action.default))} unless told otherwise."
    return [code(written), told]


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments of *parser* that a user sees: its own, then those of every graph."""
    common = {
        action
        for group in parser._action_groups  # noqa: SLF001 - argparse has no public list
        if group.title == "which graph to ask"
        for action in group._group_actions  # noqa: SLF001
    }
    shown = [
        action
        for action in parser._actions  # noqa: SLF001
        if action.help != argparse.SUPPRESS
        and not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)  # noqa: SLF001
    ]
    return sorted(shown, key=lambda action: (action in common, bool(action.option_strings)))


def commands(
    parser: argparse.ArgumentParser, before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the commands of *parser* by name; those that have commands below them, as these."""
    for action in parser._actions:  # noqa: SLF001
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            continue
        for name, command in sorted(action.choices.items()):
            below = list(commands(command, f"{before}{name} "))
            yield from below or [(before + name, command)]


def cli_page() -> Iterator[str]:
    """Yield the page of the command line, from its parser."""
    parser = cli.parser()
    yield "# The command `pkgraph`"
    yield ""
    yield sentence(parser.description or "")
    yield ""
    yield from table(["argument", "what it is for"], map(option, arguments(parser)))
    yield "Exit status:"
    yield ""
    yield from table(
        ["status", "meaning"],
        [
            ["0", "done, also with no rows"],
            ["1", "a verdict against, or a thing that was named is not there"],
            ["2", "wrong use: an unknown query, a bad parameter, unreadable input"],
            ["3", "the environment failed: no Java, no store, an endpoint that is down"],
            ["130", "interrupted"],
        ],
    )
    yield "Answers go to standard output; what there is to say about them, to standard error."
    yield "`pkgraph COMMAND --help` shows the same as this page."
    yield ""
    for name, command in commands(parser):
        yield f"## {name}"
        yield ""
        yield sentence(command.description or "")
        yield ""
        if name == "query":
            yield "What can be asked is on [a page of its own](queries.md)."
            yield ""
        if arguments(command):
            yield from table(["argument", "what it is for"], map(option, arguments(command)))


#: What each address of the server answers, and in which formats; no route may be left out.
ADDRESSES: Final[Mapping[str, tuple[str, Iterable[str]]]] = {
    "/": ("what the graph holds, and ways into it", ["html"]),
    "/search": (
        "things by what they are called and what is said of them: `q`, and `kind`, `page`",
        ["html", "json"],
    ),
    "/suggest": ("what may be meant by the beginning of a text: `q`", ["json"]),
    "/reconcile": (
        "the Reconciliation API 0.2, for OpenRefine: its manifest, or answers to batches of names",
        ["json"],
    ),
    "/reconcile/properties": ("properties that reconciled things can be extended with", ["json"]),
    "/reconcile/suggest/entity": ("operations and states whose names begin so: `prefix`", ["json"]),
    "/health": ("whether the server and its store answer, and the state of the graph", ["json"]),
    "/ready": ("whether the store answers: 200 if it does, 503 if not", ["json"]),
    "/metrics": (
        "counts for Prometheus: requests, how long they took, the use of the cache",
        ["text"],
    ),
    "/openapi.json": ("the description of the API, OpenAPI 3.1", ["json"]),
    "/api/queries": (
        "the canned queries for programs, with all there is to know of each",
        ["json"],
    ),
    "/api/queries/{name}": (
        "the rows of a canned query for programs, in parts if you like, or the works behind them",
        asking.FORMATS,
    ),
    "/sparql": (
        "the answer to a SPARQL 1.1 query: `query`, by GET or POST; else a form, or what it is",
        ["html", *serialization.TABLE_FORMATS, *endpoint.GRAPHS],
    ),
    "/graph-store": ("a graph whole: `default`, or `graph` and its name", endpoint.GRAPHS),
    "/check": (
        "the verdict on what is posted, as it is or in a form as `text` or `file`; that form",
        ["html", "text", "json", "sarif", "md", "ttl"],
    ),
    "/contributions": (
        "the contributions on record; takes one by POST, with a token",
        ["json"],
    ),
    "/contributions/{name}": (
        "a contribution: its record, what it says, what it changes; DELETE withdraws it",
        ["json", "ttl", "md"],
    ),
    "/sparql/vocabulary": ("the prefixes and terms that the editor completes", ["json"]),
    "/sparql/names": (
        "things that the editor completes: `text`, and `prefix`, under which they stand",
        ["json"],
    ),
    "/queries": ("the canned queries; of the page, those that have words: `q`", ["html", "json"]),
    "/queries/{name}/{parameter}": ("what a parameter takes and fits a `text`", ["json"]),
    "/templates/{name}": ("a spreadsheet to enter things of a class in", ["xlsx", "csv"]),
    "/queries/{name}": (
        "a canned query, with its parameters in the address; a form for readers",
        queries.FORMATS,
    ),
    "/ontology": ("the ontology", things.DOCUMENTS),
    "/shapes": ("the shapes", things.DOCUMENTS),
    "/dataset": (
        "what the graph holds, how much and under which licence: VoID and DCAT",
        things.DOCUMENTS,
    ),
    "/.well-known/void": ("the same, where programs look for it", serialization.GRAPH_FORMATS),
    "/.well-known/sparql-examples": (
        "the canned queries as examples of SPARQL, with their parameters and types",
        serialization.GRAPH_FORMATS,
    ),
    "/static": ("the style of the pages", []),
    "/graph/{path:path}": ("a named graph: what one file says", things.DOCUMENTS),
    "/scheme/{scheme}/{name}": ("a value of a closed list", things.DOCUMENTS),
    "/{segment}/{name}": ("a thing, such as `/operation/onuc`", things.DOCUMENTS),
    "/{segment}": ("the things of one sort, such as `/operation`", ["html"]),
}


def http_page() -> Iterator[str]:
    """Yield the page of the server's addresses, from its routes."""
    gate = web.Gate(Path(), Path())  # so that what is off unless it is configured is told as well
    routes = [getattr(route, "path", "") for route in web.app(open_graph(), gate=gate).routes]
    documents = tuple(f".{ending}" for ending in things.DOCUMENTS)
    paths = [path for path in routes if not path.endswith(documents)]
    if unlike := set(paths) ^ set(ADDRESSES):
        raise SystemExit(f"ADDRESSES and the routes of the server differ in: {sorted(unlike)}")
    yield "# The addresses of the server"
    yield ""
    yield "What `pkgraph serve` answers. What the graph calls"
    yield "`https://w3id.org/pkgraph/operation/onuc` is served at `/operation/onuc`, and so on for"
    yield "all its names. Everything is read only, but for `/contributions`, which is there only if"
    yield "[contributions are let in](../how-to/contribute-over-http.md)."
    yield ""
    yield from table(
        ["address", "what it answers", "formats"],
        [
            [
                code(re.sub(r":path\}", "}", path)),
                sentence(ADDRESSES[path][0]),
                ", ".join(map(code, ADDRESSES[path][1])),
            ]
            for path in paths
        ],
    )
    yield "The address of a thing, list value or named graph leads on (303) to the document that"
    yield "the `Accept` header likes best: the same address with an ending, such as `.html` or"
    yield "`.ttl`. A query takes an ending too (`/queries/typologies.csv`), and `/sparql` takes the"
    yield "parameter `format`. Without one, the `Accept` header chooses:"
    yield ""
    yield from table(
        ["format", "media types; the first is what is sent"],
        [
            [code(name), ", ".join(map(code, types))]
            for name, types in negotiation.MEDIA_TYPES.items()
        ],
    )
    yield "Each address of a thing, document or list takes GET, HEAD and OPTIONS. A document has"
    yield "an `ETag` made of the release, the format and the address, so `If-None-Match` is"
    yield "answered with 304 while nothing changed, and `Link` headers to its other formats"
    yield "(`alternate`), to the IRI that it is about (`canonical`) and to what describes all"
    yield f"(`describedby`). Of a thing, a document has {pages.LIMIT} values of each property and"
    yield "of what points at it; a `Link` (`next`) and, in RDF, `hydra:next` lead to the next such"
    yield "page (`page=2`). A named graph comes whole."
    yield ""
    yield "An error has the status 400 (what was asked cannot be done so), 404 (there is no such"
    yield "thing), 406 (no format fits) or 503 (the store does not answer), and says what is wrong"
    yield "in a page, in JSON or in plain text, as the `Accept` header asks. The API says it in the"
    yield "JSON of RFC 9457, and has 422 for a name that several things have, with all of them."
    yield ""


def python_page() -> Iterator[str]:
    """Yield the page of the Python interface, from what the package offers."""
    yield "# The Python interface"
    yield ""
    yield "What `import pkgraph` offers. Errors are on [a page of their own](errors.md), examples"
    yield "in [use pkgraph from Python and R](../how-to/use-from-python-and-r.md)."
    yield ""
    for name in pkgraph.__all__:
        offered = getattr(pkgraph, name)
        if inspect.isclass(offered) and issubclass(offered, BaseException):
            continue
        made = "" if inspect.isclass(offered) else str(inspect.signature(offered))
        yield from described(f"pkgraph.{name}", made, offered, "##")
        if inspect.isclass(offered):
            for member, value in inspect.getmembers(offered):
                own = member in vars(offered) and not member.startswith("_")
                if own and inspect.isfunction(value):
                    yield from described(member, str(inspect.signature(value)), value, "###")
                elif own and isinstance(value, property):
                    yield from described(member, "", value, "###")


def described(name: str, signature: str, offered: object, level: str) -> Iterator[str]:
    """Yield the section of a function, class or property: how it is called, and its docstring."""
    yield f"{level} {name}"
    yield ""
    if signature:
        yield "```text"
        bare = re.sub(r"'([^']*)'", r"\1", signature)  # annotations are kept as strings
        yield f"{name}{bare.replace('(self, ', '(').replace('(self)', '()')}"
        yield "```"
        yield ""
    told, _, more = (inspect.getdoc(offered) or "").partition("\n\n")
    yield plain(told)
    yield ""
    if more:
        yield "```text"
        yield plain(more)
        yield "```"
        yield ""


def plain(text: str) -> str:
    """Return a text of a docstring without the roles of reStructuredText."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")


def errors_page() -> Iterator[str]:
    """Yield the page of the errors, from their classes."""
    yield "# The errors"
    yield ""
    yield "Every error of pkgraph is a `pkgraph.PkgraphError`. On the command line its message goes"
    yield "to standard error, and its number is the exit status."
    yield ""
    found = [
        each
        for _, each in inspect.getmembers(errors, inspect.isclass)
        if issubclass(each, errors.PkgraphError)
    ]
    for each in sorted(found, key=lambda error: (len(error.__mro__), error.__name__)):
        yield f"## {each.__name__}"
        yield ""
        above = each.__mro__[1].__name__
        yield f"Exit status {each.exit_code}. A kind of `{above}`."
        yield ""
        yield plain(inspect.getdoc(each) or "")
        yield ""
