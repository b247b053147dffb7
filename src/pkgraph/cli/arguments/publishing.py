"""The commands that make something to be published elsewhere."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from pkgraph.cli.arguments.commands import add, graph_options

if TYPE_CHECKING:
    from pkgraph.cli.arguments.commands import Commands


_SITE: Final = """\
Write the whole site as files: a page for each thing, its data in all formats, debates and argument
maps, timelines, the map of the world, the answers to the canned queries, the ontology, and a search
that works in the browser. Links are relative, so it works wherever it is put, and every one of them
is followed before anything is replaced. The same release gives the same bytes.
"""
_EXAMPLES: Final = """\
examples:
  pkgraph publish site
  pkgraph publish site --base-url https://example.org/pkgraph
  python3 -m http.server --directory site

What needs a server, such as SPARQL, forms and checks, is left out; pkgraph serve has it.
"""


def _number(text: str) -> int:
    """Return the number of processes that *text* is."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it is 1 or more")
    return number


_DEPLOY: Final = """\
Put the shipped graph, or other data, into a triple store that serves it from then on. Each graph
that differs is sent under a name of its own and read back; when all have arrived, one update puts
them in place, and drops graphs of pkgraph that are no more. Until then the old release is served.
What is interrupted goes on when the same is run again, and what is there already is not sent. No
graph but pkgraph's is touched.
"""
_DEPLOY_EXAMPLES: Final = """\
examples:
  pkgraph deploy http://127.0.0.1:7878/query              Oxigraph
  pkgraph deploy http://127.0.0.1:3030/ds/sparql          Fuseki
  pkgraph deploy http://127.0.0.1:8890/sparql             Virtuoso
  pkgraph deploy http://127.0.0.1:8080/rdf4j-server/repositories/pkgraph

Where these take updates and graphs is known; for others, give --update and --graph-store. Who
writes is told by PKGRAPH_USER and PKGRAPH_PASSWORD, or PKGRAPH_TOKEN.
"""


def add_deploy(commands: Commands) -> None:
    """Add the command ``deploy``."""
    deploy = add(commands, "deploy", "deploying", "put the graph into a triple store of others")
    deploy.description = _DEPLOY
    deploy.epilog = _DEPLOY_EXAMPLES
    deploy.formatter_class = argparse.RawDescriptionHelpFormatter
    deploy.add_argument("url", metavar="URL", help="where the server takes queries")
    deploy.add_argument("--update", metavar="URL", help="where it takes updates")
    deploy.add_argument(
        "--graph-store",
        metavar="URL",
        help="where it takes whole graphs (SPARQL 1.1 Graph Store Protocol)",
    )
    deploy.add_argument(
        "--data",
        nargs="+",
        default=[],
        metavar="FILE",
        help="put these RDF files there, or the store in this folder, in place of the graph that "
        "comes with pkgraph; their graphs must have names of pkgraph, as in N-Quads",
    )


def add_publishing(commands: Commands) -> None:
    """Add the commands that make something to be published elsewhere."""
    site = add(
        commands,
        "publish",
        "publication",
        "write the whole site as files, which any file host serves",
        graph_options(),
    )
    site.description = _SITE
    site.epilog = _EXAMPLES
    site.formatter_class = argparse.RawDescriptionHelpFormatter
    site.add_argument(
        "folder",
        metavar="DIR",
        help="the folder to write: one that is not there yet, is empty, or was published before, "
        "and then it is replaced once all is written",
    )
    site.add_argument(
        "--base-url",
        metavar="URL",
        help="where it will be reached, as https://example.org/pkgraph; needed for a site map, the "
        "redirects of w3id.org and whole addresses in the description of the data set",
    )
    site.add_argument(
        "--processes",
        type=_number,
        metavar="NUMBER",
        help="how many processes make the pages (one for each core unless told otherwise)",
    )
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
