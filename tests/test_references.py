"""Bibliographies: what they come to, what is found again, and what is refused."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkgraph import (
    bibliography,
    build,
    cli,
    intake,
    namespaces,
    references,
    resources,
    turtle,
    validation,
)
from pkgraph.errors import BibliographySyntaxError, InputError
from pkgraph.references import bibtex, latex
from pkgraph.references.duplicates import Description, compare
from pkgraph.references.known import Known
from pkgraph.references.record import MAX_NAMES, MAX_REFERENCES, Name

FILES = Path(__file__).parent / "references"
PREFIXES = (resources.folder("ontology") / "prefixes.ttl").read_text("utf-8")
EMPTY = Known([])


def known(data):
    """Return what a graph in Turtle knows."""
    return Known(turtle.parse(PREFIXES + data))


def written(imported):
    """Return what an import comes to, in Turtle without its prefixes."""
    text = turtle.write([triple for source in imported.sources for triple in source.triples])
    return re.sub(r"^@prefix.*\n+", "", text, flags=re.MULTILINE)


def told(imported, *sorts):
    """Return what is told, of these sorts."""
    return [note.text for note in imported.notes if note.sort in sorts]


@pytest.fixture
def bring(tmp_path):
    """Return a function that brings in a text, and what a graph has already."""

    def bring_in(text, graph=EMPTY, ending=".bib"):
        path = tmp_path / f"refs{ending}"
        path.write_text(text, "utf-8")
        return references.bring_in([path], graph)

    return bring_in


def faults(path_or_text, tmp_path, ending=".bib"):
    """Return the faults of a bibliography: line, column and reason."""
    path = tmp_path / f"broken{ending}"
    path.write_text(path_or_text, "utf-8")
    with pytest.raises(BibliographySyntaxError) as caught:
        references.read(path)
    return caught.value.faults


LIBRARY = """\
person:jan-von-der-aue-jr a pk:Person ;
    rdfs:label "Jan von der Aue Jr."@en ;
    pk:familyName "von der Aue" ;
    pk:givenName "Jan" .

person:lea-amber a pk:Person ;
    rdfs:label "Lea Amber"@en ;
    pk:familyName "Amber" ;
    pk:givenName "Lea" .

person:noor-basalt a pk:Person ;
    rdfs:label "Noor Basalt"@en ;
    pk:familyName "Basalt" ;
    pk:givenName "Noor" .

person:r-quill-2004 a pk:Person ;
    rdfs:label "R. Quill (2004)"@en ;
    pk:familyName "Quill" ;
    pk:givenName "R." ;
    skos:altLabel "R. Quill"@en .

person:tilda-oberg a pk:Person ;
    rdfs:label "Tilda Öberg"@en ;
    pk:familyName "Öberg" ;
    pk:givenName "Tilda" .

work:amber-basalt-2004 a pk:Work ;
    rdfs:label "Amber & Basalt 2004"@en ;
    dcterms:title "Questions of Peace" ;
    pk:workKind work-kind:edited-collection ;
    pk:author person:lea-amber, person:noor-basalt ;
    pk:authorsPrinted "Lea Amber and Noor Basalt" ;
    pk:year "2004"^^xsd:gYear .

work:journal-of-made-up-peace a pk:Work ;
    rdfs:label "Journal of Made-Up Peace"@en ;
    dcterms:title "Journal of Made-Up Peace" .

work:oberg-et-al-2006 a pk:Work ;
    rdfs:label "Öberg et al. 2006"@en ;
    dcterms:title "Lines, 1990–95" ;
    pk:workKind work-kind:book ;
    pk:author person:tilda-oberg ;
    pk:authorsPrinted "Tilda Öberg et al." ;
    pk:year "2006"^^xsd:gYear .

work:oberg-von-der-aue-2003 a pk:Work ;
    rdfs:label "Öberg & von der Aue 2003"@en ;
    dcterms:title "Blue Helmets & Red Lines: A Study"@en ;
    pk:workKind work-kind:article ;
    pk:author person:jan-von-der-aue-jr, person:tilda-oberg ;
    pk:authorsPrinted "Tilda Öberg and Jan von der Aue Jr." ;
    pk:year "2003"^^xsd:gYear ;
    pk:publishedIn work:journal-of-made-up-peace ;
    skos:exactMatch <https://doi.org/10.1000/made.up> .

