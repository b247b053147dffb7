"""Tables for people: in a terminal and as Markdown."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pkgraph import tables
from pkgraph.results import Table

WORK = ox.NamedNode("https://w3id.org/pkgraph/work/durch-1997")
#: Texts of one character a column of the screen: no wide, combining or invisible ones.
TEXTS = st.text(
    alphabet=st.characters(max_codepoint=0x24F, categories=["L", "N", "P", "S", "Z", "Cc"]),
    max_size=60,
)


def literals(columns, *rows):
    """Return a table of plain texts."""
    return Table(columns, tuple(tuple(map(ox.Literal, row)) for row in rows))


@st.composite
def texts(draw):
    """Draw the names of some columns, and rows of texts under them."""
    size = draw(st.integers(min_value=0, max_value=6))
    name = st.from_regex(r"[a-z_]{1,30}", fullmatch=True)
    names = draw(st.lists(name, min_size=size, max_size=size, unique=True))
    row = st.lists(TEXTS, min_size=size, max_size=size)
    return names, draw(st.lists(row, max_size=4))


def test_a_label_stands_for_its_thing():
    """A column that a label follows is shown by the label, under the name of the thing."""
    table = Table(
        ("work", "work_label", "pages", "place"),
        ((WORK, ox.Literal("Durch 1997"), None, ox.NamedNode("https://example.org/x")),),
    )
    assert tables.cells(table) == (
        ("work", "pages", "place"),
        [("Durch 1997", "", "https://example.org/x")],
    )


def test_a_label_without_its_thing_keeps_its_name():
    """A column is only renamed where the thing is there."""
    assert tables.cells(literals(("work_label",), ["Durch"])) == (("work_label",), [("Durch",)])


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (None, ""),
        (WORK, "work:durch-1997"),
        (ox.Literal("  two\n\tlines\u00a0"), "two lines"),
        (ox.Literal("\x1b[31mred\x07"), "\ufffd[31mred\ufffd"),
        (ox.Literal("abc\u202etxt"), "abc\ufffdtxt"),
        (ox.BlankNode("b"), "_:b"),
        (ox.Triple(WORK, WORK, ox.Literal("x")), f'{WORK} {WORK} "x"'),
    ],
)
def test_terms_are_shown_on_one_line_without_what_acts_on_a_terminal(term, text):
    """White space is one space, and controls and turns of direction are shown as such."""
    assert tables.shown(term) == text


@given(texts(), st.integers(min_value=3, max_value=120))
@example((["a"], [["x" * 100]]), 10)
@example((["a_long_name_of_a_column"], [["text"]]), 10)
@example(([], [[], []]), 10)
def test_no_line_is_wider_than_the_terminal(table, width):
    """Cells, and words that are longer than a column, wrap, whatever the width."""
    names, rows = table
    lines = tables.fitted(names, rows, width).splitlines()
    assert max(map(len, lines), default=0) <= width


@given(texts(), st.integers(min_value=3, max_value=120))
def test_no_text_is_lost(table, width):
    """Whatever the layout, each letter of each cell is there."""
    names, rows = table
    shown = Counter(tables.fitted(names, rows, width))
    wanted = Counter("".join(tables._shown(cell) for row in rows for cell in row))
    del wanted[" "]
    assert wanted - shown == Counter()


def test_a_table_that_fits_stands_in_columns():
    """Names, a rule and a line for each row; no line ends in spaces."""
    table = literals(("author", "year"), ["Durch", "1997"], ["Diehl, Druckman & Wall", ""])
    assert tables.terminal(table, 80) == (
        "author                  year\n"
        "──────────────────────  ────\n"
        "Durch                   1997\n"
        "Diehl, Druckman & Wall\n"
    )


def test_rows_of_several_lines_are_set_apart():
    """Cells wrap at words in their column, and a blank line is between the rows."""
    table = literals(("claim", "year"), ["one two three four five", "1997"], ["short", "1998"])
    assert tables.terminal(table, 20) == (
        "claim           year\n"
        "──────────────  ────\n"
        "one two three   1997\n"
        "four five\n"
        "\n"
        "short           1998\n"
    )


def test_a_word_longer_than_a_column_is_broken():
    """An address without spaces does not push the table out of the terminal."""
    table = literals(("address",), ["https://example.org/" + "x" * 20])
    assert tables.terminal(table, 20).splitlines()[2:] == ["https://example.org/", "x" * 20]


def test_rows_stand_below_one_another_where_columns_are_too_many():
    """Each row is a block of names and texts, without those that are empty."""
    names = ("claim", "voice", "year", "passage", "holder", "kind")
    table = literals(
        names,
        ["one two three four five six", "", "1997", "section", "Durch", "empirical"],
        ["x", "", "", "", "", ""],
    )
    assert tables.terminal(table, 30) == (
        "claim    one two three four\n"
        "         five six\n"
        "year     1997\n"
        "passage  section\n"
        "holder   Durch\n"
        "kind     empirical\n"
        "\n"
        "claim  x\n"
    )


def test_texts_stand_below_their_names_where_these_are_long():
    """A name that leaves no room has a line of its own."""
    record = tables.record([("first_line", "one two three four five"), ("none", "")], 20)
    assert record == "first_line\n  one two three four\n  five\n"


def test_a_record_has_a_column_of_names():
    """Names stand beside their texts where there is room."""
    record = tables.record([("name", "Durch"), ("in full", "one two three four five")], 30)
    assert record == "name     Durch\nin full  one two three four\n         five\n"
    assert tables.record([], 30) == ""


def test_a_table_without_rows_has_its_names():
    """No rows leave the head of the table."""
    assert tables.terminal(literals(("a", "bc")), 80) == "a  bc\n─  ──\n"
    assert tables.markdown(literals(("a", "bc"))) == "| a | bc |\n| --- | --- |\n"


def test_a_table_without_columns_has_nothing_to_show():
    """Rows of nothing are written as nothing."""
    assert tables.terminal(Table((), ((), ())), 80).strip() == ""
    assert tables.markdown(Table((), ((), ()))) == ""


# --- Markdown


def rendered(text):
    """Return the texts of the cells of the one table that *text* is, as a page shows them."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert tokens[0].type == "table_open"
    assert tokens[-1].type == "table_close"
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            assert {child.type for child in token.children} <= {"text", "text_special"}, token
            rows[-1].append("".join(child.content for child in token.children))
    return rows


@given(texts().filter(lambda table: table[0]))
@example((["a", "b"], [["a|b", "\\|"], ["<b>*x*</b>", "&amp; &lt;"], ["~~x~~", "[a](b)"]]))
@example((["a"], [["`code`"], ["![i](j)"], ["---"], ["# x"], ["1. y"], ["<https://example.org>"]]))
def test_markdown_renders_to_the_texts(table):
    """A page that shows the table shows exactly the texts, with no marks taken for markup."""
    names, rows = table
    shown = [[tables._shown(cell) for cell in row] for row in rows]
    assert rendered(tables.markdown_texts(names, rows)) == [list(names), *shown]


def test_markdown_of_a_table_shows_labels():
    """The same columns are shown as in a terminal."""
    table = Table(("work", "work_label"), ((WORK, ox.Literal("Diehl, Druckman & Wall | 1998")),))
    assert rendered(tables.markdown(table)) == [["work"], ["Diehl, Druckman & Wall | 1998"]]
