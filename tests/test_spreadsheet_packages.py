"""What holds of workbooks that no spreadsheet would write: each is refused, in little time."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import scholars_path

from pkgraph import spreadsheets
from pkgraph.errors import InputError
from pkgraph.namespaces import expand
from pkgraph.spreadsheets import package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def told(path):
    """Return what is said of a file that cannot be read."""
    with pytest.raises(InputError) as caught:
        spreadsheets.read(path)
    return str(caught.value)


def text_cell(place, text):
    """Return a cell of text in XML."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "claim")}</row>'


def sheet_xml(cells, after="", before=""):
    """Return a sheet in XML."""
    data = f"<sheetData>{cells}</sheetData>"
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">{data}{after}</worksheet>'


def package_of(path, sheet, *, strings="", styles="", more=(), count=1):  # noqa: PLR0913  # its parts
    """Write a workbook part by part, as no spreadsheet would, and return its path."""
    kinds = {"workbook": "sheet.main", "sharedStrings": "sharedStrings", "styles": "styles"}
    parts = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{CONTENT}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    numbers = range(1, count + 1)
    listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}">{parts}</Types>')
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relations}">{links}</Relationships>',
        )
        for number in numbers:
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", strings or f'<sst xmlns="{MAIN}"/>')
        archive.writestr("xl/styles.xml", styles or f'<styleSheet xmlns="{MAIN}"/>')
        for name, content in more:
            archive.writestr(name, content)
    return path


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
HOSTILE = {
    "bomb": (
        lambda: sheet_xml(" " * (1 << 28)),
        {},
        "unpacks to 256 MiB, and at most 16 MiB are read",
    ),
    "entities": (
        lambda: sheet_xml(HEADER + text_cell("A2", "&b;"), before=ENTITIES),
        {},
        "the sheet 's1' has a document type",
    ),
    "outside entity": (
        lambda: sheet_xml(HEADER, before='<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
        {},
        "has a document type",
    ),
    "encoding": (
        lambda: sheet_xml(HEADER).replace('"1.0"', '"1.0" encoding="cp037"'),
        {},
        "is in cp037, not UTF-8",
    ),
    "wide text": (lambda: sheet_xml(HEADER).encode("utf-16"), {}, "is not in UTF-8"),
    "long text": (
        lambda: sheet_xml(HEADER + text_cell("A2", "x" * (200 << 10))),
        {},
        "has a text of more than 128 KiB",
    ),
    "elements": (
        lambda: sheet_xml("<row/>" * package.MAX_ELEMENTS),
        {},
        "more than 300000 elements of XML in its cells",
    ),
    "styles": (
        lambda: sheet_xml(HEADER),
        {"styles": f'<styleSheet xmlns="{MAIN}">' + "<a/>" * 20_000 + "</styleSheet>"},
        "more than 20000 elements of XML beside its cells",
    ),
    "attributes": (
        lambda: sheet_xml('<row a="" b="" c=""/>' * 200_001),
        {},
        "more than 600000 attributes of XML",
    ),
    "far row": (
        lambda: sheet_xml(HEADER + f'<row r="10001">{text_cell("A10001", "x")}</row>'),
        {},
        "has something in column A of row 10001, and at most 10000 rows and 200 columns",
    ),
    "far column": (
        lambda: sheet_xml(HEADER + f'<row r="2">{text_cell("GS2", "x")}</row>'),
        {},
        "has something in column GS of row 2",
    ),
    "merged": (
        lambda: sheet_xml(HEADER, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        {},
        "has the merged cells A1:XFD1048576",
    ),
    "rows back": (
        lambda: sheet_xml(HEADER + '<row r="3"/><row r="2"/>'),
        {},
        "has row 2 after row 3",
    ),
    "cells back": (
        lambda: sheet_xml('<row r="1">' + text_cell("B1", "x") + text_cell("A1", "x") + "</row>"),
        {},
        "has cells of row 1 out of order",
    ),
    "sheets": (lambda: sheet_xml(HEADER), {"count": 101}, "more than 100 sheets"),
    "no workbook": (
        lambda: sheet_xml(HEADER),
        {"more": [("[Content_Types].xml", "<a/>")]},
        "cannot be read as a workbook",
    ),
    "cut": (lambda: "<worksheet>", {}, "is not whole XML"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_workbook_is_refused_for_what_it_is(case, tmp_path):
    """The message has the sheet or the limit."""
    sheet, parts, message = HOSTILE[case]
    assert message in told(package_of(tmp_path / "a.xlsx", sheet(), **parts))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "has a password, or is in the old format of Excel"),
        (b"claim,label\n", "is no workbook; save the table as a workbook (.xlsx) or as CSV"),
        (b"PK" + b"\0" * ((8 << 20) + 1), "is larger than 8 MiB"),
    ],
)
def test_what_is_no_workbook_is_told(content, message, tmp_path):
    """The message says what it is instead, and what to do."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert message in told(path)


def test_a_damaged_workbook_and_one_that_is_not_there_are_told(tmp_path):
    """A file that is cut or has a byte changed is not read in part."""
    path = scholars_path.fill(tmp_path / "a.xlsx", mistaken=False)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet2.xml").header_offset
    content[start + 60 : start + 64] = b"\0\0\0\0"
    path.write_bytes(content)
    assert "is damaged; open it in a spreadsheet and save it anew" in told(path)
    assert "cannot be read, No such file" in told(tmp_path / "b.xlsx")


def test_macros_and_links_are_dropped_unread(tmp_path):
    """Parts that hold no cells do nothing, whatever they are."""
    path = package_of(
        tmp_path / "a.xlsx",
        sheet_xml(HEADER + f'<row r="2">{text_cell("A2", "x")}</row><row r="1048576"/>'),
        more=[
            ("xl/vbaProject.bin", b"\0" * 100),
            ("xl/externalLinks/externalLink1.xml", ENTITIES + "<a>&b;</a>"),
            ("xl/drawings/drawing1.xml", "<broken"),
            ("docProps/core.xml", "<broken"),
            ("../../outside.xml", "<broken"),
        ],
    )
    assert [t.subject.value for t in spreadsheets.read(path).triples] == [expand("claim:x")]


HEAVY = {
    "cells": lambda: sheet_xml(
        HEADER + "".join(f'<row r="{r}">{"<c><v>1</v></c>" * 200}</row>' for r in range(2, 750))
    ),
    "texts": lambda: sheet_xml(
        f'{HEADER}<row r="2"><c r="A2" t="inlineStr"><is>'
        + f"<r><t>{chr(0x1F600) * 30_000}</t></r>" * 130
        + "</is></c></row>"
    ),
    "attributes": lambda: sheet_xml(
        ("<row " + " ".join(f'a{n:x}=""' for n in range(13_000)) + "/>") * 46
    ),
    "strings": lambda: sheet_xml(HEADER),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", HEAVY)
def test_the_heaviest_workbook_within_the_limits_takes_little(case, tmp_path):
    """What is just let in is read within 10 s of a processor and 512 MiB, as a whole process."""
    strings = "<si><r><rPr><b/><sz val='1'/></rPr><t>a</t></r></si>" * 42_000 * (case == "strings")
    path = package_of(
        tmp_path / "a.xlsx", HEAVY[case](), strings=f'<sst xmlns="{MAIN}">{strings}</sst>'
    )
    program = (
        "import resource, sys, pathlib\nfrom pkgraph import spreadsheets\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (10, 10))\n"
        "try: spreadsheets.read(pathlib.Path(sys.argv[1]))\n"
        "except ValueError: raise\n"
        "except Exception as error: print(type(error).__name__)\n"
        "print([l for l in open('/proc/self/status') if l.startswith('VmHWM')][0].split()[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    error, kib = done.stdout.split()
    assert error == "InputError"
    assert int(kib) < 512 << 10


def test_openpyxl_reads_xml_by_the_safe_reader():
    """What this package lets through is read by defusedxml, which refuses entities once more."""
    from openpyxl.xml import functions

    assert openpyxl.DEFUSEDXML
    assert functions.iterparse.__module__.startswith("defusedxml")
    assert "OPENPYXL_DEFUSEDXML" not in os.environ
