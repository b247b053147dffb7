"""What holds of the ways in: which there are, what they refuse, and where statements are found."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import intake, namespaces, turtle
from pkgraph.errors import InputError, TurtleSyntaxError
from pkgraph.intake.source import name

CORPUS = Path(__file__).parent / "corpus"
VALID = sorted(CORPUS.rglob("valid/*.ttl"))
CONTEXT = {
    "id": "@id",
    "type": "@type",
    "x": "https://example.org/",
    "knows": {"@id": "x:knows", "@type": "@id"},
    "kind": {"@id": "x:kind", "@type": "@vocab"},
    "names": {"@id": "x:name", "@container": "@language"},
    "members": {"@id": "x:member", "@container": "@list"},
    "knownBy": {"@reverse": "x:knows"},
    "x:Person": {"@id": "x:Person"},
    "A": "x:A",
}
X = "https://example.org/"
FLOOD = " ".join(f"xmlns:p{number}='x:'" for number in range(500))


def source(folder: Path, file: str, text: str) -> intake.Source:
    """Return what is read of a file with this text."""
    path = folder / file
    path.write_text(text, "utf-8")
    return intake.read(path)[0]


def at(given: intake.Source, triple: ox.Triple) -> str:
    """Return the text from where a statement is found on."""
    where = given.place(name(triple.subject), triple.predicate.value, triple.object)
    assert where is not None
    line = given.path.read_text("utf-8").splitlines()[where.line - 1]
    return line[where.column - 1 :]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("a.zip", "a.zip is compressed, and pkgraph unpacks nothing; unpack it yourself"),
        ("a.ttl.gz", "a.ttl.gz is compressed"),
        ("a.docx", "a.docx: what a file is, is told from its ending, one of .ttl, .nt, .jsonld"),
    ],
)
def test_what_is_no_way_in_is_refused_by_its_ending(file: str, told: str) -> None:
    """A compressed file and an unknown ending are refused before the file is touched."""
    with pytest.raises(InputError, match=re.escape(told)):
        intake.read(Path(file))


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    """A link, a pipe and a device are refused without being opened; a folder says what it is."""
    link, pipe = tmp_path / "link.ttl", tmp_path / "pipe.ttl"
    link.symlink_to("/etc/passwd")
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="is a link to another file; name that file itself"):
        intake.read(link)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(InputError, match="is no file but a pipe, a device or a socket"):
            intake.read(path)
    with pytest.raises(InputError, match="is a folder"):
        intake.read(tmp_path)


def test_what_the_caller_has_opened_may_be_a_pipe() -> None:
    """A pipe that is open already, as of a process substitution, is read as a file."""
    out, into = os.pipe()
    with os.fdopen(into, "w") as file:
        file.write("<x:a> <x:p> 1 .")
    (given,) = intake.read(Path(f"/dev/fd/{out}"))
    os.close(out)
    assert len(given.triples) == 1


@pytest.mark.parametrize("file", ["a\n.ttl", "\x1b[2J.ttl", "a\u202e.ttl", "a\udcff.ttl"])
def test_a_name_that_acts_on_a_terminal_is_refused(file: str) -> None:
    """Such a name is told in ASCII, on one line, and never as it is."""
    with pytest.raises(InputError, match="has characters that cannot be shown") as caught:
        intake.read(Path(file))
    assert str(caught.value).isascii()
    assert str(caught.value).isprintable()


def test_an_ending_counts_in_any_case_and_none_is_turtle(tmp_path: Path) -> None:
    """A file without an ending is Turtle, and so is one whose ending is in capitals."""
    for file in ("a", "a.TTL"):
        assert len(source(tmp_path, file, "<x:a> <x:p> 1 .").triples) == 1


@pytest.mark.parametrize(
    ("ending", "syntax"),
    [
        (".nt", ox.RdfFormat.N_TRIPLES),
        (".jsonld", ox.RdfFormat.JSON_LD),
        (".rdf", ox.RdfFormat.RDF_XML),
        (".owl", ox.RdfFormat.RDF_XML),
        (".xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_every_syntax_gives_the_same_statements_and_knows_where_they_stand(
    tmp_path: Path, ending: str, syntax: ox.RdfFormat
) -> None:
    """What the examples say is read from any syntax, and each statement found at its value."""
    for example in VALID:
        wanted = turtle.parse(turtle.read(example))
        path = tmp_path / f"a{ending}"
        path.write_bytes(ox.serialize(wanted, format=syntax))
        (given,) = intake.read(path)
        assert set(given.triples) == set(wanted)
        for triple in wanted:
            found = at(given, triple)
            if syntax == ox.RdfFormat.RDF_XML:
                element = found.partition(">")[0]
                local = re.split("[#/]", triple.predicate.value)[-1]
                typed = local == "type" and 'about="' in element
                assert typed or re.match(rf"<\w+:?{local}\b", element) or f"<{local} " in element
            else:
                assert triple.object.value in found.partition("}")[0]


def test_json_ld_is_found_through_its_context(tmp_path: Path) -> None:
    """Aliases, prefixes, coercion, maps, lists and nested nodes are seen through."""
    document = {
        "@context": CONTEXT,
        "@graph": [
            {"id": "x:a", "type": "x:Person",
             "knows": ["x:b", {"id": "x:c", "x:age": 7}],
             "names": {"en": "Anna", "fr": ["Anne", "Annette"]},
             "members": ["one", 2],
             "kind": "A",
             "knownBy": {"id": "x:d", "x:age": 8},
             "x:note": {"x:text": "blank"},
             "x:flag": {"@value": "yes", "@language": "en"}},
        ],
    }  # fmt: skip
    given = source(tmp_path, "a.jsonld", json.dumps(document, indent=1))
    lines = given.path.read_text("utf-8").splitlines()

    def line(focus: str, path: str | None = None, value: object = None) -> str:
        where = given.place(focus, path, value)
        return "" if where is None else lines[where.line - 1][where.column - 1 :]

    assert line(X + "a", namespaces.RDF + "type", ox.NamedNode(X + "Person")) == '"x:Person",'
    assert line(X + "a", X + "knows", ox.NamedNode(X + "b")) == '"x:b",'
    assert line(X + "a", X + "name", ox.Literal("Annette", language="fr")) == '"Annette"'
    assert line(X + "a", X + "kind", ox.NamedNode(X + "A")) == '"A",'
    assert line(X + "a", X + "flag", ox.Literal("yes", language="en")) == "{"
    assert line(X + "a", X + "note", ox.BlankNode("b")) == "{"
    assert line(X + "a", X + "member") == '"members": ['
    assert line(X + "c", X + "age", ox.Literal("7")) == "7"
    assert line(X + "d", X + "age", ox.Literal("8")) == "8"
    assert line("_:any") == "{"
    assert given.place(X + "a", X + "none", None) == given.place(X + "a", None, None)


def test_rdf_xml_is_found_through_its_abbreviations(tmp_path: Path) -> None:
    """Typed nodes, property attributes, bases, nested nodes and blank ones are seen through."""
    text = f'<rdf:RDF xmlns:rdf="{namespaces.RDF}"\n  xmlns:x="{X}" xml:base="{X}">\n'
    text += """<x:Person rdf:about="a" x:name="Anna">
  <x:knows rdf:resource="b"/>
  <x:knows>
    <rdf:Description rdf:ID="c">
      <x:age>7</x:age></rdf:Description></x:knows>
  <x:note rdf:parseType="Resource">
    <x:text>blank</x:text></x:note>
  <x:list rdf:parseType="Collection"><x:Item/></x:list>
