"""
What holds of spreadsheets: templates say what the shapes say, and what is filled in is read.

The ways of spreadsheets themselves (a number is a float, a date has a format) come from openpyxl,
which writes files as they do.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
import scholars_path
from openpyxl.utils import get_column_letter

import pkgraph
from pkgraph import resources, spreadsheets, turtle
from pkgraph.cli import main
from pkgraph.errors import InputError, UsageError
from pkgraph.namespaces import PK, RDF, SCHEME, XSD, compact, expand
from pkgraph.spreadsheets import choosing, columns, delimited, sheets

CORPUS = Path(__file__).parent / "corpus"
CLASSES = sorted(folder.name for folder in CORPUS.iterdir() if (folder / "valid").is_dir())
TYPE = ox.NamedNode(RDF + "type")


@pytest.fixture
def fresh_kinds():
    """Read the shapes anew, in the test and after it."""
    columns.kinds.cache_clear()
    yield
    columns.kinds.cache_clear()


def described(path):
    """Return the statements of a file of Turtle, and its things by the IRI of their class."""
    triples = turtle.parse(turtle.read(path))
    things = {}
    for triple in triples:
        if triple.predicate == TYPE:
            things.setdefault(triple.object.value, []).append(triple.subject)
    return triples, things


def cell_text(column, nodes):
    """Return what a person would type for *nodes* in *column*."""
    texts = []
    for node in nodes:
        if isinstance(node, ox.NamedNode):
            texts.append(columns.label(node.value) if column.values else compact(node.value))
        else:
            texts.append(node.value + (f"@{node.language}" if column.text else ""))
    return ("\n" if column.is_text else "; ").join(texts)


def rows(kind, subjects, triples):
    """Yield a row for each of *subjects*: what its cells have, from the statements."""
    for subject in subjects:
        said = [triple for triple in triples if triple.subject == subject]
        address = compact(subject.value)
        yield [
            address if kind.segment == "graph" else address.partition(":")[2],
            *(
                cell_text(column, [t.object for t in said if t.predicate.value == column.path])
                for column in kind.columns
            ),
        ]


def workbook(path, filled):
    """Write a workbook with sheets of rows, each with its header, and return its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in filled.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def told(path):
    """Return what is said of a file that cannot be read."""
    with pytest.raises(InputError) as caught:
        spreadsheets.read(path)
    return str(caught.value)


def objects(source, name):
    """Return what the statements of *source* with the property pk:*name* say."""
    return [t.object for t in source.triples if t.predicate.value == PK + name]


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("file", ["least", "every-property"])
def test_what_a_class_can_say_can_be_entered(name, file, tmp_path):
    """The valid examples of each class, typed into the sheets for it, are read as they were."""
    triples, things = described(CORPUS / name / "valid" / f"{file}.ttl")
    read = set()
    for number, (iri, subjects) in enumerate(things.items()):
        kind = columns.kinds()[iri]
        path = tmp_path / f"{number}.csv"
        header = next(csv.reader([spreadsheets.csv([kind.title])]))
        with path.open("w", encoding="utf-8", newline="") as written:
            csv.writer(written).writerows([header, *rows(kind, subjects, triples)])
        read |= set(spreadsheets.read(path).triples)
    wanted = {
        triple for triple in triples if triple.subject in {s for v in things.values() for s in v}
    }
    assert read == wanted


@pytest.mark.parametrize("name", ["claim", "argument-link", "quantity", "work", "peace-operation"])
def test_a_filled_workbook_is_read_as_the_same_text_is(name, tmp_path):
    """A template for all that an example describes, filled with it, says what the example says."""
    triples, things = described(CORPUS / name / "valid" / "every-property.ttl")
    kinds = [columns.kinds()[iri] for iri in things]
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.workbook([k.title for k in kinds])))
    for kind in kinds:
        for row in rows(kind, things[kind.iri], triples):
            book[kind.title].append([each or None for each in row])
    path = tmp_path / "filled.xlsx"
    book.save(path)
    assert set(spreadsheets.read(path).triples) == set(triples)


