"""The table of THREAT_MODEL.md: each row names guards and tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
#: The kinds of threats, as STRIDE has them.
KINDS = {"spoofing", "tampering", "repudiation", "disclosure", "denial", "elevation"}


class Row(NamedTuple):
    """A row of the table."""

    number: int
    kind: str
    threat: str
    promise: str
    guards: tuple[str, ...]
    tests: tuple[str, ...]


@cache
def rows():
    """Return the rows of the table, read from the text."""
    text = (ROOT / "THREAT_MODEL.md").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if re.match(r"\| \d", line):
            cells = [each.strip() for each in line.strip("|").split("|")]
            number, kind, threat, promise, guards, tests = cells
            quoted = (tuple(re.findall("`([^`]+)`", each)) for each in (guards, tests))
            found.append(Row(int(number), kind, threat, promise, *quoted))
    return found


@cache
def names_in(name):
    """Return the names of the tests in a file, without running it."""
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {each.name for each in tree.body if isinstance(each, kinds)}


def test_the_model_has_rows_that_are_numbered():
    """They can be referred to, and there are enough of them to be about more than one thing."""
    assert [row.number for row in rows()] == list(range(1, len(rows()) + 1))
    assert len(rows()) >= 30
    assert {row.kind for row in rows()} == KINDS
    assert len({row.threat for row in rows()}) == len(rows())


def test_every_row_has_a_promise_a_guard_and_a_test():
    """None is without, and every name has the form of one."""
    for row in rows():
        assert row.promise, row
        assert row.guards, row
        assert row.tests, row
        for test in row.tests:
            assert re.fullmatch(r"tests/\w+\.py::test_\w+", test), test


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row.number))
def test_what_a_row_names_exists(row):
    """A module that was moved, or a test that was renamed, is noticed here."""
    for guard in row.guards:
        assert (ROOT / "src" / "pkgraph" / guard).exists(), guard
    for test in row.tests:
        file, _, name = test.partition("::")
        assert (ROOT / file).is_file(), file
        assert name in names_in(file), test


def test_no_test_that_is_named_is_switched_off():
    """A test that is skipped or expected to fail, whatever the machine, holds nothing."""
    for file in sorted({test.partition("::")[0] for row in rows() for test in row.tests}):
        named = {t.partition("::")[2] for r in rows() for t in r.tests if t.startswith(f"{file}::")}
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        for each in tree.body:
            if isinstance(each, ast.FunctionDef) and each.name in named:
                marks = " ".join(ast.unparse(mark) for mark in each.decorator_list)
                assert not re.search(r"mark\.(skip|xfail)", marks), each.name
