"""Things are found by what they are called, the likeliest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import build, namespaces, resources, results, search
from pkgraph.errors import ParameterError, StoreError

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