def test_three_mistakes_of_a_scholar_are_named_by_cell_with_their_mends(tmp_path):
    """The first check names the three cells, and how to mend each; the second finds nothing."""
    report = pkgraph.check(scholars_path.fill(tmp_path / "claims.xlsx", mistaken=True))
    assert {finding.cell for finding in report.findings} == set(scholars_path.VERDICTS)
    assert len(report.findings) == len(scholars_path.VERDICTS)
    for finding in report.findings:
        assert scholars_path.VERDICTS[finding.cell] in finding.message
        assert finding.place == f"{tmp_path / 'claims.xlsx'}:{finding.cell}"
    assert pkgraph.check(scholars_path.fill(tmp_path / "claims.xlsx", mistaken=False)).conforms


def test_what_is_missing_is_placed_in_the_empty_cell(tmp_path):
    """A value that has to be there and is not has the place where it belongs."""
    header = next(csv.reader([spreadsheets.csv(["occurrences"])]))
    path = workbook(
        tmp_path / "a.xlsx", {"o": [header, ["example-1", "bellamy-2004-1-1-p6", None, 124]]}
    )
    (finding,) = pkgraph.check(path).findings
    assert finding.cell == "o!C2"
    (source,) = pkgraph.intake.read(path)
    assert source.place("https://w3id.org/pkgraph/occurrence/example-1", None, None).cell == "o!A2"
    assert source.place("urn:elsewhere", None, None) is None


@pytest.mark.usefixtures("fresh_kinds")
def test_a_property_that_is_added_to_the_shapes_is_in_the_template(tmp_path, monkeypatch):
    """A new property shape makes a column, with its help and list, and can be filled in."""
    shape = tmp_path / "new.ttl"
    shape.write_text(
        """
        @prefix pk: <https://w3id.org/pkgraph/ontology#> .
        @prefix pks: <https://w3id.org/pkgraph/shapes#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix voice: <https://w3id.org/pkgraph/scheme/voice/> .
        pks:Claim sh:property pks:Claim-tone .
        pks:Claim-tone sh:path pk:tone ; sh:name "tone"@en ; sh:order 1.5 ; sh:minCount 1 ;
            sh:description "How it sounds."@en ; sh:message "A claim sounds. Listen."@en ;
            sh:in ( voice:own voice:disputed ) .
        """,
        encoding="utf-8",
    )
    files = resources.data_files
    monkeypatch.setattr(
        resources,
        "data_files",
        lambda name, suffix: [*files(name, suffix), *([shape] * (name == "shapes"))],
    )
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.workbook(["claims"])))
    sheet = book["claims"]
    assert [cell.value for cell in sheet[1]][2:5] == ["voice *", "tone *", "kind *"]
    assert "How it sounds." in sheet["D1"].comment.text
    assert choices(book, "claims", "D") == ["own", "disputed"]
    path = workbook(tmp_path / "a.xlsx", {"claims": [["claim", "tone"], ["x", "disputed"]]})
    assert objects(spreadsheets.read(path), "tone") == [ox.NamedNode(SCHEME + "voice/disputed")]


def validation_at(sheet, letter):
    """Return what a spreadsheet says and lets in at the cells of a column."""
    return next(
        each for each in sheet.data_validations.dataValidation if f"{letter}2" in each.sqref
    )


def choices(book, title, letter):
    """Return what may be chosen at the cells of a column."""
    formula = validation_at(book[title], letter).formula1
    name, _, cells = formula.partition("!")
    return [cell.value for (cell,) in book[name][cells]]


def test_a_template_for_claims_has_what_the_claims_of_an_article_need():
    """There are sheets for claims and links, for where they stand and for who holds them."""
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.workbook(["claims"])))
    assert book.sheetnames == [
        "read me",
        "claims",
        "argument links",
        "occurrences",
        "attributions",
        "propositions",
        "enumerations",
        "quantities",
        "passages",
        "works",
        "people",
        "offices",
        "lists",
    ]
    assert book.active.title == "claims"
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["lists"]
    assert {"concepts", "claims"} < {
        kind.title for kind in choosing.needed(map(choosing.named, ["claims", "concepts"]))
    }


