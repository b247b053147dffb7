"""Argument maps: what is on them, how it is placed, and what is written of it."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from pkgraph import argumentation, open_graph, web
from pkgraph.argumentation import Direction, Frame, boxes, files, outline, png, reading, svg, text
from pkgraph.argumentation.boxes import WIDTH, WORD_HEIGHT
from pkgraph.errors import EnvironmentFailure, NotFoundError, ParameterError
from pkgraph.namespaces import BASE, PK

CLAIM = f"{BASE}claim/bellamy-2004-1-"
NO_VICTORY = f"{CLAIM}no-victory"
TYPOLOGICAL = f"{BASE}approach/typological"
DEBATE = f"{BASE}proposition/spreading-democracy-brings-peace"
CHAPTER = f"{BASE}work/bellamy-2004"
SVG = "{http://www.w3.org/2000/svg}"
BROWSER = {"Accept": "text/html"}
HOSTILE = "</title></text><script>alert(1)</script>\"'&]]> \u202e\u0001 {{ 7*7 }}"
#: Maps of every kind: where they open, and how.
MAPS = (
    (NO_VICTORY, Frame(2, Direction.BOTH)),
    (f"{CLAIM}two-kinds", Frame(3, Direction.ABOVE)),
    (TYPOLOGICAL, Frame(3)),
    (DEBATE, Frame(6)),
    (f"{BASE}conception/society-of-states", Frame(2)),
    (f"{BASE}work/kaldor-1999", Frame(1, Direction.BOTH)),
    (CHAPTER, Frame(1)),
)


class Plain:
    """Addresses that are the IRIs themselves."""

    def thing(self, iri):
        """Return the IRI."""
        return iri

    def opened(self, iri, *, both=False):
        """Return an address that tells what is opened."""
        return f"/map?{iri}{'&both' if both else ''}"

    def folded(self, iri):
        """Return an address that tells what is folded."""
        return f"/fold?{iri}"


def ask(graph, pattern):
    """Return the rows of a pattern of SPARQL as tuples of texts."""
    answer = graph.store.query(f"PREFIX pk: <{PK}> {pattern}")
    return [tuple(term.value if term else None for term in row) for row in answer.terms]


def slugs(links):
    """Return links as relation and the ends of the names of both cards."""
    return {
        (link.relation, link.source.rpartition("-1-")[2], link.target.rpartition("/")[2])
        for link in links
    }


def moves(graph):
    """Return every link of the graph: its first card, its relation and its second."""
    found = {
        (source, relation.rpartition("/")[2], target)
        for source, relation, target in ask(
            graph, "SELECT ?s ?r ?t WHERE { ?l pk:from ?s ; pk:relation ?r ; pk:to ?t }"
        )
    }
    for name, told in (
        ("affirms", "affirms"),
        ("denies", "denies"),
        ("narrows", "narrows"),
        ("findsNoEffectFor", "finds no effect for"),
        ("expresses", "expresses"),
        ("answers", "answers"),
    ):
        rows = ask(graph, f"SELECT ?s ?t WHERE {{ ?s a pk:Claim ; pk:{name} ?t }}")
        found |= {(source, told, target) for source, target in rows}
    return found


def triple(link):
    """Return a link as its cards and its relation."""
    return link.source, link.relation, link.target


def written(tmp_path, turtle):
    """Return the graph of statements about a few claims."""
    path = tmp_path / "given.ttl"
    path.write_text(
        f"@prefix pk: <{PK}> . @prefix c: <{BASE}claim/> . @prefix l: <{BASE}link/> . "
        f"@prefix p: <{BASE}passage/> . @prefix w: <{BASE}work/> . "
        f"@prefix o: <{BASE}occurrence/> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        f"@prefix relation: <{BASE}scheme/relation/> . @prefix basis: <{BASE}scheme/basis/> . "
        f"@prefix voice: <{BASE}scheme/voice/> . {turtle}",
        encoding="utf-8",
    )
    return open_graph(path)


def claim(name, label, more=""):
    """Return a claim in Turtle."""
    return f"c:{name} a pk:Claim ; pk:voice voice:own ; rdfs:label {json.dumps(label)} {more} . "


def link(source, relation, target, basis="explicit"):
    """Return a link in Turtle."""
    return (
        f"l:{source}-{relation}-{target} a pk:ArgumentLink ; pk:from c:{source} ; "
        f"pk:to c:{target} ; pk:relation relation:{relation} ; pk:basis basis:{basis} ; "
        "pk:madeBy w:one . "
    )


@pytest.fixture(scope="module", params=MAPS, ids=lambda each: each[0].rpartition("/")[2])
def found(request, graph):
    """Return one of the maps."""
    return argumentation.read(graph.store, *request.param)


@pytest.fixture(scope="module")
def site(graph):
    """Return a client of the shipped graph."""
    return TestClient(web.app(graph), headers=BROWSER, follow_redirects=False)


def test_the_claim_that_no_side_wins_is_attacked_twice(graph):
    """Lines 123 to 133: Woodhouse's claim, and the two objections that the chapter makes."""
    found = argumentation.read(graph.store, NO_VICTORY, Frame(1, Direction.BOTH))
    assert slugs(found.links) == {
        ("attacks", "took-sides", "bellamy-2004-1-no-victory"),
        ("attacks", "overlook-politics", "bellamy-2004-1-no-victory"),
        ("elaborates", "no-victory", "bellamy-2004-1-mediation"),
        ("affirms", "no-victory", "no-side-to-victory"),
        ("denies", "took-sides", "no-side-to-victory"),
    }
    attack = next(each for each in found.links if each.source == f"{CLAIM}took-sides")
    assert [maker.label for maker in attack.makers] == ["Bellamy, Williams & Griffin 2004"]
    assert outline.drawn(attack).endswith("section 1.1, paragraph 6, lines 125–128")
    opening = found.card(NO_VICTORY)
    assert opening.voice == "disputed"
    assert boxes.held(opening) == "held by Woodhouse 2000, p. 14"
    assert "reported and disputed in Bellamy" in boxes.stated(opening)


