"""What holds of the authority file of operations and states."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import pytest

import pkgraph
from pkgraph.results import Table

if TYPE_CHECKING:
    from pkgraph.graph import Graph

_PREFIXES: Final = """
PREFIX code-list: <https://w3id.org/pkgraph/code-list/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/pkgraph/graph/>
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX work: <https://w3id.org/pkgraph/work/>
"""
_GRAPHS: Final = "https://w3id.org/pkgraph/graph/operations/"
_CODE: Final = "pk:exactCode|pk:closeCode|pk:broaderCode|pk:narrowerCode"

#: Codes that were read in the data sets themselves: list, code, operation, how it fits.
READ_IN_THE_LISTS: Final = (
    ("unpmm", "127", "unef-1", "exact"),
    ("tppkm", "128", "onuc", "exact"),
    ("dpo", "14", "unosom-2", "exact"),
    ("dpo", "16", "unosom-2", "broader"),
    ("tppkm", "64", "unprofor", "narrower"),
    ("tppkm", "76", "unprofor", "narrower"),
    ("tppkm", "85", "unprofor", "narrower"),
    ("ipi", "ONUCI", "unoci", "narrower"),
    ("pact", "UNCPSG", "unpsg", "exact"),
    ("dpo", "78", "unmibh", "narrower"),
    ("tppkm", "26", "interfet", "exact"),
    ("tamm", "MISCA", "misca", "exact"),
    ("geo-pko", "BINUB", "binub", "exact"),
    ("pkoc", "UNVMC", "un-verification-mission-colombia", "exact"),
    ("cow-igo", "3550", "mfo", "close"),
)


def ask(graph: Graph, text: str) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT as texts, IRIs by what follows the last slash or hash."""
    answer = graph.sparql(_PREFIXES + text)
    assert isinstance(answer, Table)
    return [
        tuple("" if term is None else term.value.rpartition("/")[2] for term in row)
        for row in answer.terms
    ]


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The shipped graph."""
    return pkgraph.open_graph()


@pytest.mark.parametrize(
    ("file", "live"),
    [("un-peacekeeping", 71), ("other-peace-operations", 162), ("un-political-missions", 68)],
)
def test_every_operation_is_there(graph: Graph, file: str, live: int) -> None:
    """Each file has the operations of its table; the one that two tables have counts once."""
    rows = ask(
        graph,
        f"SELECT DISTINCT ?o {{ GRAPH <{_GRAPHS}{file}> {{ ?o pk:leadActor|pk:host|dcterms:source "
        "?x } }",
    )
    replaced = ask(graph, "SELECT ?old ?new { ?old dcterms:isReplacedBy ?new }")
    known = ask(graph, f"SELECT DISTINCT ?o {{ GRAPH <{_GRAPHS}{file}> {{ ?o a ?class }} }}")
    assert len({*rows, *known} - {(old,) for old, _ in replaced} - {(file,)}) == live
    assert ("minuci-spm", "minuci") in replaced


def test_operations_are_described(graph: Graph) -> None:
    """Each has a region and an end, or is at work; a start too, and who leads or a note on that."""
    lacking = ask(
        graph,
        """
        SELECT ?operation {
          GRAPH ?graph { ?operation pk:region ?region }
          FILTER(
            !EXISTS { ?operation pk:startDate ?start } ||
            !(EXISTS { ?operation pk:endDate ?end } || EXISTS { ?operation pk:ongoing true }) ||
            !(EXISTS { ?operation pk:leadActor ?lead } ||
              EXISTS { ?operation skos:editorialNote ?note })
          )
        }
        """,
    )
    assert lacking == []


def test_each_un_operation_has_four_codes(graph: Graph) -> None:
    """At least four data sets are joined at every UN peacekeeping operation."""
    lists = defaultdict(set)
    for operation, code_list in ask(
        graph,
        f"SELECT ?o ?l {{ GRAPH <{_GRAPHS}un-peacekeeping> {{ ?o {_CODE} ?c }} "
        "?c pk:codeList ?l }",
    ):
        lists[operation].add(code_list)
    assert len(lists) == 71
    assert min(map(len, lists.values())) >= 4


@pytest.mark.parametrize(("code_list", "code", "operation", "match"), READ_IN_THE_LISTS)
def test_codes_that_were_read_in_the_lists(
    graph: Graph, code_list: str, code: str, operation: str, match: str
) -> None:
    """Codes looked up in the data sets lead to the operations that these mean."""
    found = ask(
        graph,
        f'SELECT ?o {{ ?c pk:code "{code}" ; pk:codeList code-list:{code_list} . '
        f"?o pk:{match}Code ?c }}",
    )
    assert (operation,) in found


def test_shared_codes_have_a_note(graph: Graph) -> None:
    """A code that leads to several operations or states says why."""
    holders = Counter(ask(graph, f"SELECT ?c {{ ?x {_CODE} ?c }}"))
    noted = set(ask(graph, "SELECT ?c { ?c pk:codeList ?l ; skos:editorialNote ?n }"))
    shared = {code for code, count in holders.items() if count > 1}
    assert shared
    assert shared - noted == set()


def test_every_fact_has_a_source(graph: Graph) -> None:
    """Facts of operations and states stand in graphs that encode a work; records name lists."""
    properties = "pk:startDate|pk:endDate|pk:legalBasis|pk:region|pk:succeededBy|pk:unMemberSince"
    sources = ask(
        graph,
        f"SELECT DISTINCT ?w {{ GRAPH ?g {{ ?o {properties} ?v . }} ?g pk:encodes ?w . "
        "{ ?o a pk:Operation } UNION { ?o a pk:State } }",
    )
    assert set(sources) == {("authority-file",), ("general-knowledge",)}
    adrift = ask(
        graph,
        f"SELECT ?g {{ GRAPH ?g {{ ?o {properties} ?v }} "
        "{ ?o a pk:Operation } UNION { ?o a pk:State } "
        "FILTER(?g != graph:derived && !EXISTS { ?g pk:encodes ?w }) }",
    )
    assert adrift == []
    # What no list says at all is general knowledge as a whole.
    unlisted = ask(
        graph,
        "SELECT ?o { GRAPH ?g { ?o pk:startDate ?d } ?g pk:encodes "
        "work:authority-file FILTER NOT EXISTS { ?o dcterms:source ?l } }",
    )
    assert unlisted == []


def test_texts_and_authority_file_are_apart() -> None:
    """Asked alone, the chapter has no date of an operation, and the authority file no claim."""
    chapter = pkgraph.open_graph(sources="bellamy-2004")
    authority = pkgraph.open_graph(sources=["authority-file", "general-knowledge"])
    dated = "SELECT ?o { ?o a pk:Operation ; pk:startDate|pk:endDate|pk:externalCode ?x }"
    claims = "SELECT ?c { ?c a pk:Claim }"
    assert ask(chapter, dated) == []
    assert ask(chapter, claims)
    assert ask(authority, dated)
    assert ask(authority, claims) == []


def test_operations_of_the_chapter_are_those_of_the_authority_file(graph: Graph) -> None:
    """The six operations that the chapter names have dates and codes in the authority file."""
    named = {"interfet", "onuc", "unamsil", "unef-1", "unitaf", "unosom-2"}
    rows = ask(
        graph,
        "SELECT DISTINCT ?o { ?claim pk:about ?o . ?o a pk:Operation . "
        "GRAPH ?g { ?o pk:startDate ?d ; pk:exactCode ?c } ?g pk:encodes work:authority-file }",
    )
    assert {operation for (operation,) in rows} == named


def test_somalia_from_the_chapter_and_from_both(graph: Graph) -> None:
    """The chapter places two operations in Somalia, the authority file more."""
    chapter = pkgraph.open_graph(sources="bellamy-2004").query(
        "operations-by-host", place="Somalia"
    )
    assert {row.operation_label for row in chapter} == {"UNITAF", "UNOSOM II"}
    both = graph.query("operations-by-host", place="place:somalia")
    found = defaultdict(set)
    for row in both:
        found[row.operation_label].add(row.source_label)
    assert {"UNOSOM I", "UNITAF", "UNOSOM II", "AMISOM", "UNSOM", "ATMIS"} <= set(found)
    assert len(found["UNITAF"]) == 2
    assert len(found["UNOSOM I"]) == 1
