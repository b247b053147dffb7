"""The project keeps its own rules: one version, layers that hold, modules of a readable size."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "pkgraph"
MODULES = sorted(SOURCE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = PROJECT["project"]["version"]

MODULE_LINES = 300
# A longer module says in its docstring that it is, and why.
EXCUSE = re.compile(r"longer than 300 lines", re.IGNORECASE)
# Workplaces and package registries are nobody's business but the machine's.
FOREIGN = re.compile(
    r"\.\./shared\b|(?<![\w/])/work/(?:main|plan|shared)\b"
    r"|\bpypi\.org\b|\bpythonhosted\.org\b|\bnpmjs\.org\b|\bmaven\.org\b|\bmaven\.apache\.org/maven2\b"
)


def in_repository(path):
    """Return *path* as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def repository_files():
    """Return the files that are, or are about to be, under version control."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = (ROOT / name.decode() for name in listing.stdout.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def test_changelog_has_the_version():
    """The newest release in the changelog is the version of the package, or nothing is released."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", changelog, re.MULTILINE)
    newest = next(name for name, _ in headings if name != "Unreleased")
    assert newest == VERSION
    assert f"\n[{VERSION}]: " in changelog


def test_citation_has_the_version_and_its_date():
    """CITATION.cff names the version of the package and the day the changelog gives for it."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert str(citation["version"]) == VERSION
    assert f"## [{VERSION}] - {citation['date-released']}\n" in changelog


def test_ontology_has_the_version():
    """The ontology's version and version IRI are those of the package."""
    ontology = ox.NamedNode("https://w3id.org/pkgraph/ontology")
    owl = "http://www.w3.org/2002/07/owl#"
    told = {
        triple.predicate.value: triple.object.value
        for triple in ox.parse(path=ROOT / "ontology/pkgraph.ttl", format=ox.RdfFormat.TURTLE)
        if triple.subject == ontology
    }
    assert told[owl + "versionInfo"] == VERSION
    assert told[owl + "versionIRI"] == f"{ontology.value}/{VERSION}"


def test_nothing_points_outside_the_repository():
    """No file names a folder beside the repository or the host of a package registry."""
    found = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # an image, or a file that is broken on purpose
            continue
        found += [f"{in_repository(path)}: {match[0]}" for match in FOREIGN.finditer(text)]
    assert found == []


def test_ignored_rules_are_argued():
    """Every rule that ruff is told to ignore has its reason beside it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.partition("[tool.ruff.lint]")[2].partition("[tool.ruff.lint.pydocstyle]")[0]
    rules = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert len(rules) == len(re.findall(r'"[A-Z]+\d*"', section)) - section.count('["ALL"]')
    assert [line for line in rules if not re.search(r"  *# \S+ \S+", line)] == []


@pytest.mark.parametrize("module", MODULES, ids=in_repository)
def test_modules_have_a_readable_size(module):
    """A module has at most 300 lines, or says in its docstring why it is longer than 300 lines."""
    text = module.read_text(encoding="utf-8")
    excuse = EXCUSE.search(ast.get_docstring(ast.parse(text)) or "")
    assert bool(excuse) == (len(text.splitlines()) > MODULE_LINES)


def test_modules_are_named_for_what_they_do():
    """No module is a drawer for what has no place."""
    drawers = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
    assert [in_repository(m) for m in MODULES if m.stem.strip("_") in drawers] == []


@pytest.fixture
def planted(tmp_path):
    """Copy the package to where it can be spoilt; return the folder of the copy."""
    shutil.copytree(SOURCE, tmp_path / "src/pkgraph", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(folder):
    """Check the contracts of the package under *folder*; return exit status and what was said."""
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_layers_hold(planted):
    """Imports point down, and pySHACL and the web stack stay where they belong."""
    status, said = lint_imports(planted)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("errors", "from pkgraph import store", "Imports point down"),
        ("store", "from pkgraph import catalogue", "Imports point down"),
        ("catalogue", "from pkgraph import graph", "Imports point down"),
        ("graph", "from pkgraph import cli", "Imports point down"),
        ("graph", "import pyshacl", "Only validation imports pySHACL"),
        ("graph", "import starlette", "Only the interfaces import the web stack"),
        ("stray", "", "Imports point down"),
    ],
)
def test_bad_imports_are_noticed(planted, module, line, broken):
    """An import that points up, or a module that no layer knows, breaks the named contract."""
    with (planted / f"src/pkgraph/{module}.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    status, said = lint_imports(planted)
    assert status == 1
    assert f"{broken} BROKEN" in said or "stray" in said


def test_markers_of_the_tests_are_used():
    """Every marker that the project declares marks a test."""
    markers = [
        text.partition(":")[0] for text in PROJECT["tool"]["pytest"]["ini_options"]["markers"]
    ]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert [marker for marker in markers if f"pytest.mark.{marker}" not in tests] == []
