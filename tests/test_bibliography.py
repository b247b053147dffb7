"""Works as BibTeX, RIS and CSL-JSON that other programs read."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import bibliography, build, references, resources
from pkgraph.bibliography import bibtex_entries, csl_items, ris_tags
from pkgraph.bibliography.works import Work, people
from pkgraph.references import reading

PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
WORK = "https://w3id.org/pkgraph/work/"
DATA = """
work:full a pk:Work ; pk:workKind work-kind:book-chapter ;
    pk:authorsPrinted "Diehl, Druckman & Wall" ;
    pk:year "1998"^^xsd:gYear ; pk:yearSuffix "a" ; dcterms:title "War & Peace: 100% {of_it}"@en ;
    pk:publishedIn work:volume ; pk:chapterNumber 3 .
work:volume a pk:Work ; pk:workKind work-kind:edited-collection ;
    dcterms:title "The #1 Handbook"@en ;
    pk:authorsPrinted "Rikhye et al." .
work:bare a pk:Work .
work:article a pk:Work ; pk:workKind work-kind:article ; pk:authorsPrinted "Goulding" ;
    pk:year "1993"^^xsd:gYear .
claim:one a pk:Claim ; pk:occursAt occurrence:one .
occurrence:one a pk:Occurrence ; pk:inPassage passage:one .
passage:one a pk:Passage ; pk:passageOf work:full .
person:a a pk:Person .
"""


def entries(text):
    """Read BibTeX as strictly as its programs do: balanced braces, a comma after each field."""
    found = {}
    rest = text
    while rest.strip():
        head = re.match(r"\s*@(\w+)\{([^\s,{}]+),\n", rest)
        assert head, rest
        rest = rest[head.end() :]
        fields = {}
        while field := re.match(r"  (\w+) = \{", rest):
            depth, end = 1, field.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(rest[end], 0)
                end += 1
            fields[field[1]] = rest[field.end() : end - 1]
            assert rest[end : end + 2] == ",\n"
            rest = rest[end + 2 :]
        assert rest.startswith("}\n")
        rest = rest[2:]
        found[head[2]] = (head[1], fields)
    return found


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return a store with works of several kinds."""
    path = tmp_path_factory.mktemp("works") / "works.ttl"
    path.write_text(PREFIXES + DATA, "utf-8")
    return build.load([path])


def test_an_entry_has_what_is_known_of_a_work(store):
    """Authors one by one, year with its suffix, title and book, what TeX reads escaped."""
    assert entries(bibliography.bibtex(store, [WORK + "full"])) == {
        "full": (
            "incollection",
            {
                "author": "{Diehl} and {Druckman} and {Wall}",
                "title": r"War \& Peace: 100\% \textbraceleft{}of\_it\textbraceright{}",
                "booktitle": r"The \#1 Handbook",
                "chapter": "3",
                "year": "1998a",
                "url": WORK + "full",
            },
        )
    }


def test_a_collection_has_editors(store):
    """Those who edit a collection are not its authors, and et al. are others."""
    kind, fields = entries(bibliography.bibtex(store, [WORK + "volume"]))["volume"]
    assert kind == "book"
    assert fields["editor"] == "{Rikhye} and others"
    assert "author" not in fields


def test_what_is_not_known_is_left_out(store):
    """A work of which nothing is printed still has a key and an address."""
    assert entries(bibliography.bibtex(store, [WORK + "bare"])) == {
        "bare": ("misc", {"url": WORK + "bare"})
    }


def test_entries_come_in_the_order_of_the_works(store):
    """Each work has one entry, in the order asked for; unknown ones and other things have none."""
    wanted = [WORK + name for name in ("volume", "gone", "article", "full")]
    text = bibliography.bibtex(store, [*wanted, "https://w3id.org/pkgraph/person/a"])
    assert list(entries(text)) == ["volume", "article", "full"]
    assert bibliography.bibtex(store, []) == ""


def test_the_works_behind_claims_and_passages_are_found(store):
    """A claim leads to the work that states it, a passage to its own, and a work to itself."""
    base = "https://w3id.org/pkgraph/"
    full, bare = WORK + "full", WORK + "bare"
    assert bibliography.works_behind(store, [base + "claim/one"]) == (full,)
    assert bibliography.works_behind(store, [base + "passage/one", full, bare]) == (bare, full)
    assert bibliography.works_behind(store, [base + "person/a"]) == ()


