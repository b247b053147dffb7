"""Write a whole site: the pages, and what belongs to none of them."""

from __future__ import annotations

import gzip
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pkgraph import export, resources, serialization
from pkgraph.errors import UsageError
from pkgraph.namespaces import BASE
from pkgraph.publication import documents, finding, folders, places, redirects
from pkgraph.publication.following import follow
from pkgraph.publication.making import Plan
from pkgraph.publication.remembering import folder_of
from pkgraph.store import OxigraphStore
from pkgraph.web.catalog import DUMP
from pkgraph.web.linked import DATA_SET, EXAMPLES
from pkgraph.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pkgraph.graph import Graph

#: What to begin with, besides the things; the rest is what pages lead to.
_FIRST: Final = (
    "/",
    "/queries",
    "/search",
    "/timeline",
    "/world",
    *(
        f"{document}{ending}"
        for document in (DATA_SET, EXAMPLES)
        for ending in ("", *(f".{name}" for name in serialization.GRAPH_FORMATS))
    ),
)
#: How many addresses a site map has: https://www.sitemaps.org/protocol.html
_MOST_IN_MAP: Final = 50_000


@dataclass(frozen=True, slots=True)
class Published:
    """How many ``pages`` and ``files`` there are, of so many ``bytes``; what is ``without`` one."""

    pages: int
    files: int
    bytes: int
    without: tuple[str, ...]


def publish(
    graph: Graph,
    target: Path,
    base_url: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
    processes: int | None = None,
) -> Published:
    """
    Write the site of *graph* into the folder *target*, all of it or nothing.

    Args:
        graph: What is published.
        target: A folder that is not there, is empty, or has a site that was published before.
        base_url: Where it will be reached; left out, the addresses in it are relative and those of
            w3id.org.
        progress: Is told how many files there are, again and again.
        processes: How many processes make the pages; left out, one for each core.

    Raises:
        UsageError: There is something else at *target*, *base_url* is not a URL, or the graph is at
            an endpoint elsewhere.
        PublicationError: A page leads to what is not there, or two files have one name.
        OSError: It cannot be written.
    """
    if not isinstance(graph.store, OxigraphStore):
        raise UsageError(
            "an endpoint elsewhere cannot be published; give its data with --data, as files"
        )
    known, without = places.things(graph.store)
    site = Site.of(graph, base_url, published=lambda iri: places.has_page(iri, known))
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pkgraph-")))
        folder = stack.enter_context(folders.replaced(target))
        store = folder_of(graph.store, temporary)
        plan = Plan(str(store), graph.release, site.base_url, str(folder))
        others = _others(graph, site)
        first = (*_FIRST, *(f"/{iri.removeprefix(BASE)}.html" for iri in known))
        made = follow(plan, first, others, progress, processes)
        pages = sorted(each.file for each in made.values() if each.is_page)
        others |= _maps(site, pages)
        for file, content in others.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        found = Published(
            pages=len(pages),
            files=len(made) + len(others) + 1,
            bytes=sum(each.size for each in made.values()) + sum(map(len, others.values())),
            without=tuple(sorted(without)),
        )
        folders.mark(
            folder,
            {
                "pkgraph": resources.version(),
                "release": graph.release,
                "base_url": site.base_url,
                "pages": found.pages,
                "files": found.files,
            },
        )
    return found


def _others(graph: Graph, site: Site) -> dict[str, bytes]:
    """Return the files that are no answers of the application."""
    text = export.export(graph.store, "nq")
    found = {
        DUMP: gzip.compress(text.encode(), mtime=0),
        "404.html": _not_found(site).encode(),
        "find.json": finding.index(graph.store),
        ".htaccess": redirects.apache(site).encode(),
        ".nojekyll": b"",  # GitHub Pages would leave out what begins with a dot
    }
    if site.base_url:
        rules, read_me = redirects.w3id(site.base_url)
        found |= {"w3id/.htaccess": rules.encode(), "w3id/README.md": read_me.encode()}
    return found


def _not_found(site: Site) -> str:
    """Return the page for what is not there: it is shown at any address, so its links are whole."""
    text = site.render(
        "error",
        title="Not Found",
        message="there is nothing at this address",
        suggestions=(),
    )
    return documents.read(text, site.base_url, lambda file: f"{site.prefix}/{file}").text


def _maps(site: Site, pages: Iterable[str]) -> dict[str, bytes]:
    """Return what tells robots where to look: where it is not known where that is, only that."""
    robots = "User-agent: *\nAllow: /\n"
    if not site.base_url:
        return {"robots.txt": robots.encode()}
    addresses = [f"{site.base_url}/{page.removesuffix('index.html')}" for page in pages]
    parts = [
        addresses[start : start + _MOST_IN_MAP] for start in range(0, len(addresses), _MOST_IN_MAP)
    ]
    maps = {
        f"sitemap-{number}.xml": _list("urlset", "url", part)
        for number, part in enumerate(parts, start=1)
    }
    of_maps = [f"{site.base_url}/{name}" for name in maps]
    maps["sitemap.xml"] = _list("sitemapindex", "sitemap", of_maps)
    robots += f"Sitemap: {site.base_url}/sitemap.xml\n"
    return {"robots.txt": robots.encode(), **{name: each.encode() for name, each in maps.items()}}


def _list(name: str, of: str, addresses: Iterable[str]) -> str:
    """Return a list of *addresses* as the protocol of site maps has it; no sign in them is XML."""
    rows = "".join(f"<{of}><loc>{each}</loc></{of}>\n" for each in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{name}>\n'
    )
