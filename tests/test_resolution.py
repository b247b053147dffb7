"""What a person types is the thing that is meant, or nothing is guessed."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pkgraph import build, namespaces, resources
from pkgraph.catalogue import Parameter
from pkgraph.errors import AmbiguousNameError, NotFoundError, ParameterError
from pkgraph.resolution import resolve, thing

PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
BASE = namespaces.BASE
WORK, PERSON = namespaces.PK + "Work", namespaces.PK + "Person"
DATA = """
work:durch-1997 a pk:Work ; rdfs:label "Durch 1997"@en ;
    dcterms:title "UN Peacekeeping: American Politics"@en .
work:kaldor-1999 a pk:Work ; rdfs:label "Kaldor 1999"@en ; dcterms:title "War:Peace" .
person:durch a pk:Person ; rdfs:label "Durch" .
person:kaldor a pk:Person ; rdfs:label "Mary Kaldor" ; skos:altLabel "Kaldor" .
work:kaldor a pk:Work ; rdfs:label "another Kaldor"@en .
organization:msf a pk:NonGovernmentalOrganization ; rdfs:label "Médecins sans Frontières" ;
    pk:acronym "MSF" .
person:it a pk:Person ; rdfs:label "it's \\\\u0022 } #" .
<https://example.org/other> a pk:Work ; rdfs:label "Durch 1997"@en .
""" + "".join(
    f'person:smith-{number} a pk:Person ; rdfs:label "Smith" .\n' for number in range(1, 13)
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return a store with names that several have, and names that look like something else."""
    path = tmp_path_factory.mktemp("names") / "names.ttl"
    path.write_text(PREFIXES + DATA, "utf-8")
    return build.load([path])


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("https://w3id.org/pkgraph/work/durch-1997", "work/durch-1997"),
        ("work:durch-1997", "work/durch-1997"),
        ("durch-1997", "work/durch-1997"),
        ("Durch 1997", "work/durch-1997"),
        ("  durch   1997 ", "work/durch-1997"),
        ("UN Peacekeeping: American Politics", "work/durch-1997"),
        ("un peacekeeping: american politics", "work/durch-1997"),
        ("Mary Kaldor", "person/kaldor"),
        ("Médecins sans Frontières", "organization/msf"),
        ("MEDECINS SANS FRONTIERES", "organization/msf"),
        ("MSF", "organization/msf"),
        ("msf", "organization/msf"),
        ("it's \\u0022 } #", "person/it"),
        ("https://example.org/other", "https://example.org/other"),
    ],
)
def test_a_thing_is_meant_by_its_address_or_a_name_that_only_it_has(store, text, slug):
    """IRI, CURIE, slug, label, other name, acronym and title lead to the thing."""
    assert thing(store, text).value == (slug if ":" in slug else BASE + slug)


def test_the_class_tells_things_of_one_name_apart(store):
    """What is no work is no candidate where a work is wanted."""
    assert thing(store, "kaldor", [WORK]).value == BASE + "work/kaldor"
    assert thing(store, "kaldor", [PERSON]).value == BASE + "person/kaldor"
    with pytest.raises(
        AmbiguousNameError, match="may be person:kaldor or work:kaldor; write"
    ) as caught:
        thing(store, "kaldor")
    assert caught.value.candidates == (BASE + "person/kaldor", BASE + "work/kaldor")


def test_a_superclass_takes_what_is_below_it(store):
    """An organisation is an actor, as the rules derive."""
    assert thing(store, "MSF", [namespaces.PK + "Actor"]).value == BASE + "organization/msf"


def test_a_long_list_of_candidates_is_cut_short(store):
    """Ten candidates are named and the rest counted; the error has them all."""
    with pytest.raises(
        AmbiguousNameError, match="or person:smith-7 or one of 2 more; write"
    ) as caught:
        thing(store, "smith")
    assert len(caught.value.candidates) == 12


