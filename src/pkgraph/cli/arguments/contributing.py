"""The commands for those who add to the graph: template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.common import add

if TYPE_CHECKING:
    from pkgraph.cli.arguments.common import Commands


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
