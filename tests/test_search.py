"""Things are found by what they are called, the likeliest first."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import build, namespaces, resources, results, search
from pkgraph.errors import EnvironmentFailure, ParameterError, StoreError

PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
BASE = namespaces.BASE
DATA = """
person:vogel a pk:Person ; rdfs:label "Xylander Vogel" ; skos:altLabel "X. Vogel" .
person:vogelsang a pk:Person ; rdfs:label "Vogelsang" .
person:vogel-2 a pk:Person ; rdfs:label "Vogel" .
work:zoo a pk:Work ; rdfs:label "Quérouil 2003"@en ; dcterms:title "Birds, a vogel and a zoo"@en .
organization:msf a pk:NonGovernmentalOrganization ; rdfs:label "Médecins sans Frontières" ;
    pk:acronym "MSF" .
work:untold a pk:Work ; dcterms:title "Vogel without a label" .
<https://example.org/vogel> a pk:Person ; rdfs:label "Vogel" .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return a store with a few names."""
    path = tmp_path_factory.mktemp("names") / "names.ttl"
    path.write_text(PREFIXES + DATA, "utf-8")
    return build.load([path])


def found(store, text, **options):
    """Return the ends of the IRIs that are found."""
    return [each.iri.removeprefix(BASE) for each in search.find(store, text, **options)]


def test_whole_names_come_before_beginnings_words_and_parts(store):
    """The order says how well a name fits; only things of ours that have a label are found."""
    assert found(store, "vogel") == [
        "person/vogel-2",
        "person/vogel",
        "person/vogelsang",
        "work/zoo",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Vogelsang", "person/vogelsang"),
        ("vogels", "person/vogelsang"),
        ("MEDECINS SANS frontieres", "organization/msf"),
        ("querouil", "work/zoo"),
        ("msf", "organization/msf"),
        ("MSF", "organization/msf"),
        ("person/vogel", "person/vogel"),
        ("X. Vogel", "person/vogel"),
        ("zoo birds", "work/zoo"),
        ("Vogelsnag", "person/vogelsang"),
    ],
)
def test_a_thing_is_found_by_any_name(store, text, first):
    """Label, other name, acronym, title, slug, words in any order, and a slip of the pen."""
    assert found(store, text)[0] == first


def test_what_is_found_is_told_with_label_class_and_name(store):
    """The narrowest class and the name that fits come with the label."""
    (one, *_) = search.find(store, "msf")
    assert one == search.Found(
        BASE + "organization/msf",
        "Médecins sans Frontières",
        namespaces.PK + "NonGovernmentalOrganization",
        "MSF",
    )


def test_a_thing_is_found_once(store):
    """A thing with several names that fit is told by the best of them."""
    assert found(store, "xylander vogel") == ["person/vogel"]
    assert search.find(store, "x")[0].name == "X. Vogel"


def test_no_more_are_found_than_wanted(store):
    """The limit cuts the list at its end, also among the nearest names."""
    assert found(store, "vogel", limit=2) == ["person/vogel-2", "person/vogel"]
    assert len(found(store, "vogelsonk", limit=1)) == 1
    assert found(store, "vogel", limit=0) == []


@pytest.mark.parametrize("text", ["", "   ", "\u0301", "zzqqxx"])
def test_nothing_is_found_by_nothing(store, text):
    """A text that is blank, or like no name, finds nothing."""
    assert found(store, text) == []


@pytest.mark.parametrize("text", ["x" * 2001, "a\x00b"])
def test_what_nobody_types_is_refused(store, text):
    """Text goes through the one function that takes it from outside."""
    with pytest.raises(ParameterError):
        search.find(store, text)


@given(st.text(max_size=30))
def test_any_text_finds_things_of_ours_or_nothing(store, text):
    """Whatever is looked for, each thing comes once."""
    try:
        iris = [each.iri for each in search.find(store, text)]
    except ParameterError:
        return
    assert len(set(iris)) == len(iris)
    assert all(iri.startswith(BASE) for iri in iris)


