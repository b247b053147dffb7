"""
The search: what was found by kind, in pages, and suggestions as one types.

What was looked for and what was found are untrusted. Both reach a page as texts in parts, some of
them marked, and the template escapes each part.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from starlette.responses import JSONResponse, Response

from pkgraph import search, terms
from pkgraph.errors import NotFoundError, ParameterError
from pkgraph.web import negotiation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from pkgraph.search import Found, Hits, Kind
    from pkgraph.web.site import Site

    Parts = tuple[tuple[str, bool], ...]
    _Called = tuple[str, str]

#: How many things a page of one kind has, a list as JSON, and each kind where all are shown.
_PAGE: Final = 20
_LIST: Final = 50
_OF_EACH: Final = 5
_SUGGESTED: Final = 8
#: How much of a long text is shown, in characters, and how much of it before what fits.
_EXCERPT: Final = 200
_BEFORE: Final = 60
#: The properties whose texts are found.
_TEXTS: Final = f"{search.NAMING}|skos:definition|skos:editorialNote"
_KINDS: Final = {kind.name: kind for kind in search.KINDS}
#: The longest number of a page.
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Item:
    """
    A thing that was found: its label, and the text by which it was, with what fits marked.

    ``languages`` are those of the two, where they are not English.
    """

    iri: str
    label: Parts
    by: Parts
    languages: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of a kind: how many things there are, and some of them."""

    kind: Kind
    total: int
    items: Sequence[Item]


def page(site: Site, request: Request) -> Response:
    """Find things by what they are called and by what is said of them."""
    if site.published:
        return site.page("find")  # which searches in the browser
    given = request.query_params
    text = given.get("q", "").strip()
    if negotiation.choose(request.headers.get("accept"), ("html", "json")) == "json":
        return JSONResponse(_listed(site, text, _kind(given.get("kind")), _number(given)))
    try:
        kind, number = _kind(given.get("kind")), _number(given)
        hits = _look(site, text, kind, number)
    except ParameterError as error:
        return site.page(
            "search", HTTPStatus.BAD_REQUEST, text=text[:_EXCERPT], error=str(error), **_NOTHING
        )
    groups = _groups(hits, kind, _languages(site, hits))
    if kind and number > 1 and not hits.found:
        raise NotFoundError(f"there is no page {number} of these {kind.label.lower()}")
    return site.page(
        "search",
        text=text,
        error=None,
        hits=hits,
        groups=groups,
        kinds=[(each, hits.counts[each.name]) for each in search.KINDS if each.name in hits.counts],
        kind=kind,
        page=number,
        pages=-(-hits.counts.get(kind.name, 0) // _PAGE) if kind else 1,
        first=(number - 1) * _PAGE + 1,
    )


def suggest(site: Site, request: Request) -> Response:
    """Suggest what may be meant by the beginning of a text, as JSON."""
    text = request.query_params.get("q", "").strip()
    hits = search.look(search.index(site.graph.store), text, limit=_SUGGESTED)
    languages = _languages(site, hits)
    return JSONResponse(
        {
            "text": text,
            "how": hits.how,
            "total": hits.total,
            "items": [
                {
                    "iri": each.iri,
                    "address": site.href(each.iri),
                    "kind": search.kind_of(each.type).label,
                    "label": each.label,
                    "parts": search.marked(each.label, hits.words),
                    "by": _by(each, hits.words),
                    "languages": _of(each, languages),
                }
                for each in hits.found
            ],
        }
    )


_NOTHING: Final = {
    "hits": search.Hits((), {}, ()),
    "groups": (),
    "kinds": (),
    "kind": None,
    "page": 1,
    "pages": 1,
    "first": 1,
}


def _look(site: Site, text: str, kind: Kind | None, number: int) -> Hits:
    """Return what is on a page: things of *kind*, or the first few of each."""
    index = search.index(site.graph.store)
    if kind is None:
        return search.look_by_kind(index, text, _OF_EACH)
    offset = (number - 1) * _PAGE
    return search.look(index, text, kind=kind.name, limit=_PAGE, offset=offset)


def _listed(site: Site, text: str, kind: Kind | None, number: int) -> list[dict[str, str]]:
    """Return what was found as a list, the likeliest first."""
    hits = search.look(
        search.index(site.graph.store),
        text,
        kind=kind.name if kind else None,
        limit=_LIST,
        offset=(number - 1) * _LIST,
    )
    return [
        {
            "iri": each.iri,
            "label": each.label,
            "type": each.type,
            "name": each.name,
            "kind": search.kind_of(each.type).name,
        }
        for each in hits.found
    ]


def _groups(hits: Hits, kind: Kind | None, languages: Mapping[_Called, str]) -> list[Group]:
    """Return what was found by kind: first that of what is likeliest, and last what is of none."""
    items: dict[str, list[Item]] = {}
    for each in hits.found:
        of = kind or search.kind_of(each.type)
        label = search.marked(each.label, hits.words)
        item = Item(each.iri, label, _by(each, hits.words), _of(each, languages))
        items.setdefault(of.name, []).append(item)
    none = search.KINDS[-1].name
    names = sorted(items, key=lambda name: name == none)
    return [Group(_KINDS[name], hits.counts[name], items[name]) for name in names]


def _languages(site: Site, hits: Hits) -> dict[_Called, str]:
    """Return the languages of the texts of what was found that are not in English."""
    if not hits.found:
        return {}
    things = " ".join(str(terms.iri(each.iri)) for each in hits.found)
    texts = " ".join(str(ox.Literal(t)) for each in hits.found for t in {each.label, each.name})
    rows = search.texts(
        site.graph.store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?thing ?text WHERE {{ VALUES ?thing {{ {things} }} "
            f"?thing {_TEXTS} ?text VALUES ?plain {{ {texts} }} "
            'FILTER(STR(?text) = ?plain && LANG(?text) != "") } ORDER BY ?thing ?text'
        )
    )
    return {(thing, str(text)): search.language_of(text) for thing, text in rows}


def _of(found: Found, languages: Mapping[_Called, str]) -> tuple[str, str]:
    """Return the languages of the label and of the text of what was *found*."""
    label, name = ((found.iri, text) for text in (found.label, found.name))
    return languages.get(label, ""), languages.get(name, "")


def _by(found: Found, words: tuple[str, ...]) -> Parts:
    """Return the text by which a thing was *found*, or where it is long, the part that fits."""
    if found.name == found.label:
        return ()
    text = found.name
    if len(text) > _EXCERPT:
        before = 0
        for part, fits in search.marked(text, words):
            if fits:
                break
            before += len(part)
        start = text.rfind(" ", 0, max(before - _BEFORE, 0)) + 1
        end = text.rfind(" ", start, start + _EXCERPT)
        end = start + _EXCERPT if end < 0 else end
        text = f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
    return search.marked(text, words)


def _kind(name: str | None) -> Kind | None:
    """
    Return the kind of that *name*; no name is no kind.

    Raises:
        ParameterError: There is none.
    """
    if not name:
        return None
    if name not in _KINDS:
        raise ParameterError(
            f"there is no kind '{name[:_EXCERPT]}'; it is one of {', '.join(_KINDS)}"
        )
    return _KINDS[name]


def _number(given: Mapping[str, str]) -> int:
    """
    Return the number of the page that is asked for.

    Raises:
        ParameterError: It is none.
    """
    text = given.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= _DIGITS and int(text)):
        raise ParameterError(f"'{text[:_EXCERPT]}' is not the number of a page; write 1 or more")
    return int(text)
