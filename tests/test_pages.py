"""What a page about a thing shows, whatever store it comes from."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from pkgraph import build, graph, pages, resources
from pkgraph.errors import NotFoundError, ParameterError, StoreError
from pkgraph.namespaces import BASE, PK, RDF, RDFS, SKOS
from pkgraph.pages.description import property_label, relation_label
from pkgraph.pages.reading import read
from pkgraph.pages.relations import Relation, Window, rows
from pkgraph.results import Table
from pkgraph.store import OxigraphStore, unite

CLAIM = BASE + "claim/bellamy-2004-1-no-victory"
CROWD = 25
PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
CONCEPT = """
concept:crowded a pk:Concept ;
    rdfs:label "Menge"@de , "crowded"@en , "bondé"@fr ;
    rdfs:seeAlso [] ;
    skos:altLabel "full"@en ;
    skos:definition "idea that many share"@en ;
    skos:editorialNote "A note."@en ;
    pk:strange 12 , 5 , -3 , "abc" , <https://example.org/elsewhere> .
citation:crowd a pk:Attribution ;
    pk:holder passage:crowd ;
    pk:role role:holds .
"""
CROWDED = """
claim:crowd-{number} a pk:Claim ;
    rdfs:label "crowd {number}"@en ;
    pk:case concept:crowded ;
    pk:occursAt occurrence:crowd-{number} .
occurrence:crowd-{number} a pk:Occurrence ;
    pk:firstLine {line} ;
    pk:inPassage passage:crowd .
"""


@pytest.fixture(scope="module")
def store():
    """Return the store of the shipped graph."""
    return graph.open_graph().store


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Return a store with a concept that many claims put forward and are about."""
    claims = "".join(CROWDED.format(number=number, line=CROWD - number) for number in range(CROWD))
    path = tmp_path_factory.mktemp("crowd") / "crowd.ttl"
    path.write_text(PREFIXES + CONCEPT + claims, encoding="utf-8")
    return build.load([path])


def labels(groups):
    """Return the labels of *groups*."""
    return [group.label for group in groups]


def texts(group):
    """Return the texts of the values of *group*."""
    return [value.text for value in group.values]


def test_a_claim_is_told_with_its_voice_holders_place_and_attacks(store):
    """A claim's page has voice, kind, holder, source, lines, citation and what attacks it."""
    about = pages.describe(store, CLAIM)
    assert (
        about.label == "Peacekeeping operations do not exist to bring one of the sides to victory"
    )
    assert [(kind.iri, kind.text) for kind in about.classes] == [(PK + "Claim", "claim")]
    assert texts(about.group(PK + "voice")) == ["disputed"]
    assert texts(about.group(PK + "heldBy")) == ["Woodhouse 2000"]
    assert texts(about.group(PK + "statedIn")) == ["Bellamy, Williams & Griffin 2004"]
    (occurrence,) = about.group(PK + "occursAt").values
    assert occurrence.label is None
    assert occurrence.lines == (123, 125)
    assert texts(occurrence.details[0]) == [
        "Bellamy, Williams & Griffin 2004, section 1.1, paragraph 6"
    ]
    (citation,) = about.group(PK + "attribution").values
    assert {d.label: texts(d) for d in citation.details}["role"] == ["holds"]
    assert len(about.group(PK + "isAttackedBy").values) == 2
    assert len(about.group(PK + "to", incoming=True).values) == 2


def test_what_follows_is_not_told_again(store):
    """Superclasses, superproperties and inverses of what is told are left out."""
    claim = pages.describe(store, CLAIM)
    assert claim.group(PK + "affirms").total == 1
    assert claim.group(PK + "addresses") is None  # affirms says it
    assert claim.group(PK + "attacks", incoming=True) is None  # isAttackedBy says it
    operation = pages.describe(store, BASE + "operation/onuc")
    assert [kind.text for kind in operation.classes] == ["peace operation"]
    assert operation.group(RDF + "type") is None
    assert operation.group(PK + "about", incoming=True) is None  # isCaseOf says it
    assert texts(operation.group(PK + "host")) == ["Congo"]


def test_the_order_is_that_of_the_shapes(store):
    """What a claim is about comes first, its place later, and what the rules add has a place."""
    told = labels(pages.describe(store, CLAIM).statements)
    assert told.index("about") < told.index("voice") < told.index("held by")
    assert told.index("held by") < told.index("occurs at") < told.index("is attacked by")


def test_a_crowd_is_bounded_and_counted(crowd):
    """At most so many values of a property are told, with their true number."""
    about = pages.describe(crowd, BASE + "concept/crowded", limit=10)
    cases = about.group(PK + "isCaseOf")
    assert (len(cases.values), cases.total) == (10, CROWD)
    assert about.mentions == ()
    passage = pages.describe(crowd, BASE + "passage/crowd", limit=4)
    places = passage.group(PK + "inPassage", incoming=True)
    assert (len(places.values), places.total) == (4, CROWD)
    triples = pages.triples(crowd, BASE + "concept/crowded", limit=10)
    assert sum(t.predicate.value == PK + "case" for t in triples) == 10


