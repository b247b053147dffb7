"""What the page of a concept or a process has: its definitions side by side, and its uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgraph import terms
from pkgraph.pages import few
from pkgraph.pages.asking import MOST, PAGE, ask, values
from pkgraph.pages.kinds import claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgraph.pages.few import Few
    from pkgraph.pages.kinds.claims import Claim, Link, Pair
    from pkgraph.store import Store


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition, the parts of the meaning that it gives, and the links that object to it."""

    claim: Claim
    components: tuple[str, ...]
    objections: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """
    What the graph tells of a concept.

    ``related`` has things by how they are joined to it: broader, narrower, the types that stand for
    it, the typologies that are sorted by it, the propositions about it. There are ``total`` claims
    about it, or more where they are ``many``.
    """

    definitions: tuple[Definition, ...]
    objectors: Mapping[str, Claim]
    related: Mapping[str, Few[str]]
    many: bool
    about: tuple[Claim, ...]
    total: int
    more: bool


def pairs(store: Store, iri: str) -> list[Pair]:
    """Return the claims that define the concept *iri*, then those about it."""
    return _pairs(store, iri, None)[0]


def _pairs(store: Store, iri: str, most: int | None) -> tuple[list[Pair], bool]:
    """Return :func:`pairs`, with *most* about it at most, and whether there are more."""
    concept = terms.iri(iri)
    defining = ask(store, "?claim", f"?claim pk:defines {concept} ; a pk:Claim", "ORDER BY ?claim")
    found = {claim: "defines" for (claim,) in defining}
    rest = f"LIMIT {most + 1}" if most else ""
    about = ask(store, "?claim", f"?claim pk:about {concept} ; a pk:Claim", rest)
    for (claim,) in sorted(about)[:most]:
        found.setdefault(claim, "is about")
    return [(how, claim) for claim, how in found.items()], most is not None and len(about) > most


def page(store: Store, iri: str, number_of_page: int) -> ConceptPage:
    """Return a page of the concept *iri*."""
    known, many = _pairs(store, iri, MOST)
    shown, more = claims.window(known, number_of_page)
    told = claims.read(store, (claim for _, claim in shown))
    defining = [told[claim] for how, claim in shown if how == "defines" and claim in told]
    objections = [
        each
        for each in claims.links(store, (each.iri for each in defining), "to")
        if each.relation in {"attacks", "qualifies"}
    ]
    components = _components(store, (each.iri for each in defining))
    return ConceptPage(
        definitions=tuple(
            Definition(
                each,
                tuple(components.get(each.iri, ())),
                tuple(link for link in objections if link.target == each.iri),
            )
            for each in defining
        ),
        objectors=claims.read(store, (each.source for each in objections)),
        related=_related(store, iri) if number_of_page == 1 else {},
        about=claims.in_order(told[c] for how, c in shown if how != "defines" and c in told),
        many=many,
        total=sum(how != "defines" for how, _ in known),
        more=more,
    )


def _components(store: Store, iris: Iterable[str]) -> dict[str, list[str]]:
    """Return the components of each of the definitions *iris*."""
    wanted = list(iris)
    if not wanted:
        return {}
    found: dict[str, list[str]] = {}
    pattern = (
        f"{values('definition', wanted)} ?definition pk:component ?component "
        "OPTIONAL { ?component pk:number ?number }"
    )
    columns = "?definition ?component ?number"
    for definition, component, _ in ask(store, columns, pattern, "ORDER BY ?number ?component"):
        found.setdefault(definition, []).append(component)
    return found


def _related(store: Store, iri: str) -> dict[str, Few[str]]:
    """Return what the concept *iri* is joined to, by how it is."""
    concept = terms.iri(iri)
    ways = {
        "broader": f"{concept} skos:broader|^skos:narrower ?thing",
        "narrower": f"{concept} skos:narrower|^skos:broader ?thing",
        "related": f"{concept} skos:related|^skos:related ?thing",
        "types that stand for it": f"?thing pk:denotes {concept}",
        "typologies sorted by it": f"?thing pk:sortedBy {concept}",
        "typologies of it": f"?thing pk:domain {concept}",
        "debates about it": f"?thing pk:about {concept} ; a pk:Proposition",
        "explanations of it": f"?thing pk:explains {concept}",
    }
    parts = (f'{{ {pattern} BIND("{name}" AS ?how) }}' for name, pattern in ways.items())
    found: dict[str, list[str]] = {}
    for how, thing in ask(store, "?how ?thing", " UNION ".join(parts), "ORDER BY ?thing"):
        found.setdefault(how, []).append(thing)
    return {
        name: few.first(found[name], PAGE, pattern)
        for name, pattern in ways.items()
        if name in found
    }