def test_every_sheet_of_a_template_says_what_the_shapes_say():
    """Headers stand still and have notes, lists are those of the shapes, and text stays text."""
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.workbook(["claims"])))
    help_ = "\n".join(str(cell.value) for row in book["read me"] for cell in row if cell.value)
    for kind in choosing.needed([choosing.named("claims")]):
        sheet = book[kind.title]
        assert sheet.freeze_panes == "B2"
        assert sheet.max_row == 1
        assert sheet["A1"].value == f"{kind.name} *"
        assert kind.address in sheet["A1"].comment.text
        for number, column in enumerate(kind.columns, start=2):
            letter = get_column_letter(number)
            header, validation = sheet[f"{letter}1"], validation_at(sheet, letter)
            assert header.value == column.name + (" *" if column.required else "")
            assert column.description in header.comment.text
            assert column.description in help_
            assert validation.prompt.startswith(column.description[:100])
            assert len(validation.prompt) <= 255
            if column.values:
                assert choices(book, kind.title, letter) == [*map(columns.label, column.values)]
            is_number = column.datatypes in ((XSD + "integer",), (XSD + "gYear",))
            form = sheet.column_dimensions[letter].number_format
            assert form == ("0" if is_number else "@")
        assert all(rule.split()[-1] in help_ for rule in kind.rules)