def test_the_typological_approach_is_mapped_as_it_was_read(graph):
    """Lines 59 to 142: what is said against sorting operations by type, and among the sorters."""
    found = argumentation.read(graph.store, TYPOLOGICAL, Frame(1))
    against = {
        each for each in slugs(found.links) if each[0] == "attacks" and each[2] == "typological"
    }
    read_by_hand = {"unpredictable", "generations-mislead", "self-referential", "inflexible"}
    read_by_hand |= {"classifying-conceals", "practice-self-evident"}
    assert read_by_hand <= {source for _, source, _ in against}
    generations = next(
        each
        for each in found.links
        if (each.relation, each.source) == ("attacks", f"{CLAIM}two-kinds")
    )
    assert [maker.label for maker in generations.makers] == [
        "Mackinlay & Chopra 1992",
        "Ratner 1996",
    ]
    inferred = {each.source for each in found.links if each.inferred}
    assert inferred == {f"{CLAIM}discussions-ignore-three"}
    assert boxes.held(found.card(f"{CLAIM}unpredictable")) == "held by Diehl 1994, p. 1"


def test_every_link_between_cards_is_on_the_map_and_no_other(graph, found):
    """What the map shows is what the graph has between its cards."""
    shown = {card.iri for card in found.cards}
    expected = {each for each in moves(graph) if each[0] in shown and each[2] in shown}
    assert {triple(each) for each in found.links} == expected
    assert len(shown) == len(found.cards)


def test_what_is_cut_is_counted(graph, found):
    """The links that a card tells of and those that are shown are all that the graph has."""
    every = moves(graph)
    for card in found.cards:
        below = sum(each[2] == card.iri for each in every)
        above = sum(each[0] == card.iri for each in every)
        shown = [triple(each) for each in found.links]
        cut = Counter()
        for each in card.cuts:
            cut[each.below] += each.number
        assert sum(each[2] == card.iri for each in shown) + cut[True] == below
        assert sum(each[0] == card.iri for each in shown) + cut[False] == above


