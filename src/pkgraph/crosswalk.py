r"""
Lead from the codes of one list to those of another, through the things that have them.

A scheme is a list of codes (``pk:CodeList``), named by the last part of its IRI, or ``iri``, the
addresses of pkgraph itself. A code is joined to a thing as exact, close, broader (the code covers
more than the thing) or narrower (it covers a part). Where one end is a thing, ``match`` says that.
Between two codes, it says what the code on the right is to the one on the left:

=========  =======  =======  ========  ========
left \ right   exact  close    broader   narrower
=========  =======  =======  ========  ========
exact      exact    close    broader   narrower
close      close    close    close     close
broader    narrower  close   close     narrower
narrower   broader  close    broader   close
=========  =======  =======  ========  ========

Two codes that both cover more than a thing overlap in it, and two that each cover a part of it may
have nothing in common: neither is more than close. The note tells each end that is not exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import search
from pkgraph.errors import NotFoundError, UsageError
from pkgraph.namespaces import BASE
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.store import Store

#: The scheme of the addresses of pkgraph itself.
IRI: Final = "iri"
COLUMNS: Final = ("from_code", "iri", "label", "to_code", "match", "note")
#: The name of each property from a thing to a code, as ``match`` has it.
_MATCHES: Final = "(pk:exactCode 'exact') (pk:closeCode 'close') "
_MATCHES_TOO: Final = "(pk:broaderCode 'broader') (pk:narrowerCode 'narrower')"
_INVERSE: Final = {"broader": "narrower", "narrower": "broader"}
_WORDS: Final = {
    "close": "is only close to",
    "broader": "covers more than",
    "narrower": "covers a part of",
}
_LISTS: Final = f"{BASE}code-list/"


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """
    A code and a thing that has it.

    ``former`` is true of a thing that has ended, ``match`` is empty between a thing and its own
    address. A code that no thing has is a link with an empty ``iri``.
    """

    code: str
    former: bool
    iri: str
    label: str
    kind: str
    match: str
    note: str


def schemes(store: Store) -> dict[str, int]:
    """Return the schemes of *store* in the order of their names, and how many codes each has."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT ?list (COUNT(DISTINCT ?code) AS ?codes) WHERE "
            "{ ?code pk:codeList ?list } GROUP BY ?list"
        )
    )
    return dict(sorted((iri.removeprefix(_LISTS), int(codes)) for iri, codes in rows))


def check_scheme(store: Store, name: str) -> None:
    """
    Refuse a scheme *name* that *store* does not have.

    Raises:
        NotFoundError: There is no such list of codes; the message has all, with their sizes.
    """
    known = schemes(store)
    if name in known:
        return
    listed = ", ".join(
        f"{each} ({codes} code{'s' * (codes != 1)})" for each, codes in known.items()
    )
    told = f"the schemes are {listed}, and iri" if known else "the graph that was asked has none"
    raise NotFoundError(f"there is no scheme '{name}'; {told}", list(known))


def crosswalk(store: Store, source: str, target: str) -> Table:
    """
    Return how every code of the scheme *source* is written in the scheme *target*.

    Args:
        store: What is asked.
        source: A scheme, or ``iri`` for all things of the kind that *target* has codes for.
        target: A scheme, or ``iri``.

    Returns:
        The columns :data:`COLUMNS`, sorted by code, things at work before those that have ended.
        Where *target* has no code for a thing, ``to_code`` and ``match`` are unbound.

    Raises:
        NotFoundError: There is no such scheme.
        UsageError: The schemes are the same, or code different kinds of things.
    """
    for name in (source, target):
        if name != IRI:
            check_scheme(store, name)
    if source == target:
        raise UsageError(f"both ends are the scheme '{source}'; give --to another one")
    left = () if source == IRI else links(store, source)
    right = () if target == IRI else links(store, target)
    if source == IRI:
        left = _addresses(store, {each.kind for each in right})
    elif target != IRI:
        _check_kinds(source, left, target, right)
    codes: dict[str, list[Link]] = {}
    for each in right:
        codes.setdefault(each.iri, []).append(each)
    now = {each.code: each for each in reversed(left) if each.iri and not each.former}
    rows = []
    for each in left:
        remark = _remark(each, now.get(each.code))
        if target == IRI:
            rows.append(_row(each, each.iri, each.match, remark))
        elif found := codes.get(each.iri) if each.iri else None:
            rows += [_joined(each, other, remark) for other in found]
        else:
            rows.append(_row(each, "", "", [*remark, f"{target} has no code for it."]))
    return Table(COLUMNS, tuple(rows))


