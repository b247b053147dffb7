"""What the page of a work has: what it says, whom it cites, who cites it, and its cases."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pkgraph import terms
from pkgraph.namespaces import SCHEME
from pkgraph.pages import few
from pkgraph.pages.asking import PAGE, ask, number, word
from pkgraph.pages.few import Few
from pkgraph.pages.kinds import claims
from pkgraph.pages.kinds.claims import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgraph.pages.kinds.claims import Claim, Pair
    from pkgraph.store import Store

#: What is told of a work, in the order of a page.
_FACTS: Final = {
    "title": "dcterms:title",
    "author": "pk:author",
    "printed": "pk:authorsPrinted",
    "year": "pk:year",
    "kind": "pk:workKind",
    "published in": "pk:publishedIn",
    "issued by": "pk:issuedBy",
    "parts": "^pk:publishedIn",
}
#: How many operations that are cases, and how many of those that it cites, a page has.
_CASES: Final = 100
_CITES: Final = 150
#: What a text cites others for.
PURPOSES: Final[Mapping[str, str]] = {
    "holds": "for what they hold",
    "evidence": "as evidence",
    "source": "to read further (see, see also, cf.)",
    "classifies": "for how they classify",
}


@dataclass(frozen=True, slots=True)
class Citing:
    """A place where a work cites this one: in which role, by which words, for which claims."""

    role: str
    signal: str
    pages: str
    place: Place
    claims: Few[str]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """
    What the graph tells of a work.

    ``sections`` has the claims that its own text states, by passage in the order of the text;
    ``held`` those that other texts give to it. ``cites`` has whom its text cites, by purpose, with
    how often; ``cited`` where other texts cite it; ``cases`` the operations that are put forward in
    claims that it states or holds, and those claims.
    """

    facts: Mapping[str, tuple[str, ...]]
    sections: tuple[tuple[str, tuple[Claim, ...]], ...]
    held: tuple[Claim, ...]
    stated: int
    attributed: int
    cites: tuple[tuple[str, Few[tuple[str, int]]], ...]
    cited: Few[Citing]
    cases: Few[tuple[str, tuple[str, ...]]]
    more: bool


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that the text of the work *iri* states, then those that others give it."""
    work = terms.iri(iri)
    rows = ask(
        store,
        "?claim ?first ?last",
        f"?passage pk:passageOf {work} . ?place pk:inPassage ?passage . ?claim pk:occursAt ?place "
        "OPTIONAL { ?place pk:firstLine ?first } OPTIONAL { ?place pk:lastLine ?last }",
    )
    placed = sorted(rows, key=lambda row: (number(row[1]), number(row[2]), row[0]))
    stated = dict.fromkeys(claim for claim, _, _ in placed)
    held = ask(store, "?claim", f"?claim pk:heldBy {work}", "ORDER BY ?claim")
    return [
        *(("states", claim) for claim in stated),
        *(("holds", claim) for (claim,) in held if claim not in stated),
    ]


def page(store: Store, iri: str, number_of_page: int) -> WorkPage:
    """Return a page of the work *iri*."""
    known = pairs(store, iri)
    shown, more = claims.window(known, number_of_page)
    told = claims.read(store, (claim for _, claim in shown))
    stated = [told[claim] for how, claim in shown if how == "states" and claim in told]
    first_page = number_of_page == 1
    return WorkPage(
        facts=_facts(store, iri) if first_page else {},
        sections=tuple(
            (passage, tuple(together))
            for passage, together in groupby(stated, key=lambda each: _passage(each, iri))
        ),
        held=claims.in_order(told[c] for how, c in shown if how == "holds" and c in told),
        stated=sum(how == "states" for how, _ in known),
        attributed=sum(how == "holds" for how, _ in known),
        cites=_cites(store, iri) if first_page else (),
        cited=_cited(store, iri) if first_page else Few(),
        cases=_cases(store, iri) if first_page else Few(),
        more=more,
    )