def test_the_nearest_names_come_first():
    """Names are compared by spelling, and slugs as well; each thing is named once."""
    known = [
        search.Name(BASE + f"person/{name.lower()}", name) for name in ("Durch", "Dürck", "Wall")
    ]
    known.append(search.Name(BASE + "person/durch", "William Durch"))
    assert [name.text for name in search.nearest("Durc", known)] == ["Durch", "Dürck"]
    assert [name.text for name in search.nearest("Durc", known, limit=1)] == ["Durch"]
    assert list(search.nearest("Boutros-Ghali", known)) == []


def test_cells_are_texts(store):
    """Unbound cells are empty, and statements about statements are written out."""
    table = store.query("SELECT ?a ?b ?c { VALUES (?a ?b) { (<urn:a> 'x'@en) } }")
    assert search.texts(table) == [("urn:a", "x", "")]
    nested = store.query("SELECT (<<( <urn:a> <urn:b> 'c' )>> AS ?t) {}")
    assert search.texts(nested) == [('<urn:a> <urn:b> "c"',)]
    assert search.texts(results.Table(("a",), ())) == []
    with pytest.raises(StoreError, match="not a table"):
        search.texts(True)  # noqa: FBT003  # an answer


def test_the_flagship_author_is_found(graph):
    """The shipped graph knows Woodhouse by the name alone."""
    assert "woodhouse" in search.find(graph.store, "woodhouse")[0].iri


def test_the_name_that_has_the_text_is_told(graph):
    """What is found by its address is shown with the name that is like it, not with any other."""
    congo = next(each for each in graph.find("congo") if each.iri.endswith("/place/congo"))
    assert congo.name == "Congo"


# --- words


@pytest.mark.parametrize(
    ("text", "how", "first"),
    [
        ("liberal peace", "all", "concept/liberal-peace"),
        ("LIBÉRAL peace", "all", "concept/liberal-peace"),
        ("libral paece", "near", "concept/liberal-peace"),
        ("peackeepign", "near", "concept/peacekeeping"),
        ("peace keeping force", "all", "operation/ipkf"),
        ("interventions humanitarian", "all", "concept/humanitarian-intervention"),
        ("liberal zzzzqq", "some", "concept/liberal-peace"),
        ("USA", "all", "state/united-states"),
        ("Wodhouse", "near", "person/tom-woodhouse"),
        ("democracies do not fight one another", "all", "proposition/democracies-do-not-fight"),
        ("https://w3id.org/pkgraph/operation/onuc", "all", "operation/onuc"),
        ("operation:onuc", "all", "operation/onuc"),
        ("un", "all", "organization/united-nations"),
    ],
)
def test_words_are_forgiven_what_people_do_to_them(graph, text, how, first):
    """Case, accents, slips, plurals, words run together or apart, and words that nothing has."""
    hits = search.look(search.index(graph.store), text, limit=5)
    assert hits.how == how
    assert BASE + first in [each.iri for each in hits.found]
    assert hits.total == sum(hits.counts.values()) >= len(hits.found)


@pytest.mark.parametrize("many", [0, 5000])
@pytest.mark.parametrize("text", ["peace", "p", "united nations", "pease kepeing"])
def test_totals_are_true_and_pages_are_apart(graph, monkeypatch, many, text):
    """
    What is counted is found, each thing once, in one order, however it is cut.

    So it is where there are too many to weigh their words, and only the first are looked at.
    """
    monkeypatch.setattr("pkgraph.search.finding.MANY", many)
    index = search.index(graph.store)
    whole = search.look(index, text, limit=10_000)
    assert len(whole.found) == whole.total == len({each.iri for each in whole.found})
    cut = [
        each
        for start in range(0, whole.total, 7)
        for each in search.look(index, text, limit=7, offset=start).found
    ]
    assert tuple(cut) == whole.found
    for name, number in whole.counts.items():
        of_kind = search.look(index, text, kind=name, limit=10_000)
        assert len(of_kind.found) == number
        assert {search.kind_of(each.type).name for each in of_kind.found} == {name}
    few = search.look_by_kind(index, text, 2)
    assert few.counts == whole.counts
    assert len(few.found) == sum(min(2, number) for number in whole.counts.values())


