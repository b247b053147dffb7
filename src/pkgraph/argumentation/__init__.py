"""
The argument map: what bears on a thing of the graph, drawn.

:func:`read` finds the cards and links, :func:`place` gives them places, and the other modules write
what is on the map: :mod:`~pkgraph.argumentation.svg` and :mod:`~pkgraph.argumentation.png` as a
picture, :mod:`~pkgraph.argumentation.outline` as a list, and :mod:`~pkgraph.argumentation.files`
for other tools.

>>> from pkgraph.graph import open_graph
>>> found = read(open_graph().store, "https://w3id.org/pkgraph/claim/bellamy-2004-1-no-victory")
>>> [(link.relation, found.card(link.source).voice) for link in found.links][:1]
[('attacks', 'own')]
"""

from __future__ import annotations

from pkgraph.argumentation.model import ArgumentMap, Card, Direction, Link
from pkgraph.argumentation.placing import Drawing, place
from pkgraph.argumentation.reading import LEVELS, MOST_CARDS, MOST_LEVELS, Frame, read

__all__ = [
    "LEVELS",
    "MOST_CARDS",
    "MOST_LEVELS",
    "ArgumentMap",
    "Card",
    "Direction",
    "Drawing",
    "Frame",
    "Link",
    "place",
    "read",
]
