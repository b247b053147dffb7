"""Tests of reading RDF, of what is said about broken text, and of the canonical Turtle."""

import doctest
import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import namespaces, resources, turtle
from pkgraph.errors import InputError, TurtleSyntaxError
from pkgraph.turtle import faults, order, reading, tokens, writing

GRAPH = resources.data_files("graph", ".ttl")
THING = "https://w3id.org/pkgraph/"
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in namespaces.prefixes().items())
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">\n'
    '<rdf:Description rdf:about="x:a">{}</rdf:Description></rdf:RDF>'
)


def statements(text):
    """Return the statements of a text that uses the prefixes of the project."""
    return turtle.parse(PREFIXES + text)


def written(text):
    """Return the canonical form of such a text, without its prefixes."""
    return turtle.write(statements(text)).partition("\n\n")[2]


def subjects(text):
    """Return the subjects of a canonical text, in order."""
    return re.findall(r"^(\S+) ", text.partition("\n\n")[2], re.MULTILINE)


@pytest.mark.parametrize("module", [faults, order, reading, tokens, writing])
def test_examples_hold(module):
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(module).failed == 0


# Reading files


def test_read_drops_the_byte_order_mark(tmp_path):
    """A byte order mark is no part of the text, and the rest of it is kept to the letter."""
    path = tmp_path / "a.ttl"
    path.write_bytes(b"\xef\xbb\xbf<x:a> <x:b>\r\n 'caf\xc3\xa9' .")
    assert turtle.read(path) == "<x:a> <x:b>\r\n 'café' ."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; write at least one statement"),
        (b" \n\t\r\n", "is empty; write at least one statement"),
        (b"\xef\xbb\xbf", "is empty; write at least one statement"),
        (b"a\r\nb\n'caf\xe9'", "line 3: byte 10 of the file, 0xE9, is not UTF-8; save the file"),
        ("<x:a>".encode("utf-16"), "line 1: byte 1 of the file, 0xFF, is not UTF-8"),
    ],
)
def test_read_says_why_a_file_has_no_text(tmp_path, content, said):
    """An empty file and one in another encoding are refused with their name and a remedy."""
    path = tmp_path / "a.ttl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        turtle.read(path)
    assert str(caught.value).startswith(str(path))


def test_read_names_its_limit(tmp_path):
    """A file of the largest size is read; one more byte is too many, and the limit is named."""
    path = tmp_path / "a.ttl"
    path.write_bytes(b"#" * (1 << 20))
    assert len(turtle.read(path, 1)) == 1 << 20
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(InputError, match="larger than 1 MiB; split it"):
        turtle.read(path, 1)


def test_read_says_what_is_in_the_place_of_a_file(tmp_path):
    """A missing file, a folder and a name that no file can have are told apart."""
    with pytest.raises(InputError, match=r"there is no file .*gone\.ttl"):
        turtle.read(tmp_path / "gone.ttl")
    with pytest.raises(InputError, match="is a folder; name the files in it"):
        turtle.read(tmp_path)
    with pytest.raises(InputError, match="cannot be read, embedded null byte"):
        turtle.read(Path("a\0b"))
    with pytest.raises(InputError, match="cannot be read, File name too long"):
        turtle.read(tmp_path / ("a" * 300))


# Parsing


def test_parse_keeps_order_and_forms():
    """Statements come in the order of the text, and literals are as they were written."""
    found = turtle.parse('\ufeff<x:b> <x:p> 01, "x"@en-GB .\n<x:a> <x:p> 1.50 .')
    assert [str(t.subject) for t in found] == ["<x:b>", "<x:b>", "<x:a>"]
    assert [t.object.value for t in found] == ["01", "x", "1.50"]


def test_parse_keeps_blank_nodes_apart():
    """The same label in two texts is two blank nodes; within one text it is one."""
    one, two = turtle.parse("_:a <x:p> _:a ."), turtle.parse("_:a <x:p> _:a .")
    assert one[0].subject == one[0].object
    assert one[0].subject != two[0].subject


