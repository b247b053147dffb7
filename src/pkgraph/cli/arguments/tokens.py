"""The commands for those who let others contribute over HTTP: token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import add, add_format

if TYPE_CHECKING:
    import argparse

    from pkgraph.cli.arguments.commands import Commands


def add_tokens(commands: Commands) -> None:
    """Add the commands ``token``."""
    text = (
        "make, list or revoke the tokens that `pkgraph serve --tokens FILE` takes contributions by"
    )
    token = commands.add_parser(
        "token", help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False
    )
    actions = token.add_subparsers(title="what to do", metavar="ACTION", required=True)
    new = _add_action(
        actions, "new", "make a token for a contributor and show it, once; only a hash is kept"
    )
    new.add_argument(
        "--orcid",
        required=True,
        metavar="ORCID",
        help="whose contributions come with it; that it is theirs is for you to know",
    )
    new.add_argument("--note", default="", metavar="TEXT", help="what you want to remember of it")
    new.add_argument(
        "--expires",
        metavar="DATE",
        help="the last day on which it is good, in UTC, such as 2027-12-31; without, it is good "
        "until it is revoked",
    )
    list_ = _add_action(actions, "list", "list the tokens in a file: for whom they are, not what")
    add_format(list_, ("table", "json", "csv", "md"))
    revoke = _add_action(actions, "revoke", "revoke a token, also for a server that runs")
    revoke.add_argument("id", metavar="ID", help="the token, as it is listed")
    for action in (new, list_, revoke):
        action.add_argument(
            "file",
            metavar="FILE",
            help="the file of tokens, which only its owner may read"
            + (" and which is made if it is not there" if action is new else ""),
        )


def _add_action(actions: Commands, name: str, text: str) -> argparse.ArgumentParser:
    """Add a command below ``token``."""
    return add(actions, name, "tokens", text, function=f"token_{name}")
