"""What follows from a change is what deriving the whole anew would come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkgraph import namespaces, ontology, reasoning, resources
from pkgraph.errors import UntraceableChangeError
from pkgraph.store import unite

DERIVED = ox.NamedNode(namespaces.DERIVED_GRAPH)
NEW = ox.NamedNode(namespaces.GRAPH + "new")
TYPE = ox.NamedNode(namespaces.RDF + "type")
SUBCLASS = ox.NamedNode(namespaces.RDFS + "subClassOf")
#: What is copied with a claim: whatever is told of one claim alone.
PARTS = tuple(namespaces.BASE + kind for kind in ("occurrence/", "citation/", "link/"))
#: Statements of the ontology are not for contributions to change.
FIXED = (namespaces.ONTOLOGY, namespaces.SCHEME)


def pk(name):
    """Return the term *name* of the ontology."""
    return ox.NamedNode(namespaces.PK + name)


def quad(triple, graph):
    """Return *triple* as a statement of *graph*."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def in_graph(store, graph):
    """Return the statements of *graph*."""
    return {each.triple for each in store.quads_for_pattern(None, None, None, graph)}


@dataclass
class Shipped:
    """The shipped graph, complete and without what follows, and lists to draw from."""

    complete: ox.Store
    plain: ox.Store
    derived: list[ox.Triple] = field(init=False)
    quads: list[ox.Quad] = field(init=False)
    claims: list[ox.NamedNode] = field(init=False)
    by_subject: dict[ox.NamedNode, list[ox.Triple]] = field(default_factory=dict)
    by_part: dict[ox.NamedNode, list[ox.NamedNode]] = field(default_factory=dict)
    values: dict[ox.NamedNode, list[ox.NamedNode]] = field(default_factory=dict)

    def __post_init__(self):
        """Fill the lists, always in the same order."""
        self.derived = sorted(in_graph(self.complete, DERIVED), key=str)
        everything = sorted(self.plain, key=str)
        self.quads = [q for q in everything if not q.graph_name.value.startswith(FIXED)]
        for each in self.quads:
            self.by_subject.setdefault(each.subject, []).append(each.triple)
            self.values.setdefault(each.predicate, []).append(each.object)
            if isinstance(each.object, ox.NamedNode) and each.subject.value.startswith(PARTS):
                self.by_part.setdefault(each.object, []).append(each.subject)
        self.claims = sorted(
            (s for s in self.by_subject if s.value.startswith(namespaces.BASE + "claim/")), key=str
        )


@pytest.fixture(scope="module")
def shipped(graph):
    """Return the shipped graph, to read and to change back."""
    complete = ox.Store()
    complete.extend(iter(graph.store.engine))
    plain = ox.Store()
    kept = (each for each in complete if each.graph_name not in {DERIVED, ox.DefaultGraph()})
    plain.extend(kept)
    return Shipped(complete, plain)


@dataclass
class Edit:
    """What is asserted in a graph of its own, and what is taken out of the others."""

    added: list[ox.Triple] = field(default_factory=list)
    removed: list[ox.Quad] = field(default_factory=list)


def pick(draw, items):
    """Draw one of *items*, which may be very many."""
    return items[draw(st.integers(0, len(items) - 1))]


def picks(draw, items, most):
    """Draw some of *items*, *most* at the most."""
    places = draw(st.lists(st.integers(0, len(items) - 1), max_size=most))
    return [items[place] for place in places]


def copied_claim(draw, shipped):
    """Copy a claim with all that belongs to it, and give some of it other values."""
    claim = pick(draw, shipped.claims)
    number = draw(st.integers(0, 9))
    own = [claim, *shipped.by_part.get(claim, ())]
    own += [
        each.object
        for each in shipped.by_subject[claim]
        if isinstance(each.object, ox.NamedNode) and each.object.value.startswith(PARTS)
    ]
    names = {node: ox.NamedNode(f"{node.value}-copy-{number}") for node in own}
    triples = [each for node in own for each in shipped.by_subject.get(node, ())]
    changed = draw(st.sets(st.integers(0, len(triples) - 1), max_size=3))
    for place, each in enumerate(triples):
        value = names.get(each.object, each.object)
        if place in changed:
            value = pick(draw, shipped.values[each.predicate])
        yield ox.Triple(names[each.subject], each.predicate, value)


