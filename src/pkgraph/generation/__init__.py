"""
Make up literature: graphs of any size with the shape of the real one, to try out what they take.

:func:`generate` gives the statements. Nothing in them is a fact: see
``docs/explanation/made-up-literature.md``.
"""

from __future__ import annotations

from pkgraph.generation.literature import generate

__all__ = ["generate"]
