"""Tests of finding the place of a statement in a Turtle text."""

import doctest
import re
import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import locations, resources
from pkgraph.locations import Locations, Place, tokens
from pkgraph.namespaces import RDF, XSD
from pkgraph.turtle import parse

E = "https://e.org/"
FILES = [p for name in ("graph", "shapes", "ontology") for p in resources.data_files(name, ".ttl")]


def character(text, place):
    """Return the text from a place on."""
    return text.split("\n")[place.line - 1][place.column - 1 :]


def term(name):
    """Return the IRI of a name in the namespace of these tests."""
    return ox.NamedNode(E + name)


def number(value):
    """Return a literal that Turtle writes bare."""
    return ox.Literal(value, datatype=ox.NamedNode(XSD + "integer"))


def test_examples_hold():
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(locations).failed == 0


def test_a_place_is_as_precise_as_the_text_allows():
    """An object is found, else its property, else its subject, else nothing."""
    places = Locations("<x:a> <x:p> 1,\n 2 ;\n <x:q> 3 .\n<x:a> <x:r> 1 .")
    assert places.find("x:a", "x:p", number("2")) == Place(2, 2)
    assert places.find("x:a", "x:p", number("3")) == Place(1, 7)
    assert places.find("x:a", "x:q") == Place(3, 2)
    assert places.find("x:a", "x:z", number("3")) == Place(1, 1)
    assert places.find("x:a", obj=number("3")) == Place(1, 1)
    assert places.find("x:a") == places.subject("x:a") == Place(1, 1)
    assert places.find("x:b", "x:p") is None
    assert places.subject("x:1") is None


def test_equal_objects_of_other_properties_are_not_confused():
    """The exact statement is found where the same subject, property or object recur."""
    text = "<x:a> <x:p> 1 .\n<x:b> <x:p> 1 ; <x:q> 1 .\n<x:a> <x:q> 1, '1', '1'@en, '1'^^<x:t> ."
    places = Locations(text)
    assert places.find("x:b", "x:q", number("1")) == Place(2, 23)
    assert places.find("x:a", "x:q", number("1")) == Place(3, 13)
    assert places.find("x:a", "x:q", ox.Literal("1")) == Place(3, 16)
    assert places.find("x:a", "x:q", ox.Literal("1", language="en")) == Place(3, 21)
    typed = ox.Literal("1", datatype=ox.NamedNode("x:t"))
    assert places.find("x:a", "x:q", typed) == Place(3, 29)


@pytest.mark.parametrize(
    ("head", "written", "meant"),
    [
        ("@prefix : <https://e.org/> .", ":b", term("b")),
        ("PREFIX e: <https://e.org/>", "e:b", term("b")),
        ("prefix e: <x:> prefix e: <https://e.org/>", "e:", term("")),
        ("@base <https://f.org/d/> . @prefix e: <//e.org/> .", "e:b", term("b")),
        ("BASE <https://e.org/c/d>", "<../b>", term("b")),
        ("@base <https://e.org/> . bAsE <c/>", "<b#d>", term("c/b#d")),
        ("@base <https://e.org/> .", "<>", term("")),
        ("@prefix a.b-c: <https://e.org/> .", "a.b-c:d.e", term("d.e")),
        ("@prefix prefix: <https://e.org/> .", "prefix:true", term("true")),
        ("@prefix é: <https://e.org/> .", "é:😀\u200d", term("😀\u200d")),
        ("@prefix e: <https://e.org/> .", "e:a\\,b\\.c", term("a,b.c")),
        ("@prefix e: <https://e.org/> .", "e:%41:1", term("%41:1")),
        ("", "<https://e.org/\\u00e9\\U0001F600>", term("é😀")),
        ("VERSION '1.2'", "<https://e.org/b/../c>", term("b/../c")),
        ("@version '1.2' .", "<https://e.org/b>", term("b")),
        ("", "true", ox.Literal(value=True)),
        ("", "-.5", ox.Literal("-.5", datatype=ox.NamedNode(XSD + "decimal"))),
        ("", "+1.E-3", ox.Literal("+1.E-3", datatype=ox.NamedNode(XSD + "double"))),
        ("", "007", number("007")),
        ("", "'''it's \"\"\"\n'it'''", ox.Literal('it\'s """\n\'it')),
        ("", '""', ox.Literal("")),
        ("", '"""\\""""', ox.Literal('"')),
        ("", "'\\t\\b\\n\\r\\f\\\"\\'\\\\\\u00E9\\U0001F600'", ox.Literal("\t\b\n\r\f\"'\\é😀")),
        ("", '"a" @en-GB', ox.Literal("a", language="en-gb")),
        ("", '"a"@ar--rtl', ox.Literal("a", language="ar", direction=ox.BaseDirection.RTL)),
        ("@prefix e: <https://e.org/> .", '"a" # b\n ^^ e:c', ox.Literal("a", datatype=term("c"))),
        ("@base <https://e.org/> .", "'a'^^<c>", ox.Literal("a", datatype=term("c"))),
        ("", "()", ox.NamedNode(RDF + "nil")),
        ("", "( )", ox.NamedNode(RDF + "nil")),
    ],
)
def test_a_term_is_found_however_it_is_written(head, written, meant):
    """Terms are compared as terms; the parser agrees that this is the term that is written."""
    text = f"{head}\n<x:a> a <x:b> , {written} ."
    assert [str(t.object) for t in parse(text)] == ["<x:b>", str(meant)]
    place = Locations(text).find("x:a", RDF + "type", meant)
    assert place == Place(2, 17)