def test_names_notes_and_the_english_label_have_fields(crowd):
    """A thing is called by its English label; other names, definition and notes stand apart."""
    about = pages.describe(crowd, BASE + "concept/crowded")
    assert about.label == "crowded"
    assert about.names == ("full", "Menge", "bondé")
    assert about.definition == "idea that many share"
    assert about.notes == ("A note.",)
    told = {group.iri for group in about.statements}
    assert told == {PK + "isCaseOf", PK + "strange"}


def test_values_stand_in_order(crowd):
    """Numbers come by size, then texts, then things; places in a text come by their lines."""
    about = pages.describe(crowd, BASE + "concept/crowded")
    strange = about.group(PK + "strange")
    assert texts(strange) == ["-3", "5", "12", "abc", "https://example.org/elsewhere"]
    assert strange.values[0].iri is None
    passage = pages.describe(crowd, BASE + "passage/crowd")
    lines = [value.lines for value in passage.group(PK + "inPassage", incoming=True).values]
    assert lines == [(number, number) for number in range(1, CROWD + 1)]


def test_a_nameless_thing_is_told_by_what_joins_it(store):
    """The page of a passage names the claims that stand in it, by way of their occurrences."""
    passage = pages.describe(store, BASE + "passage/bellamy-2004-1-1-p6")
    values = passage.group(PK + "inPassage", incoming=True).values
    (value,) = [v for v in values if v.iri == BASE + "occurrence/bellamy-2004-1-no-victory-1"]
    assert [(d.label, texts(d)) for d in value.details] == [
        ("occurrence of", [pages.describe(store, CLAIM).label])
    ]


def test_a_nameless_thing_has_a_page_under_its_short_form(store):
    """A link has no name; its page is called by its CURIE and says whence and whither it leads."""
    iri = BASE + "link/bellamy-2004-1-took-sides-attacks-bellamy-2004-1-no-victory"
    about = pages.describe(store, iri)
    assert about.label == "link:" + iri.rpartition("/")[2]
    assert labels(about.statements)[:3] == ["from", "relation", "to"]


@pytest.mark.parametrize(
    "path",
    ["claim/bellamy-2004-1-no-victory", "operation/onuc", "scheme/voice/own", "work/bellamy-2004"],
)
def test_triples_have_all_that_the_description_shows(store, path):
    """Each value of a description, and each detail, is a triple of its RDF."""
    iri = BASE + path
    triples = pages.triples(store, iri)
    assert len(set(triples)) == len(triples)
    known = {(t.subject, t.predicate.value, t.object) for t in triples}
    thing, about = ox.NamedNode(iri), pages.describe(store, iri)

    def shown(subject, groups):
        for group in groups:
            for value in group.values:
                pair = (value.term, subject) if group.incoming else (subject, value.term)
                yield pair[0], group.iri, pair[1]
                yield from shown(value.term, value.details)

    wanted = set(shown(thing, (*about.statements, *about.mentions)))
    assert wanted
    assert wanted <= known
    assert (thing, RDF + "type", ox.NamedNode(about.classes[0].iri)) in known


def test_triples_have_what_the_description_leaves_out(store):
    """Derived superclasses and superproperties, and labels of neighbours, are among the triples."""
    triples = {str(t) for t in pages.triples(store, CLAIM)}
    proposition = f"<{BASE}proposition/no-side-to-victory>"
    assert f"<{CLAIM}> <{PK}addresses> {proposition}" in triples
    assert (
        f'{proposition} <{RDFS}label> "Peacekeepers do not work for the victory of one side"@en'
        in (triples)
    )


def test_all_that_is_told_is_in_the_store(store):
    """No triple is made up: each is in the store."""
    for triple in pages.triples(store, CLAIM):
        assert store.query(f"ASK {{ {triple} }}"), triple


def test_nothing_known_is_an_error_with_the_nearest_names(store):
    """A thing of which nothing is said is not found, and the likeliest one is named."""
    with pytest.raises(NotFoundError, match="did you mean operation:onuc") as caught:
        pages.describe(store, BASE + "operation/onucc")
    assert BASE + "operation/onuc" in caught.value.nearest
    with pytest.raises(NotFoundError, match="look for it by name"):
        pages.triples(store, "https://example.org/qqqqqqqq")
    with pytest.raises(NotFoundError):
        pages.require(store, BASE + "operation/onucc")


def test_what_is_no_iri_is_refused(store):
    """Text that is not an IRI never gets into a query."""
    with pytest.raises(ParameterError):
        pages.describe(store, "x> } DROP ALL #")


