"""The commands that make something to be published elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import add

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands


def add_publishing(commands: Commands) -> None:
    """Add the commands that make something to be published elsewhere."""
    nanopublication = add(
        commands,
        "nanopublication",
        "nanopublications",
        "write a claim, or another thing, as a nanopublication; nothing is sent anywhere",
    )
    nanopublication.add_argument(
        "things", nargs="+", metavar="THING", help="an IRI, a CURIE, a slug or a name"
    )
    nanopublication.add_argument(
        "--by", required=True, metavar="ORCID", help="the ORCID iD of whoever publishes it"
    )
    nanopublication.add_argument(
        "--key",
        metavar="FILE",
        help="sign with the private RSA key in FILE, in PEM, which is neither shown nor sent",
    )
    nanopublication.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="take the things from these files of Turtle in place of the graph that comes with "
        "pkgraph",
    )
    nanopublication.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, which is replaced in one step; otherwise to standard output",
    )