@st.composite
def edits(draw, shipped):
    """Draw an edit as people make them, or as nobody should."""
    edit = Edit()
    kinds = ("copy", "remove", "derived", "replace", "withdraw", "type", "cross", "again")
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4)):
        if kind == "copy":
            edit.added += copied_claim(draw, shipped)
        elif kind == "derived":
            edit.added += picks(draw, shipped.derived, 5)
        elif kind == "remove":
            edit.removed += picks(draw, shipped.quads, 20)
        elif kind == "withdraw":
            thing = pick(draw, shipped.quads).subject
            told = shipped.plain.quads_for_pattern(thing, None, None, None)
            edit.removed += [q for q in told if not q.graph_name.value.startswith(FIXED)]
        elif kind == "type":
            thing = pick(draw, shipped.quads).subject
            edit.added.append(ox.Triple(thing, TYPE, pick(draw, shipped.values[TYPE])))
        elif kind == "again":
            edit.added.append(pick(draw, shipped.quads).triple)
        else:
            old = pick(draw, shipped.quads)
            value = pick(draw, shipped.values[old.predicate])
            edit.added.append(ox.Triple(old.subject, old.predicate, value))
            edit.removed += [old] if kind == "replace" else []
    return edit


def unasserted(store, removed):
    """Return the statements of *removed* that no graph of *store*, without them, asserts."""
    gone = set(removed)
    return [
        each.triple
        for each in gone
        if gone.issuperset(store.quads_for_pattern(each.subject, each.predicate, each.object, None))
    ]


@pytest.mark.slow
def test_derived_changes_are_those_of_deriving_anew(shipped):
    """After 300 edits of the shipped graph, each from the start, both ways lead to the same."""

    @settings(max_examples=300, suppress_health_check=list(HealthCheck))
    @given(edits(shipped))
    def holds(edit):
        change = reasoning.derived_changes(
            shipped.complete, edit.added, unasserted(shipped.plain, edit.removed)
        )
        for each in edit.removed:
            shipped.plain.remove(each)
        shipped.plain.extend(quad(each, NEW) for each in edit.added)
        try:
            anew = set(reasoning.derive(shipped.plain))
        finally:
            shipped.plain.clear_graph(NEW)
            shipped.plain.extend(edit.removed)
            shipped.plain.clear_graph(DERIVED)
        before = set(shipped.derived)
        assert (before - set(change.delete)) | set(change.insert) == anew
        assert before.isdisjoint(change.insert)
        assert before.issuperset(change.delete)

    holds()


def test_the_union_is_right_again(shipped):
    """Taking out what goes, then putting in what comes, leaves the union of all graphs."""
    store = ox.Store()
    store.extend(iter(shipped.complete))
    removed = [each for each in shipped.quads if each.predicate == pk("voice")][:5]
    added = [each for each in shipped.derived if each.predicate == pk("heldBy")][:5]
    gone = unasserted(shipped.plain, removed)
    change = reasoning.derived_changes(store, added, gone)
    for each in removed:
        store.remove(each)
    store.extend(quad(each, NEW) for each in added)
    for graph, out, into in (
        (DERIVED, change.delete, change.insert),
        (ox.DefaultGraph(), (*gone, *change.delete), (*added, *change.insert)),
    ):
        for each in out:
            store.remove(quad(each, graph))
        store.extend(quad(each, graph) for each in into)
    kept = set(store)
    unite(store)
    assert set(store) == kept


# --- rules of any kind that can be traced

NODES = [ox.NamedNode(f"urn:n:{n}") for n in range(3)]
PROPERTIES = [ox.NamedNode(f"urn:p:{n}") for n in range(4)]
LISTS = ox.NamedNode("urn:p:lists")
TRIPLES = [ox.Triple(*each) for each in product(NODES, PROPERTIES, [*NODES, ox.Literal(1)])]
VARIABLES = ("?a", "?b", "?c")
HEADS = [str(each) for each in PROPERTIES[1:]]


@st.composite
def patterns(draw, count):
    """Draw up to *count* statements with variables."""
    ends = st.sampled_from([*VARIABLES, *VARIABLES, *map(str, NODES)])
    verbs = st.sampled_from([*map(str, PROPERTIES), "?p"])
    found = draw(st.lists(st.tuples(ends, verbs, ends), min_size=1, max_size=count))
    return " . ".join(map(" ".join, found))


