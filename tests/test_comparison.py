"""What differs between two states of a graph, in the words of the graph."""

from __future__ import annotations

import re
import shutil

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pkgraph import build, cli, comparison, namespaces, resources
from pkgraph.comparison import Change, Value
from pkgraph.errors import InputError, StoreError

PREFIXES = resources.folder("ontology").joinpath("prefixes.ttl").read_text("utf-8")

BEFORE = """
claim:a a pk:Claim ; rdfs:label "Force ends wars"@en ; pk:voice voice:own ;
    pk:about concept:force , concept:calm-of-old ; pk:occursAt occurrence:a-1 .
claim:b a pk:Claim ; rdfs:label "Talks end wars"@en ; pk:voice voice:own .
occurrence:a-1 a pk:Occurrence ; pk:firstLine 3 ; pk:lastLine 4 .
link:b-attacks-a a pk:ArgumentLink ; pk:from claim:b ; pk:relation relation:attacks ;
    pk:to claim:a ; pk:basis basis:explicit .
concept:force a pk:Concept ; rdfs:label "force"@en .
"""
AFTER = """
claim:a a pk:Claim ; rdfs:label "Force may end wars"@en ; pk:voice voice:disputed ;
    pk:about concept:force , concept:strife-of-old , concept:gain-of-old ;
    pk:occursAt occurrence:a-1 .
claim:b a pk:Claim ; rdfs:label "Talks end wars"@en ; pk:voice voice:own .
claim:c a pk:Enumeration ; rdfs:label "Three things end wars"@en ; pk:statedCount 3 .
occurrence:a-1 a pk:Occurrence ; pk:firstLine 3 ; pk:lastLine 5 .
link:c-supports-b a pk:ArgumentLink ; pk:from claim:c ; pk:relation relation:supports ;
    pk:to claim:b .
concept:force a pk:Concept ; rdfs:label "force"@en .
"""
TEXT = """\
Things: 2 added, 2 changed, 1 removed. Statements: 12 added, 9 removed.

Added (2)
  enumeration 'Three things end wars' (claim:c)
    stated count: 3
  argument link: 'Three things end wars' supports 'Talks end wars' (link:c-supports-b)

Changed (2)
  claim 'Force may end wars' (claim:a)
    label: "Force ends wars"@en → "Force may end wars"@en
    about: removed concept:calm-of-old
    about: added concept:gain-of-old
    about: added concept:strife-of-old
    voice: 'own' (voice:own) → 'disputed' (voice:disputed)
  occurrence occurrence:a-1
    last line: 4 → 5

Removed (1)
  argument link: 'Talks end wars' attacks 'Force may end wars' (link:b-attacks-a)
    basis: 'explicit' (basis:explicit)
"""
MARKDOWN = """\
**pkgraph diff**: Things: 1 changed. Statements: 1 added, 1 removed.

### Changed (1)

- claim 'Force ends wars' (`claim:a`)
  - voice: 'own' (`voice:own`) → 'disputed' (`voice:disputed`)
"""


def triples(turtle):
    """Return the statements of *turtle*, all prefixes known."""
    return [each.triple for each in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)]


def compared(before, after, known=None):
    """Return what differs between two texts of Turtle."""
    return comparison.compare(triples(before), triples(after), known)


def changes(before, after):
    """Return the changes of the one thing that differs."""
    found = compared(before, after)
    (entry,) = (*found.added, *found.changed, *found.removed)
    return entry.changes


def test_a_comparison_speaks_in_labels():
    """Claims come first, links are sentences, and a value that took another's place is paired."""
    assert comparison.as_text(compared(BEFORE, AFTER)) == TEXT


def test_markdown_has_the_same_as_a_list():
    """A heading for what came, changed and went; items for the things, and below for changes."""
    after = BEFORE.replace("voice:own", "voice:disputed", 1)
    assert comparison.as_markdown(compared(BEFORE, after)) == MARKDOWN


def test_what_is_the_same_is_not_told():
    """The order, a statement written twice and the form of a number make no difference."""
    mixed = "\n".join(reversed(re.split(r"(?<=\.)\n", BEFORE.strip())))
    found = compared(BEFORE, (mixed + BEFORE).replace("firstLine 3", "firstLine 03"))
    assert found.same
    assert found.added == found.changed == found.removed == ()
    assert comparison.as_text(found) == "The two say the same.\n"
    assert comparison.as_markdown(found) == "**pkgraph diff**: The two say the same.\n"


