"""
Nanopublications: assertions published one by one, each with where it is from and who says so.

:func:`read` takes in what others have published, :func:`write` makes a thing of the graph ready to
be published. Nothing here reaches a network: to publish what :func:`write` makes is left to its
author.
"""

from __future__ import annotations

from pkgraph.nanopublications.reading import Nanopublications, Publication, read
from pkgraph.nanopublications.selection import Statements
from pkgraph.nanopublications.signatures import Signature, read_key
from pkgraph.nanopublications.writing import Publisher, write

__all__ = [
    "Nanopublications",
    "Publication",
    "Publisher",
    "Signature",
    "Statements",
    "read",
    "read_key",
    "write",
]
