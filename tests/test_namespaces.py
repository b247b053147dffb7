"""IRIs, their short forms, and the files and graphs that they name."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgraph import errors, namespaces, resources
from pkgraph.errors import EnvironmentFailure, PkgraphError

BASE = namespaces.BASE


# --- prefixes


def test_prefixes_are_those_of_the_one_table():
    """Every prefix is there, sorted, and nobody can change them."""
    table = namespaces.prefixes()
    assert list(table) == sorted(table)
    assert table["pk"] == namespaces.PK
    assert table["work"] == BASE + "work/"
    with pytest.raises(TypeError):
        table["pk"] = "urn:other"


@pytest.mark.parametrize("prefix", namespaces.prefixes())
def test_each_prefix_goes_both_ways(prefix):
    """A CURIE is expanded to the IRI that it is the short form of."""
    iri = namespaces.expand(f"{prefix}:x-1")
    assert iri == namespaces.prefixes()[prefix] + "x-1"
    assert namespaces.compact(iri) == f"{prefix}:x-1"


@pytest.mark.parametrize(
    "text", ["", "work", "work:", ":x", "nothing:x", "https://example.org/", "Work:x"]
)
def test_what_is_no_curie_is_not_expanded(text):
    """A text without a known prefix, or with nothing after it, stands for no IRI."""
    assert namespaces.expand(text) is None


@pytest.mark.parametrize(
    "iri",
    [
        BASE,
        BASE + "work/",
        BASE + "graph/works/bellamy-2004/1-1",
        BASE + "work/a b",
        BASE + "work/a.",
        BASE + "work/.a",
        BASE + "work/-a",
        BASE + "work/a%zz",
        BASE + "work/a(b)",
        "https://example.org/x",
        "urn:x",
        "",
    ],
)
def test_an_iri_that_needs_escapes_stays_as_it_is(iri):
    """What has no prefix, or no plain name after it, is not shortened."""
    assert namespaces.compact(iri) == iri


@given(st.text(min_size=1))
def test_a_short_form_can_be_pasted_into_a_query(local):
    """Whatever is shortened means the same IRI in SPARQL."""
    iri = BASE + "work/" + local
    short = namespaces.compact(iri)
    if short != iri:
        query = f"PREFIX work: <{BASE}work/> SELECT ({short} AS ?x) {{}}"
        assert [row["x"] for row in ox.Store().query(query)] == [ox.NamedNode(iri)]
        assert namespaces.expand(short) == iri


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        (BASE + "work/kaldor-1999", ("work", "kaldor-1999")),
        (BASE + "international-organization/un", ("international-organization", "un")),
        (BASE + "work/Kaldor", None),
        (BASE + "work/", None),
        (BASE + "work/kaldor-1999.ttl", None),
        (BASE + "scheme/voice/own", None),
        ("https://example.org/work/kaldor-1999", None),
        (namespaces.PK + "Claim", None),
    ],
)
def test_only_a_thing_has_an_address(iri, address):
    """A thing has a segment and a slug, and whatever else there is has none."""
    assert namespaces.thing_address(iri) == address


# --- data folders


def test_the_folders_of_a_checkout_are_found():
    """Each folder of data is at the root of the checkout, with its files in order."""
    root = Path(__file__).parent.parent
    for name in ("ontology", "graph", "shapes", "queries"):
        assert resources.folder(name) == root / name
    files = resources.data_files("graph", ".ttl")
    assert files == sorted(files, key=lambda path: path.relative_to(root / "graph").parts)
    assert all(path.suffix == ".ttl" for path in files)


def test_a_broken_installation_is_told(monkeypatch, tmp_path):
    """A missing folder is named, with the places where it should be."""
    monkeypatch.setattr(resources, "_ROOTS", (tmp_path / "data", tmp_path))
    resources.folder.cache_clear()
    with pytest.raises(
        EnvironmentFailure, match=f"'graph' .* {tmp_path}/data, {tmp_path}; install"
    ):
        resources.folder("graph")
    (tmp_path / "graph").mkdir()
    assert resources.folder("graph") == tmp_path / "graph"
    resources.folder.cache_clear()


def test_each_file_has_its_graph(tmp_path):
    """The graph of a file is named by what it is, that of a file from elsewhere by where it is."""
    ontology, shapes = resources.folder("ontology"), resources.folder("shapes")
    assert resources.graph_name(resources.folder("graph") / "a" / "b.c.ttl") == BASE + "graph/a/b.c"
    assert resources.graph_name(ontology / "schemes" / "voice.ttl") == BASE + "scheme/voice"
    assert resources.graph_name(ontology / "norms.ttl") == BASE + "ontology"
    assert resources.graph_name(shapes / "claims.ttl") == BASE + "shapes"
    path = tmp_path / "mine é.ttl"
    assert resources.graph_name(path) == path.as_uri()
    assert ox.NamedNode(resources.graph_name(path))


def test_a_relative_path_has_the_graph_of_the_file(monkeypatch):
    """It does not matter from where a file is named."""
    monkeypatch.chdir(resources.folder("graph"))
    assert resources.graph_name(Path("people.ttl")) == BASE + "graph/people"


# --- errors


def subclasses(error):
    """Yield all errors below one."""
    for child in error.__subclasses__():
        if child.__module__ == "pkgraph.errors":
            yield child
            yield from subclasses(child)


def test_every_error_is_in_the_one_tree():
    """Each error that the module defines is a PkgraphError, and drawn in its docstring."""
    defined = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, BaseException)
    }
    assert defined == {PkgraphError, *subclasses(PkgraphError)}
    for error in defined:
        assert error.__name__ in errors.__doc__


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotFoundError, 1),
        (errors.UsageError, 2),
        (errors.EnvironmentFailure, 3),
        (PkgraphError, 3),
    ],
)
def test_errors_end_a_command_with_the_code_of_their_branch(error, code):
    """Whatever is below an error ends a command in the same way."""
    assert error.exit_code == code
    if error is not PkgraphError:
        assert {child.exit_code for child in subclasses(error)} <= {code}


def test_errors_carry_what_they_are_about():
    """Names and candidates are there for programs, as the message is for people."""
    assert errors.NotFoundError("x", ["a"]).nearest == ("a",)
    assert errors.NotFoundError("x").nearest == ()
    assert errors.UnknownQueryError("x", iter("ab")).nearest == ("a", "b")
    assert errors.AmbiguousNameError("x", ["a", "b"]).candidates == ("a", "b")
    broken = errors.TurtleSyntaxError("a dot is missing", file="a.ttl", line=3, column=7)
    assert (broken.file, broken.line, broken.column) == ("a.ttl", 3, 7)
    assert str(broken) == "a.ttl, line 3, column 7: a dot is missing"
    assert str(errors.TurtleSyntaxError("it is empty")) == "it is empty"
    assert str(errors.QuerySyntaxError("no", 1)) == "line 1: no"
