"""
The kinds of pages that there are, one of each: what is checked, measured and photographed.

A new kind of page is added here by one line. Paths are those of the shipped graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Seen(NamedTuple):
    """A page: a short name for it, its path, and the text that is checked there, if any is."""

    name: str
    path: str
    text: str = ""


#: Turtle that is accepted, but for a label without its language; and what is no Turtle at all.
_UNTOLD: Final = """\
PREFIX pk: <https://w3id.org/pkgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

<https://w3id.org/pkgraph/concept/example-watch> a pk:Concept ;
    rdfs:label "watch" .
"""
_BROKEN: Final = "<urn:a> <urn:b> <urn:c> .\n<urn:d> <urn:e> .\n"
_ROWS: Final = "SELECT+*+WHERE+{+?s+?p+?o+}+LIMIT+20"
_THING: Final = "DESCRIBE+%3Chttps://w3id.org/pkgraph/operation/onuc%3E"

PAGES: Final = (
    Seen("home", "/"),
    Seen("search", "/search"),
    Seen("search-found", "/search?q=liberal+peace"),
    Seen("search-nothing", "/search?q=zzzzzz"),
    Seen("queries", "/queries"),
    Seen("query-form", "/queries/attacks-on"),
    Seen("query-answer", "/queries/authors-arguments-missions?author=Woodhouse"),
    Seen("query-wide", "/queries/coverage"),
    Seen("query-error", "/queries/attacks-on?target=zzzz"),
    Seen("sparql", "/sparql"),
    Seen("sparql-rows", f"/sparql?query={_ROWS}"),
    Seen("sparql-graph", f"/sparql?query={_THING}"),
    Seen("sparql-error", "/sparql?query=SELECT"),
    Seen("check", "/check"),
    Seen("verdict", "/check", _UNTOLD),
    Seen("verdict-broken", "/check", _BROKEN),
    Seen("proposition", "/proposition/liberal-peace-is-imperial.html"),
    Seen("claim", "/claim/bellamy-2004-1-no-victory.html"),
    Seen("typology", "/claim/bellamy-2004-1-four-types.html"),
    Seen("definition", "/claim/bellamy-2004-1-uneven-processes.html"),
    Seen("work", "/work/bellamy-2004.html"),
    Seen("person", "/person/tom-woodhouse.html"),
    Seen("passage", "/passage/bellamy-2004-1-1-p6.html"),
    Seen("concept", "/concept/liberal-peace.html"),
    Seen("conception", "/conception/post-westphalian.html"),
    Seen("approach", "/approach/case-by-case.html"),
    Seen("question", "/question/conception-for-peacekeeping.html"),
    Seen("process", "/process/cold-war-and-after.html"),
    Seen("operation", "/operation/onuc.html"),
    Seen("event", "/event/attempt-at-democracy-in-bosnia.html"),
    Seen("state", "/state/china.html"),
    Seen("organization", "/organization/european-union.html"),
    Seen("norm", "/norm/european-balance-of-power.html"),
    Seen("order", "/order/bretton-woods.html"),
    Seen("operation-in-claims", "/operation/unosom-2.html"),
    Seen("order-with-rules", "/order/westphalian.html"),
    Seen("timeline", "/timeline"),
    Seen("timeline-of-works", "/timeline/works"),
    Seen("world", "/world"),
    Seen("world-of-a-year", "/world?year=1993"),
    Seen("value", "/scheme/voice/disputed.html"),
    Seen("graph", "/graph/works/bellamy-2004/work.html"),
    Seen("listing", "/operation"),
    Seen("ontology", "/ontology"),
    Seen("shapes", "/shapes"),
    Seen("dataset", "/dataset"),
    Seen("missing", "/claim/no-such-claim"),
)


def visit(page: Page, seen: Seen) -> None:
    """Open the page *seen*, and send its text from there if it has one."""
    page.goto(seen.path)
    if seen.text:
        page.get_by_label("Text").fill(seen.text)
        page.get_by_role("button", name="Check").click()
        page.get_by_role("heading", name="Verdict", level=1).wait_for()
