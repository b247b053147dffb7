"""
Say in RDF that a document is one page of several.

The statements are about the documents, so they have the addresses at which these are reached; what
the documents are about keeps its IRI.

Source:
    Hydra Core Vocabulary, collections:
    https://www.hydra-cg.com/spec/latest/core/#hydra:PartialCollectionView
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from pkgraph.namespaces import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgraph.web.linked import Asked

HYDRA: Final = "http://www.w3.org/ns/hydra/core#"


def statements(asked: Asked, *, more: bool) -> Iterator[ox.Triple]:
    """Yield what says which page this is and where the next is; nothing if it is the only one."""
    if asked.page == 1 and not more:
        return

    def document(page: int) -> ox.NamedNode:
        return ox.NamedNode(asked.root + asked.address(page=page))

    here = document(asked.page)
    view = ox.NamedNode(HYDRA + "PartialCollectionView")
    yield ox.Triple(here, ox.NamedNode(RDF + "type"), view)
    yield ox.Triple(here, ox.NamedNode(HYDRA + "first"), document(1))
    if asked.page > 1:
        yield ox.Triple(here, ox.NamedNode(HYDRA + "previous"), document(asked.page - 1))
    if more:
        yield ox.Triple(here, ox.NamedNode(HYDRA + "next"), document(asked.page + 1))