work:quill-united-nations-2004 a pk:Work ;
    rdfs:label "Quill & United Nations 2004"@en ;
    dcterms:title "Who Keeps the Peace?" ;
    pk:workKind work-kind:book-chapter ;
    pk:author person:r-quill-2004 ;
    pk:authorsPrinted "R. Quill and United Nations" ;
    pk:year "2004"^^xsd:gYear ;
    pk:publishedIn work:amber-basalt-2004 ;
    pk:issuedBy organization:united-nations ;
    pk:chapterNumber 3 .

work:united-nations-2005 a pk:Work ;
    rdfs:label "United Nations 2005"@en ;
    dcterms:title "A Report" ;
    pk:workKind work-kind:report ;
    pk:authorsPrinted "United Nations" ;
    pk:year "2005"^^xsd:gYear ;
    pk:issuedBy organization:united-nations .
"""


@pytest.mark.parametrize("ending", ["bib", "ris", "json"])
def test_a_library_comes_to_the_same_works_in_every_form(ending):
    """Names, LaTeX, tags, particles, volumes and bodies are read alike, and the result conforms."""
    imported = references.bring_in([FILES / f"library.{ending}"])
    assert written(imported) == LIBRARY
    assert validation.check(imported.sources).findings == ()


def test_several_files_are_held_against_one_another():
    """The same library three times is written once; the rest is told with where it was before."""
    paths = [FILES / f"library.{ending}" for ending in ("bib", "json", "ris")]
    imported = references.bring_in(paths)
    assert written(imported) == LIBRARY
    assert [len(source.triples) > 0 for source in imported.sources] == [True, False, False]
    assert told(imported, "repeated")[0] == (
        f"'oberg2003' is work:oberg-von-der-aue-2003 of {paths[0]}, line 6: same DOI."
    )


def test_a_statement_knows_its_line_and_column():
    """A verdict can point into the bibliography: at the field, or where the reference begins."""
    source = references.read(FILES / "library.bib")
    work = "https://w3id.org/pkgraph/work/quill-united-nations-2004"
    assert source.place(work, namespaces.PK + "year", None) == (21, 3, None)
    assert source.place(work, namespaces.RDFS + "label", None) == (16, 1, None)
    assert source.place(work, None, None) == (16, 1, None)
    assert source.place("https://w3id.org/pkgraph/person/lea-amber", None, None) == (20, 3, None)


def test_every_way_in_reads_bibliographies(tmp_path):
    """Files are told by their ending, in capitals as well; a second reading finds the same."""
    for ending in ("bib", "ris", "json"):
        path = tmp_path / f"library.{ending.upper()}"
        path.write_bytes((FILES / f"library.{ending}").read_bytes())
        assert intake.read(path)[0].triples == references.read(FILES / f"library.{ending}").triples
        assert validation.check(path).conforms


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"G{\"o}del \"{o} \'{\i} \v{c} \c c \.{I} {\O} \ss{} {\aa}", "Gödel ö í č ç İ Ø ß å"),
        (r"``War'' -- and---{\em peace}~1", "“War” – and—peace 1"),
        (r"\emph{On} {UN} \textbf{x {y}} \& 50\% \_\#\$", "On UN x y & 50% _#$"),
        (r"$\beta$ and $x_1$", "β and x_1"),
        (r"a price of $5 only, 100% sure", "a price of $5 only, 100% sure"),
        (r"\textbackslash{}\textbraceleft{}x\textbraceright{}\textasciicircum{}", r"\{x}^"),
        (r"\input{/etc/passwd}", r"\input/etc/passwd"),
        (r"\write18{touch x} \today \def\x{y}\x", r"\write18touch x \today \def\xy\x"),
        (r"\begin{a}x\end{a} \unknown{z}", r"\beginax\enda \unknownz"),
    ],
)
def test_latex_is_read_as_text_and_never_carried_out(raw, text):
    """Accents, marks and styles become letters; any other command stays as it is written."""
    assert " ".join(latex.plain(raw).split()) == text


@given(st.text(alphabet="\\{}$~`'\"-% aeicuv^&_#ßéI\n", max_size=60))
def test_any_text_is_latex_or_refused(raw):
    """No text makes the reader of LaTeX fail otherwise than by saying so."""
    try:
        assert isinstance(latex.plain(raw), str)
    except ValueError as error:
        assert "LaTeX" in str(error)  # noqa: PT017  # either is right


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Ludwig van der Goltz", Name("van der Goltz", "Ludwig")),
        ("de la Cruz, Ana Maria", Name("de la Cruz", "Ana Maria")),
        ("King, Jr., Martin", Name("King", "Martin", "Jr.")),
        ("{Food and Agriculture Organization}", Name(literal="Food and Agriculture Organization")),
        (r"{\"O}calan, A.", Name("Öcalan", "A.")),
        ("{Ban} {Ki-moon}", Name("Ki-moon", "Ban")),
        ("Diehl", Name("Diehl")),
    ],
)
def test_names_are_taken_apart_as_bibtex_does(raw, name):
    """Particles go with the family name, and a name wholly in braces is that of a body."""
    assert bibtex._name(raw) == name


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2004", 'pk:year "2004"^^xsd:gYear'),
        ("2004c", 'pk:yearSuffix "c"'),
        ("forthcoming", 'pk:yearPrinted "forthcoming"'),
        ("1999--2001", 'pk:yearPrinted "1999–2001"'),
        ("n.d.", None),
    ],
)
def test_what_is_no_year_stays_as_it_is_printed(bring, year, said):
    """A year has four digits and maybe a letter; nothing is made of one that is not there."""
    text = written(bring(f"@book{{k, author = {{Quill, R.}}, title = {{T}}, year = {{{year}}}}}"))
    assert said in text if said else "pk:year" not in text


def test_a_part_takes_volume_and_year_from_its_crossref(bring):
    """The volume is written once, before or after its parts, and they point at it."""
    imported = bring(
        "@incollection{one, author = {Quill, Ro}, title = {First}, crossref = {Vol}}\n"
        "@book{vol, editor = {Amber, Lea}, title = {Volume}, year = 1999}\n"
    )
    text = written(imported)
    assert text.count("pk:publishedIn work:amber-1999") == 1
    assert "work:quill-1999 a pk:Work" in text
    assert "work-kind:edited-collection" in text


def test_works_of_one_name_get_letters_and_then_numbers(bring):
    """Each has a name of its own, also beside those that the graph has."""
    there = 'work:quill-2004 a pk:Work ; rdfs:label "Quill 2004"@en .'
    titles = [f"{word} matters" for word in (chr(97 + n) * 9 for n in range(26))]
    entries = [f"@book{{k, author={{Quill, Ro}}, year=2004, title={{{t}}}}}" for t in titles]
    imported = bring("\n".join(entries), known(there))
    assert told(imported, "doubtful") == []
    slugs = re.findall(r"^work:(\S+) a", written(imported), flags=re.MULTILINE)
    letters = "bcdefghijklmnopqrstuvwxyz"
    assert sorted(slugs) == sorted([*(f"quill-2004{x}" for x in letters), "quill-2004-27"])
    assert written(imported).count("pk:yearSuffix") == 25
    assert 'rdfs:label "Quill 2004 (27)"@en' in written(imported)


PERSONS = """
person:ro-quill a pk:Person ; rdfs:label "Ro Quill"@en ;
    pk:familyName "Quill" ; pk:givenName "Ro" .