def test_who_only_reports_or_proves_is_no_holder(graph):
    """A holder is cited in the role holds, or speaks in its own voice; nobody else is named so."""
    cards = argumentation.read(graph.store, CHAPTER, Frame(6, Direction.BOTH)).cards
    holds = set(
        ask(
            graph,
            "SELECT ?c ?h WHERE { ?c pk:attribution ?a . ?a pk:holder ?h ; "
            f"pk:role <{BASE}scheme/role/holds> }}",
        )
    )
    own = set(
        ask(
            graph,
            "SELECT ?c ?w WHERE { { ?c pk:voice ?v } UNION { ?c pk:occursAt/pk:voice ?v } "
            f"?c pk:statedIn ?w FILTER(?v = <{BASE}scheme/voice/own>) }}",
        )
    )
    for card in cards:
        for holder in card.holders:
            assert (card.iri, holder.iri) in holds | own
    nameless = argumentation.read(graph.store, f"{CLAIM}ingredients", Frame(0)).cards[0]
    assert (nameless.voice, nameless.holders) == ("reported", ())
    assert boxes.held(nameless) == "held by nobody who is named"


def test_a_map_of_a_work_opens_at_what_it_holds(graph):
    """The claims that Kaldor's book holds come first, and none that is only about it."""
    found = argumentation.read(graph.store, f"{BASE}work/kaldor-1999", Frame(0))
    held = {
        c for (c,) in ask(graph, f"SELECT ?c WHERE {{ ?c pk:heldBy <{BASE}work/kaldor-1999> }}")
    }
    assert {card.iri for card in found.cards} == held
    assert not any(card.root for card in found.cards)


def test_nothing_overlaps(found):
    """No card and no word lies on another, and no line goes through a card of others."""
    drawing = argumentation.place(found)
    cards = [(each.x, each.y, each.face.width, each.face.height) for each in drawing.cards]
    words = [(each.x, each.y, each.word.width, WORD_HEIGHT) for each in drawing.labels]
    for one, other in combinations(cards + words, 2):
        apart = (
            one[0] + one[2] <= other[0]
            or other[0] + other[2] <= one[0]
            or one[1] + one[3] <= other[1]
            or other[1] + other[3] <= one[1]
        )
        assert apart, (one, other)
    for x, y, width, height in cards + words:
        assert x >= 0
        assert y >= 0
        assert x + width <= drawing.width
        assert y + height <= drawing.height
    for line in drawing.lines:
        others = [
            box
            for card, box in zip(drawing.cards, cards, strict=True)
            if card.face.card.iri not in {line.link.source, line.link.target}
        ]
        for start, end in pairwise(line.points):
            for step in range(21):
                x = start[0] + (end[0] - start[0]) * step / 20
                y = start[1] + (end[1] - start[1]) * step / 20
                for left, top, width, height in others:
                    inside = left + 1 < x < left + width - 1 and top + 1 < y < top + height - 1
                    assert not inside, (line.link.source, line.link.target)


def test_a_large_map_is_full_and_says_so(graph):
    """The chapter holds more than fits: 300 cards are shown, in the order of the text."""
    found = argumentation.read(graph.store, CHAPTER, Frame(1))
    assert len(found.cards) == argumentation.MOST_CARDS
    assert found.full
    assert found.cut
    small = argumentation.read(graph.store, CHAPTER, Frame(1, most=20))
    assert [card.iri for card in small.cards] == [card.iri for card in found.cards[:20]]


def test_the_picture_has_the_links_of_the_map(found):
    """Each link is a line with the class of its relation, from one card to the other."""
    root = ET.fromstring(svg.write(argumentation.place(found), Plain()))  # noqa: S314 - our own
    numbers = {card.iri: str(number) for number, card in enumerate(found.cards, 1)}
    drawn = Counter(
        (each.get("data-from"), each.get("class").split()[1], each.get("data-to"))
        for each in root.iter(f"{SVG}g")
        if each.get("class", "").startswith("link ")
    )
    assert drawn == Counter(
        (numbers[each.source], each.relation.replace(" ", "-"), numbers[each.target])
        for each in found.links
    )
    targets = {each.get("href") for each in root.iter(f"{SVG}a")}
    assert {card.iri for card in found.cards} <= targets
    assert root.find(f"{SVG}title").text.endswith(found.about.label)
    for cut in (card for card in found.cards if any(each.below for each in card.cuts)):
        assert f"/map?{cut.iri}" in targets