def test_a_template_has_the_same_bytes_whenever_it_is_written(monkeypatch):
    """In another process, in which sets have another order, and with no time of its own."""
    code = (
        "import sys; from pkgraph import spreadsheets; "
        "sys.stdout.buffer.write(spreadsheets.workbook(['claim', 'peace operation']))"
    )
    written = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        written.append(
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        )
    assert (
        written[0].stdout
        == written[1].stdout
        == spreadsheets.workbook(["claim", "peace operation"])
    )
    with zipfile.ZipFile(io.BytesIO(written[0].stdout)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_an_unfilled_template_has_no_entries(tmp_path):
    """What a template has by itself is not imported by accident."""
    path = tmp_path / "claims.xlsx"
    path.write_bytes(spreadsheets.workbook(["claims"]))
    assert "has no entries" in told(path)


def test_no_help_sends_a_scholar_to_a_class_without_a_sheet():
    """Every class has a sheet that a spreadsheet can name, and each column a name of its own."""
    for kind in columns.kinds().values():
        assert len(kind.title) <= 31
        names = [kind.name, *(column.name for column in kind.columns)]
        assert len(names) == len(set(names)), kind.name
        assert spreadsheets.csv([kind.title]).startswith(f"{kind.name} *")


@pytest.mark.parametrize("name", ["claims", "claim", "Claim", "pk:Claim", "CLAIMS"])
def test_a_class_is_named_as_it_comes(name):
    """The name of the sheet or of the class does, in any spelling."""
    assert choosing.named(name).iri == PK + "Claim"


def test_a_class_that_is_not_there_is_told_with_the_nearest():
    """The message has what was meant, or all that there is."""
    with pytest.raises(UsageError, match="'argument-lnks'; did you mean argument-links"):
        spreadsheets.workbook(["claims", "argument-lnks"])
    with pytest.raises(UsageError, match="the classes are actor-groups, approaches"):
        spreadsheets.csv(["xyz"])
    with pytest.raises(UsageError, match="CSV has one class"):
        spreadsheets.csv(["claims", "works"])


CLAIM = ["claim", "voice", "label", "about", "attribution"]
FAULTS = {
    "column": (
        {"s": [["claim", "voise"], ["x", "own"]]},
        "s!B1: there is no column 'voise' for a claim; did you mean 'voice'?",
    ),
    "unlike column": (
        {"s": [["claim", "zzz"], ["x", "own"]]},
        "s!B1: there is no column 'zzz' for a claim; take it out",
    ),
    "column twice": (
        {"s": [["claim", "label", "label *"], ["x", "a", "b"]]},
        "s!C1: there is a column 'label *' already",
    ),
    "no header": (
        {"s": [["claim", "label"], ["x", "a", "b"]]},
        "s!C2: the column of this cell has no header",
    ),
    "sheet": (
        {"my notes": [["cliam", "label"], ["x", "a"]]},
        "'my notes'!A1: 'cliam' is no class, such as 'claim'; did you mean 'claim'?",
    ),
    "unlike sheet": (
        {"notes": [["to do"], ["x"]]},
        "notes!A1: 'to do' is no class, such as 'claim'; put it in, or delete the sheet",
    ),
    "no class": ({"s": [[None, "label"], ["x", "a"]]}, "s!A1: nothing says what the rows describe"),
    "no name": (
        {"s": [["claim", "label"], [None, "a"]]},
        "s!A2: the row has no name for its claim",
    ),
    "twice": (
        {"s": [["claim"], ["x"]], "t": [["claim"], ["y"], ["X"]]},
        "t!A3: claim:x is described in s!A2 already",
    ),
    "twice in classes": (
        {"s": [["claim"], ["x"]], "t": [["definition"], ["x"]]},
        "t!A2: claim:x is described in s!A2 already",
    ),
    "sorts": (
        {"s": [["attribution", "holder"], ["x", "b"]]},
        "s!B2: 'b' may be a thing of several sorts; write it with the sort in front, such as work",
    ),
    "any sort": (
        {"s": [CLAIM, ["x", None, None, "peace"]]},
        "s!D2: 'peace' may be a thing of several sorts",
    ),
    "prefix": (
        {"s": [CLAIM, ["x", None, None, "cocept:peace"]]},
        "s!D2: there is no prefix 'cocept:'; did you mean concept:peace?",
    ),
    "name with space": (
        {"s": [CLAIM, ["x", None, None, "concept:World Peace"]]},
        "s!D2: 'concept:World Peace' is no address; write concept:world-peace",
    ),
    "no letter": ({"s": [CLAIM, ["…"]]}, "s!A2: '…' has no letter or digit"),
    "not full": (
        {"s": [["work", "same as elsewhere"], ["x", "Q1065"]]},
        "s!B2: 'Q1065' is no address; write it in full",
    ),
    "formula": ({"s": [["claim", "label"], ["x", "=1+1"]]}, "s!B2: a formula is not read"),
    "error": (
        {"s": [["claim", "label"], ["x", "#N/A"]]},
        "s!B2: the spreadsheet shows the error #N/A",
    ),
    "date": (
        {"s": [["attribution", "pages"], ["x", date(2026, 12, 10)]]},
        "s!B2: the spreadsheet made the date 2026-12-10 of what was typed",
    ),
    "long": (
        {"s": [["claim", "label"], ["x", "a" * 2001]]},
        "s!B2: 'aaaaaaaaaaaaaaaaaaaa…' has 2001 characters",
    ),
    "long name": ({"s": [["claim"], ["…" * 2001]]}, "s!A2: '…"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_is_told_with_its_cell_and_mend(fault, tmp_path):
    """The message has the file, the cell and what to do."""
    filled, message = FAULTS[fault]
    path = workbook(tmp_path / "a.xlsx", filled)
    assert f"{path}:{message}" in told(path)


def test_all_that_cannot_be_read_is_told_at_once(tmp_path):
    """Each cell has its line, up to a number that leaves the first in sight."""
    lines = [["claim", "label"], *([f"x{n}", "=1"] for n in range(30))]
    message = told(workbook(tmp_path / "a.xlsx", {"s": lines})).splitlines()
    assert len(message) == 21
    assert message[0].startswith(f"{tmp_path / 'a.xlsx'}:s!B2: ")
    assert message[-1] == "… and 10 more cells"


def test_hidden_sheets_and_merged_cells_are_refused(tmp_path):
    """What does not show is not read, and a merged cell is not one of all."""
    path = workbook(tmp_path / "a.xlsx", {"s": [["claim"], ["x"]], "t": [["claim"], ["y"]]})
    book = openpyxl.load_workbook(path)
    book["t"].sheet_state = "hidden"
    book.save(path)
    assert f"{path}:t!A1: the sheet is hidden; show it, or delete it" in told(path)
    book["t"].sheet_state = "visible"
    book["s"].merge_cells("A2:B3")
    book.save(path)
    assert "the sheet 's' has the merged cells A2:B3; unmerge them" in told(path)


def test_the_habits_of_spreadsheets_are_allowed_for(tmp_path):
    """Floats, spaces of all sorts, empty rows and a tag that is typed change nothing."""
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Sheet1": [
                ["occurrences ", "\u00a0First line *", "last line", "passage", "pk:voice"],
                [None],
                [
                    "  Example 2001: 1 ".replace(":", ""),
                    3.0,
                    " 4\u00a0",
                    "passage:p\n",
                    "See".replace("See", "OWN"),
                ],
                [None, None, "  "],
            ],
            "empty": [],
            "works": [["work", "label", "title"], ["w", "“Peace”,\u00a0he said@en", "Paix@fr"]],
        },
    )
    source = spreadsheets.read(path)
    subject = source.triples[0].subject
    assert compact(subject.value) == "occurrence:example-2001-1"
    assert objects(source, "firstLine") == [ox.Literal(3)]
    assert objects(source, "lastLine") == [ox.Literal(4)]
    assert objects(source, "voice") == [ox.NamedNode(expand("voice:own"))]
    texts = {t.object for t in source.triples if isinstance(t.object, ox.Literal)}
    assert ox.Literal("“Peace”, he said", language="en") in texts
    assert ox.Literal("Paix", language="fr") in texts


