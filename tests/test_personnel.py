"""Tables of personnel land in a store whole or not at all, and no row is left out silently."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import contributing
import pyoxigraph as ox
import pytest

from pkgraph import build, cli, contribution, open_graph, personnel, reasoning, validation
from pkgraph.errors import InputError, StoreError
from pkgraph.namespaces import BASE, DERIVED_GRAPH
from pkgraph.personnel import dates, loading

FOLDER = Path(__file__).resolve().parent / "personnel"
LONG = (FOLDER / "long.yaml").read_text("utf-8")
WIDE = (FOLDER / "wide.yaml").read_text("utf-8")
HEAD = "Contributor,Mission,Month,Troops,Police,Women\n"


@pytest.fixture
def imported(tmp_path):
    """Return a function that imports a table, given as text, and returns the summary."""

    def run(table, mapping=LONG, **options):
        (tmp_path / "table.csv").write_bytes(
            table if isinstance(table, bytes) else table.encode("utf-8")
        )
        (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
        return personnel.import_table(
            tmp_path / "table.csv", tmp_path / "mapping.yaml", tmp_path / "store", **options
        )

    return run


def numbers(folder, operation="operation:unmil"):
    """Return what the store in *folder* has of *operation*, as the canned query gives it."""
    rows = open_graph(folder).query("contributors-to", operation=operation)
    fields = ("troops", "police", "experts", "women", "men")
    return [
        (row.state_label, str(row.date), *(row[field] for field in fields), row.source_label)
        for row in rows
    ]


def refused(summary):
    """Return the row, column and value of each reject, and all reasons as one text."""
    return (
        [(each.row, each.column, each.value) for each in summary.rejects],
        "\n".join(each.reason for each in summary.rejects),
    )


def contents(folder):
    """Return every file under *folder*, with its bytes, but for what the engine logs."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("LOG")
    }


# --- What lands


def test_a_long_table_lands(imported, tmp_path):
    """Each row is a contribution; an empty cell is no number, and 0 is one."""
    summary = imported((FOLDER / "long.csv").read_text("utf-8"))
    assert (summary.rows, summary.written, summary.rejects, summary.landed) == (3, 3, [], True)
    source = "Example of a long table"
    assert numbers(tmp_path / "store") == [
        ("China", "2005-03", 558, 6, None, 12, None, source),
        ("India", "2005-03", 0, None, None, None, None, source),
    ]
    assert numbers(tmp_path / "store", "operation:unoci")[0][:4] == (
        "Côte d'Ivoire",
        "2005-03",
        None,
        7,
    )


def test_a_wide_table_lands(imported, tmp_path):
    """Columns stand for states; rows of several kinds are of one contribution."""
    summary = imported((FOLDER / "wide.csv").read_text("utf-8"), WIDE)
    assert (summary.rows, summary.written, summary.rejects) == (3, 3, [])
    assert [row[:4] for row in numbers(tmp_path / "store")] == [
        ("China", "2005-03-31", 558, 6),
        ("India", "2005-03-31", 0, None),
    ]


def test_columns_may_stand_for_operations(imported, tmp_path):
    """A wide table can have a column for each operation; what is no state or number is ignored."""
    mapping = (
        "source: Missions across\nlicense: https://example.org/free\nlayout: wide\n"
        "columns: operation\noperation: {coded: geo-pko}\nstate: {column: iso, coded: m49}\n"
        'date: {column: year, format: "%Y"}\ncounts: experts\nignore: [total]\ndelimiter: "\\t"\n'
        "encoding: latin-1\n"
    )
    table = "iso\tyear\tUNMIL\tUNOCI\ttotal\n156\t2005\t5\t\t(5)\n".encode("latin-1")
    assert imported(table, mapping).written == 1
    assert [row[:5] for row in numbers(tmp_path / "store")] == [("China", "2005", None, None, 5)]


