"""What the docstrings show is what happens."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import pkgraph

# The module that runs the command when it is imported has nothing to show.
MODULES = ["pkgraph"] + [
    module.name
    for module in pkgutil.walk_packages(pkgraph.__path__, "pkgraph.")
    if module.name != "pkgraph.__main__"
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    """Every example in a docstring gives what it says."""
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_docstrings_have_examples():
    """Modules, and examples in them, are found at all."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [
        test
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
        if test.examples
    ]
    assert len(found) > 20
