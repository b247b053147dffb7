"""Untrusted text becomes a term or is refused."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pkgraph import terms
from pkgraph.catalogue import write
from pkgraph.errors import ParameterError

XSD = "http://www.w3.org/2001/XMLSchema#"
KINDS = ["string", "integer", "year", "date"]
#: Any text, and often one with what has a meaning in SPARQL.
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="\\u0041'\"<>{}#@^\n\r\t ?;.:-/|`é\u202e\U0001f600"),
    st.from_regex(r"[a-z]{1,5}:[^\s<>]{0,9}", fullmatch=True),
    st.from_regex(r"[+-]?[0-9]{1,20}", fullmatch=True),
    st.dates().map(str),
)
#: Code points by themselves, surrogates as well, which st.text leaves out.
LONE = st.text(alphabet=st.characters(), max_size=5)


def through_a_query(term):
    """Return what a query gives back whose VALUES row has *term*."""
    query = f"SELECT ?v {{ VALUES ?v {{ {write(term)} }} }}"
    return [row["v"] for row in ox.Store().query(query)]


@given(text=TEXTS | LONE)
@example(text="x> } DROP ALL #")
@example(text="https://example.org/\\u003E")
@example(text="https://example.org/\ud800")
@example(text="a:")
def test_any_text_becomes_an_iri_that_a_query_gives_back_or_is_refused(text):
    """A text is an IRI that goes through a query unchanged, or it is no IRI."""
    try:
        term = terms.iri(text)
    except ParameterError:
        return
    assert term.value == text
    assert through_a_query(term) == [term]


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS | LONE)
@example(text='"} #')
@example(text="\\u0022 } DROP ALL #")
@example(text="\\\\U00000022")
@example(text="a\\")
@example(text="\ufffe")
@example(text="0000")
@example(text="2004-02-30")
@example(text="2004-05-31")
def test_any_text_becomes_a_literal_that_a_query_gives_back_or_is_refused(kind, text):
    """A text is a literal of a kind that goes through a query unchanged, or it is not of it."""
    try:
        term = terms.literal(text, kind)
    except ParameterError:
        return
    assert through_a_query(term) == [term]
    if kind == "integer":
        assert int(term.value) == int(text)
    else:
        assert term.value == text


@pytest.mark.parametrize(
    ("text", "kind", "datatype"),
    [
        ("Kaldor", "string", "string"),
        ("", "string", "string"),
        ("-12", "integer", "integer"),
        ("-0.25", "decimal", "decimal"),
        ("true", "boolean", "boolean"),
        ("2004", "year", "gYear"),
        ("2004-12", "month", "gYearMonth"),
        ("2004-02-29", "date", "date"),
    ],
)
def test_literals_have_the_datatype_of_their_kind(text, kind, datatype):
    """Each kind has its datatype."""
    assert terms.literal(text, kind) == ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


@pytest.mark.parametrize(("text", "number"), [("+5", "5"), ("007", "7"), ("-0", "0")])
def test_whole_numbers_lose_what_does_not_count(text, number):
    """A whole number is written in one way."""
    assert terms.literal(text, "integer").value == number


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("twelve", "integer", "not a whole number"),
        ("1_000", "integer", "not a whole number"),
        ("٣", "integer", "not a whole number"),
        ("1.5", "integer", "not a whole number"),
        ("1,5", "decimal", "not a number"),
        ("1e3", "decimal", "not a number"),
        ("04", "year", "not a year"),
        ("2004-13", "month", "not a month"),
        ("20044", "year", "not a year"),
        ("31.5.2004", "date", "not a date"),
        ("2004-5-31", "date", "not a date"),
        ("2003-02-29", "date", "not a date"),
        ("20040531", "date", "not a date"),
    ],
)
def test_what_is_not_of_a_kind_is_refused_with_an_example(text, kind, told):
    """The message names the text, and shows how to write what is wanted."""
    with pytest.raises(ParameterError, match=told) as caught:
        terms.literal(text, kind)
    assert f"'{text}'" in str(caught.value)
    assert re.search(r"\d{2}$", str(caught.value))


@pytest.mark.parametrize("make", [terms.iri, lambda text: terms.literal(text, "string")])
def test_a_text_may_be_as_long_as_the_limit_that_the_message_names(make):
    """What is longer than the limit is refused, and the message has both lengths."""
    longest = "urn:" + "a" * (terms.MAX_CHARACTERS - 4)
    assert make(longest).value == longest
    with pytest.raises(ParameterError, match=f"{terms.MAX_CHARACTERS + 1} .* {2000} are taken"):
        make(longest + "a")


def test_a_text_has_the_language_of_its_tag():
    """What is no tag of a language is refused, and so is what nobody types."""
    assert terms.text("Les casques bleus", "fr") == ox.Literal("Les casques bleus", language="fr")
    with pytest.raises(ParameterError, match="'f r' is not the tag of a language"):
        terms.text("Les casques bleus", "f r")
    with pytest.raises(ParameterError, match=r"U\+0000"):
        terms.text("\0", "en")


def test_a_number_may_have_as_many_digits_as_the_message_names():
    """A longer number is refused, and the message has the limit."""
    longest = "9" * terms.MAX_DIGITS
    assert terms.literal(longest, "integer").value == longest
    with pytest.raises(ParameterError, match=f"at most {terms.MAX_DIGITS} digits"):
        terms.literal(longest + "9", "integer")


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x85", "\ud800", "\uffff"])
def test_characters_that_nobody_types_are_refused_with_their_place(character):
    """The message names the character and where it stands."""
    place = rf"U\+{ord(character):04X}, at position 3"
    with pytest.raises(ParameterError, match=place):
        terms.literal(f"ab{character}", "string")
    with pytest.raises(ParameterError, match=place):
        terms.iri(f"ab{character}")


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\r\nb", "\u200d", "\U0001f600"])
def test_line_ends_and_all_that_can_be_shown_are_taken(text):
    """What spreadsheets and keyboards give is a text."""
    assert terms.literal(text, "string").value == text


@given(st.text())
def test_a_slug_is_the_last_part_of_an_iri(text):
    """A slug is lower-case ASCII with single hyphens inside, or empty, and its own slug."""
    slug = terms.slug(text)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert terms.slug(slug) == slug


@given(st.text())
@example("\U0001d400")
def test_folding_twice_is_folding_once(text):
    """What is compared is settled by one folding, whatever the case."""
    folded = terms.fold(text)
    assert terms.fold(folded) == folded


@pytest.mark.parametrize("text", ["straße", "STRASSE", " Straße\t", "ﬁn"])
def test_case_accents_and_spacing_do_not_count(text):
    """Spellings that differ in these alone are folded alike."""
    assert terms.fold(text) in {"strasse", "fin"}
    assert terms.fold("Médecins") == terms.fold("Me\u0301DECINS") == "medecins"