def test_every_shipped_work_has_an_entry_that_reads_back(graph):
    """The whole bibliography is one file of BibTeX with an entry for each work."""
    rows = graph.store.query(
        "SELECT ?w { ?w a <https://w3id.org/pkgraph/ontology#Work> } ORDER BY ?w"
    )
    works = [row.w for row in rows]
    read = entries(bibliography.bibtex(graph.store, works))
    assert list(read) == [work.removeprefix(WORK) for work in works]
    assert read["durch-1997"][1]["year"] == "1997"


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("Durch", (("Durch",), False)),
        ("Diehl, Druckman and Wall", (("Diehl", "Druckman", "Wall"), False)),
        ("Mackinlay & Chopra", (("Mackinlay", "Chopra"), False)),
        ("Rikhye et al.", (("Rikhye",), True)),
        ("Smith, Jones et al.", (("Smith", "Jones"), True)),
        ("", ((), False)),
    ],
)
def test_authors_are_told_apart(printed, told):
    """The names that a source prints in a row are names one by one."""
    assert people(printed) == told


WRITERS = [(".bib", "bibtex"), (".ris", "ris"), (".json", "csl_json")]


def read_back(folder, ending, text):
    """Read what was written, as reference managers would, and return the references by key."""
    path = folder / f"works{ending}"
    path.write_text(text, "utf-8")
    return {record.key: record for record in reading.read(path)}


@pytest.mark.parametrize(("ending", "writer"), WRITERS)
def test_what_is_written_is_read_back(store, tmp_path, ending, writer):
    """In every form a work keeps its kind, names, title, volume, chapter, year and address."""
    wanted = [WORK + name for name in ("full", "volume", "article", "bare")]
    text = getattr(bibliography, writer)(store, wanted)
    found = read_back(tmp_path, ending, text)
    assert list(found) == ["full", "volume", "article", "bare"]
    full = found["full"]
    assert full.kind == "book-chapter"
    assert [name.full for name in full.authors.names] == ["Diehl", "Druckman", "Wall"]
    assert full.text("title") == "War & Peace: 100% {of_it}"
    assert full.text("container") == "The #1 Handbook"
    assert full.text("chapter") == "3"
    assert reading.year(full) == reading.Year("1998", "a")
    assert {reading.address(record) for record in found.values()} == set(wanted)
    volume = found["volume"]
    assert volume.kind in {"book", "edited-collection"}
    assert volume.authors.names == []
    assert [name.full for name in volume.editors.names] == ["Rikhye"]
    assert volume.editors.others
    assert found["article"].kind == "article"
    assert reading.year(found["article"]) == reading.Year("1993")
    assert found["bare"].authors.names == []


@pytest.mark.parametrize(("ending", "writer"), WRITERS)
def test_every_shipped_work_comes_back_as_what_is_there(graph, tmp_path, ending, writer):
    """Each work that is written is found again in the graph, and nothing new is made of it."""
    rows = graph.store.query(
        "SELECT ?w { ?w a <https://w3id.org/pkgraph/ontology#Work> } ORDER BY ?w"
    )
    path = tmp_path / f"all{ending}"
    path.write_text(getattr(bibliography, writer)(graph.store, [row.w for row in rows]), "utf-8")
    imported = references.bring_in([path])
    assert imported.sources[0].triples == ()
    assert len([note for note in imported.notes if note.sort == "found"]) == len(rows)


@pytest.mark.parametrize("writer", ["ris", "csl_json"])
def test_no_works_are_an_empty_file(store, writer):
    """Where no work is asked for, or none is known, nothing is written but the form."""
    text = getattr(bibliography, writer)(store, [WORK + "gone"])
    assert text == {"ris": "", "csl_json": "[]\n"}[writer]


def test_a_title_cannot_begin_a_tag_of_ris():
    """A line break in a title does not end the line, so that no tag can be slipped in."""
    work = Work(WORK + "x", (), False, "One\nER  - \nTY  - BOOK", "", "", "", "", "")  # noqa: FBT003
    written = ris_tags._reference(work)
    assert written.splitlines() == [
        "TY  - GEN",
        "ID  - x",
        "TI  - One ER - TY - BOOK",
        f"UR  - {WORK}x",
        "ER  - ",
    ]


@given(st.text())
def test_any_title_is_one_item_of_csl(title):
    """Whatever a title has in it, the item is JSON that says the same."""
    work = Work(WORK + "x", ("A",), True, title, "", "", "", "2001", "")  # noqa: FBT003
    item = json.loads(json.dumps(csl_items._item(work)))
    assert item.get("title", "") == title
    assert item["author"] == [{"literal": "A"}, {"literal": "et al."}]


@given(st.text())
def test_any_title_leaves_the_file_whole(title):
    """Whatever a title has in it, braces are balanced and no special character stands alone."""
    text = f"@misc{{key,\n  title = {{{bibtex_entries._printed(title)}}},\n}}\n"
    _, fields = entries(text)["key"]
    assert not re.search(r"(?<!\\)[&%$#_]", fields["title"])


def test_escaped_text_is_what_it_was():
    """Undoing the escapes gives the title back."""
    title = "a\\b{c}d~e^f & 5% of $3 #1 x_y"
    back = bibtex_entries._printed(title)
    for mark, escape in sorted(bibtex_entries._PRINTED.items(), key=lambda item: -len(item[1])):
        back = back.replace(escape, mark)
    assert back == title
