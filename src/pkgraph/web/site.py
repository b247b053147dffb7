"""What every page needs: the graph, where the server is reached, and how pages are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urlsplit

import jinja2
from starlette.responses import HTMLResponse

from pkgraph import resources
from pkgraph.errors import UsageError
from pkgraph.evaluation import InThreads
from pkgraph.namespaces import BASE, compact
from pkgraph.pages import Value
from pkgraph.pages.atlas import lettering
from pkgraph.tables import shown
from pkgraph.web import languages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pkgraph.evaluation import Evaluator
    from pkgraph.graph import Graph

FOLDER: Final = Path(__file__).resolve().parent
#: What may stand in the path of an IRI as it is.
_PLAIN: Final = "/:@!$&'()*+,;=~#"
_BASE_URL: Final = re.compile(r"https?://[^\s/?#@\"'<>;,]+(?:/[A-Za-z0-9._~/-]*)?")


@dataclass(frozen=True, slots=True)
class Site:
    """
    The graph that is served and how its pages are made.

    ``base_url`` is where others reach the server, without a slash at its end; empty, links are
    relative to the root of the host. ``evaluator`` answers the queries of strangers. Where pages
    are for files, which no server answers for, ``published`` tells which IRIs have one.
    """

    graph: Graph
    base_url: str
    environment: jinja2.Environment
    evaluator: Evaluator
    published: Callable[[str], bool] | None = None

    @classmethod
    def of(
        cls,
        graph: Graph,
        base_url: str | None,
        evaluator: Evaluator | None = None,
        published: Callable[[str], bool] | None = None,
    ) -> Site:
        """
        Return the site of *graph* that others reach at *base_url*.

        The queries of strangers go to *evaluator*; without one, to threads of this process. Where
        it is *published* as files, only the IRIs of which that holds have a page.

        Raises:
            UsageError: *base_url* is not an http or https URL of a host and a path.
        """
        if base_url and not _BASE_URL.fullmatch(base_url):
            raise UsageError(
                f"'{base_url}' is not a base URL; write the scheme, the host and perhaps a path, "
                "as https://example.org/pkgraph"
            )
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        site = cls(
            graph,
            (base_url or "").rstrip("/"),
            environment,
            evaluator or InThreads(graph),
            published,
        )
        environment.globals |= {
            "compact": compact,
            "href": site.href,
            "link": site.link,
            "plain": lettering.plain,
            "published": published is not None,
            "release": graph.release,
            "shown": shown,
            "version": resources.version(),
        }
        environment.filters["said"] = languages.said
        environment.tests["value"] = lambda each: isinstance(each, Value)
        return site

    @property
    def prefix(self) -> str:
        """The path of ``base_url``, under which a proxy may pass requests on."""
        return urlsplit(self.base_url).path

    @property
    def origin(self) -> str:
        """The scheme and host of ``base_url``; empty if there is none."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def link(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """Return the address of *path*, which begins with a slash, on this server."""
        return f"{self.base_url}{path}{'?' + urlencode(query) if query else ''}"

    def href(self, iri: str) -> str | None:
        """
        Return where *iri* is read: here, if it is one of ours, or where it says itself.

        An IRI that is no web address has no such place: data from elsewhere may hold any.
        """
        if iri.startswith(BASE):
            if self.published and not self.published(iri):
                return None
            return self.link("/" + quote(iri.removeprefix(BASE), safe=_PLAIN))
        return iri if iri.startswith(("http://", "https://")) else None

    def page(self, template: str, status: int = 200, **context: object) -> HTMLResponse:
        """Return the page that *template* makes of *context*."""
        return HTMLResponse(self.render(template, **context), status)

    def render(self, template: str, **context: object) -> str:
        """Return the text of the page that *template* makes of *context*."""
        return self.environment.get_template(f"{template}.html").render(**context)
