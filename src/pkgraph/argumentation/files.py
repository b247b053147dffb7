"""
Write a map for other tools: DOT for Graphviz, and the nodes and edges of the AIF as JSON.

In the AIF an argument is a scheme node between information nodes: RA where it supports, CA where it
is in conflict, MA where it only says the same or more. The relation itself is in ``scheme``.

Source:
    DOT: https://graphviz.org/doc/info/lang.html
    Chesñevar et al., Towards an Argument Interchange Format, The Knowledge Engineering Review 21
    (2006): https://doi.org/10.1017/S0269888906001044
    The JSON of AIFdb: https://www.aifdb.org
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pkgraph.argumentation.outline import drawn

if TYPE_CHECKING:
    from pkgraph.argumentation.model import ArgumentMap

#: What each relation is in the AIF; the others rephrase.
_SCHEMES: Final = {
    "attacks": "CA",
    "denies": "CA",
    "finds no effect for": "CA",
    "supports": "RA",
    "affirms": "RA",
    "exemplifies": "RA",
}
_STYLES: Final = {"CA": "dashed", "RA": "solid", "MA": "dotted"}


def dot(found: ArgumentMap) -> str:
    """Return *found* in the language of Graphviz."""
    ids = {card.iri: f"n{number}" for number, card in enumerate(found.cards, 1)}
    rows = [
        f"digraph {_quoted('Argument map of ' + found.about.label)} {{",
        "  rankdir=BT;",
        "  node [shape=box];",
    ]
    for card in found.cards:
        voice = f", voice={_quoted(card.voice)}" if card.voice else ""
        rows.append(
            f"  {ids[card.iri]} [label={_quoted(card.label)}, URL={_quoted(card.iri)}{voice}];"
        )
    for link in found.links:
        style = _STYLES[_SCHEMES.get(link.relation, "MA")]
        basis = f", basis={_quoted(link.basis)}" if link.basis else ""
        rows.append(
            f"  {ids[link.source]} -> {ids[link.target]} "
            f"[label={_quoted(link.relation)}, style={style}{basis}];"
        )
    return "\n".join((*rows, "}", ""))


def aif(found: ArgumentMap, citation: str) -> str:
    """Return *found* as nodes and edges of the AIF, in JSON."""
    ids = {card.iri: number for number, card in enumerate(found.cards, 1)}
    edges: list[dict[str, object]] = []
    nodes: list[dict[str, object]] = [
        {
            "nodeID": str(ids[card.iri]),
            "text": card.label,
            "type": "I",
            "iri": card.iri,
            "voice": card.voice,
            "holders": [
                {"iri": each.iri, "name": each.label, "pages": list(each.pages)}
                for each in card.holders
            ],
            "statedIn": card.passage.iri if card.passage else None,
        }
        for card in found.cards
    ]
    for number, link in enumerate(found.links, len(nodes) + 1):
        scheme: dict[str, object] = {
            "nodeID": str(number),
            "text": link.relation,
            "type": _SCHEMES.get(link.relation, "MA"),
            "scheme": link.relation,
            "iri": link.iri,
            "basis": link.basis,
            "drawn": drawn(link),
        }
        nodes.append(scheme)
        for source, target in ((ids[link.source], number), (number, ids[link.target])):
            edges.append(
                {"edgeID": str(len(edges) + 1), "fromID": str(source), "toID": str(target)}
            )
    told = {"nodes": nodes, "edges": edges, "locutions": [], "citation": citation}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _quoted(text: str) -> str:
    """Return *text* as a string of DOT, in which a backslash may begin an escape."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
