"""The debates of the home page against the same worked out from plain lists of statements."""

import pytest

from pkgraph import graph
from pkgraph.namespaces import BASE, PK
from pkgraph.pages import overview

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
FOR, AGAINST = (PK + "affirms", PK + "narrows"), (PK + "denies", PK + "findsNoEffectFor")


@pytest.fixture(scope="module")
def store():
    """Return the store of the shipped graph."""
    return graph.open_graph().store


def pairs(store, prop):
    """Return the subjects and objects of a property."""
    rows = store.query(f"SELECT DISTINCT ?a ?b WHERE {{ ?a <{prop}> ?b }}")
    return [(row.a, row.b) for row in rows]


def plainly(store):
    """Return every debate as the home page tells of it, in its order, from plain statements."""
    labels = {}
    for thing, label in sorted(pairs(store, RDFS_LABEL), key=lambda pair: str(pair[1])):
        labels.setdefault(thing, str(label))
    attacking = {link for link, of in pairs(store, PK + "relation") if of.endswith("/attacks")}
    explicit = {link for link, of in pairs(store, PK + "basis") if of.endswith("/explicit")}
    source, target = dict(pairs(store, PK + "from")), dict(pairs(store, PK + "to"))
    answered = {target[link] for link in attacking & explicit}
    sides = {}
    for side, stances in enumerate((FOR, AGAINST)):
        for stance in stances:
            for claim, proposition in pairs(store, stance):
                sides.setdefault(proposition, (set(), set()))[side].add(claim)
    found = []
    for iri, (affirming, denying) in sides.items():
        on = {}
        for link in attacking:
            if target[link] in affirming | denying:
                on.setdefault(target[link], set()).add(source[link])
        by = set().union(*on.values())
        top = min(on, key=lambda claim: (-len(on[claim]), claim), default=None)
        most = overview.Attacked(top, labels[top], len(on[top])) if top else None
        numbers = len(affirming), len(denying), len(by), len(by - answered)
        found.append(overview.Debate(iri, labels[iri], *numbers, most))
    return sorted(found, key=lambda each: (-each.lesser, -each.claims, each.label, each.iri))


@pytest.mark.parametrize("most", [1, 6, 10_000])
def test_debates_are_those_of_the_statements(store, most):
    """However many are shown, they are the first of all, with the same numbers and texts."""
    every = plainly(store)
    disputed = [each for each in every if each.lesser]
    found = overview.debates(store, most)
    assert found.shown == tuple(disputed[:most])
    assert (found.disputed, found.one_sided) == (len(disputed), len(every) - len(disputed))
    assert found.shown[0].iri.startswith(BASE)