def test_relations_differ_without_colour():
    """No two relations have the same head and the same pattern of line, and each has its word."""
    keys = [svg.legend(name) for name in argumentation.model.RELATIONS]
    heads = [re.search('<path d="([^"]+)"/></marker>', key)[1] for key in keys]
    kinds = [re.search(r"head \S+ (\w+)", key)[1] for key in keys]
    assert len(set(zip(heads, kinds, strict=True))) == len(keys)


def test_the_list_has_every_link_once(found):
    """Who hears the page gets each card with its own list once, and each link once."""
    entries = outline.outline(found)
    assert Counter(outline.links(entries)) == Counter(found.links)

    def own(several):
        for each in several:
            if not each.again:
                yield each.card.iri
            yield from own(each.entries)

    assert Counter(own(entries)) == Counter(card.iri for card in found.cards)


def test_a_map_of_one_card_is_a_map(graph):
    """Without levels there is the card alone, which tells what bears on it."""
    found = argumentation.read(graph.store, TYPOLOGICAL, Frame(0))
    drawing = argumentation.place(found)
    assert (len(drawing.cards), drawing.lines, drawing.labels) == (1, (), ())
    told = boxes.told(found.cards[0], below=True)
    assert told.startswith("9 attacks, 2 supports")
    assert told.endswith("more, show")


def test_what_is_folded_is_told(graph):
    """A folded card keeps its place, and what bears on it alone is gone and counted."""
    whole = argumentation.read(graph.store, DEBATE, Frame(3))
    hidden = next(link.target for link in whole.links if link.target != DEBATE)
    part = argumentation.read(graph.store, DEBATE, Frame(3, folded=(hidden,)))
    assert len(part.cards) < len(whole.cards)
    card = part.card(hidden)
    assert card.folded
    assert any(cut.below for cut in card.cuts)
    assert f"/fold?{hidden}" in svg.write(argumentation.place(part), Plain())


def test_the_same_release_gives_the_same_picture(graph):
    """In this process and in another, in which sets and dictionaries hash otherwise."""
    here = svg.write(
        argumentation.place(argumentation.read(graph.store, DEBATE, Frame(3))), Plain()
    )
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_argument_map import *; "
        "g = open_graph(); print(svg.write(argumentation.place("
        "argumentation.read(g.store, DEBATE, Frame(3))), Plain()), end='')"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
    )
    assert there.stdout.decode() == here


def test_long_labels_fit_their_cards(tmp_path):
    """300 characters without a break, 300 with, and a name of 80 stay inside, and whole."""
    long, words, name = "x" * 300, ("peace " * 50).strip(), "N" * 80
    graph = written(
        tmp_path,
        claim("a", long) + claim("b", words, "; pk:occursAt o:b") + link("b", "attacks", "a")
        + f"o:b pk:inPassage p:b ; pk:firstLine 1 ; pk:lastLine 2 . p:b pk:passageOf w:one ; "
        f'rdfs:label "{name}, section 1" . w:one a pk:Work ; rdfs:label "{name}" . ',
    )  # fmt: skip
    found = argumentation.read(graph.store, f"{BASE}claim/a")
    faces = {face.card.iri: face for box in boxes.boxes(found) for face in box.faces}
    for face in faces.values():
        for row in face.body:
            assert text.width(row, 13) <= WIDTH - 20
        for row in (*face.holders, *face.place):
            assert text.width(row, 10.5) <= WIDTH - 20
    assert "".join(faces[f"{BASE}claim/a"].body) == long
    assert " ".join(faces[f"{BASE}claim/b"].body) == words
    assert name in "".join(faces[f"{BASE}claim/b"].holders).replace("held by", "").replace(" ", "")