def links(store: Store, scheme: str) -> tuple[Link, ...]:
    """Return every code of *scheme* with each thing that has it; what was replaced is left out."""
    of_list = f"?of pk:codeList {ox.NamedNode(_LISTS + scheme)} ; pk:code ?code ."
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?code ?end ?iri ?label ?state ?match WHERE "
            f"{{ {of_list} OPTIONAL {{ VALUES (?property ?match) {{ {_MATCHES}{_MATCHES_TOO} }} "
            "?had ?property ?of . OPTIONAL { ?had dcterms:isReplacedBy+ ?new . "
            "FILTER NOT EXISTS { ?new dcterms:isReplacedBy ?newer } } "
            "BIND(COALESCE(?new, ?had) AS ?iri) ?iri rdfs:label ?label . "
            "OPTIONAL { ?iri pk:endDate ?end } "
            "BIND(EXISTS { ?iri a pk:State } AS ?state) } }"
        )
    )
    notes = _notes(store, of_list)
    found = {
        Link(code, bool(end), iri, label, _kind(state), match, notes.get(code, ""))
        for code, end, iri, label, state, match in rows
    }
    return tuple(sorted(found))


def _notes(store: Store, of_list: str) -> Mapping[str, str]:
    """Return the editorial notes on the codes that the pattern *of_list* has, in one text each."""
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?code ?note WHERE {{ {of_list} "
            "?of skos:editorialNote ?note } ORDER BY ?code ?note"
        )
    )
    notes: dict[str, str] = {}
    for code, note in rows:
        notes[code] = f"{notes[code]} {note}" if code in notes else note
    return notes


def _addresses(store: Store, kinds: set[str]) -> tuple[Link, ...]:
    """Return a link from its own address for every thing of *kinds* that was not replaced."""
    classes = " ".join(f"pk:{kind.capitalize()}" for kind in kinds if kind)
    rows = search.texts(
        store.query(
            f"{search.PREFIXES}SELECT DISTINCT ?iri ?label ?state WHERE {{ VALUES ?class "
            f"{{ {classes} }} ?iri a ?class ; rdfs:label ?label . "
            "FILTER NOT EXISTS { ?iri dcterms:isReplacedBy ?new } "
            "BIND(EXISTS { ?iri a pk:State } AS ?state) }"
        )
    )
    found = {
        Link(code=iri, former=False, iri=iri, label=label, kind=_kind(state), match="", note="")
        for iri, label, state in rows
    }
    return tuple(sorted(found))


def _kind(state: str) -> str:
    """Return what is coded; *state* is what SPARQL says of whether it is a state."""
    return {"true": "state", "false": "operation"}.get(state, "")


def _check_kinds(source: str, left: tuple[Link, ...], target: str, right: tuple[Link, ...]) -> None:
    """Refuse to lead from codes of operations to codes of states, where nothing would be found."""
    ours, theirs = ({each.kind for each in side} - {""} for side in (left, right))
    if ours and theirs and not ours & theirs:
        raise UsageError(
            f"'{source}' has codes of {min(ours)}s and '{target}' of {min(theirs)}s; choose two "
            "schemes that code the same things"
        )


def _remark(link: Link, now: Link | None) -> list[str]:
    """Return what is to be said of *link*, which is the code of *now* today."""
    remark = [link.note] if link.note else []
    if link.former and now and link.match == now.match:
        remark.append(f"The code is that of {now.label} now, which is to be preferred.")
    return remark + _told(link)


def _told(link: Link) -> list[str]:
    """Return in words what the code of *link* is to the thing, unless it is exact."""
    words = _WORDS.get(link.match)
    return [f"'{link.code}' {words} {link.label}."] if words else []


def _joined(
    left: Link, right: Link, remark: list[str]
) -> tuple[ox.NamedNode | ox.Literal | None, ...]:
    """Return the row from the code of *left* to that of *right*, which are of one thing."""
    notes = [*remark, *([right.note] if right.note else []), *_told(right)]
    return _row(left, right.code, combined(left.match, right.match), list(dict.fromkeys(notes)))


def combined(left: str, right: str) -> str:
    """
    Return what the right code is to the left, by what each is to the thing between them.

    >>> combined("broader", "exact"), combined("broader", "broader")
    ('narrower', 'close')
    """
    back = _INVERSE.get(left, left)
    if back in {"", "exact"} or back == right:
        return right
    return back if right == "exact" else "close"


def _row(
    link: Link, code: str, match: str, notes: list[str]
) -> tuple[ox.NamedNode | ox.Literal | None, ...]:
    """Return a row of the table; an empty cell is unbound."""
    texts = (link.code, link.iri, link.label, code, match, " ".join(notes))
    return tuple(
        None if not text else ox.NamedNode(text) if name == "iri" else ox.Literal(text)
        for name, text in zip(COLUMNS, texts, strict=True)
    )
