"""Make the pages of things that have a kind of page of their own, and what to take from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import bibliography, pages, serialization
from pkgraph.errors import NotFoundError
from pkgraph.namespaces import BASE, compact
from pkgraph.pages import kinds
from pkgraph.web.linked import DOCUMENTS, Asked, Content
from pkgraph.web.scripts import script

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgraph.catalogue import Query
    from pkgraph.pages import Description, Group
    from pkgraph.pages.kinds import Kind
    from pkgraph.results import Table
    from pkgraph.web.site import Site

#: What can be taken away from a page besides statements, by the ending of its address.
FORMATS: Final = ("bib", "ris", "csl", "csv")
#: How many values of each property the foot of a page shows; its other formats have all.
_FOOT: Final = 12


def page(
    site: Site,
    asked: Asked,
    kind: Kind,
    questions: Callable[[Description], list[tuple[Query, str]]],
    everything: Callable[[str, Group], str],
) -> Content:
    """
    Return the page about a thing of a *kind*; *questions* and *everything* are as on all pages.

    Raises:
        NotFoundError: There is no such page.
    """
    store = site.graph.store
    told = kinds.read(store, kind, asked.iri, asked.page)
    about = pages.describe(store, asked.iri, limit=_FOOT)
    segment = asked.path.removeprefix("/").partition("/")[0]
    first = asked.page == 1
    text = site.render(
        told.kind,
        about=about,
        above=[(f"/{segment}", segment)],
        asked=asked,
        citation=pages.citation_tags(store, about) if first else (),
        cite=pages.cite(about, site.graph.release, dated=not site.published),
        content=told.content,
        documents=[name for name in DOCUMENTS if name != "html"],
        everything=everything,
        kind=told.kind,
        more=told.more,
        names=told.names,
        questions=questions(about) if first else (),
        structured=script(pages.structured(about)) if first else None,
    )
    return Content(text, told.more, apart=True)


def taken_away(site: Site, asked: Asked) -> Content:
    """
    Return the claims of a page as CSV, or the works that it names as references.

    Raises:
        NotFoundError: Pages of things of this kind have no such thing.
    """
    store = site.graph.store
    pages.require(store, asked.iri)
    kind = kinds.kind_of(kinds.classes(store, asked.iri))
    if kind is None or asked.page > 1:
        raise NotFoundError(f"there is no {asked.format} of {compact(asked.iri)}", (asked.iri,))
    table = kinds.tabulate(store, kind, asked.iri)
    if asked.format == "csv":
        return Content(serialization.write(table, "csv"))
    write = {"bib": bibliography.bibtex, "ris": bibliography.ris, "csl": bibliography.csl_json}
    works = bibliography.works_behind(store, _named(asked.iri, table))
    return Content(write[asked.format](store, works))


def _named(iri: str, table: Table) -> list[str]:
    """Return *iri* and the things in *table*, each once."""
    terms = (term for row in table.terms for term in row)
    named = (each.value for each in terms if isinstance(each, ox.NamedNode))
    return list(dict.fromkeys([iri, *(each for each in named if each.startswith(BASE))]))
