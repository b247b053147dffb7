"""
Find what differs between two states of a graph, thing by thing.

A thing is what statements are made of: their subject. Where one value of a property goes and one of
the same kind comes, the one is told to have become the other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from pkgraph import ontology, search, terms
from pkgraph.namespaces import PK, RDF, RDFS, XSD, compact, thing_address
from pkgraph.turtle.order import natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from pkgraph.store import Store

    Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    #: What is said of a thing: the values of each property.
    Said: TypeAlias = Mapping[str, frozenset[Node]]

_TYPE: Final = RDF + "type"
_LABEL: Final = RDFS + "label"
_CLAIM: Final = PK + "Claim"
_LINK: Final = PK + "ArgumentLink"
_ENDS: Final = (PK + "from", PK + "relation", PK + "to")
#: The literals that Turtle writes without quotes.
_BARE: Final = frozenset((XSD + "boolean", XSD + "integer"))
_TEXTS: Final = frozenset((XSD + "string", RDF + "langString", RDF + "dirLangString"))
#: How many labels a store is asked for at once.
_AT_ONCE: Final = 500


class Value(NamedTuple):
    """A value: its label, if it is a thing that has one, and its CURIE or the literal."""

    label: str | None
    name: str


class Change(NamedTuple):
    """A value of a property that went, one that came, or one that became another."""

    property: Value
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A thing that differs, with its changes.

    ``kind`` is the label of its narrowest class, or empty. ``sentence`` are the two ends of an
    argument link, and its relation between them; None for all else.
    """

    thing: Value
    kind: str
    changes: tuple[Change, ...]
    sentence: tuple[Value, Value, Value] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What differs: the things that only the later state has, that both have, and only the earlier.

    ``statements`` are how many came and how many went.
    """

    added: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    statements: tuple[int, int]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.statements == (0, 0)


def compare(
    before: Iterable[ox.Triple], after: Iterable[ox.Triple], known: Store | None = None
) -> Comparison:
    """
    Return what differs between the states *before* and *after* of a graph.

    What is the same whenever it is written is not told: the order, a statement twice, a number in
    another form. Blank nodes, of which ``graph/`` has none, are known by their labels.

    Args:
        before: The statements of the one state.
        after: Those of the other.
        known: A store that has labels for things that neither state names.

    Raises:
        StoreError: *known* cannot be asked.
    """
    old, new = _State(before), _State(after)
    words = _Words(old, new, known)
    entries: dict[str, list[Entry]] = {"added": [], "changed": [], "removed": []}
    came = went = 0
    for thing in {*old.said, *new.said}:
        had, has = old.said.get(thing, {}), new.said.get(thing, {})
        if had == has:
            continue
        changes = tuple(words.changes(had, has))
        came += sum(len(has[each] - had.get(each, frozenset())) for each in has)
        went += sum(len(had[each] - has.get(each, frozenset())) for each in had)
        group = "changed" if had and has else "added" if has else "removed"
        entries[group].append(words.entry(thing, has or had, changes))
    added, changed, removed = (tuple(sorted(each, key=_place)) for each in entries.values())
    return Comparison(added, changed, removed, (came, went))


class _State:
    """The statements of one state, by their subjects."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        store = ox.Store()  # which knows one form of each number and date
        store.extend(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
        said: dict[str, dict[str, set[Node]]] = defaultdict(lambda: defaultdict(set))
        for quad in store:
            said[_key(quad.subject)][quad.predicate.value].add(quad.object)
        self.said: Mapping[str, Said] = {
            thing: {name: frozenset(values) for name, values in each.items()}
            for thing, each in said.items()
        }

    def things(self) -> Iterator[str]:
        """Yield the IRIs of things that statements are of, or point at."""
        for thing, said in self.said.items():
            for iri in (thing, *map(_key, chain.from_iterable(said.values()))):
                if thing_address(iri):
                    yield iri

    def label(self, thing: str) -> str | None:
        """Return the label of *thing*, the first of several."""
        labels = self.said.get(thing, {}).get(_LABEL, ())
        return min((each.value for each in labels if isinstance(each, ox.Literal)), default=None)


class _Words:
    """What the nodes of two states are called."""

    def __init__(self, old: _State, new: _State, known: Store | None) -> None:
        self._old = old
        self._new = new
        self._known = known

    def entry(self, thing: str, said: Said, changes: tuple[Change, ...]) -> Entry:
        """Return the entry of *thing*, which is as *said*."""
        classes = [each.value for each in said.get(_TYPE, ()) if isinstance(each, ox.NamedNode)]
        narrowest = ontology.narrowest(classes)
        term = ontology.terms().get(narrowest or "")
        kind = term.label if term else compact(narrowest) if narrowest else ""
        ends = [self._values(said.get(end, ())) for end in _ENDS]
        sentence = None
        if _LINK in classes and all(ends):
            sentence = (ends[0][0], ends[1][0], ends[2][0])
        return Entry(self.thing(thing), kind, changes, sentence)

    def changes(self, had: Said, has: Said) -> Iterator[Change]:
        """Yield how what is said of a thing became something else, the label first."""
        for name in sorted({*had, *has}, key=lambda each: (each != _LABEL, *self.verb(each)[::-1])):
            gone: dict[tuple[str, ...], list[Node]] = defaultdict(list)
            come: dict[tuple[str, ...], list[Node]] = defaultdict(list)
            for nodes, one, other in ((gone, had, has), (come, has, had)):
                for node in one.get(name, frozenset()) - other.get(name, frozenset()):
                    nodes[_sort(node)].append(node)
            for sort in sorted({*gone, *come}):
                yield from self._paired(self.verb(name), gone[sort], come[sort])

    def _paired(self, verb: Value, gone: list[Node], come: list[Node]) -> Iterator[Change]:
        """Yield one change if one value goes and one comes, else each by itself."""
        old, new = self._values(gone), self._values(come)
        if len(old) == len(new) == 1:
            yield Change(verb, old[0], new[0])
            return
        yield from (Change(verb, each, None) for each in old)
        yield from (Change(verb, None, each) for each in new)

    def _values(self, nodes: Iterable[Node]) -> list[Value]:
        return sorted(map(self.value, nodes), key=lambda each: natural(each.name))

    def verb(self, iri: str) -> Value:
        """Return what the property *iri* is called."""
        if iri == _TYPE:
            return Value("class", compact(iri))
        term = ontology.terms().get(iri)
        return Value("label" if iri == _LABEL else term.label if term else None, compact(iri))

    def value(self, node: Node) -> Value:
        """Return what *node* is called; a literal is as Turtle has it."""
        if isinstance(node, ox.Literal):
            if node.datatype.value in _BARE:
                return Value(None, node.value)
            if node.datatype.value in _TEXTS:
                return Value(None, str(node))
            return Value(None, f"{ox.Literal(node.value)}^^{compact(node.datatype.value)}")
        return self.thing(_key(node))

    def thing(self, iri: str) -> Value:
        """Return what the thing *iri* is called: later, earlier, in the ontology, elsewhere."""
        term = ontology.terms().get(iri)
        label = self._new.label(iri) or self._old.label(iri) or (term.label if term else None)
        return Value(label or self._elsewhere.get(iri), compact(iri))

    @cached_property
    def _elsewhere(self) -> Mapping[str, str]:
        """The labels that the store has for things that the states only point at."""
        if self._known is None:
            return {}
        states = (self._old, self._new)
        met = {iri for state in states for iri in state.things()}
        unnamed = sorted(iri for iri in met if not any(state.label(iri) for state in states))
        found: dict[str, str] = {}
        for start in range(0, len(unnamed), _AT_ONCE):
            some = " ".join(str(terms.iri(each)) for each in unnamed[start : start + _AT_ONCE])
            answer = self._known.query(
                f"{search.PREFIXES}SELECT ?thing (MIN(STR(?name)) AS ?label) WHERE {{ "
                f"VALUES ?thing {{ {some} }} ?thing rdfs:label ?name }} GROUP BY ?thing"
            )
            found.update((thing, label) for thing, label in search.texts(answer))
        return found


def _key(node: Node) -> str:
    """Return *node* as text: an IRI as it is, anything else as N-Triples has it."""
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _sort(node: Node) -> tuple[str, ...]:
    """Return what a value has in common with those that can take its place."""
    return (node.datatype.value, node.language or "") if isinstance(node, ox.Literal) else ()


def _place(entry: Entry) -> tuple[object, ...]:
    """Return where an entry comes: claims, links between them, then all else by its kind."""
    claims = {ontology.terms()[each].label for each in ontology.subclasses(_CLAIM)}
    order = 0 if entry.kind in claims else 1 if entry.sentence else 2
    return order, entry.kind, natural(entry.thing.name)
