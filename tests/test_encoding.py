"""What holds of the encoded sources, by the rules of docs/explanation/encoding.md."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox
import pytest

from pkgraph import namespaces, ontology, reasoning, resources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
#: A subject, a property and an object, resources as compact names and literals as their text.
Statement: TypeAlias = tuple[str, str, str]

FILES: Final = tuple(resources.data_files("graph", ".ttl"))
SOURCES: Final = tuple(path for path in FILES if "works" in path.parts)
BY_KNOWLEDGE: Final = {"from-knowledge", "state-names"}
#: The authority file of operations and states, by the work that each of its files encodes.
AUTHORITY: Final = {
    path: "general-knowledge" if path.stem in BY_KNOWLEDGE else "authority-file"
    for path in FILES
    if (path.parent.name == "operations" and path.stem != "named-in-sources")
    or path.stem in {"code-lists", "legal-bases", "states", "state-names"}
}
ANALYSTS: Final = "organization:pkgraph"
CHAPTER: Final = "bellamy-2004-1"
NOTICE: Final = "meiske-ruggeri-notice"

#: Things that nothing has to point at: they make statements, or say where statements stand.
ROOTS: Final = frozenset(
    {"pk:Claim", "pk:ArgumentLink", "pk:Attribution", "pk:Gap", "pk:SourceGraph"}
)
#: Things that the authority file lists whether or not anything points at them.
LISTED: Final = ("pk:PeaceOperation", "pk:PoliticalMission", "pk:State", "pk:Place")
#: Citations that serve no claim: the credit of a photograph, and the pointer to what comes next.
CITATIONS_ALONE: Final = {
    f"citation:{NOTICE}-l9-adrian-berg",
    f"citation:{CHAPTER}-l1093-bellamy-2004-chapter-2",
}
#: What a list that sources share says of an operation: how it is called.
NAMED_ONLY: Final = {"a", "rdfs:label", "skos:altLabel", "pk:acronym"}
#: What a source that only names an operation may say of it: where it was and whose it was.
TOLD_IN_PASSING: Final = {"pk:host", "pk:leadActor"}
#: Passages that break into a paragraph or stand between two.
ASIDES: Final = {"passage-kind:box", "passage-kind:figure"}
LISTS: Final = ("pk:Motive", "pk:School", "pk:Objective", "pk:OpenQuestion", "pk:MethodProblem")


def short(node: Node) -> str:
    """Return a resource as a compact name and a literal as its text."""
    return namespaces.compact(node.value) if isinstance(node, ox.NamedNode) else str(node.value)


def slug(name: str) -> str:
    """Return what follows the prefix of a compact name."""
    return name.partition(":")[2]


class Statements:
    """What Turtle files say, asked for by subject, property and class."""

    def __init__(self, triples: list[Statement]) -> None:
        self.triples = triples
        self._objects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, predicate, value in triples:
            self._objects[subject, predicate].append(value)

    def all(self, subject: str, *path: str) -> list[str]:
        """Return the values at the end of a path of properties, sorted."""
        values = [subject]
        for step in path:
            values = [found for value in values for found in self._objects.get((value, step), ())]
        return sorted(values)

    def one(self, subject: str, *path: str) -> str:
        """Return the one value at the end of a path of properties."""
        (value,) = self.all(subject, *path)
        return value

    def lines(self, subject: str) -> range:
        """Return the lines of a passage, occurrence, citation or link."""
        first, last = self.one(subject, "pk:firstLine"), self.one(subject, "pk:lastLine")
        return range(int(first), int(last) + 1)

    def members(self, class_: str) -> list[str]:
        """Return what is of a class or of one below it; there must be something."""
        names = map(namespaces.compact, ontology.subclasses(namespaces.expand(class_) or ""))
        classes = set(names)
        found = sorted({s for s, p, o in self.triples if p == "a" and o in classes})
        assert found, f"nothing is of {class_}"
        return found

    def users(self, property_: str, value: str) -> list[str]:
        """Return the subjects that have *value* by a property, sorted."""
        return sorted(s for s, p, o in self.triples if (p, o) == (property_, value))


def read(*paths: Path) -> Statements:
    """Return what files say."""
    rdf_type = namespaces.RDF + "type"
    return Statements(
        [
            (
                short(q.subject),
                "a" if q.predicate.value == rdf_type else short(q.predicate),
                short(q.object),
            )
            for path in paths
            for q in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        ]
    )


@pytest.fixture(scope="module")
def graph() -> Statements:
    """All that the files under graph/ say."""
    return read(*FILES)


@pytest.fixture(scope="module")
def closed() -> Statements:
    """The same with what the rules derive from it."""
    store = ox.Store()
    for path in (*ontology.files(), *FILES):
        name = ox.NamedNode(resources.graph_name(path))
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=name)
    derived = [tuple(map(short, t)) for t in reasoning.derive(store)]
    return Statements([*read(*FILES).triples, *derived])


def within(inner: range, outer: range) -> bool:
    """Say whether lines lie among others and are in order."""
    return len(inner) > 0 and outer.start <= inner.start and inner.stop <= outer.stop


def prefix_of(graph: Statements, passage: str) -> str:
    """Return what the addresses of a passage's claims and citations begin with."""
    work = graph.one(passage, "pk:passageOf")
    return "-".join([slug(work), *graph.all(work, "pk:chapterNumber")])