def test_parse_reads_the_statements_of_graphs():
    """Of a text with graphs, the statements are returned, and the graphs too if asked for."""
    text, syntax = "<x:g> { <x:a> <x:p> <x:b> } <x:c> <x:p> <x:d> .", ox.RdfFormat.TRIG
    assert [str(t.subject) for t in turtle.parse(text, format=syntax)] == ["<x:a>", "<x:c>"]
    graphs = [quad.graph_name for quad in turtle.parse_quads(text, format=syntax)]
    assert graphs == [ox.NamedNode("x:g"), ox.DefaultGraph()]


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (ox.RdfFormat.RDF_XML, RDF_XML.format('<x:p rdf:resource="x:b"/>')),
        (ox.RdfFormat.JSON_LD, '{"@id": "x:a", "x:p": {"@id": "x:b"}}'),
        (ox.RdfFormat.N_TRIPLES, "<x:a> <x:p> <x:b> ."),
        (ox.RdfFormat.N_QUADS, "<x:a> <x:p> <x:b> <x:g> ."),
    ],
)
def test_parse_reads_every_syntax(syntax, text):
    """The same statement is read from each syntax of RDF."""
    assert list(map(str, turtle.parse(text, format=syntax))) == ["<x:a> <x:p> <x:b>"]


BROKEN = {
    "a:b <x:p> 1 .": (1, 1, "the prefix 'a:' is not declared; add a line '@prefix a: <…> .'"),
    "\n<x:a> a pk:Claim .": (
        *(2, 9),
        "add the line '@prefix pk: <https://w3id.org/pkgraph/ontology#> .' at the top",
    ),
    "<x:a> a clame:b .": (1, 9, "write 'claim:' if you mean that, or add a line '@prefix clame:"),
    "<x:a> <x:p> http://x.org .": (1, 13, "an IRI stands in angle brackets"),
    "<x:a> <x:p> 'é𝄞' # it\n\n<x:b> <x:p> 2 .": (3, 1, "a dot is missing after 'é𝄞' in line 1"),
    "<x:a> <x:p> 'é𝄞', é .": (1, 19, "a value is expected here, not 'é'"),
    "<x:a> <x:p> <x:b>\n": (2, 1, "a dot is missing after <x:b> in line 1"),
    '<x:a> <x:p> "he said "no"" .': (1, 23, 'within a string, a quotation mark is written \\"'),
    "<x:a> <x:p> 2004-05-06 .": (1, 17, "the number 2004 ends here; put what is more than a num"),
    "word": (1, 1, "no statement begins with 'word'; begin with the IRI"),
    "<x:a> <x:p> 1 . <x:a> <x:p> 1 .\n@PREFIX a: <x:> .": (2, 1, "no statement begins with '@PRE"),
    "<x:a> <x:p>\r\n 'it .": (2, 2, "the string that begins here has no end; close it with '"),
    '<x:a> <x:p> """it" .\n': (1, 13, 'the string that begins here has no end; close it with """'),
    "<x:a> <x:p> <x:b ": (1, 13, "the IRI that begins here has no end; close it with >"),
    "<x:a> <x:p> 'it\nis' .": (1, 16, "a string ends on its line"),
    "<x:a> <x:p> 'a\\q' .": (1, 15, "'\\q' is not an escape; write \\\\ for a backslash"),
    "<x:a> <x:p> <x:b c> .": (1, 13, "' ' cannot stand in an IRI; write %20, or close the IRI"),
    "<x:a> <x:p> <x:b\n> .": (1, 13, "a line break cannot stand in an IRI"),
    "<x:a> <x:p> <b> .": (1, 13, "the IRI is relative, and there is no @base"),
    "<x:a> <x:p> “b” .": (1, 13, "“ (left double quotation mark) does not begin a string"),
    "<x:a> <x:p>\u00a01 .": (1, 12, "U+00A0 (no-break space) is not white space in Turtle"),
    "<x:a> <x:p> /b .": (1, 13, "'/' cannot stand here; if it is part of a name"),
    "<x:a> <x:p> True .": (1, 13, "true and false are written in small letters"),
    "<x:a> 'b' <x:b> .": (1, 7, "a property is expected here, not ''b''"),
    "<x:a> <x:p> , 1 .": (1, 13, "a value is expected here, not ','"),
    "<x:g> { <x:a> <x:p> 1 } .": (1, 7, "Turtle has no graphs; leave the braces out"),
    "<x:a> <x:p> 'a'@verylonglanguage .": (1, 17, "; correct the Turtle here"),
    "<x:a> <x:p>\n <<( <x:a> <x:p> 1 )>> .": (2, 2, "RDF 1.1 has no statements about statements"),
    "@prefix a: <x:> . a:a a:p a:b\\,c\\.d.": (1, 36, "write a space before it"),
    "<x:a> <x:p> '\ud800' .": (1, 14, "half a character (a lone surrogate) stands here"),
}


