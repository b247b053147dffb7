"""
Find things by what they are called.

A thing has a label, and may have other names, an acronym and a title. Names are compared without
regard to case and accents. What is found comes in this order: the whole name, names that begin so,
names with all the words, and, where there is none of these, names that are spelt nearly so.

Every name is read for each search, which is quick for the tens of thousands of names of a graph
that is encoded by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import terms
from pkgraph.errors import StoreError
from pkgraph.namespaces import BASE, ONTOLOGY
from pkgraph.results import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgraph.results import Answer, Term
    from pkgraph.store import Store

#: The properties that name a thing, as a path of SPARQL.
NAMING: Final = "rdfs:label|skos:altLabel|pk:acronym|dcterms:title"
PREFIXES: Final = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
#: How like two names must be to be taken for each other misspelt: 1 is the same.
_ALIKE: Final = 0.7


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name of the thing *iri*."""

    iri: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found: its IRI, label and narrowest class, and the name that fits."""

    iri: str
    label: str
    type: str
    name: str


def names(store: Store, classes: Iterable[str] = ()) -> tuple[Name, ...]:
    """
    Return every name of every thing of *classes*, or of all things, in the order of names.

    The terms of the ontology are not among the things.
    """
    wanted = " ".join(str(terms.iri(each)) for each in classes)
    of_class = f"VALUES ?class {{ {wanted} }} ?thing a ?class ." if wanted else ""
    answer = store.query(
        f"{PREFIXES}SELECT DISTINCT ?thing ?name WHERE {{ {of_class} ?thing {NAMING} ?name . "
        f'FILTER(STRSTARTS(STR(?thing), "{BASE}") && !STRSTARTS(STR(?thing), "{ONTOLOGY}")) }} '
        "ORDER BY ?name ?thing"
    )
    return tuple(Name(thing, name) for thing, name in texts(answer))


def find(store: Store, text: str, limit: int = 20) -> tuple[Found, ...]:
    """
    Return the things that *text* may mean, the likeliest first, at most *limit*.

    Raises:
        ParameterError: *text* is too long, or has characters that cannot be typed.
    """
    wanted = terms.fold(terms.literal(text, "string").value)
    if not wanted:
        return ()
    known = names(store)
    ranked = [
        # Of several names of one thing, the one that has the text is told, and then the shortest.
        (rank, wanted not in terms.fold(name.text), len(name.text), name.text, name.iri, name)
        for name in known
        if (rank := _rank(wanted, name))
    ]
    hits = [name for *_, name in sorted(ranked)] or nearest(text, known, limit)
    best: dict[str, Name] = {}
    for name in hits:
        best.setdefault(name.iri, name)
    return tuple(_described(store, list(best.values())[:limit]))


def nearest(text: str, known: Iterable[Name], limit: int = 5) -> Iterator[Name]:
    """Yield those of the *known* names that are spelt most like *text*, a name for each thing."""
    from difflib import SequenceMatcher  # slow to import, and needed for what is not found

    wanted = terms.fold(text)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    scored: dict[str, tuple[float, Name]] = {}
    for name in known:
        for form in (terms.fold(name.text), name.iri.rpartition("/")[2]):
            matcher.set_seq1(form)
            if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
                continue
            ratio = matcher.ratio()
            if ratio >= _ALIKE and ratio > scored.get(name.iri, (0.0,))[0]:
                scored[name.iri] = (ratio, name)
    best = sorted(scored.values(), key=lambda each: (-each[0], each[1].text))
    yield from (name for _, name in best[:limit])


def texts(answer: Answer) -> list[tuple[str, ...]]:
    """Return the cells of a table as texts, unbound ones as empty ones."""
    if not isinstance(answer, Table):
        raise StoreError("the store answered a SELECT with something that is not a table")
    return [tuple(map(_text, row)) for row in answer.terms]


def _text(term: Term | None) -> str:
    return "" if term is None else str(term) if isinstance(term, ox.Triple) else term.value


def _rank(wanted: str, name: Name) -> int:
    """Return how well *name* fits, 1 best, or 0 if it does not."""
    form = terms.fold(name.text)
    if wanted in {form, name.iri.rpartition("/")[2], name.iri.removeprefix(BASE)}:
        return 1
    if form.startswith(wanted):
        return 2
    if f" {wanted}" in form:
        return 3
    return 4 if all(word in form for word in wanted.split()) else 0


def _described(store: Store, found: list[Name]) -> Iterator[Found]:
    """Yield what was *found* with its label and narrowest class."""
    from pkgraph import ontology  # resolution, which uses the rest of this, does without it

    things = " ".join(str(terms.iri(name.iri)) for name in found)
    rows = texts(
        store.query(
            f"{PREFIXES}SELECT ?thing ?label ?class WHERE {{ VALUES ?thing {{ {things} }} "
            "?thing rdfs:label ?label OPTIONAL { ?thing a ?class } }"
        )
    )
    labels = {thing: label for thing, label, _ in rows}
    classes: dict[str, list[str]] = {}
    for thing, _, type_ in rows:
        classes.setdefault(thing, []).append(type_)
    for name in found:
        if name.iri in labels:
            kind = ontology.narrowest(classes[name.iri]) or ""
            yield Found(name.iri, labels[name.iri], kind, name.text)
