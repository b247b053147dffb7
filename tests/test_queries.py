"""Every canned query: its form, and what it answers on two engines."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from golden import regenerate
from rdflib.plugins.sparql import prepareQuery

from pkgraph import catalogue, namespaces

if TYPE_CHECKING:
    from collections.abc import Iterable

# rdflib itself uses a name that it has deprecated.
pytestmark = pytest.mark.filterwarnings(r"ignore:Dataset\.:DeprecationWarning")

QUERIES = catalogue.catalogue()
OPTIONAL = [(q, p) for q in QUERIES for p in q.parameters if not p.required]
BEGINS = [(q, p) for q, p in OPTIONAL if p.begin]
XSD = namespaces.XSD

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return a store with everything that pkgraph ships."""
    return regenerate.filled_store()


@pytest.fixture(scope="module")
def shuffled(store) -> ox.Store:
    """Return a store with the same statements, filled in another order."""
    quads = sorted(store, key=str)
    random.Random(20041).shuffle(quads)  # noqa: S311  # any order but the first will do
    other = ox.Store()
    for quad in quads:
        other.add(quad)
    return other


@pytest.fixture(scope="module")
def dataset(store) -> rdflib.Dataset:
    """Return the statements of the store in rdflib."""
    return in_rdflib(store)


def in_rdflib(store: ox.Store) -> rdflib.Dataset:
    """Return the statements of a store in rdflib, with their literals as the store writes them."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=store.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


def rows(store: ox.Store, text: str) -> list[tuple]:
    """Return the rows of a query on pyoxigraph, each term by its parts."""
    result = store.query(text, use_default_graph_as_union=True)
    return [tuple(map(_parts, solution)) for solution in result]


def rdflib_rows(dataset: rdflib.Dataset, text: str) -> list[tuple]:
    """Return the rows of a query on rdflib, each term by its parts."""
    return [tuple(map(_rdflib_parts, row)) for row in dataset.query(text)]


def _parts(term: ox.NamedNode | ox.Literal | None) -> tuple[str, ...] | None:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return (term.value, term.datatype.value, term.language or "")
    return (term.value,)


def _rdflib_parts(term: rdflib.term.Node | None) -> tuple[str, ...] | None:
    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        plain = namespaces.RDF + "langString" if term.language else XSD + "string"
        return (str(term), str(term.datatype or plain), term.language or "")
    return (str(term),)


def sort_keys(query: catalogue.Query) -> list[str]:
    """Return the variables that a query sorts by, first to last."""
    return re.findall(r"\?(\w+)", query.text[query.text.rindex("ORDER BY") :])


def graph_of(*turtle: str) -> ox.Store:
    """Return a store with the ontology, made-up statements and what follows from both."""
    from pkgraph import ontology, reasoning, resources

    store = ox.Store()
    for path in ontology.files():
        graph = ox.NamedNode(resources.graph_name(path))
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=graph)
    prefixes = (resources.folder("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    for number, text in enumerate(turtle):
        graph = ox.NamedNode(f"{namespaces.GRAPH}made-up-{number}")
        store.load((prefixes + text).encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    reasoning.derive(store)
    return store


def answers(store: ox.Store, name: str, columns: Iterable[str], **values: str) -> list[tuple]:
    """Return some columns of a canned query's rows, IRIs as CURIEs, unbound ones as None."""
    query = catalogue.find(name)
    terms = {key: catalogue.plain_term(query.parameter(key), text) for key, text in values.items()}
    result = store.query(catalogue.bind(query, terms), use_default_graph_as_union=True)
    picked = [[solution[column] for column in columns] for solution in result]
    return [tuple(t and namespaces.compact(t.value) for t in row) for row in picked]


@each_query
def test_the_columns_of_the_header_are_those_of_the_projection(store, query):
    """Names and order agree, and a label follows what it labels."""
    result = store.query(query.text, use_default_graph_as_union=True)
    columns = [variable.value for variable in result.variables]
    assert columns == list(query.columns)
    for before, column in zip(["", *columns], columns, strict=False):
        if column.endswith("_label"):
            assert before == column.removesuffix("_label")


@each_query
def test_whatever_is_an_iri_has_a_label_beside_it(store, query):
    """A column with IRIs is followed by their labels, bound in the same rows."""
    columns = [*query.columns, ""]
    for row in rows(store, query.text):
        for place, term in enumerate(row):
            name = columns[place]
            if term is not None and len(term) == 1:
                assert columns[place + 1] == f"{name}_label"
            if columns[place + 1] == f"{name}_label":
                assert (term is None) == (row[place + 1] is None)


@each_query
def test_what_the_header_says_is_always_bound_is(store, query):
    """A column that the header calls always bound has a value in every row."""
    for row in rows(store, query.text):
        for (name, text), term in zip(query.columns.items(), row, strict=True):
            assert term is not None or "always bound" not in text, name