"""


def test_a_person_is_known_by_a_whole_name_only(bring):
    """The same whole name is taken for the same person and told; initials stay a person apart."""
    imported = bring(
        "@book{a, author = {Ro Quill}, title = {A}, year = 2001}\n"
        "@book{b, author = {Quill, R.}, title = {B}, year = 2002}\n"
        "@book{c, author = {R. Quill}, title = {C}, year = 2003}\n"
        "@book{d, author = {Quill}, title = {D}, year = 2004}\n",
        known(PERSONS),
    )
    text = written(imported)
    people = re.findall(r"^(person:\S+) a", text, flags=re.MULTILINE)
    assert people == ["person:quill-2004", "person:r-quill-2002", "person:r-quill-2003"]
    assert "pk:author person:ro-quill" in text
    assert told(imported, "remark") == [
        "Ro Quill is taken for person:ro-quill, who has the same name.",
        "R. Quill is new, person:r-quill-2002, and may be person:ro-quill.",
        "R. Quill is new, person:r-quill-2003, and may be person:ro-quill.",
    ]


def test_names_in_other_letters_still_have_an_address(bring):
    """What ASCII cannot spell is called after the key; letters with a stroke become plain ones."""
    text = written(
        bring(
            "@book{churkin99, author = {Чуркин, Виталий}, title = {Мир}, year = 1999}\n"
            "@book{o, author = {Øye, Łukasz}, title = {T}, year = 1999}"
        )
    )
    assert "work:churkin99-1999 a" in text
    assert "person:churkin99-1999-author a" in text
    assert "person:lukasz-oye a" in text
    assert "work:oye-1999 a" in text


THERE = """
work:quill-2004 a pk:Work ; rdfs:label "Quill 2004"@en ; pk:author person:ro-quill ;
    pk:authorsPrinted "Quill" ; pk:year "2004"^^xsd:gYear ;
    dcterms:title "Guéhenno and the Keepers: A Life" ;
    skos:exactMatch <https://doi.org/10.1000/keepers> .