def test_a_store_without_derived_statements_is_told_from_the_other_end():
    """Where nothing was derived, what points at a thing reads from the thing, by the inverse."""
    engine = ox.Store()
    attacked, attacker = ox.NamedNode(BASE + "claim/b"), ox.NamedNode(BASE + "claim/a")
    for triple in (
        (attacker, ox.NamedNode(PK + "attacks"), attacked),
        (attacked, ox.NamedNode(RDF + "type"), ox.NamedNode(PK + "Claim")),
    ):
        engine.add(ox.Quad(*triple, ox.NamedNode("https://example.org/graph")))
    unite(engine)
    about = pages.describe(OxigraphStore(engine), BASE + "claim/b")
    assert labels(about.mentions) == ["is attacked by"]
    assert texts(about.mentions[0]) == ["claim:a"]
    assert [kind.text for kind in about.classes] == ["claim"]
    assert pages.as_text(about, 80) == "claim:b\nclaim, claim:b\n\nis attacked by  claim:a\n"
    nobody = pages.describe(OxigraphStore(engine), BASE + "claim/a")
    assert nobody.classes == ()
    assert pages.as_text(nobody, 80) == "claim:a\nclaim:a\n\nattacks  claim:b\n"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("attacks", "is attacked by"),
        ("about", "about this"),
        ("leadActor", "with this as lead actor"),
        ("publishedIn", "published in this"),
    ],
)
def test_a_property_is_read_from_its_other_end(name, label):
    """What points at a thing is told by the inverse, by a phrase of ours, or by the label."""
    assert relation_label(Relation(PK + name, incoming=True)) == label


def test_a_foreign_property_is_called_by_its_name():
    """A property that the ontology does not declare is called by the words of its name."""
    assert property_label(SKOS + "closeMatch") == "close match"


def test_a_store_that_gives_other_terms_is_at_fault():
    """A store that puts a literal, or a blank node that was not asked for, anywhere is at fault."""
    relation = Relation(PK + "about", incoming=True)
    with pytest.raises(StoreError, match=r"asked for an IRI$"):
        relation.triple(ox.NamedNode(CLAIM), ox.Literal("x"))

    class Odd:
        name = "odd"

        def query(self, _):
            return Table(("property", "number"), ((ox.BlankNode("x"), ox.Literal("1")),))

    with pytest.raises(StoreError, match="an IRI or a literal"):
        pages.describe(Odd(), CLAIM)


def test_a_label_that_is_a_thing_is_none():
    """Data may give a thing for a label; it is not used as a name."""
    engine = ox.Store()
    thing, other = ox.NamedNode(BASE + "concept/a"), ox.NamedNode(BASE + "concept/b")
    engine.add(ox.Quad(thing, ox.NamedNode(RDFS + "label"), other))
    assert pages.describe(OxigraphStore(engine), thing.value).label == "concept:a"


def test_a_thing_of_which_only_repetitions_are_told_has_no_groups():
    """What joins a thing only in words that others repeat is left out, and no fault."""
    engine = ox.Store()
    scheme, value = ox.NamedNode(BASE + "scheme/a"), ox.NamedNode(BASE + "scheme/a/b")
    engine.add(ox.Quad(scheme, ox.NamedNode(SKOS + "hasTopConcept"), value))
    about = pages.describe(OxigraphStore(engine), value.value)
    assert (about.statements, about.mentions, about.more) == ((), (), False)
    assert len(pages.triples(OxigraphStore(engine), value.value)) == 1


def test_a_page_may_have_only_what_pages_before_it_said():
    """The triples have repetitions of their own, which may go on after all else was told."""
    engine = ox.Store()
    thing = ox.NamedNode(BASE + "concept/a")
    for number in range(25):
        claim = ox.NamedNode(f"{BASE}claim/c-{number:02}")
        engine.add(ox.Quad(claim, ox.NamedNode(PK + "about"), thing))
        if number < 13:
            engine.add(ox.Quad(claim, ox.NamedNode(PK + "case"), thing))
    store = OxigraphStore(engine)
    found = [pages.statements(store, thing.value, limit=10, page=page) for page in (1, 2, 3)]
    assert [each.more for each in found] == [True, True, False]
    said = {triple for each in found for triple in each.triples}
    assert said == {quad.triple for quad in engine}
    assert pages.describe(store, thing.value, limit=10, page=2).more is False
    for read_ in (pages.describe, pages.statements):
        with pytest.raises(NotFoundError, match="no page"):
            read_(store, thing.value, limit=10, page=4)


def test_text_has_labels_short_forms_lines_and_numbers(store, crowd):
    """As text, a description names things, where they stand, and what there is besides."""
    text = pages.as_text(pages.describe(store, CLAIM), 100)
    assert "held by          Woodhouse 2000 (work:woodhouse-2000)\n" in text
    assert "lines\n                 123–125" in text
    assert max(map(len, text.splitlines())) <= 100
    text = pages.as_text(pages.describe(crowd, BASE + "concept/crowded", limit=3), 80)
    assert text.startswith("crowded\nconcept, concept:crowded\n\nalso called  full; Menge; bondé\n")
    assert f"… {CROWD} in all" in text
    assert "note         A note." in text
    text = pages.as_text(pages.describe(crowd, BASE + "passage/crowd", limit=1), 80)
    assert "line 25" in text
    assert "cited or named at  role holds (citation:crowd)" in text


def test_what_a_store_answers_must_be_a_table(store):
    """A store that answers a SELECT with something else is at fault, and that is said."""

    class Odd:
        name = "odd"

        def query(self, _):
            return True

    with pytest.raises(StoreError, match="odd answered"):
        rows(Odd(), "SELECT * WHERE {}")
    assert read(store, CLAIM, Window(1)).thing.value == CLAIM
