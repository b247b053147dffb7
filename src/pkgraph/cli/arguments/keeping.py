"""The commands that look after files and the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import CONTRIBUTED, add, add_format

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands


def add_keeping(commands: Commands) -> None:
    """Add the commands that look after files and the store."""
    build = add(
        commands,
        "build",
        "keeping",
        "build the store of the shipped graph, unless it is in the cache, which other commands do "
        "by themselves; or a store of other data, of any size, in a folder",
    )
    build.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="build a store of these RDF files, in place of the graph that comes with pkgraph",
    )
    build.add_argument(
        "--out", metavar="DIR", help="the folder for the store of other data, which is not there"
    )

    check = add(commands, "check", "checking", "check files against the shapes before contributing")
    check.add_argument("files", nargs="+", metavar="FILE", help=CONTRIBUTED)
    check.add_argument(
        "--shapes", metavar="FILE", help="SHACL shapes to check against, in place of pkgraph's"
    )
    check.add_argument(
        "--engine",
        choices=("shacl", "pyshacl"),
        help="what validates: shacl, which is compiled and fast, unless told otherwise; or "
        "pyshacl, the reference, which is slow",
    )
    check.add_argument(
        "--fix",
        action="store_true",
        help="mend in the files what can be meant in one way only, and say what was mended",
    )
    check.add_argument(
        "--links",
        default="",
        metavar="URL",
        help="the address of the folder that the files are read in, for the links of Markdown",
    )
    add_format(check, ("text", "json", "sarif", "md", "html", "ttl"))

    format_ = add(commands, "format", "keeping", "write files of Turtle in their one form")
    format_.add_argument("files", nargs="+", metavar="FILE", help="a file of Turtle")
    format_.add_argument(
        "--check", action="store_true", help="write nothing; name the files that would change"
    )

    diff = add(
        commands,
        "diff",
        "comparing",
        "say by labels what differs between two states of a graph: what was added, changed and "
        "removed; the exit status is 0 if nothing, and 1 if anything",
    )
    for name, text in (("before", "the earlier state"), ("after", "the later state")):
        diff.add_argument(
            name,
            metavar=name.upper(),
            help=f"{text}: a file, a folder of files of Turtle, the folder of a store, or the word "
            "shipped for the graph that comes with pkgraph",
        )
    add_format(diff, ("text", "md"))

    generate = add(
        commands,
        "generate",
        "generating",
        "make up a literature of any size that has the shape of the encoded sources, as N-Quads: "
        "to try out what a store, a server or a program takes",
    )
    generate.add_argument(
        "--claims", type=int, required=True, metavar="N", help="how many claims it has"
    )
    generate.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="S",
        help="which literature of this size: the same N and S give the same bytes (1 unless told "
        "otherwise)",
    )
    generate.add_argument(
        "--out", metavar="FILE", help="write to this file, in place of standard output"
    )

    verify = add(
        commands,
        "verify",
        "keeping",
        "verify the ontology and the graph: every term declared, every claim with its passage, "
        "the rules of hygiene kept, the shapes conformed to, and all consistent by HermiT",
    )
    verify.add_argument(
        "files", nargs="*", metavar="FILE", help="further files to verify together with the graph"
    )