@st.composite
def rule_texts(draw):
    """Draw a rule: statements, and perhaps sides, values, a sub-query and a condition."""
    body = draw(patterns(2))
    seldom = st.integers(0, 3).map(lambda number: number == 3)
    if draw(seldom):
        body += f" {{ {draw(patterns(2))} }} UNION {{ {draw(patterns(1))} }}"
    if draw(seldom):
        body += " VALUES (?p ?b) { (<urn:p:0> <urn:n:1>) (<urn:p:2> <urn:n:2>) } "
    if draw(seldom):
        body += " { SELECT DISTINCT ?p ?q { ?p <urn:p:lists>+ ?q } } "
    if draw(seldom):
        body += " . ?a ?p ?b FILTER(!ISLITERAL(?b) && ?a != <urn:n:2>) "
    head = " ".join(
        draw(st.tuples(*map(st.sampled_from, (VARIABLES[:2], HEADS, ("?a", "?b", "1")))))
    )
    return f"CONSTRUCT {{ {head} }} WHERE {{ {body} }}"


def use_rules(monkeypatch, *texts):
    """Have the rules be *texts*."""
    files = [
        SimpleNamespace(name=f"{n:02}.rq", read_text=lambda text=text, **_: text)
        for n, text in enumerate(texts)
    ]
    monkeypatch.setattr(resources, "data_files", lambda *_: files)


def completed(triples):
    """Return a store with *triples* and a little table, complete, and what follows."""
    store = ox.Store()
    table = [(0, 1), (1, 3), (2, 0)]
    store.extend(ox.Quad(PROPERTIES[a], LISTS, PROPERTIES[b], NEW) for a, b in table)
    store.extend(quad(each, NEW) for each in triples)
    derived = set(reasoning.derive(store))
    unite(store)
    return store, derived