@pytest.mark.parametrize("text", BROKEN, ids=ascii)
def test_parse_says_where_and_how_to_mend(text):
    """A fault is placed by line and column, in characters, and its message has the remedy."""
    line, column, said = BROKEN[text]
    with pytest.raises(TurtleSyntaxError, match=re.escape(said)) as caught:
        turtle.parse(text, file="claims.ttl")
    error = caught.value
    assert (error.file, error.line, error.column) == ("claims.ttl", line, column)
    assert str(error).startswith(f"claims.ttl, line {line}, column {column}: ")


def test_messages_stay_short():
    """What stands in the text is quoted in part, however long it is, and on one line."""
    for text in (f"<x:a> <x:p> {'b' * 9999} .", f"<x:a> <x:p> '''{'b' * 999}\n\n''' '1' ."):
        with pytest.raises(TurtleSyntaxError) as caught:
            turtle.parse(text)
        assert len(str(caught.value)) < 300
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (f"<!DOCTYPE r>\n{RDF_XML}", (1, 12), "a document type is not read"),
        (RDF_XML.format("<x:p>&a;</x:p>"), (2, 39), "this is not whole XML, undefined entity"),
        (RDF_XML.partition("{")[0], (2, 34), "this is not whole XML, no element found"),
        (RDF_XML.format("<x:p>é</x:q>"), (2, 42), "this is not whole XML, mismatched tag"),
        (RDF_XML.format('<x:p rdf:parseType="Triple"/>'), (2, 34), "RDF 1.1 has no statements"),
        ("<a/>", (None, None), "correct the RDF/XML here"),
    ],
)
def test_rdf_xml_is_refused_where_it_could_harm_or_mislead(text, place, said):
    """Entities, triple terms and documents that are cut short are refused, with their place."""
    with pytest.raises(TurtleSyntaxError, match=said) as caught:
        turtle.parse(text, format=ox.RdfFormat.RDF_XML)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "context",
    [
        '"https://schema.org/"',
        '[{"p": "x:p"}, "https://schema.org/"]',
        '{"@import": "https://schema.org/"}',
        '{"p": {"@id": "x:p", "@context": "https://schema.org/"}}',
    ],
)
def test_json_ld_fetches_nothing(context):
    """A context elsewhere is refused in so many words, wherever it is asked for."""
    text = f'{{"@context": {context}, "@id": "x:a", "p": {{"p": "b"}}}}'
    with pytest.raises(TurtleSyntaxError, match="pkgraph fetches nothing; copy the context"):
        turtle.parse(text, format=ox.RdfFormat.JSON_LD)


def test_broken_json_ld_has_its_place():
    """What JSON-LD lacks is said as the parser says it, with line and column."""
    with pytest.raises(TurtleSyntaxError, match="correct the JSON-LD here") as caught:
        turtle.parse('{"@id":\n "x:a', format=ox.RdfFormat.JSON_LD)
    assert caught.value.line == 2


def test_nested_triple_terms_do_not_end_the_process():
    """Triple terms are refused before the parser, which dies of many nested ones, sees them."""
    text = "<x:a> <x:p> " + "<<( <x:a> <x:p> " * 99999 + "1" + " )>>" * 99999 + " ."
    for syntax in (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TRIG):
        with pytest.raises(TurtleSyntaxError, match="statements about statements"):
            turtle.parse(text, format=syntax)


