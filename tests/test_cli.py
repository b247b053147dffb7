"""What the command prints, where it prints it, and the status it ends with."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from pkgraph import cli, jelly, namespaces, reasoning, resources, store
from pkgraph.cli import output
from pkgraph.reasoning import Consistency

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = (ROOT / "ontology" / "prefixes.ttl").read_text("utf-8")
COMMANDS = ("build", "check", "export", "find", "format", "queries", "query", "serve", "show")
COMMANDS += ("sparql", "verify", "crosswalk", "reconcile", "import", "template", "contribute")
COMMANDS += ("contributions", "nanopublication")
CLAIM = """
claim:example-2001-1-all-is-well a pk:Claim ;
    rdfs:label "{label}"@en ;
    pk:voice voice:own ;
    pk:kind kind:empirical ;
    pk:about concept:peacekeeping{occurrence} .
"""


@pytest.fixture
def run(capsys):
    """Return a function that runs the command and gives its status, output and errors."""

    def run_command(*arguments):
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse's own
            status = ended.code
        return status, *capsys.readouterr()

    return run_command


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Work in an empty folder; return a function that writes a file there and gives its name."""
    monkeypatch.chdir(tmp_path)

    def write(name, content):
        path = Path(name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return write


# --- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    """--help tells what a command does, and each of its arguments has a text."""
    status, out, err = run(command, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"usage: pkgraph {command}")
    assert "\n\n" in out


def test_help_lists_the_commands(run):
    """The help of the whole has a line for each command, and examples."""
    status, out, _ = run("--help")
    assert status == 0
    assert [name for name in COMMANDS if not re.search(rf"\n    {name}\s", out)] == []
    assert "pkgraph query authors-arguments-missions author=Woodhouse" in out


def test_version_is_told(run):
    """--version prints the version of the package."""
    assert run("--version") == (0, f"pkgraph {resources.version()}\n", "")


@pytest.mark.parametrize("arguments", [(), ("nope",), ("query",), ("find",), ("query", "--no")])
def test_wrong_use_ends_with_2_and_a_usage_line(run, arguments):
    """What argparse refuses ends with 2, on standard error."""
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("usage: pkgraph")


# --- queries and query


def test_queries_are_listed_with_topic_and_summary(run):
    """Every canned query has a row in the list, and an object with its name in the JSON."""
    names = {path.stem for path in resources.data_files("queries", ".rq")}
    _, out, _ = run("queries")
    assert [name for name in names if name not in out] == []
    _, out, _ = run("queries", "--format", "csv")
    assert {row["name"] for row in csv.DictReader(io.StringIO(out))} == names
    status, out, _ = run("queries", "--format", "json")
    assert status == 0
    assert {each["name"] for each in json.loads(out)} == names


def test_one_query_is_told_in_full(run, monkeypatch):
    """A query's parameters, columns and an example that runs are told."""
    monkeypatch.setenv("COLUMNS", "200")  # on a narrow terminal the example takes two lines
    status, out, _ = run("queries", "attacks-on")
    assert status == 0
    assert "target=" in out
    assert "column claim " in out
    assert "column claim_label" not in out
    example = next(line for line in out.splitlines() if line.startswith("example "))
    status, out, _ = run(*example.split()[2:])
    assert (status, bool(out)) == (0, True)
    told = json.loads(run("queries", "attacks-on", "--format", "json")[1])
    assert told["parameters"][0]["required"] is True
    assert run("queries", "attacks-on", "--format", "md")[1].startswith("| what | told |\n")


def test_a_query_prints_a_table_and_says_how_many_rows(run, graph):
    """The table is for reading; the count goes to standard error."""
    status, out, err = run("query", "attacks-on", "target=case-by-case")
    assert status == 0
    assert "Bellamy" in out
    assert err == f"{len(graph.query('attacks-on', target='case-by-case'))} rows.\n"


def test_no_rows_is_no_failure(run):
    """A query without rows ends with 0 and says so."""
    status, out, err = run("query", "attacks-on", "target=claim:bellamy-2004-1-few-conceptual")
    assert (status, err) == (0, "No rows.\n")
    assert "claim" in out


@pytest.mark.parametrize("format_name", ["json", "csv", "tsv", "xml", "md"])
def test_a_query_writes_each_format(run, graph, format_name):
    """The formats for programs go to standard output alone."""
    rows = len(graph.query("attacks-on", target="case-by-case"))
    status, out, err = run("query", "attacks-on", "target=case-by-case", "--format", format_name)
    assert (status, err) == (0, "")
    if format_name == "json":
        assert len(json.loads(out)["results"]["bindings"]) == rows
    if format_name == "csv":
        assert len(list(csv.DictReader(io.StringIO(out)))) == rows
    assert "bellamy" in out.casefold()


def test_bibtex_has_the_works_behind_the_rows(run):
    """A query's works are there for a reference manager."""
    status, out, _ = run("query", "citation-trail", "claim=four-types", "--format", "bibtex")
    assert status in {0, 1}
    status, out, _ = run(
        "query", "citation-trail", "claim=bellamy-2004-1-four-types", "--format", "bibtex"
    )
    assert status == 0
    assert "@book{durch-1997,\n" in out


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("attack-on",), 2, "did you mean attacks-on"),
        (("attacks-on",), 2, "needs a value for 'target'"),
        (("attacks-on", "foo=1"), 2, "no parameter 'foo'"),
        (("attacks-on", "target"), 2, "write them as PARAMETER=VALUE"),
        (("attacks-on", "target=a", "target=b"), 2, "given twice"),
        (("attacks-on", "target=concept:peacekeeping"), 2, "not a pk:Claim"),
        (("attacks-on", "target=case-by-cose"), 1, "did you mean approach:case-by-case"),
        (("attacks-on", "target=case-by-case", "basis=hearsay"), 2, "explicit, inferred"),
        (("attacks-on", "target=x> } #"), 1, "is called 'x> } #'"),
        (("attacks-on", "target=case-by-case", "--source", "no"), 1, "the sources are"),
        (("attacks-on", "target=case-by-case", "--data", "no.ttl"), 2, "no file no.ttl"),
        (("attacks-on", "target=case-by-case", "--data", "a.pdf"), 2, "told from its ending"),
        (("attacks-on", "target=case-by-case", "--endpoint", "x"), 2, "not the address"),
        (
            ("attacks-on", "target=case-by-case", "--endpoint", "http://127.0.0.1:9/"),
            3,
            "cannot be reached",
        ),
        (
            ("attacks-on", "target=x", "--endpoint", "http://127.0.0.1:9/", "--data", "a.ttl"),
            2,
            "not both",
        ),
    ],
)
def test_a_query_that_cannot_be_run_says_why(run, file, arguments, status, told):
    """One sentence on standard error says what is wrong; nothing else is printed."""
    file("a.ttl", PREFIXES + "work:a a pk:Work .")
    file("a.pdf", "x")
    ended, out, err = run("query", *arguments)
    assert (ended, out) == (status, "")
    assert err.startswith("pkgraph: ")
    assert err.count("\n") == 1
    assert told in err


