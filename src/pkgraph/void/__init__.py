"""
Describe a graph as a data set: what is in it, how much, under which licence and where to get it.

:func:`measure` counts, once for a release; :func:`describe` says it in VoID and DCAT.

>>> from pkgraph.graph import open_graph
>>> counts = measure(open_graph().store)
>>> counts.classes > 50, max(counts.links, key=lambda link: link.triples).target
(True, 'http://www.wikidata.org/')
"""

from __future__ import annotations

from pkgraph.void.description import DATASET, Place, describe, structured
from pkgraph.void.statistics import Statistics, measure

__all__ = ["DATASET", "Place", "Statistics", "describe", "measure", "structured"]