def test_angle_quotes_in_strings_are_no_triple_terms():
    """What stands in a string, a comment or an IRI is not taken for a triple term."""
    text = "<x:a> <x:p> '<<a', \"\"\"<<( \"\" '\"\"\" . # <<\n<x:b> <x:p> '''\\'' << ' ''' ."
    assert len(turtle.parse(text)) == 3


def test_first_comment_is_no_fragment():
    """A comment is found where it begins; a number sign in a string or an IRI begins none."""
    text = "<x:a#b> <x:p> '#c', 1 .\n"
    assert turtle.first_comment(text) is None
    assert turtle.first_comment(text + "  # one\n# two") == tokens.Place(2, 3)


# Writing


def test_write_gives_the_house_style():
    """A block has its class on the first line, its label next, then one property a line."""
    text = (
        'claim:a rdfs:label "Ends \\"war\\""@en ; pk:kind kind:normative ; '
        "pk:about concept:peacekeeping , concept:impartiality ; a pk:Claim ."
    )
    assert turtle.write(statements(text)) == (
        "@prefix claim: <https://w3id.org/pkgraph/claim/> .\n"
        "@prefix concept: <https://w3id.org/pkgraph/concept/> .\n"
        "@prefix kind: <https://w3id.org/pkgraph/scheme/kind/> .\n"
        "@prefix pk: <https://w3id.org/pkgraph/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "\n"
        "claim:a a pk:Claim ;\n"
        '    rdfs:label "Ends \\"war\\""@en ;\n'
        "    pk:kind kind:normative ;\n"
        "    pk:about concept:impartiality, concept:peacekeeping .\n"
    )


def test_write_of_nothing_is_nothing():
    """No statements give no text; statements without prefixes give no empty header."""
    assert turtle.write(()) == ""
    assert turtle.write(turtle.parse("<x:a> <x:p> 'b' .")) == '<x:a> <x:p> "b" .\n'


def test_write_breaks_lines_of_many_objects_only():
    """A line of 100 characters stands; a longer one has an object a line, unless it has but one."""
    names = ["concept:" + "a" * 30, "concept:" + "b" * 37]
    for extra, breaks in (("", False), ("b", True)):
        one, two = names[0], names[1] + extra
        text = written(f"<x:a> a <x:p> ; pk:about {one}, {two} ; <x:p> 1 .")
        line = f"    pk:about {one}, {two} ;"
        assert (len(line) > 100) is breaks
        broken = f"    pk:about {one},\n        {two} ;"
        assert (broken if breaks else line) in text
    assert written(f'claim:a pk:pages "{"1" * 200}" .') == f'claim:a pk:pages "{"1" * 200}" .\n'


def test_properties_stand_in_the_order_of_the_shapes():
    """The shape of the class decides, then the least order in any shape, then the name."""
    text = "{} pk:number 1 ; pk:voice voice:own ; skos:note 'b' ; dcterms:date 'a' ; a {} ."
    claim = re.findall(r"\S+:\w+(?= [\"v1])", written(text.format("claim:a", "pk:Claim")))
    assert claim == ["pk:voice", "pk:number", "dcterms:date", "skos:note"]
    other = re.findall(r"\S+:\w+(?= [\"v1])", written(text.format("<x:a>", "<x:A>")))
    assert other == ["pk:number", "pk:voice", "dcterms:date", "skos:note"]