@pytest.mark.parametrize(
    ("typed", "number_format", "value", "datatype"),
    [
        ("1964", None, "1964", "gYear"),
        (1964, None, "1964", "gYear"),
        ("1964-03", None, "1964-03", "gYearMonth"),
        (date(1964, 3, 1), "mmm-yy", "1964-03", "gYearMonth"),
        (date(1964, 3, 1), "yyyy", "1964", "gYear"),
        (date(1964, 3, 27), "[$-409]d mmm yyyy", "1964-03-27", "date"),
        ("1964-03-27", None, "1964-03-27", "date"),
        ("March 1964", None, "March 1964", "string"),
        ("1964-02-30", None, "1964-02-30", "string"),
    ],
)
def test_a_date_is_as_precise_as_it_is_given(typed, number_format, value, datatype, tmp_path):
    """A spreadsheet makes a day of a month; its format tells. What is no date stays a text."""
    path = workbook(tmp_path / "a.xlsx", {"s": [["event", "start"], ["x", typed]]})
    if number_format:
        book = openpyxl.load_workbook(path)
        book["s"]["B2"].number_format = number_format
        book.save(path)
    wanted = ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))
    assert objects(spreadsheets.read(path), "startDate") == [wanted]


@pytest.mark.parametrize(
    ("header", "typed", "name", "values"),
    [
        (
            ["quantity", "value"],
            0.25,
            "value",
            [ox.Literal("0.25", datatype=ox.NamedNode(XSD + "decimal"))],
        ),
        (["quantity", "value"], 12, "value", [ox.Literal(12)]),
        (["occurrence", "first line"], "twelve", "firstLine", [ox.Literal("twelve")]),
        (["occurrence", "first line"], 2.5, "firstLine", [ox.Literal("2.5")]),
        (
            ["enumeration", "complete"],
            True,
            "complete",
            [ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))],
        ),
        (["enumeration", "complete"], "yes", "complete", [ox.Literal("yes")]),
        (["attribution", "pages"], 14, "pages", [ox.Literal("14")]),
        (["attribution", "signal"], "e.g.", "signal", [ox.NamedNode(SCHEME + "signal/eg")]),
        (
            ["attribution", "signal"],
            "see also; cf.",
            "signal",
            [ox.NamedNode(SCHEME + "signal/see-also"), ox.NamedNode(SCHEME + "signal/cf")],
        ),
        (["claim", "voice"], "voice:owned", "voice", [ox.NamedNode(SCHEME + "voice/owned")]),
        (
            ["claim", "denies"],
            "a;b\nc;",
            "denies",
            [ox.NamedNode(expand(f"proposition:{x}")) for x in "abc"],
        ),
        (
            ["peace operation", "acronym"],
            "A; B\nC",
            "acronym",
            [ox.Literal("A; B"), ox.Literal("C")],
        ),
        (
            ["claim", "about"],
            "https://example.org/x",
            "about",
            [ox.NamedNode("https://example.org/x")],
        ),
    ],
)
def test_a_cell_says_what_its_column_takes_or_what_it_would_be(
    header, typed, name, values, tmp_path
):
    """What is wrong becomes a term all the same, so that the shapes can say what was meant."""
    path = workbook(tmp_path / "a.xlsx", {"s": [header, ["x", typed]]})
    assert objects(spreadsheets.read(path), name) == values