def test_backwards_all_is_the_other_way_round():
    """What is added one way is removed the other way, by the same statements."""
    one, other = compared(BEFORE, AFTER), compared(AFTER, BEFORE)
    assert one.statements == other.statements[::-1]
    for left, right in ((one.added, other.removed), (one.removed, other.added)):
        assert [entry.thing.name for entry in left] == [entry.thing.name for entry in right]
    told = {change for entry in one.changed for change in entry.changes}
    turned = {Change(c.property, c.after, c.before) for e in other.changed for c in e.changes}
    assert told == turned


def test_only_values_of_one_kind_are_paired():
    """A label in another language does not become this one, nor a number a text."""
    label = Value("label", "rdfs:label")
    assert changes(
        'work:a rdfs:label "A"@en , "B"@fr .', 'work:a rdfs:label "C"@fr , "A"@de .'
    ) == (
        Change(label, None, Value(None, '"A"@de')),
        Change(label, Value(None, '"A"@en'), None),
        Change(label, Value(None, '"B"@fr'), Value(None, '"C"@fr')),
    )
    count = Value("stated count", "pk:statedCount")
    assert changes("claim:a pk:statedCount 3 .", 'claim:a pk:statedCount "3" .') == (
        Change(count, Value(None, "3"), None),
        Change(count, None, Value(None, '"3"')),
    )


def test_literals_are_as_turtle_has_them():
    """So a date, a text with odd characters and a plain number are told apart."""
    text = 'work:a pk:x "2001"^^xsd:gYear , "a^^b\\"" , true , 1.5 , "x"^^<urn:t> .'
    told = {change.after.name for change in changes("", text)}
    assert told == {'"2001"^^xsd:gYear', '"a^^b\\""', "true", '"1.5"^^xsd:decimal', '"x"^^urn:t'}


def test_a_property_of_elsewhere_is_told_by_its_name():
    """So is a class that the ontology does not have, and a thing without a label or a class."""
    found = compared("", "work:a a <urn:Book> ; <urn:p> work:b . work:c pk:x [] .")
    text = comparison.as_text(found)
    assert "  urn:Book work:a\n    urn:p: work:b\n" in text
    assert re.search(r"^  work:c\n    pk:x: _:\w+\n", text, re.MULTILINE)


def test_what_the_entry_begins_with_is_told_once_only_where_that_is_all():
    """A second label, a second class and a second end of a link are not swallowed."""
    found = compared(
        "",
        'link:a a pk:ArgumentLink , pk:Approach ; rdfs:label "A" , "B" ; '
        "pk:from claim:a , claim:b ; pk:relation relation:attacks ; pk:to claim:c .",
    )
    text = comparison.as_text(found)
    for each in ('label: "A"', 'label: "B"', "from: claim:a", "from: claim:b", "(pk:Approach)"):
        assert each in text
    assert "    to:" not in text


def test_a_link_without_an_end_is_no_sentence():
    """It is told by its name, and so is what it has."""
    text = comparison.as_text(compared("", "link:a a pk:ArgumentLink ; pk:from claim:b ."))
    assert "  argument link link:a\n    from: claim:b\n" in text


def test_labels_of_what_neither_state_names_come_from_a_store(graph):
    """A file points at things that stand elsewhere; the store is asked for those only."""
    asked = []

    class Asked:
        name = "asked"

        def query(self, text):
            asked.append(text)
            return graph.store.query(text)

    after = "claim:z pk:about concept:peacekeeping , concept:nobody-knows ; pk:voice voice:own ."
    text = comparison.as_text(compared("", after, Asked()))
    assert "about: 'peacekeeping' (concept:peacekeeping)\n" in text
    assert "about: concept:nobody-knows\n" in text
    assert len(asked) == 1
    asked.clear()
    many = " , ".join(f"concept:n{number}" for number in range(1200))
    compared("", f"claim:z pk:about {many} .", Asked())
    assert len(asked) == 3


def test_an_odd_iri_does_not_reach_the_store(graph):
    """Only addresses of things of ours are asked for."""
    strange = ox.NamedNode(namespaces.BASE + "work/é")
    triple = ox.Triple(strange, ox.NamedNode("urn:p"), ox.NamedNode("urn:x"))
    found = comparison.compare([], [triple], graph.store)
    assert found.added[0].thing == Value(None, strange.value)


HOSTILE = st.text(
    st.sampled_from("ab *_`#@<>[]()!\\|~-+.&;:/\"'\n\r\t\u202e\x1b0") | st.characters(codec="utf-8")
)


