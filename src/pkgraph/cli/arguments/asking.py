"""The commands that ask a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgraph.cli.arguments.commands import ROW_FORMATS, add, add_format, graph_options
from pkgraph.loaders.known import ENGINES
from pkgraph.serialization import GRAPH_FORMATS

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands


def add_asking(commands: Commands) -> None:
    """Add the commands that ask a graph."""
    graph = graph_options()

    queries = add(
        commands,
        "queries",
        "asking",
        "list the canned queries, or tell all about one: what it asks, its parameters and columns",
    )
    queries.add_argument("name", nargs="?", metavar="NAME", help="the query to tell about")
    add_format(queries, ("table", "json", "csv", "md"))

    query = add(commands, "query", "asking", "run a canned query", graph)
    query.add_argument("name", metavar="NAME", help="a query that `pkgraph queries` lists")
    query.add_argument(
        "values",
        nargs="*",
        metavar="PARAMETER=VALUE",
        help="a value for a parameter; a thing may be given by IRI, CURIE, slug, or a name that "
        "only it has, such as author=Woodhouse",
    )
    add_format(query, (*ROW_FORMATS, "bibtex"))

    sparql = add(commands, "sparql", "asking", "run a SPARQL 1.1 query", graph)
    sparql.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the query; - is standard input"
    )
    add_format(sparql, (*ROW_FORMATS, *GRAPH_FORMATS))

    find = add(commands, "find", "asking", "find things by what they are called", graph)
    find.add_argument("text", nargs="+", metavar="TEXT", help="a name, or some words of one")
    add_format(find, ("table", "json", "csv", "md"))

    show = add(commands, "show", "asking", "show what the graph says of a thing", graph)
    show.add_argument("thing", metavar="THING", help="an IRI, a CURIE, a slug or a name")
    add_format(show, ("text", *GRAPH_FORMATS))

    export = add(
        commands,
        "export",
        "keeping",
        "write out the whole graph, derived statements included",
        graph,
    )
    export.add_argument(
        "--out",
        metavar="FILE",
        help="write to FILE, which is replaced in one step when all is well; with --for, the "
        "folder to write, which is not there yet or is empty",
    )
    export.add_argument(
        "--for",
        dest="engine",
        choices=sorted(ENGINES),
        metavar="ENGINE",
        help="write a folder that the bulk loader of this triple store takes, with a script that "
        f"loads it, in place of one file: {', '.join(sorted(ENGINES))}",
    )
    add_format(export, ("nq", "trig", "jelly", *GRAPH_FORMATS), default="nq")

    serve = add(
        commands, "serve", "serving", "serve pages and a read-only SPARQL endpoint over HTTP", graph
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    serve.add_argument("--port", type=int, default=8080, help="the port to listen at")
    serve.add_argument(
        "--base-url",
        metavar="URL",
        help="the address under which others reach the server, for the links in its pages",
    )
    serve.add_argument(
        "--log",
        choices=("none", "json"),
        default="none",
        help="what to write to standard error: none for faults alone, json for a line of JSON for "
        "each request as well, without addresses of askers and without what they ask",
    )
    serve.add_argument(
        "--workers",
        type=int,
        default=2,
        metavar="N",
        help="how many processes answer SPARQL queries, each within limits of time and memory; "
        "with 0, or with --endpoint, there are no such limits (default: 2)",
    )
    serve.add_argument(
        "--release",
        metavar="RELEASE",
        help="serve a release, verified first: the folder or the file that `pkgraph release` has "
        "written, or URL#sha256=HASH of such a file, which is fetched once and kept",
    )
    serve.add_argument(
        "--tokens",
        metavar="FILE",
        help="take contributions, into the store that --data names, from those who have one of the "
        "tokens that `pkgraph token new` put into FILE; without, there is nothing of the kind",
    )