def test_a_row_of_the_workbook_is_meant_before_any_other_thing(tmp_path):
    """A name alone does where the workbook itself has one thing of that name."""
    filled = {
        "a": [["attribution", "holder"], ["x", "Kaldor 1999"]],
        "w": [["work"], ["kaldor-1999"]],
        "c": [["concept"], ["kaldor-1999"]],  # which a holder cannot be
    }
    source = spreadsheets.read(workbook(tmp_path / "a.xlsx", filled))
    assert objects(source, "holder") == [ox.NamedNode(expand("work:kaldor-1999"))]
    filled["p"] = [["person"], ["kaldor-1999"]]
    assert "work:kaldor-1999 or person:kaldor-1999" in told(workbook(tmp_path / "b.xlsx", filled))


def test_text_that_is_a_formula_elsewhere_is_text_in_a_workbook(tmp_path):
    """A cell of text may begin with any mark; only what the spreadsheet calculates is refused."""
    path = workbook(tmp_path / "a.xlsx", {"s": [["work", "letter after the year"], ["x", "y"]]})
    book = openpyxl.load_workbook(path)
    book["s"]["B2"].value = "=a"
    book["s"]["B2"].data_type = "s"
    book.save(path)
    assert objects(spreadsheets.read(path), "yearSuffix") == [ox.Literal("=a")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_may_be_separated_as_spreadsheets_do(mark, tmp_path):
    """A mark of the byte order, semicolons, tabs and line breaks in cells are read."""
    text = "\ufeff" + mark.join(["claim *", "voice", "note"]) + "\r\n"
    text += mark.join(["x", "own", '"two\nlines"']) + "\r\n\r\n" + mark.join(["y", "owned", ""])
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    source = spreadsheets.read(path)
    assert [value.value for value in objects(source, "voice")] == [
        SCHEME + "voice/own",
        SCHEME + "voice/owned",
    ]
    where = source.place(expand("claim:y"), PK + "voice", objects(source, "voice")[1])
    assert where == (4, 2, "B4")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"])
def test_what_would_be_a_formula_is_refused_in_a_table_and_escaped_when_written(text, tmp_path):
    """An apostrophe makes it a text, both ways."""
    path = tmp_path / "a.csv"
    path.write_text(f'work,title\nx,"{text}"\n', encoding="utf-8")
    assert f"{path}:B2: '{text}' is a formula to a spreadsheet; put an apostrophe" in told(path)
    written = delimited.write([["work", "title"], ["x", text]])
    assert f"'{text}" in written
    path.write_text(written, encoding="utf-8", newline="")
    assert ox.Literal(text) in {triple.object for triple in spreadsheets.read(path).triples}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'work,title\nx,"y\n', "line 2: unexpected end of data"),
        (b'work,title\nx,"y"z\n', "line 2: ',' expected after '\"'"),
        (b"work,title\nx,\xe9\n", "is not UTF-8"),
        (b"", "is empty"),
        (b"work\n" + b"x\n" * sheets.MAX_ROWS, "more than 10000 rows or 200 columns"),
        (b"work" + b"," * 200 + b"x\n", "more than 10000 rows or 200 columns"),
        (b"work\nx" + b"y" * 200_000, "field larger than field limit"),
    ],
)
def test_a_broken_table_is_told(content, message, tmp_path):
    """The message has the line, or the limit."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert message in told(path)


def test_the_template_is_written_where_it_is_asked_for(tmp_path, capfd):
    """A workbook goes to a file or a pipe; a header of CSV by its format, or by the ending."""
    assert main(["template", "claims", "concepts", "--out", str(tmp_path / "a.xlsx")]) == 0
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[1:3] == ["claims", "concepts"]
    assert main(["template", "gaps", "--out", str(tmp_path / "gaps.csv")]) == 0
    assert main(["template", "gaps", "--format", "csv"]) == 0
    out = capfd.readouterr().out
    assert out == (tmp_path / "gaps.csv").read_text(encoding="utf-8").replace("\r\n", "\n") or (
        out.encode() == (tmp_path / "gaps.csv").read_bytes()
    )
    assert out.startswith("gap *,passage *,first line *,last line *,reason *")
    with (tmp_path / "b.xlsx").open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "pkgraph", "template", "claim"], stdout=file, check=True
        )
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames[1] == "claims"


def test_a_workbook_does_not_go_to_a_terminal(capsys, monkeypatch):
    """It would be noise; the message says where to write it."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["template", "claims"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "write it to a file: --out claims.xlsx" in captured.err
    assert main(["template", "cliams"]) == 2
    assert "did you mean claims?" in capsys.readouterr().err


