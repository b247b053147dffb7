"""
Run the rules in ``ontology/rules/``, which draw what follows from the graph.

A rule is a SPARQL 1.1 CONSTRUCT query. They run in the order of their file names, follow the
ontology (superclasses, superproperties, inverses, property chains) and go beyond OWL where it
cannot say what is meant (who holds a claim). On a graph of ten thousand triples that takes some
hundredths of a second where a general OWL RL reasoner takes half a minute; the tests hold the two
against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph import resources
from pkgraph.errors import EnvironmentFailure
from pkgraph.namespaces import DERIVED_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

_RULE: Final = re.compile(
    r"(?P<head>.*\bCONSTRUCT \{ (?P<statement>[^{}]+) \}\s*)(?P<body>WHERE \{.*)\}\s*", re.DOTALL
)
DERIVED: Final = ox.NamedNode(DERIVED_GRAPH)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the name and the text of its file."""

    name: str
    text: str

    @property
    def new(self) -> str:
        """
        The rule, for what its graph does not say yet.

        Raises:
            EnvironmentFailure: It is not a rule of the one form that the others have.
        """
        found = _RULE.fullmatch(self.text)
        if not found:
            raise EnvironmentFailure(
                f"{self.name} is not a CONSTRUCT of one statement; a rule has to be one"
            )
        return f"{found['head']}{found['body']} FILTER NOT EXISTS {{ {found['statement']} }} }}"


def rules() -> list[Rule]:
    """Return the rules, in the order in which they run."""
    return [Rule(path.stem, path.read_text(encoding="utf-8")) for path in files()]


def files() -> list[Path]:
    """Return the files of the rules, in the order in which they run."""
    return resources.data_files("ontology", ".rq")


def derive(store: ox.Store) -> list[ox.Triple]:
    """
    Run the rules over the union of all graphs of *store* and return what they add.

    Each rule sees what the rules before it added, so the derived graph of *store* is emptied and
    filled on the way. What some graph asserts is not derived again.

    Args:
        store: A pyoxigraph store with the ontology and the data, open for writing.

    Returns:
        The derived triples, each once, in the order of the rules.

    Source:
        SPARQL 1.1 Query Language, CONSTRUCT: https://www.w3.org/TR/sparql11-query/#construct
    """
    store.clear_graph(DERIVED)
    derived: list[ox.Triple] = []
    for path in files():
        result = store.query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
        if not isinstance(result, ox.QueryTriples):
            raise EnvironmentFailure(f"{path.name} is not a CONSTRUCT query; a rule has to be one")
        new = [triple for triple in dict.fromkeys(result) if not _holds(store, triple)]
        store.extend(ox.Quad(t.subject, t.predicate, t.object, DERIVED) for t in new)
        derived += new
    return derived


def _holds(store: ox.Store, triple: ox.Triple) -> bool:
    quads = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return next(iter(quads), None) is not None
