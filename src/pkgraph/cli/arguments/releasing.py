"""The commands that make and verify releases."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from pkgraph.cli.arguments.commands import add, graph_options

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands

_RELEASE: Final = """\
Write a release: the graph as N-Quads, TriG and Turtle, described in VoID and DCAT, with licences,
the bill of materials of the program, a manifest with the SHA-256 of each, and a store made from the
N-Quads. The same graph gives the same bytes, but for the store. If the name ends in .tar, it is one
file, without a store. All of it is verified before it gets its name, and nothing is ever written
over.
"""
_VERIFY: Final = """\
Verify a release against its manifest: the bytes of its files, the number and canonical hash of its
statements, as a whole and by graph, and that its other dumps, its store and the index of words say
the same. The exit status is 0 if all is as it says, and 1 with what differs if not.
"""
_EXAMPLES: Final = """\
examples:
  pkgraph release releases/2026-11
  pkgraph release releases/2026-11.tar
  pkgraph verify-release releases/2026-11
  pkgraph serve --release releases/2026-11
  pkgraph serve --release https://example.org/2026-11.tar#sha256=…
"""


def add_releasing(commands: Commands) -> None:
    """Add the commands that make and verify releases."""
    release = add(
        commands, "release", "releasing", "make a release that never changes again", graph_options()
    )
    release.description = _RELEASE
    release.epilog = _EXAMPLES
    release.formatter_class = argparse.RawDescriptionHelpFormatter
    release.add_argument(
        "release",
        metavar="DIR",
        help="the folder to write, which is not there yet; or the file, if its name ends in .tar",
    )
    verify = add(
        commands,
        "verify-release",
        "releasing",
        "hold a release against its manifest",
        function="verify_release",
    )
    verify.description = _VERIFY
    verify.formatter_class = argparse.RawDescriptionHelpFormatter
    verify.add_argument(
        "release", metavar="DIR", help="the folder, or the file, that pkgraph release has written"
    )
