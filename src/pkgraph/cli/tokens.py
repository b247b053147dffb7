"""The commands that look after the tokens of contributors: token new, token list, token revoke."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pkgraph import tokens
from pkgraph.cli.output import counted, put, put_texts, say
from pkgraph.errors import ParameterError

if TYPE_CHECKING:
    from argparse import Namespace


def run_token_new(arguments: Namespace) -> int:
    """Make a token, and show it."""
    path = Path(arguments.file)
    expires = None if arguments.expires is None else _day(arguments.expires)
    secret, token = tokens.new(path, arguments.orcid, arguments.note, expires)
    put(f"{secret}\n")
    until = f", until the end of {token.expires} (UTC)" if token.expires else ""
    say(
        f"This is the token {token.id} of {token.orcid}{until}. Keep it safe: it is not shown "
        f"again, and {path} has only a hash of it."
    )
    return 0


def run_token_list(arguments: Namespace) -> int:
    """List the tokens in a file, without what would let anybody use them."""
    found = tokens.Tokens(Path(arguments.file)).all()
    columns = ("id", "orcid", "created", "expires", "note", "state")
    rows = [
        (
            each.id,
            each.orcid,
            str(each.created),
            str(each.expires or ""),
            each.note,
            "expired" if each.expired else "good",
        )
        for each in found
    ]
    put_texts(columns, rows, arguments.format)
    if arguments.format == "table":
        say(f"{counted(len(rows), 'token')}.")
    return 0


def run_token_revoke(arguments: Namespace) -> int:
    """Revoke a token."""
    token = tokens.revoke(Path(arguments.file), arguments.id)
    say(f"{token.id}: revoked; the token of {token.orcid} is not good any more.")
    return 0


def _day(text: str) -> date:
    """
    Return the day that *text* is.

    Raises:
        ParameterError: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"'{text}' is no day; write it as 2027-12-31") from None
