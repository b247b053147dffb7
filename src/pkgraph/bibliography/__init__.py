"""
Write works as BibTeX, RIS or CSL-JSON, for reference managers.

An entry has what the encoded sources print of a work, and no more: a work that a chapter cites as
"Durch 1997" has an author and a year, and no title. One that is named in passing has neither, and
what this graph calls it for a title. :mod:`pkgraph.references` reads all three forms back.
"""

from __future__ import annotations

from pkgraph.bibliography.bibtex_entries import bibtex
from pkgraph.bibliography.csl_items import csl_json
from pkgraph.bibliography.ris_tags import ris
from pkgraph.bibliography.works import works_behind

__all__ = ["bibtex", "csl_json", "ris", "works_behind"]