def test_text_is_cut_only_where_it_says_so():
    """What has no room ends with an ellipsis; letters of other scripts and marks are measured."""
    assert text.lines("one two three", 10, 42, 5) == ("one two", "three")
    assert text.lines("one two three four five", 10, 40, 2)[-1].endswith("…")
    assert text.width("é", 10) == text.width("e", 10) == text.width("e\u0301", 10)
    assert text.width("平和", 10) == 20.0
    assert text.lines("", 10, 40, 2) == ("",)


def test_hostile_labels_stay_text(tmp_path):
    """What a label says is shown and never obeyed, in the page and in every file."""
    graph = written(
        tmp_path,
        claim("a", HOSTILE) + claim("b", f"two {HOSTILE}") + link("b", "supports", "a")
        + f"w:one a pk:Work ; rdfs:label {json.dumps(HOSTILE)} . ",
    )  # fmt: skip
    client = TestClient(web.app(graph), headers=BROWSER)
    page = client.get("/map/claim/a")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    picture = client.get("/map/claim/a.svg").text
    assert [each.tag for each in ET.fromstring(picture).iter(f"{SVG}script")] == []  # noqa: S314
    assert "alert(1)" in picture
    data = client.get("/map/claim/a.json").json()
    assert {node["text"] for node in data["nodes"]} == {HOSTILE, f"two {HOSTILE}", "supports"}
    quotes = re.sub(r"\\.", "", client.get("/map/claim/a.dot").text).count('"')
    assert quotes % 2 == 0
    assert client.get("/map/claim/a.png").content.startswith(b"\x89PNG")


def test_circles_and_loops_come_to_an_end(tmp_path):
    """Claims that bear on one another, or on themselves, are drawn like others."""
    graph = written(
        tmp_path,
        claim("a", "one") + claim("b", "two") + link("a", "attacks", "b")
        + link("b", "attacks", "a") + link("b", "supports", "b", "inferred")
        + 'w:one a pk:Work ; rdfs:label "One" . ',
    )  # fmt: skip
    found = argumentation.read(graph.store, f"{BASE}claim/a", Frame(6, Direction.BOTH))
    assert len(found.links) == 3
    drawing = argumentation.place(found)
    assert len(drawing.lines) == 3
    assert {label.word.text for label in drawing.labels} == {"attacks", "supports, inferred"}
    assert Counter(outline.links(outline.outline(found))) == Counter(found.links)


def test_a_chain_of_claims_is_listed_whole(tmp_path):
    """A list that would stand too deep goes on at the end, and has every link once all the same."""
    names = [f"k{number}" for number in range(60)]
    graph = written(
        tmp_path,
        "".join(claim(each, each) for each in names)
        + "".join(link(b, "supports", a) for a, b in pairwise(names))
        + 'w:one a pk:Work ; rdfs:label "One" . '
        + "".join(f"c:{each} pk:heldBy w:one . " for each in names),
    )
    found = argumentation.read(graph.store, f"{BASE}work/one", Frame(0))
    assert len(found.links) == 59
    assert Counter(outline.links(outline.outline(found))) == Counter(found.links)
    assert TestClient(web.app(graph)).get("/map/work/one").status_code == 200


def test_a_hub_is_counted_as_far_as_it_is_read(tmp_path, monkeypatch):
    """A thing with more links than are read says that there are more."""
    monkeypatch.setattr(argumentation.links, "MOST_ROWS", 5)
    graph = written(
        tmp_path,
        claim("a", "hub")
        + "".join(claim(f"b{n}", f"claim {n}") + link(f"b{n}", "attacks", "a") for n in range(9)),
    )
    found = argumentation.read(graph.store, f"{BASE}claim/a", Frame(1))
    assert found.uncounted
    assert len(found.links) == 5
    page = TestClient(web.app(graph)).get("/map/claim/a").text
    assert "more links than were counted" in page