work:quill-2005 a pk:Work ; rdfs:label "Quill 2005"@en ; pk:author person:ro-quill ;
    pk:authorsPrinted "Quill" ; pk:year "2005"^^xsd:gYear .
"""


@pytest.mark.parametrize(
    "entry",
    [
        "@book{k, title = {GUEHENNO \\& the keepers}, author = {Quill, Ro}, year = 2004}",
        "@book{k, title = {Gu\\'ehenno and the Keepers}, author = {R. Quill}, year = {2004}}",
        "@book{k, doi = {https://doi.org/10.1000/KEEPERS}, author = {Nobody}, year = 2004}",
        "@misc{k, url = {https://w3id.org/pkgraph/work/quill-2004}}",
    ],
)
def test_what_the_graph_has_is_told_and_not_written(bring, entry):
    """By its address, its DOI, or by author, year and title, however they are spelt."""
    imported = bring(entry, known(PERSONS + THERE))
    assert imported.sources[0].triples == ()
    assert "work:quill-2004" in told(imported, "found")[0]


@pytest.mark.parametrize(
    ("title", "author", "more", "other", "reason"),
    [
        ("{X}", "Quill, Ro", "year = 2005", "quill-2005", "a title is not known"),
        ("{Guehenno and the Keepers}", "Ro Quill", "year = 2009", "quill-2004", "the same year"),
        ("{Guehenno and the Keepers}", "Ro Quill", "note = {}", "quill-2004", "a year is not"),
        ("{Guehenno and his Keepers: A Life}", "Quill, Ro", "year = 2004", "quill-2004", "nearly"),
        ("{Guehenno and the Keepers: Works}", "Quill, Ro", "year = 2004", "quill-2004", "nearly"),
        ("{Guehenno and the Keepers}", "Quil, Ro", "year = 2004", "quill-2004", "authors alike"),
        ("{Other}", "Quill, Ro", "doi = {10.1000/keepers}", "quill-2004", "same DOI, but another"),
        (
            "{Guehenno and the Keepers}",
            "Quill, Ro",
            "year = 2004, doi = {10.1000/x}",
            "quill-2004",
            "not the same DOI",
        ),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_told_and_never_merged(bring, title, author, more, other, reason):  # noqa: PLR0913, PLR0917
    """It is written as a work of its own, with a note of what it may be and a way to say so."""
    entry = f"@book{{k, title = {title}, author = {{{author}}}, {more}}}"
    imported = bring(entry, known(PERSONS + THERE))
    (doubt,) = told(imported, "doubtful")
    assert f"'k' may be work:{other}: " in doubt
    assert reason in doubt
    assert f"https://w3id.org/pkgraph/work/{other}" in doubt
    assert f'skos:editorialNote "May be work:{other}: ' in written(imported)


def test_works_that_only_resemble_one_another_are_told_apart():
    """Volumes by their numbers, chapters of short title by their books, works by their letters."""
    one = Description("1", "Report 12", frozenset({"quill"}), year="2004")
    assert compare(one, Description("2", "Report 13", frozenset({"quill"}), year="2004")) is None
    chapter = Description(
        "1", "Introduction", frozenset({"quill"}), year="2004", container="One Book"
    )
    other = Description("2", "Introduction", frozenset({"quill"}), year="2004", container="Other")
    match = compare(chapter, other)
    assert match
    assert not match.sure
    lettered = [Description(x, "", frozenset({"quill"}), year="2004", letter=x) for x in "ab"]
    assert compare(*lettered) is None


def test_references_of_one_file_are_held_against_each_other(bring):
    """The second is left out and told with the line of the first; a doubtful one is kept."""
    imported = bring(
        "@book{a, author = {Quill, Ro}, title = {The Peace: A Study}, year = 2004}\n"
        "@book{b, author = {Ro Quill}, title = {Peace}, year = 2004}\n"
        "@book{c, author = {Ro Quill}, title = {The Peaces: A Study}, year = 2004}\n"
    )
    assert "'b' is work:quill-2004 of" in told(imported, "repeated")[0]
    assert "line 1: same authors, year and title." in told(imported, "repeated")[0]
    assert "'c' may be work:quill-2004: " in told(imported, "doubtful")[0]
    assert written(imported).count("a pk:Work") == 2


def test_nothing_is_made_of_what_is_not_there(bring):
    """No kind, year, language or body is guessed; fields without a place are told."""
    imported = bring("@misc{k, title = {T}, institution = {Unheard Of}, pages = {1}, note = {n}}")
    assert written(imported) == (
        'work:t a pk:Work ;\n    rdfs:label "T"@en ;\n    dcterms:title "T" .\n'
    )
    assert told(imported, "left") == ["note", "pages"]
    assert "'Unheard Of' is left out" in told(imported, "remark")[0]


def test_the_exported_graph_comes_back_as_what_is_there(graph, tmp_path):
    """Each entry that pkgraph writes of its own works is found again, and nothing is written."""
    rows = graph.store.query(
        "SELECT ?w { ?w a <https://w3id.org/pkgraph/ontology#Work> } ORDER BY ?w"
    )
    path = tmp_path / "all.bib"
    path.write_text(bibliography.bibtex(graph.store, [row.w for row in rows]), "utf-8")
    imported = references.bring_in([path])
    assert imported.sources[0].triples == ()
    assert len(told(imported, "found")) == len(rows)


def test_what_is_exported_and_imported_again_is_the_same(tmp_path):
    """Also without addresses the works of a library are found by what they are."""
    path = tmp_path / "library.ttl"
    path.write_text(PREFIXES + LIBRARY, "utf-8")
    store = build.load([path])
    works = [
        f"https://w3id.org/pkgraph/work/{slug}"
        for slug in re.findall(r"^work:(\S+)", LIBRARY, flags=re.MULTILINE)
    ]
    exported = bibliography.bibtex(store, works)
    for number, text in enumerate([exported, re.sub(r"  url = .*\n", "", exported)]):
        again = tmp_path / f"{number}.bib"
        again.write_text(text, "utf-8")
        imported = references.bring_in([again], known(LIBRARY))
        assert written(imported) == "", told(imported, "new", "doubtful")
    fresh = references.bring_in([tmp_path / "0.bib"], EMPTY)
    assert {
        f"https://w3id.org/pkgraph/work/{slug}"
        for slug in re.findall(r"^work:(\S+) a", written(fresh), flags=re.MULTILINE)
    } == set(works)
    assert validation.check(fresh.sources).conforms


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("@book{k,\n title = {A}\n year = 2000}", 3, 2, "'}' expected"),
        ("@book{k,\n title = {A", 2, 11, "a brace or quotation mark is missing"),
        ("@book{k, title = ip}", 1, 20, "no @string is called 'ip'"),
        ("@book k", 1, 7, "'(' or '{' expected"),
        ("@book{k, title = {A}, title = {B}}", 1, 23, "title is given twice"),
        ("@book{k, title = {A},\n  doi = {x}}", 2, 3, "'x' is no DOI"),
        ("@book{k, year = 2000}", 1, 1, "neither title nor author"),
        ("@book{k, title = {A}, crossref = {z}}", 1, 23, "crossref names no other entry"),
        ("@book{k, title = {A}, author = {a, b, c, d}}", 1, 23, "more commas"),
        (
            "@book{k, url = {https://w3id.org/pkgraph/claim/x}, title = {T}}",
            1,
            10,
            "no address of a work",
        ),
        ("@book{k, title = {a\u202eb}}", 1, 10, "U+202E"),
        ("@book{k, title = {a\x07b}}", 1, 10, "U+0007"),
        ("@book{k, title = {" + "{" * 21 + "}" * 21 + "}}", 1, 40, "nest deeper than 20"),
        ("@book{k, title = {" + "x" * 2001 + "}}", 1, 10, "at most 2000 are taken"),
        ("@book{k, author = {" + " and ".join(["Quill"] * 400) + "}}", 1, 10, "name the first"),
    ],
)
def test_broken_bibtex_is_told_with_its_place(tmp_path, text, line, column, reason):
    """Line, column, what is wrong and what to do; nothing is made of the rest."""
    found = faults(text, tmp_path)
    assert [fault[:2] for fault in found] == [(line, column)]
    assert reason in found[0][2]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("TY  - BOOK\nTI  - A\n", 3, "the file ends in a reference"),
        ("TY  - BOOK\nTI  - A\nTY  - BOOK\nTI  - B\nER  - \n", 3, "before the last one ends"),
        ("TI  - A\nTY  - BOOK\nTI  - A\nER  - \n", 1, "stands outside a reference"),
        ("TY  - BOOC\nTI  - A\nER  - \n", 1, "no type of reference, 'BOOC'"),
        ("TY  - BOOK\nTI  - A\nAU - Quill, R.\nER  - \n", 3, "two spaces, hyphen, space"),
        ("TY  - BOOK\nTI  - A\u2066\nER  - \n", 2, "U+2066"),
    ],
)  # fmt: skip
def test_broken_ris_is_told_with_its_line(tmp_path, text, line, reason):
    """What rispy would swallow is told instead."""
    found = faults(text, tmp_path, ".ris")
    assert found[0][0] == line
    assert reason in found[0][2]


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('[{"title": "A",}]', 1, 16, "this is not JSON"),
        ('[{"title": "A"}\n{"title": "B"}]', 2, 1, "',' is missing"),
        ('[{"title": "A"}] x', 1, 18, "something follows the end"),
        ('[{"title": "A", "title": "B"}]', 1, 28, "given twice"),
        ('["A"]', 1, 2, "is an object"),
        ('[{"title": {}}]', 1, 3, "title is no text"),
        ('[{"title": "A",\n "author": "Quill"}]', 2, 2, "author is no list of names"),
        ('[{"title": "A", "author": [{"suffix": "x"}]}]', 1, 17, "without family name"),
        ('[{"title": "A", "issued": 2004}]', 1, 17, "issued is no date"),
        ('[{"title": NaN}]', 1, 12, "NaN is no number"),
        ('[{"title": ' + "9" * 5000 + "}]", 1, 12, "5000 digits"),
        ("[" * 100_000, 1, 2, "nest too deep"),
        ('[{"title": "a\\ud800b"}]', 1, 3, "surrogate"),
        ('[{"title": "a\\u202eb"}]', 1, 3, "U+202E"),
        ('{"@context": "https://example.org/", "@id": "x"}', 1, 1, "JSON-LD"),
    ],
)  # fmt: skip
def test_broken_json_is_told_with_its_place(tmp_path, text, line, column, reason):
    """The place is that of the fault in JSON, or of the field."""
    found = faults(text, tmp_path, ".json")
    assert found[0][:2] == (line, column)
    assert reason in found[0][2]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("none.bib", None, "there is no file"),
        ("empty.bib", b"", "is empty"),
        ("remark.bib", b"no entry here, me@example.org", "has no reference"),
        ("latin.bib", "@book{k, title={é}}".encode("latin-1"), "is not UTF-8"),
        ("refs.enl", b"x", "told from its ending"),
        ("big.bib", b"x" * (2 << 20) + b"x", "larger than 2 MiB"),
    ],
)
def test_a_file_that_is_no_bibliography_is_refused(tmp_path, name, content, reason):
    """It is told what was expected; nothing is half read."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=reason):
        references.read(tmp_path / name)


