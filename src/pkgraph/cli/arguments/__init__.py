"""What the command takes: its commands, their arguments and what ``--help`` says of them."""

from __future__ import annotations

import argparse
from typing import Final

from pkgraph.cli.arguments.asking import add_asking
from pkgraph.cli.arguments.contributing import add_contributing, add_template
from pkgraph.cli.arguments.importing import add_importing
from pkgraph.cli.arguments.joining import add_joining
from pkgraph.cli.arguments.keeping import add_keeping
from pkgraph.cli.arguments.publishing import add_deploy, add_publishing
from pkgraph.cli.arguments.releasing import add_releasing
from pkgraph.cli.arguments.tokens import add_tokens

_EPILOG: Final = """\
examples:
  pkgraph query authors-arguments-missions author=Woodhouse
  pkgraph queries attacks-on
  pkgraph query attacks-on target=case-by-case --format csv
  pkgraph find woodhouse
  pkgraph show operation:onuc
  pkgraph check my-claims.ttl

Exit status: 0 done, also with no rows; 1 a verdict against, or a named thing that is not there;
2 wrong use; 3 the environment failed.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="pkgraph",
        description="Ask a knowledge graph of peacekeeping scholarship: who argues what, about "
        "which operation, norm or idea, against whom, and where it is written.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, help="show the version and exit")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_asking(commands)
    add_joining(commands)
    add_keeping(commands)
    add_template(commands)
    add_contributing(commands)
    add_importing(commands)
    add_publishing(commands)
    add_deploy(commands)
    add_releasing(commands)
    add_tokens(commands)
    return top


class _Version(argparse.Action):
    """Print the version, which is looked up only when it is asked for."""

    def __init__(self, option_strings: list[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from pkgraph import resources

        print(f"pkgraph {resources.version()}")
        parser.exit()