</x:Person>
<rdf:Bag rdf:about="bag"><rdf:li>one</rdf:li>
<rdf:li>two</rdf:li></rdf:Bag>
</rdf:RDF>"""
    given = source(tmp_path, "a.rdf", text)
    lines = text.splitlines()

    def line(focus: str, path: str | None = None, value: object = None) -> str:
        where = given.place(focus, path, value)
        return "" if where is None else lines[where.line - 1][where.column - 1 :]

    assert line(X + "a", namespaces.RDF + "type", ox.NamedNode(X + "Person")).startswith(
        "<x:Person"
    )
    assert line(X + "a", X + "name", ox.Literal("Anna")).startswith("<x:Person")
    assert line(X + "a", X + "knows", ox.NamedNode(X + "b")) == '<x:knows rdf:resource="b"/>'
    assert line(X + "a", X + "knows", ox.NamedNode(X + "#c")) == "<x:knows>"
    assert line(X + "#c", X + "age", ox.Literal("7")).startswith("<x:age>7")
    assert line(X + "a", X + "note", ox.BlankNode("b")).startswith("<x:note")
    assert line(X + "bag", namespaces.RDF + "_2", ox.Literal("two")).startswith("<rdf:li>two")
    assert line("_:any").startswith("<x:note")
    said = {(name(t.subject), t.predicate.value) for t in given.triples}
    assert {(X + "#c", X + "age"), (X + "bag", namespaces.RDF + "_2")} <= said


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ('{"@id": "a", "x:p": 1}', (1, 9), "'a' is no whole IRI"),
        ('{"@id": "x:a",\n "voice": 1}', (2, 2), "'voice' is no whole IRI"),
        ('{"@id": "x:a b", "x:p": 1}', (1, 9), "'x:a b' is no IRI: invalid IRI code point ' '"),
        ('{"@id": "x:a%zz", "x:p": 1}', (1, 9), "invalid IRI percent encoding '%zz'"),
        ('{"x:p": {"@value": "v", "@language": "e e"}}', (1, 38), "'e e' is no language tag"),
        ('{"x:p": {"@value": "v", "@type": "y"}}', (1, 34), "'y' is no whole IRI"),
        ('{"_:p": 1}', (1, 2), "'_:p' is no IRI"),
        ('{"x:p": {"@value": "v", "@langage": "en"}}', (1, 25), "no keyword '@langage'"),
        ('{"@id": "x:g", "@graph": [{"@id": "x:a", "x:p": 1}]}', None, "a graph of their own"),
        ('{"@context": "https://e.org/c"}', (1, 14), "its context at 'https://e.org/c', and"),
        ('{"@context": "c.jsonld"}', (1, 14), "its context at 'c.jsonld', and"),
        ('{"\\u0040context": "c"}', (1, 19), "its context at 'c', and"),
        ('{"@context": [{}, ["c"]]}', None, "correct the JSON-LD"),
        ('{"@context": {"@import": "c"}}', (1, 26), "its context at 'c', and"),
        ('{"@context": {"p": {"@id": "x:p", "@context": "c"}}}', (1, 47), "its context at 'c'"),
        ('{"x:p": {"@context": {}, "@id": "x:b"}}', None, None),
        ('{"x:p": [{"@context": {}}]}', (1, 23), "a context stands within others"),
        ('{"@context": {"p": {"@id": "x:p", "@context": {}}}}', (1, 47), "stands within others"),
        ('{"x:p":' * 33 + "1" + "}" * 33, (1, 225), "more than 32 brackets deep"),
        (json.dumps({"@context": {f"t{n}": "x:t" for n in range(2001)}}), None, "2000 keys"),
    ],
)
def test_json_ld_loses_nothing_without_a_word(
    tmp_path: Path, text: str, place: tuple[int, int] | None, told: str | None
) -> None:
    """What the parser would leave out or fetch, or would cost too much, is refused."""
    if told is None:
        assert source(tmp_path, "a.jsonld", text).triples
        return
    with pytest.raises(TurtleSyntaxError, match=re.escape(told)) as caught:
        source(tmp_path, "a.jsonld", text)
    if place is not None:
        assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<x:A rdf:about="a"/>', "line 1, column 94: 'a' is no whole IRI"),
        ('<x:A rdf:about="x:a b"/>', "'x:a b' is no IRI"),
        ('<x:A rdf:about="x:a" xml:lang="e_n" x:p="1"/>', "'e_n' is no language tag"),
        ("<x:A><x:p>" * 51 + "</x:p></x:A>" * 51, "more than 100 elements deep"),
        (f"<x:A {FLOOD.replace('xmlns:', 'x:')}/>", "more than 200 attributes"),
        (f"<x:A {FLOOD}/>", "more than 500 prefixes"),
    ],
)
def test_rdf_xml_is_refused_with_its_place(tmp_path: Path, body: str, told: str) -> None:
    """What is no IRI, and what would cost too much, is refused."""
    text = f'<rdf:RDF xmlns:rdf="{namespaces.RDF}" xmlns:x="x:">{body}</rdf:RDF>'
    with pytest.raises(TurtleSyntaxError, match=re.escape(told)):
        source(tmp_path, "a.rdf", text)


def test_no_more_is_taken_in_than_can_be_checked(tmp_path: Path) -> None:
    """Too many statements, too long ones and too large files are refused, each limit named."""
    many = "<x:a> <x:p> 1 .\n" * 100_001
    with pytest.raises(TurtleSyntaxError, match="more than 100000 statements; split them"):
        source(tmp_path, "a.nt", many.replace("1", "<x:b>"))
    with pytest.raises(TurtleSyntaxError, match="more than 100000 statements"):
        intake.read(many)
    with pytest.raises(TurtleSyntaxError, match=r"begins <x:a>.* has 20\d\d\d characters"):
        intake.read(f"<x:a> <x:p> '{'b' * 20_000}' .")
    long = f"@prefix a: <x:{'b' * 6000}> .\n" + "a:a a:b a:c .\n" * 2000
    with pytest.raises(TurtleSyntaxError, match="more than 32000000 characters when all names"):
        intake.read(long)
    with pytest.raises(InputError, match="larger than 16 MiB"):
        source(tmp_path, "a.ttl", "#" * (16 << 20) + "#")
    nested = '{"x:p":' * 20 + "[" + "1," * 100_000 + "1]" + "}" * 20
    with pytest.raises(TurtleSyntaxError, match="are more than 2000000; nest less"):
        source(tmp_path, "a.jsonld", nested)