def test_rows_of_one_contribution_come_together(imported, tmp_path):
    """A column can say what is counted; the same said twice counts once."""
    mapping = LONG.replace(
        "values: {troops: Troops, police: Police, women: Women}",
        "kind: {column: Kind, means: {TCC: troops, FPU: police, female: women}}\nnumber: N",
    )
    table = (
        "Contributor,Mission,Month,Kind,N\nCHN,UNMIL,2005-03,TCC,558\nIND,UNMIL,2005-03,tcc,1\n"
        "CHN,UNMIL,2005-03,FPU,6\n\nCHN,UNMIL,2005-03,female,12\nCHN,UNMIL,2005-03,FPU,6\n"
    )
    summary = imported(table, mapping)
    assert (summary.written, summary.rejects) == (2, [])
    assert numbers(tmp_path / "store")[0][:6] == ("China", "2005-03", 558, 6, None, 12)


def test_what_lands_conforms_to_the_shapes(imported, tmp_path):
    """The statements of both layouts, and of a source with marks in its name, are valid."""
    odd = LONG.replace("source: Example", 'source: "Ünder \\"quotes\\" \\\\ & such,"\n#')
    imported((FOLDER / "long.csv").read_text("utf-8"))
    imported((FOLDER / "wide.csv").read_text("utf-8"), WIDE)
    imported((FOLDER / "long.csv").read_text("utf-8"), odd)
    store = ox.Store.read_only(str(tmp_path / "store"))
    graphs = [graph for graph in store.named_graphs() if "/personnel/" in str(graph)]
    assert len(graphs) == 3
    turtle = tmp_path / "personnel.ttl"
    triples = [
        quad.triple for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)
    ]
    turtle.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE))
    report = validation.check([turtle])
    assert report.findings == ()


def test_each_statement_is_in_its_graph_and_in_the_union(imported, tmp_path):
    """The default graph is the set of what all graphs say; nothing more follows from numbers."""
    imported((FOLDER / "long.csv").read_text("utf-8"))
    store = ox.Store.read_only(str(tmp_path / "store"))
    quads = list(store)
    union = {quad.triple for quad in quads if not isinstance(quad.graph_name, ox.DefaultGraph)}
    assert {quad.triple for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)} == union
    derived = ox.NamedNode(DERIVED_GRAPH)
    before = {quad.triple for quad in quads if quad.graph_name == derived}
    anew = ox.Store()
    anew.extend(q for q in quads if q.graph_name not in {derived, ox.DefaultGraph()})
    reasoning.derive(anew)
    after = {quad.triple for quad in anew.quads_for_pattern(None, None, None, derived)}
    assert {
        str(triple) for triple in after - before if "/personnel/" in str(triple.subject)
    } == set()


def test_sources_are_kept_apart(imported, tmp_path):
    """A second source lands beside the first and may differ from it; --source asks one of them."""
    imported(HEAD + "CHN,UNMIL,2005-03,558,,\n")
    imported(HEAD + "CHN,UNMIL,2005-03,560,,\n", LONG.replace("a long", "another"))
    assert [(row[2], row[-1]) for row in numbers(tmp_path / "store")] == [
        (560, "Example of another table"),
        (558, "Example of a long table"),
    ][::-1]
    one = open_graph(
        tmp_path / "store", sources=["authority-file", "example-of-another-table"]
    ).query("contributors-to", operation="UNMIL")
    assert [row.troops for row in one] == [560]


def test_addresses_are_of_one_contribution():
    """No two pairs of operation and state make the same address, though hyphens part them."""
    graph = open_graph()
    slugs = {
        kind: [
            str(row.s).rpartition("/")[2]
            for row in graph.sparql(
                f"PREFIX pk: <https://w3id.org/pkgraph/ontology#> SELECT ?s {{ ?s a pk:{kind} }}"
            )
        ]
        for kind in ("Operation", "State")
    }
    pairs = [f"{one}-{other}" for one, other in product(slugs["Operation"], slugs["State"])]
    assert len(pairs) == len(set(pairs)) > 60_000


# --- What is rejected