def test_a_filled_table_becomes_turtle_once_it_is_accepted(tmp_path, capsys):
    """With mistakes nothing is written; without, what is written conforms and says the same."""
    out = tmp_path / "claims.ttl"
    mistaken = scholars_path.fill(tmp_path / "mistaken.xlsx", mistaken=True)
    assert main(["import", "table", str(mistaken), "--out", str(out)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    for cell, mend in scholars_path.VERDICTS.items():
        assert f"{mistaken}:{cell}" in captured.err
        assert mend in captured.err
    assert "Nothing was written" in captured.err
    assert not out.exists()
    mended = scholars_path.fill(tmp_path / "mended.xlsx", mistaken=False)
    assert main(["import", "table", str(mended), "--out", str(out)]) == 0
    assert set(turtle.parse(turtle.read(out))) == set(spreadsheets.read(mended).triples)
    assert main(["format", "--check", str(out)]) == 0
    assert main(["check", str(mended), str(out)]) == 0
    capsys.readouterr()
    assert main(["import", "table", str(mended)]) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")


def test_tables_of_several_files_are_read_together(tmp_path, capsys):
    """A claim may stand in one file, and its occurrence in another."""
    one = workbook(
        tmp_path / "a.xlsx",
        {
            "claims": [
                ["claim", "label", "voice", "kind", "about", "occurs at"],
                [
                    "example-1",
                    "Peace holds",
                    "own",
                    "empirical",
                    "concept:taking-sides",
                    "example-1-1",
                ],
            ]
        },
    )
    two = tmp_path / "b.csv"
    two.write_text(
        "occurrence,passage,first line,last line\nexample-1-1,bellamy-2004-1-1-p6,123,124\n",
        encoding="utf-8",
    )
    assert main(["check", str(one)]) == 1
    assert f"{one}:claims!F2" in capsys.readouterr().out
    assert main(["import", "table", str(one), str(two)]) == 0
    assert "pk:occursAt occurrence:example-1-1" in capsys.readouterr().out
