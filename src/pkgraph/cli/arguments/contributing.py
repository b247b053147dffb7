"""The commands for those who add to the graph: template, contribute, contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import CONTRIBUTED, add, add_format

if TYPE_CHECKING:
    import argparse

    from pkgraph.cli.arguments.commands import Commands


def add_template(commands: Commands) -> None:
    """Add the command ``template``."""
    template = add(
        commands,
        "template",
        "spreadsheets",
        "write a spreadsheet to enter things in, with the columns, lists and help of the shapes",
    )
    template.add_argument(
        "classes",
        nargs="+",
        metavar="CLASS",
        help="what to enter, such as claims; the workbook has a sheet for each, and for what "
        "these need",
    )
    template.add_argument(
        "--format",
        choices=("xlsx", "csv"),
        help="a workbook, unless told otherwise here or by the ending of --out; or the header of "
        "one sheet",
    )
    template.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, which is replaced in one step; otherwise to standard output",
    )


def add_contributing(commands: Commands) -> None:
    """Add the commands ``contribute`` and ``contributions``."""
    contribute = add(
        commands,
        "contribute",
        "contributing",
        "check files and, if they conform, take them into a store, whole or not at all",
    )
    contribute.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=f"what to contribute, under CC BY 4.0: {CONTRIBUTED}",
    )
    contribute.add_argument(
        "--by", metavar="ORCID", required=True, help="who contributes; it is recorded as claimed"
    )
    _add_store(contribute, "the folder of the store, which is made if it is not there; ask it with")
    contribute.add_argument(
        "--replaces",
        metavar="NAME",
        help="an earlier contribution, which leaves the store when this one comes",
    )

    text = "look at the contributions to a store, or take one back"
    contributions = commands.add_parser(
        "contributions", help=text, description=text[0].upper() + text[1:] + "."
    )
    actions = contributions.add_subparsers(title="what to do", metavar="ACTION", required=True)
    list_ = _add_action(actions, "list", "list the contributions to a store, withdrawn ones too")
    add_format(list_, ("table", "json", "csv", "md"))
    show = _add_action(actions, "show", "show what is on record of a contribution, and its Turtle")
    show.add_argument("name", metavar="NAME", help="the contribution, as it is listed")
    diff = _add_action(actions, "diff", "tell what a contribution changes, by labels")
    diff.add_argument("name", metavar="NAME", help="the contribution, as it is listed")
    add_format(diff, ("text", "md"))
    withdraw = _add_action(
        actions, "withdraw", "take a contribution out of a store, unless others rest on it"
    )
    withdraw.add_argument("name", metavar="NAME", help="the contribution, as it is listed")
    withdraw.add_argument(
        "--by", metavar="ORCID", required=True, help="who withdraws it; it is recorded as claimed"
    )
    withdraw.add_argument("--reason", metavar="TEXT", help="why, for the record")


def _add_action(actions: Commands, name: str, text: str) -> argparse.ArgumentParser:
    """Add a command below ``contributions``."""
    action = add(actions, name, "contributing", text, function=f"contributions_{name}")
    _add_store(action, "the folder of the store; ask it with")
    return action


def _add_store(command: argparse.ArgumentParser, text: str) -> None:
    command.add_argument("--store", metavar="DIR", required=True, help=f"{text} --data DIR")