def test_a_byte_order_mark_is_passed_over(tmp_path):
    """Files from Windows are read."""
    path = tmp_path / "bom.bib"
    path.write_text("\ufeff@book{k, title = {A}}", "utf-8")
    assert len(references.read(path).triples) == 4


ACCENT = r"\'e"
HUGE = {
    "doubled.bib": '@string{a0 = "' + "x" * 99 + '"}\n'
    + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
    + "@book{k, title = a59}",
    "repeated.bib": '@string{a = "' + "x" * 19_000 + '"}\n'
    + "".join(f"@book{{k{n}, title = a, abstract = a}}\n" for n in range(1000)),
    "braces.bib": '@book{k, title = "' + "{}" * 900_000,
    "open.bib": "@book{k, title={" + "{" * 1_500_000,
    "entries.bib": "@book{k,title={x}}\n" * 100_000,
    "ats.bib": "@\n" * 900_000,
    "accents.bib": "".join(
        f"@book{{k, title={{{ACCENT * 600}}}}}\n" for _ in range(MAX_REFERENCES - 1)
    ),
    "names.bib": f"@book{{k, title={{x}}, author={{{' and '.join(['A, B'] * 200)}}}}}\n" * 900,
    "untitled.bib": "@book{k, author={Quill}, year=2000}\n" * MAX_REFERENCES,
    "alike.bib": "".join(
        f"@book{{k, author={{A{n}x}}, year=2000, title={{Introduction to all}}}}\n"
        for n in range(MAX_REFERENCES)
    ),
    "items.json": "[" + "{}," * 600_000 + "{}]",
    "people.json": json.dumps([{"title": "x", "author": [{"family": "a"}] * (MAX_NAMES + 1)}]),
    "starts.ris": "TY  - BOOK\n" * 150_000,
    "lines.ris": "TY  - BOOK\nTI  - x\n" + "aaaa\n" * 300_000,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_ends_soon(tmp_path, name):
    """Within ten seconds and 512 MiB it is read, or refused with a limit or a fault named."""
    (tmp_path / name).write_text(HUGE[name], "utf-8")

    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (10, 10))

    done = subprocess.run(
        [sys.executable, "-m", "pkgraph", "import", "bibliography", name],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        encoding="utf-8",
        timeout=100,
        preexec_fn=limits,
    )
    assert done.returncode in ({0} if name in {"untitled.bib", "alike.bib"} else {1, 2})
    assert "Traceback" not in done.stderr
    assert done.returncode == 0 or name in done.stderr