def test_what_brackets_hold_is_passed_over():
    """Blank nodes and collections hide nothing that comes after, and nothing in them is found."""
    text = """<x:a> <x:p> [ <x:p> 1 ; <x:q> ( 2 [ <x:p> 3 ] ) ; ] ,
      ( [] ( 4 ) 5 ), 6 ; <x:q> 7 .
    [ <x:p> 8 ] <x:p> 9 .
    [ <x:p> 8 ] .
    ( 1 ) <x:p> <x:a> .
    () <x:p> <x:a> .
    _:a <x:p> _:b.c .
    <x:b> <x:p> _:b.c, 1 ."""
    places = Locations(text)
    parse(text)
    assert places.find("x:a", "x:p", number("6")) == Place(2, 23)
    assert places.find("x:a", "x:q", number("7")) == Place(2, 33)
    assert places.find("x:a", "x:p", ox.BlankNode()) == Place(1, 13)
    assert places.find("x:b", "x:p", number("1")) == Place(8, 24)
    assert places.find("x:b", "x:p", ox.BlankNode("other")) == Place(8, 17)
    for hidden in "12345":
        assert places.find("x:a", "x:p", number(hidden)) == Place(1, 7)
    assert places.find("x:a", "x:q", number("2")) == Place(2, 27)
    assert places.subject("x:p") is None


def test_lines_end_as_in_the_parser():
    """Line breaks of every kind count, in strings too; other separators do not."""
    text = "\ufeff<x:a>\r\n<x:p>\r'''\u2028\n\r\r\n''',\x20\r# 1\r\n2 ."
    assert Locations(text).find("x:a", "x:p", number("2")) == Place(8, 1)
    with pytest.raises(SyntaxError) as caught:
        list(ox.parse(text.replace("2 .", "z:z .")[1:], ox.RdfFormat.TURTLE))
    assert (caught.value.lineno, caught.value.offset) == (8, 1)


@pytest.mark.parametrize(
    "broken",
    [
        "z:z <x:p> 1", "<b> <x:p> 1", "<x:a b> 1", "<x:a> <x:b> 'x", "word <x:p> 1", "@foo <x:a>",
        "<x:a> <x:p> ]", "<x:a> <x:p> )", "<x:a> <x:p> ( 1 ]", "<x:a> <x:p> [ <x:p> 1 )",
        "<x:a> <x:p> [ <x:p> 1", "<x:a> <x:p> ( 1", "<x:a> 'p' 1", "<x:a> <x:p> word", "@prefix a",
        "<x:a> <x:p> 1 2", "<x:a> <x:p> '\\UFFFFFFFF'", "<x:a> <x:p> 'a'^^1", "<x:a> <x:p> 'a'@-",
        "<x:a> <x:p> <<( <x:a> <x:p> 1 )>>", "PREFIX", "BASE <b>", "<x:a> <x:p> 'a'@e--x", "1", "{",
        "<x:a> <x:p> '\\ud800'", "<x:a> <x:p> 1 ]", '<x:a> <x:p> """',
    ],
)  # fmt: skip
def test_broken_text_is_found_up_to_its_fault(broken):
    """A fault raises nothing: what stands before it is found, what stands after it is not."""
    places = Locations(f"<x:0> <x:p> 1 .\n{broken} .\n<x:9> <x:p> 1 .")
    assert places.find("x:0", "x:p", number("1")) == Place(1, 13)
    assert places.subject("x:9") is None


@given(
    st.lists(
        st.sampled_from(
            [*"()[]{},;.<>@'\"\\#:^_ \n-+1ae%é", "<x:a> ", "<x:p> ", '"""', "@prefix a: <x:> .\n"]
        ),
        max_size=60,
    ).map("".join)
)
def test_no_text_is_too_broken(text):
    """Whatever the text, nothing is raised, and its tokens leave out no visible character."""
    Locations(text)
    ends = 0
    for token in tokens(text):
        gap = text[ends : token.start]
        assert gap.strip(" \t\r\n") == "" or "#" in gap
        assert text.startswith(token.text, token.start)
        ends = token.start + len(token.text)