@each_query
def test_the_text_keeps_to_plain_sparql_in_one_form(query):
    """Sorted full PREFIX lines, all used; named columns; an order; nothing engines differ on."""
    body = "\n".join(line for line in query.text.split("\n") if not line.startswith("#"))
    lines = re.findall(r"^PREFIX ([\w-]+): <([^>]*)>$", body, re.MULTILINE)
    assert lines == sorted(lines)
    assert body.startswith("PREFIX ")
    assert body.count("PREFIX") == len(lines)
    rest = body[body.index("SELECT") :]
    used = set(re.findall(r"(?<![\w?$-])([a-z][\w-]*):(?=[a-zA-Z])", rest))
    assert used == {prefix for prefix, _ in lines}
    for prefix, namespace in lines:
        assert namespaces.prefixes()[prefix] == namespace
    assert "SELECT *" not in rest
    assert "ORDER BY" in rest
    assert not re.search(r"GROUP_CONCAT|SERVICE|REDUCED|concat \(", rest, re.IGNORECASE)
    assert max(map(len, query.text.split("\n"))) <= 100


@each_query
def test_two_parsers_read_the_text(query):
    """The file is a query to pyoxigraph and to rdflib as it stands."""
    ox.Store().query(query.text)
    prepareQuery(query.text)


@each_query
def test_each_parameter_has_one_row_that_lets_the_file_run(query):
    """The row of a parameter holds its example, its default, or UNDEF where it may be left out."""
    for parameter in query.parameters:
        start, end = query.rows[parameter.name]
        term = query.text[start:end].strip()
        assert query.text.count(f"VALUES ?{parameter.name} {{") == 1
        assert parameter.example
        assert parameter.description
        if parameter.required:
            assert term not in {"", "UNDEF"}
        else:
            assert term == (parameter.default or "UNDEF")


@each_query
def test_both_engines_answer_the_example_alike(store, dataset, query):
    """The rows are equal, term by term and in the same order."""
    assert rdflib_rows(dataset, query.text) == rows(store, query.text)


@each_query
def test_the_order_is_total(store, shuffled, query):
    """No two rows are equal by what they are sorted by, so the way of loading does not show."""
    found = rows(store, query.text)
    columns = list(query.columns)
    keys = [tuple(row[columns.index(key)] for key in sort_keys(query)) for row in found]
    assert len(set(keys)) == len(found)
    assert rows(shuffled, query.text) == found


@each_query
def test_the_example_answers_what_was_read_and_found_true(store, query):
    """The result is the one in tests/golden, and it is not empty."""
    golden = regenerate.golden_file(query).read_bytes().decode("utf-8")
    assert golden.count("\n") > 1
    assert regenerate.csv(store, query.text) == golden


def test_there_is_no_expected_result_without_a_query():
    """Every file in tests/golden belongs to a query."""
    expected = {regenerate.golden_file(query) for query in QUERIES}
    assert set(regenerate.GOLDEN.rglob("*.csv")) == expected


@pytest.mark.parametrize(
    ("query", "parameter"), OPTIONAL, ids=[f"{q.name}-{p.name}" for q, p in OPTIONAL]
)
def test_an_optional_parameter_narrows_the_answer(store, dataset, query, parameter):
    """With the example of an optional parameter there are fewer rows, the same on both engines."""
    value = catalogue.plain_term(parameter, parameter.example)
    required = {
        other.name: catalogue.plain_term(other, other.example)
        for other in query.parameters
        if other.required
    }
    text = catalogue.bind(query, {**required, parameter.name: value})
    found = rows(store, text)
    assert len(found) < len(rows(store, query.text))
    assert rdflib_rows(dataset, text) == found