PIECES = [
    *("@book{", "@string{", "k,", "title", "=", "{", "}", '"', "#", ",", "\n", "\\", "@", "("),
    *("TY  - BOOK\n", "TI  - ", "AU  - ", "ER  - \n", "[", "]", ":", '"author":', "1", "é"),
    *("author = {A and {B} and others}", "year=2000", '{"family": "x"}', '"title": "T"'),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.sampled_from([".bib", ".ris", ".json"]),
    st.lists(
        st.sampled_from(PIECES),
        max_size=25,
    ),
)
def test_any_text_is_read_or_refused(tmp_path, ending, pieces):
    """Nothing that a file says makes the readers fail otherwise than by saying what is wrong."""
    path = tmp_path / f"any{ending}"
    path.write_text("".join(pieces), "utf-8")
    try:
        source = references.read(path)
    except InputError as error:
        assert "; " in str(error) or "the file" in str(error)  # noqa: PT017  # either is right
    else:
        assert validation.check([source]).findings == ()


def test_the_command_writes_what_is_new(capsys, tmp_path):
    """Turtle in its one form to standard output or a file; what became of each to the other."""
    out = tmp_path / "works.ttl"
    library = str(FILES / "library.bib")
    assert cli.main(["import", "bibliography", library]) == 0
    printed = capsys.readouterr()
    assert printed.out == turtle.write(turtle.parse(printed.out))
    assert printed.err.splitlines()[0] == (
        f"{library}, line 6: 'oberg2003' is new: work:oberg-von-der-aue-2003."
    )
    assert printed.err.splitlines()[-2:] == [
        "Left out, since the model has no place for them: volume (1).",
        "6 new, 0 doubtful, 0 in the graph already, 0 repeated.",
    ]
    assert cli.main(["import", "bibliography", library, "--out", str(out)]) == 0
    assert out.read_text("utf-8") == printed.out
    assert validation.check(out).conforms