def _passage(claim: Claim, work: str) -> str:
    """Return the passage of *work* in which *claim* first stands."""
    return next((each.passage for each in claim.places if each.work == work), "")


def _facts(store: Store, iri: str) -> dict[str, tuple[str, ...]]:
    """Return what is printed of the work *iri*."""
    work = terms.iri(iri)
    parts = (f'{{ {work} {path} ?value BIND("{name}" AS ?what) }}' for name, path in _FACTS.items())
    found: dict[str, list[str]] = {}
    for what, value in ask(store, "?what ?value", " UNION ".join(parts), "ORDER BY ?value"):
        found.setdefault(what, []).append(value)
    return {name: tuple(found[name]) for name in _FACTS if name in found}


def _cites(store: Store, iri: str) -> tuple[tuple[str, Few[tuple[str, int]]], ...]:
    """Return whom the text of the work *iri* cites, by role, with how often it does."""
    where = (
        f"?passage pk:passageOf {terms.iri(iri)} . ?citation pk:inPassage ?passage ; "
        "pk:holder ?thing ; pk:role "
    )
    rows = ask(store, "?role ?thing ?citation", f"{where}?role", "ORDER BY ?thing")
    counts: dict[str, dict[str, int]] = {}
    for role, holder, _ in rows:
        of_role = counts.setdefault(word(role), {})
        of_role[holder] = of_role.get(holder, 0) + 1
    return tuple(
        (role, few.first([*counts[role].items()], _CITES, f"{where}<{SCHEME}role/{role}>"))
        for role in PURPOSES
        if role in counts
    )


def _cited(store: Store, iri: str) -> Few[Citing]:
    """Return where texts cite the work *iri*, in the order of the texts."""
    rows = ask(
        store,
        "?citation ?role ?signal ?pages ?passage ?work ?first ?last ?claim",
        f"?citation pk:holder {terms.iri(iri)} ; pk:inPassage ?passage . ?passage pk:passageOf "
        "?work OPTIONAL { ?citation pk:role ?role } OPTIONAL { ?citation pk:signal ?signal } "
        "OPTIONAL { ?citation pk:pages ?pages } OPTIONAL { ?citation pk:firstLine ?first } "
        "OPTIONAL { ?citation pk:lastLine ?last } OPTIONAL { ?claim pk:attribution ?citation }",
        "ORDER BY ?work ?first ?last ?citation ?claim",
    )
    found = []
    for citation, same in groupby(rows, key=lambda row: row[0]):
        served = list(same)
        _, role, signal, pages, passage, work, start, end, _ = served[0]
        place = Place(number(start), number(end), passage, work)
        serves = list(dict.fromkeys(row[-1] for row in served if row[-1]))
        claims_ = few.first(serves, PAGE, f"?thing pk:attribution {terms.iri(citation)}")
        found.append(Citing(word(role), word(signal), pages, place, claims_))
    where = f"?thing pk:holder {terms.iri(iri)} ; pk:inPassage ?passage"
    what = "?thing ?passage"
    return few.first(found, PAGE, where, what=what)


def _cases(store: Store, iri: str) -> Few[tuple[str, tuple[str, ...]]]:
    """Return the operations that are cases in claims of the work *iri*, with those claims."""
    where = (
        f"{{ ?claim pk:statedIn {terms.iri(iri)} }} UNION {{ ?claim pk:heldBy {terms.iri(iri)} }} "
        "?claim pk:case ?thing FILTER EXISTS { ?thing a pk:Operation }"
    )
    found: dict[str, list[str]] = {}
    for case, claim in ask(store, "?thing ?claim", where, "ORDER BY ?thing ?claim"):
        found.setdefault(case, []).append(claim)
    cases = [(case, tuple(claims_)) for case, claims_ in found.items()]
    return few.first(cases, _CASES, where)