@given(HOSTILE, HOSTILE)
def test_nothing_in_a_label_is_markdown(one, other):
    """Whatever labels say, the document is a paragraph and lists, with nothing else in them."""
    label, note = ox.NamedNode(namespaces.RDFS + "label"), ox.NamedNode(namespaces.SKOS + "note")
    thing = ox.NamedNode(namespaces.BASE + "claim/a")
    typed = ox.Triple(
        thing, ox.NamedNode(namespaces.RDF + "type"), ox.NamedNode(namespaces.PK + "x")
    )
    after = [
        typed,
        ox.Triple(thing, label, ox.Literal(one)),
        ox.Triple(thing, note, ox.Literal(other)),
    ]
    found = comparison.compare([typed], after)
    text = comparison.as_markdown(found)
    kinds = {
        token.type.removesuffix("_open").removesuffix("_close")
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        for token in (token, *(token.children or []))
    }
    assert kinds <= {
        *("paragraph", "inline", "text", "strong", "heading", "bullet_list", "list_item"),
        *("code_inline", "softbreak"),
    }
    lines = text.splitlines()
    assert len(lines) == len(comparison.as_text(found).splitlines()) + 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_plain_text_does_not_act_on_a_terminal():
    """Controls and marks that turn the direction of text are replaced, in names too."""
    found = compared("", 'work:a rdfs:label "a\\u001b[2J\\u202Eb\\nc" ; <urn:p> <urn:\\u202Ex> .')
    assert "\x1b" not in comparison.as_text(found)
    assert "\u202e" not in comparison.as_text(found)
    assert "  'a\ufffd[2J\ufffdb c' (work:a)\n" in comparison.as_text(found)


# --- what can be compared


def write(path, turtle):
    """Write *turtle*, with all prefixes, to *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PREFIXES + turtle, "utf-8")
    return str(path)


def test_a_file_a_folder_and_a_store_are_read_alike(tmp_path):
    """A store has what its files say; neither what follows from it nor the ontology counts."""
    file = write(tmp_path / "all.ttl", BEFORE)
    first, _, rest = BEFORE.partition("claim:b a")
    write(tmp_path / "folder" / "one.ttl", first)
    write(tmp_path / "folder" / "below" / "two.ttl", f"claim:b a{rest}")
    store = ox.Store(str(tmp_path / "store"))
    store.bulk_extend(build.load([tmp_path / "all.ttl"]).engine)
    store.flush()
    del store
    names = [file, str(tmp_path / "folder"), str(tmp_path / "store")]
    sides = [set(comparison.side(name)) for name in names]
    assert sides[0] == sides[1] == sides[2] == set(triples(BEFORE))


def test_the_shipped_graph_is_what_its_folder_says():
    """The word shipped stands for the graph that comes with pkgraph."""
    shipped = comparison.side(comparison.SHIPPED)
    folder = comparison.side(str(resources.folder("graph")))
    assert comparison.compare(shipped, folder).same


def test_what_cannot_be_read_is_refused(tmp_path):
    """A folder without Turtle, no file at all, and a spoilt store are told by name."""
    with pytest.raises(InputError, match="is a folder without a store and without files of Turtle"):
        comparison.side(str(tmp_path))
    with pytest.raises(InputError, match=r"there is no file .*gone\.ttl"):
        comparison.side(str(tmp_path / "gone.ttl"))
    (tmp_path / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="cannot be opened"):
        comparison.side(str(tmp_path))


# --- the command


def test_the_command_says_what_differs_and_ends_with_it(tmp_path, capsys):
    """As with diff, the status is 0 if nothing differs, 1 if something does, 2 if it cannot say."""
    one, other = write(tmp_path / "a.ttl", BEFORE), write(tmp_path / "b.ttl", AFTER)
    assert cli.main(["diff", one, other]) == 1
    assert capsys.readouterr().out == TEXT
    assert cli.main(["diff", one, one]) == 0
    assert capsys.readouterr().out == "The two say the same.\n"
    assert cli.main(["diff", one, str(tmp_path / "gone.ttl")]) == 2
    assert capsys.readouterr().out == ""


def test_the_command_writes_markdown(tmp_path, capsys):
    """--format md writes it for a pull request."""
    one = write(tmp_path / "a.ttl", BEFORE)
    other = write(tmp_path / "b.ttl", BEFORE.replace("voice:own", "voice:disputed", 1))
    assert cli.main(["diff", one, other, "--format", "md"]) == 1
    assert capsys.readouterr().out == MARKDOWN


def test_a_change_of_the_shipped_graph_is_found(tmp_path, capsys):
    """A changed file in a copy of the graph shows what was changed and nothing else."""
    copy = tmp_path / "graph"
    shutil.copytree(resources.folder("graph"), copy)
    path = copy / "works" / "bellamy-2004" / "1-1.ttl"
    path.write_text(path.read_text("utf-8").replace("voice:own", "voice:disputed", 1), "utf-8")
    assert cli.main(["diff", comparison.SHIPPED, str(copy)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Things: 1 changed. Statements: 1 added, 1 removed.\n")
    assert out.endswith("    voice: 'own' (voice:own) → 'disputed' (voice:disputed)\n")