def test_very_many_are_in_the_order_of_names_and_then_of_numbers(graph, monkeypatch):
    """What is called so comes first, then what begins so, then short labels."""
    monkeypatch.setattr("pkgraph.search.finding.MANY", 0)
    found = search.look(search.index(graph.store), "consent", limit=10_000).found
    labels = [each.label.lower() for each in found]
    first = [label for label in labels if label == "consent"]
    assert labels[: len(first)] == first != []
    claims = [len(each.label) for each in found if each.type.endswith("#Claim")]
    assert claims == sorted(claims) != []


CLASSES = [f"{namespaces.PK}{name}" for name in ("Approach", "Claim", "Proposition")]


def test_things_of_a_class_are_offered(graph):
    """All where there are few, and otherwise names before statements, short ones first."""
    index = search.index(graph.store)
    approaches = search.offered(index, CLASSES[:1], 100)
    labels = [label for _, label in approaches]
    assert labels == sorted(labels) != []
    assert {iri.removeprefix(BASE).partition("/")[0] for iri, _ in approaches} == {"approach"}
    some = search.offered(index, CLASSES, 30)
    assert len(some) == 30
    assert set(approaches) <= set(some)
    assert search.offered(index, [f"{namespaces.PK}NoSuchClass"], 30) == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bellamy-2004-1-took-sides", "claim/bellamy-2004-1-took-sides"),
        ("claim:bellamy-2004-1-took-s", "claim/bellamy-2004-1-took-sides"),
        (f"{BASE}claim/bellamy-2004-1-took-sides", "claim/bellamy-2004-1-took-sides"),
        ("case-by", "approach/case-by-case"),
        ("case by case aproach", "approach/case-by-case"),
    ],
)
def test_what_somebody_types_is_found_among_things_of_a_class(graph, text, first):
    """By its name or its address, whole or begun, or spelt nearly so."""
    found = search.typed(search.index(graph.store), text, CLASSES, 20)
    assert found[0][0] == BASE + first
    assert len(dict(found)) == len(found) <= 20


def test_nothing_of_another_class_is_told_to_who_is_typing(graph):
    """A thing is told only where the class fits, and with no letter nothing is meant."""
    index = search.index(graph.store)
    assert search.find(graph.store, "Woodhouse")
    assert search.typed(index, "Woodhouse", CLASSES[:1], 20) == ()
    assert search.typed(index, "", CLASSES[:1], 5) == search.offered(index, CLASSES[:1], 5)
    assert search.typed(index, "!?", CLASSES, 20) == ()


def test_what_is_found_has_the_words(graph):
    """The text that a thing was found by has a word of those that were looked for."""
    for text in ("sovereign", "kaldor", "consent parties"):
        hits = search.look(search.index(graph.store), text, limit=50)
        for each in hits.found:
            marks = search.marked(each.name, hits.words)
            assert any(fits for _, fits in marks)
            assert "".join(part for part, _ in marks) == each.name


@given(st.text(max_size=40))
def test_marking_loses_nothing(text):
    """The parts of a text are the text, whatever is marked."""
    parts = search.marked(text, ["a", "peace "])
    assert "".join(part for part, _ in parts) == text


@given(st.text(alphabet='"*^:(){}+-ANDORTNE peace\u0301', max_size=30))
def test_no_text_is_an_expression(graph, text):
    """Operators, quotes and column filters of full-text queries are words or nothing."""
    hits = search.look(search.index(graph.store), text)
    assert hits.total >= len(hits.found)