def wholes(graph: Statements, passage: str) -> set[str]:
    """Return a passage and every passage that it is part of."""
    return {passage}.union(*(wholes(graph, w) for w in graph.all(passage, "pk:partOf")))


def numbers(graph: Statements, items: list[str]) -> list[int]:
    """Return the numbers of the items that have one, sorted."""
    return sorted(int(n) for item in items for n in graph.all(item, "pk:number"))


# --- files and addresses


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_what_it_is(path: Path) -> None:
    """Each file describes its own named graph: what it holds, under which terms, of which work."""
    said = read(path)
    header = namespaces.compact(resources.graph_name(path))
    assert said.members("pk:SourceGraph") == [header]
    assert len(said.one(header, "rdfs:label")) > 3
    assert said.one(header, "dcterms:license").startswith("https://creativecommons.org/")
    encoded = said.all(header, "pk:encodes")
    if path in AUTHORITY:
        assert encoded == [f"work:{AUTHORITY[path]}"]
    else:
        assert len(encoded) == (path in SOURCES)


def test_nothing_is_without_an_address() -> None:
    """No file under graph/ has a blank node, and comments are left to notes."""
    for path in FILES:
        nodes = {n for q in ox.parse(path=path, format=ox.RdfFormat.TURTLE) for n in q.triple}
        assert not any(isinstance(node, ox.BlankNode) for node in nodes)
        assert not re.search(r"^\s*#", path.read_text("utf-8"), re.MULTILINE)


def test_every_address_leads_to_a_description(graph: Statements) -> None:
    """What is named anywhere has a class, and all but the joints of the graph a label."""
    described = {s for s, p, _ in graph.triples if p == "a"}
    segments = tuple(
        prefix + ":"
        for prefix, space in namespaces.prefixes().items()
        if space.startswith(namespaces.BASE) and not space.startswith(namespaces.SCHEME)
    )
    ours = tuple(s for s in segments if s not in {"pk:", "pks:"})
    named = {node for s, _, o in graph.triples for node in (s, o) if node.startswith(ours)}
    named = {node for node in named if " " not in node}
    assert sorted(named - described) == []
    joints = {"occurrence", "citation", "link", "gap", "code"}
    unlabelled = {s for s in named if not graph.all(s, "rdfs:label")}
    assert {s.partition(":")[0] for s in unlabelled} == joints


def test_every_listed_thing_is_used(graph: Statements) -> None:
    """Nothing is described that no statement points at, and citations serve a claim.

    A phase is used by the process that it is a stretch of, for it points at the process itself.
    """
    used = {o for _, p, o in graph.triples if p != "a"}
    used |= {s for s, p, o in graph.triples if p == "pk:phaseOf" and o in used}
    root = {s for class_ in ROOTS for s in graph.members(class_)}
    described = {s for s, p, _ in graph.triples if p == "a"}
    authority = read(*AUTHORITY)
    root |= {s for class_ in LISTED for s in authority.members(class_)}
    assert sorted(described - root - used) == []
    assert set(graph.members("pk:Attribution")) - used == CITATIONS_ALONE


def test_things_are_described_in_one_file() -> None:
    """A thing has its class from one file only, so that there is one place to correct it."""
    places = Counter(s for path in FILES for s, p, _ in read(path).triples if p == "a")
    assert [thing for thing, count in places.items() if count > 1] == []


# --- passages and lines