def test_an_ambiguous_name_lists_what_it_may_mean(run, file):
    """A name that two things have is refused with both."""
    data = file(
        "two.ttl",
        PREFIXES
        + 'claim:a a pk:Claim ; rdfs:label "same"@en . claim:b a pk:Claim ; rdfs:label "same"@en .',
    )
    status, out, err = run("query", "attacks-on", "target=same", "--data", data)
    assert (status, out) == (2, "")
    assert "claim:a or claim:b" in err


def test_other_data_is_asked_in_place_of_the_shipped(run, file):
    """With --data the shipped graph is not asked, whatever the syntax of the files."""
    data = file("a.nt", f'<{namespaces.BASE}work/a> <{namespaces.RDFS}label> "A 2001"@en .\n')
    _, out, _ = run("find", "2001", "--data", data)
    assert "work:a" in out
    assert "No" not in out
    assert run("find", "woodhouse", "--data", data)[2].startswith("Nothing is called")


def test_sources_narrow_an_answer(run):
    """With --source only what that work says is found."""
    count = "SELECT (COUNT(?c) AS ?n) { ?c a <https://w3id.org/pkgraph/ontology#Claim> }"
    counts = {}
    for source in ("bellamy-2004", "meiske-ruggeri-notice"):
        rows = csv.reader(io.StringIO(run_sparql(run, count, "--source", source)))
        counts[source] = int(list(rows)[1][0])
    rows = csv.reader(io.StringIO(run_sparql(run, count)))
    assert int(list(rows)[1][0]) == sum(counts.values())
    assert min(counts.values()) > 0


def run_sparql(run, text, *options):
    """Run a query from standard input and return the CSV."""
    stdin, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        status, out, _ = run("sparql", "--format", "csv", *options)
    finally:
        sys.stdin = stdin
    assert status == 0
    return out


# --- sparql