BAD = [
    ("CHN,UNMIL,2005-03,-5,,", "Troops", "-5", "negative"),
    ("CHN,UNMIL,2005-03,many,,", "Troops", "many", "not a whole number"),
    ("CHN,UNMIL,2005-03,,1.5,", "Police", "1.5", "decimals"),
    ('CHN,UNMIL,2005-03,"1,200",,', "Troops", "1,200", "thousands"),
    ("CHN,UNMIL,2005-03,٣,,", "Troops", "٣", "not a whole number"),
    ("CHN,UNMIL,03/2005,5,,", "Month", "03/2005", "looks like %m/%Y"),
    ("CHN,UNMIL,2005-03-31,5,,", "Month", "2005-03-31", "looks like %Y-%m-%d"),
    ("CHN,UNMIL,spring,5,,", "Month", "spring", "not of the style %Y-%m"),
    ("XXX,UNMIL,2005-03,5,,", "Contributor", "XXX", "no state has this code"),
    (",UNMIL,2005-03,5,,", "Contributor", "", "no state is given"),
    ("CHN,UNMILL,2005-03,5,,", "Mission", "UNMILL", "no operation has this name"),
    ("CHN,UNMIL,2005-03,5", "", "", "4 cells, and 6 columns"),
    ("CHN,UNMIL,1999-03,5,,", "Month", "1999-03", "unmil began only in"),
    ("CHN,UNMIL,2021-03,5,,", "Month", "2021-03", "unmil ended in"),
    ("SSD,UNMIS,2005-06,5,,", "Month", "2005-06", "south-sudan began only in"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad[0])
def test_a_bad_row_is_told_with_row_and_column(imported, tmp_path, bad):
    """Nothing lands because of it, or with partial the other row does."""
    row, column, value, reason = bad
    summary = imported(f"{HEAD}IND,UNMIL,2005-03,1,,\n{row}\n")
    where, reasons = refused(summary)
    assert where == [(3, column, value)]
    assert reason in reasons
    assert (summary.landed, summary.written) == (False, 0)
    assert not (tmp_path / "store").exists()
    rejects = tmp_path / "rejects.csv"
    summary = imported(f"{HEAD}IND,UNMIL,2005-03,1,,\n{row}\n", partial=True, rejects=rejects)
    assert (summary.landed, summary.written) == (True, 1)
    with rejects.open(encoding="utf-8", newline="") as file:
        head, line = csv.reader(file)
    assert head[:4] == ["row", "column", "value", "reason"]
    assert head[4:] == HEAD.strip().split(",")
    assert (line[:3], line[4:]) == (["3", column, value], next(csv.reader([row])))
    assert reason in line[3]


def test_rows_that_contradict_each_other_are_all_rejected(imported, tmp_path):
    """Neither of two numbers for one thing is taken, nor a third."""
    rows = [f"CHN,UNMIL,2005-03,{troops},7,\n" for troops in (5, 6, 5)]
    summary = imported(HEAD + "".join(rows) + "IND,UNMIL,2005-03,1,,\n", partial=True)
    where, reasons = refused(summary)
    assert [row for row, _, _ in where] == [2, 3, 4]
    assert "row 3 says 6 of the same" in reasons
    assert summary.written == 1
    assert [row[0] for row in numbers(tmp_path / "store")] == ["India"]


def test_a_cell_of_a_wide_table_is_rejected_alone(imported, tmp_path):
    """The other cells of its row land."""
    table = "date,mission,type,China,India\n31/03/2005,UNMIL,Troops,558,?\n"
    summary = imported(table, WIDE, partial=True)
    assert refused(summary)[0] == [(2, "India", "?")]
    assert [row[:3] for row in numbers(tmp_path / "store")] == [("China", "2005-03-31", 558)]


def test_a_kind_that_the_mapping_does_not_know_is_rejected(imported):
    """The message has the kinds that it knows."""
    summary = imported("date,mission,type,China\n31/03/2005,UNMIL,Staff,558\n", WIDE)
    assert refused(summary)[0] == [(2, "type", "Staff")]
    assert "it has police, troops" in refused(summary)[1].replace(
        "troops, police", "police, troops"
    )


def test_a_code_of_several_operations_is_told_with_them(imported):
    """A code that covers two operations is not taken for one; the mapping can say for which."""
    mapping = LONG.replace("{column: Mission, coded: name}", "{column: Mission, coded: ipi}")
    table = HEAD + "IND,UNOSOM,1993-11,5,,\n"
    assert (
        "unosom-1, unosom-2; say which under operation.also" in refused(imported(table, mapping))[1]
    )
    chosen = mapping.replace("coded: ipi", "coded: ipi, also: {UNOSOM: unosom-2}")
    assert imported(table, chosen).written == 1


def test_a_date_a_little_outside_is_noted(imported):
    """Lists differ by months over when an operation ended, so that is no reason to reject."""
    summary = imported(HEAD + "IND,UNMIL,2018-05,5,,\n")
    assert (summary.written, list(summary.notes.values())) == (1, [1])


def test_nothing_good_lands_as_nothing(imported, tmp_path):
    """With partial, a table without any good row makes no store."""
    assert not imported(HEAD + "XXX,UNMIL,2005-03,5,,\n", partial=True).landed
    assert not (tmp_path / "store").exists()


# --- Tables and mappings that cannot be read


@pytest.mark.parametrize(
    ("table", "mapping", "message"),
    [
        (HEAD.replace(",", ";") + "CHN;UNMIL;2005-03;5;;\n", LONG, r"row 1: nothing is parted"),
        (HEAD.encode() + b"C\xf4te,UNMIL,2005-03,5,,\n", LONG, r"not in utf-8; .* cp1252"),
        (HEAD.replace("Police", "Troops"), LONG, r"row 1, column 5: the name 'Troops' is also"),
        (HEAD.replace("Month", "When"), LONG, r"row 1: there is no column 'Month'"),
        ("", LONG, "is empty"),
        (HEAD + 'CHN,"UNMIL"x,2005-03,5,,\n', LONG, r"row 2: not a table"),
        (HEAD, LONG.replace("iso-3166-1-alpha-3", "iso"), "no state has codes of 'iso'"),
        (HEAD, LONG.replace("coded: name", "coded: name, also: {X: y}"), "'y', which is not in"),
        ("date,mission,type,Chinah\n", WIDE, "row 1, column 4, 'Chinah': no state has this name"),
        (
            HEAD,
            LONG.replace("layout: long", "layout: tall"),
            "layout is 'tall'; write long or wide",
        ),
        (HEAD, LONG.replace("license:", "licence:"), "unknown key 'licence'"),
        (HEAD, LONG.replace("https://", "CC "), "license is 'CC "),
        (HEAD, LONG.replace("%Y-%m", "%H"), "date.format has '%H'"),
        (HEAD, LONG.replace("%Y-%m", "%d %Y"), "does not tell a date"),
        (HEAD, LONG.replace("troops:", "soldiers:"), "unknown key 'soldiers'"),
        (HEAD, LONG + "counts: troops\n", "values or else kind and number"),
        (HEAD, LONG + "ignore: [x]\n", "are for wide tables"),
        (HEAD, LONG + "delimiter: ';;'\n", "delimiter has to be one character"),
        (HEAD, LONG + "encoding: utf-9\n", "encoding is 'utf-9'"),
        (HEAD, LONG.replace("Example of a long table", "1999"), "source is missing or no text"),
        (HEAD, LONG.replace("Example of a long table", "表"), "source has no letter or digit"),
        (HEAD, WIDE.replace("columns: state", "columns: year"), "columns is 'year'"),
        (HEAD, WIDE.replace("kind:", "values:"), "counts or else kind"),
        (HEAD, WIDE.replace("Troops: troops", "Troops: men and women"), "kind.means.Troops is"),
        (HEAD, WIDE.replace("state: {coded", "state: {column: s, coded"), "state.column is not"),
        (HEAD, WIDE.replace("ONUCI: unoci", "1: unoci"), "operation.also has 1, which is no text"),
        (HEAD, "- a\n", "the mapping is missing or no table"),
        (HEAD, "{", "is not YAML"),
    ],
)
def test_what_cannot_be_read_is_an_error(imported, tmp_path, table, mapping, message):
    """The message tells where it is and what to do, and no store is made."""
    with pytest.raises(InputError, match=message):
        imported(table, mapping)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mapping.yaml", "table.csv"]


def test_files_that_are_not_there_are_an_error(tmp_path):
    """Both the table and the mapping."""
    with pytest.raises(InputError, match=r"m\.yaml cannot be read: No such file"):
        personnel.import_table(FOLDER / "long.csv", tmp_path / "m.yaml", tmp_path / "store")
    with pytest.raises(InputError, match=r"t\.csv cannot be read: No such file"):
        personnel.import_table(tmp_path / "t.csv", FOLDER / "long.yaml", tmp_path / "store")
    (tmp_path / "latin.yaml").write_bytes(b"source: \xf4\n")
    with pytest.raises(InputError, match="not in UTF-8"):
        personnel.import_table(FOLDER / "long.csv", tmp_path / "latin.yaml", tmp_path / "store")


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("2004-02", "%Y-%m", ("2004-02", "gYearMonth", "2004-02-29")),
        ("2004", "%Y", ("2004", "gYear", "2004-12-31")),
        ("29.02.2004", "%d.%m.%Y", ("2004-02-29", "date", "2004-02-29")),
        ("Nov-99", "%b-%y", ("1999-11", "gYearMonth", "1999-11-30")),
    ],
)
def test_a_date_is_as_precise_as_its_style(text, style, expected):
    """A month is a month, and its last day is in the calendar."""
    when = dates.read(text, style)
    assert (when.text, when.datatype, when.last.isoformat()) == expected