def test_what_is_not_there_is_told_with_the_nearest(store):
    """A name spelt nearly so is proposed, of the class that is wanted."""
    with pytest.raises(NotFoundError, match="called 'Durhc 1997'; did you mean") as caught:
        thing(store, "Durhc 1997", [WORK], "a work")
    assert caught.value.nearest[0] == BASE + "work/durch-1997"
    assert BASE + "person/durch" not in caught.value.nearest
    with pytest.raises(NotFoundError, match="did you mean work:durch-1997"):
        thing(store, "work:durch-1998", [WORK])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zzz qqq", "try: pkgraph find 'zzz qqq'"),
        ("it's nothing here", """try: pkgraph find 'it'"'"'s nothing here'"""),
        ("https://example.org/nothing", "try: pkgraph find https://example.org/nothing"),
        ("", "try: pkgraph find ''"),
    ],
)
def test_where_nothing_is_near_a_search_is_proposed(store, text, told):
    """The command that is proposed can be pasted into a shell."""
    with pytest.raises(NotFoundError) as caught:
        thing(store, text)
    assert str(caught.value).endswith(told)
    assert caught.value.nearest == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("work:durch-1997", "'work:durch-1997' is pk:Work, not a person"),
        ("durch-1997", "'durch-1997' is work:durch-1997, not a person"),
        ("Durch 1997", "'Durch 1997' is work:durch-1997, not a person"),
        ("another Kaldor", "'another Kaldor' is work:kaldor, not a person"),
    ],
)
def test_a_thing_of_another_class_is_told_to_be_one(store, text, told):
    """The message says what the thing is, and what was wanted."""
    with pytest.raises(ParameterError) as caught:
        thing(store, text, [PERSON], "a person")
    assert str(caught.value) == told


@given(st.text())
@example("x> } DROP ALL #")
@example("' } #")
@example("http://a b")
@example("a:")
@example("claim:")
@example("work: x")
@example('"@en } #')
@example("\\u0022 } DROP ALL #")
@example("$1")
@example("x" * 3000)
def test_hostile_names_are_refused_or_not_found(store, text):
    """Whatever is typed, the answer is a thing or one of our errors, in one sentence."""
    try:
        found = thing(store, text)
    except (NotFoundError, ParameterError, AmbiguousNameError):
        return
    assert store.query(f"ASK {{ {found} ?p ?o }}") is True


def test_no_engine_finds_an_escape_in_a_name(store):
    """An escaped backslash before a u, which some engines take for an escape, is never written."""
    asked = []

    class Spy:
        name = "spy"

        def query(self, text):
            asked.append(text)
            return store.query(text)

    assert thing(Spy(), "it's \\u0022 } #").value == BASE + "person/it"
    assert any("it's" in text for text in asked)
    assert not any("\\u" in text for text in asked)


# --- parameters


def test_a_parameter_takes_a_thing_of_its_class(store):
    """Messages begin with the name of the parameter and say what it takes."""
    parameter = Parameter("author", "iri", ("pk:Person",), required=True)
    assert resolve(store, parameter, "Mary Kaldor") == ox.NamedNode(BASE + "person/kaldor")
    with pytest.raises(
        ParameterError, match="author: 'Durch 1997' is work:durch-1997, not a pk:Person"
    ):
        resolve(store, parameter, "Durch 1997")


@pytest.mark.parametrize("text", ["own", "Own", "voice:own", BASE + "scheme/voice/own"])
def test_a_parameter_takes_a_value_of_its_scheme(store, text):
    """A value of a closed list may be given by its last part, its CURIE or its IRI."""
    parameter = Parameter("voice", "choice", scheme=BASE + "scheme/voice")
    assert resolve(store, parameter, text).value == BASE + "scheme/voice/own"


@pytest.mark.parametrize("text", ["loud", "relation:attacks", "", "…", "kind:causal"])
def test_what_is_not_in_the_scheme_is_refused_with_what_is(store, text):
    """The message has all values as a person types them."""
    parameter = Parameter("voice", "choice", scheme=BASE + "scheme/voice")
    with pytest.raises(ParameterError) as caught:
        resolve(store, parameter, text)
    assert str(caught.value) == (
        f"voice: there is no '{text}'; it takes one of disputed, endorsed, own, qualified, reported"
    )


def test_a_parameter_takes_one_of_its_words(store):
    """A choice among words is a plain string."""
    parameter = Parameter("side", "choice", options=("for", "against"))
    assert resolve(store, parameter, "for") == ox.Literal("for")
    with pytest.raises(ParameterError, match=r"side: .*one of for, against"):
        resolve(store, parameter, "neither")


def test_plain_kinds_ask_no_store():
    """Numbers, years, dates and texts are what they are."""
    assert resolve(None, Parameter("minimum", "integer"), "3") == ox.Literal(3)
    with pytest.raises(ParameterError, match="minimum: 'three' is not a whole number"):
        resolve(None, Parameter("minimum", "integer"), "three")