def test_sparql_is_read_from_a_file(run, file):
    """Each form of query prints what it gives."""
    select = file("select.rq", "SELECT (1 AS ?one) {}")
    assert run("sparql", select) == (0, "one\n───\n1\n", "1 row.\n")
    ask = file("ask.rq", "ASK {}")
    assert run("sparql", ask) == (0, "yes\n", "")
    file("no.rq", "ASK { FILTER(false) }")
    assert run("sparql", "no.rq") == (0, "no\n", "")
    construct = file("construct.rq", "CONSTRUCT { <urn:a> <urn:b> 1 } {}")
    assert run("sparql", construct)[1].strip() == "<urn:a> <urn:b> 1 ."
    assert run("sparql", construct, "--format", "nt")[1].startswith("<urn:a> <urn:b> ")


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        ("SELECT ?s { ?s ?p }", 2, "line 1, column"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", 2, "an update"),
        ("SELECT * { SERVICE <urn:a> {} }", 2, "SERVICE"),
        ("", 2, "is empty"),
        (b"SELECT \xff", 2, "UTF-8"),
    ],
)
def test_sparql_that_cannot_be_run_says_why(run, file, content, status, told):
    """A broken or refused query is one sentence with its place."""
    ended, out, err = run("sparql", file("query.rq", content))
    assert (ended, out) == (status, "")
    assert told in err
    assert err.count("\n") == 1


def test_sparql_that_cannot_be_written_so_says_why(run, file):
    """A format that does not fit the answer is wrong use."""
    status, out, err = run("sparql", file("ask.rq", "ASK {}"), "--format", "csv")
    assert (status, out) == (2, "")
    assert "choose json or xml" in err
    status, _, err = run("sparql", file("construct.rq", "CONSTRUCT WHERE {}"), "--format", "csv")
    assert status == 2
    status, _, err = run("sparql", file("select.rq", "SELECT * {}"), "--format", "ttl")
    assert (status, "choose one of json" in err) == (2, True)


def test_sparql_from_standard_input_has_to_be_utf_8(run, monkeypatch):
    """Bytes that are no text are refused in one sentence."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8"))
    status, out, err = run("sparql")
    assert (status, out) == (2, "")
    assert "standard input is not UTF-8" in err


# --- find and show


def test_find_prints_what_to_ask_for(run):
    """What is found comes with a CURIE that other commands take."""
    status, out, _ = run("find", "tom", "woodhouse", "--format", "json")
    assert status == 0
    assert json.loads(out)[0] == {
        "thing": "person:tom-woodhouse",
        "label": "Tom Woodhouse",
        "class": "pk:Person",
        "found by": "Tom Woodhouse",
    }
    assert run("find", "woodhouse", "--format", "csv")[1].startswith("thing,label,class,found by")
    assert run("find", "woodhouse", "--format", "md")[1].startswith("| thing |")


def test_find_says_when_there_is_nothing(run):
    """Nothing found is no failure, and is said."""
    assert run("find", "zzzz") == (0, "", "Nothing is called 'zzzz', or nearly so.\n")
    assert run("find", "zzzz", "--format", "json")[:2] == (0, "[]\n")


def test_show_tells_what_is_said_of_a_thing(run):
    """A thing is shown by name, with what points at it; its triples can be had too."""
    status, out, _ = run("show", "ONUC")
    assert status == 0
    assert "Congo" in out
    status, out, _ = run("show", "operation:onuc", "--format", "nt")
    assert status == 0
    assert f"<{namespaces.BASE}operation/onuc>" in out


def test_show_of_nothing_is_not_found(run):
    """A thing that is not there ends with 1 and the nearest names."""
    status, out, err = run("show", "operation:onucc")
    assert (status, out) == (1, "")
    assert "operation:onuc" in err


# --- check and format


def test_check_passes_what_conforms(run, file):
    """A file that conforms ends with 0 and says so."""
    for name in ("text", "json", "ttl"):
        status, out, _ = run("check", file("a.ttl", valid()), "--format", name)
        assert status == 0
    assert "sh:conforms true" in out
    assert run("check", "a.ttl") == (0, "", "a.ttl: conforms.\n")
    assert json.loads(run("check", "a.ttl", "--format", "json")[1]) == {
        "conforms": True,
        "accepted": True,
        "counts": {"Violation": 0, "Warning": 0, "Info": 0},
        "findings": [],
    }


def valid():
    """Return a file with one person."""
    return PREFIXES + (
        'person:anna-example a pk:Person ; rdfs:label "Anna Example"@en ;'
        ' pk:familyName "Example" .\n'
    )


@pytest.mark.parametrize(
    ("label", "occurrence", "told"),
    [
        ("x" * 301, " ; pk:occursAt occurrence:a", "at most 300 characters"),
        ("All is well", "", "at least one pk:occursAt"),
    ],
)
def test_check_says_line_reason_and_mend(run, file, label, occurrence, told):
    """A claim that is too long, or without a passage, is refused with its place."""
    name = file("a.ttl", PREFIXES + CLAIM.format(label=label, occurrence=occurrence))
    status, out, err = run("check", name)
    assert status == 1
    line = next(line for line in out.splitlines() if told in line)
    assert line.startswith("a.ttl:")
    assert int(line.split(":")[1]) > len(PREFIXES.splitlines())
    assert "does not conform" in err
    findings = json.loads(run("check", name, "--format", "json")[1])["findings"]
    assert all(finding["mend"] for finding in findings)


def test_check_takes_other_shapes(run, file):
    """Shapes of the user's own can be checked against."""
    shapes = file(
        "shapes.ttl",
        PREFIXES + "<urn:s> a sh:NodeShape ; sh:targetClass pk:Person ; sh:property <urn:p> ."
        " <urn:p> a sh:PropertyShape ; sh:path pk:givenName ; sh:minCount 1 ;"
        ' sh:message "A person has a given name. Give it." .',
    )
    status, out, _ = run("check", file("a.ttl", valid()), "--shapes", shapes)
    assert status == 1
    assert "A person has a given name." in out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "empty"),
        (b"\xff\xfe", "UTF-8"),
        (None, "no file"),
    ],
)
def test_check_of_what_cannot_be_read_says_why(run, file, content, told):
    """A file that cannot be read is wrong use."""
    if content is not None:
        file("a.ttl", content)
    ended, out, err = run("check", "a.ttl")
    assert (ended, out) == (2, "")
    assert "a.ttl" in err
    assert told in err