# --- The store


def test_a_source_lands_once(imported, tmp_path):
    """The same source again is refused, and the store stays as it is."""
    imported(HEAD + "CHN,UNMIL,2005-03,558,,\n")
    before = numbers(tmp_path / "store")
    with pytest.raises(InputError, match="has the source 'Example of a long table' already"):
        imported(HEAD + "CHN,UNMIL,2005-04,559,,\n")
    assert numbers(tmp_path / "store") == before


def test_a_folder_of_something_else_is_left_alone(imported, tmp_path):
    """A folder with other files, and a store that pkgraph did not make, are refused untouched."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(InputError, match="is there and is no store"):
        imported(HEAD)
    assert contents(store) == {Path("letter.txt"): b"dear"}
    (store / "letter.txt").unlink()
    store.rmdir()
    foreign = ox.Store(str(store))
    foreign.add(ox.Quad(ox.NamedNode(BASE), ox.NamedNode(BASE), ox.NamedNode(BASE)))
    del foreign
    with pytest.raises(InputError, match="was not made by pkgraph"):
        imported(HEAD)
    assert len(ox.Store.read_only(str(store))) == 1


def test_a_store_in_use_is_refused(imported, tmp_path):
    """While another program writes to the store, nothing can be imported."""
    imported(HEAD + "CHN,UNMIL,2005-03,558,,\n")
    held = ox.Store(str(tmp_path / "store"))
    with pytest.raises(StoreError, match="is another program using it"):
        imported(HEAD + "CHN,UNMIL,2005-03,5,,\n", LONG.replace("a long", "another"))
    del held
    assert len(numbers(tmp_path / "store")) == 1


def test_a_failure_midway_leaves_the_store_as_it_was(imported, tmp_path, monkeypatch):
    """What was there stays, and no folder is left beside it."""
    imported(HEAD + "CHN,UNMIL,2005-03,558,,\n")
    before = numbers(tmp_path / "store")
    monkeypatch.setattr(loading, "_AT_ONCE", 1)
    rows = "".join(f"IND,UNMIL,2005-{month:02},{month},,\n" for month in range(1, 13))

    def full(_doing, count):
        if count == 7:
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left"):
        imported(HEAD + rows, LONG.replace("a long", "another"), progress=full)
    assert numbers(tmp_path / "store") == before
    beside = sorted(path.name for path in tmp_path.iterdir())
    assert beside == ["mapping.yaml", "store", "table.csv"]


def test_an_exchange_that_fails_puts_the_store_back(imported, tmp_path, monkeypatch):
    """If the new store cannot take its place, the one before does."""
    imported(HEAD + "CHN,UNMIL,2005-03,558,,\n")
    before = numbers(tmp_path / "store")
    rename = Path.rename

    def stubborn(path, target):
        if path.name == "store" and path.parent.name.startswith(".store-"):
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(OSError, match="Permission denied"):
        imported(HEAD + "CHN,UNMIL,2005-04,5,,\n", LONG.replace("a long", "another"))
    monkeypatch.undo()
    assert numbers(tmp_path / "store") == before


def test_many_sources_in_turn_keep_the_store_whole(imported, tmp_path):
    """The engine sweeps no file of the store that took the place of another."""
    for number in range(4):
        imported(f"{HEAD}CHN,UNMIL,2005-03,{number},,\n", LONG.replace("a long", f"the {number}."))
        assert len(numbers(tmp_path / "store")) == number + 1


def test_contributions_stay_in_a_store_that_personnel_is_imported_into(imported, tmp_path):
    """What was contributed, its record and its files survive the exchange of the store."""
    path = contributing.written(tmp_path, "a.ttl", contributing.CLAIM % {"n": "example-2001"})
    contribution.contribute([path], contributing.ADA, tmp_path / "store")
    assert imported(HEAD + "GHA,unmil,2004-01,100,0,0\n").landed
    (found,) = contribution.contributions(build.open_folder(tmp_path / "store")[0])
    kept = contribution.kept(tmp_path / "store", found.files[0])
    assert kept.read_bytes() == path.read_bytes()
    contributing.assert_whole(tmp_path / "store")


def test_progress_is_told_while_reading_and_writing(imported, monkeypatch):
    """Every ten thousand rows, and every batch that is written."""
    monkeypatch.setattr(loading, "_AT_ONCE", 2)
    days = (f"{year}-{month:02}" for year in (2004, 2005) for month in range(1, 13))
    rows = [f"CHN,UNMIL,{day},1,,\n" for day in days]
    told = []
    imported(HEAD + "".join(rows * 500), progress=lambda *each: told.append(each))
    assert told[0] == ("rows read", 9_999)
    assert told[1:] == [("contributions written", count) for count in range(2, 25, 2)]


# --- The command


@pytest.fixture
def command(tmp_path, capsys):
    """Return a function that runs the command on a table and gives status and what it says."""

    def run(table, *options):
        (tmp_path / "table.csv").write_text(table, "utf-8")
        where = ["--mapping", str(FOLDER / "long.yaml"), "--store", str(tmp_path / "store")]
        status = cli.main(["import", "personnel", str(tmp_path / "table.csv"), *where, *options])
        return status, capsys.readouterr().err

    return run


def test_the_command_says_what_it_did(command, tmp_path, capsys):
    """The rows read and written; the store can then be asked."""
    status, said = command(HEAD + "CHN,UNMIL,2005-03,558,,\n")
    assert status == 0
    assert said == "1 row read, 1 contribution written, 0 rows rejected.\n"
    query = ["query", "personnel-by-state", "state=China", "--data", str(tmp_path / "store")]
    assert cli.main(query) == 0
    assert "558" in capsys.readouterr().out


def test_the_command_tells_the_first_rejects(command, tmp_path):
    """Five of them, how many more there are, and what can be done."""
    table = HEAD + "CHN,UNMIL,2005-03,-1,,\n" * 7
    status, said = command(table)
    assert status == 1
    assert f"{tmp_path}/table.csv, row 2, column Troops, '-1': the number is negative" in said
    assert "… and 2 more; --rejects FILE writes them all." in said
    assert "7 rows read, 0 contributions written, 7 rows rejected." in said
    assert "import the others with --partial" in said
    status, said = command(table, "--partial")
    assert (status, said.splitlines()[-1]) == (1, "Nothing was imported; mend these rows.")


def test_what_would_act_on_a_terminal_does_not(command):
    """A table cannot clear the screen of who imports it."""
    _, said = command(HEAD + "CHN,UNMIL,2005-03,\x1b[2J,,\n")
    assert "\x1b" not in said
    assert "\ufffd[2J" in said


def test_an_interrupted_import_leaves_nothing(tmp_path):
    """Ctrl-C ends with 130, and neither a store nor a folder beside it is there."""
    program = (
        "import sys; from pkgraph import cli; from pkgraph.personnel import loading\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        "loading.Target.land = stop\n"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    where = ["--mapping", FOLDER / "long.yaml", "--store", tmp_path / "store"]
    ran = subprocess.run(
        [sys.executable, "-c", program, "import", "personnel", FOLDER / "long.csv", *where],
        check=False,
        env=os.environ,
    )
    assert (ran.returncode, list(tmp_path.iterdir())) == (130, [])


def test_a_store_is_given_alone(tmp_path):
    """Files and a folder do not go together, and a folder that is no store is told."""
    with pytest.raises(StoreError, match="cannot be opened"):
        open_graph(tmp_path)
    assert build.open_folder(build.build_store())[1] == build.open_folder(build.build_store())[1]