@settings(max_examples=500)
@given(
    rules=st.lists(rule_texts(), min_size=1, max_size=4),
    before=st.sets(st.sampled_from(TRIPLES), min_size=8, max_size=16),
    added=st.sets(st.sampled_from(TRIPLES), max_size=3),
    removed=st.sets(st.sampled_from(TRIPLES), max_size=5),
)
def test_any_traceable_rules_are_followed(rules, before, added, removed):
    """Whatever the rules, a change leads where deriving anew does."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_rules(monkeypatch, *rules)
        store, derived = completed(before)
        change = reasoning.derived_changes(store, added, removed)
        _, anew = completed((before - removed) | added)
    assert (derived - set(change.delete)) | set(change.insert) == anew


def test_a_number_is_the_same_however_it_is_written(monkeypatch):
    """A store knows one form of each number, and what follows from it is in that form."""
    use_rules(monkeypatch, "CONSTRUCT { ?a <urn:p:1> ?b } WHERE { ?a <urn:p:0> ?b FILTER(?b = 1) }")
    written = ox.Literal("01", datatype=ox.NamedNode(namespaces.XSD + "integer"))
    added = ox.Triple(NODES[0], PROPERTIES[0], written)
    store, _ = completed([])
    change = reasoning.derived_changes(store, [added], [])
    assert change == ((ox.Triple(NODES[0], PROPERTIES[1], ox.Literal(1)),), ())


def test_a_rule_does_not_see_what_later_rules_add(monkeypatch):
    """A statement that only a later rule made is there for a rule once a graph asserts it."""
    use_rules(
        monkeypatch,
        "CONSTRUCT { ?a <urn:p:2> ?b } WHERE { ?a <urn:p:1> ?b }",
        "CONSTRUCT { ?a <urn:p:1> ?b } WHERE { ?a <urn:p:0> ?b }",
    )
    one, two, three = (ox.Triple(NODES[0], PROPERTIES[n], NODES[1]) for n in range(3))
    store, derived = completed([one])
    assert derived == {two}
    assert reasoning.derived_changes(store, [two], []) == ((three,), (two,))
    store, _ = completed([one, two])
    assert reasoning.derived_changes(store, [], [two]) == ((two,), (three,))


def test_what_is_asserted_already_changes_nothing(shipped):
    """Nor does taking back what nobody asserts, or adding in one go what is removed."""
    known = [each.triple for each in shipped.quads[:50]]
    assert reasoning.derived_changes(shipped.complete, known, known) == ((), ())
    assert reasoning.derived_changes(shipped.complete, [], shipped.derived[:50]) == ((), ())


class Counting:
    """A store that counts the statements that are read from it."""

    def __init__(self, store):
        self._store = store
        self.query = store.query
        self.read = 0

    def __contains__(self, each):
        self.read += 1
        return each in self._store

    def quads_for_pattern(self, *pattern):
        """Yield what the store has, and count it."""
        for each in self._store.quads_for_pattern(*pattern):
            self.read += 1
            yield each


def claims(numbers):
    """Return claims in the own voice, of one work, about one thing, put forward by one case."""
    hub = {
        name: ox.NamedNode(f"{namespaces.BASE}{name}/hub")
        for name in ("work", "concept", "operation", "state", "conception")
    }
    for name, class_ in (("work", "Work"), ("state", "State"), ("conception", "Conception")):
        yield ox.Triple(hub[name], TYPE, pk(class_))
    for n in numbers:
        claim, occurrence, passage, citation, link = (
            ox.NamedNode(f"{namespaces.BASE}{kind}/{n}")
            for kind in ("claim", "occurrence", "passage", "citation", "link")
        )
        for subject, statements in {
            claim: {
                "voice": ox.NamedNode(namespaces.SCHEME + "voice/own"),
                "about": hub["concept"],
                "case": hub["operation"],
                "expresses": hub["conception"],
                "occursAt": occurrence,
                "attribution": citation,
            },
            occurrence: {"inPassage": passage},
            passage: {"passageOf": hub["work"]},
            citation: {
                "role": ox.NamedNode(namespaces.SCHEME + "role/holds"),
                "holder": hub["state"],
                "inPassage": passage,
            },
            link: {
                "from": claim,
                "to": hub["conception"],
                "relation": ox.NamedNode(namespaces.SCHEME + "relation/supports"),
            },
        }.items():
            for name, value in statements.items():
                yield ox.Triple(subject, pk(name), value)


def test_as_much_is_read_of_a_large_graph_as_of_a_small_one():
    """Things that all claims lead to are not followed to all claims."""
    read = []
    for count in (20, 400):
        store = ox.Store()
        for path in ontology.files():
            store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=NEW)
        store.extend(quad(each, NEW) for each in claims(range(count)))
        reasoning.derive(store)
        unite(store)
        counting = Counting(store)
        known = in_graph(store, NEW)
        added = [each for each in claims(["new"]) if each not in known]
        change = reasoning.derived_changes(counting, added, [])
        assert len(change.insert) >= 10
        removed = set(claims(["7"])) - set(claims([]))
        assert len(reasoning.derived_changes(counting, [], removed).delete) >= 5
        read.append(counting.read)
    assert read[0] == read[1]


# --- what cannot be traced

SOUND = "?a <urn:p:0> ?b"


@pytest.mark.parametrize(
    ("body", "met"),
    [
        (f"{SOUND} OPTIONAL {{ ?b <urn:p:1> ?c }}", "OPTIONAL"),
        (f"{SOUND} MINUS {{ ?b <urn:p:1> ?c }}", "MINUS"),
        (f"{SOUND} BIND(1 AS ?c)", "BIND"),
        (f"GRAPH <urn:g> {{ {SOUND} }}", "GRAPH"),
        (f"SERVICE <urn:g> {{ {SOUND} }}", "SERVICE"),
        (f"{SOUND} FILTER NOT EXISTS {{ ?b <urn:p:1> ?c }}", "EXISTS"),
        (f"{SOUND} FILTER(?a = ?b || EXISTS {{ ?b <urn:p:1> ?c }})", "EXISTS"),
        (f"{SOUND} FILTER(BOUND(?a))", "BOUND"),
        (f"{SOUND} FILTER(RAND() < 1)", "RAND"),
        (f"{SOUND} FILTER(?c = 1)", "a filter of variables that have no value"),
        (f"{SOUND} {{ ?a <urn:p:1> ?c FILTER(?b = 1) }}", "a filter of variables"),
        (f"{SOUND} FILTER(?a<?b&&?b>?a)", "<?b&&?b>"),
        ("?a <urn:p:0>+ ?b", "no plain statement"),
        ("?a <urn:p:0>/<urn:p:1> ?b", "no plain statement"),
        ("?a <urn:p:0> ?b . ?b <urn:p:1> []", "a blank node"),
        ("?a <urn:p:0> ?b . _:c <urn:p:1> ?b", "a blank node"),
        ("?a <urn:p:0> ?b . ?b <urn:p:1> <<( ?a <urn:p:0> ?b )>>", "a statement about a statement"),
        (f"{SOUND} VALUES ?b {{ UNDEF }}", "UNDEF"),
        (f"{SOUND} {{ SELECT * {{ ?a <urn:p:1> ?b }} }}", "'*' where {"),
        (f"{SOUND} {{ SELECT ?b {{ ?b ?p ?c }} }}", "statements of any property"),
        (f"{SOUND} {{ SELECT ?b {{ ?b <urn:p:9>* ?c }} }}", "no plain statement"),
        (f"{SOUND} {{ SELECT ?b {{ ?b <urn:p:9>? ?c }} }}", "no plain statement"),
        (f"{SOUND} {{ SELECT ?b {{ ?b !<urn:p:9> ?c }} }}", "no plain statement"),
        (f"{SOUND} {{ SELECT ?b {{ ?b <urn:p:9> ?c }} LIMIT 1 }}", "LIMIT"),
        (f"{SOUND} {{ SELECT (MAX(?c) AS ?b) {{ ?a <urn:p:9> ?c }} }}", "'(' where {"),
        (f"{SOUND} {{ SELECT ?b {{ ?b <urn:p:9> ?c OPTIONAL {{ ?c <urn:p:8> ?d }} }} }}", "OPTION"),
    ],
)
def test_what_cannot_be_traced_is_refused(monkeypatch, body, met):
    """A rule with another part is told by its name, with the part and what to do."""
    use_rules(monkeypatch, f"CONSTRUCT {{ ?a <urn:p:3> ?b }} WHERE {{ {body} }}")
    with pytest.raises(
        UntraceableChangeError, match=r"^00\.rq has .*; derive the whole anew$"
    ) as e:
        reasoning.derived_changes(ox.Store(), [], [])
    assert met in str(e.value)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("SELECT ?a WHERE { ?a <urn:p:0> ?b }", "'SELECT' where CONSTRUCT should be"),
        ("CONSTRUCT WHERE { ?a <urn:p:0> ?b }", "'WHERE' where { should be"),
        ("CONSTRUCT { ?a <urn:p:0> _:b } WHERE { ?a <urn:p:1> ?b }", "a blank node"),
        ("CONSTRUCT { ?a <urn:p:0> ?b } FROM <urn:g> WHERE { ?a <urn:p:1> ?b }", "'FROM'"),
        ("CONSTRUCT { ?a <urn:p:0> ?b } WHERE { ?a <urn:p:1> ?b } LIMIT 1", "'LIMIT' after"),
        ("CONSTRUCT { ?a <urn:p:0> ?b } WHERE { ?a <urn:p:1> ?b } ?", "'?' after"),
        ("CONSTRUCT { ?a <urn:p:0> ?b } WHERE { ?a <urn:p:1> ?b FILTER(1", "no end"),
        ("CONSTRUCT { ?a <urn:p:0> ?b } WHERE { ?a <urn:p:1> ?b ", "no end"),
        ("CONSTRUCT { ?a <urn:p:0> ?b } WHERE ", "'' where { should be"),
    ],
)
def test_a_rule_of_another_form_is_refused(monkeypatch, text, met):
    """So is what is no rule, or breaks off."""
    use_rules(monkeypatch, text)
    with pytest.raises(UntraceableChangeError, match=r"^00\.rq has ") as error:
        reasoning.derived_changes(ox.Store(), [], [])
    assert met in str(error.value)


def test_a_change_of_what_the_rules_are_made_from_is_refused(shipped):
    """A new superclass changes the rules for all things of the class."""
    triple = ox.Triple(pk("Claim"), SUBCLASS, pk("Event"))
    with pytest.raises(UntraceableChangeError, match="the change has a statement of rdfs:subClass"):
        reasoning.derived_changes(shipped.complete, [triple], [])


def test_a_rule_that_adds_to_what_a_rule_is_made_from_is_refused(monkeypatch):
    """The table of a sub-query is filled once, so no rule may add to it."""
    table = "{ SELECT ?a ?b { ?a <urn:p:lists> ?b } } ?b <urn:p:0> ?a"
    for head in ("?a <urn:p:lists> ?b", "?a ?p ?b"):
        adding = f"CONSTRUCT {{ {head} }} WHERE {{ ?a ?p ?b }}"
        use_rules(monkeypatch, adding, f"CONSTRUCT {{ ?a <urn:p:1> ?b }} WHERE {{ {table} }}")
        with pytest.raises(UntraceableChangeError, match="may add to what the sub-query of a rule"):
            reasoning.derived_changes(ox.Store(), [], [])


def test_a_derived_graph_of_other_rules_is_refused(monkeypatch):
    """What no rule concludes cannot be kept up."""
    use_rules(monkeypatch, f"CONSTRUCT {{ ?b <urn:p:1> ?a }} WHERE {{ {SOUND} }}")
    store = ox.Store()
    strange = ox.Triple(NODES[0], PROPERTIES[0], NODES[1])
    store.add(quad(strange, DERIVED))
    unite(store)
    with pytest.raises(UntraceableChangeError, match="which no rule concludes"):
        reasoning.derived_changes(store, [strange], [])
