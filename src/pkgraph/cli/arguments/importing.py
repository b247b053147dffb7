"""The commands that bring in what others have: import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import add

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands


def add_importing(commands: Commands) -> None:
    """Add the command ``import``, with one command below it for each kind of thing."""
    text = "bring in what you have in another form"
    import_ = commands.add_parser("import", help=text, description=text[0].upper() + text[1:] + ".")
    kinds = import_.add_subparsers(title="what to import", metavar="KIND", required=True)
    _add_table(kinds)
    _add_personnel(kinds)
    _add_bibliography(kinds)
    _add_nanopub(kinds)


def _add_table(kinds: Commands) -> None:
    table = add(
        kinds,
        "table",
        "spreadsheets",
        "check spreadsheets that were filled in from a template, and write them as Turtle",
        function="import_table",
    )
    table.add_argument(
        "files", nargs="+", metavar="FILE", help="a workbook (.xlsx), or one sheet (.csv)"
    )
    table.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, which is replaced in one step; otherwise to standard output",
    )


def _add_personnel(kinds: Commands) -> None:
    personnel = add(
        kinds,
        "personnel",
        "importing",
        "import a table of the personnel that states sent to operations into a store of its own",
        function="import_personnel",
    )
    personnel.add_argument("file", metavar="FILE", help="the table, in comma-separated values")
    personnel.add_argument(
        "--mapping", metavar="FILE", required=True, help="YAML that says how the table is laid out"
    )
    personnel.add_argument(
        "--store",
        metavar="DIR",
        required=True,
        help="the folder of the store, which is made if it is not there; ask it with --data DIR",
    )
    personnel.add_argument(
        "--partial", action="store_true", help="import the good rows even if others are rejected"
    )
    personnel.add_argument("--rejects", metavar="FILE", help="write the rejected rows to FILE")


def _add_nanopub(kinds: Commands) -> None:
    nanopub = add(
        kinds,
        "nanopub",
        "nanopublications",
        "check nanopublications, their hashes and signatures included, and write what they assert",
        function="import_nanopub",
    )
    nanopub.add_argument(
        "files", nargs="+", metavar="FILE", help="nanopublications in TriG, or N-Quads (.nq)"
    )
    nanopub.add_argument(
        "--out",
        metavar="FILE",
        help="write the Turtle to FILE, which is replaced in one step; otherwise to standard "
        "output",
    )


def _add_bibliography(kinds: Commands) -> None:
    bibliography = add(
        kinds,
        "bibliography",
        "references",
        "write the references of bibliographies that the graph does not have as works, in Turtle",
        function="import_bibliography",
    )
    bibliography.add_argument(
        "files", nargs="+", metavar="FILE", help="BibTeX (.bib), RIS (.ris) or CSL-JSON (.json)"
    )
    bibliography.add_argument(
        "--out", metavar="FILE", help="write to FILE in one step; otherwise to standard output"
    )