def test_more_words_than_any_label_has_are_refused(store):
    """The limit is named."""
    with pytest.raises(ParameterError, match="has 65 words; at most 64 are looked for"):
        search.find(store, " ".join(map(str, range(65))))


# --- the index


def test_every_labelled_thing_is_in_the_index(graph):
    """The number of things is that of the labelled things of ours in the store."""
    rows = graph.store.query(
        f"{search.PREFIXES}SELECT (COUNT(DISTINCT ?t) AS ?n) WHERE {{ ?t rdfs:label ?l "
        f'FILTER(STRSTARTS(STR(?t), "{BASE}") && !STRSTARTS(STR(?t), "{namespaces.ONTOLOGY}")) }}'
    )
    index = search.index(graph.store)
    assert index.rows("SELECT COUNT(*) FROM thing") == [(rows[0].n,)]


def test_the_shipped_index_is_read_and_never_written(tmp_path):
    """It is a file in the folder of the store, with the same bytes before and after."""
    folder = build.build_store(tmp_path)
    file = folder / search.FILE
    before = file.read_bytes()
    store, _ = build.open_folder(folder)
    assert search.find(store, "kaldro")
    assert file.read_bytes() == before
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        search.index(store).rows("DELETE FROM thing")
    assert {path.name for path in folder.iterdir() if "sqlite" in path.name} == {search.FILE}


def test_an_index_of_another_state_is_not_taken(tmp_path):
    """A store that was written to is searched as it is now, though the file was left behind."""
    folder = build.build_store(tmp_path)
    writer = ox.Store(str(folder))
    thing = ox.NamedNode(f"{BASE}person/zyxwvu")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    writer.bulk_extend([ox.Quad(thing, label, ox.Literal("Zyxwvu"))])
    writer.flush()
    del writer
    store, _ = build.open_folder(folder)
    assert [each.iri for each in search.find(store, "zyxwvu")] == [thing.value]


@pytest.mark.parametrize("spoilt", [b"", b"no database at all" * 500])
def test_a_spoilt_index_is_made_anew(tmp_path, spoilt):
    """What is no index is not taken for one, and is no reason to find nothing."""
    folder = build.build_store(tmp_path)
    (folder / search.FILE).write_bytes(spoilt)
    store, _ = build.open_folder(folder)
    assert search.find(store, "woodhouse")


def test_threads_share_an_index(graph):
    """Many may look at once, each for its own."""
    index = search.index(graph.store)
    texts = ["kaldor", "libral peace", "congo", "un"] * 10
    alone = [search.look(index, text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: search.look(index, text), texts)) == alone


def test_the_index_of_a_store_is_made_once(store):
    """All who ask for it have the same."""
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(search.index, [store] * 8))) == 1


def test_python_without_full_text_search_is_told_so(monkeypatch):
    """Where SQLite cannot do it, the error names what is wanted."""
    tables = "CREATE VIRTUAL TABLE words USING fts9 (label)"
    monkeypatch.setattr("pkgraph.search.indexing._TABLES", tables)
    with pytest.raises(EnvironmentFailure, match="no such module: fts9"):
        search.index(build.load([]))


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("onucc", "operation/onuc"),
        ("durhc 1997", "work/durch-1997"),
        ("Tom Woodhuose", "person/tom-woodhouse"),
        ("kaldor-1998", "work/kaldor-1999"),
    ],
)
def test_the_likest_name_is_proposed(graph, text, nearest):
    """A name or an address with a slip in it leads to the thing; of a class, if one is wanted."""
    index = search.index(graph.store)
    assert BASE + nearest in [each.iri for each in search.likest(index, text)]
    states = search.likest(index, text, [namespaces.PK + "State"])
    assert all("/state/" in each.iri for each in states)
    assert search.likest(index, "") == ()