@pytest.mark.parametrize(
    "piece",
    [
        "(", "[", '"', "'", '"""', "<", "a.", "a:b.", "\\", "#", "@a-", "_:a..", ":a..", "%4", "1e",
        "<x:a> <x:b> (", "<x:a> <x:b> [ <x:c> ", '\'\'\'"""', "<a(", "<x:a> <x:b> '\\", "1.", "e",
        "<x:a> <x:b> <x:c>,", "<x:a> <x:b> <x:c>;", "@base <x:/> . <a> <b> <c> . ",
    ],
)  # fmt: skip
def test_time_grows_with_the_text(piece):
    """The time is in proportion to the text, also of text that is meant to be slow."""

    def taken(size):
        text = piece * (size // len(piece))
        begin = time.process_time()
        Locations(text)
        for _ in tokens(text):
            pass
        return time.process_time() - begin

    # A quadratic reader would need a thousand times as long for thirty-two times the text.
    assert taken(128_000) < 200 * max(taken(4_000), 0.005)


# Against the parser

SPACE = st.sampled_from([" ", "\n", "\r\n", "\t ", " # it's \"\n", "\n\n  "])
NAMES = st.sampled_from(["a", "b.c", "é", "d-1", "0", "x:y", "f,g"])
VALUES = st.text(st.sampled_from("ab'\"\\\n\r\té😀#<>@"), max_size=6)


def in_turtle(name, style):
    """Write the IRI of a name in one of the ways that Turtle has."""
    if style == "full":
        return f"<{E}{name}>"
    if style == "relative":
        return f"<../{name}>"
    if style == "escaped":
        return "<" + "".join(f"\\u{ord(c):04X}" for c in E + name) + ">"
    return f"{style}:" + name.replace(",", "\\,")


STYLES = st.sampled_from(["full", "relative", "escaped", "", "e", "e.f"])
NODES = st.builds(in_turtle, NAMES, STYLES)


def quoted(value, mark):
    """Write a string in quotation marks of a kind."""
    escaped = value.replace("\\", "\\\\").replace("\r", "\\r").replace(mark[0], "\\" + mark[0])
    return mark + (escaped if len(mark) == 3 else escaped.replace("\n", "\\n")) + mark


STRINGS = st.builds(quoted, VALUES, st.sampled_from(['"', "'", '"""', "'''"]))
TYPED = st.builds("{}{}^^{}{}".format, STRINGS, st.sampled_from(["", " "]), SPACE, NODES)
TAGGED = st.builds("{}{}".format, STRINGS, st.sampled_from(["@en", "@en-GB", " @fr"]))
BARE = st.sampled_from(["1", "01", "+1.0", "-.5", "1e3", "1.5E-3", "true", "false"])
OBJECTS = st.recursive(
    NODES | STRINGS | TYPED | TAGGED | BARE | st.sampled_from(["_:b", "[]", "()", "_:b.c"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"( {' '.join(items)} )"),
        st.builds("[{}{} {}{}]".format, SPACE, NODES, inner, SPACE),
    ),
    max_leaves=5,
)


@st.composite
def documents(draw):
    """Write a Turtle text and say at which offset its statements about IRIs have their objects."""
    text = f"@base <{E}z/>.PREFIX e: <{E}>\n@prefix : <../> . @prefix e.f: <x:no> .prefix e.f:<{E}>"
    expected = []
    for _ in range(draw(st.integers(1, 5))):
        text += draw(SPACE)
        subject = draw(NODES | st.sampled_from(["_:s", "[ e:p e:o ]", "( 1 e:a )", "[]"]))
        text += subject + draw(SPACE)
        for count in range(draw(st.integers(1, 3))):
            text += draw(st.sampled_from([";", " ; ", ";;", "\n;\n"])) if count else ""
            text += draw(NODES | st.just("a")) + draw(SPACE)
            for more in range(draw(st.integers(1, 3))):
                text += draw(st.sampled_from([",", " , ", ",\n"])) if more else ""
                written = draw(OBJECTS)
                if not subject.startswith(("_", "[", "(")):
                    expected.append((len(text), written))
                text += written + draw(st.sampled_from(["", *" \n"]))
        text += draw(st.sampled_from([" .", "\n."]))
    return text, expected


@given(documents())
def test_places_are_those_of_the_parser(document):
    """Every statement about an IRI that the parser reads is found, where its object is written."""
    text, expected = document
    places = Locations(text)
    found = {}
    for t in parse(text):
        if isinstance(t.subject, ox.NamedNode):
            obj = locations._BLANK if isinstance(t.object, ox.BlankNode) else t.object
            key = (t.subject.value, t.predicate.value, obj)
            assert key in places._offsets
            found[places._offsets[key]] = key
    written = dict(expected)
    assert set(found) <= set(written)
    for offset, (_, _, obj) in found.items():
        place = places.find(*found[offset])
        assert place == locations.Lines(text).place(offset)
        blank = re.match(r"[_\[]|\( *[^ )]", written[offset])
        assert isinstance(obj, ox.BlankNode) == bool(blank)
    assert len({key for key in places._offsets if len(key) == 3}) == len(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_statement_of_the_project_is_found(path):
    """In each file, every statement about an IRI is found, and its object is written there."""
    text = path.read_text(encoding="utf-8")
    places = Locations(text)
    for t in parse(text):
        if isinstance(t.subject, ox.NamedNode) and not isinstance(t.object, ox.BlankNode):
            key = (t.subject.value, t.predicate.value, t.object)
            assert key in places._offsets
            if isinstance(t.object, ox.Literal) and "\\" not in text:
                assert t.object.value in character(text, places.find(*key))