@pytest.mark.parametrize(
    ("iri", "wrong"),
    [
        (f"{BASE}operation/onuc", "no map opens at it"),
        (f"{BASE}claim/bellamy-2004-1-no-victori", "no such thing"),
    ],
)
def test_a_map_opens_only_at_what_is_argued_about(graph, iri, wrong):
    """What has no arguments is refused by name, and what is misspelt is suggested."""
    with pytest.raises(NotFoundError, match=wrong) as caught:
        argumentation.read(graph.store, iri)
    assert (NO_VICTORY in caught.value.nearest) == ("victori" in iri)


def test_a_frame_has_limits():
    """Depth, size and folds are bounded where they are asked for."""
    for wrong in ({"depth": 7}, {"depth": -1}, {"most": 0}, {"most": 301}):
        with pytest.raises(ParameterError):
            Frame(**wrong)
    with pytest.raises(ParameterError, match="folded"):
        Frame(folded=tuple(map(str, range(reading.MOST_FOLDED + 1))))


def test_the_page_has_the_picture_the_list_and_the_files(site):
    """A page shows the map twice, says what is left out, and leads to the files."""
    response = site.get("/map/approach/typological?depth=1&direction=both")
    assert response.status_code == 200
    page = response.text
    assert page.count("<svg") > 1
    assert "The same as a list" in page
    assert "links to what is not on the map" in page
    for name in ("svg", "png", "dot", "json", "ttl"):
        assert f"/map/approach/typological.{name}?depth=1&amp;direction=both" in page
    assert 'style="' not in page
    again = site.get(
        "/map/approach/typological?depth=1&direction=both",
        headers={"If-None-Match": response.headers["etag"]},
    )
    assert again.status_code == 304


def test_a_page_about_a_claim_leads_to_its_map(site):
    """So does one about whatever else a map opens at, and no other."""
    for path, card in (
        ("claim/bellamy-2004-1-no-victory", "#start"),
        ("approach/typological", "#start"),
        ("work/kaldor-1999", ""),  # which opens at all of its claims
    ):
        address = f"/map/{path}{card}"
        assert f'href="{address}"' in site.get(f"/{path}.html").text
        assert site.get(address).status_code == 200
    assert "/map/" not in site.get("/operation/onuc.html").text