def test_check_rejects_what_is_not_turtle(run, file):
    """Broken Turtle is a verdict, told like any other; of each broken file at once."""
    file("a.ttl", "claim:x a pk:Claim .")
    file("b.ttl", "<urn:x> a <urn:y>")
    ended, out, err = run("check", "a.ttl", "b.ttl")
    assert ended == 1
    assert "a.ttl:1:1: Violation: The prefix 'claim:' is not declared." in out
    assert "1 | claim:x a pk:Claim .\n  | ^^^^^^^\n" in out
    assert "b.ttl:1:18: Violation: A dot is missing" in out
    assert "2 violations" in err
    assert run("check", "a.ttl", "--format", "ttl")[:2] == (1, "")


def test_format_writes_the_one_form_and_only_once(run, file):
    """A file is rewritten if it differs, and left alone after that."""
    name = file("a.ttl", valid().replace("\n", "\r\n"))
    assert run("format", "--check", name)[:2] == (1, "a.ttl\n")
    assert run("format", name) == (0, "", "a.ttl: formatted.\n")
    formatted = Path(name).read_bytes()
    assert b"\r" not in formatted
    assert b"person:anna-example a pk:Person ;\n    rdfs:label" in formatted
    assert run("format", name) == (0, "", "")
    assert run("format", "--check", name) == (0, "", "")
    assert Path(name).read_bytes() == formatted


@pytest.mark.parametrize("content", ["claim:x", "<urn:a> <urn:b> 1 . # a comment", "", b"\xff"])
def test_format_touches_nothing_if_one_file_is_broken(run, file, content):
    """A file that cannot be formatted stops all before any is written."""
    good, bad = file("good.ttl", valid()), file("bad.ttl", content)
    status, out, err = run("format", good, bad)
    assert (status, out) == (2, "")
    assert "bad.ttl" in err
    assert Path(good).read_text() == valid()
    assert sorted(path.name for path in Path().iterdir()) == ["bad.ttl", "good.ttl"]


# --- build, export, verify, serve


def test_build_prints_where_the_store_is(run):
    """The folder of the store is printed, and holds a store."""
    status, out, err = run("build")
    assert status == 0
    assert store.OxigraphStore.open(Path(out.strip())).query("ASK { ?s ?p ?o }") is True
    assert "statements in" in err