@pytest.mark.parametrize(
    ("query", "parameter"), BEGINS, ids=[f"{q.name}-{p.name}" for q, p in BEGINS]
)
def test_where_to_begin_changes_no_answer(store, query, parameter):
    """With the pattern to begin with, whatever is asked about is answered as without, in order."""
    given = {p.name: catalogue.plain_term(p, p.example) for p in query.parameters if p.required}
    asked = [catalogue.plain_term(parameter, parameter.example)]
    for iri in parameter.class_iris:
        pattern = (None, ox.NamedNode(namespaces.RDF + "type"), ox.NamedNode(iri))
        things = sorted({q.subject for q in store.quads_for_pattern(*pattern)}, key=str)
        asked += things[:: len(things) // 100 + 1]
    answers = []
    for thing in asked:
        values = {**given, parameter.name: thing}
        answers.append(rows(store, catalogue.bind(query, values, begins=True)))
        assert answers[-1] == rows(store, catalogue.bind(query, values)), thing
    assert any(answers)


#: Two sources that disagree, for what the shipped graph has no example of yet.
DISPUTE = """
work:a a pk:Work ; rdfs:label "A 2001"@en ; pk:author person:ann .
work:b a pk:Work ; rdfs:label "B 2002"@en .
work:c a pk:Work ; rdfs:label "C 2003"@en ; pk:issuedBy organization:council .
person:ann a pk:Person ; rdfs:label "Ann"@en .
organization:council a pk:Organization ; rdfs:label "Council"@en .
passage:a-1 a pk:Passage ; rdfs:label "A 2001, section 1"@en ; pk:passageOf work:a ;
    pk:passageKind passage-kind:section ; pk:firstLine 1 ; pk:lastLine 30 .
passage:a-1-p1 a pk:Passage ; rdfs:label "A 2001, paragraph 1"@en ; pk:passageOf work:a ;
    pk:passageKind passage-kind:paragraph ; pk:partOf passage:a-1 ; pk:number 1 ;
    pk:firstLine 1 ; pk:lastLine 10 .
passage:a-1-box a pk:Passage ; rdfs:label "A 2001, box 1"@en ; pk:passageOf work:a ;
    pk:passageKind passage-kind:box ; pk:partOf passage:a-1 ; pk:firstLine 11 ; pk:lastLine 30 .
passage:a-1-box-q1 a pk:Quotation ; rdfs:label "A 2001, box 1, quotation 1"@en ;
    pk:passageOf work:a ; pk:passageKind passage-kind:quotation ; pk:partOf passage:a-1-box ;
    pk:number 1 ; pk:firstLine 12 ; pk:lastLine 14 .
proposition:trade a pk:Proposition ; rdfs:label "Trade brings peace"@en .
proposition:quiet a pk:Proposition ; rdfs:label "Quiet lasts"@en .
approach:way a pk:Approach ; rdfs:label "way"@en .
place:africa a pk:Place ; rdfs:label "Africa"@en .
place:congo a pk:Place ; rdfs:label "Congo"@en ; pk:within place:africa .
event:war a pk:Event ; rdfs:label "war"@en ; pk:eventKind event-kind:war ; pk:place place:congo ;
    pk:startDate "1998"^^xsd:gYear .
operation:onuc a pk:PeaceOperation ; rdfs:label "ONUC"@en ; pk:host place:congo ;
    pk:leadActor organization:council ; pk:startDate "1960-07"^^xsd:gYearMonth ;
    pk:succeededBy operation:monuc ; pk:exactCode code:onuc-1 ;
    pk:legalBasis legal-basis:res-143 .
operation:monuc a pk:PeaceOperation ; rdfs:label "MONUC"@en .
code:onuc-1 a pk:ExternalCode ; pk:code "7" ; pk:codeList code-list:cow .
code-list:cow a pk:CodeList ; rdfs:label "COW"@en .
legal-basis:res-143 a pk:LegalBasis ; rdfs:label "S/RES/143"@en .
personnel:onuc-ireland a pk:PersonnelContribution ; pk:toOperation operation:onuc ;
    pk:contributor state:ireland .
state:ireland a pk:State ; rdfs:label "Ireland"@en .
citation:b a pk:Attribution ; pk:holder work:b ; pk:role role:holds ; pk:signal signal:direct ;
    pk:inPassage passage:a-1-p1 ; pk:firstLine 3 ; pk:lastLine 3 .
citation:b-again a pk:Attribution ; pk:holder work:b ; pk:role role:evidence ;
    pk:signal signal:direct ; pk:inPassage passage:a-1-p1 ; pk:firstLine 3 ; pk:lastLine 3 ;
    pk:sameCitationAs citation:b .
citation:c a pk:Attribution ; pk:holder work:c ; pk:role role:holds ; pk:signal signal:direct ;
    pk:inPassage passage:a-1-box ; pk:firstLine 20 ; pk:lastLine 20 .
claim:yes a pk:Claim ; rdfs:label "yes"@en ; pk:voice voice:reported ; pk:kind kind:causal ;
    pk:about operation:onuc ; pk:affirms proposition:trade ; pk:attribution citation:b ;
    pk:occursAt occurrence:yes .
claim:no a pk:Claim ; rdfs:label "no"@en ; pk:voice voice:own ; pk:kind kind:causal ;
    pk:about concept:trade ; pk:case event:war, operation:onuc ; pk:denies proposition:trade ;
    pk:occursAt occurrence:no .
claim:nothing a pk:Claim ; rdfs:label "nothing"@en ; pk:voice voice:reported ;
    pk:kind kind:causal ; pk:about place:congo ; pk:findsNoEffectFor proposition:trade ;
    pk:affirms proposition:quiet ; pk:attribution citation:c ; pk:occursAt occurrence:nothing .
claim:flaw a pk:Claim ; rdfs:label "flaw"@en ; pk:voice voice:reported ; pk:kind kind:causal ;
    pk:about approach:way ; pk:expresses approach:way ; pk:aspect aspect:problem ;
    pk:attribution citation:b ; pk:occursAt occurrence:flaw .
occurrence:yes a pk:Occurrence ; pk:inPassage passage:a-1-p1 ; pk:firstLine 2 ; pk:lastLine 4 .
occurrence:no a pk:Occurrence ; pk:inPassage passage:a-1-p1 ; pk:firstLine 3 ; pk:lastLine 6 .
occurrence:flaw a pk:Occurrence ; pk:inPassage passage:a-1-p1 ; pk:firstLine 9 ; pk:lastLine 9 .
occurrence:nothing a pk:Occurrence ; pk:inPassage passage:a-1-box-q1 ; pk:firstLine 12 ;
    pk:lastLine 14 .
link:no-attacks-yes a pk:ArgumentLink ; pk:from claim:no ; pk:to claim:yes ;
    pk:relation relation:attacks ; pk:basis basis:explicit ; pk:madeBy work:a ;
    pk:inPassage passage:a-1-p1 ; pk:firstLine 3 ; pk:lastLine 6 .
link:yes-attacks-no a pk:ArgumentLink ; pk:from claim:yes ; pk:to claim:no ;
    pk:relation relation:attacks ; pk:basis basis:inferred ; pk:madeBy work:a ;
    pk:inPassage passage:a-1-p1 ; pk:firstLine 3 ; pk:lastLine 6 .
link:nothing-supports-no a pk:ArgumentLink ; pk:from claim:nothing ; pk:to claim:no ;
    pk:relation relation:supports ; pk:basis basis:explicit ; pk:expresses approach:way ;
    pk:inPassage passage:a-1-box ; pk:firstLine 12 ; pk:lastLine 14 .
"""


@pytest.fixture(scope="module")
def dispute() -> ox.Store:
    """Return a store with two sources that disagree."""
    return graph_of(DISPUTE)


def stated(claim: str, facts: str, line: int = 15) -> str:
    """Return a claim of the box of A with its place, and whatever else is said of it."""
    name = claim.partition(":")[2]
    return (
        f'{claim} a pk:Claim ; rdfs:label "{name}"@en ; pk:kind kind:causal ; {facts} ;\n'
        f"    pk:occursAt occurrence:{name} .\n"
        f"occurrence:{name} a pk:Occurrence ; pk:inPassage passage:a-1-box ;\n"
        f"    pk:firstLine {line} ; pk:lastLine {line} .\n"
    )


def drawn(claim: str, relation: str, target: str, basis: str = "explicit") -> str:
    """Return a link of the box of A from a claim to a target."""
    return (
        f"link:{claim[6:]}-{relation}-{target[6:]} a pk:ArgumentLink ; pk:from {claim} ;\n"
        f"    pk:to {target} ; pk:relation relation:{relation} ; pk:basis basis:{basis} ;\n"
        "    pk:madeBy work:a ; pk:inPassage passage:a-1-box ; pk:firstLine 16 ; pk:lastLine 16 .\n"
    )


def cited(citation: str, holder: str, role: str, facts: str = "") -> str:
    """Return a citation in the box of A."""
    return (
        f"{citation} a pk:Attribution ; pk:holder {holder} ; pk:role role:{role} ; {facts}\n"
        "    pk:signal signal:direct ; pk:inPassage passage:a-1-box ;\n"
        "    pk:firstLine 15 ; pk:lastLine 15 .\n"
    )


#: What the two sources list, criticize, explain and put in order.
ORDERED = "".join(
    (
        """
concept:peace a pk:Concept ; rdfs:label "peace"@en .
concept:trade a pk:Concept ; rdfs:label "trade"@en .
conception:calm a pk:Conception ; rdfs:label "calm"@en .
question:why a pk:Question ; rdfs:label "Why?"@en .
order:old a pk:Order ; rdfs:label "old order"@en .
norm:one a pk:Norm ; rdfs:label "one"@en ; pk:ofOrder order:old ; pk:number 1 .
norm:two a pk:Norm ; rdfs:label "two"@en ; pk:ofOrder order:old ; pk:number 2 .
principle:bound a pk:Principle ; rdfs:label "bound"@en ; pk:ofOrder order:old .
principle:free a pk:Principle ; rdfs:label "free"@en ; pk:ofOrder order:old .
process:growth a pk:Process ; rdfs:label "growth"@en .
phase:early a pk:Phase ; rdfs:label "early"@en ; pk:phaseOf process:growth ; pk:number 1 ;
    pk:startDate "1947"^^xsd:gYear ; pk:endDate "1967"^^xsd:gYear ;
    pk:trigger event:war, concept:trade ; pk:figure quantity:many .
phase:late a pk:Phase ; rdfs:label "late"@en ; pk:phaseOf process:growth ; pk:number 2 .
quantity:many a pk:Quantity ; rdfs:label "many"@en ; pk:value 50 ;
    pk:date "1947"^^xsd:gYear ; pk:precision precision:about .
gap:a-13 a pk:Gap ; pk:inPassage passage:a-1-box ; pk:firstLine 13 ; pk:lastLine 13 ;
    pk:reason gap-reason:heading .
""",
        cited("citation:b-pages", "work:b", "holds", 'pk:pages "7" ;'),
        cited("citation:b-source", "work:b", "source"),
        cited("citation:council", "organization:council", "holds", 'pk:hedge "usually" ;'),
        cited("citation:ann", "person:ann", "evidence"),
        # Two points against peace, the second of which is rebutted.
        stated("claim:points", "a pk:Enumeration ; pk:voice voice:own ; pk:about concept:peace"),
        stated(
            "claim:first",
            "pk:voice voice:reported ; pk:about concept:peace ; pk:memberOf claim:points ;"
            " pk:number 1 ; pk:attribution citation:b-pages, citation:council",
        ),
        stated(
            "claim:second",
            "pk:voice voice:own ; pk:about concept:peace ; pk:memberOf claim:points ;"
            " pk:number 2 ; pk:case event:war ; pk:denies proposition:quiet",
        ),
        stated("claim:reason", "pk:voice voice:own ; pk:about concept:peace", 18),
        stated("claim:deeper", "pk:voice voice:own ; pk:case operation:onuc", 17),
        stated("claim:doubt", "pk:voice voice:own ; pk:about concept:peace"),
        stated("claim:answer", "pk:voice voice:own ; pk:case operation:monuc"),
        drawn("claim:first", "attacks", "claim:yes"),
        drawn("claim:reason", "supports", "claim:first"),
        drawn("claim:deeper", "exemplifies", "claim:reason"),
        drawn("claim:doubt", "qualifies", "claim:first"),
        drawn("claim:doubt", "supports", "claim:second", "inferred"),
        drawn("claim:doubt", "attacks", "claim:second", "inferred"),
        drawn("claim:answer", "attacks", "claim:second"),
        # A list that criticizes nothing.
        stated("claim:facts", "a pk:Enumeration ; pk:voice voice:own ; pk:about concept:peace"),
        stated("claim:fact", "pk:voice voice:own ; pk:memberOf claim:facts ; pk:number 1"),
        # Who advocates calm, and what answers the question.
        stated(
            "claim:plea",
            "pk:voice voice:reported ; pk:expresses conception:calm ; pk:aspect aspect:role ;"
            " pk:about conception:calm, process:growth, concept:peace ; pk:answers question:why ;"
            " pk:attribution citation:council, citation:b-source, citation:ann",
        ),
        stated(
            "claim:weakness",
            "pk:voice voice:reported ; pk:expresses conception:calm ; pk:aspect aspect:problem ;"
            " pk:about conception:calm ; pk:attribution citation:council",
        ),
        stated(
            "claim:reply",
            "pk:voice voice:own ; pk:answers question:why ; pk:attribution citation:b-source",
        ),
        stated(
            "claim:rumour",
            "pk:voice voice:reported ; pk:answers question:why ; pk:expresses approach:way",
        ),
        # Explanations, two of them counted under an account.
        stated("claim:sorts", "a pk:Enumeration ; pk:voice voice:own ; pk:about concept:trade"),
        stated(
            "claim:account",
            "a pk:Explanation ; pk:voice voice:own ; pk:explains concept:peace ;"
            " pk:memberOf claim:sorts ; pk:number 1 ; pk:mechanism concept:trade",
        ),
        stated(
            "claim:detail",
            "a pk:Explanation ; pk:voice voice:reported ; pk:explains concept:peace ;"
            " pk:attribution citation:b-pages",
        ),
        stated("claim:hunch", "a pk:Explanation ; pk:voice voice:own ; pk:explains concept:peace"),
        drawn("claim:detail", "elaborates", "claim:account"),
        drawn("claim:hunch", "elaborates", "claim:account", "inferred"),
        # Two norms in a list, and a list of what the first is like.
        stated("claim:norms", "a pk:Enumeration ; pk:voice voice:own ; pk:about order:old"),
        stated(
            "claim:norm-one",
            "pk:voice voice:reported ; pk:about norm:one ; pk:memberOf claim:norms ;"
            " pk:number 1 ; pk:attribution citation:b-pages",
        ),
        stated(
            "claim:norm-two",
            "pk:voice voice:own ; pk:about norm:two ; pk:memberOf claim:norms ; pk:number 2",
        ),
        stated("claim:marks", "a pk:Enumeration ; pk:voice voice:own ; pk:about norm:one"),
        stated(
            "claim:mark",
            "pk:voice voice:own ; pk:about norm:one ; pk:memberOf claim:marks ; pk:number 1",
        ),
        stated("claim:freedom", "pk:voice voice:own ; pk:about principle:free"),
        stated("claim:bond", "pk:voice voice:own ; pk:about principle:bound, order:old"),
        stated("claim:aside", "pk:voice voice:own ; pk:about principle:bound"),
    )
)


@pytest.fixture(scope="module")
def ordered() -> ox.Store:
    """Return a store with two sources that list, criticize, explain and order."""
    return graph_of(DISPUTE, ORDERED)


@pytest.fixture(scope="module")
def ordered_in_rdflib(ordered) -> rdflib.Dataset:
    """Return the same statements in rdflib."""
    return in_rdflib(ordered)


#: Something of the made-up sources for each required parameter.
ASKED = {
    "approach": "approach:way",
    "claim": "claim:nothing",
    "concept": "concept:trade",
    "conception": "conception:calm",
    "operation": "operation:onuc",
    "order": "order:old",
    "passage": "passage:a-1",
    "person": "person:ann",
    "phenomenon": "concept:peace",
    "place": "place:africa",
    "process": "process:growth",
    "question": "question:why",
    "state": "state:ireland",
    "target": "proposition:trade",
    "thing": "operation:onuc",
    "typology": "claim:no",
    "voice": "reported",
    "work": "work:b",
}


@each_query
def test_both_engines_agree_on_made_up_sources(ordered, ordered_in_rdflib, query):
    """What the shipped graph does not have yet gives equal rows on both engines, too."""
    values = {
        parameter.name: catalogue.plain_term(parameter, ASKED[parameter.name])
        for parameter in query.parameters
        if parameter.required
    }
    text = catalogue.bind(query, values)
    assert rdflib_rows(ordered_in_rdflib, text) == rows(ordered, text)


def test_a_proposition_is_attacked_by_what_claims_say_of_it(dispute):
    """A denial and a finding of no effect are told apart, and neither has a maker or a basis."""
    columns = ["claim", "how", "made_by", "basis", "holder"]
    assert answers(dispute, "attacks-on", columns, target="proposition:trade") == [
        ("claim:nothing", "no effect found", None, None, "work:c"),
        ("claim:no", "denial", None, None, "work:a"),
    ]
    assert not answers(dispute, "attacks-on", columns, target="proposition:trade", basis="explicit")


def test_only_an_attack_that_a_text_draws_answers_an_attack(dispute):
    """What only an analyst sees leaves an attack unanswered, and so does support."""
    found = answers(dispute, "unanswered-attacks", ["attack", "target"])
    assert found == [("claim:no", "claim:yes")]


def test_a_chain_does_not_come_back_to_where_it_began(dispute):
    """Two claims that attack each other make chains of one and two links, not of three."""
    columns = ["step1", "step2", "step3", "attacks"]
    assert answers(dispute, "argument-chain", columns, claim="claim:yes") == [
        ("claim:no", None, None, "1")
    ]
    assert answers(dispute, "argument-chain", columns, claim="claim:nothing") == [
        ("claim:no", "claim:yes", None, "1")
    ]


def test_a_finding_of_no_effect_is_no_denial(dispute):
    """A disagreement needs a claim that affirms and one that denies; each is counted once."""
    columns = ["proposition", "affirms", "narrows", "denies", "sources"]
    assert answers(dispute, "disagreements", columns) == [("proposition:trade", "1", "0", "1", "1")]


def test_counter_examples_to_a_proposition_are_the_cases_of_its_denials(dispute):
    """An event has its place and date as an operation has its host and start."""
    columns = ["case", "case_kind", "place", "date", "made_by"]
    assert answers(dispute, "counter-examples-to", columns, target="proposition:trade") == [
        ("operation:onuc", "pk:PeaceOperation", "place:congo", "1960-07", "work:a"),
        ("event:war", "pk:Event", "place:congo", "1998", "work:a"),
    ]


def test_a_step_that_nobody_makes_puts_no_work_on_a_side(dispute):
    """The link from C's claim to the denial is the approach's, so C is not against trade."""
    assert not answers(dispute, "both-sides-works", ["work"])
    made = DISPUTE.replace(
        "pk:expresses approach:way ;\n    pk:inP", "pk:madeBy work:c ;\n    pk:inP"
    )
    other = """
claim:yes-but a pk:Claim ; rdfs:label "yes, but"@en ; pk:voice voice:reported ;
    pk:kind kind:causal ; pk:about concept:trade ; pk:narrows proposition:trade ;
    pk:attribution citation:c ; pk:occursAt occurrence:nothing .
"""
    columns = ["work", "side", "relation", "claim", "through"]
    assert answers(graph_of(made, other), "both-sides-works", columns) == [
        ("work:c", "against", "pk:denies", "claim:nothing", "claim:no"),
        ("work:c", "for", "pk:narrows", "claim:yes-but", None),
    ]


def test_one_claim_that_bears_on_both_sides_puts_no_work_on_both():
    """C's one claim narrows the proposition and supports its denial, which is one position."""
    store = graph_of(
        DISPUTE.replace(
            "pk:expresses approach:way ;\n    pk:inP", "pk:madeBy work:c ;\n    pk:inP"
        ).replace("pk:affirms proposition:quiet", "pk:narrows proposition:trade")
    )
    assert not answers(store, "both-sides-works", ["work"])


def test_a_citation_in_two_roles_is_counted_once_among_works_in_several_arguments(dispute):
    """B is cited once in print, for two claims."""
    found = answers(
        dispute, "works-in-several-arguments", ["work", "argument", "arguments", "citations"]
    )
    assert found == [
        ("work:b", "claim:flaw", "2", "1"),
        ("work:b", "claim:yes", "2", "1"),
    ]


def test_the_dossier_of_an_operation_has_every_fact_with_its_source(dispute):
    """Codes come with their list, relatives from both ends, claims with their authors."""
    columns = ["aspect", "value_label", "scheme", "claim", "author"]
    assert answers(dispute, "operation-dossier", columns, operation="operation:onuc") == [
        ("about", None, None, "claim:yes", None),
        ("case", None, None, "claim:no", "person:ann"),
        ("case against", "no", None, "claim:yes", None),
        ("code", "7", "code-list:cow", None, None),
        ("contributor", "Ireland", None, None, None),
        ("host", "Congo", None, None, None),
        ("lead", "Council", None, None, None),
        ("legal basis", "S/RES/143", None, None, None),
        ("start", "1960-07", None, None, None),
        ("successor", "MONUC", None, None, None),
    ]
    assert answers(dispute, "operation-dossier", columns[:2], operation="operation:monuc") == [
        ("predecessor", "ONUC")
    ]


def test_a_larger_place_has_what_the_places_within_it_have(dispute):
    """Operations, events and claims of a place are those of the place around it, too."""
    columns = ["role", "thing", "claim"]
    expected = [
        ("host", "operation:onuc", "claim:no"),
        ("host", "operation:onuc", "claim:yes"),
        ("scene", "event:war", "claim:no"),
        ("subject", "place:congo", "claim:nothing"),
    ]
    assert answers(dispute, "place-dossier", columns, place="place:congo") == expected
    assert answers(dispute, "place-dossier", columns, place="place:africa") == expected
    columns = ["operation", "start", "lead", "claim"]
    assert answers(dispute, "operations-by-host", columns, place="place:africa") == [
        ("operation:onuc", "1960-07", "organization:council", "claim:no"),
        ("operation:onuc", "1960-07", "organization:council", "claim:yes"),
    ]


def test_a_work_without_an_author_is_there_until_an_author_is_asked_for(dispute):
    """Whoever issued a work counts as its author; a work of nobody has none."""
    columns = ["author", "work", "claim", "relation", "operation"]
    against = ("pk:caseAgainst", "operation:onuc")
    assert answers(dispute, "authors-arguments-missions", columns) == [
        (None, "work:b", "claim:yes", "pk:about", "operation:onuc"),
        (None, "work:b", "claim:yes", *against),
        ("person:ann", "work:a", "claim:no", "pk:case", "operation:onuc"),
    ]
    found = answers(dispute, "authors-arguments-missions", columns, author="person:ann")
    assert found == [("person:ann", "work:a", "claim:no", "pk:case", "operation:onuc")]


def test_a_claim_that_expresses_a_problem_makes_nobody_an_adherent(dispute):
    """The aspect of an expressing claim decides where the profile has it."""
    columns = ["aspect", "claim", "work", "relation"]
    assert answers(dispute, "approach-profile", columns, approach="approach:way") == [
        ("problem", "claim:flaw", "work:b", "pk:expresses")
    ]


def test_a_passage_holds_what_its_parts_hold(dispute):
    """A quotation in a box is told apart from other passages, and its claim is in the box."""
    columns = ["item", "item_kind", "number"]
    assert answers(dispute, "passage-contents", columns, passage="passage:a-1-box") == [
        ("claim:nothing", "claim", None),
        ("passage:a-1-box-q1", "quotation", "1"),
        ("citation:c", "citation", None),
    ]


def test_lines_are_covered_once_however_many_claims_cover_them(dispute):
    """Overlapping claims, claims in parts and citations in two roles are not counted twice."""
    columns = ["passage", "lines", "citations", "claims", "links", "uncovered_lines"]
    assert answers(dispute, "coverage", columns) == [
        ("passage:a-1-p1", "10", "1", "3", "2", "4"),
        ("passage:a-1-box", "20", "1", "1", "1", "17"),
    ]


def test_a_work_is_new_where_a_source_first_cites_it():
    """B is cited in both passages but new in the first; only works with a year are dated."""
    years = """
work:b pk:year "2002"^^xsd:gYear .
citation:b-later a pk:Attribution ; pk:holder work:b ; pk:role role:source ;
    pk:signal signal:see ; pk:inPassage passage:a-1-box ; pk:firstLine 21 ; pk:lastLine 21 .
"""
    columns = ["passage", "citations", "entities", "dated_citations", "new_works"]
    assert answers(graph_of(DISPUTE, years), "coverage", columns) == [
        ("passage:a-1-p1", "1", "4", "1", "1"),
        ("passage:a-1-box", "2", "1", "1", "0"),
    ]


def test_lines_without_a_claim_have_their_reason(ordered):
    """A gap of a part is one of the whole; other passages do not have it."""
    columns = ["passage", "first_line", "last_line", "reason", "source"]
    expected = [("passage:a-1-box", "13", "13", "gap-reason:heading", "work:a")]
    assert answers(ordered, "uncovered-lines", columns, passage="passage:a-1") == expected
    assert not answers(ordered, "uncovered-lines", columns, passage="passage:a-1-p1")
    assert not answers(ordered, "uncovered-lines", columns, source="work:b")


def test_criticisms_of_a_concept_are_the_points_of_a_list_that_criticizes(ordered):
    """Each row tells one thing; what qualifies or is only inferred argues for nothing."""
    columns = ["number", "criticism", "work", "pages", "group", "sub_argument", "sub_work"]
    found = answers(ordered, "criticisms-of", columns, target="concept:peace")
    assert [row for row in found if any(row[2:])] == [
        ("1", "claim:first", None, None, "organization:council", None, None),
        ("1", "claim:first", "work:b", "7", None, None, None),
        ("1", "claim:first", None, None, None, "claim:deeper", "work:a"),
        ("1", "claim:first", None, None, None, "claim:deeper", None),
        ("1", "claim:first", None, None, None, "claim:reason", "work:a"),
        ("2", "claim:second", "work:a", None, None, None, None),
    ]
    columns = ["number", "sub_argument", "case", "aimed_at", "basis", "rebuttal"]
    found = answers(ordered, "criticisms-of", columns, target="concept:peace")
    assert [row for row in found if any(row[2:])] == [
        ("1", "claim:deeper", "operation:onuc", None, None, None),
        ("1", None, None, "claim:yes", "basis:explicit", None),
        ("2", None, "event:war", None, None, None),
        ("2", None, None, "proposition:quiet", None, None),
        ("2", None, "operation:monuc", None, None, "claim:answer"),
    ]


def test_criticisms_of_a_claim_or_proposition_attack_or_deny_it(ordered):
    """A claim that stands in a list has its number also where another target is asked for."""
    columns = ["number", "criticism", "aimed_at"]
    found = answers(ordered, "criticisms-of", columns, target="claim:yes")
    assert {row[:2] for row in found} == {("1", "claim:first"), (None, "claim:no")}
    found = answers(ordered, "criticisms-of", columns, target="proposition:quiet")
    assert {row[:2] for row in found} == {("2", "claim:second")}


def test_only_an_actor_that_holds_a_claim_advocates_a_conception(ordered):
    """Evidence, works and problems make no advocate; the word that limits it is kept."""
    columns = ["actor", "hedge", "source_work", "role", "claim"]
    expected = [("organization:council", "usually", "work:b", "role:source", "claim:plea")]
    asked = {"conception": "conception:calm"}
    assert answers(ordered, "advocates-of", columns, **asked) == expected
    assert answers(ordered, "advocates-of", columns, **asked, passage="passage:a-1") == expected
    assert not answers(ordered, "advocates-of", columns, **asked, passage="passage:a-1-p1")


def test_conceptions_are_compared_by_what_their_claims_are_about(ordered):
    """Steps stand for a process that has them, and a claim about nothing else has no value."""
    columns = ["attribute", "position", "number", "value"]
    assert answers(ordered, "conceptions-compared", columns) == [
        ("aspect:problem", "claim:weakness", None, None),
        ("aspect:role", "claim:plea", None, "concept:peace"),
        ("aspect:role", "claim:plea", "1", "phase:early"),
        ("aspect:role", "claim:plea", "2", "phase:late"),
    ]
    found = answers(ordered, "conceptions-compared", columns, attribute="problem")
    assert found == [("aspect:problem", "claim:weakness", None, None)]


def test_an_explanation_is_of_the_account_that_a_text_counts_it_under(ordered):
    """What only an analyst counts under an account is under none."""
    columns = ["explanation", "kind", "mechanism", "holder", "pages"]
    asked = {"phenomenon": "concept:peace"}
    account = ("claim:account", "claim:account", "concept:trade", "work:a", None)
    detail = ("claim:detail", "claim:account", None, "work:b", "7")
    assert answers(ordered, "explanations-of", columns, **asked) == [
        account,
        detail,
        ("claim:hunch", None, None, "work:a", None),
    ]
    found = answers(ordered, "explanations-of", columns, **asked, kind="claim:account")
    assert found == [account, detail]


def test_a_listed_norm_has_the_works_behind_its_place_in_the_list(ordered):
    """What no list has takes the claims that are about the order too, or else all about it."""
    columns = ["thing", "class", "number", "work", "pages", "claim"]
    norms = [
        ("norm:one", "pk:Norm", "1", "work:b", "7", "claim:norm-one"),
        ("norm:two", "pk:Norm", "2", "work:a", None, "claim:norm-two"),
    ]
    principles = [
        ("principle:bound", "pk:Principle", None, "work:a", None, "claim:bond"),
        ("principle:free", "pk:Principle", None, "work:a", None, "claim:freedom"),
    ]
    assert answers(ordered, "norms-of-order", columns, order="order:old") == norms + principles
    assert answers(ordered, "norms-of-order", columns, order="order:old", **{"class": "Norm"}) == (
        norms
    )


def test_phases_have_their_triggers_dates_and_figures(ordered):
    """A phase with two triggers has two rows; what no source says is left open."""
    columns = ["number", "phase", "trigger", "start", "end", "figure", "precision"]
    known = ("1947", "1967", "50", "precision:about")
    assert answers(ordered, "phases-of", columns, process="process:growth") == [
        ("1", "phase:early", "concept:trade", *known),
        ("1", "phase:early", "event:war", *known),
        ("2", "phase:late", None, None, None, None, None),
    ]


def test_positions_have_holders_voices_and_what_they_express(ordered):
    """What the text gives to nobody but an approach is a position, too."""
    columns = ["position", "holder", "role", "voice", "expresses"]
    calm = ("voice:reported", "conception:calm")
    assert answers(ordered, "positions-on", columns, question="question:why") == [
        ("claim:plea", "person:ann", "role:evidence", *calm),
        ("claim:plea", "organization:council", "role:holds", *calm),
        ("claim:plea", "work:b", "role:source", *calm),
        ("claim:reply", "work:a", "role:holds", "voice:own", None),
        ("claim:reply", "work:b", "role:source", "voice:own", None),
        ("claim:rumour", None, None, "voice:reported", "approach:way"),
    ]


def test_the_lines_that_no_claim_covers_are_those_that_counting_one_by_one_finds(store):
    """The query, which counts gaps, agrees with sets of line numbers."""

    def spans(pattern: str) -> list[tuple[str, range]]:
        text = f"PREFIX pk: <{namespaces.PK}> SELECT DISTINCT ?passage ?first ?last {{ {pattern} }}"
        return [
            (passage.value, range(int(first.value), int(last.value) + 1))
            for passage, first, last in store.query(text, use_default_graph_as_union=True)
        ]

    covered: dict[str, set[int]] = {}
    for passage, lines in spans(
        "?o a pk:Occurrence ; pk:firstLine ?first ; pk:lastLine ?last ; "
        "pk:inPassage/pk:partOf* ?passage"
    ):
        covered.setdefault(passage, set()).update(lines)
    expected = {
        passage: len(set(lines) - covered.get(passage, set()))
        for passage, lines in spans(
            "?passage a pk:Passage ; pk:firstLine ?first ; pk:lastLine ?last"
        )
    }
    found = answers(store, "coverage", ["passage", "uncovered_lines"])
    assert len(found) > 1
    for curie, uncovered in found:
        assert expected[namespaces.expand(curie)] == int(uncovered), curie
