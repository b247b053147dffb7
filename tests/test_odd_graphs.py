"""What a graph leaves out, or has in other languages or turned round: pages stay whole."""

from __future__ import annotations

import json
import re

import pytest
from test_long_lists import MORE
from test_pages_by_kind import LONG, NAME, PREFIXES, Text, client

from pkgraph import build
from pkgraph.graph import Graph
from pkgraph.namespaces import BASE

#: Marks that turn all that follows, and none that turns it back.
TURNED = "\u202eHostile \u2067label\u202d"
ARABIC = "حفظ السلام"
ODD = f"""
@prefix event: <{BASE}event/> .
work:source a pk:Work ; rdfs:label "Une source"@fr ; dcterms:title "Le maintien de la paix"@fr .
work:undated a pk:Work ; rdfs:label "An undated work" ; pk:author person:nameless .
work:bare a pk:Work ; rdfs:label "A bare work" .
person:nameless a pk:Person ; rdfs:label "Somebody" ; pk:givenName "Some" .
person:long a pk:Person ; rdfs:label "{NAME}"@en .
person:arab a pk:Person ; rdfs:label "{ARABIC}"@ar .
passage:p a pk:Passage ; rdfs:label "Une source, premier paragraphe"@fr ;
  pk:passageOf work:source ; pk:firstLine 1 ; pk:lastLine 9 .
passage:bare a pk:Passage ; rdfs:label "A passage of nothing" .
claim:long a pk:Claim ; rdfs:label "{LONG}"@en ; pk:voice voice:reported ; pk:about concept:paix ;
  pk:denies proposition:one-sided ; pk:occursAt occurrence:o ;
  pk:attribution citation:c, citation:d .
claim:arab a pk:Claim ; rdfs:label "{ARABIC} {ARABIC}"@ar ; pk:voice voice:own ;
  pk:occursAt occurrence:q ; pk:affirms proposition:one-sided-too .
claim:turned a pk:Claim ; rdfs:label {json.dumps(TURNED)} ; pk:voice voice:own .
claim:bare a pk:Claim ; rdfs:label "A bare claim" .
link:a a pk:ArgumentLink ; pk:from claim:arab ; pk:to claim:long ; pk:relation relation:attacks ;
  pk:basis basis:explicit .
link:b a pk:ArgumentLink ; pk:from claim:turned ; pk:to claim:long ; pk:relation relation:supports ;
  pk:basis basis:inferred .
occurrence:o a pk:Occurrence ; pk:inPassage passage:p ; pk:firstLine 2 ; pk:lastLine 3 .
occurrence:q a pk:Occurrence ; pk:inPassage passage:p ; pk:firstLine 4 ; pk:lastLine 4 .
citation:c a pk:Attribution ; pk:holder person:long ; pk:role role:holds ; pk:signal signal:direct ;
  pk:inPassage passage:p ; pk:firstLine 2 ; pk:lastLine 2 .
citation:d a pk:Attribution ; pk:holder person:arab ; pk:role role:evidence .
proposition:one-sided a pk:Proposition ; rdfs:label "Something that one side says"@en .
proposition:one-sided-too a pk:Proposition ; rdfs:label "Une seule voix"@fr .
proposition:empty a pk:Proposition ; rdfs:label "Something nobody takes up"@en .
concept:paix a pk:Concept ; rdfs:label "paix"@fr ; skos:prefLabel "paix"@fr ;
  skos:altLabel "{ARABIC}"@ar ; skos:definition "absence de guerre"@fr, "absence of war"@en .
concept:bare a pk:Concept ; rdfs:label "a bare idea" .
concept:two a pk:Concept ; rdfs:label "deux langues"@fr, "two languages"@en .
order:o a pk:Order ; rdfs:label "A bare order" . norm:n a pk:Norm ; rdfs:label "Une norme"@fr .
state:s a pk:State ; rdfs:label "A bare state" . event:e a pk:Event ; rdfs:label "Un fait"@fr .
place:p a pk:Place ; rdfs:label "{ARABIC}"@ar .
op:bare a pk:Operation, pk:PeaceOperation ; rdfs:label "A bare operation" .
op:paix a pk:Operation ; rdfs:label "Opération de la paix"@fr ; pk:host place:p ;
  pk:startDate "1960"^^xsd:gYear .
"""
#: Pages, and what each says of what it does not know, or has in another language.
TOLD = {
    "": "3 works are named, and the text of none is encoded",
    "claim/long.html": LONG,
    "claim/bare.html": "Nobody is named who holds it.",
    "claim/turned.html": "Nobody is named who holds it.",
    "person/long.html": NAME,
    "person/nameless.html": "no year printed",
    "person/arab.html": "Cited for, without being said to hold it 1",
    "work/undated.html": "Year The sources print none.",
    "work/bare.html": "Authors The sources name none.",
    "work/source.html": "Le maintien de la paix",
    "passage/p.html": "2 claims stand here",
    "passage/bare.html": "0 claims stand here",
    "proposition/one-sided.html": "This debate has one side in the graph: 1 claim denies it",
    "proposition/empty.html": "No claim in the graph takes a side on this.",
    "concept/paix.html": "absence of war absence de guerre",
    "concept/bare.html": "No encoded text defines it.",
    "concept/two.html": "two languages",
    "order/o.html": "No claim of the encoded texts is about it.",
    "norm/n.html": "No claim of the encoded texts is about it.",
    "state/s.html": "The graph knows of no operation on its territory.",
    "operation/bare.html": "Start The graph gives none. End The graph gives none. Where The graph",
    "operation/paix.html": "1960 – end unknown",
    "event/e.html": "Un fait",
    "claim": "A bare claim",
    "operation": "Opération de la paix",
    "map/claim/long": f"Held by {NAME}",
    "map/proposition/one-sided": "denies",
    "map/proposition/empty": "Nothing on it bears on anything else",
    "map/work/bare": "Nothing on it bears on anything else",
    "timeline": "The graph gives no start of this operation",
    "timeline/works": "Without a year",
    "world": "The graph gives no place of A bare operation",
    "world?year=1960": "Without a start, and so in no year: A bare operation.",
    "search?q=<script>alert(1)</script>": "Nothing",
    "search?q=paix": "paix",
    f"search?q={ARABIC}": ARABIC,
    f"search?q={TURNED}": "Hostile",
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Return a client of a graph that leaves out much, and has labels in three languages."""
    path = tmp_path_factory.mktemp("odd") / "odd.ttl"
    path.write_text(PREFIXES + MORE + ODD, encoding="utf-8")
    return client(Graph(build.load([path]), "odd"))


@pytest.mark.parametrize("path", TOLD)
def test_a_page_is_whole_and_says_what_is_not_known(odd, path):
    """It is well-formed, has no empty heading and no None, and tells what the graph leaves out."""
    response = odd.get(f"/{path}")
    assert response.status_code == 200
    page = Text(response.text)
    assert TOLD[path] in page.words
    assert not re.search(r"\bNone\b(?! of)|\bundefined\b|Undefined", page.words)
    assert not re.search(r"<(h[1-6]|title|caption|summary|dt|th)\b[^>]*>\s*</\1>", response.text)
    assert "<script>alert" not in response.text


def test_ten_thousand_letters_are_searched_for_or_refused(odd):
    """The page is whole, and does not repeat all of them."""
    for text in ("x" * 10_000, f"{ARABIC} " * 1000, "<b>" * 3400):
        response = odd.get("/search", params={"q": text})
        assert response.status_code in {200, 400}
        Text(response.text)
        assert len(response.content) < 60_000


#: Where texts in another language stand: the page, the language and the text.
SPOKEN = (
    ("concept/paix.html", "fr", "paix"),
    ("concept/paix.html", "fr", "absence de guerre"),
    ("concept/paix.html", "ar", ARABIC),
    ("claim/long.html", "fr", "paix"),
    ("claim/long.html", "fr", "Une source, premier paragraphe"),
    ("claim/long.html", "ar", ARABIC),
    ("claim/long.html", "ar", f"{ARABIC} {ARABIC}"),
    ("work/source.html", "fr", "Une source"),
    ("work/source.html", "fr", "Le maintien de la paix"),
    ("person/arab.html", "ar", ARABIC),
    ("passage/p.html", "ar", f"{ARABIC} {ARABIC}"),
    ("proposition/one-sided.html", "ar", f"{ARABIC} {ARABIC}"),
    ("norm/n.html", "fr", "Une norme"),
    ("operation/paix.html", "ar", ARABIC),
    ("event/e.html", "fr", "Un fait"),
    ("operation", "fr", "Opération de la paix"),
    ("claim", "ar", f"{ARABIC} {ARABIC}"),
    ("map/claim/long", "ar", f"{ARABIC} {ARABIC}"),
    ("timeline", "fr", "Opération de la paix"),
    ("timeline", "ar", ARABIC),
    ("timeline/works", "fr", "Une source"),
    ("world", "fr", "Opération de la paix"),
    ("world", "ar", ARABIC),
)


@pytest.mark.parametrize(("path", "language", "text"), SPOKEN)
def test_a_text_in_another_language_says_so(odd, path, language, text):
    """On pages of every kind, in lists and on maps it has lang, and dir where it may turn."""
    assert f'<span lang="{language}" dir="auto">{text}</span>' in odd.get(f"/{path}").text


def test_what_is_found_says_its_language(odd):
    """Results and suggestions have the language of the label and of what was found."""
    page = odd.get("/search", params={"q": "paix"}).text
    assert '<bdi lang="fr"><mark>paix</mark></bdi>' in page
    page = odd.get("/search", params={"q": ARABIC}).text
    assert '<bdi lang="ar"><mark>' in page
    (item,) = odd.get("/suggest", params={"q": "absence de guerre"}).json()["items"]
    assert (item["label"], item["languages"]) == ("paix", ["fr", "fr"])
    plain = odd.get("/suggest", params={"q": "bare idea"}).json()["items"][0]
    assert plain["languages"] == ["", ""]


def test_english_is_shown_if_there_is_a_choice(odd):
    """Of two labels the English one is that of the page; the other is told."""
    page = odd.get("/concept/two.html").text
    assert "<h1>two languages</h1>" in page
    assert "deux langues" in page


def test_a_card_says_its_language(odd):
    """The text of a card in a picture has the language, in the page and in the file."""
    assert re.search(r'<text class="body" xml:lang="ar"', odd.get("/map/claim/long").text)
    assert 'xml:lang="ar"' in odd.get("/map/claim/long.svg").text


@pytest.mark.parametrize(
    "path",
    ["claim/turned.html", "claim/long.html", "claim", "map/claim/long", "search?q=hostile"],
)
def test_marks_that_turn_a_direction_stay_within_their_label(odd, path):
    """Where a page has such a mark, an element around it ends what it does."""
    text = odd.get(f"/{path}").text
    body = re.sub(r"<title>.*?</title>|<head>.*?</head>|<svg.*?</svg>", "", text, flags=re.DOTALL)
    assert "\u202e" in body
    inside = re.sub(r"<bdi[^>]*>.*?</bdi>|<span lang=[^>]*>.*?</span>", "", body, flags=re.DOTALL)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", inside)


@pytest.mark.parametrize("path", ["shapes", "ontology", "scheme/relation/supports.html"])
def test_long_documents_of_the_shipped_graph_are_small(graph, path):
    """The longest pages that are no maps have at most 100 KiB."""
    response = client(graph).get(f"/{path}")
    assert response.status_code == 200
    assert len(response.content) <= 100 * 1024
    Text(response.text)