def test_parts_of_a_passage_follow_one_another(graph: Statements) -> None:
    """They lie in it, do not overlap, are numbered as they stand and leave out at most headings.

    A box or figure is set by the printer where there is room: it may break into one paragraph,
    which goes on after it, or stand between two. A quotation set off from a paragraph is a part
    of it that leaves the rest to the paragraph.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    for passage in graph.members("pk:Passage"):
        for whole in graph.all(passage, "pk:partOf"):
            parts[whole].append(passage)
    quotations = set(graph.members("pk:Quotation"))
    for whole, found in parts.items():
        found.sort(key=lambda passage: graph.lines(passage).start)
        assert all(within(graph.lines(part), graph.lines(whole)) for part in found), whole
        asides = [p for p in found if ASIDES & set(graph.all(p, "pk:passageKind"))]
        quoted = [p for p in found if p in quotations]
        text = [p for p in found if p not in {*asides, *quoted}]
        for kind in (text, quoted, asides):
            for one, other in itertools.pairwise(kind):
                assert graph.lines(one).stop <= graph.lines(other).start, (one, other)
            in_order = [int(n) for part in kind for n in graph.all(part, "pk:number")]
            assert in_order == list(range(1, len(in_order) + 1)), whole
        for aside in asides:
            touched = [p for p in text if set(graph.lines(p)) & set(graph.lines(aside))]
            assert all(within(graph.lines(aside), graph.lines(p)) for p in touched), aside
        covered = {n for part in (*text, *asides) for n in graph.lines(part)}
        starts = sorted(graph.lines(p).start for p in (*text, *asides))
        if text:
            assert starts[0] - graph.lines(whole).start <= 2, whole
            bare = [n for n in graph.lines(whole) if n >= starts[0] and n not in covered]
            runs = itertools.groupby(enumerate(bare), key=lambda pair: pair[1] - pair[0])
            assert all(len(list(run)) <= 2 for _, run in runs), whole


@pytest.mark.parametrize("class_", ["pk:Occurrence", "pk:Attribution", "pk:ArgumentLink", "pk:Gap"])
def test_lines_lie_in_the_smallest_passage(class_: str, graph: Statements) -> None:
    """What stands in a text names lines of its passage, and no shorter passage holds them.

    A move may reach over several paragraphs, and then only their section holds it.
    """
    lengths = {p: len(graph.lines(p)) for p in graph.members("pk:Passage")}
    of_work: dict[str, list[str]] = defaultdict(list)
    for passage in lengths:
        of_work[graph.one(passage, "pk:passageOf")].append(passage)
    for thing in graph.members(class_):
        passage, lines = graph.one(thing, "pk:inPassage"), graph.lines(thing)
        assert within(lines, graph.lines(passage)), thing
        others = of_work[graph.one(passage, "pk:passageOf")]
        holding = [p for p in others if within(lines, graph.lines(p))]
        assert lengths[passage] == min(lengths[p] for p in holding), thing


def test_every_claim_stands_somewhere(graph: Statements) -> None:
    """Its occurrences are its own, are numbered from one and begin with the name of its source."""
    for claim in graph.members("pk:Claim"):
        places = graph.all(claim, "pk:occursAt")
        assert sorted(map(slug, places)) == [f"{slug(claim)}-{n + 1}" for n in range(len(places))]
        assert places
        for place in places:
            assert graph.users("pk:occursAt", place) == [claim]
            prefix = prefix_of(graph, graph.one(place, "pk:inPassage"))
            assert slug(claim).startswith(prefix + "-"), claim


def test_occurrences_say_another_voice_only(graph: Statements) -> None:
    """An occurrence has a voice only where it differs from that of its claim."""
    spoken = [o for o in graph.members("pk:Occurrence") if graph.all(o, "pk:voice")]
    assert spoken
    for place in spoken:
        (claim,) = graph.users("pk:occursAt", place)
        assert graph.one(place, "pk:voice") != graph.one(claim, "pk:voice")


def test_a_citation_is_named_by_its_first_line_and_its_holder(graph: Statements) -> None:
    """The address of a citation says where it stands and whom it names.

    A citation that is written twice, because its holder plays two roles, says which by its role.
    A work cited twice on one line has a second address that ends in 2.
    """
    bases: dict[str, list[str]] = defaultdict(list)
    for citation in graph.members("pk:Attribution"):
        prefix = prefix_of(graph, graph.one(citation, "pk:inPassage"))
        holder = slug(graph.one(citation, "pk:holder"))
        name = f"{prefix}-l{graph.lines(citation).start}-{holder}"
        if holder in map(slug, graph.all(citation, "pk:sameCitationAs", "pk:holder")):
            name = f"{name}-{slug(graph.one(citation, 'pk:role'))}"
        bases[name].append(slug(citation))
    for name, citations in bases.items():
        again = [f"{name}-{n}" for n in range(2, len(citations) + 1)]
        assert sorted(citations) == [name, *again]


def test_a_citation_stands_by_the_claims_that_it_serves(graph: Statements) -> None:
    """A citation stands in a paragraph of its claim; a notice names its article once for all.

    One that closes a quotation serves the sentence that leads up to it as well. Whoever is named
    where a list is announced is named for all that stands under its points.
    """
    points: dict[str, set[str]] = defaultdict(set)
    for whole in graph.members("pk:Enumeration"):
        announced = graph.all(whole, "pk:occursAt", "pk:inPassage")
        for item in graph.users("pk:memberOf", whole):
            for paragraph in graph.all(item, "pk:occursAt", "pk:inPassage"):
                points[paragraph].update(announced)
    for claim in graph.members("pk:Claim"):
        paragraphs = set(graph.all(claim, "pk:occursAt", "pk:inPassage"))
        near = paragraphs.union(*(points[p] for p in paragraphs))
        for citation in graph.all(claim, "pk:attribution"):
            named_once = graph.one(citation, "pk:holder") == "work:meiske-ruggeri"
            around = wholes(graph, graph.one(citation, "pk:inPassage"))
            assert named_once or around & near, citation


# --- claims


def test_labels_are_short_and_no_two_claims_share_one(graph: Statements) -> None:
    """A claim is told on one line of at most three hundred characters, in its own words."""
    labels = [graph.one(claim, "rdfs:label") for claim in graph.members("pk:Claim")]
    assert [label for label in labels if len(label) > 300 or label.strip(". \n") != label] == []
    assert [label for label, count in Counter(map(str.lower, labels)).items() if count > 1] == []


def test_whoever_speaks_is_said(graph: Statements) -> None:
    """The own voice needs no holder; any other has one, or an approach or conception."""
    for claim in graph.members("pk:Claim"):
        own = graph.one(claim, "pk:voice") == "voice:own"
        holding = "role:holds" in graph.all(claim, "pk:attribution", "pk:role")
        assert not (own and holding), claim
        assert own or holding or graph.all(claim, "pk:expresses"), claim


def test_a_work_that_is_only_pointed_at_holds_nothing(closed: Statements) -> None:
    """Works behind see, see also and cf. and works given as signs hold none of the claims."""
    for work in ("rikhye-et-al-1974", "richmond-2001", "weiss-1995", "durch-1994a"):
        assert closed.users("pk:holder", f"work:{work}")
        assert closed.users("pk:heldBy", f"work:{work}") == []
    assert len(closed.users("pk:heldBy", "work:goulding-1993")) == 2


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_claim_takes_less_than_forty_triples(path: Path) -> None:
    """A file with claims has so many statements for each that a person could still write it."""
    said = read(path)
    claims = {s for s, p, o in said.triples if p == "pk:voice" and s.startswith("claim:")}
    assert len(said.triples) < 40 * len(claims) or not claims


# --- links


def test_a_link_is_named_by_what_it_joins(graph: Statements) -> None:
    """Its address is made of where it starts, what it does and where it leads."""
    for link in graph.members("pk:ArgumentLink"):
        ends = (graph.one(link, end) for end in ("pk:from", "pk:relation", "pk:to"))
        assert slug(link) == "-".join(map(slug, ends))


def test_analysts_make_what_is_inferred_and_nothing_else(graph: Statements) -> None:
    """An inferred link is made by the analysts, an explicit one by the text or whom it cites."""
    links = {basis: graph.users("pk:basis", f"basis:{basis}") for basis in ("explicit", "inferred")}
    assert sorted(itertools.chain(*links.values())) == graph.members("pk:ArgumentLink")
    for link in links["inferred"]:
        assert (graph.all(link, "pk:madeBy"), graph.all(link, "pk:expresses")) == ([ANALYSTS], [])
    for link in links["explicit"]:
        assert ANALYSTS not in graph.all(link, "pk:madeBy")


def test_nobody_is_given_a_move_that_is_not_theirs(graph: Statements) -> None:
    """A link that the source does not make itself is made by a holder of the claim it starts at.

    Whoever takes over a reason that somebody else gives makes the move to what it supports.
    """
    others = 0
    for link in graph.users("pk:basis", "basis:explicit"):
        start, work = graph.one(link, "pk:from"), graph.one(link, "pk:inPassage", "pk:passageOf")
        speaking = [start]
        if graph.one(link, "pk:relation") == "relation:supports":
            speaking += graph.all(link, "pk:to")
        held = [
            citation
            for claim in speaking
            for citation in graph.all(claim, "pk:attribution")
            if graph.one(citation, "pk:role") == "role:holds"
        ]
        holders = {h for citation in held for h in graph.all(citation, "pk:holder")}
        holders |= {author for h in holders for author in graph.all(h, "pk:author")}
        made_by = set(graph.all(link, "pk:madeBy"))
        others += made_by != {work}
        assert made_by <= holders | {work}, link
        of_ends = graph.all(start, "pk:expresses") + graph.all(link, "pk:to", "pk:expresses")
        assert set(graph.all(link, "pk:expresses")) <= set(of_ends), link
    assert others


def test_a_link_is_drawn_where_one_of_its_ends_stands(graph: Statements) -> None:
    """The lines of a link meet those of the claim that makes the move, or of its target.

    The end stands in the passage of the link or in a part of it.
    """
    for link in graph.members("pk:ArgumentLink"):
        ends = graph.all(link, "pk:from", "pk:occursAt") + graph.all(link, "pk:to", "pk:occursAt")
        passage = graph.one(link, "pk:inPassage")
        standing = [e for e in ends if passage in wholes(graph, graph.one(e, "pk:inPassage"))]
        drawn = set(graph.lines(link))
        assert any(drawn & set(graph.lines(end)) for end in standing), link


# --- counts and lists


def test_an_enumeration_is_numbered_and_counted(graph: Statements) -> None:
    """Members are numbered from one, as many as are counted if, and only if, it is complete.

    A list that is told in one breath (*the only state*) has no claims for members, but cases.
    """
    for whole in graph.members("pk:Enumeration"):
        items = graph.users("pk:memberOf", whole)
        assert numbers(graph, items) == list(range(1, len(items) + 1)), whole
        items = items or graph.all(whole, "pk:case")
        assert items, whole
        if graph.all(whole, "pk:countPrecision") == ["precision:exact"]:
            count = int(graph.one(whole, "pk:statedCount"))
            complete = graph.one(whole, "pk:complete")
            assert (complete == "true") == (len(items) == count), whole


def test_a_typology_names_no_more_types_than_it_counts(graph: Statements) -> None:
    """A typology is complete if, and only if, every type that it counts is named."""
    counted = [t for t in graph.members("pk:Typology") if graph.all(t, "pk:statedCount")]
    assert len(counted) >= 5
    for typology in counted:
        count = int(graph.one(typology, "pk:statedCount"))
        named = graph.all(typology, "pk:namesType")
        assert len(named) <= count, typology
        assert (graph.one(typology, "pk:complete") == "true") == (len(named) == count), typology
        assert numbers(graph, named) in ([], list(range(1, count + 1))), typology


@pytest.mark.parametrize(
    ("class_", "owner"),
    [
        ("pk:OperationType", lambda g, item: g.users("pk:namesType", item)),
        ("pk:Component", lambda g, item: g.users("pk:component", item)),
        ("pk:Phase", lambda g, item: g.all(item, "pk:phaseOf")),
    ],
)
def test_a_numbered_thing_is_of_one_list(
    class_: str, owner: Callable[[Statements, str], list[str]], graph: Statements
) -> None:
    """Types, components and phases belong to one list each, without a number twice."""
    lists: dict[str, list[str]] = defaultdict(list)
    for item in graph.members(class_):
        (whole,) = owner(graph, item)
        lists[whole].append(item)
    for whole, items in lists.items():
        given = numbers(graph, items)
        assert given == list(range(1, len(given) + 1)), whole


# --- works, people and operations


def test_a_work_is_labelled_as_it_is_cited(graph: Statements) -> None:
    """The label of a cited work is its authors as printed and its year, or n.d. without one."""
    works = [w for w in graph.members("pk:Work") if graph.all(w, "pk:authorsPrinted")]
    for work in works:
        year = "".join(graph.all(work, "pk:year") + graph.all(work, "pk:yearSuffix")) or "n.d."
        surnames = [graph.one(p, "pk:familyName") for p in graph.all(work, "pk:author")]
        label = graph.one(work, "rdfs:label")
        printed = graph.one(work, "pk:authorsPrinted")
        assert label.endswith(f" {year}"), work
        assert all(surname in label and surname in printed for surname in surnames), work
        assert ("et al." in label) == ("et al." in printed), work


def test_one_surname_is_not_one_person(graph: Statements) -> None:
    """Works are given one author by surname only where the text shows that it is one.

    It does so where it prints the surname once for several years, so on the same line or two.
    """
    several = 0
    for person in graph.members("pk:Person"):
        works = graph.users("pk:author", person)
        if len(works) > 1 and not graph.all(person, "pk:givenName"):
            several += 1
            cited = [{graph.lines(c).start for c in graph.users("pk:holder", w)} for w in works]
            together = set.intersection(
                *({m + n for m in lines for n in (0, 1)} for lines in cited)
            )
            assert together, person
    assert several
    surnames = Counter(n for p in graph.members("pk:Person") for n in graph.all(p, "pk:familyName"))
    assert {"Diehl", "James", "Rikhye"} <= {name for name, count in surnames.items() if count > 1}


def test_sources_say_no_more_of_operations_than_they_print() -> None:
    """The chapter names operations and where they were; no dates and mandates come from outside.

    Where it tells in passing who carried one out, that stands in its own graph as well.
    """
    listed = next(path for path in FILES if path.stem == "named-in-sources")
    operations = set(read(listed).members("pk:Operation"))
    assert {p for s, p, _ in read(listed).triples if s in operations} <= NAMED_ONLY
    told = [{p for s, p, _ in read(path).triples if s in operations} for path in SOURCES]
    assert set().union(*told) == TOLD_IN_PASSING


def test_five_operations_in_four_places_speak_against_woodhouse(closed: Statements) -> None:
    """The cases count as such against the claim that their claim attacks, and hosts are places."""
    target = f"claim:{CHAPTER}-no-victory"
    cases = closed.users("pk:caseAgainst", target)
    assert len(cases) == 5
    hosts = {place for case in cases for place in closed.all(case, "pk:host")}
    assert hosts == {f"place:{name}" for name in ("congo", "somalia", "east-timor", "sierra-leone")}


# --- the notice


def in_notice(graph: Statements) -> list[str]:
    """Return the claims of the notice."""
    return [c for c in graph.members("pk:Claim") if slug(c).startswith(NOTICE)]


def test_the_lists_of_the_notice_stay_apart(graph: Statements) -> None:
    """No statement joins a motive, school, objective, question or problem to one of the others."""
    of = {thing: class_ for class_ in LISTS for thing in graph.members(class_)}
    assert Counter(of.values()) == dict(zip(LISTS, (7, 4, 4, 2, 3), strict=True))
    assert [t for t in graph.triples if t[0] in of and t[2] in of] == []
    touched = [
        {of[thing] for thing in graph.all(claim, "pk:about") if thing in of}
        for claim in in_notice(graph)
    ]
    assert max(map(len, touched)) == 1
    assert set().union(*touched) == set(LISTS)


def test_the_notice_reports_its_article(closed: Statements) -> None:
    """What the notice reports is held by the article; two facts it states itself."""
    holders = Counter(tuple(closed.all(claim, "pk:heldBy")) for claim in in_notice(closed))
    assert holders.pop(("work:meiske-ruggeri-notice",)) == 2
    assert set(holders) == {("work:meiske-ruggeri",)}


def test_the_kinds_in_the_notice_are_three_cases(graph: Statements) -> None:
    """It names three kinds of operation, all but one of those that Durch tells apart."""
    named = set(graph.all(f"claim:{NOTICE}-kinds", "pk:case"))
    types = set(graph.all(f"claim:{CHAPTER}-four-types", "pk:namesType", "pk:denotes"))
    assert (len(named), types - named) == (3, {"concept:humanitarian-intervention"})
    assert named < types


def test_gaps_of_the_notice_stay_gaps(graph: Statements) -> None:
    """The article has no year, and only one of its authors an affiliation and an office."""
    authors = graph.all("work:meiske-ruggeri", "pk:author")
    assert len(authors) == 2
    assert graph.all("work:meiske-ruggeri", "pk:year") == []
    for known in ("pk:affiliation", "pk:holdsOffice"):
        with_it = [author for author in authors if graph.all(author, known)]
        assert with_it == ["person:andrea-ruggeri"]