def test_the_command_writes_nothing_of_a_broken_file(capsys, tmp_path):
    """All faults are told, also those of the second file, and what was there stays."""
    out = tmp_path / "works.ttl"
    out.write_text("before", "utf-8")
    broken = tmp_path / "broken.bib"
    broken.write_text(
        "@book{a, title = {A}, doi = {x}}\n@book{b, title = {B}, doi = {y}}\n", "utf-8"
    )
    arguments = ["import", "bibliography", str(FILES / "library.bib"), str(broken)]
    assert cli.main([*arguments, "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        f"{broken}, line 1, column 23: 'x' is no DOI; write it as 10.1080/12345, or leave it out",
        f"{broken}, line 2, column 23: 'y' is no DOI; write it as 10.1080/12345, or leave it out",
        "Nothing was imported.",
    ]
    assert out.read_text("utf-8") == "before"


def test_what_is_all_there_is_not_written(capsys, tmp_path):
    """A bibliography of works that the graph has leads to no file."""
    path = tmp_path / "refs.bib"
    path.write_text("@misc{k, url = {https://w3id.org/pkgraph/work/durch-1997}}", "utf-8")
    out = tmp_path / "works.ttl"
    assert cli.main(["import", "bibliography", str(path), "--out", str(out)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"{path}, line 1: 'k' is work:durch-1997.",
        "0 new, 0 doubtful, 1 in the graph already, 0 repeated.",
        "There is nothing new to write.",
    ]
    assert not out.exists()


def test_what_does_not_conform_is_told_with_its_field(capsys, tmp_path):
    """A finding of the check names the line and column of the field, and nothing is written."""
    path = tmp_path / "refs.bib"
    path.write_text("@book{k, author = {Quill, R.},\n  title = {a\u200fb}}", "utf-8")
    assert cli.main(["import", "bibliography", str(path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{path}:2:3: Violation: ")
    assert printed.err.splitlines()[-1] == "Nothing was imported: 1 finding."


@pytest.mark.parametrize(
    ("ending", "content", "limit"),
    [
        (".bib", "@book{k, title={x}}\n" * (MAX_REFERENCES + 1), "1000 references"),
        (".ris", "TY  - BOOK\nTI  - x\nER  - \n" * (MAX_REFERENCES + 1), "1000 references"),
        (".bib", f"@book{{k, title={{{'$x$ ' * 900}}}}}" * 40, "50000 marks of LaTeX"),
        (".bib", '@string{a = "' + "x" * 9999 + '"}' + "@book{k, note = a}" * 200, "by way of"),
        (".ris", "TY  - BOOK\nTI  - x\n" + "a\n" * 20_000, "20000 characters in the field"),
    ],
)
def test_what_is_more_than_is_read_is_refused_by_name(tmp_path, ending, content, limit):
    """The limit that a file exceeds is in the error."""
    path = tmp_path / f"much{ending}"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=limit):
        references.read(path)


def test_at_most_so_many_faults_are_told(tmp_path):
    """The first twenty stand in the message, with how many more were found."""
    found = faults("@book{k, title = {A}, doi = {x}}\n" * 40, tmp_path)
    assert len(found) == 40
    with pytest.raises(BibliographySyntaxError, match="and 20 more of this kind"):
        references.read(tmp_path / "broken.bib")
    assert len(faults("@book{k, doi = {x}}\n" * 400, tmp_path)) == 100


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ("@book{k, title = {A}, author = {B, Cy}, editor = {D, Ed}}", ["editor"]),
        ("@book{k, title = {A}, booktitle = {Series}}", ["series or container"]),
        (
            "@article{k, title = {A}, chapter = {2}, url = {https://example.org/}}",
            ["chapter", "url"],
        ),
    ],
)
def test_what_a_kind_of_work_does_not_have_is_left_and_told(bring, entry, left):
    """Editors of a work with authors, the series of a book, a chapter of what is no book."""
    imported = bring(entry)
    assert told(imported, "left") == left
    assert "publishedIn" not in written(imported)


def test_comments_and_remarks_are_no_works(bring):
    """What stands between entries, an address in it, and a commented entry are passed over."""
    imported = bring(
        "Written by me@example.org for you.\n@comment{@book{no, title = {No}}}\n"
        '@comment(x)\n@book(yes, title = "A {\\"u} Title")\n@set{s, entryset = {a,b}}'
    )
    assert re.findall(r"dcterms:title (.*) [;.]", written(imported)) == ['"A ü Title"']