def test_objects_stand_in_natural_order():
    """IRIs come before literals, and numbers in names count."""
    text = "<x:a> pk:about work:p10, work:p2, 'b', 10, 2, <x:z>, work:p02, work:p ."
    expected = '<x:a> pk:about <x:z>, work:p, work:p02, work:p2, work:p10, 2, 10, "b" .\n'
    assert written(text).replace("'", '"') == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("01", '"01"^^xsd:integer'),
        ("+1", '"+1"^^xsd:integer'),
        ("-1", "-1"),
        ("0", "0"),
        ("1.50", '"1.50"^^xsd:decimal'),
        ("-0.5", "-0.5"),
        (".5", '".5"^^xsd:decimal'),
        ("1e3", '"1e3"^^xsd:double'),
        ("true", "true"),
        ("'1'^^xsd:boolean", '"1"^^xsd:boolean'),
        ("'x'^^xsd:integer", '"x"^^xsd:integer'),
        ("'2004'^^xsd:gYear", '"2004"^^xsd:gYear'),
        ("'a'@en-GB", '"a"@en-gb'),
        ("'a'@ar--rtl", '"a"@ar--rtl'),
        ("'''a\nb\rc\td'''", '"a\\nb\\rc\\td"'),
        ("'\\u0000\\u2028\\u202E\\U000E0001é–𝄞'", '"\\u0000\\u2028\\u202E\\U000E0001é–𝄞"'),
        ("<x:a\u200bb>", "<x:a\\u200Bb>"),
        ("work:a\\,b", "<https://w3id.org/pkgraph/work/a,b>"),
        ("rdf:type", "rdf:type"),
    ],
)
def test_terms_keep_their_form(form, expected):
    """A term is read back as it was, and is bare only where all readers agree on it."""
    found = statements(f"<x:a> <x:p> {form} .")
    text = turtle.write(found)
    assert text.endswith(f"<x:a> <x:p> {expected} .\n")
    assert turtle.parse(text) == found


def test_rdflib_reads_bare_literals_as_they_are():
    """What is written without quotation marks, another reader gives back to the letter."""
    values = ["0", "-7", "12", "0.5", "-10.25", "3.0", "true", "false"]
    text = turtle.write(turtle.parse(f"<x:a> <x:p> {', '.join(values)} ."))
    assert '"' not in text
    assert sorted(map(str, rdflib.Graph().parse(data=text).objects())) == sorted(values)


@pytest.mark.parametrize("text", ["_:a pk:voice 1 .", "claim:a pk:voice _:b .", "[] pk:voice [] ."])
def test_write_refuses_what_has_no_iri(text):
    """A blank node is refused with the property it is at, and the remedy."""
    with pytest.raises(InputError, match=r"pk:voice of .* joins what has no IRI, .* give every"):
        turtle.write(statements(text))


def test_a_file_reads_in_the_order_of_its_source():
    """Graph, work, passages, then by line each claim with its parts, then links, then the rest."""
    text = """
    <x:z> a pk:SourceGraph ; pk:encodes work:w .
    passage:1 a pk:Passage ; pk:passageOf work:w ; pk:firstLine 1 ; pk:lastLine 9 .
    passage:2 a pk:Passage ; pk:passageOf work:w ; pk:firstLine 1 ; pk:lastLine 90 .
    passage:3 a pk:Quotation ; pk:firstLine 1 .
    work:w a pk:Work .
    claim:b a pk:Definition ; pk:occursAt occurrence:b-1, occurrence:b-2 ;
      pk:component component:b ; pk:attribution citation:b , citation:a .
    occurrence:b-1 a pk:Occurrence ; pk:firstLine 12 .
    occurrence:b-2 a pk:Occurrence ; pk:firstLine 2 .
    citation:b a pk:Attribution ; pk:firstLine 2 .
    citation:a a pk:Attribution ; pk:firstLine 10 .
    component:b a pk:Component .
    claim:a10 a pk:Claim ; pk:occursAt occurrence:a .
    claim:a9 a pk:Claim ; pk:occursAt occurrence:a ; pk:about claim:a10 .
    occurrence:a a pk:Occurrence ; pk:firstLine 2 .
    link:a a pk:ArgumentLink ; pk:from claim:a10 ; pk:firstLine 2 .
    concept:far pk:broader concept:b .
    claim:c pk:occursAt occurrence:lost ; pk:about concept:far .
    concept:b pk:broader concept:c .
    person:10 a pk:Person . person:9 a pk:Person .
    """
    expected = """
    <x:z> work:w passage:2 passage:1 passage:3
    claim:a9 occurrence:a claim:a10
    claim:b component:b occurrence:b-2 citation:b link:a
    citation:a occurrence:b-1
    claim:c concept:b concept:far person:9 person:10
    """
    assert subjects(turtle.write(statements(text))) == expected.split()


