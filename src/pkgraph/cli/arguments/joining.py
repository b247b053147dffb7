"""The commands that join a reader's own data to the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import ROW_FORMATS, add, add_format, graph_options

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands


def add_joining(commands: Commands) -> None:
    """Add the commands that join a reader's own data to the graph."""
    graph = graph_options()

    crosswalk = add(
        commands,
        "crosswalk",
        "joining",
        "lead from the codes of one list to the addresses of pkgraph or the codes of another list",
        graph,
    )
    crosswalk.add_argument(
        "--from",
        dest="source_scheme",
        required=True,
        metavar="SCHEME",
        help="the list whose codes to start from, such as geo-pko; or iri",
    )
    crosswalk.add_argument(
        "--to",
        dest="target",
        required=True,
        metavar="SCHEME",
        help="the list whose codes to find, such as unpmm; or iri, the addresses of pkgraph",
    )
    add_format(crosswalk, ROW_FORMATS)

    reconcile = add(
        commands,
        "reconcile",
        "joining",
        "add to a table of one's own which operation or state each row names",
        graph,
    )
    reconcile.add_argument("file", metavar="FILE", help="a table as CSV, in UTF-8, with a header")
    reconcile.add_argument(
        "--column", required=True, metavar="NAME", help="the column that has the names or codes"
    )
    reconcile.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, which may be the same and is replaced in one step; otherwise to "
        "standard output",
    )
    reconcile.add_argument(
        "--kind",
        choices=("any", "operation", "state"),
        default="any",
        help="what the column names (any unless told otherwise)",
    )
    reconcile.add_argument(
        "--scheme", metavar="SCHEME", help="the list whose codes the column has, such as cow"
    )
    reconcile.add_argument(
        "--threshold",
        type=float,
        metavar="N",
        help="the least score, of 100, that a name spelt otherwise is accepted with (88 unless "
        "told otherwise)",
    )
    reconcile.add_argument(
        "--delimiter", metavar="CHARACTER", help="what separates the columns, if it is not a comma"
    )
