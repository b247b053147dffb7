"""The pages about the program: its command line, Python interface and errors."""

from __future__ import annotations

import argparse
import inspect
import re
from typing import TYPE_CHECKING, Final

import pkgraph
from page_text import code, sentence, table
from pkgraph import cli, errors

if TYPE_CHECKING:
    from collections.abc import Iterator


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