def test_members_stand_in_the_order_of_their_numbers():
    """At one line, the members of an enumeration come by number, and so do the types of a claim."""
    text = """
    claim:a a pk:Claim ; pk:occursAt occurrence:1 ; pk:memberOf claim:list ; pk:number 10 .
    claim:b a pk:Claim ; pk:occursAt occurrence:1 ; pk:memberOf claim:list ; pk:number 9 .
    claim:c a pk:Claim ; pk:occursAt occurrence:1 ; pk:memberOf claim:0 ; pk:number 11 .
    claim:list a pk:Enumeration ; pk:occursAt occurrence:1 .
    claim:z a pk:Typology ; pk:occursAt occurrence:1 ; pk:namesType type:a, type:b .
    type:a a pk:OperationType ; pk:number 2 . type:b a pk:OperationType ; pk:number 1 .
    occurrence:1 a pk:Occurrence ; pk:firstLine 4 .
    """
    expected = "claim:list occurrence:1 claim:z type:b type:a claim:c claim:b claim:a"
    assert subjects(turtle.write(statements(text))) == expected.split()


def test_lines_are_handed_on_to_what_has_none():
    """A thing without a line stands where the nearest thing that it is joined to stands."""
    text = "<x:a> pk:firstLine 7 . <x:b> pk:about <x:a>, <x:e> . <x:c> pk:about <x:b> ."
    more = "<x:d> pk:firstLine 5 ; pk:about <x:b> . <x:e> pk:about <x:f> . <x:g> pk:about 'x' ."
    things = {}
    for t in statements(text + more):
        things.setdefault(t.subject.value, {}).setdefault(t.predicate.value, set()).add(t.object)
    found = {"x:a": 7, "x:b": 5, "x:c": 5, "x:d": 5, "x:e": 5}
    assert order.lines(things) == found


def test_long_chains_are_ordered_in_time():
    """Things that hang on each other in a chain of thousands are placed without delay."""
    chain = "".join(f"<x:{n}> pk:about <x:{n + 1}> .\n" for n in range(20000))
    found = subjects(turtle.write(statements(f"{chain}<x:20000> pk:firstLine 3 .")))
    assert found == [f"<x:{n}>" for n in range(20001)]


IRIS = st.sampled_from(
    [THING + "claim/a-1", THING + "claim/a-10", THING + "claim/a-2", THING + "work/é", "x:%41",
     THING + "ontology#Claim", THING + "passage/1", "https://e.org/a.b.", namespaces.PK + "a\u200d"]
).map(ox.NamedNode)  # fmt: skip
PREDICATES = st.sampled_from(
    [namespaces.RDF + "type", namespaces.RDFS + "label", "x:p", namespaces.PK + "firstLine",
     namespaces.PK + "occursAt", namespaces.PK + "about", namespaces.PK + "voice"]
).map(ox.NamedNode)  # fmt: skip
LITERALS = st.one_of(
    st.text().map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), st.text(), st.just("en")),
    st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(namespaces.XSD + name)),
        st.one_of(st.from_regex(r"[+-]?[0-9]*\.?[0-9]*", fullmatch=True), st.just("true")),
        st.sampled_from(["integer", "decimal", "boolean", "double", "gYear"]),
    ),
)
TRIPLES = st.lists(st.builds(ox.Triple, IRIS, PREDICATES, IRIS | LITERALS), max_size=20)


@given(TRIPLES, st.randoms(use_true_random=False))
def test_write_is_a_function_of_the_set(triples, chance):
    """Order and repetition change nothing, no term is lost, and writing again changes nothing."""
    text = turtle.write(triples)
    assert set(turtle.parse(text)) == set(triples)
    shuffled = [*triples, *triples]
    chance.shuffle(shuffled)
    assert turtle.write(shuffled) == text
    assert turtle.write(turtle.parse(text)) == text


@pytest.mark.parametrize("path", GRAPH, ids=lambda path: path.stem)
def test_the_graph_survives_its_writer(path):
    """Every file of the graph has the same statements, and one form, whatever their order."""
    found = list(turtle.parse(turtle.read(path), file=str(path)))
    text = turtle.write(found)
    assert set(turtle.parse(text)) == set(found)
    random.Random(1).shuffle(found)  # noqa: S311  # any order will do
    assert turtle.write(found) == text
    assert text.endswith(" .\n")
    assert not re.search(r"[ \t]$|\n\n\n", text, re.MULTILINE)
