"""What the commands have in common: how one is added, and the options that several take."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final, TypeAlias

from pkgraph.serialization import TABLE_FORMATS

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # it has no other name

#: What can be checked and contributed.
CONTRIBUTED: Final = (
    "Turtle, N-Triples, JSON-LD, RDF/XML, a filled spreadsheet, a bibliography or nanopublications"
)
ROW_FORMATS: Final = ("table", *TABLE_FORMATS, "md")


def add(
    commands: Commands,
    name: str,
    module: str,
    text: str,
    *parents: argparse.ArgumentParser,
    function: str | None = None,
) -> argparse.ArgumentParser:
    """
    Add the command *name*; *text* says what for.

    What it does is ``run_`` and then its name, or *function*, in *module* of this package.
    """
    sentence = text[0].upper() + text[1:] + "."
    command = commands.add_parser(
        name, help=text, description=sentence, parents=parents, allow_abbrev=False
    )
    command.set_defaults(module=module, command=function or name)
    return command


def add_format(
    command: argparse.ArgumentParser, names: tuple[str, ...], default: str | None = None
) -> None:
    """Add ``--format`` with these names, of which the first is taken unless *default* is given."""
    command.add_argument(
        "--format",
        choices=names,
        default=default or names[0],
        help=f"how to write the answer ({default or names[0]} unless told otherwise)",
    )


def graph_options() -> argparse.ArgumentParser:
    """Return the options that say which graph is asked."""
    options = argparse.ArgumentParser(add_help=False)
    group = options.add_argument_group("which graph to ask")
    group.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="ask these RDF files, or the store in this folder, in place of the graph that comes "
        "with pkgraph",
    )
    group.add_argument(
        "--endpoint",
        metavar="URL",
        help="ask a SPARQL endpoint that has a graph of this kind; without --data, the one that "
        "PKGRAPH_ENDPOINT names is asked. Who asks is told by PKGRAPH_USER and PKGRAPH_PASSWORD, "
        "or PKGRAPH_TOKEN",
    )
    group.add_argument(
        "--source",
        nargs="+",
        action="extend",
        default=[],
        metavar="SLUG",
        help="ask only what these encoded works say, such as bellamy-2004, and the shared lists",
    )
    return options
