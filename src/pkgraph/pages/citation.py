"""
Say what a reference manager takes from the head of a page about a work.

The names of the tags are those of Highwire Press, which Zotero and Google Scholar read. As in
BibTeX, a work has what its sources print of it, and what the graph calls it where they print no
title.

Source:
    Inclusion Guidelines for Webmasters: https://scholar.google.com/intl/en/scholar/inclusion.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pkgraph import ontology, resources, search, terms
from pkgraph.namespaces import PK
from pkgraph.pages.atlas import lettering

if TYPE_CHECKING:
    from pkgraph.pages.description import Description
    from pkgraph.store import Store

DOI: Final = "https://doi.org/"
#: What the thing is called in which a work of a kind is published.
_CONTAINER: Final = {
    "article": "citation_journal_title",
    "encyclopedia-article": "citation_inbook_title",
    "book-chapter": "citation_inbook_title",
}
#: What each column of the query below is, but for those that need more care.
_PLAIN: Final = {
    "citation_title": 0,
    "citation_publication_date": 1,
    "citation_doi": 3,
    "citation_publisher": 5,
}
_KIND, _WITHIN, _ISSUER = 2, 4, 5


def citation_tags(store: Store, about: Description) -> tuple[tuple[str, str], ...]:
    """Return the names and values of the tags for what *about* describes; none if it is no work."""
    classes = {each.iri for each in about.classes if each.iri}
    if not any(PK + "Work" in ontology.superclasses(each) for each in classes):
        return ()
    work = terms.iri(about.iri)
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT (COALESCE(?given, ?label) AS ?title) ?year ?kind ?doi "
            f"?container ?issuer WHERE {{ BIND({work} AS ?work) "
            "OPTIONAL { ?work dcterms:title ?given } OPTIONAL { ?work rdfs:label ?label } "
            "OPTIONAL { ?work pk:year ?year } OPTIONAL { ?work pk:workKind ?kind } "
            "OPTIONAL { ?work skos:exactMatch ?match "
            f'FILTER(STRSTARTS(STR(?match), "{DOI}")) '
            f'BIND(STRAFTER(STR(?match), "{DOI}") AS ?doi) }} '
            "OPTIONAL { ?work pk:publishedIn/dcterms:title ?container } "
            "OPTIONAL { ?work pk:issuedBy/rdfs:label ?issuer } } "
            "ORDER BY ?title ?year ?kind ?doi ?container ?issuer LIMIT 1"
        )
    )
    row = rows[0]  # there is one, whatever of it is bound
    kind = row[_KIND].rpartition("/")[2]
    tags = [(name, row[place]) for name, place in _PLAIN.items()]
    tags[1:1] = [("citation_author", name) for name in _authors(store, str(work))]
    tags.append((_CONTAINER.get(kind, "citation_book_title"), row[_WITHIN]))
    if kind == "report":
        tags = [(name, text) for name, text in tags if name != "citation_publisher"]
        tags.append(("citation_technical_report_institution", row[_ISSUER]))
    return tuple((name, text) for name, text in tags if text)


def cite(about: Description, release: str, *, dated: bool = True) -> str:
    """
    Return how to cite the page of what *about* describes: name, release, today (UTC), IRI.

    What is the same on any day is not *dated*.
    """
    kinds = ", ".join(each.text for each in about.classes)
    label = lettering.plain(about.label)
    return (
        f"“{label}”{f' ({kinds})' if kinds else ''}, pkgraph {resources.version()}, "
        f"graph {release}{f', {datetime.now(tz=UTC):%Y-%m-%d}' if dated else ''}. {about.iri}"
    )


def _authors(store: Store, work: str) -> list[str]:
    """Return the authors of *work*, in the order in which its source prints them."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?author ?family ?given ?label ?printed WHERE {{ "
            f"{{ {work} pk:author ?author OPTIONAL {{ ?author pk:familyName ?family }} "
            "OPTIONAL { ?author pk:givenName ?given } OPTIONAL { ?author rdfs:label ?label } } "
            f"UNION {{ {work} pk:authorsPrinted ?text BIND(STR(?text) AS ?printed) }} }} "
            "ORDER BY ?author ?family ?given ?label"
        )
    )
    printed = next((row[4] for row in rows if row[4]), "")
    named: dict[str, tuple[int, str]] = {}
    for iri, family, given, label, _ in rows:
        if iri and iri not in named:
            place = printed.find(family or label)
            name = f"{family}, {given}" if family and given else family or label
            named[iri] = (place if place >= 0 else len(printed), name)
    if not named:  # known only by what is printed, which may be several names
        return [printed] if printed else []
    return [name for _, name in sorted(named.values())]