def test_the_files_say_what_the_map_says(site, graph):
    """Each form has the links of the map, and says how to cite it or what it is."""
    found = argumentation.read(graph.store, NO_VICTORY)
    data = site.get("/map/claim/bellamy-2004-1-no-victory.json").json()
    schemes = [node for node in data["nodes"] if node["type"] != "I"]
    assert [node["scheme"] for node in schemes] == [link.relation for link in found.links]
    assert len(data["edges"]) == 2 * len(found.links)
    assert graph.release in data["citation"]
    dot = site.get("/map/claim/bellamy-2004-1-no-victory.dot").text
    assert dot == files.dot(found)
    assert dot.count(" -> ") == len(found.links)
    turtle = site.get("/map/claim/bellamy-2004-1-no-victory.ttl").text
    for each in found.links:
        assert each.iri.rpartition("/")[2] in turtle
    picture = site.get("/map/claim/bellamy-2004-1-no-victory.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "var(" not in picture.text
    assert f"graph {graph.release}" in picture.text
    assert f"{BASE}claim/bellamy-2004-1-took-sides" in picture.text


def listed(page):
    """Return the list of the page of a map, and the page without its pictures."""
    found = page.partition('class="map-list">')[2].partition("</section>")[0]
    return found, re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_a_list_of_three_hundred_cards_is_small_and_tells_all(site, graph):
    """At most 100 KiB before pictures; each label is whole, each claim has holder and place."""
    found = argumentation.read(graph.store, CHAPTER, Frame(2))
    assert len(found.cards) == 300
    list_, page = listed(site.get("/map/work/bellamy-2004").text)
    assert len(page.encode()) <= 100 * 1024
    text_ = html.unescape(re.sub(r"<[^>]+>", "", list_))
    assert "Places are in Bellamy, Williams & Griffin 2004 where no other work is named." in text_
    for card in found.cards:
        assert card.label in text_
    rows = {
        html.unescape(label): html.unescape(about)
        for label, about in re.findall(r'<a href="/[^"]+">([^<]*)</a>\s*<p>([^<]*)</p>', list_)
    }
    assert len(rows) == 300
    claims = [card for card in found.cards if card.is_claim]
    for card in claims:
        about = rows[card.label]
        passage = card.passage.label.removeprefix("Bellamy, Williams & Griffin 2004, ")
        assert f"{passage}, line" in about
        others = [h.label for h in card.holders if h.label != "Bellamy, Williams & Griffin 2004"]
        assert about.startswith("Held by " if others else "Held ")
        assert all(name in about for name in others)
    links = [each for each in found.links if each.iri]
    assert list_.count("rawn ") >= len(links) > 100


def test_a_list_names_whoever_is_not_the_usual_work(site):
    """A report of another's link, and a link elsewhere in the passage, say so."""
    list_, _ = listed(site.get("/map/approach/typological?depth=1").text)
    about = re.sub(r"<[^>]+>", "", list_)
    assert re.search(r"Drawn (there )?by Mackinlay &amp; Chopra 1992 and Ratner 1996", about)
    assert re.search(r"Drawn there, lines \d+–\d+\.", about)


def test_long_claims_are_shortened_where_they_are_many(tmp_path):
    """Of 300 claims of 300 characters the list has the beginnings, and says where the rest is."""
    graph = written(
        tmp_path,
        claim("root", "The claim that all attack")
        + "".join(
            claim(f"c{n}", f"{n} " + "peace " * 49) + link(f"c{n}", "attacks", "root")
            for n in range(299)
        ),
    )
    site = TestClient(web.app(graph), headers=BROWSER)
    list_, page = listed(site.get("/map/claim/root").text)
    assert len(page.encode()) <= 100 * 1024
    assert list_.count("…</a>") == 299
    assert "Long texts are shortened: the page of each has all of it." in list_
    short, _ = listed(site.get("/map/claim/c1?direction=above").text)
    assert "…" not in short
    assert "shortened" not in short


def test_a_voice_that_changes_is_told_where_it_changes(tmp_path):
    """A claim in own voice that its first place only reports is said to be reported there."""
    graph = written(
        tmp_path,
        claim("a", "one", "; pk:occursAt o:a")
        + "o:a pk:inPassage p:a ; pk:firstLine 7 ; pk:lastLine 7 ; pk:voice voice:reported . "
        'p:a rdfs:label "Book, section 1" .',
    )
    card = argumentation.read(graph.store, f"{BASE}claim/a").cards[0]
    assert boxes.stated(card) == "reported in Book, section 1, line 7"


def test_without_fonts_there_is_no_picture_without_words(monkeypatch):
    """A machine that has no font says so."""
    monkeypatch.setattr(png, "_has_fonts", lambda: False)
    with pytest.raises(EnvironmentFailure, match="no font"):
        png.write("<svg/>", 10, 10)


def test_a_png_is_no_larger_than_memory_allows(site, graph):
    """A large map is made smaller, and keeps its shape."""
    picture = site.get("/map/work/bellamy-2004.png?depth=0").content
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert width * height <= png.MOST_PIXELS
    drawing = argumentation.place(argumentation.read(graph.store, CHAPTER, Frame(0)))
    assert width / height == pytest.approx(drawing.width / (drawing.height + svg.FOOT), rel=0.01)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/map/claim/bellamy-2004-1-no-victory?depth=7", 400),
        ("/map/claim/bellamy-2004-1-no-victory?depth=x", 400),
        ("/map/claim/bellamy-2004-1-no-victory?direction=sideways", 400),
        ("/map/claim/bellamy-2004-1-no-victory?folded=%3Cscript%3E", 400),
        ("/map/claim/bellamy-2004-1-no-victory?colour=red", 400),
        ("/map/claim/none-such", 404),
        ("/map/claim", 404),
        ("/map/claim/%3Cscript%3E", 404),
        ("/map/operation/onuc", 404),
    ],
)
def test_what_cannot_be_mapped_is_told(site, address, status):
    """A wrong question gets a sentence, and no map."""
    response = site.get(address)
    assert response.status_code == status
    assert "<script>" not in response.text
    assert "argument-map" not in response.text
