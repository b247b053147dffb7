"""What the command takes: its commands, their arguments and what ``--help`` says of them."""

from __future__ import annotations

import argparse
from typing import Final

from pkgraph.serialization import GRAPH_FORMATS, TABLE_FORMATS

_ROW_FORMATS: Final = ("table", *TABLE_FORMATS, "md")

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
    _add_asking(commands)
    _add_joining(commands)
    _add_keeping(commands)
    return top


def _add_asking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that ask a graph."""
    graph = _graph_options()

    queries = _add(
        commands,
        "queries",
        "asking",
        "list the canned queries, or tell all about one: what it asks, its parameters and columns",
    )
    queries.add_argument("name", nargs="?", metavar="NAME", help="the query to tell about")
    _add_format(queries, ("table", "json", "csv", "md"))

    query = _add(commands, "query", "asking", "run a canned query", graph)
    query.add_argument("name", metavar="NAME", help="a query that `pkgraph queries` lists")
    query.add_argument(
        "values",
        nargs="*",
        metavar="PARAMETER=VALUE",
        help="a value for a parameter; a thing may be given by IRI, CURIE, slug, or a name that "
        "only it has, such as author=Woodhouse",
    )
    _add_format(query, (*_ROW_FORMATS, "bibtex"))

    sparql = _add(commands, "sparql", "asking", "run a SPARQL 1.1 query", graph)
    sparql.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the query; - is standard input"
    )
    _add_format(sparql, (*_ROW_FORMATS, *GRAPH_FORMATS))

    find = _add(commands, "find", "asking", "find things by what they are called", graph)
    find.add_argument("text", nargs="+", metavar="TEXT", help="a name, or some words of one")
    _add_format(find, ("table", "json", "csv", "md"))

    show = _add(commands, "show", "asking", "show what the graph says of a thing", graph)
    show.add_argument("thing", metavar="THING", help="an IRI, a CURIE, a slug or a name")
    _add_format(show, ("text", *GRAPH_FORMATS))

    export = _add(
        commands,
        "export",
        "keeping",
        "write out the whole graph, derived statements included",
        graph,
    )
    export.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, which is replaced in one step when all is well",
    )
    _add_format(export, ("nq", "trig", *GRAPH_FORMATS), default="nq")

    serve = _add(
        commands, "serve", "serving", "serve pages and a read-only SPARQL endpoint over HTTP", graph
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    serve.add_argument("--port", type=int, default=8080, help="the port to listen at")
    serve.add_argument(
        "--base-url",
        metavar="URL",
        help="the address under which others reach the server, for the links in its pages",
    )


def _add_joining(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that join a reader's own data to the graph."""
    graph = _graph_options()

    crosswalk = _add(
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
    _add_format(crosswalk, _ROW_FORMATS)

    reconcile = _add(
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


def _add_keeping(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that look after files and the store."""
    _add(
        commands,
        "build",
        "keeping",
        "build the store of the shipped graph, unless it is in the cache; other commands do so "
        "by themselves",
    )

    check = _add(commands, "check", "keeping", "check files against the shapes before contributing")
    check.add_argument("files", nargs="+", metavar="FILE", help="a file of Turtle")
    check.add_argument(
        "--shapes", metavar="FILE", help="SHACL shapes to check against, in place of pkgraph's"
    )
    check.add_argument(
        "--engine",
        choices=("shacl", "pyshacl"),
        help="what validates: shacl, compiled and fast, which is what pkgraph's shapes are run by; "
        "or pyshacl, which also refuses broken shapes and is what the shapes of others are run by",
    )
    _add_format(check, ("text", "json", "ttl"))

    format_ = _add(commands, "format", "keeping", "write files of Turtle in their one form")
    format_.add_argument("files", nargs="+", metavar="FILE", help="a file of Turtle")
    format_.add_argument(
        "--check", action="store_true", help="write nothing; name the files that would change"
    )

    verify = _add(
        commands,
        "verify",
        "keeping",
        "verify the ontology and the graph: every term declared, every claim with its passage, "
        "the rules of hygiene kept, the shapes conformed to, and all consistent by HermiT",
    )
    verify.add_argument(
        "files", nargs="*", metavar="FILE", help="further files to verify together with the graph"
    )

    import_ = _add(
        commands,
        "import",
        "importing",
        "import a table of the personnel that states sent to operations into a store of its own",
    )
    import_.add_argument("what", choices=("personnel",), help="what the table is of")
    import_.add_argument("file", metavar="FILE", help="the table, in comma-separated values")
    import_.add_argument(
        "--mapping", metavar="FILE", required=True, help="YAML that says how the table is laid out"
    )
    import_.add_argument(
        "--store",
        metavar="DIR",
        required=True,
        help="the folder of the store, which is made if it is not there; ask it with --data DIR",
    )
    import_.add_argument(
        "--partial", action="store_true", help="import the good rows even if others are rejected"
    )
    import_.add_argument("--rejects", metavar="FILE", help="write the rejected rows to FILE")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    module: str,
    text: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    """Add the command *name*, a function of *module* in this package; *text* says what for."""
    sentence = text[0].upper() + text[1:] + "."
    command = commands.add_parser(
        name, help=text, description=sentence, parents=parents, allow_abbrev=False
    )
    command.set_defaults(module=module, command=name)
    return command


def _add_format(
    command: argparse.ArgumentParser, names: tuple[str, ...], default: str | None = None
) -> None:
    command.add_argument(
        "--format",
        choices=names,
        default=default or names[0],
        help=f"how to write the answer ({default or names[0]} unless told otherwise)",
    )


def _graph_options() -> argparse.ArgumentParser:
    """Return the options that say which graph is asked."""
    options = argparse.ArgumentParser(add_help=False)
    group = options.add_argument_group("which graph to ask")
    group.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="ask these RDF files, or the store in this folder, in place of the graph that comes "
        "with pkgraph",
    )
    group.add_argument(
        "--endpoint", metavar="URL", help="ask a SPARQL endpoint that has a graph of this kind"
    )
    group.add_argument(
        "--source",
        nargs="+",
        action="extend",
        default=[],
        metavar="SLUG",
        help="ask only what these encoded works say, such as bellamy-2004, and the shared lists",
    )
    return options


class _Version(argparse.Action):
    """Print the version, which is looked up only when it is asked for."""

    def __init__(self, option_strings: list[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from pkgraph import resources

        print(f"pkgraph {resources.version()}")
        parser.exit()