@pytest.mark.parametrize(
    ("format_name", "syntax"),
    [("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG), ("nt", ox.RdfFormat.N_TRIPLES)],
)
@pytest.mark.usefixtures("file")
def test_export_writes_the_whole_graph(run, format_name, syntax):
    """What is exported reads back, and a file gets the same bytes as standard output."""
    status, out, _ = run("export", "--format", format_name)
    assert status == 0
    quads = list(ox.parse(out, format=syntax))
    assert len(quads) > 1000
    status, printed, err = run("export", "--format", format_name, "--out", "graph.out")
    assert (status, printed) == (0, "")
    assert Path("graph.out").read_text("utf-8") == out
    assert "graph.out: written" in err


@pytest.mark.usefixtures("file")
def test_jelly_goes_to_a_file_or_on_and_not_to_a_terminal(run, file, monkeypatch):
    """It would be noise there; the message says where to write it."""
    file("a.ttl", valid())
    arguments = ("export", "--format", "jelly", "--data", "a.ttl")
    status, out, err = run(*arguments, "--out", "graph.jelly")
    data = Path("graph.jelly").read_bytes()
    assert (status, out) == (0, "")
    assert err == f"graph.jelly: written, {len(data)} bytes.\n"
    assert len(list(jelly.read(data))) > 10
    assert pkgraph(*arguments).stdout == data
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "--out pkgraph.jelly" in err


def test_export_into_a_folder_that_is_not_there_fails_in_one_sentence(run, file):
    """What the system refuses is told with the name of the file, and ends with 3."""
    file("a.ttl", valid())
    status, out, err = run("export", "--out", "no/graph.nq", "--data", "a.ttl")
    assert (status, out) == (3, "")
    assert err.startswith("pkgraph: ")
    assert err.count("\n") == 1


@pytest.mark.java
@pytest.mark.slow
def test_verify_passes_the_shipped_graph_and_fails_on_a_planted_fault(run, file, monkeypatch):
    """Each thing that is looked at has a line, and a fault is named below it."""
    status, out, err = run("verify")
    assert (status, err) == (0, "")
    assert {line[:4] for line in out.splitlines()} == {"ok  "}
    name = file("a.ttl", PREFIXES + CLAIM.format(label="All is well", occurrence=""))
    # HermiT, which takes most of the time, has just been heard.
    monkeypatch.setattr(reasoning, "check_consistency", lambda _: Consistency(consistent=True))
    status, out, _ = run("verify", name)
    assert status == 1
    assert "FAIL  every claim has its passage\n      claim:example-2001-1-all-is-well" in out


def test_serve_hands_over_the_graph(run, monkeypatch):
    """The server gets the graph, the address, the base URL and what it is to log."""
    served = []
    monkeypatch.setattr("pkgraph.web.serve", lambda *given, **named: served.append((*given, named)))
    assert run("serve", "--port", "8099", "--base-url", "https://example.org/pk")[0] == 0
    assert run("serve", "--log", "json")[0] == 0
    opening, *rest = served[0]
    options = {"base_url": "https://example.org/pk", "log": "none", "workers": 2, "gate": None}
    assert rest == ["127.0.0.1", 8099, options]
    assert served[1][3]["log"] == "json"
    with opening() as graph:
        assert graph.release


# --- the process


def pkgraph(*arguments, **options):
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pkgraph", *arguments], check=False, capture_output=True, **options
    )


def test_a_reader_who_has_enough_is_no_failure():
    """When the reader of the output closes it, the command ends quietly."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m pkgraph export | head -n 1"],
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_query_imports_nothing_that_is_slow():
    """Neither rdflib nor what validates, reasons or serves is imported to answer a query."""
    program = (
        "import sys; from pkgraph.cli import main; "
        "main(['query', 'attacks-on', 'target=approach:case-by-case']); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = set(done.stdout.decode().splitlines()[-1].split())
    slow = {"jinja2", "owlready2", "pandas", "pyshacl", "rdflib", "starlette", "uvicorn"}
    assert loaded & (slow | {"SPARQLWrapper", "oxrdflib"}) == set()
    assert "pyoxigraph" in loaded


def test_an_interrupt_ends_with_130(run, monkeypatch):
    """Ctrl-C ends the command without a traceback."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pkgraph.graph.open_graph", interrupted)
    assert run("find", "x") == (130, "", "")


def test_a_table_fits_the_terminal(run, monkeypatch):
    """No line of a table is wider than the terminal, down to the narrow."""
    for columns in (200, 120, 80, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert output.width() == columns
        _, out, _ = run("query", "attacks-on", "target=case-by-case")
        assert max(map(len, out.splitlines())) <= columns
